//! The real program, killed again and again at any moment: nothing acknowledged is lost, nothing is applied twice.
//!
//! `DUBAN_BINARY` names the program (else the one built beside this test), `DUBAN_CRASH_KILLS` how often it is killed,
//! `DUBAN_CRASH_SEED` the moments.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    reason = "how long the real program takes is the outside world's time"
)]

mod account;
mod cluster;
mod disk;
mod hours;
mod people;
mod program;
mod stage;

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use duban::rehearsal::Fault;

use account::Account;
use cluster::Cluster;
use disk::{Disk, cannot_run};
use people::CHIEF;
use program::Program;
use stage::{Moment, Stage};

/// Kills between two slots: so many while people answer, so many around the slot itself.
const KILLS_WHILE_ANSWERING: usize = 5;
const KILLS_AROUND_A_SLOT: usize = 3;

/// Lives after which whoever was asked nothing more must have all their answers.
const MOST_LIVES_TO_REST: usize = 40;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("data/duban.db").display())
}

/// One life: from its start to its violent end, and how long it is down after that.
async fn life(stage: &mut Stage, begins: bool) {
    stage.start();
    let moment = stage.moment();
    let lives = stage.live(moment, begins).await;
    let said = stage.program.take().unwrap().kill();
    assert!(lives, "it ended by itself: {said:#?}");
    // Leases of the dead run out in half a minute; now and then it is up again before that.
    let down = if stage.rng.u32(0..4) == 0 { 0 } else { 31 };
    stage.pass_down(TimeDelta::seconds(down)).await;
}

/// Kills it `kills` times while people answer and slots pass, and settles the account.
async fn killed(stage: &mut Stage, kills: usize) {
    let before = stage.lives.len();
    while stage.lives.len() - before < kills {
        for _ in 0..KILLS_WHILE_ANSWERING {
            life(stage, true).await;
        }
        bring_to_rest(stage).await;
        to_next_slot(stage).await;
        for _ in 0..KILLS_AROUND_A_SLOT {
            life(stage, false).await;
        }
    }
}

/// Lives on, killed as before, until everybody has their answers.
async fn bring_to_rest(stage: &mut Stage) {
    for _ in 0..MOST_LIVES_TO_REST {
        if stage.rests() {
            return;
        }
        life(stage, false).await;
    }
    panic!("somebody waits for ever: {}", stage.shown());
}

/// Down until right before the next slot or digest, so that it falls into the next life.
async fn to_next_slot(stage: &mut Stage) {
    let lead = TimeDelta::from_std(stage.start_takes).unwrap();
    let lead = lead + TimeDelta::milliseconds(stage.rng.i64(0..500));
    let time = stage.next_slot() - lead - stage.hours.now();
    stage.pass_down(time).await;
}

