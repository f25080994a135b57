//! 口径: open doubts one by one: 采纳建议, 写明, 跳过; and all proposals with one more tap. Each settlement has its basis (依据).

use super::basis::{self, Pending};
use super::change::{self, ChangeSay};
use super::press::stamp_of;
use super::wording::facts_in;
use super::{Event, OfficeSay, Turn, Waiting};
use crate::conversation::{Effect, Say, group};
use crate::ledger::{Act, Decided, Decision, Frame, Settlement, Standing, Text};
use crate::plan::{Doubt, DoubtId, DoubtSubject, Sets, TaskId};

/// What is said of open terms.
#[derive(Debug, Clone, PartialEq)]
pub enum TermsSay {
    /// No open terms.
    NoneOpen,
    /// One open doubt with what can be done about it.
    Doubt {
        /// Which.
        doubt: DoubtId,
        /// Its place among the open ones, from 1.
        at: usize,
        /// How many are open.
        of: usize,
        /// What became of the one before it.
        before: Option<DoubtDone>,
    },
    /// The last one was passed; some are still open.
    Left {
        /// How many.
        open: usize,
        /// What became of the last one.
        before: Option<DoubtDone>,
    },
    /// All proposals at once: asks once more.
    AllSure {
        /// On what basis, if any.
        basis: Option<String>,
    },
    /// All proposals were taken.
    AllTaken(usize),
    /// The alert: another member of the office settled it.
    SettledBefore(Option<Decided>),
    /// Words wanted for this doubt.
    WordsWanted(DoubtId),
    /// The words as they would stand, and the facts read from them.
    WordsRead {
        /// On which doubt.
        doubt: DoubtId,
        /// The words.
        words: String,
        /// What they set.
        sets: Sets,
        /// On what basis, if any.
        basis: Option<String>,
    },
    /// The basis is asked for.
    BasisWanted {
        /// Of what.
        pending: Pending,
        /// Seq and words of the last basis the asker gave.
        same: Option<(u64, String)>,
    },
    /// Terms are changed.
    Change(ChangeSay),
}

impl From<TermsSay> for Say {
    fn from(say: TermsSay) -> Self {
        Self::Office(OfficeSay::Terms(say))
    }
}

/// What became of a doubt a moment ago.
#[derive(Debug, Clone, PartialEq)]
pub enum DoubtDone {
    /// Its proposal was taken.
    Taken(DoubtId),
    /// Settled in words.
    Worded(DoubtId),
    /// Skipped.
    Skipped(DoubtId),
    /// Settled by somebody else meanwhile.
    Before(DoubtId, Decided),
}

/// Doubts nobody has settled, in plan order: about targets, measures, units and the office alike.
pub fn open_doubts<'a>(frame: &'a Frame, standing: &Standing) -> Vec<&'a Doubt> {
    let doubts = frame.plan.doubts.iter();
    doubts
        .filter(|doubt| !standing.settled.contains_key(&doubt.id))
        .collect()
}

/// `/terms`: the first open doubt; with an item, the terms of that target.
pub fn terms(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    if !argument.is_empty() {
        return change::start(turn, argument);
    }
    let open = open_doubts(turn.context.frame, turn.context.standing);
    let say = match open.first() {
        None => TermsSay::NoneOpen,
        Some(first) => TermsSay::Doubt {
            doubt: first.id.clone(),
            at: 1,
            of: open.len(),
            before: None,
        },
    };
    turn.tell_here(say.into());
}

/// 采纳建议 of one doubt, as it was shown: the basis is asked for.
pub(super) fn take(turn: &mut Turn<'_, '_>, event: &Event, doubt: DoubtId, stamp: u32) {
    if still_proposed(turn, event, &doubt, stamp).is_some() {
        basis::ask(turn, Some(event), Pending::Proposal { doubt, stamp });
    }
}

/// The same with its basis.
pub(super) fn take_on(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    id: DoubtId,
    stamp: u32,
    basis: Option<String>,
) {
    let Some(doubt) = still_proposed(turn, event, &id, stamp) else {
        return;
    };
    let basis = basis::text(turn, basis);
    let how = Settlement::AsProposed(doubt.sets.clone());
    settle(turn, &doubt, how, basis);
    show_next(turn, event, Some(&id), Some(DoubtDone::Taken(id.clone())));
}

