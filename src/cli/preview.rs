//! `duban preview`: every planned send between two days, through the same scheduling code.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use chrono::NaiveDate;

use super::files::read_config;
use super::print::print_line;
use crate::ledger::Standing;
use crate::render;
use crate::schedule::{self, Assume};

/// Longest time looked ahead, in days: ten years.
const MOST_DAYS: i64 = 3_660;

/// Lists the sends of every plan.
pub fn run(dir: &Path, from: NaiveDate, to: NaiveDate, assume: Assume) -> anyhow::Result<ExitCode> {
    if to < from || (to - from).num_days() > MOST_DAYS {
        bail!("--to must not lie before --from, nor more than ten years after it");
    }
    let config = match read_config(dir) {
        (_, Ok(config)) => config,
        (_, Err(mistakes)) => {
            for line in mistakes.lines() {
                eprintln!("{line}");
            }
            bail!("the configuration in {} has mistakes", dir.display());
        }
    };
    for file in &config.plans {
        let frame = config.frame(file);
        let preview = schedule::preview(&frame, &Standing::default(), from, to, assume);
        for line in render::preview::preview(&frame, &preview, from, to, assume) {
            print_line(line);
        }
    }
    Ok(ExitCode::SUCCESS)
}
