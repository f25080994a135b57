//! The world's clock: it runs on with the system's and can be put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use duban::clock::Clock;

/// How fine it runs.
const STEP: Duration = Duration::from_millis(5);

/// A clock of the stand-in that a test puts forward between two lives of the program.
pub struct Hours {
    clock: Clock,
    start: DateTime<Utc>,
    begun: Instant,
    ahead: Arc<AtomicI64>,
    stop: Arc<AtomicBool>,
}

impl Hours {
    /// Runs from `start`.
    pub fn from(start: DateTime<Utc>) -> Self {
        let hours = Self {
            clock: Clock::manual(start),
            start,
            begun: Instant::now(),
            ahead: Arc::default(),
            stop: Arc::default(),
        };
        let (clock, begun) = (hours.clock.clone(), hours.begun);
        let (ahead, stop) = (hours.ahead.clone(), hours.stop.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                clock.set(time(start, begun, &ahead));
                std::thread::sleep(STEP);
            }
        });
        hours
    }

    /// For the stand-in.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The time it is.
    pub fn now(&self) -> DateTime<Utc> {
        time(self.start, self.begun, &self.ahead)
    }

    /// Puts it forward.
    pub fn pass(&self, time: TimeDelta) {
        self.ahead
            .fetch_add(time.num_microseconds().unwrap(), Ordering::Relaxed);
        self.clock.set(self.now());
    }
}

impl Drop for Hours {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn time(start: DateTime<Utc>, begun: Instant, ahead: &AtomicI64) -> DateTime<Utc> {
    let run = TimeDelta::from_std(begun.elapsed()).unwrap();
    start + run + TimeDelta::microseconds(ahead.load(Ordering::Relaxed))
}