/// The doubt if it is open and its proposal is the one that was shown: another plan may propose something else under the same id.
fn still_proposed(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    id: &DoubtId,
    stamp: u32,
) -> Option<Doubt> {
    let doubt = still_open(turn, event, id)?;
    if stamp == stamp_of(turn.context.frame.adoption) {
        return Some(doubt);
    }
    group::on_unknown_press(turn);
    show_next(turn, event, None, None);
    None
}

/// Back from the basis to the doubt itself.
pub(super) fn show_again(turn: &mut Turn<'_, '_>, event: &Event, id: &DoubtId) {
    if still_open(turn, event, id).is_none() {
        return;
    }
    let open = open_doubts(turn.context.frame, turn.context.standing);
    let at = open.iter().position(|doubt| doubt.id == *id).unwrap_or(0);
    let of = open.len();
    let say = TermsSay::Doubt {
        doubt: id.clone(),
        at: at + 1,
        of,
        before: None,
    };
    turn.show(event, say.into());
}

/// 跳过.
pub(super) fn skip(turn: &mut Turn<'_, '_>, event: &Event, id: DoubtId) {
    show_next(turn, event, Some(&id), Some(DoubtDone::Skipped(id.clone())));
}

/// 写明: waits for words.
pub(super) fn write(turn: &mut Turn<'_, '_>, event: &Event, id: DoubtId) {
    if still_open(turn, event, &id).is_some() {
        turn.state.waiting = Some(Waiting::TermsWords { doubt: id.clone() });
        turn.tell_here(TermsSay::WordsWanted(id).into());
    }
}

/// Words for a doubt, with the facts read from them; the basis is asked for.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, id: DoubtId, words: &str) {
    let Some(doubt) = find(turn, &id) else {
        turn.state.waiting = None;
        return turn.tell_here(TermsSay::SettledBefore(None).into());
    };
    let today = crate::calendar::date_of(turn.context.now);
    let sets = facts_in(&turn.context.frame.plan, &doubt, words, today);
    let words = words.to_owned();
    let doubt = id;
    basis::ask(turn, None, Pending::Words { doubt, words, sets });
}

/// The words with their basis, to be confirmed.
pub(super) fn check_words(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    (doubt, words, sets): (DoubtId, String, Sets),
    basis: Option<String>,
) {
    turn.state.waiting = Some(Waiting::TermsCheck {
        doubt: doubt.clone(),
        words: words.clone(),
        sets: sets.clone(),
        basis: basis.clone(),
    });
    let say = TermsSay::WordsRead {
        doubt,
        words,
        sets,
        basis,
    };
    turn.show(event, say.into());
}

/// 确认 of the words. `stamp` tells the very words that were shown.
pub(super) fn confirm_words(turn: &mut Turn<'_, '_>, event: &Event, stamp: u32) {
    let Some(Waiting::TermsCheck {
        doubt,
        words,
        sets,
        basis,
    }) = turn.state.waiting.clone()
    else {
        return group::on_unknown_press(turn);
    };
    if stamp != words_stamp(&words) {
        return group::on_unknown_press(turn);
    }
    turn.state.waiting = None;
    let Some(found) = still_open(turn, event, &doubt) else {
        return;
    };
    let words = Text::new(words, turn.salts.salt());
    let basis = basis::text(turn, basis);
    settle(turn, &found, Settlement::InWords { words, sets }, basis);
    show_next(
        turn,
        event,
        Some(&doubt),
        Some(DoubtDone::Worded(doubt.clone())),
    );
}

/// 重写.
pub(super) fn words_again(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(Waiting::TermsCheck { doubt, .. }) = turn.state.waiting.clone() else {
        return group::on_unknown_press(turn);
    };
    write(turn, event, doubt);
}

/// Tells one text from another in button data.
pub fn words_stamp(words: &str) -> u32 {
    stamp_of(crate::plan::Hash::of(words.as_bytes()))
}

/// 全部采纳: the basis is asked for first.
pub(super) fn take_all(turn: &mut Turn<'_, '_>, event: &Event) {
    if open_doubts(turn.context.frame, turn.context.standing).is_empty() {
        return turn.show(event, TermsSay::NoneOpen.into());
    }
    basis::ask(turn, Some(event), Pending::All);
}

