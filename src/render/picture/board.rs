//! The board picture (进度看板): measures with their lights and how old these are, targets as bars with the mark of their pace (序时进度).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::canvas::{Canvas, FAINT, GROUND, INK, MUTED, PALE, Style};
use super::sheet::{self, BODY, Block, Head, MARGIN, Number, RIGHT, Room};
use super::{LEAST_TEXT, font, mark, tiles};
use crate::digest::{Board, BoardRow, Counts, Course, Pack, TargetRow, board};
use crate::ledger::{Frame, Light, LightReason};
use crate::render::{item, naming};

/// Height of the first sheet's head.
const HEAD: i32 = 398;
/// Heights of a measure's line and of a target's.
const MEASURE: i32 = 58;
const TARGET: i32 = 44;
/// Room below the last target.
const BELOW: i32 = 14;
/// Where names begin, where numbers end, where bars begin and how long they are.
const NAMES: i32 = 88;
const NUMBERS: i32 = 700;
const BARS: i32 = 722;
const BAR: i32 = 216;
/// Most targets under one heading; more go on under another.
const MOST_TARGETS: usize = 30;
/// With more measures each is a tile.
const MOST_ROWS: usize = 60;

/// The sheets of the board as SVG, the worst first, at most so many; `follow`: how many of another kind come behind them.
pub fn sheets(pack: &Pack<'_>, course: &Course, most: usize, follow: usize) -> Vec<String> {
    let board = board(pack, course);
    let blocks = if board.rows.len() > MOST_ROWS {
        tiles::blocks(pack, &board)
    } else {
        board
            .rows
            .iter()
            .flat_map(|row| of_row(pack, row))
            .collect()
    };
    let head = Head {
        height: HEAD,
        draw: Box::new(|canvas, number| head(canvas, pack, &board, number)),
    };
    let room = Room {
        most,
        follow,
        rest: "其余举措较平稳，未列出，可用 /status 查看",
    };
    sheet::sheets(pack, &head, &blocks, &room)
}

fn head(canvas: &mut Canvas, pack: &Pack<'_>, board: &Board<'_>, number: Number) {
    sheet::title(canvas, pack, "进度看板", number);
    counts(canvas, board);
    legend(canvas, 366);
}

/// How many measures and targets have which light.
fn counts(canvas: &mut Canvas, board: &Board<'_>) {
    const LABELS: i32 = 88;
    canvas.bar((MARGIN, 168), (RIGHT - MARGIN, 152), GROUND, 14);
    let style = Style::plain(LEAST_TEXT, MUTED);
    canvas.text(MARGIN + 22, 260, style, "举措", LABELS);
    canvas.text(MARGIN + 22, 302, style, "目标", LABELS);
    let cell = (RIGHT - MARGIN - LABELS - 30) / 6;
    for (light, at) in mark::WORST_FIRST.into_iter().zip(0..) {
        let x = MARGIN + LABELS + 30 + at * cell;
        mark::draw(canvas, light, (x + 13, 200), 13);
        let word = item::light(light);
        canvas.text(x + 36, 210, Style::plain(BODY, INK), word, cell - 36);
        let shown = |counts: Counts| counts.with(light).to_string();
        let fill = |counts: Counts| {
            if counts.with(light) > 0 { INK } else { FAINT }
        };
        let (measures, targets) = (board.measures, board.targets);
        canvas.text(
            x,
            262,
            Style::bold(42, fill(measures)),
            &shown(measures),
            cell,
        );
        canvas.text(
            x,
            303,
            Style::plain(30, fill(targets)),
            &shown(targets),
            cell,
        );
    }
}

fn legend(canvas: &mut Canvas, y: i32) {
    let style = Style::plain(LEAST_TEXT, MUTED);
    canvas.bar((MARGIN, y - 17), (72, 16), PALE, 8);
    canvas.bar((MARGIN, y - 17), (40, 16), MUTED, 8);
    let end = canvas.text(MARGIN + 86, y, style, "完成率", 200);
    pace_mark(canvas, end + 46, y - 9);
    let end = canvas.text(end + 60, y, style, "序时进度", 200);
    let words = "天数为现灯色已持续的天数";
    canvas.text(end + 46, y, style, words, RIGHT - end - 46);
}

/// A measure with its targets, in as many blocks as it takes.
fn of_row<'b>(pack: &Pack<'b>, row: &'b BoardRow<'b>) -> Vec<Block<'b>> {
    let (frame, today) = (pack.frame, pack.today());
    let note = row.narrative.as_ref().filter(|work| match work.item.light {
        Light::Red | Light::Yellow | Light::Frozen => true,
        Light::Green | Light::Grey | Light::Done => false,
    });
    let note = note.map(|work| item::reason(&work.item, today));
    let note = note.filter(|note| !note.is_empty());
    let mut parts: Vec<&[TargetRow<'_>]> = row.targets.chunks(MOST_TARGETS).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let blocks = parts.into_iter().enumerate().map(|(part, targets)| {
        let lines = i32::try_from(targets.len()).unwrap_or(0) + i32::from(note.is_some());
        let note = note.clone();
        Block {
            height: MEASURE + lines * TARGET + if lines > 0 { BELOW } else { 0 },
            draw: Box::new(move |canvas, y| {
                measure(canvas, frame, row, part > 0, today, y);
                let mut y = y + MEASURE;
                if let Some(note) = &note {
                    let style = Style::plain(LEAST_TEXT, MUTED);
                    canvas.text(NAMES, y + 28, style, note, RIGHT - NAMES);
                    y += TARGET;
                }
                for row in targets {
                    target(canvas, frame, row, today, y);
                    y += TARGET;
                }
            }),
        }
    });
    blocks.collect()
}

