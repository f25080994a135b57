//! teloxide's client, set up for long polls, for files and for all else, each with its patience. No proxy but the one that is set.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use teloxide::payloads::GetMe;
use teloxide::prelude::*;
use teloxide::{ApiError, RequestError};

use super::line::{Direct, Line};
use crate::conversation::BotAccount;

/// A long poll waits this long for an update.
pub const POLL_SECONDS: u32 = 30;
/// The poll's own time and the way there and back.
const POLL_TIMEOUT: Duration = Duration::from_secs(45);
/// A text message is answered within this.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// A file is taken within this.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(120);

/// A file of evidence comes within this, also over a slow line.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(300);

/// How to reach Telegram.
#[derive(Clone)]
pub struct ClientSettings {
    /// `TELOXIDE_TOKEN`.
    pub token: SecretString,
    /// `TELOXIDE_API_URL`, without a trailing slash.
    pub api_url: Option<String>,
    /// `TELOXIDE_PROXY`.
    pub proxy: Option<String>,
}

/// A proxy's address may hold a password, and so may a server's.
impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("token", &self.token)
            .field("api_url", &self.api_url.as_deref().map(without_user))
            .field("proxy", &self.proxy.as_deref().map(without_user))
            .finish()
    }
}

/// An address without whoever stands before its `@`.
fn without_user(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, rest)| rest)
}

/// The clients. Not `Debug`, as their lines are not.
#[derive(Clone)]
pub struct Clients {
    /// For long polls.
    pub poll: Line,
    /// For files that leave.
    pub upload: Line,
    /// For everything else.
    pub send: Line,
}

/// Telegram cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The token is refused.
    #[error("Telegram refuses the token: take it anew from @BotFather and set TELOXIDE_TOKEN")]
    Token,
    /// A setting is not a URL.
    #[error("{0} is not a URL such as https://api.telegram.org")]
    Url(&'static str),
    /// Nobody answers.
    #[error(
        "the Bot API cannot be reached ({0}): check the network, TELOXIDE_API_URL and TELOXIDE_PROXY"
    )]
    Unreachable(String),
}

impl Clients {
    /// Clients for these settings; nothing is sent yet.
    pub fn new(settings: &ClientSettings) -> Result<Self, ConnectError> {
        Ok(Self {
            poll: Line::Network(bot(settings, POLL_TIMEOUT)?),
            upload: Line::Network(bot(settings, UPLOAD_TIMEOUT)?),
            send: Line::Network(bot(settings, SEND_TIMEOUT)?),
        })
    }

    /// Clients that call a stand-in in this process.
    pub fn direct(direct: Arc<dyn Direct>) -> Self {
        let line = Line::Direct(direct);
        Self {
            poll: line.clone(),
            upload: line.clone(),
            send: line,
        }
    }

    /// Asks who the bot is.
    pub async fn who(&self) -> Result<BotAccount, ConnectError> {
        match self.send.ask(GetMe::new()).await {
            Ok(me) => Ok(BotAccount {
                id: i64::try_from(me.id.0).unwrap_or(i64::MAX),
                username: me.username.clone().unwrap_or_default(),
            }),
            Err(RequestError::Api(ApiError::InvalidToken)) => Err(ConnectError::Token),
            Err(RequestError::Api(ApiError::Unknown(text))) if text.contains("nauthorized") => {
                Err(ConnectError::Token)
            }
            Err(error) => Err(ConnectError::Unreachable(error.to_string())),
        }
    }
}

/// Clients, and the bot's account as Telegram names it.
pub async fn connect(settings: &ClientSettings) -> Result<(Clients, BotAccount), ConnectError> {
    let clients = Clients::new(settings)?;
    let account = clients.who().await?;
    Ok((clients, account))
}

/// The client for files that come.
pub(super) fn downloads(settings: &ClientSettings) -> Result<Bot, ConnectError> {
    bot(settings, DOWNLOAD_TIMEOUT)
}

pub(super) fn bot(settings: &ClientSettings, timeout: Duration) -> Result<Bot, ConnectError> {
    let builder = teloxide::net::default_reqwest_settings().timeout(timeout);
    let builder = match settings.proxy.as_deref().filter(|proxy| !proxy.is_empty()) {
        Some(proxy) => builder
            .proxy(reqwest::Proxy::all(proxy).map_err(|_| ConnectError::Url("TELOXIDE_PROXY"))?),
        None => builder.no_proxy(),
    };
    let client = builder
        .build()
        .map_err(|error| ConnectError::Unreachable(error.without_url().to_string()))?;
    let bot = Bot::with_client(settings.token.expose_secret(), client);
    match settings.api_url.as_deref().filter(|url| !url.is_empty()) {
        Some(url) => {
            let url = reqwest::Url::parse(url.trim_end_matches('/'))
                .map_err(|_| ConnectError::Url("TELOXIDE_API_URL"))?;
            Ok(bot.set_api_url(url))
        }
        None => Ok(bot),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_what_goes_wrong_with_them_show_no_secret() {
        let secret = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
        let settings = |api_url: &str, proxy: &str| ClientSettings {
            token: SecretString::from(format!("123456789:{secret}")),
            api_url: Some(api_url.to_owned()),
            proxy: Some(proxy.to_owned()),
        };
        let with_user = settings(
            "https://duban:geheim@bots.example",
            "socks5://duban:geheim@127.0.0.1:1080",
        );
        let shown = format!("{with_user:?} {with_user:#?}");
        assert!(shown.contains("bots.example") && shown.contains("127.0.0.1:1080"));
        assert!(
            !shown.contains(secret) && !shown.contains("geheim"),
            "{shown}"
        );
        for settings in [
            settings("https://duban:geheim@[", ""),
            settings("", "http://duban:geheim@["),
        ] {
            let Err(error) = Clients::new(&settings) else {
                panic!("{settings:?} is no address")
            };
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains(secret) && !shown.contains("geheim"),
                "{shown}"
            );
        }
    }
}
