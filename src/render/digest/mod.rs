//! The weekly digest (周报) in words: a head of ten lines, a folded body, and the chain's head at the end.
//!
//! Everything follows from the frame of its day and the digest, so that a past one can be made again byte for byte.

mod body;
mod head;
mod pages;
#[cfg(test)]
mod tests;

use super::{Message, item};
use crate::digest::Digest;
use crate::ledger::Frame;

pub(super) use body::progress;
pub(super) use pages::turns;
pub use pages::{list, page, unknown_number};

/// Mark of a posted digest that was corrected.
const CORRECTED: &str = "〔已更正〕";

/// Longest reason of a correction that is printed, in characters.
const MOST_REASON: usize = 200;

/// What a digest is posted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As<'a> {
    /// In the group, under its number.
    Posted,
    /// For one reader alone; it has no number.
    ForAsker,
    /// Under the number of a posted one, for this reason.
    Correction(&'a str),
}

/// The digest as the group gets it.
pub fn post(frame: &Frame, digest: &Digest) -> Message {
    message(frame, digest, As::Posted)
}

/// The digest as it would be now, for the asker alone.
pub fn for_asker(frame: &Frame, digest: &Digest) -> Message {
    message(frame, digest, As::ForAsker)
}

/// The correction of a posted digest, whole and under the same number.
pub fn correction(frame: &Frame, digest: &Digest, reason: &str) -> Message {
    let reason = item::clip(reason, MOST_REASON);
    message(frame, digest, As::Correction(&reason))
}

/// The posted message with the mark that a correction follows.
pub fn marked_corrected(mut message: Message) -> Message {
    if let Some(first) = message.blocks.first_mut()
        && !first.starts_with(CORRECTED)
    {
        first.insert_str(0, CORRECTED);
    }
    message
}

fn message(frame: &Frame, digest: &Digest, shown_as: As<'_>) -> Message {
    let mut blocks = vec![head::head(frame, digest, shown_as).into()];
    blocks.extend(body::blocks(frame, digest));
    blocks.push(format!("序号 {} · {}", digest.seq, digest.head));
    Message {
        blocks,
        ..Message::default()
    }
}
