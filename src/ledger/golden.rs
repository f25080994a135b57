//! The golden ledgers of every version: written once, they must verify and fold for ever. That of version 2 begins with the
//! entries of version 1, as a chain does that was begun under the older program.

use std::collections::BTreeSet;

use super::*;
use crate::plan::{Hash, TaskId};

const ENTRIES: &str = include_str!("../../tests/golden/ledger-v1.jsonl");
const HASHES: &str = include_str!("../../tests/golden/ledger-v1.sha256");

const ENTRIES_2: &str = include_str!("../../tests/golden/ledger-v2.jsonl");
const HASHES_2: &str = include_str!("../../tests/golden/ledger-v2.sha256");

/// Goes on behind that of version 2, as that does behind version 1.
const ENTRIES_3: &str = include_str!("../../tests/golden/ledger-v3.jsonl");
const HASHES_3: &str = include_str!("../../tests/golden/ledger-v3.sha256");

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

/// What version 2 added.
const ACTS_2: [&str; 1] = ["supplemented"];

/// What version 3 added.
const ACTS_3: [&str; 38] = [
    "acknowledged",
    "assigned",
    "assignment_revoked",
    "away_ended",
    "away_set",
    "closure_proposed",
    "co_signed",
    "evidence_kept",
    "evidence_not_kept",
    "extension_declined",
    "extension_granted",
    "extension_requested",
    "finish_asked",
    "finish_declined",
    "finished",
    "frozen",
    "liaison_decided",
    "liaison_ended",
    "liaison_named",
    "matter_answered",
    "matter_settled",
    "meeting_called",
    "meeting_ended",
    "project_added",
    "project_moved",
    "redacted",
    "reopened",
    "replaced",
    "request_withdrawn",
    "restored",
    "returned",
    "roster_undone",
    "slip_drafted",
    "slip_held",
    "slip_sent",
    "slip_told",
    "unfrozen",
    "unit_changed",
];

fn stored(
    entries: &'static str,
    hashes: &'static str,
) -> impl Iterator<Item = (u64, &'static str, [u8; 32])> {
    let hashes = hashes.lines().map(|line| line.parse::<Hash>().unwrap().0);
    let seq = |body: &str| -> u64 {
        let entry: serde_json::Value = serde_json::from_str(body).unwrap();
        entry["seq"].as_u64().unwrap()
    };
    let lines = entries.lines().zip(hashes);
    lines.map(move |(body, hash)| (seq(body), body, hash))
}

fn read(entries: &str) -> Vec<LedgerEntry> {
    let read = |body| serde_json::from_str(body).expect("every entry of a version can be read");
    entries.lines().map(read).collect()
}

fn entries() -> Vec<LedgerEntry> {
    read(ENTRIES)
}

fn acts_of(entries: &str) -> BTreeSet<String> {
    let act = |line: &str| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        entry["act"]["act"].as_str().unwrap().to_owned()
    };
    entries.lines().map(act).collect()
}

#[test]
fn the_golden_ledgers_verify_against_the_heads_that_were_printed() {
    let printed = [(52, "2dff89b0328e".to_owned())];
    let head = verify(stored(ENTRIES, HASHES), &printed).unwrap();
    assert_eq!(head.seq, 54);
    let [first] = printed;
    let printed = [first, (56, "cc0a06c90758".to_owned())];
    let head = verify(stored(ENTRIES_2, HASHES_2), &printed).unwrap();
    assert_eq!(head.seq, 56);
    let head = verify(stored(ENTRIES_3, HASHES_3), &printed).unwrap();
    assert_eq!((head.seq, head.printed().as_str()), (120, "6ea3186d9e31"));
}

#[test]
fn the_golden_ledgers_hold_every_act_of_their_version() {
    let mut known: BTreeSet<String> = ACTS.map(str::to_owned).into();
    assert_eq!(acts_of(ENTRIES), known);
    known.extend(ACTS_2.map(str::to_owned));
    assert_eq!(acts_of(ENTRIES_2), known);
    known.extend(ACTS_3.map(str::to_owned));
    assert_eq!(acts_of(ENTRIES_3), known);
}

