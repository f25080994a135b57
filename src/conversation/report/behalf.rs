//! 代报, 代填: a liaison files for their member, the office for a unit that cannot.

use super::say::ReportSay;
use super::{begin, items, seat};
use crate::conversation::{ChatKind, Context, Event, Say, Turn};
use crate::ledger::TaskView;
use crate::plan::{Access, PersonId, Right, TaskId};

/// The person in whose place the event's person files a task: a liaison's member; for the office whoever is asked.
pub(super) fn of(context: &Context<'_>, view: &TaskView<'_>) -> Option<PersonId> {
    let own = context.person?;
    let plan = &context.frame.plan;
    if items::may_file(context, view) {
        let member = context.standing.people.member_of(own)?;
        return Some(plan.current_person(member).clone());
    }
    let unit = view.filing_unit.as_ref()?;
    let (asked, others) = plan.filers(unit);
    asked.or(others.first().copied()).map(|it| it.id.clone())
}

/// Whether the event's person may file a task in the place of its unit.
pub(super) fn may(context: &Context<'_>, view: &TaskView<'_>) -> bool {
    context.may(&Right::FileOnBehalf) == Access::Allowed && of(context, view).is_some()
}

/// Whether the event's person may file a task, for themselves or in the place of its unit.
pub(super) fn may_file(context: &Context<'_>, view: &TaskView<'_>) -> bool {
    items::may_file(context, view) || may(context, view)
}

/// Asks whether the office files an item of another unit. In the group it says where to go.
pub(super) fn offer(turn: &mut Turn<'_, '_>, event: &Event, view: &TaskView<'_>) {
    let task = view.task.id.clone();
    let Some(person) = of(turn.context, view) else {
        return;
    };
    if event.place.kind != ChatKind::Private {
        return seat::say(turn, event, ReportSay::GoPrivate(Some(task)));
    }
    turn.tell_here(Say::Report(ReportSay::OfferOnBehalf { person, task }));
}

/// 代填: the office begins.
pub(super) fn start(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) {
    let Some(view) = items::view(turn.context, task) else {
        return begin::start_item(turn, event, task);
    };
    if may(turn.context, &view) && begin::is_open(&view) && !items::may_file(turn.context, &view) {
        return begin::begin_report(turn, event, &view, None);
    }
    begin::start_item(turn, event, task);
}