/// All proposals with their basis, to be confirmed.
pub(super) fn check_all(turn: &mut Turn<'_, '_>, event: &Event, basis: Option<String>) {
    turn.state.waiting = Some(Waiting::TermsAll {
        basis: basis.clone(),
    });
    turn.show(event, TermsSay::AllSure { basis }.into());
}

/// 确认全部采纳. `shown` is how many were open, `stamp` of which plan, when the button was made.
pub(super) fn confirm_all(turn: &mut Turn<'_, '_>, event: &Event, shown: u16, stamp: u32) {
    let waiting = turn.state.waiting.take();
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let open: Vec<Doubt> = open_doubts(frame, standing).into_iter().cloned().collect();
    if open.is_empty() {
        return turn.show(event, TermsSay::NoneOpen.into());
    }
    let Some(Waiting::TermsAll { basis }) = waiting else {
        turn.state.waiting = waiting;
        return group::on_unknown_press(turn);
    };
    if usize::from(shown) != open.len() || stamp != stamp_of(frame.adoption) {
        group::on_unknown_press(turn);
        return check_all(turn, event, basis);
    }
    let basis = basis::text(turn, basis);
    for doubt in &open {
        let how = Settlement::AsProposed(doubt.sets.clone());
        settle(turn, doubt, how, basis.clone());
    }
    turn.show(event, TermsSay::AllTaken(open.len()).into());
}

fn settle(turn: &mut Turn<'_, '_>, doubt: &Doubt, how: Settlement, basis: Option<Text>) {
    turn.push(Effect::Append(Act::TermsSettled {
        doubt: Some(doubt.id.clone()),
        task: task_of(doubt),
        how,
        basis,
    }));
}

/// The task whose facts a doubt can set: a target's. Measures, units and the task force have words alone.
pub(super) fn task_of(doubt: &Doubt) -> Option<TaskId> {
    match &doubt.about {
        DoubtSubject::Indicator(task) => Some(task.clone()),
        DoubtSubject::Measure(_) | DoubtSubject::Unit(_) | DoubtSubject::TaskForce => None,
    }
}

fn find(turn: &Turn<'_, '_>, id: &DoubtId) -> Option<Doubt> {
    let open = open_doubts(turn.context.frame, turn.context.standing);
    open.into_iter().find(|doubt| doubt.id == *id).cloned()
}

/// The doubt if it is open; else the presser sees who settled it, and the next one.
fn still_open(turn: &mut Turn<'_, '_>, event: &Event, id: &DoubtId) -> Option<Doubt> {
    let found = find(turn, id);
    if found.is_none() {
        let decision = Decision::Terms(id.clone());
        let decided = turn.context.standing.decided.get(&decision).cloned();
        turn.push(Effect::alert(
            TermsSay::SettledBefore(decided.clone()).into(),
        ));
        let before = decided.map(|decided| DoubtDone::Before(id.clone(), decided));
        show_next(turn, event, Some(id), before);
    }
    found
}

/// The next open doubt after `after` in plan order, leaving out what this event settles.
fn show_next(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    after: Option<&DoubtId>,
    before: Option<DoubtDone>,
) {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let settled = match &before {
        Some(DoubtDone::Taken(id) | DoubtDone::Worded(id)) => Some(id.clone()),
        Some(DoubtDone::Skipped(_) | DoubtDone::Before(..)) | None => None,
    };
    let open: Vec<&DoubtId> = open_doubts(frame, standing)
        .into_iter()
        .map(|doubt| &doubt.id)
        .filter(|id| Some(*id) != settled.as_ref())
        .collect();
    let place = |id: &DoubtId| frame.plan.doubts.iter().position(|doubt| doubt.id == *id);
    let passed = after.and_then(place);
    let next = open.iter().position(|id| place(id) > passed);
    let say = match next {
        Some(index) => TermsSay::Doubt {
            doubt: open[index].clone(),
            at: index + 1,
            of: open.len(),
            before,
        },
        None => TermsSay::Left {
            open: open.len(),
            before,
        },
    };
    turn.show(event, say.into());
}
