//! The end is offered to the office thirty days before the last deadline, and once more after it.

use chrono::{Days, NaiveDate, TimeDelta};

use super::moment::Moment;
use super::{Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;

/// Days before the last deadline.
const DAYS_BEFORE: u64 = 30;

/// What could not be said on its day is said so many days later at the most.
const LIFE: TimeDelta = TimeDelta::days(14);

/// The offer due now.
pub(super) fn offers(moment: &Moment<'_>) -> Option<Notice> {
    let views = moment.frame.task_views(moment.standing, moment.today);
    let deadlines = views.iter().filter_map(|view| view.due);
    // What has no date is asked to the plan's end.
    let last = deadlines.fold(moment.frame.plan.task_force.ends, NaiveDate::max);
    let calendar = &moment.frame.calendar;
    let after = moment.today > last;
    let day: NaiveDate = match after {
        true => calendar.add_working_days(last, 1),
        false => calendar.on_or_after(last.checked_sub_days(Days::new(DAYS_BEFORE))?),
    };
    let at = moment.slot_on(day);
    let key = NoticeKey::finish_offer(last, after);
    let came = at <= moment.now && moment.now - at < LIFE && moment.standing.live_since? < at;
    let waits = calendar::date_of(at) != moment.today && !moment.is_catch_up_time();
    (came && !waits && !moment.is_given(&key)).then(|| Notice {
        kind: NoticeKind::FinishOffer { last },
        to: NoticeTo::Office,
        at,
        not_after: calendar.end_of_work(moment.today),
        keys: vec![key],
        items: Vec::new(),
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    })
}
