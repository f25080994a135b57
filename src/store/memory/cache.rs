//! Routes and wakeups in memory.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Memory, State};
use crate::plan::TaskForceId;
use crate::store::{Route, RouteKind, StoreError, Wakeup, stored_at};

impl Memory {
    pub(in crate::store) async fn task_forces(&self) -> Result<Vec<TaskForceId>, StoreError> {
        self.run(|state| state.heads.keys().cloned().collect())
    }

    pub(in crate::store) async fn first_task_force(
        &self,
    ) -> Result<Option<TaskForceId>, StoreError> {
        self.run(|state| state.heads.keys().next().cloned())
    }

    pub(in crate::store) async fn led_to(
        &self,
        route: &Route,
    ) -> Result<Vec<TaskForceId>, StoreError> {
        self.run(|state| {
            state
                .led_to
                .get(route)
                .into_iter()
                .flatten()
                .cloned()
                .collect()
        })
    }

    pub(in crate::store) async fn routes_of_kind(
        &self,
        kind: RouteKind,
    ) -> Result<Vec<(TaskForceId, String)>, StoreError> {
        self.run(|state| {
            let all = state.routes.iter();
            let named = all.flat_map(|(id, routes)| {
                let of_kind = routes.iter().filter(|route| route.kind == kind);
                of_kind.map(|route| (id.clone(), route.name.clone()))
            });
            named.collect()
        })
    }

    pub(in crate::store) async fn routes_to(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<Route>, StoreError> {
        self.run(|state| {
            let routes = state.routes.get(task_force);
            routes.into_iter().flatten().cloned().collect()
        })
    }

    pub(in crate::store) async fn unrouted(&self) -> Result<Vec<TaskForceId>, StoreError> {
        self.run(|state| {
            let known =
                |id: &TaskForceId| state.routes.contains_key(id) && state.wakeups.contains_key(id);
            let unknown = state.heads.keys().filter(|id| !known(id));
            unknown.cloned().collect()
        })
    }

    pub(in crate::store) async fn wakeups(
        &self,
        now: DateTime<Utc>,
        behind: Option<&Wakeup>,
        limit: usize,
    ) -> Result<Vec<Wakeup>, StoreError> {
        self.run(|state| {
            let place = |wakeup: &Wakeup| (wakeup.at, wakeup.task_force.clone());
            let behind = behind.map(place);
            let all = state.wakeups.values();
            let mut due: Vec<Wakeup> = all
                .filter(|wakeup| wakeup.at <= now && Some(place(wakeup)) > behind)
                .cloned()
                .collect();
            due.sort_by_key(place);
            due.truncate(limit);
            due
        })
    }

    pub(in crate::store) async fn wakeup(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Option<Wakeup>, StoreError> {
        self.run(|state| state.wakeups.get(task_force).cloned())
    }

    pub(in crate::store) async fn next_wakeup(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.run(|state| {
            let later = state.wakeups.values().map(|wakeup| wakeup.at);
            later.filter(|at| *at > now).min()
        })
    }

    pub(in crate::store) async fn put_off(&self, wakeups: &[Wakeup]) -> Result<(), StoreError> {
        self.run(|state| {
            for wakeup in wakeups {
                let known = state.wakeups.get_mut(&wakeup.task_force);
                if let Some(known) = known.filter(|known| known.version == wakeup.version) {
                    known.at = stored_at(wakeup.at);
                }
            }
        })
    }

    /// Empties both caches, as may happen to a database.
    pub fn forget_routes(&self) {
        let mut state = self.lock();
        state.routes.clear();
        state.led_to.clear();
        state.wakeups.clear();
    }
}

impl State {
    /// What a commit means for both caches.
    pub(super) fn note_in_caches(
        &mut self,
        task_force: &TaskForceId,
        routes: Option<BTreeSet<Route>>,
        wakes: bool,
        now: DateTime<Utc>,
    ) {
        if wakes {
            self.wake(task_force, now);
        }
        if let Some(routes) = routes {
            self.lead_to(task_force, routes);
            self.wake_if_unknown(task_force, now);
        }
    }

    /// From now on these lead to it, and nothing else.
    fn lead_to(&mut self, task_force: &TaskForceId, routes: BTreeSet<Route>) {
        for known in self.routes.remove(task_force).into_iter().flatten() {
            if let Some(led_to) = self.led_to.get_mut(&known) {
                led_to.remove(task_force);
                if led_to.is_empty() {
                    self.led_to.remove(&known);
                }
            }
        }
        for route in &routes {
            let led_to = self.led_to.entry(route.clone()).or_default();
            led_to.insert(task_force.clone());
        }
        self.routes.insert(task_force.clone(), routes);
    }

    /// A task force that can be found has a wakeup.
    fn wake_if_unknown(&mut self, task_force: &TaskForceId, now: DateTime<Utc>) {
        if !self.wakeups.contains_key(task_force) {
            self.wake(task_force, now);
        }
    }

    /// Its schedule is asked now, or earlier if it was to be.
    pub(super) fn wake(&mut self, task_force: &TaskForceId, now: DateTime<Utc>) {
        let wakeup = self.wakeups.entry(task_force.clone());
        let wakeup = wakeup.or_insert_with(|| Wakeup {
            task_force: task_force.clone(),
            at: now,
            version: 0,
        });
        wakeup.at = wakeup.at.min(now);
        wakeup.version += 1;
    }

    pub(super) fn wake_all(&mut self, now: DateTime<Utc>) {
        for wakeup in self.wakeups.values_mut() {
            wakeup.at = wakeup.at.min(now);
            wakeup.version += 1;
        }
    }
}
