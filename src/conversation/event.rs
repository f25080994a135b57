//! What happened: who, where, what; an update as the core sees it.

use serde::{Deserialize, Serialize};

use super::report;
use crate::ledger::Account;
use crate::plan::TaskId;

/// The kind of chat an event came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChatKind {
    /// A private chat; its id is the account's id.
    Private,
    /// A group or supergroup.
    Group,
    /// A channel.
    Channel,
}

/// Where an event happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Chat id.
    pub chat: i64,
    /// Kind.
    pub kind: ChatKind,
    /// Topic, only where the message really stands in one.
    pub thread: Option<i32>,
}

/// Who an event came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A person's own account.
    Account(Account),
    /// An administrator writing as the group.
    AnonymousAdmin,
    /// Somebody writing as a channel, or a channel's automatic forward.
    Channel,
}

/// The message an event replies to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReplyTo {
    /// Its id.
    pub message_id: i32,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// Its text, where it has one.
    pub text: Option<String>,
    /// The tasks the bot's message was about (looked up in the outbox), in its order.
    pub about: Vec<TaskId>,
    /// Whose talk in the group the bot's message belongs to, if it belongs to one (looked up there too).
    pub talk: Option<report::TalkMessage>,
}

/// What a message holds besides text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Media {
    /// A photo (largest size) or document, fit for evidence.
    File {
        /// Telegram's id of the file.
        file_id: String,
        /// Id that stays the same across bots.
        file_unique_id: String,
        /// Name; photos have none.
        name: Option<String>,
        /// MIME type.
        mime: String,
        /// Bytes.
        size: Option<u64>,
    },
    /// 表情贴纸.
    Sticker,
    /// 语音.
    Voice,
    /// 视频.
    Video,
    /// 位置.
    Location,
    /// 名片.
    Contact,
    /// Anything else.
    Other,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A text message.
    Text {
        /// Id of the message.
        message_id: i32,
        /// Its text, as typed.
        text: String,
        /// What it replies to.
        reply_to: Option<ReplyTo>,
    },
    /// A message with media.
    Media {
        /// Id of the message.
        message_id: i32,
        /// What it holds.
        media: Media,
        /// Caption.
        caption: Option<String>,
        /// Album it belongs to.
        media_group_id: Option<String>,
        /// What it replies to.
        reply_to: Option<ReplyTo>,
    },
    /// A person edited a text message of theirs.
    Edited {
        /// Id of the message.
        message_id: i32,
        /// The new text.
        text: String,
    },
    /// A tap on a button.
    Pressed {
        /// Telegram's id of the press, to be answered once.
        query_id: String,
        /// The button's data, as it came.
        data: String,
        /// The message the button stands on; none when Telegram no longer shows it.
        message_id: Option<i32>,
    },
    /// The bot's own membership changed.
    BotMembership {
        /// Whether it is in the chat now (private: not blocked).
        present: bool,
        /// Whether it is an administrator.
        administrator: bool,
    },
    /// The group became a supergroup (old chat's message).
    MigratedTo(i64),
    /// The supergroup came from a group (new chat's message).
    MigratedFrom(i64),
    /// A forum topic was closed or deleted.
    TopicClosed,
    /// Somebody other than the bot joined or left.
    MembersChanged,
    /// A service message or update that concerns nobody here.
    Nothing,
}

/// One event, ready for the core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who.
    pub sender: Sender,
    /// Where.
    pub place: Place,
    /// What.
    pub happening: Happening,
}
