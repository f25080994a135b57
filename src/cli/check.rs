//! `duban check`: all mistakes at once, then the gaps; `--diff` against what is adopted.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Datelike, Utc};

use super::files::{ConfigFiles, Mistakes, PlanFile, read_config};
use super::print::print_line;
use crate::calendar::date_of;
use crate::clock::Clock;
use crate::conversation::MovedSend;
use crate::ledger::{Frame, Standing};
use crate::plan;
use crate::render;
use crate::schedule::{self, Given};
use crate::service::{moved_send, read_frame};
use crate::store::Store;

/// Exit code 1 on mistakes, 0 with gaps.
pub async fn run(
    dir: &Path,
    database_url: &str,
    diff: bool,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let (readable, config) = read_config(dir);
    let (plans, mistakes) = match &config {
        Ok(config) => (&config.plans, Mistakes::default()),
        Err(mistakes) => (&readable, mistakes.clone()),
    };
    if json {
        print_json(plans, config.as_ref().ok(), &mistakes);
    } else {
        print_lines(plans, config.as_ref().ok(), &mistakes);
    }
    if let (true, Ok(config)) = (diff, &config) {
        print_diff(config, database_url).await?;
    }
    Ok(if mistakes.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print_lines(plans: &[PlanFile], config: Option<&ConfigFiles>, mistakes: &Mistakes) {
    for line in mistakes.lines() {
        print_line(line);
    }
    for file in plans {
        print_line(render::clerk::plan_heading(&file.name, &file.plan));
        for line in render::check::gap_report(&file.plan, &plan::gaps(&file.plan)) {
            print_line(line);
        }
        let lacking = render::check::not_in_font(&file.source);
        for line in render::check::not_in_font_report(&file.name, &lacking) {
            print_line(line);
        }
    }
    if let Some(line) = render::check::provisional_years(&provisional(plans, config)) {
        print_line(line);
    }
    print_line(render::clerk::summary(mistakes.count()));
}

fn print_json(plans: &[PlanFile], config: Option<&ConfigFiles>, mistakes: &Mistakes) {
    let years = provisional(plans, config);
    let gaps: Vec<_> = plans.iter().map(|file| plan::gaps(&file.plan)).collect();
    let sources = plans.iter().map(|file| file.source.as_str());
    let lacking: Vec<_> = sources.map(render::check::not_in_font).collect();
    let checked = render::check::Checked {
        mistakes: &mistakes.mistakes,
        faults: &mistakes.faults,
        holiday_mistakes: &mistakes.holidays,
        provisional_years: &years,
        plans: plans
            .iter()
            .zip(&gaps)
            .zip(&lacking)
            .map(|((file, gaps), not_in_font)| render::check::CheckedPlan {
                file: &file.name,
                task_force: file.plan.task_force.id.as_str(),
                gaps,
                not_in_font,
            })
            .collect(),
    };
    print_line(render::check::json(&checked));
}

async fn print_diff(config: &ConfigFiles, database_url: &str) -> anyhow::Result<()> {
    let store = Store::open(database_url)
        .await
        .context("opening the database for --diff")?;
    for file in &config.plans {
        let id = &file.plan.task_force.id;
        let standing = Standing::fold(&store.entries_after(id, 0).await?);
        let new = Arc::new(config.frame(file)).amended(&standing);
        let Some(hash) = standing.adoption else {
            print_line(render::clerk::nothing_adopted(&file.plan));
            continue;
        };
        let json = store
            .adoption(hash)
            .await?
            .context("the adopted text is missing in the database")?;
        let old = Arc::new(read_frame(id, hash, &json)?).amended(&standing);
        let now = Clock::System.now();
        for line in difference(&old, &new, &standing, now) {
            print_line(line);
        }
    }
    Ok(())
}

fn difference(old: &Frame, new: &Frame, standing: &Standing, now: DateTime<Utc>) -> Vec<String> {
    if old.adoption == new.adoption {
        return vec![render::clerk::no_difference(&new.plan)];
    }
    let mut lines = render::check::plan_diff(&plan::diff(&old.plan, &new.plan));
    lines.extend(render::check::settings_diff(&plan::settings_diff(
        &old.settings,
        &new.settings,
    )));
    if old.calendar != new.calendar {
        let years = (new.plan.task_force.starts.year()..=new.plan.task_force.ends.year() + 1)
            .filter(|year| old.calendar.table(*year) != new.calendar.table(*year));
        lines.push(render::clerk::holidays_changed(&years.collect::<Vec<_>>()));
        let moved = schedule::moved(old, &new.calendar, standing, &Given::default(), now);
        let moved: Vec<MovedSend> = moved.iter().map(moved_send).collect();
        lines.extend(render::check::moved_sends(&moved, date_of(now)));
    }
    lines
}

/// Years of the plans that have no holiday table.
fn provisional(plans: &[PlanFile], config: Option<&ConfigFiles>) -> Vec<i32> {
    let Some(config) = config else {
        return Vec::new();
    };
    let frames = plans.iter().map(|file| &file.plan.task_force);
    let mut years: Vec<i32> = frames
        .flat_map(|frame| frame.starts.year()..=frame.ends.year())
        .collect();
    years.sort_unstable();
    years.dedup();
    years.retain(|year| config.calendar.is_provisional(*year));
    years
}
