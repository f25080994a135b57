//! Files: made from their recipe right before they leave, shown to be coming, and held against what Telegram takes.

use std::convert::Infallible;
use std::time::Duration;

use teloxide::RequestError;
use teloxide::payloads::{
    SendChatAction, SendDocument, SendDocumentSetters, SendMediaGroup, SendMediaGroupSetters,
    SendPhoto, SendPhotoSetters,
};
use teloxide::prelude::*;
use teloxide::types::{
    ChatAction, InputFile, InputMedia, InputMediaPhoto, MessageId, ParseMode, ThreadId,
};

use super::courier::Courier;
use super::line::Enclosure;
use crate::render;
use crate::service::{Call, File, Made, Recipe, ServiceError, Sheet, said_instead};
use crate::store::{OutboxRow, Settled};

/// A file Telegram takes from a bot, in bytes.
pub(super) const MOST_UPLOAD: usize = 50 * 1024 * 1024;

/// A chat action is shown for at most 5 seconds.
const ANNOUNCE_EVERY: Duration = Duration::from_secs(4);

/// A call with everything it carries.
pub(super) enum Load {
    /// Carries nothing but itself.
    Call(Call),
    /// Brings a file; whether without a sound.
    File(Made, bool),
}

impl Load {
    /// The same with another call or caption.
    pub fn changed(
        self,
        call: impl FnOnce(Call) -> Call,
        caption: impl FnOnce(&str) -> String,
    ) -> Self {
        match self {
            Self::Call(plain) => Self::Call(call(plain)),
            Self::File(made, silent) => {
                let caption = caption(&made.caption);
                Self::File(Made { caption, ..made }, silent)
            }
        }
    }
}

impl Courier {
    /// Makes the file of a call that brings one; what its row becomes where there is none to be sent.
    pub(super) async fn load(
        &self,
        row: &OutboxRow,
        call: Call,
    ) -> Result<Result<Load, Settled>, ServiceError> {
        match call {
            Call::Document {
                name,
                content,
                caption,
            } => {
                self.announce(row, ChatAction::UploadDocument).await;
                let content = content.into_bytes();
                let file = File::Document { name, content };
                let made = Made { file, caption };
                Ok(Ok(Load::File(made, false)))
            }
            Call::File(recipe) => self.load_made(row, &recipe).await,
            Call::Send { .. }
            | Call::Edit { .. }
            | Call::Redact { .. }
            | Call::Delete { .. }
            | Call::Status
            | Call::ShowStatus { .. }
            | Call::Menu(_)
            | Call::Leave => Ok(Ok(Load::Call(call))),
        }
    }

    async fn load_made(
        &self,
        row: &OutboxRow,
        recipe: &Recipe,
    ) -> Result<Result<Load, Settled>, ServiceError> {
        self.announce(row, ChatAction::UploadDocument).await;
        let making = self.make(row, recipe);
        let made = self
            .announced(row, ChatAction::UploadDocument, making)
            .await?;
        Ok(made.and_then(|made| {
            let (bytes, most) = (made.file.bytes(), self.most_upload);
            match bytes <= most {
                true => Ok(Load::File(made, recipe.silent)),
                false => {
                    tracing::warn!(row = row.id, bytes, "a document is too large for Telegram");
                    let message = render::document::too_large(&recipe.document, bytes, most);
                    Err(said_instead(row, message))
                }
            }
        }))
    }

    /// Sends a file and gives its message's id.
    pub(super) async fn upload(
        &self,
        row: &OutboxRow,
        made: &Made,
        silent: bool,
    ) -> Result<Option<i32>, RequestError> {
        let chat = ChatId(row.message.chat);
        let thread = row.message.thread.map(|thread| ThreadId(MessageId(thread)));
        let input = |name: &String, content: &Vec<u8>| {
            InputFile::memory(content.clone()).file_name(name.clone())
        };
        let caption = made.caption.clone();
        let sent = match &made.file {
            File::Document { name, content } => {
                let mut request = SendDocument::new(chat, input(name, content))
                    .caption(caption)
                    .disable_notification(silent)
                    .parse_mode(ParseMode::Html);
                request.message_thread_id = thread;
                let sending = self
                    .uploads
                    .bring(request, enclosed("document", name, content));
                self.announced(row, ChatAction::UploadDocument, Box::pin(sending))
                    .await?
            }
            File::Pictures(sheets) => match sheets.as_slice() {
                [Sheet { name, content }] => {
                    let mut request = SendPhoto::new(chat, input(name, content))
                        .caption(caption)
                        .disable_notification(silent)
                        .parse_mode(ParseMode::Html);
                    request.message_thread_id = thread;
                    let sending = self
                        .uploads
                        .bring(request, enclosed("photo", name, content));
                    self.announced(row, ChatAction::UploadPhoto, Box::pin(sending))
                        .await?
                }
                sheets => {
                    let photo =
                        |sheet: &Sheet| InputMediaPhoto::new(input(&sheet.name, &sheet.content));
                    let mut photos: Vec<InputMediaPhoto> = sheets.iter().map(photo).collect();
                    // What stands below an album is the caption of its first picture.
                    if let Some(first) = photos.first_mut() {
                        first.caption = Some(caption);
                        first.parse_mode = Some(ParseMode::Html);
                    }
                    let album = photos.into_iter().map(InputMedia::Photo);
                    let mut request = SendMediaGroup::new(chat, album).disable_notification(silent);
                    request.message_thread_id = thread;
                    let enclosures = sheets.iter().enumerate().map(|(at, sheet)| {
                        enclosed(&format!("sheet{at}"), &sheet.name, &sheet.content)
                    });
                    let sending = self.uploads.bring_album(request, enclosures.collect());
                    let sent = self
                        .announced(row, ChatAction::UploadPhoto, sending)
                        .await?;
                    return Ok(sent.first().map(|first| first.id.0));
                }
            },
        };
        Ok(Some(sent.id.0))
    }

    /// Shows people that a file is still coming for as long as the work takes.
    async fn announced<T>(
        &self,
        row: &OutboxRow,
        action: ChatAction,
        work: impl Future<Output = T>,
    ) -> T {
        tokio::select! {
            biased;
            done = work => done,
            never = self.keep_announcing(row, action) => match never {},
        }
    }

    async fn keep_announcing(&self, row: &OutboxRow, action: ChatAction) -> Infallible {
        loop {
            self.service.clock().sleep(ANNOUNCE_EVERY).await;
            self.announce(row, action).await;
        }
    }

    /// Whether it comes is not decided here, so a refusal is no matter.
    async fn announce(&self, row: &OutboxRow, action: ChatAction) {
        let mut request = SendChatAction::new(ChatId(row.message.chat), action);
        request.message_thread_id = row.message.thread.map(|thread| ThreadId(MessageId(thread)));
        let _ = self.line.ask(request).await;
    }
}

fn enclosed(parameter: &str, name: &str, content: &[u8]) -> Enclosure {
    Enclosure {
        parameter: parameter.to_owned(),
        name: name.to_owned(),
        content: content.to_vec(),
    }
}
