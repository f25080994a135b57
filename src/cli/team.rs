//! Several processes on one database: all take updates in and work them off; one of them, by lease, does what only one may.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::TimeDelta;
use teloxide::payloads::DeleteWebhook;
use tokio::sync::{Notify, watch};

use crate::service::{Failure, Service, ServiceError};
use crate::store::{Bell, CommitError, Heard, Shelf, StoreError, Term};
use crate::telegram::{ClientSettings, Clients, ConnectError, Fetcher, PollEnd, Poller, Sender};

/// How long a lease lasts: so long after its holder's death at the latest another may take over.
const LEASE_SECONDS: i64 = 6;

/// It is renewed this often.
const RENEW_EVERY: Duration = Duration::from_secs(2);

/// A renewal that failed for the database's sake is tried again after this long.
const RENEW_AGAIN: Duration = Duration::from_millis(200);

/// A holder that could not renew for so long stops by itself, well before its lease ends.
const SAFELY_HELD: Duration = Duration::from_millis(4_500);

/// Who waits asks this often.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// What starts asks this often whether another is through with starting.
const ASK_AT_START: Duration = Duration::from_millis(100);

/// Without word of others the inbox and the outbox are looked into this often: a lane may be free whose taker died.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A bell that broke is put up again after this long.
const BELL_AGAIN: Duration = Duration::from_millis(500);

/// The schedule looks again this long after something changed.
const TICKS_APART: TimeDelta = TimeDelta::seconds(1);

/// Starts that another process may outrun.
const START_ATTEMPTS: usize = 5;

/// What only one process may do for a token: polling, sending, ticking, fetching evidence, keeping house.
#[derive(Clone)]
pub(super) struct Outward {
    pub service: Arc<Service>,
    pub clients: Clients,
    pub settings: ClientSettings,
    pub shelf: Shelf,
    /// The largest piece of evidence that is kept, in bytes; none: none is.
    pub most_evidence: Option<u64>,
    /// Messages a second over all chats.
    pub pace: NonZeroU32,
    /// Updates are polled for; else they come by webhook, to any process.
    pub polls: bool,
    /// Rings when updates came.
    pub rings: Arc<Notify>,
}

impl Outward {
    pub(super) fn fetcher(&self) -> Result<Fetcher, ConnectError> {
        let (service, shelf) = (self.service.clone(), self.shelf.clone());
        Fetcher::new(service, &self.settings, shelf, self.most_evidence)
    }

    /// Does it until `stop` is true: at once where there is no other process, else whenever the lease is ours.
    ///
    /// # Errors
    /// It cannot go on.
    pub(super) async fn run(self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        if self.service.store().is_shared() {
            self.in_turn(stop).await
        } else {
            self.work(None, stop).await
        }
    }

