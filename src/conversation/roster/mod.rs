//! People as they come and go: absence (出差, 休假), liaisons (联络员), replacement (人员接替), units (机构变动).

mod away;
mod liaison;
pub mod names;
mod replace;
#[cfg(test)]
mod tests;
mod units;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::office::Waiting;
use super::payload::{id_of, split_two};
use super::{Event, Say, Turn, assign, group, office, report};
use crate::ledger::{Absence, AwayKind};
use crate::plan::{Access, PersonId, Right};

pub use away::{AwaySay, away, back};
pub use liaison::{LiaisonSay, liaison};
pub use replace::{After, ReplaceSay, replace};
pub use units::{Kind, UnitSay, UnitStep, UnitTap, unit};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum RosterSay {
    /// Of absences.
    Away(AwaySay),
    /// Of liaisons.
    Liaison(LiaisonSay),
    /// Of replacements.
    Replace(ReplaceSay),
    /// Of units.
    Unit(UnitSay),
}

impl From<AwaySay> for Say {
    fn from(say: AwaySay) -> Self {
        Self::Roster(RosterSay::Away(say))
    }
}

impl From<LiaisonSay> for Say {
    fn from(say: LiaisonSay) -> Self {
        Self::Roster(RosterSay::Liaison(say))
    }
}

impl From<ReplaceSay> for Say {
    fn from(say: ReplaceSay) -> Self {
        Self::Roster(RosterSay::Replace(say))
    }
}

impl From<UnitSay> for Say {
    fn from(say: UnitSay) -> Self {
        Self::Roster(RosterSay::Unit(say))
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
    /// Name and post of a liaison.
    LiaisonName,
    /// To whom the cards go then.
    LiaisonAsked(names::Named),
    /// Who leaves.
    Leaving,
    /// Who comes after this person.
    After(PersonId),
    /// The replacement, once more.
    ReplaceSure(PersonId, After),
    /// A change of units.
    Unit(UnitStep),
}

/// Buttons of this slice. They name things, never a right: the presser's own rights count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 出差 or 休假 of a person.
    Kind(PersonId, AwayKind),
    /// Who stands in during the absence that begins that day; none: nobody.
    StandIn(NaiveDate, Option<PersonId>),
    /// Whether the cards go to the liaison from now on.
    LiaisonAsked(bool),
    /// 同意 or 不同意 of a naming, by its seq.
    LiaisonDecide(u64, bool),
    /// 撤回 of a naming.
    LiaisonWithdraw(u64),
    /// 结束 of a liaison; the second time for good.
    LiaisonEnd(PersonId, bool),
    /// 确认接替.
    ReplaceSure,
    /// A tap on a step of a change of units.
    Unit(UnitTap),
    /// 撤销 of a change of the roster, by its seq; the second time for good.
    Undo(u64, bool),
    /// 上一步 of the open dialogue.
    Back,
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
            Self::LiaisonAsked(true) => "a:l".to_owned(),
            Self::LiaisonAsked(false) => "a:m".to_owned(),
            Self::LiaisonDecide(seq, true) => format!("y:{seq}"),
            Self::LiaisonDecide(seq, false) => format!("N:{seq}"),
            Self::LiaisonWithdraw(seq) => format!("w:{seq}"),
            Self::LiaisonEnd(person, false) => format!("e:{person}"),
            Self::LiaisonEnd(person, true) => format!("E:{person}"),
            Self::ReplaceSure => "r".to_owned(),
            Self::Unit(tap) => encoded(tap),
            Self::Undo(seq, false) => format!("u:{seq}"),
            Self::Undo(seq, true) => format!("z:{seq}"),
            Self::Back => "B".to_owned(),
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
            "a" if rest == "l" => Self::LiaisonAsked(true),
            "a" if rest == "m" => Self::LiaisonAsked(false),
            "y" => Self::LiaisonDecide(rest.parse().ok()?, true),
            "N" => Self::LiaisonDecide(rest.parse().ok()?, false),
            "w" => Self::LiaisonWithdraw(rest.parse().ok()?),
            "e" => Self::LiaisonEnd(person(rest)?, false),
            "E" => Self::LiaisonEnd(person(rest)?, true),
            "r" if rest.is_empty() => Self::ReplaceSure,
            "u" => Self::Undo(rest.parse().ok()?, false),
            "z" => Self::Undo(rest.parse().ok()?, true),
            "B" if rest.is_empty() => Self::Back,
            "x" if rest.is_empty() => Self::Leave,
            letter => Self::Unit(decoded(letter, rest)?),
        })
    }
}

fn encoded(tap: &UnitTap) -> String {
    match tap {
        UnitTap::Kind(Kind::Rename) => "m:r".to_owned(),
        UnitTap::Kind(Kind::Merge) => "m:m".to_owned(),
        UnitTap::Kind(Kind::Split) => "m:s".to_owned(),
        UnitTap::Kind(Kind::Alias) => "m:a".to_owned(),
        UnitTap::Task(task) => format!("T:{task}"),
        UnitTap::Person(person) => format!("P:{person}"),
        UnitTap::Next => "k".to_owned(),
        UnitTap::Today => "d".to_owned(),
        UnitTap::NoBasis => "0".to_owned(),
        UnitTap::Back => "b".to_owned(),
        UnitTap::Sure => "R".to_owned(),
    }
}

