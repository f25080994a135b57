//! `/meeting`: a meeting is called in a talk of four steps, moved, called off, and afterwards its decisions are taken one
//! after another by the talk of `/assign`.

mod act;
mod draft;
mod press;
#[cfg(test)]
mod tests;
mod vocabulary;
mod when;

use super::office::Waiting;
use super::{Event, Say, Turn, report};
use crate::ledger::{CalledMeeting, Frame, MeetingTime, Standing};

pub use draft::{Draft, Step, Tap};
pub use press::{Press, on_press};
pub(super) use vocabulary::is_over;
pub use when::MOST_PLACE;

/// Characters of a meeting's topic.
pub const MOST_TOPIC: usize = 1_000;

/// Meetings that are over and still listed.
const MOST_ENDED: usize = 5;

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum MeetingSay {
    /// The question of the talk's step.
    Ask(Box<Draft>),
    /// Longer than [`MOST_TOPIC`]: so many characters.
    TooLong(usize),
    /// A place longer than [`MOST_PLACE`].
    PlaceTooLong(usize),
    /// No day can be read.
    DateUnclear,
    /// That time has passed.
    TimePast(MeetingTime),
    /// Nobody and no unit is called so.
    UnknownName(String),
    /// Nobody is called yet.
    NobodyCalled,
    /// This step has buttons alone.
    ButtonsAlone,
    /// The button belongs to a step that is over.
    StepOver,
    /// Meetings, those to come first.
    List,
    /// A meeting with what the office can do.
    Show(u64),
    /// The same to the others of the office, of an act on it.
    Told(u64),
    /// Once more before it is called off.
    OffSure(u64),
    /// It ended before: how and by whom.
    AlreadyEnded(u64),
    /// Its decisions cannot be taken before it has begun.
    NotBegun(u64),
    /// To who was told of it: it does not take place.
    Off(u64),
    /// To who was told of it: it takes place at another time, as this one.
    Moved {
        /// What they were told of.
        from: u64,
        /// What takes its place.
        to: u64,
    },
    /// The talk was left.
    Left,
}

impl From<MeetingSay> for Say {
    fn from(say: MeetingSay) -> Self {
        Self::Meeting(say)
    }
}

/// `/meeting`, with day, time and place behind it; alone it lists what there is.
pub fn meeting(turn: &mut Turn<'_, '_>, argument: &str) {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    if !argument.is_empty() {
        return draft::on_text(turn, Draft::default(), argument);
    }
    match listed(frame, standing, turn.context.now).is_empty() {
        true => draft::go_on(turn, None, Draft::default()),
        false => turn.tell_here(MeetingSay::List.into()),
    }
}

/// Meetings whose end is not entered, by their day; then the last that ended.
pub fn listed<'a>(
    frame: &Frame,
    standing: &'a Standing,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<&'a CalledMeeting> {
    let meetings = standing.meetings.iter();
    let (mut open, ended): (Vec<_>, Vec<_>) = meetings.partition(|one| one.ended.is_none());
    open.sort_by_key(|one| {
        let ahead = one.is_ahead(&frame.calendar, now);
        (ahead, one.meeting.on, one.meeting.at, one.seq)
    });
    open.extend(ended.into_iter().rev().take(MOST_ENDED));
    open
}

/// Words for the open talk.
pub fn on_text(turn: &mut Turn<'_, '_>, draft: Draft, text: &str) {
    if report::is_quit(text) {
        turn.state.waiting = None;
        return turn.tell_here(MeetingSay::Left.into());
    }
    draft::on_text(turn, draft, text);
}

/// 完: no more decisions of this meeting.
pub(super) fn end(turn: &mut Turn<'_, '_>, event: Option<&Event>, seq: u64) {
    act::end(turn, event, seq);
}

/// The talk that is open, if one of this slice is.
fn open_talk(turn: &Turn<'_, '_>) -> Option<Draft> {
    match &turn.state.waiting {
        Some(Waiting::Meeting { draft }) => Some((**draft).clone()),
        Some(_) | None => None,
    }
}
