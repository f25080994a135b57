//! Calls of the bot as the server brings them, and the one that waits: `getUpdates`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::faults::Fault;
use super::methods;
use super::refusal::Refusal;
use super::request::Parameters;
use super::state::State;
use super::table;
use super::world::World;

/// `getUpdates.timeout` is clamped to this, in seconds.
const MAX_POLL: i64 = 50;

/// Calls of the bot, as the server brings them.
impl World {
    pub(super) fn take_fault(&self, method: &str) -> Option<Fault> {
        self.locked().faults.take(method)
    }

    /// Carries out a call and writes it down; whether the bot waits for what comes of it.
    pub(super) async fn call(
        &self,
        method: &'static str,
        parameters: &Parameters,
        fault: Option<Fault>,
        waits: bool,
    ) -> Result<Value, Refusal> {
        for what in table::mistakes(method, &parameters.values, |name| {
            parameters.uploads.contains_key(name)
        }) {
            self.locked().violation(method, what);
        }
        if method != "getUpdates" {
            return self.act(|state| {
                let outcome = as_heard(state, waits && hears(fault), |state| {
                    methods::carry_out(state, method, parameters)
                });
                state.write_down(method, parameters, fault, Some(outcome.clone()));
                outcome
            });
        }
        let outcome = self.get_updates(parameters).await;
        let is_idle = outcome
            .as_ref()
            .is_ok_and(|found| found.as_array().is_some_and(Vec::is_empty));
        if !is_idle || fault.is_some() {
            self.act(|state| state.write_down(method, parameters, fault, Some(outcome.clone())));
        }
        outcome
    }

    /// Writes down a call that a fault keeps from being carried out. A 429 closes the chat as a real one does.
    pub(super) fn turn_away(
        &self,
        method: &str,
        parameters: &Parameters,
        fault: Fault,
        waits: bool,
    ) {
        self.act(|state| {
            if let (Fault::TooManyRequests(seconds), Some(chat)) =
                (fault, parameters.integer("chat_id"))
            {
                as_heard(state, waits && hears(Some(fault)), |state| {
                    state.flood.block(chat, seconds, state.now);
                });
            }
            state.write_down(method, parameters, Some(fault), None);
        });
    }

    pub(super) fn note_unknown(&self, method: &str) {
        self.act(|state| {
            state.violation(method, "no such method, or one the stand-in does not play")
        });
    }

    /// Holds the call until something is queued or `timeout` has passed. A newer poll, or a webhook, ends it with 409.
    async fn get_updates(&self, parameters: &Parameters) -> Result<Value, Refusal> {
        let mut changed = self.subscribe();
        let (mine, until) = {
            let mut state = self.locked();
            if state.queue.webhook.is_some() {
                return Err(Refusal::conflict(
                    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                ));
            }
            state.queue.polls += 1;
            state.queue.choose(parameters);
            let now = state.now;
            state.queue.expire(now);
            if let Some(offset) = parameters.integer("offset").filter(|offset| *offset != 0) {
                state.queue.acknowledge(offset);
            }
            let timeout = parameters
                .integer("timeout")
                .unwrap_or(0)
                .clamp(0, MAX_POLL);
            (state.queue.polls, now + TimeDelta::seconds(timeout))
        };
        // An older poll that still waits has to see that it was replaced.
        self.announce();
        let limit = usize::try_from(parameters.integer("limit").unwrap_or(100).clamp(1, 100))
            .unwrap_or(100);
        loop {
            if let Some(found) = self.poll(mine, limit, until)? {
                return Ok(found);
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = self.clock().sleep_until(until) => {}
            }
        }
    }

    fn poll(
        &self,
        mine: u64,
        limit: usize,
        until: DateTime<Utc>,
    ) -> Result<Option<Value>, Refusal> {
        let mut state = self.locked();
        if state.queue.webhook.is_some() {
            return Err(Refusal::conflict("terminated by setWebhook request"));
        }
        if state.queue.polls != mine {
            return Err(Refusal::conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running",
            ));
        }
        let now = state.now;
        state.queue.expire(now);
        let found: Vec<Value> = state
            .queue
            .updates
            .iter()
            .take(limit)
            .map(|update| update.json.clone())
            .collect();
        Ok((!found.is_empty() || now >= until).then_some(Value::Array(found)))
    }
}

/// Whether what comes of a call is told to the bot when this goes wrong with it.
fn hears(fault: Option<Fault>) -> bool {
    match fault {
        Some(
            Fault::CloseBeforeReading
            | Fault::ProcessThenClose
            | Fault::HalfBody
            | Fault::EmptyBody,
        ) => false,
        Some(
            Fault::Delay(_)
            | Fault::Status500
            | Fault::Html502
            | Fault::TooManyRequests(_)
            | Fault::BadEntities
            | Fault::Unauthorized
            | Fault::SlowDrip { .. },
        )
        | None => true,
    }
}

/// Does something for which the bot is told to wait, or is not.
fn as_heard<T>(state: &mut State, heard: bool, act: impl FnOnce(&mut State) -> T) -> T {
    state.flood.unheard = !heard;
    let outcome = act(state);
    state.flood.unheard = false;
    outcome
}
