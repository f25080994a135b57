//! Several processes on one memory, for a simulation: whose an update is goes by the clock they share, and what one commits
//! the others hear.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::task::{Poll, Waker};

use chrono::{DateTime, Utc};

use super::{Memory, State};
use crate::plan::TaskForceId;
use crate::store::{Changes, Heard};

/// The clock of the database, as all processes on it see it.
#[derive(Clone)]
pub(super) struct DatabaseClock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl fmt::Debug for DatabaseClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseClock({})", self.0())
    }
}

/// What a process has not heard yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Ears {
    words: VecDeque<Heard>,
    waker: Option<Waker>,
}

/// Hears what other processes commit.
#[derive(Debug)]
pub(in crate::store) struct Bell(Memory);

impl Memory {
    /// From now on several processes may share it, each by a [`Memory::beside`] of its own.
    pub fn share(&self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) {
        self.lock().clock = Some(DatabaseClock(Arc::new(clock)));
    }

    /// The same store for another process, or for one that was started anew.
    #[must_use]
    pub fn beside(&self) -> Self {
        let mut state = self.lock();
        state.takers += 1;
        Self {
            state: self.state.clone(),
            taker: state.takers,
        }
    }

    pub(in crate::store) fn is_shared(&self) -> bool {
        self.lock().clock.is_some()
    }

    pub(in crate::store) fn bell(&self) -> Option<Bell> {
        let mut state = self.lock();
        state.clock.as_ref()?;
        state.ears.insert(self.taker, Ears::default());
        Some(Bell(self.clone()))
    }
}

impl Bell {
    /// The next word of another process.
    pub async fn heard(&mut self) -> Heard {
        std::future::poll_fn(|context| {
            let mut state = self.0.lock();
            let ears = state.ears.entry(self.0.taker).or_default();
            match ears.words.pop_front() {
                Some(word) => Poll::Ready(word),
                None => {
                    ears.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.0.lock().ears.remove(&self.0.taker);
    }
}

impl State {
    /// The database's clock, where several processes share it.
    pub(super) fn clock_now(&self) -> Option<DateTime<Utc>> {
        self.clock.as_ref().map(|clock| clock.0())
    }

    /// Tells everybody but the one who did it.
    pub(super) fn ring(&mut self, own: i64, word: &Heard) {
        let others = self.ears.iter_mut().filter(|(taker, _)| **taker != own);
        for (_, ears) in others {
            ears.words.push_back(word.clone());
            if let Some(waker) = ears.waker.take() {
                waker.wake();
            }
        }
    }

    /// What a commit means for others: the task forces it touched, and updates taken up again.
    pub(super) fn ring_changed(&mut self, own: i64, touched: Touched) {
        if let Some(forces) = touched.forces {
            self.ring(own, &Heard::Changed(forces.into_iter().collect()));
        }
        if touched.takes_up {
            self.ring(own, &Heard::Inbox);
        }
    }
}

/// What a commit touched that others should hear of.
#[derive(Default)]
pub(super) struct Touched {
    forces: Option<BTreeSet<TaskForceId>>,
    takes_up: bool,
}

impl Touched {
    pub fn by(changes: &Changes) -> Self {
        let concerns = changes.concern_others();
        Self {
            forces: concerns.then(|| changes.task_force.iter().cloned().collect()),
            takes_up: !changes.taken_up_again.is_empty(),
        }
    }

    pub fn add(&mut self, other: Self) {
        self.takes_up |= other.takes_up;
        if let Some(forces) = other.forces {
            self.forces.get_or_insert_default().extend(forces);
        }
    }
}
