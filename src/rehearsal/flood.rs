//! Flood control: how fast the bot may send, and what it costs to be impatient.
//!
//! Per chat one message a second with a small burst, per group 20 sends and edits a minute, 30 a second over all
//! (Telegram's FAQ; that edits share a group's budget is the maintainer's word). Whoever goes on before `retry_after` has passed waits longer.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::whole_seconds;

/// Messages a chat takes at once before one a second holds.
const BURST: i32 = 5;
/// Sends and edits a group takes in [`WINDOW`].
const PER_GROUP: usize = 20;
/// The window of [`PER_GROUP`].
const WINDOW: TimeDelta = TimeDelta::seconds(60);
/// Sends and edits the whole bot may make in a second.
const OVERALL: usize = 30;
/// The longest `retry_after` that impatience leads to, in seconds.
const LONGEST: u32 = 600;

/// What is about to be done in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// This many new messages; each item of an album counts.
    Send(usize),
    /// A change of a message that is there.
    Edit,
}

/// Why a call has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    pub seconds: u32,
    /// Seconds by which the call came before a `retry_after` had passed that the bot was told of; 0 if it did not.
    pub early_by: u32,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Lane {
    /// The time up to which the one-a-second budget is spent.
    spent_until: Option<DateTime<Utc>>,
    /// Sends and edits within the window.
    recent: VecDeque<DateTime<Utc>>,
    blocked_until: Option<DateTime<Utc>>,
    /// Until when the bot was told to wait: a refusal that never reached it binds nobody.
    #[serde(default)]
    told_until: Option<DateTime<Utc>>,
    /// Early retries in a row.
    strikes: u32,
}

/// The budgets of all chats and of the bot.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Flood {
    pub enforced: bool,
    /// The bot does not hear what comes of the call that is being carried out.
    #[serde(skip)]
    pub unheard: bool,
    chats: BTreeMap<i64, Lane>,
    recent: VecDeque<DateTime<Utc>>,
    /// Until then every chat refuses.
    limited_until: Option<DateTime<Utc>>,
}

impl Default for Flood {
    fn default() -> Self {
        Self {
            enforced: true,
            unheard: false,
            chats: BTreeMap::new(),
            recent: VecDeque::new(),
            limited_until: None,
        }
    }
}

impl Flood {
    /// Takes `act` from the budgets, or says how long to wait; then nothing was taken.
    pub fn spend(&mut self, chat: i64, act: Act, now: DateTime<Utc>) -> Result<(), Wait> {
        self.still_blocked(chat, now)?;
        if let Some(until) = self.limited_until(now) {
            self.close(chat, until);
            return Err(Wait {
                seconds: whole_seconds(until - now),
                early_by: 0,
            });
        }
        if !self.enforced {
            return Ok(());
        }
        let count = match act {
            Act::Send(count) => count,
            Act::Edit => 1,
        };
        forget(&mut self.recent, now - TimeDelta::seconds(1));
        let lane = self.chats.entry(chat).or_default();
        forget(&mut lane.recent, now - WINDOW);
        let wait = [
            lane.wait_for_burst(act, now),
            lane.wait_for_window(chat < 0, count, now),
            overall(&self.recent, count, now),
        ];
        if let Some(wait) = wait.into_iter().flatten().max() {
            let seconds = whole_seconds(wait);
            self.close(chat, now + TimeDelta::seconds(seconds.into()));
            return Err(Wait {
                seconds,
                early_by: 0,
            });
        }
        lane.strikes = 0;
        lane.take(act, count, now);
        self.recent.extend(std::iter::repeat_n(now, count));
        Ok(())
    }

    /// Makes the chat refuse for `seconds`, as a 429 on demand does.
    pub fn block(&mut self, chat: i64, seconds: u32, now: DateTime<Utc>) {
        self.close(chat, now + TimeDelta::seconds(seconds.into()));
    }

    /// The chat refuses until then, and the bot is told so if it hears what comes of its call.
    fn close(&mut self, chat: i64, until: DateTime<Utc>) {
        let lane = self.chats.entry(chat).or_default();
        lane.blocked_until = Some(until);
        if !self.unheard {
            lane.told_until = Some(until);
        }
    }

    /// Makes every chat refuse for `seconds`: whoever is told so once and comes back early is impatient.
    pub fn block_all(&mut self, seconds: u32, now: DateTime<Utc>) {
        self.limited_until = Some(now + TimeDelta::seconds(seconds.into()));
    }

    /// How long every chat refuses, if it does.
    pub fn limited_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.limited_until.filter(|until| *until > now)
    }

    fn still_blocked(&mut self, chat: i64, now: DateTime<Utc>) -> Result<(), Wait> {
        let Some(lane) = self.chats.get_mut(&chat) else {
            return Ok(());
        };
        let Some(until) = lane.blocked_until.filter(|until| *until > now) else {
            lane.blocked_until = None;
            return Ok(());
        };
        lane.strikes += 1;
        let left = whole_seconds(until - now);
        let seconds = left
            .saturating_mul(1 << lane.strikes.min(8))
            .min(LONGEST.max(left));
        // What is on its way since before is not impatient, whenever it comes.
        let told = lane.told_until.filter(|_| !self.unheard);
        let told = told.filter(|told| *told > now);
        let early_by = told.map_or(0, |told| whole_seconds(told - now));
        self.close(chat, now + TimeDelta::seconds(seconds.into()));
        Err(Wait { seconds, early_by })
    }
}

