//! What is kept: inbox, ledger, texts, adoptions, conversations, outbox, keys, digests. Memory, SQLite and PostgreSQL.
//!
//! [`Shelf`] holds the files that go with a ledger.
//!
//! The store knows no rules. It loads, and commits [`Changes`] all or nothing; every write says what it expects.

/// One call to whichever store it is.
macro_rules! each {
    ($store:expr, $inner:ident => $call:expr) => {
        match $store {
            Store::Memory($inner) => {
                $inner.way_given().await;
                let result = $call;
                $inner.way_given().await;
                result
            }
            Store::Sql($inner) => $call,
        }
    };
}

mod backup;
mod cache;
mod error;
mod memory;
mod outside;
mod row;
mod shelf;
mod sql;
mod team;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};

pub use backup::{COPY_OF, CopyError, close_up, copy, is_ours, seal};
pub use cache::{Route, RouteKind, Wakeup};
pub use error::{CommitError, DatabaseError, StoreError, TransferError};
pub use memory::Memory;
pub use outside::{examine, file_of, transfer, wait_alone};
pub use row::{
    Changes, ConversationRow, DigestRow, InboxRow, Lease, NewOutgoing, OutboxRow, OutboxState,
    Outcome, OutgoingKind, PARTS, Queue, Queues, Removal, Rewrite, RewrittenDigest, Settled,
    StoredEntry, StoredText,
};
pub use shelf::{Draft, Shelf};
pub use sql::examine::{Examined, free_bytes};
pub use sql::transfer::{CARRIED_TABLES, CarriedTable, REMADE_TABLES};
pub use sql::{Heard, Sql};
pub use team::{Bell, Sole, Term};

use crate::ledger::{Head, LedgerEntry, Text};
use crate::plan::{Hash, PersonId, TaskForceId};

/// Most events one commit may carry (group commit).
pub const GROUP_COMMIT: usize = 64;

/// Entries read from a ledger at a time.
const ENTRIES_A_PAGE: u64 = 1000;

/// Times an update is tried before it is set aside.
pub const UPDATE_ATTEMPTS: i64 = 3;

/// How long a taken update is its taker's alone: longer than the work on it takes, shorter than anybody waits for one whose
/// taker died.
pub const LANE_HELD_SECONDS: i64 = 5;

/// Until when a chat is held that cannot be reached: until it is released.
pub const FOREVER: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

/// The error of a row whose lease ran out: its sender was killed or cut off.
const LEASE_RAN_OUT: &str = "the lease ran out";

/// How long raw updates are kept that no longer wait (rules, section 8.5).
const RAW_UPDATES_KEPT: TimeDelta = TimeDelta::days(30);

/// How long the id of an update counts as seen: Telegram may start its ids anew after a week without updates.
const SEEN_IDS_KEPT: TimeDelta = TimeDelta::days(7);

/// How long an album is known: its files come within seconds, or when Telegram could not reach us within a day.
const ALBUMS_KEPT: TimeDelta = TimeDelta::days(1);

/// How long the text of a settled message is kept (rules, section 8.5).
const SETTLED_TEXT_KEPT: TimeDelta = TimeDelta::days(400);

/// The three stores behind one face.
#[derive(Debug, Clone)]
pub enum Store {
    /// For simulation and transcripts; deterministic.
    Memory(Memory),
    /// SQLite or PostgreSQL.
    Sql(Sql),
}

