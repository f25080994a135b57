//! The group's post of a slot: by unit, only those who have not answered.

use super::words;
use super::{mention, press};
use crate::calendar;
use crate::conversation::payload::Payload;
use crate::conversation::{query, report};
use crate::ledger::light_of;
use crate::plan::UnitId;
use crate::render::{Button, Html, Message, Scene, item, naming, roster};
use crate::schedule::{Notice, NoticeItem, Why};

/// Items of one unit that are named; the rest is counted, the cards name them all.
const MOST_ITEMS: usize = 3;

/// Lines a phone shows without scrolling; a longer list is folded.
const OPEN_LINES: usize = 12;

/// Lines in one fold: far below the limits of a message, so that a long list is cut between folds.
const FOLD_LINES: usize = 30;

/// 进展提醒: who has what to answer.
pub(super) fn post(scene: &Scene<'_>, notice: &Notice) -> Message {
    let units = by_unit(&notice.items);
    let parts: Vec<(usize, Html)> = units
        .iter()
        .map(|(unit, items)| unit_lines(scene, unit.as_ref(), items))
        .collect();
    let mut blocks = vec![head(scene, notice, units.len()).into()];
    blocks.extend(folded(parts));
    let mine = Payload::Query(query::Press::Mine).encode();
    let message = Message {
        blocks,
        ..Message::default()
    };
    message.row(vec![
        press("我要填报", report::Press::Start),
        Button::press("只看我的", mine),
    ])
}

fn head(scene: &Scene<'_>, notice: &Notice, units: usize) -> Html {
    let day = calendar::date_of(scene.now);
    let opens = |item: &NoticeItem| matches!(item.why, Why::Opens(_) | Why::Baseline(_));
    let opening = notice.items.iter().all(opens);
    let period = words::period_of(&notice.items).map_or("", words::period);
    let title = if opening {
        format!("{period}填报开始")
    } else {
        "进展提醒".to_owned()
    };
    let date = naming::day(day, day);
    let counted = format!("{units}个单位有{}项待反馈", notice.items.len());
    let until = words::cut_off(scene, &notice.items).map_or_else(String::new, |at| {
        format!("，{}截止", words::date_and_time(at, day))
    });
    Html::new()
        .bold(title)
        .text(format!(" · {date} {}", naming::weekday(day)))
        .line()
        .text(format!("{counted}{until}。"))
        .line()
        .text("请点按钮，或直接回复本条。")
}

fn by_unit(items: &[NoticeItem]) -> Vec<(Option<UnitId>, Vec<&NoticeItem>)> {
    let mut units: Vec<(Option<UnitId>, Vec<&NoticeItem>)> = Vec::new();
    for item in items {
        match units.iter_mut().find(|(unit, _)| *unit == item.unit) {
            Some((_, items)) => items.push(item),
            None => units.push((item.unit.clone(), vec![item])),
        }
    }
    units
}

/// A unit with its filer and items, and how many lines it takes.
fn unit_lines(scene: &Scene<'_>, unit: Option<&UnitId>, items: &[&NoticeItem]) -> (usize, Html) {
    let name = unit.map_or(item::OFFICE.to_owned(), |unit| {
        naming::unit(scene.frame, unit)
    });
    let mut html = Html::new().bold(name);
    let filer = unit
        .and_then(|unit| scene.frame.plan.unit(unit))
        .and_then(|unit| unit.filer.as_ref());
    let today = calendar::date_of(scene.now);
    let away = filer.and_then(|it| scene.standing.people.away_on(it, today));
    if let Some(absence) = away {
        let until = roster::away_until(absence, today);
        html = html.text(format!("（{until}"));
        if let Some(stand_in) = &absence.stand_in {
            html = mention(scene, html.text("，"), stand_in).text("代");
        }
        html = html.text("）");
    } else if let Some(person) = filer {
        html = mention(scene, html.text("（"), person).text("）");
    }
    let named = items.iter().take(MOST_ITEMS);
    let mut lines = 1;
    for item in named {
        html = html.line().text(item_line(scene, item));
        lines += 1;
    }
    if items.len() > MOST_ITEMS {
        let more = items.len() - MOST_ITEMS;
        html = html.line().text(format!(" 另有{more}项"));
        lines += 1;
    }
    (lines, html)
}

///  🟡 6-1 改造换热站 · 还有7天.
fn item_line(scene: &Scene<'_>, item: &NoticeItem) -> String {
    let name = naming::task(scene.frame, &item.task);
    let light = words::view(scene, &item.task)
        .map(|view| light_of(scene.frame, scene.standing, &view, scene.now).0);
    let glyph = light.map_or("", item::glyph);
    let why = match words::urgency(scene, item) {
        none if none.is_empty() => words::period_of(std::slice::from_ref(item))
            .map_or_else(String::new, |id| format!("{}进展", words::period(id))),
        past if past == words::BASELINE => format!("{past}，请补报"),
        urgency => urgency,
    };
    item::join(format!(" {glyph} {name}"), &[why])
}

/// A short list as it is, a long one in folds of bounded length.
fn folded(parts: Vec<(usize, Html)>) -> Vec<String> {
    let lines: usize = parts.iter().map(|(lines, _)| lines).sum();
    if lines <= OPEN_LINES {
        let open = parts.into_iter().map(|(_, html)| String::from(html));
        return open.collect();
    }
    let mut folds: Vec<(usize, Html)> = Vec::new();
    for (lines, html) in parts {
        match folds.last_mut() {
            Some((taken, fold)) if *taken + lines <= FOLD_LINES => {
                *taken += lines;
                *fold = std::mem::take(fold).line().html(&html);
            }
            Some(_) | None => folds.push((lines, html)),
        }
    }
    let folds = folds.into_iter();
    folds
        .map(|(_, fold)| Html::new().quote(fold).into())
        .collect()
}
