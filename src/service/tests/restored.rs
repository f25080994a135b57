//! A restored database: paused until somebody of the office decides, once.

use super::unasked::GROUP;
use super::*;
use crate::ledger::{Act, AfterRestore, BindingWay, Restored};
use crate::store::COPY_OF;

const CHIEF: i64 = 9;
const DIGEST: &str = "工作周报";

impl Desk {
    /// Live, with two of the office, and put back on Monday as it was before Friday's digest left.
    async fn put_back() -> Self {
        let desk = Self::live("2026-11-27 15:00").await;
        let person = "luan-pin".into();
        let account = account_of(CHIEF);
        let way = BindingWay::Host;
        desk.append(Act::Bound {
            person,
            account,
            way,
        })
        .await;
        let person = "luan-pin".into();
        desk.append(Act::Reachable { person }).await;
        let person = "jiang-deqiang".into();
        desk.append(Act::OfficeGranted { person }).await;
        desk.at("2026-11-27 15:50").await;
        let copy = desk.memory.copied();
        desk.at("2026-11-27 16:00").await;
        assert!(desk.group_hears(DIGEST).await);
        desk.memory.put_back(&copy);
        desk.service
            .store()
            .set_fact(COPY_OF, Some("copied"))
            .await
            .unwrap();
        desk.restarted_at("2026-11-30 09:00").await
    }

    async fn group_hears(&self, part: &str) -> bool {
        let sent = self.sent().await.into_iter();
        sent.filter(|(chat, text)| *chat == GROUP && text.contains(part))
            .count()
            > 0
    }

    async fn decisions(&self) -> Vec<Restored> {
        let rushan = TaskForceId::from("rushan");
        let entries = self.service.store().entries_after(&rushan, 0).await;
        let acts = entries.unwrap().into_iter().map(|entry| entry.act);
        acts.filter_map(|act| match act {
            Act::Restored(restored) => Some(restored),
            _ => None,
        })
        .collect()
    }
}

fn pressed(update_id: i64, user_id: i64, letter: &str, seq: u64) -> Incoming {
    let stamp = at("2026-11-30 09:00").timestamp();
    let mut update = says(update_id, user_id, "");
    let event = update.event.as_mut().unwrap();
    event.happening = Happening::Pressed {
        query_id: update_id.to_string(),
        data: format!("b:{letter}:{stamp}:1:{seq}"),
        message_id: Some(1),
    };
    update
}

#[tokio::test]
async fn of_two_who_decide_at_once_the_first_counts_and_nothing_of_the_gap_is_sent() {
    let desk = Desk::put_back().await;
    let cards = desk.sent().await;
    let mut chats: Vec<i64> = cards.iter().map(|(chat, _)| *chat).collect();
    chats.sort_unstable();
    assert_eq!(chats, [OTHER, CHIEF], "{cards:#?}");
    assert!(cards.iter().all(|(_, text)| text.contains("周报1期")));
    desk.at("2026-11-30 09:10").await;
    assert_eq!(desk.sent().await, [], "nothing unasked");
    let both = vec![pressed(1, CHIEF, "C", 40), pressed(2, OTHER, "M", 99)];
    desk.receive(&both).await;
    assert!(desk.handled(both).await.is_empty());
    let decided = desk.decisions().await;
    assert_eq!(decided.len(), 1);
    assert_eq!(
        (decided[0].how, decided[0].confirmed_seq),
        (AfterRestore::Continue, 40)
    );
    assert!(desk.waiting(OTHER).await.contains("已由"));
    desk.at("2026-11-30 09:30").await;
    assert!(!desk.group_hears(DIGEST).await, "it counts as sent");
    desk.at("2026-12-04 16:00").await;
    let sent = desk.sent().await;
    let second = sent.iter().any(|(_, text)| text.contains("第2期"));
    assert!(
        second,
        "the next goes out behind the confirmed one: {sent:#?}"
    );
}

#[tokio::test]
async fn nobody_else_decides_and_what_they_send_waits_over_restarts_for_the_decision() {
    let desk = Desk::put_back().await;
    desk.sent().await;
    let forged = vec![pressed(1, PERSON, "C", 40)];
    desk.receive(&forged).await;
    assert!(desk.handled(forged).await.is_empty());
    let kept = vec![says(2, PERSON, "/status"), says(3, PERSON, "/help")];
    desk.receive(&kept).await;
    assert!(desk.handled(kept).await.is_empty());
    assert!(desk.decisions().await.is_empty());
    let told = desk.waiting(PERSON).await;
    assert_eq!(told.matches("已留存").count(), 1, "{told}");
    let mut desk = desk;
    for _ in 0..4 {
        desk = desk.restarted_at("2026-11-30 09:20").await;
        assert!(desk.sent().await.iter().all(|(chat, _)| *chat == PERSON));
    }
    let decided = vec![pressed(4, CHIEF, "M", 0)];
    desk.receive(&decided).await;
    assert!(desk.handled(decided).await.is_empty());
    let again = desk.service.store().take_updates(9, &[]).await.unwrap();
    assert_eq!(again[0].update_id, 2, "taken up in its order");
    desk.at("2026-11-30 09:30").await;
    let sent = desk.sent().await;
    let late = |(chat, text): &&(i64, String)| *chat == GROUP && text.contains("补发");
    assert_eq!(sent.iter().filter(late).count(), 1, "{sent:#?}");
}
