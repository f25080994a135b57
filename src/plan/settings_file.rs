//! The settings file (`duban.toml`): what changes results is read here, the rest is the deployment's.

use std::fmt::Write as _;
use std::str::FromStr as _;

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc,
};
use rust_decimal::Decimal;

use super::Mistake;
use super::document::{At, Findings, parse};
use super::fields::Fields;
use super::mistake::{FieldMistake, SettingMistake};
use super::settings::{Ladder, MentionSound, Rhythm, RhythmDates, Settings, Thresholds};
use super::written::RHYTHMS;

/// Tables of the deployment, read elsewhere; they change no result.
const DEPLOYMENT: [&str; 6] = [
    "telegram",
    "server",
    "evidence",
    "memory",
    "log",
    "operations",
];
/// Longest cron line, in characters.
const MOST_CRON: usize = 100;
/// Fields of a cron line: second, minute, hour, day, month, weekday. A year would make it end unseen.
const CRON_FIELDS: usize = 6;
/// Cron lines are tried over this year: it begins on a Monday, with a week, a month and a quarter.
const TRIED_YEAR: i32 = 2029;
/// Furthest rung, in days.
const MOST_DAYS: u16 = 366;
/// Most working days between reminders, or before a cut-off.
const MOST_WORKING_DAYS: u16 = 60;
/// Most pings a person a day or a week; burden is a budget.
const MOST_PINGS: u16 = 20;

/// The end of a day.
const LAST_MINUTE: NaiveTime = NaiveTime::from_hms_opt(23, 59, 59).expect("a time of day");

/// Working hours of a day.
type Hours = [(NaiveTime, NaiveTime)];

const SOUNDS: [(&str, MentionSound); 3] = [
    ("never", MentionSound::Never),
    ("unreachable", MentionSound::Unreachable),
    ("always", MentionSound::Always),
];

impl Settings {
    /// Reads a settings file; every key is optional. `file_name` is how mistakes name it.
    ///
    /// # Errors
    ///
    /// All mistakes of the file, in the order of its lines, never none.
    pub fn read(source: &str, file_name: &str) -> Result<Self, Vec<Mistake>> {
        let mut findings = Findings::new(source, file_name);
        let Some(document) = parse(source, &mut findings) else {
            return Err(findings.into_mistakes());
        };
        let mut fields = Fields::new(&mut findings, &document, 0, None);
        DEPLOYMENT
            .into_iter()
            .for_each(|table| fields.ignore(table));
        let settings = read(&mut fields);
        fields.done();
        if findings.is_empty() {
            Ok(settings)
        } else {
            Err(findings.into_mistakes())
        }
    }

    /// The settings as a file with every key written out, which reads back as the same settings.
    pub fn written(&self) -> String {
        let mut file = String::new();
        self.write(&mut file)
            .expect("writing to a text does not fail");
        file
    }

    fn write(&self, file: &mut String) -> std::fmt::Result {
        let hours: Vec<_> = self
            .hours
            .iter()
            .map(|(from, to)| format!("[{}, {}]", quoted(*from), quoted(*to)))
            .collect();
        let sound = SOUNDS
            .iter()
            .find(|(_, sound)| *sound == self.mention_sound)
            .map_or("", |(word, _)| word);
        writeln!(file, "slot = {}", quoted(self.slot))?;
        writeln!(file, "hours = [{}]", hours.join(", "))?;
        writeln!(file, "last_ping_before = {}", self.last_ping_before)?;
        writeln!(file, "cut_off = {}", quoted(self.cut_off))?;
        writeln!(file, "digest = \"{}\"", self.digest.source())?;
        writeln!(file, "group_line = {}", self.group_line)?;
        // It came after the first adoptions, whose texts stay what they are: only the other choice is written.
        if !self.digest_board {
            writeln!(file, "digest_board = false")?;
        }
        writeln!(file, "mention_sound = \"{sound}\"")?;
        writeln!(file, "pings_a_day = {}", self.pings_a_day)?;
        writeln!(file, "pings_a_week = {}", self.pings_a_week)?;
        writeln!(
            file,
            "\n[ladder]\ndays_before = {:?}",
            self.ladder.days_before
        )?;
        writeln!(file, "overdue_every = {}", self.ladder.overdue_every)?;
        writeln!(
            file,
            "\n[thresholds]\nyellow = {}\nred = {}",
            self.thresholds.yellow, self.thresholds.red
        )?;
        for (name, rhythm) in RHYTHMS {
            let dates = self.dates(rhythm);
            writeln!(file, "\n[rhythm.{name}]")?;
            writeln!(
                file,
                "opens = \"{}\"\nping = \"{}\"",
                dates.opens.source(),
                dates.ping.source()
            )?;
        }
        Ok(())
    }
}

fn quoted(time: NaiveTime) -> String {
    time.format("\"%H:%M\"").to_string()
}

