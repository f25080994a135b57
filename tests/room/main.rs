//! The rehearsal room as the page uses it: the real bot over the stand-in, conducted over HTTP.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duban::cli::{ConfigFiles, Ending, OpenRoom, RoomSettings, open_room, read_config};
use duban::rehearsal::desk::Desk;
use duban::rehearsal::{GROUP, STAND_IN_TOKEN, World, script};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// The office chief, and two who file.
const CHIEF: &str = "栾频";
const LI: &str = "李俊卿";

/// Monday morning, live, the cards just sent.
const MONDAY: &str = "@ 2026-11-23 08:30\n栾频> /start\n李俊卿> /start\n! add-bot 栾频\n! promote-bot 栾频\n栾频> /golive\n栾频> [正式启用]\n栾频> [确认启用]\n@ 2026-11-23 09:00\n";

struct Played {
    url: String,
    world: Arc<World>,
    /// The stand-in's address.
    api: String,
    rooms: PathBuf,
    client: reqwest::Client,
    conducting: JoinHandle<Ending>,
    _desk: Desk,
    _folder: TempDir,
}

fn config() -> ConfigFiles {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    read_config(&dir).1.unwrap()
}

async fn opened(settings: &RoomSettings) -> OpenRoom {
    let start = "2026-11-23T08:30:00+08:00".parse::<chrono::DateTime<chrono::FixedOffset>>();
    let start = start.unwrap().to_utc();
    open_room(&config(), start, settings).await.unwrap()
}

fn settings(rooms: &Path, strict: bool) -> RoomSettings {
    RoomSettings {
        listen: "127.0.0.1:0".parse().unwrap(),
        rooms: rooms.to_owned(),
        strict,
        bound: true,
    }
}

/// A room on Monday at nine, the clock standing still.
async fn monday(strict: bool) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let rooms = folder.path().join("rooms");
    let mut room = opened(&settings(&rooms, strict)).await;
    let lines = script::parse(MONDAY).unwrap();
    room.conductor.play("monday", lines, false);
    assert_eq!(room.conductor.run_script().await.unwrap(), None);
    played(room, rooms, folder)
}

fn played(room: OpenRoom, rooms: PathBuf, folder: TempDir) -> Played {
    let OpenRoom {
        desk,
        mut conductor,
    } = room;
    Played {
        url: desk.url(),
        api: conductor.stage().url(),
        world: conductor.stage().room().world().clone(),
        rooms,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        conducting: tokio::spawn(async move { conductor.run().await.unwrap() }),
        _desk: desk,
        _folder: folder,
    }
}

impl Played {
    async fn room(&self) -> Value {
        let answer = self.client.get(format!("{}/api/room", self.url)).send();
        answer.await.unwrap().json().await.unwrap()
    }

    /// The room as soon as it is so.
    async fn until(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut changed = self.world.subscribe();
        loop {
            changed.borrow_and_update();
            let room = self.room().await;
            if is_so(&room) {
                return room;
            }
            let waited =
                tokio::time::timeout(std::time::Duration::from_secs(60), changed.changed());
            waited
                .await
                .unwrap_or_else(|_| panic!("never {what}: {room:#}"))
                .unwrap();
        }
    }

    async fn at_rest(&self) -> Value {
        self.until("at rest", |room| room["busy"] == json!(false))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        let request = self.client.post(format!("{}{path}", self.url)).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        if answer["ok"] == json!(true) {
            Ok(answer)
        } else {
            Err(answer["error"].as_str().unwrap().to_owned())
        }
    }

    fn id(&self, name: &str) -> i64 {
        self.world.person_called(name).unwrap()
    }

    /// Writes in private.
    async fn say(&self, name: &str, text: &str) {
        let id = self.id(name);
        let body = json!({"user": id, "chat": id, "act": {"say": text}});
        self.post("/api/act", body).await.unwrap();
    }

