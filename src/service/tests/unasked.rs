//! What nobody asked for is asked once more before it leaves: pauses, ends of work and restarts between the queue and the sender.

use super::*;
use crate::conversation::Manner;
use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry, Text};
use crate::render::Message;
use crate::service::effects::{Gathering, Occasion};
use crate::service::{Call, Problem, Ready};
use crate::store::{Changes, OutboxRow, OutgoingKind, Settled};

pub(super) const GROUP: i64 = -100_500;
const DIGEST: &str = "工作周报";
const LATE: &str = "补发";

impl Desk {
    /// Live since this moment, with a group.
    pub(super) async fn live(since: &str) -> Self {
        Self::live_with(since, &Settings::default()).await
    }

    pub(super) async fn live_with(since: &str, settings: &Settings) -> Self {
        let desk = Self::with(Memory::new(), at(since), settings).await;
        let bound = Act::GroupBound {
            chat: GROUP,
            thread: None,
        };
        desk.append(bound).await;
        for person in ["sun-hongbin", "jiang-deqiang"] {
            let person = person.into();
            desk.append(Act::Reachable { person }).await;
        }
        desk.append(Act::WentLive).await;
        desk
    }

    /// An entry as another instance of the program would write it.
    pub(super) async fn append(&self, act: Act) {
        let rushan = TaskForceId::from("rushan");
        let store = self.service.store();
        let head = store.head(&rushan).await.unwrap();
        let now = self.service.now();
        let mut changes = Changes {
            task_force: Some(rushan),
            now,
            ..Changes::default()
        };
        let entry = LedgerEntry {
            seq: 0,
            at: now,
            version: ENTRY_VERSION,
            by: Actor::Person("luan-pin".into()),
            act,
        };
        changes.push_entry(head, entry);
        for result in store.commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
    }

    pub(super) async fn pause(&self) {
        let reason = Text::new("换届", [0; 16]);
        self.append(Act::Paused {
            reason,
            until: None,
        })
        .await;
    }

    pub(super) async fn at(&self, moment: &str) {
        self.service.clock().set(at(moment));
        self.service.tick().await.unwrap();
    }

    pub(super) async fn restarted_at(self, moment: &str) -> Self {
        Self::over(self.memory, at(moment)).await
    }

    /// Everything that leaves now, by chat.
    pub(super) async fn sent(&self) -> Vec<(i64, String)> {
        let store = self.service.store();
        let mut sent = Vec::new();
        while let Some(row) = store
            .claim(self.service.now(), 60, &[], i64::MAX)
            .await
            .unwrap()
        {
            match self.service.ready(&row).await.unwrap() {
                Ready::Go(call) => {
                    let message_id = Some(i32::try_from(row.id).unwrap());
                    let settled = Settled::Sent { message_id };
                    self.service.settle(&row, &settled).await.unwrap();
                    if let Call::Send { message, .. } = call {
                        sent.push((row.message.chat, message.html()));
                    }
                }
                Ready::Settle(settled) => self.service.settle(&row, &settled).await.unwrap(),
                Ready::Done => {}
            }
            self.service.tick().await.unwrap();
        }
        sent
    }

    /// The first text of a digest; what goes before it is sent.
    async fn claimed_digest(&self) -> OutboxRow {
        let store = self.service.store();
        loop {
            let now = self.service.now();
            let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
            if row.message.kind == OutgoingKind::Digest {
                return row;
            }
            let settled = Settled::Sent { message_id: None };
            self.service.settle(&row, &settled).await.unwrap();
        }
    }

    async fn digests(&self) -> Vec<String> {
        let sent = self.sent().await.into_iter();
        sent.filter(|(chat, text)| *chat == GROUP && text.contains(DIGEST))
            .map(|(_, text)| text)
            .collect()
    }
}

#[tokio::test]
async fn a_pause_holds_back_a_queued_digest_and_the_end_of_the_pause_lets_it_leave_late() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    desk.pause().await;
    assert_eq!(desk.digests().await, [""; 0]);
    let desk = desk.restarted_at("2026-11-27 16:01").await;
    desk.at("2026-11-27 16:02").await;
    assert_eq!(desk.digests().await, [""; 0]);
    desk.at("2026-11-30 09:30").await;
    assert_eq!(desk.digests().await, [""; 0], "the pause goes on");
    desk.append(Act::Resumed).await;
    desk.at("2026-11-30 09:31").await;
    let digests = desk.digests().await;
    assert_eq!(digests.len(), 1, "{digests:#?}");
    assert!(digests[0].contains("第1期") && digests[0].contains(LATE));
    desk.at("2026-11-30 09:40").await;
    assert_eq!(desk.digests().await, [""; 0]);
}

#[tokio::test]
async fn a_digest_just_made_leaves_without_its_task_force_in_memory() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    let rushan = TaskForceId::from("rushan");
    let mut seen = Vec::new();
    for moment in ["16:00", "16:20", "17:30"] {
        desk.service
            .clock()
            .set(at(&format!("2026-11-27 {moment}")));
        let row = desk.claimed_digest().await;
        // As if others had taken its place in memory.
        let mut force = desk.service.fresh_force(&rushan).await.unwrap().unwrap();
        force.stale = true;
        drop(force);
        let before = desk.service.folds();
        let ready = desk.service.ready(&row).await.unwrap();
        let folds = desk.service.folds() - before;
        let leaves = matches!(ready, Ready::Go(_));
        seen.push((folds, leaves));
        if leaves {
            let again = Settled::Again {
                not_before: desk.service.now(),
                error: String::new(),
            };
            desk.service.settle(&row, &again).await.unwrap();
        }
    }
    assert_eq!(
        seen,
        [(0, true), (0, true), (1, false)],
        "work rests at half past five"
    );
}

