//! What can go wrong, as facts: a commit that came too late, a database that does not answer.

use std::path::PathBuf;

use sqlx::sqlite::SqliteError;

/// Why a commit (of one event) did not happen. The others of the group are not touched.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another writer moved the chain's head: fold again and retry.
    #[error("another writer moved the ledger's head")]
    HeadMoved,
    /// A notice key was claimed by another: ask the schedule again.
    #[error("the notice key {0} is taken")]
    KeyTaken(String),
    /// The update was done already.
    #[error("the update was done already")]
    UpdateDone,
    /// The row is not leased by us any more.
    #[error("the outbox row's lease was lost")]
    LeaseLost,
    /// What we did for all others is somebody else's now.
    #[error("the lease {0} was lost")]
    TermOver(String),
    /// Another writer changed what this account is in the middle of: read it again and retry.
    #[error("the talk of account {0} has moved on meanwhile")]
    TalkMoved(i64),
    /// The row's outcome is not unknown any more: somebody else decided.
    #[error("outbox row {0} waits for no decision")]
    NotUnknown(i64),
    /// The row has moved on since it was read: read it again and retry.
    #[error("outbox row {0} has moved on meanwhile")]
    RowMoved(i64),
    /// The changes hold what belongs to a task force, and name none.
    #[error("changes to a task force's rows name no task force")]
    NoTaskForce,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database does not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the SQLite file and did not let go in time.
    #[error(
        "the database is locked by another program: stop it (a second duban, a backup, a database browser) and start again"
    )]
    Locked,
    /// Another duban runs on the SQLite file.
    #[error(
        "another duban runs on {}: SQLite is for one process alone; stop the other one, or use PostgreSQL for several",
        file.display()
    )]
    InUse {
        /// The database.
        file: PathBuf,
    },
    /// The lock beside the SQLite file cannot be made.
    #[error("the lock {} cannot be made: {error}", file.display())]
    Lock {
        /// The lock's file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A newer program has changed its tables.
    #[error(
        "the database was written by a newer duban (it has migration {0}): start that version, or restore the backup from before the update"
    )]
    Newer(i64),
    /// The SQLite file cannot be opened, or is no database.
    #[error(
        "the database file cannot be used: {0} (does the path lead to a file duban may read and write, and is it a SQLite database?)"
    )]
    File(DatabaseError),
    /// A copy was asked of something else than a SQLite database, or to a name that is no text.
    #[error("only a SQLite database can be copied to a file")]
    NotCopied,
    /// The SQLite file's folder cannot be made.
    #[error("the database folder {} cannot be made: {error}", folder.display())]
    Folder {
        /// Folder.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The database server cannot be reached, or does not let us in.
    #[error(
        "the database server does not answer: {0} (is it running, and are address and name in DATABASE_URL right?)"
    )]
    Unreachable(DatabaseError),
    /// Using it failed.
    #[error("database: {0}")]
    Sql(DatabaseError),
    /// Its migrations do not fit this program.
    #[error("database migrations: {0}")]
    Migrate(sqlx::migrate::MigrateError),
    /// The URL cannot be used: why, without what may be a password.
    #[error(
        "DATABASE_URL {0}; it must be like sqlite:data/duban.db or postgres://duban@localhost/duban"
    )]
    Url(String),
    /// Something stored cannot be read.
    #[error("stored {what} cannot be read: {why}")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// A simulated fault of the memory store.
    #[error("the store was told to fail")]
    Told,
}

/// Why one database was not carried over into another. Nothing is left in the target then.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The source is no file.
    #[error("there is no database {}", .0.display())]
    NoSource(PathBuf),
    /// Somebody else is connected to the source: a running bot, or another program.
    #[error("the database to be moved is in use{}", others.map_or(String::new(), |others| format!(" by {others} other connections")))]
    InUse {
        /// Other connections, where the database tells.
        others: Option<i64>,
    },
    /// The target holds something already.
    #[error("the target is not empty: its table {table} has {rows} rows")]
    NotEmpty {
        /// A table.
        table: &'static str,
        /// Its rows.
        rows: u64,
    },
    /// A table has other columns on the other side.
    #[error("the table {0} is another on the other side")]
    OtherTables(&'static str),
    /// What arrived is not what was sent.
    #[error("the table {0} did not arrive as it was sent")]
    Differs(&'static str),
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a database said in place of a result.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Of what goes through sqlx: servers, migrations, copies.
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    /// SQLite, asked by ourselves.
    #[error("error returned from database: (code: {code}) {words}")]
    Sqlite {
        /// Its extended result code; none where the statement, not the database, is wrong.
        code: i32,
        /// In its words.
        words: String,
    },
    /// What it said to a commit that went together with others.
    #[error("{0}")]
    OfAll(String),
    /// Others have all connections, and for too long.
    #[error("no connection to the database became free in time")]
    AllInUse,
    /// The database is closed, or the program ends.
    #[error("the connection to the database is gone")]
    Gone,
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map_or(0, |error| error.extended_code);
        let words = match code {
            // It says no more than that input or output failed.
            SQLITE_IOERR_SHMSIZE => format!("{error}: database or disk is full"),
            _ => error.to_string(),
        };
        Self::Sqlite { code, words }
    }
}

