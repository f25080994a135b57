//! The deadline ladder: rungs before the deadline, the day itself, then overdue by working days.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::Why;
use super::moment::Moment;

/// A rung of one deadline's ladder.
#[derive(Debug)]
pub(super) struct Rung {
    /// Its slot.
    pub at: DateTime<Utc>,
    /// What it is.
    pub why: Why,
    /// Occasions it serves: rungs that meet on one day are one notice, named by the nearest.
    pub occasions: Vec<String>,
    /// Slot of the rung before it.
    pub after: Option<DateTime<Utc>>,
}

/// All rungs before and on the deadline, moved back to working days, and the overdue ones on days `from..=to`.
pub(super) fn rungs(
    moment: &Moment<'_>,
    due: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Rung> {
    let mut rungs = before(moment, due);
    let last = rungs.last().map(|rung| rung.at);
    rungs.extend(overdue(moment, due, last, from, to));
    rungs
}

fn before(moment: &Moment<'_>, due: NaiveDate) -> Vec<Rung> {
    let mut rungs: Vec<Rung> = Vec::new();
    for &days in &moment.frame.settings.ladder.days_before {
        let Some(day) = due.checked_sub_days(Days::new(u64::from(days))) else {
            continue;
        };
        let at = moment.slot_on(moment.frame.calendar.on_or_before(day));
        let (why, occasion) = (Why::Rung { due, days }, format!("{due}/{days}"));
        match rungs.last_mut() {
            Some(met) if met.at == at => {
                met.why = why;
                met.occasions.push(occasion);
            }
            Some(_) | None => rungs.push(Rung {
                at,
                why,
                occasions: vec![occasion],
                after: rungs.last().map(|rung| rung.at),
            }),
        }
    }
    rungs
}

fn overdue(
    moment: &Moment<'_>,
    due: NaiveDate,
    last: Option<DateTime<Utc>>,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Rung> {
    let calendar = &moment.frame.calendar;
    let every = i64::from(moment.frame.settings.ladder.overdue_every.max(1));
    if to <= due {
        return Vec::new();
    }
    let first = (calendar.working_days_between(due, from) / every).max(1);
    let mut day = calendar.add_working_days(due, every * (first - 1));
    let mut after = if first == 1 {
        last
    } else {
        Some(moment.slot_on(day))
    };
    let mut rungs = Vec::new();
    for times in first.. {
        let next = calendar.add_working_days(day, every);
        if to < next || next <= day {
            break;
        }
        day = next;
        let at = moment.slot_on(day);
        let times = u16::try_from(times).unwrap_or(u16::MAX);
        rungs.push(Rung {
            at,
            why: Why::Overdue { due, times },
            occasions: vec![format!("{due}/+{times}")],
            after: after.replace(at),
        });
    }
    rungs
}
