//! The edge: core values → words and buttons. All Chinese text of the program lives here; one named function per message.

pub mod assign;
pub mod check;
pub mod clerk;
pub mod command;
pub mod delivery;
pub mod digest;
pub mod doctor;
pub mod document;
pub mod group;
mod html;
pub mod import;
pub mod item;
pub mod matter;
pub mod meeting;
pub mod naming;
pub mod notice;
pub mod office;
pub mod people;
pub mod picture;
pub mod preview;
pub mod query;
pub mod rehearsal;
pub mod relocation;
pub mod removal;
pub mod report;
pub mod request;
pub mod restore;
pub mod roster;
pub mod simulation;
pub mod slip;
mod split;
pub mod status;
pub mod trail;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::conversation::{BotAccount, Say};
use crate::ledger::{Frame, Standing};

pub use html::{Html, escape};
pub use split::{split, without_tags};

/// In the place of words that were removed (`/redact`).
pub const REDACTED: &str = "〔已按规定删除〕";

/// Characters that the answer to a press may have (Telegram's limit).
const MOST_ALERT: usize = 200;

/// What somebody is told, in words and buttons.
pub fn say(scene: &Scene<'_>, say: &Say) -> Message {
    match say {
        Say::Report(say) => report::say(scene, say),
        Say::People(say) => people::say(scene, say),
        Say::Office(say) => office::say(scene, say),
        Say::Query(say) => query::say(scene, say),
        Say::Trail(say) => trail::say(scene, say),
        Say::Roster(say) => roster::say(scene, say),
        Say::Group(say) => group::say(scene, say),
        Say::Matter(say) => matter::say(scene, say),
        Say::Slip(say) => slip::say(scene, say),
        Say::Request(say) => request::say(scene, say),
        Say::Assign(say) => assign::say(scene, say),
        Say::Meeting(say) => meeting::say(scene, say),
        Say::Document(say) => document::say(say),
        Say::Restore(say) => restore::say(scene, say),
    }
}

/// The same as the plain words of an alert, cut where Telegram would refuse them.
pub fn alert(scene: &Scene<'_>, say: &Say) -> String {
    let text = html::plain(&self::say(scene, say).html());
    if text.chars().count() <= MOST_ALERT {
        return text;
    }
    let cut: String = text.chars().take(MOST_ALERT - 1).collect();
    format!("{cut}…")
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Sends `data` (at most 64 bytes) back.
    Press {
        /// Label.
        text: String,
        /// Data.
        data: String,
    },
    /// Opens a link.
    Link {
        /// Label.
        text: String,
        /// URL.
        url: String,
    },
}

/// A message in words: HTML blocks that must not be cut inside, and a keyboard under the last part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Message {
    /// Self-contained blocks of HTML (Telegram's parse mode), joined by newlines; a long message is split between them.
    pub blocks: Vec<String>,
    /// Rows of buttons.
    pub keyboard: Vec<Vec<Button>>,
    /// Placeholder of the reply field, at most 64 characters, for messages that force a reply.
    pub placeholder: Option<String>,
}

/// What the renderer may look at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Plan, settings and calendar in force.
    pub frame: &'a Frame,
    /// The fold after the event.
    pub standing: &'a Standing,
    /// Now.
    pub now: DateTime<Utc>,
    /// The bot.
    pub bot: &'a BotAccount,
}

impl Message {
    /// A message of one block and no buttons.
    pub fn text(html: impl Into<String>) -> Self {
        Self {
            blocks: vec![html.into()],
            ..Self::default()
        }
    }

    /// The whole text as one.
    pub fn html(&self) -> String {
        self.blocks.join("\n")
    }

    /// Adds a row of buttons; an empty one is dropped.
    #[must_use]
    pub fn row(mut self, buttons: Vec<Button>) -> Self {
        if !buttons.is_empty() {
            self.keyboard.push(buttons);
        }
        self
    }
}

impl Button {
    /// A button that sends `data` back.
    pub fn press(text: impl Into<String>, data: impl Into<String>) -> Self {
        Self::Press {
            text: text.into(),
            data: data.into(),
        }
    }
}
