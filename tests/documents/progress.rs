//! Long work shows how far it is: a bar on a terminal, nothing in a pipe. The terminal is one that `script` of util-linux makes; left out
//! where that is not installed, unless `CI=true`.

use std::io::Write;
use std::process::{Command, Output};

use duban::ledger::{Act, LedgerEntry};

use crate::month::continued;
use crate::{duban_on, month, stderr};

/// More than a bar needs to be shown.
const ENTRIES: usize = 6_000;

/// The program with a terminal for its output, as `script` gives it.
fn on_a_terminal(url: &str, arguments: &[&str]) -> Option<Output> {
    let program = env!("CARGO_BIN_EXE_duban");
    let command = [&[program][..], arguments, &["--database-url", url]]
        .concat()
        .join(" ");
    let found = Command::new("script").arg("--version").output();
    if !found.is_ok_and(|found| found.status.success()) {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!in_ci, "script of util-linux is needed here");
        let _ = writeln!(
            std::io::stderr(),
            "left out: a terminal needs script of util-linux"
        );
        return None;
    }
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .output();
    Some(output.unwrap())
}

#[tokio::test]
async fn a_bar_is_drawn_on_a_terminal_and_none_in_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("duban.db").display());
    let answered = |entry: &&LedgerEntry| matches!(entry.act, Act::Answered(_));
    let answers = month().entries.iter().filter(answered).cycle();
    let acts = answers.map(|entry| entry.act.clone()).take(ENTRIES);
    continued(&url, acts.collect()).await;
    for (name, arguments) in [
        ("a.xlsx", &["export"][..]),
        ("a.jsonl", &["export", "--format", "jsonl"]),
    ] {
        let path = folder.path().join(name);
        let arguments = [arguments, &["--out", path.to_str().unwrap()]].concat();
        let piped = duban_on(&url, &arguments);
        assert!(piped.status.success(), "{}", stderr(&piped));
        assert_eq!(stderr(&piped), "", "nothing in a pipe");
        let in_a_pipe = std::fs::read(&path).unwrap();
        let Some(shown) = on_a_terminal(&url, &arguments) else {
            return;
        };
        assert!(shown.status.success());
        let shown = String::from_utf8(shown.stdout).unwrap();
        for bar in [
            "\r读取台账 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%",
            "\r写入各行 ███████████████░░░░░░░░░░░░░░░  50%",
            "\r写入各行 ██████████████████████████████ 100%",
        ] {
            assert!(shown.contains(bar), "{bar:?} is not in {shown:?}");
        }
        let (_, after) = shown.rsplit_once("100%").unwrap();
        assert!(
            after.starts_with("\r\u{1b}[K"),
            "the line is cleared: {after:?}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), in_a_pipe);
    }
}
