//! A bot that anything may be posted to: intake, inbox, reading, service, and behind every update the law of who may enter what.
//!
//! The fuzz targets use this file as it is, so that they hold what the tests hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use duban::clock::{Clock, Dice};
use duban::conversation::{BotAccount, Event, Sender};
use duban::ledger::{Account, Act, Actor, ENTRY_VERSION, Frame, LedgerEntry, Standing};
use duban::plan::{AdoptionText, Hash, PersonId, Settings, TaskForceId, read};
use duban::render::{Button, Message};
use duban::service::{Call, Incoming, KnownAccount, Ready, Service};
use duban::simulation::hold_entry;
use duban::store::{Changes, InboxRow, Memory, OutboxRow, Settled, Store};
use duban::telegram::{Intake, Received, keep_received, take_posted};
use serde_json::Value;

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");
const FLOOD: &str = include_str!("../transcripts/config/two/plans/flood.toml");
const GREENING: &str = include_str!("../transcripts/config/two/plans/greening.toml");

/// The bot's own account.
pub const BOT: i64 = 1;

/// The groups of the three task forces, and one that is nobody's.
pub const GROUPS: [i64; 4] = [-1001, -1002, -1003, -1004];

/// People on the rosters have the accounts from here on, in the order of the plans and within them of the roster.
pub const FIRST_ACCOUNT: i64 = 1001;

/// Once bound to the last person of the first roster, and no longer.
pub const EX_MEMBER: i64 = 2001;

/// Messages of the bot that are remembered, for presses and replies.
const MOST_SEEN: usize = 400;

/// A message of the bot as people see it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Chat.
    pub chat: i64,
    /// Id.
    pub message_id: i32,
    /// Data of its buttons.
    pub buttons: Vec<String>,
    /// What stands on them.
    pub labels: Vec<String>,
    /// What it is, as JSON.
    pub body: String,
}

/// What came of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// No update, or one that is known.
    Refused,
    /// Words between people, or nothing of ours.
    Passed,
    /// It does not read and was set aside.
    Unreadable,
    /// Worked off; so many entries came of it.
    Done(usize),
}

/// One task force as the law sees it.
struct Watched {
    frames: BTreeMap<Hash, Arc<Frame>>,
    standing: Standing,
    seq: u64,
}

/// The bot.
pub struct Siege {
    service: Service,
    clock: Clock,
    intake: Intake,
    watched: BTreeMap<TaskForceId, Watched>,
    messages: i32,
    /// Messages of the bot as they stand now, the one that changed last at the end.
    pub seen: Vec<Seen>,
    /// Entries that are not the bot's own, by task force.
    pub by_people: BTreeMap<TaskForceId, usize>,
    /// What people entered so far, by the name of the act.
    pub acts: BTreeMap<String, usize>,
}

fn plans() -> Vec<(TaskForceId, &'static str)> {
    vec![
        ("rushan".into(), RUSHAN),
        ("flood".into(), FLOOD),
        ("greening".into(), GREENING),
    ]
}

/// What the program finds in its configuration folder.
pub fn adoptions() -> Vec<(TaskForceId, AdoptionText)> {
    let text =
        |source: &str| AdoptionText::new(source.to_owned(), &Settings::default(), BTreeMap::new());
    plans()
        .into_iter()
        .map(|(id, source)| (id, text(source)))
        .collect()
}

/// Everybody on a roster, with an account. Whoever has the same name in two has one account.
pub fn people() -> Vec<(TaskForceId, PersonId, Account)> {
    let mut accounts: BTreeMap<String, i64> = BTreeMap::new();
    let mut people = Vec::new();
    for (id, source) in plans() {
        let plan = read(source, "plan.toml").expect("the plans of the tests have no mistakes");
        for member in plan.members {
            let next = FIRST_ACCOUNT + i64::try_from(accounts.len()).unwrap_or(0);
            let user_id = *accounts.entry(member.name.clone()).or_insert(next);
            let account = Account {
                user_id,
                name: member.name,
                username: None,
            };
            people.push((id.clone(), member.id, account));
        }
    }
    people
}

