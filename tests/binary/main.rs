//! The real binary against the stand-in Bot API, over HTTP, as a clerk would start it.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    reason = "how long the real program takes to end is the outside world's time"
)]

mod digest;
mod doctor;
mod leaks;
mod logs;
mod metrics;
mod moving;
mod operations;
mod postgres;
mod secrets;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use chrono::DateTime;
use duban::clock::Clock;
use duban::ledger::{Act, Actor, ENTRY_VERSION, Head, LedgerEntry};
use duban::rehearsal::{Fault, STAND_IN_TOKEN, Server, World};
use duban::render::Message;
use duban::store::{Changes, DigestRow, Store};
use sqlx::{ConnectOptions, Connection, Executor};

const CHIEF: i64 = 100_001;
const STRANGER: i64 = 100_002;
const WRONG_TOKEN: &str = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";

/// Waiting for the outside world is bounded; nothing is timed.
const PATIENCE: Duration = Duration::from_secs(60);

fn config_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config")
}

fn duban(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in [
        "TELOXIDE_TOKEN",
        "TELOXIDE_API_URL",
        "TELOXIDE_PROXY",
        "TELOXIDE_TOKEN_FILE",
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DUBAN_MOVE_TO",
        "DUBAN_MOVE_TO_FILE",
        "DUBAN_WEBHOOK_SECRET",
        "DUBAN_WEBHOOK_SECRET_FILE",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

fn run_command(dir: &Path, url: &str, token: &str) -> Command {
    let config = config_dir();
    let mut command = duban(&[
        "run",
        "--config",
        config.to_str().unwrap(),
        "--clock",
        "2026-11-23T08:40:00+08:00",
    ]);
    command
        .current_dir(dir)
        .env("TELOXIDE_TOKEN", token)
        .env("TELOXIDE_API_URL", url)
        .env(
            "DATABASE_URL",
            format!("sqlite:{}", dir.join("data/duban.db").display()),
        );
    command
}

struct Running {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (send, lines) = channel();
        for pipe in [
            Box::new(child.stdout.take().unwrap()) as Box<dyn std::io::Read + Send>,
            Box::new(child.stderr.take().unwrap()),
        ] {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    // The test may be over already.
                    let _ = send.send(line);
                }
            });
        }
        Self {
            child,
            lines,
            heard: Vec::new(),
        }
    }

    fn line_with(&mut self, part: &str) -> String {
        if let Some(line) = self.heard.iter().find(|line| line.contains(part)) {
            return line.clone();
        }
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no line with {part} in {:#?}", self.heard));
            self.heard.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    /// SIGTERM; gives the exit code, how long it took and all it said.
    fn terminate(mut self) -> (i32, Duration, String) {
        let begun = Instant::now();
        let killed = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        let status = self.child.wait().unwrap();
        let took = begun.elapsed();
        self.heard.extend(self.lines.iter());
        (status.code().unwrap_or(-1), took, self.heard.join("\n"))
    }
}

/// The shipped configuration in a folder of its own, with these settings behind its own.
fn configured(dir: &Path, settings: &str) -> PathBuf {
    let config = dir.join("config");
    copy_dir(&config_dir(), &config);
    let file = config.join("duban.toml");
    let shipped = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{shipped}\n{settings}\n")).unwrap();
    config
}

/// As [`run_command`], with another configuration.
fn run_with(dir: &Path, config: &Path, url: &str) -> Command {
    let mut command = duban(&["run", "--config", config.to_str().unwrap()]);
    command
        .args(["--clock", "2026-11-23T08:40:00+08:00"])
        .current_dir(dir)
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .env("TELOXIDE_API_URL", url)
        .env("DATABASE_URL", database_in(dir));
    command
}

fn database_in(dir: &Path) -> String {
    format!("sqlite:{}", dir.join("data/duban.db").display())
}

/// What a command that ends by itself says, and whether it succeeds.
async fn ended(mut command: Command) -> (Option<i32>, String) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    (output.status.code(), text(&output))
}

