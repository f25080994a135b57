//! `duban move`: from SQLite to PostgreSQL and back, and the bot goes on where it was.

use std::path::Path;

use duban::rehearsal::{STAND_IN_TOKEN, World};
use duban::store::Store;
use sqlx::{Connection, query_scalar};

use crate::postgres::{Database, connect, run};
use crate::{
    CHIEF, PATIENCE, Running, answer_with, code_in, config_dir, database_in, duban, ended,
    run_command, stand_in,
};

async fn moved(from: &str, to: &str) -> (Option<i32>, String) {
    ended(duban(&["move", "--from", from, "--to", to])).await
}

async fn said(arguments: &[&str], url: &str) -> String {
    let mut command = duban(arguments);
    command.args(["--database-url", url]);
    let (exit, said) = ended(command).await;
    assert_eq!(exit, Some(0), "{arguments:?}: {said}");
    said
}

/// The rehearsal's own week: going live, answers, a doubtful number, a status, and the digest of Friday.
async fn week(dir: &Path) -> String {
    let url = database_in(dir);
    let config = config_dir();
    let config = config.to_str().unwrap();
    let play = duban(&["rehearse", "--once", "--config", config, "--keep", &url]);
    let (exit, said) = ended(play).await;
    assert_eq!(exit, Some(0), "{said}");
    url
}

fn bytes_of(dir: &Path, name: &str) -> Vec<u8> {
    std::fs::read(dir.join(name)).unwrap()
}

async fn exported(dir: &Path, url: &str, name: &str) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for format in ["xlsx", "jsonl", "csv"] {
        let file = format!("{name}.{format}");
        let out = dir.join(&file);
        let at = ["--at", "2026-11-27T16:30", "--format", format];
        let mut arguments = vec!["export", "--out", out.to_str().unwrap()];
        arguments.extend(at);
        said(&arguments, url).await;
        files.push(bytes_of(dir, &file));
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_moves_to_postgres_and_back_and_everything_made_of_it_is_the_same() {
    let Some(database) = Database::new("week").await else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let here = week(dir.path()).await;
    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(0), "{told}");
    for line in ["迁移完成", "rushan：台账", "两边均校验通过", "DATABASE_URL"] {
        assert!(told.contains(line), "{line} in {told}");
    }

    let verified = said(&["verify"], &here).await;
    assert!(verified.contains("rushan: "), "{verified}");
    assert_eq!(said(&["verify"], &database.url).await, verified);
    let remake = ["digest", "--number", "1", "--remake"];
    let digest = said(&remake, &here).await;
    assert!(digest.contains("第1期"), "{digest}");
    assert_eq!(said(&remake, &database.url).await, digest);
    let sent = ["digest", "--number", "1"];
    assert_eq!(said(&sent, &database.url).await, said(&sent, &here).await);
    let files = exported(dir.path(), &here, "here").await;
    assert_eq!(exported(dir.path(), &database.url, "there").await, files);

    let back = format!("sqlite:{}", dir.path().join("back/duban.db").display());
    let (exit, told) = moved(&database.url, &back).await;
    assert_eq!(exit, Some(0), "{told}");
    let verified = said(&["verify"], &database.url).await;
    assert_eq!(said(&["verify"], &back).await, verified);
    assert_eq!(exported(dir.path(), &back, "back").await, files);
    database.leave().await;
}

fn sent_by_us(world: &World) -> Vec<String> {
    let messages = world.messages(CHIEF).into_iter();
    let ours = messages.filter(|message| message.is_ours);
    ours.map(|message| message.text).collect()
}

