//! One row's way to Telegram: the call, what its refusal means, and the lease kept meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use teloxide::RequestError;
use teloxide::payloads::{
    DeleteMessage, EditMessageText, EditMessageTextSetters, LeaveChat, PinChatMessage,
    PinChatMessageSetters, SendMessage, SendMessageSetters, SetMyCommands, SetMyCommandsSetters,
};
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, BotCommandScope, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup,
    LinkPreviewOptions, MessageId, ParseMode, Recipient, ReplyMarkup, ReplyParameters, ThreadId,
};

use super::ahead::Ahead;
use super::client::{Clients, SEND_TIMEOUT};
use super::line::Line;
use super::problem::{Verdict, judge};
use super::send::Look;
use super::upload::Load;
use crate::render::{self, Button, Message};
use crate::service::{Call, EVERYBODY, Failure, Problem, Service, ServiceError};
use crate::store::{CommitError, OutboxRow, Settled};

/// A lease outlives the send's timeout, so that nobody else sends while a send is still under way; not by more, for the chat
/// whose sender died waits so long.
pub(super) const LEASE_SECONDS: i64 = SEND_TIMEOUT.as_secs() as i64 + 2;

/// A lease is renewed this often: uploads and second tries take longer than one lease.
const RENEW_EVERY: Duration = Duration::from_secs(3);

/// Times a result is offered to a database that does not answer, a second apart, before the lease is left to run out.
const SETTLE_ATTEMPTS: usize = 5;

/// Two chats limited within this time mean that the token as a whole is limited.
const FLOOD_WINDOW_SECONDS: i64 = 10;

/// Carries rows to Telegram, any number at the same time.
pub(super) struct Courier {
    pub(super) service: Arc<Service>,
    pub(super) line: Line,
    pub(super) uploads: Line,
    /// Bytes of the largest file that may leave.
    pub(super) most_upload: usize,
    pub(super) ahead: Ahead,
    last_flood: Mutex<Option<(i64, DateTime<Utc>)>>,
}

impl Courier {
    pub(super) fn new(service: Arc<Service>, clients: &Clients, most_upload: usize) -> Self {
        Self {
            service,
            line: clients.send.clone(),
            uploads: clients.upload.clone(),
            most_upload,
            ahead: Ahead::default(),
            last_flood: Mutex::new(None),
        }
    }

    /// Sends a row and records what came of it.
    pub(super) async fn carry(&self, row: &OutboxRow, call: Call) -> Result<Look, ServiceError> {
        let (settled, look) = self.deliver_leased(row, call).await?;
        self.service.settle(row, &settled).await?;
        Ok(look)
    }

    /// As [`Self::carry`], with patience for the database: what has left must not be sent again for want of a note.
    pub(super) async fn carry_patiently(
        &self,
        row: &OutboxRow,
        call: Call,
    ) -> Result<Look, ServiceError> {
        let (settled, look) = self.deliver_leased(row, call).await?;
        for _ in 1..SETTLE_ATTEMPTS {
            match self.service.settle(row, &settled).await {
                Ok(()) => return Ok(look),
                Err(
                    ServiceError::Store(error) | ServiceError::Commit(CommitError::Store(error)),
                ) => {
                    tracing::error!(row = row.id, %error, "what came of a send waits for the database");
                    self.service.clock().sleep(Duration::from_secs(1)).await;
                }
                Err(other) => return Err(other),
            }
        }
        self.service.settle(row, &settled).await?;
        Ok(look)
    }

    /// Delivers while the lease is renewed beside it.
    async fn deliver_leased(
        &self,
        row: &OutboxRow,
        call: Call,
    ) -> Result<(Settled, Look), ServiceError> {
        // In this order: what came back is kept even in the moment in which the lease is lost.
        let (settled, look) = tokio::select! {
            biased;
            delivered = self.deliver(row, call) => delivered,
            lost = self.renew(row) => Err(lost),
        }?;
        let (kind, chat) = (row.message.kind, row.message.chat);
        let (metrics, now) = (self.service.metrics(), self.service.now());
        metrics.sent(kind, chat, row.created_at, &settled, now);
        Ok((settled, look))
    }

    /// Renews the lease as long as it can be; a database that does not answer is asked again.
    async fn renew(&self, row: &OutboxRow) -> ServiceError {
        loop {
            let clock = self.service.clock();
            clock.sleep(RENEW_EVERY).await;
            let store = self.service.store();
            match store.renew(row.lease, LEASE_SECONDS, clock.now()).await {
                Ok(()) => {}
                Err(CommitError::Store(error)) => {
                    tracing::warn!(row = row.id, %error, "a lease could not be renewed");
                }
                Err(lost) => return lost.into(),
            }
        }
    }

