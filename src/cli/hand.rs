//! The bot cranked by hand, for the rehearsal and the transcripts: the same service and the same client, step by step on a manual clock.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::plan::{AdoptionText, TaskForceId};
use crate::rehearsal::Player;
use crate::service::{KnownAccount, Service};
use crate::store::Store;
use crate::telegram::{Clients, Look, Poller, Sender, Worker};

/// A poll that failed waits by the clock, which only this hand moves: it is let go after so long, by the real clock.
const POLL_PATIENCE: Duration = Duration::from_secs(4);

/// The longest wait between two tries in an outage.
const LONGEST_OUTAGE_WAIT: TimeDelta = TimeDelta::minutes(30);

/// What an act leads to goes out within this time of the hand's clock.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// Steps within one instant before we say that something turns in circles.
const MOST_ROUNDS: usize = 10_000;

/// A bot that does what is due when it is asked to, and nothing in between.
pub struct Hand {
    store: Store,
    clock: Clock,
    dice: Dice,
    account: BotAccount,
    clients: Clients,
    adoptions: Vec<(TaskForceId, AdoptionText)>,
    people: Vec<KnownAccount>,
    parts: Option<Parts>,
    first_codes: Option<Vec<String>>,
    outage: Option<Outage>,
}

/// While Telegram cannot be reached, tries grow rarer: the sender's own pace would make days of an outage last for minutes here.
#[derive(Debug, Clone, Copy)]
struct Outage {
    next_try: DateTime<Utc>,
    tries: u32,
}

struct Parts {
    service: Arc<Service>,
    poller: Poller,
    worker: Worker,
    sender: Sender,
}

impl Outage {
    /// When the next try is worth while; nothing when nothing waits.
    fn after_a_try(
        &mut self,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        let wait = (TimeDelta::seconds(2) * (1 << self.tries.min(12))).min(LONGEST_OUTAGE_WAIT);
        self.tries += 1;
        self.next_try = now + wait;
        next.map(|next| next.max(self.next_try))
    }
}

impl Parts {
    /// Sends all that may leave now; gives how many rows were settled and when the next may leave.
    async fn send(&mut self) -> anyhow::Result<(usize, Option<DateTime<Utc>>)> {
        let mut sent = 0;
        loop {
            match self.sender.look().await? {
                Look::Settled => sent += 1,
                Look::Nothing(next) => return Ok((sent, next)),
                Look::TokenRefused => anyhow::bail!("the stand-in refused the token"),
            }
        }
    }
}

/// What a hand-cranked bot is made of.
pub struct HandSettings {
    /// The store, kept over restarts.
    pub store: Store,
    /// A manual clock, shared with the stand-in.
    pub clock: Clock,
    /// Seeded.
    pub dice: Dice,
    /// The bot.
    pub account: BotAccount,
    /// Clients of the stand-in.
    pub clients: Clients,
    /// What the configuration folder holds.
    pub adoptions: Vec<(TaskForceId, AdoptionText)>,
    /// Accounts known beforehand.
    pub people: Vec<KnownAccount>,
}

impl Hand {
    /// A bot that is not started yet.
    pub fn new(settings: HandSettings) -> Self {
        let HandSettings {
            store,
            clock,
            dice,
            account,
            clients,
            adoptions,
            people,
        } = settings;
        Self {
            store,
            clock,
            dice,
            account,
            clients,
            adoptions,
            people,
            parts: None,
            first_codes: None,
            outage: None,
        }
    }

    /// The running service.
    ///
    /// # Panics
    /// When it is stopped.
    pub fn service(&self) -> &Arc<Service> {
        &self.parts.as_ref().expect("the bot is running").service
    }

    /// Whether it is running.
    pub fn is_running(&self) -> bool {
        self.parts.is_some()
    }

    /// Other files in the configuration folder from the next start on.
    pub fn set_adoptions(&mut self, adoptions: Vec<(TaskForceId, AdoptionText)>) {
        self.adoptions = adoptions;
    }

    /// Whether Telegram can be reached: while it cannot, nothing is polled for.
    pub fn set_reachable(&mut self, is_reachable: bool) {
        let next_try = self.clock.now();
        self.outage = (!is_reachable).then_some(Outage { next_try, tries: 0 });
    }

    /// Stops, and goes on from the next start over another store, with the codes its first start printed. Gives back both of before.
    pub fn change_store(
        &mut self,
        store: Store,
        first_codes: Option<Vec<String>>,
    ) -> (Store, Option<Vec<String>>) {
        self.parts = None;
        let before = std::mem::replace(&mut self.store, store);
        let codes = std::mem::replace(&mut self.first_codes, first_codes);
        (before, codes)
    }

