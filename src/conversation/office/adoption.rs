//! 采用 / 不采用 of a changed plan: its difference, what it touches that the office settled, what becomes of vanished tasks.

use super::offer::{Offer, Touched, offer_of};
use super::press::stamp_of;
use super::{Event, OfficeSay, Turn, Waiting, baseline_tasks, own, tell_others};
use crate::calendar;
use crate::conversation::vocabulary::half_width;
use crate::conversation::{Effect, Manner, Say, Whom, group};
use crate::ledger::{Act, Decided, Decision, Frame, Settlement, TaskEnd};
use crate::plan::{Hash, PersonId, Plan, TaskId};

/// What is said of an offered plan.
#[derive(Debug, Clone, PartialEq)]
pub enum AdoptionSay {
    /// An offered plan and its difference.
    Offer(Box<Offer>),
    /// What adopting touches that the office settled.
    Touches(Box<Offer>),
    /// 不采用: asks once more.
    DeclineSure(Hash),
    /// Asks what becomes of a task the offered plan no longer has.
    Vanished {
        /// Which.
        task: TaskId,
        /// Number and name in the plan in force.
        label: String,
        /// Tasks of the offered plan it may be merged into, with number and name.
        into: Vec<(TaskId, String)>,
        /// Its place, from 1.
        at: usize,
        /// How many vanish.
        of: usize,
    },
    /// Words named no task of the offered plan.
    NoSuchTask(String),
    /// Adopted.
    Adopted {
        /// By whom.
        by: PersonId,
        /// What became of vanished tasks, by number and name.
        ends: Vec<(String, TaskEnd, String)>,
    },
    /// Declined.
    Declined(PersonId),
    /// The alert: decided by somebody, or no longer offered.
    DecidedBefore(Option<Decided>),
    /// Adopting would leave the office without anybody bound.
    NoOfficeLeft,
    /// To the filer of a vanished task, and to whoever is in the middle of it.
    TaskEnded {
        /// Number and name.
        label: String,
        /// How.
        how: TaskEnd,
        /// Number and name of the task it was merged into.
        into: Option<String>,
    },
}

impl From<AdoptionSay> for Say {
    fn from(say: AdoptionSay) -> Self {
        Self::Office(OfficeSay::Adoption(say))
    }
}

/// Tasks of the offered plan offered as buttons to merge a vanished one into.
const MOST_TARGETS: usize = 6;

/// `/plan`: the offered plan, then the initial baseline; or that there is nothing to decide.
pub fn plan(turn: &mut Turn<'_, '_>, _event: &Event) {
    let offered = current_offer(turn);
    if let Some((offer, _)) = &offered {
        turn.tell_here(AdoptionSay::Offer(Box::new(offer.clone())).into());
    }
    let today = calendar::date_of(turn.context.now);
    let baseline = baseline_tasks(turn.context.frame, turn.context.standing, today);
    if !baseline.is_empty() {
        turn.tell_here(super::BaselineSay::List(baseline).into());
    } else if offered.is_none() {
        turn.tell_here(super::BaselineSay::NothingToDecide.into());
    }
}

/// The adoption that waits for the office, with its plan.
fn current_offer<'a>(turn: &Turn<'a, '_>) -> Option<(Offer, &'a Frame)> {
    let new = turn.context.offered?;
    let standing = turn.context.standing;
    (standing.offered == Some(new.adoption)).then(|| {
        let offer = Offer {
            moved: (turn.context.moved_sends)(),
            ..offer_of(turn.context.frame, new, standing)
        };
        (offer, new)
    })
}

