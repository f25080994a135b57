//! The wire between the bot and the stand-in: in one process, with a place to die before and after every call.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::vocabulary as words;
use crate::rehearsal::World;
use crate::store::{Memory, OutboxRow, OutgoingKind};
use crate::telegram::{Answered, Direct, Enclosure};

/// A call that may have put a message before somebody, with the row it came from.
#[derive(Debug, Clone)]
pub struct Sent {
    /// When.
    pub at: DateTime<Utc>,
    /// Into which chat.
    pub chat: i64,
    /// With a sound.
    pub sounds: bool,
    /// The row of the outbox.
    pub row: Option<OutboxRow>,
}

/// A message that came before somebody.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// When.
    pub at: DateTime<Utc>,
    /// In which chat.
    pub chat: i64,
    /// The row of the outbox.
    pub row: OutboxRow,
    /// The bot was not told, or not so that it could know.
    pub untold: bool,
    /// How often the bot had died by then.
    pub deaths: u32,
    /// How many calls to the database had failed by then.
    pub failures: u64,
}

/// A call that takes its time.
#[derive(Debug, Clone, Copy)]
pub struct Slow {
    /// How many calls are so.
    pub calls: u32,
    /// Each for so long; beyond [`PATIENCE`] the bot has given up before it takes effect.
    pub time: TimeDelta,
    /// It takes effect at once, and the answer comes late.
    pub acts_first: bool,
}

/// The bot's client waits so long for an answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);

/// A call on its way that the bot waits for no more.
struct Straggler {
    at: DateTime<Utc>,
    method: &'static str,
    parameters: Map<String, Value>,
    enclosures: Vec<Enclosure>,
    row: Option<OutboxRow>,
}

/// Something broken on purpose, that a law must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Every so manieth message arrives twice.
    Doubles(u32),
    /// Every digest arrives twice.
    DoublesDigests,
    /// Messages reach Telegram without their text.
    DropsText,
    /// Every message makes a sound.
    Sounds,
    /// Everything leaves twelve hours late.
    AtNight,
    /// What was said to a person three days ago is said again.
    SaysAgain,
    /// Cards never arrive, and the bot is told that they did.
    SwallowsCards,
    /// Nothing on slips arrives, and the bot is told that it did.
    SwallowsSlips,
    /// Updates in which somebody leaves a talk are lost.
    LosesLeave,
    /// Words with which somebody leaves a talk come as other words.
    GarblesLeave,
    /// The store forgets which notices were given.
    ForgetsKeys,
    /// Another writer closes a task in the name of somebody who may not.
    Intrudes,
    /// An entry is changed after it was written.
    Rewrites,
    /// The fold takes every answer twice.
    FoldsTwice,
    /// Every answer is entered twice.
    EntersTwice,
}

/// What is said again under [`Sabotage::SaysAgain`] is so old.
const LONG_AGO: TimeDelta = TimeDelta::hours(72);

/// The wire.
pub struct Wire {
    world: Arc<World>,
    memory: Memory,
    is_down: AtomicBool,
    /// Polls whose updates are handed out once more by the next.
    repeats: AtomicU32,
    /// Polls that bring nothing though something waits.
    holds_back: AtomicU32,
    last_updates: Mutex<Vec<Value>>,
    sent: Mutex<Vec<Sent>>,
    arrived: Mutex<Vec<Arrived>>,
    slow: Mutex<Option<Slow>>,
    stragglers: Mutex<Vec<Straggler>>,
    /// Until when calls wait.
    waits: Mutex<Vec<DateTime<Utc>>>,
    /// How often the bot died.
    deaths: Arc<AtomicU32>,
    sabotage: Option<Sabotage>,
    sends: AtomicU32,
    /// Cards sent, for [`Sabotage::SaysAgain`].
    cards: Mutex<Vec<Sent>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    /// A wire to this world, for a bot over this store.
    pub fn new(
        world: Arc<World>,
        memory: Memory,
        deaths: Arc<AtomicU32>,
        sabotage: Option<Sabotage>,
    ) -> Self {
        Self {
            deaths,
            sabotage,
            sends: AtomicU32::new(0),
            cards: Mutex::default(),
            arrived: Mutex::default(),
            slow: Mutex::default(),
            stragglers: Mutex::default(),
            waits: Mutex::default(),
            world,
            memory,
            is_down: AtomicBool::new(false),
            repeats: AtomicU32::new(0),
            holds_back: AtomicU32::new(0),
            last_updates: Mutex::default(),
            sent: Mutex::default(),
        }
    }

    /// Whether Telegram cannot be reached.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }

    /// The next polls bring the updates of the poll before them once more.
    pub fn repeat(&self, polls: u32) {
        self.repeats.store(polls, Ordering::Relaxed);
    }

