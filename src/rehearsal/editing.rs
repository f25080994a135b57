//! Methods that change messages: edits, deletions, pins, reactions.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::entity::Formatted;
use super::flood::Act;
use super::keyboard::{self, Markup};
use super::refusal::Refusal;
use super::request::{Parameters, integer};
use super::sending::{self, ALBUM};
use super::state::{BOT_ID, Message, Standing, State};

/// A message older than this cannot be deleted for everyone.
const DELETABLE: TimeDelta = TimeDelta::hours(48);
/// Messages one `deleteMessages` takes.
const MAX_DELETED: usize = 100;
const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

pub(super) fn edit_text(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let words = sending::text(state, "editMessageText", parameters)?;
    let (chat, id) = editable(state, parameters)?;
    let message = state
        .message(chat, id)
        .filter(|message| !message.is_media());
    let Some(extra) = message.map(|message| message.extra.clone()) else {
        return Err(Refusal::bad_request(
            "there is no text in the message to edit",
        ));
    };
    change(
        state,
        "editMessageText",
        parameters,
        (chat, id),
        words,
        extra,
    )
}

pub(super) fn edit_caption(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let caption = sending::caption(state, "editMessageCaption", parameters)?;
    let (chat, id) = editable(state, parameters)?;
    let message = state.message(chat, id).filter(|message| message.is_media());
    let Some(extra) = message.map(|message| message.extra.clone()) else {
        return Err(Refusal::bad_request(
            "there is no caption in the message to edit",
        ));
    };
    change(
        state,
        "editMessageCaption",
        parameters,
        (chat, id),
        caption,
        extra,
    )
}

pub(super) fn edit_media(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let item = parameters
        .nested("media")
        .ok_or_else(|| Refusal::bad_request("media not found"))?;
    let place = editable(state, parameters)?;
    let (caption, mut extra) = sending::media(state, "editMessageMedia", &item, parameters)?;
    stay_in_album(state, place, &mut extra)?;
    change(state, "editMessageMedia", parameters, place, caption, extra)
}

/// What takes the place of an album's item is an item of it, and of the same kind.
fn stay_in_album(
    state: &State,
    (chat, id): (i64, i64),
    extra: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    let Some(old) = state.message(chat, id).map(|message| &message.extra) else {
        return Ok(());
    };
    let Some(album) = old.get(ALBUM) else {
        return Ok(());
    };
    if !extra.keys().all(|kind| old.contains_key(kind)) {
        return Err(Refusal::bad_request("can't change media type in the album"));
    }
    extra.insert(ALBUM.to_owned(), album.clone());
    Ok(())
}

pub(super) fn edit_markup(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let (chat, id) = editable(state, parameters)?;
    let message = state.message(chat, id);
    let Some((words, extra)) =
        message.map(|message| (message.words.clone(), message.extra.clone()))
    else {
        return Err(Refusal::bad_request("message to edit not found"));
    };
    change(
        state,
        "editMessageReplyMarkup",
        parameters,
        (chat, id),
        words,
        extra,
    )
}

/// The bot's own message that the call names, if it can be edited.
fn editable(state: &State, parameters: &Parameters) -> Result<(i64, i64), Refusal> {
    let id = parameters
        .integer("message_id")
        .filter(|id| *id > 0)
        .ok_or_else(|| Refusal::bad_request("message identifier is not specified"))?;
    let chat = state.writable_chat(parameters)?;
    let Some(message) = state.message(chat, id) else {
        return Err(Refusal::bad_request("message to edit not found"));
    };
    if message.from != Some(BOT_ID) || message.has_reply_interface || is_service(message) {
        return Err(Refusal::bad_request("message can't be edited"));
    }
    Ok((chat, id))
}

fn is_service(message: &Message) -> bool {
    message.words.text.is_empty() && !message.is_media()
}

/// Puts new content and markup in place; markup that is not given goes away.
fn change(
    state: &mut State,
    method: &str,
    parameters: &Parameters,
    (chat, id): (i64, i64),
    words: Formatted,
    extra: Map<String, Value>,
) -> Result<Value, Refusal> {
    let keyboard = match keyboard::read(parameters)? {
        Markup::None => None,
        Markup::Inline(rows) => Some(rows),
        Markup::ForceReply(_) | Markup::Interface => {
            return Err(Refusal::bad_request("inline keyboard expected"));
        }
    };
    let same = state
        .message(chat, id)
        .is_some_and(|old| old.words == words && old.extra == extra && old.keyboard == keyboard);
    if same {
        return Err(Refusal::bad_request(NOT_MODIFIED));
    }
    state.spend(method, chat, Act::Edit)?;
    let now = state.now;
    if let Some(message) = state.message_mut(chat, id) {
        message.words = words;
        message.extra = extra;
        message.keyboard = keyboard;
        message.edited_at = Some(now);
    }
    Ok(state
        .message(chat, id)
        .map_or(Value::Null, |message| state.message_json(message)))
}

