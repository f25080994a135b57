//! The simulation: a random task force, its people, its office and its misfortunes, from one seed, the same every time.
//!
//! ```text
//! seed ─▶ setting (plan, roster, calendar) ─▶ deeds ─▶ stage ─▶ people ─▶ world ◀─ wire ◀─ bot over the memory store
//!                                                        └──▶ laws: what must hold after every step
//! ```
//!
//! Everything runs on one thread. The bot is one process or two over one store; its workers are polled by hand, one poll at a
//! time, in an order drawn from the seed; between any two polls a process may die, to be started anew from the store. A run ends with a hash over every call and every entry.
//! When a law is broken, the story is told again with fewer days, fewer people and fewer deeds, as long as the same law breaks.

mod bot;
mod changes;
pub mod country;
mod coverage;
mod deed;
mod dialog;
mod laws;
mod people;
mod setting;
mod shrink;
mod stage;
mod team;
mod vocabulary;
mod wire;

use fastrand::Rng;

pub use coverage::{ACTS, Coverage, NOT_TOLD};
use deed::Deed;
pub use laws::{Broken, hold_entry};
use setting::Setting;
use stage::{Stage, Stop};
pub use wire::Sabotage;

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The seed.
    pub seed: u64,
    /// Days from the first Monday.
    pub days: u64,
    /// People on the roster, at least four.
    pub people: usize,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// SHA-256 over every call and every entry, in hex.
    pub hash: String,
    /// Deeds carried out.
    pub deeds: usize,
    /// Calls of the bot.
    pub calls: u64,
    /// Entries in the ledger.
    pub entries: usize,
    /// How often the bot died.
    pub deaths: u32,
    /// How often its workers were polled.
    pub polls: u64,
    /// Processes the bot was.
    pub processes: usize,
    /// How often one of several processes took over from another what only one may do.
    pub takeovers: u64,
    /// What occurred in it.
    pub coverage: Coverage,
    /// Occasions on which an overdue task had to be told that day.
    pub duties: u64,
    /// Messages doubled by a death or a cut.
    pub doubles: u64,
}

/// A law was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What was simulated.
    pub order: Order,
    /// The law.
    pub law: String,
    /// What was seen.
    pub what: String,
    /// The shortest story found in which it breaks.
    pub story: Vec<String>,
    /// What the chats of that story showed last, in order of time.
    pub transcript: Vec<String>,
}

/// Tells a story to its end.
///
/// # Errors
/// The first law broken, with the shortest story found in which it breaks.
///
/// # Panics
/// When it is called from within an asynchronous runtime.
pub fn run(order: Order) -> Result<Told, Box<Failure>> {
    let (setting, deeds) = drawn(order);
    tell(order, &setting, &deeds, None)
        .map_err(|stopped| Box::new(shrink::shortest(order, &setting, deeds, stopped)))
}

/// Tells a story in which something is broken on purpose, to see that a law notices: the law, and what it saw.
///
/// # Errors
/// None of the laws noticed.
///
/// # Panics
/// When it is called from within an asynchronous runtime.
pub fn run_sabotaged(order: Order, sabotage: Sabotage) -> Result<(String, String), Box<Told>> {
    let (setting, deeds) = drawn(order);
    match tell(order, &setting, &deeds, Some(sabotage)) {
        Ok(told) => Err(Box::new(told)),
        Err(stopped) => Ok((stopped.law, stopped.what)),
    }
}

fn drawn(order: Order) -> (Setting, Vec<Deed>) {
    let mut rng = Rng::with_seed(order.seed);
    let setting = Setting::draw(&mut rng, order.people, order.days);
    let deeds = deed::draw(&mut rng, &setting, order.days);
    (setting, deeds)
}

/// A story that broke off.
struct Stopped {
    law: String,
    what: String,
    transcript: Vec<String>,
    /// How often its workers were polled.
    polls: u64,
}

impl Stopped {
    fn new(stop: Stop, transcript: Vec<String>, polls: u64) -> Self {
        let (law, what) = match stop {
            Stop::Law(broken) => (broken.law.to_owned(), broken.what),
            Stop::Bot(what) => ("the bot goes on".to_owned(), what),
        };
        Self {
            law,
            what,
            transcript,
            polls,
        }
    }
}

/// Tells a story on a runtime of its own: one thread, no clock but the story's.
fn tell(
    order: Order,
    setting: &Setting,
    deeds: &[Deed],
    sabotage: Option<Sabotage>,
) -> Result<Told, Stopped> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime =
        runtime.map_err(|error| Stopped::new(Stop::Bot(error.to_string()), Vec::new(), 0))?;
    runtime.block_on(async {
        let mut stage = Stage::new(setting.clone(), order.seed, sabotage);
        if let Err(stop) = stage.play(deeds, order.seed).await {
            return Err(Stopped::new(stop, stage.transcript(), stage.bot.polls()));
        }
        Ok(Told {
            hash: stage.laws.hash(),
            deeds: deeds.len(),
            calls: stage.laws.calls,
            entries: stage.laws.entries(),
            deaths: stage.bot.deaths(),
            polls: stage.bot.polls(),
            processes: stage.bot.processes(),
            takeovers: stage.bot.takeovers(),
            coverage: stage.laws.coverage.clone(),
            duties: stage.laws.weighed().0,
            doubles: stage.laws.weighed().1,
        })
    })
}
