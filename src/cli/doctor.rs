//! `duban doctor`: everything a running bot stands on, looked at without disturbing it, each with its mend.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rustix::fs::{Access, access};
use secrecy::ExposeSecret;

use super::files::{ConfigFiles, Mistakes, read_config};
use super::print::print_line;
use super::run::client_settings_if_set;
use super::secrets::{Database, secret};
use crate::calendar::date_of;
use crate::clock::Clock;
use crate::config::Intake;
use crate::ledger::Standing;
use crate::plan::TaskForceId;
use crate::render::check;
use crate::render::doctor::{self, Finding, GroupRights, Level, Report};
use crate::store::{Examined, RouteKind, Store, StoreError, examine, file_of, free_bytes};
use crate::telegram::{Examiner, Introduced, Membership, Unanswered};

/// A longer answer is worth a note.
const SLOW: TimeDelta = TimeDelta::seconds(2);

/// A clock off by more is worth a note.
const OFF: TimeDelta = TimeDelta::seconds(5);

/// A clock off by more sends at the wrong minute.
const FAR_OFF: TimeDelta = TimeDelta::seconds(60);

/// Less free room on the disk is worth a note, in megabytes.
const LITTLE_ROOM: u64 = 1024;

/// Less is too little, in megabytes.
const NO_ROOM: u64 = 200;

/// Bytes of a megabyte.
const MEGABYTE: u64 = 1024 * 1024;

/// Ledgers folded for want of routes, which the next start makes: one takes some 30 ms after three years.
const MOST_FOLDED: usize = 20;

/// Groups that Telegram is asked about, some 100 ms each.
const MOST_GROUPS: usize = 50;

/// A webhook's failure counts for so long.
const FRESH_FAILURE: TimeDelta = TimeDelta::hours(1);

/// The month in which the next year's holidays are published, and the one in which they must be there.
const PUBLISHED_IN: u32 = 11;
const WANTED_IN: u32 = 12;

/// Where everything is.
#[derive(Debug, clap::Args)]
pub(super) struct Premises {
    #[command(flatten)]
    place: super::Place,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    evidence: super::Evidence,
    /// Prints facts for a program.
    #[arg(long)]
    json: bool,
}

