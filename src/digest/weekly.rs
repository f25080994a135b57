//! The weekly digest (周报): what stands where at the cut-off, and what changed since the last one.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::added::{self, StageTotal};
use super::cosign::{Signed, signed};
use super::item::{Counts, Item, items};
use super::needs::{Need, SlipCounts, needs, slips};
use super::participation::{Participation, participation};
use super::status::baseline_missing;
use crate::calendar;
use crate::ledger::{Filed, Frame, Head, Light, Standing, Supplement, Text};
use crate::plan::{SectionId, TaskId, UnitId};

/// Deadlines this many days ahead are named.
const DEADLINES_AHEAD: u64 = 14;

/// A value and a word that stayed the same for so many days are marked (三周未变).
const UNCHANGED_DAYS: u64 = 21;

/// Counts now and, from the second digest on, in the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// At this cut-off.
    pub now: Counts,
    /// At the last one.
    pub before: Option<Counts>,
}

/// One task in the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The task as it stands.
    pub item: Item,
    /// Its light in the last digest; none when it did not stand there.
    pub was: Option<Light>,
    /// How much its number moved since the last digest, in base units; none without two numbers.
    pub moved: Option<Decimal>,
    /// What was done, in the words of the newest report since the last digest.
    pub done: Option<Text>,
    /// Problems, in the words of the newest report since the last digest.
    pub issues: Option<Text>,
    /// What other units added since the last digest (补充), each unit's newest; no words where they were redacted.
    pub supplements: Vec<(UnitId, Option<String>)>,
    /// How the other leads signed the newest answer (会签).
    pub cosigned: Vec<(UnitId, Signed)>,
    /// Neither value nor word changed for three weeks (三周未变).
    pub unchanged: bool,
    /// A report since the last digest was late (迟报).
    pub late: bool,
    /// A report since the last digest corrects one it already counted (更正).
    pub corrected: bool,
}

/// A section of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Section of the plan; none for the general targets.
    pub section: Option<SectionId>,
    /// Its tasks, in plan order by measure: targets, then the narrative.
    pub lines: Vec<Line>,
}

/// A deadline of the next two weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The task.
    pub task: TaskId,
    /// The day.
    pub due: NaiveDate,
}

/// The weekly digest, as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// From 1.
    pub number: u32,
    /// Posted after its slot (补发).
    pub late: bool,
    /// Cut-off.
    pub cut_off_at: DateTime<Utc>,
    /// ISO year and week of the cut-off.
    pub week: (i32, u32),
    /// Weeks since the last digest's that had none of their own (含上周).
    pub weeks_before: i64,
    /// Targets by light.
    pub targets: Change,
    /// Measures without an open target, by light.
    pub measures: Change,
    /// Red now and not before, in plan order.
    pub new_red: Vec<TaskId>,
    /// Red before and green or yellow now, in plan order.
    pub recovered: Vec<TaskId>,
    /// Closed since the last digest, in plan order.
    pub newly_done: Vec<TaskId>,
    /// Reports since the last digest.
    pub answers: usize,
    /// When the newest report so far was given.
    pub newest_at: Option<DateTime<Utc>>,
    /// Matters of coordination, the oldest first.
    pub needs: Vec<Need>,
    /// Supervision slips.
    pub slips: SlipCounts,
    /// Who was to answer and who did.
    pub participation: Participation,
    /// Deadlines of the next two weeks, the nearest first.
    pub deadlines: Vec<Deadline>,
    /// Past at the start, asked twice, nothing given (未提供初始情况).
    pub baseline_missing: Vec<TaskId>,
    /// Everything, by section.
    pub sections: Vec<Section>,
    /// Assigned items (交办事项), in the order they came.
    pub assigned: Vec<Line>,
    /// Projects (项目库) by stage.
    pub stages: Vec<StageTotal>,
    /// Last seq it saw.
    pub seq: u64,
    /// First 12 hex digits of the chain's head at that seq.
    pub head: String,
}

impl Digest {
    /// Lines of the body.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let planned = self.sections.iter().flat_map(|section| &section.lines);
        planned.chain(&self.assigned)
    }
}

