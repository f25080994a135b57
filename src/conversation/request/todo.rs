//! 待办: everything that waits for one person of the office or the deputy leader, oldest requests first.

use crate::ledger::{Frame, Initial, Standing};
use crate::plan::{PersonId, Role, TaskId};

/// Lines on a page of the list, each with its buttons.
pub const ON_PAGE: usize = 5;

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waits {
    /// A request, by its seq.
    Request(u64),
    /// A hint, by its task and seq.
    Hint(TaskId, u64),
    /// A past target whose unit has answered.
    Baseline(TaskId, Initial),
    /// A liaison somebody named, by the naming's seq.
    Liaison(u64),
    /// A meeting whose decisions are not taken, by the seq of its call.
    Meeting(u64),
    /// A changed plan.
    Offer,
}

/// Everything that waits for this person.
pub fn waiting_for(
    frame: &Frame,
    standing: &Standing,
    person: &PersonId,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<Waits> {
    let today = crate::calendar::date_of(now);
    let deputy = |person: &PersonId| {
        let member = frame.plan.member(person);
        member.is_some_and(|member| member.role == Role::DeputyLeader)
    };
    let mut waits: Vec<Waits> = Vec::new();
    for (_, request) in standing.open_requests() {
        if !request.is_with_deputy(frame, standing) || deputy(person) {
            waits.push(Waits::Request(request.seq));
        }
    }
    for (task, state) in &standing.tasks {
        let open = state.hints.iter().filter(|hint| hint.taken.is_none());
        waits.extend(open.map(|hint| Waits::Hint(task.clone(), hint.seq)));
    }
    let named = standing.people.liaisons_named.iter();
    let by_others = named.filter(|(_, named)| !frame.is_of(&named.by, person));
    waits.extend(by_others.map(|(seq, _)| Waits::Liaison(*seq)));
    let held = standing.meetings.iter();
    let held = held.filter(|one| one.waits_for_decisions(&frame.calendar, now));
    waits.extend(held.map(|one| Waits::Meeting(one.seq)));
    let baseline = crate::conversation::office::baseline_tasks(frame, standing, today);
    waits.extend(
        baseline
            .into_iter()
            .map(|it| Waits::Baseline(it.task, it.answer)),
    );
    waits.extend(standing.offered.map(|_| Waits::Offer));
    waits
}
