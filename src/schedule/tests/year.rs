//! The whole Rushan plan from 2026-11-23 to 2027-12-31.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use insta::assert_snapshot;

use super::world::*;
use crate::calendar;
use crate::ledger::Standing;
use crate::plan::Role;
use crate::schedule::{Assume, Notice, NoticeKind, NoticeTo, Preview, Why, preview};

fn rushan(assume: Assume) -> Preview {
    preview(
        &frame(RUSHAN),
        &Standing::default(),
        day("2026-11-23"),
        day("2027-12-31"),
        assume,
    )
}

/// Pings by person and day, counted from the notices themselves.
fn pings_by_day(preview: &Preview) -> BTreeMap<(String, NaiveDate), usize> {
    let mut days = BTreeMap::new();
    for notice in &preview.notices {
        for person in &notice.pings {
            let day = (person.to_string(), calendar::date_of(notice.at));
            *days.entry(day).or_default() += 1;
        }
    }
    days
}

fn assert_allowed(preview: &Preview) {
    let calendar = calendar();
    for notice in &preview.notices {
        assert!(
            calendar.in_working_hours(notice.at),
            "{} {}",
            notice.at,
            show(notice)
        );
        assert!(
            !notice.silent || notice.pings.is_empty(),
            "{}",
            show(notice)
        );
    }
    assert!(pings_by_day(preview).values().all(|pings| *pings <= 1));
    let counted: usize = preview.pings.values().flat_map(BTreeMap::values).sum();
    assert_eq!(counted, pings_by_day(preview).len());
}

fn is_deadline_card(notice: &&Notice) -> bool {
    let rung = |why: &Why| matches!(why, Why::Rung { .. } | Why::Overdue { .. });
    notice.kind == NoticeKind::Card && notice.items.iter().any(|item| rung(&item.why))
}

#[test]
fn with_everybody_silent_nobody_gets_more_than_one_ping_a_day_and_two_a_week() {
    let preview = rushan(Assume::Silent);
    assert_allowed(&preview);
    assert_eq!(preview.most_pings(), (2, 1));
    assert_eq!(preview.provisional, [2027]);
    let roster = frame(RUSHAN).plan;
    let leads = |role| matches!(role, Role::Leader | Role::DeputyLeader);
    for leader in roster.members.iter().filter(|member| leads(member.role)) {
        assert!(!preview.pings.contains_key(&leader.id), "{}", leader.name);
    }
}

#[test]
fn with_everybody_punctual_nobody_gets_more_than_one_ping_a_week_and_none_without_a_deadline() {
    let preview = rushan(Assume::Punctual);
    assert_allowed(&preview);
    assert_eq!(preview.most_pings(), (1, 1));
    // The plan goes live on the day of November's ping; after that only the ladders of the two deadlines ping.
    let with_deadline: BTreeSet<NaiveDate> = preview
        .notices
        .iter()
        .filter(is_deadline_card)
        .map(|notice| calendar::monday_of(calendar::date_of(notice.at)))
        .collect();
    let pinged: BTreeSet<NaiveDate> = preview
        .pings
        .values()
        .flat_map(|weeks| weeks.keys().copied())
        .collect();
    let first = day("2026-11-23");
    assert!(
        pinged
            .iter()
            .all(|week| *week == first || with_deadline.contains(week))
    );
    assert_snapshot!(pinged.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), @"2026-11-23 2026-11-30 2027-11-29");
}

#[test]
fn every_deadline_of_the_plan_is_told_by_its_day_and_never_first_after_it() {
    let preview = rushan(Assume::Silent);
    for due in ["2026-12-31", "2027-12-31"] {
        let tasks: BTreeSet<_> = preview
            .notices
            .iter()
            .flat_map(|notice| &notice.items)
            .filter(|item| matches!(&item.why, Why::Rung { due: of, .. } if *of == day(due)))
            .map(|item| &item.task)
            .collect();
        assert!(!tasks.is_empty());
        for task in tasks {
            let on_the_day = preview.notices.iter().any(|notice| {
                notice.kind == NoticeKind::Card
                    && calendar::date_of(notice.at) == day(due)
                    && notice.items.iter().any(|item| item.task == *task)
            });
            assert!(on_the_day, "{task} on {due}");
        }
    }
    let late = |item: &crate::schedule::NoticeItem, notice: &Notice| matches!(item.why, Why::Rung { due, .. } if due < calendar::date_of(notice.at));
    for notice in &preview.notices {
        assert!(
            !notice.items.iter().any(|item| late(item, notice)),
            "{}",
            show(notice)
        );
    }
}

#[test]
fn the_silent_year_of_one_person_reads_so() {
    let preview = rushan(Assume::Silent);
    let to_sun = |notice: &&Notice| notice.to == NoticeTo::Person("sun-jing".into());
    let shown: Vec<String> = preview
        .notices
        .iter()
        .filter(to_sun)
        .map(|notice| {
            format!(
                "{} {}",
                calendar::local(notice.at).format("%F %a"),
                show(notice)
            )
        })
        .collect();
    let ends = [&shown[..10], &shown[shown.len() - 8..]].map(|lines| lines.join("\n"));
    assert_snapshot!(ends.join("\n…\n"), @r"
    2026-11-23 Mon sun-jing ping: 9-1 ping, 12-1 baseline, m10 ping, m11 ping
    2026-11-26 Thu sun-jing ping: 9-1 1231-30, 12-1 baseline, m10 last, m11 last
    2026-12-15 Tue sun-jing silent: 9-1 opens, 12-1 baseline, m10 opens, m11 opens
    2026-12-22 Tue sun-jing ping: m10 ping, m11 ping, 9-1 1231-7
    2026-12-28 Mon sun-jing ping: 9-1 1231-3, m10 last, m11 last
    2026-12-31 Thu sun-jing ping: 9-1 1231-0
    2027-01-15 Fri sun-jing silent: 9-1 opens, m10 opens, m11 opens
    2027-01-22 Fri sun-jing ping: 9-1 ping, m10 ping, m11 ping
    2027-01-27 Wed sun-jing ping: 9-1 last, m10 last, m11 last
    2027-02-15 Mon sun-jing silent: 9-1 opens, m10 opens, m11 opens
    …
    2027-10-27 Wed sun-jing ping: 9-1 last, m10 last, m11 last
    2027-11-15 Mon sun-jing silent: 9-1 opens, m10 opens, m11 opens
    2027-11-22 Mon sun-jing ping: 9-1 ping, m10 ping, m11 ping
    2027-11-26 Fri sun-jing ping: 9-1 1231-30, m10 last, m11 last
    2027-12-15 Wed sun-jing silent: 9-1 opens, m10 opens, m11 opens
    2027-12-22 Wed sun-jing ping: m10 ping, m11 ping, 9-1 1231-7
    2027-12-28 Tue sun-jing ping: 9-1 1231-3, m10 last, m11 last
    2027-12-31 Fri sun-jing ping: 9-1 1231-0
    ");
}

#[test]
fn there_is_one_digest_a_week_and_their_numbers_have_no_gaps() {
    let preview = rushan(Assume::Silent);
    let mut next = 1;
    let mut weeks = BTreeSet::new();
    for notice in &preview.notices {
        if let NoticeKind::Digest {
            number,
            cut_off_at,
            late,
        } = notice.kind
        {
            assert_eq!((number, late), (next, false));
            assert!(weeks.insert(calendar::monday_of(calendar::date_of(cut_off_at))));
            next += 1;
        }
    }
    assert_eq!(weeks.len(), 58);
}
