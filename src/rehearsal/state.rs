//! What the stand-in remembers: people, chats, messages, and what the bot said about itself.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::entity::Formatted;
use super::faults::Faults;
use super::files::Files;
use super::flood::Flood;
use super::page::words::BOT_NAME;
use super::queue::Queue;
use super::refusal::Refusal;
use super::view::{Answer, Call, Violation};

/// The bot's own id. Real bots of 2026 have ids of ten digits too.
pub const BOT_ID: i64 = 7_000_000_001;
/// The bot's user name, without `@`.
pub const BOT_USERNAME: &str = "duban_standin_bot";
/// Who stands in `from` when an administrator writes as the group.
pub(super) const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// Who stands in `from` when somebody writes as a channel.
pub(super) const CHANNEL_BOT: i64 = 136_817_688;
/// The channel's service account behind automatic forwards.
pub(super) const TELEGRAM: i64 = 777_000;
/// Ids at or below this are supergroups and channels, above it basic groups.
pub(super) const SUPERGROUPS_BELOW: i64 = -1_000_000_000_000;

/// A person or bot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Person {
    pub is_bot: bool,
    pub first_name: String,
    pub username: Option<String>,
    pub contact: Contact,
}

/// How a person stands to the bot in private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Contact {
    /// Never pressed Start: the bot may not write.
    Never,
    /// The private chat is open.
    Open,
    /// Blocked the bot.
    Blocked,
    /// The account is gone.
    Deactivated,
}

/// What kind of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ChatKind {
    Private,
    Group,
    Supergroup,
    Channel,
}

impl ChatKind {
    /// The name in `Chat.type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// What somebody is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Owns the chat.
    Creator,
    /// An administrator; `can_pin` is the right the bot needs for its status message.
    Administrator {
        /// May pin messages.
        can_pin: bool,
    },
    /// An ordinary member.
    Member,
    /// In the chat, but may not write.
    Muted,
    /// Not in the chat any more, of their own will.
    Left,
    /// Removed and barred.
    Kicked,
}

impl Standing {
    pub(super) fn is_present(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    pub(super) fn is_administrator(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator { .. })
    }

    pub(super) fn can_pin(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator { can_pin: true })
    }
}

/// A topic of a forum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Topic {
    /// Takes messages.
    Open,
    /// Only administrators may write.
    Closed,
    /// Gone.
    Deleted,
}

/// A chat with all its messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Chat {
    pub id: i64,
    pub kind: ChatKind,
    pub title: String,
    pub topics: BTreeMap<i64, Topic>,
    pub is_forum: bool,
    pub members: BTreeMap<i64, Standing>,
    pub messages: BTreeMap<i64, Message>,
    /// The newest last.
    pub pinned: Vec<i64>,
    pub migrated_to: Option<i64>,
    pub is_deleted: bool,
    /// The bot that wrote last: plain commands reach only it.
    pub last_bot: Option<i64>,
    /// Ids of a supergroup are its own; private chats and basic groups share the account's.
    pub next_message: i64,
}

impl Chat {
    /// A group that is there and did not become another.
    pub fn is_live_group(&self) -> bool {
        matches!(self.kind, ChatKind::Group | ChatKind::Supergroup)
            && self.migrated_to.is_none()
            && !self.is_deleted
    }
}

/// A ForceReply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asks {
    /// Only who is mentioned, or whose message is answered.
    pub is_selective: bool,
    /// What stands in the empty field.
    pub placeholder: Option<String>,
}

/// A message; deleted ones stay so that their buttons can still be pressed by somebody who sees them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Message {
    pub id: i64,
    pub chat: i64,
    /// The person or bot in `from`; `None` for a post in a channel.
    pub from: Option<i64>,
    pub sender_chat: Option<i64>,
    pub topic: Option<i64>,
    pub reply_to: Option<i64>,
    pub at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    /// Text or caption.
    pub words: Formatted,
    /// `photo`, `document`, service fields and the like, as the API shows them.
    pub extra: Map<String, Value>,
    /// The rows of an inline keyboard.
    pub keyboard: Option<Value>,
    /// A ForceReply or a reply keyboard hangs on it: never editable.
    pub has_reply_interface: bool,
    /// Whose reply field it opens.
    #[serde(default)]
    pub asks: Option<Asks>,
    pub is_silent: bool,
    pub is_deleted: bool,
}

