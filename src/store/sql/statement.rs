//! A statement on its way to a database: its words with `$1` for either, its values, and the rows that come back.
//!
//! To a file it is put on the caller's own thread, where it takes less time than the way to another thread and back would. Only
//! what reads a lot, or says of itself that it takes long, goes to a thread where it holds nobody up.

use std::borrow::Cow;

use sqlx::any::{AnyArguments, AnyTypeInfoKind};
use sqlx::{Any, Row as _, ValueRef as _};

use super::codec::{Columns, unreadable};
use super::hands::Hand;
use super::lent::Open;
use crate::store::StoreError;
use crate::store::error::DatabaseError;

/// Rows that are read from a file on the caller's thread; a statement that finds more is put anew on another.
const READ_AT_ONCE: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Statement<'q> {
    words: &'static str,
    values: Vec<Value<'q>>,
    takes_long: bool,
}

/// What stands in place of a `$1`, and of what kind it is where there is nothing.
#[derive(Debug, Clone)]
pub(super) enum Value<'q> {
    Number(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
}

/// What stands in a column.
#[derive(Debug)]
pub(super) enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row that was read.
#[derive(Debug)]
pub(super) struct Row(pub(super) Vec<Cell>);

/// What the database did.
struct Done {
    rows: Vec<Row>,
    changed: u64,
}

pub(super) fn query(words: &'static str) -> Statement<'static> {
    Statement {
        words,
        values: Vec::new(),
        takes_long: false,
    }
}

impl<'q> Statement<'q> {
    /// The next value, `$1` first.
    pub(super) fn bind<'v>(self, value: impl Into<Value<'v>>) -> Statement<'v>
    where
        'q: 'v,
    {
        let mut bound: Statement<'v> = self;
        bound.values.push(value.into());
        bound
    }

    /// Nobody else waits on its thread.
    pub(super) fn takes_long(mut self) -> Self {
        self.takes_long = true;
        self
    }

    /// All rows.
    pub(super) async fn fetch_all<T: Read>(self, hand: &mut Hand) -> Result<Vec<T>, StoreError> {
        let rows = self.put(hand, true).await?.rows;
        rows.into_iter().map(T::read).collect()
    }

    /// The one row, if there is one.
    pub(super) async fn fetch_optional<T: Read>(
        self,
        hand: &mut Hand,
    ) -> Result<Option<T>, StoreError> {
        let rows = self.put(hand, true).await?.rows;
        rows.into_iter().next().map(T::read).transpose()
    }

    /// The one row that there must be.
    pub(super) async fn fetch_one<T: Read>(self, hand: &mut Hand) -> Result<T, StoreError> {
        let words = self.words;
        let row = self.fetch_optional(hand).await?;
        row.ok_or_else(|| unreadable("row", format!("there is none for {words}")))
    }

    /// How many rows it changed.
    pub(super) async fn execute(self, hand: &mut Hand) -> Result<u64, StoreError> {
        Ok(self.put(hand, false).await?.changed)
    }

    async fn put(self, hand: &mut Hand, reads: bool) -> Result<Done, StoreError> {
        tracing::trace!(statement = self.words, "put");
        match hand {
            Hand::Server(connection) => {
                let connection: &mut sqlx::AnyConnection = connection;
                Ok(self.put_to_server(connection, reads).await?)
            }
            Hand::File(file) => {
                let most = if self.takes_long { 0 } else { READ_AT_ONCE };
                if !self.takes_long
                    && let Some(done) = file.patiently(|open| self.put_to(open, most)).await?
                {
                    return Ok(done);
                }
                let owned = self.into_owned();
                let done = file
                    .apart(move |open| owned.put_to(open, usize::MAX))
                    .await?;
                Ok(done.expect("no more rows than that"))
            }
        }
    }

    async fn put_to_server(
        self,
        connection: &mut sqlx::AnyConnection,
        reads: bool,
    ) -> Result<Done, DatabaseError> {
        let mut query = sqlx::query(self.words);
        for value in self.values {
            query = value.bound(query);
        }
        if !reads {
            let changed = query.execute(connection).await?.rows_affected();
            let rows = Vec::new();
            return Ok(Done { rows, changed });
        }
        let rows = query.fetch_all(connection).await?;
        let rows = rows.iter().map(read_any).collect::<Result<_, _>>()?;
        Ok(Done { rows, changed: 0 })
    }

    /// None where a statement that only reads finds more than `most` rows.
    fn put_to(&self, open: &Open, most: usize) -> Result<Option<Done>, rusqlite::Error> {
        let connection = open.connection();
        let mut prepared = connection.prepare_cached(self.words)?;
        for place in 1..=prepared.parameter_count() {
            // SQLite counts places by where they first stand; the name tells which value is meant.
            let number = prepared.parameter_name(place);
            let number = number.and_then(|name| name.get(1..)?.parse::<usize>().ok());
            let value = self.values.get(number.unwrap_or(place) - 1);
            let value = value.ok_or(rusqlite::Error::InvalidParameterCount(
                self.values.len(),
                place,
            ))?;
            prepared.raw_bind_parameter(place, value)?;
        }
        let columns = prepared.column_count();
        let most = if prepared.readonly() {
            most
        } else {
            usize::MAX
        };
        let mut found = prepared.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            if rows.len() == most {
                return Ok(None);
            }
            let cells = (0..columns).map(|at| read_cell(at, row.get_ref(at)?));
            rows.push(Row(cells.collect::<Result<_, _>>()?));
        }
        Ok(Some(Done {
            rows,
            changed: connection.changes(),
        }))
    }

    fn into_owned(self) -> Statement<'static> {
        let values = self.values.into_iter().map(Value::into_owned).collect();
        Statement {
            words: self.words,
            values,
            takes_long: self.takes_long,
        }
    }
}

