//! A bot on the memory store that anything may be posted to: intake, inbox, reading, service, and behind every update the law of who may enter what.
//!
//! The fuzz targets use this file as it is, so that they hold what the tests hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use duban::clock::{Clock, Dice};
use duban::conversation::{BotAccount, Event, Sender};
use duban::ledger::{Account, Act, Actor, ENTRY_VERSION, Frame, LedgerEntry, Standing};
use duban::plan::{AdoptionText, Hash, PersonId, Settings, TaskForceId, read};
use duban::service::{Incoming, KnownAccount, Service};
use duban::simulation::hold_entry;
use duban::store::{Changes, InboxRow, Memory, Settled, Store};
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
    memory: Memory,
    clock: Clock,
    intake: Intake,
    watched: BTreeMap<TaskForceId, Watched>,
    messages: i32,
    rows: i64,
    /// Messages of the bot, newest last.
    pub seen: Vec<Seen>,
    /// Entries that are not the bot's own, by task force.
    pub by_people: BTreeMap<TaskForceId, usize>,
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
async fn was_bound_once(memory: &Memory, clock: &Clock, id: &TaskForceId, person: PersonId) {
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
    append(memory, clock, id, bound).await;
    let user_id = EX_MEMBER;
    append(memory, clock, id, Act::Unbound { person, user_id }).await;
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
        let memory = Memory::new();
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().expect("a moment"));
        let service = service(&memory, &clock, seed);
        service
            .load(adoptions())
            .await
            .expect("memory does not fail");
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
            .expect("memory does not fail");
        assert!(unknown.is_empty(), "{unknown:?}");
        was_bound_once(&memory, &clock, &rushan, unbound).await;
        for ((id, _), chat) in plans().into_iter().zip(GROUPS) {
            append(&memory, &clock, &id, Act::GroupBound { chat, thread: None }).await;
            append(&memory, &clock, &id, Act::WentLive).await;
        }
        // As after a restart: it finds all that in its store.
        let service = self::service(&memory, &clock, seed);
        service
            .load(adoptions())
            .await
            .expect("memory does not fail");
        let mut siege = Self {
            intake: Intake::new(service.bot().clone()),
            service,
            memory,
            clock,
            watched: watched(),
            messages: 1000,
            rows: 0,
            seen: Vec::new(),
            by_people: BTreeMap::new(),
        };
        // What the host has done is not judged.
        for (id, watched) in &mut siege.watched {
            for entry in entries(&siege.memory, id, 0) {
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
        self.judge(None).map(|_| ())
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Entries of all ledgers.
    pub fn entries(&self) -> u64 {
        self.watched.values().map(|watched| watched.seq).sum()
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
                self.judge(None)?;
                return Ok(Came::Unreadable);
            }
        };
        let Some(event) = event else {
            let nothing = Incoming {
                update_id: row.update_id,
                event: None,
            };
            self.handle(nothing).await?;
            return self.judge(None).map(|_| Came::Passed);
        };
        let incoming = Incoming {
            update_id: row.update_id,
            event: Some(event.clone()),
        };
        self.handle(incoming).await?;
        let entered = self.judge(Some(&event))?;
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
    fn judge(&mut self, event: Option<&Event>) -> Result<usize, String> {
        let sender = event.and_then(|event| match &event.sender {
            Sender::Account(account) => Some(account.user_id),
            Sender::AnonymousAdmin | Sender::Channel => None,
        });
        let mut entered = 0;
        for (id, watched) in &mut self.watched {
            let was = watched.standing.person_of(sender.unwrap_or(0)).cloned();
            for entry in entries(&self.memory, id, watched.seq) {
                entered += 1;
                if entry.by != Actor::Bot {
                    *self.by_people.entry(id.clone()).or_default() += 1;
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

    /// Everything that may be sent now arrives.
    async fn deliver(&mut self) {
        let store = self.service.store();
        let now = self.clock.now();
        while let Some(row) = store
            .claim(now, 60, &[], i64::MAX)
            .await
            .expect("memory does not fail")
        {
            self.messages += 1;
            let settled = Settled::Sent {
                message_id: Some(self.messages),
            };
            self.service
                .settle(&row, &settled)
                .await
                .expect("the row is ours");
        }
        for row in self.memory.rows_seen(self.rows) {
            self.rows = row.id;
            let Some(message_id) = row.message_id else {
                continue;
            };
            let body = row.message.body;
            let call: Value = serde_json::from_str(&body).expect("a call is JSON");
            hold_markup(&call);
            let mut buttons = Vec::new();
            gather(&call, &mut buttons);
            self.seen.push(Seen {
                chat: row.message.chat,
                message_id,
                buttons,
                body,
            });
        }
        let over = self.seen.len().saturating_sub(MOST_SEEN);
        self.seen.drain(..over);
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

/// The data of every button in a call.
fn gather(body: &Value, buttons: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            if let Some(data) = fields.get("data").and_then(Value::as_str) {
                buttons.push(data.to_owned());
            }
            fields.values().for_each(|value| gather(value, buttons));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, buttons)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn service(memory: &Memory, clock: &Clock, seed: u64) -> Service {
    let bot = BotAccount {
        id: BOT,
        username: "duban_bot".to_owned(),
    };
    let store = Store::Memory(memory.clone());
    Service::new(store, clock.clone(), Dice::seeded(seed), bot)
}

fn entries(memory: &Memory, id: &TaskForceId, after: u64) -> Vec<LedgerEntry> {
    let stored = memory.entries_seen(id, after).into_iter();
    stored
        .map(|stored| serde_json::from_str(&stored.body).expect("an entry of ours reads"))
        .collect()
}

async fn append(memory: &Memory, clock: &Clock, id: &TaskForceId, act: Act) {
    let store = Store::Memory(memory.clone());
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
    let head = store.head(id).await.expect("memory does not fail");
    changes.push_entry(head, entry);
    for result in store
        .commit(vec![changes])
        .await
        .expect("memory does not fail")
    {
        result.expect("nobody else writes");
    }
}
