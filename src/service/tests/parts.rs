//! Messages of several parts: what holds for the first holds for those behind it.

use chrono::Duration;

use super::*;
use crate::ledger::Actor;
use crate::render::Message;
use crate::schedule::{Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::service::effects::{Gathering, Occasion};

/// Characters of two messages.
const TWO_PARTS: usize = 4096 + 1000;

#[tokio::test]
async fn later_parts_of_a_reminder_leave_no_later_than_its_first() {
    let desk = Desk::live("2026-11-23 08:40").await;
    let now = desk.service.now();
    let notice = Notice {
        kind: NoticeKind::Card,
        to: NoticeTo::Person("sun-hongbin".into()),
        at: now,
        not_after: now + Duration::hours(9),
        silent: true,
        keys: vec![NoticeKey("card/7-1".to_owned())],
        pings: Vec::new(),
        items: Vec::new(),
        meetings: Vec::new(),
    };
    let rushan = TaskForceId::from("rushan");
    {
        let mut force = desk.service.fresh_force(&rushan).await.unwrap().unwrap();
        let occasion = Occasion::without_event(Actor::Bot);
        let mut gathering = Gathering::new(&desk.service, &mut force, occasion);
        let message = Message::text("长".repeat(TWO_PARTS));
        gathering.push_notice(PERSON, None, &notice, message);
        let (changes, _) = gathering.finish();
        desk.service.commit_one(changes).await.unwrap();
    }
    let store = desk.service.store();
    let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
    let latest = rows.iter().filter(|row| row.message.chat == PERSON);
    let latest: Vec<_> = latest.map(|row| row.message.not_after).collect();
    assert_eq!(latest, [Some(notice.not_after); 2]);
    desk.at("2026-11-23 18:00").await;
    let sent = desk.sent().await;
    assert!(sent.iter().all(|(chat, _)| *chat != PERSON), "{sent:#?}");
}
