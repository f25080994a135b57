//! Telegram's pace, kept by token buckets: 30 messages a second in all, one a second per chat, 20 a minute per group; edits count.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
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

/// governor's view of our clock.
#[derive(Debug, Clone)]
struct Ticks {
    clock: Clock,
    since: DateTime<Utc>,
}

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        (self.clock.now() - self.since)
            .to_std()
            .unwrap_or_default()
            .into()
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
    drained: Option<Drained>,
}

/// Another sender sent for this token until a moment ago, nobody knows what: all buckets were empty then.
#[derive(Debug)]
struct Drained {
    at: DateTime<Utc>,
    /// Chats whose bucket has been emptied as it was then.
    seen: HashSet<i64>,
}

impl Limits {
    /// Full buckets.
    pub fn new(clock: Clock) -> Self {
        let ticks = Ticks {
            since: clock.now(),
            clock,
        };
        let group = Quota::with_period(group_pace())
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
            drained: None,
            ticks,
        }
    }

    /// Buckets as they may be after another sender for the same token, whose last send began so long ago at the latest: empty
    /// then.
    pub fn after_another(clock: Clock, ago: TimeDelta) -> Self {
        let mut limits = Self::new(clock);
        limits.drained = Some(Drained {
            at: limits.ticks.since - ago,
            seen: HashSet::new(),
        });
        if ago < TimeDelta::seconds(1) {
            while limits.all.check().is_ok() {}
            while limits.others.check().is_ok() {}
        }
        limits
    }

    /// Empties the bucket of a chat that is met for the first time, but for what has flown back since the other sender's end.
    fn drain(&mut self, chat: i64) {
        let now = self.ticks.clock.now();
        let (bucket, burst, pace) = if chat > 0 {
            (&self.private, PRIVATE_BURST, Duration::from_secs(1))
        } else {
            (&self.groups, GROUP_BURST, group_pace())
        };
        let Some(drained) = &mut self.drained else {
            return;
        };
        let since = (now - drained.at).to_std().unwrap_or_default();
        if since >= group_pace() * GROUP_BURST.get() {
            // By now every bucket would be full again.
            self.drained = None;
        } else if drained.seen.insert(chat) {
            for flown in 1..=burst.get() {
                if since < pace * flown {
                    // It cannot be short of what is taken: nobody else has met this chat.
                    let _ = bucket.check_key(&chat);
                }
            }
        }
    }

    /// Chats whose bucket is empty now.
    pub fn closed_chats(&mut self) -> Vec<i64> {
        let now = self.ticks.clock.now();
        self.closed.retain(|_, until| *until > now);
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
        self.others_closed = self.others_closed.filter(|until| *until > now);
        self.others_closed.is_some()
    }

    /// Takes one message to `chat` out of the buckets, or says what has to be waited for.
    pub fn spend(&mut self, chat: i64, answer: bool) -> Result<(), Wait> {
        self.drain(chat);
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

/// How long one message to a group takes to flow back.
fn group_pace() -> Duration {
    Duration::from_secs(60) / GROUP_REFILL.get()
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

    #[test]
    fn senders_that_follow_each_other_keep_the_pace_of_one() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let mut limits = Limits::new(clock.clone());
        let (mut to_group, mut to_person, mut to_all) = (Vec::new(), Vec::new(), Vec::new());
        for tenth in 0..3000 {
            if tenth % 37 == 36 {
                limits = Limits::after_another(clock.clone(), TimeDelta::zero());
            }
            while limits.spend(GROUP, true).is_ok() {
                to_group.push(tenth);
            }
            while limits.spend(SOMEBODY, true).is_ok() {
                to_person.push(tenth);
            }
            to_all.extend((0..taken(&mut limits, 1000..1100, true)).map(|_| tenth));
            passes(&clock, TimeDelta::milliseconds(100));
        }
        let most_in = |sent: &[i32], tenths: i32| {
            let from = |from: &i32| {
                let within = sent.iter().filter(|at| (*from..from + tenths).contains(at));
                within.count()
            };
            sent.iter().map(from).max().unwrap_or(0)
        };
        assert!(most_in(&to_group, 600) <= 20);
        assert!(most_in(&to_person, 100) <= 3 + 10);
        assert!(most_in(&to_all, 10) <= 2 * 30);
        assert!(to_group.len() > 40, "it goes on: {}", to_group.len());
        assert!(to_person.len() > 200, "it goes on: {}", to_person.len());
    }

    #[test]
    fn what_has_flown_back_since_the_other_senders_end_may_leave_at_once() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let mut limits = Limits::after_another(clock.clone(), TimeDelta::milliseconds(1_500));
        assert_eq!(limits.spend(SOMEBODY, true), Ok(()));
        assert!(limits.spend(SOMEBODY, true).is_err());
        assert!(limits.spend(GROUP, true).is_err());
        passes(&clock, TimeDelta::milliseconds(2_100));
        assert_eq!(limits.spend(GROUP - 1, true), Ok(()));
        passes(&clock, TimeDelta::seconds(60));
        for _ in 0..3 {
            assert_eq!(limits.spend(GROUP - 2, true), Ok(()));
        }
    }
}
