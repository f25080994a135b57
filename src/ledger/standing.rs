//! The standing: what the entries so far amount to. It needs no plan; views join it with the plan of the day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::amended::Amendments;
use super::cosign::CoSign;
use super::decided::{Decided, Decision};
use super::entry::{Account, Actor, TaskEnd};
use super::evidence::Evidence;
use super::matters::Matter;
use super::meetings::CalledMeeting;
use super::progress::{ProgressReport, Value};
use super::redaction::Redaction;
use super::requests::{Freeze, Request};
use super::restored::Restored;
use super::roster::People;
use super::slips::Slip;
use super::supplements::Supplement;
use super::terms::Settled;
use super::text::Text;
use crate::plan::{DoubtId, Hash, PersonId, TaskId};

/// A report with where it stands in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who filed.
    pub by: Actor,
    /// The report, shared with its entry.
    pub report: Arc<ProgressReport>,
}

/// A hint that waits for the filer's or the office's tap, or has been decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// From whom.
    pub by: Actor,
    /// Value.
    pub value: Value,
    /// Sentence.
    pub words: Option<Text>,
    /// Taken, dropped, or still open.
    pub taken: Option<bool>,
}

/// Everything the ledger says of one task.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TaskState {
    /// Reports given for this very task, oldest first.
    pub reports: Vec<Arc<Filed>>,
    /// (seq, when, by whom) it was closed.
    pub closed: Option<(u64, DateTime<Utc>, Actor)>,
    /// (seq, when, date) of every deadline the office set, oldest first.
    pub dues: Vec<(u64, DateTime<Utc>, NaiveDate)>,
    /// How it ended, if its id vanished from the plan.
    pub ended: Option<TaskEnd>,
    /// (seq, when, by whom) of every follow-up.
    pub follow_ups: Vec<(u64, DateTime<Utc>, Actor)>,
    /// Hints, oldest first.
    pub hints: Vec<Hint>,
    /// Supplements, oldest first; of a unit and period the newest counts.
    pub supplements: Vec<Supplement>,
    /// Co-signatures (会签), oldest first; of a unit and report the newest counts.
    pub cosigned: Vec<CoSign>,
    /// Seqs of its matters of coordination (需协调), oldest first.
    pub matters: Vec<u64>,
    /// Seqs of its supervision slips (督办单), oldest first.
    pub slips: Vec<u64>,
    /// Requests on it, oldest first.
    pub requests: Vec<Request>,
    /// Seq of its last return or reopening: what was said to be done before that is not.
    pub returned: Option<u64>,
    /// When it was last opened again, and why.
    pub reopening: Option<(DateTime<Utc>, Text)>,
    /// 挂账, past its date too.
    pub frozen: Option<Freeze>,
}

/// An account bound to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The account.
    pub account: Account,
    /// Since when.
    pub since_at: DateTime<Utc>,
    /// Whether its private chat takes messages, as far as we know: true once it wrote to us there.
    pub reachable: bool,
}

/// The group the task force works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Chat id.
    pub chat: i64,
    /// Topic.
    pub thread: Option<i32>,
    /// False after the bot lost it.
    pub usable: bool,
}

/// A pause in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Pause {
    /// Since when.
    pub since_at: DateTime<Utc>,
    /// Why.
    pub reason: Text,
    /// Last day.
    pub until: Option<NaiveDate>,
}

/// A one-time link that waits to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Hex SHA-256 of its code.
    pub code_sha256: String,
    /// End of its life.
    pub expires_at: DateTime<Utc>,
}

/// A digest as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Number.
    pub number: u32,
    /// Seq of the entry.
    pub seq: u64,
    /// Cut-off.
    pub cut_off_at: DateTime<Utc>,
    /// Last seq it saw.
    pub last_seq: u64,
    /// Adoption it was made under.
    pub adoption: Hash,
    /// Whether it was made after its slot (补发).
    pub late: bool,
    /// Hex SHA-256 of the text.
    pub text_sha256: String,
    /// Seq of its corrections.
    pub corrections: Vec<u64>,
}

