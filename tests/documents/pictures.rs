//! The board, drawn by the program, decoded by another library and held against the ledger.

use std::path::Path;

use crate::{duban, keep, stderr};

/// The sheets of a board as the program writes them.
fn sheets(name: &str, arguments: &[&str]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.png"));
    let path = path.to_str().unwrap();
    let output = duban(&[&["board", path][..], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let mut sheets = Vec::new();
    let single = Path::new(path);
    if single.exists() {
        sheets.push(std::fs::read(single).unwrap());
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

#[test]
fn the_board_is_sheets_of_a_phones_width_and_the_same_to_the_byte() {
    let first = sheets("board", &["--number", "3"]);
    assert!(first.len() > 1);
    for sheet in &first {
        let (width, height, colours) = decoded(sheet);
        assert_eq!(width, 1080);
        assert!((400..=2160).contains(&height), "{height}");
        assert!(colours > 50);
        assert!(sheet.len() < 1024 * 1024);
    }
    assert_eq!(first, sheets("board", &["--number", "3"]));
    for number in ["1", "4", "6"] {
        sheets(&format!("board{number}"), &["--number", number]);
    }
    sheets("now", &[]);
}
