//! SQLite and PostgreSQL through one set of statements.
//!
//! The `Any` driver carries them: `$1` placeholders, and no column types but text, big integers and bytes. What differs
//! between the two is in [`Backend`]. Either has one writer at a time: SQLite by its one connection and BEGIN IMMEDIATE,
//! PostgreSQL by a lock held to the end of the transaction, so that rows become visible in the order of their ids.

mod codec;
mod commit;
mod expire;
mod inbox;
mod open;
mod outbox;
mod read;
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

/// What only one transaction may do at a time.
#[derive(Debug, Clone, Copy)]
enum Gate {
    /// Commit events: ids of rows and seqs of entries become visible in their order.
    Commit,
    /// Claim outgoing rows: two senders never have rows of one chat.
    Claim,
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

    /// The lock of a gate; SQLite's BEGIN IMMEDIATE has locked everything already.
    fn pass(self, gate: Gate) -> Option<&'static str> {
        match (self, gate) {
            (Self::Sqlite, Gate::Commit | Gate::Claim) => None,
            (Self::Postgres, Gate::Commit) => {
                Some("SELECT pg_advisory_xact_lock(1685414241, hashtext(current_schema()))")
            }
            (Self::Postgres, Gate::Claim) => {
                Some("SELECT pg_advisory_xact_lock(1685414242, hashtext(current_schema()))")
            }
        }
    }
}

impl Sql {
    async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.writer.begin_with(self.backend.begin()).await?)
    }

    async fn begin_at(&self, gate: Gate) -> Result<Transaction<'static, Any>, StoreError> {
        let mut transaction = self.begin().await?;
        self.pass(&mut transaction, gate).await?;
        Ok(transaction)
    }

    async fn pass(&self, connection: &mut AnyConnection, gate: Gate) -> Result<(), StoreError> {
        if let Some(lock) = self.backend.pass(gate) {
            sqlx::query(lock).execute(connection).await?;
        }
        Ok(())
    }

    async fn clock(&self, connection: &mut AnyConnection) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(self.backend.clock())
            .fetch_one(connection)
            .await?)
    }
}
