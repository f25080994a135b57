//! Secrets and people's words in the log, in errors and in the list of processes: nowhere, however much is logged.

use super::*;

const HOOK_SECRET: &str = "a-secret-of-enough-characters";
const WORDS: &str = "机要词句甲乙丙丁";

/// All that is not to be read anywhere.
fn assert_silent(said: &str) {
    for secret in [STAND_IN_TOKEN, HOOK_SECRET, WORDS, "geheim"] {
        assert!(!said.contains(secret), "{secret} in: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_every_level_of_the_log_no_secret_and_no_word_of_people_is_in_it() {
    hold_log("text").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_for_programs_holds_none_either() {
    hold_log("json").await;
}

async fn hold_log(form: &str) {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let config = dir.path().join("config");
    copy_dir(&config_dir(), &config);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let settings = std::fs::read_to_string(config.join("duban.toml")).unwrap();
    let more = format!(
        "{settings}\n[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:{port}/webhook\"\nwebhook_listen = \"127.0.0.1:{port}\"\n[log]\nform = \"{form}\"\n"
    );
    std::fs::write(config.join("duban.toml"), more).unwrap();
    let mut command = run_command(dir.path(), &server.url(), STAND_IN_TOKEN);
    command
        .env("DUBAN_WEBHOOK_SECRET", HOOK_SECRET)
        .env(
            "RUST_LOG",
            "trace,hyper=trace,hyper_util=trace,reqwest=trace,sqlx=trace,h2=trace,teloxide=trace",
        )
        .current_dir(dir.path());
    let mut running = Running::start(with_config(command, &config));
    let code = code_in(&running.line_with("?start="));
    let list = std::fs::read(format!("/proc/{}/cmdline", running.child.id())).unwrap();
    assert_silent(&String::from_utf8_lossy(&list));
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    // Answered, refused, cut off: what goes wrong is logged, and not with the words.
    for fault in [
        Fault::BadEntities,
        Fault::Html502,
        Fault::CloseBeforeReading,
    ] {
        world.fault("sendMessage", 1, fault);
        world.say(CHIEF, CHIEF, WORDS);
    }
    answer_with(&world, CHIEF, "没有看懂").await;
    let (exit, _, said) = running.terminate();
    assert_eq!(exit, 0, "{said}");
    assert!(
        said.contains("it goes out plain"),
        "nothing went wrong: {said}"
    );
    assert_silent(&said);
}

/// The same command on another folder of configuration.
fn with_config(command: Command, config: &Path) -> Command {
    let mut other = duban(&[
        "run",
        "--config",
        config.to_str().unwrap(),
        "--clock",
        "2026-11-23T08:40:00+08:00",
    ]);
    if let Some(dir) = command.get_current_dir() {
        other.current_dir(dir);
    }
    other.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    other
}

#[test]
fn what_cannot_be_reached_is_named_without_its_password() {
    let dir = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("DATABASE_URL", "postgres://duban:geheim@127.0.0.1:9/duban"),
        ("DATABASE_URL", "mysql://duban:geheim@127.0.0.1:9/duban"),
        ("TELOXIDE_PROXY", "socks5://duban:geheim@127.0.0.1:9"),
        ("TELOXIDE_PROXY", "geheim@["),
        ("TELOXIDE_API_URL", "http://duban:geheim@127.0.0.1:9"),
        ("TELOXIDE_API_URL", "duban:geheim@["),
    ] {
        let mut command = run_command(dir.path(), "http://127.0.0.1:9", STAND_IN_TOKEN);
        let output = command
            .env(name, value)
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        assert!(!output.status.success(), "{name}={value}");
        assert_silent(&text(&output));
    }
}

#[test]
fn a_password_among_the_arguments_is_refused_before_anything_is_done() {
    for url in [
        "postgres://duban:geheim@127.0.0.1:9/duban",
        "postgresql://127.0.0.1:9/duban?user=duban&password=geheim",
    ] {
        for arguments in [
            vec!["verify", "--database-url", url],
            vec!["verify", &format!("--database-url={url}")],
        ] {
            let output = duban(&arguments).output().unwrap();
            assert!(!output.status.success());
            assert!(
                text(&output).contains("put the URL into DATABASE_URL"),
                "{}",
                text(&output)
            );
            assert_silent(&text(&output));
        }
    }
    // A user alone is no secret: it goes on, and nobody answers there.
    let output = duban(&[
        "verify",
        "--database-url",
        "postgres://duban@127.0.0.1:9/duban",
    ])
    .output()
    .unwrap();
    assert!(
        text(&output).contains("does not answer"),
        "{}",
        text(&output)
    );
}