    async fn in_turn(self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let name = format!("outward/{}", self.service.bot().id);
        let mut waits = false;
        while !*stop.borrow() {
            self.service.metrics().turned(self.service.now());
            let held = tokio::time::sleep(SAFELY_HELD);
            match acquire(&self.service, &name).await {
                Ok(Some(term)) => {
                    tracing::info!(
                        term = term.number,
                        "this process sends for the bot from now on"
                    );
                    self.serve_term(term, held, &mut stop).await?;
                    waits = false;
                }
                Ok(None) if waits => {}
                Ok(None) => {
                    waits = true;
                    tracing::info!(
                        "another process sends for the bot; this one works on updates, and takes over when that one ends"
                    );
                }
                Err(error) => {
                    tracing::warn!(%error, "whose turn it is to send waits for the database");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(ASK_EVERY), if !*stop.borrow() => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        Ok(())
    }

    async fn serve_term(
        &self,
        term: Term,
        held: tokio::time::Sleep,
        stop: &mut watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let (over, ends) = watch::channel(false);
        let mut work = tokio::spawn(self.clone().work(Some(term.clone()), ends));
        let ended = tokio::select! {
            ended = &mut work => Some(ended),
            () = keep(&self.service, &term, held) => {
                tracing::warn!(term = term.number, "the lease is lost: this process sends no more");
                None
            }
            _ = stop.wait_for(|stop| *stop) => None,
        };
        over.send_replace(true);
        let ended = match ended {
            Some(ended) => ended,
            None => work.await,
        };
        // So that the next takes over at once.
        if let Err(error) = release(&self.service, &term).await {
            tracing::warn!(%error, "the lease was not given back; it runs out by itself");
        }
        ended.context("sending for the bot")?
    }

    async fn work(self, term: Option<Term>, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let (over, ends) = watch::channel(false);
        let ours_alone = term.is_none();
        let sender = match term {
            None => Sender::new(self.service.clone(), &self.clients).at_pace(self.pace),
            Some(term) => Sender::within(term, self.pace, self.service.clone(), &self.clients),
        };
        let (metrics, now) = (self.service.metrics(), self.service.now());
        metrics.turned(now);
        metrics.outward(Some(now));
        // Keys may have been given out meanwhile.
        self.service.others_wrote(None).await;
        let sender = tokio::spawn(sender.run(ends.clone()));
        let fetcher = tokio::spawn(self.fetcher()?.run(ends.clone()));
        let ticker = tokio::spawn(tick(self.service.clone(), ends));
        let end = tokio::select! {
            end = self.poll(ours_alone), if self.polls => end,
            _ = stop.wait_for(|stop| *stop) => Ok(()),
        };
        over.send_replace(true);
        // A task that panicked has been logged by its runtime; the others still finish.
        let _ = tokio::join!(sender, fetcher, ticker);
        self.service.metrics().outward(None);
        end
    }

    /// Ends only when it cannot go on.
    async fn poll(&self, ours_alone: bool) -> anyhow::Result<()> {
        let left = self.clients.send.ask(DeleteWebhook::new()).await;
        match left.context("leaving webhook mode") {
            Ok(_) => {}
            Err(error) if ours_alone => return Err(error),
            // The poller meets it again.
            Err(error) => tracing::warn!(%error, "polling begins all the same"),
        }
        let poller = Poller::new(self.service.clone(), self.clients.clone()).await?;
        let end: PollEnd = poller.run(self.rings.clone()).await;
        Err(end.into())
    }
}

async fn tick(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let ticked = service.tick().await;
        let (metrics, now) = (service.metrics(), service.now());
        metrics.turned(now);
        let next = match ticked {
            Ok(next) => {
                metrics.ticked(now);
                next
            }
            Err(error) => {
                metrics.failed(Failure::Database);
                tracing::error!(%error, "the schedule waits for the database");
                None
            }
        };
        let next = next.unwrap_or_else(|| service.now() + TimeDelta::seconds(1));
        let rung = tokio::select! {
            () = service.clock().sleep_until(next) => false,
            () = service.tick_rings.notified() => true,
            _ = stop.changed() => false,
        };
        if rung {
            // Many updates ring, one look serves them all.
            let soon = next.min(service.now() + TICKS_APART);
            tokio::select! {
                () = service.clock().sleep_until(soon) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

async fn acquire(service: &Service, name: &str) -> Result<Option<Term>, StoreError> {
    let store = service.store();
    store
        .acquire_lease(name, &holder(), LEASE_SECONDS, service.now())
        .await
}

async fn release(service: &Service, term: &Term) -> Result<(), StoreError> {
    service.store().release_lease(term, service.now()).await
}

/// This process, for whoever looks into the table.
fn holder() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} of {}", std::process::id(), host.trim())
}

/// Renews a lease; returns when it is lost, or could not be renewed until `held`.
async fn keep(service: &Service, term: &Term, held: tokio::time::Sleep) {
    let mut held = Box::pin(held);
    let mut pause = RENEW_EVERY;
    loop {
        let renewed = async {
            tokio::time::sleep(pause).await;
            let next = Box::pin(tokio::time::sleep(SAFELY_HELD));
            let store = service.store();
            let renewed = store.renew_lease(term, LEASE_SECONDS, service.now());
            (renewed.await, next)
        };
        let (renewed, next) = tokio::select! {
            () = &mut held => return,
            renewed = renewed => renewed,
        };
        match renewed {
            Ok(()) => {
                held = next;
                pause = RENEW_EVERY;
            }
            Err(CommitError::Store(error)) => {
                tracing::warn!(%error, "the lease could not be renewed; it is tried again");
                pause = RENEW_AGAIN;
            }
            Err(_) => return,
        }
    }
}

/// Runs what only one process may do at its start, such as adopting a plan for the first time; again where a process that is
/// at work already was faster.
///
/// # Errors
/// The start failed.
pub(super) async fn start<T>(
    service: &Service,
    work: impl AsyncFn() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if !service.store().is_shared() {
        return work().await;
    }
    let (term, held) = loop {
        let held = tokio::time::sleep(SAFELY_HELD);
        if let Some(term) = acquire(service, "start").await? {
            break (term, held);
        }
        tokio::time::sleep(ASK_AT_START).await;
    };
    let done = async {
        let mut done = work().await;
        for _ in 1..START_ATTEMPTS {
            if !done.as_ref().is_err_and(is_outrun) {
                break;
            }
            done = work().await;
        }
        done
    };
    let done = tokio::select! {
        done = done => done,
        // The next to start may begin meanwhile: it is outrun, or we are.
        () = keep(service, &term, held) => Err(anyhow::anyhow!("the database was away during the start")),
    };
    release(service, &term).await?;
    done
}

fn is_outrun(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(ServiceError::Commit(
            CommitError::HeadMoved | CommitError::KeyTaken(_)
        ))
    )
}

/// Passes on what other processes commit, until `stop` is true.
pub(super) async fn hear(service: Arc<Service>, rings: Arc<Notify>, stop: watch::Receiver<bool>) {
    if !service.store().is_shared() {
        return;
    }
    let mut stopping = stop.clone();
    tokio::select! {
        () = listen(&service, &rings) => {}
        () = look_now_and_then(&service, &rings) => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
}

async fn look_now_and_then(service: &Service, rings: &Notify) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        rings.notify_one();
        service.outbox_rings.notify_one();
    }
}

async fn listen(service: &Service, rings: &Notify) {
    loop {
        let error = match service.store().bell().await {
            Ok(None) => return std::future::pending().await,
            Ok(Some(bell)) => pass_on(service, rings, bell).await,
            Err(error) => error,
        };
        tracing::warn!(%error, "other processes are not heard; the database is looked into instead");
        tokio::time::sleep(BELL_AGAIN).await;
    }
}

async fn pass_on(service: &Service, rings: &Notify, mut bell: Bell) -> StoreError {
    // What was said before we listened.
    let mut heard = Heard::Anything;
    loop {
        match heard {
            Heard::Inbox => rings.notify_one(),
            Heard::Changed(ids) => {
                service.outbox_rings.notify_one();
                service.evidence_rings.notify_one();
                service.others_wrote(Some(&ids)).await;
            }
            Heard::Anything => {
                rings.notify_one();
                service.outbox_rings.notify_one();
                service.evidence_rings.notify_one();
                service.others_wrote(None).await;
            }
        }
        heard = match bell.heard().await {
            Ok(heard) => heard,
            Err(error) => return error,
        };
    }
}
