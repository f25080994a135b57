//! What the filing unit asks of the office on a task: an extension (延期申请) or its closure (办结申请); and 挂账.

use chrono::{DateTime, NaiveDate, Utc};

use super::entry::{Act, Actor, LedgerEntry};
use super::frame::Frame;
use super::progress::Attachment;
use super::standing::{Standing, TaskState};
use super::text::Text;
use crate::plan::{PersonId, Role, TaskId};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// 延期申请.
    Extension {
        /// New date wanted.
        wanted: NaiveDate,
        /// Why.
        reason: Text,
        /// How far it is; none: as last reported.
        progress: Option<Text>,
        /// The deadline had passed when it was asked.
        expired: bool,
    },
    /// 办结申请.
    Closure {
        /// What shows that it is done, unless the evidence does.
        words: Option<Text>,
        /// Evidence.
        evidence: Vec<Attachment>,
    },
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// 同意, with the new deadline.
    Granted(NaiveDate),
    /// 确认办结.
    Closed,
    /// 不同意 or 退回, with the reason.
    Refused(Text),
    /// 撤回 by the unit.
    Withdrawn,
    /// The office closed, reopened, froze the task or set its deadline by another act.
    Overtaken,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// How.
    pub verdict: Verdict,
}

/// A request on a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Seq of its entry, which names it.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// From whom.
    pub by: Actor,
    /// What is asked.
    pub wish: Wish,
    /// The how-manieth extension asked for on the task, withdrawn ones not counted; 0 for a closure.
    pub nth: usize,
    /// How it ended; none: it waits.
    pub outcome: Option<Outcome>,
}

/// A task that rests by the office's word (挂账).
#[derive(Debug, Clone, PartialEq)]
pub struct Freeze {
    /// Since when.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// Last day; on the next it is asked again.
    pub until: NaiveDate,
    /// Why.
    pub reason: Text,
}

impl Request {
    /// Whether it asks for a later deadline.
    pub fn is_extension(&self) -> bool {
        matches!(self.wish, Wish::Extension { .. })
    }

    /// A second extension of one task is the deputy leader's to decide.
    pub fn is_for_deputy(&self) -> bool {
        self.nth >= 2
    }

    /// Whether it is the deputy leader's to decide: the second extension of its task, while one is bound who did not ask it.
    pub fn is_with_deputy(&self, frame: &Frame, standing: &Standing) -> bool {
        let bound = |person: &PersonId| standing.bindings.contains_key(person);
        let mut members = frame.plan.members.iter();
        self.is_for_deputy()
            && members.any(|it| {
                it.role == Role::DeputyLeader && bound(&it.id) && !frame.is_of(&self.by, &it.id)
            })
    }

    /// Whether it was decided by the very person who asked (自办自批).
    pub fn decided_by_asker(&self) -> bool {
        let decided = |outcome: &Outcome| match outcome.verdict {
            Verdict::Granted(_) | Verdict::Closed | Verdict::Refused(_) => outcome.by == self.by,
            Verdict::Withdrawn | Verdict::Overtaken => false,
        };
        self.outcome.as_ref().is_some_and(decided)
    }

    fn counts(&self) -> bool {
        let withdrawn = |outcome: &Outcome| outcome.verdict == Verdict::Withdrawn;
        self.is_extension() && !self.outcome.as_ref().is_some_and(withdrawn)
    }
}

impl TaskState {
    /// The request that waits, if one does. A task has at most one.
    pub fn open_request(&self) -> Option<&Request> {
        let newest = self.requests.last()?;
        newest.outcome.is_none().then_some(newest)
    }

    /// How many extensions were asked for, withdrawn ones not counted.
    pub fn extensions_asked(&self) -> usize {
        let asked = self.requests.iter().filter(|request| request.counts());
        asked.count()
    }

    /// How often its deadline was extended on request.
    pub fn extensions(&self) -> usize {
        let granted = |request: &&Request| {
            let verdict = request.outcome.as_ref().map(|outcome| &outcome.verdict);
            matches!(verdict, Some(Verdict::Granted(_)))
        };
        self.requests.iter().filter(granted).count()
    }

    /// Whether it rests on that day (挂账).
    pub fn frozen_on(&self, day: NaiveDate) -> Option<&Freeze> {
        self.frozen.as_ref().filter(|frozen| day <= frozen.until)
    }