    /// Taps the newest button that begins so, in private, as soon as it is there.
    async fn tap(&self, name: &str, label: &str) {
        let id = self.id(name);
        let what = format!("a button {label}");
        self.until(&what, |_| self.button(id, label).is_some())
            .await;
        let (message, row, column) = self.button(id, label).unwrap();
        let tap = json!({"message": message, "row": row, "column": column});
        let body = json!({"user": id, "chat": id, "act": {"tap": tap}});
        self.post("/api/act", body).await.unwrap();
    }

    fn button(&self, chat: i64, label: &str) -> Option<(i64, usize, usize)> {
        for message in self.world.messages(chat).iter().rev() {
            for (row, buttons) in message.keyboard.iter().enumerate() {
                if let Some(column) = buttons.iter().position(|one| one.text.starts_with(label)) {
                    return Some((message.id, row, column));
                }
            }
        }
        None
    }

    /// What the bot wrote last in this chat.
    fn newest(&self, chat: i64) -> String {
        let messages = self.world.messages(chat);
        let ours = messages.iter().rev().find(|message| message.is_ours);
        ours.map(|message| message.text.clone()).unwrap_or_default()
    }

    /// Whether one of our messages there says this; the digest's board comes behind the digest.
    fn was_told(&self, chat: i64, part: &str) -> bool {
        let messages = self.world.messages(chat);
        let mut ours = messages.iter().filter(|message| message.is_ours);
        ours.any(|message| message.text.contains(part))
    }

    async fn hears(&self, chat: i64, part: &str) {
        let what = format!("said {part}");
        self.until(&what, |_| self.newest(chat).contains(part))
            .await;
    }
}

#[tokio::test]
async fn in_an_unbound_room_the_first_start_link_makes_the_chief_known() {
    let folder = tempfile::tempdir().unwrap();
    let rooms = folder.path().join("rooms");
    let mut settings = settings(&rooms, true);
    settings.bound = false;
    let mut room = opened(&settings).await;
    let link = room.conductor.start_link().unwrap();
    let room = played(room, rooms, folder);
    let shown = room.until("shown", |room| room["bot"]["start_link"].is_string());
    assert_eq!(shown.await["bot"]["start_link"], json!(link));
    let chief = room.id(CHIEF);
    room.post(
        "/api/act",
        json!({"user": chief, "chat": chief, "act": {"follow": link}}),
    )
    .await
    .unwrap();
    room.hears(chief, CHIEF).await;
    room.say(CHIEF, "/status").await;
    room.hears(chief, "29").await;
    assert_eq!(room.room().await["violations"], json!([]));
}

#[tokio::test]
async fn a_member_answers_the_chief_asks_and_friday_brings_the_digest() {
    let room = monday(true).await;
    let li = room.id(LI);
    room.tap(LI, "填 6-1").await;
    room.hears(li, "6-1").await;
    room.tap(LI, "尚未完成").await;
    room.until("asked on", |_| !room.newest(li).contains("尚未完成"))
        .await;
    room.say(CHIEF, "/status").await;
    room.hears(room.id(CHIEF), "29").await;
    let before = room.room().await;
    let planned = before["planned"].as_array().unwrap();
    assert_eq!(planned.len(), 10);
    assert!(planned[0]["at"].as_str().unwrap() > before["now"].as_str().unwrap());
    room.post("/api/clock", json!({"jump": "2026-11-27T16:01:00+08:00"}))
        .await
        .unwrap();
    room.until("Friday", |room| {
        room["now"] == "2026-11-27T16:01:00+08:00" && room["busy"] == json!(false)
    })
    .await;
    assert!(room.was_told(GROUP, "第1期"), "{}", room.newest(GROUP));
    assert_eq!(room.room().await["violations"], json!([]));
    let past = room
        .post("/api/clock", json!({"jump": "2026-11-24T09:00:00+08:00"}))
        .await;
    assert!(past.unwrap_err().contains("只能向前拨"));
    assert_eq!(room.at_rest().await["now"], "2026-11-27T16:01:00+08:00");
}

