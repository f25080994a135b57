//! Token and passwords from files, and where they must not be seen.

use std::path::{Path, PathBuf};
use std::process::Command;

use duban::rehearsal::STAND_IN_TOKEN;

use crate::postgres::Database;
use crate::{
    CHIEF, Running, answer_with, code_in, config_dir, configured, database_in, duban, ended,
    run_command, run_with, stand_in,
};

fn file(dir: &Path, name: &str, content: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn kept_in_files(dir: &Path, url: &str, database: &str) -> Command {
    let mut command = run_command(dir, url, "");
    command
        .env_remove("TELOXIDE_TOKEN")
        .env_remove("DATABASE_URL")
        .env(
            "TELOXIDE_TOKEN_FILE",
            file(dir, "token", &format!("{STAND_IN_TOKEN}\n")),
        )
        .env(
            "DATABASE_URL_FILE",
            file(dir, "database", &format!("{database}\n")),
        );
    command
}

/// What everybody on the machine may read of a running program.
fn seen_by_all(id: u32) -> String {
    let arguments = std::fs::read(format!("/proc/{id}/cmdline")).unwrap();
    String::from_utf8_lossy(&arguments).replace('\0', " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_runs_with_its_secrets_in_files() {
    let database = Database::new("files").await;
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let url = database.as_ref().map_or_else(
        || database_in(dir.path()),
        |database| database.url.replacen("postgres@", "postgres:geheim@", 1),
    );
    let mut running = Running::start(kept_in_files(dir.path(), &server.url(), &url));
    let code = code_in(&running.line_with("?start="));
    let seen = seen_by_all(running.child.id());
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    for secret in [STAND_IN_TOKEN, "geheim"] {
        assert!(!said.contains(secret), "{said}");
        assert!(!seen.contains(secret), "{seen}");
    }
    if let Some(database) = database {
        database.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_set_twice_or_in_no_file_is_one_clear_line() {
    let dir = tempfile::tempdir().unwrap();
    let mut twice = kept_in_files(dir.path(), "http://127.0.0.1:9", "sqlite:x.db");
    twice.env("TELOXIDE_TOKEN", STAND_IN_TOKEN);
    let (exit, said) = ended(twice).await;
    assert_eq!(exit, Some(1), "{said}");
    assert!(
        said.contains("TELOXIDE_TOKEN and TELOXIDE_TOKEN_FILE are both set"),
        "{said}"
    );
    assert!(!said.contains(STAND_IN_TOKEN), "{said}");

    let mut nowhere = kept_in_files(dir.path(), "http://127.0.0.1:9", "sqlite:x.db");
    nowhere.env("DATABASE_URL_FILE", dir.path().join("nowhere"));
    let (exit, said) = ended(nowhere).await;
    assert_eq!(exit, Some(1), "{said}");
    assert!(
        said.contains("DATABASE_URL_FILE") && said.contains("nowhere"),
        "{said}"
    );

    let settings = "[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:9/webhook\"\nwebhook_listen = \"127.0.0.1:0\"\n";
    let config = configured(dir.path(), settings);
    let server = stand_in().await;
    let mut short = run_with(dir.path(), &config, &server.url());
    short.env(
        "DUBAN_WEBHOOK_SECRET_FILE",
        file(dir.path(), "secret", "kurz"),
    );
    let (exit, said) = ended(short).await;
    assert_eq!(exit, Some(1), "{said}");
    assert!(
        said.contains("16 to 256 characters"),
        "read, and too short: {said}"
    );
    assert!(!said.contains("kurz"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_commands_find_the_database_the_same_way() {
    let dir = tempfile::tempdir().unwrap();
    let config = config_dir();
    let config = config.to_str().unwrap();
    let url = database_in(dir.path());
    let play = duban(&["rehearse", "--once", "--config", config, "--keep", &url]);
    assert_eq!(ended(play).await.0, Some(0));
    let mut verify = duban(&["verify"]);
    verify.env("DATABASE_URL_FILE", file(dir.path(), "database", &url));
    let (exit, said) = ended(verify).await;
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("rushan: "), "{said}");
    // What is written on the command line comes before the environment.
    let mut other = duban(&["verify", "--database-url", &url]);
    other.env("DATABASE_URL_FILE", dir.path().join("nowhere"));
    assert_eq!(ended(other).await.0, Some(0));
}
