//! `duban simulate`: stories from seeds, until one breaks a law.

use std::process::ExitCode;

use crate::render;
use crate::simulation::{self, Coverage, Order};

/// Which stories.
#[derive(Debug, clap::Args)]
pub struct Stories {
    /// What everything is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stories to tell, each from the seed after.
    #[arg(long, default_value_t = 1)]
    stories: u64,
    /// Days of each story.
    #[arg(long, default_value_t = 14)]
    days: u64,
    /// People on the roster, at least four.
    #[arg(long, default_value_t = 8)]
    people: usize,
}

/// Tells the stories one after the other, and in the end what occurred in them; at the first law broken prints the shortest story found in which it breaks, and fails.
pub async fn run(told: Stories) -> anyhow::Result<ExitCode> {
    let Stories {
        seed: first,
        stories,
        days,
        people,
    } = told;
    // A story runs on a runtime of its own, on one thread.
    tokio::task::spawn_blocking(move || {
        let mut coverage = Coverage::default();
        for seed in first..first.saturating_add(stories) {
            let order = Order { seed, days, people };
            match simulation::run(order) {
                Ok(told) => {
                    let counts = [
                        told.deeds as u64,
                        told.calls,
                        told.entries as u64,
                        u64::from(told.deaths),
                        told.polls,
                    ];
                    println!("{}", render::simulation::told(seed, counts, &told.hash));
                    coverage.add(&told.coverage);
                }
                Err(failure) => {
                    let facts = (seed, days, people);
                    let (law, what) = (&failure.law, &failure.what);
                    println!(
                        "{}",
                        render::simulation::broken(
                            facts,
                            law,
                            what,
                            (&failure.story, &failure.transcript)
                        )
                    );
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        let (acts, commands) = (coverage.counted_acts(), coverage.counted_commands());
        let missing = coverage.missing();
        println!(
            "{}",
            render::simulation::occurred(&acts, &commands, &missing)
        );
        Ok(ExitCode::SUCCESS)
    })
    .await?
}
