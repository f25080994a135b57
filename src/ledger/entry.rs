//! What can stand in the ledger: who did what, when. Entries are only ever added; their JSON form is what the chain hashes.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Text;
use super::assigned::{Assignment, Meeting, ProjectEntry, ProjectStage};
use super::cosign::CoSigned;
use super::evidence::{EvidenceKept, EvidenceNotKept};
use super::matters::{MatterAnswered, MatterSettled};
use super::progress::{Attachment, ProgressReport, Value};
use super::redaction::Redacted;
use super::restored::Restored;
pub use super::roster::BindingWay;
use super::roster::{Absence, Liaison, Successor, UnitsChanged};
use super::slips::{SlipDrafted, SlipHeld, SlipSent, SlipTold};
use super::terms::Settlement;
use crate::plan::{DoubtId, Hash, PersonId, TaskId, UnitId};

/// One entry of a task force's chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// From 1, without gaps.
    pub seq: u64,
    /// When, by the program's clock. Order is `seq`, never time.
    pub at: DateTime<Utc>,
    /// Form of the entry; readers understand every older one.
    pub version: u16,
    /// Who.
    pub by: Actor,
    /// What.
    pub act: Act,
}

/// The version new entries are written in.
pub const ENTRY_VERSION: u16 = 3;

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A bound person.
    Person(PersonId),
    /// The program itself, by rule.
    Bot,
    /// Somebody at the host's command line.
    Host,
    /// An account that is not bound (asks to be).
    Stranger(i64),
}

/// A Telegram account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Numeric id, equal to its private chat's id.
    pub user_id: i64,
    /// First and last name as shown.
    pub name: String,
    /// Without `@`.
    pub username: Option<String>,
}