/// The offered adoption if it is the one the button was made for; else the presser sees who decided.
fn offer_for<'a>(turn: &mut Turn<'a, '_>, stamp: u32) -> Option<(Offer, &'a Frame)> {
    let found = current_offer(turn).filter(|(offer, _)| stamp_of(offer.adoption) == stamp);
    if found.is_none() {
        let mut decided = turn.context.standing.decided.iter();
        let decided = decided.find_map(|(decision, decided)| match decision {
            Decision::Adoption(hash) if stamp_of(*hash) == stamp => Some(decided.clone()),
            _ => None,
        });
        turn.push(Effect::alert(AdoptionSay::DecidedBefore(decided).into()));
    }
    found
}

/// 返回 to the difference.
pub(super) fn show_offer(turn: &mut Turn<'_, '_>, event: &Event) {
    match current_offer(turn) {
        Some((offer, _)) => turn.show(event, AdoptionSay::Offer(Box::new(offer)).into()),
        None => turn.show(event, super::BaselineSay::NothingToDecide.into()),
    }
}

/// 采用: at once where nothing vanishes and nothing settled is touched; else asks first.
pub(super) fn adopt(turn: &mut Turn<'_, '_>, event: &Event, stamp: u32) {
    let Some((offer, new)) = offer_for(turn, stamp) else {
        return;
    };
    if !office_stays(turn, new) {
        return turn.push(Effect::alert(AdoptionSay::NoOfficeLeft.into()));
    }
    if offer.diff.vanished.is_empty() && offer.touched.is_empty() {
        return finish(turn, event, offer, Vec::new(), false);
    }
    ask_next(turn, Some(event), offer.adoption, Vec::new());
}

/// Somebody bound must be of the office under the offered plan too.
fn office_stays(turn: &Turn<'_, '_>, new: &Frame) -> bool {
    let standing = turn.context.standing;
    let granted: Vec<_> = standing.office_granted.iter().cloned().collect();
    let mut bound = standing.bindings.keys();
    bound.any(|person| new.plan.member(person).is_some() && new.plan.is_office(person, &granted))
}

/// Asks what becomes of the next vanished task; after the last, whether to adopt.
pub(super) fn ask_next(
    turn: &mut Turn<'_, '_>,
    event: Option<&Event>,
    offered: Hash,
    ends: Vec<(TaskId, TaskEnd)>,
) {
    let Some((mut offer, new)) = current_offer(turn).filter(|(offer, _)| offer.adoption == offered)
    else {
        turn.state.waiting = None;
        return turn.tell_here(super::BaselineSay::NothingToDecide.into());
    };
    let say = match undecided(turn, &offer, &ends).first() {
        Some(task) => vanished_question(turn, &offer, new, task, ends.len()),
        None => {
            offer.ends = named_ends(turn.context.frame, new, &ends);
            AdoptionSay::Touches(Box::new(offer))
        }
    };
    turn.state.waiting = Some(Waiting::Vanished { offered, ends });
    match event {
        Some(event) => turn.show(event, say.into()),
        None => turn.tell_here(say.into()),
    }
}

fn undecided(turn: &Turn<'_, '_>, offer: &Offer, ends: &[(TaskId, TaskEnd)]) -> Vec<TaskId> {
    let standing = turn.context.standing;
    let open = |task: &&TaskId| {
        standing.task_state(task).ended.is_none() && !ends.iter().any(|(done, _)| done == *task)
    };
    offer.diff.vanished.iter().filter(open).cloned().collect()
}

fn vanished_question(
    turn: &Turn<'_, '_>,
    offer: &Offer,
    new: &Frame,
    task: &TaskId,
    decided: usize,
) -> AdoptionSay {
    let old = &turn.context.frame.plan;
    let measure = old.task(task).and_then(|task| task.measure.clone());
    let near = new.plan.tasks.iter().filter(|other| {
        let added = old.task(&other.id).is_none();
        (measure.is_some() && other.measure == measure) || added
    });
    let into = near
        .take(MOST_TARGETS)
        .map(|other| (other.id.clone(), label(&new.plan, &other.id)))
        .collect();
    AdoptionSay::Vanished {
        task: task.clone(),
        label: label(old, task),
        into,
        at: decided + 1,
        of: offer.diff.vanished.len(),
    }
}

