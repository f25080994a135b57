//! Whatever comes in: nothing panics, nothing grows, and nobody enters what they have no right to.
//!
//! `DUBAN_UPDATES=1000000 cargo test --test hostile -- random_updates` posts a million random updates, `DUBAN_SEED` draws others, and
//! `DUBAN_ONE_BOT=100000 cargo test --test hostile -- one_bot` posts so many to one bot over a file.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod corpus;
mod crowd;
mod doors;
mod entrance;
mod forged;
mod pursuit;
mod siege;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use duban::store::Store;
use fastrand::Rng;
use proptest::prelude::*;
use serde_json::{Value, json};

use doors::MOST_DATA;
use siege::{Came, Siege};

/// Random updates, unless told otherwise.
const UPDATES: u64 = 20_000;

/// Updates that one bot gets before another takes its place: an office that taps everything ends its task force some day.
const ROUND: u64 = 4_000;

/// A long run says after so many rounds how far it is.
const TOLD_EVERY: u64 = 5;

/// What may stay of a round when it is over, over all rounds after the second, in bytes.
const MOST_GROWTH: u64 = 96 << 20;

/// Random updates for a single bot over a file, unless told otherwise.
const ONE_BOT: u64 = 3_000;

/// What a single bot over a file may hold in memory more at the end than after a third of its updates, in bytes.
const MOST_GROWTH_OF_ONE: u64 = 24 << 20;

/// Every kind of update of the Bot API 10.1.
const KINDS: [&str; 25] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
];

fn number_in(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(value) => value.parse().unwrap(),
        Err(_) => otherwise,
    }
}

/// Memory of this process, in bytes; none where the system does not say.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = status.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

/// What came of updates so far.
#[derive(Debug, Default)]
struct Tally {
    posted: u64,
    done: u64,
    unreadable: u64,
    acts: BTreeMap<String, usize>,
}

impl Tally {
    fn entries(&self) -> usize {
        self.acts.values().sum()
    }

    fn tell(&self) {
        println!(
            "{} updates: {} worked off, {} set aside, {} entries by people, {:?} bytes resident",
            self.posted,
            self.done,
            self.unreadable,
            self.entries(),
            resident()
        );
    }
}

/// One bot, and the crowd before it.
struct Round {
    rng: Rng,
    siege: Siege,
    crowd: crowd::Crowd,
    number: u64,
    posted: u64,
}

impl Round {
    fn new(siege: Siege, number: u64, seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed ^ (number << 20)),
            siege,
            crowd: crowd::Crowd::default(),
            number,
            posted: 0,
        }
    }

    /// The bot gets so many updates more, with days passing.
    async fn post(&mut self, tally: &mut Tally, corpus: &[Value], updates: u64) {
        let number = self.number;
        for update_id in self.posted + 1..=self.posted + updates {
            let id = i64::try_from(update_id).unwrap();
            let body = self.crowd.body(&mut self.rng, &self.siege, corpus, id);
            match self.siege.receive(&body).await {
                Ok(Came::Done(_)) => tally.done += 1,
                Ok(Came::Unreadable) => tally.unreadable += 1,
                Ok(Came::Passed | Came::Refused) => {}
                Err(why) => panic!(
                    "{why}\nround {number}, update {update_id}: {}",
                    String::from_utf8_lossy(&body)
                ),
            }
            if update_id % 50 == 0 {
                let time = TimeDelta::minutes(self.rng.i64(1..600));
                let passed = self.siege.wait(time).await;
                passed.unwrap_or_else(|why| {
                    panic!("{why}\nround {number}, after update {update_id}")
                });
            }
        }
        self.posted += updates;
        tally.posted += updates;
        for (act, entered) in std::mem::take(&mut self.siege.acts) {
            *tally.acts.entry(act).or_default() += entered;
        }
    }
}

#[tokio::test]
async fn random_updates_break_nothing_and_nobody_enters_without_a_right() {
    let updates = number_in("DUBAN_UPDATES", UPDATES);
    let seed = number_in("DUBAN_SEED", 7);
    let corpus = corpus::updates();
    let (mut settled, mut tally) = (None, Tally::default());
    for round in 0..updates.div_ceil(ROUND) {
        let most = ROUND.min(updates - round * ROUND);
        let siege = Siege::open(seed + round).await;
        let mut siege = Round::new(siege, round, seed);
        siege.post(&mut tally, &corpus, most).await;
        // The first rounds fill what is kept for good: code, tables, the allocator's own.
        if round == 1 {
            settled = resident();
        }
        if round % TOLD_EVERY == TOLD_EVERY - 1 {
            tally.tell();
        }
    }
    tally.tell();
    println!("{:?}", tally.acts);
    assert!(
        tally.done > updates / 4 && tally.unreadable > 0,
        "the crowd is too tame"
    );
    assert!(
        tally.entries() as u64 > updates / 250,
        "nobody uses the rights they have: {:?}",
        tally.acts
    );
    if let (Some(settled), Some(now)) = (settled, resident()) {
        assert!(
            now < settled + MOST_GROWTH,
            "{settled} bytes after two rounds, {now} at the end"
        );
    }
}

