//! 初始台账: targets that were past at go-live. Reached ones the office closes in one list; for the others it sets a new date.

use chrono::NaiveDate;

use super::impartial::{self, Bar};
use super::{Event, OfficeSay, Turn, Waiting, by_person, own, tell_others};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::{Effect, Manner, Say, Whom, group};
use crate::ledger::{Act, Decided, Decision, Frame, Initial, Phase, Standing};
use crate::plan::{PersonId, TaskId};

/// What is said of the initial baseline.
#[derive(Debug, Clone, PartialEq)]
pub enum BaselineSay {
    /// `/plan` with nothing to decide.
    NothingToDecide,
    /// The initial baseline: what the office can close or set a new date for.
    List(Vec<BaselineTask>),
    /// The alert: somebody decided it before.
    DecidedBefore(Option<Decided>),
    /// The alert: nobody decides on what they filed, another can.
    OwnFiling,
    /// A new date wanted for this task.
    DueWanted(TaskId),
    /// Not a date, or one that cannot be.
    DueRefused {
        /// As typed.
        typed: String,
        /// The first day it can be.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// The office set a new deadline.
    DueSet {
        /// For which task.
        task: TaskId,
        /// The date.
        due: NaiveDate,
        /// By whom.
        by: PersonId,
        /// 自办自批: there was nobody else to decide.
        own: bool,
    },
}

impl From<BaselineSay> for Say {
    fn from(say: BaselineSay) -> Self {
        Self::Office(OfficeSay::Baseline(say))
    }
}

/// A target that was past at go-live, as its unit answered.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineTask {
    /// The task.
    pub task: TaskId,
    /// The answer.
    pub answer: Initial,
}

/// Baselines answered and not decided, in plan order.
pub fn baseline_tasks(frame: &Frame, standing: &Standing, today: NaiveDate) -> Vec<BaselineTask> {
    let views = frame.task_views(standing, today).into_iter();
    let answered = views.filter_map(|view| match view.phase {
        Phase::Baseline(answer @ (Initial::Reached { .. } | Initial::NotReached { .. })) => {
            Some(BaselineTask {
                task: view.task.id.clone(),
                answer,
            })
        }
        Phase::Baseline(Initial::Unknown)
        | Phase::Resting
        | Phase::Open
        | Phase::Closed
        | Phase::Frozen
        | Phase::Ended => None,
    });
    answered.collect()
}

/// 办结 of one that was reached.
pub(super) fn close(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    let open = open_tasks(turn);
    let found = open.iter().find(|it| it.task == task);
    match found.map(|it| &it.answer) {
        Some(Initial::Reached { .. }) => {}
        Some(Initial::NotReached { .. } | Initial::Unknown) => {
            return group::on_unknown_press(turn);
        }
        None => return decided_before(turn, event, Decision::Closing(task)),
    }
    if filed_by_self(turn, &task).0 {
        return turn.push(Effect::alert(BaselineSay::OwnFiling.into()));
    }
    turn.push(Effect::Append(Act::Closed { task: task.clone() }));
    let rest = open.into_iter().filter(|it| it.task != task).collect();
    turn.show(event, BaselineSay::List(rest).into());
    turn.push(Effect::RefreshStatus);
}

/// Another date than the one wanted: asks for it.
pub(super) fn want_due(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId) {
    if !open_tasks(turn).iter().any(|it| it.task == task) {
        return decided_before(turn, event, Decision::Due(task));
    }
    turn.state.waiting = Some(Waiting::NewDue { task: task.clone() });
    turn.tell_here(BaselineSay::DueWanted(task).into());
}

/// The date in words.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId, text: &str) {
    let today = calendar::date_of(turn.context.now);
    let (from, to) = range(turn);
    let read = date::read(text, today, Toward::Future);
    match read.filter(|due| (from..=to).contains(due)) {
        Some(due) => set_due(turn, event, task, due),
        None => {
            let typed = text.to_owned();
            turn.tell_here(BaselineSay::DueRefused { typed, from, to }.into());
        }
    }
}

/// A new deadline; with it the ladder starts for this task.
pub(super) fn set_due(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId, due: NaiveDate) {
    let Some(own) = own(turn) else { return };
    if !open_tasks(turn).iter().any(|it| it.task == task) {
        turn.state.waiting = None;
        return decided_before(turn, event, Decision::Due(task));
    }
    let (from, to) = range(turn);
    if !(from..=to).contains(&due) {
        // The date a unit wanted may be past by the time its button is tapped.
        return want_due(turn, event, task);
    }
    let (barred, own_filing) = filed_by_self(turn, &task);
    if barred {
        turn.state.waiting = None;
        return turn.refuse(event, BaselineSay::OwnFiling.into());
    }
    turn.state.waiting = None;
    let act = Act::DueSet {
        task: task.clone(),
        due,
    };
    turn.push(Effect::Append(act));
    let by = own.clone();
    let say = BaselineSay::DueSet {
        task: task.clone(),
        due,
        by,
        own: own_filing,
    };
    turn.tell_here(say.clone().into());
    tell_filer(turn, &own, &task, &say);
    let rest: Vec<BaselineTask> = open_tasks(turn)
        .into_iter()
        .filter(|it| it.task != task)
        .collect();
    if !rest.is_empty() {
        turn.tell_here(BaselineSay::List(rest).into());
    }
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Baseline(say));
}

fn open_tasks(turn: &Turn<'_, '_>) -> Vec<BaselineTask> {
    let today = calendar::date_of(turn.context.now);
    baseline_tasks(turn.context.frame, turn.context.standing, today)
}

/// From tomorrow to the plan's end: the rhythm stops there.
fn range(turn: &Turn<'_, '_>) -> (NaiveDate, NaiveDate) {
    let today = calendar::date_of(turn.context.now);
    let from = today.succ_opt().unwrap_or(today);
    (from, turn.context.frame.plan.task_force.ends.max(from))
}

fn decided_before(turn: &mut Turn<'_, '_>, event: &Event, decision: Decision) {
    let decided = turn.context.standing.decided.get(&decision).cloned();
    turn.refuse(event, BaselineSay::DecidedBefore(decided).into());
}

/// Nobody decides on what they filed while somebody else can: (whether that bars it, whether they filed it at all).
fn filed_by_self(turn: &Turn<'_, '_>, task: &TaskId) -> (bool, bool) {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let Some(own) = turn.context.person else {
        return (true, false);
    };
    let today = calendar::date_of(turn.context.now);
    let view = frame.task_view(standing, task, today);
    let last = view.as_ref().and_then(|view| view.last_report());
    let filed = last.is_some_and(|filed| filed.by == by_person(own));
    (
        filed && impartial::barred(turn.context, &by_person(own)) == Bar::Barred,
        filed,
    )
}

/// The filer hears of the new deadline without a sound.
fn tell_filer(turn: &mut Turn<'_, '_>, own: &PersonId, task: &TaskId, say: &BaselineSay) {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let today = calendar::date_of(turn.context.now);
    let view = frame.task_view(standing, task, today);
    let filer = view.as_ref().and_then(|view| view.filer(frame)).cloned();
    let bound = |person: &PersonId| person != own && standing.bindings.contains_key(person);
    if let Some(filer) = filer.filter(bound) {
        turn.push(Effect::Tell {
            to: Whom::Person(filer),
            say: say.clone().into(),
            manner: Manner::unasked(),
        });
    }
}
