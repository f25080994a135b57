//! The laws: what must hold after every step, told from outside the bot: from its calls, its outbox and its ledger.

mod chain;
mod doubles;
mod handed_out;
mod overdue;
mod rights;
mod sends;
mod talks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::coverage::Coverage;
use super::setting::{Setting, TASK_FORCE};
use super::team::Team;
use super::wire::{Arrived, Sabotage, Sent};
use crate::ledger::{Frame, Head, LedgerEntry, Standing};
use crate::plan::{Hash, TaskForceId};
use crate::rehearsal::World;

pub use rights::hold_entry;

/// A law, and how it was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The law.
    pub law: &'static str,
    /// What was seen.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.what)
    }
}

/// What a law comes to.
pub type Held = Result<(), Broken>;

/// Breaks a law unless something holds.
pub(super) fn must(holds: bool, law: &'static str, what: impl FnOnce() -> String) -> Held {
    match holds {
        true => Ok(()),
        false => Err(Broken { law, what: what() }),
    }
}

/// Refusals that follow from what people and fate do, not from a message of ours that is not valid.
const EXCUSED: [&str; 22] = [
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message can't be edited",
    "message to be replied not found",
    "message thread not found",
    "message to pin not found",
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "bot is not a member",
    "bot was kicked",
    "bot was blocked",
    "initiate conversation",
    "chat not found",
    "upgraded to a supergroup",
    "group is deactivated",
    "group chat was deleted",
    "too many requests",
    "user is deactivated",
    "can't send messages to the bot",
    "no write access",
];

/// The laws, and what they have seen so far.
pub struct Laws {
    id: TaskForceId,
    frames: BTreeMap<Hash, Arc<Frame>>,
    /// The fold by increments.
    standing: Standing,
    entries: Vec<LedgerEntry>,
    head: Head,
    calls_seen: usize,
    journal: Sha256,
    violations_seen: usize,
    answers: talks::Answers,
    sends: sends::Sends,
    doubles: doubles::Doubles,
    overdue: overdue::Overdue,
    handed_out: handed_out::HandedOut,
    /// Private chats of people bound that take no messages, as Telegram knows before the bot does.
    blocked: BTreeSet<i64>,
    sabotage: Option<Sabotage>,
    /// Calls seen, for the report.
    pub calls: u64,
    /// What occurred.
    pub coverage: Coverage,
}

impl Laws {
    /// Laws over a task force of which nothing was seen yet.
    pub fn new(setting: &Setting, sabotage: Option<Sabotage>) -> Self {
        let mut laws = Self {
            id: TaskForceId::from(TASK_FORCE),
            frames: BTreeMap::new(),
            standing: Standing::default(),
            entries: Vec::new(),
            head: Head::default(),
            calls_seen: 0,
            journal: Sha256::new(),
            violations_seen: 0,
            answers: talks::Answers::default(),
            sends: sends::Sends::default(),
            doubles: doubles::Doubles::default(),
            overdue: overdue::Overdue::default(),
            handed_out: handed_out::HandedOut::default(),
            blocked: BTreeSet::new(),
            sabotage,
            calls: 0,
            coverage: Coverage::default(),
        };
        laws.learn(setting);
        laws
    }

    /// The configuration folder holds this from now on; it may be adopted.
    pub fn learn(&mut self, setting: &Setting) {
        let frames = setting.adoptions().into_iter().filter_map(|(_, text)| {
            let frame = Frame::read(&text).ok()?;
            Some((text.hash(), Arc::new(frame)))
        });
        self.frames.extend(frames);
    }

    /// Somebody gives a command.
    pub fn gave(&mut self, words: &str) {
        self.coverage.count_words(words);
    }

    /// Whoever writes opens the chat again, so Telegram is asked each time.
    fn see_who_is_reachable(&mut self, world: &World) {
        let bound = self.standing.bindings.values();
        let users = bound.map(|binding| binding.account.user_id);
        self.blocked = users.filter(|user| !world.takes_messages(*user)).collect();
    }

