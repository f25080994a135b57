//! The memory store: deterministic, for simulation and transcripts. Same behaviour as the databases, with faults on
//! demand.

mod bell;
mod cache;
mod commit;
mod inbox;
mod look;
mod outbox;
mod queues;
mod removal;
mod restore;
mod team;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub(super) use bell::Bell;
use bell::{DatabaseClock, Ears, Touched};

use super::{
    ALBUMS_KEPT, Changes, CommitError, ConversationRow, DigestRow, InboxRow, Lease, OutboxRow,
    OutboxState, Outcome, PARTS, RAW_UPDATES_KEPT, Route, SEEN_IDS_KEPT, SETTLED_TEXT_KEPT,
    Settled, StoreError, StoredEntry, Wakeup, put_texts_back, stored_at,
};
use crate::ledger::{Head, LedgerEntry};
use crate::plan::{Hash, PersonId, TaskForceId};

/// Clones share what is stored, so a clone is the store as a restarted program finds it.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    /// Which process this is, where several share it.
    taker: i64,
}

#[derive(Debug, Clone, Default)]
struct State {
    /// Calls that fail without doing anything.
    fail_next: usize,
    /// Calls that do their work and report failure.
    lose_next: usize,
    /// Calls that failed, or reported so.
    failures: u64,
    /// Whether callers give way to others before and after every call, as they would with a database.
    gives_way: bool,
    /// Entries that another writer appends, one just before each of the next commits.
    rivals: VecDeque<(TaskForceId, LedgerEntry)>,
    /// By id, as long as it counts as seen.
    inbox: BTreeMap<i64, Update>,
    /// Updates set aside, with the reason.
    failed: Vec<(InboxRow, String)>,
    heads: BTreeMap<TaskForceId, Head>,
    entries: BTreeMap<TaskForceId, Vec<StoredEntry>>,
    /// By digest; none was removed.
    texts: BTreeMap<TaskForceId, BTreeMap<String, Option<SaltedText>>>,
    adoptions: BTreeMap<Hash, String>,
    conversations: BTreeMap<(TaskForceId, i64), ConversationRow>,
    outbox: BTreeMap<i64, OutboxRow>,
    /// Ids of waiting and leased rows, so that a claim does not walk through all that was ever sent.
    open: BTreeSet<i64>,
    lease_ends: BTreeMap<i64, DateTime<Utc>>,
    /// By name: the row that holds it, and since when.
    keys: BTreeMap<TaskForceId, BTreeMap<String, (i64, DateTime<Utc>)>>,
    pings: BTreeMap<TaskForceId, BTreeSet<(NaiveDate, PersonId, i64)>>,
    /// By chat; 0 is all of them.
    holds: BTreeMap<i64, DateTime<Utc>>,
    digests: BTreeMap<(TaskForceId, u32), Vec<DigestRow>>,
    facts: BTreeMap<String, String>,
    leases: BTreeMap<String, (i64, DateTime<Utc>)>,
    /// Since when they are known.
    albums: BTreeMap<String, DateTime<Utc>>,
    routes: BTreeMap<TaskForceId, BTreeSet<Route>>,
    led_to: BTreeMap<Route, BTreeSet<TaskForceId>>,
    wakeups: BTreeMap<TaskForceId, Wakeup>,
    /// The clock of processes that share it; none where there is one process.
    clock: Option<DatabaseClock>,
    /// Processes so far.
    takers: i64,
    /// By process.
    ears: BTreeMap<i64, Ears>,
}

/// A text with its salt.
type SaltedText = ([u8; 16], String);

#[derive(Debug, Clone)]
struct Update {
    row: InboxRow,
    waits: bool,
    /// Who has it, and until when.
    held: Option<(i64, DateTime<Utc>)>,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next `calls` calls fail without doing anything.
    pub fn fail_next(&self, calls: usize) {
        self.lock().fail_next = calls;
    }

    /// The next `calls` calls do their work and report failure all the same, like a connection cut while the answer
    /// was on its way.
    pub fn lose_next(&self, calls: usize) {
        self.lock().lose_next = calls;
    }

    /// Another writer appends these entries, one just before each of the next commits, which it outruns so.
    pub fn outrun_next(&self, rivals: impl IntoIterator<Item = (TaskForceId, LedgerEntry)>) {
        self.lock().rivals.extend(rivals);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in a test's assertion must not hide behind a second one here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T, StoreError> {
        let mut state = self.lock();
        if state.fail_next > 0 {
            state.fail_next -= 1;
            state.failures += 1;
            return Err(StoreError::Told);
        }
        let result = work(&mut state);
        if state.lose_next > 0 {
            state.lose_next -= 1;
            state.failures += 1;
            return Err(StoreError::Told);
        }
        Ok(result)
    }

