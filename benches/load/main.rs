//! What the release program bears: guided answers on one core, their times, processor, disk and memory, on SQLite and, where
//! `DUBAN_TEST_POSTGRES_URL` names a server, on PostgreSQL. Run with `cargo bench --bench load`; Linux only, it reads `/proc`.
//!
//! The stand-in answers every call after 50 ms. One guided answer is eight updates: the command, a number, a judgement, three
//! texts, the way to the preview, and the submission. `DUBAN_LOAD_SECONDS` is how long each rate is held.

mod desk;
mod people;
mod process;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use desk::{Desk, Times, now};
use people::Reporter;
use process::Process;

/// Task forces, each with four people who report.
const FORCES: usize = 100;

/// Updates a second: what the promise is for, and what is well above it.
const RATES: [u32; 2] = [50, 200];

/// A committed answer at the first rate takes no longer, at the 99th percentile.
const LONGEST_COMMIT: Duration = Duration::from_millis(200);

/// What the plainest program of its kind spends on an update.
const MOST_CPU: Duration = Duration::from_micros(520);

/// The last answers have so long after the rate has ended.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

const SETTLED: Duration = Duration::from_secs(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let seconds = std::env::var("DUBAN_LOAD_SECONDS").map_or(Ok(20), |seconds| seconds.parse())?;
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("duban.db").display());
    let cpu = measured("SQLite", folder.path(), &database, seconds).await?;
    match std::env::var("DUBAN_TEST_POSTGRES_URL") {
        Ok(url) => {
            let folder = tempfile::tempdir()?;
            let name = format!("load_{}", std::process::id());
            let place = made(&url, &name).await?;
            let measured = measured("PostgreSQL", folder.path(), &place, seconds).await;
            dropped(&url, &name).await?;
            measured?;
        }
        Err(_) => println!("PostgreSQL: DUBAN_TEST_POSTGRES_URL names no server, not measured"),
    }
    ensure!(
        cpu <= MOST_CPU,
        "an update costs {cpu:?} of the processor, more than {MOST_CPU:?}"
    );
    Ok(())
}

async fn made(url: &str, name: &str) -> anyhow::Result<String> {
    execute(url, &format!("CREATE DATABASE {name}")).await?;
    let (server, _) = url.rsplit_once('/').context("a URL with a database")?;
    Ok(format!("{server}/{name}"))
}

async fn dropped(url: &str, name: &str) -> anyhow::Result<()> {
    execute(url, &format!("DROP DATABASE {name} WITH (FORCE)")).await
}

async fn execute(url: &str, statement: &str) -> anyhow::Result<()> {
    use sqlx::{ConnectOptions, Connection};
    sqlx::any::install_default_drivers();
    let options: sqlx::any::AnyConnectOptions = url.parse()?;
    let mut connection = options.connect().await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

/// All rates on one database; gives what an update cost of the processor under full load.
async fn measured(
    what: &str,
    folder: &Path,
    database: &str,
    seconds: u64,
) -> anyhow::Result<Duration> {
    people::configure(folder, FORCES)?;
    let desk = Desk::default();
    let process = started(what, folder, database, &desk).await?;
    let mut reporters = people::reporters(FORCES);
    for rate in RATES {
        let held = hold(
            &desk,
            &process,
            &mut reporters,
            Some(rate),
            Duration::from_secs(seconds),
        )
        .await?;
        held.print(what);
        if rate == RATES[0] {
            ensure!(
                held.commit.1 < LONGEST_COMMIT,
                "{:?} to the committed answer",
                held.commit.1
            );
        }
    }
    let full = hold(
        &desk,
        &process,
        &mut reporters,
        None,
        Duration::from_secs(seconds),
    )
    .await?;
    full.print(what);
    if let Some(syncs) = process.count_syncs(folder) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let held = hold(
            &desk,
            &process,
            &mut reporters,
            Some(RATES[0]),
            Duration::from_secs(seconds),
        )
        .await?;
        let syncs = syncs.end()?;
        println!(
            "{what}: {syncs} syncs of the disk by the program for {} updates at {} a second: {:.1} a guided answer (strace)",
            held.updates,
            RATES[0],
            syncs as f64 / held.updates as f64 * 8.0
        );
    }
    println!(
        "{what}: {} kB resident after the load, {} kB at most",
        process.memory()?.resident,
        process.memory()?.at_most
    );
    Ok(full.cpu)
}

