//! The limits of rules 3.4 on plans of every kind.

use std::collections::BTreeMap;

use chrono::Days;
use proptest::prelude::*;

use super::world::*;
use crate::calendar;
use crate::ledger::Standing;
use crate::schedule::{Assume, Preview, Why, preview};

/// A few targets of one person: days from the start to the deadline (or none), and how often they are asked.
fn targets() -> impl Strategy<Value = Vec<(Option<u64>, &'static str)>> {
    let due = prop::option::weighted(0.8, 0..100_u64);
    let rhythm = prop::sample::select(vec!["weekly", "two_weekly", "monthly", "quarterly"]);
    prop::collection::vec((due, rhythm), 1..6)
}

fn previewed(from: u64, targets: &[(Option<u64>, &str)], assume: Assume) -> Preview {
    let from = day("2026-08-01") + Days::new(from);
    let tables = targets.iter().enumerate().map(|(at, (due, rhythm))| {
        let due = due.map_or_else(String::new, |days| (from + Days::new(days)).to_string());
        target(
            &format!("1-{}", at + 1),
            &due,
            &format!("rhythm = \"{rhythm}\""),
        )
    });
    let frame = frame(&small_plan(&tables.collect::<String>()));
    preview(
        &frame,
        &Standing::default(),
        from,
        from + Days::new(80),
        assume,
    )
}

fn assert_never_late(preview: &Preview) {
    for notice in &preview.notices {
        let day = calendar::date_of(notice.at);
        for item in &notice.items {
            if let Why::Rung { due, .. } = item.why {
                assert!(day <= due, "{} on {day}", show(notice));
            }
        }
    }
}

fn pings_a_day(preview: &Preview) -> usize {
    let mut days: BTreeMap<_, usize> = BTreeMap::new();
    for notice in &preview.notices {
        for person in &notice.pings {
            *days
                .entry((person, calendar::date_of(notice.at)))
                .or_default() += 1;
        }
    }
    days.into_values().max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn nobody_silent_gets_more_than_one_ping_a_day_and_two_a_week(from in 0..500_u64, targets in targets()) {
        let preview = previewed(from, &targets, Assume::Silent);
        prop_assert!(preview.most_pings().0 <= 2);
        prop_assert!(pings_a_day(&preview) <= 1);
        assert_never_late(&preview);
    }

    #[test]
    fn nobody_punctual_gets_more_than_one_ping_a_week(from in 0..500_u64, targets in targets()) {
        let preview = previewed(from, &targets, Assume::Punctual);
        prop_assert!(preview.most_pings().0 <= 1);
        assert_never_late(&preview);
    }

    #[test]
    fn every_open_deadline_is_told_on_its_last_working_day(from in 0..500_u64, targets in targets()) {
        let preview = previewed(from, &targets, Assume::Silent);
        let calendar = calendar();
        let starts = day("2026-08-01") + Days::new(from);
        for (at, (due, _)) in targets.iter().enumerate() {
            let Some(days) = due.filter(|days| *days <= 80) else { continue };
            let last = calendar.on_or_before(starts + Days::new(days));
            if last < starts {
                continue;
            }
            let task = format!("1-{}", at + 1);
            let told = preview.notices.iter().any(|notice| {
                calendar::date_of(notice.at) == last && notice.items.iter().any(|item| item.task.as_str() == task)
            });
            prop_assert!(told, "{task} is due on {last}");
        }
    }
}
