//! One-time links: made by the office, opened by whoever they are for; and `/rebind`, which ends the old account first.

use chrono::TimeDelta;

use super::{
    Account, Act, Actor, BindingWay, ChatKind, Effect, Event, LinkSay, PeopleSay, PersonId, Turn,
    asked, bind, code_sha256, is_last_of_office, needs_confirmation, on_stranger, to_office,
};

/// Life of a one-time link.
const LINK_LIFE: TimeDelta = TimeDelta::days(7);

/// `/invite`: who is not bound, a button each; with a name, that person's link at once.
pub fn invite(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    if argument.is_empty() {
        return turn.tell_here(PeopleSay::Unbound { page: 0 }.into());
    }
    match turn.context.frame.plan.find_member(argument) {
        Some(member) => make_link(turn, &member.id),
        None => turn.tell_here(LinkSay::NotOnRoster(argument.to_owned()).into()),
    }
}

/// `/rebind 姓名`: asks once more, then ends the old account and makes a link. Drafts and items stay the person's.
pub fn rebind(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    if argument.is_empty() {
        return turn.tell_here(LinkSay::RebindWhom.into());
    }
    let Some(member) = turn.context.frame.plan.find_member(argument) else {
        return turn.tell_here(LinkSay::NotOnRoster(argument.to_owned()).into());
    };
    if !turn.context.standing.bindings.contains_key(&member.id) {
        return make_link(turn, &member.id);
    }
    let say: LinkSay = if is_last_of_office(turn.context, &member.id) {
        LinkSay::LastOfficeMember(member.id.clone())
    } else {
        LinkSay::RebindSure(member.id.clone())
    };
    turn.tell_here(say.into());
}

/// A link for somebody who has no account; it takes the place of an older one.
pub(super) fn make_link(turn: &mut Turn<'_, '_>, person: &PersonId) {
    if turn.context.standing.bindings.contains_key(person) {
        return turn.tell_here(LinkSay::HasAccount(person.clone()).into());
    }
    append_link(turn, person);
}

/// The link itself, for [`make_link`] and for an account ended in the same breath.
pub(super) fn append_link(turn: &mut Turn<'_, '_>, person: &PersonId) {
    let code = turn.salts.code();
    let expires_at = turn.context.now + LINK_LIFE;
    turn.push(Effect::Append(Act::Invited {
        person: person.clone(),
        code_sha256: code_sha256(&code),
        expires_at,
    }));
    turn.tell_here(
        LinkSay::Made {
            person: person.clone(),
            code,
            expires_at,
        }
        .into(),
    );
}

/// A code was opened. Codes count in private alone.
pub(super) fn open(turn: &mut Turn<'_, '_>, event: &Event, account: &Account, code: &str) {
    if event.place.kind != ChatKind::Private {
        return;
    }
    let sha256 = code_sha256(code);
    if turn.context.first_code_sha256 == Some(sha256.as_str()) {
        return first_start(turn, account);
    }
    let invites = &turn.context.standing.invites;
    let Some((person, invite)) = invites
        .iter()
        .find(|(_, invite)| invite.code_sha256 == sha256)
    else {
        return match turn.context.person {
            Some(_) => turn.tell_here(PeopleSay::LinkUnknown.into()),
            None if turn.context.stranger_line_free => {
                turn.tell_here(PeopleSay::LinkUnknown.into());
                turn.push(Effect::CountStranger(account.user_id));
            }
            None => {}
        };
    };
    if let Some(own) = turn.context.person {
        return turn.tell_here(PeopleSay::LinkOfAnother(own.clone()).into());
    }
    if invite.expires_at <= turn.context.now {
        return asked::refuse_stranger(turn, account, PeopleSay::LinkExpired);
    }
    accept(turn, event, &person.clone(), account);
}

fn accept(turn: &mut Turn<'_, '_>, event: &Event, person: &PersonId, account: &Account) {
    let Some(member) = turn.context.frame.plan.member(person) else {
        return on_stranger(turn, event);
    };
    if !needs_confirmation(turn.context, person) {
        let by = Actor::Stranger(account.user_id);
        bind(turn, &by, person, account, BindingWay::Link);
        let used = LinkSay::Used(person.clone(), account.clone());
        return turn.push(to_office(PeopleSay::Link(used)));
    }
    // The link is spent by asking; the office's word follows.
    let spent = Act::InviteWithdrawn {
        person: person.clone(),
    };
    turn.push(Effect::AppendAs(Actor::Stranger(account.user_id), spent));
    turn.tell_here(PeopleSay::Asked(member.name.clone()).into());
    asked::request(turn, person, account);
}

/// The code the program printed at its first start makes the office chief, once.
fn first_start(turn: &mut Turn<'_, '_>, account: &Account) {
    let chief = turn.context.frame.plan.task_force.office_chief.clone();
    if let Some(own) = turn.context.person {
        let say = if *own == chief {
            PeopleSay::AlreadyYou(chief)
        } else {
            PeopleSay::LinkOfAnother(own.clone())
        };
        return turn.tell_here(say.into());
    }
    if turn.context.standing.bindings.contains_key(&chief) {
        return turn.tell_here(PeopleSay::LinkUnknown.into());
    }
    let by = Actor::Stranger(account.user_id);
    bind(turn, &by, &chief, account, BindingWay::FirstCode);
    turn.push(Effect::SpendFirstCode);
}
