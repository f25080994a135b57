//! Methods that make messages: `sendMessage`, `sendPhoto`, `sendDocument`, `sendMediaGroup`, `sendChatAction`.

use serde_json::{Map, Value};

use super::entity::Formatted;
use super::files::FileKind;
use super::flood::Act;
use super::keyboard::{self, Markup};
use super::refusal::Refusal;
use super::request::{Parameters, integer};
use super::state::{BOT_ID, ChatAction, Message, State};

/// Characters (code points) of a text after parsing.
pub(super) const MAX_TEXT: usize = 4096;
/// Bytes of a text with its markup.
const MAX_RAW_TEXT: usize = 32_768;
/// Characters (code points) of a caption after parsing.
const MAX_CAPTION: usize = 1024;
/// Items in an album.
const MAX_ALBUM: usize = 10;
/// The field of a message that names its album.
pub(super) const ALBUM: &str = "media_group_id";
const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub(super) fn send_message(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let words = text(state, "sendMessage", parameters)?;
    let markup = keyboard::read(parameters)?;
    let chat = state.writable_chat(parameters)?;
    state.check_voice(chat, "text messages")?;
    let mut message = draft(state, parameters, chat, markup)?;
    message.words = words;
    state.spend("sendMessage", chat, Act::Send(1))?;
    Ok(publish(state, message))
}

pub(super) fn send_file(
    state: &mut State,
    parameters: &Parameters,
    kind: FileKind,
) -> Result<Value, Refusal> {
    let method = match kind {
        FileKind::Photo => "sendPhoto",
        FileKind::Document => "sendDocument",
    };
    let caption = caption(state, method, parameters)?;
    let markup = keyboard::read(parameters)?;
    let chat = state.writable_chat(parameters)?;
    state.check_voice(chat, &format!("{}s", kind.field()))?;
    let mut message = draft(state, parameters, chat, markup)?;
    let reference = parameters.text(kind.field());
    let file = state
        .files
        .resolve(kind, kind.field(), reference.as_deref(), parameters)?;
    message.words = caption;
    message.extra = state.files.shown(&file);
    state.spend(method, chat, Act::Send(1))?;
    Ok(publish(state, message))
}

pub(super) fn send_media_group(
    state: &mut State,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    let Some(Value::Array(items)) = parameters.nested("media") else {
        return Err(Refusal::bad_request("can't parse media JSON object"));
    };
    check_album(state, &items)?;
    let chat = state.writable_chat(parameters)?;
    let kind = items[0].get("type").and_then(Value::as_str);
    state.check_voice(chat, &format!("{}s", kind.unwrap_or_default()))?;
    let mut messages = Vec::new();
    let album = state.next_message_id(chat).to_string();
    for item in &items {
        let (caption, extra) = media(state, "sendMediaGroup", item, parameters)?;
        let mut message = draft(state, parameters, chat, Markup::None)?;
        message.words = caption;
        message.extra = extra;
        message
            .extra
            .insert(ALBUM.to_owned(), Value::String(album.clone()));
        messages.push(message);
    }
    state.spend("sendMediaGroup", chat, Act::Send(messages.len()))?;
    Ok(messages
        .into_iter()
        .map(|message| publish(state, message))
        .collect())
}

fn check_album(state: &mut State, items: &[Value]) -> Result<(), Refusal> {
    if items.is_empty() {
        return Err(Refusal::bad_request("there are no messages to send"));
    }
    if items.len() > MAX_ALBUM {
        return Err(Refusal::bad_request(
            "too many messages to send as an album",
        ));
    }
    if items.len() == 1 {
        state.violation("sendMediaGroup", "an album has 2 to 10 items");
    }
    let kinds: Vec<_> = items.iter().map(|item| item.get("type")).collect();
    if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Refusal::bad_request(
            "Document can't be mixed with other media types",
        ));
    }
    Ok(())
}

/// One `InputMedia`: its caption and the field that shows its file.
pub(super) fn media(
    state: &mut State,
    method: &str,
    item: &Value,
    parameters: &Parameters,
) -> Result<(Formatted, Map<String, Value>), Refusal> {
    let own = Parameters {
        values: item.as_object().cloned().unwrap_or_default(),
        uploads: parameters.uploads.clone(),
    };
    let kind = match own.text("type").as_deref() {
        Some("photo") => FileKind::Photo,
        Some("document") => FileKind::Document,
        Some(_) | None => {
            return Err(Refusal::bad_request(
                "can't parse InputMedia: type must be photo or document in the stand-in",
            ));
        }
    };
    let caption = caption(state, method, &own)?;
    let reference = own
        .text("media")
        .ok_or_else(|| Refusal::bad_request("media not found"))?;
    let file = state
        .files
        .resolve(kind, kind.field(), Some(&reference), &own)?;
    Ok((caption, state.files.shown(&file)))
}

