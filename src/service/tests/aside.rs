//! Half-finished talks: each is offered once, whatever else is begun meanwhile.

use super::*;

impl Desk {
    /// Somebody begins an item, gives one answer and leaves it; the ids of the updates count on from `first`.
    async fn leaves_half_finished(&self, first: i64, task: &str, answer: &str) {
        let words = [
            format!("/report {task}"),
            answer.to_owned(),
            "/cancel".to_owned(),
        ];
        for (update_id, words) in (first..).zip(&words) {
            let updates = vec![says(update_id, OTHER, words)];
            self.receive(&updates).await;
            assert!(self.handled(updates).await.is_empty());
        }
        self.sent().await;
    }

    /// What is offered to [`OTHER`] to go on with now.
    async fn offered(&self) -> Vec<String> {
        let sent = self.sent().await.into_iter();
        let cards = sent.filter(|(chat, text)| *chat == OTHER && text.contains("填了一半"));
        cards.map(|(_, text)| text).collect()
    }
}

#[tokio::test]
async fn an_item_put_aside_is_offered_once_though_another_one_is_begun_later() {
    let desk = Desk::live("2026-12-02 10:00").await;
    desk.leaves_half_finished(1, "4-2", "90").await;
    desk.at("2026-12-03 09:00").await;
    let offered = desk.offered().await;
    assert_eq!(offered.len(), 1, "{offered:#?}");
    assert!(offered[0].contains("4-2"));
    desk.at("2026-12-03 10:00").await;
    desk.leaves_half_finished(11, "4-1", "没有达到").await;
    desk.at("2026-12-04 09:00").await;
    let offered = desk.offered().await;
    assert_eq!(offered.len(), 1, "{offered:#?}");
    assert!(offered[0].contains("4-1") && !offered[0].contains("4-2"));
}