impl Message {
    /// Whether `words` are a caption.
    pub fn is_media(&self) -> bool {
        ["photo", "document", "video", "voice", "audio", "animation"]
            .iter()
            .any(|kind| self.extra.contains_key(*kind))
    }
}

/// A press of a button that waits for its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Press {
    pub user: i64,
    pub at: DateTime<Utc>,
}

/// What the bot says it is doing in a chat, such as `typing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChatAction {
    pub name: String,
    pub at: DateTime<Utc>,
    /// Tells it from the one before, which may be of the same second.
    pub number: usize,
}

/// Everything the stand-in knows. `now` is the time of the act in hand.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State {
    pub now: DateTime<Utc>,
    pub people: BTreeMap<i64, Person>,
    pub chats: BTreeMap<i64, Chat>,
    pub next_account_message: i64,
    pub next_query: u64,
    pub presses: BTreeMap<String, Press>,
    /// By chat. They pass too quickly to be kept.
    #[serde(skip)]
    pub actions: BTreeMap<i64, ChatAction>,
    pub has_privacy: bool,
    /// Every call is answered late, by the real clock: this one may stand still.
    pub is_slow: bool,
    #[serde(skip, default = "super::methods::answer_within")]
    pub answer_within: chrono::TimeDelta,
    pub queue: Queue,
    pub files: Files,
    pub flood: Flood,
    pub faults: Faults,
    #[serde(with = "super::saved::pairs")]
    pub menus: BTreeMap<(String, String), Vec<Value>>,
    #[serde(with = "super::saved::pairs")]
    pub profile: BTreeMap<(String, String), String>,
    pub answers: Vec<Answer>,
    #[serde(serialize_with = "super::saved::newest")]
    pub journal: VecDeque<Call>,
    /// Calls that are in the journal no more.
    pub journal_dropped: usize,
    pub violations: Vec<Violation>,
}

impl State {
    pub fn new(now: DateTime<Utc>) -> Self {
        let mut state = Self {
            now,
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            next_account_message: 1,
            next_query: 1,
            presses: BTreeMap::new(),
            actions: BTreeMap::new(),
            has_privacy: true,
            is_slow: false,
            answer_within: super::methods::ANSWER_WITHIN,
            queue: Queue::default(),
            files: Files::default(),
            flood: Flood::default(),
            faults: Faults::default(),
            menus: BTreeMap::new(),
            profile: BTreeMap::new(),
            answers: Vec::new(),
            journal: VecDeque::new(),
            journal_dropped: 0,
            violations: Vec::new(),
        };
        for (id, is_bot, name, username) in [
            (BOT_ID, true, BOT_NAME, BOT_USERNAME),
            (ANONYMOUS_ADMIN, true, "Group", "GroupAnonymousBot"),
            (CHANNEL_BOT, true, "Channel", "Channel_Bot"),
            (TELEGRAM, false, "Telegram", ""),
        ] {
            state.add_person(id, is_bot, name, username);
        }
        state
    }

    pub fn add_person(&mut self, id: i64, is_bot: bool, first_name: &str, username: &str) {
        if let Some(chat) = self.chats.get_mut(&id) {
            first_name.clone_into(&mut chat.title);
        }
        let username = (!username.is_empty()).then(|| username.to_owned());
        let contact = self
            .people
            .get(&id)
            .map_or(Contact::Never, |known| known.contact);
        self.people.insert(
            id,
            Person {
                is_bot,
                first_name: first_name.to_owned(),
                username,
                contact,
            },
        );
    }

    pub fn add_chat(&mut self, id: i64, kind: ChatKind, title: &str) -> &mut Chat {
        self.chats.entry(id).or_insert_with(|| Chat {
            id,
            kind,
            title: title.to_owned(),
            topics: BTreeMap::new(),
            is_forum: false,
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
            pinned: Vec::new(),
            migrated_to: None,
            is_deleted: false,
            last_bot: None,
            next_message: 1,
        })
    }

