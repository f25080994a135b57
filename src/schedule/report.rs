//! The report to the office (周一报告): on Monday at half past eight, on the week's first working day where Monday is none.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::moment::Moment;
use super::weekly;
use super::{Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;
use crate::ledger::Frame;

/// Weeks in which the next report is looked for: over the longest holiday there is one.
const WEEKS: u64 = 3;

/// The report's slot in the week that begins with `monday`; none in a week without a working day.
fn slot(frame: &Frame, monday: NaiveDate) -> Option<DateTime<Utc>> {
    let time = NaiveTime::from_hms_opt(8, 30, 0)?;
    let at = frame
        .calendar
        .next_working_instant(calendar::instant(monday, time));
    (calendar::monday_of(calendar::date_of(at)) == monday).then_some(at)
}

/// The first slot after `now`.
pub(super) fn next_slot(frame: &Frame, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let monday = calendar::monday_of(calendar::date_of(now));
    let weeks = (0..=WEEKS).filter_map(|weeks| monday.checked_add_days(Days::new(7 * weeks)));
    weeks
        .filter_map(|monday| slot(frame, monday))
        .find(|slot| *slot > now)
}

/// The report due now. One that a pause or an outage held back comes in a later morning of its week, and says so.
pub(super) fn report(moment: &Moment<'_>) -> Option<Notice> {
    let monday = calendar::monday_of(moment.today);
    let at = slot(moment.frame, monday)?;
    let key = NoticeKey::office_report(monday);
    let came = at <= moment.now && moment.standing.live_since? < at;
    let waits = calendar::date_of(at) != moment.today && !moment.is_catch_up_time();
    if !came || waits || moment.is_given(&key) || weekly::is_over(moment, monday) {
        return None;
    }
    Some(Notice {
        kind: NoticeKind::OfficeReport { monday },
        to: NoticeTo::Office,
        at,
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys: vec![key],
        items: Vec::new(),
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    })
}
