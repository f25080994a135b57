//! The only place that knows what time it is and where randomness comes from.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the module that hands time and randomness to all others"
)]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// A clock: the system's, the system's shifted to another start, or one that a test or the rehearsal moves by hand.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Runs at the system's pace, this far away from it.
    Shifted(chrono::TimeDelta),
    /// Stands still until [`Clock::set`].
    Manual(Arc<watch::Sender<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that starts at `at` and runs on at the system's pace.
    pub fn starting_at(at: DateTime<Utc>) -> Self {
        Self::Shifted(at - Utc::now())
    }

    /// A clock that shows `at` until it is set.
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(watch::Sender::new(at)))
    }

    /// The time it shows.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Shifted(by) => Utc::now() + *by,
            Self::Manual(at) => *at.borrow(),
        }
    }

    /// Moves a manual clock; no effect on others. Sleepers whose time has come wake up.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Self::Manual(now) = self {
            now.send_replace(at);
        }
    }

    /// Returns once the clock shows `at` or later.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match self {
            Self::System | Self::Shifted(_) => {
                if let Ok(wait) = (at - self.now()).to_std() {
                    tokio::time::sleep(wait).await;
                }
            }
            Self::Manual(now) => {
                let mut now = now.subscribe();
                // The sender lives as long as `self`, so waiting cannot fail while we hold it.
                let _ = now.wait_for(|now| *now >= at).await;
            }
        }
    }

    /// Returns after `wait` of this clock's time.
    pub async fn sleep(&self, wait: Duration) {
        let wait = chrono::TimeDelta::from_std(wait).unwrap_or(chrono::TimeDelta::MAX / 2);
        self.sleep_until(self.now() + wait).await;
    }
}

/// Randomness for one event: salts, codes and jitter are drawn from it in a fixed order, so a replay with the same entropy is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entropy(pub [u8; 32]);

/// Where [`Entropy`] comes from.
#[derive(Debug, Clone)]
pub enum Dice {
    /// The operating system.
    System,
    /// A seeded sequence, for tests, simulation and the rehearsal.
    Seeded(Arc<std::sync::atomic::AtomicU64>),
}

impl Dice {
    /// A sequence that is the same for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(std::sync::atomic::AtomicU64::new(seed)))
    }

    /// How many throws of a seeded sequence are past; nothing for the operating system's.
    pub fn position(&self) -> Option<u64> {
        match self {
            Self::System => None,
            Self::Seeded(next) => Some(next.load(std::sync::atomic::Ordering::Relaxed)),
        }
    }

    /// Puts a seeded sequence where [`Dice::position`] found it.
    pub fn go_to(&self, position: u64) {
        if let Self::Seeded(next) = self {
            next.store(position, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// The next throw.
    pub fn throw(&self) -> Entropy {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
                Entropy(bytes)
            }
            Self::Seeded(next) => {
                use sha2::Digest;
                let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Entropy(sha2::Sha256::digest(n.to_le_bytes()).into())
            }
        }
    }
}