/// The digest with this number at its cut-off. `previous`: frame, standing and cut-off of the last one. `head`: the chain's
/// head that `standing` was folded up to.
pub fn weekly(
    frame: &Frame,
    standing: &Standing,
    previous: Option<(&Frame, &Standing, DateTime<Utc>)>,
    number: u32,
    cut_off_at: DateTime<Utc>,
    head: &Head,
    late: bool,
) -> Digest {
    let today = calendar::date_of(cut_off_at);
    let now = items(frame, standing, cut_off_at);
    let before = previous.map(|(frame, standing, at)| Before::of(frame, standing, at));
    let seen = previous.map(|(_, standing, _)| standing.seq);
    let recent = Recent::of(frame, standing, seen);
    let mut lines = lines(now, before.as_ref(), &recent, today);
    let mut cosigned = signed(frame, standing, today);
    for line in &mut lines {
        line.cosigned = cosigned.remove(&line.item.task).unwrap_or_default();
    }
    let named = |wanted: fn(&Line) -> bool| {
        let wanted = lines.iter().filter(|line| wanted(line));
        wanted.map(|line| line.item.task.clone()).collect()
    };
    let week = today.iso_week();
    Digest {
        number,
        late,
        cut_off_at,
        week: (week.year(), week.week()),
        weeks_before: weeks_before(previous.map(|(.., at)| at), today),
        targets: change(&lines, before.as_ref(), true),
        measures: change(&lines, before.as_ref(), false),
        new_red: named(|line| line.item.light == Light::Red && line.was != Some(Light::Red)),
        recovered: named(|line| {
            line.was == Some(Light::Red) && matches!(line.item.light, Light::Green | Light::Yellow)
        }),
        newly_done: named(|line| {
            line.item.light == Light::Done && line.was.is_none_or(|was| was != Light::Done)
        }),
        answers: recent.reports,
        newest_at: recent.newest_at,
        needs: needs(frame, standing, today),
        slips: slips(frame, standing, seen, today),
        participation: participation(frame, standing, cut_off_at),
        deadlines: deadlines(&lines, today),
        baseline_missing: baseline_missing(frame, standing, cut_off_at),
        assigned: added::taken_out(frame, &mut lines),
        stages: added::stages(standing),
        sections: sections(frame, lines),
        seq: head.seq,
        head: head.printed(),
    }
}

/// What the last digest saw.
struct Before {
    items: BTreeMap<TaskId, Item>,
}

impl Before {
    fn of(frame: &Frame, standing: &Standing, at: DateTime<Utc>) -> Self {
        let items = items(frame, standing, at).into_iter();
        Self {
            items: items.map(|item| (item.task.clone(), item)).collect(),
        }
    }
}

/// Reports the last digest did not see, by every task that shares their fact; the newest of each, and marks over all.
#[derive(Default)]
struct Recent<'a> {
    of_task: BTreeMap<&'a TaskId, Marks<'a>>,
    supplements: BTreeMap<&'a TaskId, Vec<&'a Supplement>>,
    reports: usize,
    newest_at: Option<DateTime<Utc>>,
}

#[derive(Default, Clone)]
struct Marks<'a> {
    newest: Option<&'a Filed>,
    late: bool,
    corrected: bool,
}

impl<'a> Recent<'a> {
    fn of(frame: &'a Frame, standing: &'a Standing, seen: Option<u64>) -> Self {
        let seen = seen.unwrap_or(0);
        let mut recent = Self::default();
        for (task, state) in &standing.tasks {
            let newest = state.newest_supplements().into_iter();
            let fresh: Vec<_> = newest.filter(|one| one.seq > seen).collect();
            if !fresh.is_empty() {
                recent.supplements.insert(task, fresh);
            }
            for filed in &state.reports {
                recent.newest_at = recent.newest_at.max(Some(filed.at));
                if filed.seq > seen {
                    recent.reports += 1;
                    recent.take(frame, task, filed, seen);
                }
            }
        }
        recent
    }

    fn supplements(&self, task: &TaskId) -> Vec<(UnitId, Option<String>)> {
        let found = self.supplements.get(task).into_iter().flatten();
        let said = found.map(|one| (one.unit.clone(), one.words.body().map(str::to_owned)));
        said.collect()
    }

    fn take(&mut self, frame: &'a Frame, task: &'a TaskId, filed: &'a Filed, seen: u64) {
        let sharing: Vec<&TaskId> = match frame.plan.indicator(task) {
            Some(indicator) => frame
                .plan
                .sharing(&indicator.fact)
                .map(|other| &other.id)
                .collect(),
            None => vec![task],
        };
        for task in sharing {
            let marks = self.of_task.entry(task).or_default();
            marks.late |= filed.report.late;
            marks.corrected |= filed.report.corrects.is_some_and(|seq| seq <= seen);
            if marks.newest.is_none_or(|newest| newest.seq < filed.seq) {
                marks.newest = Some(filed);
            }
        }
    }
}

