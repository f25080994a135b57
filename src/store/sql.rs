//! SQLite and PostgreSQL through one set of statements.
//!
//! Every statement is written once, with `$1` placeholders and no column types but text, big integers and bytes
//! (`statement.rs`); rusqlite puts it to a file, sqlx to a server. What differs between the two is in [`Backend`]. Either has
//! one writer at a time: SQLite by its one connection and BEGIN IMMEDIATE, PostgreSQL by a lock held to the end of the
//! transaction. So rows become visible in the order of their ids, two senders never have rows of one chat, and writers do not
//! wait for each other in a circle; group commit makes up for it.

mod bell;
mod cache;
mod codec;
mod commit;
mod copy;
pub(super) mod examine;
mod expire;
mod hands;
mod holds;
mod inbox;
mod lent;
mod open;
mod outbox;
mod queues;
mod read;
mod removal;
mod restore;
mod settle;
mod statement;
mod team;
mod together;
mod transaction;
pub(super) mod transfer;

pub use bell::{Bell, Heard};
use hands::{Hand, Hands};
use statement::query;
use together::Together;
use transaction::Transaction;

use super::StoreError;

/// An open database.
#[derive(Debug, Clone)]
pub struct Sql {
    backend: Backend,
    /// For SQLite one connection alone.
    writer: Hands,
    reader: Hands,
    together: Together,
    /// Who takes updates here, among the processes on one database; 0 where there is no other.
    taker: i64,
    /// Where others listen; none where there are no others.
    url: Option<secrecy::SecretString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

/// What a committed transaction outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// The machine's end: it is on the disk. What is acknowledged, sent or said must be.
    Disk,
    /// The program's end at any moment. Should the machine itself end, the last such transactions may be undone, one after the
    /// other from the end, and never one that came before a safe one.
    Process,
}

macro_rules! sqlite_clock {
    () => {
        "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    };
}

macro_rules! postgres_clock {
    () => {
        "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
    };
}

use {postgres_clock, sqlite_clock};

macro_rules! lock {
    () => {
        "SELECT pg_advisory_xact_lock(1685414241, hashtext(current_schema()))"
    };
}

impl Backend {
    /// Begins a transaction that writes and waits for other writers. SQLite's BEGIN IMMEDIATE does so by itself; the number of
    /// PostgreSQL's lock is an arbitrary one of ours, and every schema is a store of its own.
    fn begin(self, safety: Safety) -> &'static str {
        match (self, safety) {
            (Self::Sqlite, Safety::Disk) => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            (Self::Sqlite, Safety::Process) => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            (Self::Postgres, Safety::Disk) => concat!("BEGIN; ", lock!()),
            (Self::Postgres, Safety::Process) => {
                concat!("BEGIN; SET LOCAL synchronous_commit TO off; ", lock!())
            }
        }
    }

    /// The database's clock, in microseconds since 1970.
    fn clock(self) -> &'static str {
        match self {
            Self::Sqlite => sqlite_clock!(),
            Self::Postgres => postgres_clock!(),
        }
    }
}

impl Sql {
    /// A connection to read with: of a file the one that writes, where nobody has it just now, as what it wrote it need not read
    /// again.
    async fn reading(&self) -> Result<Hand, StoreError> {
        match self.writer.take_idle() {
            Some(hand) => Ok(hand),
            None => Ok(self.reader.take().await?),
        }
    }

    /// A transaction that writes: the only one of its kind, from here to its end. What it commits is on the disk.
    async fn begin<'h>(&self, writer: &'h mut Hand) -> Result<Transaction<'h>, StoreError> {
        writer.begin(Safety::Disk).await
    }

    /// The same without waiting for the disk.
    async fn begin_lightly<'h>(&self, writer: &'h mut Hand) -> Result<Transaction<'h>, StoreError> {
        writer.begin(Safety::Process).await
    }

    async fn clock(&self, connection: &mut Hand) -> Result<i64, StoreError> {
        query(self.backend.clock()).fetch_one(connection).await
    }
}
