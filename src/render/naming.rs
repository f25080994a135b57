//! How people, units, tasks, days and moments are called in messages.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

use rust_decimal::Decimal;

use super::{REDACTED, item};
use crate::calendar;
use crate::ledger::{Actor, Filed, Frame, Text};
use crate::plan::{Fact, Member, PersonId, Role, Sets, TaskId, UnitId};

/// A person's name; the id of somebody who is no longer on the roster.
pub fn person(frame: &Frame, id: &PersonId) -> String {
    let member = frame.plan.anyone(id);
    member.map_or_else(|| id.to_string(), |member| name_of(member).to_owned())
}

/// A name; the mark where it was removed.
fn name_of(member: &Member) -> &str {
    match member.name.as_str() {
        "" => REDACTED,
        name => name,
    }
}

/// Name and unit, or role where there is none, as in 李俊卿（市住建局）.
pub fn person_with_unit(frame: &Frame, id: &PersonId) -> String {
    let Some(member) = frame.plan.anyone(id) else {
        return id.to_string();
    };
    format!("{}（{}）", name_of(member), standing_for(frame, member))
}

/// Units short, or the role of somebody without one.
pub fn standing_for(frame: &Frame, member: &Member) -> String {
    if member.units.is_empty() {
        return role(member.role).to_owned();
    }
    let units: Vec<String> = member.units.iter().map(|id| unit(frame, id)).collect();
    units.join("、")
}

/// A role on the roster.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Leader => "组长",
        Role::DeputyLeader => "副组长",
        Role::Member => "成员",
        Role::Liaison => "联络员",
    }
}

/// A unit's short name.
pub fn unit(frame: &Frame, id: &UnitId) -> String {
    let unit = frame.plan.any_unit(id);
    unit.map_or_else(|| id.to_string(), |unit| unit.short_name.clone())
}

/// Number and name of a task, as in 6-1 改造换热站.
pub fn task(frame: &Frame, id: &TaskId) -> String {
    let task = frame.plan.task(id);
    task.map_or_else(
        || id.to_string(),
        |task| format!("{} {}", task.label, task.name),
    )
}

/// Who acted.
pub fn actor(frame: &Frame, actor: &Actor) -> String {
    match actor {
        Actor::Person(id) => person(frame, id),
        Actor::Bot => "系统".to_owned(),
        Actor::Host => "主机管理员".to_owned(),
        Actor::Stranger(_) => "本人".to_owned(),
    }
}

/// Who filed a report: 李俊卿（王芳代报）, 李俊卿（专班办公室栾频代填）.
pub fn filed_by(frame: &Frame, filed: &Filed) -> String {
    let by = actor(frame, &filed.by);
    let Some(of) = &filed.report.on_behalf_of else {
        return by;
    };
    format!("{}（{}）", person(frame, of), in_place(frame, filed))
}

/// 王芳代报 of a liaison, 专班办公室栾频代填 of the office; empty where somebody filed for themselves.
pub fn in_place(frame: &Frame, filed: &Filed) -> String {
    if filed.report.on_behalf_of.is_none() {
        return String::new();
    }
    let by = actor(frame, &filed.by);
    let liaison = match &filed.by {
        Actor::Person(id) => frame.plan.anyone(id).map(|it| it.role) == Some(Role::Liaison),
        Actor::Bot | Actor::Host | Actor::Stranger(_) => false,
    };
    match liaison {
        true => format!("{by}代报"),
        false => format!("专班办公室{by}代填"),
    }
}

/// A day, with the year where it is not today's: 12月31日, 2027年3月31日.
pub fn day(day: NaiveDate, today: NaiveDate) -> String {
    let short = format!("{}月{}日", day.month(), day.day());
    if day.year() == today.year() {
        short
    } else {
        format!("{}年{short}", day.year())
    }
}

/// A day of the week, as in 周一.
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

/// A moment: 09:12 on the same day, else 11月23日 09:12.
pub fn moment(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (date, today) = (calendar::date_of(at), calendar::date_of(now));
    let time = calendar::local(at).format("%H:%M");
    if date == today {
        time.to_string()
    } else {
        format!("{} {time}", day(date, today))
    }
}

/// What a fact of a target is called.
pub fn fact(fact: Fact) -> &'static str {
    match fact {
        Fact::Target => "目标值",
        Fact::Due => "完成时限",
        Fact::Baseline => "基数",
        Fact::FilingLead => "填报单位",
    }
}

/// A fact's value in words, in the unit of the target; none where there is none.
pub fn value_of(
    frame: &Frame,
    task: &TaskId,
    sets: &Sets,
    fact: Fact,
    today: NaiveDate,
) -> Option<String> {
    let indicator = frame.plan.indicator(task);
    let amount = |value: Decimal| {
        indicator.map_or_else(
            || value.normalize().to_string(),
            |indicator| item::amount(indicator, value),
        )
    };
    match fact {
        Fact::Target => {
            let value = sets.target?;
            Some(indicator.map_or_else(|| amount(value), |it| item::with_sign(it, value)))
        }
        Fact::Due => sets.due.map(|due| day(due, today)),
        Fact::Baseline => sets.baseline.map(amount),
        Fact::FilingLead => sets.filing_lead.as_ref().map(|id| unit(frame, id)),
    }
}

/// Facts that a settlement sets, each as a short phrase; values in the unit of the target.
pub fn sets(frame: &Frame, about: Option<&TaskId>, sets: &Sets, today: NaiveDate) -> Vec<String> {
    let nowhere = TaskId::new("");
    let task = about.unwrap_or(&nowhere);
    let order = [Fact::FilingLead, Fact::Target, Fact::Due, Fact::Baseline];
    let phrase = |fact_of: Fact| {
        let value = value_of(frame, task, sets, fact_of, today)?;
        Some(match fact_of {
            Fact::FilingLead => format!("由{value}填报"),
            Fact::Target | Fact::Due | Fact::Baseline => format!("{}{value}", fact(fact_of)),
        })
    };
    order.into_iter().filter_map(phrase).collect()
}

/// 目标值 ≥10座 → ≥12座, for each fact that `sets` sets.
pub fn moved(
    frame: &Frame,
    task: &TaskId,
    before: &Sets,
    sets: &Sets,
    today: NaiveDate,
) -> Vec<String> {
    let moved = |fact_of: Fact| {
        let new = value_of(frame, task, sets, fact_of, today)?;
        let old = value_of(frame, task, before, fact_of, today);
        let old = old.unwrap_or_else(|| "未定".to_owned());
        Some(format!("{} {old} → {new}", fact(fact_of)))
    };
    Fact::ALL.into_iter().filter_map(moved).collect()
}

/// The basis of a settlement, as written; that it was removed.
pub fn basis(basis: Option<&Text>) -> Option<String> {
    let words = basis?.body();
    Some(words.map_or_else(|| REDACTED.to_owned(), str::to_owned))
}
