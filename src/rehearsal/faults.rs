//! Faults on demand: what can go wrong between the bot and Telegram, played when a test asks for it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Something that goes wrong with a call. Waiting is by the stand-in's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Carried out as usual, but only after this time.
    Delay(Duration),
    /// The connection is closed before the request's body is read; nothing happens.
    CloseBeforeReading,
    /// Carried out, then the connection is closed without a byte of answer: the bot cannot know.
    ProcessThenClose,
    /// Carried out, then the connection is closed in the middle of the answer's body.
    HalfBody,
    /// Answered with 500 and `Internal Server Error: restart`; nothing happens.
    Status500,
    /// Answered with 502 and a page of HTML, as a proxy does; nothing happens.
    Html502,
    /// Carried out, then answered with 200 and nothing in the body.
    EmptyBody,
    /// Answered with 429 and this many seconds; the chat stays closed for them, and coming back early is a violation.
    TooManyRequests(u32),
    /// Answered with 400 and `can't parse entities`; nothing happens.
    BadEntities,
    /// Answered with 401, as after the token was revoked; nothing happens.
    Unauthorized,
    /// Carried out, and the answer dribbles out: `bytes` at a time with `pause` between.
    SlowDrip {
        /// Bytes written at a time, at least one.
        bytes: usize,
        /// The time between two writes.
        pause: Duration,
    },
}

impl Fault {
    /// The fault a script calls so; `429 SECONDS` for too many requests.
    pub fn called(kind: &str) -> Option<Self> {
        Some(match kind {
            "close-before-reading" => Self::CloseBeforeReading,
            "process-then-close" => Self::ProcessThenClose,
            "half-body" => Self::HalfBody,
            "empty-body" => Self::EmptyBody,
            "unauthorized" => Self::Unauthorized,
            "bad-entities" => Self::BadEntities,
            "500" => Self::Status500,
            "502" => Self::Html502,
            "delay" => Self::Delay(Duration::from_secs(1)),
            _ => Self::TooManyRequests(kind.strip_prefix("429 ")?.parse().ok()?),
        })
    }

    /// The refusal it answers with, if it answers with one.
    pub(super) fn refusal(self) -> Option<Refusal> {
        Some(match self {
            Self::Status500 => Refusal::new(500, "Internal Server Error: restart"),
            Self::TooManyRequests(seconds) => Refusal::too_many_requests(seconds),
            Self::BadEntities => Refusal::bad_request(
                "can't parse entities: Unsupported start tag \"x\" at byte offset 0",
            ),
            Self::Unauthorized => Refusal::new(401, "Unauthorized"),
            Self::Delay(_)
            | Self::CloseBeforeReading
            | Self::ProcessThenClose
            | Self::HalfBody
            | Self::Html502
            | Self::EmptyBody
            | Self::SlowDrip { .. } => return None,
        })
    }

    /// Whether the call is carried out all the same.
    pub(super) fn is_carried_out(self) -> bool {
        match self {
            Self::Delay(_)
            | Self::ProcessThenClose
            | Self::HalfBody
            | Self::EmptyBody
            | Self::SlowDrip { .. } => true,
            Self::CloseBeforeReading
            | Self::Status500
            | Self::Html502
            | Self::TooManyRequests(_)
            | Self::BadEntities
            | Self::Unauthorized => false,
        }
    }
}

/// The faults still to be played, in the order they were asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Faults {
    planned: Vec<Planned>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Planned {
    method: String,
    left: usize,
    fault: Fault,
}

/// Stands for every method.
pub const ANY_METHOD: &str = "*";

impl Faults {
    pub fn plan(&mut self, method: &str, count: usize, fault: Fault) {
        if count > 0 {
            self.planned.push(Planned {
                method: method.to_owned(),
                left: count,
                fault,
            });
        }
    }

    pub fn clear(&mut self) {
        self.planned.clear();
    }

    /// The fault to play on a call of `method` that has just arrived.
    pub fn take(&mut self, method: &str) -> Option<Fault> {
        let at = self
            .planned
            .iter()
            .position(|one| one.method == ANY_METHOD || one.method.eq_ignore_ascii_case(method))?;
        let planned = &mut self.planned[at];
        planned.left -= 1;
        let fault = planned.fault;
        if planned.left == 0 {
            self.planned.remove(at);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_played_in_order_and_then_are_over() {
        let mut faults = Faults::default();
        faults.plan("sendMessage", 2, Fault::Status500);
        faults.plan(ANY_METHOD, 1, Fault::EmptyBody);
        assert_eq!(faults.take("SendMessage"), Some(Fault::Status500));
        assert_eq!(faults.take("getMe"), Some(Fault::EmptyBody));
        assert_eq!(faults.take("getMe"), None);
        assert_eq!(faults.take("sendmessage"), Some(Fault::Status500));
        assert_eq!(faults.take("sendMessage"), None);
    }
}
