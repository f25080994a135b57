//! 人员接替: the office ends a person on the roster; who comes after takes over units, open items, promises and requests.

use serde::{Deserialize, Serialize};

use super::names::{self, Named};
use super::{Dialogue, Event, Turn, units};
use crate::conversation::office::Waiting;
use crate::conversation::people::PeopleSay;
use crate::conversation::{Effect, Manner, Whom, group, people};
use crate::ledger::{Act, Decision, RosterChange, RosterEntry, Successor, Text};
use crate::plan::{Access, PersonId, Right};

/// Who comes after, as said so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// Somebody on the roster.
    Known(PersonId),
    /// Somebody new.
    New(Named),
}

/// What is said of replacements.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplaceSay {
    /// Who leaves?
    WhoWanted,
    /// No such name.
    NotOnRoster(String),
    /// Who comes after?
    AfterWanted(PersonId),
    /// Neither a name on the roster nor a name and a post.
    Refused(String),
    /// Longer than [`names::MOST_TEXT`].
    TooLong(usize),
    /// The same person.
    Same(PersonId),
    /// The last of the office, and nobody bound comes after.
    LastOfOffice(PersonId),
    /// What passes over, once more.
    Sure(PersonId, After),
    /// On record.
    Done {
        /// Who left.
        person: PersonId,
        /// Who came.
        successor: PersonId,
        /// Seq of the entry.
        seq: u64,
        /// By whom.
        by: PersonId,
        /// Whether the reader may make a link and take it back.
        decides: bool,
    },
    /// To who came: all that is theirs now.
    HandOver {
        /// Who left.
        from: PersonId,
        /// The reader.
        to: PersonId,
    },
    /// Once more before a replacement is taken back.
    UndoSure(u64),
    /// This later change must be taken back first.
    BuiltOn(u64),
    /// It was taken back.
    Undone {
        /// Seq of its entry.
        seq: u64,
        /// Who is on the roster again.
        person: PersonId,
        /// By whom.
        by: PersonId,
        /// Whether the reader may make a link for them.
        decides: bool,
    },
    /// The button is of another time.
    Stale,
}

/// `/replace 姓名`.
pub fn replace(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    turn.state.waiting = Some(Waiting::Roster(Dialogue::Leaving));
    match argument {
        "" => turn.tell_here(ReplaceSay::WhoWanted.into()),
        name => on_leaving(turn, name),
    }
}

/// Who leaves.
pub(super) fn on_leaving(turn: &mut Turn<'_, '_>, text: &str) {
    let Some(member) = turn.context.frame.plan.find_member(text) else {
        return turn.tell_here(ReplaceSay::NotOnRoster(text.to_owned()).into());
    };
    let person = member.id.clone();
    turn.state.waiting = Some(Waiting::Roster(Dialogue::After(person.clone())));
    turn.tell_here(ReplaceSay::AfterWanted(person).into());
}

/// Who comes after.
pub(super) fn on_after(turn: &mut Turn<'_, '_>, person: PersonId, text: &str) {
    let known = turn.context.frame.plan.find_member(text);
    let after = match known.map(|member| member.id.clone()) {
        Some(same) if same == person => return turn.tell_here(ReplaceSay::Same(same).into()),
        Some(known) => After::Known(known),
        None => match names::read(text) {
            Ok(named) => After::New(named),
            Err(refused) => return turn.tell_here(ReplaceSay::from(refused).into()),
        },
    };
    if empties_office(turn, &person, &after) {
        turn.state.waiting = None;
        return turn.tell_here(ReplaceSay::LastOfOffice(person).into());
    }
    let sure = Dialogue::ReplaceSure(person.clone(), after.clone());
    turn.state.waiting = Some(Waiting::Roster(sure));
    turn.tell_here(ReplaceSay::Sure(person, after).into());
}

/// Whether nobody with an account would be left in the office.
fn empties_office(turn: &Turn<'_, '_>, person: &PersonId, after: &After) -> bool {
    let stays = match after {
        After::Known(known) => turn.context.standing.bindings.contains_key(known),
        After::New(_) => false,
    };
    !stays && people::is_last_of_office(turn.context, person)
}

/// 确认接替.
pub(super) fn on_sure(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(Waiting::Roster(Dialogue::ReplaceSure(person, after))) = turn.state.waiting.clone()
    else {
        return turn.refuse(event, ReplaceSay::Stale.into());
    };
    if let Access::Refused(why) = turn.context.may(&Right::Replace) {
        return group::refuse(turn, event, why);
    }
    turn.state.waiting = None;
    let plan = &turn.context.frame.plan;
    let gone = plan.member(&person).is_none()
        || matches!(&after, After::Known(known) if plan.member(known).is_none());
    if gone {
        // Somebody else replaced one of them meanwhile.
        let decided = turn.context.standing.decided.get(&Decision::Person(person));
        return turn.refuse(event, PeopleSay::DecidedBefore(decided.cloned()).into());
    }
    // The rest of the office may have gone since the question.
    if empties_office(turn, &person, &after) {
        return turn.refuse(event, ReplaceSay::LastOfOffice(person).into());
    }
    record(turn, event, person, after);
}

