//! The golden ledger of version 1: written once, it must verify and fold for ever.

use std::collections::BTreeSet;

use super::*;
use crate::plan::Hash;

const ENTRIES: &str = include_str!("../../tests/golden/ledger-v1.jsonl");
const HASHES: &str = include_str!("../../tests/golden/ledger-v1.sha256");

/// Every act version 1 knows.
const ACTS: [&str; 33] = [
    "adopted",
    "adoption_declined",
    "adoption_offered",
    "answered",
    "binding_declined",
    "binding_requested",
    "bound",
    "closed",
    "digest_corrected",
    "digest_posted",
    "digest_withheld",
    "due_set",
    "ended",
    "follow_up",
    "group_bound",
    "group_lost",
    "group_migrated",
    "hint_decided",
    "hinted",
    "invite_withdrawn",
    "invited",
    "office_granted",
    "paused",
    "reachable",
    "resumed",
    "secrecy_shown",
    "snoozed",
    "terms_settled",
    "topic_lost",
    "unbound",
    "unreachable",
    "was_down",
    "went_live",
];

fn stored() -> Vec<(u64, &'static str, [u8; 32])> {
    let hashes = HASHES.lines().map(|line| line.parse::<Hash>().unwrap().0);
    let numbered = (1..).zip(ENTRIES.lines().zip(hashes));
    numbered
        .map(|(seq, (body, hash))| (seq, body, hash))
        .collect()
}

fn entries() -> Vec<LedgerEntry> {
    let read = |body| serde_json::from_str(body).expect("every entry of version 1 can be read");
    ENTRIES.lines().map(read).collect()
}

#[test]
fn the_golden_ledger_verifies_against_the_head_that_was_printed() {
    let printed = [(52, "2dff89b0328e".to_owned())];
    let head = verify(stored(), &printed).unwrap();
    assert_eq!(head.seq, 54);
}

#[test]
fn the_golden_ledger_holds_every_act_of_its_version() {
    let tags: BTreeSet<String> = ENTRIES
        .lines()
        .map(|line| {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            entry["act"]["act"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(tags, ACTS.map(str::to_owned).into());
}

#[test]
fn entries_of_this_version_are_written_as_the_golden_ledger_has_them() {
    assert_eq!(
        ENTRY_VERSION, 1,
        "a new version brings a golden ledger of its own"
    );
    for (entry, body) in entries().iter().zip(ENTRIES.lines()) {
        assert_eq!(canonical(entry), body);
    }
}

#[test]
fn the_golden_ledger_folds_to_the_standing_it_always_had() {
    let standing = Standing::fold(&entries());
    assert_eq!(standing.seq, 54);
    assert_eq!(standing.adoption, Some(Hash::of(b"three")));
    assert_eq!((standing.offered, standing.declined.len()), (None, 1));
    let group = standing.group.as_ref().unwrap();
    assert_eq!(
        (group.chat, group.thread, group.usable),
        (-1_004_001, None, true)
    );
    assert_eq!(standing.person_of(1002), Some(&"li-junqing".into()));
    assert_eq!(standing.person_of(1005), None);
    assert!(standing.reachable(&"li-junqing".into()) && !standing.reachable(&"sun-jing".into()));
    assert!(standing.invites.is_empty() && standing.binding_requests.is_empty());
    assert!(standing.office_granted.contains("liu-hao"));
    assert!(standing.secrecy_shown.contains("li-junqing"));
    assert!(standing.live_since.is_some() && standing.pause.is_some());
    assert_eq!((standing.pauses.len(), standing.downtimes.len()), (1, 1));
    assert_eq!((standing.settled.len(), standing.snoozed.len()), (3, 1));
    assert_eq!(standing.digests.len(), 1, "the second was withheld");
    assert_eq!(standing.digests[0].corrections, [51]);
    let task = |id: &str| standing.task_state(&id.into());
    assert_eq!((task("6-1").reports.len(), task("6-1").dues.len()), (2, 1));
    assert_eq!(
        (task("6-2").follow_ups.len(), task("6-2").hints[0].taken),
        (1, Some(true))
    );
    assert!(task("15-1").closed.is_some());
    assert_eq!(task("6-3").ended, Some(TaskEnd::MergedInto("6-2".into())));
    assert_eq!(task("6-4").ended, Some(TaskEnd::Cancelled));
}
