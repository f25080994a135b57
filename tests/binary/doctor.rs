//! `duban doctor`: each thing it looks at, whole and broken, and that it disturbs nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::extract::Path as Asked;
use axum::http::header::DATE;
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Datelike, TimeDelta};
use duban::clock::Clock;
use duban::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry};
use duban::plan::TaskForceId;
use duban::rehearsal::{BOT_ID, STAND_IN_TOKEN, Server, Standing};
use duban::store::{Changes, Store};
use serde_json::{Value, json};

use crate::postgres::{Database, run};
use crate::{
    CHIEF, Running, WRONG_TOKEN, answer_with, code_in, configured, database_in, duban, ended,
    run_command, stand_in,
};

const GROUP: i64 = -1_001;

/// A deployment: configuration, stand-in, and a database that the bot has made.
struct Premises {
    dir: tempfile::TempDir,
    config: PathBuf,
    server: Server,
}

impl Premises {
    async fn new(settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = configured(dir.path(), settings);
        with_holidays(&config);
        let server = stand_in().await;
        Self {
            dir,
            config,
            server,
        }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    async fn run_once(&self) {
        let command = run_command(self.path(), &self.server.url(), STAND_IN_TOKEN);
        let mut running = Running::start(command);
        running.line_with("?start=");
        assert_eq!(running.terminate().0, 0);
    }

    fn doctor(&self) -> Command {
        let config = self.config.to_str().unwrap();
        let mut command = duban(&["doctor", "--json", "--config", config]);
        command
            .current_dir(self.path())
            .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
            .env("TELOXIDE_API_URL", self.server.url())
            .env("DATABASE_URL", database_in(self.path()));
        command
    }

    /// The group is bound in the ledger, and the bot is in it.
    async fn bind_group(&self) {
        let store = Store::open(&database_in(self.path())).await.unwrap();
        let id = TaskForceId::from("rushan");
        let head = store.head(&id).await.unwrap();
        let mut changes = Changes {
            task_force: Some(id),
            expected: Some(head),
            ..Changes::default()
        };
        let entry = LedgerEntry {
            seq: 0,
            at: DateTime::UNIX_EPOCH,
            version: ENTRY_VERSION,
            by: Actor::Host,
            act: Act::GroupBound {
                chat: GROUP,
                thread: None,
            },
        };
        changes.push_entry(head, entry);
        for result in store.commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
        store.close().await;
        self.route_group().await;
        let world = self.server.world();
        world.add_group(GROUP, "专班");
        world.join(GROUP, CHIEF);
        world.add_bot(GROUP, CHIEF);
        world.promote_bot(GROUP, CHIEF, true);
    }
}

impl Premises {
    /// As the program routes it when it is bound.
    async fn route_group(&self) {
        let route = format!("INSERT INTO routes VALUES ('rushan', 'group', '{GROUP}')");
        run(&database_in(self.path()), &route).await;
    }
}

/// Tables up to the next year, so that the day of the test does not matter.
fn with_holidays(config: &Path) {
    for year in 2027..=Clock::System.now().year() + 1 {
        let table = format!(
            "year = {year}\n[[holiday]]\nname = \"春节\"\nfrom = {year}-02-04\nto = {year}-02-11\n"
        );
        std::fs::write(config.join(format!("holidays/{year}.toml")), table).unwrap();
    }
}

struct Report(Value);

impl Report {
    /// What the command found; its exit code must say the same.
    async fn of(command: Command) -> Self {
        let (exit, said) = ended(command).await;
        let report: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        let ok = report["ok"].as_bool().unwrap();
        assert_eq!(exit, Some(i32::from(!ok)), "{said}");
        assert!(
            !said.contains(STAND_IN_TOKEN) && !said.contains("AAHdq"),
            "{said}"
        );
        for finding in report["findings"].as_array().unwrap() {
            let well = finding["level"] == "good";
            assert_eq!(finding["mend"].is_null(), well, "{finding}");
        }
        Self(report)
    }

    /// The levels of one check.
    fn level(&self, check: &str) -> Vec<&str> {
        let findings = self.0["findings"].as_array().unwrap().iter();
        let of_check = findings.filter(|finding| finding["check"] == check);
        of_check.map(|it| it["level"].as_str().unwrap()).collect()
    }

