//! The course of the lights over the last weeks, day by day: since when a measure's light is what it is, and how many had which.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::item::Counts;
use crate::calendar;
use crate::ledger::{Frame, Light, Phase, Standing, light_of};
use crate::plan::{MeasureId, TaskId, TaskKind};

/// Days looked back on: twelve weeks.
pub const COURSE_DAYS: u64 = 84;

/// Weeks looked back on.
pub const COURSE_WEEKS: usize = 12;

/// What is looked back for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookBack {
    /// Nothing.
    Nothing,
    /// The lights of measures, and how many targets had which.
    Lights,
    /// Those, and the light of each task of one measure; none: of the general targets.
    Tasks(Option<MeasureId>),
}

/// The lights of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLights {
    /// The day.
    pub day: NaiveDate,
    /// The worst light of each measure; of the general targets under none.
    pub worst: BTreeMap<Option<MeasureId>, Light>,
    /// Targets by light.
    pub targets: Counts,
    /// The light of each task that was [looked back for](LookBack::Tasks); those that rest or were not there yet have none.
    pub tasks: BTreeMap<TaskId, Light>,
}

/// Since when a light is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// First day of the unbroken run.
    pub day: NaiveDate,
    /// Whether it may have begun before the course does.
    pub earlier: bool,
}

/// The lights of the last days, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// One a day; days before the ledger's first adoption are left out.
    pub days: Vec<DayLights>,
}

impl DayLights {
    /// The lights at a moment; what came after the plan has none here.
    pub fn at(frame: &Frame, standing: &Standing, look: &LookBack, at: DateTime<Utc>) -> Self {
        let day = calendar::date_of(at);
        let mut worst = BTreeMap::new();
        let mut targets = Vec::new();
        let mut tasks = BTreeMap::new();
        let wanted = match look {
            LookBack::Nothing | LookBack::Lights => None,
            LookBack::Tasks(measure) => Some(measure),
        };
        for view in frame.task_views(standing, day) {
            let of_plan = match view.task.kind {
                TaskKind::Indicator(_) | TaskKind::Narrative(_) => true,
                TaskKind::Assigned(_) | TaskKind::Stage(_) => false,
            };
            if !of_plan || view.phase == Phase::Resting {
                continue;
            }
            let (light, _) = light_of(frame, standing, &view, at);
            let measure = worst.entry(view.task.measure.clone()).or_insert(light);
            *measure = light.min(*measure);
            targets.extend(view.indicator.map(|_| light));
            if wanted == Some(&view.task.measure) {
                tasks.insert(view.task.id.clone(), light);
            }
        }
        Self {
            day,
            worst,
            targets: Counts::of(targets),
            tasks,
        }
    }

    /// Measures by their worst light.
    pub fn measures(&self) -> Counts {
        let of_measures = self.worst.iter().filter(|(measure, _)| measure.is_some());
        Counts::of(of_measures.map(|(_, light)| *light))
    }
}

impl Course {
    /// The last days of the last weeks, each a week before the next and the last of them the course's own, the oldest first;
    /// none for a week that the course does not reach.
    pub fn weeks(&self) -> [Option<&DayLights>; COURSE_WEEKS] {
        let mut newest_first = self.days.iter().rev().step_by(7);
        let mut weeks = [None; COURSE_WEEKS];
        for week in weeks.iter_mut().rev() {
            *week = newest_first.next();
        }
        weeks
    }

    /// Since when a measure's light is what it is on the last day.
    pub fn since(&self, measure: Option<&MeasureId>) -> Option<Since> {
        let measure = measure.cloned();
        let light = |day: &DayLights| day.worst.get(&measure).copied();
        let now = light(self.days.last()?)?;
        let run = self.days.iter().rev();
        let first = run.take_while(|day| light(day) == Some(now)).last()?.day;
        let whole = u64::try_from(self.days.len()).is_ok_and(|days| days > COURSE_DAYS);
        Some(Since {
            day: first,
            earlier: whole && self.days.first().is_some_and(|day| day.day == first),
        })
    }
}

/// A course as it is taken along a ledger, in one pass: the days that end before an entry are looked at before it is applied.
#[derive(Debug)]
pub struct Walk<'l> {
    look: &'l LookBack,
    moments: Peekable<IntoIter<DateTime<Utc>>>,
    days: Vec<DayLights>,
}

impl<'l> Walk<'l> {
    /// A walk up to a moment.
    pub fn new(look: &'l LookBack, cut_off_at: DateTime<Utc>) -> Self {
        let back = match look {
            LookBack::Nothing => 0..0,
            LookBack::Lights | LookBack::Tasks(_) => 0..COURSE_DAYS + 1,
        };
        let moments = back.rev();
        let moments = moments.filter_map(|days| cut_off_at.checked_sub_days(Days::new(days)));
        Self {
            look,
            moments: moments.collect::<Vec<_>>().into_iter().peekable(),
            days: Vec::new(),
        }
    }

