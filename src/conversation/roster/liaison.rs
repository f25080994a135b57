//! 联络员: a member names one, the office confirms; both stand on what the liaison files. The member or the office ends it.

use std::sync::Arc;

use super::names::{self, Named};
use super::{Dialogue, Event, Turn};
use crate::conversation::office::Waiting;
use crate::conversation::office::impartial::{Bar, barred};
use crate::conversation::people::PeopleSay;
use crate::conversation::{Effect, Manner, Whom, group, people};
use crate::ledger::{Act, Decision, Liaison, Text};
use crate::plan::{Access, PersonId, Right, Role};

/// What is said of liaisons.
#[derive(Debug, Clone, PartialEq)]
pub enum LiaisonSay {
    /// Liaisons there are, and, for a member, name and post of a new one.
    Wanted {
        /// The reader, where they may name one.
        member: Option<PersonId>,
        /// Liaisons the reader may end.
        ended_by: Vec<PersonId>,
    },
    /// Not a name and a post.
    Refused(String),
    /// Somebody on the roster is called so.
    Taken(String),
    /// Longer than [`names::MOST_TEXT`].
    TooLong(usize),
    /// One that this person named waits already.
    Waits(u64),
    /// To whom the unit's cards go from now on.
    AskedWanted(Named),
    /// With the office, to the member.
    Sent(u64),
    /// To those who confirm.
    Card(u64),
    /// What the office said, or that the member took it back.
    Decided {
        /// Seq of the naming.
        seq: u64,
        /// Who was named.
        liaison: Arc<Liaison>,
        /// Whether they are one now.
        accepted: bool,
        /// By whom.
        by: PersonId,
        /// Whether the reader may make a link.
        may_invite: bool,
    },
    /// The alert: nobody confirms whom they named.
    Own,
    /// Once more before it ends.
    EndSure(PersonId),
    /// It ended, by whom.
    Ended(PersonId, PersonId),
    /// The button is of another time.
    Stale,
}

/// `/liaison`.
pub fn liaison(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    let may_name = turn.context.may(&Right::NameLiaison) == Access::Allowed;
    let named = turn.context.standing.people.liaisons_named.iter();
    let plan = &turn.context.frame.plan;
    let waiting = named.filter(|(_, named)| *plan.current_person(&named.liaison.member) == own);
    if let Some(seq) = waiting.map(|(seq, _)| *seq).next() {
        return turn.tell_here(LiaisonSay::Waits(seq).into());
    }
    if may_name {
        turn.state.waiting = Some(Waiting::Roster(Dialogue::LiaisonName));
        if !argument.is_empty() {
            return on_name(turn, argument);
        }
    }
    let members = turn.context.frame.plan.members.iter();
    let liaisons = members.filter(|member| member.role == Role::Liaison);
    let ids: Vec<PersonId> = liaisons.map(|member| member.id.clone()).collect();
    let may_end = |id: &PersonId| may_end(turn, id);
    let ended_by = ids.into_iter().filter(may_end).collect();
    let member = may_name.then_some(own);
    turn.tell_here(LiaisonSay::Wanted { member, ended_by }.into());
}

/// Their own member and the office end a liaison that came by a naming.
fn may_end(turn: &Turn<'_, '_>, liaison: &PersonId) -> bool {
    let member = turn.context.standing.people.member_of(liaison);
    let current = member.map(|it| turn.context.frame.plan.current_person(it));
    member.is_some()
        && (current == turn.context.person || turn.context.may(&Right::Replace) == Access::Allowed)
}

/// Name and post of the liaison.
pub(super) fn on_name(turn: &mut Turn<'_, '_>, text: &str) {
    let plan = &turn.context.frame.plan;
    match names::read(text) {
        Err(refused) => turn.tell_here(LiaisonSay::from(refused).into()),
        Ok(named) if plan.find_member(&named.name).is_some() => {
            turn.tell_here(LiaisonSay::Taken(named.name).into());
        }
        Ok(named) => {
            turn.state.waiting = Some(Waiting::Roster(Dialogue::LiaisonAsked(named.clone())));
            turn.tell_here(LiaisonSay::AskedWanted(named).into());
        }
    }
}

/// To whom the cards go: with it the naming goes to the office.
pub(super) fn on_asked(turn: &mut Turn<'_, '_>, event: &Event, asked: bool) {
    let Some(Waiting::Roster(Dialogue::LiaisonAsked(named))) = turn.state.waiting.clone() else {
        return turn.refuse(event, LiaisonSay::Stale.into());
    };
    if let Access::Refused(why) = turn.context.may(&Right::NameLiaison) {
        return group::refuse(turn, event, why);
    }
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    turn.state.waiting = None;
    let seq = turn.next_seq();
    let text = |turn: &mut Turn<'_, '_>, words: String| Text::new(words, turn.salts.salt());
    let (name, post) = (text(turn, named.name), text(turn, named.post));
    let liaison = Liaison {
        member: own.clone(),
        name,
        post,
        asked,
    };
    turn.push(Effect::Append(Act::LiaisonNamed(Arc::new(liaison))));
    turn.show(event, LiaisonSay::Sent(seq).into());
    for person in deciders(turn, &own) {
        tell(turn, &person, LiaisonSay::Card(seq));
    }
}

