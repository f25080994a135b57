//! A process of the bot under simulation: its workers, polled by hand in an order drawn from the seed, until it dies.
//!
//! Where several share the store, what only one may do (polling, sending, ticking) is done by whoever has the lease, as in
//! `cli::team`; all of them work off updates and hear what the others commit.

mod hands;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use hands::{Came, Flag, Hand, Kind, Slot, Turn, look_into};
pub use hands::{LEASE_SECONDS, OUTWARD};

use super::setting::below;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::plan::{AdoptionText, TaskForceId};
use crate::service::{KnownAccount, Service};
use crate::store::{Memory, Store, Term};
use crate::telegram::{Clients, Poller, Sender, Worker};

/// Starts that may fail one after the other before we say that it does not start.
const MOST_STARTS: u32 = 10;

/// What failed for the database's sake is tried again after so long.
const PATIENCE: TimeDelta = TimeDelta::seconds(1);

/// What only one process may do at a time while it starts.
const START: &str = "start";

/// What the bot is made of.
#[derive(Clone)]
pub struct Parts {
    /// The store, which outlives it.
    pub memory: Memory,
    /// Whether other processes may use the store.
    pub is_shared: bool,
    /// Shared with the stand-in.
    pub clock: Clock,
    /// Seeded.
    pub dice: Dice,
    /// The bot's account.
    pub account: BotAccount,
    /// To the stand-in.
    pub clients: Clients,
    /// What the configuration folder holds.
    pub adoptions: Vec<(TaskForceId, AdoptionText)>,
    /// Accounts known beforehand.
    pub people: Vec<KnownAccount>,
    /// How often it died, for whoever wants to know.
    pub deaths: Arc<AtomicU32>,
}

/// None while another process starts.
type Started = Option<(Arc<Service>, Vec<Hand>)>;

type Starting = Pin<Box<dyn Future<Output = anyhow::Result<Started>>>>;

/// What it is doing with its life.
enum Life {
    Dead {
        until: DateTime<Utc>,
    },
    Starting(Starting, Arc<Flag>),
    Running {
        service: Arc<Service>,
        slots: Vec<Slot>,
    },
}

/// The bot.
pub struct Bot {
    parts: Parts,
    rng: Rng,
    life: Life,
    /// Dies after so many polls more.
    dies_in: Option<u32>,
    dead_for: TimeDelta,
    retry_at: Option<DateTime<Utc>>,
    /// Starts that failed since it last ran.
    failed_starts: u32,
    /// How often anything was polled.
    pub polls: u64,
}

async fn load(service: &Service, parts: &Parts) -> anyhow::Result<()> {
    service.load(parts.adoptions.clone()).await?;
    service.pre_fill(&parts.people).await?;
    Ok(())
}

/// Where several share the store, one starts after the other.
async fn start_beside_others(service: Arc<Service>, parts: Parts) -> anyhow::Result<Started> {
    let (store, now) = (service.store(), service.now());
    let bell = store.bell().await?;
    let bell = bell.ok_or_else(|| anyhow::anyhow!("nobody is heard"))?;
    let Some(start) = store.acquire_lease(START, "", LEASE_SECONDS, now).await? else {
        return Ok(None);
    };
    let loaded = load(&service, &parts).await;
    store.release_lease(&start, service.now()).await?;
    loaded?;
    let (clients, term) = (parts.clients, None);
    let worker = Worker::new(service.clone(), clients.clone());
    let hands = vec![
        Hand::Worker(Box::new(worker)),
        Hand::Ear(bell),
        Hand::Turn(Turn { term, clients }),
    ];
    Ok(Some((service, hands)))
}

impl Bot {
    /// A bot that starts with the first piece of work asked of it.
    pub fn new(parts: Parts) -> Self {
        let until = parts.clock.now();
        Self {
            parts,
            rng: Rng::with_seed(0),
            life: Life::Dead { until },
            dies_in: None,
            dead_for: TimeDelta::zero(),
            retry_at: None,
            failed_starts: 0,
            polls: 0,
        }
    }

