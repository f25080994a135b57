//! Messages of the bot: what it may send and change, and how the server refuses.

use super::*;

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
