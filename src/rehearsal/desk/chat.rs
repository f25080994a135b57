//! One chat as JSON: its messages as somebody sees them, what is pinned, the menu; answers to presses; the transcript.

use std::ops::Range;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::reading::{group_or_private, time, title};
use crate::rehearsal::entity::EntityKind;
use crate::rehearsal::page::words;
use crate::rehearsal::state::{BOT_ID, Chat, ChatKind, Message, State, Topic};
use crate::rehearsal::view::{Button, MessageView};

/// Messages given at once unless asked otherwise, and at most.
const PAGE: usize = 60;
const MOST: usize = 500;
/// Characters of a message that is quoted or pinned.
const QUOTED: usize = 60;
/// How long a client shows what a bot is doing.
const ACTION_SHOWN: TimeDelta = TimeDelta::seconds(5);

/// Which part of a chat is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub viewer: i64,
    /// Older than this message.
    pub before: Option<i64>,
    pub limit: Option<usize>,
}

/// The beginning of a message in one line.
pub(super) fn preview(message: &MessageView, most: usize) -> String {
    if let Some(line) = words::service_line(message, BOT_ID) {
        return line;
    }
    let extra = words::stand_in(&message.extra);
    let text = format!("{extra}{}", message.text.replace('\n', " "));
    text.chars().take(most).collect()
}

/// The answer of `/api/chat`; `None` if there is no such chat and no such person.
pub(super) fn chat(state: &State, id: i64, window: Window) -> Option<Value> {
    let menu: Vec<Value> = state
        .menu(window.viewer, id, "zh")
        .into_iter()
        .map(|(command, description)| json!({"command": command, "description": description}))
        .collect();
    let Some(chat) = state.chats.get(&id) else {
        state.people.get(&id)?;
        return Some(json!({
            "id": id, "kind": "private", "title": state.name_of(id), "topics": [], "pinned": null, "menu": menu, "force_reply": null, "action": null,
            "more": false, "messages": [],
        }));
    };
    let limit = window.limit.unwrap_or(PAGE).clamp(1, MOST);
    let shown = shown_to(chat, window.viewer);
    let before = window.before.unwrap_or(i64::MAX).min(shown.end);
    let mut older = chat
        .messages
        .range(..before)
        .rev()
        .map(|(_, message)| message)
        .filter(|message| !message.is_deleted);
    let mut messages: Vec<Value> = older
        .by_ref()
        .take(limit)
        .map(|message| message_json(state, message, window.viewer))
        .collect();
    messages.reverse();
    let pinned = chat
        .pinned
        .last()
        .filter(|id| shown.contains(id))
        .and_then(|id| state.message(chat.id, *id));
    Some(json!({
        "id": id, "kind": group_or_private(chat.kind), "title": title(chat), "topics": topics(chat),
        "pinned": pinned.map(|message| json!({"id": message.id, "text": preview(&state.view(message), QUOTED)})),
        "menu": menu, "force_reply": force_reply(chat, window.viewer), "action": action(state, id),
        "more": older.next().is_some(), "messages": messages,
    }))
}

/// The ids of a group somebody sees: all while they are in it, those up to their leaving after that, none if they never were.
fn shown_to(chat: &Chat, viewer: i64) -> Range<i64> {
    let is_there = chat
        .members
        .get(&viewer)
        .is_some_and(|standing| standing.is_present());
    if chat.kind == ChatKind::Private || is_there {
        return 0..i64::MAX;
    }
    let gone = |message: &Message| {
        let left = message.extra.get("left_chat_member");
        left.is_some_and(|left| left["id"] == json!(viewer))
    };
    let farewell = chat.messages.values().rev().find(|one| gone(one));
    0..farewell.map_or(0, |message| message.id + 1)
}

/// What the bot is doing in a chat, as a client shows it: until its message comes, at most so long.
fn action(state: &State, chat: i64) -> Option<Value> {
    let action = state.actions.get(&chat)?;
    let is_over = state.now - action.at >= ACTION_SHOWN;
    (!is_over).then(|| json!({"name": action.name, "number": action.number}))
}

fn topics(chat: &Chat) -> Vec<Value> {
    let open = chat
        .topics
        .iter()
        .filter(|(_, topic)| **topic != Topic::Deleted);
    let named = open.map(|(id, _)| {
        let name = chat
            .messages
            .get(id)
            .and_then(|message| message.extra.get("forum_topic_created"))
            .and_then(|created| created.get("name"));
        json!({"id": id, "name": name})
    });
    named.collect()
}