fn lines(
    now: Vec<Item>,
    before: Option<&Before>,
    recent: &Recent<'_>,
    today: NaiveDate,
) -> Vec<Line> {
    let still_since = today.checked_sub_days(Days::new(UNCHANGED_DAYS));
    let line = |item: Item| {
        let was = before.and_then(|before| before.items.get(&item.task));
        let marks = recent.of_task.get(&item.task).cloned().unwrap_or_default();
        let report = marks.newest.map(|filed| &filed.report);
        let unchanged = item.open
            && match item.light {
                Light::Red | Light::Yellow | Light::Green => !is_settled(&item),
                Light::Grey | Light::Done | Light::Frozen => false,
            }
            && item
                .unchanged_since
                .zip(still_since)
                .is_some_and(|(since, still)| calendar::date_of(since) <= still);
        Line {
            was: was.map(|was| was.light),
            moved: item
                .actual
                .zip(
                    was.filter(|was| was.counts_from == item.counts_from)
                        .and_then(|was| was.actual),
                )
                .and_then(|(now, was)| now.checked_sub(was)),
            done: report.and_then(|report| report.done.clone()),
            issues: report.and_then(|report| report.issues.clone()),
            supplements: recent.supplements(&item.task),
            cosigned: Vec::new(),
            unchanged,
            late: marks.late,
            corrected: marks.corrected,
            item,
        }
    };
    now.into_iter().map(line).collect()
}

/// Met, or reached before the start: nothing has to change any more.
fn is_settled(item: &Item) -> bool {
    use crate::ledger::LightReason;
    matches!(
        item.reason,
        LightReason::Met | LightReason::BaselineReached | LightReason::BaselineNotReached
    )
}

fn change(lines: &[Line], before: Option<&Before>, targets: bool) -> Change {
    let counted = |item: &&Item| !item.is_added && item.is_target == targets;
    let count = |before: &Before| {
        let items = before.items.values();
        Counts::of(items.filter(counted).map(|item| item.light))
    };
    let now = lines.iter().map(|line| &line.item);
    Change {
        now: Counts::of(now.filter(counted).map(|item| item.light)),
        before: before.map(count),
    }
}

/// Open items due in the next two weeks, the nearest first.
fn deadlines(lines: &[Line], today: NaiveDate) -> Vec<Deadline> {
    let until = today
        .checked_add_days(Days::new(DEADLINES_AHEAD))
        .unwrap_or(today);
    let mut deadlines: Vec<Deadline> = lines
        .iter()
        .filter(|line| line.item.open)
        .filter_map(|line| {
            let due = line.item.due.filter(|due| today < *due && *due <= until)?;
            Some(Deadline {
                task: line.item.task.clone(),
                due,
            })
        })
        .collect();
    deadlines.sort_by_key(|deadline| deadline.due);
    deadlines
}

fn sections(frame: &Frame, lines: Vec<Line>) -> Vec<Section> {
    let sections = frame
        .plan
        .sections
        .iter()
        .map(|section| Some(section.id.clone()));
    let mut placed: Vec<Section> = [None]
        .into_iter()
        .chain(sections)
        .map(|section| Section {
            section,
            lines: Vec::new(),
        })
        .collect();
    for line in lines {
        let measure = line.item.measure.as_ref();
        let section = measure.and_then(|measure| frame.plan.section_of(measure));
        let section = section.map(|section| &section.id);
        if let Some(place) = placed
            .iter_mut()
            .find(|place| place.section.as_ref() == section)
        {
            place.lines.push(line);
        }
    }
    let number = |line: &Line| {
        let measure = frame.plan.measure(line.item.measure.as_ref()?)?;
        Some(measure.number)
    };
    for section in &mut placed {
        section.lines.sort_by_key(number);
    }
    placed.retain(|section| !section.lines.is_empty());
    placed
}

/// Whole weeks between the last digest's week and this one.
fn weeks_before(previous_at: Option<DateTime<Utc>>, today: NaiveDate) -> i64 {
    let Some(previous_at) = previous_at else {
        return 0;
    };
    let last = calendar::monday_of(calendar::date_of(previous_at));
    let weeks = (calendar::monday_of(today) - last).num_weeks();
    (weeks - 1).max(0)
}
