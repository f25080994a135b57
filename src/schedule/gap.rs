//! What would have been sent in a time of which nothing is known: the schedule's own course through it, nobody answering.

use chrono::{DateTime, Utc};

use super::preview::Run;
use super::{Assume, Given, Notice};
use crate::ledger::{Frame, Standing};

/// Every notice that would have left from `from` to `to`, those overdue at the beginning among them, as far as the standing
/// and what was given tell.
pub fn gap(
    frame: &Frame,
    standing: &Standing,
    given: &Given,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<Notice> {
    if standing.live_since.is_none_or(|since| to < since) {
        return Vec::new();
    }
    let mut run = Run::as_it_is(frame, standing.clone(), given.clone(), from);
    let mut notices = run.step(Assume::Silent);
    while run.advance_until(to) {
        notices.extend(run.step(Assume::Silent));
    }
    notices
}