/// The office but who asks; where there is nobody else, the deputy leader; else whoever asked.
fn deciders(turn: &Turn<'_, '_>, own: &PersonId) -> Vec<PersonId> {
    let others = |people: Vec<PersonId>| -> Vec<PersonId> {
        people.into_iter().filter(|person| person != own).collect()
    };
    let office = others(people::office(turn.context));
    if !office.is_empty() {
        return office;
    }
    let members = turn.context.frame.plan.members.iter();
    let deputies = members.filter(|member| member.role == Role::DeputyLeader);
    let bound = |id: &PersonId| turn.context.standing.bindings.contains_key(id);
    let deputies = deputies.map(|member| member.id.clone()).filter(bound);
    match others(deputies.collect()) {
        nobody if nobody.is_empty() => vec![own.clone()],
        deputies => deputies,
    }
}

/// 同意 or 不同意 of the office.
pub(super) fn on_decide(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, accepted: bool) {
    if let Access::Refused(why) = turn.context.may(&Right::Replace) {
        return group::refuse(turn, event, why);
    }
    let Some(named) = turn.context.standing.people.liaisons_named.get(&seq) else {
        return before(turn, event, seq);
    };
    if barred(turn.context, &named.by) == Bar::Barred {
        return turn.refuse(event, LiaisonSay::Own.into());
    }
    decide(turn, event, seq, accepted);
}

/// 撤回 by whoever named them, or who came after that member.
pub(super) fn on_withdraw(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let named = turn.context.standing.people.liaisons_named.get(&seq);
    match named {
        None => before(turn, event, seq),
        Some(named) => {
            let member = turn
                .context
                .frame
                .plan
                .current_person(&named.liaison.member);
            match turn.context.person == Some(member) {
                true => decide(turn, event, seq, false),
                false => turn.refuse(event, LiaisonSay::Stale.into()),
            }
        }
    }
}

fn before(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let decided = turn.context.standing.decided.get(&Decision::Liaison(seq));
    let say = PeopleSay::DecidedBefore(decided.cloned());
    turn.refuse(event, say.into());
}

fn decide(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, accepted: bool) {
    let named = turn.context.standing.people.liaisons_named.get(&seq);
    let (Some(named), Some(own)) = (named.cloned(), turn.context.person.cloned()) else {
        return;
    };
    turn.push(Effect::Append(Act::LiaisonDecided {
        liaison: seq,
        accepted,
    }));
    let say = |may_invite| LiaisonSay::Decided {
        seq,
        liaison: named.liaison.clone(),
        accepted,
        by: own.clone(),
        may_invite,
    };
    let may_invite = accepted && turn.context.may(&Right::Invite) == Access::Allowed;
    turn.show(event, say(may_invite).into());
    tell_concerned(turn, &own, &named.liaison.member, &say(false));
}

/// The member and the office, each once, but not who acts.
fn tell_concerned(turn: &mut Turn<'_, '_>, own: &PersonId, member: &PersonId, say: &LiaisonSay) {
    let mut told = people::office(turn.context);
    let member = turn.context.frame.plan.current_person(member);
    if !told.contains(member) {
        told.push(member.clone());
    }
    for person in told.iter().filter(|person| *person != own) {
        tell(turn, person, say.clone());
    }
}

/// 结束: once more first.
pub(super) fn on_end(turn: &mut Turn<'_, '_>, event: &Event, liaison: PersonId, sure: bool) {
    if turn.context.frame.plan.member(&liaison).is_none() || !may_end(turn, &liaison) {
        return turn.refuse(event, LiaisonSay::Stale.into());
    }
    if !sure {
        return turn.show(event, LiaisonSay::EndSure(liaison).into());
    }
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    let Some(member) = turn.context.standing.people.member_of(&liaison).cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::LiaisonEnded {
        person: liaison.clone(),
    }));
    people::end_account(turn, &liaison);
    let say = LiaisonSay::Ended(liaison, own.clone());
    turn.show(event, say.clone().into());
    tell_concerned(turn, &own, &member, &say);
}

fn tell(turn: &mut Turn<'_, '_>, person: &PersonId, say: LiaisonSay) {
    turn.push(Effect::Tell {
        to: Whom::Person(person.clone()),
        say: say.into(),
        manner: Manner::unasked(),
    });
}
