//! Task forces held in memory: as many as the setting says. They are folded when they are asked for, and the one that was not
//! used for longest makes room; nothing is lost with it, for what is held is a fold of what is stored.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use super::effects::{Gathering, Occasion};
use super::force::Force;
use super::{COMMIT_ATTEMPTS, Service, ServiceError};
use crate::ledger::{Act, Actor, Head};
use crate::plan::TaskForceId;
use crate::store::{Changes, CommitError};

/// Task forces held in memory where the deployment does not say how many.
pub const TASK_FORCES_IN_MEMORY: usize = 200;

/// A task force, locked, as long as it is worked with.
pub(super) type ForceGuard = OwnedMappedMutexGuard<Option<Force>, Force>;

/// None until it is folded.
type Slot = Arc<Mutex<Option<Force>>>;

/// The task forces in memory, each with its last use.
#[derive(Debug)]
pub(super) struct Kept {
    most: usize,
    uses: u64,
    slots: BTreeMap<TaskForceId, (Slot, u64)>,
}

impl Default for Kept {
    fn default() -> Self {
        Self::at_most(TASK_FORCES_IN_MEMORY)
    }
}

impl Kept {
    pub(super) fn at_most(most: usize) -> Self {
        Self {
            most,
            uses: 0,
            slots: BTreeMap::new(),
        }
    }

    fn slot(&mut self, id: &TaskForceId) -> Slot {
        self.uses += 1;
        let (slot, used) = self.slots.entry(id.clone()).or_default();
        *used = self.uses;
        let slot = slot.clone();
        while self.slots.len() > self.most && self.drop_oldest() {}
        slot
    }

    /// Whether there was one that nobody uses.
    fn drop_oldest(&mut self) -> bool {
        let idle = self.slots.iter();
        let idle = idle.filter(|(_, (slot, _))| Arc::strong_count(slot) == 1);
        let oldest = idle.min_by_key(|(_, (_, used))| *used);
        let oldest = oldest.map(|(id, _)| id.clone());
        oldest.is_some_and(|id| self.slots.remove(&id).is_some())
    }
}

impl Service {
    /// Holds at most so many task forces in memory, those in use aside.
    #[must_use]
    pub fn with_memory_for(self, task_forces: usize) -> Self {
        *self.kept() = Kept::at_most(task_forces);
        self
    }

    /// How many task forces are in memory.
    pub fn held(&self) -> usize {
        self.kept().slots.len()
    }

    /// How many times a ledger was folded from its beginning since the start.
    pub fn folds(&self) -> u64 {
        self.folds.load(Ordering::Relaxed)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("no holder panics")
    }

    /// Others wrote to these task forces; without a list perhaps to any. Entries are found by the chain's head; this is for
    /// what comes without one: keys given out, or taken back.
    pub async fn others_wrote(&self, ids: Option<&[TaskForceId]>) {
        let slots: Vec<Slot> = {
            let kept = self.kept();
            let touched = kept.slots.iter();
            let touched = touched.filter(|(id, _)| ids.is_none_or(|ids| ids.contains(id)));
            touched.map(|(_, (slot, _))| slot.clone()).collect()
        };
        for slot in slots {
            if let Some(force) = slot.lock().await.as_mut() {
                force.given_stale = true;
            }
        }
        self.tick_rings.notify_one();
    }

    /// The task force, locked and brought up to the chain's head; none where there is no such ledger.
    pub(super) async fn fresh_force(
        &self,
        id: &TaskForceId,
    ) -> Result<Option<ForceGuard>, ServiceError> {
        let slot = self.kept().slot(id);
        let mut slot = slot.lock_owned().await;
        // Another instance may have written since.
        let head = self.store.head(id).await?;
        if head == Head::default() {
            return Ok(None);
        }
        let now = self.now();
        let force = match slot.as_mut() {
            None => {
                self.folds.fetch_add(1, Ordering::Relaxed);
                slot.insert(Force::load(&self.store, id, head, now).await?)
            }
            Some(force) => {
                let written = head.seq > force.head.seq;
                if force.stale || !(written || force.head == head) {
                    self.folds.fetch_add(1, Ordering::Relaxed);
                    force.stale = true;
                    force.reload(&self.store, now).await?;
                } else if written {
                    // A fold that stops halfway must not be used.
                    force.stale = true;
                    force.catch_up(&self.store, head, now).await?;
                    force.stale = false;
                } else if force.given_stale {
                    force.reload_given(&self.store, now).await?;
                }
                force
            }
        };
        if force.routes.is_none() {
            self.note_unfinished(force).await?;
            self.mend_caches(force).await?;
        }
        self.enter_downtimes(force).await?;
        let guard = OwnedMutexGuard::map(slot, |force| {
            force.as_mut().expect("it was folded above, or before")
        });
        Ok(Some(guard))
    }

    /// Enters what the start found of silences, into the ledger of a task force that was live then.
    async fn enter_downtimes(&self, force: &mut Force) -> Result<(), ServiceError> {
        let downtimes = self.downtimes();
        // Nothing is entered into a restored ledger before it is decided how it goes on.
        if force.downtimes_seen == downtimes.len() || force.restoring.is_some() {
            return Ok(());
        }
        for _ in 0..COMMIT_ATTEMPTS {
            let standing = &force.standing;
            let entered = |from| {
                standing
                    .downtimes
                    .iter()
                    .any(|(_, known, _)| *known == from)
            };
            let missing = downtimes.iter().filter(|(from, to)| {
                standing.live_since.is_some_and(|since| since <= *to) && !entered(*from)
            });
            let missing: Vec<_> = missing.copied().collect();
            if missing.is_empty() {
                force.downtimes_seen = downtimes.len();
                return Ok(());
            }
            let mut gathering = Gathering::new(self, force, Occasion::without_event(Actor::Host));
            for (from_at, to_at) in missing {
                gathering.append(Actor::Bot, Act::WasDown { from_at, to_at });
            }
            let (changes, _) = gathering.finish();
            match self.commit_or_stale(force, changes).await {
                Err(ServiceError::Commit(CommitError::HeadMoved)) => {
                    force.reload(&self.store, self.now()).await?;
                }
                other => other?,
            }
        }
        Ok(())
    }

    /// Whatever of the two caches is missing in the database, or is not what the ledger says, is written.
    pub(super) async fn mend_caches(&self, force: &mut Force) -> Result<(), ServiceError> {
        let routes = super::directory::routes(&force.frame, &force.standing);
        let stored = self.store.routes_to(&force.id).await?;
        let is_known = self.store.wakeup(&force.id).await?.is_some();
        if !is_known || !routes.iter().eq(&stored) {
            let changes = Changes {
                task_force: Some(force.id.clone()),
                expected: Some(force.head),
                routes: Some(routes.clone()),
                now: self.now(),
                ..Changes::default()
            };
            match self.commit_one(changes).await {
                // Whoever moved it wrote its routes with it.
                Err(ServiceError::Commit(CommitError::HeadMoved)) => return Ok(()),
                other => other?,
            }
        }
        force.routes = Some(routes);
        Ok(())
    }
}
