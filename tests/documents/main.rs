//! Documents of a played month, made by the program itself, read back with other libraries and held against the ledger.
//!
//! `DUBAN_DOCUMENTS` may name a folder in which one of each is kept.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod bulletin;
mod calendar;
mod columns;
mod command;
mod libreoffice;
mod month;
mod pictures;
mod progress;
mod samples;
mod sending;
mod tables;
mod workbook;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use month::month;

/// Runs the program on the month's database with stderr as a pipe.
fn duban(arguments: &[&str]) -> Output {
    duban_on(&month().url, arguments)
}

fn duban_on(url: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command.args(arguments).args(["--database-url", url]);
    command.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What the program writes to this file.
fn written(name: &str, arguments: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut all = arguments.to_vec();
    all.extend(["--out", path.to_str().unwrap()]);
    let output = duban(&all);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "no bar in a pipe");
    let bytes = std::fs::read(&path).unwrap();
    keep(name, &bytes);
    bytes
}

/// Keeps a file where `DUBAN_DOCUMENTS` says.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("DUBAN_DOCUMENTS") {
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(Path::new(name)), bytes).unwrap();
    }
}
