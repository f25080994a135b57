//! Health and metrics on a loopback port: `/healthz`, `/readyz`, `/metrics`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::task::JoinHandle;

use crate::service::{Contact, Failure, Service};
use crate::store::{Queues, StoreError};

/// The schedule is asked at least once a minute: a silence longer than this means that its loop hangs.
const LONGEST_TURN: TimeDelta = TimeDelta::minutes(5);

/// A poll ends within 45 seconds: a longer silence than this means that no updates come in.
const LONGEST_POLL: TimeDelta = TimeDelta::minutes(2);

/// Whoever asks waits no longer than this for the database.
const DATABASE_PATIENCE: Duration = Duration::from_secs(3);

/// The form of [`Service::metrics`]'s text.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

struct Desk {
    service: Arc<Service>,
    /// Updates are polled for; else they are posted to us.
    polls: bool,
    started_at: DateTime<Utc>,
}

/// One thing looked at.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Check {
    ok: bool,
    /// What was found, in a few words.
    reason: String,
}

#[derive(Debug, Serialize)]
struct Healthy {
    ok: bool,
    loops: Check,
}

#[derive(Debug, Serialize)]
struct Readiness {
    ok: bool,
    database: Check,
    telegram: Check,
    updates: Check,
}

/// Serves them at `listen`, if it is set, until the handle is aborted.
pub(super) async fn open(
    listen: Option<SocketAddr>,
    service: &Arc<Service>,
    polls: bool,
) -> anyhow::Result<Option<JoinHandle<()>>> {
    let Some(listen) = listen else {
        return Ok(None);
    };
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("operations.listen: listening on {listen}"))?;
    let at = listener.local_addr()?;
    let desk = Arc::new(Desk {
        service: service.clone(),
        polls,
        started_at: service.now(),
    });
    tracing::info!(%at, "health and metrics are served");
    Ok(Some(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router(desk)).await {
            tracing::error!(%error, "health and metrics are no longer served");
        }
    })))
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(desk)
}

async fn healthz(State(desk): State<Arc<Desk>>) -> Response {
    let metrics = desk.service.metrics();
    let turned_at = metrics.turned_at().unwrap_or(desk.started_at);
    let loops = turning(turned_at, desk.service.now());
    let ok = loops.ok;
    (status(ok), Json(Healthy { ok, loops })).into_response()
}

async fn readyz(State(desk): State<Arc<Desk>>) -> Response {
    let database = answering(&desk.queues().await);
    let (contact, now) = (desk.service.metrics().contact(), desk.service.now());
    let telegram = reachable(contact);
    let since = desk.service.metrics().outward_since();
    let updates = taking_updates(desk.polls, contact.polled_at, since, now);
    let ok = database.ok && telegram.ok && updates.ok;
    let readiness = Readiness {
        ok,
        database,
        telegram,
        updates,
    };
    (status(ok), Json(readiness)).into_response()
}

async fn metrics(State(desk): State<Arc<Desk>>) -> Response {
    let queues = desk.queues().await;
    // Who waited in vain once does not wait twice.
    let task_forces = match &queues {
        Ok(_) => desk.task_forces().await,
        Err(why) => Err(why.clone()),
    };
    let metrics = desk.service.metrics();
    if let Err(why) = &task_forces {
        metrics.failed(Failure::Database);
        tracing::warn!(why, "metrics are told without what the database holds");
    }
    let (queues, task_forces) = (queues.as_ref().ok(), task_forces.ok());
    let text = metrics.text(queues, task_forces, desk.service.now());
    ([(header::CONTENT_TYPE, PROMETHEUS)], text).into_response()
}

impl Desk {
    /// What waits, or why the database does not say.
    async fn queues(&self) -> Result<Queues, String> {
        let store = self.service.store();
        told(store.queues(self.service.now())).await
    }

    /// How many task forces there are, or why the database does not say.
    async fn task_forces(&self) -> Result<usize, String> {
        let ids = told(self.service.store().task_forces()).await?;
        Ok(ids.len())
    }
}