/// The last life ends in order; then the account is settled.
async fn finish(stage: &mut Stage) -> Account {
    // In working hours, when everything may leave.
    let time = stage.next_slot() + TimeDelta::minutes(10) - stage.hours.now();
    stage.pass_down(time).await;
    stage.start();
    stage.come_to_rest().await;
    let account = account::settle(
        &stage.world,
        &stage.database,
        &stage.talkers,
        &stage.lives,
        &stage.seen,
    )
    .await;
    assert!(account.most_doubles <= 1, "{account:?}");
    let breaches = account::breaches(&stage.world, &stage.lives);
    assert!(breaches.is_empty(), "{breaches:#?}");
    program::verify(&stage.database);
    account
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_moment_it_is_killed_at_nothing_is_lost_or_done_twice() {
    let kills = usize::try_from(number("DUBAN_CRASH_KILLS", 40)).unwrap();
    let seed = number("DUBAN_CRASH_SEED", 1);
    let mut stage = Stage::open(seed, sqlite).await;
    stage.go_live().await;
    stage
        .live(Moment::After(Duration::from_millis(500)), false)
        .await;
    stage.program.take().unwrap().kill();
    let lives = stage.lives.len();
    killed(&mut stage, kills).await;
    let kills = stage.lives.len() - lives + 1;
    let settled = finish(&mut stage).await;
    println!("{kills} kills, {settled}");
}

/// The program lives on while its database server is stopped at once and started again.
async fn server_restarted(stage: &mut Stage, cluster: &Cluster) {
    let moment = stage.moment();
    assert!(
        stage.live(moment, true).await,
        "{:#?}",
        stage.program.as_ref().map(Program::said)
    );
    cluster.stop_at_once();
    stage.lives.push(stage.world.calls_made());
    let down = Duration::from_millis(stage.rng.u64(0..1_500));
    tokio::time::sleep(down).await;
    cluster.go_on();
    stage.world.clear_faults();
    let lives = stage
        .live(Moment::After(Duration::from_millis(2_500)), true)
        .await;
    assert!(
        lives,
        "it did not outlive its database server: {:#?}",
        stage.program.as_ref().map(Program::said)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_dies_under_it_loses_nothing() {
    let Some(cluster) = Cluster::start() else {
        return cannot_run("no PostgreSQL server is installed under /usr/lib/postgresql");
    };
    let restarts = number("DUBAN_CRASH_RESTARTS", 6);
    let url = cluster.url();
    let mut stage = Stage::open(number("DUBAN_CRASH_SEED", 1), |_| url).await;
    stage.go_live().await;
    for restart in 0..restarts {
        server_restarted(&mut stage, &cluster).await;
        // Every third time the program dies too, and a slot passes.
        if restart % 3 == 2 {
            stage.program.take().unwrap().kill();
            stage.pass_down(TimeDelta::seconds(31)).await;
            bring_to_rest(&mut stage).await;
            to_next_slot(&mut stage).await;
            stage.start();
        }
    }
    stage.program.take().unwrap().kill();
    let settled = finish(&mut stage).await;
    println!("{restarts} restarts of the database server, {settled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_when_there_is_room_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let disk = match Disk::mount(&folder.path().join("disk"), 16) {
        Ok(disk) => disk,
        Err(why) => return cannot_run(&format!("no tmpfs could be mounted: {why}")),
    };
    let database = format!("sqlite:{}", folder.path().join("disk/duban.db").display());
    let mut stage = Stage::open(number("DUBAN_CRASH_SEED", 1), |_| database).await;
    stage.go_live().await;
    for _ in 0..3 {
        stage
            .live(Moment::After(Duration::from_secs(3)), true)
            .await;
        disk.fill_but(0);
        wait_for_line(&mut stage, "disk is full").await;
        // It waits rather than ends, and goes on by itself.
        assert!(
            stage
                .live(Moment::After(Duration::from_secs(2)), true)
                .await,
            "a full disk ended it"
        );
        disk.free();
        assert!(
            stage
                .live(Moment::After(Duration::from_secs(3)), true)
                .await,
            "it ended"
        );
    }
    // Killed and started on a full disk.
    disk.fill_but(0);
    stage
        .live(Moment::After(Duration::from_millis(700)), true)
        .await;
    stage.program.take().unwrap().kill();
    stage.start();
    stage
        .live(Moment::After(Duration::from_secs(2)), true)
        .await;
    stage.program.take().unwrap().kill();
    disk.free();
    let settled = finish(&mut stage).await;
    println!("a disk full four times, {settled}");
    drop(stage);
}

async fn wait_for_line(stage: &mut Stage, words: &str) {
    let begun = std::time::Instant::now();
    loop {
        let said = stage
            .program
            .as_ref()
            .map(Program::said)
            .unwrap_or_default();
        if said.iter().any(|line| line.contains(words)) {
            return;
        }
        assert!(
            begun.elapsed() < stage::PATIENCE,
            "no line with {words}: {said:#?}"
        );
        assert!(
            stage
                .live(Moment::After(Duration::from_millis(200)), true)
                .await,
            "it ended: {said:#?}"
        );
    }
}

/// The account itself: a message that is doubled is counted, once.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_cut_off_comes_twice_and_is_counted() {
    let mut stage = Stage::open(1, sqlite).await;
    stage.go_live().await;
    stage.world.fault("sendMessage", 1, Fault::ProcessThenClose);
    let help = stage.world.say(CHIEF, CHIEF, "/help");
    stage.wait_for_behind(CHIEF, help, "/report").await;
    stage.program.take().unwrap().kill();
    let settled = finish(&mut stage).await;
    assert_eq!(
        (settled.doubles, settled.most_doubles),
        (1, 0),
        "{settled:?}"
    );
}
