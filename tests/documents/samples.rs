//! docs/samples: what stands there is what the program makes of the rehearsal's week. `DUBAN_BLESS=1` writes it anew; the pages
//! and pictures there are for the eye and are drawn by `docs/samples/make` alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bulletin::{paragraphs, part_of};
use crate::stderr;

/// Samples that hang on the program alone.
const COMPARED: [&str; 5] = [
    "ledger.xlsx",
    "report.txt",
    "deadlines.ics",
    "targets.csv",
    "tables.jsonl",
];

/// Bytes all samples may have, so that a clone stays small.
const MOST_BYTES: u64 = 1_300_000;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples")
}

#[test]
fn the_samples_are_what_the_program_makes_of_the_rehearsal() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("bash")
        .arg(samples().join("make"))
        .arg(folder.path())
        .env("DUBAN", env!("CARGO_BIN_EXE_duban"))
        .env("PAGES", "no")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let report = std::fs::read(folder.path().join("report.docx")).unwrap();
    let text = paragraphs(&part_of(&report, "word/document.xml")).join("\n");
    std::fs::write(folder.path().join("report.txt"), text + "\n").unwrap();
    for name in COMPARED {
        let made = std::fs::read(folder.path().join(name)).unwrap();
        let kept = samples().join(name);
        if std::env::var_os("DUBAN_BLESS").is_some() {
            std::fs::write(&kept, &made).unwrap();
        }
        let same = std::fs::read(&kept).is_ok_and(|kept| kept == made);
        assert!(
            same,
            "docs/samples/{name} is not what the program makes; DUBAN_BLESS=1 writes it"
        );
    }
}

#[test]
fn the_samples_are_small_and_all_told_of() {
    let told = include_str!("../../docs/export.md");
    let mut bytes = 0;
    for file in std::fs::read_dir(samples()).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        bytes += file.metadata().unwrap().len();
        let link = format!("(samples/{name})");
        assert!(told.contains(&link), "docs/export.md does not name {name}");
    }
    assert!(bytes < MOST_BYTES, "{bytes}");
}