pub(super) fn send_chat_action(
    state: &mut State,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    if !parameters
        .text("action")
        .is_some_and(|action| ACTIONS.contains(&action.as_str()))
    {
        return Err(Refusal::bad_request("wrong parameter action in request"));
    }
    let chat = state.writable_chat(parameters)?;
    state.topic(chat, parameters.integer("message_thread_id"))?;
    let action = ChatAction {
        name: parameters.text("action").unwrap_or_default(),
        at: state.now,
        number: state.journal_dropped + state.journal.len(),
    };
    state.actions.insert(chat, action);
    Ok(Value::Bool(true))
}

/// The text of a message, parsed and within the limits.
pub(super) fn text(
    state: &mut State,
    method: &str,
    parameters: &Parameters,
) -> Result<Formatted, Refusal> {
    let raw = parameters.text("text").unwrap_or_default();
    if raw.is_empty() {
        return Err(Refusal::bad_request("message text is empty"));
    }
    if raw.len() > MAX_RAW_TEXT {
        return Err(Refusal::bad_request("text is too long"));
    }
    let words = formatted(state, method, &raw, parameters, "entities")?;
    if words.text.is_empty() {
        return Err(Refusal::bad_request("text must be non-empty"));
    }
    if words.text.chars().count() > MAX_TEXT {
        return Err(Refusal::bad_request("message is too long"));
    }
    Ok(words)
}

pub(super) fn caption(
    state: &mut State,
    method: &str,
    parameters: &Parameters,
) -> Result<Formatted, Refusal> {
    let raw = parameters.text("caption").unwrap_or_default();
    let caption = formatted(state, method, &raw, parameters, "caption_entities")?;
    if caption.text.chars().count() > MAX_CAPTION {
        return Err(Refusal::bad_request("message caption is too long"));
    }
    Ok(caption)
}

fn formatted(
    state: &mut State,
    method: &str,
    raw: &str,
    parameters: &Parameters,
    entities: &str,
) -> Result<Formatted, Refusal> {
    if parameters.values.contains_key(entities) {
        state.violation(
            method,
            format!("the stand-in does not play {entities}; use parse_mode HTML"),
        );
    }
    match parameters
        .text("parse_mode")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "html" => {
            for loss in Formatted::losses(raw) {
                state.violation(method, format!("formatting is lost: {loss}"));
            }
            Formatted::html(raw)
                .map_err(|error| Refusal::bad_request(format!("can't parse entities: {error}")))
        }
        "" | "none" => Ok(Formatted::plain(raw)),
        "markdown" | "markdownv2" => {
            state.violation(
                method,
                "the stand-in does not play Markdown; use parse_mode HTML",
            );
            Ok(Formatted::plain(raw))
        }
        _ => Err(Refusal::bad_request("unsupported parse_mode")),
    }
}

/// A message of the bot without its content: topic, answered message and markup are checked here.
fn draft(
    state: &mut State,
    parameters: &Parameters,
    chat: i64,
    markup: Markup,
) -> Result<Message, Refusal> {
    let replied = replied(state, parameters, chat)?;
    let topic = match state.topic(chat, parameters.integer("message_thread_id"))? {
        Some(topic) => Some(topic),
        // An answer goes to the topic of what it answers.
        None => replied
            .and_then(|id| state.message(chat, id))
            .and_then(|message| message.topic),
    };
    // The id is taken only when the message is published.
    let mut message = state.blank_message(chat, BOT_ID, 0);
    message.topic = topic;
    message.reply_to = replied;
    message.is_silent = parameters.flag("disable_notification");
    match markup {
        Markup::None => {}
        Markup::Inline(rows) => message.keyboard = Some(rows),
        Markup::Interface => message.has_reply_interface = true,
        Markup::ForceReply(asks) => {
            message.has_reply_interface = true;
            message.asks = Some(asks);
        }
    }
    Ok(message)
}

fn replied(state: &State, parameters: &Parameters, chat: i64) -> Result<Option<i64>, Refusal> {
    let Some(reply) = parameters.nested("reply_parameters") else {
        return Ok(None);
    };
    let id = reply
        .get("message_id")
        .and_then(integer)
        .filter(|id| *id > 0)
        .ok_or_else(|| Refusal::bad_request("parameter \"message_id\" is required"))?;
    if state.message(chat, id).is_some() {
        return Ok(Some(id));
    }
    if reply.get("allow_sending_without_reply") == Some(&Value::Bool(true)) {
        return Ok(None);
    }
    Err(Refusal::bad_request("message to be replied not found"))
}

fn publish(state: &mut State, mut message: Message) -> Value {
    message.id = state.next_message_id(message.chat);
    state.actions.remove(&message.chat);
    let shown = state.message_json(&message);
    state.store(message);
    shown
}
