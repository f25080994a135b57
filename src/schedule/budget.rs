//! The ping budget: so many sounds a person a day and a week over all kinds together, the urgent ones first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::course::{Class, Course};
use super::moment::Moment;
use crate::calendar;
use crate::plan::PersonId;

/// Everybody's pings this week, given and foreseen.
pub(super) struct Budget<'m, 'a> {
    moment: &'m Moment<'a>,
    courses: &'m BTreeMap<&'a PersonId, Vec<Course<'a>>>,
}

impl<'m, 'a> Budget<'m, 'a> {
    pub fn new(
        moment: &'m Moment<'a>,
        courses: &'m BTreeMap<&'a PersonId, Vec<Course<'a>>>,
    ) -> Self {
        Self { moment, courses }
    }

    /// Whether the person may be pinged today for something of this class: what is more urgent later in the week keeps
    /// its place.
    pub fn has_room(&self, person: &PersonId, class: Class) -> bool {
        let settings = &self.moment.frame.settings;
        let monday = calendar::monday_of(self.moment.today);
        let pings = self.moment.given.pings.get(person);
        let days = || pings.into_iter().flatten();
        let today = days().filter(|day| **day == self.moment.today).count();
        let this_week = days().filter(|day| calendar::monday_of(**day) == monday);
        today < usize::from(settings.pings_a_day)
            && this_week.count() + self.kept(person, class) < usize::from(settings.pings_a_week)
    }

    /// Whether a ping today would be the person's first of the week, and leaves what is more urgent its own.
    pub fn is_weeks_first(&self, person: &PersonId, class: Class) -> bool {
        let monday = calendar::monday_of(self.moment.today);
        let pings = self.moment.given.pings.get(person);
        let mut days = pings.into_iter().flatten();
        let first = !days.any(|day| calendar::monday_of(*day) == monday);
        first && self.has_room(person, class)
    }

    /// Later days of this week on which something more urgent will need a ping.
    fn kept(&self, person: &PersonId, class: Class) -> usize {
        let courses = self.courses.get(person).into_iter().flatten();
        let later = courses.flat_map(|course| course.sounds_later(self.moment));
        let days: BTreeSet<NaiveDate> = later
            .filter(|(_, urgency)| *urgency > class)
            .map(|(ask, _)| ask.day())
            .collect();
        days.len()
    }
}
