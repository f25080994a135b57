//! The bot as one process or as several over one store: each step is one of theirs, drawn from the seed; any of them may die.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::bot::{Bot, LEASE_SECONDS, OUTWARD, Parts};
use super::setting::below;
use crate::plan::{AdoptionText, TaskForceId};
use crate::service::Service;
use crate::store::Memory;

/// Polls within one instant before we say that something turns in circles.
const MOST_POLLS: u32 = 60_000;

/// Where the configuration changes, one process is started anew so many polls after the other.
const POLLS_APART: u32 = 40;

/// All processes of the bot.
pub struct Team {
    memory: Memory,
    bots: Vec<Bot>,
    rng: Rng,
    /// Seconds by which the database's clock is ahead of the program's, which goes astray at times.
    database_ahead: Arc<AtomicI64>,
}

impl Team {
    /// So many processes that start with the first piece of work asked of them.
    pub fn new(parts: Parts, processes: usize) -> Self {
        let memory = parts.memory.clone();
        let database_ahead = Arc::new(AtomicI64::new(0));
        let is_shared = processes > 1;
        if is_shared {
            let (clock, ahead) = (parts.clock.clone(), database_ahead.clone());
            memory.share(move || clock.now() + TimeDelta::seconds(ahead.load(Ordering::Relaxed)));
        }
        let parts = Parts { is_shared, ..parts };
        let bots = (0..processes).map(|_| Bot::new(parts.clone()));
        Self {
            memory,
            bots: bots.collect(),
            rng: Rng::with_seed(0),
            database_ahead,
        }
    }

    /// From here on the order of work is drawn from this seed, so that what was left out before changes nothing.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = Rng::with_seed(seed);
        for (place, bot) in (0..).zip(&mut self.bots) {
            bot.reseed(seed.wrapping_add(place));
        }
    }

    /// One of them, drawn from the seed, dies after so many polls more, and is started again after so long. Whether another
    /// one is there all the while.
    pub fn die(&mut self, rng: &mut Rng, polls: u32, dead_for: TimeDelta) -> bool {
        let dying = match self.bots.len() {
            1 => 0,
            more => below(rng, more),
        };
        self.bots[dying].die(polls, dead_for);
        let others = self.bots.iter().enumerate();
        let mut others = others.filter(|(place, _)| *place != dying);
        others.any(|(_, bot)| bot.is_running() && !bot.is_doomed())
    }

    /// The configuration folder holds this from now on; the program is started anew to find it.
    pub fn configure(&mut self, adoptions: &[(TaskForceId, AdoptionText)]) {
        for (place, bot) in (0..).zip(&mut self.bots) {
            bot.configure(adoptions.to_vec());
            bot.die(1 + place * POLLS_APART, TimeDelta::seconds(2));
        }
    }

    /// They die no more; until when the last of them is dead, if one is.
    pub fn spare(&mut self) -> Option<DateTime<Utc>> {
        self.bots.iter_mut().filter_map(Bot::spare).max()
    }

    /// Whether one of them is at work.
    pub fn is_running(&self) -> bool {
        self.bots.iter().any(Bot::is_running)
    }

    /// Whether one of them is about to die.
    pub fn is_doomed(&self) -> bool {
        self.bots.iter().any(Bot::is_doomed)
    }

    /// How often one of them died.
    pub fn deaths(&self) -> u32 {
        self.bots.first().map_or(0, Bot::deaths)
    }

    /// How many processes there are.
    pub fn processes(&self) -> usize {
        self.bots.len()
    }

    /// How often one took over from another, or from itself, what only one may do.
    pub fn takeovers(&self) -> u64 {
        u64::try_from(self.memory.terms_of(OUTWARD) - 1).unwrap_or(0)
    }

    /// How often anything was polled.
    pub fn polls(&self) -> u64 {
        self.bots.iter().map(|bot| bot.polls).sum()
    }

    /// The store.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The services of those that are running.
    pub fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.bots.iter().filter_map(Bot::service)
    }

    /// Does everything that can be done at this instant.
    ///
    /// # Errors
    /// One of them cannot start, or they do not come to rest.
    pub async fn settle(&mut self) -> anyhow::Result<()> {
        for _ in 0..MOST_POLLS {
            if !self.step().await? {
                return Ok(());
            }
        }
        anyhow::bail!("the bot does not come to rest")
    }

    async fn step(&mut self) -> anyhow::Result<bool> {
        let all = self.bots.len();
        let first = match all {
            1 => 0,
            more => below(&mut self.rng, more),
        };
        for place in 0..all {
            if self.bots[(first + place) % all].step().await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whoever is at rest looks whether there is something: after the clock moved, or somebody did something.
    pub fn rouse(&mut self) {
        self.bots.iter_mut().for_each(Bot::rouse);
    }

    /// The clock is about to go on until then: whoever has the lease renews it all the while.
    pub fn renew_until(&self, until: DateTime<Utc>) {
        let until = until + self.ahead() + TimeDelta::seconds(LEASE_SECONDS);
        for term in self.bots.iter().filter_map(Bot::term) {
            self.memory.renewed_until(term, until);
        }
    }

    /// The program's clock went astray by so much, the database's did not.
    pub fn clock_strayed(&self, by: TimeDelta) {
        let by = by.num_seconds();
        self.database_ahead.fetch_sub(by, Ordering::Relaxed);
    }

    fn ahead(&self) -> TimeDelta {
        TimeDelta::seconds(self.database_ahead.load(Ordering::Relaxed))
    }

    /// When something will be due next; what is past and brought nothing is asked again after `patience`.
    ///
    /// # Errors
    /// The store cannot say.
    pub async fn next_at(
        &self,
        now: DateTime<Utc>,
        patience: TimeDelta,
    ) -> anyhow::Result<Option<DateTime<Utc>>> {
        let mut all = Vec::new();
        for bot in &self.bots {
            all.extend(bot.next_at(patience).await?);
        }
        if self.bots.len() > 1 {
            let has_turn = self.bots.iter().any(|bot| bot.term().is_some());
            let lease = self.memory.lease_ends_at(OUTWARD).filter(|_| !has_turn);
            let ends = lease.into_iter().chain(self.memory.lane_free_at());
            all.extend(ends.map(|at| at - self.ahead()).filter(|at| *at > now));
        }
        Ok(all.into_iter().min())
    }
}
