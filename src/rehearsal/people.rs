//! What people do: write, press, edit, come and go; and which of it the bot gets to hear.

use serde_json::{Map, Value, json};

use super::entity::{Formatted, command_length};
use super::state::{
    ANONYMOUS_ADMIN, BOT_ID, BOT_USERNAME, CHANNEL_BOT, ChatKind, Contact, Message, Press,
    Standing, State, TELEGRAM,
};

/// Something a person puts into a chat, built up step by step.
#[derive(Debug, Clone, Default)]
pub struct Post {
    pub(super) words: String,
    pub(super) content: Content,
    pub(super) reply_to: Option<i64>,
    pub(super) topic: Option<i64>,
    pub(super) album: Option<String>,
    pub(super) mask: Mask,
}

/// What a post carries beside words.
#[derive(Debug, Clone, Default)]
pub(super) enum Content {
    #[default]
    Nothing,
    Photo(Vec<u8>),
    Document {
        name: String,
        bytes: Vec<u8>,
    },
    Field(&'static str, Value),
}

/// Under what name a post appears.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mask {
    #[default]
    OwnName,
    /// As the group itself.
    Group,
    /// As this channel.
    Channel(i64),
    /// As a post of the linked channel, put here by Telegram itself.
    Forward(i64),
}

impl Post {
    /// Words alone.
    pub fn text(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            ..Self::default()
        }
    }

    /// A photo; any bytes will do.
    pub fn photo(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            content: Content::Photo(bytes.into()),
            ..Self::default()
        }
    }

    /// A file with its name.
    pub fn document(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            content: Content::Document {
                name: name.to_owned(),
                bytes: bytes.into(),
            },
            ..Self::default()
        }
    }

    /// A sticker.
    pub fn sticker() -> Self {
        let sticker = json!({
            "file_id": "CAACAgUAAxkBAAIC", "file_unique_id": "AgADsticker", "type": "regular", "width": 512, "height": 512,
            "is_animated": false, "is_video": false, "emoji": "👍", "file_size": 2048,
        });
        Self {
            content: Content::Field("sticker", sticker),
            ..Self::default()
        }
    }

    /// A voice message.
    pub fn voice() -> Self {
        let voice = json!({"file_id": "AwACAgUAAxkBAAIC", "file_unique_id": "AgADvoice", "duration": 3, "mime_type": "audio/ogg", "file_size": 4096});
        Self {
            content: Content::Field("voice", voice),
            ..Self::default()
        }
    }

    /// A place on the map.
    pub fn location() -> Self {
        Self {
            content: Content::Field("location", json!({"latitude": 36.9, "longitude": 121.5})),
            ..Self::default()
        }
    }

    /// A caption under a photo or file.
    #[must_use]
    pub fn caption(mut self, words: &str) -> Self {
        words.clone_into(&mut self.words);
        self
    }

    /// In answer to a message.
    #[must_use]
    pub fn reply_to(mut self, message: i64) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// In a topic of a forum.
    #[must_use]
    pub fn in_topic(mut self, topic: i64) -> Self {
        self.topic = Some(topic);
        self
    }

    /// As one item of an album; all items carry the same `group`.
    #[must_use]
    pub fn in_album(mut self, group: &str) -> Self {
        self.album = Some(group.to_owned());
        self
    }

    /// As an anonymous administrator: the group stands in `sender_chat`.
    #[must_use]
    pub fn anonymously(mut self) -> Self {
        self.mask = Mask::Group;
        self
    }

    /// As a channel: the channel stands in `sender_chat`.
    #[must_use]
    pub fn as_channel(mut self, channel: i64) -> Self {
        self.mask = Mask::Channel(channel);
        self
    }

    /// As a post of the channel linked to the group, forwarded into it by Telegram.
    #[must_use]
    pub fn forwarded_from_channel(mut self, channel: i64) -> Self {
        self.mask = Mask::Forward(channel);
        self
    }
}

impl State {
    /// Puts a post into a chat and tells the bot if it may hear it.
    pub fn post(&mut self, user: i64, chat: i64, post: Post) -> i64 {
        if chat == user {
            self.open_private_chat(user);
        }
        let id = self.next_message_id(chat);
        let mut message = self.blank_message(chat, user, id);
        let kind = self
            .chats
            .get(&chat)
            .map_or(ChatKind::Private, |known| known.kind);
        if kind == ChatKind::Channel {
            (message.from, message.sender_chat) = (None, Some(chat));
        }
        message.words = Formatted::plain(&post.words);
        message.extra = self.content(post.content);
        self.put_on(&mut message, post.mask);
        if let Some(album) = post.album {
            message
                .extra
                .insert("media_group_id".to_owned(), json!(album));
        }
        message.topic = post.topic.or_else(|| {
            post.reply_to
                .and_then(|id| self.message(chat, id))
                .and_then(|replied| replied.topic)
        });
        message.reply_to = post.reply_to;
        let id = self.store(message);
        self.deliver(chat, id);
        id
    }

