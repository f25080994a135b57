//! Documents: the ledger workbook (台账), the report (简报), a calendar of deadlines, pictures. Here it is decided who gets which; they are made when they leave.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::query::find::{self, Found};
use super::query::{Question, digest};
use super::vocabulary::EVERYTHING;
use super::{Effect, Say, Turn, group};
use crate::ledger::Frame;
use crate::plan::{Access, MeasureId, PersonId, Right, TaskKind};

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
    /// The board (进度看板) with its trend, pictures; groups get them too.
    Board,
    /// The targets of one measure over time (进度曲线), pictures.
    Chart {
        /// Which measure; none: the general targets.
        measure: Option<MeasureId>,
    },
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

    /// Whether it is sent as pictures, of which several make one album.
    pub fn is_pictures(&self) -> bool {
        match self {
            Self::Board | Self::Chart { .. } => true,
            Self::Workbook { .. }
            | Self::Bulletin
            | Self::Calendar { .. }
            | Self::Tables
            | Self::EvidenceIndex => false,
        }
    }
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentSay {
    /// No measure is called so.
    UnknownMeasure(String),
    /// `/chart` with nothing behind it.
    WhichMeasure,
    /// What follows `/chart` is no measure and none of its targets.
    NoSuchMeasure(String),
    /// What follows `/chart` may be several measures.
    SeveralMeasures(String),
    /// What follows this command is no number of a digest.
    WhichDigest {
        /// The command.
        command: Command,
        /// As typed.
        typed: String,
    },
    /// There is no digest with this number.
    NoSuchDigest {
        /// The command.
        command: Command,
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
    if let Some(number) = number_in(turn, Command::Bulletin, argument) {
        send(turn, vec![Document::Bulletin], number);
    }
}

/// `/board`: the pictures of where everything stands now, or stood at a posted digest.
pub fn board(turn: &mut Turn<'_, '_>, argument: &str) {
    if let Some(number) = number_in(turn, Command::Board, argument) {
        send(turn, vec![Document::Board], number);
    }
}

/// `/chart 6`: the targets of a measure over time; of a target those of its measure.
pub fn chart(turn: &mut Turn<'_, '_>, argument: &str) {
    if argument.is_empty() {
        return turn.reply(DocumentSay::WhichMeasure.into());
    }
    let frame = turn.context.frame;
    let found = match find::find(frame, argument) {
        Found::One(question) => vec![question],
        Found::Many(questions) => questions,
        Found::Nothing => Vec::new(),
    };
    let mut measures: Vec<Option<MeasureId>> = Vec::new();
    for measure in found.iter().filter_map(|found| charted(frame, found)) {
        if !measures.contains(&measure) {
            measures.push(measure);
        }
    }
    match measures.pop() {
        Some(measure) if measures.is_empty() => {
            send(turn, vec![Document::Chart { measure }], None);
        }
        Some(_) => turn.reply(DocumentSay::SeveralMeasures(find::cut(argument)).into()),
        None => turn.reply(DocumentSay::NoSuchMeasure(find::cut(argument)).into()),
    }
}

/// The measure whose targets are meant, an inner none for the general ones; none where no measure is.
fn charted(frame: &Frame, found: &Question) -> Option<Option<MeasureId>> {
    match found {
        Question::Measure(measure) => Some(Some(measure.clone())),
        Question::Task(id) => {
            let task = frame.plan.task(id)?;
            match task.kind {
                TaskKind::Indicator(_) | TaskKind::Narrative(_) => Some(task.measure.clone()),
                TaskKind::Assigned(_) | TaskKind::Stage(_) => task.measure.clone().map(Some),
            }
        }
        Question::Overview
        | Question::WithLight(_)
        | Question::Measures
        | Question::Units
        | Question::Unit(_)
        | Question::Person(_)
        | Question::Overdue
        | Question::Missing
        | Question::History(_)
        | Question::TakesPart(_) => None,
    }
}

/// `/pack`: all documents of one moment.
pub fn pack(turn: &mut Turn<'_, '_>, argument: &str) {
    if let Some(number) = number_in(turn, Command::Pack, argument) {
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
fn number_in(turn: &mut Turn<'_, '_>, command: Command, argument: &str) -> Option<Option<u32>> {
    if argument.is_empty() {
        return Some(None);
    }
    let Some(number) = digest::number(argument) else {
        let typed = find::cut(argument);
        turn.reply(DocumentSay::WhichDigest { command, typed }.into());
        return None;
    };
    let posted = &turn.context.standing.digests;
    if posted.iter().any(|posted| posted.number == number) {
        return Some(Some(number));
    }
    let newest = posted.last().map(|posted| posted.number);
    let say = DocumentSay::NoSuchDigest {
        command,
        number,
        newest,
    };
    turn.reply(say.into());
    None
}

fn send(turn: &mut Turn<'_, '_>, documents: Vec<Document>, number: Option<u32>) {
    turn.push(Effect::SendDocuments { documents, number });
}
