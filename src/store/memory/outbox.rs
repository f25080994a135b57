//! The outbox in memory: claims, leases and what comes of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::State;
use crate::plan::TaskForceId;
use crate::store::{
    CommitError, FOREVER, LEASE_RAN_OUT, Lease, NewOutgoing, OutboxRow, OutboxState, OutgoingKind,
    PARTS, Settled, stored_at,
};

/// What older rows of a chat mean for the next one.
#[derive(Default)]
struct Ahead {
    /// A sender has one, or one was tried and waits to be tried again.
    stuck: bool,
    /// Lowest priority number of those that could go now.
    priority: Option<i64>,
}

impl State {
    pub(super) fn claim(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        skip: &[i64],
        most_priority: i64,
    ) -> Option<OutboxRow> {
        self.end_leases(now);
        let id = self.claimable(now, skip, most_priority)?;
        let row = self.outbox.get_mut(&id)?;
        row.state = OutboxState::Leased;
        row.attempts += 1;
        row.lease.number += 1;
        self.lease_ends.insert(id, until);
        Some(row.clone())
    }

    fn claimable(&self, now: DateTime<Utc>, skip: &[i64], most_priority: i64) -> Option<i64> {
        let mut ahead: BTreeMap<i64, Ahead> = BTreeMap::new();
        for id in self.lease_ends.keys() {
            ahead.entry(self.outbox[id].message.chat).or_default().stuck = true;
        }
        let mut best: Option<(i64, i64)> = None;
        let open = self.open.iter().map(|id| &self.outbox[id]);
        for row in open.filter(|row| !self.is_held_back(row)) {
            let NewOutgoing { chat, priority, .. } = row.message;
            let ahead = ahead.entry(chat).or_default();
            let due = row.message.not_before <= now;
            let free = due && !ahead.stuck && ahead.priority.is_none_or(|other| other > priority);
            if free
                && priority <= most_priority
                && !skip.contains(&chat)
                && !self.is_held(chat, now)
            {
                best = best.into_iter().chain([(priority, row.id)]).min();
            }
            ahead.stuck |= row.attempts > 0;
            if due {
                ahead.priority = ahead.priority.into_iter().chain([priority]).min();
            }
        }
        best.map(|(_, id)| id)
    }

    /// Whether nobody knows if a part before this row of the same message arrived.
    fn is_held_back(&self, row: &OutboxRow) -> bool {
        let slot = row.message.slot.as_deref();
        let Some(first) = slot.and_then(|slot| slot.strip_suffix(PARTS)) else {
            return false;
        };
        let mut before = self.outbox.range(..row.id).map(|(_, other)| other);
        before.any(|other| {
            other.state == OutboxState::Unknown
                && other.message.chat == row.message.chat
                && (other.message.slot == row.message.slot
                    || other.message.slot.as_deref() == Some(first))
        })
    }

    fn is_held(&self, chat: i64, now: DateTime<Utc>) -> bool {
        let held = |chat| self.holds.get(&chat).is_some_and(|until| *until > now);
        held(chat) || held(0)
    }

