//! The server as the real client library sees it, over HTTP.

mod desk;
mod faults;
mod files;
mod messages;
mod people;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use teloxide::net::Download;
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, BotCommandScope, ChatId, FileId, ForceReply, InlineKeyboardButton,
    InlineKeyboardMarkup, InputFile, InputMedia, InputMediaDocument, MessageEntityKind, MessageId,
    ParseMode, Recipient, ReplyParameters, ThreadId, UpdateKind, UserId,
};
use teloxide::{ApiError, RequestError};

use super::*;
use crate::clock::Clock;

const GROUP: i64 = -1_001_234_567_890;
const ZHANG: i64 = 101;
const LI: i64 = 102;

struct Stage {
    server: Server,
    world: Arc<World>,
    bot: Bot,
    clock: Clock,
}

fn second(n: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + n, 0).unwrap()
}

fn bot_at(server: &Server) -> Bot {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    Bot::with_client(server.token(), client).set_api_url(server.url().parse().unwrap())
}

/// A group with two members and the bot; both people have opened a private chat; nothing is queued.
async fn stage() -> Stage {
    let clock = Clock::manual(second(0));
    let server = Server::start(clock.clone(), "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let world = server.world();
    world.add_user(ZHANG, "张新龙", "zhang_xl");
    world.add_user(LI, "李俊卿", "");
    world.add_group(GROUP, "乳山专班");
    world.join(GROUP, ZHANG);
    world.join(GROUP, LI);
    world.add_bot(GROUP, ZHANG);
    world.start(ZHANG, "");
    world.start(LI, "");
    let bot = bot_at(&server);
    let stage = Stage {
        server,
        world,
        bot,
        clock,
    };
    stage.drain().await;
    stage
}

impl Stage {
    /// Fetches and acknowledges everything queued.
    async fn drain(&self) -> Vec<teloxide::types::Update> {
        let found = self.bot.get_updates().timeout(0).await.unwrap();
        if let Some(last) = found.last() {
            self.bot
                .get_updates()
                .offset(last.id.as_offset())
                .timeout(0)
                .await
                .unwrap();
        }
        found
    }

    /// Seconds after the start.
    fn at(&self, n: i64) {
        self.clock.set(second(n));
    }

    async fn post_json(&self, method: &str, body: Value) -> (u16, Value) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/bot{}/{method}", self.server.url(), self.server.token());
        let answer = client.post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    fn no_violations(&self) {
        assert_eq!(self.world.violations(), []);
    }
}

fn shown(error: RequestError) -> String {
    match error {
        RequestError::Api(ApiError::Unknown(text)) => text,
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn the_client_library_knows_the_bot() {
    let stage = stage().await;
    let me = stage.bot.get_me().await.unwrap();
    assert_eq!(
        (me.username(), me.user.id.0),
        (BOT_USERNAME, u64::try_from(BOT_ID).unwrap())
    );
    assert!(!me.can_read_all_group_messages);
    stage.world.set_privacy(false);
    assert!(
        stage
            .bot
            .get_me()
            .await
            .unwrap()
            .can_read_all_group_messages
    );
    stage.no_violations();
}

#[tokio::test]
async fn a_poll_waits_by_the_clock_and_offsets_acknowledge() {
    let stage = stage().await;
    let waiting = tokio::spawn(stage.bot.get_updates().timeout(30).send());
    stage.world.say(ZHANG, ZHANG, "第一");
    let found = waiting.await.unwrap().unwrap();
    assert_eq!(found.len(), 1, "answered at once when something is there");
    stage.world.say(ZHANG, ZHANG, "第二");
    let again = stage.bot.get_updates().timeout(0).await.unwrap();
    assert_eq!(again.len(), 2, "what was not acknowledged comes again");
    let last = stage.bot.get_updates().offset(-1).timeout(0).await.unwrap();
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].id, again[1].id);
    let offset = last[0].id.as_offset();
    let mut changed = stage.world.subscribe();
    let waiting = tokio::spawn(stage.bot.get_updates().offset(offset).timeout(30).send());
    changed.changed().await.unwrap();
    assert_eq!(stage.world.pending_updates().len(), 0);
    stage.at(31);
    assert_eq!(waiting.await.unwrap().unwrap().len(), 0);
}

#[tokio::test]
async fn a_second_poll_ends_the_first_with_409() {
    let stage = stage().await;
    let mut changed = stage.world.subscribe();
    let first = tokio::spawn(stage.bot.get_updates().timeout(30).send());
    changed.changed().await.unwrap();
    let second = tokio::spawn(stage.bot.get_updates().timeout(30).send());
    let ended = first.await.unwrap().unwrap_err();
    assert!(
        matches!(
            ended,
            RequestError::Api(ApiError::TerminatedByOtherGetUpdates)
        ),
        "{ended:?}"
    );
    stage.world.say(ZHANG, ZHANG, "在吗");
    assert_eq!(second.await.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn a_wrong_token_method_or_parameter_is_noticed() {
    let stage = stage().await;
    let other = Bot::with_client(
        "123:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        reqwest::Client::builder().no_proxy().build().unwrap(),
    );
    let other = other.set_api_url(stage.server.url().parse().unwrap());
    assert!(matches!(
        other.get_me().await.unwrap_err(),
        RequestError::Api(ApiError::InvalidToken)
    ));
    let (status, body) = stage.post_json("sendMassage", json!({})).await;
    assert_eq!(
        (status, &body["description"]),
        (404, &json!("Not Found: method not found"))
    );
    let (status, body) = stage
        .post_json(
            "SENDMESSAGE",
            json!({"chat_id": ZHANG.to_string(), "text": "x", "silent": true}),
        )
        .await;
    assert_eq!((status, &body["ok"]), (200, &json!(true)));
    let what: Vec<_> = stage
        .world
        .violations()
        .into_iter()
        .map(|violation| violation.what)
        .collect();
    assert_eq!(
        what,
        [
            "no such method, or one the stand-in does not play",
            "unknown parameter silent"
        ]
    );
    let (status, body) = stage.post_json("sendMessage", json!({"text": "x"})).await;
    assert_eq!(
        (status, &body["description"]),
        (400, &json!("Bad Request: chat_id is empty"))
    );
}

#[tokio::test]
async fn query_strings_and_forms_are_read_too() {
    let stage = stage().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = format!("{}/bot{}", stage.server.url(), stage.server.token());
    let got: Value = client
        .get(format!("{base}/sendMessage?chat_id=101&text=%E7%94%B2+b"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(got["result"]["text"], "甲 b");
    let body = "chat_id=101&text=x&reply_markup=%7B%22inline_keyboard%22%3A%5B%5B%7B%22text%22%3A%22a%22%2C%22callback_data%22%3A%22b%22%7D%5D%5D%7D";
    let request = client
        .post(format!("{base}/sendmessage"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let got: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        got["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"],
        "b"
    );
    stage.no_violations();
}
