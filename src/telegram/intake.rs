//! What is kept of what comes. Of a group's messages only those addressed to the bot: as an administrator it receives all.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::update::lane_of;
use crate::conversation::BotAccount;
use crate::store::InboxRow;

/// Albums remembered: the later files of an album may come without the reply that the first one is.
const ALBUMS: usize = 64;

/// Service messages that mean something to us.
const SERVICE: [&str; 3] = [
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_closed",
];

/// Decides what is kept.
#[derive(Debug)]
pub struct Intake {
    bot: BotAccount,
    albums: VecDeque<String>,
}

/// What an update is to the inbox.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// It is kept, as it came.
    Kept(InboxRow),
    /// It is kept, and so are the other files of its album.
    Opens {
        /// As it came.
        row: InboxRow,
        /// Telegram's name of the album.
        album: String,
    },
    /// A file of an album that this process does not know: kept if another one does.
    Follows {
        /// As it came.
        row: InboxRow,
        /// Telegram's name of the album.
        album: String,
    },
    /// Words between people: acknowledged and forgotten. Its id.
    Passed(i64),
    /// It has no `update_id`.
    NoUpdate,
}

impl Received {
    /// Its id, if it has one.
    pub fn update_id(&self) -> Option<i64> {
        match self {
            Self::Kept(row) | Self::Opens { row, .. } | Self::Follows { row, .. } => {
                Some(row.update_id)
            }
            Self::Passed(id) => Some(*id),
            Self::NoUpdate => None,
        }
    }
}

/// Whom a message of a group is for.
enum Addressed {
    ToUs,
    WithUs,
    Perhaps,
    ToOthers,
}

impl Intake {
    /// An intake for the bot with this account.
    pub fn new(bot: BotAccount) -> Self {
        Self {
            bot,
            albums: VecDeque::new(),
        }
    }

    /// What becomes of a raw update.
    pub fn receive(&mut self, update: &Value, now: DateTime<Utc>) -> Received {
        let Some(update_id) = update.get("update_id").and_then(Value::as_i64) else {
            return Received::NoUpdate;
        };
        let row = || InboxRow {
            update_id,
            lane: lane_of(update),
            received_at: now,
            body: update.to_string(),
            attempts: 0,
        };
        let message = update.get("message").or(update.get("edited_message"));
        let Some(message) = message.filter(|message| is_of_group(message)) else {
            return Received::Kept(row());
        };
        let album = message.get("media_group_id").and_then(Value::as_str);
        match (self.addressed(message, album), album) {
            (Addressed::ToUs, Some(album)) => Received::Opens {
                row: row(),
                album: album.to_owned(),
            },
            (Addressed::Perhaps, Some(album)) => Received::Follows {
                row: row(),
                album: album.to_owned(),
            },
            (Addressed::ToUs, None) | (Addressed::WithUs, _) => Received::Kept(row()),
            (Addressed::Perhaps, None) | (Addressed::ToOthers, _) => Received::Passed(update_id),
        }
    }

    fn addressed(&mut self, message: &Value, album: Option<&str>) -> Addressed {
        let to_us = self.is_command(message)
            || self.is_reply(message)
            || SERVICE.iter().any(|kind| message.get(kind).is_some());
        let Some(album) = album else {
            return if to_us {
                Addressed::ToUs
            } else {
                Addressed::ToOthers
            };
        };
        let known = self.albums.iter().any(|known| known == album);
        match (to_us, known) {
            (_, true) => Addressed::WithUs,
            (true, false) => {
                if self.albums.len() == ALBUMS {
                    self.albums.pop_front();
                }
                self.albums.push_back(album.to_owned());
                Addressed::ToUs
            }
            (false, false) => Addressed::Perhaps,
        }
    }

    /// `/command` or `/command@bot`, in a text or under a picture.
    fn is_command(&self, message: &Value) -> bool {
        let words = message.get("text").or(message.get("caption"));
        let command = words
            .and_then(Value::as_str)
            .and_then(|words| words.strip_prefix('/')?.split_whitespace().next());
        command.is_some_and(|command| match command.split_once('@') {
            Some((_, bot)) => bot.eq_ignore_ascii_case(&self.bot.username),
            None => true,
        })
    }