fn read_cell(at: usize, value: rusqlite::types::ValueRef<'_>) -> Result<Cell, rusqlite::Error> {
    use rusqlite::types::ValueRef;
    Ok(match value {
        ValueRef::Null => Cell::Nothing,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            Cell::Text(
                text.map_err(|why| rusqlite::Error::Utf8Error(at, why))?
                    .to_owned(),
            )
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_owned()),
        ValueRef::Real(_) => {
            let kind = rusqlite::types::Type::Real;
            return Err(rusqlite::Error::InvalidColumnType(at, String::new(), kind));
        }
    })
}

fn read_any(row: &sqlx::any::AnyRow) -> Result<Row, sqlx::Error> {
    let cells = (0..row.len()).map(|at| {
        let value = row.try_get_raw(at)?;
        if value.is_null() {
            return Ok(Cell::Nothing);
        }
        let kind = value.type_info().kind();
        Ok(match kind {
            AnyTypeInfoKind::Text => Cell::Text(row.try_get(at)?),
            AnyTypeInfoKind::Blob => Cell::Bytes(row.try_get(at)?),
            _ => Cell::Number(row.try_get(at)?),
        })
    });
    Ok(Row(cells.collect::<Result<_, sqlx::Error>>()?))
}

impl<'q> Value<'q> {
    fn bound(
        self,
        query: sqlx::query::Query<'_, Any, AnyArguments>,
    ) -> sqlx::query::Query<'_, Any, AnyArguments> {
        match self {
            Self::Number(number) => query.bind(number),
            Self::Text(text) => query.bind(text.map(Cow::into_owned)),
            Self::Bytes(bytes) => query.bind(bytes.map(Cow::into_owned)),
        }
    }

    fn into_owned(self) -> Value<'static> {
        match self {
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(text.map(|text| Cow::Owned(text.into_owned()))),
            Self::Bytes(bytes) => Value::Bytes(bytes.map(|bytes| Cow::Owned(bytes.into_owned()))),
        }
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{Null, ToSqlOutput, ValueRef};
        Ok(match self {
            Self::Number(Some(number)) => ToSqlOutput::from(*number),
            Self::Text(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Number(None) | Self::Text(None) | Self::Bytes(None) => ToSqlOutput::from(Null),
        })
    }
}

macro_rules! value {
    ($($from:ty => $kind:ident($value:ident => $into:expr);)+) => {
        $(impl<'q> From<$from> for Value<'q> {
            fn from($value: $from) -> Self {
                Self::$kind($into)
            }
        })+
    };
}

value! {
    i64 => Number(value => Some(value));
    Option<i64> => Number(value => value);
    &'q str => Text(value => Some(Cow::Borrowed(value)));
    &'q String => Text(value => Some(Cow::Borrowed(value)));
    String => Text(value => Some(Cow::Owned(value)));
    Option<&'q str> => Text(value => value.map(Cow::Borrowed));
    &'q Option<String> => Text(value => value.as_deref().map(Cow::Borrowed));
    &'q [u8] => Bytes(value => Some(Cow::Borrowed(value)));
}

/// What a row is read as: itself, its only column, or its columns one after the other.
pub(super) trait Read: Sized {
    fn read(row: Row) -> Result<Self, StoreError>;
}

impl Read for Row {
    fn read(row: Row) -> Result<Self, StoreError> {
        Ok(row)
    }
}

/// What a column is read as.
pub(super) trait Stored: Sized {
    /// What it should be, for whoever finds something else.
    const KIND: &str;

    fn stored(cell: Cell) -> Option<Self>;
}

macro_rules! stored {
    ($($kind:ident as $stored:ty;)+) => {
        $(impl Stored for $stored {
            const KIND: &str = stringify!($kind);

            fn stored(cell: Cell) -> Option<Self> {
                match cell {
                    Cell::$kind(value) => Some(value),
                    _ => None,
                }
            }
        })+
    };
}

stored! {
    Number as i64;
    Text as String;
    Bytes as Vec<u8>;
}

impl<T: Stored> Stored for Option<T> {
    const KIND: &str = T::KIND;

    fn stored(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Nothing => Some(None),
            cell => T::stored(cell).map(Some),
        }
    }
}

impl<T: Stored> Read for T {
    fn read(row: Row) -> Result<Self, StoreError> {
        Columns::of(row).take()
    }
}

macro_rules! read {
    ($($column:ident),+) => {
        impl<$($column: Stored),+> Read for ($($column,)+) {
            fn read(row: Row) -> Result<Self, StoreError> {
                let mut columns = Columns::of(row);
                Ok(($(columns.take::<$column>()?,)+))
            }
        }
    };
}

read!(A, B);
read!(A, B, C);
