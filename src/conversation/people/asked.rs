//! `/iam 姓名`: an account says who it is; the office says whether that is so.

use super::{
    Account, Act, Actor, ChatKind, Effect, Event, MOST_REQUESTS, PeopleSay, Sender, Turn, to_office,
};

/// `/iam 姓名`. A name that is not on the roster and one that is taken get the same answer.
pub fn iam(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let Sender::Account(account) = &event.sender else {
        return;
    };
    if event.place.kind != ChatKind::Private {
        return;
    }
    let say = ask(turn, account, argument);
    let asked = matches!(say, PeopleSay::Asked(_) | PeopleSay::AlreadyYou(_));
    if !asked {
        return refuse_stranger(turn, account, say);
    }
    turn.tell_here(say.into());
}

/// What does not help a stranger is said a few times a day; who tries on is left without an answer.
pub(super) fn refuse_stranger(turn: &mut Turn<'_, '_>, account: &Account, say: PeopleSay) {
    if turn.context.refusal_free {
        turn.tell_here(say.into());
        turn.push(Effect::CountRefusal(account.user_id));
    }
}

fn ask(turn: &mut Turn<'_, '_>, account: &Account, name: &str) -> PeopleSay {
    let standing = turn.context.standing;
    if let Some(own) = turn.context.person {
        return PeopleSay::AlreadyYou(own.clone());
    }
    if let Some((asked, _)) = standing.binding_requests.get(&account.user_id) {
        let member = turn.context.frame.plan.member(asked);
        return PeopleSay::AskedBefore(member.map_or_else(String::new, |it| it.name.clone()));
    }
    if name.is_empty() {
        return PeopleSay::NameWanted;
    }
    let found = turn.context.frame.plan.find_member(name);
    let Some(member) = found.filter(|member| !standing.bindings.contains_key(&member.id)) else {
        return PeopleSay::NoSuchName(name.to_owned());
    };
    if standing.binding_requests.len() >= MOST_REQUESTS {
        return PeopleSay::TooManyAsk;
    }
    request(turn, &member.id, account);
    PeopleSay::Asked(member.name.clone())
}

/// Puts an account's wish to be a person before the office.
pub(super) fn request(turn: &mut Turn<'_, '_>, person: &crate::plan::PersonId, account: &Account) {
    let act = Act::BindingRequested {
        person: person.clone(),
        account: account.clone(),
    };
    turn.push(Effect::AppendAs(Actor::Stranger(account.user_id), act));
    turn.push(to_office(PeopleSay::Request(
        person.clone(),
        account.clone(),
    )));
}
