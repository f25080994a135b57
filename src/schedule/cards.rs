//! One card a person and one group post a slot, with everything inside.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::budget::Budget;
use super::course::{self, Class, Course, Item};
use super::meetings::{self, Reminder};
use super::moment::{LOOK_BACK, Moment};
use super::promise::promised;
use super::{Notice, NoticeItem, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;
use crate::plan::{MentionSound, PersonId, UnitId};

/// A card in the making.
struct Draft<'a> {
    person: &'a PersonId,
    items: Vec<Item>,
    meetings: Vec<Reminder>,
    keys: Vec<NoticeKey>,
    /// Makes a sound the person did not ask for.
    pings: bool,
    silent: bool,
}

/// The cards due now, and the group post of their slot before them.
pub(super) fn cards_and_post<'a>(
    moment: &Moment<'a>,
    courses: &BTreeMap<&'a PersonId, Vec<Course<'a>>>,
) -> Vec<Notice> {
    let budget = Budget::new(moment, courses);
    let mut reminders = meetings::reminders(moment);
    let mut candidates = candidates(moment, courses);
    for &person in reminders.keys() {
        candidates.entry(person).or_default();
    }
    let mut drafts: Vec<Draft<'_>> = candidates
        .into_iter()
        .filter_map(|(person, items)| {
            let own = courses.get(person).map_or(&[][..], Vec::as_slice);
            let meetings = reminders.remove(person).unwrap_or_default();
            draft(moment, &budget, person, items, meetings, own)
        })
        .collect();
    let mut notices = Vec::new();
    if let Some(post) = post(moment, &budget, &drafts) {
        if !post.silent {
            for draft in &mut drafts {
                draft.silent = true;
                draft.pings = false;
            }
        }
        notices.push(post);
    }
    notices.extend(drafts.into_iter().map(|draft| draft.notice(moment)));
    notices
}

/// A silent card of what is pending for a person `anew`, as if nothing had been given; its keys are those not given yet.
pub(super) fn card_of<'a>(
    anew: &Moment<'a>,
    moment: &Moment<'a>,
    person: &'a PersonId,
) -> Option<Notice> {
    let views = anew.frame.asked_views(anew.standing, anew.today);
    let courses = course::courses(anew, views);
    let own = courses.get(person).map_or(&[][..], Vec::as_slice);
    let mut items = match put_off(moment, person, own) {
        PutOff::Waiting => Vec::new(),
        PutOff::No | PutOff::Over(..) => candidates(anew, &courses)
            .remove(person)
            .unwrap_or_default(),
    };
    let meetings = meetings::reminders(anew).remove(person).unwrap_or_default();
    if items.is_empty() && meetings.is_empty() {
        return None;
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.class));
    let draft = Draft {
        person,
        items,
        meetings,
        keys: moment.catch_up_keys(person),
        pings: false,
        silent: true,
    };
    let mut card = draft.notice(anew);
    card.keys.retain(|key| !moment.is_given(key));
    Some(card)
}

/// Everything pending by person, one item a task.
fn candidates<'a>(
    moment: &Moment<'a>,
    courses: &BTreeMap<&'a PersonId, Vec<Course<'a>>>,
) -> BTreeMap<&'a PersonId, Vec<Item>> {
    let mut candidates: BTreeMap<&PersonId, Vec<Item>> = BTreeMap::new();
    for (&person, courses) in courses {
        let pending = courses.iter().filter_map(|course| course.pending(moment));
        let mut items: Vec<Item> = pending.collect();
        for item in courses.iter().filter_map(|course| promised(moment, course)) {
            add(&mut items, item);
        }
        candidates.insert(person, items);
    }
    let beside = course::follow_ups(moment).into_iter();
    for (person, item) in beside.chain(course::unfinished(moment)) {
        add(candidates.entry(person).or_default(), item);
    }
    candidates
}

/// Adds an item, or joins it to what the card says of its task already.
fn add(items: &mut Vec<Item>, item: Item) {
    let Some(known) = items.iter_mut().find(|known| known.task == item.task) else {
        items.push(item);
        return;
    };
    if item.why.rank() < known.why.rank() {
        known.why = item.why;
    }
    known.keys.extend(item.keys);
    known.at = known.at.max(item.at);
    known.class = known.class.max(item.class);
    known.sounds |= item.sounds;
    known.in_post |= item.in_post;
}

