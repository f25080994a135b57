//! The trail of an item (台账): every entry that touches it, in order, with what each one replaced.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Act, Actor, LedgerEntry};
use super::frame::Frame;
use super::progress::Value;
use crate::plan::TaskId;

/// One entry in the trail of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The entry.
    pub entry: LedgerEntry,
    /// What the report said that this one corrects.
    pub before: Option<Value>,
    /// 自办自批: decided by whoever had filed it last, which is let be only where nobody else could.
    pub own: bool,
}

/// The trail in the making: entries are taken in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The item.
    pub task: TaskId,
    /// So far, the newest last.
    pub steps: Vec<Step>,
    sharing: BTreeSet<TaskId>,
    hints: BTreeSet<u64>,
    values: BTreeMap<u64, Value>,
    filed_by: Option<Actor>,
}

/// How an act touches an item.
pub(super) enum Touch<'a> {
    /// It reports on it.
    Reports(&'a TaskId),
    /// It decides on it.
    Decides(&'a TaskId),
    /// It says or asks something of it.
    Concerns(&'a TaskId),
    /// It gives a hint for it.
    Hints(&'a TaskId),
    /// It decides on the hint with this seq.
    OnHint(u64),
    /// It follows on the entry with this seq: a matter of a report, a slip of its draft.
    Follows(u64),
    /// It makes one: this letter of its id, and the entry's seq.
    Creates(char),
    /// It touches none.
    Nothing,
}

impl Trail {
    /// Nothing taken yet. Reports on targets with the same fact belong to it.
    pub fn new(frame: &Frame, task: &TaskId) -> Self {
        let mut sharing = BTreeSet::from([task.clone()]);
        if let Some(indicator) = frame.plan.indicator(task) {
            let others = frame.plan.sharing(&indicator.fact);
            sharing.extend(others.map(|other| other.id.clone()));
        }
        Self {
            task: task.clone(),
            steps: Vec::new(),
            sharing,
            hints: BTreeSet::new(),
            values: BTreeMap::new(),
            filed_by: None,
        }
    }

    /// Takes the next entry in; most touch another item or none.
    pub fn take(&mut self, entry: LedgerEntry) {
        let mut own = false;
        let touches = match touch(&entry.act) {
            Touch::Reports(task) => self.sharing.contains(task),
            Touch::Decides(task) => {
                own = self.filed_by.as_ref() == Some(&entry.by);
                *task == self.task
            }
            Touch::Concerns(task) => *task == self.task,
            Touch::Hints(task) => *task == self.task && self.hints.insert(entry.seq),
            Touch::OnHint(seq) => self.hints.contains(&seq),
            Touch::Creates(letter) => *self.task.as_str() == format!("{letter}-{}", entry.seq),
            Touch::Follows(seq) => self.steps.iter().any(|step| step.entry.seq == seq),
            Touch::Nothing => false,
        };
        if !touches {
            return;
        }
        let mut before = None;
        if let Act::Answered(report) = &entry.act {
            before = report
                .corrects
                .and_then(|seq| self.values.get(&seq).copied());
            self.values.insert(entry.seq, report.value);
            self.filed_by = Some(entry.by.clone());
        }
        if let Act::ExtensionRequested { .. } | Act::ClosureProposed { .. } = &entry.act {
            self.filed_by = Some(entry.by.clone());
        }
        self.steps.push(Step { entry, before, own });
    }
}

/// How an act touches an item.
#[expect(clippy::too_many_lines, reason = "every act has its line")]
pub(super) fn touch(act: &Act) -> Touch<'_> {
    match act {
        Act::Answered(report) => Touch::Reports(&report.task),
        Act::Closed { task }
        | Act::DueSet { task, .. }
        | Act::Ended { task, .. }
        | Act::ExtensionGranted { task, .. }
        | Act::ExtensionDeclined { task, .. }
        | Act::Returned { task, .. }
        | Act::Reopened { task, .. }
        | Act::Frozen { task, .. }
        | Act::Unfrozen { task } => Touch::Decides(task),
        Act::Assigned(_) => Touch::Creates('a'),
        Act::ProjectAdded(_) => Touch::Creates('p'),
        Act::Acknowledged { task }
        | Act::AssignmentRevoked { task, .. }
        | Act::ProjectMoved { task, .. } => Touch::Concerns(task),
        Act::CoSigned(signed) => Touch::Concerns(&signed.task),
        Act::SlipDrafted(drafted) => Touch::Concerns(&drafted.task),
        Act::MatterAnswered(answered) => Touch::Follows(answered.matter),
        Act::MatterSettled(settled) => Touch::Follows(settled.matter),
        Act::SlipSent(sent) => Touch::Follows(sent.slip),
        Act::SlipHeld(held) => Touch::Follows(held.slip),
        Act::SlipTold(told) => Touch::Follows(told.slip),
        Act::TermsSettled {
            task: Some(task), ..
        }
        | Act::FollowUp { task }
        | Act::ExtensionRequested { task, .. }
        | Act::ClosureProposed { task, .. }
        | Act::RequestWithdrawn { task, .. }
        | Act::Supplemented { task, .. } => Touch::Concerns(task),
        Act::Hinted { task, .. } => Touch::Hints(task),
        Act::HintDecided { hint, .. } => Touch::OnHint(*hint),
        Act::TermsSettled { task: None, .. }
        | Act::Adopted { .. }
        | Act::AdoptionOffered { .. }
        | Act::AdoptionDeclined { .. }
        | Act::GroupBound { .. }
        | Act::GroupMigrated { .. }
        | Act::GroupLost { .. }
        | Act::TopicLost { .. }
        | Act::Invited { .. }
        | Act::InviteWithdrawn { .. }
        | Act::BindingRequested { .. }
        | Act::BindingDeclined { .. }
        | Act::Bound { .. }
        | Act::Unbound { .. }
        | Act::OfficeGranted { .. }
        | Act::Reachable { .. }
        | Act::Unreachable { .. }
        | Act::WentLive
        | Act::Paused { .. }
        | Act::Resumed
        | Act::Snoozed { .. }
        | Act::DigestPosted { .. }
        | Act::DigestWithheld { .. }
        | Act::DigestCorrected { .. }
        | Act::WasDown { .. }
        | Act::MeetingCalled(_)
        | Act::MeetingEnded { .. }
        | Act::AwaySet(_)
        | Act::AwayEnded { .. }
        | Act::LiaisonNamed(_)
        | Act::LiaisonDecided { .. }
        | Act::LiaisonEnded { .. }
        | Act::Replaced { .. }
        | Act::UnitChanged(_)
        | Act::RosterUndone { .. }
        | Act::FinishAsked
        | Act::FinishDeclined
        | Act::Finished
        | Act::EvidenceKept(_)
        | Act::EvidenceNotKept(_)
        | Act::SecrecyShown { .. } => Touch::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Judgement;
    use crate::ledger::testing::{Story, day, report, rushan};

    fn trail(story: &Story<'_>, task: &str) -> Trail {
        let mut trail = Trail::new(story.frame, &task.into());
        story
            .entries
            .iter()
            .for_each(|entry| trail.take(entry.clone()));
        trail
    }

    fn answered(task: &str, value: i64, corrects: Option<u64>) -> Act {
        let mut report = report(task, Value::Number(value.into()), Judgement::Normal);
        report.corrects = corrects;
        Act::Answered(report.into())
    }

    #[test]
    fn a_trail_holds_its_own_entries_in_order_and_what_a_correction_replaced() {
        let mut story = Story::live(rushan());
        let first = story.by("li-junqing", answered("6-1", 8, None));
        story.by("li-junqing", answered("6-2", 3, None));
        story.by("luan-pin", Act::FollowUp { task: "6-1".into() });
        let second = story.by("li-junqing", answered("6-1", 9, Some(first)));
        let steps = trail(&story, "6-1").steps;
        let seqs: Vec<u64> = steps.iter().map(|step| step.entry.seq).collect();
        assert_eq!(seqs, [first, first + 2, second]);
        assert_eq!(steps[2].before, Some(Value::Number(8.into())));
        assert_eq!(steps[0].before, None);
    }

    #[test]
    fn a_hint_belongs_to_the_trail_with_what_became_of_it() {
        let mut story = Story::live(rushan());
        let hinted = |task: &str| Act::Hinted {
            task: task.into(),
            value: Value::None,
            words: None,
        };
        let mine = story.by("sun-jing", hinted("6-1"));
        let other = story.by("sun-jing", hinted("6-2"));
        for hint in [other, mine] {
            story.by("li-junqing", Act::HintDecided { hint, taken: true });
        }
        let seqs: Vec<u64> = trail(&story, "6-1")
            .steps
            .iter()
            .map(|step| step.entry.seq)
            .collect();
        assert_eq!(seqs, [mine, other + 2]);
    }

    #[test]
    fn who_decides_on_what_they_filed_is_marked() {
        let mut story = Story::live(rushan());
        let due = |due| Act::DueSet {
            task: "15-1".into(),
            due: day(due),
        };
        story.by("luan-pin", answered("15-1", 0, None));
        story.by("zhang-xinlong", due("2027-03-31"));
        story.by("luan-pin", due("2027-06-30"));
        let own: Vec<bool> = trail(&story, "15-1")
            .steps
            .iter()
            .map(|step| step.own)
            .collect();
        assert_eq!(own, [false, false, true]);
    }
}
