//! The head of a digest: at most ten lines and 600 characters, whatever the week was.

use chrono::{DateTime, NaiveDate, Utc};

use super::As;
use crate::calendar;
use crate::digest::{Change, Counts, Digest, Item, Need};
use crate::ledger::{Frame, Light};
use crate::plan::TaskId;
use crate::render::item::{self, clip, some};
use crate::render::{Html, naming, roster};

/// Characters of the task force's short name in the title. All these together, with the words around them, stay below 600.
const MOST_TITLE: usize = 20;
/// Characters of the names of new red, and of recovered, items.
const MOST_CHANGED: usize = 22;
/// Characters of the red items.
const MOST_RED: usize = 60;
/// Characters of the matters of coordination.
const MOST_NEEDS: usize = 55;
/// Characters of one such matter's words.
const MOST_NEED: usize = 20;
/// Characters of the units that have not answered.
const MOST_MISSING: usize = 45;
/// Characters of the next deadlines.
const MOST_DEADLINES: usize = 45;
/// Characters of the reason of a correction.
const MOST_REASON: usize = 36;

pub(super) fn head(frame: &Frame, digest: &Digest, shown_as: As<'_>) -> Html {
    let today = calendar::date_of(digest.cut_off_at);
    let mut html = Html::new().bold(title(frame, digest, shown_as)).line();
    html = html.text(dates(digest, shown_as)).line();
    if let As::Correction(reason) = shown_as {
        html = html
            .text(format!("更正原因：{}", clip(reason, MOST_REASON)))
            .line();
    }
    let old = digest.needs.iter().any(|need| need.old);
    let needs = needs(frame, &digest.needs);
    let (above, below) = match old {
        true => (needs, String::new()),
        false => (String::new(), needs),
    };
    let lines = [
        above,
        counts("目标", "项", &digest.targets),
        counts("举措", "项", &digest.measures),
        changes(frame, digest),
        red(frame, digest, today),
        below,
        answers(frame, digest, today),
        deadlines(frame, digest, today),
    ];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    html.text(lines.join("\n"))
}

fn title(frame: &Frame, digest: &Digest, shown_as: As<'_>) -> String {
    let name = clip(&frame.plan.task_force.short_name, MOST_TITLE);
    let week = digest.week.1;
    match shown_as {
        As::Posted if digest.late => format!("{name} · 第{week}周工作周报（补发）"),
        As::Posted => format!("{name} · 第{week}周工作周报"),
        As::ForAsker => format!("{name} · 即时周报"),
        As::Correction(_) => format!("{name} · 第{week}周工作周报（更正）"),
    }
}

fn dates(digest: &Digest, shown_as: As<'_>) -> String {
    let at = moment(digest.cut_off_at);
    let number = match shown_as {
        As::Posted | As::Correction(_) => format!("第{}期", digest.number),
        As::ForAsker => "未编号，仅供您本人查看".to_owned(),
    };
    let covers = match digest.weeks_before {
        0 => String::new(),
        1 => "（含上周）".to_owned(),
        weeks => format!("（含前{weeks}周）"),
    };
    format!("截至 {at} · {number}{covers}")
}

/// 11月27日 16:00, always whole: a digest is read years later.
fn moment(at: DateTime<Utc>) -> String {
    calendar::local(at)
        .format("%Y年%-m月%-d日 %H:%M")
        .to_string()
}

/// 目标29项：🟢 15（+1） 🟡 6 …; lights that nothing has or had are left out.
fn counts(what: &str, counter: &str, change: &Change) -> String {
    let total = change.now.total();
    if total == 0 {
        return String::new();
    }
    let of = |light: Light| {
        let now = change.now.with(light);
        let before = change.before.map(|before: Counts| before.with(light));
        (now > 0 || before.is_some_and(|before| before > 0))
            .then(|| format!("{} {now}{}", item::glyph(light), difference(now, before)))
    };
    let lights: Vec<String> = item::LIGHTS.into_iter().filter_map(of).collect();
    format!("{what}{total}{counter}：{}", lights.join(" "))
}

fn difference(now: usize, before: Option<usize>) -> String {
    match before {
        Some(before) if now > before => format!("（+{}）", now - before),
        Some(before) if now < before => format!("（-{}）", before - now),
        Some(_) | None => String::new(),
    }
}

fn changes(frame: &Frame, digest: &Digest) -> String {
    let named = |what: &str, tasks: &[TaskId]| {
        let names: Vec<String> = tasks.iter().map(|task| naming::task(frame, task)).collect();
        let shown = some(&names, "、", MOST_CHANGED, "项");
        match tasks.len() {
            0 => format!("{what}0"),
            count => format!("{what}{count}（{shown}）"),
        }
    };
    let slips = slips(digest);
    let red = named("新转红", &digest.new_red);
    let recovered = named("好转", &digest.recovered);
    format!(
        "本周：{red}，{recovered}，新办结{}{slips}",
        digest.newly_done.len()
    )
}

