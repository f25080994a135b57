//! Random updates: everybody there is, members and strangers, says, taps and forges whatever there is.

use duban::conversation::payload::Payload;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::pursuit::{Pursuit, wrong_hands};
use crate::siege::{BOT, EX_MEMBER, FIRST_ACCOUNT, GROUPS, Siege};

/// Accounts on no roster.
const STRANGERS: [i64; 6] = [9001, 9002, 9003, 9004, 9005, 777_001];

/// Administrators who write as the group, people who write as a channel, forwards from a linked channel.
const MASKS: [i64; 3] = [1_087_968_824, 136_817_688, 777_000];

/// How many accounts there are on the rosters, about.
const MEMBERS: i64 = 30;

const WORDS: [&str; 58] = [
    "/start",
    "/help",
    "/status",
    "/status 6",
    "/status 市商务局",
    "/report",
    "/report 6-1",
    "/report 7",
    "/digest",
    "/digest fix 16 错了",
    "/golive",
    "/pause 汛情",
    "/resume",
    "/here",
    "/invite",
    "/invite 孙婧",
    "/rebind 孙婧",
    "/iam 孙婧",
    "/iam 栾频",
    "/terms",
    "/todo",
    "/export",
    "/redact",
    "/assign 办一件事",
    "/meeting",
    "/replace 孙婧 王一",
    "/liaison 王一",
    "/unit",
    "/away 12月1日",
    "/finish",
    "/cancel",
    "/switch",
    "/urge 6-1",
    "/board",
    "/start report_6-1",
    "/start 0123456789abcdef0123456789abcdef",
    "/start@duban_bot x",
    "8",
    "0.4万",
    "100%",
    "正常",
    "已完成",
    "是",
    "提交",
    "王一 市商务局",
    "无",
    "同上次",
    "12月10日",
    "<b>粗</b><a href=\"https://evil.example\">点</a>",
    "'; DROP TABLE entries; --",
    "=HYPERLINK(\"http://evil\")",
    "../../etc/passwd",
    "\u{202e}反",
    "一二三四五六七八九十",
    "需要市财政局协调资金",
    "不知道",
    "\u{0}",
    "退出",
];

/// Everybody there is.
#[derive(Debug, Default)]
pub struct Crowd {
    pursuit: Pursuit,
}

impl Crowd {
    /// A body as anybody may bring it about.
    pub fn body(
        &mut self,
        rng: &mut Rng,
        siege: &Siege,
        corpus: &[Value],
        update_id: i64,
    ) -> Vec<u8> {
        let mut update = match rng.u32(..100) {
            0..15 => mutated(rng, siege, corpus),
            15..50 => {
                let members: Vec<i64> = (FIRST_ACCOUNT..FIRST_ACCOUNT + MEMBERS).collect();
                self.pursuit.step(rng, siege, &members)
            }
            50..65 => press_of_others(rng, siege),
            65..75 => press(rng, siege),
            75..91 => message(rng, siege, "message"),
            91..95 => message(rng, siege, "edited_message"),
            95..98 => file(rng, siege),
            _ => membership(rng),
        };
        // Now and then one that was there before.
        let id = match rng.u32(..50) {
            0 => update_id - rng.i64(1..100),
            _ => update_id,
        };
        if let Some(fields) = update.as_object_mut() {
            fields.insert("update_id".to_owned(), json!(id));
        }
        let mut body = update.to_string().into_bytes();
        if rng.u32(..100) == 0 {
            torn(rng, &mut body);
        }
        body
    }
}

/// A button as it stands now, pressed by a stranger, somebody whose binding ended, or a member of whatever task force.
fn press_of_others(rng: &mut Rng, siege: &Siege) -> Value {
    let from = match rng.u32(..10) {
        0..2 => *one(rng, &STRANGERS),
        2..4 => EX_MEMBER,
        _ => FIRST_ACCOUNT + rng.i64(..MEMBERS),
    };
    wrong_hands(rng, siege, from).unwrap_or_else(|| press(rng, siege))
}

fn one<'a, T>(rng: &mut Rng, all: &'a [T]) -> &'a T {
    &all[rng.usize(..all.len())]
}

