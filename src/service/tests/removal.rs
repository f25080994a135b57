//! Words that are removed while others write, send and remember: no copy of them is left behind.

use super::*;
use crate::conversation::Manner;
use crate::conversation::document::Document;
use crate::digest::LookBack;
use crate::ledger::testing::report;
use crate::ledger::{Act, Actor, Assignee, Assignment, Judgement, Origin, Text, Value};
use crate::plan::Rhythm;
use crate::render::{Message, REDACTED};
use crate::service::effects::{Gathering, Occasion};
use crate::service::{Call, Problem, Recipe};
use crate::store::{OutboxRow, OutgoingKind, Settled};

const SECRET: &str = "联系人张三电话一二三四五六";

impl Desk {
    /// Live; [`OTHER`] is of the office; the last entry holds the words. Returns its seq.
    async fn with_words() -> (Self, u64) {
        let desk = Self::live("2026-11-23 09:10").await;
        let person = "jiang-deqiang".into();
        desk.append(Act::OfficeGranted { person }).await;
        let words = Act::Paused {
            reason: Text::new(SECRET, [3; 16]),
            until: None,
        };
        desk.append(words).await;
        let seq = desk.head().await;
        desk.service.tick().await.unwrap();
        desk.sent().await;
        (desk, seq)
    }

    async fn head(&self) -> u64 {
        let store = self.service.store();
        store.head(&"rushan".into()).await.unwrap().seq
    }

