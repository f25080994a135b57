//! Board, trend and chart, drawn by the program and decoded by another library.

use std::path::Path;

use crate::{duban, keep, stderr};

/// The sheets of pictures as the program writes them.
fn sheets(name: &str, arguments: &[&str]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.png"));
    let path = path.to_str().unwrap();
    let output = duban(&[arguments, &["--out", path]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let mut sheets = Vec::new();
    let single = Path::new(path);
    if single.exists() {
        let bytes = std::fs::read(single).unwrap();
        keep(&format!("{name}.png"), &bytes);
        sheets.push(bytes);
    }
    for number in 1.. {
        let path = folder.path().join(format!("{name}-{number}.png"));
        let Ok(bytes) = std::fs::read(path) else {
            break;
        };
        keep(&format!("{name}-{number}.png"), &bytes);
        sheets.push(bytes);
    }
    sheets
}

/// Width, height and how many different colours a picture has.
fn decoded(bytes: &[u8]) -> (u32, u32, usize) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let colours: std::collections::BTreeSet<&[u8]> = pixels.chunks(4).collect();
    (info.width, info.height, colours.len())
}

fn hold(sheets: &[Vec<u8>]) {
    assert!(!sheets.is_empty());
    for sheet in sheets {
        let (width, height, colours) = decoded(sheet);
        assert_eq!(width, 1080);
        assert!((400..=2160).contains(&height), "{height}");
        assert!(colours > 50);
        assert!(sheet.len() < 1024 * 1024);
    }
}

#[test]
fn the_board_is_sheets_of_a_phones_width_and_the_same_to_the_byte() {
    let first = sheets("board", &["board", "--number", "3"]);
    assert!(first.len() > 2);
    hold(&first);
    assert_eq!(first, sheets("board", &["board", "--number", "3"]));
    for number in ["1", "4", "6"] {
        hold(&sheets(
            &format!("board{number}"),
            &["board", "--number", number],
        ));
    }
    hold(&sheets("now", &["board"]));
}

#[test]
fn the_trend_stands_alone_or_behind_the_board_and_goes_to_a_stream() {
    let alone = sheets("trend", &["board", "--trend", "--number", "3"]);
    assert_eq!(alone.len(), 1);
    hold(&alone);
    let streamed = duban(&["board", "--trend", "--number", "3", "--out", "-"]);
    assert!(streamed.status.success(), "{}", stderr(&streamed));
    assert_eq!(streamed.stdout, alone[0]);
    let several = duban(&["board", "--number", "3", "--out", "-"]);
    assert!(stderr(&several).contains("sheets do not go into one stream"));
}

#[test]
fn a_chart_is_of_one_measure_or_of_the_general_targets() {
    for (name, arguments) in [
        ("chart6", &["chart", "6"][..]),
        ("chart6-3", &["chart", "6", "--number", "3"]),
        ("chart2", &["chart", "2"]),
        ("chart22", &["chart", "22"]),
        ("general", &["chart"]),
    ] {
        let first = sheets(name, arguments);
        hold(&first);
        assert_eq!(first, sheets(name, arguments), "{name}");
    }
    let unknown = duban(&["chart", "99"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("there is no measure 99; the last is 26"));
    let odd = duban(&["chart", "六"]);
    assert_eq!(odd.status.code(), Some(2));
}