fn account(rng: &mut Rng) -> i64 {
    match rng.u32(..100) {
        0..55 => FIRST_ACCOUNT + rng.i64(..MEMBERS),
        55..60 => EX_MEMBER,
        60..70 => *one(rng, &MASKS),
        70..72 => BOT,
        _ => *one(rng, &STRANGERS),
    }
}

fn user(rng: &mut Rng, id: i64) -> Value {
    json!({
        "id": id,
        "is_bot": id == BOT || MASKS[..2].contains(&id) || rng.u32(..40) == 0,
        "first_name": one(rng, &WORDS),
        "username": "somebody",
    })
}

/// A private chat with `from`, a group, a channel or somebody else's private chat, with a type that may be wrong.
fn chat(rng: &mut Rng, from: i64) -> Value {
    let id = match rng.u32(..100) {
        0..50 => from,
        50..95 => *one(rng, &GROUPS),
        95..98 => -1099,
        _ => account(rng),
    };
    let kind = match (id, rng.u32(..50)) {
        (_, 0) => "channel",
        (_, 1) => "",
        (-1099, _) => "channel",
        (1.., _) => "private",
        _ => "supergroup",
    };
    json!({"id": id, "type": kind, "title": one(rng, &WORDS)})
}

fn words(rng: &mut Rng, siege: &Siege) -> String {
    match rng.u32(..20) {
        0 => button(rng, siege),
        1 => "长".repeat(rng.usize(..5000)),
        2 => (0..rng.usize(..40)).map(|_| rng.char(..)).collect(),
        3 => format!("{} {}", one(rng, &WORDS), one(rng, &WORDS)),
        _ => (*one(rng, &WORDS)).to_owned(),
    }
}

/// Button data: somebody's, somebody's with a letter changed, or made up.
fn button(rng: &mut Rng, siege: &Siege) -> String {
    let buttons: Vec<&String> = siege.seen.iter().flat_map(|seen| &seen.buttons).collect();
    let known = match buttons.as_slice() {
        [] => "o:x".to_owned(),
        buttons => one(rng, buttons).to_string(),
    };
    match rng.u32(..10) {
        0..6 => known,
        6..9 => changed(rng, &known),
        _ => {
            let letters = b"rpoqmsdfcah:::0123456789xytnbdeiglus-";
            let data = (0..rng.usize(..64)).map(|_| char::from(*one(rng, letters)));
            data.collect()
        }
    }
}

fn changed(rng: &mut Rng, data: &str) -> String {
    let letters: Vec<char> = data.chars().collect();
    if letters.is_empty() {
        return "r:s".to_owned();
    }
    let at = rng.usize(..letters.len());
    let with = *one(rng, &['0', '1', '2', '9', 'a', 'y', 'n', ':', '-', 'd']);
    let changed = letters.iter().enumerate();
    changed
        .map(|(place, letter)| if place == at { with } else { *letter })
        .collect()
}

fn press(rng: &mut Rng, siege: &Siege) -> Value {
    let from = account(rng);
    let data = button(rng, siege);
    // Whatever decodes is written again as it was.
    if let Some(payload) = Payload::decode(&data) {
        assert_eq!(
            Payload::decode(&payload.encode()).as_ref(),
            Some(&payload),
            "{data}"
        );
    }
    let mut press = Map::new();
    press.insert("id".to_owned(), json!(rng.u64(..).to_string()));
    press.insert("from".to_owned(), user(rng, from));
    press.insert("data".to_owned(), json!(data));
    if rng.u32(..20) > 0 {
        let on = match (rng.u32(..4), siege.seen.as_slice()) {
            (0, _) | (_, []) => {
                json!({"message_id": rng.i32(1..2000), "date": rng.i64(..2), "chat": chat(rng, from)})
            }
            (1, seen) => {
                json!({"message_id": one(rng, seen).message_id, "date": 1, "chat": chat(rng, from)})
            }
            (_, seen) => {
                let seen = one(rng, seen);
                let kind = if seen.chat > 0 {
                    "private"
                } else {
                    "supergroup"
                };
                json!({"message_id": seen.message_id, "date": 1, "chat": {"id": seen.chat, "type": kind}})
            }
        };
        press.insert("message".to_owned(), on);
    }
    json!({"callback_query": press})
}