impl Store {
    /// Opens `url` (`sqlite:path`, `sqlite::memory:` is refused, `postgres://…`), creating file, folder and tables as
    /// needed.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self::Sql(Sql::open(url).await?))
    }

    /// Ends all connections, as the program ends; what was committed stays.
    pub async fn close(&self) {
        match self {
            Self::Memory(_) => {}
            Self::Sql(store) => store.close().await,
        }
    }

    /// Keeps raw updates, each once by `update_id`. Committed when it returns: only then may they be acknowledged.
    /// Returns how many were new.
    pub async fn receive(&self, updates: &[InboxRow]) -> Result<usize, StoreError> {
        each!(self, store => store.receive(updates).await)
    }

    /// The oldest waiting update of every lane that is not in `busy`, at most `limit`, in order of `update_id`;
    /// attempts counted up in a commit of their own. Lanes are chats. A taken update goes on waiting until its changes
    /// are committed, so that a crash loses nothing: the caller keeps in memory which lanes it is working on.
    ///
    /// In a database for several processes nobody else is given it, nor what comes behind it in its lane, for
    /// [`LANE_HELD_SECONDS`] of the database's clock.
    pub async fn take_updates(
        &self,
        limit: usize,
        busy: &[i64],
    ) -> Result<Vec<InboxRow>, StoreError> {
        each!(self, store => store.take_updates(limit, busy).await)
    }

    /// Sets an update aside as failed, with the reason (never its text), so that its lane goes on.
    pub async fn set_aside(&self, update_id: i64, reason: &str) -> Result<(), StoreError> {
        each!(self, store => store.set_aside(update_id, reason).await)
    }

    /// Updates set aside within the last 30 days, each with the reason, oldest first.
    pub async fn failed_updates(&self) -> Result<Vec<(InboxRow, String)>, StoreError> {
        each!(self, store => store.failed_updates().await)
    }

    /// The highest update id received, to continue polling behind it; none when nothing came in the last week.
    pub async fn last_update_id(&self, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        each!(self, store => store.last_update_id(now).await)
    }

    /// Heads of all chains.
    pub async fn heads(&self) -> Result<BTreeMap<TaskForceId, Head>, StoreError> {
        each!(self, store => store.heads().await)
    }

    /// Head of one chain.
    pub async fn head(&self, task_force: &TaskForceId) -> Result<Head, StoreError> {
        each!(self, store => store.head(task_force).await)
    }

    /// Entries after `seq`, in order, with their texts put back.
    pub async fn entries_after(
        &self,
        task_force: &TaskForceId,
        seq: u64,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let mut entries = Vec::new();
        self.each_entry(task_force, seq, u64::MAX, |entry| entries.push(entry))
            .await?;
        Ok(entries)
    }

    /// Hands the entries after `seq` up to `until` to `take`, in order, with their texts put back. They are read a page at a
    /// time, so that a long ledger is not in memory beside what is made of it.
    pub async fn each_entry(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
        mut take: impl FnMut(LedgerEntry),
    ) -> Result<(), StoreError> {
        let mut seq = seq;
        while seq < until {
            let last = until.min(seq.saturating_add(ENTRIES_A_PAGE));
            let page = each!(self, store => store.entries_between(task_force, seq, last).await)?;
            let Some(newest) = page.last() else {
                // After a restoration numbers are missing, perhaps more than a page of them.
                if last >= until || self.head(task_force).await?.seq <= last {
                    break;
                }
                seq = last;
                continue;
            };
            seq = newest.seq;
            page.into_iter().for_each(&mut take);
        }
        Ok(())
    }

    /// The hash of the chain after this entry; none where there is no such entry.
    pub async fn hash_at(
        &self,
        task_force: &TaskForceId,
        seq: u64,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        each!(self, store => store.hash_at(task_force, seq).await)
    }

    /// Entries as stored, for `verify`.
    pub async fn stored_entries(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        each!(self, store => store.stored_entries(task_force).await)
    }

    /// The JSON of an adoption.
    pub async fn adoption(&self, hash: Hash) -> Result<Option<String>, StoreError> {
        each!(self, store => store.adoption(hash).await)
    }

    /// Conversation state of an account in a task force, as JSON.
    pub async fn conversation(
        &self,
        task_force: &TaskForceId,
        user_id: i64,
    ) -> Result<Option<ConversationRow>, StoreError> {
        each!(self, store => store.conversation(task_force, user_id).await)
    }

    /// All stored conversations of a task force.
    pub async fn conversations(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        each!(self, store => store.conversations(task_force).await)
    }

    /// Commits events, at most [`GROUP_COMMIT`], each in a savepoint of its own, all in one transaction: one result an
    /// event, in order. An error of the whole means that nothing is known to be committed: load again before retrying.
    pub async fn commit(
        &self,
        group: Vec<Changes>,
    ) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        each!(self, store => store.commit(group).await)
    }

    /// Notice keys given out since `since` and not given back. Older ones stay taken.
    pub async fn keys(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        each!(self, store => store.keys(task_force, since).await)
    }

    /// Pings (person, local day) of rows not withdrawn, since `since`.
    pub async fn pings(
        &self,
        task_force: &TaskForceId,
        since: NaiveDate,
    ) -> Result<Vec<(PersonId, NaiveDate)>, StoreError> {
        each!(self, store => store.pings(task_force, since).await)
    }

    /// Leases the next sendable row: `not_before` past, its chat neither held nor leased, lowest `priority` number
    /// first, then oldest; counts its attempt. The parts behind one of unknown outcome wait with it for the office.
    ///
    /// Within one chat an older row goes first, unless it has not been tried and its time has not come or its priority
    /// number is higher (an answer may pass a digest nobody has started on). Leases that ran out become unknown
    /// outcomes first: what is sent again waits from now on with `maybe_sent`, digests wait for the office. `skip`
    /// chats are left out (their token bucket is empty), and rows of a higher priority number than `most_priority` (so
    /// that sends stay free for answers).
    ///
    /// Leases run by the database's clock, so that senders on several machines agree; the memory store has only the
    /// given `now`. All else goes by `now`.
    pub async fn claim(
        &self,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.claim(now, lease_seconds, skip, most_priority).await)
    }

    /// Lets a lease run for `lease_seconds` from now, during a long upload.
    pub async fn renew(
        &self,
        lease: Lease,
        lease_seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        each!(self, store => store.renew(lease, lease_seconds, now).await)
    }

    /// When a claim like this may next find a row, for the sender's sleep: `now` if it would at once, the end of a wait, a
    /// hold or somebody's lease; may be too early, never too late. Rows in `skip` chats do not count until their token bucket
    /// fills, nor those behind `most_priority` until there is room for them: the caller knows when.
    pub async fn next_send_at(
        &self,
        now: DateTime<Utc>,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        each!(self, store => store.next_send_at(now, skip, most_priority).await)
    }

    /// Records what came of a leased row. [`Changes::settled`] does the same together with other changes.
    pub async fn settle(
        &self,
        lease: Lease,
        settled: &Settled,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        each!(self, store => store.settle(lease, settled, now).await)
    }

    /// A row by id.
    pub async fn outgoing(&self, id: i64) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing(id).await)
    }

    /// The row whose message has this id in this chat.
    pub async fn outgoing_by_message(
        &self,
        chat: i64,
        message_id: i32,
    ) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing_by_message(chat, message_id).await)
    }

    /// The newest sent row in a named slot (`status`, `digest-16`, …) of a task force.
    pub async fn latest_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.latest_in_slot(task_force, slot).await)
    }

    /// The waiting rows in a named slot, oldest first: what newer words may replace.
    pub async fn waiting_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        each!(self, store => store.waiting_in_slot(task_force, slot).await)
    }

    /// All rows in a state, oldest first (unknown outcomes that wait for the office, dead letters, …). Sent and
    /// withdrawn ones are all there ever were.
    pub async fn outgoing_in_state(
        &self,
        state: OutboxState,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        each!(self, store => store.outgoing_in_state(state).await)
    }

    /// The first row of this priority number behind this id that waits and whose time has come.
    pub async fn waiting_behind(
        &self,
        priority: i64,
        id: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        each!(self, store => store.waiting_behind(priority, id).await)
    }

    /// The next rows of a task force that still have their text, behind this id, at most `limit`, without keys and pings.
    pub async fn rows_after(
        &self,
        task_force: &TaskForceId,
        id: i64,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        each!(self, store => store.rows_after(task_force, id, limit).await)
    }

    /// The next raw updates of all chats that no longer wait, behind this key of theirs, at most `limit`, each with its key;
    /// and the one with the update id `own`, which is being handled.
    pub async fn updates_after(
        &self,
        key: i64,
        own: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, InboxRow)>, StoreError> {
        each!(self, store => store.updates_after(key, own, limit).await)
    }

    /// What became of a task force's rows put in since then, counted by kind, state and error.
    pub async fn outcomes(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Outcome>, StoreError> {
        each!(self, store => store.outcomes(task_force, since).await)
    }

    /// What waits now, for monitoring.
    pub async fn queues(&self, now: DateTime<Utc>) -> Result<Queues, StoreError> {
        each!(self, store => store.queues(now).await)
    }

    /// Holds a chat's rows until then (429), or all when `chat` is none. A longer hold stays; [`Changes::holds`] sets
    /// and releases.
    pub async fn hold(&self, chat: Option<i64>, until: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.hold(chat, until).await)
    }

    /// Rewrites a chat's id, after a migration, in rows not yet settled and in open talks; drops stored message ids
    /// and the hold of the old chat.
    pub async fn migrate_chat(&self, from: i64, to: i64) -> Result<(), StoreError> {
        each!(self, store => store.migrate_chat(from, to).await)
    }

    /// A digest's text as sent; after a correction the corrected one.
    pub async fn digest(
        &self,
        task_force: &TaskForceId,
        number: u32,
    ) -> Result<Option<DigestRow>, StoreError> {
        Ok(self.digest_versions(task_force, number).await?.pop())
    }

    /// All texts ever sent under a digest's number, oldest first: the digest, then its corrections.
    pub async fn digest_versions(
        &self,
        task_force: &TaskForceId,
        number: u32,
    ) -> Result<Vec<DigestRow>, StoreError> {
        each!(self, store => store.digest_versions(task_force, number).await)
    }

    /// All texts of all digests of a task force, by number, then oldest first.
    pub async fn digests(&self, task_force: &TaskForceId) -> Result<Vec<DigestRow>, StoreError> {
        each!(self, store => store.digests(task_force).await)
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

    /// Deletes raw updates older than 30 days, seen ids older than 7 days (both only of updates that no longer wait),
    /// the text of settled messages older than 400 days, holds that are over. Digests never.
    pub async fn expire(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.expire(now).await)
    }
}

impl StoredEntry {
    /// The entry, its texts still without words.
    fn read(&self, task_force: &TaskForceId) -> Result<LedgerEntry, StoreError> {
        serde_json::from_str(&self.body).map_err(|error| StoreError::Unreadable {
            what: format!("entry {} of {task_force}", self.seq),
            why: error.to_string(),
        })
    }
}

/// What is left of a raw update whose words were removed.
const NOTHING_LEFT: &str = "{}";

/// Gives the texts of an entry their words again. What is not stored (redacted) or does not fit its digest stays blank.
fn put_texts_back(
    entry: &mut LedgerEntry,
    mut stored: impl FnMut(&str) -> Option<([u8; 16], String)>,
) {
    let fits = |text: &mut Text| match stored(text.sha256()) {
        Some((salt, body)) => text.restore(salt, body),
        None => true,
    };
    let all_fit = entry
        .act
        .texts_mut()
        .into_iter()
        .map(fits)
        .fold(true, |all, fits| all & fits);
    if !all_fit {
        tracing::warn!(
            seq = entry.seq,
            "a stored text does not fit its digest in the ledger and is left out"
        );
    }
}

/// An instant as it is stored: in whole microseconds, in every store.
fn stored_at(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}
