//! Deadlines as an iCalendar file (RFC 5545): all-day events with alarms, which phone calendars take in.

use std::fmt::Write as _;

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};

use super::{stamp_line, title_of};
use crate::digest::{Item, Pack};
use crate::ledger::TaskView;
use crate::plan::PersonId;
use crate::render::{item, naming};

/// Alarms so many days before, besides the bot's own reminders: a week, and the day before.
const ALARMS: [u32; 2] = [7, 1];

/// Longest line in bytes, its end not counted (RFC 5545, 3.1).
const MOST_IN_LINE: usize = 75;

/// The calendar of a person's deadlines, or of all.
pub fn calendar(pack: &Pack<'_>, person: Option<&PersonId>) -> String {
    let mut file = Lines::default();
    file.line("BEGIN:VCALENDAR");
    file.line("VERSION:2.0");
    file.line("PRODID:-//duban//duban//ZH");
    file.line("CALSCALE:GREGORIAN");
    file.line("METHOD:PUBLISH");
    file.text("X-WR-CALNAME", &title_of(pack.frame, "时限日程"));
    file.text("X-WR-CALDESC", &stamp_line(pack.stamp));
    let today = pack.today();
    for view in pack.frame.deadlines(pack.standing, person, today) {
        event(&mut file, pack, &view);
    }
    file.line("END:VCALENDAR");
    file.text
}

fn event(file: &mut Lines, pack: &Pack<'_>, view: &TaskView<'_>) {
    let (frame, at) = (pack.frame, pack.stamp.cut_off_at);
    let Some(due) = view.due else {
        return;
    };
    let item = Item::of(frame, pack.standing, view, at);
    let task = naming::task(frame, &view.task.id);
    let plan = &frame.plan.task_force;
    let moved = pack.standing.task_state(&view.task.id).dues.len();
    file.line("BEGIN:VEVENT");
    // The same id for the same task: a newer file moves the event instead of adding one.
    file.line(&format!("UID:{}@{}.duban", view.task.id, plan.id));
    file.line(&format!("SEQUENCE:{moved}"));
    file.line(&format!("DTSTAMP:{}", utc(at)));
    file.line(&format!("DTSTART;VALUE=DATE:{}", date(due)));
    let next = due.checked_add_days(Days::new(1)).unwrap_or(due);
    file.line(&format!("DTEND;VALUE=DATE:{}", date(next)));
    file.text("SUMMARY", &format!("{task} 到期"));
    file.text("DESCRIPTION", &description(pack, &item, view));
    file.line("TRANSP:TRANSPARENT");
    for days in ALARMS.into_iter().filter(|_| due >= pack.today()) {
        file.line("BEGIN:VALARM");
        file.line("ACTION:DISPLAY");
        file.line(&format!("TRIGGER:{}", before(days, frame.settings.slot)));
        file.text("DESCRIPTION", &format!("{task} 还有{days}天到期"));
        file.line("END:VALARM");
    }
    file.line("END:VEVENT");
}

/// What the event says when it is opened.
fn description(pack: &Pack<'_>, item: &Item, view: &TaskView<'_>) -> String {
    let frame = pack.frame;
    let unit = item::unit(frame, item);
    let target = view.indicator.and_then(item::target);
    let value = item::value(frame, item);
    let lines = [
        Some(format!("填报单位：{unit}")),
        target.map(|target| format!("目标：{target}")),
        (!value.is_empty()).then(|| format!("现状：{value}")),
        Some(stamp_line(pack.stamp)),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    lines.join("\n")
}

/// From the midnight the day begins with back to the slot's time so many days before.
fn before(days: u32, slot: chrono::NaiveTime) -> String {
    let minutes = days * 24 * 60 - (slot.hour() * 60 + slot.minute());
    let (days, hours, rest) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    format!("-P{days}DT{hours}H{rest}M")
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Lines as the format wants them: ended by CR LF, folded at 75 bytes.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    /// A line, folded between characters.
    fn line(&mut self, line: &str) {
        let mut room = MOST_IN_LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.text.push_str("\r\n ");
                // The space that marks a folded line counts.
                room = MOST_IN_LINE - 1;
            }
            room -= c.len_utf8();
            let _ = self.text.write_char(c);
        }
        self.text.push_str("\r\n");
    }
}

/// RFC 5545, 3.3.11. What is no character of a text is left out.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ';' | ',' => {
                text.push('\\');
                text.push(c);
            }
            '\n' => text.push_str("\\n"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text
}
