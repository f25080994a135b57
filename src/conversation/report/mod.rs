//! Report talks and cards (see mod.rs).

mod press;

use super::{Event, Turn};
use crate::plan::TaskId;

pub use press::{Delay, Line, Press, Submission, Tap};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportSay {}

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

/// To do: `/start report_<task>`, forwarded by the people slice; `/start report` goes to [`start`].
pub fn start_item(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let _ = (turn, event, task);
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
