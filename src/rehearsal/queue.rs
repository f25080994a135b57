//! Updates waiting for the bot: how long they live, which kinds it asked for, and what an offset does.

use std::borrow::Cow;
use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::request::Parameters;
use super::state::State;
use super::webhook::Webhook;

/// A press of a button that was not fetched in this time is never delivered.
const PRESS_LIVES: TimeDelta = TimeDelta::seconds(150);
/// So long everything else waits.
const UPDATE_LIVES: TimeDelta = TimeDelta::hours(24);
/// An offset further past the newest update than this means "from the oldest".
const OFFSET_SLACK: i64 = 10;
/// An offset further before the oldest update than this means "from the oldest" too.
const OFFSET_PAST: i64 = 100_000;
/// Delivered only if the bot named them in `allowed_updates`.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
/// Every kind the stand-in knows; other names in `allowed_updates` are ignored, as the real server does.
const KINDS: [&str; 11] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
    "poll",
];

/// One update on its way to the bot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Queued {
    pub id: i64,
    pub expires_at: DateTime<Utc>,
    /// Updates of one lane are posted to a webhook one after the other.
    pub lane: (Cow<'static, str>, i64),
    pub json: Value,
    pub posting: Posting,
    /// Failed tries at posting it.
    pub times_failed: u32,
}

/// How far posting to a webhook has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Posting {
    Waiting,
    InFlight,
    FailedUntil(DateTime<Utc>),
}

/// All waiting updates, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Queue {
    pub updates: VecDeque<Queued>,
    pub next_id: i64,
    /// What the bot asked for last; `None` is the default set.
    pub allowed: Option<Vec<String>>,
    /// Raised by every poll, so that an older waiting one knows it was replaced.
    pub polls: u64,
    pub webhook: Option<Webhook>,
    /// Raised by every change of the webhook, so that its poster knows when to end.
    pub webhooks: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            updates: VecDeque::new(),
            next_id: 100_000_001,
            allowed: None,
            polls: 0,
            webhook: None,
            webhooks: 0,
        }
    }
}

impl Queue {
    /// Drops what is too old to be delivered.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        self.updates.retain(|update| update.expires_at > now);
    }

    /// Remembers `allowed_updates`; absent or unreadable keeps the old choice, no known name means the default set.
    pub fn choose(&mut self, parameters: &Parameters) {
        let Some(Value::Array(names)) = parameters.nested("allowed_updates") else {
            return;
        };
        let known: Vec<String> = names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| KINDS.contains(name))
            .map(str::to_owned)
            .collect();
        self.allowed = (!known.is_empty()).then_some(known);
    }

    /// Deletes what `offset` acknowledges.
    pub fn acknowledge(&mut self, offset: i64) {
        let head = self
            .updates
            .front()
            .map_or(self.next_id, |update| update.id);
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let forget = self.updates.len().saturating_sub(keep);
            self.updates.drain(..forget);
        } else if offset <= self.next_id + OFFSET_SLACK && offset >= head - OFFSET_PAST {
            self.updates.retain(|update| update.id >= offset);
        }
    }

    fn wants(&self, kind: &str) -> bool {
        match &self.allowed {
            None => !ON_REQUEST.contains(&kind),
            Some(names) => names.iter().any(|name| name == kind),
        }
    }
}

impl State {
    /// Queues one update of `kind` if the bot asked for such.
    pub fn tell(&mut self, kind: &'static str, subject: i64, payload: Value) {
        if !self.queue.wants(kind) {
            return;
        }
        let lives = if kind == "callback_query" {
            PRESS_LIVES
        } else {
            UPDATE_LIVES
        };
        let lane = match kind {
            "message" | "edited_message" | "channel_post" | "edited_channel_post" => {
                ("messages", subject)
            }
            other => (other, subject),
        };
        let id = self.queue.next_id;
        let json = json!({"update_id": id, kind: payload});
        self.push_update(lane, lives, json);
    }

    /// Queues an update as it stands, whatever the bot asked for; its `update_id` is the next one unless it has one.
    pub fn inject(&mut self, mut json: Value) {
        if let Some(id) = json.get("update_id").and_then(Value::as_i64) {
            self.queue.next_id = self.queue.next_id.max(id);
            self.queue.updates.retain(|update| update.id != id);
        } else {
            json["update_id"] = json!(self.queue.next_id);
        }
        self.push_update(("injected", 0), UPDATE_LIVES, json);
    }

    fn push_update(&mut self, lane: (&'static str, i64), lives: TimeDelta, json: Value) {
        self.queue.expire(self.now);
        let id = json["update_id"].as_i64().unwrap_or(self.queue.next_id);
        let expires_at = self.now + lives;
        self.queue.updates.push_back(Queued {
            id,
            expires_at,
            lane: (Cow::Borrowed(lane.0), lane.1),
            json,
            posting: Posting::Waiting,
            times_failed: 0,
        });
        self.queue.next_id = self.queue.next_id.max(id + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue_of(ids: std::ops::Range<i64>) -> State {
        let mut state = State::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap());
        state.queue.next_id = ids.start;
        for _ in ids {
            state.tell("message", 7, json!({}));
        }
        state
    }

    fn left(state: &State) -> Vec<i64> {
        state.queue.updates.iter().map(|update| update.id).collect()
    }

    #[test]
    fn an_offset_deletes_all_below_it_and_a_negative_one_all_but_the_last() {
        let mut state = queue_of(10..15);
        state.queue.acknowledge(0);
        assert_eq!(left(&state), [10, 11, 12, 13, 14]);
        state.queue.acknowledge(12);
        assert_eq!(left(&state), [12, 13, 14]);
        state.queue.acknowledge(-2);
        assert_eq!(left(&state), [13, 14]);
        state.queue.acknowledge(9999);
        assert_eq!(
            left(&state),
            [13, 14],
            "an offset from another life does no harm"
        );
    }

    #[test]
    fn presses_wait_150_seconds_and_messages_a_day() {
        let mut state = queue_of(10..11);
        state.tell("callback_query", 7, json!({}));
        state.queue.expire(state.now + TimeDelta::seconds(149));
        assert_eq!(left(&state), [10, 11]);
        state.queue.expire(state.now + TimeDelta::seconds(150));
        assert_eq!(left(&state), [10]);
        state.queue.expire(state.now + TimeDelta::hours(24));
        assert_eq!(left(&state), [0; 0]);
    }

    #[test]
    fn kinds_on_request_come_only_when_asked_for() {
        let mut state = queue_of(10..10);
        state.tell("chat_member", 7, json!({}));
        assert_eq!(left(&state), [0; 0]);
        let mut parameters = Parameters::default();
        parameters.values.insert(
            "allowed_updates".to_owned(),
            json!("[\"chat_member\", \"nonsense\"]"),
        );
        state.queue.choose(&parameters);
        state.tell("chat_member", 7, json!({}));
        state.tell("message", 7, json!({}));
        assert_eq!(left(&state), [10]);
    }
}
