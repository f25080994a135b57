//! Two writers of one ledger: whoever comes second folds again and tries anew, a few times.

use super::*;
use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry, Text};

impl Desk {
    /// Another instance of the program is faster, so many times in a row.
    fn outrun(&self, times: usize) {
        let at = self.service.now();
        let paused = |time: usize| LedgerEntry {
            seq: 0,
            at,
            version: ENTRY_VERSION,
            by: Actor::Person("luan-pin".into()),
            act: Act::Paused {
                reason: Text::new(format!("第{time}次"), [0; 16]),
                until: None,
            },
        };
        let rushan = TaskForceId::from("rushan");
        self.memory
            .outrun_next((1..=times).map(|time| (rushan.clone(), paused(time))));
    }

    async fn acts(&self) -> Vec<LedgerEntry> {
        let store = self.service.store();
        store.entries_after(&"rushan".into(), 0).await.unwrap()
    }
}

#[tokio::test]
async fn an_update_that_another_writer_outran_is_handled_anew_on_what_that_one_wrote() {
    let desk = Desk::open().await;
    let before = desk.acts().await.len();
    let updates = vec![says(1, PERSON, "/start")];
    desk.receive(&updates).await;
    desk.outrun(4);
    assert!(desk.handled(updates).await.is_empty());
    let acts = desk.acts().await;
    let rivals = acts[before..].iter();
    let rivals = rivals.filter(|entry| matches!(entry.act, Act::Paused { .. }));
    assert_eq!(rivals.count(), 4);
    let reachable = |entry: &&LedgerEntry| matches!(entry.act, Act::Reachable { .. });
    let seqs: Vec<u64> = acts
        .iter()
        .filter(reachable)
        .map(|entry| entry.seq)
        .collect();
    assert_eq!(seqs, [u64::try_from(before).unwrap() + 5]);
    assert_eq!(desk.waiting(PERSON).await.matches("/report").count(), 1);
}

#[tokio::test]
async fn an_update_outrun_five_times_waits_in_the_inbox_and_is_no_fault_of_its_own() {
    let desk = Desk::open().await;
    let updates = vec![says(1, PERSON, "/start")];
    desk.receive(&updates).await;
    desk.outrun(5);
    let processed = desk.service.on_updates(updates.clone()).await.unwrap();
    let failed: Vec<_> = processed
        .failed
        .iter()
        .map(|failed| (failed.update_id, failed.may_repeat))
        .collect();
    assert_eq!(failed, [(1, true)]);
    assert_eq!(desk.waiting(PERSON).await, "");
    assert!(desk.handled(updates).await.is_empty());
    assert_eq!(desk.waiting(PERSON).await.matches("/report").count(), 1);
}
