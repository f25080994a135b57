//! 出差, 休假: from–to and who stands in. It ends by itself, or by `/back`.

use chrono::NaiveDate;

use super::Dialogue;
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::office::Waiting;
use crate::conversation::vocabulary::UNTIL;
use crate::conversation::{Effect, Event, Manner, Turn, Whom, group, people};
use crate::ledger::{Absence, Act, AwayKind};
use crate::plan::{Access, PersonId, Right};

/// What is said of absences.
#[derive(Debug, Clone, PartialEq)]
pub enum AwaySay {
    /// Which kind; the person's present absence, if there is one, is told and would be replaced.
    KindWanted(PersonId),
    /// From when to when.
    DaysWanted(PersonId, AwayKind),
    /// Not two days, the last before the first, or past.
    DaysRefused(String),
    /// Who stands in, of these.
    StandInWanted(Absence, Vec<PersonId>),
    /// Nobody of these is called so.
    StandInRefused(String, Absence, Vec<PersonId>),
    /// On record.
    Set(Absence, PersonId),
    /// Over, by whom.
    Ended(PersonId, PersonId),
    /// To whoever stands in.
    YouStandIn(Absence),
    /// Nobody is away.
    NotAway(PersonId),
    /// No such name.
    NotOnRoster(String),
    /// The button is of another dialogue.
    Stale,
}

/// `/away [姓名]`.
pub fn away(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    if let Some(person) = whose(turn, event, argument) {
        turn.tell_here(AwaySay::KindWanted(person).into());
    }
}

/// `/back [姓名]`.
pub fn back(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let Some(person) = whose(turn, event, argument) else {
        return;
    };
    let today = calendar::date_of(turn.context.now);
    let absence = turn.context.standing.people.absences.get(&person);
    if absence.is_none_or(|it| it.until < today) {
        return turn.tell_here(AwaySay::NotAway(person).into());
    }
    turn.push(Effect::Append(Act::AwayEnded {
        person: person.clone(),
    }));
    if let Some(own) = turn.context.person.cloned() {
        let say = AwaySay::Ended(person.clone(), own.clone());
        turn.tell_here(say.clone().into());
        if person != own {
            tell(turn, &person, say.clone());
        }
        people::tell_office_but(turn, &own, say.into());
    }
}

/// The person meant: oneself, or by the office somebody else. None after an answer.
fn whose(turn: &mut Turn<'_, '_>, event: &Event, name: &str) -> Option<PersonId> {
    let plan = &turn.context.frame.plan;
    let person = match plan.find_member(name) {
        Some(member) => member.id.clone(),
        None if name.is_empty() => turn.context.person?.clone(),
        None => {
            turn.tell_here(AwaySay::NotOnRoster(name.to_owned()).into());
            return None;
        }
    };
    allowed(turn, event, &person).then_some(person)
}

/// One's own absence is one's own, anybody else's the office's.
fn allowed(turn: &mut Turn<'_, '_>, event: &Event, person: &PersonId) -> bool {
    let right = match turn.context.person == Some(person) {
        true => Right::SetAway,
        false => Right::SetOthersAway,
    };
    match turn.context.may(&right) {
        Access::Allowed => true,
        Access::Refused(why) => {
            group::refuse(turn, event, why);
            false
        }
    }
}

pub(super) fn on_kind(turn: &mut Turn<'_, '_>, event: &Event, person: PersonId, kind: AwayKind) {
    if turn.context.frame.plan.member(&person).is_none() {
        return group::on_unknown_press(turn);
    }
    if !allowed(turn, event, &person) {
        return;
    }
    turn.state.waiting = Some(Waiting::Roster(Dialogue::Days(person.clone(), kind)));
    turn.show(event, AwaySay::DaysWanted(person, kind).into());
}