    /// From here on the order of work is drawn from this seed, so that what was left out before changes nothing.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = Rng::with_seed(seed);
    }

    /// It dies after so many polls more, and is started again after so long.
    pub fn die(&mut self, polls: u32, dead_for: TimeDelta) {
        self.dies_in = Some(polls.max(1));
        self.dead_for = dead_for;
    }

    /// Dies no more; until when it is dead, if it is.
    pub fn spare(&mut self) -> Option<DateTime<Utc>> {
        self.dies_in = None;
        match self.life {
            Life::Dead { until } => Some(until),
            Life::Starting(..) | Life::Running { .. } => None,
        }
    }

    /// Whether it is at work and nothing of an instant was cut short.
    pub fn is_running(&self) -> bool {
        matches!(self.life, Life::Running { .. })
    }

    /// Whether it is about to die.
    pub fn is_doomed(&self) -> bool {
        self.dies_in.is_some()
    }

    /// How often it died.
    pub fn deaths(&self) -> u32 {
        self.parts.deaths.load(Ordering::Relaxed)
    }

    /// The configuration folder holds this from now on; the next start finds it.
    pub fn configure(&mut self, adoptions: Vec<(TaskForceId, AdoptionText)>) {
        self.parts.adoptions = adoptions;
    }

    /// The lease, if this process has it.
    pub fn term(&self) -> Option<&Term> {
        let Life::Running { slots, .. } = &self.life else {
            return None;
        };
        slots.iter().find_map(|slot| match &slot.hand {
            Some(Hand::Turn(turn)) => turn.term.as_ref(),
            Some(Hand::Poller(_) | Hand::Worker(_) | Hand::Sender(_) | Hand::Ticker)
            | Some(Hand::Ear(_))
            | None => None,
        })
    }

    /// The service, while it is running.
    pub fn service(&self) -> Option<&Arc<Service>> {
        match &self.life {
            Life::Running { service, .. } => Some(service),
            Life::Dead { .. } | Life::Starting(..) => None,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    fn starting(&self) -> Starting {
        let parts = self.parts.clone();
        Box::pin(async move {
            let memory = match parts.is_shared {
                true => parts.memory.beside(),
                false => parts.memory.clone(),
            };
            let store = Store::Memory(memory);
            let (clock, dice) = (parts.clock.clone(), parts.dice.clone());
            let service = Service::new(store, clock, dice, parts.account.clone());
            let service = Arc::new(service);
            if parts.is_shared {
                return start_beside_others(service, parts).await;
            }
            load(&service, &parts).await?;
            let (clients, own) = (parts.clients, service.clone());
            let poller = Poller::new(own.clone(), clients.clone()).await?;
            let hands = vec![
                Hand::Poller(Box::new(poller)),
                Hand::Worker(Box::new(Worker::new(own.clone(), clients.clone()))),
                Hand::Sender(Box::new(Sender::new(own, &clients))),
                Hand::Ticker,
            ];
            Ok(Some((service, hands)))
        })
    }

    /// One poll less to live; true when that was the last.
    async fn dies_now(&mut self) -> bool {
        self.polls += 1;
        let Some(left) = self.dies_in.as_mut() else {
            return false;
        };
        *left -= 1;
        if *left > 0 {
            return false;
        }
        self.dies_in = None;
        self.parts.deaths.fetch_add(1, Ordering::Relaxed);
        let until = self.now() + self.dead_for;
        self.life = Life::Dead { until };
        // What it had spawned is cleared away by the runtime.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        true
    }

    /// Does one thing that can be done at this instant; false when nothing can.
    ///
    /// # Errors
    /// It cannot start.
    pub async fn step(&mut self) -> anyhow::Result<bool> {
        match self.life {
            Life::Dead { until } if until > self.now() => Ok(false),
            Life::Dead { .. } => {
                self.life = Life::Starting(self.starting(), Arc::new(Flag(true.into())));
                Ok(true)
            }
            Life::Starting(..) => self.start_on().await,
            Life::Running { .. } => self.work_on().await,
        }
    }

    async fn start_on(&mut self) -> anyhow::Result<bool> {
        if self.dies_now().await {
            return Ok(true);
        }
        let Life::Starting(starting, flag) = &mut self.life else {
            return Ok(true);
        };
        if !flag.0.swap(false, Ordering::Relaxed) {
            anyhow::bail!("a start waits for something that does not come");
        }
        let waker = Waker::from(flag.clone());
        match starting.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending => {}
            // The program ends with an error, and whoever watches over it starts it again.
            Poll::Ready(Err(_)) if self.failed_starts < MOST_STARTS => {
                self.failed_starts += 1;
                let until = self.now() + PATIENCE;
                self.life = Life::Dead { until };
            }
            Poll::Ready(Ok(None)) => {
                let until = self.now() + PATIENCE;
                self.life = Life::Dead { until };
            }
            Poll::Ready(Err(error)) => return Err(error),
            Poll::Ready(Ok(Some((service, hands)))) => {
                self.failed_starts = 0;
                let is_shared = self.parts.is_shared;
                let slots = hands.into_iter();
                let slots = slots.map(|hand| Slot::new(hand, is_shared)).collect();
                self.life = Life::Running { service, slots };
            }
        }
        Ok(true)
    }

    /// Polls one worker that can go on; false when none can.
    async fn work_on(&mut self) -> anyhow::Result<bool> {
        let now = self.now();
        let Life::Running { service, slots } = &mut self.life else {
            return Ok(true);
        };
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_at = None;
            slots.iter_mut().for_each(|slot| slot.is_due = true);
        }
        for slot in slots.iter_mut().filter(|slot| slot.is_due) {
            if let Some(hand) = slot.hand.take() {
                slot.work = Some(look_into(service.clone(), hand));
                slot.flag.0.store(true, Ordering::Relaxed);
                slot.is_due = false;
            }
        }
        let ready: Vec<usize> = (0..slots.len())
            .filter(|at| slots[*at].work.is_some() && slots[*at].flag.0.load(Ordering::Relaxed))
            .collect();
        if ready.is_empty() {
            return Ok(self.someone_woke().await);
        }
        let at = ready[below(&mut self.rng, ready.len())];
        if self.dies_now().await {
            return Ok(true);
        }
        self.poll(at);
        if below(&mut self.rng, 4) == 0 {
            tokio::task::yield_now().await;
        }
        Ok(true)
    }

    fn poll(&mut self, at: usize) {
        let retry_at = self.now() + PATIENCE;
        let Life::Running { slots, .. } = &mut self.life else {
            return;
        };
        let slot = &mut slots[at];
        slot.flag.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(slot.flag.clone());
        let Some(work) = slot.work.as_mut() else {
            return;
        };
        let Poll::Ready((hand, result)) = work.as_mut().poll(&mut Context::from_waker(&waker))
        else {
            return;
        };
        (slot.work, slot.hand) = (None, Some(hand));
        // Whoever listens goes on listening.
        slot.is_due |= slot.kind == Kind::Listens;
        match result {
            Ok(Came::Something) => {
                let looks = |slot: &&mut Slot| slot.kind != Kind::TakesTurns;
                let looking = slots.iter_mut().filter(looks);
                looking.for_each(|slot| slot.is_due = true);
            }
            Ok(Came::OurTurn(hands)) => {
                let hands = hands.into_iter();
                slots.extend(hands.map(|hand| Slot::new(hand, true)));
            }
            Ok(Came::TurnOver) => slots.retain(|slot| slot.kind != Kind::Outward),
            Ok(Came::Nothing) => {}
            Err(_) => {
                self.retry_at.get_or_insert(retry_at);
            }
        }
    }

    /// Lets what the workers spawned run, and says whether that woke one of them.
    async fn someone_woke(&self) -> bool {
        for _ in 0..4 {
            tokio::task::yield_now().await;
            let Life::Running { slots, .. } = &self.life else {
                return true;
            };
            if slots
                .iter()
                .any(|slot| slot.work.is_some() && slot.flag.0.load(Ordering::Relaxed))
            {
                return true;
            }
        }
        false
    }

    /// Whoever is at rest looks whether there is something: after the clock moved, or somebody did something.
    pub fn rouse(&mut self) {
        if let Life::Running { slots, .. } = &mut self.life {
            slots.iter_mut().for_each(|slot| slot.is_due = true);
        }
    }

    /// When something will be due next; what is past and brought nothing is asked again after `patience`.
    pub async fn next_at(&self, patience: TimeDelta) -> anyhow::Result<Option<DateTime<Utc>>> {
        let now = self.now();
        let (service, slots) = match &self.life {
            Life::Dead { until } => return Ok(Some(*until)),
            Life::Starting(..) => return Ok(Some(now + PATIENCE)),
            Life::Running { service, slots } => (service, slots),
        };
        let mut working = slots.iter().filter(|slot| slot.kind != Kind::Listens);
        let waits = working.any(|slot| slot.work.is_some());
        let (mut send, mut wakeup) = (None, None);
        if !self.parts.is_shared || self.term().is_some() {
            send = service.store().next_send_at(now, &[], i64::MAX).await?;
            wakeup = service.next_wakeup().await?;
        }
        let soon = waits.then(|| now + patience);
        let all = [send, wakeup, soon, self.retry_at].into_iter().flatten();
        let later = |at: DateTime<Utc>| match at <= now {
            true => now + patience,
            false => at.max(now + PATIENCE),
        };
        Ok(all.map(later).min())
    }
}
