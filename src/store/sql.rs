//! SQLite and PostgreSQL through one set of statements.
//!
//! The `Any` driver carries them: `$1` placeholders, and no column types but text, big integers and bytes. What differs
//! between the two is in [`Backend`]. Either has one writer at a time: SQLite by its one connection and BEGIN IMMEDIATE,
//! PostgreSQL by a lock held to the end of the transaction. So rows become visible in the order of their ids, two senders
//! never have rows of one chat, and writers do not wait for each other in a circle; group commit makes up for it.

mod cache;
mod codec;
mod commit;
mod copy;
mod expire;
mod inbox;
mod open;
mod outbox;
mod read;
mod removal;
mod restore;
mod settle;

use sqlx::{Any, AnyConnection, AnyPool, Transaction};

use super::StoreError;

/// An open database.
#[derive(Debug, Clone)]
pub struct Sql {
    backend: Backend,
    /// For SQLite one connection alone.
    writer: AnyPool,
    reader: AnyPool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// The database's clock, in microseconds since 1970.
    fn clock(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
            Self::Postgres => {
                "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
            }
        }
    }

    /// Waits for other writers; SQLite's BEGIN IMMEDIATE has done so already.
    fn lock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            // The number is an arbitrary one of ours; every schema is a store of its own.
            Self::Postgres => {
                Some("SELECT pg_advisory_xact_lock(1685414241, hashtext(current_schema()))")
            }
        }
    }
}

impl Sql {
    /// A transaction that writes: the only one of its kind, from here to its end.
    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let mut transaction = self.writer.begin_with(self.backend.begin()).await?;
        if let Some(lock) = self.backend.lock() {
            sqlx::query(lock).execute(&mut *transaction).await?;
        }
        Ok(transaction)
    }

    async fn clock(&self, connection: &mut AnyConnection) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(self.backend.clock())
            .fetch_one(connection)
            .await?)
    }
}
