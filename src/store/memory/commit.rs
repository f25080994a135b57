//! One event into memory: first everything that could stop it is asked, then all of it is done.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::State;
use crate::ledger::Head;
use crate::plan::TaskForceId;
use crate::store::{
    Changes, CommitError, ConversationRow, NewOutgoing, OutboxState, Settled, stored_at,
};

/// In place of a row's id: the key was spent without a message.
const SPENT: i64 = 0;

impl State {
    /// The next of the entries that another writer appends meanwhile, if one is left.
    pub(super) fn let_a_rival_write(&mut self) {
        let Some((task_force, entry)) = self.rivals.pop_front() else {
            return;
        };
        let head = self.heads.get(&task_force).copied().unwrap_or_default();
        let mut changes = Changes {
            now: entry.at,
            task_force: Some(task_force),
            ..Changes::default()
        };
        changes.push_entry(head, entry);
        self.apply(changes);
    }

    pub(super) fn commit(&mut self, changes: Changes) -> Result<(), CommitError> {
        self.check_update(&changes)?;
        self.check_rows(&changes)?;
        if changes.needs_task_force() && changes.task_force.is_none() {
            return Err(CommitError::NoTaskForce);
        }
        self.check_head(&changes)?;
        self.check_talks(&changes)?;
        self.check_keys(&changes)?;
        self.check_removal(&changes)?;
        self.apply(changes);
        Ok(())
    }

    fn check_update(&self, changes: &Changes) -> Result<(), CommitError> {
        match changes.update_id {
            Some(update_id) if !self.waits(update_id) => Err(CommitError::UpdateDone),
            Some(_) | None => Ok(()),
        }
    }

    fn check_rows(&self, changes: &Changes) -> Result<(), CommitError> {
        let mut settled = BTreeSet::new();
        for (lease, _) in &changes.settled {
            if !self.holds_lease(*lease) || !settled.insert(lease.row) {
                return Err(CommitError::LeaseLost);
            }
        }
        let mut decided = BTreeSet::new();
        for (id, _) in &changes.decide_unknown {
            let state = self.outbox.get(id).map(|row| row.state);
            if state != Some(OutboxState::Unknown) || !decided.insert(*id) {
                return Err(CommitError::NotUnknown(*id));
            }
        }
        Ok(())
    }

    fn check_head(&self, changes: &Changes) -> Result<(), CommitError> {
        let Some(task_force) = &changes.task_force else {
            return Ok(());
        };
        let head = self.heads.get(task_force).copied().unwrap_or_default();
        let follows = match (&changes.expected, changes.entries.is_empty()) {
            (None, true) => true,
            (Some(expected), true) => *expected == head,
            (_, false) => changes.follows_on(&head),
        };
        if follows {
            Ok(())
        } else {
            Err(CommitError::HeadMoved)
        }
    }

    /// A talk is still in the state in which it was seen.
    fn check_talks(&self, changes: &Changes) -> Result<(), CommitError> {
        let Some(task_force) = &changes.task_force else {
            return Ok(());
        };
        for (at, row) in changes.conversations.iter().enumerate() {
            let key = (task_force.clone(), row.user_id);
            let stored = self.conversations.get(&key);
            let state = stored.and_then(|stored| stored.state.as_deref());
            if changes.talk_seen(at).is_some_and(|seen| seen != state) {
                return Err(CommitError::TalkMoved(row.user_id));
            }
        }
        Ok(())
    }

    /// Keys are free if nobody holds them, or only rows this very event withdraws.
    fn check_keys(&self, changes: &Changes) -> Result<(), CommitError> {
        let mut claimed: BTreeSet<(&TaskForceId, &str)> = BTreeSet::new();
        let mut claim = |task_force, key, freed: &dyn Fn(i64) -> bool| {
            let holder = self.keys.get(task_force).and_then(|keys| keys.get(key));
            let free = holder.is_none_or(|(row, _)| freed(*row));
            if free && claimed.insert((task_force, key)) {
                Ok(())
            } else {
                Err(CommitError::KeyTaken(key.to_owned()))
            }
        };
        let mut freed: BTreeSet<i64> = BTreeSet::new();
        for (lease, settled) in &changes.settled {
            match settled {
                Settled::Replaced { with } => {
                    let Some(task_force) = self.task_force_of(lease.row) else {
                        continue;
                    };
                    for key in &with.keys {
                        claim(task_force, key, &|row| {
                            row == lease.row || freed.contains(&row)
                        })?;
                    }
                }
                Settled::Withdrawn { .. } => {
                    freed.insert(lease.row);
                }
                Settled::Sent { .. }
                | Settled::Again { .. }
                | Settled::Unknown { .. }
                | Settled::Dead { .. } => {}
            }
        }
        freed.extend(changes.withdraw.iter().filter(|id| self.is_waiting(**id)));
        let Some(task_force) = &changes.task_force else {
            return Ok(());
        };
        let sent = changes.outgoing.iter().flat_map(|message| &message.keys);
        for key in changes.spent_keys.iter().chain(sent) {
            claim(task_force, key, &|row| freed.contains(&row))?;
        }
        Ok(())
    }