/// Where everything stands after the entries applied so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Last seq applied; 0 at the beginning.
    pub seq: u64,
    /// When the last entry was written.
    pub at: Option<DateTime<Utc>>,
    /// Adoption in force.
    pub adoption: Option<Hash>,
    /// Since when it is.
    pub adopted_at: Option<DateTime<Utc>>,
    /// Adoption shown to the office and not decided.
    pub offered: Option<Hash>,
    /// Adoptions the office refused.
    pub declined: BTreeSet<Hash>,
    /// The group.
    pub group: Option<Group>,
    /// Since when it is live.
    pub live_since: Option<DateTime<Utc>>,
    /// Pause in force.
    pub pause: Option<Pause>,
    /// Earlier pauses (from, to), oldest first.
    pub pauses: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Bound accounts.
    pub bindings: BTreeMap<PersonId, Binding>,
    /// The account a person had last, where they have another now or none: what they were in the middle of follows them.
    pub former_accounts: BTreeMap<PersonId, i64>,
    /// People the host made office members.
    pub office_granted: BTreeSet<PersonId>,
    /// Open links.
    pub invites: BTreeMap<PersonId, Invite>,
    /// Open `/iam` requests by account id.
    pub binding_requests: BTreeMap<i64, (PersonId, Account)>,
    /// People who have seen the notice on secrets.
    pub secrecy_shown: BTreeSet<PersonId>,
    /// Doubts that are settled, each as it was last.
    pub settled: BTreeMap<DoubtId, Settled>,
    /// Everything settled or changed about a task, oldest first.
    pub terms: BTreeMap<TaskId, Vec<Settled>>,
    /// Per task.
    pub tasks: BTreeMap<TaskId, TaskState>,
    /// The task each hint is for, by the hint's seq.
    pub hinted: BTreeMap<u64, TaskId>,
    /// Matters of coordination by their seq, those that are over too.
    pub matters: BTreeMap<u64, Matter>,
    /// Supervision slips by the seq of their drafts.
    pub slips: BTreeMap<u64, Slip>,
    /// Cards that wait.
    pub snoozed: BTreeMap<PersonId, DateTime<Utc>>,
    /// Digests, oldest first.
    pub digests: Vec<Posted>,
    /// Times the program was down (seq, from, to).
    pub downtimes: Vec<(u64, DateTime<Utc>, DateTime<Utc>)>,
    /// Who asked to finish and waits, with the seq of the entry.
    pub finish_asked: Option<(u64, PersonId)>,
    /// When the work was finished, and by whom.
    pub finished: Option<Decided>,
    /// What came after the adopted plan.
    pub amendments: Amendments,
    /// Meetings, oldest first.
    pub meetings: Vec<CalledMeeting>,
    /// Absences, liaisons, and what changed of people and units.
    pub people: People,
    /// Files of answers and closure requests.
    pub evidence: Evidence,
    /// By the seqs of the entries whose words were removed: the last time it was done.
    pub redacted: BTreeMap<u64, Redaction>,
    /// What was decided after the database was restored, by the seqs of the entries.
    pub restorations: BTreeMap<u64, Restored>,
    /// The last decision on everything people decide.
    pub decided: BTreeMap<Decision, Decided>,
}

impl Standing {
    /// The person an account is bound to.
    pub fn person_of(&self, user_id: i64) -> Option<&PersonId> {
        self.bindings
            .iter()
            .find(|(_, binding)| binding.account.user_id == user_id)
            .map(|(person, _)| person)
    }

    /// Whether the person's private chat takes messages, as far as we know.
    pub fn reachable(&self, person: &PersonId) -> bool {
        self.bindings
            .get(person)
            .is_some_and(|binding| binding.reachable)
    }

    /// Whether unasked messages may be sent at all: live and not paused. A pause with a last day is ended by an entry.
    pub fn may_send_unasked(&self) -> bool {
        self.live_since.is_some() && self.pause.is_none() && self.finished.is_none()
    }

    /// Whether unasked messages could be sent at that moment, as far as the entries so far tell.
    pub fn could_ask(&self, at: DateTime<Utc>) -> bool {
        let within = |(from, to): &(DateTime<Utc>, DateTime<Utc>)| (*from..*to).contains(&at);
        let paused = self.pause.as_ref().map(|pause| pause.since_at);
        self.live_since.is_some_and(|since| since <= at)
            && paused.is_none_or(|since| at < since)
            && !self.pauses.iter().any(within)
    }

    /// The state of a task; an empty one for a task nothing was said of.
    pub fn task_state(&self, task: &TaskId) -> &TaskState {
        static NOTHING: TaskState = TaskState {
            reports: Vec::new(),
            closed: None,
            dues: Vec::new(),
            ended: None,
            follow_ups: Vec::new(),
            hints: Vec::new(),
            supplements: Vec::new(),
            cosigned: Vec::new(),
            matters: Vec::new(),
            slips: Vec::new(),
            requests: Vec::new(),
            returned: None,
            reopening: None,
            frozen: None,
        };
        self.tasks.get(task).unwrap_or(&NOTHING)
    }
}
