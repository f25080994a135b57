//! What is kept: inbox, ledger, texts, adoptions, conversations, outbox, keys, digests. Memory, SQLite and PostgreSQL.
//!
//! The store knows no rules. It loads, and commits [`Changes`] all or nothing; every write says what it expects.

mod memory;
mod row;
mod sql;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

pub use memory::Memory;
pub use row::{
    Changes, ConversationRow, DigestRow, Expected, InboxRow, NewOutgoing, OutboxRow, OutboxState, OutgoingKind, Settled, StoredEntry, StoredText,
};
pub use sql::Sql;

use crate::ledger::{Head, LedgerEntry};
use crate::plan::{Hash, PersonId, TaskForceId};

/// Most events one commit may carry (group commit).
pub const GROUP_COMMIT: usize = 64;

/// Times an update is tried before it is set aside.
pub const UPDATE_ATTEMPTS: i64 = 3;

/// Why a commit (of one event) did not happen. The others of the group are not touched.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another writer moved the chain's head: fold again and retry.
    #[error("another writer moved the ledger's head")]
    HeadMoved,
    /// A notice key was claimed by another: ask the schedule again.
    #[error("the notice key {0} is taken")]
    KeyTaken(String),
    /// The update was done already.
    #[error("the update was done already")]
    UpdateDone,
    /// The row is not leased by us any more.
    #[error("the outbox row's lease was lost")]
    LeaseLost,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database does not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Reaching or using it failed.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// Its migrations do not fit this program (newer, or changed).
    #[error("database migrations: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The URL is not one of ours.
    #[error("DATABASE_URL must begin with sqlite: or postgres:, not {0}")]
    Url(String),
    /// Something stored cannot be read.
    #[error("stored {what} cannot be read: {why}")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// A simulated fault of the memory store.
    #[error("the store was told to fail")]
    Told,
}

/// The three stores behind one face.
#[derive(Debug, Clone)]
pub enum Store {
    /// For simulation and transcripts; deterministic.
    Memory(Memory),
    /// SQLite or PostgreSQL.
    Sql(Sql),
}

macro_rules! each {
    ($store:expr, $inner:ident => $call:expr) => {
        match $store {
            Store::Memory($inner) => $call,
            Store::Sql($inner) => $call,
        }
    };
}

