//! Webhook: `setWebhook` and its kin, and posting updates to the bot in order, again and again until it takes them.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::queue::Posting;
use super::refusal::Refusal;
use super::request::Parameters;
use super::state::State;
use super::world::World;

/// Longest secret token, in characters.
const MAX_SECRET: usize = 256;
/// The longest pause between two tries, and the longest `Retry-After` that is honoured, in seconds.
const LONGEST_PAUSE: i64 = 60;
const LONGEST_RETRY_AFTER: i64 = 3600;
/// Bytes of the bot's answer that are read.
const MAX_ANSWER: u64 = 64 * 1024;

/// Where updates are posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: usize,
    pub last_error: Option<(DateTime<Utc>, String)>,
}

pub(super) fn set(state: &mut State, parameters: &Parameters) -> Result<Value, Refusal> {
    let url = parameters.text("url").unwrap_or_default();
    if url.is_empty() {
        return Ok(delete(state, parameters));
    }
    if Address::read(&url).is_none() {
        return Err(Refusal::bad_request(
            "bad webhook: the stand-in posts to http://host:port/path only",
        ));
    }
    let secret = parameters
        .text("secret_token")
        .filter(|secret| !secret.is_empty());
    if let Some(secret) = &secret {
        if secret.len() > MAX_SECRET {
            return Err(Refusal::bad_request("secret token is too long"));
        }
        if !secret
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        {
            return Err(Refusal::bad_request(
                "secret token contains unallowed characters",
            ));
        }
    }
    let max_connections = usize::try_from(
        parameters
            .integer("max_connections")
            .unwrap_or(40)
            .clamp(1, 100),
    )
    .unwrap_or(40);
    state.queue.choose(parameters);
    forget_pending(state, parameters);
    state.queue.webhook = Some(Webhook {
        url,
        secret,
        max_connections,
        last_error: None,
    });
    state.queue.webhooks += 1;
    Ok(Value::Bool(true))
}

pub(super) fn delete(state: &mut State, parameters: &Parameters) -> Value {
    forget_pending(state, parameters);
    state.queue.webhook = None;
    state.queue.webhooks += 1;
    Value::Bool(true)
}

fn forget_pending(state: &mut State, parameters: &Parameters) {
    if parameters.flag("drop_pending_updates") {
        state.queue.updates.clear();
    }
    for update in &mut state.queue.updates {
        update.posting = Posting::Waiting;
    }
}

pub(super) fn info(state: &mut State) -> Value {
    state.queue.expire(state.now);
    let webhook = state.queue.webhook.as_ref();
    let mut info = json!({
        "url": webhook.map_or("", |webhook| &webhook.url), "has_custom_certificate": false,
        "pending_update_count": state.queue.updates.len(),
    });
    if let Some(webhook) = webhook {
        info["max_connections"] = json!(webhook.max_connections);
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = json!(at.timestamp());
            info["last_error_message"] = json!(error);
        }
    }
    if let Some(allowed) = &state.queue.allowed {
        info["allowed_updates"] = json!(allowed);
    }
    info
}

/// One update to post now.
struct Due {
    id: i64,
    webhook: Webhook,
    body: String,
}

