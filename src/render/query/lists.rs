//! Lists of items, paged in place, with a button to each and, for the office in private, 催办 beside it.

use super::{Beside, ask, supplement, urge};
use crate::calendar;
use crate::conversation::query::{Press, Question};
use crate::digest::{
    Item, UnitAnswers, baseline_missing, of_measure as items_of_measure,
    of_person as items_of_person, of_unit as items_of_unit, overdue as overdue_items,
    participation,
};
use crate::ledger::Light;
use crate::plan::{Measure, MeasureId, Member, PersonId, Role, UnitId};
use crate::render::digest::turns;
use crate::render::item::{self, clip, some};
use crate::render::{Button, Html, Message, Scene, naming, roster};

/// Items on a page.
const ITEMS: usize = 8;
/// Items whose buttons share a row; fewer with 催办 or 补充 beside each.
const ITEMS_IN_ROW: usize = 4;
/// Units on a page.
const UNITS: usize = 10;
/// Buttons of units in a row.
const UNITS_IN_ROW: usize = 3;
/// Characters of a unit's name on a button.
const MOST_BUTTON: usize = 12;
/// Characters of the items behind a unit.
const MOST_NUMBERS: usize = 60;
/// Characters of a measure's summary.
const MOST_SUMMARY: usize = 200;

/// The page there is, and how many there are; never none.
pub(super) fn clamp(page: usize, length: usize, on_page: usize) -> (usize, usize) {
    let count = length.div_ceil(on_page).max(1);
    (page.min(count - 1), count)
}

/// Buttons to other pages, and back to the overview.
pub(super) fn turned(message: Message, question: &Question, page: usize, count: usize) -> Message {
    let press = |page| Press::Show {
        question: question.clone(),
        page,
    };
    message
        .row(turns(page, count, press))
        .row(vec![ask("‹ 总体进度", Question::Overview)])
}

/// A list of items.
struct List<'a> {
    question: Question,
    title: Html,
    items: Vec<Item>,
    /// Whether the heading names the unit.
    one_unit: bool,
    empty: &'a str,
}

fn list(scene: &Scene<'_>, list: List<'_>, page: usize, beside: Beside<'_>) -> Message {
    let today = calendar::date_of(scene.now);
    let (page, count) = clamp(page, list.items.len(), ITEMS);
    let shown: Vec<&Item> = list.items.iter().skip(page * ITEMS).take(ITEMS).collect();
    let mut html = list.title;
    if shown.is_empty() {
        html = html.line().text(list.empty);
    }
    for item in &shown {
        html = html.line().text(match list.one_unit {
            true => item::line_of_unit(scene.frame, item, today),
            false => item::line(scene.frame, item, today),
        });
    }
    if count > 1 {
        html = html.line().text(format!(
            "第{}/{count}页，共{}项",
            page + 1,
            list.items.len()
        ));
    }
    let message = with_items(scene, Message::text(html), &shown, beside);
    turned(message, &list.question, page, count)
}

fn with_items(
    scene: &Scene<'_>,
    mut message: Message,
    items: &[&Item],
    beside: Beside<'_>,
) -> Message {
    let label = |item: &Item| {
        let task = scene.frame.plan.task(&item.task);
        task.map_or_else(|| item.task.to_string(), |task| task.label.clone())
    };
    let adds = |item: &Item| beside.supplements.contains(&item.task);
    let others = usize::from(beside.urges) + usize::from(items.iter().any(|item| adds(item)));
    let in_row = ITEMS_IN_ROW / (1 + others);
    for row in items.chunks(in_row) {
        let mut buttons: Vec<Button> = Vec::new();
        for item in row {
            buttons.push(ask(label(item), Question::Task(item.task.clone())));
            if beside.urges && item.open {
                buttons.push(urge(format!("催办 {}", label(item)), &item.task));
            }
            if adds(item) {
                buttons.push(supplement::button(
                    format!("补充 {}", label(item)),
                    &item.task,
                ));
            }
        }
        message = message.row(buttons);
    }
    message
}

