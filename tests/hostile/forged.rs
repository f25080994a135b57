//! Buttons, links and names in the wrong hands: what another person's button, a guessed or stolen link and a mask are good for.

use duban::plan::TaskForceId;
use fastrand::Rng;
use serde_json::json;

use crate::siege::{BOT, EX_MEMBER, GROUPS, MARKUP, Siege, people};

const STRANGER: i64 = 9001;

struct Forger {
    siege: Siege,
    update_id: i64,
}

/// The account of a person of a task force.
fn account(task_force: &str, person: &str) -> i64 {
    let mut people = people().into_iter();
    let found = people.find(|(id, known, _)| id.as_str() == task_force && known.as_str() == person);
    found.unwrap().2.user_id
}

fn kind(chat: i64) -> &'static str {
    if chat > 0 { "private" } else { "supergroup" }
}

impl Forger {
    /// The code of a link that the office has made for somebody who is not bound.
    async fn invites(&mut self, chief: i64) -> String {
        self.say(chief, chief, "/invite 侯世俊").await;
        let code = self.link_in(chief);
        self.entered();
        code
    }

    async fn open() -> Self {
        Self {
            siege: Siege::open(3).await,
            update_id: 0,
        }
    }

    /// Every update is judged on its way: who enters anything must have the right to it, and be who sent it.
    async fn post(&mut self, mut update: serde_json::Value) {
        self.update_id += 1;
        update["update_id"] = json!(self.update_id);
        let came = self.siege.receive(update.to_string().as_bytes()).await;
        came.unwrap_or_else(|why| panic!("{why}: {update}"));
    }

    async fn say(&mut self, from: i64, chat: i64, text: &str) {
        let message = json!({
            "message_id": self.update_id + 1,
            "from": {"id": from, "first_name": "某人"},
            "chat": {"id": chat, "type": kind(chat)},
            "text": text,
        });
        self.post(json!({"message": message})).await;
    }

    async fn press(&mut self, from: i64, chat: i64, message_id: i32, data: &str) {
        let press = json!({
            "id": "1",
            "from": {"id": from, "first_name": "某人"},
            "message": {"message_id": message_id, "date": 1, "chat": {"id": chat, "type": kind(chat)}},
            "data": data,
        });
        self.post(json!({"callback_query": press})).await;
    }

    /// What people entered since the last time.
    fn entered(&mut self) -> usize {
        std::mem::take(&mut self.siege.by_people).values().sum()
    }

    /// The buttons the office's chief has before them after all they can ask for.
    async fn buttons_of(&mut self, chief: i64) -> Vec<(i32, String)> {
        for command in [
            "/todo",
            "/terms",
            "/pause 汛情",
            "/finish",
            "/invite",
            "/replace 孙婧 王一",
            "/unit",
            "/assign 办一件事",
            "/meeting",
            "/report",
            "/report 6-1",
            "/status",
            "/digest",
            "/golive",
            "/liaison",
            "/away",
            "/export",
            "/help",
        ] {
            self.say(chief, chief, command).await;
        }
        let seen = self.siege.seen.iter().filter(|seen| seen.chat == chief);
        seen.flat_map(|seen| {
            seen.buttons
                .iter()
                .map(|data| (seen.message_id, data.clone()))
        })
        .collect()
    }

