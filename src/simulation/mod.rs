//! The simulation: a random task force, its people, its office and its misfortunes, from one seed, the same every time.
//!
//! ```text
//! seed ─▶ setting (plan, roster, calendar) ─▶ deeds ─▶ stage ─▶ people ─▶ world ◀─ wire ◀─ bot over the memory store
//!                                                        └──▶ laws: what must hold after every step
//! ```
//!
//! Everything runs on one thread. The bot's workers are polled by hand, one poll at a time, in an order drawn from the seed;
//! between any two polls it may die, to be started anew from its store. A run ends with a hash over every call and every entry.
//! When a law is broken, the story is told again with fewer days, fewer people and fewer deeds, as long as the same law breaks.

mod bot;
pub mod country;
mod deed;
mod laws;
mod people;
mod setting;
mod shrink;
mod stage;
mod vocabulary;
mod wire;

use fastrand::Rng;

use deed::Deed;
pub use laws::{Broken, hold_entry};
use setting::Setting;
use stage::{Stage, Stop};

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
    tell(order, &setting, &deeds)
        .map_err(|stop| Box::new(shrink::shortest(order, &setting, deeds, stop)))
}

fn drawn(order: Order) -> (Setting, Vec<Deed>) {
    let mut rng = Rng::with_seed(order.seed);
    let setting = Setting::draw(&mut rng, order.people, order.days);
    let deeds = deed::draw(&mut rng, &setting, order.days);
    (setting, deeds)
}

/// Tells a story on a runtime of its own: one thread, no clock but the story's.
fn tell(order: Order, setting: &Setting, deeds: &[Deed]) -> Result<Told, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| Stop::Bot(error.to_string()))?;
    runtime.block_on(async {
        let mut stage = Stage::open(setting.clone(), order.seed).await?;
        for deed in deeds {
            stage.carry_out(deed).await?;
        }
        stage.close().await?;
        Ok(Told {
            hash: stage.laws.hash(),
            deeds: deeds.len(),
            calls: stage.laws.calls,
            entries: stage.laws.entries(),
            deaths: stage.bot.deaths,
            polls: stage.bot.polls,
        })
    })
}
