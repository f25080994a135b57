//! What is counted and measured while the bot runs, for an operator's monitoring. No person, chat or word of anybody's stands in it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use prometheus_client::encoding::prometheus_text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::store::{OutgoingKind, Queues, Settled};

/// Upper ends of the histograms' buckets, in seconds: from a commit without a wait to Telegram's longest holds.
const BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0,
];

/// Chats whose answer is on its way and measured; of more the time is not taken, so that memory stays bounded.
const MOST_AWAITED: usize = 4096;

/// Kinds of updates as counted; what else Telegram may send counts as `other`.
const UPDATE_KINDS: [&str; 4] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
];

type Label = (&'static str, &'static str);
type Counted<const N: usize> = Family<[Label; N], Counter>;
type Seconds = Gauge<f64, AtomicU64>;

/// What became of an update that was taken from the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// Its changes are committed.
    Done,
    /// It stays in the inbox and is tried again.
    Again,
    /// It was set aside.
    SetAside,
}

/// Something that failed, as counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The database did not do what was asked.
    Database,
    /// Telegram could not be asked for updates.
    Polling,
    /// Telegram could not be reached, or its answer did not come back.
    Connection,
    /// Telegram refuses the token.
    Token,
    /// Telegram refused a message, for the reason named.
    Refused(&'static str),
    /// A press could not be answered.
    Press,
    /// One of our own tasks or updates panicked.
    Panic,
}

impl Failure {
    fn kind(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Polling => "polling",
            Self::Connection => "connection",
            Self::Token => "token",
            Self::Refused(why) => why,
            Self::Press => "press",
            Self::Panic => "panic",
        }
    }
}

/// When Telegram was last heard, and when it last could not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// It answered, with yes or no.
    pub heard_at: Option<DateTime<Utc>>,
    /// It did not.
    pub missed_at: Option<DateTime<Utc>>,
    /// It was last asked for updates and gave them, or none.
    pub polled_at: Option<DateTime<Utc>>,
}

/// The counters of one process. Recording is a few atomic operations; texts are made when somebody asks.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    received: Counted<1>,
    handled: Counted<1>,
    committed: Histogram,
    answered: Histogram,
    waited: Histogram,
    sends: Counted<2>,
    limited: Counted<1>,
    failures: Counted<1>,
    last_tick: Gauge,
    /// Missing until the database told it once.
    task_forces: Family<[Label; 0], Gauge>,
    database_up: Gauge,
    outward: Gauge,
    queue_depth: Family<[Label; 1], Gauge>,
    queue_age: Family<[Label; 1], Seconds>,
    unsettled: Family<[Label; 1], Gauge>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    contact: Contact,
    turned_at: Option<DateTime<Utc>>,
    outward_since: Option<DateTime<Utc>>,
    /// When the update came that a chat's answer is on its way for.
    awaited: BTreeMap<i64, DateTime<Utc>>,
}