    async fn deliver(&self, row: &OutboxRow, call: Call) -> Result<(Settled, Look), ServiceError> {
        let mut load = match Box::pin(self.load(row, call)).await? {
            Ok(load) => load,
            Err(settled) => return Ok((settled, Look::Settled)),
        };
        // Without the reply, then without the formatting: after that every verdict is final.
        for _ in 0..3 {
            let error = match self.perform(row, &load).await {
                Ok(message_id) => {
                    self.service.metrics().heard(self.service.now());
                    return Ok((Settled::Sent { message_id }, Look::Settled));
                }
                Err(error) => error,
            };
            let verdict = judge(&error, self.service.now());
            self.note_failure(&error, &verdict);
            let settled = match verdict {
                Verdict::Fine => Settled::Sent { message_id: None },
                Verdict::Settle(settled) => settled,
                Verdict::Flood(wait) => self.on_flood(row, wait).await?,
                Verdict::Problem(problem) => {
                    self.service
                        .on_problem(row, &for_chat(problem, row.message.chat))
                        .await?
                }
                Verdict::WithoutReply => {
                    load = load.changed(without_reply, str::to_owned);
                    continue;
                }
                Verdict::WithoutFormatting => {
                    tracing::error!(
                        row = row.id,
                        "telegram refused our formatting; it goes out plain"
                    );
                    load = load.changed(plain, |caption| {
                        render::escape(&render::without_tags(caption))
                    });
                    continue;
                }
                Verdict::Fatal => {
                    let not_before = self.service.now() + TimeDelta::minutes(1);
                    return Ok((
                        Settled::Again {
                            not_before,
                            error: "token refused".into(),
                        },
                        Look::TokenRefused,
                    ));
                }
            };
            return Ok((settled, Look::Settled));
        }
        let error = "refused in every form".to_owned();
        Ok((
            self.service
                .on_problem(row, &Problem::Refused(error))
                .await?,
            Look::Settled,
        ))
    }

    /// Counts what did not go well, and whether Telegram was there at all.
    fn note_failure(&self, error: &RequestError, verdict: &Verdict) {
        let (metrics, now) = (self.service.metrics(), self.service.now());
        let failure = match verdict {
            Verdict::Fine => None,
            Verdict::Settle(_) => Some(Failure::Connection),
            Verdict::Flood(_) => {
                metrics.limited(true);
                None
            }
            Verdict::Problem(problem) => Some(Failure::Refused(problem.name())),
            Verdict::WithoutReply => Some(Failure::Refused("reply_gone")),
            Verdict::WithoutFormatting => Some(Failure::Refused("formatting")),
            Verdict::Fatal => Some(Failure::Token),
        };
        if let Some(failure) = failure {
            metrics.failed(failure);
        }
        match error {
            RequestError::Network(_) | RequestError::Io(_) => metrics.missed(now),
            RequestError::Api(_)
            | RequestError::MigrateToChatId(_)
            | RequestError::RetryAfter(_)
            | RequestError::InvalidJson { .. } => metrics.heard(now),
        }
    }

    /// The chat waits as long as Telegram says and a little more; when another chat was limited just before, all wait.
    async fn on_flood(&self, row: &OutboxRow, wait: TimeDelta) -> Result<Settled, ServiceError> {
        let now = self.service.now();
        let chat = row.message.chat;
        let until = now + wait + TimeDelta::milliseconds(500);
        let several = self.is_second_flood(chat, now);
        self.service
            .store()
            .hold((!several).then_some(chat), until)
            .await?;
        tracing::warn!(chat, %until, all = several, "telegram asks us to slow down");
        Ok(Settled::Again {
            not_before: until,
            error: "429".into(),
        })
    }

    /// Whether another chat was limited just before this one.
    fn is_second_flood(&self, chat: i64, now: DateTime<Utc>) -> bool {
        let last = self.last_flood.lock();
        let last = last
            .unwrap_or_else(PoisonError::into_inner)
            .replace((chat, now));
        last.is_some_and(|(other, at)| {
            other != chat && now - at < TimeDelta::seconds(FLOOD_WINDOW_SECONDS)
        })
    }

    async fn perform(&self, row: &OutboxRow, load: &Load) -> Result<Option<i32>, RequestError> {
        let chat = ChatId(row.message.chat);
        let call = match load {
            Load::Call(call) => call,
            Load::File(made, silent) => {
                // On the heap, as it is by far the largest future here.
                return Box::pin(self.upload(row, made, *silent)).await;
            }
        };
        match call {
            Call::Send {
                message,
                silent,
                reply_to,
                force_reply,
            } => {
                let mut request = self.message(row, message).disable_notification(*silent);
                if let Some(id) = reply_to {
                    let reply = ReplyParameters::new(MessageId(*id)).allow_sending_without_reply();
                    request = request.reply_parameters(reply);
                }
                if *force_reply {
                    let mut force = ForceReply::new().selective();
                    force
                        .input_field_placeholder
                        .clone_from(&message.placeholder);
                    request = request.reply_markup(force);
                }
                self.line.ask(request).await.map(|sent| Some(sent.id.0))
            }
            Call::Edit {
                message_id,
                message,
            }
            | Call::Redact {
                message_id,
                message,
            } => self
                .edit(chat, *message_id, message)
                .await
                .map(|()| Some(*message_id)),
            Call::Delete { message_id } => {
                let request = DeleteMessage::new(chat, MessageId(*message_id));
                self.line.ask(request).await.map(|_| None)
            }
            // A file was loaded before; a status is rendered before it leaves.
            Call::Status | Call::Document { .. } | Call::File(_) => Ok(None),
            Call::ShowStatus {
                message_id,
                message,
            } => self.show_status(row, *message_id, message).await.map(Some),
            Call::Menu(commands) => {
                let commands: Vec<BotCommand> = commands
                    .iter()
                    .map(|(name, description)| BotCommand::new(name, description))
                    .collect();
                let request = SetMyCommands::new(commands).scope(scope_of(chat));
                self.line.ask(request).await.map(|_| None)
            }
            Call::Leave => self.line.ask(LeaveChat::new(chat)).await.map(|_| None),
        }
    }