fn title(text: &str, count: usize) -> Html {
    let html = Html::new().bold(text);
    match count {
        0 => html,
        count => html.text(format!(" · {count}项")),
    }
}

/// Every item with this light.
pub(super) fn with_light(
    scene: &Scene<'_>,
    light: Light,
    page: usize,
    beside: Beside<'_>,
) -> Message {
    let all = crate::digest::items(scene.frame, scene.standing, scene.now).into_iter();
    let mut items: Vec<Item> = all.filter(|item| item.light == light).collect();
    items.sort_by_key(Item::worst);
    let name = format!("{} {}", item::glyph(light), item::light(light));
    let shown = List {
        question: Question::WithLight(light),
        one_unit: false,
        title: title(&name, items.len()),
        items,
        empty: "没有这一类。",
    };
    list(scene, shown, page, beside)
}

/// 逾期, and what was past at the start and is not reached.
pub(super) fn overdue(scene: &Scene<'_>, page: usize, beside: Beside<'_>) -> Message {
    let items = overdue_items(scene.frame, scene.standing, scene.now);
    let shown = List {
        question: Question::Overdue,
        one_unit: false,
        title: title("逾期", items.len()),
        items,
        empty: "目前没有逾期项目。",
    };
    list(scene, shown, page, beside)
}

/// The items of a measure.
pub(super) fn of_measure(
    scene: &Scene<'_>,
    id: &MeasureId,
    page: usize,
    beside: Beside<'_>,
) -> Message {
    let Some(measure) = scene.frame.plan.measure(id) else {
        return gone();
    };
    let items = items_of_measure(scene.frame, scene.standing, scene.now, id);
    let title = Html::new()
        .bold(format!("第{}项 {}", measure.number, measure.title))
        .line()
        .text(clip(&measure.summary, MOST_SUMMARY))
        .line()
        .text(leads(scene, measure));
    let shown = List {
        question: Question::Measure(id.clone()),
        one_unit: false,
        title,
        items,
        empty: "没有填报项。",
    };
    list(scene, shown, page, beside)
}

fn leads(scene: &Scene<'_>, measure: &Measure) -> String {
    let names = |units: &[UnitId]| -> Vec<String> {
        units
            .iter()
            .map(|unit| naming::unit(scene.frame, unit))
            .collect()
    };
    let mut line = format!("牵头：{}", names(&measure.lead_units).join("、"));
    if !measure.responsible_units.is_empty() {
        let others = some(&names(&measure.responsible_units), "、", MOST_NUMBERS, "个");
        line.push_str(&format!("\n责任：{others}"));
    }
    line
}

/// The items a unit files, and the measures it takes part in.
pub(super) fn of_unit(scene: &Scene<'_>, id: &UnitId, page: usize, beside: Beside<'_>) -> Message {
    let Some(unit) = scene.frame.plan.unit(id) else {
        return gone();
    };
    let items = items_of_unit(scene.frame, scene.standing, scene.now, id);
    let mut title = title(&unit.short_name, items.len());
    let (filer, others) = scene.frame.plan.filers(id);
    let names: Vec<&str> = filer
        .into_iter()
        .chain(others)
        .map(|member| member.name.as_str())
        .collect();
    title = match names.is_empty() {
        true => title.line().text("专班名单里没有该单位人员"),
        false => title.line().text(format!("填报人：{}", names.join("、"))),
    };
    if let Some(taking_part) = taking_part(scene, id) {
        title = title.line().text(taking_part);
    }
    let shown = List {
        question: Question::Unit(id.clone()),
        one_unit: true,
        title,
        items,
        empty: "没有由该单位填报的项目。",
    };
    list(scene, shown, page, beside)
}

/// Measures the unit leads with others, or answers for, without filing their narrative.
fn taking_part(scene: &Scene<'_>, id: &UnitId) -> Option<String> {
    let part = |measure: &&Measure| {
        let others = measure.lead_units.iter().skip(1);
        others
            .chain(&measure.responsible_units)
            .any(|unit| unit == id)
    };
    let measures = scene.frame.plan.measures.iter().filter(part);
    let numbers: Vec<String> = measures.map(|measure| measure.number.to_string()).collect();
    let shown = some(&numbers, "、", MOST_NUMBERS, "项");
    (!numbers.is_empty()).then(|| format!("另参与第{shown}项"))
}

