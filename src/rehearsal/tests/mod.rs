//! The server as the real client library sees it, over HTTP.

mod faults;
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
async fn html_and_a_keyboard_arrive_as_people_see_them() {
    let stage = stage().await;
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("填 6-1", "r:6-1")]]);
    let text = "<b>进展提醒</b> 🏟 <a href=\"tg://user?id=102\">李俊卿</a> <a href=\"tg://user?id=999\">生人</a> &lt;1&gt;";
    let sent = stage
        .bot
        .send_message(ChatId(GROUP), text)
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard)
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("进展提醒 🏟 李俊卿 生人 <1>"));
    let entities: Vec<_> = sent
        .parse_entities()
        .unwrap()
        .into_iter()
        .map(|e| (e.text().to_owned(), e.kind().clone()))
        .collect();
    assert_eq!(
        entities.len(),
        2,
        "the mention of a stranger is dropped without an error"
    );
    assert_eq!(
        entities[0],
        ("进展提醒".to_owned(), MessageEntityKind::Bold)
    );
    assert!(
        matches!(&entities[1].1, MessageEntityKind::TextMention { user } if user.id == UserId(102))
    );
    let seen = stage.world.message(GROUP, sent.id.0.into()).unwrap();
    assert!(seen.is_ours && !seen.is_silent);
    assert_eq!(
        seen.keyboard,
        [[Button {
            text: "填 6-1".into(),
            data: Some("r:6-1".into()),
            url: None
        }]]
    );
    stage.no_violations();
}

