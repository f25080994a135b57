//! The command line: reads arguments and files, builds the rest, and says what went wrong in one line.

mod backup;
mod check;
mod country;
mod doctor;
mod draft;
mod evidence;
mod export;
mod files;
mod hand;
mod import;
mod ledger;
mod logging;
mod operations;
mod panics;
mod preview;
mod print;
mod progress;
mod rehearse;
mod relocate;
mod restore;
mod room;
mod run;
mod secrets;
mod simulate;
mod stage;
mod team;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::schedule::Assume;
use crate::store::Shelf;
use secrets::Database;

pub use files::{ConfigFiles, read_config};
pub use hand::{Hand, HandSettings};
pub use room::{Conductor, Ending, OpenRoom, RoomSettings, open as open_room};
pub use stage::Stage;

/// duban (督办): keeps a government task force's promises through Telegram.
#[derive(Debug, Parser)]
#[command(name = "duban", version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct Place {
    /// Folder with plans/, holidays/, duban.toml and people.toml.
    #[arg(long, default_value = "config", value_name = "DIR")]
    config: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Evidence {
    /// Folder of the files that people sent as evidence.
    #[arg(long, env = "DUBAN_EVIDENCE", default_value = DEFAULT_EVIDENCE, value_name = "DIR")]
    evidence_dir: PathBuf,
}

/// Where evidence lives unless told otherwise.
const DEFAULT_EVIDENCE: &str = "data/evidence";

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads every plan and setting; prints all mistakes, then the gaps.
    Check {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        database: Database,
        /// Shows what the files would change against the adopted plan.
        #[arg(long)]
        diff: bool,
        /// Prints facts for a program.
        #[arg(long)]
        json: bool,
    },
    /// Reads a published plan (.txt, .docx, .html) and writes a draft plan file.
    Import {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        order: import::Order,
    },
    /// Runs the bot.
    Run {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        evidence: Evidence,
        /// Starts the clock there, as in 2026-11-27T15:59:50+08:00; only with the stand-in's own token.
        #[arg(long, value_name = "TIME")]
        clock: Option<chrono::DateTime<chrono::FixedOffset>>,
    },
    /// Lists what will be sent, when and to whom.
    Preview {
        #[command(flatten)]
        place: Place,
        /// First day.
        #[arg(long)]
        from: NaiveDate,
        /// Last day.
        #[arg(long)]
        to: NaiveDate,
        /// How people behave.
        #[arg(long, value_enum, default_value_t = Assumed::Silent)]
        assume: Assumed,
    },
    /// Opens the rehearsal room over a stand-in for Telegram: no token, no network.
    Rehearse {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        room: Room,
    },
    /// Tells a random story from a seed, with all that can go wrong, and holds it against what must hold.
    Simulate(simulate::Stories),
    /// Writes a country of task forces with years of answers into an empty database, to measure with.
    Country {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        order: country::Order,
    },
    /// Ties an account to a person, on the host.
    Bind {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        who: ledger::Who,
    },
    /// Prints a digest as it was sent.
    Digest {
        #[command(flatten)]
        database: Database,
        /// Id of the task force; may be left out when there is one.
        #[arg(long)]
        task_force: Option<String>,
        /// Its number.
        #[arg(long)]
        number: u32,
        /// Makes it again from the ledger; exits 1 at the first difference.
        #[arg(long)]
        remake: bool,
    },
    /// Takes the ledger out: the workbook, tables for programs, or the files people sent as evidence.
    Export {
        #[command(flatten)]
        source: export::Source,
        #[command(flatten)]
        order: export::Order,
    },
    /// Writes the report (简报) as an official document.
    Bulletin {
        #[command(flatten)]
        source: export::Source,
        /// Of a posted digest instead of a time.
        #[arg(long, conflicts_with = "at")]
        number: Option<u32>,
    },
    /// Draws the board (进度看板) and, behind it, the trend of twelve weeks.
    Board {
        #[command(flatten)]
        order: export::Pictures,
        /// The trend alone.
        #[arg(long)]
        trend: bool,
    },
    /// Draws one measure's targets over time beside their pace (进度曲线).
    Chart {
        /// The measure by its number; without it the general targets.
        measure: Option<u16>,
        #[command(flatten)]
        order: export::Pictures,
    },
    /// Writes deadlines for a calendar.
    Calendar {
        #[command(flatten)]
        source: export::Source,
        /// Id or name of the person whose deadlines are wanted; without it those of all.
        #[arg(long)]
        person: Option<String>,
    },
    /// Copies the SQLite database as of one moment, while the bot runs, and checks the copy.
    Backup(backup::Order),
    /// Puts a backup in the place of the SQLite database, which is kept; the next start is paused.
    Restore(restore::Order),
    /// Looks at all that a running bot stands on and says the mend; disturbs nothing.
    Doctor(doctor::Premises),
    /// Moves everything to a new, empty database, SQLite or PostgreSQL, and verifies both.
    Move(relocate::Route),
    /// Walks the chain of every task force and names the first broken entry.
    Verify {
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, clap::Args)]
struct Room {
    /// Plays and prints the script, then exits; no page.
    #[arg(long)]
    once: bool,
    /// Keeps what was played in this new database, sqlite:PATH or postgres://…, for `duban export` and the like.
    #[arg(long, value_name = "URL", requires = "once")]
    keep: Option<SecretString>,
    /// A script to play instead of the built-in day.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Goes on with the room kept in this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "once")]
    room: Option<PathBuf>,
    /// Nobody's account is known beforehand: begins at the first-start link, without the built-in day.
    #[arg(long, conflicts_with = "room")]
    unbound: bool,
    /// Port of the page; when it is in use, the next free one.
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// Address the page is served at. Whoever reaches it may do anything in the room.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Opens the page in the browser.
    #[arg(long)]
    open: bool,
    /// Ends with a failure at the bot's first breach of Telegram's rules.
    #[arg(long)]
    strict: bool,
}