    /// Duties on overdue tasks and doubled messages seen, for whoever doubts that there are any.
    pub fn weighed(&self) -> (u64, u64) {
        (self.overdue.held, self.doubles.count)
    }

    /// Plan, settings and calendar in force.
    fn frame(&self) -> Option<Arc<Frame>> {
        let adopted = self.frames.get(&self.standing.adoption?)?;
        Some(adopted.amended(&self.standing))
    }

    /// Entries in the ledger.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// SHA-256 over every call and every entry so far, in hex.
    pub fn hash(&self) -> String {
        hex::encode(self.journal.clone().finalize())
    }

    /// Holds everything new against the laws.
    pub async fn hold(
        &mut self,
        world: &World,
        bot: &Team,
        (sent, arrived): (&[Sent], &[Arrived]),
        now: DateTime<Utc>,
    ) -> Held {
        self.take_in_calls(world, bot)?;
        self.see_who_is_reachable(world);
        for arrived in arrived {
            self.hold_arrived(arrived)?;
            self.note_told(arrived);
        }
        // Sends are held against the ledger as it was before this instant: what came in the very moment cannot stop them. It may
        // allow them: what does not hold before must hold after it.
        let mut amiss = Vec::new();
        for sent in sent {
            amiss.extend(self.hold_send(sent).err().map(|before| (sent, before)));
        }
        self.take_in_entries(bot, now)?;
        for (sent, before) in amiss {
            self.hold_send(sent).map_err(|_| before)?;
        }
        self.hold_overdue(now)?;
        let twice = bot.memory().keys_given_twice(&self.id);
        must(twice.is_empty(), "no notice key is given twice", || {
            twice.join(", ")
        })?;
        let (waiting, failed) = bot.memory().unfinished_updates();
        let is_idle = waiting.is_empty() && self.sends.is_behind;
        if is_idle && bot.memory().knows_updates(&world.pending_updates()) {
            self.heard_everything(now);
        }
        must(failed.is_empty(), "every update is worked off", || {
            format!("{failed:?}")
        })
    }

    fn take_in_calls(&mut self, world: &World, bot: &Team) -> Held {
        let violations = world.violations();
        let newest = violations.get(self.violations_seen..).unwrap_or_default();
        self.violations_seen = violations.len();
        must(
            newest.is_empty(),
            "every call is valid for the Bot API",
            || format!("{newest:?}"),
        )?;
        let (seen, calls) = world.journal_from(self.calls_seen);
        self.calls_seen = seen;
        for call in calls {
            self.calls += 1;
            let written = serde_json::to_vec(&call).unwrap_or_default();
            self.journal.update(&written);
            self.handed_out.hold(&call, bot.memory())?;
            let Some(Err(refusal)) = &call.outcome else {
                continue;
            };
            let words = refusal.description.to_lowercase();
            let excused = EXCUSED.iter().any(|excuse| words.contains(excuse));
            must(excused, "every message is valid for the Bot API", || {
                format!("{}: {refusal:?}: {:?}", call.method, call.parameters)
            })?;
        }
        Ok(())
    }

    /// At the end: the whole chain, the whole fold, and nothing left over.
    pub async fn hold_in_the_end(&mut self, world: &World, bot: &Team) -> Held {
        self.hold_chain(bot).await?;
        let (waiting, _) = bot.memory().unfinished_updates();
        must(waiting.is_empty(), "every update is worked off", || {
            format!("{waiting:?} wait")
        })?;
        let left = world.pending_updates();
        let first = left.first().map(ToString::to_string).unwrap_or_default();
        // What was taken but is not acknowledged yet is acknowledged by the next poll.
        let known = bot.memory().knows_updates(&left);
        must(known, handed_out::LAW, || {
            format!("{} wait, {first}", left.len())
        })
    }
}
