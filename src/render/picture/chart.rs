//! The chart (进度曲线): each target of a measure over time beside its pace (序时进度); what has no number as a strip of its lights.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::axis::{DayAxis, ValueAxis};
use super::canvas::{Canvas, INK, MUTED, PALE, Style};
use super::sheet::{self, BODY, Block, Head, MARGIN, Number, RIGHT, Room};
use super::{LEAST_TEXT, MOST_SHEETS, mark};
use crate::digest::{Chart, Pack, Strip, Track, WorkRow};
use crate::ledger::{Frame, LightReason};
use crate::plan::IndicatorKind;
use crate::render::{item, naming};

/// Height of the head without legends, and of a legend.
const HEAD: i32 = 224;
const LEGEND: i32 = 54;
/// Where names begin.
const NAMES: i32 = 88;
/// Height of what stands over a plot, of the plot, and of the days below it.
const TITLES: i32 = 122;
const PLOT: i32 = 250;
const DAYS: i32 = 64;
/// Where a plot begins and ends.
const LEFT: i32 = 168;
const END: i32 = RIGHT - 16;
/// Height of a strip's marks and days.
const STRIP: i32 = 112;
/// Colour of what was answered.
const ANSWERS: &str = "#1d4f91";
/// Radius of an answer.
const DOT: i32 = 8;

/// The sheets of a chart as SVG.
pub fn sheets(pack: &Pack<'_>, chart: &Chart<'_>) -> Vec<String> {
    let today = pack.today();
    let frame = pack.frame;
    let tracks = chart.tracks.iter().map(|track| {
        // Without a point and a pace there is nothing to plot.
        let is_empty = track.answers.is_empty() && track.pace.is_empty();
        Block {
            height: TITLES + if is_empty { 0 } else { PLOT + DAYS },
            draw: Box::new(move |canvas: &mut Canvas, y: i32| {
                titles(canvas, frame, &track.row.work, &rest(track, today), y);
                if !is_empty {
                    plot(canvas, track, today, y + TITLES);
                }
            }),
        }
    });
    let strips = chart.strips.iter().map(|strip| Block {
        height: TITLES + STRIP,
        draw: Box::new(move |canvas: &mut Canvas, y: i32| {
            let reason = item::reason(&strip.work.item, today);
            titles(canvas, frame, &strip.work, &reason, y);
            lights(canvas, strip, y + TITLES);
        }),
    });
    let mut blocks: Vec<Block<'_>> = tracks.chain(strips).collect();
    if blocks.is_empty() {
        blocks.push(Block {
            height: TITLES,
            draw: Box::new(|canvas, y| {
                let style = Style::plain(BODY, MUTED);
                canvas.text(
                    MARGIN,
                    y + 60,
                    style,
                    "这项举措没有在办的目标。",
                    RIGHT - MARGIN,
                );
            }),
        });
    }
    let legends = legends(chart);
    let high = legends.iter().fold(HEAD + 24, |high, _| high + LEGEND);
    let head = Head {
        height: high,
        draw: Box::new(|canvas, number| {
            head(canvas, pack, chart, number);
            for (draw, at) in legends.iter().zip(1..) {
                draw(canvas, HEAD + at * LEGEND - 12);
            }
        }),
    };
    let room = Room {
        most: MOST_SHEETS,
        follow: 0,
        rest: "其余目标未列出，可用 /status 查看",
    };
    sheet::sheets(pack, &head, &blocks, &room)
}

fn head(canvas: &mut Canvas, pack: &Pack<'_>, chart: &Chart<'_>, number: Number) {
    sheet::title(canvas, pack, "进度曲线", number);
    let name = match chart.measure {
        Some(measure) => format!("{} {}", measure.number, measure.title),
        None => "总体目标".to_owned(),
    };
    canvas.text(MARGIN, 204, Style::bold(34, INK), &name, RIGHT - MARGIN);
}

/// Draws a legend on a line.
type Legend = fn(&mut Canvas, i32);

/// The legends it takes.
fn legends(chart: &Chart<'_>) -> Vec<Legend> {
    let lines = (!chart.tracks.is_empty()).then_some(of_lines as Legend);
    let lights = (!chart.strips.is_empty()).then_some(of_lights as Legend);
    lines.into_iter().chain(lights).collect()
}

