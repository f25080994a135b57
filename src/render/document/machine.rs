//! The tables for programs: CSV that Excel opens right, JSON, and JSON Lines. Columns are documented in docs/export.md.

use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;

use super::table::{Cell, Column, Table};
use super::tables::tables;
use crate::calendar;
use crate::digest::{Pack, Stamp};

/// Excel takes a file with this mark for UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Places behind the point of a percentage.
const PLACES: u32 = 2;

/// Columns of the stamp, behind those of every CSV table.
pub const STAMP: [Column; 4] = [
    super::table::column("digest_number", "期号", 8),
    super::table::column("cut_off_at", "截至", 17),
    super::table::column("ledger_seq", "台账序号", 10),
    super::table::column("input_hash", "输入校验", 14),
];

/// A form for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values (RFC 4180) with a byte order mark; one table.
    Csv,
    /// One JSON object with all tables.
    Json,
    /// One JSON object a line, the stamp first.
    JsonLines,
}

/// The keys of all tables, in their order.
pub fn keys(pack: &Pack<'_>) -> Vec<&'static str> {
    tables(pack).iter().map(|table| table.key).collect()
}

/// Writes the tables with these keys piece by piece to `put`; `row_made` is called after every row.
pub fn write(
    pack: &Pack<'_>,
    form: Form,
    wanted: &[&str],
    put: &mut dyn FnMut(&str),
    row_made: &mut dyn FnMut(),
) {
    let mut all = tables(pack);
    all.retain(|table| wanted.contains(&table.key));
    match form {
        Form::Csv => all
            .into_iter()
            .for_each(|table| csv(pack.stamp, table, put, row_made)),
        Form::Json => json(pack.stamp, all, put, row_made),
        Form::JsonLines => json_lines(pack.stamp, all, put, row_made),
    }
}

/// All tables as JSON Lines.
pub(super) fn all_lines(pack: &Pack<'_>) -> String {
    let mut text = String::new();
    let put = &mut |piece: &str| text.push_str(piece);
    json_lines(pack.stamp, tables(pack), put, &mut || ());
    text
}

/// Writes one table as CSV.
pub(super) fn csv(
    stamp: &Stamp,
    table: Table<'_>,
    put: &mut dyn FnMut(&str),
    row_made: &mut dyn FnMut(),
) {
    put(BYTE_ORDER_MARK);
    let header = table.columns.iter().chain(&STAMP);
    let header: Vec<&str> = header.map(|column| column.key).collect();
    put(&header.join(","));
    put("\r\n");
    let stamped: Vec<String> = stamp_cells(stamp).iter().map(in_csv).collect();
    for cells in table.rows {
        let values = cells.iter().map(in_csv);
        let values: Vec<String> = values.chain(stamped.iter().cloned()).collect();
        put(&values.join(","));
        put("\r\n");
        row_made();
    }
}

fn stamp_cells(stamp: &Stamp) -> [Cell; 4] {
    [
        Cell::Whole(stamp.number.into()),
        Cell::Moment(stamp.cut_off_at),
        Cell::Whole(stamp.seq),
        Cell::Text(stamp.head.clone()),
    ]
}

fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => quoted(text),
        Cell::Code(code, _) => (*code).to_owned(),
        Cell::Number(number) => plain(*number),
        Cell::Percent(percent) => plain(percent.round_dp(PLACES)),
        Cell::Whole(count) => count.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Moment(at) => calendar::local(*at).format("%Y-%m-%d %H:%M:%S").to_string(),
        Cell::Flag(flag) => u8::from(*flag).to_string(),
    }
}

/// In quotes where it must be. What Excel would take for a formula begins with an apostrophe.
fn quoted(text: &str) -> String {
    let guard = match super::is_like_a_formula(text) {
        true => "'",
        false => "",
    };
    let must = guard == "'" || text.contains([',', '"', '\n', '\r']) || text.trim() != text;
    match must {
        true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

fn json(
    stamp: &Stamp,
    tables: Vec<Table<'_>>,
    put: &mut dyn FnMut(&str),
    row_made: &mut dyn FnMut(),
) {
    put("{\"stamp\":");
    put(&object(&STAMP, &stamp_cells(stamp), None));
    for table in tables {
        put(&format!(",\n\"{}\":[", table.key));
        let mut before = "\n";
        for cells in table.rows {
            put(before);
            put(&object(table.columns, &cells, None));
            before = ",\n";
            row_made();
        }
        put("]");
    }
    put("}\n");
}

fn json_lines(
    stamp: &Stamp,
    tables: Vec<Table<'_>>,
    put: &mut dyn FnMut(&str),
    row_made: &mut dyn FnMut(),
) {
    put(&object(&STAMP, &stamp_cells(stamp), Some("stamp")));
    put("\n");
    for table in tables {
        for cells in table.rows {
            put(&object(table.columns, &cells, Some(table.key)));
            put("\n");
            row_made();
        }
    }
}

/// A row as an object with its columns in their order.
fn object(columns: &[Column], cells: &[Cell], table: Option<&str>) -> String {
    let name = table.map(|table| format!("\"table\":{}", string(table)));
    let fields = columns.iter().zip(cells);
    let fields = fields.map(|(column, cell)| format!("\"{}\":{}", column.key, in_json(cell)));
    let all: Vec<String> = name.into_iter().chain(fields).collect();
    format!("{{{}}}", all.join(","))
}

fn in_json(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "null".to_owned(),
        Cell::Text(text) => string(text),
        Cell::Code(code, _) => string(code),
        Cell::Number(number) => plain(*number),
        Cell::Percent(percent) => plain(percent.round_dp(PLACES)),
        Cell::Whole(count) => count.to_string(),
        Cell::Date(day) => string(&day.to_string()),
        Cell::Moment(at) => string(&rfc3339(*at)),
        Cell::Flag(flag) => flag.to_string(),
    }
}

fn rfc3339(at: DateTime<Utc>) -> String {
    calendar::local(at).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
