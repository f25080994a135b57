//! Out: one sender a token leases rows, keeps Telegram's pace, sends, and records what came of it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use teloxide::RequestError;
use teloxide::payloads::{EditMessageTextSetters, SendDocumentSetters, SendMessageSetters};
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, BotCommandScope, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, InputFile,
    LinkPreviewOptions, MessageId, ParseMode, Recipient, ReplyMarkup, ReplyParameters, ThreadId,
};

use tokio::sync::watch;

use super::client::{Clients, SEND_TIMEOUT};
use super::limits::{Limits, Wait};
use super::problem::{Verdict, judge};
use crate::render::{self, Button, Message};
use crate::service::{ANSWER_PRIORITY, Call, EVERYBODY, Problem, Ready, Service, ServiceError};
use crate::store::{OutboxRow, OutboxState, OutgoingKind, Settled};

/// A lease outlives the send's timeout by far, so that nobody else sends while a send is still under way.
const LEASE_SECONDS: i64 = 3 * SEND_TIMEOUT.as_secs() as i64;

/// Two chats limited within this time mean that the token as a whole is limited.
const FLOOD_WINDOW_SECONDS: i64 = 10;

/// The sender looks again after this long even if nothing rings.
const IDLE_SECONDS: i64 = 30;

/// Sends what waits in the outbox.
pub struct Sender {
    service: Arc<Service>,
    bot: Bot,
    limits: Limits,
    last_flood: Option<(i64, DateTime<Utc>)>,
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

impl Sender {
    /// A sender for the service's outbox.
    pub fn new(service: Arc<Service>, clients: &Clients) -> Self {
        let limits = Limits::new(service.clock().clone());
        Self {
            service,
            bot: clients.send.clone(),
            limits,
            last_flood: None,
        }
    }

    /// Sends one row, if one may leave now.
    pub async fn look(&mut self) -> Result<Look, ServiceError> {
        let now = self.service.now();
        let closed = self.limits.closed_chats();
        let most_priority = if self.limits.answers_only() {
            ANSWER_PRIORITY
        } else {
            i64::MAX
        };
        let store = self.service.store();
        let Some(row) = store
            .claim(now, LEASE_SECONDS, &closed, most_priority)
            .await?
        else {
            let next = store.next_send_at(now, &closed).await?;
            let wait = next
                .filter(|next| *next > now)
                .into_iter()
                .chain(self.limits.next_opening())
                .min();
            return Ok(Look::Nothing(wait));
        };
        let call = match self.service.ready(&row).await? {
            Ready::Go(call) => call,
            Ready::Settle(settled) => {
                self.service.settle(&row, &settled).await?;
                return Ok(Look::Settled);
            }
        };
        if let Err(wait) = self
            .limits
            .spend(row.message.chat, row.message.kind == OutgoingKind::Answer)
        {
            return self.put_back(&row, wait).await;
        }
        let (settled, look) = self.deliver(&row, call).await?;
        self.service.settle(&row, &settled).await?;
        Ok(look)
    }

    async fn put_back(&self, row: &OutboxRow, wait: Wait) -> Result<Look, ServiceError> {
        let (Wait::Chat(until) | Wait::All(until)) = wait;
        let settled = Settled::Again {
            not_before: until,
            error: "our own pace".into(),
        };
        self.service.settle(row, &settled).await?;
        match wait {
            Wait::Chat(_) => Ok(Look::Settled),
            Wait::All(until) => Ok(Look::Nothing(Some(until))),
        }
    }

