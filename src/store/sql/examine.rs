//! A database looked at from outside, for `duban doctor`: nothing is made, brought up to date or changed.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, ConnectOptions, Connection, query_scalar, raw_sql};

use super::codec::instant;
use super::open::{POSTGRES, Place, SQLITE};
use super::{Backend, Safety};
use crate::store::StoreError;

/// How a database is.
#[derive(Debug)]
pub struct Examined {
    /// The SQLite file; none: PostgreSQL.
    pub file: Option<PathBuf>,
    /// Its newest migration; none: it has no tables yet.
    pub version: Option<i64>,
    /// The newest migration this program knows.
    pub known: i64,
    /// What SQLite's quick check or the heads of the chains say against it.
    pub damage: Option<String>,
    /// Whether a row could be written, and was taken back.
    pub writable: Result<(), StoreError>,
    /// The database's clock, and ours just after.
    pub clocks: (DateTime<Utc>, DateTime<Utc>),
}

/// Looks at a database; none: there is no such SQLite file yet.
pub(in crate::store) async fn examine(
    url: &str,
    now: impl Fn() -> DateTime<Utc>,
) -> Result<Option<Examined>, StoreError> {
    sqlx::any::install_default_drivers();
    let place = Place::read(url)?;
    if place.file.as_deref().is_some_and(|file| !file.exists()) {
        return Ok(None);
    }
    let mut connection = place.options.connect().await?;
    let examined = look(&mut connection, &place, now).await;
    connection.close().await?;
    examined.map(Some)
}

/// The SQLite file of a URL.
pub(in crate::store) fn file_of(url: &str) -> Result<Option<PathBuf>, StoreError> {
    Ok(Place::read(url)?.file)
}

/// Bytes that are free on the disk of a folder, or of the nearest one above that exists.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|above| above.exists());
    let there = there.unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

async fn look(
    connection: &mut AnyConnection,
    place: &Place,
    now: impl Fn() -> DateTime<Utc>,
) -> Result<Examined, StoreError> {
    if place.backend == Backend::Sqlite {
        raw_sql("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON")
            .execute(&mut *connection)
            .await?;
    }
    let clock: i64 = query_scalar(place.backend.clock())
        .fetch_one(&mut *connection)
        .await?;
    let clocks = (instant(clock)?, now());
    let known = newest(match place.backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    });
    let version = version(connection, place.backend).await?;
    let (mut damage, mut writable) = (None, Ok(()));
    if version == Some(known) {
        damage = self::damage(connection, place.backend).await?;
        writable = write_and_take_back(connection, place.backend).await;
    }
    Ok(Examined {
        file: place.file.clone(),
        version,
        known,
        damage,
        writable,
        clocks,
    })
}

fn newest(migrations: &Migrator) -> i64 {
    let versions = migrations.iter().map(|migration| migration.version);
    versions.max().unwrap_or_default()
}

async fn version(
    connection: &mut AnyConnection,
    backend: Backend,
) -> Result<Option<i64>, StoreError> {
    let tables = match backend {
        Backend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        Backend::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'"
        }
    };
    let tables: i64 = query_scalar(tables).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(None);
    }
    let newest = query_scalar("SELECT MAX(version) FROM _sqlx_migrations");
    Ok(newest.fetch_one(connection).await?)
}

async fn damage(
    connection: &mut AnyConnection,
    backend: Backend,
) -> Result<Option<String>, StoreError> {
    if backend == Backend::Sqlite {
        let found: String = query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut *connection)
            .await?;
        if found != "ok" {
            return Ok(Some(found));
        }
    }
    let torn: i64 = query_scalar(
        "SELECT COUNT(*) FROM heads h
         LEFT JOIN entries e ON e.task_force = h.task_force AND e.seq = h.seq
         WHERE e.hash IS NULL OR e.hash <> h.hash",
    )
    .fetch_one(connection)
    .await?;
    Ok((torn > 0).then(|| format!("{torn} chains end elsewhere than their heads say")))
}

/// As a commit would write, waiting for its turn; no one ever sees the row.
async fn write_and_take_back(
    connection: &mut AnyConnection,
    backend: Backend,
) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with(backend.begin(Safety::Disk)).await?;
    sqlx::query("INSERT INTO facts (name, value) VALUES ('doctor_probe', '')")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.rollback().await?)
}
