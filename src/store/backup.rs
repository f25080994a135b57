//! Copies of a SQLite database as files: sealed, checked, and found to be in use or not.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, query, query_scalar, raw_sql};

use super::{Store, StoreError};

/// The fact of a database that is a copy: when it was made, in RFC 3339. A program that starts on it starts paused.
pub const COPY_OF: &str = "copy_of";

/// How long another program is waited for before a file counts as in use.
const PATIENCE: Duration = Duration::from_millis(500);

/// The error of a row that was on its way when the database was copied.
pub(super) const RESTORED: &str = "the database was restored";

impl Store {
    /// Writes a copy of a SQLite database to a file that is not there yet, as of this moment.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Self::Memory(_) => Err(StoreError::NotCopied),
            Self::Sql(store) => store.copy_to(file).await,
        }
    }

    /// For a database put back as it was: what was on its way then is not sent, as it may have been since. Digests, slips and
    /// documents wait for the office as unknown outcomes, the rest is withdrawn, keys and pings given back; what waits for a
    /// chat held until it is released goes on waiting.
    pub async fn doubt_outbox(&self) -> Result<(), StoreError> {
        each!(self, store => store.doubt_outbox().await)
    }

    /// What tells a PostgreSQL database from one a dump of it was put back to; none for the others, whose copies are marked.
    pub async fn identity(&self) -> Result<Option<String>, StoreError> {
        match self {
            Self::Memory(_) => Ok(None),
            Self::Sql(store) => store.identity().await,
        }
    }
}

/// What is wrong with a file that should be a copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is no database of this program.
    #[error("it is not a duban database")]
    Foreign,
    /// SQLite finds it damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Another program has it open.
    #[error("another program has it open")]
    InUse,
    /// It cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        match StoreError::from(error) {
            StoreError::Locked => Self::InUse,
            error => Self::Store(error),
        }
    }
}

/// Writes a copy of a database as of this moment to a file that is empty or not there yet, while others use the database.
pub async fn copy(source: &Path, to: &Path) -> Result<(), CopyError> {
    let Some(to) = to.to_str() else {
        return Err(StoreError::NotCopied.into());
    };
    let mut connection = opened(source).await?;
    let copied = query("VACUUM INTO $1").bind(to).execute(&mut connection);
    let copied = copied.await;
    connection.close().await?;
    copied?;
    Ok(())
}

/// Whether this file is a database of this program; nothing in it is changed.
pub async fn is_ours(file: &Path) -> Result<bool, CopyError> {
    match tables_of_ours(file).await.map_err(StoreError::from) {
        Ok(known) => Ok(known == OURS),
        Err(StoreError::File(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// So many of the tables looked for there are in every database of this program.
const OURS: i64 = 5;

async fn tables_of_ours(file: &Path) -> Result<i64, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .immutable(true)
        .read_only(true);
    let mut connection = options.connect().await?;
    let known = query_scalar(
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'
         AND name IN ('_sqlx_migrations', 'heads', 'entries', 'outbox', 'facts')",
    );
    let known = known.fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(known)
}

/// Marks a database file as a copy made at that moment, where it is not one already, brings all of it into the one file and
/// looks through every page.
pub async fn seal(file: &Path, made_at: &str) -> Result<(), CopyError> {
    let mut connection = opened(file).await?;
    let sealed = seal_on(&mut connection, made_at).await;
    connection.close().await?;
    sealed
}

async fn seal_on(connection: &mut SqliteConnection, made_at: &str) -> Result<(), CopyError> {
    let mark = query("INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    let mark = mark.bind(COPY_OF).bind(made_at);
    mark.execute(&mut *connection).await?;
    raw_sql("PRAGMA journal_mode = DELETE")
        .execute(&mut *connection)
        .await?;
    let found: Vec<String> = query_scalar("PRAGMA integrity_check(3)")
        .fetch_all(&mut *connection)
        .await?;
    match found.as_slice() {
        [only] if only == "ok" => Ok(()),
        found => Err(CopyError::Damaged(found.join("; "))),
    }
}

/// Brings all of a database into its one file, which no other program may have open.
pub async fn close_up(file: &Path) -> Result<(), CopyError> {
    let mut connection = opened(file).await?;
    let closed = raw_sql("PRAGMA journal_mode = DELETE")
        .execute(&mut connection)
        .await;
    connection.close().await?;
    closed?;
    Ok(())
}

async fn opened(file: &Path) -> Result<SqliteConnection, CopyError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(PATIENCE);
    Ok(options.connect().await?)
}
