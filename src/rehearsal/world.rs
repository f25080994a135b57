//! The world: the one handle through which tests and the rehearsal act as people and look at what the bot did.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use serde_json::Value;
use tokio::sync::watch;

use super::faults::Fault;
use super::methods::start_payload;
use super::people::Post;
use super::state::{BOT_ID, ChatKind, Contact, SUPERGROUPS_BELOW, Standing, State, Topic};
use super::view::{Answer, Button, Call, MessageView, Violation, rows};
use crate::clock::Clock;

/// All chats, people and calls behind a stand-in server.
#[derive(Debug)]
pub struct World {
    clock: Clock,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

/// What pressing a button leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The bot is told; this is the id of the query.
    Query(String),
    /// The client opens this address; see [`World::follow`].
    Link(String),
}

impl World {
    /// An empty world at the clock's time; only the bot is in it.
    pub fn new(clock: Clock) -> Self {
        let state = Mutex::new(State::new(clock.now()));
        Self {
            clock,
            state,
            changed: watch::Sender::new(0),
        }
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Marks every change: whoever prints the chat waits on it and then looks again.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until there are more violations than these.
    pub async fn violated(&self, known: usize) {
        let mut changed = self.subscribe();
        while self.locked().violations.len() <= known {
            // It cannot end while the world that tells of changes is borrowed.
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Tells whoever subscribed that something beside the chats changed, such as the time.
    pub fn mark_changed(&self) {
        self.announce();
    }

    /// The state at the clock's present time.
    pub(super) fn locked(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = self.clock.now();
        state
    }

    pub(super) fn announce(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    pub(super) fn act<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = act(&mut self.locked());
        self.announce();
        result
    }
}

/// People and chats.
impl World {
    /// A person with this account; `username` without `@`, empty for none. Called again it renames.
    pub fn add_user(&self, id: i64, first_name: &str, username: &str) {
        self.act(|state| state.add_person(id, false, first_name, username));
    }

    /// Another bot.
    pub fn add_other_bot(&self, id: i64, first_name: &str, username: &str) {
        self.act(|state| state.add_person(id, true, first_name, username));
    }

    /// A group without members: a supergroup if `id` is at or below −1000000000001, else a basic group.
    pub fn add_group(&self, id: i64, title: &str) {
        let kind = if id < SUPERGROUPS_BELOW {
            ChatKind::Supergroup
        } else {
            ChatKind::Group
        };
        self.act(|state| {
            state.add_chat(id, kind, title);
        });
    }

    /// A channel without members.
    pub fn add_channel(&self, id: i64, title: &str) {
        self.act(|state| {
            state.add_chat(id, ChatKind::Channel, title);
        });
    }

    /// Gives somebody, people or bot, a standing in a group by the hand of `actor`: joining, promotion, muting, leaving, removal.
    /// The bot is told as the real server would (`my_chat_member`, `chat_member`, service messages).
    pub fn set_standing(&self, chat: i64, user: i64, standing: Standing, actor: i64) {
        self.act(|state| state.set_standing(chat, user, standing, actor));
    }

    /// The person joins the group as an ordinary member.
    pub fn join(&self, chat: i64, user: i64) {
        self.set_standing(chat, user, Standing::Member, user);
    }

    /// The person leaves the group.
    pub fn leave(&self, chat: i64, user: i64) {
        self.set_standing(chat, user, Standing::Left, user);
    }

    /// `actor` adds our bot to the group as an ordinary member.
    pub fn add_bot(&self, chat: i64, actor: i64) {
        self.set_standing(chat, BOT_ID, Standing::Member, actor);
    }

    /// `actor` makes our bot an administrator.
    pub fn promote_bot(&self, chat: i64, actor: i64, can_pin: bool) {
        self.set_standing(chat, BOT_ID, Standing::Administrator { can_pin }, actor);
    }

    /// `actor` removes our bot.
    pub fn kick_bot(&self, chat: i64, actor: i64) {
        self.set_standing(chat, BOT_ID, Standing::Kicked, actor);
    }

    /// Everybody loses the group.
    pub fn delete_group(&self, chat: i64) {
        self.act(|state| {
            if let Some(chat) = state.chats.get_mut(&chat) {
                chat.is_deleted = true;
            }
        });
    }

    /// The basic group becomes the supergroup `new` (at or below −1000000000001); the old id then refuses with the new one.
    pub fn migrate(&self, old: i64, new: i64, actor: i64) {
        self.act(|state| state.migrate(old, new, actor));
    }

    /// Opens a topic in a supergroup, which becomes a forum by that, and gives its number.
    pub fn create_topic(&self, chat: i64, actor: i64, name: &str) -> i64 {
        self.act(|state| {
            let mut fields = serde_json::Map::new();
            fields.insert(
                "forum_topic_created".to_owned(),
                serde_json::json!({"name": name, "icon_color": 7_322_096}),
            );
            let id = state.next_message_id(chat);
            let mut message = state.blank_message(chat, actor, id);
            message.topic = Some(id);
            message.extra = fields;
            if let Some(chat) = state.chats.get_mut(&chat) {
                chat.is_forum = true;
                chat.topics.insert(id, Topic::Open);
            }
            state.store(message);
            state.deliver(chat, id);
            id
        })
    }

    /// Closes, reopens or deletes a topic; the bot hears of closing and reopening.
    pub fn set_topic(&self, chat: i64, actor: i64, number: i64, topic: Topic) {
        self.act(|state| {
            if let Some(chat) = state.chats.get_mut(&chat) {
                chat.topics.insert(number, topic);
            }
            let told = match topic {
                Topic::Open => "forum_topic_reopened",
                Topic::Closed => "forum_topic_closed",
                Topic::Deleted => return,
            };
            state.service(chat, actor, Some(number), serde_json::json!({told: {}}));
        });
    }

    /// Whether the bot hears in groups only what is meant for it (as after `BotFather`'s default). On at the start.
    pub fn set_privacy(&self, on: bool) {
        self.act(|state| state.has_privacy = on);
    }
}

/// Acts of people.
impl World {
    /// Writes into a chat (the person's own id is the private chat) and gives the message's id.
    pub fn say(&self, user: i64, chat: i64, text: &str) -> i64 {
        self.post(user, chat, Post::text(text))
    }

    /// Answers a message.
    pub fn reply(&self, user: i64, chat: i64, to: i64, text: &str) -> i64 {
        self.post(user, chat, Post::text(text).reply_to(to))
    }

    /// Puts anything else into a chat and gives the message's id.
    pub fn post(&self, user: i64, chat: i64, post: Post) -> i64 {
        self.act(|state| state.post(user, chat, post))
    }

    /// Edits the person's own message; false if there is none.
    pub fn edit(&self, user: i64, chat: i64, message: i64, text: &str) -> bool {
        self.act(|state| state.edit(user, chat, message, text))
    }

    /// Deletes a message for everyone; bots are not told of that.
    pub fn delete(&self, chat: i64, message: i64) {
        self.act(|state| state.remove_message(chat, message));
    }

    /// Presses the button with this text or data under a message; `None` if there is no such button.
    pub fn press(&self, user: i64, chat: i64, message: i64, button: &str) -> Option<Pressed> {
        self.act(|state| {
            let found = state.message(chat, message).and_then(|message| {
                let buttons: Vec<Button> = rows(message.keyboard.as_ref())
                    .into_iter()
                    .flatten()
                    .collect();
                let by_text = buttons.iter().find(|one| one.text == button);
                by_text
                    .or_else(|| {
                        buttons
                            .iter()
                            .find(|one| one.data.as_deref() == Some(button))
                    })
                    .cloned()
            })?;
            Some(match (found.data, found.url) {
                (Some(data), _) => Pressed::Query(state.press(user, chat, message, &data)),
                (None, url) => Pressed::Link(url.unwrap_or_default()),
            })
        })
    }

    /// Presses a button with this data whether the message, or the button, is there or not: old screens and forged data.
    pub fn press_data(&self, user: i64, chat: i64, message: i64, data: &str) -> String {
        self.act(|state| state.press(user, chat, message, data))
    }

    /// Opens the bot by a link with this payload, empty for none, and presses Start. Gives the message's id.
    pub fn start(&self, user: i64, payload: &str) -> i64 {
        self.say(user, user, format!("/start {payload}").trim_end())
    }

    /// Opens an address; a start link of the bot is followed and gives the message's id.
    pub fn follow(&self, user: i64, url: &str) -> Option<i64> {
        start_payload(url).map(|payload| self.start(user, payload))
    }

    /// Blocks the bot.
    pub fn block(&self, user: i64) {
        self.act(|state| {
            state.set_contact(user, Contact::Blocked);
            state.tell_contact(user, Standing::Member);
        });
    }

    /// Unblocks the bot without writing to it.
    pub fn unblock(&self, user: i64) {
        self.act(|state| state.open_private_chat(user));
    }

    /// Whether a private chat takes the bot's messages: opened, and neither blocked since nor gone.
    pub fn takes_messages(&self, user: i64) -> bool {
        let state = self.locked();
        let person = state.people.get(&user);
        person.is_some_and(|person| person.contact == Contact::Open)
    }

    /// The account is gone.
    pub fn deactivate(&self, user: i64) {
        self.act(|state| state.set_contact(user, Contact::Deactivated));
    }

    /// Queues an update as it stands, for what no other act makes; without `update_id` it gets the next one.
    pub fn inject(&self, update: Value) {
        self.act(|state| state.inject(update));
    }
}

/// What went wrong, and how strict the server is.
impl World {
    /// Plays `fault` on the next `count` calls of `method` ([`super::ANY_METHOD`] for any, `file` for downloads).
    pub fn fault(&self, method: &str, count: usize, fault: Fault) {
        self.act(|state| state.faults.plan(method, count, fault));
    }

    /// Whether every call is answered late, by a second and a half of real time.
    pub fn set_slow(&self, on: bool) {
        self.act(|state| state.is_slow = on);
    }

    /// Every chat refuses for so long.
    pub fn limit_all(&self, seconds: u32) {
        self.act(|state| {
            let now = state.now;
            state.flood.block_all(seconds, now);
        });
    }

    /// Forgets the faults not yet played.
    pub fn clear_faults(&self) {
        self.act(|state| state.faults.clear());
    }

    /// Whether sending too fast is refused. On at the start.
    pub fn set_flood_control(&self, on: bool) {
        self.act(|state| state.flood.enforced = on);
    }

    /// How long a press can be answered; 15 seconds at the start.
    pub fn set_answer_within(&self, time: TimeDelta) {
        self.act(|state| state.answer_within = time);
    }

    /// Goes on with these update ids, as the real server does after a quiet week.
    pub fn set_next_update_id(&self, id: i64) {
        self.act(|state| state.queue.next_id = id);
    }
}

/// What there is to see.
impl World {
    /// The chat as its people see it, oldest first; deleted messages are gone.
    pub fn messages(&self, chat: i64) -> Vec<MessageView> {
        let state = self.locked();
        let messages = state
            .chats
            .get(&chat)
            .into_iter()
            .flat_map(|chat| chat.messages.values());
        messages
            .filter(|message| !message.is_deleted)
            .map(|message| state.view(message))
            .collect()
    }

    /// One message.
    pub fn message(&self, chat: i64, id: i64) -> Option<MessageView> {
        let state = self.locked();
        state.message(chat, id).map(|message| state.view(message))
    }

    /// All chats with their title or the person's name.
    pub fn chats(&self) -> Vec<(i64, String)> {
        self.locked()
            .chats
            .values()
            .map(|chat| (chat.id, chat.title.clone()))
            .collect()
    }

    /// What a group is now, after it became a supergroup.
    pub fn newest_form(&self, group: i64) -> i64 {
        self.locked().newest_form(group)
    }

    /// The person of this name.
    pub fn person_called(&self, name: &str) -> Option<i64> {
        let state = self.locked();
        let mut people = state.people.iter();
        people.find_map(|(id, person)| (!person.is_bot && person.first_name == name).then_some(*id))
    }

    /// Every call in the order it was carried out, but polls that brought nothing.
    pub fn journal(&self) -> Vec<Call> {
        self.locked().journal.iter().cloned().collect()
    }

    /// How many calls the journal has seen, and those of them from the `first` on: for whoever follows it.
    pub fn journal_from(&self, first: usize) -> (usize, Vec<Call>) {
        let state = self.locked();
        let total = state.journal_dropped + state.journal.len();
        let skip = first.saturating_sub(state.journal_dropped);
        (total, state.journal.iter().skip(skip).cloned().collect())
    }

    /// How many calls the journal has seen.
    pub fn calls_made(&self) -> usize {
        let state = self.locked();
        state.journal_dropped + state.journal.len()
    }

    /// What the bot answered to presses.
    pub fn answers(&self) -> Vec<Answer> {
        self.locked().answers.clone()
    }

    /// Breaches of the platform's rules. A test ends by finding none.
    pub fn violations(&self) -> Vec<Violation> {
        self.locked().violations.clone()
    }

    /// Updates the bot has not acknowledged.
    pub fn pending_updates(&self) -> Vec<Value> {
        let mut state = self.locked();
        let now = state.now;
        state.queue.expire(now);
        state
            .queue
            .updates
            .iter()
            .map(|update| update.json.clone())
            .collect()
    }

    /// The commands (name, description) a person's client offers in a chat.
    pub fn menu(&self, user: i64, chat: i64) -> Vec<(String, String)> {
        self.locked().menu(user, chat, "zh")
    }

    /// The content of an uploaded file.
    pub fn file(&self, file_id: &str) -> Option<Vec<u8>> {
        self.locked()
            .files
            .by_id(file_id)
            .map(|file| file.bytes.clone())
    }
}