fn read(fields: &mut Fields) -> Settings {
    let mut settings = Settings::default();
    settings.hours = hours(fields).unwrap_or(settings.hours);
    // Hours that could not be read make no other time wrong.
    let hours = if fields.clean() {
        settings.hours.clone()
    } else {
        vec![(NaiveTime::MIN, LAST_MINUTE)]
    };
    settings.slot = slot(fields, &hours).unwrap_or(settings.slot);
    settings.cut_off = fields
        .time("cut_off")
        .map_or(settings.cut_off, |time| time.value);
    settings.last_ping_before = count(
        fields,
        "last_ping_before",
        0..MOST_WORKING_DAYS,
        settings.last_ping_before,
    );
    settings.digest =
        cron_line(fields, "digest", &hours).map_or(settings.digest, |tried| tried.line);
    settings.group_line = fields.flag("group_line").unwrap_or(settings.group_line);
    settings.digest_board = fields.flag("digest_board").unwrap_or(settings.digest_board);
    settings.mention_sound = fields
        .choice("mention_sound", &SOUNDS)
        .map_or(settings.mention_sound, |it| it.value);
    settings.pings_a_day = count(fields, "pings_a_day", 1..MOST_PINGS, settings.pings_a_day);
    settings.pings_a_week = count(fields, "pings_a_week", 1..MOST_PINGS, settings.pings_a_week);
    settings.ladder = fields
        .table("ladder", "ladder", ladder)
        .unwrap_or(settings.ladder);
    settings.thresholds = fields
        .table("thresholds", "thresholds", thresholds)
        .unwrap_or(settings.thresholds);
    fields.table("rhythm", "rhythm", |table| {
        for (name, rhythm) in RHYTHMS {
            let dates = settings.dates_mut(rhythm);
            table.table(name, &format!("rhythm.{name}"), |fields| {
                rhythm_dates(fields, rhythm, dates, &hours)
            });
        }
    });
    settings
}

fn slot(fields: &mut Fields, hours: &Hours) -> Option<NaiveTime> {
    let slot = fields.time("slot")?;
    if !within(hours, slot.value) {
        let text = slot.value.format("%H:%M").to_string();
        fields.note(
            slot.at,
            SettingMistake::OutsideHours {
                field: "slot",
                text,
            },
        );
    }
    Some(slot.value)
}

fn count(fields: &mut Fields, key: &'static str, range: std::ops::Range<u16>, default: u16) -> u16 {
    fields
        .integer(key, range)
        .map_or(default, |count| count.value)
}

fn hours(fields: &mut Fields) -> Option<Vec<(NaiveTime, NaiveTime)>> {
    let pairs = fields.time_pairs("hours")?;
    if !fields.clean() {
        return None;
    }
    if pairs.is_empty() {
        let at = fields.position("hours").unwrap_or_default();
        fields.note(at, FieldMistake::Empty { field: "hours" });
        return None;
    }
    let mut before = None;
    for At {
        value: (from, to),
        at,
    } in &pairs
    {
        if from >= to || before.is_some_and(|before| before >= *from) {
            fields.note(*at, SettingMistake::HoursOverlap);
        }
        before = Some(*to);
    }
    Some(pairs.into_iter().map(|pair| pair.value).collect())
}

fn ladder(fields: &mut Fields) -> Ladder {
    let default = Settings::default().ladder;
    let rungs = fields.integers("days_before", 0..MOST_DAYS + 1);
    for pair in rungs.iter().flat_map(|rungs| rungs.windows(2)) {
        if pair[0].value <= pair[1].value {
            fields.note(pair[1].at, SettingMistake::RungsNotDescending);
        }
    }
    Ladder {
        days_before: rungs.map_or(default.days_before, |rungs| {
            rungs.into_iter().map(|rung| rung.value).collect()
        }),
        overdue_every: count(
            fields,
            "overdue_every",
            1..MOST_WORKING_DAYS,
            default.overdue_every,
        ),
    }
}

fn thresholds(fields: &mut Fields) -> Thresholds {
    let default = Settings::default().thresholds;
    let yellow = fields.number("yellow", Decimal::ZERO, Decimal::ONE_HUNDRED);
    let red = fields.number("red", Decimal::ZERO, Decimal::ONE_HUNDRED);
    let at = red.as_ref().or(yellow.as_ref()).map(|points| points.at);
    let yellow = yellow.map_or(default.yellow, |points| points.value);
    let red = red.map_or(default.red, |points| points.value);
    if let Some(at) = at.filter(|_| yellow >= red) {
        fields.note(at, SettingMistake::ThresholdsNotAscending);
    }
    Thresholds { yellow, red }
}

/// A cron line and the dates it fires on in the tried year.
struct Tried {
    line: cron::Schedule,
    dates: Vec<NaiveDate>,
}

