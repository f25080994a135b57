//! Everything of one database into another, empty one: in one transaction, held against the source row by row.
//!
//! The source is read by one connection that keeps all others out, so that nothing changes meanwhile and no bot is at work on it.

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe, ConnectOptions, Connection, Row, query, query_as,
    query_scalar,
};

use super::codec::unreadable;
use super::open::Place;
use super::{Backend, Safety};
use crate::store::{StoreError, TransferError};

/// What is carried over, in an order in which every reference finds its row, each with the columns that tell its rows apart.
pub const CARRIED_TABLES: [(&str, &str); 15] = [
    ("inbox", "id"),
    ("heads", "task_force"),
    ("entries", "task_force, seq"),
    ("texts", "task_force, seq, sha256"),
    ("adoptions", "hash"),
    ("conversations", "task_force, user_id"),
    ("outbox", "id"),
    ("notice_keys", "task_force, name"),
    ("pings", "task_force, day, person, outbox_id"),
    ("holds", "chat"),
    ("digests", "task_force, number, version"),
    ("albums", "name"),
    ("routes", "task_force, kind, name"),
    ("wakeups", "task_force"),
    ("facts", "name"),
];

/// What is left behind: leases of programs that are not at work any more.
pub const REMADE_TABLES: [&str; 1] = ["leases"];

/// Rows of one insertion.
const MOST_ROWS: usize = 200;

/// Bytes of one insertion, about: what is in memory at a time.
const MOST_BYTES: usize = 1 << 20;

/// Times, a fifth of a second apart, in which other programs may let go of a PostgreSQL database: connections just closed still
/// show for a moment.
const PATIENCE: usize = 25;

/// One table, carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedTable {
    /// Its name.
    pub name: &'static str,
    /// Its rows, the same number on both sides.
    pub rows: u64,
}

/// A value between the two databases.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Number,
    Text,
    Bytes,
}

type Shape = Vec<(String, Form)>;

/// Carries everything from one database into another, whose tables must be there and empty. `each` hears of every table.
///
/// # Errors
/// Nothing is left in the target then.
pub(in crate::store) async fn transfer(
    from: &str,
    to: &str,
    mut each: impl FnMut(CarriedTable),
) -> Result<Vec<CarriedTable>, TransferError> {
    sqlx::any::install_default_drivers();
    let source = Place::read(from)?;
    let mut reader = alone(&source).await?;
    let target = Place::read(to)?;
    let mut writer = target.ready().await?;
    let backends = (source.backend, target.backend);
    let carried = into(&mut reader, &mut writer, backends, &mut each).await;
    writer.close().await.map_err(StoreError::from)?;
    // With the connection go its locks.
    reader.close().await.map_err(StoreError::from)?;
    carried
}

pub(in crate::store) async fn wait_alone(url: &str) -> Result<(), TransferError> {
    sqlx::any::install_default_drivers();
    let connection = alone(&Place::read(url)?).await?;
    Ok(connection.close().await.map_err(StoreError::from)?)
}

async fn into(
    reader: &mut AnyConnection,
    writer: &mut AnyConnection,
    (from, to): (Backend, Backend),
    each: &mut impl FnMut(CarriedTable),
) -> Result<Vec<CarriedTable>, TransferError> {
    let begun = writer.begin_with(to.begin(Safety::Disk)).await;
    let mut writer = begun.map_err(StoreError::from)?;
    for (table, _) in CARRIED_TABLES {
        let rows = count(&mut writer, table).await?;
        if rows > 0 {
            return Err(TransferError::NotEmpty { table, rows });
        }
    }
    let mut carried = Vec::new();
    for (table, order) in CARRIED_TABLES {
        let shape = shape(reader, from, table).await?;
        if shape != self::shape(&mut writer, to, table).await? {
            return Err(TransferError::OtherTables(table));
        }
        let select = select(table, order, &shape);
        let (rows, sent) = carry(reader, &mut writer, table, &select, &shape).await?;
        let arrived = digest(&mut writer, &select, &shape).await?;
        if sent != arrived || count(&mut writer, table).await? != rows {
            return Err(TransferError::Differs(table));
        }
        let done = CarriedTable { name: table, rows };
        each(done);
        carried.push(done);
    }
    go_on_counting(&mut writer, to).await?;
    writer.commit().await.map_err(StoreError::from)?;
    Ok(carried)
}

