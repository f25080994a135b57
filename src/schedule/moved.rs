//! What a new holiday table moves: the sends to come under the calendar in force and under the new one, held against each other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use super::preview::until;
use super::{Given, Notice, NoticeKind};
use crate::calendar::{self, Calendar};
use crate::ledger::{Frame, Standing};

/// After the last day that changes everything is as it was: a digest's week and the rungs that moved are over by then.
const SETTLED_AFTER: Days = Days::new(31);

/// A send that leaves on another day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    /// Day under the calendar in force.
    pub from: NaiveDate,
    /// Day under the new one.
    pub to: NaiveDate,
    /// Whether it is the digest; otherwise cards and the group's post.
    pub digest: bool,
}

/// Sends that move from now on if nobody answers, soonest first, each day's once.
pub fn moved(
    frame: &Frame,
    new: &Calendar,
    standing: &Standing,
    given: &Given,
    now: DateTime<Utc>,
) -> Vec<Moved> {
    let Some(last) = last_changed(frame, new, now) else {
        return Vec::new();
    };
    let end = last.checked_add_days(SETTLED_AFTER).unwrap_or(last);
    let end_at = calendar::instant(end, NaiveTime::MIN);
    let changed = Frame {
        calendar: new.clone(),
        ..frame.clone()
    };
    let days = |frame: &Frame| days_of(&until(frame, standing, given, now, end_at));
    let (before, after) = (days(frame), days(&changed));
    let both = before
        .iter()
        .filter_map(|(what, from)| Some((what, *from, *after.get(what)?)));
    let moved = both.filter(|(_, from, to)| from != to);
    let moved: BTreeSet<Moved> = moved
        .map(|(what, from, to)| Moved {
            from,
            to,
            digest: what.starts_with(DIGEST),
        })
        .collect();
    moved.into_iter().collect()
}

/// The last day of the plan's time ahead on which one works under one calendar and not under the other.
fn last_changed(frame: &Frame, new: &Calendar, now: DateTime<Utc>) -> Option<NaiveDate> {
    if frame.calendar == *new {
        return None;
    }
    let ends = frame.plan.task_force.ends;
    let days = calendar::date_of(now)
        .iter_days()
        .take_while(|day| *day <= ends);
    let differs = |day: &NaiveDate| frame.calendar.is_working_day(*day) != new.is_working_day(*day);
    days.filter(differs).last()
}

const DIGEST: &str = "digest ";

/// The day of every occasion: of a digest by its week, of a card by the keys it serves.
fn days_of(notices: &[Notice]) -> BTreeMap<String, NaiveDate> {
    let mut days = BTreeMap::new();
    for notice in notices {
        let day = calendar::date_of(notice.at);
        match notice.kind {
            NoticeKind::Digest { .. } => {
                let week = day.iso_week();
                days.insert(format!("{DIGEST}{}-{}", week.year(), week.week()), day);
            }
            NoticeKind::Card => {
                for key in notice.keys.iter().filter(|key| key.is_of_a_day()) {
                    days.insert(key.0.clone(), day);
                }
            }
            NoticeKind::GroupPost
            | NoticeKind::BaselineMissing
            | NoticeKind::WasDown { .. }
            | NoticeKind::Unaskable
            | NoticeKind::Matters(_)
            | NoticeKind::CoSign(_)
            | NoticeKind::SlipDrafts(_)
            | NoticeKind::Slip(_)
            | NoticeKind::SlipsUnanswered(_)
            | NoticeKind::SlipTold(_)
            | NoticeKind::RequestsWait { .. }
            | NoticeKind::OfficeReport { .. }
            | NoticeKind::FinishOffer { .. }
            | NoticeKind::MeetingsHeld(_)
            | NoticeKind::Unreceived => {}
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::HolidayTable;
    use crate::ledger::testing::{Story, at, day, rushan};

    const TABLE: &str =
        "year = 2027\n\n[[holiday]]\nname = \"元旦\"\nfrom = 2027-01-07\nto = 2027-01-08\n";

    #[test]
    fn a_new_table_tells_which_digests_and_cards_leave_on_another_day() {
        let mut frame = rushan().clone();
        frame.plan.task_force.ends = day("2027-01-31");
        let standing = Story::live(&frame).standing();
        let table = HolidayTable::parse(TABLE, "a table made up").unwrap();
        let new = Calendar::new([(2027, table)].into(), frame.settings.hours.clone());
        let now = at("2026-12-31 09:30");
        let given = Given::default();
        let moved = moved(&frame, &new, &standing, &given, now);
        let digests: Vec<_> = moved.iter().filter(|moved| moved.digest).collect();
        let told: Vec<String> = digests
            .iter()
            .map(|moved| format!("{} {}", moved.from, moved.to))
            .collect();
        // The table makes the statutory days it leaves out working days: New Year's Day, and those of spring.
        assert_eq!(
            told,
            [
                "2026-12-31 2027-01-01",
                "2027-01-08 2027-01-06",
                "2027-02-04 2027-02-05"
            ]
        );
        let same = super::moved(&frame, &frame.calendar, &standing, &given, now);
        assert_eq!(same, []);
    }
}