#[tokio::test]
async fn broken_texts_are_refused_in_telegrams_words() {
    let stage = stage().await;
    let chat = ChatId(ZHANG);
    let send = |text: String| {
        stage
            .bot
            .send_message(chat, text)
            .parse_mode(ParseMode::Html)
    };
    let bad = send("行<br>".into()).await.unwrap_err();
    assert!(
        matches!(bad, RequestError::Api(ApiError::CantParseEntities(what)) if what.contains("Unsupported start tag \"br\" at byte offset 3"))
    );
    assert!(matches!(
        send("督".repeat(4097)).await.unwrap_err(),
        RequestError::Api(ApiError::MessageIsTooLong)
    ));
    assert_eq!(
        send("督".repeat(4096))
            .await
            .unwrap()
            .text()
            .unwrap()
            .chars()
            .count(),
        4096
    );
    assert_eq!(
        shown(send(" \n<b> </b>".into()).await.unwrap_err()),
        "Bad Request: text must be non-empty"
    );
    assert_eq!(
        shown(send("督".repeat(10_923)).await.unwrap_err()),
        "Bad Request: text is too long"
    );
    let data = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("长", "x".repeat(65))]]);
    let refused = send("x".into()).reply_markup(data).await.unwrap_err();
    assert!(
        matches!(refused, RequestError::Api(ApiError::ButtonDataInvalid)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_edit_changes_the_message_and_an_identical_one_is_refused() {
    let stage = stage().await;
    let sent = stage.bot.send_message(ChatId(GROUP), "甲").await.unwrap();
    stage.at(5);
    let edited = stage
        .bot
        .edit_message_text(ChatId(GROUP), sent.id, "<i>乙</i>")
        .parse_mode(ParseMode::Html)
        .await
        .unwrap();
    assert_eq!(edited.text(), Some("乙"));
    assert_eq!(
        stage
            .world
            .message(GROUP, sent.id.0.into())
            .unwrap()
            .edited_at,
        Some(second(5))
    );
    let same = stage
        .bot
        .edit_message_text(ChatId(GROUP), sent.id, "<i>乙</i>")
        .parse_mode(ParseMode::Html)
        .await
        .unwrap_err();
    assert!(matches!(
        same,
        RequestError::Api(ApiError::MessageNotModified)
    ));
    let missing = stage
        .bot
        .edit_message_text(ChatId(GROUP), MessageId(9999), "丙")
        .await
        .unwrap_err();
    assert!(matches!(
        missing,
        RequestError::Api(ApiError::MessageToEditNotFound)
    ));
    let asking = stage
        .bot
        .send_message(ChatId(GROUP), "多少？")
        .reply_markup(ForceReply::new().selective())
        .await
        .unwrap();
    let stuck = stage
        .bot
        .edit_message_text(ChatId(GROUP), asking.id, "丁")
        .await
        .unwrap_err();
    assert!(matches!(
        stuck,
        RequestError::Api(ApiError::MessageCantBeEdited)
    ));
    let theirs = stage.world.say(ZHANG, ZHANG, "我的");
    let theirs = MessageId(i32::try_from(theirs).unwrap());
    let foreign = stage
        .bot
        .edit_message_text(ChatId(ZHANG), theirs, "丁")
        .await
        .unwrap_err();
    assert!(matches!(
        foreign,
        RequestError::Api(ApiError::MessageCantBeEdited)
    ));
    stage.no_violations();
}

#[tokio::test]
async fn a_press_reaches_the_bot_and_its_answer_the_person() {
    let stage = stage().await;
    let link = format!("https://t.me/{BOT_USERNAME}?start=report");
    let keyboard = InlineKeyboardMarkup::new([vec![
        InlineKeyboardButton::callback("我要填报", "fill"),
        InlineKeyboardButton::url("打开", link.parse().unwrap()),
    ]]);
    let sent = stage
        .bot
        .send_message(ChatId(GROUP), "请填报")
        .reply_markup(keyboard)
        .await
        .unwrap();
    let pressed = stage
        .world
        .press(LI, GROUP, sent.id.0.into(), "我要填报")
        .unwrap();
    assert_eq!(stage.world.press(LI, GROUP, sent.id.0.into(), "没有"), None);
    let updates = stage.drain().await;
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert_eq!(pressed, Pressed::Query(query.id.0.clone()));
    assert_eq!(
        (query.from.id, query.data.as_deref()),
        (UserId(102), Some("fill"))
    );
    assert_eq!(query.regular_message().unwrap().id, sent.id);
    stage
        .bot
        .answer_callback_query(query.id.clone())
        .url(link.parse().unwrap())
        .await
        .unwrap();
    let answers = stage.world.answers();
    assert_eq!(
        (answers[0].user, answers[0].url.as_deref()),
        (LI, Some(link.as_str()))
    );
    assert!(stage.world.follow(LI, &link).is_some());
    let updates = stage.drain().await;
    assert!(
        matches!(&updates[0].kind, UpdateKind::Message(message) if message.text() == Some("/start report"))
    );
    stage.no_violations();
}

#[tokio::test]
async fn an_old_press_cannot_be_answered_and_an_older_one_never_arrives() {
    let stage = stage().await;
    let id = stage.world.press_data(LI, GROUP, 9999, "forged");
    let updates = stage.drain().await;
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert!(
        query.regular_message().is_none() && query.message.is_some(),
        "what is left of a message that is gone"
    );
    stage.at(16);
    let late = stage
        .bot
        .answer_callback_query(id.into())
        .await
        .unwrap_err();
    assert_eq!(
        shown(late),
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    );
    stage.world.press_data(LI, GROUP, 9999, "again");
    assert_eq!(stage.world.pending_updates().len(), 1);
    stage.at(16 + 150);
    assert_eq!(stage.world.pending_updates().len(), 0);
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
async fn privacy_mode_keeps_group_talk_from_the_bot() {
    let stage = stage().await;
    let heard = |n: usize, what: &str| assert_eq!(stage.world.pending_updates().len(), n, "{what}");
    stage.world.say(ZHANG, GROUP, "大家好");
    heard(0, "plain talk");
    stage.world.say(ZHANG, GROUP, "@duban_standin_bot 你好");
    heard(0, "a bare mention");
    stage.world.say(ZHANG, GROUP, "/status@duban_standin_bot");
    heard(1, "a command with its name");
    stage.world.say(ZHANG, GROUP, "/status@other_bot");
    heard(1, "another bot's command");
    stage.world.say(ZHANG, GROUP, "/status");
    heard(2, "a plain command where no other bot is");
    stage.world.add_other_bot(900, "别的", "other_bot");
    stage.world.join(GROUP, 900);
    stage.world.say(900, GROUP, "我也在");
    heard(3, "only that it joined");
    stage.world.say(ZHANG, GROUP, "/status");
    heard(3, "a plain command after another bot wrote");
    let sent = stage
        .bot
        .send_message(ChatId(GROUP), "请回复")
        .await
        .unwrap();
    stage.world.reply(ZHANG, GROUP, sent.id.0.into(), "8座");
    heard(4, "an answer to the bot");
    stage.world.say(ZHANG, GROUP, "/status");
    heard(5, "a plain command after the bot wrote last");
    stage.world.promote_bot(GROUP, ZHANG, true);
    stage.world.say(ZHANG, GROUP, "大家好");
    heard(7, "an administrator hears all, and its promotion before");
}

#[tokio::test]
async fn who_never_started_or_blocked_the_bot_is_out_of_reach() {
    let stage = stage().await;
    let send = async |chat: i64| stage.bot.send_message(ChatId(chat), "x").await;
    assert!(matches!(
        send(555).await.unwrap_err(),
        RequestError::Api(ApiError::ChatNotFound)
    ));
    stage.world.add_user(555, "王", "");
    assert!(
        matches!(
            send(555).await.unwrap_err(),
            RequestError::Api(ApiError::ChatNotFound)
        ),
        "they share no group"
    );
    stage.world.join(GROUP, 555);
    assert_eq!(
        shown(send(555).await.unwrap_err()),
        "Forbidden: bot can't initiate conversation with a user"
    );
    stage.world.block(LI);
    assert!(matches!(
        send(LI).await.unwrap_err(),
        RequestError::Api(ApiError::BotBlocked)
    ));
    let updates = stage.drain().await;
    assert!(
        matches!(&updates.last().unwrap().kind, UpdateKind::MyChatMember(change) if change.new_chat_member.is_banned())
    );
    stage.world.unblock(LI);
    assert!(send(LI).await.is_ok());
    stage.world.deactivate(LI);
    assert!(matches!(
        send(LI).await.unwrap_err(),
        RequestError::Api(ApiError::UserDeactivated)
    ));
    stage.world.kick_bot(GROUP, ZHANG);
    assert!(matches!(
        send(GROUP).await.unwrap_err(),
        RequestError::Api(ApiError::BotKickedFromSupergroup)
    ));
    stage.no_violations();
}

#[tokio::test]
async fn a_migrated_group_points_to_its_new_id() {
    let stage = stage().await;
    stage.world.add_group(-4321, "小组");
    stage.world.add_bot(-4321, ZHANG);
    stage.drain().await;
    stage.world.migrate(-4321, -1_009_999_999_999, ZHANG);
    let updates = stage.drain().await;
    let moved: Vec<_> = updates
        .iter()
        .filter_map(|u| {
            if let UpdateKind::Message(m) = &u.kind {
                Some(m)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        moved[0].migrate_to_chat_id(),
        Some(&ChatId(-1_009_999_999_999))
    );
    assert_eq!(moved[1].migrate_from_chat_id(), Some(&ChatId(-4321)));
    let refused = stage
        .bot
        .send_message(ChatId(-4321), "x")
        .await
        .unwrap_err();
    assert!(matches!(
        refused,
        RequestError::MigrateToChatId(ChatId(-1_009_999_999_999))
    ));
    assert!(
        stage
            .bot
            .send_message(ChatId(-1_009_999_999_999), "x")
            .await
            .is_ok()
    );
    stage.no_violations();
}

#[tokio::test]
async fn too_fast_sending_is_refused_and_impatience_is_noted() {
    let stage = stage().await;
    let send = async || stage.bot.send_message(ChatId(ZHANG), "x").await;
    for _ in 0..5 {
        send().await.unwrap();
    }
    let refused = send().await.unwrap_err();
    assert!(
        matches!(refused, RequestError::RetryAfter(wait) if wait.seconds() == 1),
        "{refused:?}"
    );
    stage.no_violations();
    let early = send().await.unwrap_err();
    assert!(matches!(early, RequestError::RetryAfter(wait) if wait.seconds() == 2));
    assert_eq!(
        stage.world.violations()[0].what,
        "came to chat 101 1 s before its retry_after had passed"
    );
    stage.at(2);
    send().await.unwrap();
    stage.world.set_flood_control(false);
    for _ in 0..50 {
        send().await.unwrap();
    }
}

#[tokio::test]
async fn pins_need_the_right_and_leave_a_service_message() {
    let stage = stage().await;
    let sent = stage
        .bot
        .send_message(ChatId(GROUP), "总体进度")
        .await
        .unwrap();
    let refused = stage
        .bot
        .pin_chat_message(ChatId(GROUP), sent.id)
        .await
        .unwrap_err();
    assert!(
        format!("{refused:?}").contains("NotEnoughRightsToManagePins")
            || shown(refused).contains("not enough rights to manage pinned messages")
    );
    stage.world.promote_bot(GROUP, ZHANG, true);
    stage.drain().await;
    stage
        .bot
        .pin_chat_message(ChatId(GROUP), sent.id)
        .disable_notification(true)
        .await
        .unwrap();
    assert!(
        stage
            .world
            .message(GROUP, sent.id.0.into())
            .unwrap()
            .is_pinned
    );
    let updates = stage.drain().await;
    let UpdateKind::Message(service) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert_eq!(
        service.from.as_ref().unwrap().id.0,
        u64::try_from(BOT_ID).unwrap(),
        "the bot hears of its own pin"
    );
    assert!(service.pinned_message().is_some());
    let chat = stage.bot.get_chat(ChatId(GROUP)).await.unwrap();
    assert_eq!(chat.pinned_message.unwrap().id, sent.id);
    stage
        .bot
        .unpin_chat_message(ChatId(GROUP))
        .message_id(sent.id)
        .await
        .unwrap();
    assert!(
        !stage
            .world
            .message(GROUP, sent.id.0.into())
            .unwrap()
            .is_pinned
    );
    stage.no_violations();
}

#[tokio::test]
async fn closed_topics_and_the_general_one_are_refused() {
    let stage = stage().await;
    let topic = stage.world.create_topic(GROUP, ZHANG, "督办");
    let thread = |n: i64| ThreadId(MessageId(i32::try_from(n).unwrap()));
    let sent = stage
        .bot
        .send_message(ChatId(GROUP), "x")
        .message_thread_id(thread(topic))
        .await
        .unwrap();
    assert_eq!(
        (sent.thread_id, sent.is_topic_message),
        (Some(thread(topic)), true)
    );
    let general = stage
        .bot
        .send_message(ChatId(GROUP), "x")
        .message_thread_id(thread(1))
        .await
        .unwrap_err();
    assert_eq!(shown(general), "Bad Request: message thread not found");
    stage.world.set_topic(GROUP, ZHANG, topic, Topic::Closed);
    let closed = stage
        .bot
        .send_message(ChatId(GROUP), "x")
        .message_thread_id(thread(topic))
        .await
        .unwrap_err();
    assert_eq!(shown(closed), "Bad Request: TOPIC_CLOSED");
    stage.no_violations();
}

#[tokio::test]
async fn deleted_messages_are_gone_for_replies_and_further_deletions() {
    let stage = stage().await;
    let sent = stage.bot.send_message(ChatId(GROUP), "x").await.unwrap();
    stage
        .bot
        .delete_message(ChatId(GROUP), sent.id)
        .await
        .unwrap();
    let gone = stage
        .bot
        .delete_message(ChatId(GROUP), sent.id)
        .await
        .unwrap_err();
    assert!(matches!(
        gone,
        RequestError::Api(ApiError::MessageToDeleteNotFound)
    ));
    let reply = stage
        .bot
        .send_message(ChatId(GROUP), "x")
        .reply_parameters(ReplyParameters::new(sent.id))
        .await
        .unwrap_err();
    assert!(matches!(
        reply,
        RequestError::Api(ApiError::MessageToReplyNotFound)
    ));
    let anyway = ReplyParameters::new(sent.id).allow_sending_without_reply();
    assert!(
        stage
            .bot
            .send_message(ChatId(GROUP), "x")
            .reply_parameters(anyway)
            .await
            .is_ok()
    );
    let theirs = MessageId(i32::try_from(stage.world.say(ZHANG, GROUP, "我的")).unwrap());
    let foreign = stage
        .bot
        .delete_message(ChatId(GROUP), theirs)
        .await
        .unwrap_err();
    assert!(
        matches!(foreign, RequestError::Api(ApiError::MessageCantBeDeleted)),
        "{foreign:?}"
    );
    stage.no_violations();
}

#[tokio::test]
async fn a_document_is_uploaded_sent_again_by_id_and_downloaded() {
    let stage = stage().await;
    let file = InputFile::memory("第47周".as_bytes().to_vec()).file_name("周报.txt");
    let sent = stage
        .bot
        .send_document(ChatId(ZHANG), file)
        .caption("<b>周报</b>")
        .parse_mode(ParseMode::Html)
        .await
        .unwrap();
    let document = sent.document().unwrap();
    assert_eq!(
        (
            document.file_name.as_deref(),
            document.file.size,
            sent.caption()
        ),
        (Some("周报.txt"), 8, Some("周报"))
    );
    let again = stage
        .bot
        .send_document(ChatId(LI), InputFile::file_id(document.file.id.clone()))
        .await
        .unwrap();
    assert_eq!(again.document().unwrap().file.id, document.file.id);
    let info = stage.bot.get_file(document.file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    stage
        .bot
        .download_file(&info.path, &mut bytes)
        .await
        .unwrap();
    assert_eq!(bytes, "第47周".as_bytes());
    let wrong = stage
        .bot
        .send_document(ChatId(LI), InputFile::file_id(FileId("nonsense".into())))
        .await
        .unwrap_err();
    assert!(
        matches!(wrong, RequestError::Api(ApiError::WrongFileIdOrUrl)),
        "{wrong:?}"
    );
    let items = ["a.txt", "b.txt"].map(|name| {
        InputMedia::Document(InputMediaDocument::new(
            InputFile::memory("x").file_name(name),
        ))
    });
    let album = stage
        .bot
        .send_media_group(ChatId(GROUP), items)
        .await
        .unwrap();
    assert_eq!(album.len(), 2);
    assert!(
        album[0].media_group_id().is_some()
            && album[0].media_group_id() == album[1].media_group_id()
    );
    stage.no_violations();
}

#[tokio::test]
async fn what_people_send_is_read_by_the_client_library() {
    let stage = stage().await;
    stage.world.post(
        ZHANG,
        ZHANG,
        Post::photo(b"jpeg".to_vec()).caption("现场").in_album("7"),
    );
    stage.world.post(
        ZHANG,
        ZHANG,
        Post::document("证明.pdf", b"pdf".to_vec()).in_album("7"),
    );
    stage.world.post(ZHANG, ZHANG, Post::sticker());
    stage.world.post(ZHANG, ZHANG, Post::voice());
    stage.world.post(ZHANG, ZHANG, Post::location());
    let id = stage.world.say(ZHANG, ZHANG, "8座");
    assert!(stage.world.edit(ZHANG, ZHANG, id, "9座"));
    let updates = stage.drain().await;
    let kinds: Vec<String> = updates
        .iter()
        .map(|update| match &update.kind {
            UpdateKind::Message(m) if m.photo().is_some() => format!("photo {:?}", m.caption()),
            UpdateKind::Message(m) if m.document().is_some() => {
                format!("document in {:?}", m.media_group_id().map(|g| &g.0))
            }
            UpdateKind::Message(m) if m.sticker().is_some() => "sticker".to_owned(),
            UpdateKind::Message(m) if m.voice().is_some() => "voice".to_owned(),
            UpdateKind::Message(m) if m.location().is_some() => "location".to_owned(),
            UpdateKind::Message(m) => format!("text {:?}", m.text()),
            UpdateKind::EditedMessage(m) => format!("edited {:?}", m.text()),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "photo Some(\"现场\")",
            "document in Some(\"7\")",
            "sticker",
            "voice",
            "location",
            "text Some(\"8座\")",
            "edited Some(\"9座\")"
        ]
    );
}

#[tokio::test]
async fn anonymous_administrators_and_channels_hide_the_person() {
    let stage = stage().await;
    stage.world.set_privacy(false);
    stage.world.add_channel(-1_007_777_777_777, "频道");
    stage
        .world
        .post(ZHANG, GROUP, Post::text("/golive").anonymously());
    stage.world.post(
        ZHANG,
        GROUP,
        Post::text("/golive").as_channel(-1_007_777_777_777),
    );
    let updates = stage.drain().await;
    let UpdateKind::Message(anonymous) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert!(anonymous.from.as_ref().unwrap().is_anonymous());
    assert_eq!(anonymous.sender_chat.as_ref().unwrap().id, ChatId(GROUP));
    let UpdateKind::Message(channel) = &updates[1].kind else {
        panic!("{updates:?}")
    };
    assert!(channel.from.as_ref().unwrap().is_channel());
    assert_eq!(
        channel.sender_chat.as_ref().unwrap().id,
        ChatId(-1_007_777_777_777)
    );
}

#[tokio::test]
async fn members_chats_and_menus_are_told() {
    let stage = stage().await;
    let (group, person) = (ChatId(GROUP), ChatId(ZHANG));
    assert_eq!(stage.bot.get_chat_member_count(group).await.unwrap(), 3);
    assert!(
        stage
            .bot
            .get_chat_member(group, UserId(102))
            .await
            .unwrap()
            .is_present()
    );
    stage.world.leave(GROUP, LI);
    assert!(
        stage
            .bot
            .get_chat_member(group, UserId(102))
            .await
            .unwrap()
            .is_left()
    );
    assert!(
        stage
            .bot
            .get_chat_member(group, UserId(12345))
            .await
            .is_err()
    );
    assert!(
        stage
            .bot
            .get_chat_administrators(group)
            .await
            .unwrap()
            .is_empty()
    );
    stage
        .world
        .set_standing(GROUP, ZHANG, Standing::Creator, ZHANG);
    stage.world.promote_bot(GROUP, ZHANG, false);
    assert_eq!(
        stage
            .bot
            .get_chat_administrators(group)
            .await
            .unwrap()
            .len(),
        2
    );
    assert!(stage.bot.get_chat(person).await.unwrap().is_private());
    let commands = [BotCommand::new("status", "进度")];
    let scope = BotCommandScope::ChatMember {
        chat_id: Recipient::Id(group),
        user_id: UserId(101),
    };
    stage
        .bot
        .set_my_commands(commands)
        .scope(scope)
        .await
        .unwrap();
    assert_eq!(
        stage.world.menu(ZHANG, GROUP),
        [("status".to_owned(), "进度".to_owned())]
    );
    assert_eq!(stage.world.menu(LI, GROUP), []);
    stage.no_violations();
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
