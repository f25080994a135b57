//! Answers to questions.

use super::{Message, Scene};
use crate::conversation::query::QuerySay;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &QuerySay) -> Message {
    let _ = (scene, say);
    Message::default()
}
