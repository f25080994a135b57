//! Buttons of binding: the office confirms, declines, invites, withdraws. They name things; the presser's own rights count.

use super::{
    Account, Act, Actor, BindingWay, ChatKind, Effect, Event, LinkSay, PeopleSay, PersonId, Turn,
    bind, end_account, is_last_of_office, links, on_stranger_press, to_account,
};
use crate::conversation::payload::{id_of, split_two};
use crate::conversation::{Say, group};
use crate::ledger::Decision;
use crate::plan::{Access, Right};

/// Hex digits of a link's SHA-256 that tell it from a later one for the same person.
const LINK_DIGITS: usize = 8;

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 确认 of the request of this account.
    Confirm(i64),
    /// 不是: declines it.
    Decline(i64),
    /// A link for this person.
    Invite(PersonId),
    /// Another page of those who are not bound.
    Page(u16),
    /// 撤销 of the open link with these first digits.
    WithdrawLink(PersonId, String),
    /// 撤销 of this account's binding.
    Unbind(PersonId, i64),
    /// 结束旧账号 and make a link.
    Rebind(PersonId, i64),
    /// 退出.
    Leave,
}

impl Press {
    /// 撤销 of an open link.
    pub fn withdraw_link(person: &PersonId, code_sha256: &str) -> Self {
        Self::WithdrawLink(person.clone(), first_digits(code_sha256))
    }

    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Confirm(user_id) => format!("c:{user_id}"),
            Self::Decline(user_id) => format!("d:{user_id}"),
            Self::Invite(person) => format!("i:{person}"),
            Self::Page(page) => format!("g:{page}"),
            Self::WithdrawLink(person, digits) => format!("w:{digits}:{person}"),
            Self::Unbind(person, user_id) => format!("u:{user_id}:{person}"),
            Self::Rebind(person, user_id) => format!("b:{user_id}:{person}"),
            Self::Leave => "x".to_owned(),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        let person = |text| id_of(text).map(PersonId::new);
        Some(match letter {
            "c" => Self::Confirm(rest.parse().ok()?),
            "d" => Self::Decline(rest.parse().ok()?),
            "i" => Self::Invite(person(rest)?),
            "g" => Self::Page(rest.parse().ok()?),
            "w" => {
                let (digits, id) = split_two(rest)?;
                let hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
                if digits.len() != LINK_DIGITS || !digits.chars().all(hex) {
                    return None;
                }
                Self::WithdrawLink(person(id)?, digits.to_owned())
            }
            "u" | "b" => {
                let (user_id, id) = split_two(rest)?;
                let (user_id, person) = (user_id.parse().ok()?, person(id)?);
                match letter {
                    "u" => Self::Unbind(person, user_id),
                    _ => Self::Rebind(person, user_id),
                }
            }
            "x" if rest.is_empty() => Self::Leave,
            _ => return None,
        })
    }

    fn right(&self) -> Option<Right> {
        match self {
            Self::Confirm(_) | Self::Decline(_) | Self::Unbind(..) => Some(Right::ConfirmBinding),
            Self::Invite(_) | Self::Page(_) | Self::WithdrawLink(..) => Some(Right::Invite),
            Self::Rebind(..) => Some(Right::Rebind),
            Self::Leave => None,
        }
    }
}

/// A press on a button of this slice. All of them stand in the office's private chats.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    let Some(own) = turn.context.person.cloned() else {
        return on_stranger_press(turn);
    };
    if let Some(Access::Refused(why)) = press.right().map(|right| turn.context.may(&right)) {
        return group::refuse(turn, event, why);
    }
    if event.place.kind != ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    match press {
        Press::Confirm(user_id) => decide(turn, event, &own, user_id, true),
        Press::Decline(user_id) => decide(turn, event, &own, user_id, false),
        Press::Invite(person) => invite(turn, &person),
        Press::Page(page) => {
            let page = usize::from(page);
            turn.show(event, PeopleSay::Unbound { page }.into());
        }
        Press::WithdrawLink(person, digits) => withdraw_link(turn, event, person, &digits),
        Press::Unbind(person, user_id) => unbind(turn, event, person, user_id),
        Press::Rebind(person, user_id) => rebind(turn, event, person, user_id),
        Press::Leave => turn.show(event, PeopleSay::Left.into()),
    }
}

