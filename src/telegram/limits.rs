//! Telegram's pace, kept by token buckets: 30 messages a second in all, one a second per chat, 20 a minute per group; edits count.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::InMemoryState;
use governor::state::direct::NotKeyed;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;

/// Messages a second over all chats.
const ALL_A_SECOND: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// Of these, kept free for answers while any wait.
const FREE_FOR_ANSWERS: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Everything that is no answer.
const OTHERS_A_SECOND: NonZeroU32 =
    NonZeroU32::new(ALL_A_SECOND.get() - FREE_FOR_ANSWERS.get()).expect("not zero");
/// Messages in a row to one private chat before it is held to one a second.
const PRIVATE_BURST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// Messages to one group in any minute.
const GROUP_A_MINUTE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Of these, in a row.
const GROUP_BURST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// What flows back in a minute: with a full bucket before it, no minute holds more than it may.
const GROUP_REFILL: NonZeroU32 =
    NonZeroU32::new(GROUP_A_MINUTE.get() - GROUP_BURST.get()).expect("not zero");

/// No bucket makes anybody wait longer than this; a longer wait comes of a clock that was set back meanwhile.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);

/// governor's view of our clock: it stands still while the clock is set back, and goes on from there.
#[derive(Debug, Clone)]
struct Ticks {
    clock: Clock,
    /// The time by the clock when it was read last, and what had passed by then.
    passed: Arc<Mutex<(DateTime<Utc>, Duration)>>,
}

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let now = self.clock.now();
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, sum) = *passed;
        let sum = sum + (now - before).to_std().unwrap_or_default();
        *passed = (now, sum);
        sum.into()
    }
}

type Keyed = RateLimiter<i64, DefaultKeyedStateStore<i64>, Ticks, NoOpMiddleware<Nanos>>;
type Direct = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Nanos>>;

/// What a message has to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Its chat, until then.
    Chat(DateTime<Utc>),
    /// The token as a whole, until then.
    All(DateTime<Utc>),
}

/// The buckets of one token.
pub struct Limits {
    ticks: Ticks,
    all: Direct,
    others: Direct,
    private: Keyed,
    groups: Keyed,
    closed: HashMap<i64, DateTime<Utc>>,
    others_closed: Option<DateTime<Utc>>,
}

impl Limits {
    /// Full buckets.
    pub fn new(clock: Clock) -> Self {
        let ticks = Ticks {
            passed: Arc::new(Mutex::new((clock.now(), Duration::ZERO))),
            clock,
        };
        let group_pace = Duration::from_secs(60) / GROUP_REFILL.get();
        let group = Quota::with_period(group_pace)
            .expect("a pace above zero")
            .allow_burst(GROUP_BURST);
        let private = Quota::per_second(NonZeroU32::MIN).allow_burst(PRIVATE_BURST);
        Self {
            all: RateLimiter::direct_with_clock(Quota::per_second(ALL_A_SECOND), ticks.clone()),
            others: RateLimiter::direct_with_clock(
                Quota::per_second(OTHERS_A_SECOND),
                ticks.clone(),
            ),
            private: RateLimiter::new(private, DefaultKeyedStateStore::default(), ticks.clone()),
            groups: RateLimiter::new(group, DefaultKeyedStateStore::default(), ticks.clone()),
            closed: HashMap::new(),
            others_closed: None,
            ticks,
        }
    }

    /// Chats whose bucket is empty now.
    pub fn closed_chats(&mut self) -> Vec<i64> {
        let now = self.ticks.clock.now();
        self.closed.retain(|_, until| waits(now, *until));
        let mut chats: Vec<i64> = self.closed.keys().copied().collect();
        chats.sort_unstable();
        chats
    }

    /// When the first closed chat opens again.
    pub fn next_opening(&self) -> Option<DateTime<Utc>> {
        self.closed
            .values()
            .chain(&self.others_closed)
            .min()
            .copied()
    }

    /// Whether only answers may leave now: the rest has used up its share of the second.
    pub fn answers_only(&mut self) -> bool {
        let now = self.ticks.clock.now();
        self.others_closed = self.others_closed.filter(|until| waits(now, *until));
        self.others_closed.is_some()
    }

    /// Takes one message to `chat` out of the buckets, or says what has to be waited for.
    pub fn spend(&mut self, chat: i64, answer: bool) -> Result<(), Wait> {
        let bucket = if chat > 0 {
            &self.private
        } else {
            &self.groups
        };
        if let Err(not_yet) = bucket.check_key(&chat) {
            let until = self.after(not_yet.wait_time_from(self.ticks.now()));
            self.closed.insert(chat, until);
            return Err(Wait::Chat(until));
        }
        if !answer && let Err(not_yet) = self.others.check() {
            let until = self.after(not_yet.wait_time_from(self.ticks.now()));
            self.others_closed = Some(until);
            return Err(Wait::Chat(until));
        }
        match self.all.check() {
            Ok(()) => Ok(()),
            Err(not_yet) => Err(Wait::All(
                self.after(not_yet.wait_time_from(self.ticks.now())),
            )),
        }
    }

