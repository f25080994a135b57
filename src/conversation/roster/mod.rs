//! People as they come and go: absence (出差, 休假).

mod away;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::payload::{id_of, split_two};
use super::{Event, Say, Turn, office};
use crate::ledger::{Absence, AwayKind};
use crate::plan::{PersonId, Right};

pub use away::{AwaySay, away, back};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum RosterSay {
    /// Of absences.
    Away(AwaySay),
}

impl From<AwaySay> for Say {
    fn from(say: AwaySay) -> Self {
        Self::Roster(RosterSay::Away(say))
    }
}

/// A dialogue of this slice, in a private chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialogue {
    /// The days of an absence.
    Days(PersonId, AwayKind),
    /// Who stands in.
    StandIn(Absence),
}

/// Buttons of this slice. They name things, never a right: the presser's own rights count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 出差 or 休假 of a person.
    Kind(PersonId, AwayKind),
    /// Who stands in during the absence that begins that day; none: nobody.
    StandIn(NaiveDate, Option<PersonId>),
    /// 退出.
    Leave,
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Kind(person, AwayKind::Trip) => format!("t:{person}"),
            Self::Kind(person, AwayKind::Leave) => format!("l:{person}"),
            Self::StandIn(from, Some(person)) => format!("s:{from}:{person}"),
            Self::StandIn(from, None) => format!("n:{from}"),
            Self::Leave => "x".to_owned(),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        let person = |text| id_of(text).map(PersonId::new);
        Some(match letter {
            "t" => Self::Kind(person(rest)?, AwayKind::Trip),
            "l" => Self::Kind(person(rest)?, AwayKind::Leave),
            "s" => {
                let (from, id) = split_two(rest)?;
                Self::StandIn(from.parse().ok()?, Some(person(id)?))
            }
            "n" => Self::StandIn(rest.parse().ok()?, None),
            "x" if rest.is_empty() => Self::Leave,
            _ => return None,
        })
    }
}

impl Dialogue {
    pub(super) fn right(&self) -> Right {
        match self {
            Self::Days(..) | Self::StandIn(_) => Right::SetAway,
        }
    }
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    match press {
        Press::Kind(person, kind) => away::on_kind(turn, event, person, kind),
        Press::StandIn(from, person) => away::on_stand_in(turn, event, from, person),
        Press::Leave => office::cancel(turn),
    }
}

/// Words that a dialogue of this slice waits for.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, dialogue: Dialogue, text: &str) {
    match dialogue {
        Dialogue::Days(person, kind) => away::on_days(turn, person, kind, text),
        Dialogue::StandIn(absence) => away::on_stand_in_named(turn, absence, text),
    }
}

/// Asks again what a dialogue waits for.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>, dialogue: Dialogue) {
    match dialogue {
        Dialogue::Days(person, kind) => turn.tell_here(AwaySay::DaysWanted(person, kind).into()),
        Dialogue::StandIn(absence) => away::ask_stand_in(turn, absence),
    }
}
