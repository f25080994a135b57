//! Telegram's pace: 30 messages in any second over all chats, one a second per chat, 20 a minute per group; edits count. Chats
//! have token buckets; over all chats the times of the last messages are kept, so that not one of a full second is wasted.

use std::collections::{HashMap, HashSet, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Clock;

/// Messages in any second over all chats, where nothing else is set.
pub const ALL_A_SECOND: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// One of so many is kept free for answers while any wait, and behind a burst: five of Telegram's thirty.
const ONE_FOR_ANSWERS_OF: usize = 6;
/// So many of the others make up for a sender that was late.
const OTHERS_IN_A_ROW: i32 = 3;
/// A second by Telegram's count, and a little: the way there is not equally long for every message, and thirty at its end must not
/// become thirty-one.
const A_SECOND: TimeDelta = TimeDelta::milliseconds(1_020);
/// After so long without them, others may leave in a burst again.
const QUIET: TimeDelta = TimeDelta::seconds(2);
/// Messages in a row to one private chat before it is held to one a second.
const PRIVATE_BURST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// Messages to one group in any minute.
const GROUP_A_MINUTE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Of these, in a row.
const GROUP_BURST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
/// What flows back in a minute: with a full bucket before it, no minute holds more than it may.
const GROUP_REFILL: NonZeroU32 =
    NonZeroU32::new(GROUP_A_MINUTE.get() - GROUP_BURST.get()).expect("not zero");

/// No chat waits longer than this for its bucket; a longer wait comes of a clock that was set back meanwhile.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);

/// governor's view of our clock: it stands still while the clock is set back, and goes on from there.
#[derive(Debug, Clone)]
struct Ticks {
    clock: Clock,
    since: DateTime<Utc>,
    /// The time by the clock when it was read last, and what had passed by then.
    passed: Arc<Mutex<(DateTime<Utc>, Duration)>>,
}

impl Ticks {
    fn new(clock: Clock) -> Self {
        let since = clock.now();
        Self {
            clock,
            since,
            passed: Arc::new(Mutex::new((since, Duration::ZERO))),
        }
    }
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

/// How many messages a second may bear.
#[derive(Debug, Clone, Copy)]
struct Pace {
    all: usize,
    /// Everything that is no answer, while answers wait.
    others: usize,
    /// After the first ones at once, others leave so long apart: an answer finds a place soon, wherever in the second it comes.
    apart: TimeDelta,
}

impl Pace {
    fn of(all: NonZeroU32) -> Self {
        let apart = TimeDelta::microseconds(1_000_000 / i64::from(all.get()));
        let all = usize::try_from(all.get()).unwrap_or(usize::MAX);
        let others = (all - all.div_ceil(ONE_FOR_ANSWERS_OF)).max(1);
        Self { all, others, apart }
    }
}

/// When the last messages left: at most so many in any second.
#[derive(Debug, Default)]
struct LastSecond(VecDeque<DateTime<Utc>>);

impl LastSecond {
    /// When there is room for one more among `most`; now or earlier: at once.
    fn opens_at(&self, most: usize, now: DateTime<Utc>) -> DateTime<Utc> {
        let before = self.0.len().checked_sub(most).map(|index| self.0[index]);
        // A clock that went back must not close it for long.
        let before = before.filter(|sent| *sent <= now);
        before.map_or(now, |sent| sent + A_SECOND)
    }

    fn take(&mut self, now: DateTime<Utc>) {
        self.0.retain(|sent| *sent <= now && now - *sent < A_SECOND);
        self.0.push_back(now);
    }
}

/// What is no answer: a burst after a quiet time, then evenly.
#[derive(Debug)]
struct Others {
    pace: Pace,
    last_second: LastSecond,
    /// How many more may leave at once.
    at_once: usize,
    /// When the last one of a burst left.
    burst_at: DateTime<Utc>,
    /// When the next one is in its time.
    next_at: DateTime<Utc>,
}

impl Others {
    fn new(pace: Pace) -> Self {
        Self {
            pace,
            last_second: LastSecond::default(),
            at_once: pace.others,
            burst_at: DateTime::<Utc>::MIN_UTC,
            next_at: DateTime::<Utc>::MIN_UTC,
        }
    }

    fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        let last = self.last_second.0.back();
        last.is_none_or(|last| *last > now || now - *last >= QUIET)
    }

    /// When the next may leave. The places of answers are theirs while any wait, and behind a burst.
    fn opens_at(&self, now: DateTime<Utc>, answers_wait: bool) -> DateTime<Utc> {
        if self.is_quiet(now) {
            return now;
        }
        let behind_a_burst = self.burst_at + A_SECOND > now;
        let most = match answers_wait || behind_a_burst {
            true => self.pace.others,
            false => self.pace.all,
        };
        let in_its_time = match self.at_once {
            // A clock that went back must not close it for long.
            0 => self.next_at.min(now + A_SECOND),
            _ => now,
        };
        self.last_second.opens_at(most, now).max(in_its_time)
    }

    fn take(&mut self, now: DateTime<Utc>) {
        if self.is_quiet(now) {
            self.at_once = self.pace.others;
            self.next_at = now;
        }
        if self.at_once > 0 {
            self.at_once -= 1;
            self.burst_at = now;
        }
        let late = now - self.pace.apart * (OTHERS_IN_A_ROW - 1);
        self.next_at = self.next_at.max(late) + self.pace.apart;
        self.last_second.take(now);
    }
}

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
    pace: Pace,
    all: LastSecond,
    others: Others,
    private: Keyed,
    groups: Keyed,
    /// Until when, and whether an answer waits for it.
    closed: HashMap<i64, (DateTime<Utc>, bool)>,
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
    /// Full buckets, as Telegram's own server bears them.
    pub fn new(clock: Clock) -> Self {
        Self::with_pace(clock, ALL_A_SECOND)
    }

    /// Full buckets, with so many messages a second over all chats.
    pub fn with_pace(clock: Clock, all: NonZeroU32) -> Self {
        let pace = Pace::of(all);
        let ticks = Ticks::new(clock);
        let group = Quota::with_period(group_pace())
            .expect("a pace above zero")
            .allow_burst(GROUP_BURST);
        let private = Quota::per_second(NonZeroU32::MIN).allow_burst(PRIVATE_BURST);
        Self {
            all: LastSecond::default(),
            others: Others::new(pace),
            pace,
            private: RateLimiter::new(private, DefaultKeyedStateStore::default(), ticks.clone()),
            groups: RateLimiter::new(group, DefaultKeyedStateStore::default(), ticks.clone()),
            closed: HashMap::new(),
            drained: None,
            ticks,
        }
    }

    /// Buckets as they may be after another sender for the same token, whose last send began so long ago at the latest: empty
    /// then.
    pub fn after_another(clock: Clock, all: NonZeroU32, ago: TimeDelta) -> Self {
        let mut limits = Self::with_pace(clock, all);
        limits.drained = Some(Drained {
            at: limits.ticks.since - ago,
            seen: HashSet::new(),
        });
        let at = limits.ticks.since - ago;
        let full = std::iter::repeat_n(at, limits.pace.all);
        limits.all.0.extend(full.clone());
        limits.others.last_second.0.extend(full);
        limits.others.at_once = 0;
        limits.others.burst_at = at;
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
        let now = self.now();
        let waits = |until: DateTime<Utc>| now < until && until - now <= LONGEST_WAIT;
        self.closed.retain(|_, (until, _)| waits(*until));
        let mut chats: Vec<i64> = self.closed.keys().copied().collect();
        chats.sort_unstable();
        chats
    }

    /// When the first closed chat opens again.
    pub fn next_opening(&self) -> Option<DateTime<Utc>> {
        self.closed.values().map(|(until, _)| *until).min()
    }

    /// Until when nothing at all may leave; none: something may.
    pub fn all_closed(&self) -> Option<DateTime<Utc>> {
        let opens_at = self.all.opens_at(self.pace.all, self.now());
        Some(opens_at).filter(|opens_at| *opens_at > self.now())
    }

    /// Until when only answers may leave: the rest has used up its share of the second.
    pub fn answers_only(&self) -> Option<DateTime<Utc>> {
        let now = self.now();
        let answers_wait = self
            .closed
            .values()
            .any(|(until, answer)| *answer && *until > now);
        let opens_at = self.others.opens_at(now, answers_wait);
        Some(opens_at).filter(|opens_at| *opens_at > now)
    }

    /// Takes one message to `chat` out of the buckets, or says what has to be waited for.
    pub fn spend(&mut self, chat: i64, answer: bool) -> Result<(), Wait> {
        self.drain(chat);
        if let Some(until) = self.all_closed() {
            return Err(Wait::All(until));
        }
        if let Some(until) = self.answers_only().filter(|_| !answer) {
            return Err(Wait::All(until));
        }
        let bucket = if chat > 0 {
            &self.private
        } else {
            &self.groups
        };
        if let Err(not_yet) = bucket.check_key(&chat) {
            let until = self.after(not_yet.wait_time_from(self.ticks.now()));
            self.closed.insert(chat, (until, answer));
            return Err(Wait::Chat(until));
        }
        let now = self.now();
        self.all.take(now);
        if !answer {
            self.others.take(now);
        }
        Ok(())
    }

    fn now(&self) -> DateTime<Utc> {
        self.ticks.clock.now()
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
            assert_eq!(limits.all_closed(), Some(clock.now() + A_SECOND));
            passes(&clock, A_SECOND);
        }
    }

    #[test]
    fn another_pace_leaves_as_much_and_keeps_its_share_for_answers() {
        for (pace, others) in [(1, 1), (6, 5), (600, 500)] {
            let pace = NonZeroU32::new(pace).unwrap();
            let clock = Clock::manual(DateTime::UNIX_EPOCH);
            let mut limits = Limits::with_pace(clock.clone(), pace);
            assert_eq!(taken(&mut limits, 1000..2000, false), others);
            let left = pace.get() as usize - others;
            assert_eq!(taken(&mut limits, 2000..3000, true), left);
        }
    }

    #[test]
    fn five_of_them_stay_free_for_answers() {
        let (mut limits, clock) = limits();
        assert_eq!(limits.answers_only(), None);
        assert_eq!(taken(&mut limits, 1000..2000, false), 25);
        assert_eq!(limits.answers_only(), Some(clock.now() + A_SECOND));
        assert_eq!(taken(&mut limits, 2000..3000, true), 5);
        passes(&clock, A_SECOND);
        assert_eq!(limits.answers_only(), None);
        assert_eq!(taken(&mut limits, 3000..4000, false), 3, "evenly");
        passes(&clock, QUIET);
        assert_eq!(taken(&mut limits, 4000..5000, false), 25);
    }

    /// Sends others whenever they may leave, until so much time is over; gives when each left.
    fn poured(limits: &mut Limits, clock: &Clock, time: TimeDelta) -> Vec<DateTime<Utc>> {
        let until = clock.now() + time;
        let mut sent = Vec::new();
        for chat in 1_000_000.. {
            let closed = limits.all_closed().max(limits.answers_only());
            clock.set(closed.unwrap_or_else(|| clock.now()));
            if clock.now() >= until {
                break;
            }
            assert_eq!(limits.spend(-chat, false), Ok(()));
            sent.push(clock.now());
        }
        sent
    }

    #[test]
    fn no_second_brings_more_than_thirty_and_none_of_them_is_wasted() {
        let (mut limits, clock) = limits();
        let sent = poured(&mut limits, &clock, TimeDelta::seconds(60));
        for from in &sent {
            let second = sent
                .iter()
                .filter(|at| (*from..*from + A_SECOND).contains(at));
            assert!(second.count() <= 30);
        }
        assert!(sent.len() >= 60 * 30 * 95 / 100, "{}", sent.len());
    }

    #[test]
    fn an_answer_in_the_middle_of_it_finds_a_place_soon() {
        for milliseconds in (0..3000).step_by(7) {
            let (mut limits, clock) = limits();
            poured(&mut limits, &clock, TimeDelta::milliseconds(milliseconds));
            let opens_at = limits.all_closed().unwrap_or_else(|| clock.now());
            let wait = opens_at - clock.now();
            assert!(
                wait <= TimeDelta::milliseconds(100),
                "after {milliseconds} ms {wait}"
            );
        }
    }

    #[test]
    fn while_an_answer_waits_for_its_chat_five_places_are_kept() {
        let (mut limits, clock) = limits();
        poured(&mut limits, &clock, TimeDelta::seconds(5));
        for _ in 0..2 {
            passes(&clock, TimeDelta::milliseconds(50));
            while limits.spend(SOMEBODY, true).is_ok() {
                clock.set(limits.all_closed().unwrap_or_else(|| clock.now()));
            }
        }
        let begun = clock.now();
        let mut sent = 0;
        for chat in 1..200 {
            passes(&clock, TimeDelta::milliseconds(5));
            if clock.now() - begun > TimeDelta::milliseconds(900) {
                break;
            }
            sent += usize::from(limits.spend(-chat, false).is_ok());
        }
        assert!(sent <= 25, "{sent}");
    }

    #[test]
    fn a_clock_that_goes_back_closes_nothing_for_long() {
        let (mut limits, clock) = limits();
        poured(&mut limits, &clock, TimeDelta::seconds(3));
        clock.set(clock.now() - TimeDelta::hours(1));
        let opens_at = limits.all_closed().unwrap_or_else(|| clock.now());
        assert!(
            opens_at - clock.now() <= TimeDelta::seconds(1),
            "{opens_at}"
        );
    }

    #[test]
    fn senders_that_follow_each_other_keep_the_pace_of_one() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let mut limits = Limits::new(clock.clone());
        let (mut to_group, mut to_person, mut to_all) = (Vec::new(), Vec::new(), Vec::new());
        for tenth in 0..3000 {
            if tenth % 97 == 96 {
                limits = Limits::after_another(clock.clone(), ALL_A_SECOND, TimeDelta::zero());
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
        assert!(most_in(&to_all, 10) <= 30);
        assert!(to_group.len() > 40, "it goes on: {}", to_group.len());
        assert!(to_person.len() > 200, "it goes on: {}", to_person.len());
    }

    #[test]
    fn what_has_flown_back_since_the_other_senders_end_may_leave_at_once() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let mut limits =
            Limits::after_another(clock.clone(), ALL_A_SECOND, TimeDelta::milliseconds(1_500));
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