fn of_lines(canvas: &mut Canvas, y: i32) {
    let style = Style::plain(LEAST_TEXT, MUTED);
    let middle = y - 9;
    let mut x = MARGIN;
    canvas.line(&[(x, middle), (x + 60, middle)], ANSWERS, 4, false);
    canvas.disc((x + 30, middle), DOT, ANSWERS);
    x = canvas.text(x + 76, y, style, "填报数", 200) + 44;
    canvas.line(&[(x, middle), (x + 60, middle)], MUTED, 4, true);
    x = canvas.text(x + 76, y, style, "序时进度", 200) + 44;
    canvas.line(&[(x, middle), (x + 60, middle)], INK, 2, false);
    x = canvas.text(x + 76, y, style, "目标", 200) + 44;
    today_mark(canvas, x + 4, (middle - 18, middle + 18));
    canvas.text(x + 22, y, style, "截至日", 200);
}

fn of_lights(canvas: &mut Canvas, y: i32) {
    let style = Style::plain(LEAST_TEXT, MUTED);
    let mut x = MARGIN;
    for light in mark::WORST_FIRST {
        mark::draw(canvas, light, (x + 14, y - 9), 12);
        x = canvas.text(x + 38, y, style, item::light(light), 200) + 40;
    }
}

/// Light, number, name and value over the reason.
fn titles(canvas: &mut Canvas, frame: &Frame, work: &WorkRow<'_>, reason: &str, y: i32) {
    let style = Style::bold(BODY, INK);
    canvas.bar((MARGIN, y), (RIGHT - MARGIN, 2), PALE, 0);
    mark::draw(canvas, work.item.light, (MARGIN + 17, y + 37), 15);
    let value = item::value(frame, &work.item);
    let start = canvas.text_to(RIGHT, y + 47, style, &value, 340);
    let name = naming::task(frame, &work.task.id);
    canvas.text(
        NAMES,
        y + 47,
        Style::bold(30, INK),
        &name,
        start - 24 - NAMES,
    );
    let parts = [item::light(work.item.light).to_owned(), reason.to_owned()];
    let words = item::join(String::new(), &parts);
    canvas.text(
        NAMES,
        y + 88,
        Style::plain(LEAST_TEXT, MUTED),
        &words,
        RIGHT - NAMES,
    );
}

/// What is said of a target below its name.
fn rest(track: &Track<'_>, today: NaiveDate) -> String {
    let shown = &track.row.work.item;
    let mut parts = vec![item::reason(shown, today)];
    if let Some(pace) = track.row.pace {
        let percent = |share: Decimal| share.floor().normalize();
        let mut said = format!("完成率{}%", percent(pace.completion));
        if let Some(expected) = pace.expected {
            said.push_str(&format!("，序时{}%", percent(expected)));
        }
        parts.push(said);
    }
    // The reason of what was past at the start says its day.
    let due = shown
        .due
        .filter(|_| shown.reason != LightReason::BaselineNotReached);
    parts.extend(due.map(|due| format!("时限{}", naming::day(due, today))));
    item::join(String::new(), &parts)
}

