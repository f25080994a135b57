//! Documents: the ledger workbook (台账), the report (简报), a calendar of deadlines. Here it is decided who gets which; they are made when they leave.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::query::find::{self, Found};
use super::query::{Question, digest};
use super::vocabulary::EVERYTHING;
use super::{Effect, Say, Turn, group};
use crate::plan::{Access, MeasureId, PersonId, Right};

/// A document that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// The ledger workbook (台账), of one measure or of all.
    Workbook {
        /// Which measure; none: all.
        measure: Option<MeasureId>,
    },
    /// The report (简报) in the layout of official documents.
    Bulletin,
    /// The board (进度看板), a picture; the one document that groups get.
    Board,
    /// Deadlines for a phone's calendar.
    Calendar {
        /// Of whose items; none: of all.
        person: Option<PersonId>,
    },
    /// All tables for programs, an object a line; sent at the end of the work, else on the host alone.
    Tables,
    /// The index of evidence (佐证材料目录), as the ledger tells of it; sent at the end of the work.
    EvidenceIndex,
}

impl Document {
    /// Everything there is when the work ends; no deadlines, as there are none any more.
    pub fn all_at_the_end(has_evidence: bool) -> Vec<Self> {
        let index = has_evidence.then_some(Self::EvidenceIndex);
        let all = [
            Self::Workbook { measure: None },
            Self::Bulletin,
            Self::Board,
            Self::Tables,
        ];
        all.into_iter().chain(index).collect()
    }
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentSay {
    /// No measure is called so.
    UnknownMeasure(String),
    /// What follows `/bulletin` is no number of a digest.
    WhichBulletin(String),
    /// There is no digest with this number.
    NoSuchDigest {
        /// As asked.
        number: u32,
        /// The newest there is.
        newest: Option<u32>,
    },
    /// The asker has no item with a deadline; `all`: they may have the deadlines of all.
    NoDeadlines {
        /// Whether they may.
        all: bool,
    },
}

impl From<DocumentSay> for Say {
    fn from(say: DocumentSay) -> Self {
        Self::Document(say)
    }
}

/// `/export`, with the measure if it is to be one alone.
pub fn export(turn: &mut Turn<'_, '_>, argument: &str) {
    if argument.is_empty() {
        return send(turn, vec![Document::Workbook { measure: None }], None);
    }
    match find::find(turn.context.frame, argument) {
        Found::One(Question::Measure(measure)) => {
            let measure = Some(measure);
            send(turn, vec![Document::Workbook { measure }], None);
        }
        Found::One(_) | Found::Many(_) | Found::Nothing => {
            turn.reply(DocumentSay::UnknownMeasure(find::cut(argument)).into());
        }
    }
}

/// `/bulletin`: as of now, or of a posted digest.
pub fn bulletin(turn: &mut Turn<'_, '_>, argument: &str) {
    if let Some(number) = number_in(turn, argument) {
        send(turn, vec![Document::Bulletin], number);
    }
}

/// `/board`: the picture of where everything stands now.
pub fn board(turn: &mut Turn<'_, '_>) {
    send(turn, vec![Document::Board], None);
}

/// `/pack`: all documents of one moment.
pub fn pack(turn: &mut Turn<'_, '_>, argument: &str) {
    if let Some(number) = number_in(turn, argument) {
        let all = vec![
            Document::Workbook { measure: None },
            Document::Bulletin,
            Document::Calendar { person: None },
            Document::Board,
        ];
        send(turn, all, number);
    }
}

/// `/calendar`: the asker's own deadlines; those of all for whoever may take the ledger out.
pub fn calendar(turn: &mut Turn<'_, '_>, argument: &str) {
    if EVERYTHING
        .iter()
        .any(|word| argument.eq_ignore_ascii_case(word))
    {
        return match turn.context.may(&Right::Export) {
            Access::Allowed => send(turn, vec![Document::Calendar { person: None }], None),
            Access::Refused(why) => turn.reply(group::GroupSay::Refused(why).into()),
        };
    }
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    if !has_deadlines(turn, &person) {
        let all = turn.context.may(&Right::Export) == Access::Allowed;
        return turn.reply(DocumentSay::NoDeadlines { all }.into());
    }
    let person = Some(person);
    send(turn, vec![Document::Calendar { person }], None);
}

fn has_deadlines(turn: &Turn<'_, '_>, person: &PersonId) -> bool {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let today = crate::calendar::date_of(turn.context.now);
    !frame.deadlines(standing, Some(person), today).is_empty()
}

/// The number of a posted digest after a command; an inner none: as of now. None where the asker was told what is wrong.
fn number_in(turn: &mut Turn<'_, '_>, argument: &str) -> Option<Option<u32>> {
    if argument.is_empty() {
        return Some(None);
    }
    let Some(number) = digest::number(argument) else {
        turn.reply(DocumentSay::WhichBulletin(find::cut(argument)).into());
        return None;
    };
    let posted = &turn.context.standing.digests;
    if posted.iter().any(|posted| posted.number == number) {
        return Some(Some(number));
    }
    let newest = posted.last().map(|posted| posted.number);
    turn.reply(DocumentSay::NoSuchDigest { number, newest }.into());
    None
}

fn send(turn: &mut Turn<'_, '_>, documents: Vec<Document>, number: Option<u32>) {
    turn.push(Effect::SendDocuments { documents, number });
}
