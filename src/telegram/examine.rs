//! Telegram looked at from outside, for `duban doctor`: questions that change nothing and take no update from a running bot.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::DATE;
use serde_json::{Value, json};
use teloxide::prelude::*;

use super::client::{ClientSettings, ConnectError, SEND_TIMEOUT, bot};
use crate::clock::Clock;

/// Asks the Bot API. Not `Debug`: it holds the token.
pub struct Examiner {
    bot: Bot,
    clock: Clock,
}

/// The bot, as Telegram knows it, and how that answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduced {
    /// Numeric id.
    pub id: i64,
    /// Without the @.
    pub username: String,
    /// It may be added to groups.
    pub joins_groups: bool,
    /// In groups it receives what is not addressed to it as well.
    pub reads_all: bool,
    /// How long the answer took.
    pub took: TimeDelta,
    /// How far our clock is ahead of the server's; less than nothing when it is behind. To the second.
    pub ahead: Option<TimeDelta>,
}

/// What Telegram says about the webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where updates are posted; empty: nowhere.
    pub url: String,
    /// Updates that wait.
    pub pending: i64,
    /// The last failure: when, and why.
    pub failed: Option<(DateTime<Utc>, String)>,
}

/// What the bot is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// An administrator.
    Administrator {
        /// May pin messages.
        can_pin: bool,
    },
    /// A member like others; whether members may pin.
    Member {
        /// May pin messages.
        can_pin: bool,
    },
    /// A member that may not write.
    Silenced,
    /// Not there: left, removed, or no such group.
    Outside,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// The token is refused.
    #[error("the token is refused")]
    Token,
    /// Nobody answers, or not the Bot API.
    #[error("{0}")]
    Unreachable(String),
    /// It says no.
    #[error("{0}")]
    Refused(String),
}

impl Examiner {
    /// One that asks with these settings.
    ///
    /// # Errors
    /// A setting is no URL.
    pub fn new(settings: &ClientSettings, clock: Clock) -> Result<Self, ConnectError> {
        let bot = bot(settings, SEND_TIMEOUT)?;
        Ok(Self { bot, clock })
    }

    /// Asks who the bot is.
    pub async fn introduced(&self) -> Result<Introduced, Unanswered> {
        let asked_at = self.clock.now();
        let (me, date) = self.ask("getMe", json!({})).await?;
        let answered_at = self.clock.now();
        let took = answered_at - asked_at;
        let flag = |name| me[name].as_bool();
        Ok(Introduced {
            id: me["id"].as_i64().unwrap_or_default(),
            username: me["username"].as_str().unwrap_or_default().to_owned(),
            joins_groups: flag("can_join_groups").unwrap_or(true),
            reads_all: flag("can_read_all_group_messages").unwrap_or(false),
            took,
            ahead: date.map(|date| ahead(asked_at, answered_at, date)),
        })
    }

    /// Asks about the webhook.
    pub async fn webhook(&self) -> Result<Webhook, Unanswered> {
        let (info, _) = self.ask("getWebhookInfo", json!({})).await?;
        let words = |name| info[name].as_str().map(str::to_owned);
        let failed_at = info["last_error_date"].as_i64();
        let failed_at = failed_at.and_then(|at| DateTime::from_timestamp(at, 0));
        Ok(Webhook {
            url: words("url").unwrap_or_default(),
            pending: info["pending_update_count"].as_i64().unwrap_or_default(),
            failed: failed_at.zip(words("last_error_message")),
        })
    }

    /// Asks what the bot with this id is in a group.
    pub async fn membership(&self, chat: i64, bot: i64) -> Result<Membership, Unanswered> {
        let asked = json!({"chat_id": chat, "user_id": bot});
        let member = match self.ask("getChatMember", asked).await {
            Ok((member, _)) => member,
            Err(Unanswered::Refused(_)) => return Ok(Membership::Outside),
            Err(error) => return Err(error),
        };
        let may = |value: &Value, right: &str| value[right].as_bool().unwrap_or(false);
        Ok(match member["status"].as_str().unwrap_or_default() {
            "administrator" => Membership::Administrator {
                can_pin: may(&member, "can_pin_messages"),
            },
            "restricted" if !may(&member, "can_send_messages") => Membership::Silenced,
            "member" | "restricted" => {
                let (chat, _) = self.ask("getChat", json!({"chat_id": chat})).await?;
                Membership::Member {
                    can_pin: may(&chat["permissions"], "can_pin_messages"),
                }
            }
            _ => Membership::Outside,
        })
    }

    /// The result of a method, and the date the server gave the answer.
    async fn ask(
        &self,
        method: &str,
        parameters: Value,
    ) -> Result<(Value, Option<DateTime<Utc>>), Unanswered> {
        let base = self.bot.api_url();
        let base = base.as_str().trim_end_matches('/');
        let url = format!("{base}/bot{}/{method}", self.bot.token());
        let request = self.bot.client().post(url).json(&parameters);
        // The address holds the token.
        let unreachable =
            |error: reqwest::Error| Unanswered::Unreachable(words_of(&error.without_url()));
        let response = request.send().await.map_err(unreachable)?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
        let status = response.status();
        let body: Value = match response.json().await {
            Ok(body) => body,
            Err(_) => return Err(Unanswered::Unreachable(format!("HTTP {status}"))),
        };
        if body["ok"] == Value::Bool(true) {
            let date = date.map(|date| date.with_timezone(&Utc));
            return Ok((body["result"].clone(), date));
        }
        let words = body["description"].as_str().unwrap_or_default().to_owned();
        Err(match status.as_u16() {
            // Of a token of another form Telegram says that there is no such address.
            401 | 404 => Unanswered::Token,
            400 | 403 => Unanswered::Refused(words),
            _ => Unanswered::Unreachable(format!("HTTP {status} {words}")),
        })
    }
}

/// An error with what lies behind it: reqwest's own words say little.
fn words_of(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        words = deeper.to_string();
        cause = deeper.source();
    }
    words
}

/// How far our clock is ahead, when the server wrote `date`, cut to the second, between two moments of ours; nothing when that fits.
fn ahead(asked_at: DateTime<Utc>, answered_at: DateTime<Utc>, date: DateTime<Utc>) -> TimeDelta {
    let latest = date + TimeDelta::seconds(1);
    if asked_at > latest {
        asked_at - latest
    } else if answered_at < date {
        answered_at - date
    } else {
        TimeDelta::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_ahead_or_behind_only_by_what_the_answers_way_does_not_explain() {
        let at = |millis: i64| DateTime::from_timestamp_millis(millis).unwrap();
        let of =
            |asked, answered, date| ahead(at(asked), at(answered), at(date)).num_milliseconds();
        assert_eq!(of(10_200, 10_700, 10_000), 0);
        assert_eq!(of(9_500, 10_700, 10_000), 0);
        assert_eq!(of(12_500, 12_700, 10_000), 1_500);
        assert_eq!(of(7_000, 7_400, 10_000), -2_600);
    }
}