fn plot(canvas: &mut Canvas, track: &Track<'_>, today: NaiveDate, y: i32) {
    let unit = &track.row.indicator.unit_of_measure;
    let shown = |(day, value): &(NaiveDate, Decimal)| (*day, unit.to_shown(*value));
    let answers: Vec<(NaiveDate, Decimal)> = track.answers.iter().map(shown).collect();
    let pace: Vec<(NaiveDate, Decimal)> = track.pace.iter().map(shown).collect();
    let target = unit.to_shown(track.target);
    let days = DayAxis {
        days: track.days,
        pixels: (LEFT, END),
    };
    let base = y + PLOT;
    let points = answers.iter().chain(&pace).map(|(_, value)| *value);
    name_days(canvas, &days, base);
    canvas.bar((LEFT, base - 1), (END - LEFT, 2), PALE, 0);
    if track.days.0 < today && today < track.days.1 {
        today_mark(canvas, days.at(today), (y, base));
    }
    let counts_from_nothing = match track.row.indicator.kind {
        IndicatorKind::Stock | IndicatorKind::Flow => pace.is_empty(),
        IndicatorKind::Level | IndicatorKind::Milestone => false,
    };
    let all = points.chain([target]);
    let Some(values) = ValueAxis::holding(all, counts_from_nothing, (base, y)) else {
        let style = Style::plain(LEAST_TEXT, MUTED);
        canvas.text(LEFT, y + 40, style, "数值超出可作图的范围", END - LEFT);
        return;
    };
    name_values(canvas, &values);
    let lies = |(day, value): &(NaiveDate, Decimal)| Some((days.at(*day), values.at(*value)?));
    let line = |points: &[(NaiveDate, Decimal)]| points.iter().filter_map(lies).collect::<Vec<_>>();
    if let Some(at) = values.at(target) {
        canvas.line(&[(LEFT, at), (END, at)], INK, 2, false);
    }
    canvas.line(&line(&pace), MUTED, 4, true);
    let answered = line(&answers);
    if let Some((x, at)) = answered.last() {
        // The last word holds until the day of the moment.
        canvas.line(&[(*x, *at), (days.at(today), *at)], ANSWERS, 2, false);
    }
    canvas.line(&answered, ANSWERS, 4, false);
    for at in &answered {
        canvas.disc(*at, DOT + 3, "#ffffff");
        canvas.disc(*at, DOT, ANSWERS);
    }
    if answers.is_empty() {
        let style = Style::plain(BODY, MUTED);
        canvas.text(LEFT + 20, base - 24, style, "尚无填报", 300);
    }
}

/// The day of the moment, across a plot.
fn today_mark(canvas: &mut Canvas, x: i32, (top, base): (i32, i32)) {
    canvas.line(&[(x, top), (x, base)], "#c7a252", 3, false);
}

/// Values named on the left, each with a hairline.
fn name_values(canvas: &mut Canvas, values: &ValueAxis) {
    let style = Style::plain(LEAST_TEXT, MUTED);
    for value in values.named() {
        let Some(at) = values.at(value) else {
            continue;
        };
        canvas.bar((LEFT, at - 1), (END - LEFT, 2), PALE, 0);
        let text = value.normalize().to_string();
        canvas.text_to(LEFT - 14, at + 9, style, &text, LEFT - 14 - MARGIN);
    }
}

/// Days named below, each with a short stroke.
fn name_days(canvas: &mut Canvas, days: &DayAxis, base: i32) {
    let style = Style::plain(LEAST_TEXT, MUTED);
    let mut free = MARGIN;
    for day in days.named() {
        let (x, text) = (days.at(day), name_of(day, days.names_months()));
        let half = super::font::width(&text, LEAST_TEXT) / 2 + 1;
        // Names stay within the picture and apart from each other.
        let middle = x.min(RIGHT - half);
        if middle - half < free {
            continue;
        }
        canvas.bar((x - 1, base), (2, 8), MUTED, 0);
        free = canvas.text_at(middle, base + 40, style, &text, 2 * half) + 20;
    }
}

/// 2026年10月, or 11月27日 of a day.
fn name_of(day: NaiveDate, by_month: bool) -> String {
    match by_month {
        true => format!("{}年{}月", day.year(), day.month()),
        false => format!("{}月{}日", day.month(), day.day()),
    }
}

/// The lights of twelve weeks with the days they end on.
fn lights(canvas: &mut Canvas, strip: &Strip<'_>, y: i32) {
    let columns = i32::try_from(strip.weeks.len()).unwrap_or(1).max(1);
    let column = (RIGHT - NAMES) / columns;
    let mut month = None;
    for (week, at) in strip.weeks.iter().zip(0..) {
        let Some((day, light)) = week else {
            continue;
        };
        let middle = NAMES + at * column + column / 2;
        match light {
            Some(light) => mark::draw(canvas, *light, (middle, y + 20), 14),
            None => canvas.bar((middle - 8, y + 19), (16, 3), PALE, 1),
        }
        let style = Style::plain(LEAST_TEXT, MUTED);
        canvas.text_at(middle, y + 66, style, &day.day().to_string(), column);
        if month != Some(day.month()) {
            month = Some(day.month());
            let text = format!("{}月", day.month());
            canvas.text_at(middle, y + 98, style, &text, column);
        }
    }
}