impl Lane {
    fn wait_for_burst(&self, act: Act, now: DateTime<Utc>) -> Option<TimeDelta> {
        let Act::Send(_) = act else { return None };
        let ahead = self.spent_until.unwrap_or(now) - now;
        let wait = ahead - TimeDelta::seconds(i64::from(BURST - 1));
        (wait > TimeDelta::zero()).then_some(wait)
    }

    fn wait_for_window(&self, group: bool, count: usize, now: DateTime<Utc>) -> Option<TimeDelta> {
        let too_many = (self.recent.len() + count)
            .checked_sub(PER_GROUP)
            .filter(|n| group && *n > 0)?;
        // An album larger than the whole budget waits for an empty window.
        let frees = self
            .recent
            .get(too_many.min(self.recent.len()).checked_sub(1)?)?;
        Some(*frees + WINDOW - now)
    }

    fn take(&mut self, act: Act, count: usize, now: DateTime<Utc>) {
        if let Act::Send(count) = act {
            let sent = i64::try_from(count).unwrap_or(i64::MAX);
            self.spent_until =
                Some(self.spent_until.unwrap_or(now).max(now) + TimeDelta::seconds(sent.min(60)));
        }
        self.recent.extend(std::iter::repeat_n(now, count));
    }
}

fn overall(
    recent: &VecDeque<DateTime<Utc>>,
    count: usize,
    now: DateTime<Utc>,
) -> Option<TimeDelta> {
    let too_many = (recent.len() + count)
        .checked_sub(OVERALL)
        .filter(|n| *n > 0)?;
    let frees = recent.get(too_many.min(recent.len()).checked_sub(1)?)?;
    Some(*frees + TimeDelta::seconds(1) - now)
}

/// Forgets what lies at or before `until`.
fn forget(times: &mut VecDeque<DateTime<Utc>>, until: DateTime<Utc>) {
    while times.front().is_some_and(|at| *at <= until) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(n: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + n, 0).unwrap()
    }

    #[test]
    fn a_private_chat_takes_a_small_burst_then_one_a_second() {
        let mut flood = Flood::default();
        for _ in 0..BURST {
            assert_eq!(flood.spend(7, Act::Send(1), second(0)), Ok(()));
        }
        assert_eq!(
            flood.spend(7, Act::Send(1), second(0)),
            Err(Wait {
                seconds: 1,
                early_by: 0
            })
        );
        assert_eq!(
            flood.spend(8, Act::Send(1), second(0)),
            Ok(()),
            "another chat is not touched"
        );
        assert_eq!(flood.spend(7, Act::Send(1), second(1)), Ok(()));
    }

    #[test]
    fn edits_share_a_groups_budget_of_twenty_a_minute() {
        let mut flood = Flood::default();
        for n in 0..20 {
            let act = if n % 2 == 0 { Act::Send(1) } else { Act::Edit };
            assert_eq!(flood.spend(-5, act, second(n)), Ok(()));
        }
        assert_eq!(
            flood.spend(-5, Act::Edit, second(20)),
            Err(Wait {
                seconds: 40,
                early_by: 0
            })
        );
        assert_eq!(flood.spend(-5, Act::Edit, second(60)), Ok(()));
    }

    #[test]
    fn whoever_does_not_wait_waits_longer() {
        let mut flood = Flood::default();
        flood.block(-5, 10, second(0));
        assert_eq!(
            flood.spend(-5, Act::Send(1), second(4)),
            Err(Wait {
                seconds: 12,
                early_by: 6
            })
        );
        assert_eq!(
            flood.spend(-5, Act::Send(1), second(14)),
            Err(Wait {
                seconds: 8,
                early_by: 2
            })
        );
        assert_eq!(flood.spend(-5, Act::Send(1), second(22)), Ok(()));
    }

    #[test]
    fn whoever_was_not_told_is_not_impatient() {
        let refused = |seconds, early_by| Err(Wait { seconds, early_by });
        let mut flood = Flood {
            unheard: true,
            ..Flood::default()
        };
        flood.block(-5, 10, second(0));
        flood.unheard = false;
        let first = flood.spend(-5, Act::Send(1), second(4));
        assert_eq!(first, refused(12, 0), "refused all the same");
        let again = flood.spend(-5, Act::Send(1), second(6));
        assert_eq!(again, refused(40, 10), "now it was told");
        flood.unheard = true;
        let late = flood.spend(-5, Act::Send(1), second(45));
        assert_eq!(late, refused(8, 0), "it left before");
        flood.unheard = false;
        let in_time = flood.spend(-5, Act::Send(1), second(46));
        assert_eq!(in_time, refused(112, 0), "as long as it was told");
    }

    #[test]
    fn thirty_a_second_hold_over_all_chats() {
        let mut flood = Flood::default();
        for chat in 1..=30 {
            assert_eq!(flood.spend(chat, Act::Send(1), second(0)), Ok(()));
        }
        assert_eq!(
            flood.spend(31, Act::Send(1), second(0)),
            Err(Wait {
                seconds: 1,
                early_by: 0
            })
        );
        assert_eq!(flood.spend(31, Act::Send(1), second(1)), Ok(()));
    }
}