    pub(super) async fn heads(&self) -> Result<BTreeMap<TaskForceId, Head>, StoreError> {
        self.run(|state| state.heads.clone())
    }

    pub(super) async fn head(&self, task_force: &TaskForceId) -> Result<Head, StoreError> {
        self.run(|state| state.heads.get(task_force).copied().unwrap_or_default())
    }

    pub(super) async fn hash_at(
        &self,
        task_force: &TaskForceId,
        seq: u64,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        self.run(|state| {
            let all = state.entries.get(task_force)?;
            let at = all.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
            Some(all[at].hash)
        })
    }

    pub(super) async fn entries_between(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        self.run(|state| {
            let all = state.entries.get(task_force).map_or(&[][..], Vec::as_slice);
            let after = all.partition_point(|entry| entry.seq <= seq);
            let end = all.partition_point(|entry| entry.seq <= until);
            let texts = state.texts.get(task_force);
            let read = all[after..end].iter().map(|stored| {
                let mut entry = stored.read(task_force)?;
                put_texts_back(&mut entry, |sha256| texts?.get(sha256).cloned().flatten());
                Ok(entry)
            });
            read.collect()
        })?
    }

    pub(super) async fn stored_entries(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.run(|state| state.entries.get(task_force).cloned().unwrap_or_default())
    }

    pub(super) async fn adoption(&self, hash: Hash) -> Result<Option<String>, StoreError> {
        self.run(|state| state.adoptions.get(&hash).cloned())
    }

    pub(super) async fn conversation(
        &self,
        task_force: &TaskForceId,
        user_id: i64,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let key = (task_force.clone(), user_id);
        self.run(|state| state.conversations.get(&key).cloned())
    }

    pub(super) async fn conversations(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let all = (task_force.clone(), i64::MIN)..=(task_force.clone(), i64::MAX);
        self.run(|state| {
            state
                .conversations
                .range(all)
                .map(|(_, row)| row.clone())
                .collect()
        })
    }