#[tokio::test]
async fn the_next_thing_the_bot_does_is_one_jump_away() {
    let room = monday(true).await;
    let before = room.world.calls_made();
    let planned = room.room().await["planned"][0]["at"].clone();
    room.post("/api/clock", json!({"jump": "next"}))
        .await
        .unwrap();
    let there = room
        .until("there", |room| {
            room["now"] != "2026-11-23T09:00:00+08:00" && room["busy"] == json!(false)
        })
        .await;
    let (_, calls) = room.world.journal_from(before);
    assert!(calls.iter().any(|call| call.method == "sendMessage"));
    // Nothing later than the next card or digest, and not beyond what was sent.
    assert!(there["now"].as_str() <= planned.as_str(), "{there:#}");
    let newest = calls.last().unwrap().at;
    assert_eq!(newest, room.world.clock().now());
}

#[tokio::test]
async fn pausing_ends_a_jump_and_the_room_answers_meanwhile() {
    let room = monday(true).await;
    room.post("/api/clock", json!({"jump": "2046-01-01T09:00:00+08:00"}))
        .await
        .unwrap();
    let on_the_way = room
        .until("on the way", |room| {
            room["busy"] == json!(true) && room["now"].as_str().unwrap() > "2026-11-24"
        })
        .await;
    assert_eq!(on_the_way["until"], "2046-01-01T09:00:00+08:00");
    room.say(LI, "/help").await;
    room.hears(room.id(LI), "填报").await;
    room.post("/api/clock", json!({"speed": "paused"}))
        .await
        .unwrap();
    let rest = room.at_rest().await;
    assert!(rest["now"].as_str().unwrap() < "2046" && rest["until"].is_null());
}

#[tokio::test]
async fn a_running_clock_runs_and_full_speed_goes_from_event_to_event() {
    let room = monday(true).await;
    room.post("/api/clock", json!({"speed": "3600"}))
        .await
        .unwrap();
    room.until("an hour on", |room| {
        room["now"].as_str().unwrap() >= "2026-11-23T10:00:00"
    })
    .await;
    room.post("/api/clock", json!({"speed": "max"}))
        .await
        .unwrap();
    room.until("a week on", |room| {
        room["now"].as_str().unwrap() >= "2026-12-05"
    })
    .await;
    room.post("/api/clock", json!({"speed": "paused"}))
        .await
        .unwrap();
    room.until("paused", |room| room["speed"] == "paused").await;
    let digests: Vec<String> = room
        .world
        .messages(GROUP)
        .into_iter()
        .map(|one| one.text)
        .filter(|text| text.contains("工作周报"))
        .collect();
    assert!(digests.len() >= 2, "none was skipped: {digests:?}");
}

#[tokio::test]
async fn while_telegram_is_down_messages_queue_and_then_arrive() {
    let room = monday(true).await;
    room.post("/api/break", json!({"down": true}))
        .await
        .unwrap();
    room.until("down", |room| room["faults"]["down"] == json!(true))
        .await;
    room.post("/api/clock", json!({"jump": "2026-11-25T09:00:20+08:00"}))
        .await
        .unwrap();
    let tried = |room: &Value| {
        let queue = room["queue"].as_array().unwrap();
        queue
            .iter()
            .any(|row| row["attempts"].as_i64() > Some(1) && row["state"] == "waiting")
    };
    let queued = room.until("tried again", tried).await;
    assert!(
        queued["queue"][0]["error"].is_string(),
        "{}",
        queued["queue"]
    );
    room.until("Wednesday", |room| room["busy"] == json!(false))
        .await;
    room.post("/api/break", json!({"down": false}))
        .await
        .unwrap();
    room.until("up", |room| room["faults"]["down"] == json!(false))
        .await;
    room.post("/api/clock", json!({"jump": "2026-11-25T09:10:00+08:00"}))
        .await
        .unwrap();
    let delivered = |room: &Value| {
        let queue = room["queue"].as_array().unwrap();
        queue.iter().any(|row| row["state"] == "sent")
            && queue.iter().all(|row| row["state"] != "waiting")
    };
    room.until("delivered", delivered).await;
}

