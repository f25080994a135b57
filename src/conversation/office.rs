//! Report talks and cards (see mod.rs).

use super::{Event, Turn};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum OfficeSay {}

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
pub fn golive(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn pause(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let _ = (turn, event, argument);
}

/// To do.
pub fn resume(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn terms(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn plan(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// A dialogue of the office that waits for words.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Waiting {}
