//! The room as JSON: people, groups, the list of chats, planned sends, queue, calls and violations.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Value, json};

use super::backstage::{Backstage, Cast, Pending};
use super::chat::preview;
use crate::rehearsal::STAND_IN_TOKEN;
use crate::rehearsal::page::words;
use crate::rehearsal::state::{
    BOT_ID, BOT_USERNAME, Chat, ChatKind, Contact, Message, Standing, State, TELEGRAM,
};
use crate::rehearsal::view::{Call, Violation};

/// Asia/Shanghai.
const SHANGHAI: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("8 hours is a valid offset");
/// Calls shown, the newest.
const CALLS: usize = 50;
/// Violations shown, the newest.
const VIOLATIONS: usize = 100;
/// Characters of a call's text that are shown.
const CALL_TEXT: usize = 60;

/// A time as the page reads it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.with_timezone(&SHANGHAI)
        .format("%Y-%m-%dT%H:%M:%S+08:00")
        .to_string()
}

/// The answer of `/api/room`.
pub(super) fn room(state: &State, backstage: &Backstage, version: u64) -> Value {
    let start_link = backstage
        .first_code
        .as_ref()
        .map(|code| format!("https://t.me/{BOT_USERNAME}?start={code}"));
    json!({
        "version": version, "room": backstage.room, "title": backstage.title, "now": time(state.now),
        "speed": backstage.speed.name(), "busy": backstage.busy, "until": backstage.until.map(time),
        "bot": {
            "running": backstage.running, "id": BOT_ID, "name": bot_name(state), "username": BOT_USERNAME,
            "first_code": backstage.first_code, "start_link": start_link,
        },
        "stand_in": {"url": backstage.stand_in, "token": STAND_IN_TOKEN},
        "privacy": state.has_privacy,
        "people": people(state, backstage), "groups": groups(state), "chats": chats(state, backstage),
        "planned": backstage.planned.iter().map(|planned| json!({"at": time(planned.at), "what": planned.what})).collect::<Vec<_>>(),
        "faults": {
            "down": backstage.down, "slow": state.is_slow, "rate_limited_until": state.flood.limited_until(state.now).map(time),
        },
        "queue": backstage.queue.iter().map(|row| pending(state, row)).collect::<Vec<_>>(),
        "calls": calls(state),
        "violations": state.violations.iter().rev().take(VIOLATIONS).rev().map(violation).collect::<Vec<_>>(),
        "strict": backstage.strict,
        "script": backstage.script.as_ref().map(|script| json!({
            "name": script.name, "line": script.line, "lines": script.lines, "text": script.text, "error": script.error,
        })),
        "saved": backstage.saved,
    })
}

/// The roster as it is cast, then whoever came from outside.
fn people(state: &State, backstage: &Backstage) -> Vec<Value> {
    let strangers = state.people.iter().filter(|(id, person)| {
        !person.is_bot && **id != TELEGRAM && !backstage.people.iter().any(|cast| cast.id == **id)
    });
    let strangers = strangers.map(|(id, person)| Cast {
        id: *id,
        name: person.first_name.clone(),
        post: String::new(),
        unit: String::new(),
        role: "stranger",
    });
    let all = backstage.people.iter().cloned().chain(strangers);
    all.map(|cast| person(state, &cast)).collect()
}

fn person(state: &State, cast: &Cast) -> Value {
    let contact = state.people.get(&cast.id).map(|person| person.contact);
    let in_group = state
        .current_group()
        .and_then(|group| state.standing(group, cast.id))
        .is_some_and(Standing::is_present);
    json!({
        "id": cast.id, "name": cast.name, "post": cast.post, "unit": cast.unit, "role": cast.role,
        "started": contact.is_some_and(|contact| contact != Contact::Never),
        "blocked": contact == Some(Contact::Blocked), "in_group": in_group,
    })
}

fn groups(state: &State) -> Vec<Value> {
    let current = state.current_group();
    let groups = state.chats.values().filter(|chat| chat.is_live_group());
    let shown = groups.map(|chat| {
        let standing = chat.members.get(&BOT_ID).copied();
        json!({
            "id": chat.id, "title": chat.title, "kind": chat.kind.name(), "bot": standing_name(standing),
            "can_pin": standing.is_some_and(Standing::can_pin), "is_current": Some(chat.id) == current,
        })
    });
    shown.collect()
}

/// The name the bot gave itself, or the one it was made with.
fn bot_name(state: &State) -> String {
    let own = state.profile.get(&("name".to_owned(), String::new()));
    let own = own.filter(|name| !name.is_empty());
    own.cloned().unwrap_or_else(|| state.name_of(BOT_ID))
}