    /// The next polls bring nothing.
    pub fn hold_back(&self, polls: u32) {
        self.holds_back.store(polls, Ordering::Relaxed);
    }

    /// The next calls take their time.
    pub fn slow_down(&self, slow: Slow) {
        *locked(&self.slow) = Some(slow);
    }

    /// What was sent since the last time.
    pub fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *locked(&self.sent))
    }

    /// What arrived since the last time.
    pub fn take_arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut *locked(&self.arrived))
    }

    /// When the next call goes on: one the bot waits for, or one that takes effect when nobody waits for it any more.
    pub fn next_at(&self) -> Option<DateTime<Utc>> {
        let now = self.world.clock().now();
        let mut waits = locked(&self.waits);
        waits.retain(|at| *at > now);
        let stragglers = locked(&self.stragglers);
        let stragglers = stragglers.iter().map(|one| one.at);
        stragglers.chain(waits.iter().copied()).min()
    }

    async fn wait(&self, until: DateTime<Utc>) {
        locked(&self.waits).push(until);
        self.world.clock().sleep_until(until).await;
    }

    /// Calls that nobody waits for any more take effect now, if it is time.
    pub async fn let_stragglers_in(&self) {
        let now = self.world.clock().now();
        let come: Vec<Straggler> = locked(&self.stragglers)
            .extract_if(.., |one| one.at <= now)
            .collect();
        for one in come {
            let row = one.row.clone();
            // Whatever comes of it, nobody is told.
            let _ = self
                .carry_out(one.method, one.parameters, one.enclosures, row, true)
                .await;
        }
    }

    fn take_slow(&self, method: &str) -> Option<Slow> {
        let mut slow = locked(&self.slow);
        let one = slow.as_mut().filter(|_| method != "GetUpdates")?;
        one.calls = one.calls.saturating_sub(1);
        let taken = *one;
        if taken.calls == 0 {
            *slow = None;
        }
        Some(taken)
    }

    /// Carries a call out, and notes the message that arrived.
    async fn carry_out(
        &self,
        method: &'static str,
        mut parameters: Map<String, Value>,
        enclosures: Vec<Enclosure>,
        row: Option<OutboxRow>,
        untold: bool,
    ) -> io::Result<String> {
        let parts = enclosures
            .into_iter()
            .map(|it| (it.parameter, it.name, it.content));
        let before = self.world.calls_made();
        let chat = parameters.get("chat_id").and_then(Value::as_i64);
        let deaths = self.deaths.load(Ordering::Relaxed);
        let failures = self.memory.failures_seen();
        if self.sabotage == Some(Sabotage::DropsText) {
            parameters.remove("text");
        }
        if row.as_ref().is_some_and(|row| self.swallows(row)) {
            return Ok(json!({"ok": true, "result": true}).to_string());
        }
        let twice = self
            .is_doubled(method, row.as_ref())
            .then(|| parameters.clone());
        let files = parts.collect();
        let answer = match untold {
            false => self.world.direct(method, parameters, files).await,
            true => self.world.direct_unheard(method, parameters, files).await,
        };
        if let Some(parameters) = twice {
            let _ = self.world.direct(method, parameters, Vec::new()).await;
        }
        let (_, calls) = self.world.journal_from(before);
        let arrived = calls
            .iter()
            .filter(|call| is_send(&call.method) && matches!(call.outcome, Some(Ok(_))));
        let readable = |answer: &String| serde_json::from_str::<Value>(answer).is_ok();
        let untold = untold || !answer.as_ref().is_ok_and(readable);
        if let (Some(chat), Some(row)) = (chat, row) {
            let all = arrived.map(|call| Arrived {
                at: call.at,
                chat,
                row: row.clone(),
                untold,
                deaths,
                failures,
            });
            locked(&self.arrived).extend(all);
        }
        answer.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))
    }

    fn is_doubled(&self, method: &str, row: Option<&OutboxRow>) -> bool {
        let is_digest = row.is_some_and(|row| row.message.kind == OutgoingKind::Digest);
        if self.sabotage == Some(Sabotage::DoublesDigests) {
            return is_digest && is_send(method);
        }
        let Some(Sabotage::Doubles(every)) = self.sabotage else {
            return false;
        };
        is_send(method) && self.sends.fetch_add(1, Ordering::Relaxed) % every == every - 1
    }

    /// Notes a send, and gives its row.
    fn note(&self, method: &str, parameters: &Map<String, Value>) -> Option<OutboxRow> {
        let chat = parameters.get("chat_id").and_then(Value::as_i64)?;
        if !is_send(method) {
            return None;
        }
        let silent = parameters.get("disable_notification") == Some(&Value::Bool(true));
        let row = self.memory.row_on_its_way(chat);
        let is_late = self.sabotage == Some(Sabotage::AtNight);
        let late = TimeDelta::hours(if is_late { 12 } else { 0 });
        let sent = Sent {
            at: self.world.clock().now() + late,
            chat,
            sounds: !silent || self.sabotage == Some(Sabotage::Sounds),
            row: row.clone(),
        };
        locked(&self.sent).extend(self.said_before(&sent));
        locked(&self.sent).push(sent);
        row
    }

    /// What was said long ago and is said again, where that is the sabotage.
    fn said_before(&self, sent: &Sent) -> Vec<Sent> {
        let is_card = |sent: &Sent| {
            let row = sent.row.as_ref();
            row.is_some_and(|row| row.message.kind == OutgoingKind::Reminder)
        };
        if self.sabotage != Some(Sabotage::SaysAgain) || !is_card(sent) {
            return Vec::new();
        }
        let mut cards = locked(&self.cards);
        let old = cards.iter().filter(|card| sent.at - card.at > LONG_AGO);
        let again = old.map(|card| Sent {
            at: sent.at,
            sounds: false,
            ..card.clone()
        });
        let again = again.collect();
        cards.push(sent.clone());
        again
    }

    fn swallows(&self, row: &OutboxRow) -> bool {
        let notice = row.message.notice.as_deref().unwrap_or_default();
        let is_slip = notice.contains("slip_drafts");
        let cards = self.sabotage == Some(Sabotage::SwallowsCards);
        let slips = self.sabotage == Some(Sabotage::SwallowsSlips);
        (slips && is_slip) || (cards && !is_slip && !notice.is_empty())
    }

    /// Updates as they come on a bad day: again, or later; within one answer the newest first.
    fn disturb(&self, answer: String) -> String {
        let counted = |count: &AtomicU32| {
            let left = count.load(Ordering::Relaxed);
            count.store(left.saturating_sub(1), Ordering::Relaxed);
            left > 0
        };
        if counted(&self.holds_back) {
            return json!({"ok": true, "result": []}).to_string();
        }
        let Ok(mut envelope) = serde_json::from_str::<Value>(&answer) else {
            return answer;
        };
        let Some(updates) = envelope.get_mut("result").and_then(Value::as_array_mut) else {
            return answer;
        };
        let mut last = locked(&self.last_updates);
        let leaves = |update: &Value| {
            let text = update.pointer("/message/text").and_then(Value::as_str);
            text.is_some_and(|text| words::LEAVE.contains(&text))
        };
        if self.sabotage == Some(Sabotage::LosesLeave) {
            updates.retain(|update| !leaves(update));
        }
        if self.sabotage == Some(Sabotage::GarblesLeave) {
            for update in updates.iter_mut().filter(|update| leaves(update)) {
                update["message"]["text"] = json!(words::NONSENSE[0]);
            }
        }
        let fresh = updates.clone();
        if counted(&self.repeats) {
            updates.extend(last.iter().cloned());
            updates.reverse();
        }
        if !fresh.is_empty() {
            *last = fresh;
        }
        envelope.to_string()
    }
}

