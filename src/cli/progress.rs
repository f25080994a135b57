//! A bar on a terminal, and nothing where stderr is no terminal.

use std::io::{IsTerminal, Write, stderr};

/// Work smaller than this is over before anybody could look.
const LEAST: u64 = 5_000;

/// Places of the bar.
const PLACES: u64 = 30;

/// How far some work has come.
pub(super) struct Progress {
    what: &'static str,
    total: u64,
    done: u64,
    /// Whole percent shown last; none: nothing is shown at all.
    shown: Option<u64>,
}

impl Progress {
    /// Work of so many steps.
    pub fn new(what: &'static str, total: u64) -> Self {
        let visible = total >= LEAST && stderr().is_terminal();
        let mut progress = Self {
            what,
            total,
            done: 0,
            shown: visible.then_some(u64::MAX),
        };
        progress.reach(0);
        progress
    }

    /// One step more.
    pub fn step(&mut self) {
        self.advance(1);
    }

    /// So many steps more.
    pub fn advance(&mut self, steps: u64) {
        self.reach(self.done + steps);
    }

    /// So many steps are done.
    pub fn reach(&mut self, done: u64) {
        self.done = done;
        let percent = percent(done, self.total);
        if self.shown.is_none_or(|shown| shown == percent) {
            return;
        }
        self.shown = Some(percent);
        // A bar that cannot be drawn is no reason to stop the work.
        let _ = write!(stderr(), "\r{}", bar(self.what, percent));
        let _ = stderr().flush();
    }

    /// The line is cleared for what is said next.
    pub fn end(self) {
        if self.shown.is_some() {
            let _ = write!(stderr(), "\r\u{1b}[K");
            let _ = stderr().flush();
        }
    }
}

fn percent(done: u64, total: u64) -> u64 {
    done.min(total) * 100 / total.max(1)
}

fn bar(what: &str, percent: u64) -> String {
    let full = percent * PLACES / 100;
    let place = |at| if at < full { '█' } else { '░' };
    let places: String = (0..PLACES).map(place).collect();
    format!("{what} {places} {percent:>3}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_up_with_the_work() {
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(7, 5), 100);
        assert_eq!(bar("rows", 50), "rows ███████████████░░░░░░░░░░░░░░░  50%");
        assert!(bar("rows", 100).ends_with("█ 100%"));
    }
}
