//! Shapes: users, chats, members and messages as the Bot API shows them.

use serde_json::{Map, Value, json};

use super::state::{BOT_ID, Chat, ChatKind, Contact, Message, Standing, State};

impl State {
    /// A `User`; unknown ids have an empty name.
    pub fn user_json(&self, id: i64) -> Value {
        let Some(person) = self.people.get(&id) else {
            return json!({"id": id, "is_bot": false, "first_name": ""});
        };
        let mut user = json!({"id": id, "is_bot": person.is_bot, "first_name": person.first_name});
        if let Some(username) = &person.username {
            user["username"] = json!(username);
        }
        if !person.is_bot {
            user["language_code"] = json!("zh-hans");
        }
        user
    }

    /// `getMe`: a `User` with what only bots have.
    pub fn me_json(&self) -> Value {
        let mut me = self.user_json(BOT_ID);
        me["can_join_groups"] = json!(true);
        me["can_read_all_group_messages"] = json!(!self.has_privacy);
        for absent in [
            "supports_guest_queries",
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
            "has_topics_enabled",
            "allows_users_to_create_topics",
            "can_manage_bots",
            "supports_join_request_queries",
        ] {
            me[absent] = json!(false);
        }
        me
    }

    /// A `Chat`.
    pub fn chat_json(&self, id: i64) -> Value {
        match self.chats.get(&id) {
            Some(chat) if chat.kind != ChatKind::Private => {
                let mut shown = json!({"id": id, "type": chat.kind.name(), "title": chat.title});
                if chat.is_forum {
                    shown["is_forum"] = json!(true);
                }
                if chat.kind == ChatKind::Group {
                    shown["all_members_are_administrators"] = json!(false);
                }
                shown
            }
            Some(_) | None => {
                let person = self.people.get(&id);
                let mut shown = json!({"id": id, "type": "private", "first_name": person.map_or("", |p| &p.first_name)});
                if let Some(username) = person.and_then(|p| p.username.as_ref()) {
                    shown["username"] = json!(username);
                }
                shown
            }
        }
    }

    /// A `ChatFullInfo`.
    pub fn full_chat_json(&self, chat: &Chat) -> Value {
        let mut full = self.chat_json(chat.id);
        full["accent_color_id"] = json!(0);
        full["max_reaction_count"] = json!(11);
        full["accepted_gift_types"] = json!({
            "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
        });
        if chat.kind != ChatKind::Private {
            full["permissions"] = permissions();
        }
        if let Some(message) = chat.pinned.last().and_then(|id| self.message(chat.id, *id)) {
            full["pinned_message"] = self.message_json(message);
        }
        full
    }

    /// A `ChatMember`.
    pub fn member_json(&self, user: i64, standing: Standing) -> Value {
        let user_json = self.user_json(user);
        match standing {
            Standing::Creator => {
                json!({"status": "creator", "user": user_json, "is_anonymous": false})
            }
            Standing::Administrator { can_pin } => administrator(user_json, can_pin),
            Standing::Member => json!({"status": "member", "user": user_json}),
            Standing::Muted => {
                let mut member = json!({"status": "restricted", "user": user_json, "is_member": true, "until_date": 0});
                if let (Some(member), Some(permissions)) =
                    (member.as_object_mut(), permissions().as_object())
                {
                    member.extend(
                        permissions
                            .iter()
                            .map(|(name, _)| (name.clone(), json!(false))),
                    );
                }
                member
            }
            Standing::Left => json!({"status": "left", "user": user_json}),
            Standing::Kicked => json!({"status": "kicked", "user": user_json, "until_date": 0}),
        }
    }

    /// A `Message` with the message it answers, one level deep.
    pub fn message_json(&self, message: &Message) -> Value {
        let mut shown = self.lone_message_json(message);
        if let Some(replied) = message
            .reply_to
            .and_then(|id| self.message(message.chat, id))
        {
            shown.insert(
                "reply_to_message".to_owned(),
                Value::Object(self.lone_message_json(replied)),
            );
        }
        Value::Object(shown)
    }

    fn lone_message_json(&self, message: &Message) -> Map<String, Value> {
        let mut shown = message.extra.clone();
        let mut put = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        put("message_id", json!(message.id));
        put("date", json!(message.at.timestamp()));
        put("chat", self.chat_json(message.chat));
        if let Some(from) = message.from {
            put("from", self.user_json(from));
        }
        if let Some(chat) = message.sender_chat {
            put("sender_chat", self.chat_json(chat));
        }
        if let Some(topic) = message.topic {
            put("message_thread_id", json!(topic));
            put("is_topic_message", json!(true));
        }
        if let Some(at) = message.edited_at {
            put("edit_date", json!(at.timestamp()));
        }
        if let Some(rows) = &message.keyboard {
            put("reply_markup", json!({"inline_keyboard": rows}));
        }
        let (words, entities) = if message.is_media() {
            ("caption", "caption_entities")
        } else {
            ("text", "entities")
        };
        if !message.words.text.is_empty() {
            put(words, json!(message.words.text));
            let found = message
                .words
                .entities_json(|user| self.mentionable(message.chat, user));
            if !found.is_empty() {
                put(entities, json!(found));
            }
        }
        shown
    }

    /// The message under a pressed button: itself, or what is left of one that is gone.
    pub fn pressed_message_json(&self, chat: i64, id: i64) -> Value {
        match self.message(chat, id) {
            Some(message) => self.message_json(message),
            None => json!({"chat": self.chat_json(chat), "message_id": id, "date": 0}),
        }
    }

    /// What the bot is in a private chat, as `my_chat_member` tells it.
    pub fn contact_json(&self, user: i64) -> Value {
        let standing = match self.people.get(&user).map(|person| person.contact) {
            Some(Contact::Blocked | Contact::Deactivated) => Standing::Kicked,
            Some(Contact::Never | Contact::Open) | None => Standing::Member,
        };
        self.member_json(BOT_ID, standing)
    }
}

fn administrator(user: Value, can_pin: bool) -> Value {
    json!({
        "status": "administrator", "user": user, "can_be_edited": false, "is_anonymous": false, "can_manage_chat": true,
        "can_delete_messages": true, "can_manage_video_chats": false, "can_restrict_members": false, "can_promote_members": false,
        "can_change_info": true, "can_invite_users": true, "can_post_stories": false, "can_edit_stories": false,
        "can_delete_stories": false, "can_pin_messages": can_pin, "can_manage_topics": false,
    })
}

fn permissions() -> Value {
    json!({
        "can_send_messages": true, "can_send_audios": true, "can_send_documents": true, "can_send_photos": true, "can_send_videos": true,
        "can_send_video_notes": true, "can_send_voice_notes": true, "can_send_polls": true, "can_send_other_messages": true,
        "can_add_web_page_previews": true, "can_react_to_messages": true, "can_edit_tag": false, "can_change_info": false, "can_invite_users": true,
        "can_pin_messages": false, "can_manage_topics": false,
    })
}
