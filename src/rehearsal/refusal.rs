//! Refusals: what the stand-in answers instead of a result, in Telegram's own words.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An answer with `"ok": false`. The HTTP status equals `code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// 400, 401, 403, 404, 409, 413, 429 or 500.
    pub code: u16,
    /// The description exactly as the real server words it.
    pub description: String,
    /// Seconds to wait, with 429 only.
    pub retry_after: Option<u32>,
    /// Where a migrated group went, with 400 only.
    pub migrate_to_chat_id: Option<i64>,
}

impl Refusal {
    /// A refusal without parameters.
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
            retry_after: None,
            migrate_to_chat_id: None,
        }
    }

    /// 400 with the usual prefix.
    pub fn bad_request(what: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", what.as_ref()))
    }

    /// 403 with the usual prefix.
    pub fn forbidden(what: &str) -> Self {
        Self::new(403, format!("Forbidden: {what}"))
    }

    /// 409 with the usual prefix.
    pub fn conflict(what: &str) -> Self {
        Self::new(409, format!("Conflict: {what}"))
    }

    /// 413 with the usual prefix.
    pub fn too_large(what: &str) -> Self {
        Self::new(413, format!("Request Entity Too Large: {what}"))
    }

    /// 429; never less than one second.
    pub fn too_many_requests(seconds: u32) -> Self {
        let seconds = seconds.max(1);
        Self {
            retry_after: Some(seconds),
            ..Self::new(429, format!("Too Many Requests: retry after {seconds}"))
        }
    }

    /// What the old id of a migrated group answers.
    pub fn upgraded(to: i64) -> Self {
        Self {
            migrate_to_chat_id: Some(to),
            ..Self::bad_request("group chat was upgraded to a supergroup chat")
        }
    }

    /// The envelope. `parameters` is there only if it holds something: an empty one makes teloxide fail.
    pub fn envelope(&self) -> Value {
        let mut envelope =
            json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            envelope["parameters"] = json!({"retry_after": seconds});
        } else if let Some(chat) = self.migrate_to_chat_id {
            envelope["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        envelope
    }
}

/// Whole seconds in `wait`, rounded up, at least one.
pub(super) fn whole_seconds(wait: TimeDelta) -> u32 {
    u32::try_from(
        wait.num_milliseconds().div_euclid(1000)
            + i64::from(wait.num_milliseconds().rem_euclid(1000) > 0),
    )
    .unwrap_or(1)
    .max(1)
}