fn draft<'a>(
    moment: &Moment<'_>,
    budget: &Budget<'_, '_>,
    person: &'a PersonId,
    items: Vec<Item>,
    meetings: Vec<Reminder>,
    courses: &[Course<'_>],
) -> Option<Draft<'a>> {
    let mut items = in_time(moment, items);
    let urgent = items.iter().any(|item| item.class == Class::DeadlineDay);
    let put_off = put_off(moment, person, courses);
    let waits = matches!(put_off, PutOff::Waiting) && !urgent;
    if waits {
        items.clear();
    }
    let class = items
        .iter()
        .filter(|item| item.sounds)
        .map(|item| item.class)
        .max();
    let has_room = class.is_some_and(|class| budget.has_room(person, class));
    // A meeting has a sound of its own where the week has none yet; else its word comes without one.
    let has_room = has_room || !meetings.is_empty() && budget.is_weeks_first(person, Class::Red);
    if !has_room {
        // The deadline's day is never told late: without a ping left it is told without a sound.
        items.retain(|item| !item.sounds || item.class == Class::DeadlineDay);
    }
    let mut keys = Vec::new();
    let mut asked_for = false;
    let unasked = !meetings.is_empty() || items.iter().any(|item| item.sounds);
    if let PutOff::Over(back, key) = put_off {
        asked_for = !back.is_empty();
        for item in back {
            add(&mut items, item);
        }
        keys.push(key);
    }
    if has_room && !waits {
        let ahead: Vec<Item> = courses
            .iter()
            .filter_map(|course| course.upcoming(moment))
            .collect();
        for item in ahead {
            if !items.iter().any(|known| known.task == item.task) {
                items.push(item);
            }
        }
    }
    if items.is_empty() && meetings.is_empty() {
        return None;
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.class));
    if !items.is_empty() {
        keys.extend(moment.catch_up_keys(person));
    }
    Some(Draft {
        person,
        items,
        meetings,
        keys,
        // What joins a card that comes back as its reader asked is still unasked.
        pings: has_room && (unasked || !asked_for),
        silent: !has_room && !asked_for,
    })
}

/// What may go out now: what was meant for today, with it or in the morning what was missed before.
fn in_time(moment: &Moment<'_>, items: Vec<Item>) -> Vec<Item> {
    let fresh = items
        .iter()
        .any(|item| calendar::date_of(item.at) == moment.today);
    if fresh || moment.is_catch_up_time() {
        items
    } else {
        Vec::new()
    }
}

enum PutOff {
    No,
    Waiting,
    /// What comes back, and the key that says that the card came.
    Over(Vec<Item>, NoticeKey),
}

/// Whether the person put the card off, and what comes back when that time is over.
fn put_off(moment: &Moment<'_>, person: &PersonId, courses: &[Course<'_>]) -> PutOff {
    let Some(&until_at) = moment.standing.snoozed.get(person) else {
        return PutOff::No;
    };
    if moment.now < until_at {
        return PutOff::Waiting;
    }
    let key = NoticeKey::put_off(person, until_at);
    if moment.is_given(&key) || until_at < moment.now - LOOK_BACK {
        return PutOff::No;
    }
    let back = courses
        .iter()
        .filter_map(|course| course.put_off(moment, until_at));
    PutOff::Over(in_time(moment, back.collect()), key)
}

