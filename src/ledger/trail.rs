//! The trail of an item (台账), of people and units or of meetings: every entry that touches them, in order, with what each
//! one replaced.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Act, LedgerEntry};
use super::frame::Frame;
use super::own::Filings;
use super::progress::Value;
use super::redaction::Redacted;
use crate::plan::TaskId;

/// What a trail is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An item.
    Item(TaskId),
    /// People and units as they come, go and change.
    People,
    /// Meetings.
    Meetings,
}

/// One entry in a trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The entry.
    pub entry: LedgerEntry,
    /// What the report said that this one corrects.
    pub before: Option<Value>,
    /// 自办自批: decided by whoever had filed it or asked for it, which is let be only where nobody else could.
    pub own: bool,
}

/// The trail in the making: entries are taken in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// Of what.
    pub subject: Subject,
    /// So far, the newest last.
    pub steps: Vec<Step>,
    sharing: BTreeSet<TaskId>,
    hints: BTreeSet<u64>,
    values: BTreeMap<u64, Value>,
    filings: Filings,
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
    /// It changes people or units.
    OfPeople,
    /// It is about a meeting.
    OfMeetings,
    /// It removes words of entries.
    Redacts(&'a Redacted),
    /// It makes one: this letter of its id, and the entry's seq.
    Creates(char),
    /// It touches none.
    Nothing,
}

impl Subject {
    /// The trail an entry stands in by itself; none where it follows on another or belongs to none.
    pub fn of(entry: &LedgerEntry) -> Option<Self> {
        match touch(&entry.act) {
            Touch::Reports(task)
            | Touch::Decides(task)
            | Touch::Concerns(task)
            | Touch::Hints(task) => Some(Self::Item(task.clone())),
            Touch::Creates(letter) => {
                let made = TaskId::new(format!("{letter}-{}", entry.seq));
                Some(Self::Item(made))
            }
            Touch::OfPeople => Some(Self::People),
            Touch::OfMeetings => Some(Self::Meetings),
            Touch::OnHint(_) | Touch::Follows(_) | Touch::Redacts(_) | Touch::Nothing => None,
        }
    }
}

impl Trail {
    /// Nothing taken yet. Reports on targets with the same fact belong to it.
    pub fn new(frame: &Frame, subject: Subject) -> Self {
        let mut sharing = BTreeSet::new();
        if let Subject::Item(task) = &subject {
            sharing.insert(task.clone());
            if let Some(indicator) = frame.plan.indicator(task) {
                let others = frame.plan.sharing(&indicator.fact);
                sharing.extend(others.map(|other| other.id.clone()));
            }
        }
        Self {
            subject,
            steps: Vec::new(),
            sharing,
            hints: BTreeSet::new(),
            values: BTreeMap::new(),
            filings: Filings::default(),
        }
    }

    /// Takes the next entry in; most touch another item or none.
    pub fn take(&mut self, frame: &Frame, entry: LedgerEntry) {
        let own = self.filings.take(frame, &entry).is_some();
        let item = match &self.subject {
            Subject::Item(task) => Some(task),
            Subject::People | Subject::Meetings => None,
        };
        let is_mine = |task: &TaskId| item == Some(task);
        let touches = match touch(&entry.act) {
            Touch::Reports(task) => self.sharing.contains(task),
            Touch::Decides(task) | Touch::Concerns(task) => is_mine(task),
            Touch::Hints(task) => is_mine(task) && self.hints.insert(entry.seq),
            Touch::OnHint(seq) => self.hints.contains(&seq),
            Touch::Creates(letter) => {
                let made = TaskId::new(format!("{letter}-{}", entry.seq));
                is_mine(&made)
            }
            Touch::Follows(seq) => self.steps.iter().any(|step| step.entry.seq == seq),
            Touch::Redacts(Redacted { seq, also, .. }) => {
                let removed =
                    |step: &Step| step.entry.seq == *seq || also.contains(&step.entry.seq);
                self.steps.iter().any(removed)
            }
            Touch::OfPeople => self.subject == Subject::People,
            Touch::OfMeetings => self.subject == Subject::Meetings,
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
        Act::MeetingCalled(_) | Act::MeetingEnded { .. } => Touch::OfMeetings,
        Act::AwaySet(_)
        | Act::AwayEnded { .. }
        | Act::LiaisonNamed(_)
        | Act::LiaisonDecided { .. }
        | Act::LiaisonEnded { .. }
        | Act::Replaced { .. }
        | Act::UnitChanged(_)
        | Act::RosterUndone { .. } => Touch::OfPeople,
        Act::Redacted(redacted) => Touch::Redacts(redacted),
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
        | Act::Restored(_)
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
    use crate::ledger::testing::{Story, day, liaison, report, rushan, text};

    fn trail(story: &Story<'_>, task: &str) -> Trail {
        trail_of(story, Subject::Item(task.into()))
    }

    fn trail_of(story: &Story<'_>, subject: Subject) -> Trail {
        let mut trail = Trail::new(story.frame, subject);
        story
            .entries
            .iter()
            .for_each(|entry| trail.take(story.frame, entry.clone()));
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

    #[test]
    fn people_and_meetings_have_trails_of_their_own_with_what_was_confirmed_by_its_asker() {
        let mut story = Story::live(rushan());
        let decided = |liaison| Act::LiaisonDecided {
            liaison,
            accepted: true,
        };
        story.by("li-junqing", answered("6-1", 8, None));
        let first = story.by("li-junqing", liaison("li-junqing"));
        story.by("luan-pin", decided(first));
        let second = story.by("luan-pin", liaison("luan-pin"));
        let third = story.by("luan-pin", decided(second));
        let steps = trail_of(&story, Subject::People).steps;
        let own: Vec<(u64, bool)> = steps.iter().map(|it| (it.entry.seq, it.own)).collect();
        assert_eq!(
            own,
            [
                (first, false),
                (first + 1, false),
                (second, false),
                (third, true)
            ]
        );
        let called = story.by(
            "luan-pin",
            Act::MeetingCalled(std::sync::Arc::new(crate::ledger::Meeting {
                on: day("2026-12-03"),
                at: None,
                place: None,
                topic: text("调度会"),
                called: Vec::new(),
            })),
        );
        let off = Act::MeetingEnded {
            meeting: called,
            called_off: true,
        };
        story.by("luan-pin", off);
        let steps = trail_of(&story, Subject::Meetings).steps;
        let seqs: Vec<u64> = steps.iter().map(|it| it.entry.seq).collect();
        assert_eq!(seqs, [called, called + 1]);
    }
}
