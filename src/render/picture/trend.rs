//! The trend (走势): how many targets and measures had which light at the end of each of the last twelve weeks.

use chrono::Datelike;

use super::canvas::{Canvas, FAINT, GROUND, INK, MUTED, PALE, Style};
use super::sheet::{self, BODY, FOOTER, MARGIN, Number, RIGHT};
use super::{LEAST_TEXT, font, mark};
use crate::digest::{COURSE_WEEKS, Counts, Course, DayLights, Pack};
use crate::ledger::Light;
use crate::render::item;

/// Height of the head.
const HEAD: i32 = 176;
/// A week's column, and the bar in it.
const COLUMN: i32 = 70;
const BAR: i32 = 54;
/// The last column, counted from 0, and where the columns begin.
const LAST: i32 = COURSE_WEEKS as i32 - 1;
const COLUMNS: i32 = RIGHT - COLUMN * (LAST + 1);
/// Height of a panel's heading, of its bars, of its days and months, and of a line of its table.
const HEADING: i32 = 66;
const BARS: i32 = 330;
const DAYS: i32 = 88;
const LINE: i32 = 44;
/// Room below a panel.
const BELOW: i32 = 34;
/// The least height of a part of a bar that holds its mark.
const LEAST_MARKED: i32 = 26;

/// The last days of the weeks, the oldest first.
type Weeks<'c> = [Option<&'c DayLights>; COURSE_WEEKS];

/// One half of the picture.
struct Panel {
    /// What is counted.
    name: &'static str,
    /// What a number of them is called.
    counter: &'static str,
    /// Counts at the end of each week.
    weeks: [Option<Counts>; COURSE_WEEKS],
}

/// The trend as SVG.
pub fn sheet(pack: &Pack<'_>, course: &Course, number: Number) -> String {
    let weeks = course.weeks();
    let targets = weeks.map(|week| week.map(|day| day.targets));
    let measures = weeks.map(|week| week.map(DayLights::measures));
    let mut canvas = Canvas::default();
    sheet::title(&mut canvas, pack, "十二周走势", number);
    let mut y = HEAD;
    for panel in [
        Panel {
            name: "目标",
            counter: "项",
            weeks: targets,
        },
        Panel {
            name: "举措",
            counter: "项",
            weeks: measures,
        },
    ] {
        y = draw(&mut canvas, &panel, &weeks, y) + BELOW;
    }
    y -= BELOW;
    let said = "每列为当周截止时的灯色项数";
    sheet::footer(&mut canvas, pack, y, Some(said));
    canvas.finish(y + FOOTER)
}

/// Draws a panel from this height down; where it ends.
fn draw(canvas: &mut Canvas, panel: &Panel, weeks: &Weeks<'_>, y: i32) -> i32 {
    let lights = lights(panel);
    let bars = y + HEADING;
    let table = bars + BARS + DAYS;
    let lines = i32::try_from(lights.len()).unwrap_or(0);
    let end = table + lines * LINE + 12;
    canvas.bar((MARGIN, y), (RIGHT - MARGIN, 2), PALE, 0);
    // The last week stands out.
    canvas.bar(
        (RIGHT - COLUMN, bars - 10),
        (COLUMN, end - bars + 10),
        GROUND,
        10,
    );
    heading(canvas, panel, y);
    let most = panel.weeks.iter().flatten().map(Counts::total).max();
    for (week, at) in panel.weeks.iter().zip(0..) {
        if let Some(counts) = week {
            bar(
                canvas,
                counts,
                most.unwrap_or(0),
                (COLUMNS + at * COLUMN, bars),
            );
        }
    }
    canvas.bar((COLUMNS, bars + BARS), (RIGHT - COLUMNS, 2), FAINT, 0);
    before(canvas, weeks, bars + BARS / 2);
    days(canvas, weeks, bars + BARS);
    for (light, at) in lights.into_iter().zip(0..) {
        line(canvas, panel, light, table + at * LINE);
    }
    end
}

/// The lights that any week has, the worst first.
fn lights(panel: &Panel) -> Vec<Light> {
    let seen = |light: &Light| {
        let mut weeks = panel.weeks.iter().flatten();
        weeks.any(|counts| counts.with(*light) > 0)
    };
    mark::WORST_FIRST.into_iter().filter(seen).collect()
}