    /// The code of the newest link the bot gave to this chat.
    fn link_in(&self, chat: i64) -> String {
        let bodies = self
            .siege
            .seen
            .iter()
            .rev()
            .filter(|seen| seen.chat == chat)
            .map(|seen| &seen.body);
        let mut codes = bodies.filter_map(|body| body.split_once("?start=").map(|(_, rest)| rest));
        let code = codes
            .find(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()))
            .unwrap();
        code.chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

#[tokio::test]
async fn the_offices_buttons_do_nothing_in_anybody_elses_hands() {
    let mut forger = Forger::open().await;
    let chief = account("rushan", "luan-pin");
    let buttons = forger.buttons_of(chief).await;
    assert!(buttons.len() > 40, "{}", buttons.len());
    forger.entered();
    let forgers = [
        STRANGER,
        EX_MEMBER,
        account("flood", "wu-yi"),
        account("greening", "liu-jia"),
    ];
    for from in forgers {
        for (message_id, data) in &buttons {
            for chat in [from, chief, GROUPS[0], GROUPS[1], GROUPS[3]] {
                forger.press(from, chat, *message_id, data).await;
            }
        }
        // In their own task force a chief has rights; a button of ours gives none here.
        let here = forger.siege.by_people.remove(&TaskForceId::from("rushan"));
        assert_eq!(here, None, "{from}");
        let elsewhere = forger.entered();
        assert!(elsewhere == 0 || ![STRANGER, EX_MEMBER].contains(&from));
    }
    // A member has rights of their own, and may use them; the law on the way says that there are no others.
    let member = account("rushan", "sun-hongbin");
    for (message_id, data) in &buttons {
        forger.press(member, chief, *message_id, data).await;
    }
    forger.entered();
    // In the right hands they do what they say.
    for (message_id, data) in &buttons {
        forger.press(chief, chief, *message_id, data).await;
    }
    assert!(forger.entered() > 0, "the buttons are dead");
}

#[tokio::test]
async fn guessed_and_changed_button_data_does_nothing_for_a_stranger() {
    let mut forger = Forger::open().await;
    let chief = account("rushan", "luan-pin");
    let buttons = forger.buttons_of(chief).await;
    forger.entered();
    let mut rng = Rng::with_seed(11);
    for _ in 0..4_000 {
        let (message_id, data) = &buttons[rng.usize(..buttons.len())];
        let mut data = data.clone().into_bytes();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..data.len());
            data[at] = *rng
                .choice(b"0123456789abcdefghijklmnopqrstuvwxyz:-")
                .unwrap();
        }
        let data = String::from_utf8(data).unwrap();
        let chat = *rng.choice(&[STRANGER, chief, GROUPS[0]]).unwrap();
        forger.press(STRANGER, chat, *message_id, &data).await;
    }
    assert_eq!(forger.entered(), 0);
}

#[tokio::test]
async fn a_guessed_link_binds_nobody() {
    let mut forger = Forger::open().await;
    let code = forger.invites(account("rushan", "luan-pin")).await;
    assert_eq!(code.len(), 32, "128 bits: {code}");
    let mut rng = Rng::with_seed(5);
    for length in [0, 1, 31, 33, 64] {
        let cut: String = code.chars().cycle().take(length).collect();
        forger
            .say(STRANGER, STRANGER, &format!("/start {cut}"))
            .await;
    }
    for _ in 0..300 {
        let guess: String = (0..32)
            .map(|_| *rng.choice(b"0123456789abcdef").unwrap() as char)
            .collect();
        forger
            .say(STRANGER, STRANGER, &format!("/start {guess}"))
            .await;
    }
    // The ledger keeps a digest of the code, which is no code.
    let stored = duban::ledger::code_sha256(&code);
    forger
        .say(STRANGER, STRANGER, &format!("/start {stored}"))
        .await;
    forger
        .say(STRANGER, GROUPS[0], &format!("/start@duban_bot {code}"))
        .await;
    assert_eq!(forger.entered(), 0);
}

