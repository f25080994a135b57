//! The course of the lights over the last weeks, day by day: since when a measure's light is what it is, and how many had which.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::item::Counts;
use crate::calendar;
use crate::ledger::{Frame, Light, Phase, Standing, light_of};
use crate::plan::{MeasureId, TaskKind};

/// Days looked back on: twelve weeks.
pub const COURSE_DAYS: u64 = 84;

/// The lights of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLights {
    /// The day.
    pub day: NaiveDate,
    /// The worst light of each measure; of the general targets under none.
    pub worst: BTreeMap<Option<MeasureId>, Light>,
    /// Targets by light.
    pub targets: Counts,
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
    pub fn at(frame: &Frame, standing: &Standing, at: DateTime<Utc>) -> Self {
        let day = calendar::date_of(at);
        let mut worst = BTreeMap::new();
        let mut targets = Vec::new();
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
        }
        Self {
            day,
            worst,
            targets: Counts::of(targets),
        }
    }

    /// Measures by their worst light.
    pub fn measures(&self) -> Counts {
        let of_measures = self.worst.iter().filter(|(measure, _)| measure.is_some());
        Counts::of(of_measures.map(|(_, light)| *light))
    }
}

impl Course {
    /// The moments it looks at, up to this one, the oldest first.
    pub fn moments(cut_off_at: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let back = (0..=COURSE_DAYS).rev();
        back.filter_map(move |days| cut_off_at.checked_sub_days(Days::new(days)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn course(lights: &[Light], from: NaiveDate) -> Course {
        let days = lights.iter().zip(from.iter_days());
        let days = days.map(|(light, day)| DayLights {
            day,
            worst: [(Some("6".into()), *light)].into(),
            targets: Counts::default(),
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
}