/// Slips sent and red ones without an answer; nothing where there are none.
fn slips(digest: &Digest) -> String {
    let part = |count: usize, words: &str| match count {
        0 => String::new(),
        count => format!("，{words}{count}"),
    };
    let slips = &digest.slips;
    let sent = part(slips.sent, "发督办单");
    sent + &part(slips.red_unanswered, "红单未反馈")
}

/// What is red, since when and whose, the longest first.
fn red(frame: &Frame, digest: &Digest, today: NaiveDate) -> String {
    let red = digest.lines().filter(|line| line.item.light == Light::Red);
    let mut items: Vec<Item> = red.map(|line| line.item.clone()).collect();
    if items.is_empty() {
        return String::new();
    }
    items.sort_by_key(Item::worst);
    let name = |item: &Item| {
        let task = naming::task(frame, &item.task);
        format!(
            "{task}（{}，{}）",
            item::reason(item, today),
            item::unit(frame, item)
        )
    };
    let names: Vec<String> = items.iter().map(name).collect();
    format!("滞后：{}", some(&names, "、", MOST_RED, "项"))
}

fn needs(frame: &Frame, needs: &[Need]) -> String {
    if needs.is_empty() {
        return "需协调：无".to_owned();
    }
    let names: Vec<String> = needs.iter().map(|need| short_need(frame, need)).collect();
    let old = match needs.iter().filter(|need| need.old).count() {
        0 => String::new(),
        count => format!("（{count}件超10个工作日）"),
    };
    format!(
        "需协调{}件{old}：{}",
        needs.len(),
        some(&names, "；", MOST_NEEDS, "件")
    )
}

/// 接电（市住建局→市供电公司，9天）.
fn short_need(frame: &Frame, need: &Need) -> String {
    let what = need.what.as_deref().map_or_else(
        || crate::render::REDACTED.to_owned(),
        |what| clip(what, MOST_NEED),
    );
    format!("{what}（{}，{}天）", between(frame, need), need.days)
}

/// Who asks whom, as in 市住建局→市供电公司.
pub(super) fn between(frame: &Frame, need: &Need) -> String {
    let from = need
        .from
        .as_ref()
        .map_or_else(|| item::OFFICE.to_owned(), |unit| naming::unit(frame, unit));
    match &need.to {
        Some(to) => format!("{from}→{}", naming::unit(frame, to)),
        None => from,
    }
}

fn answers(frame: &Frame, digest: &Digest, today: NaiveDate) -> String {
    let participation = &digest.participation;
    let names: Vec<String> = participation
        .missing()
        .map(|unit| {
            unit.unit
                .as_ref()
                .map_or_else(|| item::OFFICE.to_owned(), |unit| naming::unit(frame, unit))
        })
        .collect();
    let silence = if digest.answers == 0 {
        silence(digest, today)
    } else {
        String::new()
    };
    let away: Vec<String> = participation
        .away()
        .filter_map(|(unit, absence)| {
            let name = naming::unit(frame, unit.unit.as_ref()?);
            Some(format!("{name}（{}）", roster::away_until(absence, today)))
        })
        .collect();
    let away_too = match away.as_slice() {
        [] => String::new(),
        away => format!("；外出：{}", some(away, "、", MOST_MISSING, "个")),
    };
    let asked = match (participation.expected(), names.is_empty()) {
        (0, _) => String::new(),
        (expected, true) if !away.is_empty() => {
            format!("应反馈{expected}个单位，已反馈{}", participation.answered())
        }
        (expected, true) => format!("应反馈{expected}个单位，已全部反馈"),
        (expected, false) => format!(
            "应反馈{expected}个单位，已反馈{}，未反馈：{}",
            participation.answered(),
            some(&names, "、", MOST_MISSING, "个")
        ),
    };
    format!("{silence}{asked}{away_too}")
}

/// Nobody answered: what the data are then of.
fn silence(digest: &Digest, today: NaiveDate) -> String {
    let same = digest.lines().all(|line| line.was == Some(line.item.light));
    let state = if same {
        "目标状态与上期一致，"
    } else {
        ""
    };
    match digest.newest_at {
        Some(at) => {
            let day = naming::day(calendar::date_of(at), today);
            format!("本周未收到反馈。{state}数据截至{day}。")
        }
        None => "本周未收到反馈，尚无填报数据。".to_owned(),
    }
}

fn deadlines(frame: &Frame, digest: &Digest, today: NaiveDate) -> String {
    if digest.deadlines.is_empty() {
        return "下两周到期：无".to_owned();
    }
    let names: Vec<String> = digest
        .deadlines
        .iter()
        .map(|deadline| {
            let task = naming::task(frame, &deadline.task);
            format!("{task}（{}）", naming::day(deadline.due, today))
        })
        .collect();
    format!("下两周到期：{}", some(&names, "、", MOST_DEADLINES, "项"))
}
