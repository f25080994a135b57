//! A table of a document: columns with a name for programs and one for people, and rows of cells. Workbook and machine-readable forms are
//! made from the same tables.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words of people or of the plan.
    Text(String),
    /// One of a known few: for programs, for people.
    Code(&'static str, &'static str),
    /// A number.
    Number(Decimal),
    /// Percent: 87.5.
    Percent(Decimal),
    /// A count or a seq.
    Whole(u64),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// A value if there is one.
    pub fn or_empty<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }

    /// Words; empty ones are no value.
    pub fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        match words.is_empty() {
            true => Self::Empty,
            false => Self::Text(words),
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// For programs; documented in docs/export.md and never renamed.
    pub key: &'static str,
    /// For people.
    pub title: &'static str,
    /// Width in the workbook, in characters of its standard font.
    pub width: u8,
}

/// A column of this width.
pub const fn column(key: &'static str, title: &'static str, width: u8) -> Column {
    Column { key, title, width }
}

/// A table whose rows are made one by one.
pub struct Table<'a> {
    /// For programs.
    pub key: &'static str,
    /// For people.
    pub title: &'static str,
    /// Columns.
    pub columns: &'static [Column],
    /// How many rows there are.
    pub count: usize,
    /// The rows; each has a cell a column.
    pub rows: Box<dyn Iterator<Item = Vec<Cell>> + 'a>,
}

impl<'a> Table<'a> {
    /// A table of rows that are there already, each put into cells when its turn comes.
    pub fn of<R: 'a>(
        key: &'static str,
        title: &'static str,
        columns: &'static [Column],
        rows: Vec<R>,
        cells: impl Fn(&R) -> Vec<Cell> + 'a,
    ) -> Self {
        Self {
            key,
            title,
            columns,
            count: rows.len(),
            rows: Box::new(rows.into_iter().map(move |row| cells(&row))),
        }
    }
}
