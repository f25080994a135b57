//! The moment at which the schedule is asked: what it may look at, and the timetable of every period it meets.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::rhythm::Timetable;
use super::{Given, NoticeKey};
use crate::calendar;
use crate::ledger::{Decision, Frame, Standing};
use crate::plan::{PersonId, Rhythm};

/// What was missed longer ago than this is not made up for.
pub(super) const LOOK_BACK: TimeDelta = TimeDelta::days(40);

/// A silence of the program longer than this lost messages: Telegram keeps them for a day.
pub(super) const LOST_AFTER: TimeDelta = TimeDelta::hours(24);

/// The catch-up line still stands in a card so long after the program came back.
const CATCH_UP: TimeDelta = TimeDelta::days(30);

/// The frame, the standing, what was given and the time, with timetables computed once.
pub(super) struct Moment<'a> {
    pub frame: &'a Frame,
    pub standing: &'a Standing,
    pub given: &'a Given,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// As if nothing had been given, and nothing adopted or settled after it.
    pub is_anew: bool,
    timetables: RefCell<HashMap<(Rhythm, NaiveDate), Rc<Timetable>>>,
}

impl<'a> Moment<'a> {
    pub fn new(
        frame: &'a Frame,
        standing: &'a Standing,
        given: &'a Given,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            frame,
            standing,
            given,
            now,
            today: calendar::date_of(now),
            is_anew: false,
            timetables: RefCell::default(),
        }
    }

    /// The same with all that is pending, whether or not it was given.
    pub fn anew(self, nothing: &'a Given) -> Self {
        Self {
            given: nothing,
            is_anew: true,
            ..self
        }
    }

    /// The timetable of the period of this rhythm that holds `day`.
    pub fn timetable(&self, rhythm: Rhythm, day: NaiveDate) -> Rc<Timetable> {
        let known = self.timetables.borrow().get(&(rhythm, day)).cloned();
        known.unwrap_or_else(|| {
            let made = Rc::new(Timetable::of(self.frame, rhythm, day));
            self.timetables
                .borrow_mut()
                .insert((rhythm, day), Rc::clone(&made));
            made
        })
    }

    /// The instant of the daily slot on that day.
    pub fn slot_on(&self, day: NaiveDate) -> DateTime<Utc> {
        calendar::instant(day, self.frame.settings.slot)
    }

    /// When the adoption in force was made, if it was after go-live: what lay before it is not asked for again.
    pub fn adopted_at(&self) -> Option<DateTime<Utc>> {
        let adoption = self.standing.adoption?;
        let decided = &self.standing.decided;
        decided
            .get(&Decision::Adoption(adoption))
            .map(|(at, _)| *at)
    }

    /// Whether what was meant for an earlier day may go out now: in the morning that holds the slot, from the slot on.
    pub fn is_catch_up_time(&self) -> bool {
        let slot = self.frame.settings.slot;
        let time = calendar::local(self.now).time();
        let hours = self.frame.calendar.hours();
        let morning = hours.iter().find(|(from, to)| *from <= slot && slot < *to);
        slot <= time && morning.is_none_or(|(_, to)| time < *to)
    }

    pub fn is_given(&self, key: &NoticeKey) -> bool {
        self.given.keys.contains(key)
    }

    /// Keys of the outages a card to this person should speak of, for the first time.
    pub fn catch_up_keys(&self, person: &PersonId) -> Vec<NoticeKey> {
        let lost = |(seq, from, to): &&(u64, DateTime<Utc>, DateTime<Utc>)| {
            // What came in the gap of a restored database is gone, however short it was.
            let restored = self.standing.restorations.contains_key(seq);
            (restored || *to - *from > LOST_AFTER) && *to <= self.now && self.now - *to <= CATCH_UP
        };
        let downtimes = self.standing.downtimes.iter().filter(lost);
        downtimes
            .map(|(seq, ..)| NoticeKey::outage(*seq, person.as_str()))
            .filter(|key| !self.is_given(key))
            .collect()
    }
}