/// What a bot keeps of the updates it had lies in its file.
#[tokio::test]
async fn one_bot_over_a_file_holds_no_more_and_no_more_in_memory() {
    let updates = number_in("DUBAN_ONE_BOT", ONE_BOT);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("duban.db").display());
    let store = Store::open(&url).await.unwrap();
    let siege = Siege::over(store, 3).await;
    let mut round = Round::new(siege, 0, number_in("DUBAN_SEED", 7));
    let (corpus, mut tally) = (corpus::updates(), Tally::default());
    round.post(&mut tally, &corpus, updates / 3).await;
    tally.tell();
    let settled = resident();
    round.post(&mut tally, &corpus, updates - updates / 3).await;
    tally.tell();
    assert!(tally.entries() > 20, "{:?}", tally.acts);
    if let (Some(settled), Some(now)) = (settled, resident()) {
        assert!(
            now < settled + MOST_GROWTH_OF_ONE,
            "{settled} bytes after a third, {now} at the end"
        );
    }
}

/// Every way to use what an update may hold, for somebody on no roster.
#[tokio::test]
async fn the_corpus_in_strangers_names_changes_nothing() {
    let mut siege = Siege::open(1).await;
    let mut update_id = 0;
    for update in corpus::updates() {
        for (chat, kind) in [
            (9001, "private"),
            (-1099, "channel"),
            (-1004, "supergroup"),
            (siege::GROUPS[0], "supergroup"),
        ] {
            let mut update = update.clone();
            put_in_place(&mut update, chat, kind);
            update_id += 1;
            update["update_id"] = json!(update_id);
            let came = siege.receive(update.to_string().as_bytes()).await;
            let came = came.unwrap_or_else(|why| panic!("{why}: {update}"));
            assert_ne!(came, Came::Refused, "{update}");
            assert_ne!(came, Came::Unreadable, "{update}");
        }
    }
    assert_eq!(siege.by_people, BTreeMap::new());
}

/// Chats and people of an update are a stranger's; what is not told of is left.
fn put_in_place(value: &mut Value, chat: i64, kind: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match name.as_str() {
                    "chat" if value.is_object() => {
                        value["id"] = json!(chat);
                        value["type"] = json!(kind);
                    }
                    "from" if value.is_object() => value["id"] = json!(9001),
                    _ => put_in_place(value, chat, kind),
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| put_in_place(value, chat, kind)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_corpus_holds_every_kind_of_update_and_every_field() {
    let updates = corpus::updates();
    let lines: Vec<&str> = corpus::FIELDS.lines().collect();
    assert_eq!(updates.len(), lines.len());
    let (mut kinds, mut fields) = (BTreeSet::new(), BTreeSet::new());
    for (update, line) in updates.iter().zip(lines) {
        let mut words = line.split(' ');
        let pointer = words.next().unwrap();
        if pointer == "kind" {
            let kind = words.next().unwrap();
            assert!(update[kind].is_object(), "{line}");
            kinds.insert(kind);
            continue;
        }
        let of = words.next().unwrap();
        let object = update.pointer(pointer).unwrap_or_else(|| panic!("{line}"));
        for field in words {
            assert!(object.get(field).is_some(), "{of} has no {field}: {line}");
            fields.insert((of, field));
        }
    }
    assert_eq!(kinds, BTreeSet::from(KINDS));
    // Types and fields that an update can hold, as counted in the specification.
    assert_eq!(fields.len(), 969);
}

#[test]
fn what_fuzzing_found_once_is_not_found_again() {
    doors::number("1百分比/-2");
    doors::payload(&format!("r:h:{}i:y", "0".repeat(MOST_DATA)));
    let far = r#"{"update_id":1,"my_chat_member":{"chat":{"id":1.0133333333333335e95}}}"#;
    doors::webhook_body(far.as_bytes());
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "[0-9０-９一二三四五六七八九十百千万亿零〇两半点.,，/%:：约年月日周底-]{0,24}",
        "(今|明|昨|下|本|上)?(年|月|周|季度)?(底|末|[一二三四五六日0-9]{1,3})?.{0,4}",
    ]
}

proptest! {
    #[test]
    fn any_text_is_a_number_or_none(text in typed()) {
        doors::number(&text);
    }

    #[test]
    fn any_text_is_a_date_or_none(text in typed()) {
        doors::date(&text);
    }

    #[test]
    fn any_data_is_a_button_or_none(data in prop_oneof![".{0,80}", "[rpoqmsdfcah]:[a-z0-9:-]{0,70}"]) {
        doors::payload(&data);
    }

    #[test]
    fn any_body_is_an_update_or_none(body in prop::collection::vec(any::<u8>(), 0..200)) {
        doors::webhook_body(&body);
    }

    #[test]
    fn any_patched_update_is_an_update_or_none(line in 0..corpus::UPDATES.lines().count(), at in any::<prop::sample::Index>(), patch in "[\\[\\]{}\",:0-9a-z\\\\]{0,6}") {
        let line = corpus::UPDATES.lines().nth(line).unwrap();
        let at = line.floor_char_boundary(at.index(line.len()));
        doors::webhook_body([&line[..at], &patch, &line[at..]].concat().as_bytes());
    }

    #[test]
    fn any_patched_plan_is_read_or_refused(at in any::<prop::sample::Index>(), cut in 0..80_usize, patch in prop_oneof![Just(String::new()), ".{0,20}", "[\\[\\]=\"0-9a-z\n-]{0,20}"]) {
        let plan = include_str!("../../config/plans/rushan.toml");
        let from = plan.floor_char_boundary(at.index(plan.len()));
        let to = plan.floor_char_boundary((from + cut).min(plan.len()));
        doors::plan_file(&[&plan[..from], &patch, &plan[to..]].concat());
    }
}