/// Waits until the chat's newest words of the bot hold `part`.
async fn answer_with(world: &World, chat: i64, part: &str) -> String {
    let mut changes = world.subscribe();
    let wait = async {
        loop {
            if let Some(message) = world
                .messages(chat)
                .into_iter()
                .rev()
                .find(|message| message.is_ours && message.text.contains(part))
            {
                return message.text;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(PATIENCE, wait).await {
        Ok(text) => text,
        Err(_) => panic!("no answer with {part}: {:#?}", world.messages(chat)),
    }
}

async fn stand_in() -> Server {
    let start = "2026-11-23T00:40:00Z".parse().unwrap();
    let server = Server::start(Clock::starting_at(start), ([127, 0, 0, 1], 0).into())
        .await
        .unwrap();
    server.world().add_user(CHIEF, "栾频", "");
    server
}

fn code_in(line: &str) -> String {
    line.split("?start=")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_chief_starts_it_and_sigterm_ends_it_without_loss() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let mut running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    let code = code_in(&running.line_with("?start="));
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    let (exit, took, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(
        !said.contains(STAND_IN_TOKEN),
        "the token was printed: {said}"
    );

    // What came while it was down is answered after the next start; the chief is still the chief and no new code is printed.
    world.say(CHIEF, CHIEF, "/help");
    let answers = || {
        world
            .messages(CHIEF)
            .into_iter()
            .filter(|message| message.is_ours)
            .count()
    };
    let before = answers();
    let mut changes = world.subscribe();
    let running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    while answers() == before {
        tokio::time::timeout(PATIENCE, changes.changed())
            .await
            .unwrap()
            .unwrap();
    }
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("?start="), "{said}");
    assert_eq!(world.violations(), []);

    let database = format!("sqlite:{}", dir.path().join("data/duban.db").display());
    let verified = duban(&["verify", "--database-url", &database])
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", text(&verified));
    assert!(text(&verified).contains("rushan: "), "{}", text(&verified));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_hangs_does_not_hold_up_the_end_and_is_taken_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let mut running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    let code = code_in(&running.line_with("?start="));
    let hangs = Fault::Delay(Duration::from_secs(600));
    world.fault("sendMessage", 1, hangs);
    let mut changes = world.subscribe();
    world.start(CHIEF, &code);
    // Taken from the queue: the answer is on its way from here on.
    while !world.pending_updates().is_empty() {
        let changed = tokio::time::timeout(PATIENCE, changes.changed()).await;
        changed.unwrap().unwrap();
    }
    let (exit, took, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    world.clear_faults();
    let running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    answer_with(&world, CHIEF, "栾频").await;
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_one_clear_line_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let mut command = run_command(dir.path(), &server.url(), WRONG_TOKEN);
    let config = config_dir();
    command = {
        let mut plain = duban(&["run", "--config", config.to_str().unwrap()]);
        plain.current_dir(dir.path()).envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        plain
    };
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("refuses the token"),
        "{}",
        text(&output)
    );
    assert!(!text(&output).contains("AAHdq"), "{}", text(&output));
}

#[test]
fn an_unreachable_api_is_one_clear_line() {
    let dir = tempfile::tempdir().unwrap();
    // Port 9 on loopback has nobody listening.
    let output = run_command(dir.path(), "http://127.0.0.1:9", STAND_IN_TOKEN)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("cannot be reached"),
        "{}",
        text(&output)
    );
    assert!(!text(&output).contains(STAND_IN_TOKEN), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_or_newer_database_is_one_clear_line() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let mut running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    running.line_with("?start=");
    assert_eq!(running.terminate().0, 0);
    let (folder, url) = (dir.path().to_owned(), server.url());
    let run = move || {
        let mut command = run_command(&folder, &url, STAND_IN_TOKEN);
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };

    let database = dir.path().join("data/duban.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut other = options.connect().await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let output = run().await.unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("locked by another program"),
        "{}",
        text(&output)
    );

    other.execute("ROLLBACK").await.unwrap();
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'later', 1, x'00', 0)";
    other.execute(newer).await.unwrap();
    other.close().await.unwrap();
    let output = run().await.unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("written by a newer duban"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_webhook_without_a_secret_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config");
    copy_dir(&config_dir(), &config);
    let settings = std::fs::read_to_string(config.join("duban.toml")).unwrap();
    let webhook = "[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:9/webhook\"\nwebhook_listen = \"127.0.0.1:0\"\n";
    std::fs::write(config.join("duban.toml"), format!("{settings}\n{webhook}")).unwrap();
    let output = duban(&["run", "--config", config.to_str().unwrap()])
        .current_dir(dir.path())
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .env("TELOXIDE_API_URL", "http://127.0.0.1:9")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("DUBAN_WEBHOOK_SECRET is not set"),
        "{}",
        text(&output)
    );
}

/// A chain of three entries, and a digest that printed this head.
async fn ledger_with_digest(url: &str, printed: &str) {
    let store = Store::open(url).await.unwrap();
    let mut changes = Changes {
        task_force: Some("rushan".into()),
        digests: vec![DigestRow {
            number: 1,
            cut_off_at: DateTime::UNIX_EPOCH,
            body: serde_json::to_string(&Message::text(printed)).unwrap(),
        }],
        ..Changes::default()
    };
    let mut head = Head::default();
    for _ in 0..3 {
        let entry = LedgerEntry {
            seq: 0,
            at: DateTime::UNIX_EPOCH,
            version: ENTRY_VERSION,
            by: Actor::Bot,
            act: Act::WentLive,
        };
        head = changes.push_entry(head, entry);
    }
    for result in store.commit(vec![changes]).await.unwrap() {
        result.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_holds_the_chain_against_what_digests_printed() {
    for (printed, fault) in [
        ("序号 5 · 0123456789ab", "the chain is shorter"),
        ("序号 2 · 0123456789ab", "which was printed"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("duban.db").display());
        ledger_with_digest(&url, printed).await;
        let mut command = duban(&["verify", "--database-url", &url]);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        assert!(!output.status.success());
        assert!(text(&output).contains(fault), "{}", text(&output));
    }
}

#[test]
fn a_shifted_clock_is_refused_for_any_other_token() {
    let dir = tempfile::tempdir().unwrap();
    let output = run_command(dir.path(), "http://127.0.0.1:9", WRONG_TOKEN)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("--clock works only with the stand-in's own token"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_missing_token_says_where_to_get_one() {
    let config = config_dir();
    let output = duban(&["run", "--config", config.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        text(&output).contains("TELOXIDE_TOKEN is not set"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_plan_that_does_not_parse_starts_nothing_and_names_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config");
    std::fs::create_dir_all(config.join("plans")).unwrap();
    std::fs::write(config.join("plans/broken.toml"), "[task_force]\nid = \n").unwrap();
    let output = duban(&["run", "--config", config.to_str().unwrap()])
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(text(&output).contains("broken.toml:2"), "{}", text(&output));
    let checked = duban(&["check", "--config", config.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(1), "{}", text(&checked));
}

#[test]
fn the_shipped_configuration_has_gaps_and_no_mistakes() {
    let config = config_dir();
    let output = duban(&["check", "--config", config.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(
        text(&output).contains("26 项举措、29 项目标、25 人"),
        "{}",
        text(&output)
    );
    let json = duban(&["check", "--json", "--config", config.to_str().unwrap()])
        .output()
        .unwrap();
    let facts: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(facts["mistakes"].as_array().unwrap().len(), 0);
    assert_eq!(facts["plans"][0]["task_force"], "rushan");
}

#[test]
fn a_character_the_pictures_lack_is_named_with_its_line_and_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config");
    std::fs::create_dir_all(config.join("plans")).unwrap();
    let source = std::fs::read_to_string(config_dir().join("plans/rushan.toml")).unwrap();
    let (before, after) = source.split_once("李俊卿").unwrap();
    let line = before.lines().count();
    let plan = config.join("plans/rushan.toml");
    std::fs::write(&plan, format!("{before}李㐀卿{after}")).unwrap();
    let check = |json: &[&str]| {
        let arguments = [&["check", "--config", config.to_str().unwrap()], json].concat();
        duban(&arguments).output().unwrap()
    };
    let output = check(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let named = format!("{}:{line} “㐀”（U+3400）", plan.display());
    assert!(text(&output).contains(&named), "{}", text(&output));
    let facts: serde_json::Value = serde_json::from_slice(&check(&["--json"]).stdout).unwrap();
    let lacking = &facts["plans"][0]["not_in_font"];
    assert_eq!(
        *lacking,
        serde_json::json!([{ "character": "㐀", "lines": [line] }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_takes_updates_only_with_the_secret() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let config = dir.path().join("config");
    copy_dir(&config_dir(), &config);
    let settings = std::fs::read_to_string(config.join("duban.toml")).unwrap();
    let webhook = format!(
        "{settings}\n[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:{port}/webhook\"\nwebhook_listen = \"127.0.0.1:{port}\"\n"
    );
    std::fs::write(config.join("duban.toml"), webhook).unwrap();
    let mut command = duban(&[
        "run",
        "--config",
        config.to_str().unwrap(),
        "--clock",
        "2026-11-23T08:40:00+08:00",
    ]);
    command
        .current_dir(dir.path())
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .env("TELOXIDE_API_URL", server.url())
        .env("DUBAN_WEBHOOK_SECRET", "a-secret-of-enough-characters");
    let mut running = Running::start(command);
    let code = code_in(&running.line_with("?start="));
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://127.0.0.1:{port}/webhook");
    let update = r#"{"update_id":9001,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5,"is_bot":false,"first_name":"x"},"text":"/start"}}"#;
    let without = client.post(&url).body(update).send().await.unwrap();
    assert_eq!(without.status(), 401);
    let with = client.post(&url).header(
        "X-Telegram-Bot-Api-Secret-Token",
        "a-secret-of-enough-characters",
    );
    assert_eq!(
        with.try_clone()
            .unwrap()
            .body("no json")
            .send()
            .await
            .unwrap()
            .status(),
        400
    );
    assert_eq!(with.body(update).send().await.unwrap().status(), 200);
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(!said.contains("a-secret-of-enough-characters"), "{said}");
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_reader_that_has_heard_enough_ends_check_without_a_complaint() {
    let mut child = duban(&["check"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_menu_of_their_own_is_offered_what_strangers_may_do() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    world.add_user(STRANGER, "路人", "");
    let mut changes = world.subscribe();
    let running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    let names = |user: i64| {
        let menu = world.menu(user, user).into_iter();
        menu.map(|(name, _)| name).collect::<Vec<_>>()
    };
    while names(STRANGER).is_empty() {
        let changed = tokio::time::timeout(PATIENCE, changes.changed()).await;
        changed.unwrap().unwrap();
    }
    assert_eq!(names(STRANGER), ["start", "iam"]);
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_diff_shows_what_a_changed_file_would_change_and_adopts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let mut running = Running::start(run_command(dir.path(), &server.url(), STAND_IN_TOKEN));
    running.line_with("?start=");
    assert_eq!(running.terminate().0, 0);

    let config = dir.path().join("config");
    for folder in ["", "plans", "holidays"] {
        std::fs::create_dir_all(config.join(folder)).unwrap();
        for file in std::fs::read_dir(config_dir().join(folder)).unwrap() {
            let file = file.unwrap();
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), config.join(folder).join(file.file_name())).unwrap();
            }
        }
    }
    let database = format!("sqlite:{}", dir.path().join("data/duban.db").display());
    let diff = || {
        let config = config.to_str().unwrap();
        let arguments = [
            "check",
            "--diff",
            "--config",
            config,
            "--database-url",
            &database,
        ];
        text(&duban(&arguments).output().unwrap())
    };
    let unchanged = diff();
    assert!(unchanged.contains("与已采用的方案一致"), "{unchanged}");

    let plan = config.join("plans/rushan.toml");
    let source = std::fs::read_to_string(&plan).unwrap();
    let title = "开展产业数据赋能";
    assert!(source.contains(title));
    std::fs::write(&plan, source.replace(title, "开展产业数字化赋能")).unwrap();
    let table = "year = 2027\n[[holiday]]\nname = \"春节\"\nfrom = 2027-02-04\nto = 2027-02-11\n";
    std::fs::write(config.join("holidays/2027.toml"), table).unwrap();
    for _ in 0..2 {
        let changed = diff();
        for line in ["标题：开展产业数据赋能 → 开展产业数字化赋能", "2027"] {
            assert!(changed.contains(line), "{changed}");
        }
    }
}