fn record(turn: &mut Turn<'_, '_>, event: &Event, person: PersonId, after: After) {
    let Some(by) = turn.context.person.cloned() else {
        return;
    };
    // First, so that what the account was in the middle of follows to the successor.
    people::end_account(turn, &person);
    let seq = turn.next_seq();
    let (id, successor) = match after {
        After::Known(known) => (known.clone(), Successor::Known(known)),
        After::New(Named { name, post }) => {
            let name = Text::new(name, turn.salts.salt());
            let post = Text::new(post, turn.salts.salt());
            (
                PersonId::new(format!("s-{seq}")),
                Successor::New { name, post },
            )
        }
    };
    turn.push(Effect::Append(Act::Replaced {
        person: person.clone(),
        successor,
    }));
    let done = |decides| ReplaceSay::Done {
        person: person.clone(),
        successor: id.clone(),
        seq,
        by: by.clone(),
        decides,
    };
    turn.show(event, done(true).into());
    for other in people::office(turn.context) {
        if other != by && other != person {
            tell(turn, &other, done(false));
        }
    }
    if turn.context.standing.bindings.contains_key(&id) {
        turn.push(Effect::RefreshMenu(id.clone()));
        let card = ReplaceSay::HandOver {
            from: person,
            to: id.clone(),
        };
        tell(turn, &id, card);
    }
    turn.push(Effect::RefreshStatus);
}

fn tell(turn: &mut Turn<'_, '_>, person: &PersonId, say: ReplaceSay) {
    turn.push(Effect::Tell {
        to: Whom::Person(person.clone()),
        say: say.into(),
        manner: Manner::unasked(),
    });
}

/// 撤销 of a change of the roster, the second time for good: what was built on it is taken back first.
pub(super) fn on_undo(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, sure: bool) {
    if let Access::Refused(why) = turn.context.may(&Right::Replace) {
        return group::refuse(turn, event, why);
    }
    let changed = &turn.context.standing.people;
    let Some(entry) = changed.change(seq) else {
        let decided = turn.context.standing.decided.get(&Decision::Roster(seq));
        return turn.refuse(event, PeopleSay::DecidedBefore(decided.cloned()).into());
    };
    if let Some(later) = changed.built_on(entry) {
        return turn.refuse(event, ReplaceSay::BuiltOn(later.seq).into());
    }
    match &entry.what {
        RosterChange::Replaced(person, _) => undo(turn, event, (seq, person.clone()), sure),
        RosterChange::Unit(_) => units::undo(turn, event, seq, sure),
        RosterChange::Liaison(_) | RosterChange::LiaisonEnded(_) => {
            group::on_unknown_press(turn);
        }
    }
}

/// The person is on the roster again and needs a link.
fn undo(turn: &mut Turn<'_, '_>, event: &Event, (seq, person): (u64, PersonId), sure: bool) {
    let standing = turn.context.standing;
    let newcomer = standing.people.change(seq).and_then(RosterEntry::newcomer);
    let came = newcomer.filter(|id| turn.context.frame.plan.member(id).is_some());
    let last = came
        .as_ref()
        .filter(|id| people::is_last_of_office(turn.context, id));
    if let Some(last) = last {
        return turn.refuse(event, ReplaceSay::LastOfOffice(last.clone()).into());
    }
    if !sure {
        return turn.show(event, ReplaceSay::UndoSure(seq).into());
    }
    let Some(by) = turn.context.person.cloned() else {
        return;
    };
    let newcomer = PersonId::new(format!("s-{seq}"));
    let known = came.filter(|id| *id != newcomer && standing.bindings.contains_key(id));
    people::end_account(turn, &newcomer);
    turn.push(Effect::Append(Act::RosterUndone { change: seq }));
    let say = |decides| ReplaceSay::Undone {
        seq,
        person: person.clone(),
        by: by.clone(),
        decides,
    };
    turn.show(event, say(true).into());
    // Whoever was told that they take the place hears that they do not.
    let mut told = people::office(turn.context);
    told.extend(known);
    told.sort();
    told.dedup();
    for other in told {
        if other != by && other != newcomer {
            tell(turn, &other, say(false));
        }
    }
    turn.push(Effect::RefreshStatus);
}