    fn put_on(&self, message: &mut Message, mask: Mask) {
        match mask {
            Mask::OwnName => {}
            Mask::Group => {
                (message.from, message.sender_chat) = (Some(ANONYMOUS_ADMIN), Some(message.chat));
            }
            Mask::Channel(channel) => {
                (message.from, message.sender_chat) = (Some(CHANNEL_BOT), Some(channel));
            }
            Mask::Forward(channel) => {
                (message.from, message.sender_chat) = (Some(TELEGRAM), Some(channel));
                let origin = json!({
                    "type": "channel", "date": message.at.timestamp(), "chat": self.chat_json(channel), "message_id": message.id,
                });
                message
                    .extra
                    .insert("is_automatic_forward".to_owned(), json!(true));
                message.extra.insert("forward_origin".to_owned(), origin);
            }
        }
    }

    fn content(&mut self, content: Content) -> Map<String, Value> {
        use super::files::FileKind;
        match content {
            Content::Nothing => Map::new(),
            Content::Photo(bytes) => {
                let id = self.files.keep(FileKind::Photo, "", bytes);
                self.files.shown(&id)
            }
            Content::Document { name, bytes } => {
                let id = self.files.keep(FileKind::Document, &name, bytes);
                self.files.shown(&id)
            }
            Content::Field(name, value) => Map::from_iter([(name.to_owned(), value)]),
        }
    }

    /// A service message such as "X joined", from `actor`.
    pub fn service(&mut self, chat: i64, actor: i64, topic: Option<i64>, fields: Value) -> i64 {
        let id = self.next_message_id(chat);
        let mut message = self.blank_message(chat, actor, id);
        message.topic = topic;
        message.extra = fields.as_object().cloned().unwrap_or_default();
        let id = self.store(message);
        self.deliver(chat, id);
        id
    }

    /// Queues a stored message for the bot unless it may not hear it.
    pub fn deliver(&mut self, chat: i64, id: i64) {
        let Some(message) = self.message(chat, id) else {
            return;
        };
        if !self.hears(message) {
            return;
        }
        let is_channel = self
            .chats
            .get(&chat)
            .is_some_and(|known| known.kind == ChatKind::Channel);
        let kind = match (is_channel, message.edited_at.is_some()) {
            (false, false) => "message",
            (false, true) => "edited_message",
            (true, false) => "channel_post",
            (true, true) => "edited_channel_post",
        };
        let shown = self.message_json(message);
        self.tell(kind, chat, shown);
    }

    /// Privacy mode: in a group the bot hears commands meant for it, answers to its messages and service messages.
    fn hears(&self, message: &Message) -> bool {
        let Some(chat) = self.chats.get(&message.chat) else {
            return false;
        };
        if chat.kind == ChatKind::Private {
            return self
                .people
                .get(&chat.id)
                .is_some_and(|person| person.contact == Contact::Open);
        }
        let Some(standing) = chat
            .members
            .get(&BOT_ID)
            .filter(|standing| standing.is_present())
        else {
            return false;
        };
        let is_service = message.words.text.is_empty()
            && !message.is_media()
            && !["sticker", "location"]
                .iter()
                .any(|kind| message.extra.contains_key(*kind));
        if is_service {
            return true;
        }
        let is_other_bot = message.sender_chat.is_none()
            && message
                .from
                .is_some_and(|from| self.people.get(&from).is_some_and(|person| person.is_bot));
        if is_other_bot {
            return false;
        }
        let answers_us = message
            .reply_to
            .and_then(|id| chat.messages.get(&id))
            .is_some_and(|replied| replied.from == Some(BOT_ID));
        !self.has_privacy
            || standing.is_administrator()
            || chat.kind == ChatKind::Channel
            || answers_us
            || self.is_addressed(message)
    }

    /// A command with our name, or a plain one while no other bot wrote after us.
    fn is_addressed(&self, message: &Message) -> bool {
        let Some(length) = command_length(&message.words.text) else {
            return false;
        };
        match message.words.text[..length].split_once('@') {
            Some((_, name)) => name.eq_ignore_ascii_case(BOT_USERNAME),
            None => self.is_last_bot(message.chat),
        }
    }