fn message(rng: &mut Rng, siege: &Siege, kind: &str) -> Value {
    let from = account(rng);
    let mut message = json!({
        "message_id": rng.i32(1..5000),
        "date": 1_795_400_000,
        "from": user(rng, from),
        "chat": chat(rng, from),
        "text": words(rng, siege),
    });
    if MASKS.contains(&from) || rng.u32(..60) == 0 {
        message["sender_chat"] = json!({"id": *one(rng, &GROUPS), "type": "channel"});
    }
    if rng.u32(..3) == 0 && !siege.seen.is_empty() {
        let replied = one(rng, &siege.seen).message_id;
        message["reply_to_message"] = json!({"message_id": replied, "from": {"id": BOT, "is_bot": true}, "text": words(rng, siege)});
    }
    if rng.u32(..300) == 0 {
        message["migrate_to_chat_id"] = json!(-2000 - rng.i64(..10));
    }
    if rng.u32(..300) == 0 {
        message["forum_topic_closed"] = json!({});
    }
    json!({kind: message})
}

fn file(rng: &mut Rng, siege: &Siege) -> Value {
    let mut update = message(rng, siege, "message");
    let name = words(rng, siege);
    let message = &mut update["message"];
    message["caption"] = message["text"].take();
    if let Some(fields) = message.as_object_mut() {
        fields.remove("text");
    }
    message["document"] = json!({"file_id": "f", "file_unique_id": rng.u32(..).to_string(), "file_name": name, "file_size": rng.u64(..)});
    if rng.bool() {
        message["media_group_id"] = json!(rng.u32(..9).to_string());
    }
    update
}

fn membership(rng: &mut Rng) -> Value {
    let from = account(rng);
    let status = *one(
        rng,
        &[
            "member",
            "administrator",
            "left",
            "kicked",
            "restricted",
            "x",
        ],
    );
    json!({"my_chat_member": {
        "chat": chat(rng, from),
        "from": user(rng, from),
        "new_chat_member": {"status": status, "is_member": rng.bool()},
    }})
}

/// An update of the corpus in somebody's name, with some of its values changed.
fn mutated(rng: &mut Rng, siege: &Siege, corpus: &[Value]) -> Value {
    let mut update = one(rng, corpus).clone();
    let from = account(rng);
    name_people(rng, &mut update, from);
    for _ in 0..rng.u32(..4) {
        let depth = rng.u32(1..8);
        change(rng, siege, &mut update, depth);
    }
    update
}

/// Whoever and wherever it says is somebody and somewhere we know.
fn name_people(rng: &mut Rng, value: &mut Value, from: i64) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match name.as_str() {
                    "from" if value.is_object() => *value = user(rng, from),
                    "chat" if value.is_object() => *value = chat(rng, from),
                    _ => name_people(rng, value, from),
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| name_people(rng, value, from)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn change(rng: &mut Rng, siege: &Siege, value: &mut Value, depth: u32) {
    let inner = match value {
        Value::Object(fields) if depth > 0 && !fields.is_empty() => {
            let at = rng.usize(..fields.len());
            fields.iter_mut().nth(at).map(|(_, value)| value)
        }
        Value::Array(values) if depth > 0 && !values.is_empty() => {
            let at = rng.usize(..values.len());
            values.get_mut(at)
        }
        _ => None,
    };
    match inner {
        Some(inner) => change(rng, siege, inner, depth - 1),
        None => *value = odd(rng, siege),
    }
}

fn odd(rng: &mut Rng, siege: &Siege) -> Value {
    match rng.u32(..10) {
        0 => Value::Null,
        1 => json!(i64::MAX),
        2 => json!(i64::MIN),
        3 => json!(1e300),
        4 => json!(true),
        5 => json!([]),
        6 => json!({}),
        7 => json!(account(rng)),
        8 => json!([[[{"a": [1]}]]]),
        _ => json!(words(rng, siege)),
    }
}

fn torn(rng: &mut Rng, body: &mut Vec<u8>) {
    let at = rng.usize(..body.len());
    match rng.u32(..3) {
        0 => body.truncate(at),
        1 => body[at] = rng.u8(..),
        _ => body.insert(at, rng.u8(..)),
    }
}
