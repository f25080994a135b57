//! What one unit's answer asks of others: coordination (需协调) and co-signing (会签). A matter is not a task: it ends by the
//! asking unit's next report that names it no more, or by a tap of that unit or the office; silence ends nothing.

mod cosign;
mod need;
mod press;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{ChatKind, Event, Happening, Say, Turn, group};
use crate::plan::{PersonId, TaskId, UnitId};

pub use cosign::signing;
pub use need::{Hand, matters};
pub(super) use press::plain;
pub use press::{Press, on_press};

/// Characters a free text of this slice, and of the slips', may have.
pub const MOST_SENTENCE: usize = 1_000;

/// A step that waits for words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Waits {
    /// A sentence to an answer on a matter; it may be left out.
    Sentence {
        /// Which matter.
        matter: u64,
        /// 已协助, or 需上级协调.
        helped: bool,
    },
    /// Words to a co-signature.
    Signature {
        /// On which task.
        task: TaskId,
        /// Seq of the report.
        report: u64,
        /// 异议; otherwise 补充.
        objects: bool,
    },
    /// 修改: the office's own words for a slip.
    SlipWords {
        /// Which.
        slip: u64,
        /// Whether it was put off before.
        held: bool,
    },
    /// They were read and wait for 发出.
    SlipCheck {
        /// Which.
        slip: u64,
        /// Whether it was put off before.
        held: bool,
        /// The words.
        words: String,
    },
}

/// An answer that waits for a lead's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// The task.
    pub task: TaskId,
    /// Seq of the report.
    pub report: u64,
    /// For which unit the person signs.
    pub unit: UnitId,
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatterSay {
    /// `/matters`: the open ones; those named have a button for the reader.
    List {
        /// Page from 0.
        page: usize,
        /// Seqs of matters the reader may do something about.
        own: Vec<u64>,
    },
    /// One matter, with what the reader may do about it.
    Card {
        /// Seq.
        matter: u64,
        /// The reader's buttons.
        hand: Hand,
    },
    /// An answer was tapped: a sentence may follow.
    SentenceWanted {
        /// Seq.
        matter: u64,
        /// 已协助, or 需上级协调.
        helped: bool,
    },
    /// The alert: not this person's to answer, or to settle.
    NotYours {
        /// Seq.
        matter: u64,
        /// To answer; otherwise to settle.
        answering: bool,
    },
    /// The alert: it is over.
    OverAlready(u64),
    /// Answers to co-sign; what was just signed stands above.
    Sheet {
        /// Just signed.
        done: Option<ToSign>,
        /// Still to sign.
        open: Vec<ToSign>,
    },
    /// The state of one answer's signature, with the three buttons.
    Signing(ToSign),
    /// Words of a 补充 or 异议 are wanted.
    SignatureWanted {
        /// To what.
        what: ToSign,
        /// 异议; otherwise 补充.
        objects: bool,
    },
    /// The alert: not this person's to sign (any more).
    NotToSign(TaskId),
    /// The alert: a newer answer took the place of the one shown.
    NewerAnswer(TaskId),
    /// To the office and the author: a lead objected, with the reason.
    Objected {
        /// To what.
        what: ToSign,
        /// By whom.
        by: PersonId,
    },
    /// Too many characters.
    TooLong(usize),
    /// Words expected, something else came.
    WordsExpected,
    /// The step was left.
    Left,
}

impl From<MatterSay> for Say {
    fn from(say: MatterSay) -> Self {
        Self::Matter(say)
    }
}

/// Words for an open step of this slice or of the slips'; false when they are not for it.
pub(super) fn on_words(turn: &mut Turn<'_, '_>, event: &Event, waits: Waits) -> bool {
    let text = match &event.happening {
        Happening::Text { text, .. } => text.trim(),
        Happening::Media { .. } => {
            turn.tell_here(MatterSay::WordsExpected.into());
            ask_again(turn, waits);
            return true;
        }
        _ => return false,
    };
    if super::report::is_quit(text) {
        turn.state.waiting = None;
        turn.tell_here(MatterSay::Left.into());
        return true;
    }
    let length = text.chars().count();
    if length > MOST_SENTENCE {
        turn.tell_here(MatterSay::TooLong(length).into());
        return true;
    }
    if text.is_empty() {
        ask_again(turn, waits);
        return true;
    }
    match waits {
        Waits::Sentence { matter, helped } => need::answer(turn, event, matter, helped, Some(text)),
        Waits::Signature {
            task,
            report,
            objects,
        } => cosign::on_text(turn, event, &task, report, objects, text),
        Waits::SlipWords { slip, held } | Waits::SlipCheck { slip, held, .. } => {
            super::slip::on_text(turn, slip, held, text);
        }
    }
    true
}

/// Asks again what the open step waits for.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>, waits: Waits) {
    match waits {
        Waits::Sentence { matter, helped } => {
            turn.tell_here(MatterSay::SentenceWanted { matter, helped }.into());
        }
        Waits::Signature {
            task,
            report,
            objects,
        } => match cosign::to_sign(turn.context, &task, report) {
            Ok(what) => turn.tell_here(MatterSay::SignatureWanted { what, objects }.into()),
            Err(refusal) => {
                turn.state.waiting = None;
                turn.tell_here(refusal.into());
            }
        },
        Waits::SlipWords { slip, .. } => {
            turn.tell_here(super::slip::SlipSay::WordsWanted(slip).into())
        }
        Waits::SlipCheck { slip, words, .. } => {
            turn.tell_here(super::slip::SlipSay::WordsRead { slip, words }.into());
        }
    }
}

/// The step that waits, if it is one of these.
pub(super) fn open_step(turn: &Turn<'_, '_>) -> Option<Waits> {
    match &turn.state.waiting {
        Some(super::office::Waiting::Matter { waits }) => Some(waits.clone()),
        Some(_) | None => None,
    }
}

pub(super) fn wait(turn: &mut Turn<'_, '_>, waits: Waits) {
    turn.state.waiting = Some(super::office::Waiting::Matter { waits });
}

/// Buttons that decide stand in private chats alone.
fn is_private(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    if event.place.kind == ChatKind::Private {
        return true;
    }
    group::on_unknown_press(turn);
    false
}
