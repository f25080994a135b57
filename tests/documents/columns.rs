//! docs/export.md against the files the program writes: every column of every file, and no other.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Reader, Xlsx, open_workbook_from_rs};
use serde_json::Value;

use crate::{duban, stderr, written};

const DOCUMENTED: &str = include_str!("../../docs/export.md");

/// The part of the document that is no table of its own.
const STAMP: &str = "stamp";

/// A table as the document has it: its name for programs, and of each column the key and the header.
struct Documented {
    table: String,
    columns: Vec<(String, String)>,
}

impl Documented {
    fn keys(&self) -> Vec<&str> {
        self.columns.iter().map(|(key, _)| key.as_str()).collect()
    }

    fn headers(&self) -> Vec<&str> {
        self.columns
            .iter()
            .map(|(_, header)| header.as_str())
            .collect()
    }
}

/// Every part `## `name`` with the rows of its table.
fn documented() -> Vec<Documented> {
    let parts = DOCUMENTED.split("\n## `").skip(1);
    let part = |part: &str| {
        let (table, rest) = part.split_once("`\n").unwrap();
        let rows = rest.split("\n## ").next().unwrap().lines();
        let rows = rows.filter_map(|row| row.strip_prefix("| `"));
        let columns = rows.map(|row| {
            let (key, rest) = row.split_once("` | ").unwrap();
            let header = rest.split(" | ").next().unwrap();
            (key.to_owned(), header.to_owned())
        });
        Documented {
            table: table.to_owned(),
            columns: columns.collect(),
        }
    };
    parts.map(part).collect()
}

fn tables() -> (Documented, Vec<Documented>) {
    let mut all = documented();
    let stamp = all.iter().position(|it| it.table == STAMP).unwrap();
    let stamp = all.remove(stamp);
    (stamp, all)
}

/// Keys of a CSV with the mark Excel looks for.
fn keys_of_csv(bytes: &[u8]) -> Vec<String> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::Reader::from_reader(text);
    reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_csv_has_the_documented_columns_and_those_of_the_stamp() {
    let (stamp, tables) = tables();
    for table in &tables {
        let csv = duban(&["export", "--format", "csv", "--table", &table.table]);
        assert!(csv.status.success(), "{}", stderr(&csv));
        let wanted = [table.keys(), stamp.keys()].concat();
        assert_eq!(keys_of_csv(&csv.stdout), wanted, "{}", table.table);
    }
}

#[test]
fn json_and_json_lines_have_the_documented_tables_and_keys() {
    let (stamp, tables) = tables();
    let json: Value =
        serde_json::from_slice(&written("keys.json", &["export", "--format", "json"])).unwrap();
    let names = json.as_object().unwrap().keys().map(String::as_str);
    let names: BTreeSet<&str> = names.collect();
    let wanted = tables.iter().map(|it| it.table.as_str());
    assert_eq!(names, wanted.chain([STAMP]).collect());
    let lines = written("keys.jsonl", &["export", "--format", "jsonl"]);
    let lines: Vec<Value> = String::from_utf8(lines)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut seen = BTreeSet::new();
    for line in &lines {
        let row = line.as_object().unwrap();
        let name = row["table"].as_str().unwrap();
        let table = tables.iter().chain([&stamp]).find(|it| it.table == name);
        let wanted = table.unwrap().keys().into_iter().chain(["table"]);
        let keys: BTreeSet<&str> = row.keys().map(String::as_str).collect();
        assert_eq!(keys, wanted.collect(), "{name}");
        seen.insert(name);
    }
    // The month has no project on its list.
    assert_eq!(seen.len(), tables.len(), "{seen:?}");
    for table in &tables {
        for row in json[&table.table].as_array().unwrap() {
            let keys: BTreeSet<&str> = row
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(keys, table.keys().into_iter().collect(), "{}", table.table);
        }
    }
}

#[test]
fn every_sheet_has_the_documented_headers() {
    let (_, tables) = tables();
    let bytes = written("headers.xlsx", &["export"]);
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), tables.len());
    for (name, table) in names.iter().zip(&tables) {
        let range = book.worksheet_range(name).unwrap();
        let header: Vec<String> = range
            .rows()
            .nth(2)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(header, table.headers(), "{name}");
    }
}

#[test]
fn the_index_of_evidence_has_the_documented_columns() {
    let (stamp, tables) = tables();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence.zip");
    let shelf = folder.path().join("shelf");
    let output = duban(&[
        "export",
        "--evidence",
        path.to_str().unwrap(),
        "--evidence-dir",
        shelf.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let bytes = std::fs::read(&path).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut index = Vec::new();
    archive
        .by_name("index.csv")
        .unwrap()
        .read_to_end(&mut index)
        .unwrap();
    let evidence = tables.iter().find(|it| it.table == "evidence").unwrap();
    assert_eq!(
        keys_of_csv(&index),
        [evidence.keys(), stamp.keys()].concat()
    );
}