    fn after(&self, wait: Duration) -> DateTime<Utc> {
        self.ticks.clock.now() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::seconds(1))
    }
}

fn waits(now: DateTime<Utc>, until: DateTime<Utc>) -> bool {
    now < until && until - now <= LONGEST_WAIT
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: i64 = 7;
    const GROUP: i64 = -100;

    fn limits() -> (Limits, Clock) {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        (Limits::new(clock.clone()), clock)
    }

    fn passes(clock: &Clock, time: TimeDelta) {
        clock.set(clock.now() + time);
    }

    /// How many of these chats take a message now.
    fn taken(limits: &mut Limits, chats: std::ops::Range<i64>, answers: bool) -> usize {
        chats
            .filter(|chat| limits.spend(*chat, answers).is_ok())
            .count()
    }

    #[test]
    fn a_private_chat_takes_three_in_a_row_and_then_one_a_second() {
        let (mut limits, clock) = limits();
        for _ in 0..3 {
            assert_eq!(limits.spend(SOMEBODY, true), Ok(()));
        }
        for _ in 0..3 {
            let opens_at = clock.now() + TimeDelta::seconds(1);
            assert_eq!(limits.spend(SOMEBODY, true), Err(Wait::Chat(opens_at)));
            assert_eq!(limits.closed_chats(), [SOMEBODY]);
            assert_eq!(limits.next_opening(), Some(opens_at));
            assert_eq!(limits.spend(SOMEBODY + 1, true), Ok(()), "another chat");
            passes(&clock, TimeDelta::seconds(1));
            assert_eq!(limits.closed_chats(), [0_i64; 0]);
            assert_eq!(limits.spend(SOMEBODY, true), Ok(()));
        }
    }

    #[test]
    fn no_minute_brings_a_group_more_than_twenty_whoever_asks() {
        const MINUTES: i64 = 10;
        let (mut limits, clock) = limits();
        let mut sent: Vec<i64> = Vec::new();
        for second in 0..60 * MINUTES {
            // Left in peace for a while its bucket is full again.
            let rests = (300..330).contains(&second);
            while !rests && limits.spend(GROUP, second % 2 == 0).is_ok() {
                sent.push(second);
            }
            passes(&clock, TimeDelta::seconds(1));
        }
        for from in &sent {
            let minute = sent.iter().filter(|at| (*from..=from + 60).contains(at));
            assert!(minute.count() <= 20, "in the minute from second {from}");
        }
        let before_the_rest = sent.iter().filter(|at| **at < 300).count();
        assert_eq!(before_the_rest, 5 * 17 + 3 - 1);
    }

    #[test]
    fn a_clock_set_back_closes_no_chat_for_longer() {
        let (mut limits, clock) = limits();
        passes(&clock, TimeDelta::hours(9));
        while limits.spend(SOMEBODY, true).is_ok() {}
        assert_eq!(limits.closed_chats(), [SOMEBODY]);
        passes(&clock, -TimeDelta::hours(3));
        assert_eq!(limits.closed_chats(), [0_i64; 0]);
        let opens_at = clock.now() + TimeDelta::seconds(1);
        assert_eq!(limits.spend(SOMEBODY, true), Err(Wait::Chat(opens_at)));
        passes(&clock, TimeDelta::seconds(1));
        assert_eq!(limits.spend(SOMEBODY, true), Ok(()));
    }

    #[test]
    fn thirty_a_second_leave_in_all() {
        let (mut limits, clock) = limits();
        for round in 0..3 {
            let chats = 1000 * (round + 1)..1000 * (round + 2);
            assert_eq!(taken(&mut limits, chats, true), 30);
            let all = limits.spend(1, true);
            assert!(matches!(all, Err(Wait::All(until)) if until > clock.now()));
            passes(&clock, TimeDelta::seconds(1));
        }
    }

    #[test]
    fn five_of_them_stay_free_for_answers() {
        let (mut limits, clock) = limits();
        assert!(!limits.answers_only());
        assert_eq!(taken(&mut limits, 1000..2000, false), 25);
        assert!(limits.answers_only());
        assert_eq!(taken(&mut limits, 2000..3000, true), 5);
        passes(&clock, TimeDelta::seconds(1));
        assert!(!limits.answers_only());
        assert_eq!(taken(&mut limits, 3000..4000, false), 25);
    }
}
