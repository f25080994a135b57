//! The body of a digest: folded quotes, each a block of its own that a split cannot tear.

use chrono::NaiveDate;

use super::head::between;
use crate::calendar;
use crate::digest::{Digest, Line, Section, Signed};
use crate::ledger::{Frame, Light, Text};
use crate::render::item::{self, clip, join};
use crate::render::{Html, naming};

/// Characters of visible text in one quote; a longer list goes on in the next.
const MOST_IN_QUOTE: usize = 1_200;
/// Characters of what was done, behind an item.
const MOST_DONE: usize = 40;
/// Characters of a problem, behind a red or yellow item.
const MOST_ISSUE: usize = 60;
/// Characters of the numbers behind a unit that has not answered.
const MOST_LABELS: usize = 60;
/// Characters of a matter of coordination.
const MOST_NEED: usize = 120;

pub(super) fn blocks(frame: &Frame, digest: &Digest) -> Vec<String> {
    let today = calendar::date_of(digest.cut_off_at);
    let mut blocks = Vec::new();
    blocks.extend(quotes("滞后和预警", &attention(frame, digest, today)));
    blocks.extend(quotes("需协调", &needs(frame, digest)));
    blocks.extend(quotes(
        "自评与灯色不一致",
        &disagreements(frame, digest, today),
    ));
    blocks.extend(quotes("未反馈", &missing(frame, digest)));
    blocks.extend(quotes("未提供初始情况", &baseline_missing(frame, digest)));
    blocks.extend(quotes("下两周到期", &deadlines(frame, digest, today)));
    for section in &digest.sections {
        let lines: Vec<String> = section
            .lines
            .iter()
            .map(|line| of_item(frame, line, today))
            .collect();
        blocks.extend(quotes(&title(frame, section), &lines));
    }
    let assigned: Vec<String> = digest
        .assigned
        .iter()
        .map(|line| of_item(frame, line, today))
        .collect();
    blocks.extend(quotes("交办事项", &assigned));
    blocks.extend(quotes(
        "项目库",
        &crate::render::assign::stages(&digest.stages),
    ));
    blocks
}

/// A titled list as quotes of bounded length; nothing for an empty list.
fn quotes(title: &str, lines: &[String]) -> Vec<String> {
    let mut quotes: Vec<(usize, Html)> = Vec::new();
    for line in lines {
        let length = line.chars().count() + 1;
        match quotes.last_mut() {
            Some((so_far, quote)) if *so_far + length <= MOST_IN_QUOTE => {
                *so_far += length;
                *quote = std::mem::take(quote).line().text(line);
            }
            Some(_) | None => {
                let title = match quotes.len() {
                    0 => title.to_owned(),
                    _ => format!("{title}（续）"),
                };
                let quote = Html::new().bold(&title).line().text(line);
                quotes.push((title.chars().count() + 1 + length, quote));
            }
        }
    }
    quotes
        .into_iter()
        .map(|(_, quote)| Html::new().quote(quote).into())
        .collect()
}

fn title(frame: &Frame, section: &Section) -> String {
    let found = section
        .section
        .as_ref()
        .and_then(|id| frame.plan.sections.iter().find(|section| section.id == *id));
    match found {
        Some(section) => format!("{}、{}", section.number, section.title),
        None => "总体目标".to_owned(),
    }
}

