//! What of a newer document is the same as in an older plan, and ids that are not taken.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

use rust_decimal::Decimal;

use super::targets::in_common;
use super::{DraftIndicator, DraftMember};
use crate::plan::{Indicator, IndicatorKind, Member, Recurrence, UnitOfMeasure};

/// Least weight of what two targets have in common to be one.
const LEAST_WEIGHT: usize = 5;

/// Titles with at least half of the shorter one's signs in common are one measure's, if the number is the same.
const LIKENESS: (usize, usize) = (1, 2);
/// Things of the older plan held against one of the newer document under one key.
const MOST_COMPARED: usize = 50;

/// Ids that are taken, and how far the numbers behind each stem have been counted.
#[derive(Debug, Default)]
pub(super) struct Taken {
    ids: HashSet<String>,
    /// The highest of those that are numbers.
    highest: u64,
    last: HashMap<String, u64>,
}

impl Taken {
    pub(super) fn of(ids: impl Iterator<Item = String>) -> Self {
        let mut taken = Self::default();
        for id in ids {
            taken.take(&id);
        }
        taken
    }

    fn take(&mut self, id: &str) -> bool {
        let number = id.parse::<u32>().map_or(0, u64::from);
        self.highest = self.highest.max(number);
        self.ids.insert(id.to_owned())
    }

    /// An id that is not taken: the one wished for, or the next number behind all.
    pub(super) fn free(&mut self, wished: &str) -> String {
        if self.take(wished) {
            return wished.to_owned();
        }
        if wished.parse::<u32>().is_err() {
            return self.next(wished);
        }
        loop {
            self.highest += 1;
            let id = self.highest.to_string();
            if self.take(&id) {
                return id;
            }
        }
    }

    /// The first of `stem-1`, `stem-2`, … that is not taken.
    pub(super) fn next(&mut self, stem: &str) -> String {
        let mut number = self.last.get(stem).copied().unwrap_or(0);
        loop {
            number += 1;
            let id = format!("{stem}-{number}");
            if self.take(&id) {
                self.last.insert(stem.to_owned(), number);
                return id;
            }
        }
    }
}

/// Things of the older plan by position, each to be found once, under keys that they share.
#[derive(Debug)]
pub(super) struct Pool<K> {
    by: HashMap<K, VecDeque<usize>>,
}

impl<K: Eq + Hash> Pool<K> {
    pub(super) fn of(keys: impl Iterator<Item = K>) -> Self {
        let mut by: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, key) in keys.enumerate() {
            by.entry(key).or_default().push_back(at);
        }
        Self { by }
    }

    /// The first things of a key that are not used yet: a bounded number, so that many of one key stay quick.
    pub(super) fn free<'p>(
        &'p mut self,
        key: &K,
        used: &'p [bool],
    ) -> impl Iterator<Item = usize> + 'p {
        let things = self.by.get_mut(key);
        let things = things.map(|things| {
            while things.front().is_some_and(|at| used[*at]) {
                things.pop_front();
            }
            things.iter().take(MOST_COMPARED).copied()
        });
        things.into_iter().flatten().filter(|at| !used[*at])
    }
}

/// Who of the older plan's people each of a newer document's is: by name and post, then by a name that only one has left.
pub(super) fn same_people(new: &[DraftMember], old: &[Member]) -> Vec<Option<usize>> {
    let called = |name: &str| -> String { name.split_whitespace().collect() };
    let mut by_name = Pool::of(old.iter().map(|member| called(&member.name)));
    let mut used = vec![false; old.len()];
    let mut found = vec![None; new.len()];
    for by_post in [true, false] {
        for (member, found) in new.iter().zip(&mut found).filter(|(_, it)| it.is_none()) {
            let mut free = by_name.free(&called(&member.name), &used);
            *found = if by_post {
                free.find(|at| old[*at].post == member.post)
            } else {
                free.next().filter(|_| free.next().is_none())
            };
            drop(free);
            if let Some(at) = *found {
                used[at] = true;
            }
        }
    }
    found
}

