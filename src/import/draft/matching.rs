//! What of a newer document is the same as in an older plan, and ids that are not taken.

use std::collections::{HashMap, HashSet};

use super::DraftIndicator;
use super::targets::in_common;
use crate::plan::{Indicator, IndicatorKind, Recurrence, UnitOfMeasure};

/// Titles with at least half of the shorter one's signs in common are one measure's, if the number is the same.
const LIKENESS: (usize, usize) = (1, 2);

/// An id that is not taken: the one wished for, or the next number behind all.
pub(super) fn free(wished: &str, taken: &mut HashSet<String>) -> String {
    if taken.insert(wished.to_owned()) {
        return wished.to_owned();
    }
    match wished.parse::<u32>() {
        Ok(_) => {
            let highest = taken
                .iter()
                .filter_map(|id| id.parse::<u32>().ok())
                .max()
                .unwrap_or(0);
            let id = (highest + 1).to_string();
            taken.insert(id.clone());
            id
        }
        Err(_) => next(wished, taken),
    }
}

/// The first of `stem-1`, `stem-2`, … that is not taken.
pub(super) fn next(stem: &str, taken: &mut HashSet<String>) -> String {
    let mut number = 1;
    loop {
        let id = format!("{stem}-{number}");
        if taken.insert(id.clone()) {
            return id;
        }
        number += 1;
    }
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
pub(super) fn weight(new: &DraftIndicator, old: &Indicator) -> usize {
    let milestone = old.kind == IndicatorKind::Milestone;
    let unit = UnitOfMeasure::parse(&new.unit);
    if milestone != (new.kind == IndicatorKind::Milestone)
        || (!milestone && unit.base != old.unit_of_measure.base)
    {
        return 0;
    }
    let shown = old.target.map(|value| old.unit_of_measure.to_shown(value));
    let name = alike(&new.name, &old.name);
    2 + usize::from(name) * 2
        + usize::from(new.due == old.due) * 3
        + usize::from(new.target == shown) * 3
        + usize::from(new.base_year == old.base_year)
}

/// Whether the document says something else of a target than the older plan.
pub(super) fn differs(new: &DraftIndicator, old: &Indicator) -> bool {
    let shown = old
        .target
        .map(|value| old.unit_of_measure.to_shown(value).normalize());
    let yearly = new.recurrence == Recurrence::Yearly && old.recurrence == Recurrence::Yearly;
    new.target.map(|value| value.normalize()) != shown
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
