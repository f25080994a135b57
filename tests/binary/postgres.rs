//! A PostgreSQL database of a test's own, where `DUBAN_TEST_POSTGRES_URL` names a server.

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, raw_sql};

/// One that [`Database::leave`] drops.
pub struct Database {
    server: String,
    pub name: String,
    pub url: String,
}

impl Database {
    /// None where no server is named.
    pub async fn new(name: &str) -> Option<Self> {
        let server = std::env::var("DUBAN_TEST_POSTGRES_URL").ok()?;
        sqlx::any::install_default_drivers();
        let name = format!("duban_{}_{name}", std::process::id());
        let (before, after) = server.split_once('?').unwrap_or((&server, ""));
        let host = before.rsplit_once('/').unwrap().0;
        let url = match after {
            "" => format!("{host}/{name}"),
            settings => format!("{host}/{name}?{settings}"),
        };
        let database = Self { server, name, url };
        let name = &database.name;
        database
            .of_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await;
        database.of_server(&format!("CREATE DATABASE {name}")).await;
        Some(database)
    }

    /// A statement to the server, beside the database.
    pub async fn of_server(&self, statement: &str) {
        run(&self.server, statement).await;
    }

    pub async fn connect(&self) -> AnyConnection {
        connect(&self.url).await
    }

    pub async fn leave(self) {
        let name = &self.name;
        self.of_server(&format!("DROP DATABASE {name} WITH (FORCE)"))
            .await;
    }
}

pub async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().unwrap();
    options.connect().await.unwrap()
}

pub async fn run(url: &str, statement: &str) {
    let mut connection = connect(url).await;
    raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
