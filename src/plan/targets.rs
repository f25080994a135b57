//! Holds the targets and doubts of a plan file against the rest of it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::mistake::{FieldMistake, ReferenceMistake, TargetMistake, Thing};
use super::resolve::Check;
use super::written::{PacePoint, WrittenDoubt, WrittenIndicator, WrittenSets};
use super::{IndicatorKind, MeasureId, Recurrence, UnitOfMeasure, narrative_of};

impl Check<'_, '_, '_> {
    pub(super) fn indicator(&mut self, indicator: &WrittenIndicator) {
        let spot = &indicator.spot;
        if let Some(measure) = &indicator.measure {
            self.known(Thing::Measure, "measure", measure, spot);
        }
        if let Some(unit) = &indicator.filing_lead {
            self.known(Thing::Unit, "filing_lead", unit, spot);
        }
        if let Some(due) = &indicator.due {
            self.in_range("due", due, spot);
        } else if indicator.recurrence == Recurrence::Yearly {
            self.note(
                spot.at,
                spot,
                TargetMistake::NeedsDue {
                    field: "recurrence",
                },
            );
        }
        self.not_a_narrative(indicator);
        match indicator.kind {
            IndicatorKind::Milestone => self.milestone(indicator),
            IndicatorKind::Stock | IndicatorKind::Flow | IndicatorKind::Level => {
                self.quantified(indicator)
            }
        }
        if let Some(pace) = &indicator.pace {
            self.pace(indicator, &pace.value, pace.at);
        }
    }

    /// A target may not have the id of a measure's narrative.
    fn not_a_narrative(&mut self, indicator: &WrittenIndicator) {
        let Some(measure) = indicator.id.value.strip_prefix('m') else {
            return;
        };
        if let Some(first_line) = self.line_of_measure(measure) {
            let text = narrative_of(&MeasureId::from(measure)).to_string();
            let what = ReferenceMistake::Duplicate {
                thing: Thing::Measure,
                field: "id",
                text,
                first_line,
            };
            self.note(indicator.id.at, &indicator.spot, what);
        }
    }

    fn milestone(&mut self, indicator: &WrittenIndicator) {
        let numeric = [
            ("target", indicator.target.as_ref().map(|it| it.at)),
            ("comparator", indicator.comparator.as_ref().map(|it| it.at)),
            ("unit", indicator.unit.as_ref().map(|it| it.at)),
            ("baseline", indicator.baseline.as_ref().map(|it| it.at)),
            ("pace", indicator.pace.as_ref().map(|it| it.at)),
        ];
        for (field, at) in numeric {
            if let Some(at) = at {
                self.note(at, &indicator.spot, TargetMistake::OnMilestone { field });
            }
        }
    }

    fn quantified(&mut self, indicator: &WrittenIndicator) {
        let there = [
            ("target", indicator.target.is_some()),
            ("unit", indicator.unit.is_some()),
            ("comparator", indicator.comparator.is_some()),
        ];
        for (field, _) in there.into_iter().filter(|(_, there)| !there) {
            self.note(
                indicator.spot.at,
                &indicator.spot,
                FieldMistake::MissingField { field },
            );
        }
        if indicator.kind == IndicatorKind::Level
            && let Some(pace) = &indicator.pace
        {
            self.note(pace.at, &indicator.spot, TargetMistake::PaceWithoutWay);
        }
    }

    /// Dates ascend and lie between start and deadline, shares do not fall.
    fn pace(&mut self, indicator: &WrittenIndicator, points: &[PacePoint], at: usize) {
        let spot = &indicator.spot;
        let yearly = indicator.recurrence == Recurrence::Yearly;
        if indicator.due.is_none() {
            self.note(at, spot, TargetMistake::NeedsDue { field: "pace" });
        }
        let order = |date: NaiveDate| {
            if yearly {
                (0, date.month(), date.day())
            } else {
                (date.year(), date.month(), date.day())
            }
        };
        for pair in points.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            if order(after.date.value) <= order(before.date.value) {
                self.note(
                    after.date.at,
                    spot,
                    TargetMistake::PaceDates {
                        date: after.date.value,
                    },
                );
            }
            if after.share < before.share {
                self.note(
                    after.date.at,
                    spot,
                    TargetMistake::PaceFalls {
                        date: after.date.value,
                    },
                );
            }
        }
        let due = indicator.due.as_ref().filter(|_| !yearly);
        for date in points.iter().map(|point| &point.date).filter(|_| !yearly) {
            self.in_range("date", date, spot);
            if let Some(due) = due.filter(|due| date.value > due.value) {
                self.note(
                    date.at,
                    spot,
                    TargetMistake::AfterEnd {
                        field: "date",
                        date: date.value,
                        ends: due.value,
                    },
                );
            }
        }
    }

    /// Targets that share a fact must mean the same by it.
    pub(super) fn facts(&mut self) {
        let mut known: HashMap<&str, &WrittenIndicator> = HashMap::new();
        for indicator in &self.plan.indicators {
            let fact = indicator.fact.as_ref().unwrap_or(&indicator.id);
            if fact.value.is_empty() {
                continue;
            }
            let first = *known.entry(&fact.value).or_insert(indicator);
            let twins = first.id.value == indicator.id.value;
            if let Some(field) = fact_difference(first, indicator).filter(|_| !twins) {
                let other = first.id.value.clone();
                let what = TargetMistake::FactDiffers {
                    fact: fact.value.clone(),
                    other,
                    field,
                };
                self.note(fact.at, &indicator.spot, what);
            }
        }
    }

    pub(super) fn doubt(&mut self, doubt: &WrittenDoubt) {
        let spot = &doubt.spot;
        let subjects = [
            (Thing::Indicator, "indicator", &doubt.indicator),
            (Thing::Measure, "measure", &doubt.measure),
            (Thing::Unit, "unit", &doubt.unit),
        ];
        let named = subjects.iter().filter(|(_, _, id)| id.is_some()).count();
        if named + usize::from(doubt.task_force) != 1 {
            self.note(spot.at, spot, TargetMistake::DoubtSubject);
        }
        for (thing, field, id) in subjects {
            if let Some(id) = id {
                self.known(thing, field, id, spot);
            }
        }
        if let Some(sets) = &doubt.sets {
            self.sets(doubt, sets);
        }
    }

    fn sets(&mut self, doubt: &WrittenDoubt, sets: &WrittenSets) {
        let spot = &doubt.spot;
        let empty = sets.filing_lead.is_none() && sets.due.is_none() && sets.baseline.is_none();
        if doubt.indicator.is_none() || empty {
            self.note(sets.at, spot, TargetMistake::SetsNothing);
        }
        if let Some(unit) = &sets.filing_lead {
            self.known(Thing::Unit, "filing_lead", unit, spot);
        }
        if let Some(due) = &sets.due {
            self.in_range("due", due, spot);
        }
        if let (Some(baseline), Some(about)) = (&sets.baseline, &doubt.indicator)
            && self.milestones.contains(about.value.as_str())
        {
            self.note(
                baseline.at,
                spot,
                TargetMistake::OnMilestone { field: "baseline" },
            );
        }
    }
}

/// The field in which two targets of one fact differ so that one answer cannot serve both.
fn fact_difference(first: &WrittenIndicator, other: &WrittenIndicator) -> Option<&'static str> {
    let base = |it: &WrittenIndicator| {
        it.unit
            .as_ref()
            .map(|unit| UnitOfMeasure::parse(&unit.value).base)
    };
    let year = |it: &WrittenIndicator| it.base_year.as_ref().map(|year| year.value);
    let lead = |it: &WrittenIndicator| it.filing_lead.as_ref().map(|lead| lead.value.clone());
    if first.kind != other.kind {
        Some("kind")
    } else if base(first) != base(other) {
        Some("unit")
    } else if year(first) != year(other) {
        Some("base_year")
    } else if lead(first).zip(lead(other)).is_some_and(|(a, b)| a != b) {
        Some("filing_lead")
    } else {
        None
    }
}
