//! How one task is shown: its light, its number, its reason, in as few characters as a phone's line has.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{REDACTED, naming};
use crate::digest::Item;
use crate::ledger::{Frame, Judgement, Light, LightReason, MilestoneStage, Promises};
use crate::plan::{Amount, Comparator, Indicator, RATIO, TaskId};

/// Characters of the reason of 挂账 in a line.
const MOST_REASON: usize = 60;

/// The order in which lights are counted out.
pub const LIGHTS: [Light; 6] = [
    Light::Green,
    Light::Yellow,
    Light::Red,
    Light::Grey,
    Light::Done,
    Light::Frozen,
];

/// The mark of a light.
pub fn glyph(light: Light) -> &'static str {
    match light {
        Light::Red => "🔴",
        Light::Yellow => "🟡",
        Light::Green => "🟢",
        Light::Grey => "⚪",
        Light::Done => "✅",
        Light::Frozen => "⏸",
    }
}

/// The word for a light.
pub fn light(light: Light) -> &'static str {
    match light {
        Light::Red => "滞后",
        Light::Yellow => "预警",
        Light::Green => "正常",
        Light::Grey => "待定",
        Light::Done => "办结",
        Light::Frozen => "挂账",
    }
}

/// The unit's own judgement in words.
pub fn judgement(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Normal => "正常",
        Judgement::Difficult => "有困难",
        Judgement::Blocked => "受阻",
        Judgement::Done => "已完成",
    }
}

/// A milestone's stage in words.
pub fn stage(stage: MilestoneStage) -> &'static str {
    match stage {
        MilestoneStage::NotStarted => "未开始",
        MilestoneStage::Underway => "进行中",
        MilestoneStage::Completed => "已完成",
    }
}

/// What became of dated next steps: 下一步兑现1次、改期2次; empty for none.
pub fn promises(promises: Promises) -> String {
    let said = |count: u32, what: &str| (count > 0).then(|| format!("{what}{count}次"));
    let parts = [said(promises.kept, "兑现"), said(promises.moved, "改期")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("下一步{}", parts.join("、")),
    }
}

/// A value in the target's unit, as in 9座, 97.5%, 0.8:1.
pub fn amount(indicator: &Indicator, value: Decimal) -> String {
    let unit = &indicator.unit_of_measure;
    Amount { value, unit }.to_string()
}

/// The target with its comparator, as in ≥10座, ≤7.9%, 约1倍.
pub fn target(indicator: &Indicator) -> Option<String> {
    Some(with_sign(indicator, indicator.target?))
}

/// A value with the target's comparator, as in ≥10座.
pub fn with_sign(indicator: &Indicator, value: Decimal) -> String {
    let amount = amount(indicator, value);
    let sign = match indicator.comparator {
        Comparator::Above => ">",
        Comparator::AtLeast => "≥",
        Comparator::AtMost => "≤",
        Comparator::Exactly => "",
        Comparator::About => "约",
    };
    format!("{sign}{amount}")
}

/// What was published and is something else by the office's word: 原目标≥10座.
pub fn changed_target(frame: &Frame, task: &TaskId) -> Option<String> {
    let indicator = frame.plan.indicator(task)?;
    let published = frame.plan.published_target(task)?;
    let changed = indicator.target != Some(published);
    changed.then(|| format!("原目标{}", with_sign(indicator, published)))
}

/// How far it is: 9/10座, 8.2/≤7.9%, 进行中; 未填 for a number not given. Empty for a narrative.
pub fn value(frame: &Frame, item: &Item) -> String {
    let Some(indicator) = frame.plan.indicator(&item.task) else {
        return String::new();
    };
    let Some(target) = indicator.target else {
        return item.stage.map_or("未填", stage).to_owned();
    };
    let unit = &indicator.unit_of_measure;
    let shown = |value| unit.to_shown(value).to_string();
    let actual = item.actual.map_or_else(|| "未填".to_owned(), shown);
    // A ratio's numbers each carry their own :1.
    let actual = match (unit.shown.as_str(), item.actual) {
        (RATIO, Some(_)) => format!("{actual}{RATIO}"),
        _ => actual,
    };
    let sign = match indicator.comparator {
        Comparator::Above => ">",
        Comparator::AtMost => "≤",
        Comparator::About => "约",
        Comparator::AtLeast | Comparator::Exactly => "",
    };
    format!("{actual}/{sign}{}{}", shown(target), unit.shown)
}

/// A change of a number: +1, -0.2; ±0 for none.
pub fn moved(frame: &Frame, task: &TaskId, moved: Decimal) -> String {
    let indicator = frame.plan.indicator(task);
    let shown = indicator.map_or(moved, |indicator| indicator.unit_of_measure.to_shown(moved));
    match shown {
        shown if shown.is_zero() => "±0".to_owned(),
        shown if shown.is_sign_positive() => format!("+{}", shown.normalize()),
        shown => shown.normalize().to_string(),
    }
}

