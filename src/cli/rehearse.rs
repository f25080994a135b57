//! `duban rehearse`: the real bot and the real client against a stand-in for Telegram, on its own clock: a short day, then a room to play in.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::files::{ConfigFiles, read_config};
use super::room::{self, Conductor, OpenRoom, RoomSettings};
use super::run::asked_to_stop;
use super::stage::Stage;
use crate::rehearsal::script::{self, Line};
use crate::render;
use crate::store::{Memory, Store};

/// The built-in day: a reminder slot, two answers, an odd number questioned, a status request, the Friday digest.
const SHORT_DAY: &str = include_str!("rehearsal.script");

/// Where rooms are kept.
const ROOMS: &str = "data/rooms";

/// What to play, and where the room is.
#[derive(Debug)]
pub struct Rehearsal {
    /// Exits after the script; no page.
    pub once: bool,
    /// Keeps what was played in this database.
    pub keep: Option<SecretString>,
    /// Instead of the built-in day.
    pub script: Option<PathBuf>,
    /// A kept room to go on with.
    pub room: Option<PathBuf>,
    /// Nobody's account is known beforehand.
    pub unbound: bool,
    /// Where the page is served.
    pub listen: SocketAddr,
    /// Starts the browser.
    pub browse: bool,
    /// Ends with a failure at the first violation.
    pub strict: bool,
}

/// Lines of a script, and when it begins.
struct Play {
    name: String,
    lines: Vec<(String, Line)>,
    start: DateTime<Utc>,
}

/// Plays a script and prints the chat as it happens; then keeps the room open until Ctrl-C.
pub async fn run(dir: &Path, rehearsal: &Rehearsal) -> anyhow::Result<ExitCode> {
    let config = match read_config(dir) {
        (_, Ok(config)) => config,
        (_, Err(mistakes)) => {
            for line in mistakes.lines() {
                eprintln!("{line}");
            }
            bail!(
                "the configuration in {} has mistakes; nothing was played",
                dir.display()
            );
        }
    };
    let script = rehearsal.script.as_deref();
    let read = |script| read_play(script, &config, rehearsal.unbound);
    match &rehearsal.room {
        None if rehearsal.once => {
            let store = match &rehearsal.keep {
                Some(url) => new_database(url.expose_secret()).await?,
                None => Store::Memory(Memory::default()),
            };
            play_once(&config, store, read(script)?, !rehearsal.unbound).await
        }
        None => open_room(&config, Some(read(script)?), rehearsal).await,
        Some(_) => {
            let play = script.map(|script| read(Some(script))).transpose()?;
            open_room(&config, play, rehearsal).await
        }
    }
}

fn read_play(script: Option<&Path>, config: &ConfigFiles, unbound: bool) -> anyhow::Result<Play> {
    let (name, source) = match script {
        Some(path) => {
            let source = std::fs::read_to_string(path)
                .with_context(|| format!("reading {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.into_owned(), source)
        }
        None => (String::new(), SHORT_DAY.to_owned()),
    };
    let mut lines = script::parse(&source)?;
    if script.is_none() && unbound {
        lines.truncate(1);
    } else if script.is_none() && !plays_in(&source, config) {
        println!("{}", render::rehearsal::other_plan());
        lines.truncate(1);
    }
    let Some((_, Line::Clock(start))) = lines.first() else {
        bail!("the script sets no time: begin with `@ 2026-11-20 08:30`");
    };
    let start = *start;
    Ok(Play { name, lines, start })
}

/// Whether everybody of the built-in day is on a roster.
fn plays_in(script: &str, config: &ConfigFiles) -> bool {
    let people = config.plans.iter().flat_map(|file| &file.plan.members);
    let names: HashSet<&str> = people.map(|member| member.name.as_str()).collect();
    let mut played = script.lines().filter_map(|line| line.split_once("> "));
    played.all(|(name, _)| names.contains(name))
}

/// A database that holds nothing yet: what is played must not come behind what is true.
async fn new_database(url: &str) -> anyhow::Result<Store> {
    let store = Store::open(url).await?;
    if !store.heads().await?.is_empty() {
        bail!(
            "{} holds a ledger already; name a new database after --keep",
            super::ledger::shown(url)
        );
    }
    Ok(store)
}

async fn play_once(
    config: &ConfigFiles,
    store: Store,
    play: Play,
    bound: bool,
) -> anyhow::Result<ExitCode> {
    let mut stage = Stage::open(config, store, play.start, bound).await?;
    println!("{}", render::clerk::rehearsal_opens(&stage.url()));
    for (text, line) in &play.lines {
        println!("{text}");
        print!("{}", stage.play(line).await.with_context(|| text.clone())?);
    }
    let violations = stage.violations();
    for violation in &violations {
        eprintln!("{}: {}", violation.method, violation.what);
    }
    stage.close().await;
    Ok(code(violations.is_empty()))
}

fn code(is_clean: bool) -> ExitCode {
    if is_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn open_room(
    config: &ConfigFiles,
    play: Option<Play>,
    rehearsal: &Rehearsal,
) -> anyhow::Result<ExitCode> {
    let settings = RoomSettings {
        listen: rehearsal.listen,
        rooms: PathBuf::from(ROOMS),
        strict: rehearsal.strict,
        bound: !rehearsal.unbound,
    };
    let start = play
        .as_ref()
        .map_or(DateTime::UNIX_EPOCH, |play| play.start);
    let mut room = room::open(config, start, &settings).await?;
    if let Some(folder) = &rehearsal.room {
        room.open_kept(folder).await?;
    }
    let (url, port) = (room.desk.url(), room.desk.address().port());
    let wanted = rehearsal.listen.port();
    if port != wanted && wanted != 0 {
        println!("{}", render::rehearsal::port_in_use(wanted));
    }
    greet(rehearsal, &url, &room.conductor.stage().url());
    if let Some(link) = room.conductor.start_link().filter(|_| rehearsal.unbound) {
        println!("{}", render::rehearsal::first_start(&link));
    }
    if rehearsal.browse {
        browse(&url);
    }
    let OpenRoom {
        desk,
        mut conductor,
    } = room;
    let ended = tokio::select! {
        ended = conduct(&mut conductor, play, &url) => ended,
        () = asked_to_stop() => Ok(()),
    };
    let is_clean = conductor.stage().violations().is_empty();
    desk.close().await;
    conductor.close().await;
    ended?;
    Ok(code(is_clean))
}

fn greet(rehearsal: &Rehearsal, page: &str, api: &str) {
    let greeting = match &rehearsal.room {
        None if rehearsal.unbound && rehearsal.script.is_none() => {
            render::rehearsal::opens_unbound(page, api)
        }
        None => render::rehearsal::opens(page, api),
        Some(folder) => render::rehearsal::opened(page, &folder.display().to_string()),
    };
    println!("{greeting}");
}

/// Plays what is to be played, then lets people play.
async fn conduct(conductor: &mut Conductor, play: Option<Play>, url: &str) -> anyhow::Result<()> {
    if let Some(play) = play {
        conductor.play(&play.name, play.lines, true);
        if conductor.run_script().await?.is_some() {
            return Ok(());
        }
        println!("{}", render::rehearsal::stays(url));
    }
    conductor.run().await.map(|_| ())
}

/// Starts the browser this machine prefers. Without one the link is printed all the same.
fn browse(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        eprintln!("{program}: {error}");
    }
}