/// What a measure is called on the board.
pub(super) fn name_of(row: &BoardRow<'_>) -> String {
    let Some(measure) = row.measure else {
        return "总体目标".to_owned();
    };
    format!("{} {}", measure.number, measure.title)
}

/// 滞后18天: the light and how long it has been so.
pub(super) fn age(row: &BoardRow<'_>, today: NaiveDate) -> String {
    let word = item::light(row.light);
    let Some(since) = row.since else {
        return word.to_owned();
    };
    match ((today - since.day).num_days(), since.earlier) {
        (days, true) => format!("{word}{days}天以上"),
        (..1, false) => format!("{word} 今日起"),
        (days, false) => format!("{word}{days}天"),
    }
}

fn measure(
    canvas: &mut Canvas,
    frame: &Frame,
    row: &BoardRow<'_>,
    again: bool,
    today: NaiveDate,
    y: i32,
) {
    canvas.bar((MARGIN, y), (RIGHT - MARGIN, 2), PALE, 0);
    mark::draw(canvas, row.light, (MARGIN + 17, y + 32), 15);
    let loud = matches!(row.light, Light::Red | Light::Yellow);
    let style = match loud {
        true => Style::bold(BODY, INK),
        false => Style::plain(BODY, MUTED),
    };
    let start = canvas.text_to(RIGHT, y + 42, style, &age(row, today), 300);
    let mut name = name_of(row);
    if again {
        name.push_str("（续）");
    }
    let room = start - 24 - NAMES;
    let end = canvas.text(NAMES, y + 42, Style::bold(30, INK), &name, room);
    let lead = row.measure.and_then(|measure| measure.lead_units.first());
    if let Some(lead) = lead {
        let unit = font::drawn(&naming::unit(frame, lead));
        let fits = end + 24 + font::width(&unit, LEAST_TEXT) <= start - 24;
        if fits {
            let style = Style::plain(LEAST_TEXT, MUTED);
            canvas.text(end + 20, y + 42, style, &unit, start - end);
        }
    }
}

fn target(canvas: &mut Canvas, frame: &Frame, row: &TargetRow<'_>, today: NaiveDate, y: i32) {
    let work = &row.work;
    let light = work.item.light;
    let line = y + 28;
    mark::draw(canvas, light, (NAMES + 9, y + 19), 9);
    let value = item::value(frame, &work.item);
    let style = Style::plain(LEAST_TEXT, INK);
    let start = canvas.text_to(NUMBERS, line, style, &value, 300);
    let (x, name) = (NAMES + 32, &row.indicator.name);
    canvas.text(x, line, Style::plain(LEAST_TEXT, INK), name, start - 20 - x);
    match row.pace {
        Some(pace) => {
            let filled = length(pace.completion);
            canvas.bar((BARS, y + 11), (BAR, 16), PALE, 8);
            if filled > 0 {
                canvas.bar(
                    (BARS, y + 11),
                    (filled, 16),
                    mark::colour(light),
                    8.min(filled / 2),
                );
            }
            if let Some(expected) = pace.expected {
                pace_mark(canvas, BARS + length(expected), y + 19);
            }
            let percent = format!("{}%", pace.completion.floor().normalize());
            canvas.text_to(RIGHT, line, style, &percent, RIGHT - BARS - BAR - 8);
        }
        None => {
            let reason = match work.item.reason {
                // Its day would not fit beside it.
                LightReason::BaselineNotReached => "建账前到期未完成".to_owned(),
                _ => item::reason(&work.item, today),
            };
            canvas.text(
                BARS,
                line,
                Style::plain(LEAST_TEXT, MUTED),
                &reason,
                RIGHT - BARS,
            );
        }
    }
}

/// The mark of the pace on a bar.
fn pace_mark(canvas: &mut Canvas, x: i32, middle: i32) {
    canvas.bar((x - 4, middle - 16), (8, 32), "#ffffff", 3);
    canvas.bar((x - 2, middle - 16), (4, 32), INK, 1);
}

/// Pixels of a share in percent.
fn length(percent: Decimal) -> i32 {
    let share = percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED) / Decimal::ONE_HUNDRED;
    let pixels = (share * Decimal::from(BAR)).round();
    pixels.to_i32().unwrap_or(0)
}
