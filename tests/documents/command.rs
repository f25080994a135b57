//! The same moment gives the same bytes, and what is wrong is said in one line.

use std::io::Cursor;

use calamine::{Reader, Xlsx, open_workbook_from_rs};
use duban::cli::read_config;
use duban::store::Store;
use icalendar::parser::{read_calendar, unfold};

use crate::bulletin::{paragraphs, part_of};
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
        ("a.jsonl", &["export", "--format", "jsonl"]),
        ("a.xlsx", &["export", "--measure", "6"]),
        ("a.ics", &["calendar", "--person", "宋校政"]),
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
fn every_document_of_one_moment_holds_the_same_stamp() {
    let at = |name: &str, arguments: &[&str]| {
        written(name, &[arguments, &["--at", "2026-12-11T16:00"]].concat())
    };
    let csv = String::from_utf8(at("c.csv", &["export", "--format", "csv"])).unwrap();
    let stamp: Vec<&str> = csv.lines().nth(1).unwrap().rsplit(',').take(4).collect();
    let [hash, seq, cut_off, number] = stamp[..] else {
        panic!("{stamp:?}")
    };
    assert_eq!((cut_off, number), ("2026-12-11 16:00:00", "3"));
    let line = format!("第3期 · 截至2026年12月11日 16:00 · 台账序号{seq} · {hash}");
    assert!(line.starts_with(&month().third_stamp()), "{line}");

    let book = at("c.xlsx", &["export"]);
    let sheets = parts_of(&book, "xl/worksheets/sheet");
    assert_eq!(sheets.len(), 8);
    for sheet in &sheets {
        let footer = sheet.split_once("<oddFooter>").unwrap().1;
        assert!(footer.contains(&line), "{footer}");
    }
    let report = at("c.docx", &["bulletin"]);
    let footers = parts_of(&report, "word/footer");
    assert_eq!(footers.len(), 2);
    assert!(footers.iter().all(|footer| footer.contains(&line)));
    let deadlines = String::from_utf8(at("c.ics", &["calendar"])).unwrap();
    let unfolded = deadlines.replace("\r\n ", "");
    assert!(unfolded.contains(&line), "{unfolded}");
    let stamp = format!(
        "\"digest_number\":3,\"cut_off_at\":\"2026-12-11T16:00:00+08:00\",\"ledger_seq\":{seq},\"input_hash\":\"{hash}\"}}"
    );
    for format in ["json", "jsonl"] {
        let text = String::from_utf8(at("c.json", &["export", "--format", format])).unwrap();
        assert!(text.lines().next().unwrap().contains(&stamp), "{text}");
    }
}

#[test]
fn no_document_knows_when_it_was_made() {
    let at = ["--at", "2026-12-11T16:00"];
    for (name, command) in [("d.xlsx", "export"), ("d.docx", "bulletin")] {
        let bytes = written(name, &[&[command][..], &at].concat());
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for part in 0..archive.len() {
            let part = archive.by_index(part).unwrap();
            let time = part.last_modified();
            assert_eq!(time, Some(zip::DateTime::DEFAULT), "{name}");
        }
        // Whatever is a time in its properties is the cut-off.
        let core = parts_of(&bytes, "docProps/core.xml").concat();
        let times: Vec<&str> = core.split("W3CDTF\">").skip(1).collect();
        assert_eq!(times.len(), 2, "{core}");
        for time in times {
            let local = time.starts_with("2026-12-11T16:00:00Z");
            assert!(local || time.starts_with("2026-12-11T08:00:00Z"), "{core}");
        }
    }
    let text = String::from_utf8(written("d.ics", &[&["calendar"][..], &at].concat())).unwrap();
    let stamps = text
        .lines()
        .filter_map(|line| line.strip_prefix("DTSTAMP:"));
    let stamps: Vec<&str> = stamps.collect();
    assert!(!stamps.is_empty());
    assert!(
        stamps.iter().all(|stamp| *stamp == "20261211T080000Z"),
        "{stamps:?}"
    );
}

/// The parts of a package whose names begin so, in their order.
fn parts_of(bytes: &[u8], beginning: &str) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(beginning)).collect();
    names.sort();
    names.iter().map(|name| part_of(bytes, name)).collect()
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
            &["calendar", "--person", "刘培根"],
            "刘培根 has no open item with a deadline",
        ),
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
    let made = |name: &str, arguments: &[&str]| {
        let path = folder.path().join(name);
        let out = ["--out", path.to_str().unwrap()];
        let output = duban_on(&url, &[arguments, &out].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        std::fs::read(&path).unwrap()
    };
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(made("a.xlsx", &["export"]))).unwrap();
    let rows = |book: &mut Xlsx<_>, sheet| book.worksheet_range(sheet).unwrap().height();
    assert_eq!(
        rows(&mut book, "目标台账"),
        3 + month().plan.indicators.len()
    );
    for empty in [
        "填报记录",
        "申请",
        "督办单",
        "协调事项",
        "项目库",
        "佐证材料",
    ] {
        assert_eq!(
            rows(&mut book, empty),
            3,
            "title, stamp and header: {empty}"
        );
    }
    let report = made("a.docx", &["bulletin"]);
    let words = paragraphs(&part_of(&report, "word/document.xml"));
    assert!(
        words.iter().any(|words| words == "没有滞后和预警事项。"),
        "{words:?}"
    );
    let deadlines = String::from_utf8(made("a.ics", &["calendar"])).unwrap();
    let unfolded = unfold(&deadlines);
    assert!(!read_calendar(&unfolded).unwrap().components.is_empty());
    let csv = made(
        "a.csv",
        &["export", "--format", "csv", "--table", "answers"],
    );
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.ends_with(",input_hash\r\n") && csv.lines().count() == 1,
        "{csv}"
    );
    let zip = folder.path().join("a.zip");
    let none = ["export", "--evidence", zip.to_str().unwrap()];
    assert!(duban_on(&url, &none).status.success());
    let index = part_of(&std::fs::read(&zip).unwrap(), "index.csv");
    assert_eq!(index.lines().count(), 1, "{index}");
    let json = duban_on(&url, &["export", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["answers"], serde_json::json!([]));
    assert_eq!(
        json["targets"].as_array().unwrap().len(),
        month().plan.indicators.len()
    );
}