/// 取消, or 并入 by button.
pub(super) fn end(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId, into: Option<TaskId>) {
    let Some(Waiting::Vanished { offered, mut ends }) = turn.state.waiting.clone() else {
        return group::on_unknown_press(turn);
    };
    let Some((offer, new)) = current_offer(turn).filter(|(offer, _)| offer.adoption == offered)
    else {
        return ask_next(turn, Some(event), offered, ends);
    };
    let known = into
        .as_ref()
        .is_none_or(|into| new.plan.task(into).is_some());
    if !known || undecided(turn, &offer, &ends).first() != Some(&task) {
        return group::on_unknown_press(turn);
    }
    ends.push((task, into.map_or(TaskEnd::Cancelled, TaskEnd::MergedInto)));
    ask_next(turn, Some(event), offered, ends);
}

/// 并入 by words: the number of a task of the offered plan.
pub(super) fn on_text(
    turn: &mut Turn<'_, '_>,
    offered: Hash,
    mut ends: Vec<(TaskId, TaskEnd)>,
    text: &str,
) {
    let Some((offer, new)) = current_offer(turn).filter(|(offer, _)| offer.adoption == offered)
    else {
        return ask_next(turn, None, offered, ends);
    };
    let Some(task) = undecided(turn, &offer, &ends).first().cloned() else {
        return ask_next(turn, None, offered, ends);
    };
    match task_called(&new.plan, text) {
        Some(into) => ends.push((task, TaskEnd::MergedInto(into))),
        None => turn.tell_here(AdoptionSay::NoSuchTask(text.to_owned()).into()),
    }
    ask_next(turn, None, offered, ends);
}

/// A task by its number or name, as people type them.
fn task_called(plan: &Plan, typed: &str) -> Option<TaskId> {
    let plain: String = typed.chars().map(half_width).collect();
    let plain = plain.trim();
    let called = |task: &&crate::plan::Task| task.label == plain || task.name == plain;
    let found = plan.tasks.iter().find(called)?;
    Some(found.id.clone())
}

/// The last tap: `keep` stands by what the office settled, else the plan's values hold.
pub(super) fn adopt_sure(turn: &mut Turn<'_, '_>, event: &Event, stamp: u32, keep: bool) {
    let Some((mut offer, new)) = offer_for(turn, stamp) else {
        turn.state.waiting = None;
        return;
    };
    let ends = match turn.state.waiting.clone() {
        Some(Waiting::Vanished { offered, ends }) if offered == offer.adoption => ends,
        Some(_) | None => Vec::new(),
    };
    if !undecided(turn, &offer, &ends).is_empty() {
        return ask_next(turn, Some(event), offer.adoption, ends);
    }
    if !office_stays(turn, new) {
        return turn.push(Effect::alert(AdoptionSay::NoOfficeLeft.into()));
    }
    offer.ends = named_ends(turn.context.frame, new, &ends);
    finish(turn, event, offer, ends, keep);
}

fn finish(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    offer: Offer,
    ends: Vec<(TaskId, TaskEnd)>,
    keep: bool,
) {
    let Some(own) = own(turn) else { return };
    turn.state.waiting = None;
    let adoption = offer.adoption;
    turn.push(Effect::Append(Act::Adopted { adoption }));
    for touched in &offer.touched {
        settle_touched(turn, touched, keep);
    }
    for ((task, how), (label, _, into)) in ends.into_iter().zip(&offer.ends) {
        tell_of_end(turn, &task, label, &how, into);
        turn.push(Effect::Append(Act::Ended { task, how }));
    }
    let say = AdoptionSay::Adopted {
        by: own.clone(),
        ends: offer.ends,
    };
    turn.show(event, say.clone().into());
    turn.push(Effect::RefreshStatus);
    if !offer.diff.members.is_empty() || !offer.diff.task_force.is_empty() {
        for person in turn.context.standing.bindings.keys() {
            turn.push(Effect::RefreshMenu(person.clone()));
        }
    }
    tell_others(turn, &own, OfficeSay::Adoption(say));
}