fn rhythm_dates(fields: &mut Fields, rhythm: Rhythm, dates: &mut RhythmDates, hours: &Hours) {
    let opens = rhythm_line(fields, "opens", rhythm, &dates.opens, hours);
    let ping = rhythm_line(fields, "ping", rhythm, &dates.ping, hours);
    let (Some(opens), Some(ping)) = (opens, ping) else {
        return;
    };
    let first = |tried: &Tried, from: NaiveDate, to: NaiveDate| {
        tried
            .dates
            .iter()
            .copied()
            .find(|date| (from..to).contains(date))
    };
    let early = periods(rhythm).any(|(from, to)| {
        let opened = first(&opens, from, to);
        opened
            .zip(first(&ping, from, to))
            .is_some_and(|(opened, pinged)| pinged < opened)
    });
    if let Some(at) = fields
        .position("ping")
        .or_else(|| fields.position("opens"))
        .filter(|_| early)
    {
        fields.note(
            at,
            SettingMistake::PingBeforeOpening {
                text: ping.line.source().to_owned(),
            },
        );
    }
    *dates = RhythmDates {
        opens: opens.line,
        ping: ping.line,
    };
}

/// A line of a rhythm, which fires in every period; the given one where the file has none.
fn rhythm_line(
    fields: &mut Fields,
    key: &'static str,
    rhythm: Rhythm,
    default: &cron::Schedule,
    hours: &Hours,
) -> Option<Tried> {
    let Some(at) = fields.position(key) else {
        fields.ignore(key);
        let dates = firings(default).map(|moment| moment.date()).collect();
        return Some(Tried {
            line: default.clone(),
            dates,
        });
    };
    let tried = cron_line(fields, key, hours)?;
    let fires = |from, to| tried.dates.iter().any(|date| (from..to).contains(date));
    if let Some((period, _)) = periods(rhythm).find(|(from, to)| !fires(*from, *to)) {
        let text = tried.line.source().to_owned();
        fields.note(
            at,
            SettingMistake::CronMissesPeriod {
                field: key,
                text,
                period,
            },
        );
    }
    Some(tried)
}

/// A cron line of six fields that fires, at most once a day, in working hours.
fn cron_line(fields: &mut Fields, key: &'static str, hours: &Hours) -> Option<Tried> {
    let At { value: text, at } = fields
        .text(key, MOST_CRON)
        .filter(|text| !text.value.is_empty())?;
    let six = text.split_whitespace().count() == CRON_FIELDS;
    let Some(line) = cron::Schedule::from_str(&text).ok().filter(|_| six) else {
        fields.note(at, SettingMistake::Cron { field: key, text });
        return None;
    };
    let mut dates: Vec<NaiveDate> = Vec::new();
    let mut outside = false;
    for moment in firings(&line) {
        if dates.last() == Some(&moment.date()) {
            fields.note(at, SettingMistake::CronTwiceADay { field: key, text });
            return None;
        }
        outside |= !within(hours, moment.time());
        dates.push(moment.date());
    }
    if dates.is_empty() {
        fields.note(at, SettingMistake::CronNeverFires { field: key, text });
        return None;
    }
    if outside {
        fields.note(at, SettingMistake::OutsideHours { field: key, text });
    }
    Some(Tried { line, dates })
}

/// When a line fires in the tried year, by the local clock.
fn firings(line: &cron::Schedule) -> impl Iterator<Item = NaiveDateTime> {
    let fires = line
        .after(&before_tried_year())
        .map(|moment| moment.naive_utc());
    fires.take_while(|moment| moment.year() == TRIED_YEAR)
}

/// The last second before the tried year. Shanghai knows no summer time, so UTC stands in for its clock.
fn before_tried_year() -> DateTime<Utc> {
    (tried_day(0).and_time(NaiveTime::MIN) - TimeDelta::seconds(1)).and_utc()
}

/// The periods of a rhythm that lie in the tried year: first day and the day after the last. The lines of a two-weekly
/// rhythm fire weekly.
fn periods(rhythm: Rhythm) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let weeks = (0..52).map(|week| (tried_day(week * 7), tried_day(week * 7 + 7)));
    let months = |length: u32| {
        let starts = (0..12 / length).map(move |nth| tried_day(0) + Months::new(nth * length));
        starts.map(move |start| (start, start + Months::new(length)))
    };
    let periods: Vec<_> = match rhythm {
        Rhythm::Weekly | Rhythm::TwoWeekly => weeks.collect(),
        Rhythm::Monthly => months(1).collect(),
        Rhythm::Quarterly => months(3).collect(),
    };
    periods.into_iter()
}

fn tried_day(nth: u64) -> NaiveDate {
    NaiveDate::from_yo_opt(TRIED_YEAR, 1).expect("every year has a first day") + Days::new(nth)
}

/// Whether a time lies in working hours, whose last moment is not included.
fn within(hours: &Hours, time: NaiveTime) -> bool {
    hours.iter().any(|(from, to)| (*from..*to).contains(&time))
}