impl Metrics {
    /// Counters at nothing, of a process that starts now.
    pub fn new(now: DateTime<Utc>) -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("duban"),
            received: Family::default(),
            handled: Family::default(),
            committed: Histogram::new(BUCKETS),
            answered: Histogram::new(BUCKETS),
            waited: Histogram::new(BUCKETS),
            sends: Family::default(),
            limited: Family::default(),
            failures: Family::default(),
            last_tick: Gauge::default(),
            task_forces: Family::default(),
            database_up: Gauge::default(),
            outward: Gauge::default(),
            queue_depth: Family::default(),
            queue_age: Family::default(),
            unsettled: Family::default(),
            seen: Mutex::default(),
        };
        metrics.begin_at_zero();
        metrics.registered(now)
    }

    /// What never happened yet stands there with a zero, so that an alarm finds it.
    fn begin_at_zero(&self) {
        for kind in UPDATE_KINDS.into_iter().chain(["other"]) {
            drop(self.received.get_or_create(&[("kind", kind)]));
        }
        for outcome in ["done", "again", "set_aside"] {
            drop(self.handled.get_or_create(&[("outcome", outcome)]));
        }
        for way in ["send", "poll"] {
            drop(self.limited.get_or_create(&[("way", way)]));
        }
        for failure in [
            Failure::Database,
            Failure::Polling,
            Failure::Connection,
            Failure::Token,
            Failure::Press,
            Failure::Panic,
        ] {
            drop(self.failures.get_or_create(&[("kind", failure.kind())]));
        }
    }

    fn registered(mut self, now: DateTime<Utc>) -> Self {
        let registry = &mut self.registry;
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        let start: Gauge = Gauge::default();
        start.set(now.timestamp());
        registry.register("start_time_seconds", "When it started", start);
        let updates = "Updates received from Telegram, by kind";
        registry.register("updates_received", updates, self.received.clone());
        let handled = "Updates taken from the inbox, by what became of them";
        registry.register("updates_handled", handled, self.handled.clone());
        let times = [
            (
                "commit_latency",
                "From the receipt of an update to its committed changes",
                &self.committed,
            ),
            (
                "answer_latency",
                "From the receipt of an update to its answer as taken by Telegram, where both were in this process",
                &self.answered,
            ),
            (
                "send_latency",
                "From the commit of an answer to Telegram's taking it",
                &self.waited,
            ),
        ];
        for (name, help, histogram) in times {
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        }
        let sends = "Messages to Telegram, by kind and by what became of them";
        registry.register("sends", sends, self.sends.clone());
        let limited = "Times Telegram asked to slow down (429)";
        registry.register("rate_limited", limited, self.limited.clone());
        registry.register("failures", "What failed, by kind", self.failures.clone());
        let tick = "When the schedule was last asked and answered";
        registry.register("last_tick_timestamp_seconds", tick, self.last_tick.clone());
        let forces = "Task forces served";
        registry.register("task_forces", forces, self.task_forces.clone());
        let up = "1 when the database answered just now; without it the queues are missing";
        registry.register("database_up", up, self.database_up.clone());
        let outward = "1 in the process that polls, sends and ticks for the bot";
        registry.register("outward", outward, self.outward.clone());
        let depth = "Rows that could be worked off now";
        registry.register("queue_depth", depth, self.queue_depth.clone());
        let age = "Age of the oldest of them, 0 when there is none";
        registry.register("queue_oldest_seconds", age, self.queue_age.clone());
        let unsettled = "Messages that wait for a person: unknown outcomes and dead ones";
        registry.register("outbox_unsettled", unsettled, self.unsettled.clone());
        self
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An update was received; `kinds` are the names of its parts.
    pub fn received<'a>(&self, kinds: impl Iterator<Item = &'a str>) {
        let mut known = kinds.filter_map(|kind| UPDATE_KINDS.iter().find(|known| **known == kind));
        let kind = known.next().copied().unwrap_or("other");
        self.received.get_or_create(&[("kind", kind)]).inc();
    }

    /// An update was taken up, and this became of it.
    pub fn handled(&self, handled: Handled) {
        let outcome = match handled {
            Handled::Done => "done",
            Handled::Again => "again",
            Handled::SetAside => "set_aside",
        };
        self.handled.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// What an update changed is committed; these chats get an answer.
    pub fn committed(&self, received_at: DateTime<Utc>, answered: &[i64], now: DateTime<Utc>) {
        self.handled(Handled::Done);
        self.committed.observe(seconds(now - received_at));
        let awaited = &mut self.seen().awaited;
        for chat in answered {
            if awaited.len() < MOST_AWAITED {
                awaited.entry(*chat).or_insert(received_at);
            }
        }
    }

    /// A row came back from Telegram.
    pub fn sent(
        &self,
        kind: OutgoingKind,
        chat: i64,
        created_at: DateTime<Utc>,
        settled: &Settled,
        now: DateTime<Utc>,
    ) {
        let outcome = match settled {
            Settled::Sent { .. } => "sent",
            Settled::Again { .. } => "again",
            Settled::Unknown { .. } => "unknown",
            Settled::Dead { .. } => "dead",
            Settled::Withdrawn { .. } => "withdrawn",
            Settled::Replaced { .. } => "replaced",
        };
        let labels = [("kind", kind.name()), ("outcome", outcome)];
        self.sends.get_or_create(&labels).inc();
        if kind != OutgoingKind::Answer {
            return;
        }
        match settled {
            Settled::Sent { .. } => {
                self.waited.observe(seconds(now - created_at));
                if let Some(received_at) = self.seen().awaited.remove(&chat) {
                    self.answered.observe(seconds(now - received_at));
                }
            }
            Settled::Dead { .. } | Settled::Withdrawn { .. } => {
                self.seen().awaited.remove(&chat);
            }
            Settled::Again { .. } | Settled::Unknown { .. } | Settled::Replaced { .. } => {}
        }
    }

    /// Telegram asked us to slow down: while sending, or while polling.
    pub fn limited(&self, sending: bool) {
        let way = if sending { "send" } else { "poll" };
        self.limited.get_or_create(&[("way", way)]).inc();
    }

    /// Something failed.
    pub fn failed(&self, failure: Failure) {
        self.failures
            .get_or_create(&[("kind", failure.kind())])
            .inc();
    }

    /// The schedule was asked and answered.
    pub fn ticked(&self, now: DateTime<Utc>) {
        self.last_tick.set(now.timestamp());
    }

    /// This process polls, sends and ticks for the bot since then; none: another one does, or nobody.
    pub fn outward(&self, since: Option<DateTime<Utc>>) {
        self.outward.set(i64::from(since.is_some()));
        self.seen().outward_since = since;
    }

    /// Since when this process polls, sends and ticks.
    pub fn outward_since(&self) -> Option<DateTime<Utc>> {
        self.seen().outward_since
    }

    /// The loop that asks the schedule, or asks whose turn it is to do so, came around, whatever came of it.
    pub fn turned(&self, now: DateTime<Utc>) {
        self.seen().turned_at = Some(now);
    }

    /// When that loop last came around.
    pub fn turned_at(&self) -> Option<DateTime<Utc>> {
        self.seen().turned_at
    }

    /// Telegram answered, whatever it said.
    pub fn heard(&self, now: DateTime<Utc>) {
        self.seen().contact.heard_at = Some(now);
    }

    /// Telegram could not be reached.
    pub fn missed(&self, now: DateTime<Utc>) {
        self.seen().contact.missed_at = Some(now);
    }

    /// Telegram was asked for updates, and gave them or none.
    pub fn polled(&self, now: DateTime<Utc>) {
        let contact = &mut self.seen().contact;
        contact.heard_at = Some(now);
        contact.polled_at = Some(now);
    }

    /// When Telegram was last heard.
    pub fn contact(&self) -> Contact {
        self.seen().contact
    }

    /// All of it in Prometheus' text form, version 0.0.4, with the queues and the number of task forces, where the database told
    /// them; of the latter the last that was known is good enough.
    pub fn text(
        &self,
        queues: Option<&Queues>,
        task_forces: Option<usize>,
        now: DateTime<Utc>,
    ) -> String {
        if let Some(count) = task_forces {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.task_forces.get_or_create(&[]).set(count);
        }
        self.database_up.set(i64::from(queues.is_some()));
        match queues {
            Some(queues) => self.show(queues, now),
            None => {
                self.queue_depth.clear();
                self.queue_age.clear();
                self.unsettled.clear();
            }
        }
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)
            .expect("writing to a string does not fail");
        text
    }
}

impl Metrics {
    fn show(&self, queues: &Queues, now: DateTime<Utc>) {
        for (name, queue) in [("inbox", queues.inbox), ("outbox", queues.outbox)] {
            let labels = [("queue", name)];
            self.queue_depth.get_or_create(&labels).set(queue.depth);
            let age = queue.oldest.map_or(0.0, |oldest| seconds(now - oldest));
            self.queue_age.get_or_create(&labels).set(age);
        }
        for (state, count) in [("unknown", queues.unknown), ("dead", queues.dead)] {
            self.unsettled.get_or_create(&[("state", state)]).set(count);
        }
    }
}

/// Never below nothing: clocks are put back now and then.
fn seconds(span: TimeDelta) -> f64 {
    span.max(TimeDelta::zero()).as_seconds_f64()
}
