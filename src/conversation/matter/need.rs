//! 需协调: the list, a matter's card, the answer of the unit asked, and its end.

use super::{MatterSay, Waits, wait};
use crate::calendar;
use crate::conversation::{ChatKind, Context, Effect, Event, Manner, Turn, Whom, group, people};
use crate::ledger::{Act, Actor, Matter, MatterAnswered, MatterEnd, MatterSettled, Text};
use crate::plan::{Access, PersonId, Right, UnitId};

/// What a person may do about a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hand {
    /// Answer for the unit asked.
    pub answers: bool,
    /// Settle it: of the unit that asks, or of the office.
    pub settles: bool,
}

/// `/matters`.
pub fn matters(turn: &mut Turn<'_, '_>, event: &Event) {
    let say = list(turn, event, 0);
    turn.reply(say.into());
}

/// The open matters; in a group without buttons.
pub(super) fn list(turn: &Turn<'_, '_>, event: &Event, page: usize) -> MatterSay {
    let context = turn.context;
    let today = calendar::date_of(context.now);
    let private = event.place.kind == ChatKind::Private;
    let open = context
        .frame
        .open_matters(context.standing, today)
        .into_iter();
    let own = open.filter(|matter| private && hand(context, matter) != Hand::default());
    MatterSay::List {
        page,
        own: own.map(|matter| matter.seq).collect(),
    }
}

/// What the event's person may do about a matter.
pub(super) fn hand(context: &Context<'_>, matter: &Matter) -> Hand {
    let allowed = |right: &Right| context.may(right) == Access::Allowed;
    Hand {
        answers: allowed(&Right::ActFor(Some(matter.unit.clone()))),
        settles: allowed(&Right::SettleMatters)
            || allowed(&Right::ActFor(asking_unit(context, matter))),
    }
}

/// The unit that asks: whoever files the task now.
fn asking_unit(context: &Context<'_>, matter: &Matter) -> Option<UnitId> {
    let today = calendar::date_of(context.now);
    let view = context
        .frame
        .task_view(context.standing, &matter.task, today)?;
    view.filing_unit
}

/// One matter in full, in place.
pub(super) fn show(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    match turn.context.standing.matters.get(&seq) {
        Some(matter) => {
            let hand = hand(turn.context, matter);
            turn.show(event, MatterSay::Card { matter: seq, hand }.into());
        }
        None => group::on_unknown_press(turn),
    }
}

/// An open matter on which the event's person may act so; otherwise the refusal is said.
fn open<'a>(
    turn: &mut Turn<'a, '_>,
    event: &Event,
    seq: u64,
    may: fn(Hand) -> bool,
    answering: bool,
) -> Option<&'a Matter> {
    let context = turn.context;
    let Some(matter) = context.standing.matters.get(&seq) else {
        group::on_unknown_press(turn);
        return None;
    };
    if !may(hand(context, matter)) {
        let matter = seq;
        turn.refuse(event, MatterSay::NotYours { matter, answering }.into());
        return None;
    }
    let today = calendar::date_of(context.now);
    if !context.frame.is_open(context.standing, matter, today) {
        turn.state.waiting = None;
        turn.refuse(event, MatterSay::OverAlready(seq).into());
        return None;
    }
    Some(matter)
}

/// 已协助 or 需上级协调: asks for a sentence, which may be left out.
pub(super) fn want_sentence(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, helped: bool) {
    if open(turn, event, seq, |hand| hand.answers, true).is_none() {
        return;
    }
    let matter = seq;
    wait(turn, Waits::Sentence { matter, helped });
    turn.show(event, MatterSay::SentenceWanted { matter, helped }.into());
}

/// The answer of the unit asked, on record; the asker and the office hear of it.
pub(super) fn answer(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    seq: u64,
    helped: bool,
    words: Option<&str>,
) {
    let Some(matter) = open(turn, event, seq, |hand| hand.answers, true) else {
        turn.state.waiting = None;
        return;
    };
    turn.state.waiting = None;
    let words = words.map(|words| Text::new(words.to_owned(), turn.salts.salt()));
    turn.push(Effect::Append(Act::MatterAnswered(MatterAnswered {
        matter: seq,
        helped,
        words,
    })));
    show(turn, event, seq);
    tell_concerned(turn, matter, false);
}

/// 已解决 or 仍未解决, by the unit that asks or the office.
pub(super) fn settle(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, settled: bool) {
    let matter = match settled {
        true => open(turn, event, seq, |hand| hand.settles, false),
        false => reopenable(turn, event, seq),
    };
    let Some(matter) = matter else { return };
    turn.push(Effect::Append(Act::MatterSettled(MatterSettled {
        matter: seq,
        settled,
    })));
    show(turn, event, seq);
    tell_concerned(turn, matter, true);
}

/// A matter that was answered, or settled by a tap: it can be open again.
fn reopenable<'a>(turn: &mut Turn<'a, '_>, event: &Event, seq: u64) -> Option<&'a Matter> {
    let matter = turn.context.standing.matters.get(&seq);
    match matter.and_then(|matter| matter.over.as_ref()) {
        Some((_, _, MatterEnd::Settled)) => {
            let matter = matter.filter(|matter| hand(turn.context, matter).settles);
            if matter.is_none() {
                let answering = false;
                turn.refuse(
                    event,
                    MatterSay::NotYours {
                        matter: seq,
                        answering,
                    }
                    .into(),
                );
            }
            matter
        }
        Some(_) | None => open(turn, event, seq, |hand| hand.settles, false),
    }
}

/// A silent word to whom it concerns, but for the one who acts: who asked, the office, and of its end the unit asked.
fn tell_concerned(turn: &mut Turn<'_, '_>, matter: &Matter, to_asked: bool) {
    let context = turn.context;
    let frame = context.frame;
    let filer = |unit: Option<&UnitId>| Some(frame.plan.filers(unit?).0?.id.clone());
    let asking = asking_unit(context, matter);
    let author = match &matter.by {
        Actor::Person(person) => Some(person.clone()),
        Actor::Bot | Actor::Host | Actor::Stranger(_) => None,
    };
    let mut people: Vec<PersonId> = filer(asking.as_ref()).into_iter().chain(author).collect();
    people.extend(people::office(context));
    if to_asked {
        people.extend(filer(Some(&matter.unit)));
    }
    let mut told: Vec<&PersonId> = Vec::new();
    for person in &people {
        let bound = context.standing.bindings.contains_key(person);
        if !bound || Some(person) == context.person || told.contains(&person) {
            continue;
        }
        told.push(person);
        let granted: Vec<PersonId> = context.standing.office_granted.iter().cloned().collect();
        let may = |right: &Right| {
            crate::plan::may(&frame.plan, person, &granted, right) == Access::Allowed
        };
        let hand = Hand {
            answers: may(&Right::ActFor(Some(matter.unit.clone()))),
            settles: may(&Right::SettleMatters) || may(&Right::ActFor(asking.clone())),
        };
        turn.push(Effect::Tell {
            to: Whom::Person(person.clone()),
            say: MatterSay::Card {
                matter: matter.seq,
                hand,
            }
            .into(),
            manner: Manner::unasked(),
        });
    }
}