#[tokio::test]
async fn a_stolen_link_is_seen_and_ends() {
    let mut forger = Forger::open().await;
    let (chief, member) = (
        account("rushan", "luan-pin"),
        account("rushan", "sun-hongbin"),
    );
    let code = forger.invites(chief).await;
    // Who is bound stays who they are.
    forger.say(member, member, &format!("/start {code}")).await;
    let task_force = "rushan".into();
    let standing = forger
        .siege
        .service()
        .standing_now(&task_force)
        .await
        .unwrap();
    assert_eq!(
        standing
            .person_of(member)
            .map(ToString::to_string)
            .as_deref(),
        Some("sun-hongbin")
    );
    forger.entered();
    // Whoever has the link is bound by it; the office sees by which account, with the button that ends it.
    forger
        .say(STRANGER, STRANGER, &format!("/start {code}"))
        .await;
    assert_eq!(forger.entered(), 1);
    let told = forger
        .siege
        .seen
        .iter()
        .rev()
        .find(|seen| seen.chat == chief)
        .unwrap()
        .clone();
    assert!(
        told.body.contains("某人") && told.body.contains("侯世俊"),
        "{}",
        told.body
    );
    forger.say(9002, 9002, &format!("/start {code}")).await;
    assert_eq!(forger.entered(), 0, "used twice");
    forger
        .press(chief, chief, told.message_id, told.buttons.first().unwrap())
        .await;
    assert_eq!(forger.entered(), 1);
    let standing = forger
        .siege
        .service()
        .standing_now(&task_force)
        .await
        .unwrap();
    assert_eq!(standing.person_of(STRANGER), None);
}

#[tokio::test]
async fn behind_a_mask_nobody_has_a_right() {
    let mut forger = Forger::open().await;
    let chief = account("rushan", "luan-pin");
    let masks = [
        json!({"from": {"id": 1_087_968_824, "is_bot": true}, "sender_chat": {"id": GROUPS[0], "type": "supergroup"}}),
        json!({"from": {"id": 136_817_688, "is_bot": true}, "sender_chat": {"id": -1099, "type": "channel"}}),
        // What a linked channel posts comes into its group by itself.
        json!({"from": {"id": 777_000}, "sender_chat": {"id": -1099, "type": "channel"}, "is_automatic_forward": true}),
        json!({"from": {"id": chief}, "sender_chat": {"id": -1099, "type": "channel"}}),
        json!({"sender_chat": {"id": -1099, "type": "channel"}}),
        json!({"from": {"id": BOT, "is_bot": true}}),
        json!({"from": {"id": 9005, "is_bot": true}}),
    ];
    for mask in masks {
        for command in [
            "/here",
            "/golive",
            "/pause 汛情",
            "/resume",
            "/finish",
            "/invite 侯世俊",
            "/report 6-1",
            "/iam 侯世俊",
            "8",
        ] {
            for (kind, place) in [
                ("message", GROUPS[0]),
                ("edited_message", GROUPS[0]),
                ("message", GROUPS[3]),
                ("channel_post", -1099),
            ] {
                let mut message = mask.clone();
                message["message_id"] = json!(1);
                message["chat"] = json!({"id": place, "type": if place == -1099 { "channel" } else { "supergroup" }});
                message["text"] = json!(command);
                forger.post(json!({kind: message})).await;
            }
        }
    }
    assert_eq!(forger.entered(), 0);
    // The same word under one's own name counts.
    forger.say(chief, GROUPS[0], "/pause 汛情").await;
    forger.say(chief, chief, "/invite 侯世俊").await;
    assert!(forger.entered() > 0);
}

#[tokio::test]
async fn typed_markup_comes_back_as_text() {
    let mut forger = Forger::open().await;
    let chief = account("rushan", "luan-pin");
    // Every message is looked through as it is sent; names and words come back in many.
    for markup in MARKUP {
        for command in [
            "/status ",
            "/assign ",
            "/pause ",
            "/iam ",
            "/invite ",
            "/replace 孙婧 ",
            "/unit ",
            "/digest ",
            "/redact 6-1 ",
            "",
        ] {
            for from in [chief, STRANGER] {
                forger.say(from, from, &format!("{command}{markup}")).await;
            }
        }
        let named = json!({"message": {"message_id": 1, "from": {"id": 9003, "first_name": markup}, "chat": {"id": 9003, "type": "private"}, "text": "/iam 侯世俊"}});
        forger.post(named).await;
    }
    let echoed = forger
        .siege
        .seen
        .iter()
        .filter(|seen| seen.body.contains("&lt;"))
        .count();
    assert!(echoed > 4, "{echoed} messages have what was typed");
}