/// Posts updates until the webhook is changed or the server stops.
pub(super) async fn post_updates(world: Arc<World>, mut stopping: watch::Receiver<bool>) {
    let generation = world.locked().queue.webhooks;
    let mut changed = world.subscribe();
    loop {
        let (due, next) = {
            let mut state = world.locked();
            if state.queue.webhooks != generation {
                return;
            }
            take_due(&mut state)
        };
        for update in due {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let outcome = post(&update).await;
                let mut state = world.locked();
                if state.queue.webhooks == generation {
                    settle(&mut state, update.id, outcome);
                }
                drop(state);
                world.announce();
            });
        }
        let wakes = next.unwrap_or(DateTime::<Utc>::MAX_UTC);
        tokio::select! {
            _ = changed.changed() => {}
            () = world.clock().sleep_until(wakes), if next.is_some() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// The first update of every lane that is not being posted, and when the next one waiting for another try is due.
fn take_due(state: &mut State) -> (Vec<Due>, Option<DateTime<Utc>>) {
    let now = state.now;
    state.queue.expire(now);
    let Some(webhook) = state.queue.webhook.clone() else {
        return (Vec::new(), None);
    };
    let mut in_flight = state
        .queue
        .updates
        .iter()
        .filter(|update| update.posting == Posting::InFlight)
        .count();
    let (mut lanes, mut due, mut next) = (BTreeSet::new(), Vec::new(), None);
    for update in &mut state.queue.updates {
        if !lanes.insert(update.lane.clone()) {
            continue;
        }
        match update.posting {
            Posting::FailedUntil(again_at) if again_at > now => {
                next = Some(next.map_or(again_at, |at: DateTime<Utc>| at.min(again_at)))
            }
            Posting::Waiting | Posting::FailedUntil(_) if in_flight < webhook.max_connections => {
                in_flight += 1;
                due.push(Due {
                    id: update.id,
                    webhook: webhook.clone(),
                    body: update.json.to_string(),
                });
                update.posting = Posting::InFlight;
            }
            Posting::Waiting | Posting::FailedUntil(_) | Posting::InFlight => {}
        }
    }
    (due, next)
}

/// Takes the update off the queue if the bot took it; else plans the next try: at once, then after 2, 4, 8 … seconds.
fn settle(state: &mut State, id: i64, outcome: Result<(), Failure>) {
    let now = state.now;
    let Some(at) = state
        .queue
        .updates
        .iter()
        .position(|update| update.id == id)
    else {
        return;
    };
    let failure = match outcome {
        Ok(()) => {
            state.queue.updates.remove(at);
            return;
        }
        Err(failure) => failure,
    };
    let update = &mut state.queue.updates[at];
    update.times_failed += 1;
    let pause = if update.times_failed == 1 {
        0
    } else {
        (1_i64 << (update.times_failed - 1).min(30)).min(LONGEST_PAUSE)
    };
    let pause = failure
        .retry_after
        .map_or(pause, |seconds| seconds.clamp(0, LONGEST_RETRY_AFTER));
    update.posting = Posting::FailedUntil(now + TimeDelta::seconds(pause));
    if let Some(webhook) = &mut state.queue.webhook {
        webhook.last_error = Some((now, failure.what));
    }
}

struct Failure {
    what: String,
    retry_after: Option<i64>,
}

impl Failure {
    fn of(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            retry_after: None,
        }
    }
}

/// One POST over a connection of its own. Plain HTTP is enough: the bot listens on this machine.
async fn post(due: &Due) -> Result<(), Failure> {
    let address = Address::read(&due.webhook.url).ok_or_else(|| Failure::of("Wrong URL"))?;
    let mut head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n",
        address.path,
        address.host,
        due.body.len()
    );
    if let Some(secret) = &due.webhook.secret {
        head.push_str(&format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"));
    }
    head.push_str("\r\n");
    let refused =
        |error: std::io::Error| Failure::of(format!("Connection failed: {}", error.kind()));
    let mut stream = TcpStream::connect(address.host).await.map_err(refused)?;
    stream.write_all(head.as_bytes()).await.map_err(refused)?;
    stream
        .write_all(due.body.as_bytes())
        .await
        .map_err(refused)?;
    let mut answer = Vec::new();
    stream
        .take(MAX_ANSWER)
        .read_to_end(&mut answer)
        .await
        .map_err(refused)?;
    judge(&String::from_utf8_lossy(&answer))
}

fn judge(answer: &str) -> Result<(), Failure> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let status = head
        .split(' ')
        .nth(1)
        .ok_or_else(|| Failure::of("Connection closed without an answer"))?;
    if status.len() == 3 && status.starts_with('2') {
        return Ok(());
    }
    let retry_after = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("retry-after:")
            .and_then(|value| value.trim().parse().ok())
    });
    Err(Failure {
        what: format!("Wrong response from the webhook: {status}"),
        retry_after,
    })
}

/// The parts of `http://host:port/path`.
struct Address<'a> {
    host: &'a str,
    path: &'a str,
}

impl<'a> Address<'a> {
    fn read(url: &'a str) -> Option<Self> {
        let rest = url.strip_prefix("http://")?;
        let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        (host.contains(':') && !path.contains(char::is_whitespace)).then_some(Self { host, path })
    }
}
