//! Which items a person may file, which of them wait for an answer, and which one a typed number or name means.

use chrono::{DateTime, NaiveDate, Utc};

use super::vocabulary;
use crate::calendar;
use crate::conversation::Context;
use crate::ledger::{Frame, Initial, Phase, Standing, TaskView};
use crate::plan::{Access, Right, TaskId, TaskKind};

/// Today in the task force's zone.
pub(super) fn today(context: &Context<'_>) -> NaiveDate {
    calendar::date_of(context.now)
}

/// A task as it stands today.
pub(super) fn view<'a>(context: &Context<'a>, task: &TaskId) -> Option<TaskView<'a>> {
    context
        .frame
        .task_view(context.standing, task, today(context))
}

/// Whether the event's person may file the task as it stands.
pub(super) fn may_file(context: &Context<'_>, view: &TaskView<'_>) -> bool {
    context.may(&Right::File(view.filing_unit.clone())) == Access::Allowed
}

/// Whether a task waits for an answer: one is awaited and not there, or a past target's first one was never given. Before
/// go-live nothing is awaited, and what the running period has no answer for can be filed all the same.
pub fn waits(frame: &Frame, standing: &Standing, view: &TaskView<'_>, at: DateTime<Utc>) -> bool {
    match view.phase {
        Phase::Open if view.is_quiet() => false,
        Phase::Open => {
            let running = || frame.period(view, calendar::date_of(at));
            let period = frame.awaited(standing, view, at).unwrap_or_else(running);
            view.answered_in(&period.id).is_none()
        }
        Phase::Baseline(Initial::Unknown) => true,
        Phase::Baseline(Initial::Reached { .. } | Initial::NotReached { .. })
        | Phase::Resting
        | Phase::Closed
        | Phase::Frozen
        | Phase::Ended => false,
    }
}

/// The items the event's person may file that wait for an answer, due first.
pub(super) fn pending<'a>(context: &Context<'a>) -> Vec<TaskView<'a>> {
    let mut pending = mine(context);
    pending.retain(|view| waits(context.frame, context.standing, view, context.now));
    pending
}

/// All items the event's person may file now, due first.
pub(super) fn mine<'a>(context: &Context<'a>) -> Vec<TaskView<'a>> {
    let mut mine = context.frame.asked_views(context.standing, today(context));
    mine.retain(|view| may_file(context, view));
    mine.sort_by_key(|view| view.due.unwrap_or(NaiveDate::MAX));
    mine
}

/// Whether two tasks share one fact, so that one answer serves both.
pub(super) fn same_fact(context: &Context<'_>, one: &TaskId, other: &TaskId) -> bool {
    let fact = |id| {
        context
            .frame
            .plan
            .indicator(id)
            .map(|indicator| &indicator.fact)
    };
    one == other || (fact(one).is_some() && fact(one) == fact(other))
}

/// The tasks that a typed number (6-1, 6, 总-3) or a part of a name means, in plan order; numbers before names.
pub(super) fn named(
    frame: &Frame,
    standing: &Standing,
    typed: &str,
    now: DateTime<Utc>,
) -> Vec<TaskId> {
    let folded = vocabulary::folded(typed);
    let number = vocabulary::without_words_around(&folded);
    if number.is_empty() {
        return Vec::new();
    }
    let views = frame.task_views(standing, calendar::date_of(now));
    let found = |test: &dyn Fn(&TaskView<'_>) -> bool| -> Vec<TaskId> {
        let found = views.iter().filter(|view| test(view));
        found.map(|view| view.task.id.clone()).collect()
    };
    let exact = found(&|view| {
        let is_narrative = matches!(view.task.kind, TaskKind::Narrative(_));
        !is_narrative && vocabulary::folded(&view.task.label) == number
            || view.task.id.as_str() == number
    });
    if !exact.is_empty() {
        return exact;
    }
    let of_measure = found(&|view| {
        let measure = view.task.measure.as_ref();
        let measure = measure.and_then(|id| frame.plan.measure(id));
        measure.is_some_and(|measure| measure.number.to_string() == number)
            && view.phase != Phase::Resting
    });
    if !of_measure.is_empty() {
        return of_measure;
    }
    found(&|view| {
        vocabulary::folded(&view.task.name).contains(&folded) && view.phase != Phase::Resting
    })
}

/// A task of `among` whose number a text begins with (`6-1 9座`), and the rest of the text.
pub(super) fn leading<'t>(
    frame: &Frame,
    among: &[TaskId],
    text: &'t str,
) -> Option<(TaskId, &'t str)> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_whitespace() || vocabulary::AFTER_UNIT.contains(&c))?;
    let (label, rest) = text.split_at(end);
    let label = vocabulary::folded(label);
    let tasks = among.iter().filter_map(|id| frame.plan.task(id));
    let mut found = tasks.filter(|task| vocabulary::folded(&task.label) == label);
    let task = found.next()?;
    let rest =
        rest.trim_start_matches(|c: char| c.is_whitespace() || vocabulary::AFTER_UNIT.contains(&c));
    Some((task.id.clone(), rest))
}
