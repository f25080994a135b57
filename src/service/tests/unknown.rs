//! What a send of unknown outcome means: a file waits for the office, which is asked once about each send.

use super::*;
use crate::conversation::Manner;
use crate::ledger::{Act, Actor};
use crate::render::Message;
use crate::service::Call;
use crate::service::effects::{Gathering, Occasion};
use crate::store::{Changes, OutboxRow, OutgoingKind, Settled};

/// Characters no three messages hold.
const TOO_MANY: usize = 4 * 4096;

#[tokio::test]
async fn a_file_that_may_have_arrived_waits_until_the_office_has_looked() {
    let desk = Desk::open().await;
    desk.tell(&"长".repeat(TOO_MANY)).await;
    let file = desk.claim().await;
    assert_eq!(file.message.kind, OutgoingKind::Document);
    desk.lose(&file).await;
    let asked = desk.waiting(OTHER).await;
    assert!(asked.contains("一份文件可能已经发出"), "{asked}");
    assert!(desk.waiting(PERSON).await.is_empty());
    let unknown = desk.in_state(OutboxState::Unknown).await;
    assert_eq!(unknown, [file.id]);
    // However often the sender looks, the question stands once.
    desk.service.ask_whether_seen(&file).await.unwrap();
    assert_eq!(desk.waiting(OTHER).await, asked);
}

#[tokio::test]
async fn what_the_office_has_sent_again_is_asked_about_again_when_that_is_unknown_too() {
    let desk = Desk::open().await;
    desk.tell(&"长".repeat(TOO_MANY)).await;
    let file = desk.claim().await;
    desk.lose(&file).await;
    let decided = Changes {
        decide_unknown: vec![(file.id, false)],
        now: desk.service.now(),
        ..Changes::default()
    };
    desk.service.commit_one(decided).await.unwrap();
    let again = desk.claim().await;
    assert_eq!(again.id, file.id);
    desk.lose(&again).await;
    desk.service.ask_whether_seen(&again).await.unwrap();
    let asked = desk.waiting(OTHER).await;
    assert_eq!(asked.matches("一份文件可能已经发出").count(), 2, "{asked}");
}

#[tokio::test]
async fn words_that_may_have_arrived_are_sent_again() {
    let desk = Desk::open().await;
    desk.tell("短").await;
    let words = desk.claim().await;
    desk.lose(&words).await;
    let waiting = desk.in_state(OutboxState::Waiting).await;
    assert!(waiting.contains(&words.id), "{waiting:?}");
    assert!(desk.waiting(OTHER).await.is_empty());
}

impl Desk {
    /// Says something to [`PERSON`]; [`OTHER`] is of the office.
    async fn tell(&self, words: &str) {
        let rushan = TaskForceId::from("rushan");
        let mut force = self.service.fresh_force(&rushan).await.unwrap().unwrap();
        let occasion = Occasion::without_event(Actor::Host);
        let mut gathering = Gathering::new(&self.service, &mut force, occasion);
        for person in ["sun-hongbin", "jiang-deqiang"] {
            let person = person.into();
            gathering.append(Actor::Host, Act::Reachable { person });
        }
        let person = "jiang-deqiang".into();
        gathering.append(Actor::Host, Act::OfficeGranted { person });
        let message = Message::text(words);
        gathering.tell_person(&"sun-hongbin".into(), message, Manner::default());
        let (changes, _) = gathering.finish();
        self.service.commit_one(changes).await.unwrap();
    }

    /// The next row to [`PERSON`] that says something; menus on the way there stay claimed.
    async fn claim(&self) -> OutboxRow {
        let (store, now) = (self.service.store(), self.service.now());
        loop {
            let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
            let body: Call = serde_json::from_str(&row.message.body).unwrap();
            let says = matches!(body, Call::Send { .. } | Call::Document { .. });
            if says && row.message.chat == PERSON {
                return row;
            }
        }
    }

    /// The connection was cut while this row was being sent.
    async fn lose(&self, row: &OutboxRow) {
        let settled = Settled::Unknown {
            not_before: self.service.now(),
            error: "cut".to_owned(),
        };
        self.service.settle(row, &settled).await.unwrap();
    }

    async fn in_state(&self, state: OutboxState) -> Vec<i64> {
        let rows = self.service.store().outgoing_in_state(state).await.unwrap();
        rows.into_iter().map(|row| row.id).collect()
    }
}
