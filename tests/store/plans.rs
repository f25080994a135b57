//! No statement of the store walks through a whole table: SQLite is asked how it would run each that the story runs.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use sqlx::{AssertSqlSafe, Connection, Row, query};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::home::Home;

/// Asked for all there is of them; the last two once, when a database was restored.
const WHOLE_TABLES: [&str; 8] = [
    "FROM heads ORDER BY task_force",
    "THEN wake_at ELSE $1 END",
    "FROM heads",
    "FROM outbox WHERE state = 'waiting'",
    "FROM outbox WHERE state = 'sent'",
    "FROM outbox WHERE state = 'withdrawn'",
    "FROM holds WHERE until_at = $1))
     ORDER BY id",
    "AND sent_again = 0 AND task_force IS NOT NULL",
];

/// What may be walked through: sets a statement has found itself, indexes that hold only the few rows in a state, an index
/// in the order that is asked for (to its first row), what waits where it is counted, the chats held now, and the heads, one a task force, to see what is missing
/// beside them.
const SMALL: [&str; 14] = [
    "SCAN h",
    "SCAN lanes",
    "SCAN oldest",
    "SCAN CONSTANT ROW",
    "SCAN outbox USING INDEX outbox_leased",
    "SCAN outbox USING INDEX outbox_unknown",
    "SCAN outbox USING INDEX outbox_dead",
    "SCAN outbox USING COVERING INDEX outbox_unknown",
    "SCAN outbox USING COVERING INDEX outbox_dead",
    "SCAN r USING INDEX outbox_waiting",
    "SCAN inbox USING INDEX inbox_waiting",
    "SCAN inbox USING INDEX inbox_failed",
    "SCAN inbox USING INDEX inbox_seen",
    "SCAN holds",
];

/// Gathers the statements that the store puts to a database.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "duban::store::sql::statement" {
            event.record(&mut |field: &tracing::field::Field, value: &dyn Debug| {
                if field.name() == "statement" {
                    let statement = format!("{value:?}");
                    self.0.lock().unwrap().insert(statement);
                }
            });
        }
    }
}

#[tokio::test]
async fn no_statement_walks_through_a_table() {
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    crate::tell_all_on_sqlite().await;

    let home = Home::sqlite();
    home.open().await;
    let mut connection = home.connect().await;
    let mut walks = Vec::new();
    let mut asked = 0;
    let gathered: Vec<String> = statements.0.lock().unwrap().iter().cloned().collect();
    for statement in gathered {
        let statement = statement.replace("\\n", "\n").replace("\\\"", "\"");
        let ours = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        let words = statement
            .trim_matches(|c| c == '"' || c == '\n')
            .trim()
            .to_owned();
        // What other tests ask PostgreSQL meanwhile is gathered too, and SQLite does not understand it.
        let of_postgres = ["pg_", "clock_timestamp()", "nextval(", "current_schema()"];
        if !ours.iter().any(|start| words.starts_with(start))
            || words.contains("_sqlx_migrations")
            || of_postgres.iter().any(|part| words.contains(part))
        {
            continue;
        }
        if WHOLE_TABLES.iter().any(|whole| words.ends_with(whole)) {
            continue;
        }
        asked += 1;
        let explain = format!("EXPLAIN QUERY PLAN {words}");
        let plan = query(AssertSqlSafe(explain))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for step in plan {
            let step: String = step.get(3);
            if step.starts_with("SCAN") && !SMALL.contains(&step.as_str()) {
                walks.push(format!("{step}: {words}"));
            }
        }
    }
    connection.close().await.unwrap();
    assert!(asked > 40, "only {asked} statements were seen");
    assert!(walks.is_empty(), "{}", walks.join("\n\n"));
}
