//! Report talks and cards (see mod.rs).

use super::{Event, Turn};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum QuerySay {}

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
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn status(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let _ = (turn, event, argument);
}

/// To do.
pub fn overdue(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn missing(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn history(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let _ = (turn, event, argument);
}

/// To do.
pub fn digest(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let _ = (turn, event, argument);
}

/// To do.
pub fn help(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn unknown_command(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}
