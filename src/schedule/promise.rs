//! A dated next step of a task that was not overdue when it was given: quoted back on its day, once and without a sound.
//! Of an overdue task it is an ask of its own.

use chrono::TimeDelta;

use super::Why;
use super::course::{Course, Item};
use super::moment::Moment;
use crate::calendar;

/// What could not be said on its day is said so many days later at the most.
const LIFE: TimeDelta = TimeDelta::days(7);

/// The promise that has come and was not answered.
pub(super) fn promised(moment: &Moment<'_>, course: &Course<'_>) -> Option<Item> {
    let view = &course.view;
    let day = moment.frame.promised_on(view)?;
    let filed = view.last_report()?;
    let overdue = view
        .due
        .is_some_and(|due| due < calendar::date_of(filed.at));
    let at = moment.slot_on(day);
    let come = at <= moment.now && moment.now - at < LIFE;
    let key = course.key(&format!("next/{}", filed.seq));
    let new = come && !overdue && !moment.is_given(&key);
    new.then(|| Item {
        keys: vec![key],
        ..course.item(Why::NextStep(filed.seq), at)
    })
}