/// The older plan's targets, each to be found once by one that is likely the same.
#[derive(Debug)]
pub(super) struct Likely<'p> {
    all: &'p [Indicator],
    used: Vec<bool>,
    by_measure: Pool<Option<String>>,
    /// Among very many of one measure also those of one name and of one value.
    by_name: Pool<(Option<String>, String)>,
    by_value: Pool<(Option<String>, Option<Decimal>)>,
}

impl<'p> Likely<'p> {
    pub(super) fn of(all: &'p [Indicator]) -> Self {
        let measure = |it: &Indicator| it.measure.as_ref().map(ToString::to_string);
        Self {
            all,
            used: vec![false; all.len()],
            by_measure: Pool::of(all.iter().map(measure)),
            by_name: Pool::of(all.iter().map(|it| (measure(it), it.name.clone()))),
            by_value: Pool::of(all.iter().map(|it| (measure(it), shown(it)))),
        }
    }

    /// The target for which most speaks, the first of several; nobody else finds it then.
    pub(super) fn take(&mut self, it: &DraftIndicator) -> Option<usize> {
        let (all, used) = (self.all, &self.used);
        let measure = || it.measure.clone();
        let value = it.target.map(|value| value.normalize());
        let (name, value) = ((measure(), it.name.clone()), (measure(), value));
        let near = self.by_measure.free(&measure(), used);
        let named = self.by_name.free(&name, used);
        let valued = self.by_value.free(&value, used);
        let found = near
            .chain(named)
            .chain(valued)
            .map(|at| (weight(it, &all[at]), Reverse(at)))
            .filter(|(weight, _)| *weight >= LEAST_WEIGHT)
            .max();
        let (_, Reverse(at)) = found?;
        self.used[at] = true;
        Some(at)
    }
}

/// A target's value in its shown unit, without idle zeros.
fn shown(it: &Indicator) -> Option<Decimal> {
    let value = it.target?;
    Some(it.unit_of_measure.to_shown(value).normalize())
}

/// A doubt's id goes by what it is about.
pub(super) fn renumbered(id: &str, old: &str, new: &str) -> String {
    id.strip_prefix(old)
        .map_or_else(|| id.to_owned(), |rest| format!("{new}{rest}"))
}

pub(super) fn alike(a: &str, b: &str) -> bool {
    in_common(a, b) * LIKENESS.1 >= a.chars().count().min(b.chars().count()) * LIKENESS.0
}

/// How much speaks for two targets of one measure being one.
fn weight(new: &DraftIndicator, old: &Indicator) -> usize {
    let milestone = old.kind == IndicatorKind::Milestone;
    let unit = UnitOfMeasure::parse(&new.unit);
    if milestone != (new.kind == IndicatorKind::Milestone)
        || (!milestone && unit.base != old.unit_of_measure.base)
    {
        return 0;
    }
    let name = new.name == old.name || alike(&new.name, &old.name);
    2 + usize::from(name) * 2
        + usize::from(new.due == old.due) * 3
        + usize::from(new.target.map(|value| value.normalize()) == shown(old)) * 3
        + usize::from(new.base_year == old.base_year)
}

/// Whether the document says something else of a target than the older plan.
pub(super) fn differs(new: &DraftIndicator, old: &Indicator) -> bool {
    let yearly = new.recurrence == Recurrence::Yearly && old.recurrence == Recurrence::Yearly;
    new.target.map(|value| value.normalize()) != shown(old)
        || (new.due != old.due && !yearly)
        || new.base_year != old.base_year
        || (new.target.is_some() && new.comparator != old.comparator)
}

/// What the older plan has, in its order, then what is new.
pub(super) fn in_old_order<T>(
    mut things: Vec<T>,
    order: impl Iterator<Item = String>,
    id: impl Fn(&T) -> &String,
) -> Vec<T> {
    let order: HashMap<String, usize> = order.enumerate().map(|(at, id)| (id, at)).collect();
    things.sort_by_key(|thing| order.get(id(thing)).copied().unwrap_or(usize::MAX));
    things
}
