//! Every picture early, in the middle, empty, large and with long names: as SVG held against the golden files, as PNG decoded.

use std::path::PathBuf;

use super::{
    FRIDAY, Frame, Judgement, LookBack, Story, Taken, course, holds_its_texts, lights, long_names,
    png, report, rushan, story, two_hundred,
};
use crate::ledger::Value;
use crate::render::picture::{board, chart, trend};

/// The moment three months on.
const LATER: &str = "2027-02-26 16:00";

/// Twelve weeks of answers: some on pace, some behind, some that stop.
pub(super) fn twelve_weeks(frame: &Frame) -> Story<'_> {
    let mut story = Story::live(frame);
    story.settle_all_but(&["6-5", "g-3"]);
    let mondays = [
        "2026-11-30",
        "2026-12-14",
        "2026-12-28",
        "2027-01-11",
        "2027-01-25",
        "2027-02-08",
        "2027-02-22",
    ];
    for (monday, round) in mondays.into_iter().zip(0_u32..) {
        story.now(&format!("{monday} 10:00"));
        for (task, from, step, judgement) in [
            ("6-1", 4, 1, Judgement::Normal),
            ("7-1", 10, 9, Judgement::Normal),
            ("3-1", 1, 0, Judgement::Difficult),
            ("2-3", 8, 2, Judgement::Normal),
            ("2-2", 0, 1, Judgement::Blocked),
        ] {
            let number = from + step * round;
            story.file(report(task, Value::Number(number.into()), judgement));
        }
        if round % 2 == 1 {
            story.file(report(
                "g-2",
                Value::Stage(crate::ledger::MilestoneStage::Underway),
                Judgement::Normal,
            ));
        }
    }
    story
}

/// Pictures by their names, each as its sheets.
fn pictures() -> Vec<(String, Vec<String>)> {
    let (large, long) = (two_hundred(), long_names());
    let mut big = Story::live(&large);
    big.now("2026-11-24 10:00");
    big.file(report("2-2", Value::Number(1.into()), Judgement::Blocked));
    let stories = [
        ("early", story(), FRIDAY),
        ("middle", twelve_weeks(rushan()), LATER),
        ("empty", Story::new(rushan()), FRIDAY),
        ("large", big, FRIDAY),
        ("long", twelve_weeks(&long), LATER),
    ];
    let mut pictures = Vec::new();
    for (name, story, until) in &stories {
        let taken = Taken::at(story, until);
        let (pack, lights) = (taken.pack(), lights(story, until));
        pictures.push((format!("board-{name}"), board(&pack, &lights)));
        pictures.push((format!("trend-{name}"), vec![trend(&pack, &lights)]));
        // The charts of the empty and the large plan are those of the early one.
        let measures = match *name {
            "empty" | "large" => &[Some("2")][..],
            _ => &[Some("6"), Some("2"), Some("22"), None],
        };
        for measure in measures {
            let measure = measure.map(Into::into);
            let course = course(story, &LookBack::Tasks(measure.clone()), until);
            let of = measure
                .as_ref()
                .map_or("general".to_owned(), ToString::to_string);
            let sheets = chart(&pack, &course, measure.as_ref());
            pictures.push((format!("chart-{name}-{of}"), sheets));
        }
    }
    pictures
}

fn golden(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pictures");
    folder.join(format!("{name}.svg.txt"))
}

#[test]
fn every_picture_is_drawn_as_it_was() {
    for (name, sheets) in pictures() {
        // Of what large plans give, the first sheets tell what the others do.
        let svg = sheets[..sheets.len().min(3)].concat();
        let path = golden(&name);
        if std::env::var_os("DUBAN_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &svg).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            svg == kept,
            "{name} is drawn otherwise than in {}",
            path.display()
        );
    }
}

#[test]
fn no_text_leaves_a_picture_or_meets_its_neighbour_or_is_small() {
    for (name, sheets) in pictures() {
        assert!((1..=10).contains(&sheets.len()), "{name}");
        for svg in &sheets {
            holds_its_texts(&name, svg);
        }
    }
}

/// Width, height and how many different colours a picture has.
fn decoded(bytes: &[u8]) -> (u32, u32, usize) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let colours: std::collections::BTreeSet<&[u8]> = pixels.chunks(4).collect();
    (info.width, info.height, colours.len())
}

#[test]
fn every_picture_is_a_png_of_a_phones_width_and_the_same_to_the_byte() {
    for (name, sheets) in pictures() {
        for (svg, number) in sheets.iter().zip(1..) {
            let bytes = png(svg).unwrap();
            if let Some(folder) = std::env::var_os("DUBAN_PICTURES") {
                std::fs::create_dir_all(&folder).unwrap();
                let file = PathBuf::from(folder).join(format!("{name}-{number}.png"));
                std::fs::write(file, &bytes).unwrap();
            }
            let (width, height, colours) = decoded(&bytes);
            assert_eq!(width, 1080, "{name}");
            assert!((300..=2160).contains(&height), "{name}: {height}");
            assert!(colours > 50, "{name} is blank");
            assert!(bytes.len() < 1024 * 1024, "{name}");
            if number == 1 {
                assert_eq!(bytes, png(svg).unwrap(), "{name}");
            }
        }
    }
}
