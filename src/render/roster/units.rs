//! Messages on changes of units (机构变动).

use chrono::NaiveDate;

use super::{plain, press};
use crate::calendar;
use crate::conversation::roster::{Kind, Press, UnitSay, UnitStep, UnitTap};
use crate::ledger::{Phase, TaskView, UnitChange};
use crate::plan::UnitId;
use crate::render::{Button, Html, Message, Scene, naming, people};

/// Buttons in a row.
const ROW: usize = 3;
/// Items named in a preview; the rest are counted.
const MOST_ITEMS: usize = 20;

pub(super) fn say(scene: &Scene<'_>, say: &UnitSay) -> Message {
    match say {
        UnitSay::Ask(step) => ask(scene, step),
        UnitSay::NotFound(typed) => plain(format!(
            "没有“{}”这个单位。请写单位名称或简称，例如：住建局",
            people::shown(typed)
        ))
        .row(vec![leave()]),
        UnitSay::Taken(name, unit) => plain(format!(
            "“{}”已经是{}的名称，请换一个。",
            people::shown(name),
            naming::unit(scene.frame, unit)
        ))
        .row(vec![leave()]),
        UnitSay::TooLong(length, most) => plain(format!(
            "这段文字有{length}字，最多{most}字，请缩短后重发。"
        ))
        .row(vec![leave()]),
        UnitSay::Same(unit) => plain(format!(
            "{}不能并入自己，请写另一个单位。",
            naming::unit(scene.frame, unit)
        ))
        .row(vec![leave()]),
        UnitSay::PartsRefused => Message::text(
            "至少选一个事项或一个人归新单位，也不能全部归它；全部移交的请用并入或更名。",
        ),
        UnitSay::DateRefused(typed) => plain(format!(
            "“{}”不是今天或以前的日期。变动从生效之日起办理，未到生效日的请到当天再办。",
            people::shown(typed)
        ))
        .row(vec![tap("今天起", UnitTap::Today), leave()]),
        UnitSay::Done {
            change,
            seq,
            by,
            decides,
        } => {
            let today = calendar::date_of(scene.now);
            let basis = change.basis.body().filter(|basis| !basis.is_empty());
            let basis = basis.map_or_else(String::new, |basis| format!("，依据：{basis}"));
            let html = Html::new()
                .text(format!("✅ {}", headline(scene, &change.change)))
                .line()
                .text(format!(
                    "自{}起{basis}（第 {seq} 号，{}办理）。原名称仍可使用，已发周报不变。",
                    naming::day(change.from, today),
                    naming::person(scene.frame, by)
                ));
            match decides {
                true => Message::text(html).row(vec![press("撤销变动", Press::Undo(*seq, false))]),
                false => Message::text(html),
            }
        }
        UnitSay::UndoSure(seq) => super::replace::undo_sure(*seq),
        UnitSay::Undone(seq, by) => plain(format!(
            "已撤销第{seq}号机构变动（{}办理），恢复原样。",
            naming::person(scene.frame, by)
        )),
        UnitSay::Stale => Message::text("这一步已经办过，或单位已有变动。重新办理请发 /unit"),
    }
}

fn ask(scene: &Scene<'_>, step: &UnitStep) -> Message {
    let name = |unit: &UnitId| naming::unit(scene.frame, unit);
    match step {
        UnitStep::Which => plain("哪个单位有变动？请写单位名称或简称。").row(vec![leave()]),
        UnitStep::Kind(unit) => plain(format!("{}是哪种变动？", name(unit)))
            .row(vec![
                tap("更名", UnitTap::Kind(Kind::Rename)),
                tap("并入", UnitTap::Kind(Kind::Merge)),
                tap("分设", UnitTap::Kind(Kind::Split)),
                tap("加别名", UnitTap::Kind(Kind::Alias)),
            ])
            .row(vec![back(), leave()]),
        UnitStep::Name(unit, kind) => plain(match kind {
            Kind::Rename => format!("{}改成什么名称？", name(unit)),
            Kind::Merge => format!("{}并入哪个单位？请写单位名称。", name(unit)),
            Kind::Split => format!("从{}分出的新单位叫什么？", name(unit)),
            Kind::Alias => format!("{}还有什么名称？", name(unit)),
        })
        .row(vec![back(), leave()]),
        UnitStep::Parts { unit, name, .. } => parts(scene, step, unit, name),
        UnitStep::From(change) => plain(format!(
            "{}，从哪天起？发日期，例如：11月1日",
            headline(scene, change)
        ))
        .row(vec![tap("今天起", UnitTap::Today)])
        .row(vec![back(), leave()]),
        UnitStep::Basis(..) => plain("依据是什么？发文号或说明，例如：乳编〔2026〕12号")
            .row(vec![tap("没有文号", UnitTap::NoBasis)])
            .row(vec![back(), leave()]),
        UnitStep::Sure {
            change,
            from,
            basis,
            ..
        } => sure(scene, change, *from, basis.as_deref()),
    }
}

