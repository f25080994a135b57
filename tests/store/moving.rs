//! A database carried over into another: every table, every value, all or nothing.

use std::collections::BTreeSet;

use duban::store::{
    CARRIED_TABLES, REMADE_TABLES, Store, StoreError, TransferError, examine, transfer, wait_alone,
};
use sqlx::{AssertSqlSafe, Row, query, query_scalar};

use crate::home::Home;

/// A row of every table, some with every column and some with none that may be missing; of one table more than fit in a batch.
const FILLED: &str = "
    INSERT INTO inbox (id, update_id, lane, received_at, body, attempts, state, seen, error) VALUES (3, 70, -1, 5, '{\"update_id\":70}', 0, 'waiting', 1, NULL);
    INSERT INTO inbox VALUES (9, 71, 9007199254740993, 6, '{}', 3, 'failed', 0, '为什么', 4, 5);
    INSERT INTO heads VALUES ('a', 1, x'00ff');
    INSERT INTO entries VALUES ('a', 1, '{\"act\":\"一\"}', x'00ff');
    INSERT INTO texts VALUES ('a', 1, 'aa', x'01', NULL);
    INSERT INTO texts VALUES ('a', 1, 'ab', x'02', '正文''\\ \"');
    INSERT INTO adoptions VALUES (x'0a00', '{}');
    INSERT INTO conversations VALUES ('a', 5, NULL, '{}', 7);
    INSERT INTO outbox (id, chat, kind, sent_again, priority, body, about, not_before, ready, created_at)
        VALUES (1, -5, 'digest', 0, 20, '<b>', '', 1, 1, 1);
    INSERT INTO outbox VALUES (2, 'a', 5, 6, 'answer', 1, 0, '', '', 's', 'n', 1, 2, 'sent', 0, 1, 3, 1, 0, 44, 1, 2, 'e');
    INSERT INTO notice_keys VALUES ('a', 'k', 2, 1);
    INSERT INTO notice_keys VALUES ('a', 'l', NULL, 1);
    INSERT INTO pings VALUES ('a', '2026-11-23', 'p', 2);
    INSERT INTO holds VALUES (0, 8);
    INSERT INTO digests VALUES ('a', 1, 1, 2, '周报');
    INSERT INTO albums VALUES ('m', 4);
    INSERT INTO routes VALUES ('a', 'name', '栾频');
    INSERT INTO wakeups VALUES ('a', 9223372036854775807, 3);";

async fn filled() -> (Home, String) {
    let home = Home::sqlite();
    home.open().await.close().await;
    home.run(FILLED).await;
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO facts SELECT 'fact-' || i, CASE i % 2 WHEN 0 THEN '' ELSE '值' || i END FROM n";
    home.run(many).await;
    let url = home.url().unwrap();
    (home, url)
}

async fn tables_of(home: &Home) -> BTreeSet<String> {
    let tables = match home {
        Home::Postgres { .. } => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema()"
        }
        Home::Memory(_) | Home::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
    };
    let mut connection = home.connect().await;
    let names = query_scalar(tables).fetch_all(&mut connection).await;
    names.unwrap().into_iter().collect()
}

async fn every_table_is_carried_or_made_again(home: Home) {
    home.open().await;
    let carried = CARRIED_TABLES.map(|(table, _)| table.to_owned());
    let remade = REMADE_TABLES.map(str::to_owned);
    let mut there = tables_of(&home).await;
    assert!(there.remove("_sqlx_migrations"));
    for table in &carried {
        assert!(there.remove(table), "{table} is no table");
    }
    let forgotten: Vec<_> = there.iter().filter(|it| !remade.contains(it)).collect();
    assert!(forgotten.is_empty(), "duban move forgets {forgotten:?}");
}

#[tokio::test]
async fn every_table_of_sqlite_is_carried_or_made_again() {
    crate::tell(Home::sqlite(), every_table_is_carried_or_made_again).await;
}

#[tokio::test]
async fn every_table_of_postgres_is_carried_or_made_again() {
    if let Some(home) = Home::postgres("every_table_is_carried").await {
        crate::tell(home, every_table_is_carried_or_made_again).await;
    }
}

/// A table's rows as SQLite writes them, in the order they are carried.
async fn dump(home: &Home, table: &str, order: &str) -> Vec<String> {
    let mut connection = home.connect().await;
    let columns = format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid");
    let columns: Vec<String> = query_scalar(AssertSqlSafe(columns))
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let quoted: Vec<String> = columns
        .iter()
        .map(|name| format!("quote({name})"))
        .collect();
    let rows = format!(
        "SELECT {} AS row FROM {table} ORDER BY {order}",
        quoted.join(" || ',' || ")
    );
    let rows = query(AssertSqlSafe(rows)).fetch_all(&mut connection).await;
    rows.unwrap().iter().map(|row| row.get("row")).collect()
}