/// What the database says within its time, or why it does not.
async fn told<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, String> {
    match tokio::time::timeout(DATABASE_PATIENCE, asked).await {
        Ok(Ok(said)) => Ok(said),
        Ok(Err(error)) => Err(why(&error)),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

/// In a few words; the error's own may name hosts and users.
fn why(error: &StoreError) -> String {
    match error {
        StoreError::Locked => "locked by another program",
        StoreError::Unreachable(_) => "the server does not answer or lets nobody in",
        StoreError::File(_) => "the file cannot be used",
        _ => "it reports an error; the log has it",
    }
    .to_owned()
}

fn status(ok: bool) -> StatusCode {
    if ok {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn turning(turned_at: DateTime<Utc>, now: DateTime<Utc>) -> Check {
    let since = now - turned_at;
    Check {
        ok: since <= LONGEST_TURN,
        reason: format!("the schedule was last asked {} s ago", since.num_seconds()),
    }
}

fn answering(queues: &Result<Queues, String>) -> Check {
    match queues {
        Ok(queues) => Check {
            ok: true,
            reason: format!(
                "answers; {} updates and {} messages wait",
                queues.inbox.depth, queues.outbox.depth
            ),
        },
        Err(why) => Check {
            ok: false,
            reason: why.clone(),
        },
    }
}

/// The last contact counts, whichever it was.
fn reachable(contact: Contact) -> Check {
    let ok = contact.missed_at <= contact.heard_at;
    let reason = match (ok, contact.missed_at) {
        (true, _) => "answered the last time it was asked".to_owned(),
        (false, Some(missed_at)) => format!("not reached at {}", missed_at.to_rfc3339()),
        (false, None) => unreachable!("no miss is later than any"),
    };
    Check { ok, reason }
}

fn taking_updates(
    polls: bool,
    polled_at: Option<DateTime<Utc>>,
    outward_since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Check {
    if !polls {
        return Check {
            ok: true,
            reason: "taken by webhook".to_owned(),
        };
    }
    let Some(outward_since) = outward_since else {
        return Check {
            ok: true,
            reason: "another process asks for them, or this one soon will".to_owned(),
        };
    };
    // What was before it was this process's turn does not count.
    let polled_at = polled_at.filter(|polled_at| *polled_at >= outward_since);
    let since = now - polled_at.unwrap_or(outward_since);
    let reason = match polled_at {
        Some(_) => format!("last asked for {} s ago", since.num_seconds()),
        None => "not asked for yet".to_owned(),
    };
    Check {
        ok: since <= LONGEST_POLL,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    use crate::clock::{Clock, Dice};
    use crate::conversation::BotAccount;
    use crate::plan::{AdoptionText, Settings};
    use crate::store::{Memory, Store};

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    async fn scraped(desk: &Arc<Desk>) -> String {
        let response = metrics(State(desk.clone())).await;
        let body = axum::body::to_bytes(response.into_body(), usize::MAX);
        String::from_utf8(body.await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn while_the_database_is_away_the_last_number_of_task_forces_stays_and_each_failure_counts()
     {
        let memory = Memory::new();
        let account = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let clock = Clock::manual(START);
        let store = Store::Memory(memory.clone());
        let service = Arc::new(Service::new(store, clock, Dice::seeded(1), account));
        let desk = Arc::new(Desk {
            service: service.clone(),
            polls: true,
            started_at: START,
        });
        memory.fail_next(1);
        let text = scraped(&desk).await;
        assert!(
            !text.contains("\nduban_task_forces"),
            "nobody knows yet: {text}"
        );
        assert!(
            text.contains("failures_total{kind=\"database\"} 1\n"),
            "{text}"
        );
        let plan = include_str!("../../config/plans/rushan.toml").to_owned();
        let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
        service.load(vec![("rushan".into(), text)]).await.unwrap();
        assert!(scraped(&desk).await.contains("\nduban_task_forces 1\n"));
        memory.fail_next(1);
        let text = scraped(&desk).await;
        assert!(text.contains("\nduban_task_forces 1\n"), "{text}");
        assert!(text.contains("\nduban_database_up 0\n"), "{text}");
        assert!(
            text.contains("failures_total{kind=\"database\"} 2\n"),
            "{text}"
        );
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        START + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_loop_that_hangs_is_not_healthy() {
        assert!(turning(START, at(300)).ok);
        let hangs = turning(START, at(301));
        assert!(!hangs.ok);
        assert_eq!(hangs.reason, "the schedule was last asked 301 s ago");
    }

    #[test]
    fn the_last_contact_with_telegram_counts() {
        let contact = |heard: Option<i64>, missed: Option<i64>| Contact {
            heard_at: heard.map(at),
            missed_at: missed.map(at),
            polled_at: None,
        };
        assert!(reachable(contact(Some(5), None)).ok);
        assert!(reachable(contact(Some(5), Some(4))).ok);
        assert!(!reachable(contact(Some(5), Some(6))).ok);
        assert!(!reachable(contact(None, Some(6))).ok);
    }

    #[test]
    fn updates_that_were_not_asked_for_in_two_minutes_do_not_come() {
        let of = |polled: Option<i64>, now| {
            taking_updates(true, polled.map(at), Some(START), at(now)).ok
        };
        assert!(of(None, 120));
        assert!(!of(None, 121));
        assert!(of(Some(100), 121));
        assert!(!of(Some(0), 121));
        assert!(taking_updates(false, None, Some(START), at(999)).ok);
        // One that stands by asks for none; when its turn comes, what was long ago does not count.
        assert!(taking_updates(true, Some(at(0)), None, at(999)).ok);
        assert!(taking_updates(true, Some(at(0)), Some(at(990)), at(999)).ok);
    }
}
