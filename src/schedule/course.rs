//! Courses: a task that is asked of a person, with its asks before and ahead, and what of them is pending now.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::ask::{self, Ask, end_of_week};
use super::key::Recipient;
use super::moment::{LOOK_BACK, Moment};
use super::{NoticeKey, Why};
use crate::calendar;
use crate::ledger::{Light, Phase, TaskView, light_of};
use crate::plan::{PersonId, Role, TaskId, UnitId};

/// A follow-up that found no slot in so many days is dropped.
const FOLLOW_UP_LIFE: TimeDelta = TimeDelta::days(14);

/// How urgent a task is: what is more urgent keeps its ping when the week's are few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Ordinary,
    Red,
    DeadlineDay,
}

/// A task asked of a person.
pub(super) struct Course<'a> {
    pub view: TaskView<'a>,
    pub person: &'a PersonId,
    pub is_red: bool,
    /// Answered since the person was pinged this week: what else comes of it in the week makes no sound.
    is_quiet: bool,
    asks: Vec<Ask>,
}

/// A task for a person's card.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub task: TaskId,
    pub unit: Option<UnitId>,
    pub why: Why,
    /// The slot it was meant for.
    pub at: DateTime<Utc>,
    pub keys: Vec<NoticeKey>,
    pub class: Class,
    pub sounds: bool,
    /// Whether it stands in the group post too.
    pub in_post: bool,
}

/// Every task that is asked of somebody, in plan order, by person.
pub(super) fn courses<'a>(
    moment: &Moment<'a>,
    views: Vec<TaskView<'a>>,
) -> BTreeMap<&'a PersonId, Vec<Course<'a>>> {
    let mut courses: BTreeMap<&PersonId, Vec<Course<'_>>> = BTreeMap::new();
    for view in views {
        if let Some(person) = filer(moment, &view) {
            let course = Course::new(moment, view, person);
            courses.entry(person).or_default().push(course);
        }
    }
    courses
}

/// The person asked for a task: its unit's filer, never a leader.
pub(super) fn filer<'a>(moment: &Moment<'a>, view: &TaskView<'_>) -> Option<&'a PersonId> {
    let person = view.filer(moment.frame)?;
    match moment.frame.plan.member(person)?.role {
        Role::Member | Role::Liaison => Some(person),
        Role::Leader | Role::DeputyLeader => None,
    }
}

impl<'a> Course<'a> {
    fn new(moment: &Moment<'a>, view: TaskView<'a>, person: &'a PersonId) -> Self {
        let asks = ask::asks(moment, &view, Recipient::Person(person));
        let matters = asks.iter().any(Ask::is_due);
        let is_red = matters && is_red(moment, &view);
        let is_quiet = answered_since_ping(moment, &view, person);
        Self {
            view,
            person,
            is_red,
            is_quiet,
            asks,
        }
    }

    /// What is due of it by now and not given: of several missed asks one item, named by the strongest.
    pub fn pending(&self, moment: &Moment<'_>) -> Option<Item> {
        let to = Recipient::Person(self.person);
        let missed = pending(moment, &self.asks, to, &self.view.task.id);
        let at = missed.iter().map(|ask| ask.at).max()?;
        let parts = || missed.iter().flat_map(|ask| &ask.parts);
        let why = missed
            .iter()
            .flat_map(|ask| ask.live_reasons())
            .min_by_key(|why| why.rank())?;
        let keys = parts().map(|part| self.key(&part.occasion)).collect();
        let in_post = missed
            .iter()
            .flat_map(|ask| ask.live_reasons())
            .any(|why| !matches!(why, Why::NextStep(_)));
        Some(Item {
            keys,
            in_post: in_post && !self.is_quiet,
            sounds: !self.is_quiet && missed.iter().any(|ask| ask.sounds()),
            class: self.class(&missed),
            ..self.item(why.clone(), at)
        })
    }

    /// What will sound later this week, for a card that sounds anyhow: one card has everything inside. It is served by that
    /// card, but for a deadline's day, which keeps its own.
    pub fn upcoming(&self, moment: &Moment<'_>) -> Option<Item> {
        let promised = |ask: &&Ask| {
            ask.live_reasons()
                .any(|why| matches!(why, Why::NextStep(_)))
        };
        let ask = self.later_this_week(moment).find(|ask| !promised(ask))?;
        let why = ask.live_reasons().min_by_key(|why| why.rank())?;
        let served = !ask.is_deadline_day();
        let keys = ask.parts.iter().filter(|_| served);
        Some(Item {
            keys: keys.map(|part| self.key(&part.occasion)).collect(),
            class: self.class(&[ask]),
            sounds: true,
            in_post: served,
            ..self.item(why.clone(), ask.at)
        })
    }

    /// Asks that will sound on later days of this week, with how urgent they are.
    pub fn sounds_later(&self, moment: &Moment<'_>) -> impl Iterator<Item = (&Ask, Class)> {
        let asks = self.later_this_week(moment);
        asks.map(|ask| (ask, self.class(&[ask])))
    }

    /// What was given by `until_at` and is still not answered: it comes back when a card was put off until then.
    pub fn put_off(&self, moment: &Moment<'_>, until_at: DateTime<Utc>) -> Option<Item> {
        let to = Recipient::Person(self.person);
        let last = self.asks.iter().rfind(|ask| ask.at <= until_at)?;
        let open = last.is_due() && last.is_given(moment, to, &self.view.task.id);
        open.then(|| Item {
            sounds: true,
            class: self.class(&[last]),
            ..self.item(Why::Snoozed, until_at)
        })
    }

