//! The overview, and its two ways down: by measure and by unit.

use super::{ask, lists};
use crate::calendar;
use crate::conversation::query::Question;
use crate::digest::{Counts, Item, Status, overdue, status};
use crate::ledger::Light;
use crate::plan::{Measure, Unit};
use crate::render::item::{self, clip};
use crate::render::{Button, Html, Message, Scene, naming};

/// Red items in the overview; the rest behind a button.
const MOST_RED: usize = 5;
/// Measures on a page.
const MEASURES: usize = 13;
/// Buttons of measures in a row.
const MEASURES_IN_ROW: usize = 7;
/// Units on a page.
const UNITS: usize = 12;
/// Buttons of units in a row.
const UNITS_IN_ROW: usize = 3;
/// Characters of a section's title.
const MOST_SECTION: usize = 14;
/// Characters of a unit's name on a button.
const MOST_BUTTON: usize = 12;

/// 总体进度.
pub(super) fn overview(scene: &Scene<'_>) -> Message {
    let status = status(scene.frame, scene.standing, scene.now);
    let mut html = Html::new()
        .bold("总体进度")
        .text(format!(" · {}", now(scene)))
        .html(&state(scene));
    for line in summary(&status) {
        html = html.line().text(line);
    }
    html = red(scene, html, &status).line();
    let message = Message::text(html.quote(sections(scene, &status)));
    buttons(scene, message, &status)
}

/// 11月23日 09:40.
fn now(scene: &Scene<'_>) -> String {
    calendar::local(scene.now)
        .format("%-m月%-d日 %H:%M")
        .to_string()
}

/// Whether anything is sent at all.
pub(in crate::render) fn state(scene: &Scene<'_>) -> Html {
    let today = calendar::date_of(scene.now);
    let html = Html::new();
    if scene.standing.live_since.is_none() {
        return html.line().text("尚未正式启用，暂不提醒。");
    }
    let Some(pause) = &scene.standing.pause else {
        return html;
    };
    let until = pause.until.map_or(String::new(), |until| {
        format!("，至{}", naming::day(until, today))
    });
    let reason = pause.reason.body().unwrap_or(crate::render::REDACTED);
    let reason = clip(reason, 40);
    html.line().text(format!("主动发送已暂停{until}：{reason}"))
}

/// Targets and measures by light, and who has answered.
pub(in crate::render) fn summary(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    if status.targets.total() > 0 {
        lines.push(format!(
            "{}项目标：{}",
            status.targets.total(),
            counts(&status.targets)
        ));
    }
    if status.measures.total() > 0 {
        lines.push(format!(
            "{}项举措：{}",
            status.measures.total(),
            counts(&status.measures)
        ));
    }
    if status.assigned.total() > 0 {
        lines.push(format!(
            "{}项交办：{}",
            status.assigned.total(),
            counts(&status.assigned)
        ));
    }
    let participation = &status.participation;
    if participation.expected() > 0 {
        lines.push(format!(
            "本期应反馈{}个单位，已反馈{}",
            participation.expected(),
            participation.answered()
        ));
    }
    lines
}

fn counts(counts: &Counts) -> String {
    let of = |light: Light| match counts.with(light) {
        0 => None,
        count => Some(format!("{} {count}", item::glyph(light))),
    };
    item::LIGHTS
        .into_iter()
        .filter_map(of)
        .collect::<Vec<_>>()
        .join("  ")
}

fn red(scene: &Scene<'_>, mut html: Html, status: &Status) -> Html {
    let today = calendar::date_of(scene.now);
    let red = status.items.iter().filter(|item| item.light == Light::Red);
    let mut red: Vec<Item> = red.cloned().collect();
    red.sort_by_key(Item::worst);
    if !red.is_empty() {
        html = html.line();
    }
    for item in red.iter().take(MOST_RED) {
        html = html.line().text(item::line(scene.frame, item, today));
    }
    html
}

