//! Views: what tests and the rehearsal see of the chats, the bot's calls and its mistakes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::faults::Fault;
use super::refusal::Refusal;
use super::request::Parameters;
use super::request::is_true;
use super::state::{BOT_ID, Message, State};

/// A message as the people in the chat see it.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageView {
    /// Its id in the chat.
    pub id: i64,
    /// Id of the person or bot that wrote it; `None` for a post in a channel.
    pub from: Option<i64>,
    /// The name shown above it.
    pub from_name: String,
    /// Whether our bot wrote it.
    pub is_ours: bool,
    /// Text or caption without markup; empty for a sticker or a service message.
    pub text: String,
    /// `MessageEntity` objects, offsets in UTF-16 units.
    pub entities: Vec<Value>,
    /// The rows of its inline keyboard; empty without one.
    pub keyboard: Vec<Vec<Button>>,
    /// Carries a ForceReply or a reply keyboard.
    pub asks_for_reply: bool,
    /// The message it answers.
    pub reply_to: Option<i64>,
    /// The forum topic it stands in.
    pub topic: Option<i64>,
    /// When it was edited last.
    pub edited_at: Option<DateTime<Utc>>,
    /// Whether it is pinned now.
    pub is_pinned: bool,
    /// Sent without sound.
    pub is_silent: bool,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// `photo`, `document`, `sticker`, service fields and the like, as the API shows them.
    pub extra: Map<String, Value>,
}

impl MessageView {
    /// The text of all buttons, row by row.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.keyboard.iter().flatten()
    }
}

/// A button of an inline keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// `callback_data`.
    pub data: Option<String>,
    /// `url`.
    pub url: Option<String>,
}

/// One call of the bot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The method as the documentation writes it.
    pub method: String,
    /// The number in `chat_id`.
    pub chat: Option<i64>,
    /// All parameters; uploads as name and size.
    pub parameters: Map<String, Value>,
    /// The fault that was played on it.
    pub fault: Option<Fault>,
    /// What came of it; `None` if the fault kept it from being carried out.
    pub outcome: Option<Result<Value, Refusal>>,
}

impl Call {
    /// Whether what it sends makes no sound.
    pub fn is_silent(&self) -> bool {
        self.parameters
            .get("disable_notification")
            .is_some_and(is_true)
    }
}

/// What the bot answered to a press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: DateTime<Utc>,
    /// The press.
    pub query_id: String,
    /// Who pressed.
    pub user: i64,
    /// The notice shown, if any.
    pub text: Option<String>,
    /// Shown as a window that has to be closed.
    pub is_alert: bool,
    /// The address the client opens.
    pub url: Option<String>,
}

/// A breach of the platform's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// When.
    pub at: DateTime<Utc>,
    /// In which call.
    pub method: String,
    /// What is wrong.
    pub what: String,
}

/// Calls the journal keeps; the oldest go first. A year with everybody silent makes some ten thousand.
const MAX_JOURNAL: usize = 200_000;

impl State {
    /// Writes a call into the journal.
    pub(super) fn write_down(
        &mut self,
        method: &str,
        parameters: &Parameters,
        fault: Option<Fault>,
        outcome: Option<Result<Value, Refusal>>,
    ) {
        let chat = parameters.integer("chat_id");
        let call = Call {
            at: self.now,
            method: method.to_owned(),
            chat,
            parameters: parameters.for_journal(),
            fault,
            outcome,
        };
        self.journal.push_back(call);
        if self.journal.len() > MAX_JOURNAL {
            self.journal.pop_front();
            self.journal_dropped += 1;
        }
    }

    pub(super) fn view(&self, message: &Message) -> MessageView {
        let name = |id: i64| {
            self.people
                .get(&id)
                .map_or_else(String::new, |person| person.first_name.clone())
        };
        let title = |id: i64| {
            self.chats
                .get(&id)
                .map_or_else(String::new, |chat| chat.title.clone())
        };
        MessageView {
            id: message.id,
            from: message.from,
            from_name: message
                .sender_chat
                .map(title)
                .or_else(|| message.from.map(name))
                .unwrap_or_default(),
            is_ours: message.from == Some(BOT_ID),
            text: message.words.text.clone(),
            entities: message
                .words
                .entities_json(|user| self.mentionable(message.chat, user)),
            keyboard: rows(message.keyboard.as_ref()),
            asks_for_reply: message.has_reply_interface,
            reply_to: message.reply_to,
            topic: message.topic,
            edited_at: message.edited_at,
            is_pinned: self
                .chats
                .get(&message.chat)
                .is_some_and(|chat| chat.pinned.contains(&message.id)),
            is_silent: message.is_silent,
            at: message.at,
            extra: message.extra.clone(),
        }
    }
}

/// The buttons of an inline keyboard as the API shows it.
pub(super) fn rows(keyboard: Option<&Value>) -> Vec<Vec<Button>> {
    let rows = keyboard.and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| row.as_array().into_iter().flatten().map(button).collect())
        .collect()
}

fn button(shown: &Value) -> Button {
    let field = |name: &str| shown.get(name).and_then(Value::as_str).map(str::to_owned);
    Button {
        text: field("text").unwrap_or_default(),
        data: field("callback_data"),
        url: field("url"),
    }
}
