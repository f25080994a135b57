//! `/healthz`, `/readyz` and `/metrics` of the running program.

use std::time::Instant;

use duban::rehearsal::{Fault, STAND_IN_TOKEN};
use serde_json::Value;

use crate::metrics::Metrics;
use crate::postgres::Database;
use crate::{
    CHIEF, PATIENCE, Running, answer_with, code_in, configured, ended, run_with, stand_in,
};

const SETTINGS: &str = "[operations]\nlisten = \"127.0.0.1:0\"\n";

/// Where the endpoints are, as the log says.
struct Desk(String);

impl Desk {
    fn of(running: &mut Running) -> Self {
        let line = running.line_with("health and metrics are served");
        let address = line.split("at=").nth(1).unwrap();
        let address = address.split_whitespace().next().unwrap();
        Self(format!("http://{address}"))
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("{}{path}", self.0)).send().await;
        let response = response.unwrap();
        let status = response.status().as_u16();
        (status, response.text().await.unwrap())
    }

    async fn json(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.get(path).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    async fn metrics(&self) -> Metrics {
        let (status, text) = self.get("/metrics").await;
        assert_eq!(status, 200);
        Metrics::read(&text)
    }

    /// Asks until the answer fits: the program writes down what came of a message after it arrived.
    async fn until(&self, path: &str, fits: impl Fn(u16, &str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let (status, body) = self.get(path).await;
            if fits(status, &body) {
                return body;
            }
            assert!(begun.elapsed() < PATIENCE, "{path}: {status} {body}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_and_a_429_too() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let config = configured(dir.path(), SETTINGS);
    let mut running = Running::start(run_with(dir.path(), &config, &server.url()));
    let code = code_in(&running.line_with("?start="));
    let desk = Desk::of(&mut running);

    let (status, health) = desk.json("/healthz").await;
    assert_eq!((status, &health["ok"]), (200, &Value::Bool(true)));
    let (status, ready) = desk.json("/readyz").await;
    assert_eq!((status, &ready["ok"]), (200, &Value::Bool(true)), "{ready}");
    for check in ["database", "telegram", "updates"] {
        assert_eq!(ready[check]["ok"], Value::Bool(true), "{ready}");
        assert!(ready[check]["reason"].is_string(), "{ready}");
    }
    let before = desk.metrics().await;
    assert!(before.has("duban_build_info{version=\"0.1.0\"}"));
    assert!(before.value("duban_start_time_seconds") > 1.7e9);
    assert_eq!(before.value("duban_task_forces"), 1.0);
    let messages = "duban_updates_received_total{kind=\"message\"}";
    assert!(before.has(messages), "zeros are told");
    assert_eq!(before.value(messages), 0.0);

    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    world.fault("sendMessage", 1, Fault::TooManyRequests(1));
    world.say(CHIEF, CHIEF, "/help");
    answer_with(&world, CHIEF, "/status").await;
    let again = "duban_sends_total{kind=\"answer\",outcome=\"again\"}";
    let told = "duban_answer_latency_seconds_count";
    let text = desk
        .until("/metrics", |_, text| {
            let metrics = Metrics::read(text);
            metrics.value(again) == 1.0 && metrics.value(told) == 2.0
        })
        .await;
    let after = Metrics::read(&text);
    assert_eq!(after.value(messages), 2.0);
    let done = "duban_updates_handled_total{outcome=\"done\"}";
    assert_eq!(after.value(done), 2.0);
    assert_eq!(after.value("duban_commit_latency_seconds_count"), 2.0);
    assert!(
        after.value("duban_answer_latency_seconds_sum") >= 1.0,
        "it waited for the 429"
    );
    assert_eq!(after.value("duban_rate_limited_total{way=\"send\"}"), 1.0);
    assert!(after.value("duban_sends_total{kind=\"answer\",outcome=\"sent\"}") >= 2.0);
    assert!(
        after.value("duban_last_tick_timestamp_seconds")
            >= before.value("duban_start_time_seconds")
    );
    assert_eq!(after.value("duban_queue_depth{queue=\"inbox\"}"), 0.0);
    assert!(after.has("duban_queue_oldest_seconds{queue=\"outbox\"}"));
    for secret in [STAND_IN_TOKEN, "栾频", &CHIEF.to_string(), "rushan", &code] {
        assert!(!text.contains(secret), "{secret} stands in the metrics");
    }
    assert_eq!(desk.get("/").await.0, 404);
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_not_ready_while_telegram_is_away() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let config = configured(dir.path(), SETTINGS);
    let mut running = Running::start(run_with(dir.path(), &config, &server.url()));
    let code = code_in(&running.line_with("?start="));
    let desk = Desk::of(&mut running);
    world.fault("getUpdates", 1_000, Fault::CloseBeforeReading);
    // The poll under way ends with this update; all after it fail.
    world.start(CHIEF, &code);
    let body = desk.until("/readyz", |status, _| status == 503).await;
    let ready: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(ready["telegram"]["ok"], Value::Bool(false), "{ready}");
    assert_eq!(ready["database"]["ok"], Value::Bool(true), "{ready}");
    assert!(!body.contains(STAND_IN_TOKEN), "{body}");
    assert_eq!(desk.json("/healthz").await.0, 200);
    let failures = "duban_failures_total{kind=\"polling\"}";
    assert!(desk.metrics().await.value(failures) >= 1.0);
    world.clear_faults();
    desk.until("/readyz", |status, _| status == 200).await;
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_not_ready_while_the_database_is_away() {
    let Some(database) = Database::new("away").await else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let config = configured(dir.path(), SETTINGS);
    let mut command = run_with(dir.path(), &config, &server.url());
    command.env("DATABASE_URL", &database.url);
    let mut running = Running::start(command);
    running.line_with("?start=");
    let desk = Desk::of(&mut running);
    assert_eq!(desk.json("/readyz").await.0, 200);

    let name = &database.name;
    let close = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
    database.of_server(&close).await;
    let end = format!(
        "SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    database.of_server(&end).await;
    let body = desk.until("/readyz", |status, _| status == 503).await;
    let ready: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(ready["database"]["ok"], Value::Bool(false), "{ready}");
    assert!(!body.contains(name.as_str()), "{body}");
    let (status, health) = desk.json("/healthz").await;
    assert_eq!(status, 200, "a restart would not help: {health}");
    let metrics = desk.metrics().await;
    assert_eq!(metrics.value("duban_database_up"), 0.0);
    assert!(!metrics.has("duban_queue_depth{queue=\"inbox\"}"));
    let failures = metrics.value("duban_failures_total{kind=\"database\"}");
    assert!(failures >= 1.0, "what failed is counted");
    let again = desk.metrics().await;
    assert!(again.value("duban_failures_total{kind=\"database\"}") > failures);

    let open = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true");
    database.of_server(&open).await;
    desk.until("/readyz", |status, _| status == 200).await;
    assert_eq!(desk.metrics().await.value("duban_database_up"), 1.0);
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    database.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_others_reach_is_refused_before_anything_starts() {
    let dir = tempfile::tempdir().unwrap();
    let config = configured(dir.path(), "[operations]\nlisten = \"0.0.0.0:9100\"\n");
    let (exit, said) = ended(run_with(dir.path(), &config, "http://127.0.0.1:9")).await;
    assert_eq!(exit, Some(1), "{said}");
    assert!(
        said.contains("0.0.0.0:9100") && said.contains("loopback"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_unless_it_is_set() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let config = configured(dir.path(), "");
    let mut running = Running::start(run_with(dir.path(), &config, &server.url()));
    running.line_with("?start=");
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("health and metrics"), "{said}");
}
