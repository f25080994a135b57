//! `duban country`: a country of task forces, written into a database of its own.

use std::process::ExitCode;

use anyhow::{Context, bail};
use chrono::{Datelike, NaiveDate, Weekday};

use super::ledger::shown;
use super::print::print_line;
use crate::render;
use crate::simulation::country::Country;
use crate::store::Store;

/// How often it is said how far it is.
const TOLD_EVERY: usize = 100;

/// How large, how long, and from which seed.
#[derive(Debug, clap::Args)]
pub struct Order {
    /// How many task forces.
    #[arg(long, default_value_t = 2800)]
    task_forces: usize,
    /// Years of answers.
    #[arg(long, default_value_t = 3)]
    years: u64,
    /// What everything is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The last day, a Friday.
    #[arg(long, default_value = "2026-11-27")]
    ends: NaiveDate,
}

/// Writes it; a database that holds a ledger already is left alone.
pub async fn run(database_url: &str, order: Order) -> anyhow::Result<ExitCode> {
    let country = Country {
        task_forces: order.task_forces,
        years: order.years,
        seed: order.seed,
        ends: order.ends,
    };
    if country.ends.weekday() != Weekday::Fri {
        bail!("--ends must be a Friday");
    }
    let store = Store::open(database_url)
        .await
        .with_context(|| format!("opening {}", shown(database_url)))?;
    if store.first_task_force().await?.is_some() {
        bail!("{} holds a ledger already", shown(database_url));
    }
    let mut entries = 0;
    for number in 0..country.task_forces {
        entries += country.write(&store, number).await?.entries;
        if (number + 1) % TOLD_EVERY == 0 || number + 1 == country.task_forces {
            print_line(render::simulation::country(number + 1, entries));
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
