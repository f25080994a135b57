//! Report talks and cards (see mod.rs).

use super::{Event, Turn};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportSay {}

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match *self {}
    }

    /// From button data.
    pub fn decode(data: &str) -> Option<Self> {
        let _ = data;
        None
    }
}

/// To do.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    let _ = (turn, event, press);
}

/// To do.
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    let _ = (turn, event);
    false
}

/// To do.
pub fn start(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let _ = (turn, event, argument);
}

/// To do.
pub fn cancel(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// A report talk in progress.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sitting {}

/// An unfinished item put aside.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Draft {}
