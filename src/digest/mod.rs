//! Digest and status as data, not text: counts, changes and lists that `render` puts into words.
//!
//! Both follow from a frame, a standing and a moment alone, and hold lists in the plan's order, so that a past digest can
//! be made again byte for byte.

mod added;
mod board;
mod cosign;
mod course;
mod history;
mod item;
mod needs;
mod pack;
mod participation;
mod status;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod week;
mod weekly;

pub use added::{StageTotal, stages};
pub use board::{Board, BoardRow, board};
pub use cosign::Signed;
pub use course::{COURSE_DAYS, COURSE_WEEKS, Course, DayLights, LookBack, Since, Walk};
pub use history::{Event, Happened, history};
pub use item::{Counts, Item, items};
pub use needs::{Need, SlipCounts};
pub use pack::{
    AnswerRow, Chart, FileRow, FileWith, MatterRow, MatterState, Pack, RequestRow, Scope, SlipRow,
    SlipState, Stamp, Strip, TargetRow, Track, WorkRow,
};
pub use participation::{Participation, UnitAnswers, participation};
pub use status::{
    Status, awaited_of, baseline_missing, of_measure, of_person, of_unit, overdue, status,
};
pub use week::{Failure, Sent, Week, week};
pub use weekly::{Change, Deadline, Digest, Line, Section, weekly};