/// Exit code 1 when something must be mended.
pub(super) async fn run(premises: &Premises) -> anyhow::Result<ExitCode> {
    let clock = Clock::System;
    let dir = premises.place.config.as_path();
    let (_, config) = read_config(dir);
    let mut findings = vec![configuration(dir, &config)];
    let config = config.ok();
    if let Some(config) = &config {
        findings.push(holidays(config, clock.now()));
    }
    let (of_database, groups) = database(&premises.database.url(), &clock).await;
    findings.extend(of_database);
    findings.push(evidence(&premises.evidence.evidence_dir, config.as_ref()));
    findings.extend(telegram(config.as_ref(), &groups, &clock).await);
    let ok = findings.iter().all(|finding| finding.level != Level::Bad);
    if premises.json {
        let report = Report {
            ok,
            findings: &findings,
        };
        print_line(check::json(&report));
    } else {
        findings.iter().map(doctor::line).for_each(print_line);
        print_line(doctor::summary(&findings));
    }
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn configuration(dir: &Path, config: &Result<ConfigFiles, Mistakes>) -> Finding {
    let mistakes = config.as_ref().err().map_or(0, Mistakes::count);
    doctor::configuration(mistakes, &dir.display().to_string())
}

fn holidays(config: &ConfigFiles, now: DateTime<Utc>) -> Finding {
    let today = date_of(now);
    let year = today.year();
    let has = |year| !config.calendar.is_provisional(year);
    let next = (today.month() >= PUBLISHED_IN).then(|| has(year + 1));
    doctor::holidays(year, has(year), next, today.month() >= WANTED_IN)
}

/// A task force by its name, and the chat of its group.
type Bound = (String, Option<i64>);

async fn database(
    url: &anyhow::Result<secrecy::SecretString>,
    clock: &Clock,
) -> (Vec<Finding>, Vec<Bound>) {
    let url = match url {
        Ok(url) => url.expose_secret(),
        Err(error) => {
            let why = format!("{error:#}");
            return (vec![doctor::secret("database", &why)], Vec::new());
        }
    };
    let mut findings = Vec::new();
    if let Ok(Some(file)) = file_of(url) {
        findings.extend(room(file.parent().unwrap_or(Path::new(""))));
    }
    let examined = match examine(url, || clock.now()).await {
        Ok(Some(examined)) => examined,
        Ok(None) => {
            findings.insert(0, doctor::no_database(super::ledger::shown(url)));
            return (findings, Vec::new());
        }
        Err(error) => {
            findings.insert(0, doctor::database_fault(&error.to_string()));
            return (findings, Vec::new());
        }
    };
    findings.extend(of_database(&examined));
    if examined.version != Some(examined.known) {
        return (findings, Vec::new());
    }
    match groups(url, &mut findings).await {
        Ok(groups) => (findings, groups),
        Err(error) => {
            findings.push(doctor::database_fault(&error.to_string()));
            (findings, Vec::new())
        }
    }
}

fn room(folder: &Path) -> Option<Finding> {
    let free = free_bytes(folder)? / MEGABYTE;
    Some(doctor::room(free, free < LITTLE_ROOM, free < NO_ROOM))
}

fn of_database(examined: &Examined) -> Vec<Finding> {
    let mut findings = vec![doctor::migrations(examined.version, examined.known)];
    if examined.version == Some(examined.known) {
        findings.push(doctor::integrity(examined.damage.as_deref()));
        let refused = examined.writable.as_ref().err().map(StoreError::to_string);
        findings.push(doctor::writing(refused.as_deref()));
    }
    if examined.file.is_none() {
        let (theirs, ours) = examined.clocks;
        let other = doctor::databases_clock();
        findings.push(of_clock("database_clock", other, ours - theirs));
    }
    findings
}

fn of_clock(check: &'static str, other: &str, off: TimeDelta) -> Finding {
    let (by, millis) = (off.abs(), off.num_milliseconds());
    doctor::clock(check, other, millis, by > OFF, by > FAR_OFF)
}

/// The task forces with their groups: as the routes say, and as the ledger says where there are none yet. Of each ledger its newest
/// entry is read; to read all of them is for `duban verify`.
async fn groups(url: &str, findings: &mut Vec<Finding>) -> Result<Vec<Bound>, StoreError> {
    let store = Store::open(url).await?;
    let routes = store.routes_of_kind(RouteKind::Group).await?;
    let known: BTreeMap<TaskForceId, String> = routes.into_iter().collect();
    let unrouted: BTreeSet<TaskForceId> = store.unrouted().await?.into_iter().collect();
    if unrouted.len() > MOST_FOLDED {
        findings.push(doctor::unrouted(unrouted.len() - MOST_FOLDED));
    }
    let folded: BTreeSet<&TaskForceId> = unrouted.iter().take(MOST_FOLDED).collect();
    let mut bound = Vec::new();
    for (id, head) in store.heads().await? {
        let group = if folded.contains(&id) {
            folded_group(&store, &id).await
        } else if unrouted.contains(&id) {
            continue;
        } else {
            let behind = head.seq.saturating_sub(1);
            let newest = store.each_entry(&id, behind, head.seq, drop).await;
            newest.map(|()| known.get(&id).and_then(|chat| chat.parse().ok()))
        };
        match group {
            Ok(group) => bound.push((id.to_string(), group)),
            Err(error) => findings.push(doctor::ledger_fault(id.as_str(), &error.to_string())),
        }
    }
    store.close().await;
    Ok(bound)
}

async fn folded_group(store: &Store, id: &TaskForceId) -> Result<Option<i64>, StoreError> {
    let mut standing = Standing::default();
    let each = |entry| standing.apply(&entry);
    store.each_entry(id, 0, u64::MAX, each).await?;
    Ok(standing.group.map(|group| group.chat))
}

fn evidence(folder: &Path, config: Option<&ConfigFiles>) -> Finding {
    let off = config.is_some_and(|config| !config.deployment.evidence.fetch);
    if off {
        return doctor::evidence_off();
    }
    // One that is not there yet is made in the nearest folder above.
    let there = folder.ancestors().find(|above| above.exists());
    let there = match there {
        Some(there) if !there.as_os_str().is_empty() => there,
        Some(_) | None => Path::new("."),
    };
    let usable = there.is_dir() && access(there, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    doctor::folder("evidence", &folder.display().to_string(), usable)
}

async fn telegram(config: Option<&ConfigFiles>, groups: &[Bound], clock: &Clock) -> Vec<Finding> {
    let settings = match client_settings_if_set() {
        Ok(Some(settings)) => settings,
        Ok(None) => return vec![doctor::no_token()],
        Err(error) => return vec![doctor::secret("token", &format!("{error:#}"))],
    };
    let examiner = match Examiner::new(&settings, clock.clone()) {
        Ok(examiner) => examiner,
        Err(error) => return vec![doctor::unreachable(&error.to_string())],
    };
    let me = match examiner.introduced().await {
        Ok(me) => me,
        Err(Unanswered::Token) => return vec![doctor::token_refused()],
        Err(Unanswered::Unreachable(why) | Unanswered::Refused(why)) => {
            return vec![doctor::unreachable(&why)];
        }
    };
    let mut findings = of_bot(&me);
    if let Some(config) = config {
        findings.extend(webhook(&examiner, &config.deployment.intake, clock.now()).await);
    }
    findings.extend(of_groups(&examiner, groups, me.id).await);
    findings
}

fn of_bot(me: &Introduced) -> Vec<Finding> {
    let mut findings = vec![
        doctor::token(&me.username),
        doctor::reached(me.took.num_milliseconds(), me.took > SLOW),
    ];
    if let Some(ahead) = me.ahead {
        findings.push(of_clock("clock", doctor::telegrams_clock(), ahead));
    }
    if !me.joins_groups {
        findings.push(doctor::joins_no_groups());
    }
    findings.push(doctor::privacy(me.reads_all));
    findings
}

/// Telegram is asked about the first groups, so that neither it nor the reader has to bear thousands.
async fn of_groups(examiner: &Examiner, groups: &[Bound], bot: i64) -> Vec<Finding> {
    let (asked, rest) = groups.split_at(groups.len().min(MOST_GROUPS));
    let mut findings = Vec::new();
    for (task_force, chat) in asked {
        findings.push(match chat {
            None => doctor::no_group(task_force),
            Some(chat) => of_group(examiner, task_force, *chat, bot).await,
        });
    }
    if !rest.is_empty() {
        let without = rest.iter().filter(|(_, chat)| chat.is_none()).count();
        findings.push(doctor::more_groups(asked.len(), rest.len(), without));
    }
    findings
}

async fn of_group(examiner: &Examiner, task_force: &str, chat: i64, bot: i64) -> Finding {
    let rights = match examiner.membership(chat, bot).await {
        Ok(Membership::Administrator { can_pin } | Membership::Member { can_pin }) => match can_pin
        {
            true => GroupRights::All,
            false => GroupRights::NoPin,
        },
        Ok(Membership::Silenced) => GroupRights::NoWriting,
        Ok(Membership::Outside) => GroupRights::Outside,
        Err(error) => return doctor::group_unasked(task_force, &error.to_string()),
    };
    doctor::group(task_force, rights)
}

async fn webhook(examiner: &Examiner, intake: &Intake, now: DateTime<Utc>) -> Vec<Finding> {
    let told = match examiner.webhook().await {
        Ok(told) => told,
        Err(error) => return vec![doctor::unreachable(&error.to_string())],
    };
    let Intake::Webhook { url, .. } = intake else {
        return vec![match told.url.as_str() {
            "" => doctor::polling(told.pending),
            set => doctor::webhook_in_the_way(set),
        }];
    };
    let mut findings = Vec::new();
    match secret("DUBAN_WEBHOOK_SECRET") {
        Ok(Some(_)) => {}
        Ok(None) => findings.push(doctor::no_webhook_secret()),
        Err(error) => findings.push(doctor::secret("webhook", &format!("{error:#}"))),
    }
    if *url == told.url {
        findings.push(doctor::webhook(told.pending));
    } else {
        findings.push(doctor::webhook_elsewhere(url, &told.url));
    }
    if let Some((at, why)) = told.failed.filter(|(at, _)| now - *at < FRESH_FAILURE) {
        findings.push(doctor::webhook_failed(&at.to_rfc3339(), &why));
    }
    findings
}
