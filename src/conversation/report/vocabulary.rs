//! Words that are read in report talks instead of a tap.

use super::press::{Submission, Tap};
use crate::conversation::vocabulary::half_width;
use crate::ledger::{Judgement, MilestoneStage};

/// Words that do what a button does, at any question.
const CONTROLS: [(&str, Tap); 29] = [
    ("同上次", Tap::Keep),
    ("不变", Tap::Keep),
    ("无变化", Tap::Keep),
    ("没变化", Tap::Keep),
    ("没有变化", Tap::Keep),
    ("照旧", Tap::Keep),
    ("一样", Tap::Keep),
    ("其余不变", Tap::KeepRest),
    ("都无变化", Tap::KeepRest),
    ("全部不变", Tap::KeepRest),
    ("无", Tap::Nothing),
    ("没有", Tap::Nothing),
    ("暂无", Tap::Nothing),
    ("没", Tap::Nothing),
    ("无问题", Tap::Nothing),
    ("没问题", Tap::Nothing),
    ("不需要", Tap::Nothing),
    ("跳过", Tap::Skip),
    ("略", Tap::Skip),
    ("上一步", Tap::Back),
    ("返回", Tap::Back),
    ("退出", Tap::Quit),
    ("取消", Tap::Quit),
    ("不填了", Tap::Quit),
    ("下一项", Tap::Next),
    ("完成", Tap::Enough),
    ("提交", Tap::Submit(Submission::Plain)),
    ("确认", Tap::Submit(Submission::Plain)),
    ("重新输入", Tap::Retype),
];

/// Yes.
const YES: [&str; 10] = [
    "是", "是的", "对", "对的", "确认", "没错", "嗯", "yes", "y", "ok",
];
/// No.
const NO: [&str; 6] = ["否", "不是", "不对", "错了", "no", "n"];

/// A past target was reached.
const REACHED: [&str; 6] = ["是", "已完成", "完成", "达到", "已达到", "完成了"];
/// It was not.
const NOT_REACHED: [&str; 8] = [
    "否",
    "未完成",
    "没完成",
    "没有完成",
    "未达到",
    "没达到",
    "没有达到",
    "没有",
];

const JUDGEMENTS: [(&str, Judgement); 9] = [
    ("正常", Judgement::Normal),
    ("有困难", Judgement::Difficult),
    ("困难", Judgement::Difficult),
    ("受阻", Judgement::Blocked),
    ("停滞", Judgement::Blocked),
    ("已完成", Judgement::Done),
    ("完成", Judgement::Done),
    ("完成了", Judgement::Done),
    ("已办结", Judgement::Done),
];

const STAGES: [(&str, MilestoneStage); 8] = [
    ("未开始", MilestoneStage::NotStarted),
    ("没开始", MilestoneStage::NotStarted),
    ("未启动", MilestoneStage::NotStarted),
    ("进行中", MilestoneStage::Underway),
    ("推进中", MilestoneStage::Underway),
    ("已完成", MilestoneStage::Completed),
    ("完成", MilestoneStage::Completed),
    ("完成了", MilestoneStage::Completed),
];

/// Words by which people only say that they have read a message.
const READ: [&str; 14] = [
    "收到",
    "好的",
    "好",
    "已阅",
    "明白",
    "知道了",
    "谢谢",
    "辛苦了",
    "ok",
    "1",
    "嗯",
    "👌",
    "👍",
    "收到谢谢",
];

/// Between the unit and what it shall do.
pub(super) const AFTER_UNIT: [char; 8] = [' ', '：', ':', '·', '，', ',', '、', '　'];

/// What a text says alone, apart from marks at its end.
fn alone(text: &str) -> String {
    let folded: String = text
        .trim()
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
    folded
        .trim_end_matches(['。', '.', '!', '~', ',', ';', ' '])
        .to_owned()
}

fn value<T: Copy>(table: &[(&str, T)], text: &str) -> Option<T> {
    let text = alone(text);
    let found = table.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value)
}

/// The button a text stands for.
pub(super) fn control(text: &str) -> Option<Tap> {
    value(&CONTROLS, text)
}

/// Yes or no.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let text = alone(text);
    if YES.contains(&text.as_str()) {
        return Some(true);
    }
    NO.contains(&text.as_str()).then_some(false)
}

/// Whether a past target was reached.
pub(super) fn reached(text: &str) -> Option<bool> {
    let text = alone(text);
    if REACHED.contains(&text.as_str()) {
        return Some(true);
    }
    NOT_REACHED.contains(&text.as_str()).then_some(false)
}

/// A judgement in words.
pub(super) fn judgement(text: &str) -> Option<Judgement> {
    value(&JUDGEMENTS, text)
}

/// A stage in words.
pub(super) fn stage(text: &str) -> Option<MilestoneStage> {
    value(&STAGES, text)
}

/// Whether a text only says that something was read.
pub(super) fn is_only_read(text: &str) -> bool {
    READ.contains(&alone(text).as_str())
}

/// A text for finding a task by its number or name: half-width, no spaces, one kind of dash.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .map(half_width)
        .map(|c| match c {
            '\u{2013}' | '\u{2014}' | '\u{2212}' | '.' => '-',
            c => c,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Words around a number of a task: 第6项, 6号.
pub(super) fn without_words_around(folded: &str) -> &str {
    let text = folded.strip_prefix('第').unwrap_or(folded);
    text.trim_end_matches(['项', '条', '号'])
}
