//! The desk: the page's server, over a world without a bot.

use reqwest::{Client, Response};
use tokio::sync::watch;

use super::*;
use crate::rehearsal::desk::{self, Backstage, Cast, Desk, Inbox, Speed, Wish};

/// The room's own group, which is a basic one.
const OWN: i64 = crate::rehearsal::GROUP;

struct Page {
    world: Arc<World>,
    desk: Desk,
    inbox: Inbox,
    client: Client,
    shown: watch::Sender<Backstage>,
}

/// A group with two people, one of whom has opened the bot, and the bot.
async fn page() -> Page {
    let world = Arc::new(World::new(Clock::manual(second(0))));
    world.add_user(ZHANG, "张新龙", "");
    world.add_user(LI, "李俊卿", "");
    world.add_group(OWN, "乳山专班");
    world.join(OWN, ZHANG);
    world.join(OWN, LI);
    world.add_bot(OWN, ZHANG);
    world.start(ZHANG, "");
    let cast = |id, name: &str| Cast {
        id,
        name: name.into(),
        post: String::new(),
        unit: String::new(),
        role: "member",
    };
    let (shown, showing) = watch::channel(Backstage {
        title: "乳山专班".into(),
        people: vec![cast(ZHANG, "张新龙"), cast(LI, "李俊卿")],
        ..Backstage::default()
    });
    let (orders, inbox) = desk::line();
    let desk = Desk::open(
        "127.0.0.1:0".parse().unwrap(),
        world.clone(),
        showing,
        orders,
    );
    Page {
        desk: desk.await.unwrap(),
        world,
        inbox,
        client: Client::builder().no_proxy().build().unwrap(),
        shown,
    }
}

impl Page {
    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.desk.url());
        let answer = self.client.get(url).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn send(&self, path: &str, body: Value) -> Response {
        let url = format!("{}{path}", self.desk.url());
        let request = self.client.post(url).json(&body);
        request.send().await.unwrap()
    }

    /// What was answered: the facts, or the refusal.
    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        let answer = self.send(path, body).await;
        let is_fine = answer.status().is_success();
        let value: Value = answer.json().await.unwrap();
        assert_eq!(value["ok"], json!(is_fine));
        if is_fine {
            Ok(value)
        } else {
            Err(value["error"].as_str().unwrap().to_owned())
        }
    }

    async fn act(&self, user: i64, chat: i64, act: Value) -> Result<Value, String> {
        let body = json!({"user": user, "chat": chat, "act": act});
        self.post("/api/act", body).await
    }

    fn wishes(&mut self) -> Vec<Wish> {
        let mut wishes = Vec::new();
        while let Ok(order) = self.inbox.orders.try_recv() {
            wishes.push(order.wish);
        }
        wishes
    }

    /// The bot sends a message with two buttons.
    async fn asked(&self, chat: i64) -> i64 {
        let server = Server::start_with(self.world.clone(), "127.0.0.1:0".parse().unwrap());
        let server = server.await.unwrap();
        let row = [
            InlineKeyboardButton::callback("填 6-1", "r:6-1"),
            InlineKeyboardButton::url(
                "私聊",
                "https://t.me/duban_standin_bot?start=go".parse().unwrap(),
            ),
        ];
        let bot = bot_at(&server);
        let sent = bot
            .send_message(ChatId(chat), "<b>进展</b>提醒")
            .parse_mode(ParseMode::Html)
            .reply_markup(InlineKeyboardMarkup::new([row]));
        i64::from(sent.await.unwrap().id.0)
    }
}

