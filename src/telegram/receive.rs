//! In: updates are kept before they are acknowledged, then worked off in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use teloxide::RequestError;
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters, DeleteWebhook};
use teloxide::requests::Payload;
use teloxide::types::CallbackQueryId;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::client::{Clients, POLL_SECONDS};
use super::intake::{Intake, Received};
use super::line::Line;
use super::update::read;
use crate::conversation::Event;
use crate::service::{Failed, Failure, Handled, Incoming, PressAnswer, Service, ServiceError};
use crate::store::{GROUP_COMMIT, InboxRow, StoreError, UPDATE_ATTEMPTS};

/// Updates asked for; everything else stays away.
pub const ALLOWED_UPDATES: [&str; 4] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
];

/// Longest wait between polls that fail.
const LONGEST_BACKOFF: Duration = Duration::from_secs(64);

#[derive(Clone, Serialize)]
struct RawGetUpdates {
    offset: i64,
    limit: u8,
    timeout: u32,
    allowed_updates: [&'static str; 4],
}

impl Payload for RawGetUpdates {
    type Output = Vec<serde_json::Value>;
    const NAME: &'static str = "GetUpdates";
}

/// Takes updates from Telegram into the inbox by long polling.
pub struct Poller {
    service: Arc<Service>,
    clients: Clients,
    intake: Intake,
    offset: i64,
    failures: u32,
}

/// Why polling ended.
#[derive(Debug, thiserror::Error)]
pub enum PollEnd {
    /// The token was revoked.
    #[error("Telegram refuses the token: take it anew from @BotFather and set TELOXIDE_TOKEN")]
    Token,
}

impl Poller {
    /// Continues behind the last update received.
    pub async fn new(service: Arc<Service>, clients: Clients) -> Result<Self, StoreError> {
        let last = service.store().last_update_id(service.now()).await?;
        Ok(Self {
            intake: Intake::new(service.bot().clone()),
            service,
            clients,
            offset: last.map_or(0, |last| last + 1),
            failures: 0,
        })
    }

    /// One poll of at most `seconds`: how many updates were new. What came is committed before the next poll acknowledges it.
    pub async fn poll(&mut self, seconds: u32) -> Result<usize, PollEnd> {
        let payload = RawGetUpdates {
            offset: self.offset,
            limit: 100,
            timeout: seconds,
            allowed_updates: ALLOWED_UPDATES,
        };
        match self.clients.poll.ask(payload).await {
            Ok(updates) => {
                let now = self.service.now();
                self.service.metrics().polled(now);
                Ok(self.keep(updates).await)
            }
            Err(error) => self.on_error(error).await.map(|()| 0),
        }
    }

    async fn keep(&mut self, updates: Vec<serde_json::Value>) -> usize {
        let now = self.service.now();
        let received = updates.iter().map(|update| {
            count(&self.service, update);
            self.intake.receive(update, now)
        });
        let received: Vec<Received> = received.collect();
        let Some(last) = received.iter().filter_map(Received::update_id).max() else {
            return 0;
        };
        match keep(&self.service, received).await {
            Ok(new) => {
                self.offset = last + 1;
                self.failures = 0;
                new
            }
            Err(error) => {
                self.service.metrics().failed(Failure::Database);
                tracing::error!(%error, "updates could not be kept; they are asked for again");
                self.back_off().await;
                0
            }
        }
    }

    async fn on_error(&mut self, error: RequestError) -> Result<(), PollEnd> {
        note_failed_poll(&self.service, &error);
        match error {
            RequestError::RetryAfter(seconds) => {
                self.service.clock().sleep(seconds.duration()).await
            }
            RequestError::Api(teloxide::ApiError::InvalidToken) => return Err(PollEnd::Token),
            RequestError::Api(error) if error.to_string().contains("webhook is active") => {
                tracing::warn!("a webhook is set for this bot; it is removed, nothing is dropped");
                if let Err(error) = self.clients.send.ask(DeleteWebhook::new()).await {
                    tracing::warn!(%error, "the webhook could not be removed");
                    self.back_off().await;
                }
            }
            RequestError::Api(error) if error.to_string().contains("terminated by other") => {
                tracing::error!("another program polls with this token; stop one of the two");
                self.back_off().await;
            }
            error => {
                tracing::warn!(%error, "polling failed");
                self.back_off().await;
            }
        }
        Ok(())
    }