    pub(super) async fn commit(
        &self,
        group: Vec<Changes>,
    ) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        self.run(|state| {
            state.let_a_rival_write();
            let mut touched = Touched::default();
            let results = group.into_iter().map(|changes| {
                let others = Touched::by(&changes);
                let result = state.commit(changes);
                if result.is_ok() {
                    touched.add(others);
                }
                result
            });
            let results = results.collect();
            state.ring_changed(self.taker, touched);
            results
        })
    }

    pub(super) async fn keys(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        self.run(|state| {
            let keys = state.keys.get(task_force).into_iter().flatten();
            let recent = keys.filter(|(_, (_, given_at))| *given_at >= since);
            recent.map(|(key, _)| key.clone()).collect()
        })
    }

    pub(super) async fn pings(
        &self,
        task_force: &TaskForceId,
        since: NaiveDate,
    ) -> Result<Vec<(PersonId, NaiveDate)>, StoreError> {
        self.run(|state| {
            let pings = state.pings.get(task_force).into_iter().flatten();
            let recent = pings.filter(|(day, _, _)| *day >= since);
            recent
                .map(|(day, person, _)| (person.clone(), *day))
                .collect()
        })
    }

    pub(super) async fn claim(
        &self,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let until = now + TimeDelta::seconds(lease_seconds);
        self.run(|state| state.claim(now, until, skip, most_priority))
    }

    pub(super) async fn renew(
        &self,
        lease: Lease,
        lease_seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let until = now + TimeDelta::seconds(lease_seconds);
        self.run(|state| state.renew(lease, until))?
    }

    pub(super) async fn next_send_at(
        &self,
        now: DateTime<Utc>,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.run(|state| state.next_send_at(now, skip, most_priority))
    }

    pub(super) async fn settle(
        &self,
        lease: Lease,
        settled: &Settled,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let changes = Changes {
            settled: vec![(lease, settled.clone())],
            now,
            ..Changes::default()
        };
        self.run(|state| state.commit(changes))?
    }

    pub(super) async fn outgoing(&self, id: i64) -> Result<Option<OutboxRow>, StoreError> {
        self.run(|state| state.outbox.get(&id).cloned())
    }

    pub(super) async fn outgoing_by_message(
        &self,
        chat: i64,
        message_id: i32,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let wanted =
            |row: &&OutboxRow| row.message.chat == chat && row.message_id == Some(message_id);
        self.run(|state| state.outbox.values().rev().find(wanted).cloned())
    }

    pub(super) async fn waiting_behind(
        &self,
        priority: i64,
        id: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        self.run(|state| {
            let behind = state.open.range(id + 1..).map(|id| &state.outbox[id]);
            let mut waiting = behind.filter(|row| row.state == OutboxState::Waiting);
            waiting
                .find(|row| row.message.priority == priority)
                .cloned()
        })
    }

    pub(super) async fn latest_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let wanted = |row: &&OutboxRow| {
            row.state == OutboxState::Sent
                && row.task_force.as_ref() == Some(task_force)
                && row.message.slot.as_deref() == Some(slot)
        };
        self.run(|state| state.outbox.values().rev().find(wanted).cloned())
    }

    pub(super) async fn waiting_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let wanted = |row: &&OutboxRow| {
            row.state == OutboxState::Waiting
                && row.task_force.as_ref() == Some(task_force)
                && row.message.slot.as_deref() == Some(slot)
        };
        self.run(|state| state.outbox.values().filter(wanted).cloned().collect())
    }

    pub(super) async fn outgoing_in_state(
        &self,
        wanted: OutboxState,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        self.run(|state| {
            let rows = state.outbox.values().filter(|row| row.state == wanted);
            rows.cloned().collect()
        })
    }

    pub(super) async fn outcomes(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.run(|state| {
            let mut outcomes: Vec<Outcome> = Vec::new();
            let ours = |row: &&OutboxRow| row.task_force.as_ref() == Some(task_force);
            for row in state.outbox.values().filter(ours) {
                let slot = row.message.slot.as_deref();
                if row.created_at < since || slot.is_some_and(|slot| slot.ends_with(PARTS)) {
                    continue;
                }
                let kind = row.message.kind;
                let known = outcomes.iter_mut().find(|known| {
                    known.kind == kind && known.state == row.state && known.error == row.error
                });
                match known {
                    Some(known) => known.rows += 1,
                    None => outcomes.push(Outcome {
                        kind,
                        state: row.state,
                        error: row.error.clone(),
                        rows: 1,
                    }),
                }
            }
            outcomes
        })
    }

    pub(super) async fn hold(
        &self,
        chat: Option<i64>,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(|state| {
            let held = state
                .holds
                .entry(chat.unwrap_or(0))
                .or_insert(DateTime::<Utc>::MIN_UTC);
            *held = stored_at(until).max(*held);
        })
    }

    pub(super) async fn migrate_chat(&self, from: i64, to: i64) -> Result<(), StoreError> {
        self.run(|state| state.migrate_chat(from, to))
    }

    pub(super) async fn digest_versions(
        &self,
        task_force: &TaskForceId,
        number: u32,
    ) -> Result<Vec<DigestRow>, StoreError> {
        let key = (task_force.clone(), number);
        self.run(|state| state.digests.get(&key).cloned().unwrap_or_default())
    }

    pub(super) async fn digests(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<DigestRow>, StoreError> {
        let all = (task_force.clone(), 0)..=(task_force.clone(), u32::MAX);
        self.run(|state| {
            let digests = state.digests.range(all);
            digests.flat_map(|(_, rows)| rows.clone()).collect()
        })
    }

    pub(super) async fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.run(|state| state.facts.get(name).cloned())
    }

    pub(super) async fn facts(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.run(|state| {
            let from = state.facts.range(prefix.to_owned()..);
            let named = from.take_while(|(name, _)| name.starts_with(prefix));
            named
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
    }

    pub(super) async fn set_fact(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.run(|state| state.set_fact(name.to_owned(), value.map(str::to_owned)))
    }

    pub(super) async fn expire(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.run(|state| {
            let seen = |update: &Update| update.row.received_at >= now - SEEN_IDS_KEPT;
            state.inbox.retain(|_, update| update.waits || seen(update));
            state
                .failed
                .retain(|(row, _)| row.received_at >= now - RAW_UPDATES_KEPT);
            state.holds.retain(|_, until| *until > now);
            state
                .albums
                .retain(|_, opened| *opened >= now - ALBUMS_KEPT);
            state.blank_settled_before(now - SETTLED_TEXT_KEPT);
        })
    }
}

impl State {
    fn set_fact(&mut self, name: String, value: Option<String>) {
        match value {
            Some(value) => self.facts.insert(name, value),
            None => self.facts.remove(&name),
        };
    }
}