fn decoded(letter: &str, rest: &str) -> Option<UnitTap> {
    Some(match (letter, rest) {
        ("m", "r") => UnitTap::Kind(Kind::Rename),
        ("m", "m") => UnitTap::Kind(Kind::Merge),
        ("m", "s") => UnitTap::Kind(Kind::Split),
        ("m", "a") => UnitTap::Kind(Kind::Alias),
        ("T", _) => UnitTap::Task(id_of(rest)?.into()),
        ("P", _) => UnitTap::Person(id_of(rest)?.into()),
        ("k", "") => UnitTap::Next,
        ("d", "") => UnitTap::Today,
        ("0", "") => UnitTap::NoBasis,
        ("b", "") => UnitTap::Back,
        ("R", "") => UnitTap::Sure,
        _ => return None,
    })
}

impl Dialogue {
    pub(super) fn right(&self) -> Right {
        match self {
            Self::Days(..) | Self::StandIn(_) => Right::SetAway,
            Self::LiaisonName | Self::LiaisonAsked(_) => Right::NameLiaison,
            Self::Leaving | Self::After(_) | Self::ReplaceSure(..) => Right::Replace,
            Self::Unit(_) => Right::ChangeUnits,
        }
    }
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    match press {
        Press::Kind(person, kind) => away::on_kind(turn, event, person, kind),
        Press::StandIn(from, person) => away::on_stand_in(turn, event, from, person),
        Press::LiaisonAsked(asked) => liaison::on_asked(turn, event, asked),
        Press::LiaisonDecide(seq, accepted) => liaison::on_decide(turn, event, seq, accepted),
        Press::LiaisonWithdraw(seq) => liaison::on_withdraw(turn, event, seq),
        Press::LiaisonEnd(person, sure) => liaison::on_end(turn, event, person, sure),
        Press::ReplaceSure => replace::on_sure(turn, event),
        Press::Unit(tap) => units::on_tap(turn, event, &tap),
        Press::Undo(seq, sure) => replace::on_undo(turn, event, seq, sure),
        Press::Back => back_pressed(turn, event),
        Press::Leave => office::cancel(turn),
    }
}

/// 上一步 of the dialogue that is open.
fn back_pressed(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(Waiting::Roster(dialogue)) = turn.state.waiting.clone() else {
        return turn.refuse(event, AwaySay::Stale.into());
    };
    match turn.context.may(&dialogue.right()) {
        Access::Allowed => go_back(turn, dialogue),
        Access::Refused(why) => group::refuse(turn, event, why),
    }
}

/// One step back; from the first one nowhere.
fn go_back(turn: &mut Turn<'_, '_>, dialogue: Dialogue) {
    let before = match dialogue {
        Dialogue::Days(person, _) => {
            turn.state.waiting = None;
            return turn.tell_here(AwaySay::KindWanted(person).into());
        }
        Dialogue::StandIn(absence) => Dialogue::Days(absence.person, absence.kind),
        Dialogue::LiaisonName | Dialogue::LiaisonAsked(_) => Dialogue::LiaisonName,
        Dialogue::Leaving | Dialogue::After(_) => Dialogue::Leaving,
        Dialogue::ReplaceSure(person, _) => Dialogue::After(person),
        // Its own buttons go back there.
        Dialogue::Unit(step) => Dialogue::Unit(step),
    };
    turn.state.waiting = Some(Waiting::Roster(before.clone()));
    ask_again(turn, before);
}

/// Words that a dialogue of this slice waits for.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, dialogue: Dialogue, text: &str) {
    if report::is_quit(text) {
        return office::cancel(turn);
    }
    if assign::is_back(text) && !matches!(dialogue, Dialogue::Unit(_)) {
        return go_back(turn, dialogue);
    }
    match dialogue {
        Dialogue::Days(person, kind) => away::on_days(turn, person, kind, text),
        Dialogue::StandIn(absence) => away::on_stand_in_named(turn, absence, text),
        // Another name takes the place of the one just given.
        Dialogue::LiaisonName | Dialogue::LiaisonAsked(_) => liaison::on_name(turn, text),
        Dialogue::Leaving => replace::on_leaving(turn, text),
        Dialogue::After(person) | Dialogue::ReplaceSure(person, _) => {
            replace::on_after(turn, person, text);
        }
        Dialogue::Unit(step) => units::on_text(turn, step, text),
    }
}

/// Asks again what a dialogue waits for.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>, dialogue: Dialogue) {
    match dialogue {
        Dialogue::Days(person, kind) => turn.tell_here(AwaySay::DaysWanted(person, kind).into()),
        Dialogue::StandIn(absence) => away::ask_stand_in(turn, absence),
        Dialogue::LiaisonName => {
            let member = turn.context.person.cloned();
            let ended_by = Vec::new();
            turn.tell_here(LiaisonSay::Wanted { member, ended_by }.into());
        }
        Dialogue::LiaisonAsked(named) => turn.tell_here(LiaisonSay::AskedWanted(named).into()),
        Dialogue::Leaving => turn.tell_here(ReplaceSay::WhoWanted.into()),
        Dialogue::After(person) => turn.tell_here(ReplaceSay::AfterWanted(person).into()),
        Dialogue::ReplaceSure(person, after) => {
            turn.tell_here(ReplaceSay::Sure(person, after).into());
        }
        Dialogue::Unit(step) => turn.tell_here(UnitSay::Ask(step).into()),
    }
}