fn standing_name(standing: Option<Standing>) -> &'static str {
    match standing {
        Some(Standing::Creator | Standing::Administrator { .. }) => "administrator",
        Some(Standing::Member) => "member",
        Some(Standing::Muted) => "restricted",
        Some(Standing::Kicked) => "kicked",
        Some(Standing::Left) | None => "left",
    }
}

/// Groups, then everybody's private chat, whether it is open yet or not.
fn chats(state: &State, backstage: &Backstage) -> Vec<Value> {
    let groups = state
        .chats
        .values()
        .filter(|chat| matches!(chat.kind, ChatKind::Group | ChatKind::Supergroup))
        .filter(|chat| chat.migrated_to.is_none() || chat.messages.len() > 1);
    let mut shown: Vec<Value> = groups.map(|chat| listed(state, chat)).collect();
    shown.sort_by_key(|chat| chat["id"].as_i64() != state.current_group());
    let roster = backstage.people.iter().map(|cast| cast.id);
    let others = state
        .chats
        .values()
        .filter(|chat| chat.kind == ChatKind::Private)
        .map(|chat| chat.id)
        .filter(|id| !backstage.people.iter().any(|cast| cast.id == *id));
    for id in roster.chain(others) {
        shown.push(match state.chats.get(&id) {
            Some(chat) => listed(state, chat),
            None => {
                json!({"id": id, "kind": "private", "title": state.name_of(id), "last": null, "total": 0, "sounding": 0})
            }
        });
    }
    shown
}

fn listed(state: &State, chat: &Chat) -> Value {
    let (mut total, mut sounding) = (0, 0);
    let by_bot = chat
        .messages
        .values()
        .filter(|message| message.from == Some(BOT_ID) && !message.is_deleted);
    for message in by_bot {
        total += 1;
        sounding += usize::from(!message.is_silent);
    }
    let last = chat
        .messages
        .values()
        .rev()
        .find(|message| !message.is_deleted);
    json!({
        "id": chat.id, "kind": group_or_private(chat.kind), "title": title(chat), "last": last.map(|last| newest(state, last)),
        "total": total, "sounding": sounding,
    })
}

pub(super) fn group_or_private(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Private => "private",
        ChatKind::Group | ChatKind::Supergroup | ChatKind::Channel => "group",
    }
}

pub(super) fn title(chat: &Chat) -> String {
    match chat.migrated_to {
        Some(_) => words::former_group(&chat.title),
        None => chat.title.clone(),
    }
}

/// A service message says itself who did what.
fn newest(state: &State, message: &Message) -> Value {
    let view = state.view(message);
    let is_service = words::service_line(&view, BOT_ID).is_some();
    let by = Some(&view.from_name).filter(|_| !is_service);
    json!({
        "id": view.id, "at": time(view.at), "text": preview(&view, 80), "from_name": by, "out": !view.is_ours && !is_service,
    })
}

fn pending(state: &State, row: &Pending) -> Value {
    json!({
        "chat_title": state.name_of(row.chat), "kind": row.kind, "state": row.state, "since": time(row.since), "attempts": row.attempts,
        "not_before": row.not_before.map(time), "sent_at": row.sent_at.map(time), "error": row.error,
    })
}

/// The newest calls, polls that went well left out.
fn calls(state: &State) -> Vec<Value> {
    let numbered = state.journal.iter().enumerate();
    let mut newest: Vec<(usize, &Call)> = numbered
        .rev()
        .filter(|(_, call)| {
            call.method != "getUpdates"
                || !matches!(call.outcome, Some(Ok(_)))
                || call.fault.is_some()
        })
        .take(CALLS)
        .collect();
    newest.reverse();
    newest
        .into_iter()
        .map(|(at, call)| call_json(state, state.journal_dropped + at, call))
        .collect()
}

fn call_json(state: &State, number: usize, call: &Call) -> Value {
    let outcome = match (&call.outcome, call.fault) {
        (_, Some(fault)) => format!("fault: {fault:?}"),
        (Some(Ok(_)), None) => "ok".to_owned(),
        (Some(Err(refusal)), None) => format!("{} {}", refusal.code, refusal.description),
        (None, None) => String::new(),
    };
    let text = ["text", "caption"]
        .iter()
        .find_map(|name| call.parameters.get(*name).and_then(Value::as_str));
    json!({
        "n": number, "at": time(call.at), "method": call.method, "chat_title": call.chat.map(|chat| state.name_of(chat)),
        "outcome": outcome, "text": text.map(|text| text.chars().take(CALL_TEXT).collect::<String>()),
    })
}

fn violation(violation: &Violation) -> Value {
    json!({"at": time(violation.at), "method": violation.method, "what": violation.what})
}