    /// Commits what is gathered.
    async fn gather(&self, fill: impl FnOnce(&mut Gathering<'_>)) {
        let rushan = TaskForceId::from("rushan");
        let mut force = self.service.fresh_force(&rushan).await.unwrap().unwrap();
        let occasion = Occasion::without_event(Actor::Host);
        let mut gathering = Gathering::new(&self.service, &mut force, occasion);
        fill(&mut gathering);
        let (changes, _) = gathering.finish();
        self.service.commit_one(changes).await.unwrap();
    }

    /// Says something with the words to a person.
    async fn say(&self, person: &str, manner: Manner) {
        let message = Message::text(format!("原因：{SECRET}"));
        self.gather(|it| it.tell_person(&person.into(), message, manner))
            .await;
    }

    async fn presses(&self, update_id: i64, data: &str) -> Vec<i64> {
        self.presses_as(OTHER, update_id, data).await
    }

    async fn presses_as(&self, user_id: i64, update_id: i64, data: &str) -> Vec<i64> {
        let event = Event {
            place: Place {
                chat: user_id,
                kind: ChatKind::Private,
                thread: None,
            },
            sender: Sender::Account(account_of(user_id)),
            happening: Happening::Pressed {
                query_id: update_id.to_string(),
                data: data.to_owned(),
                message_id: Some(1),
            },
        };
        let update = Incoming {
            update_id,
            event: Some(event),
        };
        self.receive(std::slice::from_ref(&update)).await;
        self.handled(vec![update]).await
    }

    /// The office goes up to the second tap.
    async fn asks_to_remove(&self, seq: u64) {
        self.asks_to_remove_as(OTHER, 100, seq).await;
    }

    /// The same by somebody else, in updates from this id on.
    async fn asks_to_remove_as(&self, user_id: i64, from: i64, seq: u64) {
        for update in [
            says(from + 1, user_id, &format!("/redact {seq}")),
            says(from + 2, user_id, "含有个人信息"),
        ] {
            self.receive(std::slice::from_ref(&update)).await;
            assert!(self.handled(vec![update]).await.is_empty());
        }
        let first_tap = format!("f:r:{seq}");
        let failed = self.presses_as(user_id, from + 3, &first_tap).await;
        assert!(failed.is_empty());
    }

    async fn removes(&self, seq: u64) {
        self.asks_to_remove(seq).await;
        assert!(self.presses(104, &format!("f:R:{seq}")).await.is_empty());
    }

    async fn removals(&self) -> usize {
        let entries = self
            .service
            .store()
            .entries_after(&"rushan".into(), 0)
            .await;
        let entries = entries.unwrap();
        let removes = entries
            .iter()
            .filter(|it| matches!(it.act, Act::Redacted(_)));
        removes.count()
    }

    async fn pause_reason(&self) -> Option<String> {
        let standing = self.service.standing_now(&"rushan".into()).await.unwrap();
        standing.pause.unwrap().reason.body().map(str::to_owned)
    }

    /// The next row to this chat that says the words, claimed.
    async fn claim_words(&self, chat: i64) -> OutboxRow {
        let (store, now) = (self.service.store(), self.service.now());
        loop {
            let row = store.claim(now, 600, &[], i64::MAX).await.unwrap().unwrap();
            if row.message.chat == chat && row.message.body.contains(SECRET) {
                return row;
            }
        }
    }

    async fn waiting_calls(&self, chat: i64) -> Vec<Call> {
        let store = self.service.store();
        let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
        let rows = rows.iter().filter(|row| row.message.chat == chat);
        rows.map(|row| serde_json::from_str(&row.message.body).unwrap())
            .collect()
    }

    /// Everything the store holds, as one text.
    fn everything(&self) -> String {
        format!("{:?}", self.memory)
    }
}

#[tokio::test]
async fn no_instance_remembers_removed_words() {
    let (desk, seq) = Desk::with_words().await;
    let other = Desk::over(desk.memory.clone(), desk.service.now()).await;
    for instance in [&desk, &other] {
        assert_eq!(instance.pause_reason().await.as_deref(), Some(SECRET));
    }
    assert!(desk.everything().contains(SECRET));
    desk.removes(seq).await;
    for instance in [&desk, &other] {
        assert_eq!(instance.pause_reason().await, None);
    }
    assert!(!desk.everything().contains(SECRET), "{}", desk.everything());
    assert_eq!(desk.removals().await, 1);
}

#[tokio::test]
async fn a_removal_that_another_writer_outran_is_looked_up_anew() {
    let (desk, seq) = Desk::with_words().await;
    desk.asks_to_remove(seq).await;
    // The rival's entry repeats the words under a salt of its own.
    let paused = crate::ledger::LedgerEntry {
        seq: 0,
        at: desk.service.now(),
        version: crate::ledger::ENTRY_VERSION,
        by: Actor::Person("luan-pin".into()),
        act: Act::Paused {
            reason: Text::new(SECRET, [4; 16]),
            until: None,
        },
    };
    desk.memory.outrun_next([("rushan".into(), paused)]);
    assert!(desk.presses(104, &format!("f:R:{seq}")).await.is_empty());
    assert_eq!(desk.removals().await, 1);
    assert!(!desk.everything().contains(SECRET), "{}", desk.everything());
    let standing = desk.service.standing_now(&"rushan".into()).await.unwrap();
    let redacted: Vec<u64> = standing.redacted.keys().copied().collect();
    assert_eq!(redacted, [seq, seq + 1]);
}

#[tokio::test]
async fn the_copy_that_left_while_its_words_were_removed_is_deleted_and_the_mark_sent() {
    let (desk, seq) = Desk::with_words().await;
    desk.say("sun-hongbin", Manner::default()).await;
    let row = desk.claim_words(PERSON).await;
    desk.removes(seq).await;
    let closing = desk.waiting(OTHER).await;
    assert!(closing.contains("待发的1条消息里同样改过再发"), "{closing}");
    let message_id = Some(77);
    desk.service
        .settle(&row, &Settled::Sent { message_id })
        .await
        .unwrap();
    let calls = desk.waiting_calls(PERSON).await;
    let deletes = |call: &&Call| matches!(call, Call::Delete { message_id: 77 });
    assert_eq!(calls.iter().filter(deletes).count(), 1, "{calls:?}");
    let again = |call: &&Call| matches!(call, Call::Send { message, .. } if message.html().contains(REDACTED));
    assert_eq!(calls.iter().filter(again).count(), 1, "{calls:?}");
    assert!(!desk.everything().contains(SECRET));
}

#[tokio::test]
async fn a_sent_message_is_edited_and_one_that_is_gone_is_not_posted_anew() {
    let (desk, seq) = Desk::with_words().await;
    desk.say("sun-hongbin", Manner::default()).await;
    let told = desk.sent().await;
    assert!(told.iter().any(|(_, html)| html.contains(SECRET)));
    desk.removes(seq).await;
    let (store, now) = (desk.service.store(), desk.service.now());
    let edit = loop {
        let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
        if row.message.body.contains("redact") && row.message.chat == PERSON {
            break row;
        }
    };
    let call: Call = serde_json::from_str(&edit.message.body).unwrap();
    let Call::Redact {
        message_id,
        message,
    } = call
    else {
        panic!("{call:?}")
    };
    assert_eq!(message.html(), format!("原因：{REDACTED}"));
    let settled = desk.service.on_problem(&edit, &Problem::EditGone).await;
    desk.service.settle(&edit, &settled.unwrap()).await.unwrap();
    let row = store.outgoing(edit.id).await.unwrap().unwrap();
    let call: Call = serde_json::from_str(&row.message.body).unwrap();
    assert_eq!(call, Call::Delete { message_id });
    assert_eq!(row.state, OutboxState::Waiting);
}

#[tokio::test]
async fn what_cannot_be_edited_is_deleted_while_it_is_young_and_named_when_it_is_old() {
    for (later, stays) in [("2026-11-24 10:00", false), ("2026-11-25 10:00", true)] {
        let (desk, seq) = Desk::with_words().await;
        let question = Manner {
            force_reply: true,
            ..Manner::default()
        };
        desk.say("sun-hongbin", question).await;
        desk.sent().await;
        desk.service.clock().set(at(later));
        desk.removes(seq).await;
        let calls = desk.waiting_calls(PERSON).await;
        let deleted = calls.iter().any(|call| matches!(call, Call::Delete { .. }));
        assert_eq!(deleted, !stays, "{calls:?}");
        let closing = desk.waiting(OTHER).await;
        assert_eq!(closing.contains("撤不回的1处"), stays, "{closing}");
    }
}

#[tokio::test]
async fn a_message_nobody_can_delete_any_more_is_named_to_the_office() {
    let (desk, seq) = Desk::with_words().await;
    desk.say("sun-hongbin", Manner::default()).await;
    let row = desk.claim_words(PERSON).await;
    desk.removes(seq).await;
    let settled = desk.service.on_problem(&row, &Problem::NotDeleted).await;
    assert!(matches!(settled.unwrap(), Settled::Dead { .. }));
    let told = desk.waiting(OTHER).await;
    assert!(told.contains("已过可撤回的时限"), "{told}");
}

#[tokio::test]
async fn a_digest_and_documents_made_again_have_the_mark_and_say_why() {
    let desk = Desk::live("2026-11-27 15:00").await;
    let person = "jiang-deqiang".into();
    desk.append(Act::OfficeGranted { person }).await;
    let mut report = report("7-1", Value::Number(1.into()), Judgement::Blocked);
    report.issues = Some(Text::new(SECRET, [5; 16]));
    desk.append(Act::Answered(report.into())).await;
    let seq = desk.head().await;
    desk.at("2026-11-27 16:00").await;
    desk.sent().await;
    let rushan = TaskForceId::from("rushan");
    let workbook = Document::Workbook { measure: None };
    let made = async || {
        let moment = desk.service.moment_of_digest(&rushan, 1).await.unwrap();
        let (moment, look) = (moment.unwrap(), LookBack::Nothing);
        let snapshot = desk.service.snapshot(&rushan, moment, &look, |_| ());
        let snapshot = snapshot.await.unwrap().unwrap();
        let content = snapshot.content(&workbook).unwrap();
        (content, snapshot.stamp)
    };
    let (before, stamp) = made().await;
    assert!(stamp.removed_by.is_empty());
    desk.removes(seq).await;
    let removal = desk.head().await;

    let (after, stamp) = made().await;
    assert_eq!(stamp.removed_by, [removal]);
    let line = crate::render::document::stamp_line(&stamp);
    assert!(
        line.ends_with(&format!(" · 此后按第{removal}号删除部分文字")),
        "{line}"
    );
    assert_ne!(after, before);
    assert_eq!(made().await.0, after, "the same again");

    let remade = desk.service.remake_digest(&rushan, 1).await.unwrap();
    let remade = remade.unwrap();
    assert_eq!(remade.removed_by, [removal]);
    assert!(!remade.sent.contains(SECRET), "{}", remade.sent);
    assert!(remade.sent.contains(REDACTED), "{}", remade.sent);
    assert_eq!(
        remade.first_difference(),
        None,
        "{}\n{}",
        remade.sent,
        remade.again
    );
}

#[tokio::test]
async fn of_two_who_remove_at_once_the_first_counts_and_the_second_sees_whose() {
    let (desk, seq) = Desk::with_words().await;
    let person = "sun-hongbin".into();
    desk.append(Act::OfficeGranted { person }).await;
    desk.asks_to_remove_as(PERSON, 200, seq).await;
    desk.asks_to_remove(seq).await;
    let second_tap = format!("f:R:{seq}");
    assert!(desk.presses(104, &second_tap).await.is_empty());
    assert!(desk.presses_as(PERSON, 204, &second_tap).await.is_empty());
    assert_eq!(desk.removals().await, 1);
    let seen = desk.waiting(PERSON).await;
    let whose = format!("第{seq}号的文字已由");
    assert!(
        seen.contains(&whose) && seen.contains("现在无需处理"),
        "{seen}"
    );
    assert!(!desk.everything().contains(SECRET));
}

#[tokio::test]
async fn pictures_of_several_sheets_are_named_and_not_deleted_in_part() {
    let rushan = TaskForceId::from("rushan");
    for document in [Document::Board, Document::Chart { measure: None }] {
        let desk = Desk::live("2026-11-23 09:10").await;
        let person = "jiang-deqiang".into();
        desk.append(Act::OfficeGranted { person }).await;
        let assigned = Act::Assigned(Arc::new(Assignment {
            what: Text::new(SECRET, [6; 16]),
            lead: Assignee::Unit("zjj".into()),
            supporting: Vec::new(),
            due: None,
            rhythm: Rhythm::Monthly,
            origin: Origin::Instruction,
        }));
        desk.append(assigned).await;
        let seq = desk.head().await;
        let moment = desk.service.moment_at(&rushan, desk.service.now());
        let call = Call::File(Recipe {
            document,
            moment: moment.await.unwrap(),
            silent: true,
            anew: 0,
        });
        let body = serde_json::to_string(&call).unwrap();
        desk.gather(|it| it.push_call(PERSON, None, OutgoingKind::Document, 0, &call))
            .await;
        let (store, now) = (desk.service.store(), desk.service.now());
        let row = loop {
            let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
            if row.message.chat == PERSON && row.message.body == body {
                break row;
            }
        };
        let message_id = Some(77);
        let sent = Settled::Sent { message_id };
        desk.service.settle(&row, &sent).await.unwrap();
        desk.removes(seq).await;
        let calls = desk.waiting_calls(PERSON).await;
        let deletes = |call: &Call| matches!(call, Call::Delete { .. });
        assert!(!calls.iter().any(deletes), "{calls:?}");
        let closing = desk.waiting(OTHER).await;
        assert!(closing.contains("撤不回的1处"), "{closing}");
    }
}
