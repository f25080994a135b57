//! When who is told what: pure functions from plan, calendar, standing and what was given already to the notices due now.
//!
//! Reading order: `rhythm` and `ladder` say when a task is asked, `ask` merges the two and knows what an answer
//! stops, `course` finds whom, `budget` counts pings, `cards` makes one card a person and one group post a slot;
//! `office` and `weekly` add the lists and the digest; [`preview`] lets the days of a year run through [`due`].

mod ask;
mod budget;
mod cards;
mod course;
mod finish;
mod gap;
mod key;
mod ladder;
mod matters;
mod meetings;
mod moment;
mod moved;
mod office;
mod preview;
mod promise;
mod receipts;
mod report;
mod requests;
mod rhythm;
mod slips;
mod still;
#[cfg(test)]
mod tests;
mod wakeup;
mod weekly;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar;
use crate::ledger::{Frame, Standing};
use crate::plan::{PersonId, TaskId, UnitId};

pub use gap::gap;
use moment::Moment;
pub use moved::{Moved, moved};
pub use preview::{Assume, Preview, Upcoming, preview, upcoming};
pub use slips::slip_acts;
pub use still::{may_leave, still_due};
pub use wakeup::next_wakeup;

/// A notice's key (kind, task or period, occasion with its due date, recipient), unique per task force in the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeKey(pub String);

/// Why a task stands in a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A rung of the deadline ladder: so many calendar days before.
    Rung {
        /// The deadline.
        due: NaiveDate,
        /// Days before; 0 on the day.
        days: u16,
    },
    /// Overdue, the how-manieth time.
    Overdue {
        /// The deadline.
        due: NaiveDate,
        /// From 1.
        times: u16,
    },
    /// The period opens.
    Opens(String),
    /// The ping in the period.
    Ping(String),
    /// The last ping before the cut-off.
    LastPing(String),
    /// Past at go-live, asked as a baseline in this period.
    Baseline(String),
    /// The office urged (seq of the entry).
    FollowUp(u64),
    /// A dated next step has come (seq of the report).
    NextStep(u64),
    /// A card put off by its reader comes back.
    Snoozed,
    /// A half-finished talk is offered again.
    Unfinished,
    /// Assigned, and somebody it was assigned to has not received it.
    Unreceived,
}

/// One task in a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeItem {
    /// The task.
    pub task: TaskId,
    /// Its filing unit.
    pub unit: Option<UnitId>,
    /// The strongest reason.
    pub why: Why,
}

/// A word on a meeting (会议) in somebody's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingWord {
    /// Seq of its call.
    pub meeting: u64,
    /// Whose place the reader takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<PersonId>,
}

/// To whom a notice goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTo {
    /// The group.
    Group,
    /// A person in private.
    Person(PersonId),
    /// Every member of the office in private.
    Office,
}

/// What kind of notice it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The slot's group post, by unit.
    GroupPost,
    /// The person's card.
    Card,
    /// The weekly digest with this number and cut-off; `late` when it is posted after its slot (补发).
    Digest {
        /// Number.
        number: u32,
        /// Cut-off.
        cut_off_at: DateTime<Utc>,
        /// 补发.
        late: bool,
    },
    /// Baselines still missing after the second asking, listed to the office.
    BaselineMissing,
    /// One line to the office: the program was down from when to when.
    WasDown {
        /// From.
        from_at: DateTime<Utc>,
        /// To.
        to_at: DateTime<Utc>,
    },
    /// Requests that waited three working days, to the deputy leader, once each.
    RequestsWait {
        /// Seqs of the requests.
        requests: Vec<u64>,
    },
    /// Tasks nobody can be asked for (no unit, no person, unbound): listed to the office.
    Unaskable,
    /// Needs (需协调) by the seq of their matters, to the unit asked.
    Matters(Vec<u64>),
    /// Answers to co-sign (会签): tasks and seqs of the reports.
    CoSign(Vec<(TaskId, u64)>),
    /// Supervision slips (督办单) drafted, to the office.
    SlipDrafts(Vec<u64>),
    /// One that was sent, to its receiver.
    Slip(u64),
    /// Red ones without an answer, to the office.
    SlipsUnanswered(Vec<u64>),
    /// A red one without an answer, to the deputy leader.
    SlipTold(u64),
    /// The end is offered to the office: the last deadline comes or has passed.
    FinishOffer {
        /// The last deadline.
        last: NaiveDate,
    },
    /// The report to the office (周一报告) on the week before the one that begins with this Monday.
    OfficeReport {
        /// The Monday.
        monday: NaiveDate,
    },
    /// Assigned items that somebody has not received: listed to the office.
    Unreceived,
    /// Meetings that are over, by the seqs of their calls: the office is asked for their decisions.
    MeetingsHeld(Vec<u64>),
}