    pub fn key(&self, occasion: &str) -> NoticeKey {
        NoticeKey::of_task(Recipient::Person(self.person), &self.view.task.id, occasion)
    }

    /// The task as an item of a card, with nothing said of keys and sounds.
    pub fn item(&self, why: Why, at: DateTime<Utc>) -> Item {
        Item {
            task: self.view.task.id.clone(),
            unit: self.view.filing_unit.clone(),
            why,
            at,
            keys: Vec::new(),
            class: Class::Ordinary,
            sounds: false,
            in_post: false,
        }
    }

    fn class(&self, asks: &[&Ask]) -> Class {
        if asks.iter().any(|ask| ask.is_deadline_day()) {
            Class::DeadlineDay
        } else if self.is_red {
            Class::Red
        } else {
            Class::Ordinary
        }
    }

    fn later_this_week(&self, moment: &Moment<'_>) -> impl Iterator<Item = &Ask> {
        let (today, sunday) = (moment.today, end_of_week(moment.today));
        let to = Recipient::Person(self.person);
        let later = move |ask: &&Ask| today < ask.day() && ask.day() <= sunday;
        let asks = self.asks.iter().filter(later);
        let asks = asks.filter(|ask| !self.is_quiet && ask.sounds());
        let given: Vec<bool> = asks
            .clone()
            .map(|ask| ask.is_given(moment, to, &self.view.task.id))
            .collect();
        asks.zip(given)
            .filter(|(_, given)| !given)
            .map(|(ask, _)| ask)
    }
}

/// Asks that came by now and are due, back to the last that was given.
pub(super) fn pending<'b>(
    moment: &Moment<'_>,
    asks: &'b [Ask],
    to: Recipient<'_>,
    task: &TaskId,
) -> Vec<&'b Ask> {
    let oldest = moment.now - LOOK_BACK;
    let came = asks.iter().rev().filter(|ask| ask.at <= moment.now);
    came.take_while(|ask| oldest <= ask.at && !ask.is_given(moment, to, task))
        .filter(|ask| ask.is_due())
        .collect()
}

/// Follow-ups (催办) that nobody answered and that were not given, by person.
pub(super) fn follow_ups<'a>(moment: &Moment<'a>) -> Vec<(&'a PersonId, Item)> {
    let states = moment.standing.tasks.iter();
    let urged = states.filter_map(|(task, state)| Some((task, state.follow_ups.last()?)));
    urged
        .filter_map(|(task, (seq, at, _))| {
            if *at < moment.now - FOLLOW_UP_LIFE {
                return None;
            }
            let view = moment
                .frame
                .task_view(moment.standing, task, moment.today)?;
            let person = filer(moment, &view)?;
            let key =
                NoticeKey::of_task(Recipient::Person(person), task, &format!("follow-up/{seq}"));
            let open = is_askable(&view) && !view.answered_after(*at) && !moment.is_given(&key);
            let class = if is_red(moment, &view) {
                Class::Red
            } else {
                Class::Ordinary
            };
            open.then(|| {
                let item = Item {
                    task: task.clone(),
                    unit: view.filing_unit.clone(),
                    why: Why::FollowUp(*seq),
                    at: *at,
                    keys: vec![key],
                    class,
                    sounds: true,
                    in_post: false,
                };
                (person, item)
            })
        })
        .collect()
}

/// Half-finished talks, each offered once in the first slot after it was left.
pub(super) fn unfinished<'a>(moment: &Moment<'a>) -> Vec<(&'a PersonId, Item)> {
    let left = moment.given.unfinished.iter();
    left.filter_map(|left| {
        let view = moment
            .frame
            .task_view(moment.standing, &left.task, moment.today)?;
        let day = calendar::date_of(left.since_at);
        let occasion = format!("unfinished/{day}");
        let key = NoticeKey::of_task(Recipient::Person(&left.person), &left.task, &occasion);
        let same_day = moment.slot_on(day);
        let calendar = &moment.frame.calendar;
        let at = if calendar.is_working_day(day) && left.since_at < same_day {
            same_day
        } else {
            moment.slot_on(calendar.add_working_days(day, 1))
        };
        let people = &moment.standing.people;
        let away = people.away_on(&left.person, moment.today).is_some();
        let open = at <= moment.now && is_askable(&view) && !moment.is_given(&key) && !away;
        open.then(|| {
            let item = Item {
                task: left.task.clone(),
                unit: view.filing_unit.clone(),
                why: Why::Unfinished,
                at,
                keys: vec![key],
                class: Class::Ordinary,
                sounds: false,
                in_post: false,
            };
            (&left.person, item)
        })
    })
    .collect()
}

/// Whether a task takes answers now.
pub(super) fn is_askable(view: &TaskView<'_>) -> bool {
    match view.phase {
        Phase::Open | Phase::Baseline(_) => true,
        Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => false,
    }
}

/// Whether the person answered it on the day of this week's first ping or later. An answer may fall into a new period and yet be
/// the one that was asked for a day or two ago.
fn answered_since_ping(moment: &Moment<'_>, view: &TaskView<'_>, person: &PersonId) -> bool {
    let monday = calendar::monday_of(moment.today);
    let pings = moment.given.pings.get(person).into_iter().flatten();
    let first = pings
        .filter(|day| calendar::monday_of(**day) == monday)
        .min();
    let heard = view.heard_at().map(calendar::date_of);
    first
        .zip(heard)
        .is_some_and(|(first, heard)| *first <= heard)
}

fn is_red(moment: &Moment<'_>, view: &TaskView<'_>) -> bool {
    light_of(moment.frame, moment.standing, view, moment.now).0 == Light::Red
}