pub(super) fn on_days(turn: &mut Turn<'_, '_>, person: PersonId, kind: AwayKind, text: &str) {
    let today = calendar::date_of(turn.context.now);
    let Some((from, until)) = days(text, today) else {
        return turn.tell_here(AwaySay::DaysRefused(text.to_owned()).into());
    };
    let absence = Absence {
        person,
        kind,
        from,
        until,
        stand_in: None,
    };
    ask_stand_in(turn, absence);
}

/// 12月1日至12月5日; 至12月5日 or 12月5日 alone from today on.
fn days(text: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let read = |words: &str| date::read(words.trim(), today, Toward::Future);
    let between = UNTIL.iter().find_map(|word| text.split_once(word));
    let (from, until) = match between {
        Some((from, until)) if from.trim().is_empty() => (today, read(until)?),
        Some((from, until)) => (read(from)?, read(until)?),
        None => (today, read(text)?),
    };
    (from <= until && today <= until).then_some((from, until))
}

/// Others of the person's units: who may file meanwhile.
fn others(turn: &Turn<'_, '_>, person: &PersonId) -> Vec<PersonId> {
    let plan = &turn.context.frame.plan;
    let units = plan.member(person).map(|member| &member.units);
    let shares = |unit| units.is_some_and(|units| units.contains(unit));
    let members = plan.members.iter().filter(|it| it.id != *person);
    let members = members.filter(|it| it.units.iter().any(shares));
    members.map(|it| it.id.clone()).collect()
}

pub(super) fn ask_stand_in(turn: &mut Turn<'_, '_>, absence: Absence) {
    let others = others(turn, &absence.person);
    if others.is_empty() {
        return record(turn, absence);
    }
    turn.state.waiting = Some(Waiting::Roster(Dialogue::StandIn(absence.clone())));
    turn.tell_here(AwaySay::StandInWanted(absence, others).into());
}

pub(super) fn on_stand_in(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    from: NaiveDate,
    person: Option<PersonId>,
) {
    let Some(Waiting::Roster(Dialogue::StandIn(absence))) = turn.state.waiting.clone() else {
        return turn.refuse(event, AwaySay::Stale.into());
    };
    if absence.from != from || !allowed(turn, event, &absence.person) {
        return turn.refuse(event, AwaySay::Stale.into());
    }
    let known = others(turn, &absence.person);
    if person.as_ref().is_some_and(|it| !known.contains(it)) {
        return turn.refuse(event, AwaySay::Stale.into());
    }
    let stand_in = person;
    record(
        turn,
        Absence {
            stand_in,
            ..absence
        },
    );
}

pub(super) fn on_stand_in_named(turn: &mut Turn<'_, '_>, absence: Absence, text: &str) {
    let found = turn.context.frame.plan.find_member(text);
    let found = found.map(|member| member.id.clone());
    let known = others(turn, &absence.person);
    match found.filter(|it| known.contains(it)) {
        Some(person) => {
            let stand_in = Some(person);
            record(
                turn,
                Absence {
                    stand_in,
                    ..absence
                },
            );
        }
        None => {
            let refused = AwaySay::StandInRefused(text.to_owned(), absence, known);
            turn.tell_here(refused.into());
        }
    }
}

fn record(turn: &mut Turn<'_, '_>, absence: Absence) {
    turn.state.waiting = None;
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::AwaySet(absence.clone())));
    let say = AwaySay::Set(absence.clone(), own.clone());
    turn.tell_here(say.clone().into());
    if absence.person != own {
        tell(turn, &absence.person, say.clone());
    }
    if let Some(stand_in) = absence.stand_in.clone().filter(|it| *it != own) {
        tell(turn, &stand_in, AwaySay::YouStandIn(absence));
    }
    people::tell_office_but(turn, &own, say.into());
}

fn tell(turn: &mut Turn<'_, '_>, person: &PersonId, say: AwaySay) {
    if turn.context.standing.bindings.contains_key(person) {
        turn.push(Effect::Tell {
            to: Whom::Person(person.clone()),
            say: say.into(),
            manner: Manner::unasked(),
        });
    }
}
