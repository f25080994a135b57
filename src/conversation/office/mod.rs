//! The office's acts: go-live and pauses, terms (口径), adoption of a changed plan, the initial baseline (初始台账).

mod adoption;
mod baseline;
mod basis;
mod change;
pub mod impartial;
mod live;
mod offer;
mod press;
mod terms;
#[cfg(test)]
mod tests;
mod wording;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::assign::AssignSay;
use super::report::is_quit;
use super::{
    ChatKind, Event, Happening, Say, Turn, assign, group, matter, meeting, query, request, roster,
    trail,
};
use crate::ledger::{Actor, TaskEnd};
use crate::plan::{Access, DoubtId, Hash, PersonId, Right, Sets, TaskId};

pub use adoption::{AdoptionSay, plan};
pub use baseline::{BaselineSay, BaselineTask, baseline_tasks};
pub use basis::Pending;
pub use change::{Change, ChangeSay, change_stamp};
pub use live::{LiveSay, golive, pause, resume};
pub use offer::{Offer, Touched, offer_of};
pub use press::{MoveAnswer, Press, decides_on_a_send, on_press, stamp_of};
pub use terms::{DoubtDone, TermsSay, open_doubts, terms, words_stamp};

/// Characters a reason, or words on the terms, may have.
pub const MOST_WORDS: usize = 300;

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum OfficeSay {
    /// Go-live and pauses.
    Live(LiveSay),
    /// Terms.
    Terms(TermsSay),
    /// Adoption of a changed plan.
    Adoption(AdoptionSay),
    /// The initial baseline.
    Baseline(BaselineSay),
    /// Words expected, something else came.
    WordsExpected,
    /// Longer than [`MOST_WORDS`].
    TooLong(usize),
    /// A message of unknown outcome was decided on.
    UnknownDecided {
        /// 已见到, or to be sent again.
        seen: bool,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody decided on it before, or it needs no decision.
    UnknownDecidedBefore,
    /// The dialogue was left.
    Left,
    /// To other members of the office, of an act of one of them.
    Told(Box<OfficeSay>),
}

impl From<OfficeSay> for Say {
    fn from(say: OfficeSay) -> Self {
        Self::Office(say)
    }
}

/// A dialogue of the office that waits for words. All of them live in private chats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Waiting {
    /// `/pause`: the reason.
    PauseReason,
    /// 写明: words on this doubt.
    TermsWords {
        /// Which.
        doubt: DoubtId,
    },
    /// Words read, to be confirmed.
    TermsCheck {
        /// On which doubt.
        doubt: DoubtId,
        /// The words.
        words: String,
        /// What they set.
        sets: Sets,
        /// On what basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<String>,
    },
    /// The basis (依据) of a settlement.
    Basis {
        /// Of what.
        pending: basis::Pending,
    },
    /// All proposals, to be confirmed.
    TermsAll {
        /// On what basis.
        basis: Option<String>,
    },
    /// `/terms 6-1`: the new value.
    TermsValue {
        /// Of what.
        change: change::Change,
    },
    /// Old and new, to be confirmed.
    TermsChange {
        /// What.
        change: change::Change,
        /// On what basis.
        basis: Option<String>,
    },
    /// 采用: what becomes of vanished tasks, one by one, before anything is adopted.
    Vanished {
        /// The offered adoption.
        offered: Hash,
        /// Decided so far.
        ends: Vec<(TaskId, TaskEnd)>,
    },
    /// 补充 on an item that another unit files; anybody's, not the office's alone.
    Supplement {
        /// Which.
        task: TaskId,
    },
    /// A step on a matter, a co-signature or a slip; not the office's alone.
    Matter {
        /// Which step.
        waits: matter::Waits,
    },
    /// An extension, a closure, or the office's word on one.
    Request {
        /// Where it stands.
        step: request::Step,
    },
    /// A dialogue on people; anybody's.
    Roster(roster::Dialogue),
    /// A new deadline for a baseline task.
    NewDue {
        /// Which.
        task: TaskId,
    },
    /// Assigned items, meetings, projects.
    Assign {
        /// Which talk, how far.
        talk: Box<assign::Talk>,
    },
    /// Words that are to be removed.
    Redact {
        /// How far.
        removing: trail::Removing,
    },
    /// A meeting that is being called.
    Meeting {
        /// How far.
        draft: Box<meeting::Draft>,
    },
}

impl Waiting {
    /// Characters its words may have; talks with steps of their own count there.
    fn most_words(&self) -> usize {
        match self {
            Self::Assign { .. }
            | Self::Meeting { .. }
            | Self::Matter { .. }
            | Self::Request { .. }
            | Self::Redact { .. }
            | Self::Roster(_) => usize::MAX,
            Self::PauseReason
            | Self::TermsWords { .. }
            | Self::TermsCheck { .. }
            | Self::Basis { .. }
            | Self::TermsAll { .. }
            | Self::TermsValue { .. }
            | Self::TermsChange { .. }
            | Self::Vanished { .. }
            | Self::NewDue { .. }
            | Self::Supplement { .. } => MOST_WORDS,
        }
    }

