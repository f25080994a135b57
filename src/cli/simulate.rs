//! `duban simulate`: stories from seeds, until one breaks a law.

use std::ops::Range;
use std::process::ExitCode;

use crate::render;
use crate::simulation::{self, Order};

/// Tells the stories one after the other; at the first law broken prints the shortest story found in which it breaks, and fails.
pub async fn run(seeds: Range<u64>, days: u64, people: usize) -> anyhow::Result<ExitCode> {
    // A story runs on a runtime of its own, on one thread.
    tokio::task::spawn_blocking(move || {
        for seed in seeds {
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
                }
                Err(failure) => {
                    let facts = (seed, days, people);
                    let (law, what) = (&failure.law, &failure.what);
                    println!(
                        "{}",
                        render::simulation::broken(facts, law, what, &failure.story)
                    );
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
    .await?
}
