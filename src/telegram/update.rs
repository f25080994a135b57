//! One update's JSON → an event. Our own few fields instead of teloxide's types, which drop a message's text when any other part of it is new to them.

use serde::Deserialize;

use crate::conversation::{BotAccount, ChatKind, Event, Happening, Media, Place, ReplyTo, Sender};
use crate::ledger::Account;

/// Administrators who write as the group come from this account.
const GROUP_ANONYMOUS_BOT: i64 = 1_087_968_824;
/// People who write as a channel come from this account.
const CHANNEL_BOT: i64 = 136_817_688;
/// Automatic forwards from a linked channel come from this account.
const TELEGRAM: i64 = 777_000;

/// The update is not one we can read.
#[derive(Debug, thiserror::Error)]
#[error("the update does not read: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

#[derive(Deserialize)]
struct Update {
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<Press>,
    my_chat_member: Option<Membership>,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
}

#[derive(Deserialize)]
struct Message {
    message_id: i32,
    from: Option<User>,
    sender_chat: Option<Chat>,
    chat: Chat,
    message_thread_id: Option<i32>,
    #[serde(default)]
    is_topic_message: bool,
    text: Option<String>,
    caption: Option<String>,
    media_group_id: Option<String>,
    reply_to_message: Option<Box<Replied>>,
    photo: Option<Vec<File>>,
    document: Option<File>,
    sticker: Option<serde::de::IgnoredAny>,
    voice: Option<serde::de::IgnoredAny>,
    video_note: Option<serde::de::IgnoredAny>,
    video: Option<serde::de::IgnoredAny>,
    location: Option<serde::de::IgnoredAny>,
    contact: Option<serde::de::IgnoredAny>,
    migrate_to_chat_id: Option<i64>,
    migrate_from_chat_id: Option<i64>,
    forum_topic_closed: Option<serde::de::IgnoredAny>,
    new_chat_members: Option<serde::de::IgnoredAny>,
    left_chat_member: Option<serde::de::IgnoredAny>,
    audio: Option<serde::de::IgnoredAny>,
    animation: Option<serde::de::IgnoredAny>,
    poll: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Replied {
    message_id: i32,
    from: Option<User>,
    text: Option<String>,
    caption: Option<String>,
    #[serde(default)]
    forum_topic_created: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    file_unique_id: String,
    file_name: Option<String>,
    mime_type: Option<String>,
    file_size: Option<u64>,
    #[serde(default)]
    width: u64,
}

#[derive(Deserialize)]
struct Press {
    id: String,
    from: User,
    message: Option<Pressed>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct Pressed {
    message_id: i32,
    chat: Chat,
    #[serde(default)]
    date: i64,
    message_thread_id: Option<i32>,
    #[serde(default)]
    is_topic_message: bool,
}

#[derive(Deserialize)]
struct Membership {
    chat: Chat,
    from: User,
    new_chat_member: Member,
}

#[derive(Deserialize)]
struct Member {
    status: String,
    #[serde(default)]
    is_member: bool,
}

/// The chat whose lane an update goes through: presses and messages of one chat share it. 0 when there is none.
pub fn lane_of(update: &serde_json::Value) -> i64 {
    let places = [
        "/message/chat/id",
        "/edited_message/chat/id",
        "/callback_query/message/chat/id",
        "/my_chat_member/chat/id",
        "/chat_member/chat/id",
        "/callback_query/from/id",
    ];
    places
        .iter()
        .find_map(|place| update.pointer(place)?.as_i64())
        .unwrap_or(0)
}

/// What an update means to us; `None` when it concerns nobody (other kinds, other bots, our own service messages).
pub fn read(json: &str, bot: &BotAccount) -> Result<Option<Event>, Unreadable> {
    let update: Update = serde_json::from_str(json)?;
    if let Some(message) = update.message {
        return Ok(read_message(message, bot));
    }
    if let Some(message) = update.edited_message {
        return Ok(read_edit(message, bot));
    }
    if let Some(press) = update.callback_query {
        return Ok(read_press(press));
    }
    Ok(update.my_chat_member.and_then(read_membership))
}

fn read_message(mut message: Message, bot: &BotAccount) -> Option<Event> {
    let migration = migration_of(&message);
    let from = message.from.take();
    let sender = match from {
        Some(user) if user.id == bot.id && migration.is_none() => return None,
        Some(user) => sender(user, message.sender_chat.as_ref())?,
        None => Sender::Channel,
    };
    let place = place(
        &message.chat,
        message
            .message_thread_id
            .filter(|_| message.is_topic_message),
    )?;
    let happening = migration.unwrap_or_else(|| happening_of(message, bot));
    Some(Event {
        sender,
        place,
        happening,
    })
}

fn migration_of(message: &Message) -> Option<Happening> {
    let to = message.migrate_to_chat_id.map(Happening::MigratedTo);
    to.or(message.migrate_from_chat_id.map(Happening::MigratedFrom))
}

fn happening_of(message: Message, bot: &BotAccount) -> Happening {
    let message_id = message.message_id;
    let reply_to = message
        .reply_to_message
        .as_deref()
        .and_then(|replied| reply(replied, bot));
    if message.forum_topic_closed.is_some() {
        return Happening::TopicClosed;
    }
    if message.new_chat_members.is_some() || message.left_chat_member.is_some() {
        return Happening::MembersChanged;
    }
    if let Some(text) = message.text {
        return Happening::Text {
            message_id,
            text,
            reply_to,
        };
    }
    let Some(media) = media_of(&message) else {
        return Happening::Nothing;
    };
    Happening::Media {
        message_id,
        media,
        caption: message.caption,
        media_group_id: message.media_group_id,
        reply_to,
    }
}

/// In a topic every message "replies" to the one that opened the topic; that is no reply.
fn reply(replied: &Replied, bot: &BotAccount) -> Option<ReplyTo> {
    if replied.forum_topic_created.is_some() {
        return None;
    }
    let from_bot = replied.from.as_ref().is_some_and(|user| user.id == bot.id);
    Some(ReplyTo {
        message_id: replied.message_id,
        from_bot,
        text: replied.text.clone().or_else(|| replied.caption.clone()),
        about: Vec::new(),
        talk: None,
    })
}

fn media_of(message: &Message) -> Option<Media> {
    let largest = message
        .photo
        .as_ref()
        .and_then(|sizes| sizes.iter().max_by_key(|size| size.width));
    if let Some(photo) = largest {
        return Some(file(photo, "image/jpeg"));
    }
    if let Some(document) = message
        .document
        .as_ref()
        .filter(|_| message.animation.is_none())
    {
        return Some(file(document, "application/octet-stream"));
    }
    let kinds = [
        (message.sticker.is_some(), Media::Sticker),
        (message.voice.is_some(), Media::Voice),
        (
            message.video.is_some() || message.video_note.is_some(),
            Media::Video,
        ),
        (message.location.is_some(), Media::Location),
        (message.contact.is_some(), Media::Contact),
        (
            message.audio.is_some() || message.animation.is_some() || message.poll.is_some(),
            Media::Other,
        ),
        (message.caption.is_some(), Media::Other),
    ];
    kinds
        .into_iter()
        .find(|(here, _)| *here)
        .map(|(_, media)| media)
}

fn file(file: &File, otherwise: &str) -> Media {
    Media::File {
        file_id: file.file_id.clone(),
        file_unique_id: file.file_unique_id.clone(),
        name: file.file_name.clone(),
        mime: file
            .mime_type
            .clone()
            .unwrap_or_else(|| otherwise.to_owned()),
        size: file.file_size,
    }
}

fn read_edit(message: Message, bot: &BotAccount) -> Option<Event> {
    let user = message.from.filter(|user| user.id != bot.id)?;
    let sender = sender(user, message.sender_chat.as_ref())?;
    let place = place(
        &message.chat,
        message
            .message_thread_id
            .filter(|_| message.is_topic_message),
    )?;
    let happening = Happening::Edited {
        message_id: message.message_id,
        text: message.text?,
    };
    Some(Event {
        sender,
        place,
        happening,
    })
}

fn read_press(press: Press) -> Option<Event> {
    let private = Chat {
        id: press.from.id,
        kind: "private".into(),
    };
    let (chat, thread, message_id) = match press.message {
        // Telegram gives date 0 for a message the bot can no longer read.
        Some(on) => {
            let readable = on.date != 0;
            let thread = on.message_thread_id.filter(|_| on.is_topic_message);
            (on.chat, thread, readable.then_some(on.message_id))
        }
        None => (private, None, None),
    };
    let chat = Chat {
        kind: kind_by_id(&chat),
        ..chat
    };
    let place = place(&chat, thread)?;
    let happening = Happening::Pressed {
        query_id: press.id,
        data: press.data.unwrap_or_default(),
        message_id,
    };
    Some(Event {
        sender: Sender::Account(account(press.from)),
        place,
        happening,
    })
}

/// An inaccessible message's chat comes without much; private chats are the positive ids.
fn kind_by_id(chat: &Chat) -> String {
    match (chat.kind.is_empty(), chat.id > 0) {
        (false, _) => chat.kind.clone(),
        (true, true) => "private".into(),
        (true, false) => "supergroup".into(),
    }
}

fn read_membership(change: Membership) -> Option<Event> {
    let status = change.new_chat_member.status.as_str();
    let administrator = matches!(status, "administrator" | "creator");
    let present = administrator
        || status == "member"
        || (status == "restricted" && change.new_chat_member.is_member);
    let place = place(&change.chat, None)?;
    let sender = sender(change.from, None)?;
    Some(Event {
        sender,
        place,
        happening: Happening::BotMembership {
            present,
            administrator,
        },
    })
}

/// None for other bots: answering them makes loops.
fn sender(user: User, sender_chat: Option<&Chat>) -> Option<Sender> {
    match user.id {
        GROUP_ANONYMOUS_BOT => Some(Sender::AnonymousAdmin),
        CHANNEL_BOT | TELEGRAM => Some(Sender::Channel),
        _ if sender_chat.is_some() => Some(Sender::Channel),
        _ if user.is_bot => None,
        _ => Some(Sender::Account(account(user))),
    }
}

fn account(user: User) -> Account {
    let name = match user.last_name {
        Some(last) => format!("{} {last}", user.first_name),
        None => user.first_name,
    };
    Account {
        user_id: user.id,
        name,
        username: user.username,
    }
}

fn place(chat: &Chat, thread: Option<i32>) -> Option<Place> {
    let kind = match chat.kind.as_str() {
        "private" => ChatKind::Private,
        "group" | "supergroup" => ChatKind::Group,
        "channel" => ChatKind::Channel,
        _ => return None,
    };
    Some(Place {
        chat: chat.id,
        kind,
        thread,
    })
}