    fn apply(&mut self, changes: Changes) {
        let now = stored_at(changes.now);
        let wakes = changes.wake();
        if changes.wake_all {
            self.wake_all(now);
        }
        self.finish_updates(
            changes.update_id,
            changes.set_aside,
            &changes.taken_up_again,
        );
        for (lease, settled) in changes.settled {
            self.settle(lease, settled, now);
        }
        for (id, seen) in changes.decide_unknown {
            self.decide_unknown(id, seen, now);
        }
        if let Some((from, to)) = changes.migrated {
            self.migrate_chat(from, to);
        }
        for id in changes.withdraw {
            self.withdraw_waiting(id);
        }
        for (hash, text) in changes.adoptions {
            self.adoptions.entry(hash).or_insert(text);
        }
        for (chat, until) in changes.holds {
            match until {
                Some(until) => self.holds.insert(chat, stored_at(until)),
                None => self.holds.remove(&chat),
            };
        }
        for (name, value) in changes.facts {
            self.set_fact(name, value);
        }
        for message in changes.outgoing {
            self.put_out(changes.task_force.clone(), message, now);
        }
        let Some(task_force) = changes.task_force else {
            return;
        };
        self.note_in_caches(&task_force, changes.routes, wakes, now);
        for (_, stored) in changes.entries {
            let head = Head {
                seq: stored.seq,
                hash: stored.hash,
            };
            self.heads.insert(task_force.clone(), head);
            self.entries
                .entry(task_force.clone())
                .or_default()
                .push(stored);
        }
        for text in changes.texts {
            let texts = self.texts.entry(task_force.clone()).or_default();
            let kept = Some((text.salt, text.body));
            texts.entry(text.sha256).or_insert(kept);
        }
        self.remove(&task_force, changes.removal);
        for row in changes.conversations {
            self.keep_conversation(task_force.clone(), row);
        }
        for mut digest in changes.digests {
            digest.cut_off_at = stored_at(digest.cut_off_at);
            let key = (task_force.clone(), digest.number);
            self.digests.entry(key).or_default().push(digest);
        }
        let taken = self.keys.entry(task_force.clone()).or_default();
        let spent = changes.spent_keys.into_iter();
        taken.extend(spent.map(|key| (key, (SPENT, now))));
    }

    fn keep_conversation(&mut self, task_force: TaskForceId, mut row: ConversationRow) {
        row.updated_at = stored_at(row.updated_at);
        let key = (task_force, row.user_id);
        if row.state.is_some() {
            self.conversations.insert(key, row);
        } else {
            self.conversations.remove(&key);
        }
    }

    pub(super) fn claim_keys_and_pings(&mut self, id: i64, now: DateTime<Utc>) {
        let Some(row) = self.outbox.get(&id) else {
            return;
        };
        let Some(task_force) = &row.task_force else {
            return;
        };
        let NewOutgoing { keys, pings, .. } = &row.message;
        let taken = self.keys.entry(task_force.clone()).or_default();
        taken.extend(keys.iter().map(|key| (key.clone(), (id, now))));
        let counted = self.pings.entry(task_force.clone()).or_default();
        counted.extend(pings.iter().map(|(person, day)| (*day, person.clone(), id)));
    }

    pub(super) fn give_back_keys_and_pings(&mut self, id: i64) {
        let Some(row) = self.outbox.get_mut(&id) else {
            return;
        };
        let (keys, pings) = (&mut row.message.keys, &mut row.message.pings);
        let (keys, pings) = (std::mem::take(keys), std::mem::take(pings));
        let Some(task_force) = &row.task_force else {
            return;
        };
        if let Some(taken) = self.keys.get_mut(task_force) {
            for key in keys {
                taken.remove(&key);
            }
        }
        if let Some(counted) = self.pings.get_mut(task_force) {
            for (person, day) in pings {
                counted.remove(&(day, person, id));
            }
        }
    }
}