    /// Whether we wrote last of all bots; in a group where no bot has written yet, whether we are the only one.
    fn is_last_bot(&self, chat: i64) -> bool {
        let Some(chat) = self.chats.get(&chat) else {
            return false;
        };
        match chat.last_bot {
            Some(bot) => bot == BOT_ID,
            None => !chat.members.iter().any(|(user, standing)| {
                *user != BOT_ID
                    && standing.is_present()
                    && self.people.get(user).is_some_and(|person| person.is_bot)
            }),
        }
    }

    /// Changes the words of a person's own message. False if there is no such message.
    pub fn edit(&mut self, user: i64, chat: i64, id: i64, words: &str) -> bool {
        let now = self.now;
        let Some(message) = self
            .message_mut(chat, id)
            .filter(|message| message.from == Some(user))
        else {
            return false;
        };
        message.words = Formatted::plain(words);
        message.edited_at = Some(now);
        self.deliver(chat, id);
        true
    }

    /// Presses a button with this data under a message, which may be gone by now.
    pub fn press(&mut self, user: i64, chat: i64, message: i64, data: &str) -> String {
        let query_id = format!("46116860{:0>11}", self.next_query);
        self.next_query += 1;
        self.presses
            .insert(query_id.clone(), Press { user, at: self.now });
        let payload = json!({
            "id": query_id, "from": self.user_json(user), "message": self.pressed_message_json(chat, message),
            "chat_instance": format!("{}", 8_000_000_000_000_i64 + chat.abs()), "data": data,
        });
        self.tell("callback_query", user, payload);
        query_id
    }

    /// Opens the private chat; an unblocking is told to the bot.
    pub fn open_private_chat(&mut self, user: i64) {
        let contact = self.people.get(&user).map(|person| person.contact);
        self.set_contact(user, Contact::Open);
        if contact == Some(Contact::Blocked) {
            self.tell_contact(user, Standing::Kicked);
        }
    }

    /// Blocks the bot, or takes the account away.
    pub fn set_contact(&mut self, user: i64, contact: Contact) {
        let Some(person) = self.people.get_mut(&user) else {
            return;
        };
        person.contact = contact;
        let name = person.first_name.clone();
        if contact == Contact::Open {
            self.add_chat(user, ChatKind::Private, &name);
        }
    }

    pub fn tell_contact(&mut self, user: i64, before: Standing) {
        let payload = json!({
            "chat": self.chat_json(user), "from": self.user_json(user), "date": self.now.timestamp(),
            "old_chat_member": self.member_json(BOT_ID, before), "new_chat_member": self.contact_json(user),
        });
        self.tell("my_chat_member", user, payload);
    }

    /// Makes `user` something else in a group, by the hand of `actor`, with the updates and service messages of the real server.
    pub fn set_standing(&mut self, chat: i64, user: i64, standing: Standing, actor: i64) {
        let Some(known) = self.chats.get_mut(&chat) else {
            return;
        };
        let before = known
            .members
            .insert(user, standing)
            .unwrap_or(Standing::Left);
        let payload = json!({
            "chat": self.chat_json(chat), "from": self.user_json(actor), "date": self.now.timestamp(),
            "old_chat_member": self.member_json(user, before), "new_chat_member": self.member_json(user, standing),
        });
        if user == BOT_ID {
            self.tell("my_chat_member", chat, payload);
        } else if self
            .standing(chat, BOT_ID)
            .is_some_and(Standing::is_administrator)
        {
            self.tell("chat_member", user, payload);
        }
        if !before.is_present() && standing.is_present() {
            self.service(
                chat,
                actor,
                None,
                json!({"new_chat_members": [self.user_json(user)]}),
            );
        } else if before.is_present() && !standing.is_present() {
            self.service(
                chat,
                actor,
                None,
                json!({"left_chat_member": self.user_json(user)}),
            );
        }
    }

    /// Turns a basic group into a supergroup and gives its new id. The old messages stay behind.
    pub fn migrate(&mut self, old: i64, new: i64, actor: i64) {
        let Some(group) = self.chats.get(&old) else {
            return;
        };
        let (title, members) = (group.title.clone(), group.members.clone());
        self.add_chat(new, ChatKind::Supergroup, &title).members = members;
        self.service(old, actor, None, json!({"migrate_to_chat_id": new}));
        if let Some(group) = self.chats.get_mut(&old) {
            group.migrated_to = Some(new);
        }
        self.service(
            new,
            ANONYMOUS_ADMIN,
            None,
            json!({"migrate_from_chat_id": old}),
        );
    }
}
