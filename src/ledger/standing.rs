//! The fold: entries in order give the standing of everything. It needs no plan; views join it with the plan of the day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::decided::{Decided, Decision};
use super::entry::{Account, Act, Actor, LedgerEntry, ProgressReport, Settlement, TaskEnd, Value};
use super::text::Text;
use crate::calendar::Calendar;
use crate::plan::{DoubtId, Hash, PersonId, Plan, Settings, TaskId};

/// What one adoption fixes, parsed: the plan, its settings and the working calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Hash of the adoption's text.
    pub adoption: Hash,
    /// The plan.
    pub plan: Plan,
    /// Settings that change results.
    pub settings: Settings,
    /// Working days and hours.
    pub calendar: Calendar,
}

/// A report with where it stands in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who filed.
    pub by: Actor,
    /// The report.
    pub report: ProgressReport,
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
    /// Bound accounts.
    pub bindings: BTreeMap<PersonId, Binding>,
    /// People the host made office members.
    pub office_granted: BTreeSet<PersonId>,
    /// Open links.
    pub invites: BTreeMap<PersonId, Invite>,
    /// Open `/iam` requests by account id.
    pub binding_requests: BTreeMap<i64, (PersonId, Account)>,
    /// People who have seen the notice on secrets.
    pub secrecy_shown: BTreeSet<PersonId>,
    /// Settlements (seq, when, by, task, how).
    pub settled: BTreeMap<DoubtId, (u64, DateTime<Utc>, Actor, Option<TaskId>, Settlement)>,
    /// Per task.
    pub tasks: BTreeMap<TaskId, TaskState>,
    /// Cards that wait.
    pub snoozed: BTreeMap<PersonId, DateTime<Utc>>,
    /// Digests, oldest first.
    pub digests: Vec<Posted>,
    /// Times the program was down (seq, from, to).
    pub downtimes: Vec<(u64, DateTime<Utc>, DateTime<Utc>)>,
    /// The last decision on everything people decide.
    pub decided: BTreeMap<Decision, Decided>,
}

