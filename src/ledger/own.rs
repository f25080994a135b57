//! 自办自批: decisions by whoever had filed the item or asked for it, which are let be only where nobody else could decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::entry::{Act, Actor, LedgerEntry};
use super::frame::Frame;
use super::trail::{Touch, touch};
use crate::plan::{PersonId, TaskId};

/// What somebody decided on that was their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// An item they had filed, or had asked something for.
    Item(TaskId),
    /// A liaison (联络员) they had named, by the naming's seq.
    Liaison(u64),
}

/// A decision on what its decider had filed or asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDecision {
    /// Seq of the decision.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// On what.
    pub on: Own,
}

/// All of them, gathered from the entries in their order.
#[derive(Debug, Default)]
pub struct OwnDecisions {
    filings: Filings,
    /// So far, oldest first.
    pub found: Vec<OwnDecision>,
}

impl OwnDecisions {
    /// Takes the next entry in.
    pub fn take(&mut self, frame: &Frame, entry: &LedgerEntry) {
        let on = self.filings.take(frame, entry);
        self.found.extend(on.map(|on| OwnDecision {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            on,
        }));
    }
}

/// Who filed or asked what last, and who came after whom.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filings {
    items: BTreeMap<TaskId, Actor>,
    liaisons: BTreeMap<u64, Actor>,
    /// By the replacement's seq: who left, who came.
    replaced: BTreeMap<u64, (PersonId, PersonId)>,
}

impl Filings {
    /// Takes the next entry in, and says what of the decider's own it decides on.
    pub(super) fn take(&mut self, frame: &Frame, entry: &LedgerEntry) -> Option<Own> {
        if let Act::ExtensionRequested { task, .. } | Act::ClosureProposed { task, .. } = &entry.act
        {
            self.items.insert(task.clone(), entry.by.clone());
        }
        match touch(&entry.act) {
            Touch::Reports(task) => {
                self.items.insert(task.clone(), entry.by.clone());
                if let Some(indicator) = frame.plan.indicator(task) {
                    let sharing = frame.plan.sharing(&indicator.fact);
                    let filed = sharing.map(|other| (other.id.clone(), entry.by.clone()));
                    self.items.extend(filed);
                }
                None
            }
            Touch::Decides(task) => {
                let filed_by = self.items.get(task)?;
                self.is_own(filed_by, &entry.by)
                    .then(|| Own::Item(task.clone()))
            }
            Touch::OfPeople => self.of_people(entry),
            Touch::Concerns(_)
            | Touch::Hints(_)
            | Touch::OnHint(_)
            | Touch::Follows(_)
            | Touch::Creates(_)
            | Touch::OfMeetings
            | Touch::Nothing => None,
        }
    }

    fn of_people(&mut self, entry: &LedgerEntry) -> Option<Own> {
        match &entry.act {
            Act::LiaisonNamed(_) => {
                self.liaisons.insert(entry.seq, entry.by.clone());
            }
            Act::LiaisonDecided {
                liaison,
                accepted: true,
            } => {
                let named_by = self.liaisons.get(liaison)?;
                return self
                    .is_own(named_by, &entry.by)
                    .then_some(Own::Liaison(*liaison));
            }
            Act::Replaced { person, successor } => {
                let came = successor.person(entry.seq);
                self.replaced.insert(entry.seq, (person.clone(), came));
            }
            Act::RosterUndone { change } => {
                self.replaced.remove(change);
            }
            _ => {}
        }
        None
    }

    /// What somebody left behind is their successor's.
    fn is_own(&self, filed_by: &Actor, decided_by: &Actor) -> bool {
        let Actor::Person(filer) = filed_by else {
            return filed_by == decided_by;
        };
        // In the order of the replacements: who came later takes over what was taken over.
        let current =
            self.replaced.values().fold(
                filer,
                |current, (left, came)| {
                    if current == left { came } else { current }
                },
            );
        matches!(decided_by, Actor::Person(decider) if decider == current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Successor;
    use crate::ledger::testing::{Story, day, liaison, report, rushan, text};
    use crate::ledger::{Judgement, Value};

    fn found(story: &Story<'_>) -> Vec<(u64, Own)> {
        let mut own = OwnDecisions::default();
        for entry in &story.entries {
            own.take(story.frame, entry);
        }
        let found = own.found.into_iter();
        found.map(|own| (own.seq, own.on)).collect()
    }

    fn due(due: &str) -> Act {
        Act::DueSet {
            task: "15-1".into(),
            due: day(due),
        }
    }

    fn filed() -> Act {
        Act::Answered(report("15-1", Value::None, Judgement::Normal).into())
    }

    fn replaced(person: &str, successor: &str) -> Act {
        Act::Replaced {
            person: person.into(),
            successor: Successor::Known(successor.into()),
        }
    }

    #[test]
    fn an_own_request_granted_by_its_asker_is_found() {
        let mut story = Story::live(rushan());
        let task = || TaskId::from("6-1");
        let request = story.by(
            "luan-pin",
            Act::ExtensionRequested {
                task: task(),
                wanted: day("2027-06-30"),
                reason: text("等待材料"),
                progress: None,
                expired: false,
            },
        );
        let granted = story.by(
            "luan-pin",
            Act::ExtensionGranted {
                task: task(),
                request,
                due: day("2027-06-30"),
            },
        );
        assert_eq!(found(&story), [(granted, Own::Item(task()))]);
    }

    #[test]
    fn a_liaison_confirmed_by_whoever_named_them_is_found_and_a_withdrawn_one_is_not() {
        let mut story = Story::live(rushan());
        let decided = |liaison, accepted| Act::LiaisonDecided { liaison, accepted };
        let first = story.by("luan-pin", liaison("luan-pin"));
        story.by("luan-pin", decided(first, false));
        let second = story.by("luan-pin", liaison("luan-pin"));
        let confirmed = story.by("luan-pin", decided(second, true));
        assert_eq!(found(&story), [(confirmed, Own::Liaison(second))]);
    }

    #[test]
    fn what_somebody_left_behind_is_their_successors_until_that_is_taken_back() {
        let mut story = Story::live(rushan());
        story.by("li-junqing", filed());
        story.by("luan-pin", due("2027-03-31"));
        let change = story.by("zhang-xinlong", replaced("li-junqing", "luan-pin"));
        let own = story.by("luan-pin", due("2027-04-30"));
        story.by("zhang-xinlong", Act::RosterUndone { change });
        story.by("luan-pin", due("2027-05-31"));
        assert_eq!(found(&story), [(own, Own::Item("15-1".into()))]);
    }
}
