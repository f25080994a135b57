//! The release program against the stand-in: how long from its start to the first `getUpdates`, and how much memory it holds
//! then. Run with `cargo bench --bench start`; Linux only, it reads `/proc`.
#![expect(
    clippy::disallowed_methods,
    reason = "how long the real program takes is the outside world's time"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use duban::clock::Clock;
use duban::rehearsal::{STAND_IN_TOKEN, Server};

/// Starts measured; each needs a folder of its own only for the first.
const STARTS: usize = 10;

/// Memory is read so long after the first poll.
const SETTLED: Duration = Duration::from_secs(2);

const SOMEBODY: i64 = 1;

const MOST_MEMORY_KB: u64 = 40 * 1024;
const LONGEST_START: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let clock = Clock::starting_at("2026-11-23T00:40:00Z".parse()?);
    let server = Server::start(clock, ([127, 0, 0, 1], 0).into()).await?;
    server.world().add_user(SOMEBODY, "某人", "");
    let mut all = Vec::new();
    for start in 0..STARTS {
        let measured = measured(folder.path(), &server).await?;
        let what = if start == 0 { "first" } else { "later" };
        println!(
            "{what} start: {:>4} ms to the first getUpdates, {:>6} kB resident, {:>6} kB at most",
            measured.0.as_millis(),
            measured.1,
            measured.2
        );
        all.push(measured);
    }
    let slowest = all.iter().map(|one| one.0).max().context("measured")?;
    let largest = all.iter().map(|one| one.1).max().context("measured")?;
    println!("slowest {} ms, largest {largest} kB", slowest.as_millis());
    server.stop().await;
    ensure!(slowest < LONGEST_START, "a start took a second or more");
    ensure!(largest < MOST_MEMORY_KB, "it holds 40 MB or more");
    Ok(())
}

/// One start: time to the first poll, resident memory two seconds after, and its peak.
async fn measured(folder: &Path, server: &Server) -> anyhow::Result<(Duration, u64, u64)> {
    let world = server.world();
    let before = world.journal().len();
    // A poll of the program killed before may still end now; this one's begins after it asked who it is.
    let has_polled = || {
        let journal = world.journal();
        let mut calls = journal[before..].iter().map(|call| call.method.as_str());
        calls.any(|method| method == "getMe") && calls.any(|method| method == "getUpdates")
    };
    // A poll that brings nothing leaves no trace in the journal.
    world.say(SOMEBODY, SOMEBODY, "在吗");
    let mut changes = world.subscribe();
    let begun = Instant::now();
    let mut program = started(folder, &server.url())?;
    while !has_polled() {
        tokio::time::timeout(Duration::from_secs(30), changes.changed()).await??;
    }
    let took = begun.elapsed();
    tokio::time::sleep(SETTLED).await;
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id()))?;
    program.kill()?;
    program.wait()?;
    Ok((
        took,
        kilobytes(&status, "VmRSS:")?,
        kilobytes(&status, "VmHWM:")?,
    ))
}

fn started(folder: &Path, url: &str) -> anyhow::Result<Child> {
    let database = format!("sqlite:{}", folder.join("duban.db").display());
    let child = Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(["run", "--clock", "2026-11-23T08:40:00+08:00", "--config"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("config"))
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .env("TELOXIDE_API_URL", url)
        .env("DATABASE_URL", database)
        .env_remove("TELOXIDE_PROXY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(child)
}

fn kilobytes(status: &str, name: &str) -> anyhow::Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("the kernel tells it")?.parse()?)
}