#[tokio::test]
async fn a_short_pause_only_delays_the_digest() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    desk.pause().await;
    assert_eq!(desk.digests().await, [""; 0]);
    desk.append(Act::Resumed).await;
    let desk = desk.restarted_at("2026-11-27 16:10").await;
    desk.at("2026-11-27 16:10").await;
    let digests = desk.digests().await;
    assert_eq!(digests.len(), 1, "{digests:#?}");
    assert!(digests[0].contains("第1期") && !digests[0].contains(LATE));
}

#[tokio::test]
async fn a_digest_that_could_not_leave_before_the_end_of_work_leaves_in_the_morning() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    desk.at("2026-11-27 18:00").await;
    assert_eq!(desk.digests().await, [""; 0]);
    desk.at("2026-11-30 09:00").await;
    let digests = desk.digests().await;
    assert_eq!(digests.len(), 1, "{digests:#?}");
    assert!(digests[0].contains("第1期") && digests[0].contains(LATE));
}

#[tokio::test]
async fn a_digest_waiting_for_its_group_until_the_next_one_gives_it_its_number() {
    let desk = Desk::live("2026-11-27 15:00").await;
    let store = desk.service.store();
    store
        .hold(Some(GROUP), at("2026-12-04 16:05"))
        .await
        .unwrap();
    desk.at("2026-11-27 16:00").await;
    assert_eq!(desk.digests().await, [""; 0]);
    desk.at("2026-12-04 16:00").await;
    desk.at("2026-12-04 16:06").await;
    let digests = desk.digests().await;
    assert_eq!(digests.len(), 1, "{digests:#?}");
    assert!(digests[0].contains("第1期") && digests[0].contains("12月4日"));
}

#[tokio::test]
async fn a_digest_made_again_is_the_one_that_was_sent() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    desk.pause().await;
    assert_eq!(desk.digests().await, [""; 0]);
    let rushan = TaskForceId::from("rushan");
    let withheld = desk.service.remake_digest(&rushan, 1).await.unwrap();
    assert!(withheld.is_none(), "nobody saw it");
    desk.append(Act::Resumed).await;
    desk.at("2026-11-30 09:30").await;
    assert_eq!(desk.digests().await.len(), 1);
    let remade = desk
        .service
        .remake_digest(&rushan, 1)
        .await
        .unwrap()
        .unwrap();
    assert!(remade.sent.contains(LATE));
    assert_eq!(remade.first_difference(), None);
}

#[tokio::test]
async fn a_digest_whose_group_is_gone_waits_for_the_next_group() {
    let desk = Desk::live("2026-11-27 15:00").await;
    desk.at("2026-11-27 16:00").await;
    let store = desk.service.store();
    let now = desk.service.now();
    loop {
        let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
        let settled = Problem::GroupGone;
        let settled = desk.service.on_problem(&row, &settled).await.unwrap();
        desk.service.settle(&row, &settled).await.unwrap();
        if row.message.slot.as_deref() == Some("digest-1") {
            break;
        }
    }
    desk.at("2026-11-27 16:20").await;
    assert_eq!(desk.digests().await, [""; 0]);
    let bound = Act::GroupBound {
        chat: GROUP,
        thread: None,
    };
    desk.append(bound).await;
    desk.at("2026-11-27 16:30").await;
    assert_eq!(desk.digests().await.len(), 1);
}

#[tokio::test]
async fn cards_that_could_not_leave_are_merged_into_those_of_the_next_morning() {
    let desk = Desk::live("2026-11-23 08:40").await;
    desk.at("2026-11-23 09:00").await;
    desk.at("2026-11-23 18:00").await;
    let in_the_evening = desk.sent().await;
    let private = |(chat, _): &&(i64, String)| *chat > 0;
    assert_eq!(in_the_evening.iter().filter(private).count(), 0);
    desk.at("2026-11-24 09:00").await;
    let sent = desk.sent().await;
    for person in [PERSON, OTHER] {
        let cards = sent.iter().filter(|(chat, _)| *chat == person).count();
        assert_eq!(cards, 1, "{sent:#?}");
    }
}

/// At 8:40 the group is to get a line that it did not ask for.
async fn with_a_line_for_the_group() -> Desk {
    let desk = Desk::live("2026-11-23 08:40").await;
    let rushan = TaskForceId::from("rushan");
    let mut force = desk.service.fresh_force(&rushan).await.unwrap().unwrap();
    let occasion = Occasion::without_event(Actor::Bot);
    let mut gathering = Gathering::new(&desk.service, &mut force, occasion);
    gathering.tell_group(Message::text("a line"), Manner::unasked());
    let (changes, _) = gathering.finish();
    desk.service.commit_one(changes).await.unwrap();
    drop(force);
    desk
}

/// How often that line left.
async fn lines(desk: &Desk) -> usize {
    let sent = desk.sent().await;
    sent.iter().filter(|(_, text)| text == "a line").count()
}

#[tokio::test]
async fn a_line_of_the_day_waits_for_the_next_morning() {
    let desk = with_a_line_for_the_group().await;
    desk.at("2026-11-23 18:00").await;
    assert_eq!(lines(&desk).await, 0);
    desk.at("2026-11-24 08:20").await;
    assert_eq!(lines(&desk).await, 0);
    desk.at("2026-11-24 08:30").await;
    assert_eq!(lines(&desk).await, 1);
}

#[tokio::test]
async fn a_line_that_could_first_leave_at_noon_waits_for_the_afternoon() {
    let desk = with_a_line_for_the_group().await;
    // Its chat takes messages again while work rests.
    desk.at("2026-11-23 12:20").await;
    assert_eq!(lines(&desk).await, 0);
    desk.at("2026-11-23 14:00").await;
    assert_eq!(lines(&desk).await, 1);
}
