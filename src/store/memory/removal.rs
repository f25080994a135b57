//! Words that are removed, in memory.

use super::{Memory, State};
use crate::plan::TaskForceId;
use crate::store::{
    Changes, CommitError, InboxRow, NOTHING_LEFT, OutboxRow, OutboxState, Removal, StoreError,
};

impl Memory {
    pub(in crate::store) async fn rows_after(
        &self,
        task_force: &TaskForceId,
        id: i64,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let ours = |row: &&OutboxRow| {
            row.task_force.as_ref() == Some(task_force) && !row.message.body.is_empty()
        };
        self.run(|state| {
            let rows = state.outbox.range(id + 1..).map(|(_, row)| row);
            rows.filter(ours).take(limit).cloned().collect()
        })
    }

    pub(in crate::store) async fn updates_after(
        &self,
        key: i64,
        own: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, InboxRow)>, StoreError> {
        self.run(|state| {
            let known = state.inbox.values();
            let known = known.filter(|it| !it.waits || own == Some(it.row.update_id));
            let known = known.map(|update| &update.row);
            let all = known.chain(state.failed.iter().map(|(row, _)| row));
            let mut rows: Vec<&InboxRow> = all.filter(|row| row.update_id > key).collect();
            rows.sort_by_key(|row| row.update_id);
            rows.dedup_by_key(|row| row.update_id);
            let keyed = rows.into_iter().map(|row| (row.update_id, row.clone()));
            keyed.take(limit).collect()
        })
    }
}

impl State {
    pub(super) fn check_removal(&self, changes: &Changes) -> Result<(), CommitError> {
        for rewrite in &changes.removal.rows {
            let id = rewrite.lease.row;
            let as_seen =
                |row: &OutboxRow| row.state == rewrite.state && row.lease == rewrite.lease;
            if !self.outbox.get(&id).is_some_and(as_seen) {
                return Err(CommitError::RowMoved(id));
            }
        }
        let texts = changes
            .task_force
            .as_ref()
            .and_then(|id| self.texts.get(id));
        let has_words = |sha256| {
            texts
                .and_then(|texts| texts.get(sha256)?.as_ref())
                .is_some()
        };
        match changes.removal.texts.iter().all(has_words) {
            true => Ok(()),
            false => Err(CommitError::HeadMoved),
        }
    }

    /// It was checked.
    pub(super) fn remove(&mut self, task_force: &TaskForceId, removal: Removal) {
        for sha256 in removal.texts {
            let texts = self.texts.entry(task_force.clone()).or_default();
            texts.insert(sha256, None);
        }
        for rewrite in removal.rows {
            let id = rewrite.lease.row;
            if let Some(row) = self.outbox.get_mut(&id) {
                row.message.body = rewrite.body;
                if row.state == OutboxState::Leased {
                    row.state = OutboxState::Waiting;
                    row.lease.number += 1;
                    self.lease_ends.remove(&id);
                }
            }
        }
        for digest in removal.digests {
            let texts = self.digests.get_mut(&(task_force.clone(), digest.number));
            if let Some(row) = texts.and_then(|rows| rows.get_mut(digest.version.checked_sub(1)?)) {
                row.body = digest.body;
            }
        }
        for update_id in removal.updates {
            if let Some(update) = self.inbox.get_mut(&update_id) {
                update.row.body = NOTHING_LEFT.to_owned();
            }
            let failed = self.failed.iter_mut();
            for (row, _) in failed.filter(|(row, _)| row.update_id == update_id) {
                row.body = NOTHING_LEFT.to_owned();
            }
        }
    }
}