fn decide(turn: &mut Turn<'_, '_>, event: &Event, own: &PersonId, user_id: i64, confirmed: bool) {
    let standing = turn.context.standing;
    let Some((person, account)) = standing.binding_requests.get(&user_id).cloned() else {
        return decided_before(turn, event, user_id);
    };
    let by = Actor::Person(own.clone());
    // Meanwhile the person may have come by a link, or the account may have become somebody else.
    let lapsed = standing.bindings.contains_key(&person) || standing.person_of(user_id).is_some();
    let known = turn.context.frame.plan.member(&person).is_some();
    let confirmed = confirmed && !lapsed && known;
    if confirmed {
        bind(turn, &by, &person, &account, BindingWay::Asked);
    } else {
        let person = person.clone();
        turn.push(Effect::Append(Act::BindingDeclined { person, user_id }));
        turn.push(to_account(user_id, PeopleSay::Declined));
    }
    let say = PeopleSay::RequestDecided {
        person,
        name: account.name,
        confirmed,
        decided: (!lapsed).then_some((turn.context.now, by)),
    };
    turn.show(event, say.into());
}

/// The second of two deciders sees who decided and how; nothing changes.
fn decided_before(turn: &mut Turn<'_, '_>, event: &Event, user_id: i64) {
    let standing = turn.context.standing;
    let decided = standing.decided.get(&Decision::Binding(user_id)).cloned();
    turn.push(Effect::alert(
        PeopleSay::DecidedBefore(decided.clone()).into(),
    ));
    let bound = standing.person_of(user_id);
    let Some(person) = bound else {
        return turn.show(event, PeopleSay::DecidedBefore(decided).into());
    };
    let say = PeopleSay::RequestDecided {
        person: person.clone(),
        name: standing.bindings[person].account.name.clone(),
        confirmed: true,
        decided,
    };
    turn.show(event, say.into());
}

fn invite(turn: &mut Turn<'_, '_>, person: &PersonId) {
    if turn.context.frame.plan.member(person).is_none() {
        return group::on_unknown_press(turn);
    }
    if turn.context.standing.bindings.contains_key(person) {
        let say: Say = LinkSay::HasAccount(person.clone()).into();
        return turn.push(Effect::alert(say));
    }
    links::make_link(turn, person);
}

fn withdraw_link(turn: &mut Turn<'_, '_>, event: &Event, person: PersonId, digits: &str) {
    let open = turn.context.standing.invites.get(&person);
    if !open.is_some_and(|invite| invite.code_sha256.starts_with(digits)) {
        return turn.push(Effect::alert(LinkSay::Gone.into()));
    }
    turn.push(Effect::Append(Act::InviteWithdrawn {
        person: person.clone(),
    }));
    turn.show(event, LinkSay::Withdrawn(person).into());
}

/// Ends a binding; false, with an answer, where it cannot be ended.
fn end(turn: &mut Turn<'_, '_>, event: &Event, person: &PersonId, user_id: i64) -> Option<Account> {
    let standing = turn.context.standing;
    let binding = standing.bindings.get(person);
    let Some(binding) = binding.filter(|binding| binding.account.user_id == user_id) else {
        let decided = standing.decided.get(&Decision::Binding(user_id)).cloned();
        turn.push(Effect::alert(PeopleSay::DecidedBefore(decided).into()));
        return None;
    };
    if is_last_of_office(turn.context, person) {
        let say: Say = LinkSay::LastOfficeMember(person.clone()).into();
        turn.refuse(event, say);
        return None;
    }
    end_account(turn, person);
    Some(binding.account.clone())
}

fn unbind(turn: &mut Turn<'_, '_>, event: &Event, person: PersonId, user_id: i64) {
    if let Some(account) = end(turn, event, &person, user_id) {
        turn.show(event, LinkSay::BindingEnded(person, account.name).into());
    }
}

fn rebind(turn: &mut Turn<'_, '_>, event: &Event, person: PersonId, user_id: i64) {
    if let Some(account) = end(turn, event, &person, user_id) {
        let say = LinkSay::BindingEnded(person.clone(), account.name);
        turn.show(event, say.into());
        links::append_link(turn, &person);
    }
}

fn first_digits(code_sha256: &str) -> String {
    code_sha256.chars().take(LINK_DIGITS).collect()
}
