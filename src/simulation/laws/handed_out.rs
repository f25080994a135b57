//! The law of updates: what somebody wrote to the bot in private is in the inbox before Telegram is told that it came.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Held, must};
use crate::rehearsal::Call;
use crate::store::Memory;

pub(super) const LAW: &str = "no update is lost";

/// Messages in private chats that were handed out and not acknowledged, by the id of their update.
#[derive(Default)]
pub(super) struct HandedOut(BTreeSet<i64>);

impl HandedOut {
    /// Whatever this call acknowledges is kept; what it hands out must be by the time it is acknowledged.
    pub fn hold(&mut self, call: &Call, memory: &Memory) -> Held {
        if call.method != "getUpdates" {
            return Ok(());
        }
        let Some(Ok(result)) = &call.outcome else {
            return Ok(());
        };
        let offset = call.parameters.get("offset").and_then(Value::as_i64);
        let waiting = self.0.split_off(&offset.unwrap_or(0));
        let acknowledged = std::mem::replace(&mut self.0, waiting);
        for id in acknowledged {
            let is_kept = memory.knows_updates(&[json!({"update_id": id})]);
            must(is_kept, LAW, || format!("update {id} was acknowledged"))?;
        }
        let handed_out = result.as_array().into_iter().flatten();
        self.0.extend(handed_out.filter_map(private_message));
        Ok(())
    }
}

fn private_message(update: &Value) -> Option<i64> {
    let message = update.get("message").or(update.get("edited_message"))?;
    let kind = message.pointer("/chat/type").and_then(Value::as_str);
    let id = update.get("update_id").and_then(Value::as_i64);
    id.filter(|_| kind == Some("private"))
}