/// The newest message that opens this viewer's reply field, unless they wrote after it.
fn force_reply(chat: &Chat, viewer: i64) -> Option<Value> {
    let shown = chat.messages.range(shown_to(chat, viewer));
    let there = shown.map(|(_, message)| message).rev();
    for message in there.filter(|one| !one.is_deleted) {
        if message.from == Some(viewer) {
            return None;
        }
        let Some(asks) = &message.asks else {
            continue;
        };
        let asked = message
            .reply_to
            .and_then(|id| chat.messages.get(&id))
            .and_then(|replied| replied.from);
        let is_asked = asked == Some(viewer) || names(message, viewer);
        if chat.kind == ChatKind::Private || !asks.is_selective || is_asked {
            return Some(json!({"id": message.id, "placeholder": asks.placeholder}));
        }
    }
    None
}

/// Whether a message mentions this person without a user name.
fn names(message: &Message, person: i64) -> bool {
    let mut entities = message.words.entities.iter();
    entities.any(|entity| matches!(entity.kind, EntityKind::Person { id } if id == person))
}

fn message_json(state: &State, message: &Message, viewer: i64) -> Value {
    let view = state.view(message);
    let replied = view
        .reply_to
        .and_then(|id| state.message(message.chat, id))
        .map(|replied| state.view(replied));
    json!({
        "id": view.id, "from": view.from, "from_name": view.from_name, "by_bot": view.is_ours, "mine": view.from == Some(viewer),
        "at": time(view.at), "edited_at": view.edited_at.map(time), "silent": view.is_silent, "pinned": view.is_pinned,
        "topic": view.topic, "text": view.text, "entities": view.entities.iter().map(entity).collect::<Vec<_>>(),
        "reply_to": replied.map(|replied| json!({"id": replied.id, "from_name": replied.from_name, "text": preview(&replied, QUOTED)})),
        "keyboard": view.keyboard.iter().map(|row| row.iter().map(button).collect()).collect::<Vec<Vec<Value>>>(),
        "service": words::service_line(&view, BOT_ID), "photo": photo(&view), "document": document(&view), "other": other(&view),
    })
}

/// An entity with its person as a number.
fn entity(shown: &Value) -> Value {
    let mut entity = shown.clone();
    if let Some(object) = entity.as_object_mut()
        && let Some(user) = object.remove("user")
    {
        object.insert("user_id".to_owned(), user["id"].clone());
    }
    entity
}

fn button(button: &Button) -> Value {
    match &button.url {
        Some(url) => json!({"text": button.text, "kind": "link", "url": url}),
        None => json!({"text": button.text, "kind": "press"}),
    }
}

fn photo(view: &MessageView) -> Option<Value> {
    let largest = view.extra.get("photo")?.as_array()?.last()?;
    Some(
        json!({"file_id": largest["file_id"], "width": largest["width"], "height": largest["height"]}),
    )
}

fn document(view: &MessageView) -> Option<Value> {
    let document = view.extra.get("document")?;
    Some(json!({
        "file_id": document["file_id"], "name": document["file_name"], "size": document["file_size"], "mime": document["mime_type"],
    }))
}

fn other(view: &MessageView) -> Option<&'static str> {
    ["sticker", "voice", "location"]
        .into_iter()
        .find(|kind| view.extra.contains_key(*kind))
}

/// The answer of `/api/alerts`: what the bot answered to this person's presses after number `since`.
pub(super) fn alerts(state: &State, user: i64, since: usize) -> Value {
    let numbered = (1..).zip(&state.answers).skip(since);
    let shown: Vec<Value> = numbered
        .filter(|(_, answer)| answer.user == user)
        .map(|(n, answer)| {
            json!({
                "n": n, "query": answer.query_id, "at": time(answer.at), "text": answer.text.clone().unwrap_or_default(), "is_alert": answer.is_alert,
                "url": answer.url,
            })
        })
        .collect();
    json!({"last": state.answers.len(), "alerts": shown})
}

/// All chats as one text, in order of time.
pub(super) fn transcript(state: &State, heading: &str) -> String {
    let mut all: Vec<(&Chat, &Message)> = state
        .chats
        .values()
        .flat_map(|chat| chat.messages.values().map(move |message| (chat, message)))
        .filter(|(_, message)| !message.is_deleted)
        .collect();
    all.sort_by_key(|(chat, message)| (message.at, chat.id >= 0, chat.id, message.id));
    let shown = |at| time(at).replace('T', " ").replace("+08:00", "");
    let ends = |pair: Option<&(&Chat, &Message)>| pair.map_or(state.now, |(_, one)| one.at);
    let (first, last) = (ends(all.first()), ends(all.last()));
    let mut text = words::transcript_heading(heading, &shown(first), &shown(last));
    for (chat, message) in all {
        let view = state.view(message);
        text.push('\n');
        let entry = words::transcript_entry(&shown(message.at), &title(chat), &view, BOT_ID);
        text.push_str(&entry);
    }
    text
}
