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

use crate::service::{Contact, Service};
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
    if let Err(why) = &queues {
        tracing::warn!(why, "metrics are told without the queues");
    }
    let task_forces = match &queues {
        Ok(_) => desk.service.task_forces().await.map_or(0, |ids| ids.len()),
        Err(_) => 0,
    };
    let now = desk.service.now();
    let text = desk
        .service
        .metrics()
        .text(queues.as_ref().ok(), task_forces, now);
    ([(header::CONTENT_TYPE, PROMETHEUS)], text).into_response()
}

impl Desk {
    /// What waits, or why the database does not say.
    async fn queues(&self) -> Result<Queues, String> {
        let store = self.service.store();
        let asked = store.queues(self.service.now());
        match tokio::time::timeout(DATABASE_PATIENCE, asked).await {
            Ok(Ok(queues)) => Ok(queues),
            Ok(Err(error)) => Err(why(&error)),
            Err(_) => Err("no answer in time".to_owned()),
        }
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

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

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
