//! What stands in the report, in the order of the digest.

use chrono::{NaiveDate, Timelike};

use super::{Block, Entry, Grid};
use crate::digest::{Change, Digest, Line, Need, Pack, Section, Stamp};
use crate::ledger::{Frame, Light};
use crate::plan::TaskId;
use crate::render::REDACTED;
use crate::render::document::{clean, days, stamp_line};
use crate::render::item::{self, OFFICE, clip, some};
use crate::render::{assign, digest as words, naming, roster};

/// Characters of what was done and of a problem, in a cell.
const MOST_IN_CELL: usize = 160;

/// Characters of names in a sentence; the tables name all.
const MOST_NAMES: usize = 120;

/// Numbers of headings.
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// What stands above and below the text.
pub(super) struct Front {
    /// Who reports.
    pub issuer: String,
    /// 第17期.
    pub number: String,
    /// 2026年11月27日.
    pub date: String,
    /// The title.
    pub title: String,
    /// The stamp of the moment.
    pub stamp: String,
    /// The same as a day and an hour without a time zone, for the file's own properties.
    pub made: String,
}

/// What stands around the text.
pub(super) fn front(pack: &Pack<'_>) -> Front {
    let (stamp, digest) = (pack.stamp, pack.digest);
    let local = days::local(stamp.cut_off_at);
    let covers = match digest.weeks_before {
        0 => String::new(),
        1 => "（含上周）".to_owned(),
        weeks => format!("（含前{weeks}周）"),
    };
    Front {
        issuer: clean(&pack.frame.plan.task_force.name),
        number: number(stamp),
        date: local.format("%Y年%-m月%-d日").to_string(),
        title: match stamp.posted {
            true => format!("第{}周工作情况{covers}", digest.week.1),
            false => format!("截至{}工作情况", local.format("%-m月%-d日")),
        },
        stamp: stamp_line(stamp),
        made: stamp.cut_off_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

fn number(stamp: &Stamp) -> String {
    match stamp.posted {
        true => format!("第{}期", stamp.number),
        false => format!("第{}期（未发）", stamp.number),
    }
}

/// The text; what there is nothing of is left out, and the headings are numbered through.
pub(super) fn body(pack: &Pack<'_>) -> Vec<Block> {
    let (frame, digest, today) = (pack.frame, pack.digest, pack.today());
    let parts = [
        ("总体进度", overview(pack)),
        ("滞后和预警事项", attention(frame, digest, today)),
        ("需协调事项", needs(frame, digest)),
        (
            "自评与灯色不一致的事项",
            disagreements(frame, digest, today),
        ),
        ("反馈情况", answers(frame, digest, today)),
        ("近期到期事项", deadlines(frame, digest, today)),
        ("分项进展", sections(frame, digest, today)),
        ("交办事项", lines(frame, &digest.assigned, today)),
        ("项目进展", projects(digest)),
    ];
    let said = parts.into_iter().filter(|(_, blocks)| !blocks.is_empty());
    let numbered = NUMERALS
        .iter()
        .zip(said)
        .flat_map(|(numeral, (title, blocks))| {
            let heading = Block::Heading(format!("{numeral}、{title}"));
            [heading].into_iter().chain(blocks)
        });
    numbered.collect()
}

fn overview(pack: &Pack<'_>) -> Vec<Block> {
    let (frame, digest) = (pack.frame, pack.digest);
    let at = moment(pack.stamp);
    let counts = [
        counted("目标", &digest.targets),
        counted("未设目标的举措", &digest.measures),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let blocks = [
        Block::Text(format!("截至{at}，{}", counts.join(""))),
        Block::Text(changes(frame, digest)),
        Block::Grid(counts_grid(digest)),
        Block::Board,
    ];
    blocks.into()
}

/// 2026年11月27日16时, with the minutes where there are any.
fn moment(stamp: &Stamp) -> String {
    let at = days::local(stamp.cut_off_at);
    let minutes = match at.minute() {
        0 => String::new(),
        minutes => format!("{minutes}分"),
    };
    format!("{}{minutes}", at.format("%Y年%-m月%-d日%-H时"))
}

/// 目标29项：正常15项（增加1项）、预警6项。
fn counted(what: &str, change: &Change) -> Option<String> {
    let total = change.now.total();
    let of = |light: Light| {
        let now = change.now.with(light);
        let before = change.before.map(|before| before.with(light));
        let moved = match before {
            Some(before) if now > before => format!("（增加{}项）", now - before),
            Some(before) if now < before => format!("（减少{}项）", before - now),
            Some(_) | None => String::new(),
        };
        (now > 0 || !moved.is_empty()).then(|| format!("{}{now}项{moved}", item::light(light)))
    };
    let lights: Vec<String> = item::LIGHTS.into_iter().filter_map(of).collect();
    (total > 0).then(|| format!("{what}{total}项：{}。", lights.join("、")))
}

fn counts_grid(digest: &Digest) -> Grid {
    let mut columns = vec![("类别", 22), ("合计", 12)];
    columns.extend(item::LIGHTS.map(|light| (item::light(light), 11)));
    let row = |what: &str, change: &Change| {
        let numbers = item::LIGHTS.map(|light| change.now.with(light));
        let cells = [change.now.total()].into_iter().chain(numbers);
        let cells = cells.map(|count| Entry::Mark(count.to_string()));
        [Entry::Mark(what.to_owned())]
            .into_iter()
            .chain(cells)
            .collect()
    };
    Grid {
        columns,
        rows: vec![row("目标", &digest.targets), row("举措", &digest.measures)],
    }
}

/// What changed since the last digest, every item by name.
fn changes(frame: &Frame, digest: &Digest) -> String {
    let named = |what: &str, tasks: &[TaskId]| {
        let names: Vec<String> = tasks.iter().map(|task| naming::task(frame, task)).collect();
        match names.len() {
            0 => format!("{what}0项"),
            count => format!(
                "{what}{count}项（{}）",
                some(&names, "、", MOST_NAMES, "项")
            ),
        }
    };
    let slips = match (digest.slips.sent, digest.slips.red_unanswered) {
        (0, 0) => String::new(),
        (sent, 0) => format!("；发出督办单{sent}份"),
        (sent, red) => format!("；发出督办单{sent}份，红色督办单未反馈{red}份"),
    };
    let since = match digest.targets.before {
        Some(_) => "与上期相比，",
        None => "本期",
    };
    format!(
        "{since}{}；{}；{}{slips}。",
        named("新转滞后", &digest.new_red),
        named("由滞后好转", &digest.recovered),
        named("新办结", &digest.newly_done),
    )
}

/// Red and yellow, the worst first, with the problem in the unit's words.
fn attention(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<Block> {
    let bad = |line: &&Line| matches!(line.item.light, Light::Red | Light::Yellow);
    let mut lines: Vec<&Line> = digest.lines().filter(bad).collect();
    if lines.is_empty() {
        return vec![Block::Text("没有滞后和预警事项。".to_owned())];
    }
    lines.sort_by_key(|line| line.item.worst());
    let row = |line: &&Line| {
        let issues = line.issues.as_deref().unwrap_or_default();
        vec![
            mark(label(frame, &line.item.task)),
            words_of(name(frame, &line.item.task)),
            mark(item::value(frame, &line.item)),
            Entry::Light(line.item.light),
            words_of(item::reason(&line.item, today)),
            words_of(item::unit(frame, &line.item)),
            words_of(clip(issues, MOST_IN_CELL)),
        ]
    };
    vec![Block::Grid(Grid {
        columns: vec![
            ("编号", 8),
            ("事项", 19),
            ("现值/目标", 19),
            ("状态", 8),
            ("原因", 17),
            ("单位", 12),
            ("问题", 17),
        ],
        rows: lines.iter().map(row).collect(),
    })]
}

fn needs(frame: &Frame, digest: &Digest) -> Vec<Block> {
    if digest.needs.is_empty() {
        return vec![Block::Text("没有需协调事项。".to_owned())];
    }
    let row = |need: &Need| {
        let unit =
            |unit: Option<&_>| unit.map_or_else(String::new, |unit| naming::unit(frame, unit));
        let from = match &need.from {
            None => OFFICE.to_owned(),
            from => unit(from.as_ref()),
        };
        let what = need.what.as_deref().unwrap_or(REDACTED);
        let answer = match need.answer {
            None => "待答复",
            Some(true) => "已协助，待确认",
            Some(false) => "需上级协调",
        };
        vec![
            mark(label(frame, &need.task)),
            words_of(clip(what, MOST_IN_CELL)),
            words_of(from),
            words_of(unit(need.to.as_ref())),
            mark(format!("{}天", need.days)),
            mark(answer.to_owned()),
        ]
    };
    vec![Block::Grid(Grid {
        columns: vec![
            ("编号", 9),
            ("事由", 33),
            ("提出单位", 16),
            ("需协调单位", 16),
            ("已历", 10),
            ("答复", 16),
        ],
        rows: digest.needs.iter().map(row).collect(),
    })]
}

fn disagreements(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<Block> {
    let differs = digest.lines().filter(|line| line.item.disagrees);
    let row = |line: &Line| {
        let said = line.item.judgement.map_or("", item::judgement);
        vec![
            mark(label(frame, &line.item.task)),
            words_of(name(frame, &line.item.task)),
            Entry::Light(line.item.light),
            words_of(item::reason(&line.item, today)),
            mark(said.to_owned()),
            words_of(item::unit(frame, &line.item)),
        ]
    };
    let rows: Vec<Vec<Entry>> = differs.map(row).collect();
    match rows.is_empty() {
        true => Vec::new(),
        false => vec![Block::Grid(Grid {
            columns: vec![
                ("编号", 9),
                ("事项", 32),
                ("灯", 9),
                ("原因", 22),
                ("自评", 11),
                ("单位", 17),
            ],
            rows,
        })],
    }
}

/// Only those who have not answered are named.
fn answers(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<Block> {
    let participation = &digest.participation;
    let unit =
        |unit: Option<&_>| unit.map_or_else(|| OFFICE.to_owned(), |id| naming::unit(frame, id));
    let missing = participation.missing();
    let missing: Vec<String> = missing
        .map(|one| format!("{}（{}项）", unit(one.unit.as_ref()), one.missing.len()))
        .collect();
    let away = participation.away().map(|(one, absence)| {
        format!(
            "{}（{}）",
            unit(one.unit.as_ref()),
            roster::away_until(absence, today)
        )
    });
    let away: Vec<String> = away.collect();
    let mut text = match participation.expected() {
        0 => String::new(),
        expected => format!(
            "应反馈{expected}个单位，已反馈{}个。",
            participation.answered()
        ),
    };
    if digest.answers == 0 {
        text.insert_str(0, "本期未收到反馈。");
    }
    if !missing.is_empty() {
        text += &format!("未反馈：{}。", missing.join("、"));
    }
    if !away.is_empty() {
        text += &format!("外出：{}。", away.join("、"));
    }
    if !digest.baseline_missing.is_empty() {
        let tasks = digest.baseline_missing.iter();
        let names: Vec<String> = tasks.map(|task| naming::task(frame, task)).collect();
        text += &format!(
            "建账前到期、未提供初始情况{}项：{}。",
            names.len(),
            names.join("、")
        );
    }
    match text.is_empty() {
        true => Vec::new(),
        false => vec![Block::Text(text)],
    }
}

fn deadlines(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<Block> {
    let one = |deadline: &crate::digest::Deadline| {
        let left = (deadline.due - today).num_days();
        let day = naming::day(deadline.due, today);
        format!(
            "{}（{day}，还有{left}天）",
            naming::task(frame, &deadline.task)
        )
    };
    let all: Vec<String> = digest.deadlines.iter().map(one).collect();
    let text = match all.len() {
        0 => "下两周没有到期事项。".to_owned(),
        count => format!("下两周到期{count}项：{}。", all.join("；")),
    };
    vec![Block::Text(text)]
}

fn sections(frame: &Frame, digest: &Digest, today: NaiveDate) -> Vec<Block> {
    let numbered = (1..).zip(&digest.sections);
    let blocks = numbered.flat_map(|(at, section)| {
        let title = format!("（{}）{}", numeral(at), section_title(frame, section));
        let heading = Block::Subheading(title);
        [heading]
            .into_iter()
            .chain(lines(frame, &section.lines, today))
    });
    blocks.collect()
}

fn numeral(at: usize) -> String {
    let tens = match at / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", NUMERALS.get(tens - 1).unwrap_or(&"")),
    };
    let ones = at.checked_rem(10).filter(|ones| *ones > 0);
    let ones = ones.and_then(|ones| NUMERALS.get(ones - 1)).unwrap_or(&"");
    format!("{tens}{ones}")
}

fn section_title(frame: &Frame, section: &Section) -> String {
    let found = section.section.as_ref();
    let found = found.and_then(|id| frame.plan.sections.iter().find(|section| section.id == *id));
    found.map_or_else(|| "总体目标".to_owned(), |section| section.title.clone())
}

/// A table of items; nothing for none.
fn lines(frame: &Frame, lines: &[Line], today: NaiveDate) -> Vec<Block> {
    if lines.is_empty() {
        return Vec::new();
    }
    let row = |line: &Line| {
        vec![
            mark(label(frame, &line.item.task)),
            words_of(name(frame, &line.item.task)),
            mark(value(frame, line)),
            Entry::Light(line.item.light),
            words_of(item::unit(frame, &line.item)),
            words_of(words::progress(frame, line, today, MOST_IN_CELL)),
        ]
    };
    vec![Block::Grid(Grid {
        columns: vec![
            ("编号", 8),
            ("事项", 21),
            ("现值/目标", 19),
            ("状态", 8),
            ("单位", 14),
            ("进展", 30),
        ],
        rows: lines.iter().map(row).collect(),
    })]
}

fn value(frame: &Frame, line: &Line) -> String {
    let value = item::value(frame, &line.item);
    match line.moved.filter(|moved| !moved.is_zero()) {
        Some(moved) => format!("{value}（{}）", item::moved(frame, &line.item.task, moved)),
        None => value,
    }
}

fn projects(digest: &Digest) -> Vec<Block> {
    let stages = assign::stages(&digest.stages);
    match stages.is_empty() {
        true => Vec::new(),
        false => vec![Block::Text(format!("{}。", stages.join("；")))],
    }
}

fn label(frame: &Frame, task: &TaskId) -> String {
    let found = frame.plan.task(task);
    found.map_or_else(|| task.to_string(), |task| task.label.clone())
}

fn name(frame: &Frame, task: &TaskId) -> String {
    let found = frame.plan.task(task);
    found.map_or_else(String::new, |task| task.name.clone())
}

fn mark(words: String) -> Entry {
    Entry::Mark(words)
}

fn words_of(words: String) -> Entry {
    Entry::Words(words)
}