#[test]
fn entries_are_written_as_the_golden_ledgers_have_them() {
    assert_eq!(
        ENTRY_VERSION, 3,
        "a new version brings a golden ledger of its own"
    );
    for source in [ENTRIES, ENTRIES_2, ENTRIES_3] {
        for (entry, body) in read(source).iter().zip(source.lines()) {
            assert_eq!(canonical(entry), body);
        }
    }
}

#[test]
fn a_golden_ledger_of_version_2_folds_to_the_standing_it_always_had() {
    let before = Standing::fold(&entries());
    let standing = Standing::fold(&read(ENTRIES_2));
    let state = standing.task_state(&"6-1".into());
    let newest: Vec<u64> = state
        .newest_supplements()
        .iter()
        .map(|one| one.seq)
        .collect();
    assert_eq!((state.supplements.len(), newest), (2, vec![56]));
    assert_eq!(
        state.reports,
        before.task_state(&"6-1".into()).reports,
        "a supplement changes nothing else"
    );
}

#[test]
fn a_golden_ledger_of_version_3_folds_to_the_standing_it_always_had() {
    let standing = Standing::fold(&read(ENTRIES_3));
    let task = |id: &str| standing.task_state(&id.into());
    let file = |seq, index| FileRef { seq, index };
    // What was removed: the files of an answer and of its correction, and words in two more entries.
    let redacted: Vec<(u64, u64)> = standing
        .redacted
        .iter()
        .map(|(of, by)| (*of, by.seq))
        .collect();
    assert_eq!(redacted, [(57, 106), (58, 106), (87, 107)]);
    assert_eq!(standing.removed_since(60), [106]);
    let evidence = &standing.evidence;
    assert_eq!(
        (evidence.kept(file(57, 0)), evidence.kept(file(58, 0))),
        (None, None)
    );
    assert_eq!(evidence.forgotten().count(), 1);
    let waiting: Vec<FileRef> = evidence.waiting().collect();
    assert_eq!(waiting, [file(28, 0), file(28, 1), file(78, 0)]);
    // Requests, a freeze, a closure opened again.
    assert_eq!(task("6-1").requests.len(), 4);
    assert_eq!(task("6-1").returned, Some(79));
    assert!(task("15-1").reopening.is_some() && task("15-1").closed.is_none());
    assert!(task("6-5").frozen.is_some());
    // Slips, a matter, signatures.
    assert_eq!((standing.slips.len(), standing.matters.len()), (2, 2));
    let slip = &standing.slips[&66];
    assert!(slip.sent.is_some() && slip.told.is_some());
    assert!(standing.slips[&70].withdrawn.is_some());
    assert_eq!(task("6-2").cosigned.len(), 2);
    // What came after the plan, and who.
    let amended = &standing.amendments;
    assert_eq!((amended.assigned.len(), amended.projects.len()), (2, 1));
    assert_eq!(standing.meetings.len(), 1);
    assert_eq!(standing.people.absences.len(), 1);
    assert_eq!(standing.terms[&TaskId::from("6-5")].len(), 2);
    assert!(standing.finished.is_some());
    // Restored from a backup: numbers go on behind those that were lost.
    assert_eq!((standing.seq, standing.next_digest()), (120, 4));
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

#[test]
fn files_of_older_versions_keep_their_ids_in_the_chain_and_newer_ones_have_them_beside_it() {
    let files = |act: &Act| match act {
        Act::Answered(report) => report.evidence.clone(),
        _ => Vec::new(),
    };
    let read = entries();
    let old: Vec<Attachment> = read.iter().flat_map(|entry| files(&entry.act)).collect();
    let ids: Vec<_> = old.iter().map(|file| file.file_id.id()).collect();
    assert_eq!(ids, [Some("AgAC1"), Some("BQAC2")]);
    assert!(matches!(old[0].file_unique_id, FileId::Within(_)));
    let new = Attachment {
        file_id: FileId::new("AgAC1", [1; 16]),
        file_unique_id: FileId::new("AQAD1", [2; 16]),
        name: None,
        mime: "image/jpeg".to_owned(),
        size: None,
    };
    let json = serde_json::to_string(&new).unwrap();
    assert!(!json.contains("AgAC1") && !json.contains("AQAD1"), "{json}");
    let blank: Attachment = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (blank.file_id.id(), blank.file_unique_id.id()),
        (None, None)
    );
    assert_eq!(serde_json::to_string(&blank).unwrap(), json);
}
