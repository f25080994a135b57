//! 督办单 of the office: the list, a draft's card with 发出, 修改 and 暂缓, and 告知副组长. Nothing is sent without its tap.

mod decide;
mod press;
#[cfg(test)]
mod tests;

use super::matter::Waits;
use super::{Context, Event, Say, Turn, group, matter};
use crate::ledger::{Decided, Slip, SlipOver};
use crate::plan::{Access, PersonId, Right, UnitId};

pub use press::{Press, on_press};

/// What this slice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlipSay {
    /// `/slips`: the office's, or those of the reader's units.
    List {
        /// Whose; all where none.
        units: Option<Vec<UnitId>>,
        /// Page from 0.
        page: usize,
    },
    /// One slip as it stands; with the office's buttons where the reader decides.
    Card {
        /// Seq of the draft.
        slip: u64,
        /// Whether the reader decides.
        decides: bool,
    },
    /// 修改: the office's own words wanted.
    WordsWanted(u64),
    /// They were read: as the slip would go out.
    WordsRead {
        /// Seq of the draft.
        slip: u64,
        /// The words.
        words: String,
    },
    /// The alert: somebody decided it before.
    DecidedBefore(u64, Option<Decided>),
    /// The alert: no longer true, so it is withdrawn.
    Over(u64, SlipOver),
    /// The alert: nobody with an account files for the task's unit.
    NoReceiver(u64),
    /// The alert: it would be for the reader; somebody else decides.
    OwnSlip,
    /// The alert: another unit's.
    NotYours(u64),
    /// To other members of the office, of what one of them decided.
    Told(u64),
}

impl From<SlipSay> for Say {
    fn from(say: SlipSay) -> Self {
        Self::Slip(say)
    }
}

/// `/slips`.
pub fn slips(turn: &mut Turn<'_, '_>, _event: &Event) {
    let say = list(turn.context, 0);
    turn.reply(say.into());
}

fn decides(context: &Context<'_>) -> bool {
    context.may(&Right::DecideSlips) == Access::Allowed
}

fn list(context: &Context<'_>, page: usize) -> SlipSay {
    let own = |person: &PersonId| {
        let member = context.frame.plan.member(person);
        member.map_or_else(Vec::new, |member| member.units.clone())
    };
    let units = match decides(context) {
        true => None,
        false => Some(context.person.map_or_else(Vec::new, own)),
    };
    SlipSay::List { units, page }
}

/// Whether the event's person may see a slip: the office all, others those sent to their units.
fn may_see(context: &Context<'_>, slip: &Slip) -> bool {
    let plan = &context.frame.plan;
    let units = slip.sent.as_ref().map(|sent| plan.current_unit(&sent.unit));
    let member = context
        .person
        .and_then(|person| context.frame.plan.member(person));
    let own = units.zip(member);
    decides(context) || own.is_some_and(|(unit, member)| member.units.contains(unit))
}

fn show(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let context = turn.context;
    let Some(slip) = context.standing.slips.get(&seq) else {
        return group::on_unknown_press(turn);
    };
    if !may_see(context, slip) {
        return turn.refuse(event, SlipSay::NotYours(seq).into());
    }
    let decides = decides(context);
    turn.show(event, SlipSay::Card { slip: seq, decides }.into());
}

/// The office's own words for a slip: shown as it would go out.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, slip: u64, held: bool, text: &str) {
    if let Some(refusal) = decide::obstacle(turn.context, slip, held) {
        turn.state.waiting = None;
        return turn.tell_here(refusal.into());
    }
    let words = text.to_owned();
    let waits = Waits::SlipCheck {
        slip,
        held,
        words: words.clone(),
    };
    matter::wait(turn, waits);
    turn.tell_here(SlipSay::WordsRead { slip, words }.into());
}