pub(super) fn delete(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters
        .integer("message_id")
        .filter(|id| *id > 0)
        .ok_or_else(|| Refusal::bad_request("message identifier is not specified"))?;
    let chat = state.writable_chat(parameters)?;
    delete_one(state, chat, id)?;
    Ok(Value::Bool(true))
}

pub(super) fn delete_many(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let Some(Value::Array(ids)) = parameters.nested("message_ids") else {
        return Err(Refusal::bad_request(
            "message identifiers are not specified",
        ));
    };
    if ids.len() > MAX_DELETED {
        return Err(Refusal::bad_request(
            "too many message identifiers specified",
        ));
    }
    let chat = state.writable_chat(parameters)?;
    for id in ids.iter().filter_map(integer).collect::<Vec<_>>() {
        match delete_one(state, chat, id) {
            Ok(()) => {}
            Err(refusal) if refusal.description.ends_with("not found") => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Value::Bool(true))
}

fn delete_one(state: &mut State, chat: i64, id: i64) -> Result<(), Refusal> {
    let Some(message) = state.message(chat, id) else {
        return Err(Refusal::bad_request("message to delete not found"));
    };
    let may_delete = chat > 0
        || message.from == Some(BOT_ID)
        || state
            .standing(chat, BOT_ID)
            .is_some_and(Standing::is_administrator);
    if !may_delete {
        return Err(Refusal::bad_request("message can't be deleted"));
    }
    if state.now - message.at >= DELETABLE {
        return Err(Refusal::bad_request(
            "message can't be deleted for everyone",
        ));
    }
    state.remove_message(chat, id);
    Ok(())
}

impl State {
    /// Takes a message out of sight and off the pins.
    pub fn remove_message(&mut self, chat: i64, id: i64) {
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.pinned.retain(|pinned| *pinned != id);
            if let Some(message) = chat.messages.get_mut(&id) {
                message.is_deleted = true;
            }
        }
    }
}

pub(super) fn pin(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters
        .integer("message_id")
        .ok_or_else(|| Refusal::bad_request("message identifier is not specified"))?;
    let chat = pinnable_chat(state, parameters)?;
    let Some(pinned) = state.message(chat, id) else {
        return Err(Refusal::bad_request("message to pin not found"));
    };
    let (shown, topic) = (state.message_json(pinned), pinned.topic);
    if let Some(known) = state.chats.get_mut(&chat) {
        known.pinned.retain(|other| *other != id);
        known.pinned.push(id);
    }
    let mut service = state.blank_message(chat, BOT_ID, 0);
    service.id = state.next_message_id(chat);
    service.topic = topic;
    service.is_silent = parameters.flag("disable_notification");
    service.extra.insert("pinned_message".to_owned(), shown);
    let service = state.store(service);
    state.deliver(chat, service);
    Ok(Value::Bool(true))
}

pub(super) fn unpin(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = pinnable_chat(state, parameters)?;
    let not_found = || Refusal::bad_request("message to unpin not found");
    let known = state.chats.get_mut(&chat).ok_or_else(not_found)?;
    let id = parameters
        .integer("message_id")
        .or(known.pinned.last().copied())
        .ok_or_else(not_found)?;
    let before = known.pinned.len();
    known.pinned.retain(|pinned| *pinned != id);
    if known.pinned.len() == before {
        Err(not_found())
    } else {
        Ok(Value::Bool(true))
    }
}

pub(super) fn unpin_all(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let chat = pinnable_chat(state, parameters)?;
    if let Some(known) = state.chats.get_mut(&chat) {
        known.pinned.clear();
    }
    Ok(Value::Bool(true))
}

/// In a group only an administrator with the right to it pins.
fn pinnable_chat(state: &State, parameters: &Parameters) -> Result<i64, Refusal> {
    let chat = state.writable_chat(parameters)?;
    if chat < 0 && !state.standing(chat, BOT_ID).is_some_and(Standing::can_pin) {
        return Err(Refusal::bad_request(
            "not enough rights to manage pinned messages in the chat",
        ));
    }
    Ok(chat)
}

pub(super) fn react(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let id = parameters
        .integer("message_id")
        .ok_or_else(|| Refusal::bad_request("message identifier is not specified"))?;
    let chat = state.writable_chat(parameters)?;
    if state.message(chat, id).is_none() {
        return Err(Refusal::bad_request("message to react not found"));
    }
    let reactions = parameters.nested("reaction").unwrap_or(json!([]));
    match reactions.as_array().map(Vec::as_slice) {
        Some([]) => Ok(Value::Bool(true)),
        Some([one]) if one.get("type") == Some(&json!("paid")) => {
            Err(Refusal::bad_request("REACTION_INVALID"))
        }
        Some([_]) => Ok(Value::Bool(true)),
        Some(_) => Err(Refusal::bad_request("REACTIONS_TOO_MANY")),
        None => Err(Refusal::bad_request(
            "can't parse reaction types JSON object",
        )),
    }
}
