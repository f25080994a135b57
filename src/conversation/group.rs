//! Report talks and cards (see mod.rs).

use super::{Event, Turn};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupSay {}

/// To do.
pub fn on_event(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn on_foreign_sender(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// To do.
pub fn on_unknown_press(turn: &mut Turn<'_, '_>) {
    let _ = turn;
}

/// To do.
pub fn here(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = (turn, event);
}

/// Whether a happening is a group or membership matter.
pub fn concerns(happening: &super::Happening) -> bool {
    let _ = happening;
    false
}
