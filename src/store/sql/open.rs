//! Opening a database: its URL, its folder, its settings, its migrations, and what to say when that fails.

use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, ConnectOptions, Connection, raw_sql};

use super::hands::Hands;
use super::lent::FileName;
use super::statement::query;
use super::together::Together;
use super::{Backend, Sql};
use crate::store::StoreError;

// A new file in these folders is seen by cargo only when this file changes too.
pub(super) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections that read at the same time from a SQLite file, beside the one that writes.
const SQLITE_READERS: u32 = 4;

/// Connections to PostgreSQL, for reading and writing.
const POSTGRES_CONNECTIONS: u32 = 8;

/// Commits reach the disk before they return, other programs get five seconds to let go of the file, and what is removed is
/// overwritten in it.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;";

const SQLITE_READER_SETTINGS: &str = "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;";

/// A database URL, read. Not `Debug`: it may hold a password.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) backend: Backend,
    pub(super) options: AnyConnectOptions,
    /// The SQLite file.
    pub(super) file: Option<PathBuf>,
    /// What may be done with it, as SQLite reads it from a URL.
    settings: String,
}

impl Sql {
    /// Opens `sqlite:path` (file and folder are made as needed) or `postgres://…`, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let place = Place::read(url)?;
        place.ready().await?.close().await?;
        let backend = place.backend;
        let (writer, reader) = match place.file_name() {
            Some(name) => (
                Hands::kept(name.clone(), 1, SQLITE_SETTINGS),
                Hands::kept(name, SQLITE_READERS, SQLITE_READER_SETTINGS),
            ),
            None => {
                let hands = Hands::pooled(&place.options, POSTGRES_CONNECTIONS);
                (hands.clone(), hands)
            }
        };
        let (taker, url) = match backend {
            Backend::Sqlite => (0, None),
            Backend::Postgres => {
                let number = query("SELECT nextval('takers')");
                let number = number.fetch_one(&mut writer.take().await?).await?;
                (number, Some(url.into()))
            }
        };
        Ok(Self {
            backend,
            writer,
            reader,
            together: Together::default(),
            taker,
            url,
        })
    }

    /// The file of a SQLite database, its folder made; none for other databases.
    pub(in crate::store) fn file_of(url: &str) -> Result<Option<PathBuf>, StoreError> {
        let place = Place::read(url)?;
        place.make_folder()?;
        Ok(place.file)
    }

    /// Ends all connections; what was committed stays.
    pub async fn close(&self) {
        for hands in [&self.reader, &self.writer] {
            if let Err(error) = hands.close().await {
                tracing::warn!(%error, "a connection to the database did not close");
            }
        }
    }
}

impl Place {
    fn file_name(&self) -> Option<FileName> {
        let file = self.file.as_ref()?.to_str()?;
        Some(FileName::new(file, &self.settings))
    }

    /// Makes folder, file and tables as needed, and gives a connection to them.
    pub(super) async fn ready(&self) -> Result<AnyConnection, StoreError> {
        self.make_folder()?;
        migrate(self).await
    }

    fn make_folder(&self) -> Result<(), StoreError> {
        let Some(folder) = self.file.as_deref().and_then(Path::parent) else {
            return Ok(());
        };
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder {
            folder: folder.to_owned(),
            error,
        })
    }

    pub(super) fn read(url: &str) -> Result<Self, StoreError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(StoreError::Url("names no kind of database".to_owned()));
        };
        match scheme {
            "sqlite" => Self::file(rest),
            "postgres" | "postgresql" => Ok(Self {
                backend: Backend::Postgres,
                options: url.parse()?,
                file: None,
                settings: String::new(),
            }),
            // The rest may hold a password.
            other => Err(StoreError::Url(format!("begins with {other}:"))),
        }
    }

    fn file(path: &str) -> Result<Self, StoreError> {
        let (path, settings) = parts_of(path);
        if path.is_empty() || path.starts_with(':') || settings.contains("memory") {
            let why = "names a database in memory, which would forget everything";
            return Err(StoreError::Url(why.to_owned()));
        }
        // A name is taken as it stands, though in a URL.
        let escaped = path.replace('%', "%25");
        Ok(Self {
            backend: Backend::Sqlite,
            options: format!("sqlite:{escaped}?{settings}").parse()?,
            file: Some(PathBuf::from(path)),
            settings: settings.to_owned(),
        })
    }
}

/// Path and settings of what stands behind `sqlite:`.
fn parts_of(rest: &str) -> (&str, &str) {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.split_once('?').unwrap_or((rest, "mode=rwc"))
}

/// Brings the tables up to date on a connection of its own.
async fn migrate(place: &Place) -> Result<AnyConnection, StoreError> {
    let mut connection = place.options.connect().await?;
    let migrated = match place.backend {
        Backend::Sqlite => match raw_sql(SQLITE_SETTINGS).execute(&mut connection).await {
            Ok(_) => run(&SQLITE, &mut connection).await,
            Err(error) => Err(error.into()),
        },
        Backend::Postgres => run(&POSTGRES, &mut connection).await,
    };
    match migrated {
        Ok(()) => Ok(connection),
        // With it goes the lock that a failing migration would keep.
        Err(error) => {
            connection.close().await?;
            Err(error)
        }
    }
}

async fn run(migrations: &Migrator, connection: &mut AnyConnection) -> Result<(), StoreError> {
    match migrations.run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version)) => Err(StoreError::Newer(version)),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(error.into())
        }
        Err(error) => Err(StoreError::Migrate(error)),
    }
}