    /// The next message id of a chat that exists.
    pub fn next_message_id(&mut self, chat: i64) -> i64 {
        let next = match self.chats.get_mut(&chat) {
            Some(chat) if matches!(chat.kind, ChatKind::Supergroup | ChatKind::Channel) => {
                &mut chat.next_message
            }
            Some(_) | None => &mut self.next_account_message,
        };
        *next += 1;
        *next - 1
    }

    /// A message with nothing in it yet, from `from`, written now.
    pub fn blank_message(&self, chat: i64, from: i64, id: i64) -> Message {
        Message {
            id,
            chat,
            from: Some(from),
            sender_chat: None,
            topic: None,
            reply_to: None,
            at: self.now,
            edited_at: None,
            words: Formatted::default(),
            extra: Map::new(),
            keyboard: None,
            has_reply_interface: false,
            asks: None,
            is_silent: false,
            is_deleted: false,
        }
    }

    /// Puts a message into its chat and gives its id.
    pub fn store(&mut self, message: Message) -> i64 {
        let id = message.id;
        let writer = message.from.filter(|from| {
            self.people.get(from).is_some_and(|person| person.is_bot)
                && message.sender_chat.is_none()
        });
        if let Some(chat) = self.chats.get_mut(&message.chat) {
            chat.last_bot = writer.or(chat.last_bot);
            chat.messages.insert(id, message);
        }
        id
    }

    /// A message that is there and not deleted.
    pub fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats
            .get(&chat)?
            .messages
            .get(&id)
            .filter(|message| !message.is_deleted)
    }

    pub fn message_mut(&mut self, chat: i64, id: i64) -> Option<&mut Message> {
        self.chats
            .get_mut(&chat)?
            .messages
            .get_mut(&id)
            .filter(|message| !message.is_deleted)
    }

    /// What somebody is in a chat; strangers are `None`.
    pub fn standing(&self, chat: i64, user: i64) -> Option<Standing> {
        self.chats.get(&chat)?.members.get(&user).copied()
    }

    /// The title of a chat, or the name of a person whose private chat is not open yet.
    pub fn name_of(&self, id: i64) -> String {
        let titled = self.chats.get(&id).map(|chat| &chat.title);
        let named = || self.people.get(&id).map(|person| &person.first_name);
        titled
            .or_else(named)
            .map_or_else(|| id.to_string(), Clone::clone)
    }

    /// What a group is now, after it became a supergroup.
    pub fn newest_form(&self, group: i64) -> i64 {
        let to = self.chats.get(&group).and_then(|chat| chat.migrated_to);
        to.unwrap_or(group)
    }

    /// The room's own group as it is now.
    pub fn current_group(&self) -> Option<i64> {
        let group = self.newest_form(super::room::GROUP);
        self.chats.contains_key(&group).then_some(group)
    }

    /// Writes down a breach of the platform's rules that the real server would let pass or punish later.
    pub fn violation(&mut self, method: &str, what: impl Into<String>) {
        self.violations.push(Violation {
            at: self.now,
            method: method.to_owned(),
            what: what.into(),
        });
    }

    /// The person in a text mention, if Telegram lets the bot mention them there: a member of the chat, or somebody who opened a private chat.
    pub fn mentionable(&self, chat: i64, user: i64) -> Option<Value> {
        let person = self.people.get(&user)?;
        let is_member = self.standing(chat, user).is_some_and(Standing::is_present);
        (is_member || chat == user || person.contact == Contact::Open).then(|| self.user_json(user))
    }

    /// The chat a call names by number or `@name`, if the bot knows it and the chat did not move.
    pub fn known_chat(&self, id: Option<&Value>) -> Result<i64, Refusal> {
        let id = id
            .filter(|id| !id.is_null() && *id != &json!(""))
            .ok_or_else(|| Refusal::bad_request("chat_id is empty"))?;
        let not_found = || Refusal::bad_request("chat not found");
        let id = super::request::integer(id).ok_or_else(not_found)?;
        if self.chats.contains_key(&id) || self.people.contains_key(&id) {
            Ok(id)
        } else {
            Err(not_found())
        }
    }
}
