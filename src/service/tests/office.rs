//! Lists to the office, lines met by a pause, and strangers who come in a crowd.

use super::*;
use crate::conversation::Manner;
use crate::ledger::{Act, Actor};
use crate::render::Message;
use crate::service::effects::{Gathering, Occasion};
use crate::service::{Call, Ready};
use crate::store::Settled;

const LIST: &str = "没有填报人的事项";
const REPORT: &str = "每周报告";
const WELCOME: &str = "我只在";

impl Desk {
    /// Live, with two people of the office besides the chief, who has no account.
    async fn with_office(since: &str) -> Self {
        let desk = Self::live(since).await;
        for person in ["sun-hongbin", "jiang-deqiang"] {
            let person = person.into();
            desk.append(Act::OfficeGranted { person }).await;
        }
        desk
    }

    /// Who gets the list now.
    async fn lists(&self) -> Vec<i64> {
        let sent = self.sent().await.into_iter();
        sent.filter(|(_, text)| text.contains(LIST))
            .map(|(chat, _)| chat)
            .collect()
    }

    async fn queue_line(&self, words: &str) {
        let rushan = TaskForceId::from("rushan");
        let mut force = self.service.fresh_force(&rushan).await.unwrap().unwrap();
        let occasion = Occasion::without_event(Actor::Bot);
        let mut gathering = Gathering::new(&self.service, &mut force, occasion);
        gathering.tell_group(Message::text(words), Manner::unasked());
        let (changes, _) = gathering.finish();
        self.service.commit_one(changes).await.unwrap();
    }
}

#[tokio::test]
async fn a_list_to_the_office_goes_to_each_of_its_people_once() {
    let desk = Desk::with_office("2026-11-23 08:40").await;
    desk.at("2026-11-23 09:00").await;
    assert_eq!(desk.lists().await, [OTHER, PERSON]);
    desk.at("2026-11-23 14:00").await;
    assert_eq!(desk.lists().await, [0; 0]);
}

#[tokio::test]
async fn a_list_that_meets_a_pause_waits_and_comes_once_to_whom_it_did_not_reach() {
    let desk = Desk::with_office("2026-11-23 08:40").await;
    desk.at("2026-11-23 09:00").await;
    // One of the two is sent, then the pause begins.
    let store = desk.service.store();
    let first = loop {
        let now = desk.service.now();
        let row = store.claim(now, 60, &[], i64::MAX).await.unwrap().unwrap();
        let Ready::Go(call) = desk.service.ready(&row).await.unwrap() else {
            panic!("nothing holds it back")
        };
        let message_id = Some(i32::try_from(row.id).unwrap());
        let sent = Settled::Sent { message_id };
        desk.service.settle(&row, &sent).await.unwrap();
        if let Call::Send { message, .. } = call
            && message.html().contains(LIST)
        {
            break row.message.chat;
        }
    };
    desk.pause().await;
    assert_eq!(desk.lists().await, [0; 0]);
    desk.at("2026-11-23 11:00").await;
    assert_eq!(desk.lists().await, [0; 0], "the pause goes on");
    desk.append(Act::Resumed).await;
    desk.at("2026-11-23 11:05").await;
    assert_eq!(desk.lists().await, [0; 0], "it waits for the next morning");
    desk.at("2026-11-24 08:30").await;
    let other = if first == OTHER { PERSON } else { OTHER };
    assert_eq!(desk.lists().await, [other]);
}

/// Who gets the report on the week among what leaves.
fn reports(sent: Vec<(i64, String)>) -> Vec<i64> {
    let reports = sent.into_iter().filter(|(_, text)| text.contains(REPORT));
    reports.map(|(chat, _)| chat).collect()
}

#[tokio::test]
async fn the_report_beside_cards_that_are_taken_back_comes_once_and_after_the_pause() {
    let desk = Desk::with_office("2026-11-20 10:00").await;
    desk.at("2026-11-23 09:05").await;
    desk.pause().await;
    assert_eq!(reports(desk.sent().await), [0; 0]);
    desk.append(Act::Resumed).await;
    desk.at("2026-11-24 09:05").await;
    assert_eq!(reports(desk.sent().await), [OTHER, PERSON]);
    for later in ["2026-11-24 14:00", "2026-11-25 09:05", "2026-11-26 09:05"] {
        desk.at(later).await;
        assert_eq!(reports(desk.sent().await), [0; 0], "{later}");
    }
}

#[tokio::test]
async fn a_report_that_could_not_leave_before_the_end_of_work_leaves_in_the_morning() {
    let desk = Desk::with_office("2026-11-20 10:00").await;
    desk.at("2026-11-23 08:30").await;
    desk.at("2026-11-23 18:00").await;
    assert_eq!(reports(desk.sent().await), [0; 0]);
    desk.at("2026-11-24 08:30").await;
    assert_eq!(reports(desk.sent().await), [OTHER, PERSON]);
}

#[tokio::test]
async fn a_line_queued_in_the_evening_waits_for_the_end_of_a_pause() {
    let desk = Desk::live("2026-11-23 18:00").await;
    desk.queue_line("a line").await;
    desk.pause().await;
    let lines = |sent: Vec<(i64, String)>| sent.iter().filter(|(_, text)| text == "a line").count();
    for paused in ["2026-11-24 08:30", "2026-11-24 15:00", "2026-11-25 09:00"] {
        desk.at(paused).await;
        assert_eq!(lines(desk.sent().await), 0, "{paused}");
    }
    desk.append(Act::Resumed).await;
    desk.at("2026-11-26 08:30").await;
    assert_eq!(lines(desk.sent().await), 1);
}

#[tokio::test]
async fn a_crowd_of_strangers_in_one_group_commit_gets_twenty_lines() {
    let desk = Desk::open().await;
    let crowd: Vec<Incoming> = (1..=30).map(|id| says(id, 1000 + id, "在吗")).collect();
    desk.receive(&crowd).await;
    assert!(desk.handled(crowd).await.is_empty());
    let mut told = 0;
    for id in 1..=30 {
        told += usize::from(desk.waiting(1000 + id).await.contains(WELCOME));
    }
    assert_eq!(told, 20);
}

#[tokio::test]
async fn a_stranger_who_tries_names_is_answered_five_times_a_day() {
    let desk = Desk::open().await;
    let tries: Vec<Incoming> = (1..=9).map(|id| says(id, 1000, "/iam 张无此人")).collect();
    desk.receive(&tries).await;
    assert!(desk.handled(tries).await.is_empty());
    assert_eq!(desk.waiting(1000).await.matches("张无此人").count(), 5);
    // Whoever is on the roster is heard all the same.
    let right = vec![says(10, 1000, "/iam 李俊卿")];
    desk.receive(&right).await;
    assert!(desk.handled(right).await.is_empty());
    assert!(desk.waiting(1000).await.contains("李俊卿"));
}