/// (rows, highest id) of a table whose ids have no gaps.
async fn ids(url: &str, table: &'static str) -> (i64, i64) {
    let mut connection = connect(url).await;
    let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let highest = sqlx::AssertSqlSafe(format!("SELECT MAX(id) FROM {table}"));
    let count = query_scalar(count)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let highest = query_scalar(highest)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    (count, highest)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_moved_bot_goes_on_and_sends_nothing_twice() {
    let Some(database) = Database::new("goes_on").await else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let mut running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    let code = code_in(&running.line_with("?start="));
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    world.say(CHIEF, CHIEF, "/help");
    answer_with(&world, CHIEF, "/status").await;

    let here = database_in(dir.path());
    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(1), "a bot is at work: {told}");
    assert!(
        told.contains("正在使用") && told.contains("systemctl stop"),
        "{told}"
    );
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    let (before, outbox, inbox) = (
        sent_by_us(&world),
        ids(&here, "outbox").await,
        ids(&here, "inbox").await,
    );
    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(0), "{told}");

    world.say(CHIEF, CHIEF, "/todo");
    let mut command = run_command(dir.path(), &server.url(), STAND_IN_TOKEN);
    command.env("DATABASE_URL", &database.url);
    let mut changes = world.subscribe();
    let running = Running::start(command);
    while sent_by_us(&world).len() <= before.len() {
        let changed = tokio::time::timeout(PATIENCE, changes.changed()).await;
        changed.unwrap().unwrap();
    }
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("?start="), "the chief is known: {said}");
    let after = sent_by_us(&world);
    assert_eq!(after[..before.len()], before);
    assert_eq!(after.len(), before.len() + 1, "{after:#?}");
    assert_eq!(world.violations(), []);
    let more = ids(&database.url, "outbox").await;
    assert_eq!(more, (more.0, more.0), "no gap");
    assert!(more.0 > outbox.0, "{more:?}");
    assert_eq!(
        ids(&database.url, "inbox").await,
        (inbox.0 + 1, inbox.1 + 1)
    );

    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("不是空的"), "{told}");
    database.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_fails_leaves_the_target_empty_and_the_source_as_it_was() {
    let Some(database) = Database::new("fails").await else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let here = week(dir.path()).await;
    Store::open(&database.url).await.unwrap().close().await;
    // The last table takes nothing: all before it are there by then.
    run(
        &database.url,
        "ALTER TABLE facts ADD CONSTRAINT none CHECK (name = '')",
    )
    .await;
    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("entries"), "it came far: {told}");
    for table in [
        "inbox",
        "outbox",
        "entries",
        "heads",
        "notice_keys",
        "facts",
    ] {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let mut connection = database.connect().await;
        let rows: i64 = query_scalar(count)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    run(&database.url, "ALTER TABLE facts DROP CONSTRAINT none").await;
    let (exit, told) = moved(&here, &database.url).await;
    assert_eq!(exit, Some(0), "{told}");
    database.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_chain_is_not_moved() {
    let dir = tempfile::tempdir().unwrap();
    let here = week(dir.path()).await;
    let there = format!("sqlite:{}", dir.path().join("there.db").display());
    let (exit, told) = moved(&here, &here).await;
    assert_eq!(exit, Some(1), "{told}");
    run(
        &here,
        "UPDATE entries SET body = REPLACE(body, '8', '9') WHERE seq = 9",
    )
    .await;
    let (exit, told) = moved(&here, &there).await;
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("chain of rushan is broken"), "{told}");
    assert!(!dir.path().join("there.db").exists());
    let nowhere = format!("sqlite:{}", dir.path().join("nowhere.db").display());
    let (exit, told) = moved(&nowhere, &there).await;
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("没有数据库"), "{told}");
    assert!(!dir.path().join("nowhere.db").exists());
}

/// Whether the program that starts on this database for the first time waits for the office.
async fn is_paused(dir: &Path, database: &str) -> bool {
    let server = stand_in().await;
    let mut command = run_command(dir, &server.url(), STAND_IN_TOKEN);
    command.env("DATABASE_URL", database);
    let mut running = Running::start(command);
    running.line_with("this process sends for the bot");
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    said.contains("restored from a backup")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_database_moved_to_another_is_not_taken_for_a_restored_one() {
    let (Some(first), Some(second)) = (Database::new("one").await, Database::new("two").await)
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let here = week(dir.path()).await;
    assert_eq!(moved(&here, &first.url).await.0, Some(0));
    assert!(!is_paused(dir.path(), &first.url).await);
    let (exit, told) = moved(&first.url, &second.url).await;
    assert_eq!(exit, Some(0), "{told}");
    assert!(!is_paused(dir.path(), &second.url).await);
    // What is put in its place by other means is one still.
    run(
        &second.url,
        "UPDATE facts SET value = 'another' WHERE name = 'database'",
    )
    .await;
    assert!(is_paused(dir.path(), &second.url).await);
    first.leave().await;
    second.leave().await;
}