    /// The codes the first start printed.
    pub fn first_codes(&self) -> Option<&[String]> {
        self.first_codes.as_deref()
    }

    /// The dice.
    pub fn dice(&self) -> &Dice {
        &self.dice
    }

    /// Starts it over its store.
    ///
    /// # Errors
    /// The store fails, or holds something unreadable.
    pub async fn try_start(&mut self) -> anyhow::Result<()> {
        let parts = self.started().await?;
        if self.first_codes.is_none() {
            let codes = parts.service.first_codes().await?;
            self.first_codes = Some(codes.into_iter().map(|(_, _, code)| code).collect());
        }
        self.parts = Some(parts);
        Ok(())
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    async fn started(&self) -> anyhow::Result<Parts> {
        let service = Service::new(
            self.store.clone(),
            self.clock.clone(),
            self.dice.clone(),
            self.account.clone(),
        );
        let service = Arc::new(service);
        service.load(self.adoptions.clone()).await?;
        service.pre_fill(&self.people).await?;
        Ok(Parts {
            poller: Poller::new(service.clone(), self.clients.clone()).await?,
            worker: Worker::new(service.clone(), self.clients.clone()),
            sender: Sender::new(service.clone(), &self.clients),
            service,
        })
    }

    /// One round: polls, works, ticks, sends. Returns whether anything happened, and when something will.
    async fn round(&mut self) -> anyhow::Result<(bool, Option<DateTime<Utc>>)> {
        let Some(parts) = self.parts.as_mut() else {
            return Ok((false, None));
        };
        let received = if self.outage.is_none() {
            let poll = tokio::time::timeout(POLL_PATIENCE, parts.poller.poll(0));
            poll.await.unwrap_or(Ok(0))?
        } else {
            0
        };
        let handled = parts.worker.drain().await?.handled;
        parts.service.tick().await?;
        let now = self.clock.now();
        let (sent, next_send) = match &mut self.outage {
            Some(outage) if now < outage.next_try => (0, Some(outage.next_try)),
            outage => {
                let (sent, next) = parts.send().await?;
                (
                    sent,
                    outage
                        .as_mut()
                        .map_or(next, |outage| outage.after_a_try(now, next)),
                )
            }
        };
        parts.sender.ask_about_unknown().await?;
        let wakeup = parts.service.next_wakeup().await?;
        let next = next_send.into_iter().chain(wakeup).min();
        Ok((received + handled + sent > 0, next))
    }

    async fn settled(&mut self) -> anyhow::Result<Option<DateTime<Utc>>> {
        for _ in 0..MOST_ROUNDS {
            // Everything the bot may do: on the heap, as too much would lie on the stack.
            match Box::pin(self.round()).await? {
                (true, _) => {}
                (false, next) => return Ok(next),
            }
        }
        anyhow::bail!("the bot does not come to rest")
    }

    /// Does what is due at the present instant and says when something will be due next: later than now.
    pub async fn rest(&mut self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let next = self.settled().await?;
        let now = self.clock.now();
        // A wakeup that is already past and brought nothing is asked again a second later, not for ever.
        Ok(next.map(|next| next.max(now + TimeDelta::seconds(i64::from(next <= now)))))
    }

    /// Moves the clock on to `at`, doing everything on the way in its time.
    pub async fn run_to(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        while let Some(next) = self.rest().await?.filter(|next| *next <= at) {
            self.clock.set(next);
        }
        if at > self.clock.now() {
            self.clock.set(at);
        }
        self.settled().await.map(|_| ())
    }

    /// Settles the present instant; what waits for Telegram's pace goes out over the next seconds.
    pub async fn come_to_rest(&mut self) -> anyhow::Result<()> {
        let patience = self.clock.now() + PATIENCE;
        while let Some(next) = self.settled().await? {
            if next > patience || next <= self.clock.now() {
                break;
            }
            self.clock.set(next);
        }
        Ok(())
    }
}

/// A rehearsal that cannot go on is a fault of ours: it ends with the reason.
fn or_end<T>(result: anyhow::Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error:#}"),
    }
}

impl Player for Hand {
    async fn settle(&mut self) {
        or_end(self.come_to_rest().await);
    }

    async fn run_until(&mut self, at: DateTime<Utc>) {
        or_end(self.run_to(at).await);
    }

    async fn stop(&mut self) {
        self.parts = None;
    }

    fn first_code(&self) -> Option<String> {
        self.first_codes.as_ref()?.first().cloned()
    }

    async fn start(&mut self) {
        or_end(self.try_start().await);
    }
}
