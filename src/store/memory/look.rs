//! For a simulation: callers give way, and what it looks at between two steps changes nothing.

use std::task::Poll;

use chrono::{DateTime, Utc};

use super::Memory;
use crate::plan::TaskForceId;
use crate::store::{ConversationRow, OutboxRow, OutboxState, StoredEntry, Term};

impl Memory {
    /// From now on callers give way before and after every call: there a simulation may go on with others, or let the
    /// program die.
    pub fn give_way(&self) {
        self.lock().gives_way = true;
    }

    pub(in crate::store) async fn way_given(&self) {
        if self.lock().gives_way {
            let mut given = false;
            std::future::poll_fn(|context| {
                if std::mem::replace(&mut given, true) {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    }

    /// The entries after `seq`, as stored.
    pub fn entries_seen(&self, task_force: &TaskForceId, seq: u64) -> Vec<StoredEntry> {
        let state = self.lock();
        let all = state.entries.get(task_force).map_or(&[][..], Vec::as_slice);
        all[all.partition_point(|entry| entry.seq <= seq)..].to_vec()
    }

    /// The row on its way to a chat.
    pub fn row_on_its_way(&self, chat: i64) -> Option<OutboxRow> {
        let state = self.lock();
        let mut leased = state.lease_ends.keys().map(|id| &state.outbox[id]);
        leased.find(|row| row.message.chat == chat).cloned()
    }

    /// When the next of the lanes that somebody has is another's, if its taker died, by the clock that all share.
    pub fn lane_free_at(&self) -> Option<DateTime<Utc>> {
        let state = self.lock();
        let waiting = state.inbox.values().filter(|update| update.waits);
        let ends = waiting.filter_map(|update| update.held.map(|(_, until)| until));
        ends.min()
    }

    /// When a lease ends, by the clock that all share.
    pub fn lease_ends_at(&self, name: &str) -> Option<DateTime<Utc>> {
        self.lock().leases.get(name).map(|(_, until)| *until)
    }

    /// As if the holder of a lease had renewed it again and again until then.
    pub fn renewed_until(&self, term: &Term, until: DateTime<Utc>) {
        let mut state = self.lock();
        let lease = state.leases.get_mut(&term.name);
        if let Some((_, ends_at)) = lease.filter(|(number, _)| *number == term.number) {
            *ends_at = until.max(*ends_at);
        }
    }

    /// How many terms a lease has had.
    pub fn terms_of(&self, name: &str) -> i64 {
        self.lock()
            .leases
            .get(name)
            .map_or(0, |(number, _)| *number)
    }

    /// How many calls failed so far, or reported so.
    pub fn failures_seen(&self) -> u64 {
        self.lock().failures
    }

    /// Forgets which notices were given, as no store may.
    pub fn forget_keys(&self) {
        self.lock().keys.clear();
    }

    /// Changes the first entry after it was written, as nobody may.
    pub fn rewrite_first_entry(&self, task_force: &TaskForceId) {
        let mut state = self.lock();
        let entries = state.entries.get_mut(task_force);
        if let Some(first) = entries.and_then(|entries| entries.first_mut()) {
            first.body.push(' ');
        }
    }

    /// The rows with an id above this one.
    pub fn rows_seen(&self, after: i64) -> Vec<OutboxRow> {
        let state = self.lock();
        let newer = state.outbox.range(after + 1..);
        newer.map(|(_, row)| row.clone()).collect()
    }

    /// Notice keys that stand in more than one row that was not withdrawn.
    pub fn keys_given_twice(&self, task_force: &TaskForceId) -> Vec<String> {
        let state = self.lock();
        let mut keys: Vec<&String> = state
            .outbox
            .values()
            .filter(|row| {
                row.state != OutboxState::Withdrawn && row.task_force.as_ref() == Some(task_force)
            })
            .flat_map(|row| &row.message.keys)
            .collect();
        keys.sort();
        let twice = keys.windows(2).filter(|pair| pair[0] == pair[1]);
        twice.map(|pair| pair[0].clone()).collect()
    }

    /// A stored talk.
    pub fn talk_seen(&self, task_force: &TaskForceId, user_id: i64) -> Option<ConversationRow> {
        let key = (task_force.clone(), user_id);
        self.lock().conversations.get(&key).cloned()
    }

    /// Whether these updates, as Telegram gives them, were all received.
    pub fn knows_updates(&self, updates: &[serde_json::Value]) -> bool {
        let state = self.lock();
        let id = |update: &serde_json::Value| {
            update.get("update_id").and_then(serde_json::Value::as_i64)
        };
        let mut ids = updates.iter().filter_map(id);
        ids.all(|id| state.inbox.contains_key(&id))
    }

    /// Ids of updates that still wait, and of those set aside.
    pub fn unfinished_updates(&self) -> (Vec<i64>, Vec<(i64, String)>) {
        let state = self.lock();
        let waiting = state.inbox.iter().filter(|(_, update)| update.waits);
        let failed = state.failed.iter();
        (
            waiting.map(|(id, _)| *id).collect(),
            failed
                .map(|(row, reason)| (row.update_id, reason.clone()))
                .collect(),
        )
    }
}