impl Draft<'_> {
    fn notice(self, moment: &Moment<'_>) -> Notice {
        let pings = if self.pings {
            vec![self.person.clone()]
        } else {
            Vec::new()
        };
        let mut keys = self.keys;
        let new = self.items.iter().filter(|item| !item.keys.is_empty());
        let told = self.meetings.iter().map(|reminder| reminder.at);
        let at = slot_of(moment, new.map(|item| item.at).chain(told));
        keys.extend(self.meetings.iter().map(|reminder| reminder.key.clone()));
        let meetings = self.meetings.into_iter().map(|reminder| reminder.word);
        let items = self.items.into_iter();
        let items = items.map(|item| {
            keys.extend(item.keys);
            NoticeItem {
                task: item.task,
                unit: item.unit,
                why: item.why,
            }
        });
        Notice {
            kind: NoticeKind::Card,
            to: NoticeTo::Person(self.person.clone()),
            at,
            not_after: moment.frame.calendar.end_of_work(moment.today),
            items: items.collect(),
            meetings: meetings.collect(),
            keys,
            pings,
            silent: self.silent,
        }
    }
}

/// The slot of what goes out now: the latest of today's, else the daily one.
fn slot_of(moment: &Moment<'_>, times: impl Iterator<Item = DateTime<Utc>>) -> DateTime<Utc> {
    let todays = times.filter(|at| calendar::date_of(*at) == moment.today);
    let slot = todays.max().unwrap_or_else(|| moment.slot_on(moment.today));
    moment
        .frame
        .calendar
        .next_working_instant(slot)
        .min(moment.now)
}

/// The group's post: by unit those who have not answered, urgent ones first.
fn post(moment: &Moment<'_>, budget: &Budget<'_, '_>, drafts: &[Draft<'_>]) -> Option<Notice> {
    let group = moment.standing.group.as_ref()?;
    let named = drafts.iter().flat_map(|draft| {
        let own = draft.items.iter().filter(|item| item.in_post);
        own.map(|item| (draft.person, item))
    });
    let named: Vec<(&PersonId, &Item)> = named.collect();
    if named.is_empty() || !group.usable {
        return None;
    }
    let at = slot_of(moment, named.iter().map(|(_, item)| item.at));
    let key = NoticeKey::post(at);
    if moment.is_given(&key) {
        return None;
    }
    let pings = everybody_to_ping(moment, budget, &named);
    let items = by_unit(moment, named.iter().map(|(_, item)| *item).collect());
    Some(Notice {
        kind: NoticeKind::GroupPost,
        to: NoticeTo::Group,
        at,
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys: vec![key],
        items,
        meetings: Vec::new(),
        silent: pings.is_none(),
        pings: pings.unwrap_or_default(),
    })
}

/// Everybody in the group, when the post may and should sound: it counts for all of them.
fn everybody_to_ping(
    moment: &Moment<'_>,
    budget: &Budget<'_, '_>,
    named: &[(&PersonId, &Item)],
) -> Option<Vec<PersonId>> {
    let sounding = named.iter().filter(|(_, item)| item.sounds);
    let class = match moment.frame.settings.mention_sound {
        MentionSound::Never => None,
        MentionSound::Always => sounding.map(|(_, item)| item.class).max(),
        MentionSound::Unreachable => sounding
            .filter(|(person, _)| !moment.standing.reachable(person))
            .map(|(_, item)| item.class)
            .max(),
    }?;
    let everybody: BTreeSet<&PersonId> = moment.standing.bindings.keys().collect();
    let room = everybody
        .iter()
        .all(|person| budget.has_room(person, class));
    room.then(|| everybody.into_iter().cloned().collect())
}

fn by_unit(moment: &Moment<'_>, items: Vec<&Item>) -> Vec<NoticeItem> {
    let place = |unit: &Option<UnitId>| {
        let units = &moment.frame.plan.units;
        units
            .iter()
            .position(|known| Some(&known.id) == unit.as_ref())
    };
    let mut worst: BTreeMap<Option<&UnitId>, Class> = BTreeMap::new();
    for item in &items {
        let known = worst.entry(item.unit.as_ref()).or_insert(item.class);
        *known = (*known).max(item.class);
    }
    let mut items = items;
    items.sort_by_key(|item| {
        let unit = worst[&item.unit.as_ref()];
        (
            std::cmp::Reverse(unit),
            place(&item.unit),
            std::cmp::Reverse(item.class),
        )
    });
    let item = |item: &Item| NoticeItem {
        task: item.task.clone(),
        unit: item.unit.clone(),
        why: item.why.clone(),
    };
    items.into_iter().map(item).collect()
}
