//! An adoption that ends a task, in one commit with answers on that task.

use super::*;
use crate::ledger::Act;
use crate::render::Button;
use crate::service::Call;

/// The plan's file without 7-1.
pub(super) fn without_7_1() -> AdoptionText {
    let source = include_str!("../../../config/plans/rushan.toml");
    let at = source.find("\nid = \"7-1\"\n").unwrap();
    let start = source[..at].rfind("\n[[").unwrap();
    let end = at + source[at..].find("\n[[").unwrap();
    let plan = format!("{}{}", &source[..start], &source[end..]);
    AdoptionText::new(plan, &Settings::default(), BTreeMap::new())
}

impl Desk {
    /// The press of [`OTHER`] on the newest button there that begins so.
    async fn press(&self, update_id: i64, label: &str) -> Incoming {
        let store = self.service.store();
        let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
        let own = rows.iter().rev().filter(|row| row.message.chat == OTHER);
        let calls = own.map(|row| serde_json::from_str(&row.message.body).unwrap());
        let buttons = calls.flat_map(|call| match call {
            Call::Send { message, .. } | Call::Edit { message, .. } => message.keyboard.concat(),
            _ => Vec::new(),
        });
        let mut pressed = buttons.filter_map(|button| match button {
            Button::Press { text, data } => text.starts_with(label).then_some(data),
            Button::Link { .. } => None,
        });
        let data = pressed.next().unwrap();
        let mut press = says(update_id, OTHER, "");
        if let Some(event) = &mut press.event {
            event.happening = Happening::Pressed {
                query_id: update_id.to_string(),
                data,
                message_id: Some(1),
            };
        }
        press
    }

    async fn handle(&self, updates: Vec<Incoming>) {
        self.receive(&updates).await;
        assert!(self.handled(updates).await.is_empty());
    }
}

#[tokio::test]
async fn a_talk_begun_in_the_same_commit_is_put_away_too() {
    let desk = Desk::live("2026-11-23 08:40").await;
    let person = "jiang-deqiang".into();
    desk.append(Act::OfficeGranted { person }).await;
    let rushan = TaskForceId::from("rushan");
    let offered = vec![(rushan.clone(), without_7_1())];
    desk.service.load(offered).await.unwrap();
    desk.handle(vec![desk.press(1, "采用").await]).await;
    desk.handle(vec![desk.press(2, "取消该项").await]).await;
    let adopts = desk.press(4, "确认采用").await;
    let store = desk.service.store();
    desk.handle(vec![says(3, PERSON, "/report 7-1"), adopts])
        .await;
    let talk = store.conversation(&rushan, PERSON).await.unwrap();
    assert_eq!(talk.and_then(|talk| talk.state), None);
    let waiting = desk.waiting(PERSON).await;
    assert!(waiting.contains("现在累计多少处"), "{waiting}");
    assert_eq!(waiting.matches("已取消").count(), 1, "{waiting}");
}