/// The program at work, its start measured and printed.
async fn started(
    what: &str,
    folder: &Path,
    database: &str,
    desk: &Desk,
) -> anyhow::Result<Process> {
    let url = desk.open().await?;
    // The first start adopts the plans; the second is the one to be measured.
    let process = Process::start(folder, &url, database)?;
    desk::until(desk, "the first poll", |books| books.first_poll.is_some()).await?;
    people::go_live(desk, FORCES).await?;
    drop(process);
    desk.books().first_poll = None;
    let begun = now();
    let process = Process::start(folder, &url, database)?;
    desk::until(desk, "the first poll", |books| books.first_poll.is_some()).await?;
    let polled = desk
        .books()
        .first_poll
        .map(|at| at.duration_since(begun))
        .unwrap_or_default();
    tokio::time::sleep(SETTLED).await;
    println!(
        "{what}: start to first poll {} ms with {FORCES} task forces, {} kB resident when idle",
        polled.as_millis(),
        process.memory()?.resident
    );
    Ok(process)
}

/// What came of holding a rate; times are the 50th and 99th percentile.
struct Held {
    rate: Option<u32>,
    took: Duration,
    updates: usize,
    unanswered: usize,
    reports: usize,
    calls: usize,
    commit: (Duration, Duration),
    sent: (Duration, Duration),
    cpu: Duration,
}

impl Held {
    fn print(&self, what: &str) {
        let rate = self.rate.map_or("as fast as it goes".to_owned(), |rate| {
            format!("{rate} updates a second")
        });
        let second = self.took.as_secs_f64();
        println!(
            "{what}: {rate}: {:.1} updates and {:.1} guided answers a second, {:.1} calls an answer; receipt to committed p50 {:.1} p99 {:.1} ms, to sent p50 {:.1} p99 {:.1} ms; {:.2} ms of the processor an update; {} without an answer",
            self.updates as f64 / second,
            self.reports as f64 / second,
            self.calls as f64 / self.updates as f64 * 8.0,
            self.commit.0.as_secs_f64() * 1e3,
            self.commit.1.as_secs_f64() * 1e3,
            self.sent.0.as_secs_f64() * 1e3,
            self.sent.1.as_secs_f64() * 1e3,
            self.cpu.as_secs_f64() * 1e3,
            self.unanswered,
        );
    }
}

/// People act at this rate, or, without one, as soon as they are answered.
async fn hold(
    desk: &Desk,
    process: &Process,
    reporters: &mut [Reporter],
    rate: Option<u32>,
    time: Duration,
) -> anyhow::Result<Held> {
    desk.books().done.clear();
    let calls = desk.books().calls;
    let (begun, cpu) = (now(), process.cpu()?);
    let (mut next, mut acts, mut reports) = (0, 0_u32, 0);
    while begun.elapsed() < time {
        let due = rate.map_or(u32::MAX, |rate| {
            (begun.elapsed().as_secs_f64() * f64::from(rate)) as u32
        });
        let mut passed = 0;
        while acts < due && passed < reporters.len() {
            let count = reporters.len();
            let reporter = &mut reporters[next % count];
            (next, passed) = (next + 1, passed + 1);
            let is_free = !desk.books().open.contains_key(&reporter.account)
                && !desk.is_asked(reporter.account);
            if is_free {
                reports += usize::from(reporter.act(desk));
                acts += 1;
            }
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = begun.elapsed();
    let end = now() + LAST_ANSWERS;
    while !desk.books().rests() && now() < end {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let unanswered = desk.books().open.len();
    desk.books().open.clear();
    let cpu = process.cpu()? - cpu;
    let books = desk.books();
    let updates = books.done.len();
    ensure!(updates > 0, "nothing was answered");
    Ok(Held {
        rate,
        took,
        updates,
        unanswered,
        reports,
        calls: books.calls - calls,
        commit: percentiles(&books.done, |times| times.called),
        sent: percentiles(&books.done, |times| times.sent),
        cpu: cpu / u32::try_from(updates)?,
    })
}

fn percentiles(done: &[Times], end: impl Fn(&Times) -> Option<Instant>) -> (Duration, Duration) {
    let took = done
        .iter()
        .filter_map(|times| Some(end(times)?.duration_since(times.handed)));
    let mut took: Vec<Duration> = took.collect();
    took.sort_unstable();
    let at = |percent: usize| {
        took.get(took.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    (at(50), at(99))
}
