//! The use cases: an update comes in, the clock ticks, a row is about to leave. Load → core → render → commit, one savepoint an event.

mod back;
mod batch;
mod calls;
mod choice;
mod delivery;
mod digests;
mod directory;
mod documents;
mod effects;
mod ending;
mod event;
mod evidence;
mod finish;
mod fold;
mod force;
mod handover;
mod kept;
mod lifecycle;
mod metrics;
mod outlook;
mod ready;
mod recipients;
mod removal;
mod replacement;
mod report;
mod restoration;
mod secrecy;
#[cfg(test)]
mod tests;
mod tick;
mod trail;
mod upkeep;
mod vouch;
mod wakeups;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::plan::TaskForceId;
use crate::render::Message;
use crate::store::{CommitError, Store, StoreError};

pub use batch::{Done, Failed, Incoming};
pub use delivery::Problem;
pub use digests::{Remade, correction_slot};
pub use directory::routes;
pub use documents::{File, Made, Moment, Recipe, Sheet, Snapshot, said_instead};
pub use effects::{ANSWER_PRIORITY, BOARD_PRIORITY, DIGEST_PRIORITY};
pub use evidence::WantedFile;
pub use force::{Force, TaskForceError, moved_send, read_frame};
pub use kept::TASK_FORCES_IN_MEMORY;
pub use lifecycle::{FirstCode, KnownAccount};
pub use metrics::{Contact, Failure, Handled, Metrics};
pub use ready::Ready;
pub use restoration::moved_on_purpose;

/// What a row of the outbox calls for; its JSON is the row's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A new message (one part).
    Send {
        /// What it says.
        message: Message,
        /// Without sound.
        silent: bool,
        /// The message it replies to, if that still exists.
        reply_to: Option<i32>,
        /// Opens the reply field of the person replied to.
        force_reply: bool,
    },
    /// New words for a message of ours.
    Edit {
        /// Its id.
        message_id: i32,
        /// What it says now.
        message: Message,
    },
    /// A message of ours without words that were removed; one that is gone is not sent anew.
    Redact {
        /// Its id.
        message_id: i32,
        /// What is left of it.
        message: Message,
    },
    /// A message of ours goes.
    Delete {
        /// Its id.
        message_id: i32,
    },
    /// The pinned status: rendered when it leaves, edited in place or sent and pinned anew.
    Status,
    /// The status, rendered: edits the pinned message, or sends one and pins it.
    ShowStatus {
        /// The message that is pinned, if one is known.
        message_id: Option<i32>,
        /// What it says.
        message: Message,
    },
    /// A text file, for what would be more than three messages.
    Document {
        /// File name.
        name: String,
        /// Content, UTF-8.
        content: String,
        /// Caption in HTML.
        caption: String,
    },
    /// A file, made from its recipe when it leaves.
    File(Recipe),
    /// The command menu of a private chat: (command, description).
    Menu(Vec<(String, String)>),
    /// The bot leaves the chat.
    Leave,
}

/// The answer to a press: worth something for seconds only, so it is made at once after the commit and never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressAnswer {
    /// Telegram's id of the press.
    pub query_id: String,
    /// Words, at most 200 characters.
    pub text: Option<String>,
    /// As an alert.
    pub alert: bool,
    /// A start link to open.
    pub url: Option<String>,
}

/// Something the service could not do.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A commit that stayed refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A mistake of ours while handling one update.
    #[error("handling the update panicked")]
    Panicked,
    /// A task force's stored data.
    #[error(transparent)]
    TaskForce(#[from] TaskForceError),
}

/// The chat of the command menu that everybody has who has none of their own; no chat of Telegram's has this id.
pub const EVERYBODY: i64 = 0;

/// The account of a service that runs on the command line, without Telegram.
pub const OFFLINE: i64 = 0;

/// Times a commit is tried again after another writer moved the head.
const COMMIT_ATTEMPTS: usize = 5;

/// Nobody was there, from and to.
type Silence = (DateTime<Utc>, DateTime<Utc>);

/// The program's heart: many task forces over one store.
pub struct Service {
    store: Store,
    clock: Clock,
    dice: Dice,
    bot: BotAccount,
    metrics: Metrics,
    kept: Mutex<kept::Kept>,
    folds: AtomicU64,
    /// What the last starts found of silences: from and to.
    downtimes: Mutex<Arc<Vec<Silence>>>,
    asleep: Mutex<BTreeMap<TaskForceId, wakeups::Asleep>>,
    vouched: Mutex<vouch::Vouched>,
    kept_house_at: AtomicI64,
    put_off_at: AtomicI64,
    ticked_at: AtomicI64,
    /// Rings when rows may wait in the outbox.
    pub outbox_rings: Notify,
    /// Rings when files may wait to be fetched.
    pub evidence_rings: Notify,
    /// Rings when a wakeup may have moved.
    pub tick_rings: Notify,
}

impl Service {
    /// A service over `store` for the bot with this account; [`Service::load`] must follow.
    pub fn new(store: Store, clock: Clock, dice: Dice, bot: BotAccount) -> Self {
        Self {
            metrics: Metrics::new(clock.now()),
            store,
            clock,
            dice,
            bot,
            kept: Mutex::default(),
            folds: AtomicU64::new(0),
            downtimes: Mutex::default(),
            asleep: Mutex::default(),
            vouched: Mutex::default(),
            kept_house_at: AtomicI64::new(0),
            put_off_at: AtomicI64::new(0),
            ticked_at: AtomicI64::new(i64::MIN),
            outbox_rings: Notify::new(),
            evidence_rings: Notify::new(),
            tick_rings: Notify::new(),
        }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is counted while it runs.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The bot's account.
    pub fn bot(&self) -> &BotAccount {
        &self.bot
    }

    /// Now, by the service's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The task forces, in order of their ids.
    pub async fn task_forces(&self) -> Result<Vec<TaskForceId>, ServiceError> {
        Ok(self.store.task_forces().await?)
    }

    /// Plan, settings and calendar in force; none for an unknown task force.
    pub async fn frame(
        &self,
        id: &TaskForceId,
    ) -> Result<Option<Arc<crate::ledger::Frame>>, ServiceError> {
        Ok(self.fresh_force(id).await?.map(|force| force.frame.clone()))
    }

    /// The standing as it is held in memory, brought up to date; none for an unknown task force, or while the database fails.
    pub async fn standing_now(&self, id: &TaskForceId) -> Option<crate::ledger::Standing> {
        let force = self.fresh_force(id).await.ok().flatten();
        force.map(|force| force.standing.clone())
    }
}