#[tokio::test]
async fn every_value_arrives_as_it_was() {
    let (here, from) = filled().await;
    let there = Home::sqlite();
    let to = there.url().unwrap();
    let mut heard = Vec::new();
    let carried = transfer(&from, &to, |table| heard.push(table))
        .await
        .unwrap();
    assert_eq!(carried, heard);
    let rows: Vec<u64> = carried.iter().map(|table| table.rows).collect();
    assert_eq!(rows, [2, 1, 1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1000]);
    for (table, order) in CARRIED_TABLES {
        let sent = dump(&here, table, order).await;
        assert_eq!(dump(&there, table, order).await, sent, "{table}");
    }
}

#[tokio::test]
async fn ids_go_on_behind_the_highest_on_postgres() {
    let Some(home) = Home::postgres("ids_go_on_behind").await else {
        return;
    };
    crate::tell(home, |home| async move {
        let (_here, from) = filled().await;
        transfer(&from, &home.url().unwrap(), |_| {}).await.unwrap();
        let mut connection = home.connect().await;
        let next: i64 = query_scalar(
            "INSERT INTO inbox (update_id, lane, received_at, body) VALUES (72, 1, 1, '{}') RETURNING id",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        assert_eq!(next, 10);
        let large: i64 = query_scalar("SELECT lane FROM inbox WHERE id = 9")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(large, 9_007_199_254_740_993);
    })
    .await;
}

#[tokio::test]
async fn a_source_that_is_in_use_and_a_target_that_holds_something_are_refused() {
    let (here, from) = filled().await;
    let there = Home::sqlite();
    let to = there.url().unwrap();
    let store = here.open().await;
    store.fact("fact-1").await.unwrap();
    let refused = transfer(&from, &to, |_| {}).await.unwrap_err();
    assert!(matches!(refused, TransferError::InUse { .. }), "{refused}");
    store.close().await;
    wait_alone(&from).await.unwrap();

    let store = there.open().await;
    store.set_fact("alive_at", Some("1")).await.unwrap();
    store.close().await;
    let refused = transfer(&from, &to, |_| {}).await.unwrap_err();
    let held = matches!(
        refused,
        TransferError::NotEmpty {
            table: "facts",
            rows: 1
        }
    );
    assert!(held, "{refused}");
    let missing = format!("sqlite:{}/none.db", env!("CARGO_TARGET_TMPDIR"));
    let refused = transfer(&missing, &to, |_| {}).await.unwrap_err();
    assert!(matches!(refused, TransferError::NoSource(_)), "{refused}");
}

#[tokio::test]
async fn a_move_that_dies_leaves_an_empty_target_and_a_whole_source() {
    let (here, from) = filled().await;
    let there = Home::sqlite();
    let to = there.url().unwrap();
    for (dies_at, _) in CARRIED_TABLES {
        let (from, to) = (from.clone(), to.clone());
        let died = tokio::spawn(async move {
            transfer(&from, &to, |table| assert_ne!(table.name, dies_at)).await
        });
        assert!(died.await.unwrap_err().is_panic(), "{dies_at}");
        for (table, order) in CARRIED_TABLES {
            assert!(dump(&there, table, order).await.is_empty(), "{table}");
        }
    }
    assert_eq!(dump(&here, "facts", "name").await.len(), 1000);
    transfer(&from, &to, |_| {}).await.unwrap();
}

#[tokio::test]
async fn looking_at_a_database_makes_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/duban.db");
    let now = chrono::DateTime::UNIX_EPOCH;
    let none = examine(&format!("sqlite:{}", path.display()), || now).await;
    assert!(none.unwrap().is_none());
    assert!(!folder.path().join("below").exists());

    let (here, url) = filled().await;
    let before = dump(&here, "facts", "name").await;
    let seen = examine(&url, || now).await.unwrap().unwrap();
    assert_eq!((seen.version, seen.damage), (Some(seen.known), None));
    assert!(seen.writable.is_ok());
    assert_eq!(dump(&here, "facts", "name").await, before);
    here.run("UPDATE heads SET hash = x'01'").await;
    let seen = examine(&url, || now).await.unwrap().unwrap();
    assert!(seen.damage.is_some());
    let store = Store::open(&url).await.unwrap();
    here.run("DELETE FROM _sqlx_migrations").await;
    store.close().await;
    let seen = examine(&url, || now).await.unwrap().unwrap();
    assert_eq!(seen.version, None);
    let refused = examine("mysql://geheim@host/x", || now).await.unwrap_err();
    assert!(matches!(refused, StoreError::Url(_)), "{refused}");
}
