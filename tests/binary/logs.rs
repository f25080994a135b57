//! The log as JSON: every line on stderr is one object, from the first to the last, and nobody's words stand in it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use duban::rehearsal::{BOT_USERNAME, Fault, STAND_IN_TOKEN};
use serde_json::Value;

use crate::{CHIEF, PATIENCE, WRONG_TOKEN, answer_with, code_in, configured, run_with, stand_in};

const JSON: &str = "[log]\nform = \"json\"\n";

fn lines(text: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    let lines: Vec<Value> = text.lines().map(read).collect();
    assert!(!lines.is_empty());
    for line in &lines {
        assert!(line["timestamp"].is_string(), "{line}");
        assert!(line["level"].is_string(), "{line}");
        assert!(line["fields"]["message"].is_string(), "{line}");
    }
    lines
}

/// What a start that fails writes to stderr.
async fn stderr_of(mut command: Command) -> String {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

async fn until_it_holds(log: &Path, part: &str) {
    let begun = Instant::now();
    while !std::fs::read_to_string(log).unwrap().contains(part) {
        assert!(begun.elapsed() < PATIENCE, "{part} was not logged");
        tokio::task::yield_now().await;
    }
}

fn field<'a>(lines: &'a [Value], message: &str, name: &str) -> &'a Value {
    let said = |line: &&Value| {
        line["fields"]["message"]
            .as_str()
            .unwrap()
            .contains(message)
    };
    let line = lines.iter().find(said);
    &line.unwrap_or_else(|| panic!("{message} in {lines:#?}"))["fields"][name]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_a_run_with_trouble_is_one_object_without_words_and_token() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let world = server.world();
    let config = configured(dir.path(), JSON);
    let log = dir.path().join("stderr");
    let mut child = run_with(dir.path(), &config, &server.url())
        .stderr(Stdio::from(File::create(&log).unwrap()))
        .spawn()
        .unwrap();
    let mut words = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = words.find(|line| line.as_ref().unwrap().contains("?start="));
    let code = code_in(&line.unwrap().unwrap());
    world.start(CHIEF, &code);
    answer_with(&world, CHIEF, "栾频").await;
    for (fault, said) in [
        (Fault::BadEntities, "our formatting"),
        (Fault::TooManyRequests(1), "slow down"),
    ] {
        world.fault("sendMessage", 1, fault);
        world.say(CHIEF, CHIEF, "绝密的进展：九十九");
        until_it_holds(&log, said).await;
    }
    let killed = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert!(child.wait().unwrap().success());
    let text = std::fs::read_to_string(&log).unwrap();
    let lines = lines(&text);
    assert_eq!(field(&lines, "duban starts", "bot"), BOT_USERNAME);
    assert!(field(&lines, "our formatting", "row").is_i64(), "{text}");
    assert!(field(&lines, "slow down", "until").is_string(), "{text}");
    field(&lines, "duban stops", "message");
    for secret in [STAND_IN_TOKEN, "九十九", "栾频", &code] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_says_so_in_the_same_form() {
    let dir = tempfile::tempdir().unwrap();
    let server = stand_in().await;
    let config = configured(dir.path(), JSON);
    let run = |url: &str| run_with(dir.path(), &config, url);
    let message = |text: &str| {
        let lines = lines(text);
        let last = lines.last().unwrap();
        assert_eq!(last["level"], "ERROR", "{text}");
        last["fields"]["message"].as_str().unwrap().to_owned()
    };

    let text = stderr_of(run("http://127.0.0.1:9")).await;
    assert!(message(&text).contains("cannot be reached"), "{text}");
    let mut command = run(&server.url());
    command.env("TELOXIDE_TOKEN", WRONG_TOKEN);
    let text = stderr_of(command).await;
    assert!(!text.contains("AAHdq"), "{text}");
    message(&text);
    let mut command = run(&server.url());
    command.env("DATABASE_URL", "postgres://duban:geheim@127.0.0.1:9/duban");
    let text = stderr_of(command).await;
    assert!(message(&text).contains("does not answer"), "{text}");
    assert!(!text.contains("geheim"), "{text}");

    let plan = config.join("plans/rushan.toml");
    break_in_two(&plan);
    let text = stderr_of(run(&server.url())).await;
    assert!(message(&text).contains("nothing was started"), "{text}");
    let lines = lines(&text);
    assert!(lines.len() > 1, "the mistakes are lines too: {text}");
}

fn break_in_two(plan: &Path) {
    let source = std::fs::read_to_string(plan).unwrap();
    std::fs::write(plan, source.replacen("id = \"kjj\"", "id = \"KJJ\"", 1)).unwrap();
}