/// 目标 29项.
fn heading(canvas: &mut Canvas, panel: &Panel, y: i32) {
    let end = canvas.text(MARGIN, y + 46, Style::bold(32, INK), panel.name, 200);
    let Some(now) = panel.weeks.iter().flatten().last() else {
        return;
    };
    let total = format!("{}{}", now.total(), panel.counter);
    canvas.text(end + 16, y + 46, Style::plain(BODY, MUTED), &total, 300);
}

/// A week's bar from the upper end of its column: the worst on top.
fn bar(canvas: &mut Canvas, counts: &Counts, most: usize, (x, top): (i32, i32)) {
    let height = |count: usize| {
        let pixels = (BARS as usize * count).checked_div(most);
        pixels
            .and_then(|pixels| i32::try_from(pixels).ok())
            .unwrap_or(0)
    };
    let total = counts.total();
    let (base, left) = (top + BARS, x + (COLUMN - BAR) / 2);
    let mut above = 0;
    for light in mark::WORST_FIRST {
        let count = counts.with(light);
        if count == 0 {
            continue;
        }
        let from = base - height(total - above);
        above += count;
        let to = base - height(total - above);
        // A hair of white keeps neighbours apart.
        let part = (to - from - 2).max(1);
        let (ground, ink) = match light {
            // What waits for terms or first answers stays in the background.
            Light::Grey => ("#b7c0c8", "#44505a"),
            Light::Red | Light::Yellow | Light::Green | Light::Done | Light::Frozen => {
                (mark::colour(light), "#ffffff")
            }
        };
        canvas.bar((left, from), (BAR, part), ground, 2);
        if part >= LEAST_MARKED {
            let middle = (x + COLUMN / 2, from + part / 2);
            mark::draw_in(canvas, light, middle, 8, ink);
        }
    }
}

/// What is said in the place of weeks that the ledger does not reach, where there is room for it.
fn before(canvas: &mut Canvas, weeks: &Weeks<'_>, y: i32) {
    let empty = weeks.iter().take_while(|week| week.is_none()).count();
    let room = i32::try_from(empty).unwrap_or(0) * COLUMN;
    let text = match weeks.get(empty).copied().flatten() {
        None => "尚无记录".to_owned(),
        Some(first) => format!("{}月{}日起有记录", first.day.month(), first.day.day()),
    };
    let style = Style::plain(LEAST_TEXT, MUTED);
    if font::width(&text, style.size) + 20 <= room {
        canvas.text_at(COLUMNS + room / 2, y, style, &text, room);
    }
}

/// The days that the weeks end on, and their months where these change.
fn days(canvas: &mut Canvas, weeks: &Weeks<'_>, y: i32) {
    let mut month = None;
    for (week, at) in weeks.iter().zip(0..) {
        let Some(day) = week.map(|lights| lights.day) else {
            continue;
        };
        let middle = COLUMNS + at * COLUMN + COLUMN / 2;
        let style = match at == LAST {
            true => Style::bold(LEAST_TEXT, INK),
            false => Style::plain(LEAST_TEXT, MUTED),
        };
        canvas.text_at(middle, y + 36, style, &day.day().to_string(), COLUMN);
        if month != Some(day.month()) {
            month = Some(day.month());
            let month = format!("{}月", day.month());
            canvas.text_at(middle, y + 70, style, &month, COLUMN);
        }
    }
}

/// A line of the table: a light with its mark and its counts.
fn line(canvas: &mut Canvas, panel: &Panel, light: Light, y: i32) {
    mark::draw(canvas, light, (MARGIN + 14, y + 21), 12);
    let style = Style::plain(LEAST_TEXT, INK);
    canvas.text(
        MARGIN + 40,
        y + 30,
        style,
        item::light(light),
        COLUMNS - MARGIN - 40,
    );
    for (week, at) in panel.weeks.iter().zip(0..) {
        let Some(count) = week.map(|counts| counts.with(light)) else {
            continue;
        };
        let style = match (count, at == LAST) {
            (0, _) => Style::plain(LEAST_TEXT, FAINT),
            (_, true) => Style::bold(LEAST_TEXT, INK),
            (_, false) => Style::plain(LEAST_TEXT, INK),
        };
        let middle = COLUMNS + at * COLUMN + COLUMN / 2;
        canvas.text_at(middle, y + 30, style, &count.to_string(), COLUMN);
    }
}
