//! The Rushan plan from 2026-11-23 to the end of 2027 through service, client and stand-in: what everybody hears when nobody, and when everybody, answers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use duban::calendar;
use duban::cli::Stage;
use duban::rehearsal::script::{Act, Incident, Line};
use duban::rehearsal::{Call, GROUP};
use duban::store::{Memory, Store};

use crate::config;

/// A message within this time after the person's own act is an answer, not a ping.
const ASKED_FOR: Duration = Duration::minutes(10);

/// Labels a punctual person taps, the first that stands on the newest card.
const WILLING: [&str; 16] = [
    "确认，",
    "都无变化",
    "提交",
    "其余",
    "是，",
    "仍是",
    "同上次",
    "保持",
    "尚未完成",
    "不申请新时限",
    "🟢",
    "未开始",
    "进行中",
    "计入本期",
    "继续填",
    "填 ",
];

pub struct Year {
    pub stage: Stage,
    people: Vec<(String, i64)>,
    acted_at: BTreeMap<i64, Vec<DateTime<Utc>>>,
}

pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text)
        .unwrap()
        .with_timezone(&Utc)
}

impl Year {
    /// Everybody has opened the bot, the group is bound, the office has gone live on 2026-11-23 at 08:40.
    pub async fn begun() -> Self {
        let config = config("");
        let store = Store::Memory(Memory::default());
        let mut stage = Stage::open(&config, store, at("2026-11-23T08:30:00+08:00"), true)
            .await
            .unwrap();
        let names: Vec<String> = config.plans[0]
            .plan
            .members
            .iter()
            .map(|member| member.name.clone())
            .collect();
        let people = names
            .iter()
            .map(|name| (name.clone(), stage.room().account(name).unwrap()))
            .collect();
        for name in &names {
            act(&mut stage, name, Act::Say("/start".into())).await;
        }
        let chief = "栾频".to_owned();
        stage
            .play(&Line::Incident(Incident::AddBot(chief.clone())))
            .await
            .unwrap();
        stage
            .play(&Line::Incident(Incident::PromoteBot(chief.clone())))
            .await
            .unwrap();
        for step in [
            Act::Say("/golive".into()),
            Act::Tap("正式启用".into()),
            Act::Tap("确认启用".into()),
        ] {
            act(&mut stage, &chief, step).await;
        }
        Self {
            stage,
            people,
            acted_at: BTreeMap::new(),
        }
    }

    pub async fn until(&mut self, at: DateTime<Utc>) {
        self.stage.play(&Line::Clock(at)).await.unwrap();
    }

    /// What waits now is worked off.
    pub async fn settle(&mut self) {
        let now = self.now();
        self.until(now).await;
    }

    fn chat(&self, name: &str) -> i64 {
        self.stage.room().account(name).unwrap()
    }

    fn now(&self) -> DateTime<Utc> {
        self.stage.room().world().clock().now()
    }

    /// Everybody with a button of [`WILLING`] on the newest message taps or types until there is none.
    async fn everybody_answers(&mut self) {
        for (name, chat) in self.people.clone() {
            for _ in 0..200 {
                let Some(next) = self.next_act(chat) else {
                    break;
                };
                let now = self.now();
                self.acted_at.entry(chat).or_default().push(now);
                act(&mut self.stage, &name, next).await;
            }
        }
    }

    fn next_act(&self, chat: i64) -> Option<Act> {
        let messages = self.stage.room().world().messages(chat);
        let newest = messages.iter().rev().find(|message| message.is_ours)?;
        let label = WILLING.iter().find(|label| {
            newest
                .buttons()
                .any(|button| button.text.starts_with(**label))
        });
        match label {
            Some(label) => Some(Act::Tap((*label).to_owned())),
            None if newest.text.contains("直接回复数字") => Some(Act::Say("1".into())),
            None if newest.text.contains("原因是什么") || newest.text.contains("一两句话") => {
                Some(Act::Say("按计划推进".into()))
            }
            None => None,
        }
    }

    /// Pings per person and day: sounding messages nobody asked for, in private or in the group.
    fn pings(&self) -> BTreeMap<String, BTreeSet<(NaiveDate, i64)>> {
        let golive = at("2026-11-23T08:45:00+08:00");
        let mut pings: BTreeMap<String, BTreeSet<(NaiveDate, i64)>> = BTreeMap::new();
        for (index, call) in self.stage.room().world().journal().iter().enumerate() {
            if call.at < golive || !sounds(call) {
                continue;
            }
            for (name, chat) in &self.people {
                let asked = self.acted_at.get(chat).is_some_and(|acts| {
                    acts.iter()
                        .any(|act| *act <= call.at && call.at - *act < ASKED_FOR)
                });
                if (call.chat == Some(*chat) && !asked) || call.chat == Some(GROUP) {
                    let day = calendar::date_of(call.at);
                    pings
                        .entry(name.clone())
                        .or_default()
                        .insert((day, i64::try_from(index).unwrap()));
                }
            }
        }
        pings
    }
}

pub async fn act(stage: &mut Stage, who: &str, act: Act) {
    let line = Line::Act {
        who: who.to_owned(),
        in_group: false,
        act,
    };
    stage.play(&line).await.unwrap();
}

