//! People who mean it: each begins something and goes on with what the bot shows them, while others press what is theirs.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::siege::{BOT, Seen, Siege};

/// Talks that are under way at the same time.
const TALKS: usize = 6;

/// Updates after which a talk is left as it is.
const MOST_STEPS: u32 = 30;

const OPENINGS: [&str; 24] = [
    "/report",
    "/report 6-1",
    "/report 1",
    "/todo",
    "/todo",
    "/terms",
    "/extend 6-1",
    "/extend 1",
    "/close 2-1",
    "/close 1",
    "/freeze 3-1",
    "/freeze 1",
    "/reopen 2-1",
    "/assign",
    "/meeting",
    "/project",
    "/invite",
    "/rebind 高伟",
    "/replace 高伟",
    "/liaison",
    "/away",
    "/unit 市商务局",
    "/matters",
    "/redact 9",
];

const TYPED: [&str; 16] = [
    "8",
    "3.5",
    "100",
    "按计划推进",
    "资金尚未到位",
    "无",
    "12月31日",
    "2027年3月31日",
    "12月1日至12月5日",
    "12月10日下午2点半 三楼会议室",
    "市商务局",
    "孙婧",
    "王芳 副局长",
    "6-1",
    "3000万元",
    "服务<中心>",
];

/// Leads out of a talk, or back.
const WAYS_OUT: [&str; 6] = ["退出", "上一步", "返回", "‹", "撤回", "不改"];

/// Ends the whole work: then nobody can enter anything more.
const ENDS_ALL: &str = "结束";

/// Somebody in the middle of something.
#[derive(Debug, Clone, Copy)]
struct Talk {
    account: i64,
    steps: u32,
    has_begun: bool,
}

/// The talks under way.
#[derive(Debug, Default)]
pub struct Pursuit {
    talks: Vec<Talk>,
}

impl Pursuit {
    /// The next step of somebody's; `members` have accounts on a roster.
    pub fn step(&mut self, rng: &mut Rng, siege: &Siege, members: &[i64]) -> Value {
        self.talks.retain(|talk| talk.steps < MOST_STEPS);
        while self.talks.len() < TALKS {
            let account = members[rng.usize(..members.len())];
            self.talks.push(Talk {
                account,
                steps: 0,
                has_begun: false,
            });
        }
        let at = rng.usize(..self.talks.len());
        let talk = &mut self.talks[at];
        talk.steps += 1;
        let account = talk.account;
        if !std::mem::replace(&mut talk.has_begun, true) || rng.u32(..14) == 0 {
            let opening = OPENINGS[rng.usize(..OPENINGS.len())];
            return says(rng, account, opening);
        }
        let newest = siege.seen.iter().rev().find(|seen| seen.chat == account);
        match newest.and_then(|seen| Some((seen, onward(rng, seen)?))) {
            Some((seen, data)) if rng.u32(..10) < 7 => presses(rng, account, seen, &data),
            Some(_) | None => {
                let typed = TYPED[rng.usize(..TYPED.len())];
                says(rng, account, typed)
            }
        }
    }
}

/// A button that leads on, mostly.
fn onward(rng: &mut Rng, seen: &Seen) -> Option<String> {
    let all = seen.labels.iter().zip(&seen.buttons);
    let leads_on = |label: &str| !WAYS_OUT.iter().any(|way| label.starts_with(way));
    let onward = all.filter(|(label, _)| leads_on(label) && !label.contains(ENDS_ALL));
    let onward: Vec<&String> = onward.map(|(_, data)| data).collect();
    let all: Vec<&String> = seen.buttons.iter().collect();
    let from = if onward.is_empty() || rng.u32(..20) == 0 {
        all
    } else {
        onward
    };
    (!from.is_empty()).then(|| from[rng.usize(..from.len())].clone())
}

/// A button of a message that stands in a chat as it is now, pressed there by whoever it is not for.
pub fn wrong_hands(rng: &mut Rng, siege: &Siege, account: i64) -> Option<Value> {
    let current: Vec<&Seen> = siege
        .seen
        .iter()
        .rev()
        .filter(|seen| seen.chat != account && !seen.buttons.is_empty())
        .take(60)
        .collect();
    let seen = *rng.choice(&current)?;
    let data = &seen.buttons[rng.usize(..seen.buttons.len())];
    Some(presses(rng, account, seen, data))
}

/// A press on a message where it stands.
fn presses(rng: &mut Rng, from: i64, seen: &Seen, data: &str) -> Value {
    let kind = if seen.chat > 0 {
        "private"
    } else {
        "supergroup"
    };
    json!({"callback_query": {
        "id": rng.u64(..).to_string(),
        "from": {"id": from, "first_name": "某人"},
        "message": {"message_id": seen.message_id, "date": 1, "chat": {"id": seen.chat, "type": kind}},
        "data": data,
    }})
}

/// Words in the own private chat, now and then as a reply.
fn says(rng: &mut Rng, from: i64, text: &str) -> Value {
    let mut message = json!({
        "message_id": rng.i32(5000..9000),
        "date": 1_795_400_000,
        "from": {"id": from, "first_name": "某人"},
        "chat": {"id": from, "type": "private"},
        "text": text,
    });
    if rng.u32(..8) == 0 {
        message["reply_to_message"] =
            json!({"message_id": rng.i32(1000..2000), "from": {"id": BOT, "is_bot": true}});
    }
    json!({"message": message})
}
