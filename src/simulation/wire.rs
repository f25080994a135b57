//! The wire between the bot and the stand-in: in one process, with a place to die before and after every call.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::rehearsal::World;
use crate::store::{Memory, OutboxRow};
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
}

impl Wire {
    /// A wire to this world, for a bot over this store.
    pub fn new(world: Arc<World>, memory: Memory) -> Self {
        Self {
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

    /// What was sent since the last time.
    pub fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, method: &'static str, parameters: &Map<String, Value>) {
        let is_send = method.starts_with("Send") && method != "SendChatAction";
        let Some(chat) = parameters.get("chat_id").and_then(Value::as_i64) else {
            return;
        };
        if !is_send {
            return;
        }
        let silent = parameters.get("disable_notification") == Some(&Value::Bool(true));
        let sent = Sent {
            at: self.world.clock().now(),
            chat,
            sounds: !silent,
            row: self.memory.row_on_its_way(chat),
        };
        let mut all = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(sent);
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
        let mut last = self
            .last_updates
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
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
            self.note(method, &parameters);
            let parts = enclosures
                .into_iter()
                .map(|it| (it.parameter, it.name, it.content));
            let answer = self.world.direct(method, parameters, parts.collect()).await;
            give_way().await;
            let answer = answer.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))?;
            Ok(match method {
                "GetUpdates" => self.disturb(answer),
                _ => answer,
            })
        })
    }
}
