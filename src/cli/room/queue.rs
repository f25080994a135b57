//! The outbox as the page shows it: what waits, what is stuck, and what was delivered after trouble.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::rehearsal::desk::Pending;
use crate::store::{CommitError, FOREVER, OutboxRow, OutboxState, OutgoingKind, Store, StoreError};

/// Rows shown that wait or are stuck.
const MOST_OPEN: usize = 100;
/// Rows shown that had trouble and are settled by now.
const MOST_PAST: usize = 20;

/// Remembers which rows had trouble, so that their end can be shown.
#[derive(Debug, Default)]
pub(super) struct QueueWatch {
    troubled: BTreeSet<i64>,
}

impl QueueWatch {
    /// Open rows, oldest first, then what had trouble and is settled.
    pub async fn look(&mut self, store: &Store) -> Result<Vec<Pending>, StoreError> {
        let mut open = Vec::new();
        for state in [
            OutboxState::Waiting,
            OutboxState::Leased,
            OutboxState::Unknown,
        ] {
            open.extend(store.outgoing_in_state(state).await?);
        }
        open.sort_by_key(|row| row.id);
        let had_trouble = |row: &&OutboxRow| row.attempts > 0 || row.error.is_some();
        self.troubled
            .extend(open.iter().filter(had_trouble).map(|row| row.id));
        let dead = store.outgoing_in_state(OutboxState::Dead).await?;
        self.troubled
            .extend(dead.iter().rev().take(MOST_PAST).map(|row| row.id));
        let mut shown: Vec<Pending> = open.iter().take(MOST_OPEN).map(pending).collect();
        shown.extend(self.past(store, &open).await?);
        Ok(shown)
    }

    async fn past(
        &mut self,
        store: &Store,
        open: &[OutboxRow],
    ) -> Result<Vec<Pending>, StoreError> {
        let is_open = |id: &i64| open.iter().any(|row| row.id == *id);
        let past: Vec<i64> = self
            .troubled
            .iter()
            .copied()
            .filter(|id| !is_open(id))
            .collect();
        let forgotten = past.len().saturating_sub(MOST_PAST);
        for id in &past[..forgotten] {
            self.troubled.remove(id);
        }
        let mut shown = Vec::new();
        for id in &past[forgotten..] {
            shown.extend(store.outgoing(*id).await?.as_ref().map(pending));
        }
        Ok(shown)
    }
}

fn pending(row: &OutboxRow) -> Pending {
    let not_before = row.message.not_before;
    let waits = row.state == OutboxState::Waiting && not_before < FOREVER;
    Pending {
        chat: row.message.chat,
        kind: kind_name(row.message.kind),
        state: state_name(row.state),
        since: row.created_at,
        attempts: row.attempts,
        not_before: waits.then_some(not_before),
        sent_at: row.sent_at,
        error: row.error.clone(),
    }
}

fn kind_name(kind: OutgoingKind) -> &'static str {
    match kind {
        OutgoingKind::Answer => "answer",
        OutgoingKind::Reminder => "reminder",
        OutgoingKind::Digest => "digest",
        OutgoingKind::Slip => "slip",
        OutgoingKind::Document => "document",
        OutgoingKind::Status => "status",
        OutgoingKind::Line => "line",
    }
}

fn state_name(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Waiting => "waiting",
        OutboxState::Leased => "sending",
        OutboxState::Sent => "sent",
        OutboxState::Unknown => "unknown",
        OutboxState::Withdrawn => "withdrawn",
        OutboxState::Dead => "dead",
    }
}

/// Ends the leases of a sender that was killed: nobody else has one here, and nothing would end them before the machine's clock
/// has gone on, however far this room's has.
pub(super) async fn end_leases(store: &Store, now: DateTime<Utc>) -> anyhow::Result<()> {
    for row in store.outgoing_in_state(OutboxState::Leased).await? {
        match store.renew(row.lease, 0, now).await {
            // What the killed sender had begun to settle came to its end meanwhile.
            Ok(()) | Err(CommitError::LeaseLost) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
