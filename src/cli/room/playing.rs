//! A script in hand: its lines, how far it is, and why it ended early.

use crate::rehearsal::desk::ScriptView;
use crate::rehearsal::script::Line;

/// A script in hand.
pub(super) struct Playing {
    pub name: String,
    pub lines: Vec<(String, Line)>,
    pub next: usize,
    /// The line's time is being run to.
    pub is_on_the_way: bool,
    pub is_printed: bool,
    pub error: Option<String>,
}

impl Playing {
    /// A script at its beginning.
    pub fn new(name: &str, lines: Vec<(String, Line)>, is_printed: bool) -> Self {
        Self {
            name: name.to_owned(),
            lines,
            next: 0,
            is_on_the_way: false,
            is_printed,
            error: None,
        }
    }

    /// Whether nothing more of it is played.
    pub fn is_over(&self) -> bool {
        self.error.is_some() || (self.next >= self.lines.len() && !self.is_on_the_way)
    }

    /// What the page shows of it.
    pub fn view(&self) -> ScriptView {
        let text = self.next.checked_sub(1).and_then(|at| self.lines.get(at));
        ScriptView {
            name: self.name.clone(),
            line: self.next,
            lines: self.lines.len(),
            text: text.map(|(text, _)| text.clone()).unwrap_or_default(),
            error: self.error.clone(),
        }
    }
}