impl Store {
    /// Opens `url` (`sqlite:path`, `sqlite::memory:` is refused, `postgres://…`), creating file, folder and tables as needed.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self::Sql(Sql::open(url).await?))
    }

    /// Keeps raw updates, each once by `update_id`. Committed when it returns: only then may they be acknowledged. Returns how many were new.
    pub async fn receive(&self, updates: &[InboxRow]) -> Result<usize, StoreError> {
        each!(self, store => store.receive(updates).await)
    }

    /// The oldest waiting update of every lane, at most `limit`, in order of `update_id`; attempts counted up in a commit of their own. Lanes are chats; a lane whose
    /// oldest update is in `busy` is left out.
    pub async fn take_updates(&self, limit: usize, now: DateTime<Utc>) -> Result<Vec<InboxRow>, StoreError> {
        each!(self, store => store.take_updates(limit, now).await)
    }

    /// Sets an update aside as failed, with the reason (never its text), so that its lane goes on.
    pub async fn set_aside(&self, update_id: i64, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.set_aside(update_id, reason, now).await)
    }

    /// The highest update id received, to continue polling behind it; none when nothing came in the last week.
    pub async fn last_update_id(&self, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        each!(self, store => store.last_update_id(now).await)
    }

    /// Heads of all chains.
    pub async fn heads(&self) -> Result<BTreeMap<TaskForceId, Head>, StoreError> {
        each!(self, store => store.heads().await)
    }

    /// Entries after `seq`, in order, with their texts put back.
    pub async fn entries_after(&self, task_force: &TaskForceId, seq: u64) -> Result<Vec<LedgerEntry>, StoreError> {
        each!(self, store => store.entries_after(task_force, seq).await)
    }

    /// Entries as stored, for `verify`.
    pub async fn stored_entries(&self, task_force: &TaskForceId) -> Result<Vec<StoredEntry>, StoreError> {
        each!(self, store => store.stored_entries(task_force).await)
    }

    /// The JSON of an adoption.
    pub async fn adoption(&self, hash: Hash) -> Result<Option<String>, StoreError> {
        each!(self, store => store.adoption(hash).await)
    }

    /// Conversation state of an account in a task force, as JSON.
    pub async fn conversation(&self, task_force: &TaskForceId, user_id: i64) -> Result<Option<ConversationRow>, StoreError> {
        each!(self, store => store.conversation(task_force, user_id).await)
    }

    /// All stored conversations of a task force.
    pub async fn conversations(&self, task_force: &TaskForceId) -> Result<Vec<ConversationRow>, StoreError> {
        each!(self, store => store.conversations(task_force).await)
    }

    /// Commits events, each in a savepoint of its own, all in one transaction: one result an event, in order.
    pub async fn commit(&self, group: Vec<Changes>) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        each!(self, store => store.commit(group).await)
    }

    /// Notice keys given out and not given back.
    pub async fn keys(&self, task_force: &TaskForceId) -> Result<Vec<String>, StoreError> {
        each!(self, store => store.keys(task_force).await)
    }

    /// Pings (person, local day) of rows not withdrawn, since `since`.
    pub async fn pings(&self, task_force: &TaskForceId, since: NaiveDate) -> Result<Vec<(PersonId, NaiveDate)>, StoreError> {
        each!(self, store => store.pings(task_force, since).await)
    }

    /// Leases the next sendable row: `not_before` past, its chat not paused or leased, lowest `priority` number first, then oldest; within one chat strictly by row unless the older
    /// row is an unstarted row of a higher priority number (an answer may pass a digest). Expired leases become unknown outcomes first. Rows that an earlier row of the same chat
    /// blocks are skipped. `skip` chats are left out (their token bucket is empty).
    pub async fn claim(&self, now: DateTime<Utc>, lease_seconds: i64, skip: &[i64]) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.claim(now, lease_seconds, skip).await)
    }

    /// When the next waiting row may be sent at the earliest (for the sender's sleep).
    pub async fn next_send_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        each!(self, store => store.next_send_at().await)
    }

    /// Records what came of a leased row.
    pub async fn settle(&self, id: i64, settled: &Settled, now: DateTime<Utc>) -> Result<(), CommitError> {
        each!(self, store => store.settle(id, settled, now).await)
    }

    /// A row by id.
    pub async fn outgoing(&self, id: i64) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing(id).await)
    }

    /// The row whose message has this id in this chat.
    pub async fn outgoing_by_message(&self, chat: i64, message_id: i32) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing_by_message(chat, message_id).await)
    }

    /// The newest sent row in a named slot (`status`, `digest-16`, …) of a task force.
    pub async fn latest_in_slot(&self, task_force: &TaskForceId, slot: &str) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.latest_in_slot(task_force, slot).await)
    }

    /// All rows in a state, oldest first (unknown outcomes that wait for the office, dead letters, …).
    pub async fn outgoing_in_state(&self, state: OutboxState) -> Result<Vec<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing_in_state(state).await)
    }

    /// Holds a chat's rows until then (429), or all when `chat` is none.
    pub async fn hold(&self, chat: Option<i64>, until: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.hold(chat, until).await)
    }

    /// Rewrites a chat's id in waiting rows after a migration; drops stored message ids of the old chat.
    pub async fn migrate_chat(&self, from: i64, to: i64) -> Result<(), StoreError> {
        each!(self, store => store.migrate_chat(from, to).await)
    }

    /// A digest's text as sent.
    pub async fn digest(&self, task_force: &TaskForceId, number: u32) -> Result<Option<DigestRow>, StoreError> {
        each!(self, store => store.digest(task_force, number).await)
    }

    /// A small fact of the deployment (`first_code`, `alive_at`, `stranger:…`), kept by name.
    pub async fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        each!(self, store => store.fact(name).await)
    }

    /// Facts whose name begins with `prefix`.
    pub async fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        each!(self, store => store.facts(prefix).await)
    }

    /// Sets or, with none, forgets a fact.
    pub async fn set_fact(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        each!(self, store => store.set_fact(name, value).await)
    }

    /// `next_wakeup` per task force: may be too early, never too late.
    pub async fn wakeups(&self) -> Result<BTreeMap<TaskForceId, DateTime<Utc>>, StoreError> {
        each!(self, store => store.wakeups().await)
    }

    /// Deletes raw updates older than 30 days, seen ids older than 7 days, settled outbox text older than 400 days. Digests never.
    pub async fn expire(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.expire(now).await)
    }
}
