//! The forms for programs, read with other programs' readers.

use serde_json::Value;

use crate::{duban, month, written};

fn csv(arguments: &[&str]) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut all = vec!["export", "--format", "csv"];
    all.extend(arguments);
    let bytes = duban(&all).stdout;
    let text = bytes
        .strip_prefix("\u{feff}".as_bytes())
        .expect("the mark Excel looks for");
    let mut reader = csv::Reader::from_reader(text);
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    (header, reader.records().map(Result::unwrap).collect())
}

fn field<'r>(header: &[String], row: &'r csv::StringRecord, key: &str) -> &'r str {
    &row[header.iter().position(|known| known == key).unwrap()]
}

#[test]
fn a_csv_holds_one_table_and_neutral_formulas() {
    let (header, rows) = csv(&[]);
    assert_eq!(rows.len(), month().plan.indicators.len());
    assert_eq!(field(&header, &rows[0], "label"), "总-1");
    let (header, rows) = csv(&["--table", "answers"]);
    let answers = month().answers();
    assert_eq!(rows.len(), answers.len());
    for (row, filed) in rows.iter().zip(&answers) {
        assert_eq!(field(&header, row, "seq"), filed.seq.to_string());
        let done = filed
            .report
            .done
            .as_ref()
            .and_then(|text| text.body())
            .unwrap_or_default();
        let neutral = match done.starts_with('=') {
            true => format!("'{done}"),
            false => done.to_owned(),
        };
        assert_eq!(field(&header, row, "done"), neutral);
    }
}

#[test]
fn a_range_and_a_measure_leave_the_rest_out() {
    let (header, rows) = csv(&[
        "--table",
        "answers",
        "--from",
        "2026-12-01",
        "--to",
        "2026-12-31",
    ]);
    let days: Vec<&str> = rows
        .iter()
        .map(|row| field(&header, row, "filed_at"))
        .collect();
    assert!(
        !days.is_empty() && days.iter().all(|day| day.starts_with("2026-12-")),
        "{days:?}"
    );
    let (header, rows) = csv(&["--measure", "6"]);
    let labels: Vec<&str> = rows
        .iter()
        .map(|row| field(&header, row, "label"))
        .collect();
    assert_eq!(labels, ["6-1", "6-2", "6-3", "6-4", "6-5"]);
}

#[test]
fn json_and_json_lines_hold_the_same_rows() {
    let json: Value =
        serde_json::from_slice(&written("duban.json", &["export", "--format", "json"])).unwrap();
    let lines = written("duban.jsonl", &["export", "--format", "jsonl"]);
    let lines: Vec<Value> = std::str::from_utf8(&lines)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut rest = lines.iter();
    let without_name = |row: &Value| {
        let mut row = row.as_object().unwrap().clone();
        row.remove("table");
        Value::Object(row)
    };
    assert_eq!(without_name(rest.next().unwrap()), json["stamp"]);
    for table in [
        "targets", "works", "answers", "requests", "slips", "matters", "projects", "evidence",
    ] {
        for row in json[table].as_array().unwrap() {
            let line = rest.next().unwrap();
            assert_eq!(
                (line["table"].as_str(), without_name(line)),
                (Some(table), row.clone())
            );
        }
    }
    assert_eq!(rest.next(), None);
    let answers = json["answers"].as_array().unwrap();
    let like = answers.iter().find(|row| row["label"] == "6-5").unwrap();
    assert_eq!(
        like["done"], "=SUM(A1:A9) 完成探漏46公里，<b>管网</b> & 阀门",
        "JSON needs no apostrophe"
    );
    assert_eq!(
        (like["value"].as_f64(), like["judgement"].as_str()),
        (Some(8.2), Some("normal"))
    );
}
