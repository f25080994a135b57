//! Terms (口径) of a target: how the office settled or changed them, what is in force, and where each value comes from.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::entry::{Act, Actor, LedgerEntry};
use super::frame::Frame;
use super::requests::Verdict;
use super::standing::Standing;
use super::text::Text;
use crate::plan::{DoubtId, Fact, Sets, TaskId};

/// How terms (口径) were settled, or changed later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// As proposed; what it sets is written out, so the fold needs no plan.
    AsProposed(Sets),
    /// In the office's own words.
    InWords {
        /// The words.
        words: Text,
        /// What they set.
        sets: Sets,
    },
    /// What was settled or published is something else from now on. From version 3 on.
    Changed {
        /// What held before; nothing where there was no value.
        before: Sets,
        /// What holds now.
        sets: Sets,
    },
}

/// A settlement or a change of terms, as the fold keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// The doubt it settles; none: a change.
    pub doubt: Option<DoubtId>,
    /// The task whose facts it sets, if it sets any.
    pub task: Option<TaskId>,
    /// How.
    pub how: Settlement,
    /// On what basis (依据), as the office wrote it.
    pub basis: Option<Text>,
}

/// Where a fact in force comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source<'a> {
    /// The plan.
    Published,
    /// A settlement or a change by the office.
    Settled(&'a Settled),
    /// An extension that was granted, by whom if that is known.
    Extended {
        /// Seq of the entry.
        seq: u64,
        /// When.
        at: DateTime<Utc>,
        /// By whom.
        by: Option<&'a Actor>,
    },
    /// A deadline the office set (初始台账).
    DueSet {
        /// Seq of the entry.
        seq: u64,
        /// When.
        at: DateTime<Utc>,
    },
}

/// The terms of a target as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms<'a> {
    /// What is in force; a yearly deadline is that of the running year.
    pub now: Sets,
    /// What was published or, where the plan says nothing, settled first.
    pub original: Sets,
    sources: [Source<'a>; 4],
}

impl Settlement {
    /// What it sets.
    pub fn sets(&self) -> &Sets {
        match self {
            Self::AsProposed(sets) | Self::InWords { sets, .. } | Self::Changed { sets, .. } => {
                sets
            }
        }
    }

    /// The same with other facts.
    #[must_use]
    pub fn with(&self, sets: Sets) -> Self {
        match self {
            Self::AsProposed(_) => Self::AsProposed(sets),
            Self::InWords { words, .. } => Self::InWords {
                words: words.clone(),
                sets,
            },
            Self::Changed { before, .. } => Self::Changed {
                before: before.clone(),
                sets,
            },
        }
    }
}

impl Source<'_> {
    /// Seq of its entry; 0 for what was published.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Published => 0,
            Self::Settled(settled) => settled.seq,
            Self::Extended { seq, .. } | Self::DueSet { seq, .. } => *seq,
        }
    }
}

impl Terms<'_> {
    /// Where a fact in force comes from.
    pub fn source(&self, fact: Fact) -> &Source<'_> {
        &self.sources[place(fact)]
    }

    /// What a fact was at first, where it is something else now; a deadline that was only extended is none.
    pub fn changed_from(&self, fact: Fact) -> Option<Sets> {
        let original = self.original.only(fact);
        let differs = !original.is_empty() && original != self.now.only(fact);
        differs.then_some(original)
    }
}

fn place(fact: Fact) -> usize {
    match fact {
        Fact::Target => 0,
        Fact::Due => 1,
        Fact::Baseline => 2,
        Fact::FilingLead => 3,
    }
}

impl Standing {
    /// The settlements and changes in force for a task, oldest first; of a doubt settled again the last.
    pub fn terms_in_force(&self, task: &TaskId) -> impl DoubleEndedIterator<Item = &Settled> {
        let all = self.terms.get(task).into_iter().flatten();
        all.filter(|settled| {
            let doubt = settled.doubt.as_ref();
            let last = doubt.and_then(|doubt| self.settled.get(doubt));
            doubt.is_none() || last.is_some_and(|last| last.seq == settled.seq)
        })
    }

