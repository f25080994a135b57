//! Settings that change results (节奏、阈值、时段); they are adopted together with the plan. Read from `duban.toml`.

use chrono::NaiveTime;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How often an open task is asked (填报周期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Every Monday–Sunday week.
    Weekly,
    /// Every second week, counted in ISO weeks from the plan's first year; periods begin in odd weeks.
    TwoWeekly,
    /// Every calendar month (default).
    Monthly,
    /// Every calendar quarter.
    Quarterly,
}

/// When one rhythm opens and pings. Cron lines have seconds first and run in Asia/Shanghai; a day off moves FORWARD.
#[derive(Debug, Clone, PartialEq)]
pub struct RhythmDates {
    /// The silent card that opens the period.
    pub opens: cron::Schedule,
    /// The ping in between.
    pub ping: cron::Schedule,
}

/// Rungs of the deadline ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// Calendar days before the deadline, descending; 0 is the day itself. A rung on a day off moves BACK.
    pub days_before: Vec<u16>,
    /// Working days between reminders once overdue.
    pub overdue_every: u16,
}

/// Points of percent a task may lie behind its pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// More than this: yellow. Default 10.
    pub yellow: Decimal,
    /// More than this: red. Default 25.
    pub red: Decimal,
}

/// When the group post makes a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionSound {
    /// Never.
    Never,
    /// When it names somebody who cannot be reached in private (default).
    Unreachable,
    /// Always.
    Always,
}

/// Settings that change results.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Slot of cards, group posts and ladder rungs on a working day. Default 09:00.
    pub slot: NaiveTime,
    /// Working hours (from, to), ascending. Default 08:30–11:30, 14:00–17:30.
    pub hours: Vec<(NaiveTime, NaiveTime)>,
    /// Dates per rhythm.
    pub weekly: RhythmDates,
    /// Dates per rhythm; the cron lines fire weekly and count in the second week of the period.
    pub two_weekly: RhythmDates,
    /// Dates per rhythm.
    pub monthly: RhythmDates,
    /// Dates per rhythm.
    pub quarterly: RhythmDates,
    /// The last ping comes this many working days before the cut-off. Default 2.
    pub last_ping_before: u16,
    /// Cut-off on the last working day of the period. Default 12:00.
    pub cut_off: NaiveTime,
    /// The deadline ladder.
    pub ladder: Ladder,
    /// Light thresholds.
    pub thresholds: Thresholds,
    /// Digest slot; the weekday is moved BACK to the last working day of its week. Default Friday 16:00.
    pub digest: cron::Schedule,
    /// Whether the group hears one line after each sitting. Default true.
    pub group_line: bool,
    /// Whether the board (进度看板) goes to the group with each digest. Default true.
    pub digest_board: bool,
    /// When the group post sounds.
    pub mention_sound: MentionSound,
    /// Pings a person a day, over all kinds. Default 1.
    pub pings_a_day: u16,
    /// Pings a person a calendar week, over all kinds. Default 2.
    pub pings_a_week: u16,
}

impl Settings {
    /// The dates of one rhythm.
    pub fn dates(&self, rhythm: Rhythm) -> &RhythmDates {
        match rhythm {
            Rhythm::Weekly => &self.weekly,
            Rhythm::TwoWeekly => &self.two_weekly,
            Rhythm::Monthly => &self.monthly,
            Rhythm::Quarterly => &self.quarterly,
        }
    }

    pub(super) fn dates_mut(&mut self, rhythm: Rhythm) -> &mut RhythmDates {
        match rhythm {
            Rhythm::Weekly => &mut self.weekly,
            Rhythm::TwoWeekly => &mut self.two_weekly,
            Rhythm::Monthly => &mut self.monthly,
            Rhythm::Quarterly => &mut self.quarterly,
        }
    }
}

/// The settings of an empty file.
impl Default for Settings {
    fn default() -> Self {
        Self {
            slot: time(9, 0),
            hours: vec![(time(8, 30), time(11, 30)), (time(14, 0), time(17, 30))],
            weekly: dates("0 0 9 * * Mon", "0 0 9 * * Wed"),
            two_weekly: dates("0 0 9 * * Mon", "0 0 9 * * Wed"),
            monthly: dates("0 0 9 15 * *", "0 0 9 22 * *"),
            quarterly: dates("0 0 9 15 3,6,9,12 *", "0 0 9 22 3,6,9,12 *"),
            last_ping_before: 2,
            cut_off: time(12, 0),
            ladder: Ladder {
                days_before: vec![30, 7, 3, 1, 0],
                overdue_every: 5,
            },
            thresholds: Thresholds {
                yellow: Decimal::TEN,
                red: Decimal::from(25),
            },
            digest: cron_line("0 0 16 * * Fri"),
            group_line: true,
            digest_board: true,
            mention_sound: MentionSound::Unreachable,
            pings_a_day: 1,
            pings_a_week: 2,
        }
    }
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("the defaults are times of day")
}

fn dates(opens: &str, ping: &str) -> RhythmDates {
    RhythmDates {
        opens: cron_line(opens),
        ping: cron_line(ping),
    }
}

fn cron_line(line: &str) -> cron::Schedule {
    line.parse().expect("the defaults are cron lines")
}