impl DatabaseError {
    /// SQLite's result code, without what extends it: the low byte is its kind.
    fn of_sqlite(&self) -> Option<i32> {
        let code = match self {
            Self::Sqlite { code, .. } => *code,
            Self::Sqlx(sqlx::Error::Database(cause)) => {
                cause.try_downcast_ref::<SqliteError>()?;
                cause.code()?.parse().ok()?
            }
            Self::Sqlx(_) | Self::OfAll(_) | Self::AllInUse | Self::Gone => return None,
        };
        Some(code & 0xff)
    }
}

impl StoreError {
    /// The same once more, for another who was concerned by it.
    pub(super) fn told_again(&self) -> Self {
        match self {
            Self::Locked => Self::Locked,
            Self::Sql(DatabaseError::Sqlite { code, words }) => {
                let words = words.clone();
                Self::Sql(DatabaseError::Sqlite { code: *code, words })
            }
            other => Self::Sql(DatabaseError::OfAll(other.to_string())),
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        match error.of_sqlite() {
            Some(SQLITE_BUSY | SQLITE_LOCKED) => return Self::Locked,
            Some(SQLITE_PERM | SQLITE_READONLY | SQLITE_CANTOPEN | SQLITE_NOTADB) => {
                return Self::File(error);
            }
            Some(_) => return Self::Sql(error),
            None => {}
        }
        match &error {
            DatabaseError::Sqlx(sqlx::Error::Database(cause))
                if refuses_us(cause.code().as_deref().unwrap_or_default()) =>
            {
                Self::Unreachable(error)
            }
            DatabaseError::Sqlx(sqlx::Error::Io(_) | sqlx::Error::Tls(_)) => {
                Self::Unreachable(error)
            }
            DatabaseError::Sqlx(sqlx::Error::Configuration(why)) => {
                Self::Url(format!("cannot be read: {why}"))
            }
            _ => Self::Sql(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

/// PostgreSQL's codes for: wrong name or password, no such database, cannot take connections now.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn refuses_us(code: &str) -> bool {
    ["28", "3D", "53", "57P"]
        .iter()
        .any(|class| code.starts_with(class))
}

impl From<DatabaseError> for CommitError {
    fn from(error: DatabaseError) -> Self {
        Self::Store(error.into())
    }
}

// SQLite's result codes, https://www.sqlite.org/rescode.html
const SQLITE_PERM: i32 = 3;
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
const SQLITE_READONLY: i32 = 8;
const SQLITE_CANTOPEN: i32 = 14;
const SQLITE_NOTADB: i32 = 26;
const SQLITE_IOERR_SHMSIZE: i32 = 4874;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i32) -> StoreError {
        let failure = rusqlite::ffi::Error::new(code);
        DatabaseError::from(rusqlite::Error::SqliteFailure(failure, None)).into()
    }

    #[test]
    fn what_sqlite_says_is_told_apart() {
        for code in [SQLITE_BUSY, SQLITE_LOCKED, 261, 517] {
            assert!(matches!(of(code), StoreError::Locked), "{code}");
        }
        for code in [SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_NOTADB, 1032] {
            assert!(matches!(of(code), StoreError::File(_)), "{code}");
        }
        for (code, words) in [(13, "full"), (11, "malformed"), (2067, "constraint")] {
            let error = of(code);
            assert!(matches!(error, StoreError::Sql(_)), "{code}");
            let said = error.to_string();
            assert!(said.contains(&format!("(code: {code})")), "{said}");
            assert!(said.to_lowercase().contains(words), "{said}");
        }
    }

    #[test]
    fn a_disk_too_full_for_the_shared_index_is_named() {
        let said = of(SQLITE_IOERR_SHMSIZE).to_string();
        assert!(said.contains("disk is full"), "{said}");
    }
}