    pub(super) fn end_leases(&mut self, now: DateTime<Utc>) {
        let over: Vec<i64> = self
            .lease_ends
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            self.outcome_unknown(id, stored_at(now), LEASE_RAN_OUT.to_owned());
        }
    }

    pub(super) fn next_send_at(
        &self,
        now: DateTime<Utc>,
        skip: &[i64],
        most_priority: i64,
    ) -> Option<DateTime<Utc>> {
        if self.claimable(now, skip, most_priority).is_some() {
            return Some(now);
        }
        let waiting = |id: &&i64| self.is_waiting(**id);
        let waiting = self
            .open
            .iter()
            .filter(waiting)
            .map(|id| &self.outbox[id].message);
        let starts = waiting.clone().map(|message| message.not_before);
        let chats = waiting.flat_map(|message| [message.chat, 0]);
        let hold_ends = chats.filter_map(|chat| self.holds.get(&chat).copied());
        let ends = starts
            .chain(hold_ends)
            .filter(|at| *at > now && *at < stored_at(FOREVER));
        ends.chain(self.lease_ends.values().copied()).min()
    }

    pub(super) fn holds_lease(&self, lease: Lease) -> bool {
        let row = self.outbox.get(&lease.row);
        row.is_some_and(|row| row.state == OutboxState::Leased && row.lease == lease)
    }

    pub(super) fn is_waiting(&self, id: i64) -> bool {
        let row = self.outbox.get(&id);
        row.is_some_and(|row| row.state == OutboxState::Waiting)
    }

    pub(super) fn task_force_of(&self, id: i64) -> Option<&TaskForceId> {
        self.outbox.get(&id)?.task_force.as_ref()
    }

    pub(super) fn renew(&mut self, lease: Lease, until: DateTime<Utc>) -> Result<(), CommitError> {
        if !self.holds_lease(lease) {
            return Err(CommitError::LeaseLost);
        }
        self.lease_ends.insert(lease.row, until);
        Ok(())
    }

    pub(super) fn put_out(
        &mut self,
        task_force: Option<TaskForceId>,
        message: NewOutgoing,
        now: DateTime<Utc>,
    ) {
        let id = self.outbox.last_key_value().map_or(1, |(last, _)| last + 1);
        let row = OutboxRow {
            id,
            task_force,
            message: message.as_stored(),
            state: OutboxState::Waiting,
            lease: Lease { row: id, number: 0 },
            attempts: 0,
            maybe_sent: false,
            message_id: None,
            created_at: now,
            sent_at: None,
            error: None,
        };
        self.outbox.insert(id, row);
        self.open.insert(id);
        self.claim_keys_and_pings(id, now);
    }

    /// The lease was checked.
    pub(super) fn settle(&mut self, lease: Lease, settled: Settled, now: DateTime<Utc>) {
        let id = lease.row;
        if settled.wakes()
            && let Some(task_force) = self.task_force_of(id).cloned()
        {
            self.wake(&task_force, now);
        }
        match settled {
            Settled::Sent { message_id } => {
                let row = self.close(id, OutboxState::Sent, None);
                row.message_id = message_id;
                row.sent_at = Some(now);
            }
            Settled::Again { not_before, error } => self.wait_again(id, not_before, Some(error)),
            Settled::Unknown { not_before, error } => self.outcome_unknown(id, not_before, error),
            Settled::Dead { error } => {
                self.close(id, OutboxState::Dead, Some(error));
            }
            Settled::Withdrawn { reason } => {
                self.close(id, OutboxState::Withdrawn, Some(reason))
                    .attempts -= 1;
                self.give_back_keys_and_pings(id);
            }
            Settled::Replaced { with } => {
                self.give_back_keys_and_pings(id);
                let row = self.row_mut(id);
                row.message = with.as_stored();
                row.attempts = 0;
                let not_before = row.message.not_before;
                self.wait_again(id, not_before, None);
                self.claim_keys_and_pings(id, now);
            }
        }
    }

    fn outcome_unknown(&mut self, id: i64, not_before: DateTime<Utc>, error: String) {
        let kind: OutgoingKind = self.outbox[&id].message.kind;
        if kind.is_sent_again() {
            self.row_mut(id).maybe_sent = true;
            self.wait_again(id, not_before, Some(error));
        } else {
            self.close(id, OutboxState::Unknown, Some(error));
        }
    }

    pub(super) fn decide_unknown(&mut self, id: i64, seen: bool, now: DateTime<Utc>) {
        if seen {
            self.close(id, OutboxState::Sent, None).sent_at = Some(now);
        } else {
            self.row_mut(id).maybe_sent = true;
            self.open.insert(id);
            self.wait_again(id, now, None);
        }
    }

    pub(super) fn withdraw_waiting(&mut self, id: i64) {
        if self.is_waiting(id) {
            self.close(id, OutboxState::Withdrawn, None);
            self.give_back_keys_and_pings(id);
        }
    }

    fn wait_again(&mut self, id: i64, not_before: DateTime<Utc>, error: Option<String>) {
        self.lease_ends.remove(&id);
        let row = self.row_mut(id);
        row.state = OutboxState::Waiting;
        row.message.not_before = stored_at(not_before);
        row.error = error;
    }

    pub(super) fn close(
        &mut self,
        id: i64,
        state: OutboxState,
        error: Option<String>,
    ) -> &mut OutboxRow {
        self.lease_ends.remove(&id);
        self.open.remove(&id);
        let row = self.row_mut(id);
        row.state = state;
        row.error = error;
        row
    }

    fn row_mut(&mut self, id: i64) -> &mut OutboxRow {
        self.outbox.get_mut(&id).expect("rows are never deleted")
    }

    pub(super) fn migrate_chat(&mut self, from: i64, to: i64) {
        for row in self
            .outbox
            .values_mut()
            .filter(|row| row.message.chat == from)
        {
            match row.state {
                OutboxState::Waiting | OutboxState::Leased | OutboxState::Unknown => {
                    row.message.chat = to;
                }
                OutboxState::Sent | OutboxState::Withdrawn | OutboxState::Dead => {
                    row.message_id = None;
                }
            }
        }
        for talk in self
            .conversations
            .values_mut()
            .filter(|talk| talk.chat == Some(from))
        {
            talk.chat = Some(to);
        }
        self.holds.remove(&from);
    }

    pub(super) fn blank_settled_before(&mut self, cut: DateTime<Utc>) {
        for row in self
            .outbox
            .values_mut()
            .take_while(|row| row.created_at < cut)
        {
            let settled = match row.state {
                OutboxState::Sent | OutboxState::Withdrawn | OutboxState::Dead => true,
                OutboxState::Waiting | OutboxState::Leased | OutboxState::Unknown => false,
            };
            if settled && row.message.kind != OutgoingKind::Digest {
                row.message.body.clear();
                row.message.notice = None;
            }
        }
    }
}