#[tokio::test]
async fn the_page_comes_whole_from_the_program_and_nothing_else_is_let_in() {
    let page = page().await;
    let url = page.desk.url();
    let answer = page.client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.starts_with("default-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    for missing in [
        "/page/nothing.js",
        "/page/..%2fmod.rs",
        "/page/mod.rs",
        "/elsewhere",
    ] {
        let answer = page
            .client
            .get(format!("{url}{missing}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 404, "{missing}");
    }
}

#[tokio::test]
async fn people_write_where_a_client_would_let_them() {
    let mut page = page().await;
    assert_eq!(
        page.act(ZHANG, ZHANG, json!({"say": "进展"}))
            .await
            .unwrap()["ok"],
        json!(true)
    );
    page.act(LI, OWN, json!({"say": "在群里"})).await.unwrap();
    for (user, chat, act) in [
        (LI, LI, json!({"say": "没有开始"})),
        (LI, ZHANG, json!({"say": "别人的私聊"})),
        (999, 999, json!({"say": "没有这个人"})),
        (BOT_ID, OWN, json!({"say": "机器人"})),
        (ZHANG, OWN, json!({"say": "  "})),
        (ZHANG, OWN, json!({"say": "长".repeat(4097)})),
        (ZHANG, OWN, json!({"say": "x", "reply_to": 999})),
        (ZHANG, OWN, json!({"send": "elephant"})),
        (ZHANG, OWN, json!("dance")),
        (ZHANG, ZHANG, json!({"follow": "https://example.com"})),
    ] {
        assert!(page.act(user, chat, act.clone()).await.is_err(), "{act}");
    }
    page.act(LI, LI, json!("start")).await.unwrap();
    page.act(LI, LI, json!({"say": "开始了"})).await.unwrap();
    let texts: Vec<String> = page
        .world
        .messages(LI)
        .into_iter()
        .map(|m| m.text)
        .collect();
    assert_eq!(texts, ["/start", "开始了"]);
    assert!(page.wishes().iter().all(|wish| *wish == Wish::Settle));
}

#[tokio::test]
async fn a_button_is_tapped_by_its_place_and_its_answer_reaches_who_tapped() {
    let page = page().await;
    let message = page.asked(OWN).await;
    let tap = |column| json!({"tap": {"message": message, "row": 0, "column": column}});
    let pressed = page.act(LI, OWN, tap(0)).await.unwrap();
    let link = page.act(LI, OWN, tap(1)).await.unwrap();
    assert_eq!(link["link"], "https://t.me/duban_standin_bot?start=go");
    assert!(page.act(LI, OWN, tap(2)).await.is_err());
    let server = Server::start_with(page.world.clone(), "127.0.0.1:0".parse().unwrap());
    let server = server.await.unwrap();
    let bot = bot_at(&server);
    let query = pressed["query"].as_str().unwrap();
    let answer = bot.answer_callback_query(teloxide::types::CallbackQueryId(query.into()));
    answer.text("请到私聊").show_alert(true).await.unwrap();
    let seen = page.get(&format!("/api/alerts?user={LI}&since=0")).await;
    assert_eq!(
        (&seen["last"], &seen["alerts"][0]["text"]),
        (&json!(1), &json!("请到私聊"))
    );
    assert_eq!(seen["alerts"][0]["is_alert"], json!(true));
    assert_eq!(seen["alerts"][0]["query"], pressed["query"]);
    let others = page.get(&format!("/api/alerts?user={ZHANG}&since=0")).await;
    assert_eq!(others["alerts"], json!([]));
    let later = page.get(&format!("/api/alerts?user={LI}&since=1")).await;
    assert_eq!(later["alerts"], json!([]));
}

#[tokio::test]
async fn a_press_is_answered_without_words_too() {
    let page = page().await;
    let message = page.asked(OWN).await;
    let tap = json!({"tap": {"message": message, "row": 0, "column": 0}});
    let pressed = page.act(LI, OWN, tap).await.unwrap();
    let server = Server::start_with(page.world.clone(), "127.0.0.1:0".parse().unwrap());
    let server = server.await.unwrap();
    let bot = bot_at(&server);
    let query = pressed["query"].as_str().unwrap();
    let answer = bot.answer_callback_query(teloxide::types::CallbackQueryId(query.into()));
    answer.await.unwrap();
    let seen = page.get(&format!("/api/alerts?user={LI}&since=0")).await;
    let [answer] = seen["alerts"].as_array().unwrap().as_slice() else {
        panic!("{seen}")
    };
    assert_eq!(
        (&answer["query"], &answer["text"]),
        (&pressed["query"], &json!(""))
    );
}

#[tokio::test]
async fn what_the_bot_does_is_shown_until_its_message_comes_or_five_seconds() {
    let page = page().await;
    let server = Server::start_with(page.world.clone(), "127.0.0.1:0".parse().unwrap());
    let server = server.await.unwrap();
    let bot = bot_at(&server);
    let action = async || {
        let path = format!("/api/chat?chat={OWN}&viewer={LI}");
        page.get(&path).await["action"]["name"].clone()
    };
    let typing = async || {
        let typing = teloxide::types::ChatAction::Typing;
        bot.send_chat_action(ChatId(OWN), typing).await.unwrap();
    };
    assert_eq!(action().await, json!(null));
    let changes = *page.world.subscribe().borrow();
    typing().await;
    assert!(*page.world.subscribe().borrow() > changes);
    assert_eq!(action().await, json!("typing"));
    page.world.clock().set(second(5));
    assert_eq!(action().await, json!(null));
    typing().await;
    bot.send_message(ChatId(OWN), "好").await.unwrap();
    assert_eq!(action().await, json!(null));
}

#[tokio::test]
async fn whoever_the_bot_names_is_asked_for_a_reply_and_nobody_else() {
    let page = page().await;
    let server = Server::start_with(page.world.clone(), "127.0.0.1:0".parse().unwrap());
    let server = server.await.unwrap();
    let question = format!("<a href=\"tg://user?id={LI}\">李俊卿</a>，多少？");
    let asking = bot_at(&server)
        .send_message(ChatId(OWN), question)
        .parse_mode(ParseMode::Html)
        .reply_markup(
            ForceReply::new()
                .selective()
                .input_field_placeholder(Some("例如 9座".to_owned())),
        );
    let asked = asking.await.unwrap().id.0;
    let bar = async |viewer: i64| {
        let path = format!("/api/chat?chat={OWN}&viewer={viewer}");
        page.get(&path).await["force_reply"].clone()
    };
    assert_eq!(
        bar(LI).await,
        json!({"id": asked, "placeholder": "例如 9座"})
    );
    assert_eq!(bar(ZHANG).await, json!(null));
    page.act(LI, OWN, json!({"say": "8座", "reply_to": asked}))
        .await
        .unwrap();
    assert_eq!(bar(LI).await, json!(null));
    let everybody = bot_at(&server)
        .send_message(ChatId(OWN), "谁来？")
        .reply_markup(ForceReply::new());
    let asked = everybody.await.unwrap().id.0;
    for viewer in [LI, ZHANG] {
        assert_eq!(bar(viewer).await["id"], json!(asked));
    }
}

#[tokio::test]
async fn whoever_is_not_in_the_group_sees_and_taps_nothing_of_it() {
    let page = page().await;
    let message = page.asked(OWN).await;
    let stranger = page
        .post("/api/stranger", json!({"name": "王某"}))
        .await
        .unwrap()["id"]
        .as_i64()
        .unwrap();
    let seen = async |viewer: i64| {
        let path = format!("/api/chat?chat={OWN}&viewer={viewer}");
        let shown = page.get(&path).await;
        let messages = shown["messages"].as_array().unwrap().clone();
        (shown["title"].clone(), messages)
    };
    let (title, messages) = seen(stranger).await;
    assert_eq!((title, messages), (json!("乳山专班"), Vec::new()));
    let tap = json!({"tap": {"message": message, "row": 0, "column": 0}});
    assert!(page.act(stranger, OWN, tap.clone()).await.is_err());
    let member = |what: &str| page.post("/api/member", json!({"user": LI, "do": what}));
    member("leave").await.unwrap();
    page.act(ZHANG, OWN, json!({"say": "走了？"}))
        .await
        .unwrap();
    let (_, messages) = seen(LI).await;
    assert_eq!(messages.last().unwrap()["service"], "李俊卿 离开了群组");
    assert!(page.act(LI, OWN, tap.clone()).await.is_err());
    member("join").await.unwrap();
    assert_eq!(seen(LI).await.1.len(), seen(ZHANG).await.1.len());
    page.act(LI, OWN, tap).await.unwrap();
}

#[tokio::test]
async fn a_chat_shows_what_its_people_see() {
    let page = page().await;
    let message = page.asked(OWN).await;
    page.act(LI, OWN, json!({"say": "收到", "reply_to": message}))
        .await
        .unwrap();
    let own = page.world.messages(OWN).last().unwrap().id;
    page.act(LI, OWN, json!({"edit": {"message": own, "text": "已收到"}}))
        .await
        .unwrap();
    assert!(
        page.act(LI, OWN, json!({"edit": {"message": message, "text": "x"}}))
            .await
            .is_err()
    );
    let shown = page
        .get(&format!("/api/chat?chat={OWN}&viewer={LI}&limit=2"))
        .await;
    let [asked, said] = shown["messages"].as_array().unwrap().as_slice() else {
        panic!("{shown}")
    };
    assert_eq!(
        asked["entities"],
        json!([{"type": "bold", "offset": 0, "length": 2}])
    );
    assert_eq!(
        asked["keyboard"][0][0],
        json!({"text": "填 6-1", "kind": "press"})
    );
    assert_eq!(asked["keyboard"][0][1]["kind"], "link");
    assert_eq!(
        (&asked["by_bot"], &asked["mine"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&said["text"], &said["mine"]),
        (&json!("已收到"), &json!(true))
    );
    assert_eq!(said["reply_to"]["text"], "进展提醒");
    assert!(said["edited_at"].is_string());
    let first = page
        .get(&format!(
            "/api/chat?chat={OWN}&viewer={LI}&limit=2&before={message}"
        ))
        .await;
    assert_eq!(
        first["messages"][1]["service"],
        "张新龙 邀请 机器人 加入了群组"
    );
    assert_eq!(first["more"], json!(true));
    let unopened = page.get(&format!("/api/chat?chat={LI}&viewer={LI}")).await;
    assert_eq!(
        (&unopened["title"], &unopened["messages"]),
        (&json!("李俊卿"), &json!([]))
    );
}

#[tokio::test]
async fn members_strangers_and_the_group_change_as_told() {
    let page = page().await;
    let person = async |user: i64| {
        let room = page.get("/api/room").await;
        let people = room["people"].as_array().unwrap().clone();
        people
            .into_iter()
            .find(|one| one["id"] == json!(user))
            .unwrap()
    };
    let member = async |user: i64, what: &str| {
        page.post("/api/member", json!({"user": user, "do": what}))
            .await
    };
    member(ZHANG, "block").await.unwrap();
    assert_eq!(person(ZHANG).await["blocked"], json!(true));
    assert!(page.act(ZHANG, ZHANG, json!({"say": "x"})).await.is_err());
    member(ZHANG, "unblock").await.unwrap();
    assert_eq!(person(ZHANG).await["blocked"], json!(false));
    assert!(
        member(LI, "block").await.is_err(),
        "there is no chat to block"
    );
    member(LI, "leave").await.unwrap();
    assert_eq!(person(LI).await["in_group"], json!(false));
    assert!(page.act(LI, OWN, json!({"say": "x"})).await.is_err());
    member(LI, "join").await.unwrap();
    let stranger = page
        .post("/api/stranger", json!({"name": "王某"}))
        .await
        .unwrap();
    let id = stranger["id"].as_i64().unwrap();
    assert_eq!(person(id).await["role"], "stranger");
    assert!(
        page.post("/api/stranger", json!({"name": "王某"}))
            .await
            .is_err()
    );
    assert!(
        page.act(id, OWN, json!({"say": "x"})).await.is_err(),
        "not in the group"
    );

    let group = async |what: &str| {
        page.post("/api/group", json!({"by": ZHANG, "do": what}))
            .await
    };
    group("promote_bot").await.unwrap();
    assert!(group("add_bot").await.is_err());
    assert_eq!(
        page.get("/api/room").await["groups"][0]["can_pin"],
        json!(true)
    );
    group("migrate").await.unwrap();
    let room = page.get("/api/room").await;
    assert_eq!(room["bot"]["name"], "督办");
    assert_eq!(room["groups"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&room["groups"][0]["kind"], &room["groups"][0]["is_current"]),
        (&json!("supergroup"), &json!(true))
    );
    assert!(group("migrate").await.is_err());
    group("privacy_off").await.unwrap();
    assert_eq!(page.get("/api/room").await["privacy"], json!(false));
}

#[tokio::test]
async fn files_go_up_and_come_down_and_only_pictures_are_shown() {
    let page = page().await;
    let up = async |kind: &str, name: &str, bytes: Vec<u8>, content: &str| {
        let url = format!(
            "{}/api/upload?user={ZHANG}&chat={ZHANG}&kind={kind}&name={name}&caption=c",
            page.desk.url()
        );
        let request = page
            .client
            .post(url)
            .header("content-type", content)
            .body(bytes);
        request.send().await.unwrap().status().as_u16()
    };
    let binary = "application/octet-stream";
    assert_eq!(
        up("document", "a%2Fb.html", b"<script>".to_vec(), binary).await,
        200
    );
    assert_eq!(
        up("photo", "", b"\x89PNG\r\n\x1a\nrest".to_vec(), binary).await,
        200
    );
    assert_eq!(up("document", "x", Vec::new(), binary).await, 400);
    assert_eq!(up("document", "x", b"x".to_vec(), "text/plain").await, 415);
    assert_eq!(
        up("document", "x", vec![0; 20 * 1024 * 1024 + 1], binary).await,
        413
    );
    let shown = page
        .get(&format!("/api/chat?chat={ZHANG}&viewer={ZHANG}"))
        .await;
    let messages = shown["messages"].as_array().unwrap();
    let document = &messages[messages.len() - 2]["document"];
    assert_eq!(document["name"], "b.html");
    for (file, kind, place) in [
        (document, binary, "attachment"),
        (
            &messages[messages.len() - 1]["photo"],
            "image/png",
            "inline",
        ),
    ] {
        let url = format!(
            "{}/api/file?id={}",
            page.desk.url(),
            file["file_id"].as_str().unwrap()
        );
        let answer = page.client.get(url).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["content-disposition"], place);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn pages_from_elsewhere_are_refused() {
    let mut page = page().await;
    let url = format!("{}/api/act", page.desk.url());
    let body = json!({"user": ZHANG, "chat": OWN, "act": {"say": "x"}}).to_string();
    let post = |headers: Vec<(&'static str, String)>| {
        let mut request = page.client.post(&url).body(body.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send()
    };
    let kind = || ("content-type", "application/json".to_owned());
    let before = page.world.messages(OWN).len();
    for (headers, expected) in [
        (vec![kind(), ("origin", "http://evil.example".into())], 403),
        (vec![kind(), ("origin", "null".into())], 403),
        (vec![kind(), ("host", "evil.example".into())], 403),
        (vec![kind(), ("sec-fetch-site", "cross-site".into())], 403),
        (vec![("content-type", "text/plain".into())], 415),
        (vec![], 415),
    ] {
        let answer = post(headers.clone()).await.unwrap();
        assert_eq!(answer.status(), expected, "{headers:?}");
    }
    assert_eq!(page.world.messages(OWN).len(), before);
    let room = page.client.get(format!("{}/api/room", page.desk.url()));
    let rebound = room.header("host", "evil.example").send().await.unwrap();
    assert_eq!(
        rebound.status(),
        403,
        "a name that points here reads nothing"
    );
    let own = vec![kind(), ("origin", page.desk.url())];
    assert_eq!(post(own).await.unwrap().status(), 200);
    assert_eq!(page.wishes(), [Wish::Settle]);
}

#[tokio::test]
async fn a_taken_port_gives_way_to_the_next_free_one() {
    let page = page().await;
    let (orders, _inbox) = desk::line();
    let showing = page.shown.subscribe();
    let second = Desk::open(page.desk.address(), page.world.clone(), showing, orders);
    let second = second.await.unwrap();
    assert!(second.address().port() > page.desk.address().port());
    let url = format!("{}/api/room", second.url());
    assert_eq!(page.client.get(url).send().await.unwrap().status(), 200);
    second.close().await;
}

#[tokio::test]
async fn a_second_tab_hears_of_what_the_first_one_does() {
    let page = page().await;
    let url = format!("{}/events", page.desk.url());
    let mut events = page.client.get(url).send().await.unwrap();
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"data: {\"version\":"), "{first:?}");
    page.act(ZHANG, OWN, json!({"say": "看得到"}))
        .await
        .unwrap();
    let second = events.chunk().await.unwrap().unwrap();
    assert!(
        second.starts_with(b"data: ") && second != first,
        "{second:?}"
    );
    let tab = page
        .get(&format!("/api/chat?chat={OWN}&viewer={LI}&limit=1"))
        .await;
    assert_eq!(tab["messages"][0]["text"], "看得到");
    let again = page
        .get(&format!("/api/chat?chat={OWN}&viewer={LI}&limit=1"))
        .await;
    assert_eq!(tab, again, "a reload loses nothing");
}

#[tokio::test]
async fn what_only_the_conductor_can_do_is_handed_on() {
    let mut page = page().await;
    let friday = "2026-11-27T08:00:00Z".parse().unwrap();
    for (body, wish, outcome) in [
        (
            json!({"speed": "60"}),
            Wish::Speed(Speed::Times(60)),
            Ok(()),
        ),
        (
            json!({"jump": "2026-11-27T16:00:00+08:00"}),
            Wish::JumpTo(friday),
            Err("时钟只能向前拨。".to_owned()),
        ),
    ] {
        let url = format!("{}/api/clock", page.desk.url());
        let asked = tokio::spawn(page.client.post(url).json(&body).send());
        let order = page.inbox.orders.recv().await.unwrap();
        assert_eq!(order.wish, wish);
        order.done.send(outcome.clone()).unwrap();
        let answer = asked.await.unwrap().unwrap();
        let status = if outcome.is_ok() { 200 } else { 400 };
        assert_eq!(answer.status(), status);
        let said: Value = answer.json().await.unwrap();
        assert_eq!(said["error"].as_str().map(str::to_owned), outcome.err());
    }
    page.post("/api/break", json!({"down": true}))
        .await
        .unwrap();
    page.post("/api/break", json!({"restart": "kill"}))
        .await
        .unwrap();
    for (path, body) in [
        ("/api/clock", json!({"speed": "61"})),
        ("/api/clock", json!({"jump": "Friday"})),
        ("/api/clock", json!({})),
        ("/api/break", json!({"rate_limit": 0})),
        ("/api/break", json!({"explode": true})),
        ("/api/script", json!({})),
    ] {
        assert!(page.post(path, body.clone()).await.is_err(), "{body}");
    }
    let wishes = page.wishes();
    let expected = [Wish::Down(true), Wish::Restart];
    let named: Vec<&Wish> = wishes
        .iter()
        .filter(|wish| **wish != Wish::Settle)
        .collect();
    assert_eq!(named, expected.iter().collect::<Vec<_>>());
    assert!(
        page.inbox.kills.has_changed().unwrap(),
        "a restart kills at once"
    );
    page.inbox.orders.close();
    let refused = page.post("/api/save", json!({"name": "x"})).await;
    assert!(refused.is_err(), "nobody conducts any more");
}

#[tokio::test]
async fn a_limit_for_all_is_told_to_each_chat_once() {
    let stage = stage().await;
    stage.world.limit_all(30);
    for chat in [ZHANG, LI] {
        let error = stage.bot.send_message(ChatId(chat), "x").await.unwrap_err();
        assert!(
            matches!(error, RequestError::RetryAfter(wait) if wait.seconds() == 30),
            "{error:?}"
        );
    }
    stage.no_violations();
    stage.at(30);
    stage.bot.send_message(ChatId(ZHANG), "x").await.unwrap();
    stage.no_violations();
}

#[tokio::test]
async fn a_room_is_kept_with_all_it_holds() {
    let stage = stage().await;
    let document = InputFile::memory("内容").file_name("a.txt");
    stage
        .bot
        .send_document(ChatId(ZHANG), document)
        .await
        .unwrap();
    stage
        .bot
        .set_my_commands([BotCommand::new("status", "状态")])
        .await
        .unwrap();
    let mut room = Room::new(stage.world.clone(), "乳山专班", &["张新龙".to_owned()]);
    let kept = room.saved().unwrap();
    let before = (stage.world.messages(ZHANG), stage.world.menu(ZHANG, ZHANG));
    stage.at(3600);
    stage.world.say(ZHANG, ZHANG, "后来");
    room.become_saved(SavedRoom::read(&kept).unwrap());
    assert_eq!(stage.clock.now(), second(0));
    let after = (stage.world.messages(ZHANG), stage.world.menu(ZHANG, ZHANG));
    assert_eq!(before, after);
    assert_eq!(
        kept,
        room.saved().unwrap(),
        "what was kept is kept the same again"
    );
    let newer = kept.replacen("\"version\":1", "\"version\":9", 1);
    assert!(matches!(
        SavedRoom::read(&newer),
        Err(NotASavedRoom::Newer(9))
    ));
    assert!(matches!(
        SavedRoom::read(&kept[..kept.len() - 1]),
        Err(NotASavedRoom::Broken(_))
    ));
}
