//! Out: one sender a token leases rows, keeps Telegram's pace, and keeps several sends under way, at most one a chat.

use std::future::pending;
use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::client::Clients;
use super::courier::{Courier, LEASE_SECONDS};
use super::limits::{Limits, Wait};
use super::upload::MOST_UPLOAD;
use crate::service::{
    ANSWER_PRIORITY, BOARD_PRIORITY, Call, Failure, Ready, Service, ServiceError,
};
use crate::store::{CommitError, NewOutgoing, OutboxRow, OutboxState, OutgoingKind, Settled, Term};

/// Sends under way at the same time, so that a chat that hangs holds up no other.
const MOST_UNDER_WAY: usize = 16;

/// Of these, places that only answers take.
const KEPT_FOR_ANSWERS: usize = 4;

/// Pictures that go with a digest are drawn and sent so many at a time, beside everything else.
const MOST_PICTURES: usize = 2;

/// Whether some outcome is unknown is looked at this often while much is sent, and as soon as the sender rests.
const ASK_EVERY_SECONDS: i64 = 1;

/// The sender looks again after this long even if nothing rings.
const IDLE_SECONDS: i64 = 30;

/// Sends what waits in the outbox.
pub struct Sender {
    courier: Arc<Courier>,
    limits: Limits,
    /// The lease under which it sends; none where there is no other process.
    term: Option<Term>,
}

/// What one look into the outbox came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A row was settled.
    Settled,
    /// Nothing can be sent before then, or before something rings.
    Nothing(Option<DateTime<Utc>>),
    /// Telegram refuses the token.
    TokenRefused,
}

/// What a claim came to.
enum Claimed {
    /// A row may leave now, with this call.
    Row(Box<OutboxRow>, Call),
    /// A row was settled without leaving.
    Settled,
    /// As [`Look::Nothing`].
    Nothing(Option<DateTime<Utc>>),
}

/// Sends under way.
#[derive(Default)]
struct Flights {
    answers: JoinSet<Result<Look, ServiceError>>,
    others: JoinSet<Result<Look, ServiceError>>,
    pictures: JoinSet<Result<Look, ServiceError>>,
    drawings: JoinSet<()>,
    /// Whether texts of digests leave, so that pictures may stand behind them.
    amid_digests: bool,
}

impl Flights {
    fn is_full(&self) -> bool {
        self.answers.len() + self.others.len() >= MOST_UNDER_WAY
    }

    /// The highest priority number of what may take off now.
    fn most_priority(&self) -> i64 {
        if self.others.len() >= MOST_UNDER_WAY - KEPT_FOR_ANSWERS {
            return ANSWER_PRIORITY;
        }
        match self.has_room_for_a_picture() {
            true => i64::MAX,
            false => BOARD_PRIORITY - 1,
        }
    }

    fn has_room_for_a_picture(&self) -> bool {
        self.pictures.len() + self.drawings.len() < MOST_PICTURES
    }

    fn take_off(&mut self, courier: Arc<Courier>, row: Box<OutboxRow>, call: Call) {
        let is_picture = row.message.priority >= BOARD_PRIORITY && matches!(call, Call::File(_));
        self.amid_digests |= row.message.kind == OutgoingKind::Digest;
        let flights = match row.message.kind {
            OutgoingKind::Answer => &mut self.answers,
            OutgoingKind::Digest | OutgoingKind::Document if is_picture => &mut self.pictures,
            OutgoingKind::Reminder
            | OutgoingKind::Digest
            | OutgoingKind::Slip
            | OutgoingKind::Document
            | OutgoingKind::Status
            | OutgoingKind::Line => &mut self.others,
        };
        flights.spawn(async move { courier.carry_patiently(&row, call).await });
    }

    /// The next that ends; waits for ever when none is under way.
    async fn landed(&mut self) -> Look {
        tokio::select! {
            Some(landed) = self.answers.join_next() => result_of(landed),
            Some(landed) = self.others.join_next() => result_of(landed),
            Some(landed) = self.pictures.join_next() => result_of(landed),
            Some(drawn) = self.drawings.join_next() => result_of(drawn.map(|()| Ok(Look::Settled))),
            else => pending().await,
        }
    }