impl From<Room> for rehearse::Rehearsal {
    fn from(room: Room) -> Self {
        Self {
            once: room.once,
            keep: room.keep,
            script: room.script,
            room: room.room,
            unbound: room.unbound,
            listen: SocketAddr::new(room.listen, room.port),
            browse: room.open,
            strict: room.strict,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Assumed {
    /// Nobody answers.
    Silent,
    /// Everybody answers the first time they are asked.
    Punctual,
}

impl From<Assumed> for Assume {
    fn from(assumed: Assumed) -> Self {
        match assumed {
            Assumed::Silent => Self::Silent,
            Assumed::Punctual => Self::Punctual,
        }
    }
}

/// Parses the arguments and does what they say.
pub fn run() -> ExitCode {
    panics::install();
    let arguments = Arguments::parse();
    if std::env::args().any(|argument| holds_password(&argument)) {
        eprintln!(
            "duban: a password in an argument is read by everybody on this machine in the list of processes: put the URL into DATABASE_URL, or into a file that DATABASE_URL_FILE names, or the password into PGPASSWORD or ~/.pgpass"
        );
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("duban: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            logging::complain(&format!("duban: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether an argument is the URL of a database with a password in it.
fn holds_password(argument: &str) -> bool {
    let Some((_, rest)) = argument
        .split_once("postgres")
        .and_then(|(_, url)| url.split_once("://"))
    else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || rest.contains("password=")
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check {
            place,
            database,
            diff,
            json,
        } => check::run(&place.config, database.url()?.expose_secret(), diff, json).await,
        Command::Import { place, order } => import::run(&place.config, &order, &Clock::System),
        Command::Run {
            place,
            database,
            evidence,
            clock,
        } => {
            let shelf = Shelf::new(evidence.evidence_dir);
            run::run(&place.config, database.url()?.expose_secret(), shelf, clock).await
        }
        Command::Preview {
            place,
            from,
            to,
            assume,
        } => preview::run(&place.config, from, to, assume.into()),
        Command::Rehearse { place, room } => rehearse::run(&place.config, &room.into()).await,
        Command::Simulate(stories) => simulate::run(stories).await,
        Command::Country { database, order } => {
            country::run(database.url()?.expose_secret(), order).await
        }
        Command::Bind {
            place,
            database,
            who,
        } => ledger::bind(&place.config, database.url()?.expose_secret(), who).await,
        Command::Digest {
            database,
            task_force,
            number,
            remake,
        } => ledger::digest(database.url()?.expose_secret(), task_force, number, remake).await,
        Command::Export { source, order } => export::export(source, order).await,
        Command::Bulletin { source, number } => export::bulletin(source, number).await,
        Command::Board { order, trend } => export::board(order, trend).await,
        Command::Chart { measure, order } => export::chart(order, measure).await,
        Command::Calendar { source, person } => export::calendar(source, person.as_deref()).await,
        Command::Backup(order) => backup::run(order).await,
        Command::Restore(order) => restore::run(order).await,
        Command::Doctor(premises) => doctor::run(&premises).await,
        Command::Move(route) => relocate::run(&route).await,
        Command::Verify { database } => ledger::verify(database.url()?.expose_secret()).await,
    }
}
