//! The way a call takes to the Bot API: over the network through teloxide's client, or straight to a stand-in in the same process.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use teloxide::payloads::SendMediaGroup;
use teloxide::requests::{JsonRequest, MultipartPayload, MultipartRequest, Payload};
use teloxide::types::{Message, ResponseParameters};
use teloxide::{ApiError, Bot, RequestError};

/// A file that comes with a call.
#[derive(Debug, Clone)]
pub struct Enclosure {
    /// The part it is, named as the parameter where only one comes.
    pub parameter: String,
    /// Its own name.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// What a call in the same process comes to: the body of the answer, or how the connection broke.
pub type Answered<'a> = Pin<Box<dyn Future<Output = io::Result<String>> + Send + 'a>>;

/// Takes calls in the same process, for a simulation that must be the same every time.
pub trait Direct: Send + Sync {
    /// A call with its parameters. [`io::ErrorKind::ConnectionRefused`] says that it never left; all other errors leave open
    /// what became of it.
    fn call(
        &self,
        method: &'static str,
        parameters: Map<String, Value>,
        enclosures: Vec<Enclosure>,
    ) -> Answered<'_>;
}

/// A way to the Bot API. Not `Debug`: teloxide's own `Debug` prints the token.
#[derive(Clone)]
pub enum Line {
    /// Over the network.
    Network(Bot),
    /// Straight to a stand-in.
    Direct(Arc<dyn Direct>),
}

/// The envelope of every answer.
#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    result: Option<Value>,
    description: Option<String>,
    parameters: Option<ResponseParameters>,
}

impl Line {
    /// Calls a method and waits for the answer.
    pub async fn ask<P>(&self, payload: P) -> Result<P::Output, RequestError>
    where
        P: Payload + Serialize + Clone + Send + Sync + 'static,
        P::Output: DeserializeOwned + Send + Sync,
    {
        match self {
            Self::Network(bot) => JsonRequest::new(bot.clone(), payload).await,
            Self::Direct(direct) => {
                let answer = direct
                    .call(P::NAME, parameters_of(&payload), Vec::new())
                    .await;
                read(&answer.map_err(|error| RequestError::Io(Arc::new(error)))?)
            }
        }
    }

    /// Calls a method that brings a file, which stands in the payload too.
    pub async fn bring<P>(
        &self,
        payload: P,
        enclosure: Enclosure,
    ) -> Result<P::Output, RequestError>
    where
        P: Payload + MultipartPayload + Serialize + Clone + Send + Sync + 'static,
        P::Output: DeserializeOwned + Send + Sync,
    {
        match self {
            Self::Network(bot) => MultipartRequest::new(bot.clone(), payload).await,
            Self::Direct(direct) => {
                let mut parameters = parameters_of(&payload);
                // teloxide draws a name for the part; here it is the parameter's own.
                let part = format!("attach://{}", enclosure.parameter);
                parameters.insert(enclosure.parameter.clone(), Value::String(part));
                let answer = direct.call(P::NAME, parameters, vec![enclosure]).await;
                read(&answer.map_err(|error| RequestError::Io(Arc::new(error)))?)
            }
        }
    }

    /// Sends an album whose files stand in the payload too, in the same order.
    pub async fn bring_album(
        &self,
        payload: SendMediaGroup,
        enclosures: Vec<Enclosure>,
    ) -> Result<Vec<Message>, RequestError> {
        match self {
            Self::Network(bot) => MultipartRequest::new(bot.clone(), payload).await,
            Self::Direct(direct) => {
                let mut parameters = parameters_of(&payload);
                let media = parameters.get_mut("media").and_then(Value::as_array_mut);
                for (item, enclosure) in media.into_iter().flatten().zip(&enclosures) {
                    item["media"] = Value::String(format!("attach://{}", enclosure.parameter));
                }
                let answer = direct
                    .call(SendMediaGroup::NAME, parameters, enclosures)
                    .await;
                read(&answer.map_err(|error| RequestError::Io(Arc::new(error)))?)
            }
        }
    }
}