    async fn back_off(&mut self) {
        let wait = Duration::from_secs(1 << self.failures.min(6)).min(LONGEST_BACKOFF);
        self.failures += 1;
        self.service.clock().sleep(wait).await;
    }

    /// Polls until dropped or the token is refused.
    pub async fn run(mut self, worker_rings: Arc<tokio::sync::Notify>) -> PollEnd {
        loop {
            match self.poll(POLL_SECONDS).await {
                Ok(0) => {}
                Ok(_) => worker_rings.notify_one(),
                Err(end) => return end,
            }
        }
    }
}

/// Works off the inbox: reads, lets the service decide and commit, answers presses.
pub struct Worker {
    service: Arc<Service>,
    clients: Clients,
    /// Updates whose last attempt is still to be put back: it failed for the database's sake.
    owed: Vec<i64>,
    /// Answers to presses under way: they wait for Telegram beside the work.
    answers: JoinSet<()>,
}

impl Worker {
    /// A worker over the service's inbox.
    pub fn new(service: Arc<Service>, clients: Clients) -> Self {
        Self {
            service,
            clients,
            owed: Vec::new(),
            answers: JoinSet::new(),
        }
    }

    /// Works until nothing waits, or nothing but what the database refused just now, and until every press is answered.
    pub async fn drain(&mut self) -> Result<Drained, ServiceError> {
        let drained = self.work_off().await;
        while self.answers.join_next().await.is_some() {}
        drained
    }

    async fn work_off(&mut self) -> Result<Drained, ServiceError> {
        let mut drained = Drained::default();
        loop {
            self.put_back().await?;
            let rows = self.service.store().take_updates(GROUP_COMMIT, &[]).await?;
            if rows.is_empty() {
                return Ok(drained);
            }
            let ids: Vec<i64> = rows.iter().map(|row| row.update_id).collect();
            drained.handled += rows.len();
            match self.work(rows).await {
                Ok(again) if again.is_empty() => {}
                Ok(again) => {
                    self.owed.extend(again);
                    // Another process may be luckier; where not, it waits until the database answers.
                    if let Err(error) = self.put_back().await {
                        tracing::debug!(%error, "attempts are put back later");
                    }
                    drained.should_wait = true;
                    return Ok(drained);
                }
                Err(error) => {
                    self.owed.extend(ids);
                    return Err(error);
                }
            }
        }
    }

    async fn put_back(&mut self) -> Result<(), StoreError> {
        if !self.owed.is_empty() {
            self.service.store().put_back(&self.owed).await?;
            self.owed.clear();
        }
        Ok(())
    }

    /// Gives the updates that are to be tried again, though nothing is wrong with them.
    async fn work(&mut self, rows: Vec<InboxRow>) -> Result<Vec<i64>, ServiceError> {
        let mut incoming = Vec::new();
        let mut received = BTreeMap::new();
        for row in rows {
            received.insert(row.update_id, row.received_at);
            let event = read(&row.body, self.service.bot());
            match event {
                Err(error) => self.give_up(&row, None, &error.to_string()).await?,
                Ok(event) if row.attempts > UPDATE_ATTEMPTS => {
                    let why = "tried too often";
                    self.give_up(&row, event.as_ref(), why).await?
                }
                Ok(event) => incoming.push(Incoming {
                    update_id: row.update_id,
                    event,
                }),
            }
        }
        let processed = self.service.on_updates(incoming).await?;
        let metrics = self.service.metrics();
        for done in &processed.done {
            if let Some(received_at) = received.get(&done.update_id) {
                metrics.committed(*received_at, &done.answered, self.service.now());
            }
        }
        for Failed {
            update_id,
            reason,
            may_repeat,
        } in &processed.failed
        {
            metrics.handled(Handled::Again);
            metrics.failed(match may_repeat {
                true => Failure::Database,
                false => Failure::Panic,
            });
            tracing::warn!(
                update_id,
                reason,
                "an update did not commit; it is tried again"
            );
        }
        for press in processed.presses {
            let line = self.clients.send.clone();
            self.answers
                .spawn(answer(self.service.clone(), line, press));
        }
        // Those that are done leave the set.
        while self.answers.try_join_next().is_some() {}
        let again = processed.failed.into_iter().filter(|it| it.may_repeat);
        Ok(again.map(|failed| failed.update_id).collect())
    }

