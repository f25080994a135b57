//! Who is asked when: only the task forces whose wakeup has come, by the database's table of them.
//!
//! Every commit that may move a schedule wakes its task force in the same transaction. Where nothing was due then, the later
//! wakeup stays in memory and is written with others, many in one transaction: until then, and after a crash, it is too early.

use std::collections::BTreeMap;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};
use futures_util::StreamExt;
use futures_util::stream;

use super::force::{Force, TaskForceError};
use super::{Service, ServiceError};
use crate::plan::TaskForceId;
use crate::schedule;
use crate::store::{Changes, FOREVER, Wakeup};

/// A sign of life is written this often; a longer silence means the program was down.
pub(super) const ALIVE_EVERY_SECONDS: i64 = 60;

/// Task forces are looked up so many at a time: what the first of them say leaves while others are asked.
const WAKEUPS_A_PAGE: usize = 64;

/// So many of them are asked at the same time.
const ASKED_AT_ONCE: usize = 4;

/// Wakeups that are later than the database knows are written this often, or as soon as there are many.
const PUT_OFF_EVERY_SECONDS: i64 = 5;

/// So many are many.
const MANY_PUT_OFF: usize = 256;

/// A task force that cannot be folded is tried again after this long.
const UNREADABLE_WAITS_SECONDS: i64 = 600;

/// Nothing was due when a task force was asked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asleep {
    /// The version of its wakeup before it was asked: nothing was committed since as long as that stands.
    version: i64,
    /// When it was asked.
    since_at: DateTime<Utc>,
    /// When to ask again at the latest; none: only after an event.
    until_at: Option<DateTime<Utc>>,
}

impl Asleep {
    /// Whether there is still no need to ask.
    fn lasts(&self, version: i64, now: DateTime<Utc>) -> bool {
        self.version == version
            && self.since_at <= now
            && self.until_at.is_none_or(|until_at| now < until_at)
    }
}

impl Service {
    /// Gives out everything due now; returns when to ask again at the latest.
    pub async fn tick(&self) -> Result<Option<DateTime<Utc>>, ServiceError> {
        let now = self.now();
        self.wake_all_if_the_clock_went_back(now).await?;
        self.keep_house(now).await?;
        let mut next = Some(now + Duration::seconds(ALIVE_EVERY_SECONDS));
        let mut behind: Option<Wakeup> = None;
        loop {
            let page = self.store.wakeups(now, behind.as_ref(), WAKEUPS_A_PAGE);
            let page = page.await?;
            for until in self.asked(&page).await {
                next = next.into_iter().chain(until?).min();
            }
            self.put_off(now).await?;
            match page.into_iter().nth(WAKEUPS_A_PAGE - 1) {
                Some(last) => behind = Some(last),
                None => break,
            }
        }
        let later = self.store.next_wakeup(now).await?;
        Ok(next.into_iter().chain(later).min())
    }

    /// Asks those of a page who are not asleep, some at a time: one is read from the database while another is folded. All of them
    /// come to their end, for what one has begun to commit must not be dropped halfway.
    async fn asked(&self, page: &[Wakeup]) -> Vec<Result<Option<DateTime<Utc>>, ServiceError>> {
        let asked: Vec<_> = page.iter().map(|it| self.ask_if_awake(it)).collect();
        stream::iter(asked).buffered(ASKED_AT_ONCE).collect().await
    }

    async fn ask_if_awake(&self, wakeup: &Wakeup) -> Result<Option<DateTime<Utc>>, ServiceError> {
        match self.asleep_until(wakeup) {
            Some(until) => Ok(until),
            None => self.ask(&wakeup.task_force).await,
        }
    }

    /// When the schedules want to be asked again at the latest, signs of life left aside; none when only an event can change that.
    pub async fn next_wakeup(&self) -> Result<Option<DateTime<Utc>>, ServiceError> {
        let now = self.now();
        let mut next = self.store.next_wakeup(now).await?;
        let mut behind: Option<Wakeup> = None;
        loop {
            let page = self.store.wakeups(now, behind.as_ref(), WAKEUPS_A_PAGE);
            let page = page.await?;
            for wakeup in &page {
                let until = match self.asleep_until(wakeup) {
                    Some(until) => until,
                    None => self.outlook_of(&wakeup.task_force).await?,
                };
                next = next.into_iter().chain(until).min();
            }
            match page.into_iter().nth(WAKEUPS_A_PAGE - 1) {
                Some(last) => behind = Some(last),
                None => return Ok(next),
            }
        }
    }