/// How a task ended whose id vanished from the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEnd {
    /// 并入 another task.
    MergedInto(TaskId),
    /// 取消.
    Cancelled,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// A plan, its settings and holiday tables were adopted (采用); the texts are stored under the hash.
    Adopted {
        /// Hash of the [`crate::plan::AdoptionText`].
        adoption: Hash,
    },
    /// A changed plan was shown to the office.
    AdoptionOffered {
        /// Hash of what was offered.
        adoption: Hash,
    },
    /// The office refused it (不采用).
    AdoptionDeclined {
        /// Hash of what was offered.
        adoption: Hash,
    },
    /// The group (and topic) the task force works in.
    GroupBound {
        /// Chat id.
        chat: i64,
        /// Topic, if it is one.
        thread: Option<i32>,
    },
    /// The group became a supergroup.
    GroupMigrated {
        /// Old id.
        from: i64,
        /// New id.
        to: i64,
    },
    /// The bot was removed from the group or may not write there.
    GroupLost {
        /// Chat id.
        chat: i64,
    },
    /// The topic is gone; posts go to the group itself.
    TopicLost {
        /// Chat id.
        chat: i64,
    },
    /// A one-time link was made for a person.
    Invited {
        /// For whom.
        person: PersonId,
        /// Hex SHA-256 of the code.
        code_sha256: String,
        /// End of its life.
        expires_at: DateTime<Utc>,
    },
    /// The office withdrew a link or a fresh binding (撤销).
    InviteWithdrawn {
        /// Whose.
        person: PersonId,
    },
    /// An account says it is a person (`/iam`).
    BindingRequested {
        /// Who it says it is.
        person: PersonId,
        /// The account.
        account: Account,
    },
    /// The office said no to it.
    BindingDeclined {
        /// Who it said it was.
        person: PersonId,
        /// The account's id.
        user_id: i64,
    },
    /// An account is a person from now on.
    Bound {
        /// The person.
        person: PersonId,
        /// The account.
        account: Account,
        /// How it came about.
        way: BindingWay,
    },
    /// It no longer is (`/rebind`, 撤销).
    Unbound {
        /// The person.
        person: PersonId,
        /// The account's id.
        user_id: i64,
    },
    /// The host made a person a member of the office.
    OfficeGranted {
        /// The person.
        person: PersonId,
    },
    /// The private chat works (again).
    Reachable {
        /// The person.
        person: PersonId,
    },
    /// The private chat does not work: never started, blocked, gone.
    Unreachable {
        /// The person.
        person: PersonId,
    },
    /// Sending may start.
    WentLive,
    /// All unasked sending stops.
    Paused {
        /// Why.
        reason: Text,
        /// Last day of the pause, if given.
        until: Option<NaiveDate>,
    },
    /// It goes on.
    Resumed,
    /// An open point of the terms is settled, or settled terms are changed.
    TermsSettled {
        /// Which; none for a change. From version 3 on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        doubt: Option<DoubtId>,
        /// The task whose facts it sets, if it sets any.
        task: Option<TaskId>,
        /// How.
        how: Settlement,
        /// On what basis (依据). From version 3 on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Text>,
    },
    /// A progress report.
    Answered(Arc<ProgressReport>),
    /// 晚些提醒: a person's cards wait.
    Snoozed {
        /// Who.
        person: PersonId,
        /// Until when.
        until_at: DateTime<Utc>,
    },
    /// 催办 of one task.
    FollowUp {
        /// Which.
        task: TaskId,
    },
    /// 转交: somebody who may not file gave a value and a sentence.
    Hinted {
        /// For which task.
        task: TaskId,
        /// Value.
        value: Value,
        /// Sentence.
        words: Option<Text>,
    },
    /// 补充: words of another lead or a responsible unit, beside what the filing unit reports. From version 2 on.
    Supplemented {
        /// On which task.
        task: TaskId,
        /// For which unit.
        unit: UnitId,
        /// Reporting period in which it was given.
        period: String,
        /// The words.
        words: Text,
    },
    /// A hint was taken or dropped; the report it became is an entry of its own.
    HintDecided {
        /// Seq of the hint.
        hint: u64,
        /// Whether it was taken.
        taken: bool,
    },
    /// 会签 of another lead. From version 3 on, like all that follow on matters and slips.
    CoSigned(CoSigned),
    /// The unit asked for help (需协调) answers.
    MatterAnswered(MatterAnswered),
    /// A matter of coordination is settled, or open again.
    MatterSettled(MatterSettled),
    /// A supervision slip (督办单) was drafted.
    SlipDrafted(SlipDrafted),
    /// It was sent.
    SlipSent(SlipSent),
    /// It was put off, or withdrawn.
    SlipHeld(SlipHeld),
    /// The deputy leader was told of it.
    SlipTold(SlipTold),
    /// The office closed a task (办结).
    Closed {
        /// Which.
        task: TaskId,
    },
    /// The office set a (new) deadline.
    DueSet {
        /// For which task.
        task: TaskId,
        /// The date.
        due: NaiveDate,
    },
    /// 延期申请 by the filing unit. From version 3 on.
    ExtensionRequested {
        /// Of which task.
        task: TaskId,
        /// New date wanted.
        wanted: NaiveDate,
        /// Why.
        reason: Text,
        /// How far it is; none: as last reported.
        progress: Option<Text>,
        /// The deadline had passed.
        expired: bool,
    },
    /// It was granted. From version 3 on.
    ExtensionGranted {
        /// Seq of the request.
        request: u64,
        /// Of which task.
        task: TaskId,
        /// The new deadline.
        due: NaiveDate,
    },
    /// It was declined. From version 3 on.
    ExtensionDeclined {
        /// Seq of the request.
        request: u64,
        /// Of which task.
        task: TaskId,
        /// Why: for the asker alone.
        reason: Text,
    },
    /// 办结申请 by the filing unit; confirmed by [`Act::Closed`]. From version 3 on.
    ClosureProposed {
        /// Of which task.
        task: TaskId,
        /// What shows that it is done, unless the evidence does.
        words: Option<Text>,
        /// Evidence, at most 10.
        evidence: Vec<Attachment>,
    },
    /// 退回 of a closure request. From version 3 on.
    Returned {
        /// Seq of the request.
        request: u64,
        /// Of which task.
        task: TaskId,
        /// Why: for the author alone.
        reason: Text,
    },
    /// The unit took its request back (撤回). From version 3 on.
    RequestWithdrawn {
        /// Seq of the request.
        request: u64,
        /// Of which task.
        task: TaskId,
    },
    /// The office opened a closed task again (恢复). From version 3 on.
    Reopened {
        /// Which.
        task: TaskId,
        /// Why.
        reason: Text,
    },
    /// 挂账. From version 3 on.
    Frozen {
        /// Which.
        task: TaskId,
        /// Last day.
        until: NaiveDate,
        /// Why.
        reason: Text,
    },
    /// 解除挂账. From version 3 on.
    Unfrozen {
        /// Which.
        task: TaskId,
    },
    /// A vanished task was ended by the office.
    Ended {
        /// Which.
        task: TaskId,
        /// How.
        how: TaskEnd,
    },
    /// A digest (周报) was made and queued.
    DigestPosted {
        /// From 1 without gaps.
        number: u32,
        /// Cut-off.
        cut_off_at: DateTime<Utc>,
        /// Posted after its slot (补发).
        late: bool,
        /// Last seq it saw.
        last_seq: u64,
        /// Adoption it was made under.
        adoption: Hash,
        /// Program version.
        program: String,
        /// Hex SHA-256 of the text as sent.
        text_sha256: String,
    },
    /// A queued digest did not leave in its time (a pause, the end of work) and was withdrawn; its number is free again.
    DigestWithheld {
        /// Which.
        number: u32,
    },
    /// A posted digest was corrected.
    DigestCorrected {
        /// Which.
        number: u32,
        /// Why.
        reason: Text,
        /// Last seq the correction saw.
        last_seq: u64,
        /// Adoption it was made under.
        adoption: Hash,
        /// Hex SHA-256 of the text as sent.
        text_sha256: String,
    },
    /// The program was down from then to then.
    WasDown {
        /// Last sign of life.
        from_at: DateTime<Utc>,
        /// Start.
        to_at: DateTime<Utc>,
    },
    /// The office asks to finish (申请结束). From version 3 on.
    FinishAsked,
    /// That was refused or taken back.
    FinishDeclined,
    /// The work is finished; nothing is sent any more.
    Finished,
    /// A person has read the notice that no secrets belong here.
    SecrecyShown {
        /// Who.
        person: PersonId,
    },
    /// The task force took on an item (交办); its task is `a-` and the entry's seq. From version 3 on, as all below.
    Assigned(Arc<Assignment>),
    /// 签收: somebody it was assigned to has seen it.
    Acknowledged {
        /// Which.
        task: TaskId,
    },
    /// The office took an assigned item back (撤销交办).
    AssignmentRevoked {
        /// Which.
        task: TaskId,
        /// Why.
        reason: Text,
    },
    /// A meeting was called (会议).
    MeetingCalled(Arc<Meeting>),
    /// It was held and its decisions are taken, or it is off.
    MeetingEnded {
        /// Seq of its call.
        meeting: u64,
        /// True when it does not take place.
        called_off: bool,
    },
    /// A project was entered (项目库); its task is `p-` and the entry's seq.
    ProjectAdded(Arc<ProjectEntry>),
    /// A project went on to a stage, back to one, or out of the list.
    ProjectMoved {
        /// Which.
        task: TaskId,
        /// Stage it is in now; none: taken off the list.
        to: Option<ProjectStage>,
        /// Date of the next stage.
        next: Option<NaiveDate>,
    },
    /// Somebody is away (出差, 休假); it takes the place of their last absence.
    AwaySet(Absence),
    /// Somebody is back before its end, or does not go.
    AwayEnded {
        /// Who.
        person: PersonId,
    },
    /// A member named a liaison (联络员).
    LiaisonNamed(Arc<Liaison>),
    /// The office said yes or no to one.
    LiaisonDecided {
        /// Seq of the naming.
        liaison: u64,
        /// Whether they are one now.
        accepted: bool,
    },
    /// A liaison no longer is one.
    LiaisonEnded {
        /// Who.
        person: PersonId,
    },
    /// Somebody took another's place (人员接替).
    Replaced {
        /// Whose.
        person: PersonId,
        /// Who.
        successor: Successor,
    },
    /// A unit was renamed, merged, split or got an alias (机构变动).
    UnitChanged(Arc<UnitsChanged>),
    /// A replacement or a change of units was taken back.
    RosterUndone {
        /// Seq of its entry.
        change: u64,
    },
    /// A file of evidence (佐证材料) was fetched and is kept.
    EvidenceKept(EvidenceKept),
    /// A file of evidence will not be fetched.
    EvidenceNotKept(EvidenceNotKept),
    /// The words of an entry were removed (删除文字).
    Redacted(Arc<Redacted>),
    /// The database was restored from a backup, and sending goes on (接续 / 补发).
    Restored(Restored),
}
