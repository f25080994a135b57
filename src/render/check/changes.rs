//! What a changed plan or changed settings would change, in short lines.

use chrono::NaiveDate;

use crate::conversation::{MovedSend, PlannedKind};
use crate::plan::{Change, FieldChange, PlanDiff, SettingChange, TaskId, narrative_of};
use crate::render::naming;

/// Longest value of a change that is shown, in characters; longer ones are only said to differ.
const MOST_SHOWN: usize = 24;

/// What adopting a changed plan would change; one short line each, as the office reads it in chat too.
pub fn plan_diff(diff: &PlanDiff) -> Vec<String> {
    let mut lines = Vec::new();
    for (thing, changes) in [
        ("单位", &diff.units),
        ("人员", &diff.members),
        ("部分", &diff.sections),
        ("举措", &diff.measures),
        ("指标", &diff.indicators),
        ("口径", &diff.doubts),
    ] {
        lines.extend(
            changes
                .iter()
                .flat_map(|change| change_lines(thing, change)),
        );
    }
    let own = diff
        .task_force
        .iter()
        .map(|field| format!("专班 {}", field_change(field)));
    let mut lines: Vec<_> = own.chain(lines).collect();
    if !diff.vanished.is_empty() {
        let ids: Vec<_> = diff
            .vanished
            .iter()
            .map(|task| number(diff, task))
            .collect();
        lines.push(format!(
            "撤销的任务：{}，采用前须逐项确定并入或取消",
            ids.join("、")
        ));
    }
    if lines.is_empty() {
        lines.push("没有变化".to_owned());
    }
    lines
}

/// A vanished task as people know it: a measure's narrative goes by the measure's own id.
fn number(diff: &PlanDiff, task: &TaskId) -> String {
    let removed = diff.measures.iter().find_map(|change| match change {
        Change::Removed { id, .. } if narrative_of(&id.as_str().into()) == *task => Some(id),
        Change::Added { .. } | Change::Removed { .. } | Change::Changed { .. } => None,
    });
    removed.map_or_else(|| task.to_string(), ToString::to_string)
}

fn change_lines(thing: &str, change: &Change) -> Vec<String> {
    match change {
        Change::Added { id, name } => vec![format!("＋ {thing} {id} {name}")],
        Change::Removed { id, name } => vec![format!("－ {thing} {id} {name}")],
        Change::Changed { id, name, fields } => {
            let heading = format!("改 {thing} {id} {name}");
            let fields = fields
                .iter()
                .map(|field| format!("  {}", field_change(field)));
            std::iter::once(heading).chain(fields).collect()
        }
    }
}

fn field_change(change: &FieldChange) -> String {
    let name = said(&FIELDS, change.field);
    if change.old.len() > 1 || change.new.len() > 1 {
        return list_change(name, change);
    }
    let value = |values: &[String]| {
        values
            .first()
            .map_or("无", |value| said(&WORDS, value))
            .to_owned()
    };
    let (old, new) = (value(&change.old), value(&change.new));
    if old.chars().count().max(new.chars().count()) > MOST_SHOWN {
        return format!("{name}有改动");
    }
    format!("{name}：{old} → {new}")
}

/// A list is told by what comes and what goes.
fn list_change(name: &str, change: &FieldChange) -> String {
    let come = change
        .new
        .iter()
        .filter(|value| !change.old.contains(value))
        .map(|value| format!("＋{value}"));
    let go = change
        .old
        .iter()
        .filter(|value| !change.new.contains(value))
        .map(|value| format!("－{value}"));
    let differing: Vec<_> = come.chain(go).collect();
    if differing.is_empty() {
        return format!("{name}顺序有改动");
    }
    format!("{name}：{}", differing.join(" "))
}

fn said<'a>(words: &[(&str, &'static str)], word: &'a str) -> &'a str {
    words
        .iter()
        .find(|(written, _)| *written == word)
        .map_or(word, |(_, said)| said)
}

/// Keys of the plan file.
const FIELDS: [(&str, &str); 35] = [
    ("about", "对象"),
    ("aliases", "别名"),
    ("base_year", "基年"),
    ("baseline", "基数"),
    ("collective", "集体单位"),
    ("comparator", "比较方式"),
    ("due", "完成时限"),
    ("due_as_written", "时限原文"),
    ("ends", "结束日"),
    ("fact", "共用数据"),
    ("filer", "填报人"),
    ("filing_lead", "填报单位"),
    ("kind", "类型"),
    ("leads", "牵头单位"),
    ("measure", "举措"),
    ("name", "名称"),
    ("number", "编号"),
    ("office_chief", "办公室主任"),
    ("office_chief_inferred", "主任推定说明"),
    ("office_staff", "办公室人员"),
    ("pace", "序时进度"),
    ("post", "职务"),
    ("proposal", "拟办意见"),
    ("question", "问题"),
    ("recurrence", "频次"),
    ("responsible", "责任单位"),
    ("rhythm", "填报周期"),
    ("role", "角色"),
    ("section", "部分"),
    ("short_name", "简称"),
    ("starts", "开始日"),
    ("summary", "摘要"),
    ("target", "目标值"),
    ("title", "标题"),
    ("units", "单位"),
];

/// Fixed words of the plan file.
const WORDS: [(&str, &str); 21] = [
    ("weekly", "每周"),
    ("two_weekly", "每两周"),
    ("monthly", "每月"),
    ("quarterly", "每季度"),
    ("leader", "组长"),
    ("deputy_leader", "副组长"),
    ("member", "成员"),
    ("liaison", "联络员"),
    ("stock", "存量"),
    ("flow", "当期累计"),
    ("level", "比率"),
    ("milestone", "节点"),
    ("once", "一次"),
    ("yearly", "每年"),
    (">", "大于"),
    (">=", "不低于"),
    ("<=", "不高于"),
    ("=", "等于"),
    ("~", "约"),
    ("true", "是"),
    ("false", "否"),
];

/// What a changed settings file would change.
pub fn settings_diff(changes: &[SettingChange]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("设置 {}：{} → {}", change.key, change.old, change.new))
        .collect()
}

/// Moved sends that are listed; the rest is counted.
const MOST_MOVED: usize = 10;

/// The sends that a new holiday table moves, a line each.
pub fn moved_sends(moved: &[MovedSend], today: NaiveDate) -> Vec<String> {
    let day = |day: NaiveDate| format!("{} {}", naming::day(day, today), naming::weekday(day));
    let line = |moved: &MovedSend| {
        let what = match moved.what {
            PlannedKind::Digest => "工作周报",
            PlannedKind::Reminder => "进展提醒",
            PlannedKind::Meeting => "会议提醒",
            PlannedKind::Other => "专班办公室事项",
        };
        format!("改期 {what}：{} → {}", day(moved.from), day(moved.to))
    };
    let mut lines: Vec<String> = moved.iter().take(MOST_MOVED).map(line).collect();
    if moved.len() > MOST_MOVED {
        lines.push(format!("另有{}次发送改期", moved.len() - MOST_MOVED));
    }
    lines
}
