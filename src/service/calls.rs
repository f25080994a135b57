//! A message as the calls that bring it, and a call as a row's body.

use super::Call;
use crate::conversation::Manner;
use crate::render::{self, Message};

/// Messages longer than this many parts become a document.
const MOST_PARTS: usize = 3;

/// The rows a message becomes: one, up to three numbered parts, or a document.
pub fn calls_of(message: Message, manner: Manner, reply_to: Option<i32>) -> Vec<Call> {
    let parts = render::split(message);
    if parts.len() > MOST_PARTS {
        let (name, caption) = render::delivery::document_name_and_caption(parts.len());
        let content = parts
            .iter()
            .map(|part| render::without_tags(&part.html()))
            .collect::<Vec<_>>()
            .join("\n");
        return vec![Call::Document {
            name,
            content,
            caption,
        }];
    }
    let last = parts.len().saturating_sub(1);
    let calls = parts
        .into_iter()
        .enumerate()
        .map(|(index, message)| Call::Send {
            message,
            silent: manner.silent || index > 0,
            reply_to: reply_to.filter(|_| index == 0),
            force_reply: manner.force_reply && index == last,
        });
    calls.collect()
}

/// A call as a row's body.
pub fn body_of(call: &Call) -> String {
    serde_json::to_string(call).expect("a call holds only texts, numbers and lists")
}
