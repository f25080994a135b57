//! stub
use super::{Message, Scene};
use crate::plan::PersonId;
use crate::schedule::Notice;
pub fn message(_: &Scene<'_>, _: &Notice) -> Message {
    Message::default()
}
pub fn unreachable_line(_: &Scene<'_>, _: &PersonId) -> Message {
    Message::default()
}
