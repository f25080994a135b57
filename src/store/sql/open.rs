//! Opening a database: its URL, its folder, its settings, its migrations, and what to say when that fails.

use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, ConnectOptions, Connection, query_scalar, raw_sql};

use super::hands::Hands;
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

const SQLITE_READER_SETTINGS: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;";

/// A database URL, read. Not `Debug`: it may hold a password.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) backend: Backend,
    pub(super) options: AnyConnectOptions,
    /// The SQLite file.
    pub(super) file: Option<PathBuf>,
}

impl Sql {
    /// Opens `sqlite:path` (file and folder are made as needed) or `postgres://…`, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let place = Place::read(url)?;
        place.make_folder()?;
        let Place {
            backend, options, ..
        } = place;
        migrate(backend, &options).await?;
        let (writer, reader) = match backend {
            Backend::Sqlite => (
                Hands::kept(&options, 1, SQLITE_SETTINGS),
                Hands::kept(&options, SQLITE_READERS, SQLITE_READER_SETTINGS),
            ),
            Backend::Postgres => {
                let hands = Hands::pooled(&options, POSTGRES_CONNECTIONS);
                (hands.clone(), hands)
            }
        };
        let (taker, url) = match backend {
            Backend::Sqlite => (0, None),
            Backend::Postgres => {
                let number = query_scalar("SELECT nextval('takers')");
                let number = number.fetch_one(&mut *writer.take().await?).await?;
                (number, Some(url.into()))
            }
        };
        Ok(Self {
            backend,
            writer,
            reader,
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
        let file = Some(PathBuf::from(path));
        // A name is taken as it stands, though in a URL.
        let path = path.replace('%', "%25");
        Ok(Self {
            backend: Backend::Sqlite,
            options: format!("sqlite:{path}?{settings}").parse()?,
            file,
        })
    }
}

/// Path and settings of what stands behind `sqlite:`.
fn parts_of(rest: &str) -> (&str, &str) {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.split_once('?').unwrap_or((rest, "mode=rwc"))
}

/// On a connection of its own: it is closed in any case, and with it goes the lock that a failing migration would keep.
async fn migrate(backend: Backend, options: &AnyConnectOptions) -> Result<(), StoreError> {
    let mut connection = options.connect().await?;
    let migrated = match backend {
        Backend::Sqlite => match raw_sql(SQLITE_SETTINGS).execute(&mut connection).await {
            Ok(_) => run(&SQLITE, &mut connection).await,
            Err(error) => Err(error.into()),
        },
        Backend::Postgres => run(&POSTGRES, &mut connection).await,
    };
    connection.close().await?;
    migrated
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