impl Standing {
    /// The standing after all `entries`, which must start at seq 1.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Self {
        let mut standing = Self::default();
        for entry in entries {
            standing.apply(entry);
        }
        standing
    }

    /// Takes in the next entry.
    pub fn apply(&mut self, entry: &LedgerEntry) {
        self.seq = entry.seq;
        self.at = Some(entry.at);
        self.apply_frame_act(entry);
        self.apply_people_act(entry);
        self.apply_task_act(entry);
        if let Some(decision) = Decision::of(&entry.act) {
            self.decided.insert(decision, (entry.at, entry.by.clone()));
        }
    }

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

    /// Whether unasked messages may be sent at all at `now` (live, not paused, group known).
    pub fn may_send_unasked(&self) -> bool {
        self.live_since.is_some() && self.pause.is_none()
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
        };
        self.tasks.get(task).unwrap_or(&NOTHING)
    }

    fn task_mut(&mut self, task: &TaskId) -> &mut TaskState {
        self.tasks.entry(task.clone()).or_default()
    }

    fn apply_frame_act(&mut self, entry: &LedgerEntry) {
        match &entry.act {
            Act::Adopted { adoption } => {
                self.adoption = Some(*adoption);
                self.offered = None;
                self.declined.remove(adoption);
            }
            Act::AdoptionOffered { adoption } => self.offered = Some(*adoption),
            Act::AdoptionDeclined { adoption } => {
                self.offered = None;
                self.declined.insert(*adoption);
            }
            Act::GroupBound { chat, thread } => {
                self.group = Some(Group {
                    chat: *chat,
                    thread: *thread,
                    usable: true,
                })
            }
            Act::GroupMigrated { from, to } => {
                if let Some(group) = self.group.as_mut().filter(|group| group.chat == *from) {
                    group.chat = *to;
                    group.usable = true;
                }
            }
            Act::GroupLost { chat } => {
                if let Some(group) = self.group.as_mut().filter(|group| group.chat == *chat) {
                    group.usable = false;
                }
            }
            Act::TopicLost { chat } => {
                if let Some(group) = self.group.as_mut().filter(|group| group.chat == *chat) {
                    group.thread = None;
                }
            }
            Act::WentLive => {
                self.live_since.get_or_insert(entry.at);
            }
            Act::Paused { reason, until } => {
                self.pause = Some(Pause {
                    since_at: entry.at,
                    reason: reason.clone(),
                    until: *until,
                });
            }
            Act::Resumed => self.pause = None,
            Act::TermsSettled { doubt, task, how } => {
                self.settled.insert(
                    doubt.clone(),
                    (
                        entry.seq,
                        entry.at,
                        entry.by.clone(),
                        task.clone(),
                        how.clone(),
                    ),
                );
            }
            Act::DigestPosted {
                number,
                cut_off_at,
                last_seq,
                adoption,
                text_sha256,
                ..
            } => self.digests.push(Posted {
                number: *number,
                seq: entry.seq,
                cut_off_at: *cut_off_at,
                last_seq: *last_seq,
                adoption: *adoption,
                text_sha256: text_sha256.clone(),
                corrections: Vec::new(),
            }),
            Act::DigestCorrected { number, .. } => {
                if let Some(posted) = self
                    .digests
                    .iter_mut()
                    .find(|posted| posted.number == *number)
                {
                    posted.corrections.push(entry.seq);
                }
            }
            Act::WasDown { from_at, to_at } => self.downtimes.push((entry.seq, *from_at, *to_at)),
            _ => {}
        }
    }

    fn apply_people_act(&mut self, entry: &LedgerEntry) {
        match &entry.act {
            Act::Invited {
                person,
                code_sha256,
                expires_at,
            } => {
                self.invites.insert(
                    person.clone(),
                    Invite {
                        code_sha256: code_sha256.clone(),
                        expires_at: *expires_at,
                    },
                );
            }
            Act::InviteWithdrawn { person } => {
                self.invites.remove(person);
            }
            Act::BindingRequested { person, account } => {
                self.binding_requests
                    .insert(account.user_id, (person.clone(), account.clone()));
            }
            Act::BindingDeclined { user_id, .. } => {
                self.binding_requests.remove(user_id);
            }
            Act::Bound {
                person, account, ..
            } => {
                self.binding_requests.remove(&account.user_id);
                self.invites.remove(person);
                self.bindings
                    .retain(|_, binding| binding.account.user_id != account.user_id);
                self.bindings.insert(
                    person.clone(),
                    Binding {
                        account: account.clone(),
                        since_at: entry.at,
                        reachable: false,
                    },
                );
            }
            Act::Unbound { person, .. } => {
                self.bindings.remove(person);
            }
            Act::OfficeGranted { person } => {
                self.office_granted.insert(person.clone());
            }
            Act::Reachable { person } => self.set_reachable(person, true),
            Act::Unreachable { person } => self.set_reachable(person, false),
            Act::Snoozed { person, until_at } => {
                self.snoozed.insert(person.clone(), *until_at);
            }
            Act::SecrecyShown { person } => {
                self.secrecy_shown.insert(person.clone());
            }
            _ => {}
        }
    }

    fn set_reachable(&mut self, person: &PersonId, reachable: bool) {
        if let Some(binding) = self.bindings.get_mut(person) {
            binding.reachable = reachable;
        }
    }

    fn apply_task_act(&mut self, entry: &LedgerEntry) {
        match &entry.act {
            Act::Answered(report) => {
                let filed = Filed {
                    seq: entry.seq,
                    at: entry.at,
                    by: entry.by.clone(),
                    report: report.clone(),
                };
                self.task_mut(&report.task).reports.push(Arc::new(filed));
            }
            Act::FollowUp { task } => {
                self.task_mut(task)
                    .follow_ups
                    .push((entry.seq, entry.at, entry.by.clone()))
            }
            Act::Hinted { task, value, words } => self.task_mut(task).hints.push(Hint {
                seq: entry.seq,
                at: entry.at,
                by: entry.by.clone(),
                value: *value,
                words: words.clone(),
                taken: None,
            }),
            Act::HintDecided { hint, taken } => {
                let hints = self.tasks.values_mut().flat_map(|state| &mut state.hints);
                for open in hints.filter(|open| open.seq == *hint) {
                    open.taken = Some(*taken);
                }
            }
            Act::Closed { task } => {
                self.task_mut(task).closed = Some((entry.seq, entry.at, entry.by.clone()))
            }
            Act::DueSet { task, due } => self.task_mut(task).dues.push((entry.seq, entry.at, *due)),
            Act::Ended { task, how } => self.task_mut(task).ended = Some(how.clone()),
            _ => {}
        }
    }
}