/// A connection to a database that nobody else is connected to, and that keeps others from changing it.
async fn alone(place: &Place) -> Result<AnyConnection, TransferError> {
    if let Some(file) = place.file.as_ref().filter(|file| !file.exists()) {
        return Err(TransferError::NoSource(file.clone()));
    }
    let mut connection = place.options.connect().await.map_err(StoreError::from)?;
    match place.backend {
        Backend::Sqlite => {
            let locked = sqlx::raw_sql(
                "PRAGMA busy_timeout = 5000; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
            );
            match locked
                .execute(&mut connection)
                .await
                .map_err(StoreError::from)
            {
                Ok(_) => Ok(connection),
                Err(StoreError::Locked) => Err(TransferError::InUse { others: None }),
                Err(error) => Err(error.into()),
            }
        }
        Backend::Postgres => {
            let lock = "SELECT pg_advisory_lock(1685414241, hashtext(current_schema()))";
            let others = others(&mut connection).await?;
            if others > 0 {
                let others = Some(others);
                return Err(TransferError::InUse { others });
            }
            // Outside the transaction: its view of the data begins when nobody writes any more.
            run(&mut connection, lock).await?;
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            run(&mut connection, begin).await?;
            Ok(connection)
        }
    }
}

/// Other connections to a PostgreSQL database, when some do not go away.
async fn others(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    let mut others = 0;
    for _ in 0..PATIENCE {
        others = query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type = 'client backend'",
        )
        .fetch_one(&mut *connection)
        .await?;
        if others == 0 {
            break;
        }
        run(connection, "SELECT CAST(pg_sleep(0.2) AS TEXT)").await?;
    }
    Ok(others)
}

async fn run(connection: &mut AnyConnection, statement: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(statement).execute(connection).await?;
    Ok(())
}

async fn count(connection: &mut AnyConnection, table: &str) -> Result<u64, StoreError> {
    let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let rows: i64 = query_scalar(count).fetch_one(connection).await?;
    super::codec::unsigned("number of rows", rows)
}

/// Columns of a table, in their order.
async fn shape(
    connection: &mut AnyConnection,
    backend: Backend,
    table: &str,
) -> Result<Shape, StoreError> {
    let columns = match backend {
        Backend::Sqlite => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        Backend::Postgres => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT)
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let mut shape = Vec::new();
    let columns = query_as(columns).bind(table);
    let columns: Vec<(String, String)> = columns.fetch_all(connection).await?;
    for (name, kind) in columns {
        let form = match kind.as_str() {
            "INTEGER" | "bigint" => Form::Number,
            "TEXT" | "text" => Form::Text,
            "BLOB" | "bytea" => Form::Bytes,
            other => return Err(unreadable("column", format!("{table}.{name} is {other}"))),
        };
        shape.push((name, form));
    }
    Ok(shape)
}

