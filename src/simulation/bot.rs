//! The bot under simulation: its four workers, polled by hand in an order drawn from the seed, until one instant is done, or until it dies.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::setting::below;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::plan::{AdoptionText, TaskForceId};
use crate::service::{KnownAccount, Service};
use crate::store::{Memory, Store};
use crate::telegram::{Clients, Look, Poller, Sender, Worker};

/// Polls within one instant before we say that something turns in circles.
const MOST_POLLS: u32 = 60_000;

/// Starts that may fail one after the other before we say that it does not start.
const MOST_STARTS: u32 = 10;

/// What failed for the database's sake is tried again after so long.
const PATIENCE: TimeDelta = TimeDelta::seconds(1);

/// What the bot is made of.
pub struct Parts {
    /// The store, which outlives it.
    pub memory: Memory,
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

/// Set when a future can go on.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One of the bot's workers, at rest between two pieces of work.
enum Hand {
    Poller(Box<Poller>),
    Worker(Box<Worker>),
    Sender(Box<Sender>),
    Ticker,
}

/// A piece of work: gives the worker back, and whether anything happened.
type Work = Pin<Box<dyn Future<Output = (Hand, anyhow::Result<bool>)>>>;

struct Slot {
    hand: Option<Hand>,
    work: Option<Work>,
    flag: Arc<Flag>,
    /// Something may be there for it.
    is_due: bool,
}

type Starting = Pin<Box<dyn Future<Output = anyhow::Result<(Arc<Service>, [Hand; 4])>>>>;

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

fn look_into(service: Arc<Service>, hand: Hand) -> Work {
    Box::pin(async move {
        match hand {
            Hand::Poller(mut poller) => {
                let result = poller.poll(0).await.map(|new| new > 0);
                (Hand::Poller(poller), result.map_err(anyhow::Error::from))
            }
            Hand::Worker(mut worker) => {
                let result = worker.drain().await;
                let result = match result {
                    Ok(drained) if drained.should_wait => {
                        Err(anyhow::anyhow!("the database refused some updates"))
                    }
                    Ok(drained) => Ok(drained.handled > 0),
                    Err(error) => Err(error.into()),
                };
                (Hand::Worker(worker), result)
            }
            Hand::Sender(mut sender) => {
                let result = async {
                    match sender.look().await? {
                        Look::Settled => Ok(true),
                        Look::Nothing(_) => sender.ask_about_unknown().await.map(|()| false),
                        Look::TokenRefused => Ok(false),
                    }
                };
                let result = result.await.map_err(anyhow::Error::from);
                (Hand::Sender(sender), result)
            }
            Hand::Ticker => {
                let result = service.tick().await;
                (Hand::Ticker, result.map(|_| false).map_err(Into::into))
            }
        }
    })
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

    /// The store.
    pub fn memory(&self) -> &Memory {
        &self.parts.memory
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
        let (memory, clock, dice) = (
            self.parts.memory.clone(),
            self.parts.clock.clone(),
            self.parts.dice.clone(),
        );
        let (account, clients) = (self.parts.account.clone(), self.parts.clients.clone());
        let (adoptions, people) = (self.parts.adoptions.clone(), self.parts.people.clone());
        Box::pin(async move {
            let service = Service::new(Store::Memory(memory), clock, dice, account);
            let service = Arc::new(service);
            service.load(adoptions).await?;
            service.pre_fill(&people).await?;
            let poller = Poller::new(service.clone(), clients.clone()).await?;
            let hands = [
                Hand::Poller(Box::new(poller)),
                Hand::Worker(Box::new(Worker::new(service.clone(), clients.clone()))),
                Hand::Sender(Box::new(Sender::new(service.clone(), &clients))),
                Hand::Ticker,
            ];
            Ok((service, hands))
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

    /// Does everything that can be done at this instant.
    ///
    /// # Errors
    /// It cannot start, or does not come to rest.
    pub async fn settle(&mut self) -> anyhow::Result<()> {
        for _ in 0..MOST_POLLS {
            let goes_on = match self.life {
                Life::Dead { until } if until > self.now() => false,
                Life::Dead { .. } => {
                    self.life = Life::Starting(self.starting(), Arc::new(Flag(true.into())));
                    true
                }
                Life::Starting(..) => self.start_on().await?,
                Life::Running { .. } => self.work_on().await?,
            };
            if !goes_on {
                return Ok(());
            }
        }
        anyhow::bail!("the bot does not come to rest")
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
            Poll::Ready(started) => {
                let (service, hands) = started?;
                self.failed_starts = 0;
                let slots = hands.map(|hand| Slot {
                    hand: Some(hand),
                    work: None,
                    flag: Arc::default(),
                    is_due: true,
                });
                let slots = slots.into();
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
        match result {
            Ok(true) => slots.iter_mut().for_each(|slot| slot.is_due = true),
            Ok(false) => {}
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
        let waits = slots.iter().any(|slot| slot.work.is_some());
        let store = service.store();
        let send = store.next_send_at(now, &[]).await?;
        let wakeup = service.next_wakeup().await?;
        let soon = waits.then(|| now + patience);
        let all = [send, wakeup, soon, self.retry_at].into_iter().flatten();
        let later = |at: DateTime<Utc>| match at <= now {
            true => now + patience,
            false => at.max(now + PATIENCE),
        };
        Ok(all.map(later).min())
    }
}
