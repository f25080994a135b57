//! Conversations: `step(context, state, event) → (state, effects)`, the only door through which people change anything.
//!
//! Every slice (reports, people, office, queries) owns its states, its button payloads and its `…Say` messages; `render`
//! has one named function per message.

pub mod assign;
pub mod command;
pub mod date;
pub mod document;
mod event;
pub mod group;
pub mod matter;
pub mod meeting;
pub mod number;
pub mod office;
pub mod payload;
pub mod people;
pub mod query;
pub mod report;
pub mod request;
pub mod restore;
pub mod roster;
pub mod slip;
mod step;
#[cfg(test)]
pub(crate) mod testing;
pub mod trail;
mod turn;
pub mod vocabulary;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ledger::{Act, Actor, AfterRestore, Frame, Standing};
use crate::plan::{Access, PersonId, Right, TaskId, Why, may};

pub use event::{ChatKind, Event, Happening, Media, Place, ReplyTo, Sender};
pub use step::step;
pub use turn::Turn;

/// The bot's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotAccount {
    /// Id.
    pub id: i64,
    /// Username without `@`.
    pub username: String,
}

/// Everything `step` may look at.
pub struct Context<'a> {
    /// Plan, settings and calendar in force.
    pub frame: &'a Frame,
    /// The fold before the event.
    pub standing: &'a Standing,
    /// Now.
    pub now: DateTime<Utc>,
    /// The bot.
    pub bot: &'a BotAccount,
    /// The person the sender's account is bound to in this task force.
    pub person: Option<&'a PersonId>,
    /// Whether the event's chat is the task force's group.
    pub in_group: bool,
    /// Other people's talks open in the group now.
    pub talks_in_group: usize,
    /// The message on which the sender's own talk in the group stands ([`report::Sitting::card_name`]), once it was sent.
    pub talk_card: Option<i32>,
    /// Hex SHA-256 of the first-start code while it lives.
    pub first_code_sha256: Option<&'a str>,
    /// Whether a stranger may still get a line today.
    pub stranger_line_free: bool,
    /// Whether a stranger may be told once more today that a name or a link does not help.
    pub refusal_free: bool,
    /// Whether the message a press decides on (已见到 / 重发) still waits for that.
    pub outcome_open: bool,
    /// The entry that the event would have words removed of, looked up for it; none where there is none.
    pub removable: Option<&'a trail::Removable>,
    /// An adopted plan's difference waits for the office: the offered texts, parsed.
    pub offered: Option<&'a Frame>,
    /// The next sends as the schedule plans them (for `/golive` and the status), soonest first; computed by the service on demand.
    pub next_sends: &'a dyn Fn(usize) -> Vec<PlannedSend>,
    /// The sends that the offered calendar moves, soonest first; computed by the service on demand.
    pub moved_sends: &'a dyn Fn() -> Vec<MovedSend>,
    /// Whether the sender's account belongs to several task forces.
    pub in_several: bool,
    /// The database was restored, and the office has not said how it goes on.
    pub undecided: Option<restore::Undecided<'a>>,
}

impl Context<'_> {
    /// Whether the event's person may do this; nobody may who is not bound.
    pub fn may(&self, right: &Right) -> Access {
        let Some(person) = self.person else {
            return Access::Refused(Why::NotOnRoster);
        };
        let granted: Vec<PersonId> = self.standing.office_granted.iter().cloned().collect();
        may(&self.frame.plan, person, &granted, right)
    }
}

/// A send the schedule plans, as `/golive` and the pinned status show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSend {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it is the digest, a group post or cards.
    pub what: PlannedKind,
    /// People it reaches.
    pub people: Vec<PersonId>,
    /// Tasks in it.
    pub tasks: usize,
}

/// A send that an offered calendar moves to another day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedSend {
    /// Day as things are.
    pub from: NaiveDate,
    /// Day under the offered calendar.
    pub to: NaiveDate,
    /// What it is.
    pub what: PlannedKind,
}

/// The kind of a planned send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlannedKind {
    /// The weekly digest.
    Digest,
    /// Cards and the group post of a slot.
    Reminder,
    /// Cards that speak of meetings alone.
    Meeting,
    /// Anything else (lists to the office, catch-up).
    Other,
}

/// What a person (in one task force) is in the middle of. Stored as JSON after every event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The report talk, if one is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitting: Option<report::Sitting>,
    /// Unfinished items put aside by opening another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<report::Draft>,
    /// An office or people dialogue that waits for words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<office::Waiting>,
}

/// To whom something is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// The event's own chat and topic.
    Here,
    /// The task force's group (nothing happens when there is none).
    Group,
    /// A person in private; when they cannot be reached there, one neutral line in the group, the content waits.
    Person(PersonId),
    /// Every bound member of the office, in private.
    Office,
    /// An account in private, bound or not.
    Account(i64),
}

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// Without sound.
    pub silent: bool,
    /// As a reply to the event's message.
    pub as_reply: bool,
    /// With a reply field for the person asked (group, typed steps). Such a message can never be edited.
    pub force_reply: bool,
    /// Not before working hours (the group's line about an answer).
    pub in_working_hours: bool,
}

impl Manner {
    /// As what nobody asked for is said beside the slots: without a sound, in working hours.
    pub fn unasked() -> Self {
        Self {
            silent: true,
            in_working_hours: true,
            ..Self::default()
        }
    }
}