/// An account that had a person, and has none any more.
async fn was_bound_once(store: &Store, clock: &Clock, id: &TaskForceId, person: PersonId) {
    let account = Account {
        user_id: EX_MEMBER,
        name: "旧".to_owned(),
        username: None,
    };
    let bound = Act::Bound {
        person: person.clone(),
        account,
        way: duban::ledger::BindingWay::Host,
    };
    append(store, clock, id, bound).await;
    let user_id = EX_MEMBER;
    append(store, clock, id, Act::Unbound { person, user_id }).await;
}

/// The task forces before their first entry.
fn watched() -> BTreeMap<TaskForceId, Watched> {
    let watched = adoptions().into_iter().map(|(id, text)| {
        let frame = Frame::read(&text).expect("it was loaded");
        let watched = Watched {
            frames: BTreeMap::from([(text.hash(), Arc::new(frame))]),
            standing: Standing::default(),
            seq: 0,
        };
        (id, watched)
    });
    watched.collect()
}

impl Siege {
    /// Three task forces at work with their groups; of the first roster the last is not bound, and an account was once.
    pub async fn open(seed: u64) -> Self {
        Self::over(Store::Memory(Memory::new()), seed).await
    }

    /// The same over an empty store.
    pub async fn over(store: Store, seed: u64) -> Self {
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().expect("a moment"));
        let service = service(&store, &clock, seed);
        service
            .load(adoptions())
            .await
            .expect("the store does not fail");
        let rushan = TaskForceId::from("rushan");
        let mut people = people();
        let last = people.iter().rposition(|(id, ..)| *id == rushan);
        let (_, unbound, _) = people.remove(last.expect("the roster is not empty"));
        let known: Vec<KnownAccount> = people
            .into_iter()
            .map(|(task_force, person, account)| KnownAccount {
                task_force,
                person,
                account,
            })
            .collect();
        let unknown = service
            .pre_fill(&known)
            .await
            .expect("the store does not fail");
        assert!(unknown.is_empty(), "{unknown:?}");
        was_bound_once(&store, &clock, &rushan, unbound).await;
        for ((id, _), chat) in plans().into_iter().zip(GROUPS) {
            append(&store, &clock, &id, Act::GroupBound { chat, thread: None }).await;
            append(&store, &clock, &id, Act::WentLive).await;
        }
        // As after a restart: it finds all that in its store.
        let service = self::service(&store, &clock, seed);
        service
            .load(adoptions())
            .await
            .expect("the store does not fail");
        let mut siege = Self {
            intake: Intake::new(service.bot().clone()),
            service,
            clock,
            watched: watched(),
            messages: 1000,
            seen: Vec::new(),
            by_people: BTreeMap::new(),
            acts: BTreeMap::new(),
        };
        // What the host has done is not judged.
        for (id, watched) in &mut siege.watched {
            for entry in entries(&store, id, 0).await {
                watched.seq = entry.seq;
                watched.standing.apply(&entry);
            }
        }
        siege.deliver().await;
        siege
    }

    /// Lets time pass, with what is due in it.
    ///
    /// # Errors
    /// The law that broke.
    pub async fn wait(&mut self, time: TimeDelta) -> Result<(), String> {
        self.clock.set(self.clock.now() + time);
        self.service
            .tick()
            .await
            .map_err(|error| error.to_string())?;
        self.deliver().await;
        self.judge(None).await.map(|_| ())
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// A body as Telegram posts it, all the way: kept, read, worked off, judged, answered.
    ///
    /// # Errors
    /// What must not be: a panic, an update that does not commit, an entry by somebody without the right.
    pub async fn receive(&mut self, body: &[u8]) -> Result<Came, String> {
        let received = take_posted(&mut self.intake, body, self.clock.now(), |_| {});
        let unless_new = match &received {
            Received::Kept(_) | Received::Opens { .. } | Received::NoUpdate => Came::Refused,
            Received::Follows { .. } | Received::Passed(_) => Came::Passed,
        };
        let new = keep_received(&self.service, vec![received])
            .await
            .map_err(|error| error.to_string())?;
        if new == 0 {
            return Ok(unless_new);
        }
        let store = self.service.store();
        let rows = store
            .take_updates(1, &[])
            .await
            .map_err(|error| error.to_string())?;
        let [row] = rows.as_slice() else {
            return Err(format!("{} updates wait, not one", rows.len()));
        };
        self.work_off(row).await
    }

    async fn work_off(&mut self, row: &InboxRow) -> Result<Came, String> {
        let event = match duban::telegram::read(&row.body, self.service.bot()) {
            Ok(event) => event,
            Err(error) => {
                let given_up = self.service.give_up(row, None, &error.to_string()).await;
                given_up.map_err(|error| error.to_string())?;
                self.judge(None).await?;
                return Ok(Came::Unreadable);
            }
        };
        let Some(event) = event else {
            let nothing = Incoming {
                update_id: row.update_id,
                event: None,
            };
            self.handle(nothing).await?;
            return self.judge(None).await.map(|_| Came::Passed);
        };
        let incoming = Incoming {
            update_id: row.update_id,
            event: Some(event.clone()),
        };
        self.handle(incoming).await?;
        let entered = self.judge(Some(&event)).await?;
        self.deliver().await;
        Ok(Came::Done(entered))
    }

    async fn handle(&self, incoming: Incoming) -> Result<(), String> {
        let processed = self.service.on_updates(vec![incoming]).await;
        let processed = processed.map_err(|error| error.to_string())?;
        match processed.failed.first() {
            None => Ok(()),
            Some(failed) => Err(failed.reason.clone()),
        }
    }

    /// Holds what was entered since the last time against the law; how much it was. Without an event nobody but the bot did it.
    async fn judge(&mut self, event: Option<&Event>) -> Result<usize, String> {
        let sender = event.and_then(|event| match &event.sender {
            Sender::Account(account) => Some(account.user_id),
            Sender::AnonymousAdmin | Sender::Channel => None,
        });
        let mut entered = 0;
        for (id, watched) in &mut self.watched {
            let was = watched.standing.person_of(sender.unwrap_or(0)).cloned();
            for entry in entries(self.service.store(), id, watched.seq).await {
                entered += 1;
                if entry.by != Actor::Bot {
                    *self.by_people.entry(id.clone()).or_default() += 1;
                    *self.acts.entry(name_of(&entry.act)).or_default() += 1;
                }
                let adopted = watched
                    .standing
                    .adoption
                    .and_then(|hash| watched.frames.get(&hash));
                let frame = adopted.map(|frame| frame.amended(&watched.standing));
                hold_entry(frame.as_deref(), &watched.standing, &entry)
                    .map_err(|broken| broken.to_string())?;
                watched.seq = entry.seq;
                watched.standing.apply(&entry);
                let is = watched.standing.person_of(sender.unwrap_or(0));
                let fits = match &entry.by {
                    Actor::Person(person) => was.as_ref() == Some(person) || is == Some(person),
                    Actor::Stranger(user_id) => Some(*user_id) == sender,
                    Actor::Bot => true,
                    Actor::Host => false,
                };
                if !fits {
                    return Err(format!("{sender:?} entered {entry:?}"));
                }
            }
        }
        Ok(entered)
    }

    /// Everything that may be sent now arrives, if the bot still wants it to.
    async fn deliver(&mut self) {
        while let Some(row) = self
            .service
            .store()
            .claim(self.clock.now(), 60, &[], i64::MAX)
            .await
            .expect("the store does not fail")
        {
            let ready = self.service.ready(&row).await;
            match ready.expect("the store does not fail") {
                Ready::Go(call) => {
                    let message_id = self.arrives(&row, &call);
                    self.settle(&row, &Settled::Sent { message_id }).await;
                }
                Ready::Settle(settled) => self.settle(&row, &settled).await,
                Ready::Done => {}
            }
        }
    }

    async fn settle(&self, row: &OutboxRow, settled: &Settled) {
        let settled = self.service.settle(row, settled).await;
        settled.expect("the row is ours");
    }

    /// What a call does to the messages people see; the message's id.
    fn arrives(&mut self, row: &OutboxRow, call: &Call) -> Option<i32> {
        let body = serde_json::to_value(call).expect("a call is JSON");
        hold_markup(&body);
        let nothing = Message::default();
        let (known, message) = match call {
            Call::Send { message, .. } => (None, message),
            Call::Edit {
                message_id,
                message,
            }
            | Call::Redact {
                message_id,
                message,
            } => (Some(*message_id), message),
            Call::ShowStatus {
                message_id,
                message,
            } => (*message_id, message),
            Call::Document { .. } | Call::File(_) => (None, &nothing),
            Call::Delete { message_id } => {
                self.forget(row.message.chat, *message_id);
                return None;
            }
            Call::Status | Call::Menu(_) | Call::Leave => return None,
        };
        let message_id = known.unwrap_or_else(|| {
            self.messages += 1;
            self.messages
        });
        self.forget(row.message.chat, message_id);
        let (mut labels, mut buttons) = (Vec::new(), Vec::new());
        for button in message.keyboard.iter().flatten() {
            if let Button::Press { text, data } = button {
                labels.push(text.clone());
                buttons.push(data.clone());
            }
        }
        self.seen.push(Seen {
            chat: row.message.chat,
            message_id,
            buttons,
            labels,
            body: body.to_string(),
        });
        let over = self.seen.len().saturating_sub(MOST_SEEN);
        self.seen.drain(..over);
        Some(message_id)
    }

    fn forget(&mut self, chat: i64, message_id: i32) {
        self.seen
            .retain(|seen| (seen.chat, seen.message_id) != (chat, message_id));
    }
}

