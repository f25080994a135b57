//! What people do and what the bot hears of it.

use super::*;

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
    stage.world.block(LI);
    assert!(!stage.world.takes_messages(LI));
    stage.world.say(LI, LI, "/status");
    assert!(stage.world.takes_messages(LI), "whoever writes opens it");
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
async fn a_post_of_the_linked_channel_is_no_persons() {
    let stage = stage().await;
    stage.world.set_privacy(false);
    stage.world.add_channel(-1_007_777_777_777, "频道");
    stage.world.post(
        ZHANG,
        GROUP,
        Post::text("通知").forwarded_from_channel(-1_007_777_777_777),
    );
    let updates = stage.drain().await;
    let UpdateKind::Message(message) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert!(message.from.as_ref().unwrap().is_telegram() && message.is_automatic_forward());
    assert_eq!(message.text(), Some("通知"));
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
async fn comings_and_goings_are_told_to_an_administrator_who_asks() {
    use teloxide::types::AllowedUpdate;
    let stage = stage().await;
    stage.world.promote_bot(GROUP, ZHANG, true);
    stage.drain().await;
    stage.world.leave(GROUP, LI);
    let updates = stage.drain().await;
    assert!(
        matches!(&updates[..], [one] if matches!(&one.kind, UpdateKind::Message(m) if m.left_chat_member().is_some()))
    );
    let wanted = [AllowedUpdate::Message, AllowedUpdate::ChatMember];
    stage
        .bot
        .get_updates()
        .timeout(0)
        .allowed_updates(wanted)
        .await
        .unwrap();
    stage.world.join(GROUP, LI);
    let updates = stage.drain().await;
    assert!(
        matches!(&updates[0].kind, UpdateKind::ChatMember(change) if change.new_chat_member.is_member())
    );
    assert_eq!(updates.len(), 2, "and the service message");
    stage.world.kick_bot(GROUP, ZHANG);
    assert!(
        stage.drain().await.is_empty(),
        "my_chat_member was not asked for"
    );
}