    /// What they set, the latest first.
    pub fn settled_facts(&self, task: &TaskId) -> Sets {
        let all = self.terms_in_force(task);
        all.fold(Sets::default(), |before, settled| {
            settled.how.sets().clone().over(before)
        })
    }

    /// When the office last changed the deadline itself: what moved it before that is over.
    pub(super) fn due_changed(&self, task: &TaskId) -> Option<(u64, DateTime<Utc>)> {
        let changed = self
            .terms_in_force(task)
            .rev()
            .find(|settled| match settled.how {
                Settlement::Changed { ref sets, .. } => sets.due.is_some(),
                Settlement::AsProposed(_) | Settlement::InWords { .. } => false,
            });
        changed.map(|settled| (settled.seq, settled.at))
    }

    /// Values of targets that settlements set, for the plan they are laid over.
    pub(super) fn settled_targets(&self) -> Vec<(TaskId, Decimal)> {
        let tasks = self.terms.keys();
        let targets =
            tasks.filter_map(|task| Some((task.clone(), self.settled_facts(task).target?)));
        targets.collect()
    }

    pub(super) fn settle(&mut self, entry: &LedgerEntry) {
        let Act::TermsSettled {
            doubt,
            task,
            how,
            basis,
        } = &entry.act
        else {
            return;
        };
        let settled = Settled {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            doubt: doubt.clone(),
            task: task.clone(),
            how: how.clone(),
            basis: basis.clone(),
        };
        let before = doubt.as_ref().and_then(|doubt| self.settled.get(doubt));
        let before = before.is_some_and(|before| before.how.sets().target.is_some());
        if before || how.sets().target.is_some() {
            self.amendments.seq = entry.seq;
        }
        if let Some(doubt) = doubt {
            self.settled.insert(doubt.clone(), settled.clone());
        }
        if let Some(task) = task {
            self.terms.entry(task.clone()).or_default().push(settled);
        }
    }
}

impl Frame {
    /// The terms of a task as they stand on `today`; none for what the plan does not hold.
    pub fn terms<'a>(
        &self,
        standing: &'a Standing,
        task: &TaskId,
        today: NaiveDate,
    ) -> Option<Terms<'a>> {
        let view = self.task_view(standing, task, today)?;
        let published = self.plan.published(task);
        let all = standing.terms.get(task).into_iter().flatten();
        let first = all.rev().fold(Sets::default(), |later, settled| {
            settled.how.sets().clone().over(later)
        });
        let mut original = published.clone().over(first);
        let recurrence = view.task.recurrence;
        original.due = original
            .due
            .map(|due| self.occurrence(due, recurrence, today));
        let now = Sets {
            filing_lead: view.filing_unit.clone(),
            due: view.due,
            ..standing.settled_facts(task).over(published)
        };
        let sources = Fact::ALL.map(|fact| settled_source(standing, task, fact));
        let mut terms = Terms {
            now,
            original,
            sources,
        };
        if view.due != view.first_due {
            terms.sources[place(Fact::Due)] = moved_source(standing, task);
        }
        Some(terms)
    }
}

fn settled_source<'a>(standing: &'a Standing, task: &TaskId, fact: Fact) -> Source<'a> {
    let mut newest = standing.terms_in_force(task).rev();
    let setting = newest.find(|settled| settled.how.sets().has(fact));
    setting.map_or(Source::Published, Source::Settled)
}

/// Where a deadline comes from that is not the plan's.
fn moved_source<'a>(standing: &'a Standing, task: &TaskId) -> Source<'a> {
    let Some(state) = standing.tasks.get(task) else {
        return Source::Published;
    };
    let Some((seq, at, _)) = state.dues.last() else {
        return Source::Published;
    };
    let (seq, at) = (*seq, *at);
    let granted = state.requests.iter().find_map(|request| {
        let outcome = request.outcome.as_ref()?;
        let granted = matches!(outcome.verdict, Verdict::Granted(_)) && outcome.at == at;
        granted.then_some(&outcome.by)
    });
    match granted {
        Some(by) => Source::Extended {
            seq,
            at,
            by: Some(by),
        },
        None => Source::DueSet { seq, at },
    }
}

#[cfg(test)]
mod tests;