/// A notice (提醒): decided, not yet in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Kind.
    pub kind: NoticeKind,
    /// To whom.
    pub to: NoticeTo,
    /// Its slot.
    pub at: DateTime<Utc>,
    /// Not sent after this; what it holds goes to the next working morning's notice.
    pub not_after: DateTime<Utc>,
    /// Every key it serves.
    pub keys: Vec<NoticeKey>,
    /// What stands in it, deadline day and red first.
    pub items: Vec<NoticeItem>,
    /// Meetings to come of which a card speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meetings: Vec<MeetingWord>,
    /// People for whom it is a ping (a sound they did not ask for).
    pub pings: Vec<PersonId>,
    /// Without sound.
    pub silent: bool,
}

/// A talk that somebody left half-finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Whose.
    pub person: PersonId,
    /// About what.
    pub task: TaskId,
    /// When it was last touched; it is offered in the first slot after that.
    pub since_at: DateTime<Utc>,
}

/// What was given already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// Keys claimed, at least those of the last 60 days.
    pub keys: HashSet<NoticeKey>,
    /// Days (local) on which a person was pinged, this week and the last.
    pub pings: BTreeMap<PersonId, Vec<NaiveDate>>,
    /// Half-finished talks.
    pub unfinished: Vec<Unfinished>,
}

/// The notices due at `now`, keys not yet given: at most one card a person and one group post. Nothing before go-live, in
/// a pause or outside working hours.
pub fn due(frame: &Frame, standing: &Standing, given: &Given, now: DateTime<Utc>) -> Vec<Notice> {
    if !may_send(standing, now) || !frame.calendar.in_working_hours(now) {
        return Vec::new();
    }
    let moment = Moment::new(frame, standing, given, now);
    let views = frame.asked_views(standing, moment.today);
    let mut lists = office::lists(&moment, &views);
    lists.extend(matters::notices(&moment, &views));
    lists.extend(slips::notices(&moment));
    lists.extend(meetings::held(&moment));
    let courses = course::courses(&moment, views);
    let mut notices = cards::cards_and_post(&moment, &courses);
    notices.extend(lists);
    notices.extend(requests::waiting(&moment));
    notices.extend(finish::offers(&moment));
    notices.extend(report::report(&moment));
    notices.extend(weekly::digest(&moment));
    notices
}

/// A card without sound of all that is pending for one person at `now`, whether or not it was given before: for who can be
/// reached again. It claims only the keys that are free.
pub fn card_of(
    frame: &Frame,
    standing: &Standing,
    given: &Given,
    person: &PersonId,
    now: DateTime<Utc>,
) -> Option<Notice> {
    if !may_send(standing, now) || !frame.calendar.in_working_hours(now) {
        return None;
    }
    let nothing = Given::default();
    let anew = Moment::new(frame, standing, given, now).anew(&nothing);
    let moment = Moment::new(frame, standing, given, now);
    cards::card_of(&anew, &moment, person)
}

/// Whether unasked messages may be sent: live, and not paused or past the pause's last day.
fn may_send(standing: &Standing, now: DateTime<Utc>) -> bool {
    let over = |until: NaiveDate| until < calendar::date_of(now);
    let paused = standing
        .pause
        .as_ref()
        .is_some_and(|pause| !pause.until.is_some_and(over));
    let live = standing.live_since.is_some_and(|since| since <= now);
    live && !paused && standing.finished.is_none()
}