fn parameters_of(payload: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(payload) {
        Ok(Value::Object(parameters)) => parameters,
        Ok(_) | Err(_) => Map::new(),
    }
}

/// An answer's body, as teloxide's own client reads it.
fn read<T: DeserializeOwned>(body: &str) -> Result<T, RequestError> {
    let unreadable = |source| RequestError::InvalidJson {
        source: Arc::new(source),
        raw: body.into(),
    };
    let envelope: Envelope = serde_json::from_str(body).map_err(unreadable)?;
    if envelope.ok {
        let result = envelope.result.unwrap_or_default();
        return serde_json::from_value(result).map_err(unreadable);
    }
    Err(match envelope.parameters {
        Some(ResponseParameters::RetryAfter(seconds)) => RequestError::RetryAfter(seconds),
        Some(ResponseParameters::MigrateToChatId(chat)) => RequestError::MigrateToChatId(chat),
        None => {
            let words = envelope.description.unwrap_or_default();
            let known = serde_json::from_value(Value::String(words.clone()));
            RequestError::Api(known.unwrap_or(ApiError::Unknown(words)))
        }
    })
}

#[cfg(test)]
mod tests {
    use teloxide::types::{ChatId, InputFile, InputMedia, InputMediaPhoto};

    use super::*;

    #[test]
    fn a_direct_answer_reads_as_teloxide_reads_one() {
        assert!(matches!(
            read::<bool>(r#"{"ok":true,"result":true}"#),
            Ok(true)
        ));
        let refused = |body: &str| read::<bool>(body).unwrap_err();
        assert!(matches!(
            refused(
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#
            ),
            RequestError::RetryAfter(seconds) if seconds.seconds() == 7
        ));
        assert!(matches!(
            refused(
                r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#
            ),
            RequestError::Api(ApiError::BotBlocked)
        ));
        assert!(matches!(
            refused(r#"{"ok":false,"error_code":400,"description":"Bad Request: SOMETHING_NEW"}"#),
            RequestError::Api(ApiError::Unknown(words)) if words == "Bad Request: SOMETHING_NEW"
        ));
        assert!(matches!(
            refused("<html>"),
            RequestError::InvalidJson { .. }
        ));
    }

    /// Remembers what it was called with.
    #[derive(Default)]
    struct Heard {
        parameters: std::sync::Mutex<Map<String, Value>>,
        parts: std::sync::Mutex<Vec<String>>,
    }

    impl Direct for Heard {
        fn call(
            &self,
            _: &'static str,
            parameters: Map<String, Value>,
            enclosures: Vec<Enclosure>,
        ) -> Answered<'_> {
            *self.parameters.lock().unwrap() = parameters;
            let parts = enclosures.into_iter().map(|it| it.parameter);
            self.parts.lock().unwrap().extend(parts);
            Box::pin(async { Ok(r#"{"ok":true,"result":[]}"#.to_owned()) })
        }
    }

    #[tokio::test]
    async fn each_sheet_of_a_direct_album_names_the_part_that_brings_it() {
        let heard = Arc::new(Heard::default());
        let line = Line::Direct(heard.clone());
        let sheets = ["sheet0", "sheet1"].map(|parameter| Enclosure {
            parameter: parameter.to_owned(),
            name: format!("{parameter}.png"),
            content: parameter.as_bytes().to_vec(),
        });
        let photo = |sheet: &Enclosure| {
            InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(
                sheet.content.clone(),
            )))
        };
        let album = SendMediaGroup::new(ChatId(7), sheets.iter().map(photo));
        let sent = line.bring_album(album, sheets.to_vec()).await.unwrap();
        assert!(sent.is_empty());
        let parameters = heard.parameters.lock().unwrap();
        assert_eq!(parameters["media"][0]["media"], "attach://sheet0");
        assert_eq!(parameters["media"][1]["media"], "attach://sheet1");
        assert_eq!(*heard.parts.lock().unwrap(), ["sheet0", "sheet1"]);
    }
}