/// Red and yellow with unit, days and reason, the worst first; then the problem in the unit's words.
fn attention(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<String> {
    let bad = |line: &&Line| matches!(line.item.light, Light::Red | Light::Yellow);
    let mut lines: Vec<&Line> = digest.lines().filter(bad).collect();
    lines.sort_by_key(|line| line.item.worst());
    let shown = |line: &&Line| {
        let issues = line.issues.as_ref();
        let issue = issues.map(|issue| format!("问题：{}", words(issue, MOST_ISSUE)));
        join(item::line(frame, &line.item, today), issue.as_slice())
    };
    lines.iter().map(shown).collect()
}

/// Words of a person, cut; the mark where they were removed.
fn words(text: &Text, most: usize) -> String {
    text.body().map_or_else(
        || crate::render::REDACTED.to_owned(),
        |body| clip(body, most),
    )
}

fn needs(frame: &Frame, digest: &Digest) -> Vec<String> {
    let need = |need: &crate::digest::Need| {
        let what = need.what.as_deref().map_or_else(
            || crate::render::REDACTED.to_owned(),
            |what| clip(what, MOST_NEED),
        );
        let answer = match need.answer {
            None => "",
            Some(true) => "已协助，待确认",
            Some(false) => "需上级协调",
        };
        let days = format!("{}天", need.days);
        let parts = [what, between(frame, need), days, answer.to_owned()];
        join(naming::task(frame, &need.task), &parts)
    };
    digest.needs.iter().map(need).collect()
}

fn disagreements(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<String> {
    let differs = digest.lines().filter(|line| line.item.disagrees);
    differs
        .map(|line| {
            let item = &line.item;
            let said = item.judgement.map_or("", item::judgement);
            let parts = [
                item::reason(item, today),
                format!("自评{said}"),
                item::unit(frame, item),
            ];
            let title = format!("{} {}", item::title(frame, item), item::value(frame, item));
            join(title.trim_end().to_owned(), &parts)
        })
        .collect()
}

fn missing(frame: &Frame, digest: &Digest) -> Vec<String> {
    let line = |unit: &crate::digest::UnitAnswers| {
        let name = unit
            .unit
            .as_ref()
            .map_or_else(|| item::OFFICE.to_owned(), |unit| naming::unit(frame, unit));
        let labels: Vec<String> = unit.missing.iter().map(|task| label(frame, task)).collect();
        let shown = item::some(&labels, "、", MOST_LABELS, "项");
        format!("{name}：{}项（{shown}）", unit.missing.len())
    };
    digest.participation.missing().map(line).collect()
}

fn label(frame: &Frame, task: &crate::plan::TaskId) -> String {
    frame
        .plan
        .task(task)
        .map_or_else(|| task.to_string(), |task| task.label.clone())
}

fn baseline_missing(frame: &Frame, digest: &Digest) -> Vec<String> {
    let name = |task| naming::task(frame, task);
    digest.baseline_missing.iter().map(name).collect()
}

fn deadlines(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<String> {
    let line = |deadline: &crate::digest::Deadline| {
        let left = (deadline.due - today).num_days();
        let day = naming::day(deadline.due, today);
        format!(
            "{} · {day}（还有{left}天）",
            naming::task(frame, &deadline.task)
        )
    };
    digest.deadlines.iter().map(line).collect()
}

/// One item: light, number, name, value, change, unit, marks, and what was done since the last digest.
fn of_item(frame: &Frame, line: &Line, today: NaiveDate) -> String {
    let item = &line.item;
    let mut title = item::title(frame, item);
    let value = item::value(frame, item);
    if !value.is_empty() {
        title = format!("{title} {value}");
    }
    if let Some(moved) = line.moved.filter(|moved| !moved.is_zero()) {
        title = format!("{title}（{}）", item::moved(frame, &item.task, moved));
    }
    let was = line
        .was
        .filter(|was| *was != item.light)
        .map_or(String::new(), |was| format!("上期{}", item::glyph(was)));
    let mut parts = vec![item::reason(item, today), item::unit(frame, item), was];
    parts.extend(marks(frame, line, today, MOST_DONE));
    join(title, &parts)
}

/// Why an item has its light, and what was done, in words alone.
pub fn progress(frame: &Frame, line: &Line, today: NaiveDate, most: usize) -> String {
    let was = line.was.filter(|was| *was != line.item.light);
    let was = was.map_or(String::new(), |was| format!("上期{}", item::light(was)));
    let parts = [item::reason(&line.item, today), was].into_iter();
    let parts = parts.chain(marks(frame, line, today, most));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("；")
}

/// Requests, marks, and what was done, added and signed; each text at most so long.
fn marks(frame: &Frame, line: &Line, today: NaiveDate, most: usize) -> Vec<String> {
    let item = &line.item;
    let mark = |holds: bool, word: &str| {
        if holds {
            word.to_owned()
        } else {
            String::new()
        }
    };
    let done = line
        .done
        .as_ref()
        .map_or(String::new(), |done| words(done, most));
    let mut parts = vec![
        item::changed_target(frame, &item.task).unwrap_or_default(),
        item::requests(item, today).join("，"),
        mark(line.unchanged, "三周未变"),
        mark(line.late, "迟报"),
        mark(line.corrected, "更正"),
        item::promises(item.promises),
        done,
    ];
    parts.extend(line.supplements.iter().map(|(unit, words)| {
        let words = words.as_deref().map_or_else(
            || crate::render::REDACTED.to_owned(),
            |words| clip(words, most),
        );
        format!("{}补充：{words}", naming::unit(frame, unit))
    }));
    parts.push(cosigned(frame, line));
    parts
}

/// 会签：市住建局 同意，市商务局 未会签.
fn cosigned(frame: &Frame, line: &Line) -> String {
    let said = |signed: Signed| match signed {
        Signed::Agreed => "同意",
        Signed::Supplemented => "补充",
        Signed::Objected => "异议",
        Signed::Waiting => "待会签",
        Signed::Silent => "未会签",
    };
    let named: Vec<String> = line
        .cosigned
        .iter()
        .map(|(unit, signed)| format!("{} {}", naming::unit(frame, unit), said(*signed)))
        .collect();
    match named.is_empty() {
        true => String::new(),
        false => format!("会签：{}", named.join("，")),
    }
}