    fn right(&self) -> Right {
        match self {
            Self::PauseReason => Right::Pause,
            Self::TermsWords { .. }
            | Self::TermsCheck { .. }
            | Self::Basis { .. }
            | Self::TermsAll { .. }
            | Self::TermsValue { .. }
            | Self::TermsChange { .. } => Right::SettleTerms,
            Self::Vanished { .. } | Self::NewDue { .. } => Right::Adopt,
            // Which item takes a supplement from whom is asked again with the words; so are these.
            Self::Supplement { .. } | Self::Matter { .. } | Self::Request { .. } => {
                Right::SeeStatus
            }
            Self::Roster(dialogue) => dialogue.right(),
            Self::Assign { .. } | Self::Meeting { .. } => Right::Assign,
            Self::Redact { .. } => Right::Redact,
        }
    }
}

/// Words (or anything else) that an open dialogue of the office waits for; false when none does.
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    let Some(waiting) = turn.state.waiting.clone() else {
        return false;
    };
    if event.place.kind != ChatKind::Private {
        return false;
    }
    if let Waiting::Matter { waits } = waiting {
        return matter::on_words(turn, event, waits);
    }
    if let Waiting::Request { step } = waiting {
        return request::on_words(turn, event, step);
    }
    if let Waiting::Redact { removing } = waiting {
        return trail::on_words(turn, event, removing);
    }
    let text = match &event.happening {
        Happening::Text { text, .. } => text.trim(),
        Happening::Media { .. } => {
            turn.tell_here(OfficeSay::WordsExpected.into());
            ask_again(turn);
            return true;
        }
        _ => return false,
    };
    if let Access::Refused(why) = turn.context.may(&waiting.right()) {
        turn.state.waiting = None;
        group::refuse(turn, event, why);
        return true;
    }
    let length = text.chars().count();
    if length > waiting.most_words() {
        turn.tell_here(OfficeSay::TooLong(length).into());
        return true;
    }
    match waiting {
        Waiting::PauseReason => live::pause_with(turn, event, text),
        Waiting::TermsWords { doubt } | Waiting::TermsCheck { doubt, .. } => {
            terms::on_text(turn, doubt, text);
        }
        Waiting::Basis { .. } | Waiting::TermsValue { .. } if is_quit(text) => cancel(turn),
        Waiting::Basis { pending } => basis::on_text(turn, event, pending, text),
        Waiting::TermsValue { change } => change::on_text(turn, change, text),
        Waiting::TermsAll { .. } | Waiting::TermsChange { .. } => ask_again(turn),
        Waiting::Vanished { offered, ends } => adoption::on_text(turn, offered, ends, text),
        Waiting::NewDue { task } => baseline::on_text(turn, event, task, text),
        Waiting::Roster(dialogue) => roster::on_text(turn, dialogue, text),
        Waiting::Supplement { task } => query::supplement::on_text(turn, task, text),
        Waiting::Matter { .. } | Waiting::Request { .. } | Waiting::Redact { .. } => {}
        Waiting::Assign { talk } => assign::on_text(turn, *talk, text),
        Waiting::Meeting { draft } => meeting::on_text(turn, *draft, text),
    }
    true
}

/// Asks again what the open dialogue waits for.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>) {
    match turn.state.waiting.clone() {
        None => {}
        Some(Waiting::PauseReason) => {
            turn.tell_here(LiveSay::ReasonWanted { waits: true }.into());
        }
        Some(Waiting::TermsWords { doubt }) => turn.tell_here(TermsSay::WordsWanted(doubt).into()),
        Some(Waiting::TermsCheck {
            doubt,
            words,
            sets,
            basis,
        }) => {
            let say = TermsSay::WordsRead {
                doubt,
                words,
                sets,
                basis,
            };
            turn.tell_here(say.into());
        }
        Some(Waiting::Basis { pending }) => basis::ask(turn, None, pending),
        Some(Waiting::TermsAll { basis }) => turn.tell_here(TermsSay::AllSure { basis }.into()),
        Some(Waiting::TermsValue { change }) => change::ask_value(turn, None, change),
        Some(Waiting::TermsChange { change, basis }) => {
            turn.tell_here(ChangeSay::Preview { change, basis }.into());
        }
        Some(Waiting::Vanished { offered, ends }) => adoption::ask_next(turn, None, offered, ends),
        Some(Waiting::Roster(dialogue)) => roster::ask_again(turn, dialogue),
        Some(Waiting::Supplement { task }) => query::supplement::ask(turn, &task),
        Some(Waiting::Matter { waits }) => matter::ask_again(turn, waits),
        Some(Waiting::Request { step }) => request::ask(turn, step),
        Some(Waiting::Redact { removing }) => trail::ask_again(turn, removing),
        Some(Waiting::Assign { talk }) => turn.tell_here(AssignSay::Ask(talk).into()),
        Some(Waiting::Meeting { draft }) => turn.tell_here(meeting::MeetingSay::Ask(draft).into()),
        Some(Waiting::NewDue { task }) => turn.tell_here(BaselineSay::DueWanted(task).into()),
    }
}

/// 退出 of an open dialogue, by its button or in words; a report that stands behind it stays open.
pub(super) fn cancel(turn: &mut Turn<'_, '_>) {
    turn.state.waiting = None;
    turn.tell_here(OfficeSay::Left.into());
}

/// Who acts. Slices are entered by bound people alone.
fn own(turn: &Turn<'_, '_>) -> Option<PersonId> {
    turn.context.person.cloned()
}

/// Silent word of an act to the other members of the office.
fn tell_others(turn: &mut Turn<'_, '_>, own: &PersonId, say: OfficeSay) {
    let told = OfficeSay::Told(Box::new(say));
    super::people::tell_office_but(turn, own, told.into());
}

fn by_person(own: &PersonId) -> Actor {
    Actor::Person(own.clone())
}
