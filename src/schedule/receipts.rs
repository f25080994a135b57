//! What was assigned and not received (签收) after two working days: one list to the office, each item once.

use super::key::Recipient;
use super::moment::{LOOK_BACK, Moment};
use super::{NoticeItem, NoticeKey, Why};
use crate::calendar;
use crate::ledger::{AssignedItem, Phase, TaskView};

/// Working days after which the office hears of an item that was not received.
const UNRECEIVED_AFTER: i64 = 2;

/// An item that waits for its receipt, with the moment the office hears of it, and its key.
pub(super) fn unreceived(
    moment: &Moment<'_>,
    view: &TaskView<'_>,
) -> Option<(chrono::DateTime<chrono::Utc>, NoticeItem, NoticeKey)> {
    let item = moment.standing.amendments.item(&view.task.id)?;
    if !waits(moment.frame, item, view) {
        return None;
    }
    let key = NoticeKey::of_task(Recipient::Office, &view.task.id, "unreceived");
    let assigned_on = calendar::date_of(view.asked_since?);
    let day = moment
        .frame
        .calendar
        .add_working_days(assigned_on, UNRECEIVED_AFTER);
    let at = moment.slot_on(day);
    let due = at <= moment.now && moment.now - at < LOOK_BACK && !moment.is_given(&key);
    let notice_item = NoticeItem {
        task: view.task.id.clone(),
        unit: view.filing_unit.clone(),
        why: Why::Unreceived,
    };
    due.then_some((at, notice_item, key))
}

/// Whether it still waits: open, not taken back, with somebody who has not received it.
pub(super) fn waits(
    frame: &crate::ledger::Frame,
    item: &AssignedItem,
    view: &TaskView<'_>,
) -> bool {
    view.phase == Phase::Open && !item.unreceived(&frame.plan).is_empty()
}
