//! Long work shows how far it is: a bar on a terminal, nothing in a pipe. The terminal is one that `script` of util-linux makes; left out
//! where that is not installed, unless `CI=true`.

use std::io::Write;
use std::process::{Command, Output};

use chrono::{DateTime, TimeDelta, Utc};
use duban::ledger::{Act, Actor, ENTRY_VERSION, Head, LedgerEntry};
use duban::plan::TaskForceId;
use duban::store::{Changes, Store};

use crate::{duban_on, month, stderr};

/// More entries and rows than a bar needs to be shown.
const ENTRIES: usize = 6_000;

/// A database with the month's ledger and its answers again and again behind it.
async fn long_ledger(url: &str) {
    let store = Store::open(url).await.unwrap();
    let known = Store::open(&month().url).await.unwrap();
    let task_force = TaskForceId::from("rushan");
    let mut adoptions = std::collections::BTreeMap::new();
    for entry in &month().entries {
        if let Act::Adopted { adoption } = &entry.act {
            let text = known.adoption(*adoption).await.unwrap().unwrap();
            adoptions.insert(*adoption, text);
        }
    }
    // Behind the last digest, so that all of it belongs to now.
    let after: DateTime<Utc> = month().entries.last().unwrap().at + TimeDelta::hours(1);
    let again = month()
        .entries
        .iter()
        .filter(|entry| matches!(entry.act, Act::Answered(_)));
    let again = again.cycle().map(|entry| LedgerEntry {
        at: after,
        by: Actor::Person("song-xiaozheng".into()),
        version: ENTRY_VERSION,
        ..entry.clone()
    });
    let entries: Vec<LedgerEntry> = month()
        .entries
        .iter()
        .cloned()
        .chain(again.take(ENTRIES))
        .collect();
    let mut head = Head::default();
    for (at, page) in entries.chunks(1_000).enumerate() {
        let mut changes = Changes {
            task_force: Some(task_force.clone()),
            ..Changes::default()
        };
        if at == 0 {
            changes.adoptions = adoptions.clone().into_iter().collect();
        }
        for entry in page {
            head = changes.push_entry(head, entry.clone());
        }
        for result in store.commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
    }
    store.close().await;
}

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
    long_ledger(&url).await;
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