    #[track_caller]
    fn is(&self, check: &str, level: &str) {
        assert_eq!(self.level(check), [level], "{check} in {:#}", self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_deployment_is_well_and_the_running_bot_is_not_disturbed() {
    let premises = Premises::new("").await;
    let world = premises.server.world();
    let command = run_command(premises.path(), &premises.server.url(), STAND_IN_TOKEN);
    let mut running = Running::start(command);
    let code = code_in(&running.line_with("?start="));
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    let made = world.calls_made();
    let report = Report::of(premises.doctor()).await;
    assert_eq!(report.0["ok"], true, "{:#}", report.0);
    for check in [
        "configuration",
        "holidays",
        "token",
        "api",
        "privacy",
        "webhook",
        "migrations",
        "integrity",
        "writing",
        "evidence",
    ] {
        report.is(check, "good");
    }
    report.is("groups", "note");
    let (_, calls) = world.journal_from(made);
    let asked: Vec<&str> = calls.iter().map(|call| call.method.as_str()).collect();
    let own = |method: &&&str| !["getUpdates", "sendMessage", "setMyCommands"].contains(*method);
    let asked: Vec<&&str> = asked.iter().filter(own).collect();
    assert_eq!(asked, [&"getMe", &"getWebhookInfo"]);
    world.say(CHIEF, CHIEF, "/help");
    answer_with(&world, CHIEF, "/status").await;
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    let store = Store::open(&database_in(premises.path())).await.unwrap();
    assert_eq!(store.fact("doctor_probe").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clerk_reads_is_chinese_with_the_mend() {
    let premises = Premises::new("").await;
    let config = premises.config.to_str().unwrap();
    let mut command = duban(&["doctor", "--config", config]);
    command.current_dir(premises.path());
    let (exit, said) = ended(command).await;
    assert_eq!(exit, Some(1), "{said}");
    for line in [
        "[有误] 没有设置机器人令牌",
        "→ 向 @BotFather 取得令牌",
        "[注意] 数据库 sqlite:data/duban.db 还不存在",
        "体检完毕：1 处须处理。",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!premises.path().join("data").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_and_an_api_that_is_away_are_told_apart() {
    let premises = Premises::new("").await;
    let mut wrong = premises.doctor();
    wrong.env("TELOXIDE_TOKEN", WRONG_TOKEN);
    Report::of(wrong).await.is("token", "bad");
    let mut away = premises.doctor();
    away.env("TELOXIDE_API_URL", "http://127.0.0.1:9");
    let away = Report::of(away).await;
    away.is("api", "bad");
    assert!(away.level("token").is_empty());
    let mut nowhere = premises.doctor();
    nowhere
        .env_remove("TELOXIDE_TOKEN")
        .env("TELOXIDE_TOKEN_FILE", "/nowhere");
    Report::of(nowhere).await.is("token", "bad");
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_in_the_bound_group_and_privacy_are_seen() {
    let premises = Premises::new("").await;
    premises.run_once().await;
    premises.bind_group().await;
    let world = premises.server.world();
    Report::of(premises.doctor()).await.is("groups", "good");
    world.promote_bot(GROUP, CHIEF, false);
    Report::of(premises.doctor()).await.is("groups", "note");

    for (standing, level) in [
        (Standing::Member, "note"),
        (Standing::Muted, "bad"),
        (Standing::Kicked, "bad"),
    ] {
        world.set_standing(GROUP, BOT_ID, standing, CHIEF);
        Report::of(premises.doctor()).await.is("groups", level);
    }
    world.delete_group(GROUP);
    Report::of(premises.doctor()).await.is("groups", "bad");
    world.set_privacy(false);
    Report::of(premises.doctor()).await.is("privacy", "note");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_held_against_the_settings() {
    let settings = "[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:9/webhook\"\nwebhook_listen = \"127.0.0.1:0\"\n";
    let premises = Premises::new(settings).await;
    let report = Report::of(premises.doctor()).await;
    assert_eq!(
        report.level("webhook"),
        ["bad", "note"],
        "no secret, and not set"
    );
    let mut set = premises.doctor();
    set.env("DUBAN_WEBHOOK_SECRET", "a-secret-of-enough-characters");
    Report::of(set).await.is("webhook", "note");

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/bot{STAND_IN_TOKEN}/setWebhook", premises.server.url());
    let webhook = json!({"url": "http://127.0.0.1:9/webhook"});
    client.post(url).json(&webhook).send().await.unwrap();
    let mut set = premises.doctor();
    set.env("DUBAN_WEBHOOK_SECRET", "a-secret-of-enough-characters");
    Report::of(set).await.is("webhook", "good");

    // The settings of the shipped file poll: the webhook is in the way.
    let polling = Premises::new("").await;
    let mut elsewhere = polling.doctor();
    elsewhere.env("TELOXIDE_API_URL", premises.server.url());
    Report::of(elsewhere).await.is("webhook", "note");
}

/// A Bot API whose clock is off.
async fn api_with_clock(off: TimeDelta) -> String {
    let answer = move |Asked((_, method)): Asked<(String, String)>| async move {
        let now = Clock::System.now() + off;
        let result = match method.as_str() {
            "getMe" => {
                json!({"id": BOT_ID, "is_bot": true, "username": "b", "can_join_groups": false})
            }
            _ => json!({"url": "", "pending_update_count": 0}),
        };
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        ([(DATE, date)], Json(json!({"ok": true, "result": result})))
    };
    let router = Router::new().route("/{token}/{method}", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_seen_by_telegrams_answers() {
    let premises = Premises::new("").await;
    for (off, level) in [(0, "good"), (-20, "note"), (20, "note"), (300, "bad")] {
        let mut command = premises.doctor();
        let api = api_with_clock(TimeDelta::seconds(off)).await;
        command.env("TELOXIDE_API_URL", api);
        let report = Report::of(command).await;
        report.is("clock", level);
        report.is("groups", "bad");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_damaged_newer_locked_or_none_is_seen() {
    let premises = Premises::new("").await;
    Report::of(premises.doctor()).await.is("database", "note");
    premises.run_once().await;
    let database = database_in(premises.path());
    run(&database, "UPDATE heads SET hash = x'00'").await;
    Report::of(premises.doctor()).await.is("integrity", "bad");

    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(premises.path().join("data/duban.db"));
    let mut other = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::Executor::execute(&mut other, "BEGIN IMMEDIATE")
        .await
        .unwrap();
    Report::of(premises.doctor()).await.is("writing", "bad");
    sqlx::Executor::execute(&mut other, "ROLLBACK")
        .await
        .unwrap();
    sqlx::Connection::close(other).await.unwrap();

    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'later', 1, x'00', 0)";
    run(&database, newer).await;
    Report::of(premises.doctor()).await.is("migrations", "bad");
    let notes = premises.path().join("notes.txt");
    std::fs::write(
        &notes,
        "not a database, but long enough to be one: ".repeat(99),
    )
    .unwrap();
    let mut command = premises.doctor();
    command.env("DATABASE_URL", format!("sqlite:{}", notes.display()));
    Report::of(command).await.is("database", "bad");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_server_is_looked_at_with_its_clock() {
    let premises = Premises::new("").await;
    let mut away = premises.doctor();
    away.env("DATABASE_URL", "postgres://duban:geheim@127.0.0.1:9/duban");
    let away = Report::of(away).await;
    away.is("database", "bad");
    assert!(!away.0.to_string().contains("geheim"));
    let Some(database) = Database::new("doctor").await else {
        return;
    };
    let doctor = || {
        let mut command = premises.doctor();
        command.env("DATABASE_URL", &database.url);
        Report::of(command)
    };
    doctor().await.is("migrations", "note");
    Store::open(&database.url).await.unwrap().close().await;
    let report = doctor().await;
    for check in ["migrations", "integrity", "writing", "database_clock"] {
        report.is(check, "good");
    }
    let name = &database.name;
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    database.of_server(&read_only).await;
    doctor().await.is("writing", "bad");
    database.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_missing_holidays_and_folders_that_cannot_be_written_are_seen() {
    let premises = Premises::new("").await;
    let in_the_way = premises.path().join("evidence");
    std::fs::write(&in_the_way, "a file").unwrap();
    let mut command = premises.doctor();
    command.args(["--evidence-dir", in_the_way.to_str().unwrap()]);
    Report::of(command).await.is("evidence", "bad");

    std::fs::remove_dir_all(premises.config.join("holidays")).unwrap();
    Report::of(premises.doctor()).await.is("holidays", "bad");
    let plan = premises.config.join("plans/rushan.toml");
    std::fs::write(plan, "[task_force]\nid = \n").unwrap();
    let report = Report::of(premises.doctor()).await;
    report.is("configuration", "bad");
    report.is("token", "good");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_known_without_reading_the_ledgers_and_of_many_only_the_first_are_asked_about() {
    let premises = Premises::new("").await;
    premises.run_once().await;
    premises.bind_group().await;
    let database = database_in(premises.path());
    Report::of(premises.doctor()).await.is("groups", "good");
    // What stands in the middle of a ledger is not read: `duban verify` does.
    let middle = "UPDATE entries SET body = 'nothing' WHERE task_force = 'rushan' AND seq = 1";
    run(&database, middle).await;
    let report = Report::of(premises.doctor()).await;
    report.is("groups", "good");
    assert_eq!(report.level("ledger"), [""; 0]);
    // Without routes the ledger is folded, and cannot be read here.
    run(&database, "DELETE FROM routes").await;
    let report = Report::of(premises.doctor()).await;
    assert_eq!(report.level("groups"), [""; 0]);
    report.is("ledger", "bad");
    premises.route_group().await;

    for copied in [
        "heads SELECT 'county-' || i, seq, hash FROM n, heads",
        "entries SELECT 'county-' || i, seq, body, hash FROM n, entries",
        "wakeups SELECT 'county-' || i, wake_at, version FROM n, wakeups",
        "routes SELECT 'county-' || i, kind, name FROM n, routes",
    ] {
        let numbers =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)";
        run(
            &database,
            &format!("{numbers} INSERT INTO {copied} WHERE task_force = 'rushan'"),
        )
        .await;
    }
    let report = Report::of(premises.doctor()).await;
    assert_eq!(report.level("groups"), ["good"; 50]);
    report.is("more_groups", "note");
}