#[tokio::test]
async fn a_limit_is_kept_and_then_the_answer_comes() {
    let room = monday(true).await;
    let li = room.id(LI);
    room.post("/api/break", json!({"rate_limit": 30}))
        .await
        .unwrap();
    room.say(LI, "/help").await;
    let limited = room
        .until("limited", |room| {
            room["queue"]
                .as_array()
                .unwrap()
                .iter()
                .any(|row| row["attempts"].as_i64() > Some(0))
        })
        .await;
    assert!(limited["faults"]["rate_limited_until"].is_string());
    let calls = limited["calls"].as_array().unwrap();
    assert!(
        calls
            .iter()
            .any(|call| call["outcome"].as_str().unwrap().starts_with("429"))
    );
    room.post("/api/clock", json!({"jump": "2026-11-23T09:01:00+08:00"}))
        .await
        .unwrap();
    room.hears(li, "填报").await;
    assert_eq!(room.at_rest().await["violations"], json!([]));
}

#[tokio::test]
async fn a_bot_killed_in_mid_flight_goes_on_over_the_same_database() {
    let room = monday(true).await;
    let li = room.id(LI);
    room.post("/api/break", json!({"slow": true}))
        .await
        .unwrap();
    room.tap(LI, "填 6-1").await;
    room.post("/api/break", json!({"restart": "kill"}))
        .await
        .unwrap();
    room.post("/api/break", json!({"slow": false}))
        .await
        .unwrap();
    room.until("asked", |_| room.button(li, "尚未完成").is_some())
        .await;
    room.post("/api/break", json!({"stop": true}))
        .await
        .unwrap();
    room.until("stopped", |room| room["bot"]["running"] == json!(false))
        .await;
    room.tap(LI, "尚未完成").await;
    room.post("/api/break", json!({"start": true}))
        .await
        .unwrap();
    // The kill may have doubled the question; which of the two was tapped is not ours to say.
    let is_asked_on = || {
        let messages = room.world.messages(li);
        messages.iter().any(|one| one.text.contains("累计多少座"))
    };
    room.until("asked on", |_| is_asked_on()).await;
    assert_eq!(room.at_rest().await["bot"]["running"], json!(true));
}

#[tokio::test]
async fn a_saved_room_goes_on_where_it_was() {
    let room = monday(true).await;
    let li = room.id(LI);
    room.tap(LI, "填 6-1").await;
    room.until("asked", |_| room.button(li, "尚未完成").is_some())
        .await;
    room.at_rest().await;
    room.post("/api/save", json!({"name": "周一"}))
        .await
        .unwrap();
    let kept = room.at_rest().await;
    assert_eq!(kept["saved"], json!(["周一"]));
    let before = room.world.messages(li);
    room.post("/api/clock", json!({"jump": "2026-12-04T09:00:00+08:00"}))
        .await
        .unwrap();
    room.until("later", |room| {
        room["now"].as_str().unwrap() >= "2026-12-04" && room["busy"] == json!(false)
    })
    .await;
    room.post("/api/open", json!({"name": "周一"}))
        .await
        .unwrap();
    let again = room.at_rest().await;
    for same in ["now", "room", "people", "groups", "planned", "chats"] {
        assert_eq!(again[same], kept[same], "{same}");
    }
    assert_eq!(room.world.messages(li), before);
    room.tap(LI, "尚未完成").await;
    room.until("the talk goes on", |_| room.world.messages(li) != before)
        .await;
    room.post("/api/clock", json!({"jump": "2026-11-27T16:01:00+08:00"}))
        .await
        .unwrap();
    room.until("Friday", |room| {
        room["now"] == "2026-11-27T16:01:00+08:00" && room["busy"] == json!(false)
    })
    .await;
    assert!(room.was_told(GROUP, "第1期"));

    let mut elsewhere = opened(&settings(&room.rooms, true)).await;
    elsewhere.open_kept(&room.rooms.join("周一")).await.unwrap();
    let messages = elsewhere.conductor.stage().room().world().messages(li);
    assert_eq!(messages, before, "another program opens it too");
}

