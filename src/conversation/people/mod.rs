//! Who is who (绑定): links, `/iam`, the first-start code, the office's confirmation, and what strangers are told.

mod asked;
mod links;
mod press;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::report::Sitting;
use super::roster::ReplaceSay;
use super::{
    ChatKind, Context, Conversation, Effect, Event, Manner, Say, Sender, Turn, Whom, report,
};
use crate::ledger::{Account, Act, Actor, BindingWay, Decided, code_sha256};
use crate::plan::{PersonId, Role, TaskId};

pub use asked::iam;
pub use links::{invite, rebind};
pub use press::{Press, on_press};

/// Open `/iam` requests the office is asked to look at; more are turned away until some are decided.
const MOST_REQUESTS: usize = 20;

/// A start payload that opens a report talk; a task's id follows `report_`.
const REPORT: &str = "report";

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum PeopleSay {
    /// To somebody nobody knows, at most once a day.
    Stranger,
    /// The alert on a press of somebody nobody knows.
    StrangerPress,
    /// `/start` of a bound person: who they are and what they can do now.
    Hello {
        /// The person.
        person: PersonId,
        /// Whether the account belongs to several task forces, between which it can switch.
        several: bool,
    },
    /// The same, right after an account was bound.
    Welcome(PersonId),
    /// `/iam` without a name.
    NameWanted,
    /// A name nobody can be bound under: not on the roster, or taken. Which of the two is not said.
    NoSuchName(String),
    /// The request went to the office.
    Asked(String),
    /// An earlier request waits.
    AskedBefore(String),
    /// Too many requests wait.
    TooManyAsk,
    /// The account is this person already.
    AlreadyYou(PersonId),
    /// The link is for somebody else; the reader is this person.
    LinkOfAnother(PersonId),
    /// The link was used, withdrawn or never made.
    LinkUnknown,
    /// The link is over its seven days.
    LinkExpired,
    /// To the office: an account says it is this person. Buttons confirm or decline.
    Request(PersonId, Account),
    /// In its place once it was decided.
    RequestDecided {
        /// Who the account said it was.
        person: PersonId,
        /// The account's shown name.
        name: String,
        /// Whether it is.
        confirmed: bool,
        /// When and by whom; none when it lapsed by itself.
        decided: Option<Decided>,
    },
    /// The alert for whoever decides second.
    DecidedBefore(Option<Decided>),
    /// To the account: the office said no.
    Declined,
    /// To the office: who is not bound, a button each, from this page on; and who asks to be.
    Unbound {
        /// Page from 0.
        page: usize,
    },
    /// To the old account: it is nobody from now on.
    AccountEnded,
    /// To the office: the person blocked the bot.
    Blocked(PersonId),
    /// Whatever a button offered was left.
    Left,
    /// Links and accounts, to the office.
    Link(LinkSay),
}

/// What the office is told of links and accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkSay {
    /// A one-time link, to be passed on.
    Made {
        /// For whom.
        person: PersonId,
        /// The code, shown this once.
        code: String,
        /// End of its life.
        expires_at: DateTime<Utc>,
    },
    /// The link was withdrawn.
    Withdrawn(PersonId),
    /// The alert: the link is no longer open.
    Gone,
    /// To the office: a link was used by this account. A button withdraws it.
    Used(PersonId, Account),
    /// The binding was withdrawn.
    BindingEnded(PersonId, String),
    /// The person is bound already; `/rebind` is the way.
    HasAccount(PersonId),
    /// `/invite` or `/rebind` with a name that is not on the roster.
    NotOnRoster(String),
    /// `/rebind` without a name.
    RebindWhom,
    /// `/rebind`: asks once more before the old account ends.
    RebindSure(PersonId),
    /// The last member of the office cannot be removed.
    LastOfficeMember(PersonId),
}

impl From<LinkSay> for Say {
    fn from(say: LinkSay) -> Self {
        Self::People(PeopleSay::Link(say))
    }
}

