//! Leases and albums in memory, by the clock of the processes that share it, else by the time that is given.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Memory, State};
use crate::store::{CommitError, OutboxRow, StoreError, Term, stored_at};

impl Memory {
    pub(in crate::store) async fn acquire_lease(
        &self,
        name: &str,
        _holder: &str,
        seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<(i64, Option<TimeDelta>)>, StoreError> {
        self.run(|state| {
            let now = state.clock_now().unwrap_or(now);
            let before = state.leases.get(name).copied();
            let free_for = before.map(|(_, until)| now - until);
            if free_for.is_some_and(|time| time < TimeDelta::zero()) {
                return None;
            }
            let number = before.map_or(0, |(number, _)| number) + 1;
            let until = now + TimeDelta::seconds(seconds);
            state.leases.insert(name.to_owned(), (number, until));
            Some((number, free_for))
        })
    }

    pub(in crate::store) async fn renew_lease(
        &self,
        term: &Term,
        seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        self.run(|state| {
            let now = state.clock_now().unwrap_or(now);
            state.check_term(term, now)?;
            let until = now + TimeDelta::seconds(seconds);
            state.leases.insert(term.name.clone(), (term.number, until));
            Ok(())
        })?
    }

    pub(in crate::store) async fn release_lease(
        &self,
        term: &Term,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(|state| {
            let now = state.clock_now().unwrap_or(now);
            if state.check_term(term, now).is_ok() {
                state.leases.insert(term.name.clone(), (term.number, now));
            }
        })
    }

    pub(in crate::store) async fn claim_within(
        &self,
        term: &Term,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, CommitError> {
        let until = now + TimeDelta::seconds(lease_seconds);
        self.run(|state| {
            state.check_term(term, state.clock_now().unwrap_or(now))?;
            Ok(state.claim(now, until, skip, most_priority))
        })?
    }

    pub(in crate::store) async fn end_all_leases(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(|state| {
            state.lease_ends.values_mut().for_each(|end| *end = now);
            state.end_leases(now);
        })
    }

    pub(in crate::store) async fn put_back(&self, updates: &[i64]) -> Result<(), StoreError> {
        self.run(|state| {
            let is_shared = state.clock_now().is_some();
            for update_id in updates {
                let waiting = state.inbox.get_mut(update_id).filter(|it| it.waits);
                let ours = waiting.filter(|it| {
                    let is_ours = it.held.is_some_and(|(by, _)| by == self.taker);
                    it.row.attempts > 0 && (is_ours || !is_shared)
                });
                if let Some(update) = ours {
                    update.row.attempts -= 1;
                    update.held = None;
                }
            }
        })
    }

    pub(in crate::store) async fn open_album(
        &self,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(|state| {
            state.albums.insert(name.to_owned(), stored_at(now));
        })
    }

    pub(in crate::store) async fn knows_album(&self, name: &str) -> Result<bool, StoreError> {
        self.run(|state| state.albums.contains_key(name))
    }
}

impl State {
    fn check_term(&self, term: &Term, now: DateTime<Utc>) -> Result<(), CommitError> {
        let lease = self.leases.get(&term.name);
        let ours = lease.is_some_and(|(number, until)| *number == term.number && *until > now);
        if ours {
            Ok(())
        } else {
            Err(CommitError::TermOver(term.name.clone()))
        }
    }
}