/// Lets others go on; here the program may die.
async fn give_way() {
    let mut given = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut given, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

impl Direct for Wire {
    fn call(
        &self,
        method: &'static str,
        parameters: Map<String, Value>,
        enclosures: Vec<Enclosure>,
    ) -> Answered<'_> {
        Box::pin(async move {
            give_way().await;
            if self.is_down.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let row = self.note(method, &parameters);
            let slow = self.take_slow(method);
            let clock = self.world.clock();
            if let Some(slow) = slow.filter(|slow| slow.time > PATIENCE) {
                let at = clock.now() + slow.time;
                locked(&self.stragglers).push(Straggler {
                    at,
                    method,
                    parameters,
                    enclosures,
                    row,
                });
                self.wait(clock.now() + PATIENCE).await;
                return Err(io::ErrorKind::TimedOut.into());
            }
            let done_at = clock.now() + slow.map_or(TimeDelta::zero(), |slow| slow.time);
            if slow.is_some_and(|slow| !slow.acts_first) {
                self.wait(done_at).await;
            }
            let answer = self
                .carry_out(method, parameters, enclosures, row, false)
                .await;
            self.wait(done_at).await;
            give_way().await;
            let answer = answer?;
            Ok(match method {
                "GetUpdates" => self.disturb(answer),
                _ => answer,
            })
        })
    }
}

/// Whether a method brings a message.
fn is_send(method: &str) -> bool {
    let method = method.to_ascii_lowercase();
    method.starts_with("send") && method != "sendchataction"
}