    async fn give_up(
        &self,
        row: &InboxRow,
        event: Option<&Event>,
        why: &str,
    ) -> Result<(), ServiceError> {
        self.service.metrics().handled(Handled::SetAside);
        self.service.give_up(row, event, why).await
    }

    /// Works whenever `rings` rings, until `stop` is true; what is in hand is finished. A failing database is waited for.
    pub async fn run(mut self, rings: Arc<tokio::sync::Notify>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.work_off().await {
                Ok(drained) if drained.should_wait => {
                    Some(self.service.clock().sleep(Duration::from_secs(1)))
                }
                Ok(_) => None,
                Err(error) => {
                    self.service.metrics().failed(Failure::Database);
                    tracing::error!(%error, "updates wait for the database");
                    Some(self.service.clock().sleep(Duration::from_secs(1)))
                }
            };
            tokio::select! {
                () = rings.notified(), if pause.is_none() => {}
                () = async { pause.expect("there is a pause").await }, if pause.is_some() => {}
                _ = stop.changed() => {}
            }
        }
        while self.answers.join_next().await.is_some() {}
    }
}

/// Keeps what is to be kept: how many updates were new.
///
/// # Errors
/// The database fails; what came is to be asked for again.
pub async fn keep(service: &Service, received: Vec<Received>) -> Result<usize, StoreError> {
    let store = service.store();
    let mut rows = Vec::new();
    for received in received {
        match received {
            Received::Kept(row) => rows.push(row),
            Received::Opens { row, album } => {
                // Before its file: where this is as far as it gets, the file comes again.
                store.open_album(&album, service.now()).await?;
                rows.push(row);
            }
            Received::Follows { row, album } => {
                if store.knows_album(&album).await? {
                    rows.push(row);
                }
            }
            Received::Passed(_) | Received::NoUpdate => {}
        }
    }
    match rows.as_slice() {
        [] => Ok(0),
        rows => store.receive(rows).await,
    }
}

/// Counts an update as received.
pub(super) fn count(service: &Service, update: &serde_json::Value) {
    let parts = update.as_object().into_iter().flatten();
    let metrics = service.metrics();
    metrics.received(parts.map(|(name, _)| name.as_str()));
}

fn note_failed_poll(service: &Service, error: &RequestError) {
    let metrics = service.metrics();
    match error {
        RequestError::RetryAfter(_) => metrics.limited(false),
        RequestError::Api(teloxide::ApiError::InvalidToken) => metrics.failed(Failure::Token),
        RequestError::Api(_) | RequestError::MigrateToChatId(_) => {
            metrics.failed(Failure::Polling);
        }
        RequestError::Network(_) | RequestError::InvalidJson { .. } | RequestError::Io(_) => {
            metrics.failed(Failure::Polling);
            metrics.missed(service.now());
            return;
        }
    }
    metrics.heard(service.now());
}

/// What came of working off the inbox.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Updates that were taken up.
    pub handled: usize,
    /// The database refused some of them: they should be tried again a little later.
    pub should_wait: bool,
}

/// Answers a press. It is worth something for seconds only: a failure is logged, the button's work is done all the same.
async fn answer(service: Arc<Service>, line: Line, press: PressAnswer) {
    let mut request = AnswerCallbackQuery::new(CallbackQueryId(press.query_id));
    if let Some(text) = press.text {
        request = request.text(text).show_alert(press.alert);
    }
    if let Some(url) = press.url.and_then(|url| reqwest::Url::parse(&url).ok()) {
        request = request.url(url);
    }
    if let Err(error) = line.ask(request).await {
        if matches!(error, RequestError::RetryAfter(_)) {
            service.metrics().limited(true);
        }
        service.metrics().failed(Failure::Press);
        tracing::debug!(%error, "a press could not be answered");
    }
}

#[cfg(test)]
mod tests;
