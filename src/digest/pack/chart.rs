//! One measure's targets over time (进度曲线): what was answered beside what the pace expects, and the lights of what has no number.

use std::iter::successors;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::Pack;
use super::targets::{TargetRow, WorkRow};
use crate::calendar;
use crate::digest::course::{COURSE_DAYS, COURSE_WEEKS, Course, DayLights};
use crate::ledger::{Filed, Light, Phase, TaskView, Value, pace_curve};
use crate::plan::{Measure, MeasureId, TaskKind};

/// Steps in which a pace is followed from its start to its end.
const STEPS: u64 = 60;

/// Least days shown of what has a pace.
const LEAST_DAYS: u64 = 28;

/// One measure's targets over time, or the general targets'.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// The measure; none for the general targets.
    pub measure: Option<&'a Measure>,
    /// Its targets with a number, in the plan's order.
    pub tracks: Vec<Track<'a>>,
    /// Its other targets, or what is told of it in words where no target is open.
    pub strips: Vec<Strip<'a>>,
}

/// A target with a number over time.
#[derive(Debug, Clone)]
pub struct Track<'a> {
    /// How it stands.
    pub row: TargetRow<'a>,
    /// What is aimed at, in base units.
    pub target: Decimal,
    /// First day and last day shown, the last after the first.
    pub days: (NaiveDate, NaiveDate),
    /// Days and values expected by its pace (序时进度), in base units; empty where it has none.
    pub pace: Vec<(NaiveDate, Decimal)>,
    /// Days and values answered in the count that runs, in base units, one a day, corrections in the place of what they correct.
    pub answers: Vec<(NaiveDate, Decimal)>,
}

/// A task without a number, by its lights at the end of each week.
#[derive(Debug, Clone)]
pub struct Strip<'a> {
    /// How it stands.
    pub work: WorkRow<'a>,
    /// The last day of each week, the oldest first, and its light then; no day where the ledger does not reach, no light where it rested or
    /// was not there yet.
    pub weeks: [Option<(NaiveDate, Option<Light>)>; COURSE_WEEKS],
}

impl<'a> Pack<'a> {
    /// The targets of a measure over time; of none: the general targets. The course must have been taken
    /// [for them](crate::digest::LookBack::Tasks).
    pub fn chart(&self, measure: Option<&MeasureId>, course: &Course) -> Chart<'a> {
        let views = self.views();
        let of_measure = views
            .iter()
            .filter(|view| view.task.measure.as_ref() == measure);
        let mut chart = Chart {
            measure: measure.and_then(|id| self.frame.plan.measure(id)),
            tracks: Vec::new(),
            strips: Vec::new(),
        };
        for view in of_measure {
            match (&view.task.kind, view.phase.clone()) {
                (TaskKind::Assigned(_) | TaskKind::Stage(_), _)
                | (TaskKind::Narrative(_), Phase::Resting) => {}
                (TaskKind::Narrative(_) | TaskKind::Indicator(_), _) => match self.track(view) {
                    Some(track) => chart.tracks.push(track),
                    None => chart.strips.push(self.strip(view, course)),
                },
            }
        }
        chart
    }

    fn track(&self, view: &TaskView<'a>) -> Option<Track<'a>> {
        let row = self.target(view)?;
        let target = row.indicator.target?;
        let today = self.today();
        let mut answers: Vec<(NaiveDate, Decimal)> = Vec::new();
        let filed = view.reports.iter();
        for (day, value) in filed.filter_map(|filed| self.number(filed)) {
            match answers.last_mut() {
                // The day's last word.
                Some(last) if last.0 == day => last.1 = value,
                Some(_) | None => answers.push((day, value)),
            }
        }
        let first = answers.first().map(|(day, _)| *day);
        let back = |day: NaiveDate, days| day.checked_sub_days(Days::new(days)).unwrap_or(day);
        let start = view.start.map(|(day, _)| day);
        let mut pace = Vec::new();
        let mut days = (back(today, COURSE_DAYS), today);
        if let (Some(start), Some(due)) = (start, view.due) {
            let end = due.max(today);
            pace = pace_curve(self.frame, view, steps(start, due, end));
            if !pace.is_empty() {
                days = (start.min(back(end, LEAST_DAYS)), end);
            }
        }
        days.0 = first.map_or(days.0, |first| first.min(days.0));
        Some(Track {
            row,
            target,
            days,
            pace,
            answers,
        })
    }

    /// The number of an answer and the day it belongs to: a correction's is that of what it corrects.
    fn number(&self, filed: &Arc<Filed>) -> Option<(NaiveDate, Decimal)> {
        let Value::Number(value) = filed.report.value else {
            return None;
        };
        let first = successors(self.corrected(filed), |filed| self.corrected(filed)).last();
        let at = first.map_or(filed.at, |first| first.at);
        Some((calendar::date_of(at), value))
    }

    /// What a correction corrects.
    fn corrected(&self, filed: &Filed) -> Option<&'a Filed> {
        let seq = filed.report.corrects.filter(|seq| *seq < filed.seq)?;
        let state = self.standing.tasks.get(&filed.report.task)?;
        let corrected = state.reports.iter().find(|filed| filed.seq == seq);
        corrected.map(Arc::as_ref)
    }

    fn strip(&self, view: &TaskView<'a>, course: &Course) -> Strip<'a> {
        let light = |day: &DayLights| {
            let light = day.tasks.get(&view.task.id).copied();
            (day.day, light)
        };
        Strip {
            work: self.work(view, self.stamp.cut_off_at),
            weeks: course.weeks().map(|week| week.map(light)),
        }
    }
}

/// Days from a start to an end in even steps, the deadline among them.
fn steps(start: NaiveDate, due: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
    let whole = u64::try_from((end - start).num_days()).unwrap_or(0);
    let even = (0..=STEPS).map(|step| Days::new(whole * step / STEPS));
    let even = even.filter_map(|days| start.checked_add_days(days));
    let mut days: Vec<NaiveDate> = even.chain((start <= due).then_some(due)).collect();
    days.sort_unstable();
    days.dedup();
    days
}
