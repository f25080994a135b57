//! Two writers of one ledger: whoever comes second folds again and tries anew, a few times.

use super::*;
use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry, Text};
use crate::service::{Call, Ready};
use crate::store::{OutboxRow, Settled};

impl Desk {
    /// Another instance of the program is faster, so many times in a row.
    fn outrun(&self, times: usize) {
        let paused = |time: usize| Act::Paused {
            reason: Text::new(format!("第{time}次"), [0; 16]),
            until: None,
        };
        self.outrun_by((1..=times).map(paused));
    }

    /// The same by acts that change nothing for anybody else.
    fn outrun_quietly(&self, times: usize) {
        let person = || "luan-pin".into();
        self.outrun_by((0..times).map(|_| Act::SecrecyShown { person: person() }));
    }

    fn outrun_by(&self, acts: impl Iterator<Item = Act>) {
        let at = self.service.now();
        let rivals = acts.map(|act| LedgerEntry {
            seq: 0,
            at,
            version: ENTRY_VERSION,
            by: Actor::Person("luan-pin".into()),
            act,
        });
        let rushan = TaskForceId::from("rushan");
        self.memory
            .outrun_next(rivals.map(|entry| (rushan.clone(), entry)));
    }

    async fn count(&self, which: impl Fn(&Act) -> bool) -> usize {
        let acts = self.acts().await;
        acts.iter().filter(|entry| which(&entry.act)).count()
    }

    /// The next row to this chat that says something, claimed.
    async fn claim_to(&self, chat: i64) -> OutboxRow {
        let (store, now) = (self.service.store(), self.service.now());
        loop {
            let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
            let call: Call = serde_json::from_str(&row.message.body).unwrap();
            if row.message.chat == chat && matches!(call, Call::Send { .. }) {
                return row;
            }
        }
    }

    /// A digest on its way to the sender that must be taken back: the task force was paused meanwhile.
    async fn with_a_digest_to_withdraw() -> (Self, OutboxRow) {
        let desk = Self::live("2026-11-27 15:00").await;
        desk.at("2026-11-27 16:00").await;
        desk.pause().await;
        loop {
            let row = desk.claim_to(unasked::GROUP).await;
            if row.message.slot.as_deref() == Some("digest-1") {
                return (desk, row);
            }
        }
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

#[tokio::test]
async fn a_tick_that_another_writer_outran_gives_its_digest_out_once() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.service.tick().await.unwrap();
    desk.outrun_quietly(4);
    desk.at("2026-11-27 16:00").await;
    let rivals = |act: &Act| matches!(act, Act::SecrecyShown { .. });
    assert_eq!(desk.count(rivals).await, 4);
    let posted = |act: &Act| matches!(act, Act::DigestPosted { .. });
    assert_eq!(desk.count(posted).await, 1);
    let waiting = desk.waiting(unasked::GROUP).await;
    assert_eq!(waiting.matches("第1期").count(), 1, "{waiting}");
}

#[tokio::test]
async fn a_row_taken_back_while_another_writer_is_faster_is_taken_back_once() {
    let (desk, row) = Desk::with_a_digest_to_withdraw().await;
    desk.outrun_quietly(4);
    let ready = desk.service.ready(&row).await.unwrap();
    assert!(matches!(ready, Ready::Done), "{ready:?}");
    let withheld = |act: &Act| matches!(act, Act::DigestWithheld { .. });
    assert_eq!(desk.count(withheld).await, 1);
}

#[tokio::test]
async fn a_row_outrun_five_times_waits_a_second() {
    let (desk, row) = Desk::with_a_digest_to_withdraw().await;
    desk.outrun_quietly(5);
    let ready = desk.service.ready(&row).await.unwrap();
    let again = matches!(ready, Ready::Settle(Settled::Again { .. }));
    assert!(again, "{ready:?}");
    let withheld = |act: &Act| matches!(act, Act::DigestWithheld { .. });
    assert_eq!(desk.count(withheld).await, 0);
}

#[tokio::test]
async fn a_first_card_settled_while_another_writer_is_faster_is_noted_once() {
    let desk = Desk::live("2026-11-23 08:40").await;
    desk.at("2026-11-23 09:00").await;
    let card = desk.claim_to(PERSON).await;
    assert!(matches!(
        desk.service.ready(&card).await.unwrap(),
        Ready::Go(_)
    ));
    desk.outrun_quietly(4);
    let message_id = Some(1);
    let sent = Settled::Sent { message_id };
    desk.service.settle(&card, &sent).await.unwrap();
    let store = desk.service.store();
    let row = store.outgoing(card.id).await.unwrap().unwrap();
    assert_eq!(row.state, OutboxState::Sent);
    let person = "sun-hongbin".into();
    let noted = Act::SecrecyShown { person };
    assert_eq!(desk.count(|act| *act == noted).await, 1);
}