/// Items and people of the unit, ✓ before what the new one takes over.
fn parts(scene: &Scene<'_>, step: &UnitStep, unit: &UnitId, name: &str) -> Message {
    let UnitStep::Parts { tasks, people, .. } = step else {
        return Message::text("请重新办理。");
    };
    let mut buttons = Vec::new();
    for view in items_of(scene, unit) {
        let task = &view.task;
        let label = marked(&task.label, tasks.contains(&task.id));
        buttons.push(tap(label, UnitTap::Task(task.id.clone())));
    }
    let members = scene.frame.plan.members.iter();
    for member in members.filter(|member| member.units.contains(unit)) {
        let label = marked(&member.name, people.contains(&member.id));
        buttons.push(tap(label, UnitTap::Person(member.id.clone())));
    }
    let message = plain(format!(
        "哪些事项和人员归{name}？再点一次取消，选好点下一步。"
    ));
    let message = buttons
        .chunks(ROW)
        .fold(message, |message, row| message.row(row.to_vec()));
    message
        .row(vec![tap("下一步", UnitTap::Next)])
        .row(vec![back(), leave()])
}

fn marked(label: &str, is_in: bool) -> String {
    match is_in {
        true => format!("✓ {label}"),
        false => label.to_owned(),
    }
}

fn sure(scene: &Scene<'_>, change: &UnitChange, from: NaiveDate, basis: Option<&str>) -> Message {
    let today = calendar::date_of(scene.now);
    let mut html = Html::new()
        .bold("请核对 · 机构变动")
        .line()
        .text(headline(scene, change))
        .line()
        .text(format!(
            "自{}起；依据：{}",
            naming::day(from, today),
            basis.unwrap_or("没有文号")
        ));
    for line in passing(scene, change) {
        html = html.line().text(line);
    }
    Message::text(html).row(vec![tap("确认", UnitTap::Sure), back(), leave()])
}

/// What passes over: items with their open requests, people.
fn passing(scene: &Scene<'_>, change: &UnitChange) -> Vec<String> {
    let (items, people) = match change {
        UnitChange::Renamed { .. } | UnitChange::Alias { .. } => return Vec::new(),
        UnitChange::Merged { unit, .. } => (
            items_of(scene, unit),
            scene
                .frame
                .plan
                .members
                .iter()
                .filter(|member| member.units.contains(unit))
                .map(|member| member.name.clone())
                .collect(),
        ),
        UnitChange::Split {
            unit,
            tasks,
            people,
            ..
        } => {
            let chosen = items_of(scene, unit).into_iter();
            let chosen = chosen.filter(|view| tasks.contains(&view.task.id));
            let names = people.iter().map(|id| naming::person(scene.frame, id));
            (chosen.collect(), names.collect::<Vec<String>>())
        }
    };
    let asked = items.iter().filter(|view| view.requested).count();
    let labels: Vec<&str> = items
        .iter()
        .take(MOST_ITEMS)
        .map(|view| view.task.label.as_str())
        .collect();
    let more = items.len().saturating_sub(MOST_ITEMS);
    let more = match more {
        0 => String::new(),
        more => format!("等，另有{more}项"),
    };
    let listed = |names: &[String]| match names.is_empty() {
        true => "无".to_owned(),
        false => names.join("、"),
    };
    let items = match labels.is_empty() {
        true => "移交事项：无".to_owned(),
        false => format!("移交事项（{}项）：{}{more}", items.len(), labels.join("、")),
    };
    let mut lines = vec![items, format!("移交人员：{}", listed(&people))];
    if asked > 0 {
        lines.push(format!("其中{asked}项有申请待批，一并移交"));
    }
    lines
}

/// Items that the unit is asked for.
fn items_of<'a>(scene: &Scene<'a>, unit: &UnitId) -> Vec<TaskView<'a>> {
    let today = calendar::date_of(scene.now);
    let views = scene.frame.task_views(scene.standing, today);
    let open = views.into_iter().filter(|view| match view.phase {
        Phase::Open | Phase::Baseline(_) | Phase::Frozen => true,
        Phase::Resting | Phase::Closed | Phase::Ended => false,
    });
    open.filter(|view| view.filing_unit.as_ref() == Some(unit))
        .collect()
}

/// 市住建局更名为市住房城乡建设局.
pub(in crate::render) fn headline(scene: &Scene<'_>, change: &UnitChange) -> String {
    let plan = &scene.frame.plan;
    let was = |unit: &UnitId| {
        let known = plan.any_unit(unit);
        known.map_or_else(|| unit.to_string(), |unit| unit.short_name.clone())
    };
    // What was renamed already goes by its former name here.
    let former = |unit: &UnitId, name: &str| match plan.any_unit(unit) {
        Some(known) if known.name == name => known.aliases.last().cloned().unwrap_or_default(),
        Some(_) | None => was(unit),
    };
    match change {
        UnitChange::Renamed { unit, name } => format!("{}更名为{name}", former(unit, name)),
        UnitChange::Merged { unit, into } => format!("{}并入{}", was(unit), was(into)),
        UnitChange::Split { unit, name, .. } => format!("{}分设{name}", was(unit)),
        UnitChange::Alias { unit, alias } => format!("{}又称{alias}", was(unit)),
    }
}

fn tap(label: impl Into<String>, tap: UnitTap) -> Button {
    press(label, Press::Unit(tap))
}

fn back() -> Button {
    tap("上一步", UnitTap::Back)
}

fn leave() -> Button {
    press("退出", Press::Leave)
}
