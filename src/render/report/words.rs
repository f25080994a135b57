//! How numbers, judgements, periods and kept words are written in messages of report talks.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::calendar;
use crate::conversation::Media;
use crate::conversation::report::Flow;
use crate::ledger::{Judgement, Light, MilestoneStage, TaskView};
use crate::plan::{Amount, Comparator, Indicator, IndicatorKind, RATIO, TaskId, UnitOfMeasure};
use crate::render::{Scene, naming};

/// Characters shown of a sentence in a preview; five of them still fit one message.
pub(super) const MOST_SHOWN: usize = 200;

/// Characters shown of the last answer under a question.
pub(super) const MOST_LAST: usize = 40;

/// Today in the task force's zone.
pub(super) fn today(scene: &Scene<'_>) -> NaiveDate {
    calendar::date_of(scene.now)
}

/// A task as it stands after the event.
pub(super) fn view<'a>(scene: &Scene<'a>, task: &TaskId) -> Option<TaskView<'a>> {
    scene.frame.task_view(scene.standing, task, today(scene))
}

/// A value without a space, for buttons: 8座, 0.4万辆.
pub(super) fn tight(value: Decimal, unit: &UnitOfMeasure) -> String {
    Amount { value, unit }.to_string()
}

/// A value for reading: 8 座, 97.5%, 0.8:1.
pub(super) fn spaced(value: Decimal, unit: &UnitOfMeasure) -> String {
    let number = unit.to_shown(value);
    match unit.shown.chars().next() {
        Some('%' | ':') | None => format!("{number}{}", unit.shown),
        Some(_) => format!("{number} {}", unit.shown),
    }
}

/// The bare number in the shown unit.
pub(super) fn number(value: Decimal, unit: &UnitOfMeasure) -> String {
    unit.to_shown(value).to_string()
}

/// Comparator and value: ≥10 座.
pub(super) fn target(indicator: &Indicator) -> Option<String> {
    let sign = match indicator.comparator {
        Comparator::Above => ">",
        Comparator::AtLeast => "≥",
        Comparator::AtMost => "≤",
        Comparator::Exactly => "",
        Comparator::About => "约",
    };
    let value = spaced(indicator.target?, &indicator.unit_of_measure);
    Some(format!("{sign}{value}"))
}

/// A deadline: 2024年底 for the last day of a year, else the date.
pub(super) fn due(day: NaiveDate, today: NaiveDate) -> String {
    match (day.month(), day.day()) {
        (12, 31) => format!("{}年底", day.year()),
        _ => naming::day(day, today),
    }
}

/// What is asked of a number: 现在累计多少座？
pub(super) fn value_question(indicator: &Indicator, flow: Flow) -> String {
    let unit = indicator.unit_of_measure.shown.as_str();
    match (unit, indicator.kind) {
        (RATIO, _) => "现在的比值是多少？直接回复数字，例如 0.8:1。".to_owned(),
        ("%", _) => "现在是百分之几？直接回复数字。".to_owned(),
        // A past year's target is not met by this year's count.
        (_, IndicatorKind::Flow) if flow != Flow::BaselineNumber => {
            format!("今年累计多少{unit}？直接回复数字。")
        }
        (_, IndicatorKind::Flow) => format!("一共完成多少{unit}？直接回复数字。"),
        (_, IndicatorKind::Stock) => format!("现在累计多少{unit}？直接回复数字。"),
        (_, IndicatorKind::Level | IndicatorKind::Milestone) => {
            format!("现在是多少{unit}？直接回复数字。")
        }
    }
}

/// Forms in which a number can be given.
pub(super) fn forms(indicator: &Indicator) -> String {
    let unit = &indicator.unit_of_measure;
    match unit.shown.as_str() {
        RATIO => "0.8、0.8:1".to_owned(),
        "%" => "97、97%".to_owned(),
        shown if unit.scale == Decimal::ONE => format!("9、9{shown}、1.2万"),
        shown => format!("1.2、1.2{shown}、12000{}", unit.base),
    }
}

/// Mark and word of a judgement.
pub(super) fn judgement(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Normal => "🟢 正常",
        Judgement::Difficult => "🟡 有困难",
        Judgement::Blocked => "🔴 受阻",
        Judgement::Done => "✅ 已完成",
    }
}

/// Word of a stage.
pub(super) fn stage(stage: MilestoneStage) -> &'static str {
    match stage {
        MilestoneStage::NotStarted => "未开始",
        MilestoneStage::Underway => "进行中",
        MilestoneStage::Completed => "已完成",
    }
}

/// Mark of a light.
pub(super) fn light(light: Light) -> &'static str {
    match light {
        Light::Red => "🔴",
        Light::Yellow => "🟡",
        Light::Green => "🟢",
        Light::Grey => "⚪",
        Light::Done => "✅",
        Light::Frozen => "⏸",
    }
}

/// A period by its id: 2026-11 is 11月, 2026-W48 第48周, 2026-Q4 四季度.
pub(super) fn period(id: &str) -> String {
    let Some((_, rest)) = id.split_once('-') else {
        return id.to_owned();
    };
    if let Some(weeks) = rest.strip_prefix('W') {
        return format!("第{}周", weeks.trim_start_matches('0'));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return format!("第{quarter}季度");
    }
    format!("{}月", rest.trim_start_matches('0'))
}

/// What kind of thing somebody sent.
pub(super) fn media(media: &Media) -> &'static str {
    match media {
        Media::File { mime, .. } if mime.starts_with("image/") => "图片",
        Media::File { .. } => "文件",
        Media::Sticker => "表情",
        Media::Voice => "语音",
        Media::Video => "视频",
        Media::Location => "位置",
        Media::Contact => "名片",
        Media::Other => "这类消息",
    }
}

/// The beginning of a text, on one line, with its length where it is cut.
pub(super) fn cut(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = one_line.chars().count();
    if length <= most {
        return one_line;
    }
    let beginning: String = one_line.chars().take(most).collect();
    format!("{beginning}…（共{length}字）")
}

/// What was answered last on a task, in a few words; none without a report.
pub(super) fn last(scene: &Scene<'_>, view: &TaskView<'_>) -> Option<String> {
    let filed = view.last_report()?;
    let today = today(scene);
    let day = naming::day(calendar::date_of(filed.at), today);
    let number = view
        .indicator
        .and_then(|indicator| Some(spaced(view.actual()?, &indicator.unit_of_measure)));
    let said = number.or_else(|| view.stage().map(|stage_now| stage(stage_now).to_owned()));
    let word = || judgement(filed.report.judgement).to_owned();
    Some(format!("上次 {}（{day}）", said.unwrap_or_else(word)))
}