    async fn deliver(
        &mut self,
        row: &OutboxRow,
        mut call: Call,
    ) -> Result<(Settled, Look), ServiceError> {
        // Without the reply, then without the formatting: after that every verdict is final.
        for _ in 0..3 {
            let error = match self.perform(row, &call).await {
                Ok(message_id) => return Ok((Settled::Sent { message_id }, Look::Settled)),
                Err(error) => error,
            };
            let settled = match judge(&error, self.service.now()) {
                Verdict::Fine => Settled::Sent { message_id: None },
                Verdict::Settle(settled) => settled,
                Verdict::Flood(wait) => self.on_flood(row, wait).await?,
                Verdict::Problem(problem) => {
                    self.service
                        .on_problem(row, &for_chat(problem, row.message.chat))
                        .await?
                }
                Verdict::WithoutReply => {
                    call = without_reply(call);
                    continue;
                }
                Verdict::WithoutFormatting => {
                    tracing::error!(
                        row = row.id,
                        "telegram refused our formatting; it goes out plain"
                    );
                    call = plain(call);
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

    /// The chat waits as long as Telegram says and a little more; when another chat was limited just before, all wait.
    async fn on_flood(
        &mut self,
        row: &OutboxRow,
        wait: TimeDelta,
    ) -> Result<Settled, ServiceError> {
        let now = self.service.now();
        let chat = row.message.chat;
        let until = now + wait + TimeDelta::milliseconds(500);
        let recent =
            |(_, at): (i64, DateTime<Utc>)| now - at < TimeDelta::seconds(FLOOD_WINDOW_SECONDS);
        let several = self
            .last_flood
            .is_some_and(|flood| flood.0 != chat && recent(flood));
        self.last_flood = Some((chat, now));
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

    async fn perform(&self, row: &OutboxRow, call: &Call) -> Result<Option<i32>, RequestError> {
        let chat = ChatId(row.message.chat);
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
                request.await.map(|sent| Some(sent.id.0))
            }
            Call::Edit {
                message_id,
                message,
            } => self
                .edit(chat, *message_id, message)
                .await
                .map(|()| Some(*message_id)),
            Call::Status => Ok(None),
            Call::ShowStatus {
                message_id,
                message,
            } => self.show_status(row, *message_id, message).await.map(Some),
            Call::Document {
                name,
                content,
                caption,
            } => {
                let file = InputFile::memory(content.clone()).file_name(name.clone());
                let mut request = self
                    .bot
                    .send_document(chat, file)
                    .caption(caption.clone())
                    .parse_mode(ParseMode::Html);
                if let Some(thread) = row.message.thread {
                    request = request.message_thread_id(ThreadId(MessageId(thread)));
                }
                request.await.map(|sent| Some(sent.id.0))
            }
            Call::Menu(commands) => {
                let commands: Vec<BotCommand> = commands
                    .iter()
                    .map(|(name, description)| BotCommand::new(name, description))
                    .collect();
                self.bot
                    .set_my_commands(commands)
                    .scope(scope_of(chat))
                    .await
                    .map(|_| None)
            }
            Call::Leave => self.bot.leave_chat(chat).await.map(|_| None),
        }
    }

    fn message(
        &self,
        row: &OutboxRow,
        message: &Message,
    ) -> teloxide::requests::JsonRequest<teloxide::payloads::SendMessage> {
        let mut request = self
            .bot
            .send_message(ChatId(row.message.chat), message.html())
            .parse_mode(ParseMode::Html);
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
        let mut request = self
            .bot
            .edit_message_text(chat, MessageId(message_id), message.html())
            .parse_mode(ParseMode::Html);
        request = request.link_preview_options(no_preview());
        if !message.keyboard.is_empty() {
            request = request.reply_markup(keyboard(message));
        }
        request.await.map(|_| ())
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
        let sent = self
            .message(row, message)
            .disable_notification(true)
            .await?;
        if let Err(error) = self
            .bot
            .pin_chat_message(chat, sent.id)
            .disable_notification(true)
            .await
        {
            tracing::info!(%error, "the status message could not be pinned; give the bot the right to pin");
        }
        Ok(sent.id.0)
    }

    /// Sends until nothing more can leave now, or it is told to stop; returns when to look again.
    async fn drain(&mut self, stop: &watch::Receiver<bool>) -> Result<Look, ServiceError> {
        loop {
            match self.look().await? {
                Look::Settled if !*stop.borrow() => {}
                end => return Ok(end),
            }
        }
    }

    /// Sends whenever something may leave, until `stop` is true or the token is refused; a send under way is finished. A failing database is waited for.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let until = match self.drain(&stop).await {
                Ok(Look::TokenRefused) => return,
                Ok(Look::Settled) => None,
                Ok(Look::Nothing(until)) => until,
                Err(error) => {
                    tracing::error!(%error, "messages wait for the database");
                    Some(self.service.now() + TimeDelta::seconds(1))
                }
            };
            if let Err(error) = self.ask_about_unknown().await {
                tracing::error!(%error, "the office could not be asked about a digest");
            }
            let until =
                until.unwrap_or_else(|| self.service.now() + TimeDelta::seconds(IDLE_SECONDS));
            tokio::select! {
                () = self.service.outbox_rings.notified() => {}
                () = self.service.clock().sleep_until(until) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Digests whose outcome is unknown wait for the office: asked once each.
    pub async fn ask_about_unknown(&self) -> Result<(), ServiceError> {
        for row in self
            .service
            .store()
            .outgoing_in_state(OutboxState::Unknown)
            .await?
        {
            self.service.ask_whether_seen(&row).await?;
        }
        Ok(())
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
