//! What the trend counts.

use super::goldens::twelve_weeks;
use super::{LookBack, Story, Taken, course, rushan, texts};
use crate::ledger::Light;
use crate::render::item;
use crate::render::picture::trend;

/// The numbers on the lines of a light, each line from left to right: the targets' first, then the measures'.
fn lines(svg: &str, light: Light) -> Vec<Vec<String>> {
    let all = texts(svg);
    let labels = all
        .iter()
        .filter(|(x, .., words)| *x == 80 && words == item::light(light));
    let line = |y: i32| {
        let on_line = all.iter().filter(|(x, at, ..)| *at == y && *x > 80);
        on_line.map(|(.., words)| words.clone()).collect()
    };
    labels.map(|(_, y, ..)| line(*y)).collect()
}

#[test]
fn its_last_column_says_what_the_board_says() {
    let story = twelve_weeks(rushan());
    let until = "2027-02-26 16:00";
    let taken = Taken::at(&story, until);
    let course = course(&story, &LookBack::Lights, until);
    let board = crate::digest::board(&taken.pack(), &course);
    let svg = trend(&taken.pack(), &course);
    for (at, counts) in [board.targets, board.measures].into_iter().enumerate() {
        for light in [Light::Red, Light::Green, Light::Grey] {
            let last = lines(&svg, light)
                .get(at)
                .and_then(|line| line.last().cloned());
            let said = last.map_or(0, |last| last.parse().unwrap());
            assert_eq!(said, counts.with(light), "{light:?}");
        }
    }
    assert_eq!(lines(&svg, Light::Grey)[0].len(), 12);
}

#[test]
fn weeks_before_the_ledger_stay_empty_and_without_any_it_says_so() {
    let story = Story::live(rushan());
    let until = "2026-12-11 16:00";
    let taken = Taken::at(&story, until);
    let svg = trend(&taken.pack(), &course(&story, &LookBack::Lights, until));
    assert_eq!(lines(&svg, Light::Grey)[0].len(), 4);
    let none = trend(&taken.pack(), &crate::digest::Course::default());
    assert_eq!(none.matches("尚无记录").count(), 2);
}
