//! Reasons, periods and last answers as notices say them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar;
use crate::ledger::{Phase, TaskView, Value};
use crate::plan::TaskId;
use crate::render::{Scene, item, naming};
use crate::schedule::{NoticeItem, Why};

pub(super) fn today(scene: &Scene<'_>) -> NaiveDate {
    calendar::date_of(scene.now)
}

pub(super) fn view<'a>(scene: &Scene<'a>, task: &TaskId) -> Option<TaskView<'a>> {
    scene.frame.task_view(scene.standing, task, today(scene))
}

/// Why an item stands there, where it is more than the month's report; empty otherwise.
pub(super) fn urgency(scene: &Scene<'_>, item: &NoticeItem) -> String {
    let today = today(scene);
    match &item.why {
        Why::Rung { due, .. } => days_left(*due, today),
        Why::Overdue { due, .. } => format!("逾期{}天", (today - *due).num_days()),
        Why::NextStep(_) => "下一步已到日期".to_owned(),
        Why::FollowUp(_) => "催办".to_owned(),
        Why::Unfinished => "填了一半".to_owned(),
        Why::Unreceived => "未签收".to_owned(),
        Why::Baseline(_) => BASELINE.to_owned(),
        Why::Opens(_) | Why::Ping(_) | Why::LastPing(_) | Why::Snoozed => {
            standing_urgency(scene, item, today)
        }
    }
}

/// What the task's own date says, for items that stand there for another reason.
fn standing_urgency(scene: &Scene<'_>, item: &NoticeItem, today: NaiveDate) -> String {
    let Some(view) = view(scene, &item.task) else {
        return String::new();
    };
    match (&view.phase, view.due) {
        (Phase::Baseline(_), _) => BASELINE.to_owned(),
        (Phase::Open, Some(due)) if due < today => {
            format!("逾期{}天", (today - due).num_days())
        }
        (Phase::Open, Some(due)) if (due - today).num_days() <= SOON => days_left(due, today),
        (Phase::Open | Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended, _) => {
            String::new()
        }
    }
}

/// A target that was past at go-live.
pub(super) const BASELINE: &str = "建账前到期";

/// A deadline this near is told in days even where it is not the reason.
const SOON: i64 = 30;

fn days_left(due: NaiveDate, today: NaiveDate) -> String {
    match (due - today).num_days() {
        0 => "今天到期".to_owned(),
        1 => "明天到期".to_owned(),
        left if left > 0 => format!("还有{left}天"),
        over => format!("逾期{}天", -over),
    }
}

/// What a period is called: 本月, 本周, 本季度.
pub(super) fn period(id: &str) -> &'static str {
    if id.contains("-Q") {
        "本季度"
    } else if id.matches('-').count() > 1 {
        "本期"
    } else if id.contains("-W") {
        "本周"
    } else {
        "本月"
    }
}

/// The period whose report is asked for, of the first item that stands there for it.
pub(super) fn period_of(items: &[NoticeItem]) -> Option<&str> {
    items.iter().find_map(|item| match &item.why {
        Why::Opens(id) | Why::Ping(id) | Why::LastPing(id) | Why::Baseline(id) => Some(id.as_str()),
        Why::Rung { .. }
        | Why::Overdue { .. }
        | Why::FollowUp(_)
        | Why::NextStep(_)
        | Why::Snoozed
        | Why::Unfinished
        | Why::Unreceived => None,
    })
}

/// The earliest cut-off of the periods the items are asked for.
pub(super) fn cut_off(scene: &Scene<'_>, items: &[NoticeItem]) -> Option<DateTime<Utc>> {
    let periods = items.iter().filter_map(|item| {
        let asked = matches!(item.why, Why::Opens(_) | Why::Ping(_) | Why::LastPing(_));
        let view = asked.then(|| view(scene, &item.task)).flatten()?;
        Some(scene.frame.period(&view, today(scene)).cut_off_at)
    });
    periods.filter(|at| *at >= scene.now).min()
}

/// 11月30日12:00.
pub(super) fn date_and_time(at: DateTime<Utc>, today: NaiveDate) -> String {
    let day = naming::day(calendar::date_of(at), today);
    format!("{day}{}", calendar::local(at).format("%H:%M"))
}

/// Target and last answer: 目标≥10座，上次8座（10月25日）.
pub(super) fn target_and_last(scene: &Scene<'_>, task: &TaskId) -> String {
    let Some(view) = view(scene, task) else {
        return String::new();
    };
    let target = view.indicator.and_then(item::target);
    let target = target.map(|target| format!("目标{target}"));
    let parts: Vec<String> = target.into_iter().chain([last(scene, &view)]).collect();
    parts.join("，")
}

fn last(scene: &Scene<'_>, view: &TaskView<'_>) -> String {
    let Some(filed) = view.last_report() else {
        return "尚未填报".to_owned();
    };
    let on = naming::day(calendar::date_of(filed.at), today(scene));
    match (filed.report.value, view.indicator) {
        (Value::Number(_), Some(indicator)) => {
            let value = view.actual().map(|value| item::amount(indicator, value));
            format!("上次{}（{on}）", value.unwrap_or_default())
        }
        (Value::Stage(stage), _) => format!("上次{}（{on}）", item::stage(stage)),
        (Value::Number(_) | Value::None, _) => {
            format!("上次{}（{on}）", item::judgement(filed.report.judgement))
        }
    }
}

/// What was promised for today, in the member's own words.
pub(super) fn promise(scene: &Scene<'_>, notice_item: &NoticeItem) -> Option<String> {
    let view = view(scene, &notice_item.task)?;
    let filed = view.last_report()?;
    let today = today(scene);
    let quoted = match notice_item.why {
        Why::NextStep(seq) => seq == filed.seq,
        Why::Rung { .. } | Why::Overdue { .. } => scene.frame.promised_on(&view) == Some(today),
        Why::Opens(_)
        | Why::Ping(_)
        | Why::LastPing(_)
        | Why::Baseline(_)
        | Why::FollowUp(_)
        | Why::Snoozed
        | Why::Unreceived
        | Why::Unfinished => false,
    };
    let words = filed.report.next_steps.as_ref()?.body()?;
    quoted.then(|| format!("您上次说：{}", item::clip(words, MOST_QUOTED)))
}

/// Characters of a promise that are quoted.
const MOST_QUOTED: usize = 60;