/// Why it has its light, with days where they are known; empty where the light says it all.
pub fn reason(item: &Item, today: NaiveDate) -> String {
    let days = |words: &str| match item.days(today) {
        Some(days) if days > 0 => format!("{words}{days}天"),
        Some(_) | None => words.to_owned(),
    };
    match &item.reason {
        LightReason::TermsOpen => "口径待定".to_owned(),
        LightReason::NoStart => "待填起始数".to_owned(),
        LightReason::Unanswered => "尚未填报".to_owned(),
        LightReason::BaselineUnanswered => "建账前到期，待报初始情况".to_owned(),
        LightReason::BaselineNotReached => match item.first_due {
            Some(due) => format!("建账前到期，原定{}", naming::day(due, today)),
            None => "建账前到期".to_owned(),
        },
        LightReason::BaselineReached => "已达标，待办结".to_owned(),
        LightReason::BehindPace(points) => {
            let behind = format!("落后序时{}个点", points.round());
            match item.days(today) {
                Some(since) if since > 0 => format!("{behind}，{since}天"),
                Some(_) | None => behind,
            }
        }
        LightReason::Overdue(days) => format!("逾期{days}天"),
        LightReason::Difficult => days("有困难"),
        LightReason::Blocked => days("受阻"),
        LightReason::SilentTwoPeriods => "连续两期未反馈".to_owned(),
        LightReason::NotMet => "未达标".to_owned(),
        LightReason::Met => "已达标".to_owned(),
        LightReason::Resting | LightReason::OnPace | LightReason::Closed => String::new(),
        LightReason::Frozen => frozen(item, today),
    }
}

/// 挂账至次年3月31日：征地未批.
fn frozen(item: &Item, today: NaiveDate) -> String {
    item.frozen.as_ref().map_or(String::new(), |(until, why)| {
        let why = why.as_deref().unwrap_or(REDACTED);
        format!(
            "挂账至{}：{}",
            naming::day(*until, today),
            clip(why, MOST_REASON)
        )
    })
}

/// What was asked of the office and how often it gave way: 延期1次（原定12月31日，现定3月31日）, 延期申请待批.
pub fn requests(item: &Item, today: NaiveDate) -> Vec<String> {
    let mut marks = Vec::new();
    if let (1.., Some(first), Some(due)) = (item.extensions, item.first_due, item.due) {
        marks.push(format!(
            "原定{}→现定{}（延期{}次）",
            naming::day(first, today),
            naming::day(due, today),
            item.extensions
        ));
    }
    marks.extend(item.requested.map(|extension| match extension {
        true => "延期申请待批".to_owned(),
        false => "办结申请待批".to_owned(),
    }));
    marks
}

/// The unit that files it, short; the office where nobody does.
pub fn unit(frame: &Frame, item: &Item) -> String {
    match &item.unit {
        Some(id) => naming::unit(frame, id),
        None => OFFICE.to_owned(),
    }
}

/// What the office is called where a unit stands.
pub const OFFICE: &str = "专班办公室";

/// Light, number and name, as in 🔴 6-1 改造换热站.
pub fn title(frame: &Frame, item: &Item) -> String {
    format!("{} {}", glyph(item.light), naming::task(frame, &item.task))
}

/// One line: light, number, name, value, reason, unit.
pub fn line(frame: &Frame, item: &Item, today: NaiveDate) -> String {
    join(line_of_unit(frame, item, today), &[unit(frame, item)])
}

/// The same under a heading that names the unit.
pub fn line_of_unit(frame: &Frame, item: &Item, today: NaiveDate) -> String {
    let mut line = title(frame, item);
    let value = value(frame, item);
    if !value.is_empty() {
        line = format!("{line} {value}");
    }
    join(line, &[reason(item, today)])
}

/// A line and what follows it, behind ` · `; empty parts are left out.
pub fn join(mut line: String, parts: &[String]) -> String {
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(part);
    }
    line
}

/// A text on one line, cut to so many characters. Line breaks and runs of spaces become one space between letters and
/// digits, nothing between Chinese characters.
pub fn clip(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let apart =
            line.ends_with(|c: char| c.is_ascii()) || word.starts_with(|c: char| c.is_ascii());
        if apart && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// Names until the budget of characters is spent, then how many there are in all, as in 甲、乙等9个.
pub fn some(names: &[String], separator: &str, budget: usize, counter: &str) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let next = if at == 0 {
            name.clone()
        } else {
            format!("{text}{separator}{name}")
        };
        // The first name is always there, cut if it must be.
        let fits = next.chars().count() <= budget;
        if !fits && at > 0 {
            return format!("{text}等{}{counter}", names.len());
        }
        text = if fits { next } else { clip(&next, budget) };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_budget_are_counted() {
        let names = ["市住建局", "市商务局", "市科技局"].map(str::to_owned);
        assert_eq!(some(&names, "、", 20, "个"), "市住建局、市商务局、市科技局");
        assert_eq!(some(&names, "、", 10, "个"), "市住建局、市商务局等3个");
        assert_eq!(some(&names, "、", 3, "个"), "市住…等3个");
        assert_eq!(some(&[], "、", 3, "个"), "");
    }

    #[test]
    fn a_clipped_text_stays_on_one_line() {
        assert_eq!(clip("一\n二  三 4G 5G", 9), "一二三 4G 5G");
        assert_eq!(clip("一二三四五", 3), "一二…");
        assert_eq!(clip("🔴🔴🔴", 2), "🔴…");
    }
}