    /// In a topic every message "replies" to the one that opened the topic; that is no reply.
    fn is_reply(&self, message: &Value) -> bool {
        let Some(replied) = message.get("reply_to_message") else {
            return false;
        };
        let from = replied.pointer("/from/id").and_then(Value::as_i64);
        from == Some(self.bot.id) && replied.get("forum_topic_created").is_none()
    }
}

fn is_of_group(message: &Value) -> bool {
    let kind = message.pointer("/chat/type").and_then(Value::as_str);
    matches!(kind, Some("group" | "supergroup"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn intake() -> Intake {
        Intake::new(BotAccount {
            id: 7,
            username: "duban_bot".to_owned(),
        })
    }

    fn kept(intake: &mut Intake, kind: &str, chat: &str, fields: Value) -> bool {
        let mut message =
            json!({"message_id": 1, "from": {"id": 5}, "chat": {"id": -1, "type": chat}});
        let message_fields = message.as_object_mut().unwrap();
        message_fields.extend(fields.as_object().unwrap().clone());
        let update = json!({"update_id": 9, kind: message});
        match intake.receive(&update, DateTime::UNIX_EPOCH) {
            Received::Kept(row) | Received::Opens { row, .. } => {
                assert_eq!((row.update_id, row.lane), (9, -1));
                true
            }
            Received::Follows { row, album } => {
                assert_eq!((row.update_id, row.lane), (9, -1));
                assert!(["a", "b"].contains(&album.as_str()), "others may know it");
                false
            }
            Received::Passed(id) => {
                assert_eq!(id, 9);
                false
            }
            Received::NoUpdate => panic!("it has an id"),
        }
    }

    #[test]
    fn of_a_group_only_what_is_addressed_to_the_bot_is_kept() {
        let to_bot = json!({"message_id": 2, "from": {"id": 7}});
        let to_other = json!({"message_id": 2, "from": {"id": 6}});
        let topic = json!({"message_id": 2, "from": {"id": 7}, "forum_topic_created": {}});
        for (fields, expected) in [
            (json!({"text": "大家下午开会"}), false),
            (json!({"text": "@duban_bot 在吗"}), false),
            (json!({"photo": [], "caption": "现场"}), false),
            (json!({"text": "好", "reply_to_message": to_other}), false),
            (json!({"text": "好", "reply_to_message": topic}), false),
            (json!({"new_chat_members": []}), false),
            (json!({"pinned_message": {}}), false),
            (json!({"text": "/start@other_bot"}), false),
            (json!({"text": "/status 6"}), true),
            (json!({"text": "/status@Duban_Bot 6"}), true),
            (json!({"photo": [], "caption": "/report"}), true),
            (json!({"text": "8", "reply_to_message": to_bot}), true),
            (json!({"photo": [], "reply_to_message": to_bot}), true),
            (json!({"migrate_to_chat_id": -100}), true),
            (json!({"forum_topic_closed": {}}), true),
        ] {
            for (kind, chat) in [("message", "supergroup"), ("edited_message", "group")] {
                let fields = fields.clone();
                assert_eq!(
                    kept(&mut intake(), kind, chat, fields.clone()),
                    expected,
                    "{fields}"
                );
            }
        }
        assert!(kept(
            &mut intake(),
            "message",
            "private",
            json!({"text": "8"})
        ));
    }

    #[test]
    fn the_later_files_of_an_album_follow_its_first() {
        let mut intake = intake();
        let file = json!({"photo": [], "media_group_id": "a"});
        assert!(!kept(&mut intake, "message", "group", file.clone()));
        let reply = json!({"photo": [], "media_group_id": "a", "reply_to_message": {"message_id": 2, "from": {"id": 7}}});
        assert!(kept(&mut intake, "message", "group", reply));
        assert!(kept(&mut intake, "message", "group", file));
        let other = json!({"photo": [], "media_group_id": "b"});
        assert!(!kept(&mut intake, "message", "group", other));
    }

    #[test]
    fn what_has_no_id_is_no_update_and_presses_are_kept() {
        let mut intake = intake();
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(
            intake.receive(&json!({"ok": true}), now),
            Received::NoUpdate
        );
        let press = json!({"update_id": 3, "callback_query": {"id": "1", "from": {"id": 5}}});
        assert!(matches!(intake.receive(&press, now), Received::Kept(row) if row.lane == 5));
    }
}
