//! Golden SVGs of every picture, what they are as PNG, and what no text may do to them.
//!
//! `DUBAN_PICTURES` may name a folder in which the PNGs are kept, to be looked at.

mod chart;
mod goldens;
mod trend;

use super::{board, font, png};
use crate::digest::testing::{Taken, course};
use crate::digest::{Course, LookBack};
use crate::ledger::testing::{Story, report, rushan};
use crate::ledger::{Frame, Judgement, Value};
use crate::plan::{Measure, MeasureId, Task, TaskKind};

/// The moment of most pictures here.
const FRIDAY: &str = "2026-11-27 16:00";

/// A week in which one target goes well, one badly and one is a limit.
fn story() -> Story<'static> {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 10:00");
    for (task, number, judgement) in [
        ("7-1", 4, Judgement::Normal),
        ("2-2", 1, Judgement::Blocked),
        ("6-5", 8, Judgement::Difficult),
    ] {
        story.file(report(task, Value::Number(number.into()), judgement));
    }
    story
}

fn lights(story: &Story<'_>, until: &str) -> Course {
    course(story, &LookBack::Lights, until)
}

/// The board of a story on that Friday, with its trend.
fn sheets(story: &Story<'_>) -> Vec<String> {
    board(&Taken::of(story).pack(), &lights(story, FRIDAY))
}

/// The Rushan plan with two hundred measures.
fn two_hundred() -> Frame {
    let mut frame = rushan().clone();
    let model = frame.plan.measures[0].clone();
    for number in 27..=200_u16 {
        let id = MeasureId::from(number.to_string().as_str());
        let at = frame.plan.measures.len();
        frame.plan.tasks.push(Task {
            id: format!("m-{number}").into(),
            label: number.to_string(),
            measure: Some(id.clone()),
            kind: TaskKind::Narrative(at),
            due: None,
            ..frame.plan.tasks[0].clone()
        });
        frame.plan.measures.push(Measure {
            id,
            number,
            ..model.clone()
        });
    }
    frame
}

/// The Rushan plan with names longer than anybody writes, and signs that XML takes for its own.
fn long_names() -> Frame {
    let mut frame = rushan().clone();
    for measure in &mut frame.plan.measures {
        measure.title = "推动<很>&长的\"举措\"名称".repeat(9);
    }
    for indicator in &mut frame.plan.indicators {
        indicator.name = "W宽m".repeat(40);
        if let Some(task) = frame
            .plan
            .tasks
            .iter_mut()
            .find(|task| task.id == indicator.id)
        {
            task.name = indicator.name.clone();
        }
    }
    frame.plan.task_force.short_name = "长".repeat(200);
    frame
}

/// A text of a picture: where it begins, its line, its size, its words.
type Text = (i32, i32, i32, String);

/// Every text of a picture.
fn texts(svg: &str) -> Vec<Text> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let nodes = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let of = |node: roxmltree::Node<'_, '_>| {
        let number = |name| node.attribute(name).unwrap().parse::<i32>().unwrap();
        let words = node.text().unwrap_or_default().to_owned();
        (number("x"), number("y"), number("font-size"), words)
    };
    nodes.map(of).collect()
}

/// No text is small, leaves the picture or meets its neighbour on the line.
fn holds_its_texts(name: &str, svg: &str) {
    let mut texts = texts(svg);
    texts.sort_by_key(|(x, y, ..)| (*y, *x));
    for (x, _, size, words) in &texts {
        assert!(*size >= 26, "{name}: {words}");
        let ends = x + font::width(words, *size);
        assert!(*x >= 40 && ends <= 1041, "{name}: {words}");
    }
    for pair in texts.windows(2) {
        let [(x, y, size, words), (next, next_y, ..)] = pair else {
            continue;
        };
        let ends = x + font::width(words, *size);
        assert!(y != next_y || ends <= *next, "{name}: {words}");
    }
}

#[test]
fn every_sheet_is_numbered_and_the_trend_counts_among_them() {
    let mut story = story();
    let first = "2026-11-26 16:00";
    let svgs = board(&Taken::at(&story, first).pack(), &lights(&story, first));
    let count = svgs.len();
    assert!(count > 1);
    for (svg, number) in svgs.iter().zip(1..) {
        assert!(svg.contains(&format!("第{number}张，共{count}张")));
        assert!(!svg.contains("十二周走势"));
    }
    story.now("2026-12-04 10:00");
    story.file(report("7-1", Value::Number(5.into()), Judgement::Normal));
    let taken = Taken::at(&story, "2026-12-04 16:00");
    let svgs = board(&taken.pack(), &lights(&story, "2026-12-04 16:00"));
    assert_eq!(svgs.len(), count + 1);
    let last = svgs.last().unwrap();
    assert!(last.contains("十二周走势") && last.contains(&format!("第{0}张，共{0}张", count + 1)));
    assert!(svgs[0].contains(&format!("第1张，共{}张", count + 1)));
}

#[test]
fn two_hundred_measures_are_tiles_and_the_worst_stand_first() {
    let frame = two_hundred();
    let mut story = Story::live(&frame);
    story.now("2026-11-24 10:00");
    story.file(report("2-2", Value::Number(1.into()), Judgement::Blocked));
    let svgs = sheets(&story);
    assert!((2..=10).contains(&svgs.len()), "{}", svgs.len());
    let first = texts(&svgs[0]);
    let place = |words: &str| first.iter().position(|text| text.3.starts_with(words));
    assert!(
        place("2 ").is_some() && place("2 ") < place("27 "),
        "{first:?}"
    );
}

#[test]
fn a_character_the_font_lacks_is_a_box_and_one_without_shape_is_gone() {
    assert_eq!(font::drawn("好🔴\u{fe0f}ok\n\u{200b}ᚠ"), "好□ok □");
    assert!(font::has('镕') && font::has('㎡') && !font::has('🔴'));
}

#[test]
fn names_the_font_does_not_have_never_keep_a_picture_from_being_drawn() {
    let mut frame = rushan().clone();
    frame.plan.task_force.short_name = "🔴\u{200d}ᚠ\u{7}专班".to_owned();
    for measure in &mut frame.plan.measures {
        measure.title = "\u{1F9FE}\u{10FFFF}\u{fffe}".to_owned();
    }
    let story = Story::live(&frame);
    for svg in sheets(&story) {
        assert!(png(&svg).is_ok());
    }
}

#[test]
fn what_does_not_fit_is_cut_to_its_room() {
    assert_eq!(font::fit("一二三四", 30, 120), "一二三四");
    let cut = font::fit("一二三四五", 30, 120);
    assert_eq!(cut, "一二三…");
    assert!(font::width(&cut, 30) <= 120);
    assert_eq!(font::fit("一二", 30, 0), "…");
}