    /// Whether a day ends before that moment and was not looked at; none: any day that is left. The last is left to the end: a
    /// corrected digest sees what came after its cut-off.
    pub fn is_due(&mut self, before: Option<DateTime<Utc>>) -> bool {
        let is_last = self.moments.len() == 1;
        let next = self.moments.peek();
        next.is_some_and(|at| before.is_none_or(|before| *at < before && !is_last))
    }

    /// Looks at these days with the plan and the standing of then; without a plan they have no lights.
    pub fn take(&mut self, then: Option<(&Frame, &Standing)>, before: Option<DateTime<Utc>>) {
        while self.is_due(before) {
            let Some(at) = self.moments.next() else {
                return;
            };
            let lights =
                then.map(|(frame, standing)| DayLights::at(frame, standing, self.look, at));
            self.days.extend(lights);
        }
    }

    /// What was seen.
    pub fn end(self) -> Course {
        Course { days: self.days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::testing;
    use crate::ledger::testing::{Story, at, report, rushan};
    use crate::ledger::{Judgement, Value};

    fn course(lights: &[Light], from: NaiveDate) -> Course {
        let days = lights.iter().zip(from.iter_days());
        let days = days.map(|(light, day)| DayLights {
            day,
            worst: [(Some("6".into()), *light)].into(),
            targets: Counts::default(),
            tasks: BTreeMap::new(),
        });
        Course {
            days: days.collect(),
        }
    }

    #[test]
    fn a_light_is_as_old_as_its_unbroken_run() {
        let from: NaiveDate = "2026-11-02".parse().unwrap();
        let (red, green) = (Light::Red, Light::Green);
        let since = |lights: &[Light]| course(lights, from).since(Some(&"6".into()));
        let run = since(&[red, green, red, red]).unwrap();
        assert_eq!(
            (run.day.to_string().as_str(), run.earlier),
            ("2026-11-04", false)
        );
        let all = since(&[red, red]).unwrap();
        assert_eq!((all.day, all.earlier), (from, false));
        assert_eq!(since(&[]), None);
        assert_eq!(course(&[red], from).since(None), None);
    }

    #[test]
    fn a_run_that_fills_the_course_may_be_older() {
        let from: NaiveDate = "2026-09-01".parse().unwrap();
        let days = usize::try_from(COURSE_DAYS).unwrap() + 1;
        let since = course(&vec![Light::Red; days], from).since(Some(&"6".into()));
        assert_eq!(
            since.map(|since| (since.day, since.earlier)),
            Some((from, true))
        );
        let mut lights = vec![Light::Red; days];
        lights[0] = Light::Green;
        let since = course(&lights, from).since(Some(&"6".into()));
        assert_eq!(since.map(|since| since.earlier), Some(false));
    }

    #[test]
    fn one_pass_sees_each_day_as_a_fold_of_its_own_does() {
        let mut story = Story::live(rushan());
        for (when, number, judgement) in [
            ("2026-11-24 10:00", 4, Judgement::Normal),
            ("2026-11-25 15:59", 5, Judgement::Blocked),
            ("2026-11-25 16:00", 6, Judgement::Difficult),
            ("2026-12-02 10:00", 7, Judgement::Normal),
        ] {
            story.now(when);
            story.file(report("7-1", Value::Number(number.into()), judgement));
        }
        let look = LookBack::Tasks(Some("7".into()));
        let course = testing::course(&story, &look, "2026-12-04 16:00");
        let from: NaiveDate = "2026-11-20".parse().unwrap();
        let days = from.iter_days().take(15);
        let apart = days.map(|day| {
            let when = format!("{day} 16:00");
            DayLights::at(rushan(), &story.standing_at(&when), &look, at(&when))
        });
        assert_eq!(course.days, apart.collect::<Vec<_>>());
        let seen = |day: &DayLights| day.tasks.len();
        assert!(course.days.iter().all(|day| seen(day) == 1));
        let lights = testing::course(&story, &LookBack::Lights, "2026-12-04 16:00");
        assert!(lights.days.iter().all(|day| seen(day) == 0));
        assert_eq!(
            testing::course(&story, &LookBack::Nothing, "2026-12-04 16:00").days,
            []
        );
    }

    #[test]
    fn weeks_end_with_the_course_and_those_before_it_are_none() {
        let from: NaiveDate = "2026-11-20".parse().unwrap();
        let days = |count| course(&vec![Light::Red; count], from);
        let shown = |course: &Course| {
            let weeks = course.weeks();
            weeks.map(|week| week.map(|day| day.day.format("%m-%d").to_string()))
        };
        assert_eq!(shown(&days(0)), [const { None }; COURSE_WEEKS]);
        let some = shown(&days(9));
        assert_eq!(some[..10], [const { None }; 10]);
        assert_eq!(
            some[10..].iter().flatten().collect::<Vec<_>>(),
            ["11-21", "11-28"]
        );
        let all = days(usize::try_from(COURSE_DAYS).unwrap() + 1);
        assert_eq!(all.weeks()[0].unwrap().day.to_string(), "2026-11-27");
        assert!(all.weeks().iter().all(Option::is_some));
    }
}