/// Markup that people type is text in whatever the bot says.
pub const MARKUP: [&str; 2] = ["<b>粗</b>", "<a href=\"https://evil.example\">点</a>"];

/// In the blocks of a message, which are markup, nothing stands as somebody typed it who typed markup.
fn hold_markup(call: &Value) {
    match call {
        Value::Object(fields) => {
            for (name, value) in fields {
                let blocks = value.as_array().filter(|_| name == "blocks");
                for block in blocks.into_iter().flatten().filter_map(Value::as_str) {
                    let typed = MARKUP.iter().find(|typed| block.contains(**typed));
                    assert!(typed.is_none(), "markup of somebody's: {block}");
                }
                hold_markup(value);
            }
        }
        Value::Array(values) => values.iter().for_each(hold_markup),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `Answered` of `Answered(…)`.
fn name_of(act: &Act) -> String {
    let told = format!("{act:?}");
    let name = told.chars().take_while(|letter| letter.is_alphanumeric());
    name.collect()
}

fn service(store: &Store, clock: &Clock, seed: u64) -> Service {
    let bot = BotAccount {
        id: BOT,
        username: "duban_bot".to_owned(),
    };
    Service::new(store.clone(), clock.clone(), Dice::seeded(seed), bot)
}

async fn entries(store: &Store, id: &TaskForceId, after: u64) -> Vec<LedgerEntry> {
    let head = store.head(id).await.expect("the store does not fail");
    if head.seq <= after {
        return Vec::new();
    }
    let entries = store.entries_after(id, after).await;
    entries.expect("an entry of ours reads")
}

async fn append(store: &Store, clock: &Clock, id: &TaskForceId, act: Act) {
    let mut changes = Changes {
        task_force: Some(id.clone()),
        now: clock.now(),
        ..Changes::default()
    };
    let entry = LedgerEntry {
        seq: 0,
        at: clock.now(),
        version: ENTRY_VERSION,
        by: Actor::Host,
        act,
    };
    let head = store.head(id).await.expect("the store does not fail");
    changes.push_entry(head, entry);
    for result in store
        .commit(vec![changes])
        .await
        .expect("the store does not fail")
    {
        result.expect("nobody else writes");
    }
}
