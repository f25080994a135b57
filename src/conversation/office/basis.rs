//! 依据: on what basis terms are settled or changed, as a number of a document or in words; one tap leaves it out.

use serde::{Deserialize, Serialize};

use super::change::{self, Change};
use super::terms::{self, TermsSay};
use super::{Event, Turn, Waiting};
use crate::conversation::group;
use crate::ledger::{Actor, Settled, Text};
use crate::plan::{DoubtId, Sets};

/// What a basis is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// A proposal that was tapped.
    Proposal {
        /// On which doubt.
        doubt: DoubtId,
        /// Of which plan.
        stamp: u32,
    },
    /// Words on a doubt.
    Words {
        /// On which doubt.
        doubt: DoubtId,
        /// The words.
        words: String,
        /// What they set.
        sets: Sets,
    },
    /// All proposals.
    All,
    /// A change of terms.
    Change(Change),
}

/// Waits for a basis and asks for it.
pub(super) fn ask(turn: &mut Turn<'_, '_>, event: Option<&Event>, pending: Pending) {
    turn.state.waiting = Some(Waiting::Basis {
        pending: pending.clone(),
    });
    let same = last_given(turn);
    let say = TermsSay::BasisWanted { pending, same };
    match event {
        Some(event) => turn.show(event, say.into()),
        None => turn.tell_here(say.into()),
    }
}

/// 无文号.
pub(super) fn without(turn: &mut Turn<'_, '_>, event: &Event) {
    match pending(turn) {
        Some(pending) => given(turn, event, pending, None),
        None => group::on_unknown_press(turn),
    }
}

/// 同上一条: the basis of the entry with this seq.
pub(super) fn same(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let known = last_given(turn).filter(|(known, _)| *known == seq);
    match (pending(turn), known) {
        (Some(pending), Some((_, words))) => given(turn, event, pending, Some(words)),
        (Some(_) | None, _) => group::on_unknown_press(turn),
    }
}

/// The basis in words.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, event: &Event, pending: Pending, words: &str) {
    given(turn, event, pending, Some(words.to_owned()));
}

/// 上一步.
pub(super) fn back(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(pending) = pending(turn) else {
        return group::on_unknown_press(turn);
    };
    turn.state.waiting = None;
    match pending {
        Pending::Proposal { doubt, .. } => terms::show_again(turn, event, &doubt),
        Pending::Words { doubt, .. } => terms::write(turn, event, doubt),
        Pending::All => terms::terms(turn, event, ""),
        Pending::Change(change) => change::ask_value(turn, Some(event), change),
    }
}

/// A basis as an act holds it.
pub(super) fn text(turn: &mut Turn<'_, '_>, words: Option<String>) -> Option<Text> {
    let words = words?;
    Some(Text::new(words, turn.salts.salt()))
}

fn given(turn: &mut Turn<'_, '_>, event: &Event, pending: Pending, basis: Option<String>) {
    turn.state.waiting = None;
    match pending {
        Pending::Proposal { doubt, stamp } => terms::take_on(turn, event, doubt, stamp, basis),
        Pending::Words { doubt, words, sets } => {
            terms::check_words(turn, event, (doubt, words, sets), basis);
        }
        Pending::All => terms::check_all(turn, event, basis),
        Pending::Change(change) => change::check(turn, event, change, basis),
    }
}

fn pending(turn: &Turn<'_, '_>) -> Option<Pending> {
    match turn.state.waiting.clone() {
        Some(Waiting::Basis { pending }) => Some(pending),
        Some(_) | None => None,
    }
}

/// Seq and words of the last basis the event's person gave.
fn last_given(turn: &Turn<'_, '_>) -> Option<(u64, String)> {
    let standing = turn.context.standing;
    let own = Actor::Person(turn.context.person?.clone());
    let settled = standing.settled.values();
    let all = settled.chain(standing.terms.values().flatten());
    let mine = all.filter(|settled| settled.by == own);
    let with_words = mine.filter_map(|Settled { seq, basis, .. }| {
        let words = basis.as_ref()?.body()?;
        Some((*seq, words.to_owned()))
    });
    with_words.max_by_key(|(seq, _)| *seq)
}