/// Says again, after the adoption, what holds: the later act wins.
fn settle_touched(turn: &mut Turn<'_, '_>, touched: &Touched, keep: bool) {
    let task = touched.task.clone();
    let (holds, gives_way) = match keep {
        true => (&touched.settled, &touched.planned),
        false => (&touched.planned, &touched.settled),
    };
    let Some(seq) = touched.settled_by else {
        if let Some(due) = holds.due {
            turn.push(Effect::Append(Act::DueSet { task, due }));
        }
        return;
    };
    let standing = turn.context.standing;
    let Some(said) = standing.terms_in_force(&task).find(|said| said.seq == seq) else {
        return;
    };
    // What was said later of its other facts goes on to hold.
    let now = standing.settled_facts(&task).where_set_by(said.how.sets());
    let sets = holds.clone().over(now);
    let how = match &said.how {
        Settlement::Changed { .. } => Settlement::Changed {
            before: gives_way.clone(),
            sets: holds.clone(),
        },
        Settlement::AsProposed(_) | Settlement::InWords { .. } => said.how.with(sets),
    };
    turn.push(Effect::Append(Act::TermsSettled {
        doubt: said.doubt.clone(),
        task: Some(task),
        how,
        basis: said.basis.clone().filter(|_| keep),
    }));
}

/// The filer hears of the end of a task, and whoever is in the middle of it.
fn tell_of_end(turn: &mut Turn<'_, '_>, task: &TaskId, label: &str, how: &TaskEnd, into: &str) {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let today = calendar::date_of(turn.context.now);
    let view = frame.task_view(standing, task, today);
    let filer = view.as_ref().and_then(|view| view.filer(frame)).cloned();
    let filer = filer.filter(|filer| standing.bindings.contains_key(filer));
    let into = matches!(how, TaskEnd::MergedInto(_)).then(|| into.to_owned());
    let say = AdoptionSay::TaskEnded {
        label: label.to_owned(),
        how: how.clone(),
        into,
    };
    if let Some(filer) = filer.clone() {
        turn.push(Effect::Tell {
            to: Whom::Person(filer),
            say: say.clone().into(),
            manner: Manner::unasked(),
        });
    }
    turn.push(Effect::EndTalks {
        task: task.clone(),
        say: say.into(),
        told: filer,
    });
}

/// 不采用, and the same once more. The file stays as it is; a file changed again is offered anew.
pub(super) fn decline(turn: &mut Turn<'_, '_>, event: &Event, stamp: u32, sure: bool) {
    let Some((offer, _)) = offer_for(turn, stamp) else {
        return;
    };
    let Some(own) = own(turn) else { return };
    let adoption = offer.adoption;
    if !sure {
        return turn.show(event, AdoptionSay::DeclineSure(adoption).into());
    }
    turn.push(Effect::Append(Act::AdoptionDeclined { adoption }));
    let say = AdoptionSay::Declined(own.clone());
    turn.show(event, say.clone().into());
    tell_others(turn, &own, OfficeSay::Adoption(say));
}

fn named_ends(
    old: &Frame,
    new: &Frame,
    ends: &[(TaskId, TaskEnd)],
) -> Vec<(String, TaskEnd, String)> {
    let named = ends.iter().map(|(task, how)| {
        let into = match how {
            TaskEnd::MergedInto(into) => label(&new.plan, into),
            TaskEnd::Cancelled => String::new(),
        };
        (label(&old.plan, task), how.clone(), into)
    });
    named.collect()
}

fn label(plan: &Plan, task: &TaskId) -> String {
    let found = plan.task(task);
    found.map_or_else(
        || task.to_string(),
        |task| format!("{} {}", task.label, task.name),
    )
}