impl From<PeopleSay> for Say {
    fn from(say: PeopleSay) -> Self {
        Self::People(say)
    }
}

impl Conversation {
    /// What a person takes along to another account: half-finished items; the open one is put aside with them.
    #[must_use]
    pub fn handed_over(self) -> Self {
        let open = self.sitting.as_ref().and_then(Sitting::draft);
        let begun = open.filter(|draft| draft.begun()).cloned();
        Self {
            drafts: begun.into_iter().chain(self.drafts).collect(),
            ..Self::default()
        }
    }
}

/// Words of people are never waited for here: names come with the command.
pub fn on_words(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    let _ = (turn, event);
    false
}

/// Somebody nobody knows: one polite line a day in private, silence in groups.
pub fn on_stranger(turn: &mut Turn<'_, '_>, event: &Event) {
    let Sender::Account(account) = &event.sender else {
        return;
    };
    if event.place.kind != ChatKind::Private || !turn.context.stranger_line_free {
        return;
    }
    turn.tell_here(PeopleSay::Stranger.into());
    turn.push(Effect::CountStranger(account.user_id));
}

/// A press of somebody nobody knows changes nothing.
pub fn on_stranger_press(turn: &mut Turn<'_, '_>) {
    turn.push(Effect::alert(PeopleSay::StrangerPress.into()));
}

/// `/start`: plain, with a code, or to a report.
pub fn start(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let Sender::Account(account) = &event.sender else {
        return;
    };
    let own = turn.context.person.cloned();
    if let Some(rest) = argument.strip_prefix(REPORT).filter(|_| own.is_some()) {
        turn.state.waiting = None;
        return match rest.strip_prefix('_') {
            Some(task) => report::start_item(turn, event, &TaskId::new(task)),
            None => report::start(turn, event, ""),
        };
    }
    if !argument.is_empty() && !argument.starts_with(REPORT) {
        return links::open(turn, event, account, argument);
    }
    match own {
        Some(person) => {
            let several = turn.context.in_several;
            turn.tell_here(PeopleSay::Hello { person, several }.into());
        }
        None => on_stranger(turn, event),
    }
}

/// The private chat with a bound person works: noted once. Before that Telegram takes no command menu for it.
pub(super) fn note_reachable(turn: &mut Turn<'_, '_>) {
    let Some(person) = turn.context.person else {
        return;
    };
    if !turn.context.standing.reachable(person) {
        let person = person.clone();
        let reachable = Act::Reachable {
            person: person.clone(),
        };
        turn.push(Effect::AppendAs(Actor::Bot, reachable));
        turn.push(Effect::RefreshMenu(person));
    }
}

/// A bound person blocked the bot.
pub(super) fn note_unreachable(turn: &mut Turn<'_, '_>) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    if !turn.context.standing.reachable(&person) {
        return;
    }
    let act = Act::Unreachable {
        person: person.clone(),
    };
    turn.push(Effect::AppendAs(Actor::Bot, act));
    tell_office_but(turn, &person, PeopleSay::Blocked(person.clone()).into());
}

/// Silent word to every bound member of the office but one.
pub(super) fn tell_office_but(turn: &mut Turn<'_, '_>, but: &PersonId, say: Say) {
    for person in office(turn.context) {
        if person != *but {
            turn.push(Effect::Tell {
                to: Whom::Person(person),
                say: say.clone(),
                manner: Manner::unasked(),
            });
        }
    }
}

/// Bound members of the office.
pub(super) fn office(context: &Context<'_>) -> Vec<PersonId> {
    let standing = context.standing;
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let bound = standing.bindings.keys();
    let of_office = bound.filter(|person| context.frame.plan.is_office(person, &granted));
    of_office.cloned().collect()
}

/// Whether nobody of the office would be left without this person.
pub(super) fn is_last_of_office(context: &Context<'_>, person: &PersonId) -> bool {
    office(context) == std::slice::from_ref(person)
}

