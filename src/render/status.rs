//! The pinned status message: short, edited in place, with what is sent next.

use super::{Message, Scene};
use crate::conversation::PlannedSend;

/// The pinned status.
pub fn post(scene: &Scene<'_>, next: &[PlannedSend]) -> Message {
    let _ = (scene, next);
    Message::default()
}
