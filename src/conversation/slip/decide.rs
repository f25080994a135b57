//! The office's decisions on slips: sent, changed, put off; whether the deputy leader is told.

use super::{SlipSay, show};
use crate::calendar;
use crate::conversation::matter::{Waits, wait};
use crate::conversation::office::impartial::{Bar, barred};
use crate::conversation::{Context, Effect, Event, Turn, group, people};
use crate::ledger::{Act, Actor, Decision, Slip, SlipColour, SlipHeld, SlipSent, SlipTold, Text};
use crate::plan::{Access, PersonId, Right, UnitId};

/// Why a draft cannot be decided on (any more) by the event's person. `held`: whether it was put off when they saw it.
pub(super) fn obstacle(context: &Context<'_>, seq: u64, held: bool) -> Option<SlipSay> {
    let slip = context.standing.slips.get(&seq)?;
    if slip.sent.is_some() {
        return Some(decided_before(context, seq));
    }
    let today = calendar::date_of(context.now);
    if let Some(over) = context.frame.slip_over(context.standing, slip, today) {
        return Some(SlipSay::Over(seq, over));
    }
    if slip.held.is_some() != held {
        return Some(decided_before(context, seq));
    }
    let Some((_, person)) = receiver(context, slip) else {
        return Some(SlipSay::NoReceiver(seq));
    };
    let own = barred(context, &Actor::Person(person)) == Bar::Barred;
    own.then_some(SlipSay::OwnSlip)
}

fn decided_before(context: &Context<'_>, seq: u64) -> SlipSay {
    let decided = context.standing.decided.get(&Decision::Slip(seq));
    SlipSay::DecidedBefore(seq, decided.cloned())
}

/// The unit that files the slip's task now, and its filer with an account.
fn receiver(context: &Context<'_>, slip: &Slip) -> Option<(UnitId, PersonId)> {
    let today = calendar::date_of(context.now);
    let view = context
        .frame
        .task_view(context.standing, &slip.task, today)?;
    let person = view.filer(context.frame)?.clone();
    let bound = context.standing.bindings.contains_key(&person);
    view.filing_unit
        .filter(|_| bound)
        .map(|unit| (unit, person))
}

/// A draft the event's person may decide on now; otherwise what stands against it is said and the present state shown.
fn draft<'a>(turn: &mut Turn<'a, '_>, event: &Event, (seq, held): (u64, bool)) -> Option<&'a Slip> {
    let context = turn.context;
    if let Access::Refused(why) = context.may(&Right::DecideSlips) {
        group::refuse(turn, event, why);
        return None;
    }
    let Some(slip) = context.standing.slips.get(&seq) else {
        group::on_unknown_press(turn);
        return None;
    };
    match obstacle(context, seq, held) {
        None => Some(slip),
        Some(refusal) => {
            if let SlipSay::Over(..) = refusal
                && slip.withdrawn.is_none()
            {
                let withdrawn = SlipHeld {
                    slip: seq,
                    withdrawn: true,
                };
                turn.push(Effect::AppendAs(Actor::Bot, Act::SlipHeld(withdrawn)));
            }
            let stays = matches!(refusal, SlipSay::OwnSlip | SlipSay::NoReceiver(_));
            turn.push(Effect::alert(refusal.into()));
            if !stays {
                show(turn, event, seq);
            }
            None
        }
    }
}

/// 发出, in the draft's words or the office's own.
pub(super) fn send(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    (seq, held): (u64, bool),
    words: Option<String>,
) {
    let Some(slip) = draft(turn, event, (seq, held)) else {
        return;
    };
    let Some((unit, to)) = receiver(turn.context, slip) else {
        return;
    };
    let number = turn.context.standing.next_slip_number();
    let words = words.map(|words| Text::new(words, turn.salts.salt()));
    turn.push(Effect::Append(Act::SlipSent(SlipSent {
        slip: seq,
        number,
        unit,
        to,
        words,
    })));
    done(turn, event, seq);
}

/// 修改: asks for the office's own words.
pub(super) fn change(turn: &mut Turn<'_, '_>, event: &Event, (seq, held): (u64, bool)) {
    if draft(turn, event, (seq, held)).is_some() {
        wait(turn, Waits::SlipWords { slip: seq, held });
        turn.tell_here(SlipSay::WordsWanted(seq).into());
    }
}

/// 暂缓 of a draft: it stays in the list and can be sent later.
pub(super) fn hold(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    if draft(turn, event, (seq, false)).is_some() {
        enter_held(turn, event, seq);
    }
}

/// 告知副组长 (true) or 暂不告知, of an unanswered red slip.
pub(super) fn tell(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, tells: bool) {
    let context = turn.context;
    if let Access::Refused(why) = context.may(&Right::DecideSlips) {
        return group::refuse(turn, event, why);
    }
    let red = |slip: &&Slip| slip.sent.is_some() && slip.colour == SlipColour::Red;
    let Some(slip) = context.standing.slips.get(&seq).filter(red) else {
        return group::on_unknown_press(turn);
    };
    let today = calendar::date_of(context.now);
    let over = context.frame.slip_over(context.standing, slip, today);
    let refusal = match over {
        _ if slip.told.is_some() => Some(decided_before(context, seq)),
        Some(over) => Some(SlipSay::Over(seq, over)),
        None => (!tells && slip.held.is_some()).then(|| decided_before(context, seq)),
    };
    if let Some(refusal) = refusal {
        turn.push(Effect::alert(refusal.into()));
        return show(turn, event, seq);
    }
    if !tells {
        return enter_held(turn, event, seq);
    }
    turn.push(Effect::Append(Act::SlipTold(SlipTold { slip: seq })));
    done(turn, event, seq);
}

fn enter_held(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let held = SlipHeld {
        slip: seq,
        withdrawn: false,
    };
    turn.push(Effect::Append(Act::SlipHeld(held)));
    done(turn, event, seq);
}

/// The card as it stands now; the other members of the office hear of it without a sound.
fn done(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    turn.state.waiting = None;
    show(turn, event, seq);
    if let Some(own) = turn.context.person.cloned() {
        people::tell_office_but(turn, &own, SlipSay::Told(seq).into());
    }
}
