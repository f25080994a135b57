//! `duban rehearse`: the real bot and the real client against a stand-in for Telegram, a short day on its own clock.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::files::read_config;
use super::stage::Stage;
use crate::rehearsal::script::{self, Line};
use crate::render;
use crate::store::{Memory, Store};

/// The built-in day: a reminder slot, two answers, an odd number questioned, a status request, the Friday digest.
const SHORT_DAY: &str = include_str!("rehearsal.script");

/// Plays `script`, or the built-in day, and prints the chat as it happens; then serves until Ctrl-C unless `once`.
pub async fn run(dir: &Path, once: bool, script: Option<&Path>) -> anyhow::Result<ExitCode> {
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
    let source = match script {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?
        }
        None => SHORT_DAY.to_owned(),
    };
    let lines = script::parse(&source)?;
    let Some((_, Line::Clock(start))) = lines.first() else {
        bail!("the script sets no time: begin with `@ 2026-11-20 08:30`");
    };
    let mut stage = Stage::open(&config, Store::Memory(Memory::default()), *start, true).await?;
    println!("{}", render::clerk::rehearsal_opens(&stage.url()));
    for (text, line) in &lines {
        println!("{text}");
        print!("{}", stage.play(line).await.with_context(|| text.clone())?);
    }
    let violations = stage.violations();
    for violation in &violations {
        eprintln!("{}: {}", violation.method, violation.what);
    }
    if !once {
        println!("{}", render::clerk::rehearsal_stays(&stage.url()));
        tokio::signal::ctrl_c()
            .await
            .context("waiting for Ctrl-C")?;
    }
    stage.close().await;
    Ok(if violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
