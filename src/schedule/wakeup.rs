//! When the schedule should be asked again: perhaps too early, never too late.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, Utc};

use super::moment::Moment;
use super::{Given, may_send, meetings, report, weekly};
use crate::calendar;
use crate::ledger::{Frame, Standing};
use crate::plan::Rhythm;

/// When [`super::due`] should be asked again at the latest: may be too early, never too late. None: only after an event.
pub fn next_wakeup(
    frame: &Frame,
    standing: &Standing,
    given: &Given,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if !may_send(standing, now) {
        return end_of_pause(frame, standing, now);
    }
    let moment = Moment::new(frame, standing, given, now);
    let calendar = &frame.calendar;
    let opening = (!calendar.in_working_hours(now)).then(|| calendar.next_working_instant(now));
    let todays = moment.slot_on(moment.today);
    let slot = if calendar.is_working_day(moment.today) && now < todays {
        todays
    } else {
        moment.slot_on(calendar.add_working_days(moment.today, 1))
    };
    let back = standing.snoozed.values().filter(|until| now < **until);
    let back = back.map(|until| calendar.next_working_instant(*until));
    let rhythms: BTreeSet<Rhythm> = frame.plan.tasks.iter().map(|task| task.rhythm).collect();
    let asks = rhythms.into_iter().flat_map(|rhythm| {
        let timetable = moment.timetable(rhythm, moment.today);
        let next = timetable
            .period
            .last
            .succ_opt()
            .map(|day| moment.timetable(rhythm, day));
        let tables = [Some(timetable), next].into_iter().flatten();
        tables
            .flat_map(|table| table.moments_after(now).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    });
    opening
        .into_iter()
        .chain([slot])
        .chain(back)
        .chain(asks)
        .chain(meetings::moments(frame, standing, now))
        .chain(weekly::next_slot(frame, now))
        .chain(report::next_slot(frame, now))
        .min()
}

/// The first working instant after the last day of a pause.
fn end_of_pause(frame: &Frame, standing: &Standing, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    standing.live_since.filter(|since| *since <= now)?;
    if standing.finished.is_some() {
        return None;
    }
    let after = standing.pause.as_ref()?.until?.succ_opt()?;
    let opens_at = calendar::instant(after, NaiveTime::MIN);
    Some(frame.calendar.next_working_instant(opens_at))
}