/// The items a person files.
pub(super) fn of_person(
    scene: &Scene<'_>,
    id: &PersonId,
    page: usize,
    beside: Beside<'_>,
) -> Message {
    let Some(member) = scene.frame.plan.member(id) else {
        return gone();
    };
    let items = items_of_person(scene.frame, scene.standing, scene.now, member);
    let title = title(&naming::person_with_unit(scene.frame, id), items.len())
        .line()
        .text(bound(scene, member));
    let empty = match member.role {
        Role::Leader | Role::DeputyLeader => "组长、副组长不填报。",
        Role::Member | Role::Liaison => "没有由其填报的项目。",
    };
    let shown = List {
        question: Question::Person(id.clone()),
        one_unit: member.units.len() == 1,
        title,
        items,
        empty,
    };
    list(scene, shown, page, beside)
}

fn bound(scene: &Scene<'_>, member: &Member) -> String {
    let state = match scene.standing.bindings.get(&member.id) {
        None => "未登记",
        Some(binding) if binding.reachable => "已登记",
        Some(_) => "已登记，私聊未开通",
    };
    format!("{} · {state}", member.post)
}

/// Who has not answered in this period, with what is missing.
pub(super) fn missing(scene: &Scene<'_>, page: usize) -> Message {
    let participation = participation(scene.frame, scene.standing, scene.now);
    let missing: Vec<&UnitAnswers> = participation.missing().collect();
    let (page, count) = clamp(page, missing.len(), UNITS);
    let mut html = Html::new()
        .bold("本期未反馈")
        .text(match participation.expected() {
            0 => " · 目前没有应反馈的单位".to_owned(),
            expected => format!(
                " · 应反馈{expected}个单位，已反馈{}",
                participation.answered()
            ),
        });
    let mut buttons: Vec<Button> = Vec::new();
    for unit in missing.iter().skip(page * UNITS).take(UNITS) {
        html = html.line().text(missing_line(scene, unit));
        if let Some(id) = &unit.unit {
            let name = clip(&naming::unit(scene.frame, id), MOST_BUTTON);
            buttons.push(ask(name, Question::Unit(id.clone())));
        }
    }
    let today = calendar::date_of(scene.now);
    for (unit, absence) in participation.away().filter(|_| page == 0) {
        let name = unit.unit.as_ref().map(|id| naming::unit(scene.frame, id));
        let until = roster::away_until(absence, today);
        html = html
            .line()
            .text(format!("{}（{until}）", name.unwrap_or_default()));
    }
    let baseline = baseline_missing(scene.frame, scene.standing, scene.now);
    if !baseline.is_empty() {
        let names: Vec<String> = baseline
            .iter()
            .map(|task| naming::task(scene.frame, task))
            .collect();
        html = html
            .line()
            .text(format!("未提供初始情况：{}", some(&names, "、", 200, "项")));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(UNITS_IN_ROW) {
        message = message.row(row.to_vec());
    }
    turned(message, &Question::Missing, page, count)
}

/// 市住建局（李俊卿）：6-1、6-3.
fn missing_line(scene: &Scene<'_>, answers: &UnitAnswers) -> String {
    let name = match &answers.unit {
        None => item::OFFICE.to_owned(),
        Some(id) => {
            let unit = naming::unit(scene.frame, id);
            match scene.frame.plan.filers(id).0 {
                Some(filer) => format!("{unit}（{}）", filer.name),
                None => unit,
            }
        }
    };
    let label = |task| {
        let task: Option<&crate::plan::Task> = scene.frame.plan.task(task);
        task.map_or_else(String::new, |task| task.label.clone())
    };
    let labels: Vec<String> = answers.missing.iter().map(label).collect();
    format!("{name}：{}", some(&labels, "、", MOST_NUMBERS, "项"))
}

/// The plan no longer has what an old button names.
pub(super) fn gone() -> Message {
    Message::text("现行方案里已没有这一项。发 /status 查看总体进度。")
}