/// Whether even a link needs the office's word: its own people, leader and deputy leader.
fn needs_confirmation(context: &Context<'_>, person: &PersonId) -> bool {
    let plan = &context.frame.plan;
    let granted: Vec<PersonId> = context.standing.office_granted.iter().cloned().collect();
    let leads = plan.member(person).is_some_and(|member| match member.role {
        Role::Leader | Role::DeputyLeader => true,
        Role::Member | Role::Liaison => false,
    });
    leads || plan.is_office(person, &granted)
}

/// An account becomes a person. It wrote to us in private, so the chat works; whoever else asked to be the same person is told no.
fn bind(
    turn: &mut Turn<'_, '_>,
    by: &Actor,
    person: &PersonId,
    account: &Account,
    way: BindingWay,
) {
    let append = |act| Effect::AppendAs(by.clone(), act);
    turn.push(append(Act::Bound {
        person: person.clone(),
        account: account.clone(),
        way,
    }));
    turn.push(Effect::AppendAs(
        Actor::Bot,
        Act::Reachable {
            person: person.clone(),
        },
    ));
    hand_over(turn, person, account.user_id);
    let requests = &turn.context.standing.binding_requests;
    let others: Vec<i64> = requests
        .iter()
        .filter(|(user_id, (wanted, _))| wanted == person && **user_id != account.user_id)
        .map(|(user_id, _)| *user_id)
        .collect();
    for user_id in others {
        let person = person.clone();
        turn.push(append(Act::BindingDeclined { person, user_id }));
        turn.push(to_account(user_id, PeopleSay::Declined));
    }
    let welcome = PeopleSay::Welcome(person.clone());
    if *by == Actor::Stranger(account.user_id) {
        turn.tell_here(welcome.into());
    } else {
        turn.push(to_account(account.user_id, welcome));
    }
    turn.push(Effect::RefreshMenu(person.clone()));
    if let Some(from) = turn.context.standing.people.before(person) {
        let (from, to) = (from.clone(), person.clone());
        turn.push(Effect::Tell {
            to: Whom::Account(account.user_id),
            say: ReplaceSay::HandOver { from, to }.into(),
            manner: Manner::unasked(),
        });
    }
}

/// The account of a person is nobody from now on and is told so; nothing where there is none.
pub(super) fn end_account(turn: &mut Turn<'_, '_>, person: &PersonId) {
    let Some(binding) = turn.context.standing.bindings.get(person) else {
        return;
    };
    let user_id = binding.account.user_id;
    turn.push(Effect::Append(Act::Unbound {
        person: person.clone(),
        user_id,
    }));
    turn.push(to_account(user_id, PeopleSay::AccountEnded));
    turn.push(Effect::RefreshMenu(person.clone()));
}

/// Drafts follow the person; what the account was in the middle of as somebody else does not stay with it.
fn hand_over(turn: &mut Turn<'_, '_>, person: &PersonId, to: i64) {
    let standing = turn.context.standing;
    let former = standing.former_accounts.get(person).copied();
    if former == Some(to) {
        return;
    }
    let from = former.filter(|from| standing.person_of(*from).is_none());
    let was_another = standing
        .former_accounts
        .values()
        .any(|user_id| *user_id == to);
    if from.is_some() || was_another {
        turn.push(Effect::HandOver { from, to });
    }
}

/// Word to an account that is not acting now, without a sound.
fn to_account(user_id: i64, say: PeopleSay) -> Effect {
    Effect::Tell {
        to: Whom::Account(user_id),
        say: say.into(),
        manner: Manner {
            silent: true,
            ..Manner::default()
        },
    }
}

fn to_office(say: PeopleSay) -> Effect {
    Effect::Tell {
        to: Whom::Office,
        say: say.into(),
        manner: Manner::unasked(),
    }
}
