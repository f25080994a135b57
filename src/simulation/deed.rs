//! Deeds: what people, the office and fate do, and when. Each carries its own seed, so that leaving one out changes no other.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::setting::{Setting, below, percent};
use crate::calendar;

/// Something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When, unless what came before takes longer.
    pub at: DateTime<Utc>,
    /// What its details are drawn from.
    pub seed: u64,
    /// By whom, as a place on the roster; of fate by nobody.
    pub who: Option<usize>,
    /// What.
    pub what: What,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Looks at the phone and does what is asked.
    Answer,
    /// The same in the group.
    AnswerInGroup,
    /// Types what no question expects.
    TalkNonsense,
    /// Taps one button twice, and an old one.
    TapTwice,
    /// Taps a button on somebody else's card.
    TapOthers,
    /// Edits the own newest message.
    Edit,
    /// Sends a photo, a file or a sticker.
    SendFile,
    /// Gives a command, whether it is one's own or not.
    Command,
    /// Begins something with a command and means to see it through.
    Undertake,
    /// Leaves whatever is open.
    Leave,
    /// Leaves the group, or comes back.
    LeaveGroup,
    /// Blocks the bot.
    Block,
    /// Opens it again.
    Unblock,
    /// The office decides: looks at its list and taps.
    Decide,
    /// Two of the office tap the same at once.
    DecideTogether,
    /// Sending is stopped, or goes on.
    PauseOrResume,
    /// A stranger writes.
    Stranger,
    /// A stranger says to be somebody on the roster.
    Claim,
    /// Somebody new follows a link the office was given.
    Join,
    /// Somebody who came later looks at the phone.
    NewcomerActs,
    /// A call or several go wrong.
    Fault,
    /// Calls take their time, or take effect when the bot waits for them no more.
    SlowCalls,
    /// Telegram cannot be reached for a while.
    Outage,
    /// Updates come again, or later.
    DisturbUpdates,
    /// The database fails, or does its work and says it failed.
    DatabaseFails,
    /// The program dies.
    Die,
    /// The clock jumps ahead.
    ClockJumps,
    /// The clock is set back.
    ClockGoesBack,
    /// The configuration folder changes, and the program is started anew.
    PlanChanges,
    /// The group becomes a supergroup.
    Migrate,
    /// The bot is thrown out of the group and let in again.
    LoseGroup,
}

/// Deeds with how often they are drawn: of people, then of the office, then of fate.
const PEOPLE: [(What, usize); 13] = [
    (What::Answer, 50),
    (What::AnswerInGroup, 6),
    (What::TalkNonsense, 8),
    (What::TapTwice, 6),
    (What::TapOthers, 5),
    (What::Edit, 4),
    (What::SendFile, 3),
    (What::Command, 10),
    (What::Undertake, 12),
    (What::Leave, 6),
    (What::LeaveGroup, 1),
    (What::Block, 1),
    (What::Unblock, 1),
];
const OFFICE: [(What, usize); 5] = [
    (What::Undertake, 14),
    (What::Decide, 12),
    (What::DecideTogether, 4),
    (What::Command, 6),
    (What::PauseOrResume, 1),
];
const FATE: [(What, usize); 15] = [
    (What::Stranger, 3),
    (What::Claim, 2),
    (What::Join, 6),
    (What::NewcomerActs, 6),
    (What::Fault, 12),
    (What::SlowCalls, 6),
    (What::Outage, 2),
    (What::DisturbUpdates, 5),
    (What::DatabaseFails, 4),
    (What::Die, 10),
    (What::ClockJumps, 1),
    (What::ClockGoesBack, 1),
    (What::PlanChanges, 2),
    (What::Migrate, 1),
    (What::LoseGroup, 1),
];

/// Everything that happens in a story of so many days, in order.
pub fn draw(rng: &mut Rng, setting: &Setting, days: u64) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let people = setting.roster.len();
    for day in 0..days {
        let midnight = setting.starts_at - TimeDelta::hours(8) + TimeDelta::days(day as i64);
        let date = calendar::date_of(midnight);
        let busy = chrono::Datelike::weekday(&date).number_from_monday() < 6;
        let share = if busy { 60 } else { 8 };
        for who in 0..people {
            // Most people look at their phone once a day, some more often.
            for _ in 0..2 {
                if percent(rng, share / 2) {
                    let what = weighted(rng, &PEOPLE);
                    deeds.push(deed(rng, midnight, Some(who), what));
                }
            }
        }
        for _ in 0..3 {
            if percent(rng, share) {
                let who = 1 + below(rng, 2);
                let what = weighted(rng, &OFFICE);
                deeds.push(deed(rng, midnight, Some(who), what));
            }
        }
        for _ in 0..3 {
            if percent(rng, 50) {
                let what = weighted(rng, &FATE);
                deeds.push(deed(rng, midnight, None, what));
            }
        }
    }
    // What falls before the morning of the first day belongs to that morning.
    for deed in &mut deeds {
        deed.at = deed.at.max(setting.starts_at + TimeDelta::hours(1));
    }
    deeds.sort_by_key(|deed| deed.at);
    deeds
}

fn deed(rng: &mut Rng, midnight: DateTime<Utc>, who: Option<usize>, what: What) -> Deed {
    // Nine in ten by day, the rest at any hour.
    let minute = match percent(rng, 90) {
        true => 8 * 60 + rng.i64(0..10 * 60),
        false => rng.i64(0..24 * 60),
    };
    Deed {
        at: midnight + TimeDelta::minutes(minute) + TimeDelta::seconds(rng.i64(0..60)),
        seed: rng.u64(..),
        who,
        what,
    }
}

fn weighted(rng: &mut Rng, all: &[(What, usize)]) -> What {
    let sum = all.iter().map(|(_, weight)| weight).sum();
    let mut left = below(rng, sum);
    for (what, weight) in all {
        if left < *weight {
            return *what;
        }
        left -= weight;
    }
    What::Answer
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = calendar::local(self.at).format("%Y-%m-%d %H:%M:%S");
        let who = self.who.map_or("fate".to_owned(), |who| format!("p-{who}"));
        write!(f, "@ {at} {who}: {:?} (seed {})", self.what, self.seed)
    }
}
