//! Where the story is told. A home can be entered again, as by a program that was killed and started anew.

use std::io::Write;
use std::sync::{Arc, Once};

use duban::store::{Memory, Store};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, raw_sql};
use tempfile::TempDir;

const POSTGRES: &str = "DUBAN_TEST_POSTGRES_URL";

#[derive(Clone)]
pub enum Home {
    Memory(Memory),
    Sqlite(Arc<TempDir>),
    /// A schema of its own, named in the URL.
    Postgres {
        url: String,
        schema: String,
    },
}

impl Home {
    pub fn memory() -> Self {
        Self::Memory(Memory::new())
    }

    pub fn sqlite() -> Self {
        Self::Sqlite(Arc::new(TempDir::new().unwrap()))
    }

    /// None, said once on the terminal, where no server is named.
    pub async fn postgres(chapter: &str) -> Option<Self> {
        static SAY_ONCE: Once = Once::new();
        let Ok(server) = std::env::var(POSTGRES) else {
            // Straight to the terminal: the test harness keeps what print macros say.
            let say = || {
                writeln!(
                    std::io::stderr(),
                    "{POSTGRES} is not set: the store's story is not told on PostgreSQL"
                )
            };
            SAY_ONCE.call_once(|| say().unwrap());
            return None;
        };
        // Names are cut at 63 bytes.
        let mut schema = format!("duban_{}_{chapter}", std::process::id());
        schema.truncate(63);
        let join = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{join}options[search_path]={schema}");
        let home = Self::Postgres {
            url,
            schema: schema.clone(),
        };
        home.run(&format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"
        ))
        .await;
        Some(home)
    }

    pub fn url(&self) -> Option<String> {
        match self {
            Self::Memory(_) => None,
            Self::Sqlite(folder) => Some(format!(
                "sqlite:{}",
                folder.path().join("data/duban.db").display()
            )),
            Self::Postgres { url, .. } => Some(url.clone()),
        }
    }

    pub async fn open(&self) -> Store {
        match self {
            Self::Memory(memory) => Store::Memory(memory.clone()),
            Self::Sqlite(_) | Self::Postgres { .. } => {
                Store::open(&self.url().unwrap()).await.unwrap()
            }
        }
    }

    /// A connection past the store, to a database.
    pub async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let options: AnyConnectOptions = self.url().unwrap().parse().unwrap();
        options.connect().await.unwrap()
    }

    /// Statements past the store; the memory store has no such door.
    pub async fn run(&self, statements: &str) {
        let mut connection = self.connect().await;
        raw_sql(AssertSqlSafe(statements.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// Empties a database that nobody has open; a memory is left as it is.
    pub async fn start_anew(&self) {
        match self {
            Self::Memory(_) => {}
            Self::Sqlite(folder) => std::fs::remove_dir_all(folder.path().join("data")).unwrap(),
            Self::Postgres { schema, .. } => {
                self.run(&format!(
                    "DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}"
                ))
                .await;
            }
        }
    }

    pub async fn leave(self) {
        if let Self::Postgres { schema, .. } = &self {
            self.run(&format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }
}