    fn end_request(&mut self, entry: &LedgerEntry, verdict: Verdict) {
        let newest = self.requests.last_mut();
        if let Some(open) = newest.filter(|request| request.outcome.is_none()) {
            open.outcome = Some(Outcome {
                at: entry.at,
                by: entry.by.clone(),
                verdict,
            });
        }
    }
}

impl Standing {
    /// The request with this seq, and its task.
    pub fn request(&self, seq: u64) -> Option<(&TaskId, &Request)> {
        let requests = self
            .tasks
            .iter()
            .flat_map(|(task, state)| state.requests.iter().map(move |request| (task, request)));
        requests.into_iter().find(|(_, request)| request.seq == seq)
    }

    /// The requests that wait, oldest first.
    pub fn open_requests(&self) -> Vec<(&TaskId, &Request)> {
        let tasks = self.tasks.iter();
        let mut open: Vec<_> = tasks
            .filter_map(|(task, state)| Some((task, state.open_request()?)))
            .collect();
        open.sort_by_key(|(_, request)| request.seq);
        open
    }

    /// 延期申请.
    pub(super) fn ask_extension(&mut self, entry: &LedgerEntry) {
        let Act::ExtensionRequested {
            task,
            wanted,
            reason,
            progress,
            expired,
        } = &entry.act
        else {
            return;
        };
        let wish = Wish::Extension {
            wanted: *wanted,
            reason: reason.clone(),
            progress: progress.clone(),
            expired: *expired,
        };
        self.ask(entry, task, wish);
    }

    /// 办结申请.
    pub(super) fn propose_closure(&mut self, entry: &LedgerEntry) {
        let Act::ClosureProposed {
            task,
            words,
            evidence,
        } = &entry.act
        else {
            return;
        };
        let wish = Wish::Closure {
            words: words.clone(),
            evidence: evidence.clone(),
        };
        self.ask(entry, task, wish);
    }

    pub(super) fn grant(&mut self, entry: &LedgerEntry, task: &TaskId, due: NaiveDate) {
        let state = self.task_mut(task);
        state.dues.push((entry.seq, entry.at, due));
        state.end_request(entry, Verdict::Granted(due));
    }

    /// 不同意; `returned`: 退回, which also takes back what was said to be done.
    pub(super) fn refuse(
        &mut self,
        entry: &LedgerEntry,
        task: &TaskId,
        reason: &Text,
        returned: bool,
    ) {
        let state = self.task_mut(task);
        if returned {
            state.returned = Some(entry.seq);
        }
        state.end_request(entry, Verdict::Refused(reason.clone()));
    }

    pub(super) fn withdraw_request(&mut self, entry: &LedgerEntry, task: &TaskId) {
        self.task_mut(task).end_request(entry, Verdict::Withdrawn);
    }

    /// The office decided otherwise on a task: nothing waits on it any more.
    pub(super) fn overtake_request(&mut self, entry: &LedgerEntry, task: &TaskId) {
        self.task_mut(task).end_request(entry, Verdict::Overtaken);
    }

    pub(super) fn reopen(&mut self, entry: &LedgerEntry, task: &TaskId, reason: &Text) {
        let state = self.task_mut(task);
        state.closed = None;
        state.returned = Some(entry.seq);
        state.reopening = Some((entry.at, reason.clone()));
    }

    pub(super) fn freeze(
        &mut self,
        entry: &LedgerEntry,
        task: &TaskId,
        until: NaiveDate,
        reason: &Text,
    ) {
        let state = self.task_mut(task);
        state.frozen = Some(Freeze {
            at: entry.at,
            by: entry.by.clone(),
            until,
            reason: reason.clone(),
        });
        state.end_request(entry, Verdict::Overtaken);
    }

    fn ask(&mut self, entry: &LedgerEntry, task: &TaskId, wish: Wish) {
        let state = self.task_mut(task);
        let nth = match wish {
            Wish::Extension { .. } => state.extensions_asked() + 1,
            Wish::Closure { .. } => 0,
        };
        state.requests.push(Request {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            wish,
            nth,
            outcome: None,
        });
    }

    pub(super) fn close(&mut self, entry: &LedgerEntry, task: &TaskId) {
        let state = self.task_mut(task);
        state.closed = Some((entry.seq, entry.at, entry.by.clone()));
        state.frozen = None;
        let open = state.open_request();
        let verdict = match open.map(Request::is_extension) {
            Some(true) => Verdict::Overtaken,
            Some(false) | None => Verdict::Closed,
        };
        state.end_request(entry, verdict);
    }
}