fn names(shape: &Shape) -> String {
    let names: Vec<&str> = shape.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn select(table: &str, order: &str, shape: &Shape) -> String {
    format!("SELECT {} FROM {table} ORDER BY {order}", names(shape))
}

/// Carries a table's rows over, a batch at a time: how many, and the digest of them all.
async fn carry(
    reader: &mut AnyConnection,
    writer: &mut AnyConnection,
    table: &str,
    select: &str,
    shape: &Shape,
) -> Result<(u64, [u8; 32]), StoreError> {
    let mut digest = Sha256::new();
    let mut rows = 0;
    let mut batch: Vec<Value> = Vec::new();
    let mut bytes = 0;
    let mut stream = query(AssertSqlSafe(select.to_owned())).fetch(reader);
    while let Some(row) = stream.try_next().await? {
        for value in values(&row, shape)? {
            value.digest(&mut digest);
            bytes += value.bytes();
            batch.push(value);
        }
        rows += 1;
        if bytes >= MOST_BYTES || batch.len() == MOST_ROWS * shape.len() {
            insert(writer, table, shape, std::mem::take(&mut batch)).await?;
            bytes = 0;
        }
    }
    if !batch.is_empty() {
        insert(writer, table, shape, batch).await?;
    }
    Ok((rows, digest.finalize().into()))
}

async fn insert(
    writer: &mut AnyConnection,
    table: &str,
    shape: &Shape,
    values: Vec<Value>,
) -> Result<(), StoreError> {
    let columns = shape.len();
    let places = (1..=values.len()).map(|at| match at % columns {
        1 if at == 1 => format!("(${at}"),
        1 => format!("), (${at}"),
        _ => format!(", ${at}"),
    });
    let places: String = places.collect();
    let insert = format!("INSERT INTO {table} ({}) VALUES {places})", names(shape));
    let mut insert = query(AssertSqlSafe(insert));
    for value in values {
        insert = value.bind(insert);
    }
    insert.execute(writer).await?;
    Ok(())
}

/// The digest of a table's rows.
async fn digest(
    connection: &mut AnyConnection,
    select: &str,
    shape: &Shape,
) -> Result<[u8; 32], StoreError> {
    let mut digest = Sha256::new();
    let mut stream = query(AssertSqlSafe(select.to_owned())).fetch(connection);
    while let Some(row) = stream.try_next().await? {
        for value in values(&row, shape)? {
            value.digest(&mut digest);
        }
    }
    Ok(digest.finalize().into())
}

fn values(row: &AnyRow, shape: &Shape) -> Result<Vec<Value>, StoreError> {
    let values = shape.iter().enumerate().map(|(at, (_, form))| match form {
        Form::Number => Ok(Value::Number(row.try_get(at)?)),
        Form::Text => Ok(Value::Text(row.try_get(at)?)),
        Form::Bytes => Ok(Value::Bytes(row.try_get(at)?)),
    });
    values.collect()
}

/// Where PostgreSQL gives out ids itself, it goes on behind the highest one; SQLite does so anyway.
async fn go_on_counting(writer: &mut AnyConnection, backend: Backend) -> Result<(), StoreError> {
    if backend == Backend::Sqlite {
        return Ok(());
    }
    for (table, _) in CARRIED_TABLES {
        let own = query_scalar(
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'",
        );
        let own: Option<String> = own.bind(table).fetch_optional(&mut *writer).await?;
        if let Some(column) = own {
            let set = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), \
                 COALESCE((SELECT MAX({column}) FROM {table}), 0) + 1, false)"
            );
            query(AssertSqlSafe(set)).execute(&mut *writer).await?;
        }
    }
    Ok(())
}

impl Value {
    fn bind(self, query: Query<'_, Any, AnyArguments>) -> Query<'_, Any, AnyArguments> {
        match self {
            Self::Number(number) => query.bind(number),
            Self::Text(text) => query.bind(text),
            Self::Bytes(bytes) => query.bind(bytes),
        }
    }

    /// How much memory it takes, about.
    fn bytes(&self) -> usize {
        8 + match self {
            Self::Number(_) => 0,
            Self::Text(text) => text.as_ref().map_or(0, String::len),
            Self::Bytes(bytes) => bytes.as_ref().map_or(0, Vec::len),
        }
    }

    /// Each value with its length before it, so that no two rows read the same.
    fn digest(&self, digest: &mut Sha256) {
        let bytes = match self {
            Self::Number(number) => number.map(|number| number.to_be_bytes().to_vec()),
            Self::Text(text) => text.as_ref().map(|text| text.as_bytes().to_vec()),
            Self::Bytes(bytes) => bytes.clone(),
        };
        let Some(bytes) = bytes else {
            digest.update([0]);
            return;
        };
        digest.update([1]);
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(&bytes);
    }
}