    fn message(&self, row: &OutboxRow, message: &Message) -> SendMessage {
        let mut request =
            SendMessage::new(ChatId(row.message.chat), message.html()).parse_mode(ParseMode::Html);
        request = request.link_preview_options(no_preview());
        if let Some(thread) = row.message.thread {
            request = request.message_thread_id(ThreadId(MessageId(thread)));
        }
        if !message.keyboard.is_empty() {
            request = request.reply_markup(ReplyMarkup::InlineKeyboard(keyboard(message)));
        }
        request
    }

    async fn edit(
        &self,
        chat: ChatId,
        message_id: i32,
        message: &Message,
    ) -> Result<(), RequestError> {
        let mut request = EditMessageText::new(chat, MessageId(message_id), message.html())
            .parse_mode(ParseMode::Html);
        request = request.link_preview_options(no_preview());
        if !message.keyboard.is_empty() {
            request = request.reply_markup(keyboard(message));
        }
        self.line.ask(request).await.map(|_| ())
    }

    /// Edits the pinned status; where it is gone, or was never there, a new one is sent and pinned without a sound.
    async fn show_status(
        &self,
        row: &OutboxRow,
        known: Option<i32>,
        message: &Message,
    ) -> Result<i32, RequestError> {
        let chat = ChatId(row.message.chat);
        if let Some(message_id) = known {
            let error = match self.edit(chat, message_id, message).await {
                Ok(()) => return Ok(message_id),
                Err(error) => error,
            };
            match judge(&error, self.service.now()) {
                Verdict::Fine => return Ok(message_id),
                Verdict::Problem(Problem::EditGone) => {}
                Verdict::Settle(_)
                | Verdict::Flood(_)
                | Verdict::Problem(_)
                | Verdict::WithoutFormatting
                | Verdict::WithoutReply
                | Verdict::Fatal => return Err(error),
            }
        }
        let request = self.message(row, message).disable_notification(true);
        let sent = self.line.ask(request).await?;
        let pin = PinChatMessage::new(chat, sent.id).disable_notification(true);
        if let Err(error) = self.line.ask(pin).await {
            tracing::info!(%error, "the status message could not be pinned; give the bot the right to pin");
        }
        Ok(sent.id.0)
    }
}

/// A refusal for want of a chat means the person in a private chat and the group elsewhere.
fn for_chat(problem: Problem, chat: i64) -> Problem {
    match problem {
        Problem::PersonGone if chat < 0 => Problem::GroupGone,
        other => other,
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

fn keyboard(message: &Message) -> InlineKeyboardMarkup {
    let rows = message
        .keyboard
        .iter()
        .map(|row| row.iter().filter_map(button).collect::<Vec<_>>());
    InlineKeyboardMarkup::new(rows)
}

fn button(button: &Button) -> Option<InlineKeyboardButton> {
    match button {
        Button::Press { text, data } => Some(InlineKeyboardButton::callback(text, data)),
        Button::Link { text, url } => Some(InlineKeyboardButton::url(
            text,
            reqwest::Url::parse(url).ok()?,
        )),
    }
}

fn without_reply(call: Call) -> Call {
    match call {
        Call::Send {
            message,
            silent,
            force_reply,
            ..
        } => Call::Send {
            message,
            silent,
            reply_to: None,
            force_reply,
        },
        other => other,
    }
}

fn plain(call: Call) -> Call {
    let plain = |message: Message| Message {
        blocks: vec![render::escape(&render::without_tags(&message.html()))],
        ..message
    };
    match call {
        Call::Send {
            message,
            silent,
            reply_to,
            force_reply,
        } => Call::Send {
            message: plain(message),
            silent,
            reply_to,
            force_reply,
        },
        Call::Edit {
            message_id,
            message,
        } => Call::Edit {
            message_id,
            message: plain(message),
        },
        Call::Redact {
            message_id,
            message,
        } => Call::Redact {
            message_id,
            message: plain(message),
        },
        Call::ShowStatus {
            message_id,
            message,
        } => Call::ShowStatus {
            message_id,
            message: plain(message),
        },
        other => other,
    }
}

/// Whose menu it is.
fn scope_of(chat: ChatId) -> BotCommandScope {
    match chat.0 {
        EVERYBODY => BotCommandScope::Default,
        _ => BotCommandScope::Chat {
            chat_id: Recipient::Id(chat),
        },
    }
}
