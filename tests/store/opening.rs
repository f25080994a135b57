//! Databases that cannot be used: one clear line each, and never a secret in it.

use duban::store::{Store, StoreError};
use sqlx::{Connection, raw_sql};

use crate::home::Home;

async fn why_not(url: &str) -> StoreError {
    Store::open(url).await.expect_err("it cannot be opened")
}

async fn a_newer_database_is_left_alone(home: Home) {
    home.open().await;
    home.run(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of next year', true, '', 0)",
    )
    .await;
    let error = why_not(&home.url().unwrap()).await;
    assert!(matches!(error, StoreError::Newer(9999)), "{error}");
    assert!(error.to_string().contains("migration 9999"));
}

#[tokio::test]
async fn a_newer_sqlite_file_is_left_alone() {
    crate::tell(Home::sqlite(), a_newer_database_is_left_alone).await;
}

#[tokio::test]
async fn a_newer_postgres_is_left_alone() {
    if let Some(home) = Home::postgres("a_newer_postgres_is_left_alone").await {
        crate::tell(home, a_newer_database_is_left_alone).await;
    }
}

#[tokio::test]
async fn a_locked_file_is_named_as_such() {
    let home = Home::sqlite();
    let store = home.open().await;
    let mut other = home.connect().await;
    raw_sql("BEGIN IMMEDIATE; DELETE FROM facts;")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(
        store.fact("alive_at").await.unwrap().is_none(),
        "reading goes on"
    );
    let error = store.set_fact("alive_at", Some("now")).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error}");
    raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    store.set_fact("alive_at", Some("now")).await.unwrap();
    store.close().await;

    // Somebody who wants the file for himself alone.
    raw_sql("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; DELETE FROM facts;")
        .execute(&mut other)
        .await
        .unwrap();
    let error = why_not(&home.url().unwrap()).await;
    assert!(matches!(error, StoreError::Locked), "{error}");
    other.close().await.unwrap();
    home.open().await;
}

/// On one thread: whoever waits for the file must not keep from it whom he waits for.
#[tokio::test]
async fn whoever_waits_for_the_file_holds_nobody_up() {
    let home = Home::sqlite();
    let store = home.open().await;
    let mut other = home.connect().await;
    raw_sql("BEGIN IMMEDIATE; INSERT INTO facts (name, value) VALUES ('other', '1')")
        .execute(&mut other)
        .await
        .unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.set_fact("ours", Some("2")).await }
    });
    for _ in 0..20 {
        assert_eq!(store.fact("other").await.unwrap(), None, "reading goes on");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(!waiting.is_finished());
    raw_sql("COMMIT").execute(&mut other).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(store.fact("other").await.unwrap().as_deref(), Some("1"));
    assert_eq!(store.fact("ours").await.unwrap().as_deref(), Some("2"));

    // Two stores, as of two programs, each with a connection that writes.
    let second = home.open().await;
    let write = |store: Store, whose: &'static str| async move {
        for number in 0..40 {
            let name = format!("{whose}:{number:02}");
            store.set_fact(&name, Some("3")).await.unwrap();
        }
    };
    tokio::join!(
        write(store.clone(), "first"),
        write(second.clone(), "second")
    );
    for whose in ["first:", "second:"] {
        assert_eq!(second.facts(whose).await.unwrap().len(), 40);
    }
    other.close().await.unwrap();
}

#[tokio::test]
async fn what_is_no_database_is_named_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "not a database, but long enough to be taken for one: ".repeat(99),
    )
    .unwrap();
    let error = why_not(&format!("sqlite:{}", path.display())).await;
    assert!(matches!(error, StoreError::File(_)), "{error}");

    let error = why_not(&format!("sqlite:{}", folder.path().display())).await;
    assert!(matches!(error, StoreError::File(_)), "{error}");

    let error = why_not(&format!("sqlite:{}/below/duban.db", path.display())).await;
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn names_of_folders_and_files_may_hold_anything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("乳山 专班/duban #1 %20 100%.db");
    let store = Store::open(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    store.set_fact("alive_at", Some("now")).await.unwrap();
    assert!(path.exists());
}

#[tokio::test]
async fn other_urls_are_refused_without_their_secrets() {
    for url in [
        "mysql://duban:geheim@host/duban",
        "geheim",
        "sqlite::memory:",
        "sqlite:",
        "sqlite:geheim?mode=memory",
        "postgres://duban:geheim@host:port/duban",
    ] {
        let error = why_not(url).await;
        assert!(matches!(error, StoreError::Url(_)), "{error}");
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
    let error = why_not("postgres://duban:geheim@127.0.0.1:1/duban").await;
    assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
    assert!(!error.to_string().contains("geheim"), "{error}");
}

#[tokio::test]
async fn an_open_store_is_shown_without_its_password() {
    if let Some(home) = Home::postgres("shown_without_password").await {
        crate::tell(home, |home| async move {
            let url = home.url().unwrap();
            let url = url.replacen("postgres@", "postgres:geheim@", 1);
            assert!(
                url.contains("geheim"),
                "the server of the tests trusts everybody"
            );
            let store = Store::open(&url).await.unwrap();
            let shown = format!("{store:?}");
            assert!(!shown.contains("geheim"), "{shown}");
            store.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_memory_store_fails_as_it_is_told() {
    let Home::Memory(memory) = Home::memory() else {
        unreachable!()
    };
    let store = Store::Memory(memory.clone());
    memory.fail_next(1);
    assert!(matches!(
        store.set_fact("a", Some("1")).await,
        Err(StoreError::Told)
    ));
    assert_eq!(store.fact("a").await.unwrap(), None, "nothing was done");
    memory.lose_next(1);
    assert!(matches!(
        store.set_fact("a", Some("1")).await,
        Err(StoreError::Told)
    ));
    assert_eq!(
        store.fact("a").await.unwrap().as_deref(),
        Some("1"),
        "it was done, and the answer lost"
    );
}

#[test]
fn both_databases_have_the_same_tables_and_indexes() {
    let sqlite = include_str!("../../migrations/sqlite/0001_start.sql");
    let postgres = include_str!("../../migrations/postgres/0001_start.sql");
    // Types, and how a table lies on the disk, are all that may differ.
    let own = [
        (
            "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
            "INTEGER PRIMARY KEY",
        ),
        ("TEXT COLLATE \"C\"", "TEXT"),
        ("BIGINT", "INTEGER"),
        ("BYTEA", "BLOB"),
        (" STRICT, WITHOUT ROWID;", ";"),
        (" STRICT;", ";"),
    ];
    let plain = |statements: &str| {
        let lines = statements
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"));
        let words = lines
            .flat_map(str::split_whitespace)
            .collect::<Vec<_>>()
            .join(" ");
        own.iter()
            .fold(words, |words, (own, common)| words.replace(own, common))
    };
    assert_eq!(plain(sqlite), plain(postgres));
}

#[tokio::test]
async fn a_sqlite_file_is_one_processs_alone() {
    let home = Home::sqlite();
    let url = home.url().unwrap();
    let sole = Store::hold_alone(&url).unwrap();
    assert!(sole.is_some());
    let error = Store::hold_alone(&url).unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("duban.db"), "{error}");
    drop(sole);
    assert!(Store::hold_alone(&url).unwrap().is_some());
    let shared = Store::hold_alone("postgres://nobody@localhost/none").unwrap();
    assert!(shared.is_none());
}
