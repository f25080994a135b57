//! Several processes on one PostgreSQL, one of them killed every few seconds while people answer: nothing is lost, nothing is
//! done twice, and one of them sends at a time. On SQLite a second process does not start.
//!
//! `DUBAN_TEST_POSTGRES_URL` names the server, `DUBAN_TEAM_SECONDS` says how long the kills go on, `DUBAN_BINARY` which program.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    reason = "how long the real program takes is the outside world's time"
)]

#[path = "../crash/account.rs"]
#[expect(dead_code, reason = "the test of a single process accounts for more")]
mod account;
mod balancer;
#[path = "../crash/people.rs"]
mod people;
#[path = "../crash/program.rs"]
mod program;
mod team;

use std::collections::BTreeSet;
use std::time::Duration;

use program::Program;
use team::{Team, configure};

/// Kills go on for so long, in seconds.
const KILLED_FOR: u64 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_on_one_database_lose_nothing_though_one_dies_every_few_seconds() {
    let Ok(server) = std::env::var("DUBAN_TEST_POSTGRES_URL") else {
        println!("DUBAN_TEST_POSTGRES_URL is not set: THIS TEST COULD NOT RUN");
        return;
    };
    let seconds = std::env::var("DUBAN_TEAM_SECONDS");
    let seconds = seconds.map_or(KILLED_FOR, |seconds| seconds.parse().unwrap());
    let mut team = Team::open(&server).await;
    team.go_live().await;
    team.under_fire(Duration::from_secs(seconds)).await;
    team.come_to_rest().await;
    let account = account::settle(
        &team.world,
        &team.database,
        &team.talkers,
        &team.kills,
        &BTreeSet::new(),
    )
    .await;
    assert!(account.most_doubles <= 1, "{account:?}");
    assert_eq!(team.world.violations(), []);
    let pace = team.pace();
    let (terms, longest) = team.terms();
    program::verify(&team.database);
    println!(
        "{} kills ({} of the sender), {} updates, {} answers, {} doubles; {terms} senders one after the other, longest \
         take-over {longest:.1} s; lost 0, applied twice 0, 429s 0, at most {pace} sends a second",
        team.kills.len(),
        team.senders_killed(),
        team.updates().await,
        account.answers,
        account.doubles,
    );
    team.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_a_sqlite_file_says_so_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let start = "2026-11-23T01:30:00Z".parse().unwrap();
    let clock = duban::clock::Clock::starting_at(start);
    let server = duban::rehearsal::Server::start(clock.clone(), ([127, 0, 0, 1], 0).into());
    let server = server.await.unwrap();
    let database = format!("sqlite:{}", folder.path().join("data/duban.db").display());
    let member = |name: &str| {
        let config = folder.path().join(name);
        let port = balancer::free_port();
        configure(&config, port, port, &[]);
        Program::start(&config, &server.url(), &database, clock.now())
    };
    let first = member("first");
    team::wait("it starts", || {
        first.said().iter().any(|line| line.contains("?start="))
    })
    .await;
    let mut second = member("second");
    team::wait("the second ends", || second.ended().is_some()).await;
    assert_ne!(second.ended(), Some(0));
    let said = second.said().join("\n");
    assert!(said.contains("another duban runs on"), "{said}");
    assert!(said.contains("duban.db"), "{said}");
    // The lock dies with its holder.
    first.kill();
    let third = member("third");
    team::wait("the third starts", || {
        third.said().iter().any(|line| line.contains("?start="))
    })
    .await;
    third.terminate();
}