#[tokio::test]
async fn a_room_that_is_broken_newer_or_no_room_leaves_this_one_as_it_is() {
    let room = monday(true).await;
    room.post("/api/save", json!({"name": "a"})).await.unwrap();
    room.post("/api/save", json!({"name": "a"})).await.unwrap();
    for bad in ["../a", "", ".", "a/b", "a\u{0}"] {
        assert!(
            room.post("/api/save", json!({"name": bad})).await.is_err(),
            "{bad:?}"
        );
        assert!(
            room.post("/api/open", json!({"name": bad})).await.is_err(),
            "{bad:?}"
        );
    }
    let folder = room.rooms.join("a");
    let json = fs::read_to_string(folder.join("room.json")).unwrap();
    let before = room.at_rest().await;
    let newer = json.replacen("\"version\":1", "\"version\":2", 1);
    let inner = json.replacen("\\\"version\\\":1", "\\\"version\\\":9", 1);
    for (content, part) in [
        (newer.as_str(), "更新的版本"),
        (&inner, "newer program"),
        (&json[..json.floor_char_boundary(json.len() / 2)], ""),
        ("{}", "version"),
    ] {
        let content = String::from_utf8_lossy(content.as_bytes()).into_owned();
        fs::write(folder.join("room.json"), content).unwrap();
        let refused = room
            .post("/api/open", json!({"name": "a"}))
            .await
            .unwrap_err();
        assert!(
            refused.contains(part) && !refused.contains('\n'),
            "{refused}"
        );
    }
    fs::write(folder.join("room.json"), &json).unwrap();
    fs::write(
        folder.join("duban.db"),
        "no database at all, but long enough to be looked at as one",
    )
    .unwrap();
    assert!(room.post("/api/open", json!({"name": "a"})).await.is_err());
    assert!(
        room.post("/api/open", json!({"name": "nowhere"}))
            .await
            .is_err()
    );
    let after = room.at_rest().await;
    assert_eq!(
        (&after["now"], &after["chats"]),
        (&before["now"], &before["chats"])
    );
    room.say(LI, "/help").await;
    room.hears(room.id(LI), "填报").await;
}

#[tokio::test]
async fn a_script_is_played_live_and_says_where_it_fails() {
    let room = monday(true).await;
    let text = "@ 2026-11-23 09:05\n李俊卿> [填 6-1]\n李俊卿> [没有这个按钮]\n李俊卿> 8座\n";
    room.post("/api/script", json!({"text": text, "name": "试"}))
        .await
        .unwrap();
    let ended = room
        .until("failed", |room| room["script"]["error"].is_string())
        .await;
    let script = &ended["script"];
    assert_eq!(
        (&script["name"], &script["line"], &script["lines"]),
        (&json!("试"), &json!(3), &json!(4))
    );
    assert!(script["error"].as_str().unwrap().contains("没有这个按钮"));
    assert!(
        room.newest(room.id(LI)).contains("6-1"),
        "the lines before were played"
    );
    let refused = room.post("/api/script", json!({"text": "! explode"})).await;
    assert!(refused.unwrap_err().contains("line 1"));
    room.post("/api/script", json!({"text": "@ 2046-01-01 09:00"}))
        .await
        .unwrap();
    room.until("playing", |room| room["busy"] == json!(true))
        .await;
    room.post("/api/script", json!({"stop": true}))
        .await
        .unwrap();
    let stopped = room.at_rest().await;
    assert!(stopped["now"].as_str().unwrap() < "2046" && stopped["script"].is_null());
}

#[tokio::test]
async fn a_violation_ends_a_strict_room_and_is_shown_in_any() {
    for strict in [true, false] {
        let room = monday(strict).await;
        let api = format!("{}/bot{STAND_IN_TOKEN}/sendMessage", room.api);
        let body = json!({"chat_id": room.id(LI), "text": "x", "silent": true});
        let sent = room.client.post(api).json(&body).send().await.unwrap();
        assert!(sent.status().is_success());
        let seen = room
            .until("seen", |room| room["violations"] != json!([]))
            .await;
        assert_eq!(seen["violations"][0]["what"], "unknown parameter silent");
        if strict {
            // At once, and not only when somebody does something.
            assert_eq!(room.conducting.await.unwrap(), Ending::Violated);
        } else {
            room.say(LI, "/help").await;
            room.hears(room.id(LI), "填报").await;
        }
    }
}
