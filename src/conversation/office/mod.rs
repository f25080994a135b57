//! The office's acts: go-live and pauses, terms (口径), adoption of a changed plan, the initial baseline (初始台账).

mod adoption;
mod baseline;
mod live;
mod press;
mod terms;
#[cfg(test)]
mod tests;
mod wording;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{ChatKind, Event, Happening, PlannedSend, Say, Turn, group};
use crate::ledger::{Actor, Decided, TaskEnd};
use crate::plan::{Access, DoubtId, Hash, PersonId, Right, Sets, TaskId};

pub use adoption::{Offer, Touched, offer_of, plan};
pub use baseline::{BaselineTask, baseline_tasks};
pub use live::{golive, pause, resume};
pub use press::{MoveAnswer, Press, on_press, stamp_of};
pub use terms::{open_doubts, terms};

/// Characters a reason, or words on the terms, may have.
pub const MOST_WORDS: usize = 300;

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum OfficeSay {
    /// `/golive`: who is unbound, what is open, what would be sent first.
    GoliveOverview {
        /// On the roster and not bound.
        unbound: Vec<PersonId>,
        /// Open doubts.
        doubts: usize,
        /// The next ten sends.
        sends: Vec<PlannedSend>,
    },
    /// The first tap was given; the second starts it.
    GoliveSure,
    /// It is live now.
    WentLive(PersonId),
    /// It was live already.
    LiveAlready(Option<Decided>),
    /// Nothing starts without a group.
    NoGroup,
    /// Nothing to pause: it is not live.
    NotLive,
    /// `/pause` wants a reason.
    ReasonWanted {
        /// True where the words may follow on their own (private chat).
        waits: bool,
    },
    /// A day of a pause that is past.
    DayPast(NaiveDate),
    /// Paused.
    Paused {
        /// By whom.
        by: PersonId,
        /// Why.
        reason: String,
        /// Last day.
        until: Option<NaiveDate>,
    },
    /// It is paused already, since and by whom, and why.
    PausedAlready(Option<Decided>),
    /// It goes on.
    Resumed(PersonId),
    /// It was not paused.
    NotPaused(Option<Decided>),
    /// No open terms.
    NoOpenTerms,
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
    TermsLeft {
        /// How many.
        open: usize,
        /// What became of the last one.
        before: Option<DoubtDone>,
    },
    /// All proposals at once: asks once more.
    AllTermsSure,
    /// All proposals were taken.
    AllTermsTaken(usize),
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
    },
    /// Words expected, something else came.
    WordsExpected,
    /// Longer than [`MOST_WORDS`].
    TooLong(usize),
    /// An offered plan and its difference.
    Offer(Box<Offer>),
    /// What adopting touches that the office settled.
    OfferTouches(Box<Offer>),
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
    AdoptionDeclined(PersonId),
    /// The alert: decided by somebody, or no longer offered.
    AdoptionDecided(Option<Decided>),
    /// Adopting would leave the office without anybody bound.
    NoOfficeLeft,
    /// To the filer of a vanished task.
    TaskEnded {
        /// Number and name.
        label: String,
        /// How.
        how: TaskEnd,
        /// Number and name of the task it was merged into.
        into: Option<String>,
    },
    /// `/plan` with nothing to decide.
    NothingToDecide,
    /// The initial baseline: what the office can close or set a new date for.
    Baseline(Vec<BaselineTask>),
    /// The alert: somebody decided it before.
    BaselineDecided(Option<Decided>),
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
    /// A message of unknown outcome was decided on.
    UnknownDecided {
        /// 已见到, or to be sent again.
        seen: bool,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime<Utc>,
    },
    /// The dialogue was left.
    Left,
    /// To other members of the office, of an act of one of them.
    Told(Box<OfficeSay>),
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
    },
    /// 采用: what becomes of vanished tasks, one by one, before anything is adopted.
    Vanished {
        /// The offered adoption.
        offered: Hash,
        /// Decided so far.
        ends: Vec<(TaskId, TaskEnd)>,
    },
    /// A new deadline for a baseline task.
    NewDue {
        /// Which.
        task: TaskId,
    },
}

impl Waiting {
    fn right(&self) -> Right {
        match self {
            Self::PauseReason => Right::Pause,
            Self::TermsWords { .. } | Self::TermsCheck { .. } => Right::SettleTerms,
            Self::Vanished { .. } | Self::NewDue { .. } => Right::Adopt,
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
    if length > MOST_WORDS {
        turn.tell_here(OfficeSay::TooLong(length).into());
        return true;
    }
    match waiting {
        Waiting::PauseReason => live::pause_with(turn, event, text),
        Waiting::TermsWords { doubt } | Waiting::TermsCheck { doubt, .. } => {
            terms::on_text(turn, doubt, text);
        }
        Waiting::Vanished { offered, ends } => adoption::on_text(turn, offered, ends, text),
        Waiting::NewDue { task } => baseline::on_text(turn, event, task, text),
    }
    true
}

/// Asks again what the open dialogue waits for.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>) {
    match turn.state.waiting.clone() {
        None => {}
        Some(Waiting::PauseReason) => {
            turn.tell_here(OfficeSay::ReasonWanted { waits: true }.into());
        }
        Some(Waiting::TermsWords { doubt }) => turn.tell_here(OfficeSay::WordsWanted(doubt).into()),
        Some(Waiting::TermsCheck { doubt, words, sets }) => {
            turn.tell_here(OfficeSay::WordsRead { doubt, words, sets }.into());
        }
        Some(Waiting::Vanished { offered, ends }) => adoption::ask_next(turn, None, offered, ends),
        Some(Waiting::NewDue { task }) => turn.tell_here(OfficeSay::DueWanted(task).into()),
    }
}

/// `/cancel` with an open dialogue.
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
    let told: Say = OfficeSay::Told(Box::new(say)).into();
    super::people::tell_office_but(turn, own, told);
}

fn by_person(own: &PersonId) -> Actor {
    Actor::Person(own.clone())
}