fn sounds(call: &Call) -> bool {
    let sent = call.method.starts_with("send") && matches!(call.outcome, Some(Ok(_)));
    sent && call.method != "sendChatAction" && !call.is_silent()
}

fn per_week(days: &BTreeSet<(NaiveDate, i64)>) -> BTreeMap<NaiveDate, usize> {
    let mut weeks = BTreeMap::new();
    for (day, _) in days {
        *weeks.entry(calendar::monday_of(*day)).or_default() += 1;
    }
    weeks
}

/// Whether a week holds neither a day of the monthly rhythm, which opens on the 15th and closes with the month, nor a rung
/// of a deadline: the plan's are at the ends of 2026 and 2027.
fn has_nothing_due(monday: NaiveDate) -> bool {
    let months = monday.year() == 2027 && (2..=11).contains(&monday.month());
    months && monday.day() + 6 < 15
}

fn assert_limits(pings: &BTreeMap<String, BTreeSet<(NaiveDate, i64)>>, a_week: usize) {
    for (name, days) in pings {
        let mut per_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for (day, _) in days {
            *per_day.entry(*day).or_default() += 1;
        }
        assert!(
            per_day.values().all(|count| *count <= 1),
            "{name} is pinged twice on a day: {per_day:?}"
        );
        let weeks = per_week(days);
        assert!(
            weeks.values().all(|count| *count <= a_week),
            "{name} is pinged more than {a_week} times a week: {weeks:?}"
        );
    }
}

#[tokio::test]
async fn a_silent_year_keeps_within_the_limits_and_its_first_digest_has_no_red() {
    let mut year = Year::begun().await;
    year.until(at("2026-11-27T16:05:00+08:00")).await;
    let messages = year.stage.room().world().messages(GROUP);
    let digest = messages
        .iter()
        .find(|message| message.text.contains("第1期"))
        .unwrap();
    let counts = digest
        .text
        .lines()
        .find(|line| line.contains("29项"))
        .unwrap();
    assert!(
        !counts.contains('🔴') && counts.contains("⚪ 29"),
        "{counts}"
    );

    year.until(at("2027-12-31T18:00:00+08:00")).await;
    let pings = year.pings();
    assert!(
        pings.values().map(BTreeSet::len).sum::<usize>() > 100,
        "the year was not silent on our side: {pings:?}"
    );
    assert_limits(&pings, 2);
    let digests = year
        .stage
        .room()
        .world()
        .journal()
        .iter()
        .filter(|call| {
            call.chat == Some(GROUP)
                && call
                    .parameters
                    .get("text")
                    .and_then(|text| text.as_str())
                    .is_some_and(|text| text.contains("工作周报"))
        })
        .count();
    // 58 weeks, of which two have no working day at the most.
    assert!((56..=130).contains(&digests), "{digests}");
    assert_eq!(year.stage.violations(), []);
}

#[tokio::test]
async fn a_punctual_year_pings_at_most_once_a_week_and_never_without_cause() {
    let mut year = Year::begun().await;
    let end = at("2027-12-31T18:00:00+08:00");
    let mut day = at("2026-11-23T09:01:00+08:00");
    while day < end {
        year.until(day).await;
        year.everybody_answers().await;
        day += Duration::days(1);
    }
    let pings = year.pings();
    assert_limits(&pings, 1);
    for (name, days) in &pings {
        let mut weeks = per_week(days).into_keys();
        let without_cause = weeks.find(|monday| has_nothing_due(*monday));
        assert_eq!(without_cause, None, "{name} is pinged in an idle week");
    }
    let asked_days: BTreeSet<u32> = pings.values().flatten().map(|(day, _)| day.day()).collect();
    assert!(!asked_days.is_empty(), "punctual people are asked too");
    assert_eq!(year.stage.violations(), []);
}

/// Days from one meeting of everybody to the next.
const MEETS_EVERY: i64 = 9;

#[tokio::test]
async fn meetings_of_everybody_stay_within_the_limits_of_a_silent_quarter() {
    let mut year = Year::begun().await;
    let mut called = at("2026-11-30T08:50:00+08:00");
    let mut meetings = 0;
    while called < at("2027-02-20T08:50:00+08:00") {
        year.until(called).await;
        let on = calendar::date_of(called + Duration::days(4));
        let when = format!("/meeting {}月{}日 9:00 三楼会议室", on.month(), on.day());
        for step in [
            Act::Say(when),
            Act::Say(format!("第{meetings}次调度会")),
            Act::Tap("全体".into()),
            Act::Tap("提交".into()),
        ] {
            act(&mut year.stage, "栾频", step).await;
        }
        year.acted_at
            .entry(year.chat("栾频"))
            .or_default()
            .push(called);
        meetings += 1;
        called += Duration::days(MEETS_EVERY);
    }
    year.until(at("2027-03-05T18:00:00+08:00")).await;
    assert_limits(&year.pings(), 2);
    for (name, chat) in &year.people {
        let messages = year.stage.room().world().messages(*chat);
        for meeting in 0..meetings {
            let topic = format!("第{meeting}次调度会");
            let told = messages.iter().filter(|message| {
                message.is_ours
                    && message.text.contains("请参加会议")
                    && message.text.contains(&topic)
            });
            let told = told.count();
            assert_eq!(told, 1, "{name} hears of {topic} {told} times");
        }
    }
    assert_eq!(year.stage.violations(), []);
}
