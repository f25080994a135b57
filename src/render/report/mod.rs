//! Messages of report talks and cards.

use super::{Message, Scene};
use crate::conversation::report::ReportSay;

/// Every message of this slice.
pub fn say(scene: &Scene<'_>, say: &ReportSay) -> Message {
    let _ = (scene, say);
    Message::default()
}
