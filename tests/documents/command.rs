//! The same moment gives the same bytes, and what is wrong is said in one line.

use duban::cli::read_config;
use duban::store::Store;

use crate::{duban, duban_on, month, stderr, written};

#[test]
fn made_again_a_document_is_the_same_to_the_byte() {
    for (name, arguments) in [
        ("a.xlsx", &["export"][..]),
        ("a.docx", &["bulletin"]),
        ("a.docx", &["bulletin", "--number", "2"]),
        ("a.ics", &["calendar"]),
        ("a.csv", &["export", "--format", "csv"]),
        ("a.json", &["export", "--format", "json"]),
    ] {
        let first = written(name, arguments);
        assert_eq!(first, written(name, arguments), "{arguments:?}");
    }
}

#[test]
fn what_the_bot_sent_in_between_is_made_again_at_the_end() {
    let sent = &month().sent;
    let names: Vec<&str> = sent.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "推动设备更新和以旧换新工作专班台账（截至2026-12-11）.xlsx",
            "推动设备更新和以旧换新工作专班简报（截至2026-12-11）.docx",
            "推动设备更新和以旧换新工作专班时限日程（截至2026-12-11）.ics",
        ]
    );
    let at = ["--at", "2026-12-11T16:00"];
    for ((_, bytes), (name, command)) in sent.iter().zip([
        ("b.xlsx", "export"),
        ("b.docx", "bulletin"),
        ("b.ics", "calendar"),
    ]) {
        let again = written(name, &[&[command][..], &at].concat());
        assert_eq!(&again, bytes, "{command}");
    }
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    for (arguments, line) in [
        (
            &["export", "--from", "2026-12-31", "--to", "2026-12-01"][..],
            "--from 2026-12-31 lies after --to 2026-12-01",
        ),
        (
            &["export", "--measure", "99"],
            "there is no measure 99; the last is 26",
        ),
        (
            &["export", "--format", "csv", "--table", "people"],
            "there is no table people; there are: targets, works",
        ),
        (
            &["export", "--at", "2020-01-01"],
            "the ledger of rushan begins after 2020-01-01T23:59:59+08:00",
        ),
        (
            &["export", "--at", "2099-01-01"],
            "--at 2099-01-01T23:59:59+08:00 lies ahead",
        ),
        (
            &["bulletin", "--number", "99"],
            "rushan has no digest number 99",
        ),
        (&["calendar", "--person", "张三"], "张三 is on no roster"),
        (
            &["export", "--out", "/nowhere/a.xlsx"],
            "writing /nowhere/a.xlsx",
        ),
    ] {
        let output = duban(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("duban: ") && said.contains(line), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let refused = duban(&["export", "--at", "gestern"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("2026-11-27T16:00"));
}

#[tokio::test]
async fn an_empty_ledger_gives_empty_but_valid_files() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("duban.db").display());
    let none = duban_on(&url, &["export"]);
    assert!(
        stderr(&none).contains("holds no task force yet"),
        "{}",
        stderr(&none)
    );

    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let config = read_config(&dir).1.unwrap();
    let store = Store::open(&url).await.unwrap();
    let start = "2026-11-23T00:30:00Z".parse().unwrap();
    duban::cli::Stage::open(&config, store, start, true)
        .await
        .unwrap()
        .close()
        .await;
    for (name, arguments) in [
        ("a.xlsx", &["export"][..]),
        ("a.docx", &["bulletin"]),
        ("a.ics", &["calendar"]),
    ] {
        let path = folder.path().join(name);
        let mut arguments = arguments.to_vec();
        arguments.extend(["--out", path.to_str().unwrap()]);
        let output = duban_on(&url, &arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(!std::fs::read(&path).unwrap().is_empty());
    }
    let json = duban_on(&url, &["export", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["answers"], serde_json::json!([]));
    assert_eq!(
        json["targets"].as_array().unwrap().len(),
        month().plan.indicators.len()
    );
}