fn sections(scene: &Scene<'_>, status: &Status) -> Html {
    let mut html = Html::new().bold("分部分");
    for (section, by_light) in &status.sections {
        let found = section.as_ref().and_then(|id| {
            let mut sections = scene.frame.plan.sections.iter();
            sections.find(|section| section.id == *id)
        });
        let title = found.map_or_else(
            || "总体目标".to_owned(),
            |section| format!("{}、{}", section.number, clip(&section.title, MOST_SECTION)),
        );
        html = html.line().text(format!("{title}  {}", counts(by_light)));
    }
    if status.assigned.total() > 0 {
        let by_light = counts(&status.assigned);
        html = html.line().text(format!("交办事项  {by_light}"));
    }
    html
}

fn buttons(scene: &Scene<'_>, message: Message, status: &Status) -> Message {
    let all = |light: Light| status.targets.with(light) + status.measures.with(light);
    let light = |light: Light| {
        let count = all(light);
        let label = format!("{} {}{count}", item::glyph(light), item::light(light));
        (count > 0).then(|| ask(label, Question::WithLight(light)))
    };
    let lights = [Light::Red, Light::Yellow, Light::Grey];
    let missing = status.participation.missing().count();
    let over = overdue(scene.frame, scene.standing, scene.now).len();
    let late = [
        (missing > 0).then(|| ask(format!("未反馈{missing}"), Question::Missing)),
        (over > 0).then(|| ask(format!("逾期{over}"), Question::Overdue)),
    ];
    message
        .row(lights.into_iter().filter_map(light).collect())
        .row(late.into_iter().flatten().collect())
        .row(vec![
            ask("按举措", Question::Measures),
            ask("按单位", Question::Units),
        ])
}

/// Every measure with its worst light.
pub(super) fn measures(scene: &Scene<'_>, page: usize) -> Message {
    let all: Vec<&Measure> = scene.frame.plan.measures.iter().collect();
    measures_of(scene, "各项举措", &all, &Question::Measures, page)
}

/// Some measures with their worst lights.
pub(super) fn measures_of(
    scene: &Scene<'_>,
    title: &str,
    measures: &[&Measure],
    question: &Question,
    page: usize,
) -> Message {
    let items = crate::digest::items(scene.frame, scene.standing, scene.now);
    let worst = |measure: &Measure| {
        let own = items
            .iter()
            .filter(|item| item.measure.as_ref() == Some(&measure.id));
        own.map(|item| item.light).min()
    };
    let (page, count) = lists::clamp(page, measures.len(), MEASURES);
    let shown = measures.iter().skip(page * MEASURES).take(MEASURES);
    let mut html = Html::new().bold(title);
    let mut buttons: Vec<Button> = Vec::new();
    for measure in shown {
        let light = worst(measure).map_or("", item::glyph);
        let lead = measure
            .lead_units
            .first()
            .map_or_else(String::new, |unit| naming::unit(scene.frame, unit));
        html = html.line().text(format!(
            "{light} {} {} · {lead}",
            measure.number, measure.title
        ));
        buttons.push(ask(
            measure.number.to_string(),
            Question::Measure(measure.id.clone()),
        ));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(MEASURES_IN_ROW) {
        message = message.row(row.to_vec());
    }
    lists::turned(message, question, page, count)
}

/// Every unit that files something, with its lights.
pub(super) fn units(scene: &Scene<'_>, page: usize) -> Message {
    let items = crate::digest::items(scene.frame, scene.standing, scene.now);
    let of = |unit: &Unit| {
        let own = items
            .iter()
            .filter(|item| item.unit.as_ref() == Some(&unit.id));
        Counts::of(own.map(|item| item.light))
    };
    let units: Vec<(&Unit, Counts)> = scene
        .frame
        .plan
        .units
        .iter()
        .map(|unit| (unit, of(unit)))
        .filter(|(_, counts)| counts.total() > 0)
        .collect();
    let (page, count) = lists::clamp(page, units.len(), UNITS);
    let mut html = Html::new().bold("各单位");
    let mut buttons: Vec<Button> = Vec::new();
    for (unit, by_light) in units.iter().skip(page * UNITS).take(UNITS) {
        html = html
            .line()
            .text(format!("{}  {}", unit.short_name, counts(by_light)));
        buttons.push(ask(
            clip(&unit.short_name, MOST_BUTTON),
            Question::Unit(unit.id.clone()),
        ));
    }
    let mut message = Message::text(html);
    for row in buttons.chunks(UNITS_IN_ROW) {
        message = message.row(row.to_vec());
    }
    lists::turned(message, &Question::Units, page, count)
}