    async fn outlook_of(&self, id: &TaskForceId) -> Result<Option<DateTime<Utc>>, ServiceError> {
        let force = self.working_force(id).await?;
        Ok(force.and_then(|force| {
            schedule::next_wakeup(&force.frame, &force.standing, &force.given, self.now())
        }))
    }

    /// One that cannot be read must not keep the others waiting; a database that fails keeps all of them.
    async fn ask(&self, id: &TaskForceId) -> Result<Option<DateTime<Utc>>, ServiceError> {
        match self.tick_one(id).await {
            Err(ServiceError::TaskForce(
                error @ (TaskForceError::AdoptionMissing(..)
                | TaskForceError::AdoptionUnreadable(..)
                | TaskForceError::NothingAdopted(_)),
            )) => {
                tracing::error!(%error, "a task force cannot be asked what is due");
                let version = self.version_of(id).await?;
                let until_at = self.now() + Duration::seconds(UNREADABLE_WAITS_SECONDS);
                self.note_asleep(id, version, Some(until_at));
                Ok(Some(until_at))
            }
            other => other,
        }
    }

    /// The version of a wakeup, to be read before what the schedule is asked about.
    pub(super) async fn version_of(&self, id: &TaskForceId) -> Result<i64, ServiceError> {
        let wakeup = self.store.wakeup(id).await?;
        Ok(wakeup.map_or(0, |wakeup| wakeup.version))
    }

    /// Nothing is due: it is left alone until something changes or its time comes.
    pub(super) fn sleeps(&self, force: &Force, version: i64) -> Option<DateTime<Utc>> {
        let now = self.now();
        let until_at = schedule::next_wakeup(&force.frame, &force.standing, &force.given, now);
        self.note_asleep(&force.id, version, until_at);
        until_at
    }

    pub(super) fn note_asleep(
        &self,
        id: &TaskForceId,
        version: i64,
        until_at: Option<DateTime<Utc>>,
    ) {
        let asleep = Asleep {
            version,
            since_at: self.now(),
            until_at,
        };
        self.asleep().insert(id.clone(), asleep);
    }

    /// Until when there is no need to ask; none: it is to be asked.
    pub(super) fn asleep_until(&self, wakeup: &Wakeup) -> Option<Option<DateTime<Utc>>> {
        let asleep = self.asleep().get(&wakeup.task_force).copied();
        let lasting = asleep.filter(|asleep| asleep.lasts(wakeup.version, self.now()));
        lasting.map(|asleep| asleep.until_at)
    }

    fn asleep(&self) -> MutexGuard<'_, BTreeMap<TaskForceId, Asleep>> {
        self.asleep.lock().expect("no holder panics")
    }

    /// Writes the wakeups that are later than the database knows; what was committed meanwhile keeps its own.
    async fn put_off(&self, now: DateTime<Utc>) -> Result<(), ServiceError> {
        let before = self.put_off_at.load(Ordering::Relaxed);
        let lately = (0..PUT_OFF_EVERY_SECONDS).contains(&(now.timestamp() - before));
        let later: Vec<Wakeup> = {
            let asleep = self.asleep();
            if asleep.is_empty() || (lately && asleep.len() < MANY_PUT_OFF) {
                return Ok(());
            }
            let wakeup = |(id, asleep): (&TaskForceId, &Asleep)| Wakeup {
                task_force: id.clone(),
                at: asleep.until_at.unwrap_or(FOREVER),
                version: asleep.version,
            };
            asleep.iter().map(wakeup).collect()
        };
        self.store.put_off(&later).await?;
        self.put_off_at.store(now.timestamp(), Ordering::Relaxed);
        let mut asleep = self.asleep();
        for wakeup in &later {
            if asleep
                .get(&wakeup.task_force)
                .is_some_and(|known| known.version == wakeup.version)
            {
                asleep.remove(&wakeup.task_force);
            }
        }
        Ok(())
    }

    /// What was put off by a clock that ran ahead is not waited for.
    async fn wake_all_if_the_clock_went_back(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        let before = self
            .ticked_at
            .swap(now.timestamp_micros(), Ordering::Relaxed);
        if now.timestamp_micros() >= before {
            return Ok(());
        }
        self.commit_one(Changes {
            wake_all: true,
            now,
            ..Changes::default()
        })
        .await
    }
}