/// What a message says; rendered with the standing AFTER the event.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Report talks.
    Report(report::ReportSay),
    /// Binding and invitations.
    People(people::PeopleSay),
    /// The office's acts.
    Office(office::OfficeSay),
    /// Answers to questions.
    Query(query::QuerySay),
    /// Trails.
    Trail(trail::TrailSay),
    /// People who come and go.
    Roster(roster::RosterSay),
    /// Group and chat matters.
    Group(group::GroupSay),
    /// Coordination and co-signing.
    Matter(matter::MatterSay),
    /// Supervision slips.
    Slip(slip::SlipSay),
    /// Extensions, closures, the office's list.
    Request(request::RequestSay),
    /// Assigned items, projects.
    Assign(assign::AssignSay),
    /// Meetings.
    Meeting(meeting::MeetingSay),
    /// Documents.
    Document(document::DocumentSay),
    /// A restored database.
    Restore(restore::RestoreSay),
}

/// What follows from an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// An entry by the event's person.
    Append(Act),
    /// An entry by somebody else (the bot, a stranger).
    AppendAs(Actor, Act),
    /// A message.
    Tell {
        /// To whom.
        to: Whom,
        /// What.
        say: Say,
        /// How.
        manner: Manner,
    },
    /// The group's one line about a sitting, without sound and not before working hours. A later line of the same sitting
    /// takes its place (an edit when it was sent, the queued row replaced when it was not).
    GroupLine {
        /// Seq of the sitting's first report, which names it.
        sitting: u64,
        /// What.
        say: Say,
    },
    /// New words (and buttons) for a message of the bot in the event's chat.
    Edit {
        /// The message.
        message_id: i32,
        /// What it says now.
        say: Say,
    },
    /// The answer to the press; one is sent without words when a step gives none.
    AnswerPress {
        /// Words, at most 200 characters.
        say: Option<Say>,
        /// As an alert that must be closed.
        alert: bool,
        /// A start link to open.
        url: Option<String>,
    },
    /// The command menu of a person (after binding, unbinding, a new role).
    RefreshMenu(PersonId),
    /// The pinned status message (after go-live, pause, answers).
    RefreshStatus,
    /// A stored digest is shown to the asker, from this page on.
    ShowDigest {
        /// Which.
        number: u32,
        /// Page from 0.
        page: usize,
        /// The message to edit, when paging.
        message_id: Option<i32>,
    },
    /// The trail of an item is shown to the asker.
    ShowTrail(trail::Page),
    /// Documents are made and sent to the asker, all from one moment.
    SendDocuments {
        /// Which, in this order.
        documents: Vec<document::Document>,
        /// Of the posted digest with this number; none: as of now.
        number: Option<u32>,
    },
    /// Every digest of that month (`/digest 2026-10`) is listed or, when one, shown.
    ShowDigestsOf {
        /// Year.
        year: i32,
        /// Month.
        month: u32,
    },
    /// The words of the entry removed just now go from everywhere else ([`Context::removable`]).
    Remove,
    /// The event waits until it is decided how a restored database goes on, and is taken up anew then.
    Keep {
        /// The account that was told so by this very event.
        told: Option<i64>,
    },
    /// A restored database goes on.
    GoOn(AfterRestore),
    /// The work is finished: the last digest, a farewell, menus cleared, and the bot leaves the group.
    CloseDown,
    /// `/digest fix`: the posted digest is corrected.
    CorrectDigest {
        /// Which; the newest when none.
        number: Option<u32>,
        /// Why.
        reason: String,
    },
    /// A message of unknown outcome was seen (already there) or is to be sent again.
    DecideUnknown {
        /// Outbox row.
        row: i64,
        /// 已见到.
        seen: bool,
    },
    /// What `from` was in the middle of is `to`'s from now on ([`Conversation::handed_over`]); nothing is, where `from` is none.
    HandOver {
        /// The person's account before.
        from: Option<i64>,
        /// Their account now.
        to: i64,
    },
    /// A task ended: whoever is in the middle of it hears of it, but for who was `told` already, and what they began is put
    /// away.
    EndTalks {
        /// Which.
        task: TaskId,
        /// What they hear.
        say: Say,
        /// Who heard it already.
        told: Option<PersonId>,
    },
    /// The first-start code is spent.
    SpendFirstCode,
    /// A stranger got a line.
    CountStranger(i64),
    /// A stranger was told that a name or a link does not help.
    CountRefusal(i64),
    /// A group nobody of the office has confirmed: left after 24 hours.
    NoteForeignGroup(i64),
    /// The bot leaves a chat.
    LeaveChat(i64),
}

impl Say {
    /// The tasks a message is about, in its order: what a reply to it means.
    pub fn about(&self) -> Vec<TaskId> {
        match self {
            Self::Report(say) => say.about(),
            Self::People(_)
            | Self::Office(_)
            | Self::Query(_)
            | Self::Group(_)
            | Self::Matter(_)
            | Self::Slip(_)
            | Self::Request(_)
            | Self::Trail(_)
            | Self::Roster(_)
            | Self::Meeting(_)
            | Self::Document(_)
            | Self::Restore(_) => Vec::new(),
            Self::Assign(say) => say.about(),
        }
    }

    /// The name under which a message of somebody's talk in the group is found again.
    pub fn talk_name(&self) -> Option<String> {
        match self {
            Self::Report(say) => say.talk_name(),
            Self::People(_)
            | Self::Office(_)
            | Self::Query(_)
            | Self::Group(_)
            | Self::Matter(_)
            | Self::Slip(_)
            | Self::Request(_)
            | Self::Trail(_)
            | Self::Roster(_)
            | Self::Assign(_)
            | Self::Meeting(_)
            | Self::Document(_)
            | Self::Restore(_) => None,
        }
    }
}

impl Effect {
    /// A message to the event's own chat.
    pub fn tell_here(say: Say) -> Self {
        Self::Tell {
            to: Whom::Here,
            say,
            manner: Manner::default(),
        }
    }

    /// A private alert on a press.
    pub fn alert(say: Say) -> Self {
        Self::AnswerPress {
            say: Some(say),
            alert: true,
            url: None,
        }
    }
}