    async fn all_landed(mut self) {
        while let Some(landed) = self.answers.join_next().await {
            result_of(landed);
        }
        while let Some(landed) = self.others.join_next().await {
            result_of(landed);
        }
        while let Some(landed) = self.pictures.join_next().await {
            result_of(landed);
        }
    }
}

/// A send whose result could not be kept is left to its lease: it runs out, and the outcome counts as unknown.
fn result_of(landed: Result<Result<Look, ServiceError>, JoinError>) -> Look {
    match landed {
        Ok(Ok(look)) => look,
        Ok(Err(error)) => {
            tracing::error!(%error, "what came of a send could not be recorded");
            Look::Settled
        }
        Err(error) => {
            tracing::error!(%error, "a send ended before its time");
            Look::Settled
        }
    }
}

impl Sender {
    /// A sender for the service's outbox.
    pub fn new(service: Arc<Service>, clients: &Clients) -> Self {
        Self::taking_files(service, clients, MOST_UPLOAD)
    }

    /// One that takes files up to so many bytes instead of Telegram's 50 MB; of a larger one its size is told.
    pub fn taking_files(service: Arc<Service>, clients: &Clients, most_bytes: usize) -> Self {
        let limits = Limits::new(service.clock().clone());
        Self {
            courier: Arc::new(Courier::new(service, clients, most_bytes)),
            limits,
            term: None,
        }
    }

    /// One that sends as long as it has a lease, at so many messages a second; whoever had it before may have sent until it was free.
    pub fn within(term: Term, pace: NonZeroU32, service: Arc<Service>, clients: &Clients) -> Self {
        let clock = service.clock().clone();
        let limits = match term.free_for {
            Some(ago) => Limits::after_another(clock, pace, ago),
            None => Limits::with_pace(clock, pace),
        };
        Self {
            limits,
            term: Some(term),
            ..Self::new(service, clients)
        }
    }

    /// At another pace than Telegram's own server bears: so many messages a second over all chats.
    #[must_use]
    pub fn at_pace(mut self, a_second: NonZeroU32) -> Self {
        self.limits = Limits::with_pace(self.service().clock().clone(), a_second);
        self
    }

    /// Sends one row, if one may leave now, and waits for what comes of it.
    pub async fn look(&mut self) -> Result<Look, ServiceError> {
        match self.claim(i64::MAX).await? {
            Claimed::Row(row, call) => self.courier.carry(&row, call).await,
            Claimed::Settled => Ok(Look::Settled),
            Claimed::Nothing(until) => Ok(Look::Nothing(until)),
        }
    }

    fn service(&self) -> &Service {
        &self.courier.service
    }

    /// Leases the next row and asks whether it is still true, and whether Telegram's pace allows it.
    async fn claim(&mut self, most_priority: i64) -> Result<Claimed, ServiceError> {
        let now = self.service().now();
        // What may not leave yet is not claimed: claiming it and putting it back would cost two commits.
        if let Some(until) = self.limits.all_closed() {
            return Ok(Claimed::Nothing(Some(until)));
        }
        let closed = self.limits.closed_chats();
        let answers_only = self.limits.answers_only();
        let most_priority = match answers_only {
            Some(_) => ANSWER_PRIORITY,
            None => most_priority,
        };
        let store = self.service().store();
        let next_opening = self.limits.next_opening();
        let waits = |next: Option<DateTime<Utc>>| {
            let next = next.filter(|next| *next > now).into_iter();
            let wait = next.chain(next_opening).chain(answers_only).min();
            Ok(Claimed::Nothing(wait))
        };
        // To look costs one read, to claim a write: most looks find nothing.
        let next = store.next_send_at(now, &closed, most_priority).await?;
        if next.is_none_or(|next| next > now) {
            return waits(next);
        }
        let row = match &self.term {
            None => {
                store
                    .claim(now, LEASE_SECONDS, &closed, most_priority)
                    .await?
            }
            Some(term) => {
                store
                    .claim_within(term, now, LEASE_SECONDS, &closed, most_priority)
                    .await?
            }
        };
        let Some(row) = row else {
            return waits(store.next_send_at(now, &closed, most_priority).await?);
        };
        let call = match self.service().ready(&row).await? {
            Ready::Go(call) => call,
            Ready::Settle(settled) => {
                self.service().settle(&row, &settled).await?;
                return Ok(Claimed::Settled);
            }
            Ready::Done => return Ok(Claimed::Settled),
        };
        let answer = row.message.kind == OutgoingKind::Answer;
        match self.limits.spend(row.message.chat, answer) {
            Ok(()) => Ok(Claimed::Row(Box::new(row), call)),
            Err(wait) => self.put_back(&row, wait).await,
        }
    }

