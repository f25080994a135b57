//! What a process of the bot works with: each hand does a piece of work and comes back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use crate::service::Service;
use crate::store::{Bell, CommitError, Heard, Term};
use crate::telegram::{ALL_A_SECOND, Clients, Look, Poller, Sender, Worker};

/// What only one process may do.
pub const OUTWARD: &str = "outward";

/// How long a lease lasts, as in `cli::team`.
pub const LEASE_SECONDS: i64 = 6;

/// Set when a future can go on.
#[derive(Default)]
pub(super) struct Flag(pub AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One of the bot's workers, at rest between two pieces of work.
pub(super) enum Hand {
    Poller(Box<Poller>),
    Worker(Box<Worker>),
    Sender(Box<Sender>),
    Ticker,
    /// Hears what other processes commit.
    Ear(Bell),
    /// Whether it is this process's turn to do what only one may.
    Turn(Turn),
}

/// The lease, if it is ours.
pub(super) struct Turn {
    pub term: Option<Term>,
    pub clients: Clients,
}

/// What came of a piece of work.
pub(super) enum Came {
    Nothing,
    Something,
    /// It is our turn: whom that takes.
    OurTurn(Vec<Hand>),
    /// It is our turn no more.
    TurnOver,
}

impl Came {
    fn of(something: bool) -> Self {
        match something {
            true => Self::Something,
            false => Self::Nothing,
        }
    }
}

/// A piece of work: gives the worker back, and what came of it.
pub(super) type Work = Pin<Box<dyn Future<Output = (Hand, anyhow::Result<Came>)>>>;

pub(super) struct Slot {
    pub hand: Option<Hand>,
    pub work: Option<Work>,
    pub flag: Arc<Flag>,
    /// Something may be there for it.
    pub is_due: bool,
    pub kind: Kind,
}

/// When a slot is due, and how long it stays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Looks whenever something happened.
    Looks,
    /// The same, as long as it is this process's turn.
    Outward,
    /// Waits for others.
    Listens,
    /// Looks when time went on.
    TakesTurns,
}

impl Slot {
    pub fn new(hand: Hand, is_shared: bool) -> Self {
        let kind = match hand {
            Hand::Worker(_) => Kind::Looks,
            Hand::Poller(_) | Hand::Sender(_) | Hand::Ticker if is_shared => Kind::Outward,
            Hand::Poller(_) | Hand::Sender(_) | Hand::Ticker => Kind::Looks,
            Hand::Ear(_) => Kind::Listens,
            Hand::Turn(_) => Kind::TakesTurns,
        };
        Self {
            hand: Some(hand),
            work: None,
            flag: Arc::default(),
            is_due: true,
            kind,
        }
    }
}

pub(super) fn look_into(service: Arc<Service>, hand: Hand) -> Work {
    Box::pin(async move {
        match hand {
            Hand::Poller(mut poller) => {
                let result = poller.poll(0).await.map(|new| Came::of(new > 0));
                (Hand::Poller(poller), result.map_err(anyhow::Error::from))
            }
            Hand::Worker(mut worker) => {
                let result = worker.drain().await;
                let result = match result {
                    Ok(drained) if drained.should_wait => {
                        Err(anyhow::anyhow!("the database refused some updates"))
                    }
                    Ok(drained) => Ok(Came::of(drained.handled > 0)),
                    Err(error) => Err(error.into()),
                };
                (Hand::Worker(worker), result)
            }
            Hand::Sender(mut sender) => {
                let result = async {
                    match sender.look().await? {
                        Look::Settled => Ok(Came::Something),
                        Look::Nothing(_) => {
                            sender.ask_about_unknown().await.map(|()| Came::Nothing)
                        }
                        Look::TokenRefused => Ok(Came::Nothing),
                    }
                };
                let result = result.await.map_err(anyhow::Error::from);
                (Hand::Sender(sender), result)
            }
            Hand::Ticker => {
                let result = service.tick().await;
                let result = result.map(|_| Came::Nothing);
                (Hand::Ticker, result.map_err(Into::into))
            }
            Hand::Ear(mut bell) => {
                let result = hear(&service, &mut bell).await;
                (Hand::Ear(bell), result)
            }
            Hand::Turn(mut turn) => {
                let result = turn.look(&service).await;
                (Hand::Turn(turn), result)
            }
        }
    })
}

/// Passes on what another process committed.
async fn hear(service: &Service, bell: &mut Bell) -> anyhow::Result<Came> {
    match bell.heard().await? {
        Heard::Inbox => {}
        Heard::Changed(ids) => service.others_wrote(Some(&ids)).await,
        Heard::Anything => service.others_wrote(None).await,
    }
    Ok(Came::Something)
}

impl Turn {
    /// Renews the lease, or asks for it.
    async fn look(&mut self, service: &Arc<Service>) -> anyhow::Result<Came> {
        let (store, now) = (service.store(), service.now());
        if let Some(term) = &self.term {
            return match store.renew_lease(term, LEASE_SECONDS, now).await {
                Ok(()) => Ok(Came::Nothing),
                Err(CommitError::TermOver(_)) => {
                    self.term = None;
                    Ok(Came::TurnOver)
                }
                Err(error) => Err(error.into()),
            };
        }
        let taken = store.acquire_lease(OUTWARD, "", LEASE_SECONDS, now).await?;
        let Some(term) = taken else {
            return Ok(Came::Nothing);
        };
        service.others_wrote(None).await;
        let poller = Poller::new(service.clone(), self.clients.clone()).await?;
        let sender = Sender::within(term.clone(), ALL_A_SECOND, service.clone(), &self.clients);
        self.term = Some(term);
        Ok(Came::OurTurn(vec![
            Hand::Poller(Box::new(poller)),
            Hand::Sender(Box::new(sender)),
            Hand::Ticker,
        ]))
    }
}
