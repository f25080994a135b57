//! Raw updates in memory: received once, taken lane by lane.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Memory, State, Update};
use crate::store::{Heard, InboxRow, LANE_HELD_SECONDS, SEEN_IDS_KEPT, StoreError, stored_at};

impl Memory {
    pub(in crate::store) async fn receive(
        &self,
        updates: &[InboxRow],
    ) -> Result<usize, StoreError> {
        self.run(|state| {
            let known = state.inbox.len();
            for row in updates {
                let received_at = stored_at(row.received_at);
                let row = InboxRow {
                    received_at,
                    attempts: 0,
                    ..row.clone()
                };
                let update = Update {
                    row,
                    waits: true,
                    held: None,
                };
                state.inbox.entry(update.row.update_id).or_insert(update);
            }
            let new = state.inbox.len() - known;
            if new > 0 {
                state.ring(self.taker, &Heard::Inbox);
            }
            new
        })
    }

    pub(in crate::store) async fn take_updates(
        &self,
        limit: usize,
        busy: &[i64],
    ) -> Result<Vec<InboxRow>, StoreError> {
        self.run(|state| {
            let mut passed: BTreeSet<i64> = busy.iter().copied().collect();
            let mut taken = Vec::new();
            let clock = state.clock_now();
            for update in state.inbox.values_mut() {
                if taken.len() == limit {
                    break;
                }
                let is_next = update.waits && passed.insert(update.row.lane);
                // What another has keeps what is behind it away from all.
                if is_next && !update.is_anothers(self.taker, clock) {
                    update.row.attempts += 1;
                    let until = clock.map(|now| now + TimeDelta::seconds(LANE_HELD_SECONDS));
                    update.held = until.map(|until| (self.taker, until));
                    taken.push(update.row.clone());
                }
            }
            taken
        })
    }

    pub(in crate::store) async fn set_aside(
        &self,
        update_id: i64,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.run(|state| {
            if state.waits(update_id) {
                state.finish_update(update_id, Some(reason.to_owned()));
            }
        })
    }

    pub(in crate::store) async fn failed_updates(
        &self,
    ) -> Result<Vec<(InboxRow, String)>, StoreError> {
        self.run(|state| {
            let mut failed = state.failed.clone();
            failed.sort_by_key(|(row, _)| (row.received_at, row.update_id));
            failed
        })
    }

    pub(in crate::store) async fn last_update_id(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        self.run(|state| {
            let recent = |update: &&Update| update.row.received_at > now - SEEN_IDS_KEPT;
            let newest = state.inbox.values().rev().find(recent)?;
            Some(newest.row.update_id)
        })
    }
}

impl Update {
    /// Whether another process has it now.
    fn is_anothers(&self, taker: i64, clock: Option<DateTime<Utc>>) -> bool {
        let held = self.held.zip(clock);
        held.is_some_and(|((by, until), now)| by != taker && now < until)
    }
}

impl State {
    pub(super) fn waits(&self, update_id: i64) -> bool {
        self.inbox
            .get(&update_id)
            .is_some_and(|update| update.waits)
    }

    pub(super) fn finish_updates(
        &mut self,
        done: Option<i64>,
        set_aside: Option<String>,
        again: &[i64],
    ) {
        if let Some(update_id) = done {
            self.finish_update(update_id, set_aside);
        }
        again.iter().for_each(|id| self.take_up_again(*id));
    }

    fn take_up_again(&mut self, update_id: i64) {
        let failed = self
            .failed
            .iter()
            .any(|(row, _)| row.update_id == update_id);
        if let Some(update) = self.inbox.get_mut(&update_id).filter(|_| !failed) {
            update.waits = true;
            update.row.attempts = 0;
        }
    }

    pub(super) fn finish_update(&mut self, update_id: i64, set_aside: Option<String>) {
        let Some(update) = self.inbox.get_mut(&update_id) else {
            return;
        };
        update.waits = false;
        if let Some(reason) = set_aside {
            self.failed.push((update.row.clone(), reason));
        }
    }
}
