//! Golden SVGs of the board, and what no text may do to a picture.

use super::board::sheets;
use super::{font, png};
use crate::digest::testing::Taken;
use crate::digest::{Course, DayLights};
use crate::ledger::testing::{Story, at, report, rushan};
use crate::ledger::{Judgement, Value};
use crate::plan::{Measure, MeasureId, Task, TaskKind};

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

fn course(taken: &Taken<'_>) -> Course {
    let pack = taken.pack();
    let days = ["2026-11-24 16:00", "2026-11-25 16:00", "2026-11-27 16:00"];
    let day = |moment| DayLights::at(pack.frame, pack.standing, at(moment));
    Course {
        days: days.map(day).into(),
    }
}

/// Every text of a picture with its place: where it begins, its line, its size, its words.
fn texts(svg: &str) -> Vec<(i32, i32, i32, String)> {
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

#[test]
fn the_board_is_drawn_as_it_was() {
    let story = story();
    let taken = Taken::of(&story);
    let svg = sheets(&taken.pack(), &course(&taken)).join("");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/board.svg.txt");
    if std::env::var_os("DUBAN_BLESS").is_some() {
        std::fs::write(path, &svg).unwrap();
    }
    assert_eq!(svg, std::fs::read_to_string(path).unwrap());
}

#[test]
fn the_same_svg_gives_the_same_bytes() {
    let story = story();
    let taken = Taken::of(&story);
    let svg = &sheets(&taken.pack(), &course(&taken))[0];
    assert_eq!(png(svg).unwrap(), png(svg).unwrap());
}

#[test]
fn no_text_leaves_the_picture_or_meets_its_neighbour_or_is_small() {
    let mut frame = rushan().clone();
    for measure in &mut frame.plan.measures {
        measure.title = "推动<很>&长的\"举措\"名称".repeat(9);
    }
    for indicator in &mut frame.plan.indicators {
        indicator.name = "W宽m".repeat(40);
    }
    frame.plan.task_force.short_name = "长".repeat(200);
    let mut story = Story::live(&frame);
    story.now("2026-11-24 10:00");
    story.file(report("6-5", Value::Number(8.into()), Judgement::Difficult));
    let taken = Taken::of(&story);
    for svg in sheets(&taken.pack(), &course(&taken)) {
        let mut texts = texts(&svg);
        texts.sort_by_key(|(x, y, ..)| (*y, *x));
        for (x, _, size, words) in &texts {
            assert!(*size >= 26, "{words}");
            assert!(*x >= 40 && x + font::width(words, *size) <= 1041, "{words}");
        }
        for pair in texts.windows(2) {
            let [(x, y, size, words), (next, next_y, ..)] = pair else {
                continue;
            };
            let ends = x + font::width(words, *size);
            assert!(y != next_y || ends <= *next, "{words}");
        }
    }
}

#[test]
fn every_sheet_is_within_its_height_and_numbered() {
    let story = story();
    let taken = Taken::of(&story);
    let svgs = sheets(&taken.pack(), &course(&taken));
    let count = svgs.len();
    assert!(count > 1);
    for (svg, number) in svgs.iter().zip(1..) {
        let document = roxmltree::Document::parse(svg).unwrap();
        let height = document.root_element().attribute("height").unwrap();
        assert!(height.parse::<i32>().unwrap() <= 2160, "{height}");
        assert!(svg.contains(&format!("第{number}张，共{count}张")));
    }
}

#[test]
fn two_hundred_measures_are_tiles_and_the_worst_stand_first() {
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
            ..frame.plan.tasks[0].clone()
        });
        frame.plan.measures.push(Measure {
            id,
            number,
            ..model.clone()
        });
    }
    let mut story = Story::live(&frame);
    story.now("2026-11-24 10:00");
    story.file(report("2-2", Value::Number(1.into()), Judgement::Blocked));
    let taken = Taken::of(&story);
    let svgs = sheets(&taken.pack(), &course(&taken));
    assert!((2..=10).contains(&svgs.len()), "{}", svgs.len());
    let first = texts(&svgs[0]);
    let place = |words: &str| first.iter().position(|text| text.3.starts_with(words));
    assert!(place("2 ").is_some() && place("2 ") < place("27 "), "{first:?}");
}

#[test]
fn a_character_the_font_lacks_is_a_box_and_one_without_shape_is_gone() {
    assert_eq!(font::drawn("好🔴\u{fe0f}ok\n\u{200b}ᚠ"), "好□ok □");
    assert!(font::has('镕') && font::has('㎡') && !font::has('🔴'));
}

#[test]
fn what_does_not_fit_is_cut_to_its_room() {
    assert_eq!(font::fit("一二三四", 30, 120), "一二三四");
    let cut = font::fit("一二三四五", 30, 120);
    assert_eq!(cut, "一二三…");
    assert!(font::width(&cut, 30) <= 120);
    assert_eq!(font::fit("一二", 30, 0), "…");
}