    /// As if it had not been claimed: nobody has started on it.
    async fn put_back(&self, row: &OutboxRow, wait: Wait) -> Result<Claimed, ServiceError> {
        let (Wait::Chat(not_before) | Wait::All(not_before)) = wait;
        let with = NewOutgoing {
            not_before,
            ..row.message.clone()
        };
        let settled = Settled::Replaced {
            with: Box::new(with),
        };
        let store = self.service().store();
        store
            .settle(row.lease, &settled, self.service().now())
            .await?;
        Ok(match wait {
            Wait::Chat(_) => Claimed::Settled,
            Wait::All(until) => Claimed::Nothing(Some(until)),
        })
    }

    /// Starts sends until nothing more may leave now or enough are under way; returns when to look again.
    async fn start_sends(
        &mut self,
        flights: &mut Flights,
        stop: &watch::Receiver<bool>,
    ) -> Result<Option<DateTime<Utc>>, ServiceError> {
        while !flights.is_full() && !*stop.borrow() {
            match self.claim(flights.most_priority()).await? {
                Claimed::Row(row, call) => flights.take_off(self.courier.clone(), row, call),
                Claimed::Settled => {}
                Claimed::Nothing(until) => return Ok(until),
            }
        }
        Ok(None)
    }

    /// While texts still leave, the pictures behind them are drawn.
    async fn draw_ahead(&self, flights: &mut Flights) -> Result<(), ServiceError> {
        flights.amid_digests &= !flights.others.is_empty();
        while flights.amid_digests && flights.has_room_for_a_picture() {
            let Some(row) = self.courier.next_picture().await? else {
                break;
            };
            let courier = self.courier.clone();
            flights
                .drawings
                .spawn(async move { courier.draw_ahead(row).await });
        }
        Ok(())
    }

    /// Sends whenever something may leave, until `stop` is true, the lease is lost or the token is refused; sends under way are finished. A failing database is waited for.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut flights = Flights::default();
        let mut ask_at = DateTime::UNIX_EPOCH;
        while !*stop.borrow() {
            let mut until = match self.start_sends(&mut flights, &stop).await {
                Ok(until) => until,
                Err(ServiceError::Commit(CommitError::TermOver(_))) => break,
                Err(error) => {
                    self.service().metrics().failed(Failure::Database);
                    tracing::error!(%error, "messages wait for the database");
                    Some(self.service().now() + TimeDelta::seconds(1))
                }
            };
            if let Err(error) = self.draw_ahead(&mut flights).await {
                tracing::error!(%error, "pictures are not drawn ahead");
            }
            let now = self.service().now();
            let asked_at = ask_at - TimeDelta::seconds(ASK_EVERY_SECONDS);
            if !(asked_at..ask_at).contains(&now) {
                if let Err(error) = self.ask_about_unknown().await {
                    tracing::error!(%error, "the office could not be asked about an unknown outcome");
                }
                ask_at = now + TimeDelta::seconds(ASK_EVERY_SECONDS);
            } else {
                until = Some(until.map_or(ask_at, |until| until.min(ask_at)));
            }
            let until = *until.get_or_insert(now + TimeDelta::seconds(IDLE_SECONDS));
            tokio::select! {
                look = flights.landed() => {
                    if look == Look::TokenRefused {
                        break;
                    }
                }
                () = self.courier.service.outbox_rings.notified() => {}
                () = self.courier.service.clock().sleep_until(until) => {}
                changed = stop.changed() => {
                    if changed.is_err() {
                        break;
                    }
                }
            }
        }
        flights.all_landed().await;
    }

    /// Digests and files whose outcome is unknown wait for the office: asked once each.
    pub async fn ask_about_unknown(&self) -> Result<(), ServiceError> {
        for row in self
            .service()
            .store()
            .outgoing_in_state(OutboxState::Unknown)
            .await?
        {
            self.service().ask_whether_seen(&row).await?;
        }
        Ok(())
    }
}
