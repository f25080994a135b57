//! What is rare in a task force's week and has to be right all the same, each played in the page as a person would.

use serde_json::json;

use super::room::{Room, Upload};
use super::visit::Visit;
use super::webdriver::{BACKSPACE, ENTER};

/// Where one writes.
const FIELD: &str = "//textarea[@aria-label='写消息']";
/// Moves the caret up: in an empty field, to one's last message.
const ARROW_UP: &str = "\u{E013}";

/// All scenes in one room, one after the other; gives what the last one needs.
pub async fn play(mut visit: Visit) -> Visit {
    what_the_bot_does_stands_in_the_head(&visit).await;
    a_press_on_a_list_that_changes_meanwhile_is_not_lost(&visit).await;
    pictures_and_documents_are_shown(&visit).await;
    a_question_opens_the_field_of_whom_it_names(&visit).await;
    a_word_is_edited_and_the_bot_stopped_and_let_back(&visit).await;
    a_second_tab_and_a_reload_lose_nothing(&visit).await;
    strangers_see_nothing_until_they_join(&visit).await;
    a_limit_holds_until_its_time(&visit).await;
    what_was_due_while_telegram_was_down_comes_later(&visit).await;
    the_clock_goes_its_pace(&visit).await;
    a_kept_room_is_opened_again(&visit).await;
    a_script_is_played_and_followed(&visit).await;
    the_group_becomes_a_supergroup(&visit).await;
    assert_eq!(visit.room.state().await["violations"], json!([]));
    a_violation_stands_in_red(&mut visit).await;
    visit.nothing_sticks_out().await;
    assert_eq!(visit.browser.complaints().await, Vec::<String>::new());
    a_page_from_elsewhere_changes_nothing(&visit).await;
    visit
}

impl Visit {
    /// Opens a sheet of the side panel.
    async fn sheet(&self, name: &str) {
        let tab = format!("//*[@id='tab-{name}']");
        self.browser.click(&tab).await;
    }

    /// Works the switch or does the deed of this name, on the sheet that is open.
    async fn work(&self, name: &str) {
        let path = format!(
            "//section[not(@hidden)]/button[contains(concat(' ', @class, ' '), ' toggle ') or starts-with(@class, 'deed')][.//b[starts-with(., '{name}')]]"
        );
        self.browser.click(&path).await;
    }

    /// Waits until this part of the page says so.
    async fn says(&self, selector: &str, words: &str) {
        let said = format!(
            "[...document.querySelectorAll('{selector}')].some((one) => one.checkVisibility() && one.innerText.includes('{words}'))"
        );
        self.browser.wait(&said).await;
    }

    /// Waits until no such part of the page says so any more.
    async fn says_no_more(&self, selector: &str, words: &str) {
        let said = format!(
            "![...document.querySelectorAll('{selector}')].some((one) => one.checkVisibility() && one.innerText.includes('{words}'))"
        );
        self.browser.wait(&said).await;
    }

    /// Jumps by writing the date, as a person reads it.
    async fn jump(&self, date: &str) {
        self.browser
            .rewrite("//*[@aria-label='跳到的日期和时间']", date)
            .await;
        self.browser
            .click("//*[@class='jump']/button[. = '跳到']")
            .await;
        let time = date.replace(' ', "T");
        let there = format!(
            "fetch('/api/room').then((answer) => answer.json()).then((room) => room.now.startsWith('{time}') && !room.busy)"
        );
        self.browser.wait(&there).await;
    }

    async fn now(&self) -> String {
        let state = self.room.state().await;
        state["now"].as_str().unwrap().to_owned()
    }
}

async fn what_the_bot_does_stands_in_the_head(visit: &Visit) {
    visit.become_person("李俊卿").await;
    visit.open_private().await;
    visit.sees("待反馈").await;
    visit.says("#chat-title", "机器人").await;
    let li = visit.room.account("李俊卿").await;
    for (action, words) in [
        ("typing", "正在输入"),
        ("upload_photo", "正在发送照片"),
        ("upload_document", "正在发送文件"),
    ] {
        let doing = json!({"chat_id": li, "action": action});
        visit.room.call("sendChatAction", doing).await;
        visit.says("#chat-title", words).await;
    }
    let text = json!({"chat_id": li, "text": "<b>说完了</b>", "parse_mode": "HTML"});
    visit.room.call("sendMessage", text).await;
    visit.sees("说完了").await;
    visit.says_no_more("#chat-title", "正在").await;
}

async fn a_press_on_a_list_that_changes_meanwhile_is_not_lost(visit: &Visit) {
    let li = visit.room.account("李俊卿").await;
    let group = "//*[@aria-label='我的会话']/li[1]/button";
    visit.browser.press(group).await;
    let text = json!({"chat_id": li, "text": "按住时来的"});
    visit.room.call("sendMessage", text).await;
    visit.sees("按住时来的").await;
    visit.browser.release().await;
    visit.says("#chat-title", "工作专班").await;
    visit.says("#chats", "按住时来的").await;
    visit.open_private().await;
    visit.sees("按住时来的").await;
}

async fn pictures_and_documents_are_shown(visit: &Visit) {
    let li = visit.room.account("李俊卿").await;
    let bytes = visit.browser.picture().await;
    let photo = Upload {
        name: "进度.png",
        bytes: bytes.clone(),
        caption: "本周进度图",
    };
    let sent = visit.room.upload("sendPhoto", li, "photo", photo).await;
    assert_eq!(sent["result"]["photo"][0]["width"], 1280, "{sent}");
    visit.sees("本周进度图").await;
    let whole = "[...document.querySelectorAll('.photo img')].some((one) => one.naturalWidth === 1280 && one.clientWidth > 200)";
    visit.browser.wait(whole).await;
    visit
        .browser
        .click("//button[@class='photo'][@aria-label='放大照片']")
        .await;
    let enlarged =
        "document.querySelector('#picture[open] img').clientWidth >= window.innerWidth * 0.9";
    visit.browser.wait(enlarged).await;
    visit.browser.click("//*[@id='picture']//button").await;

    let document = Upload {
        name: "第48周工作周报.docx",
        bytes: bytes.clone(),
        caption: "",
    };
    let size = format!("{} KB", (bytes.len() + 500) / 1000);
    let sent = visit.room.upload("sendDocument", li, "document", document);
    assert_eq!(sent.await["ok"], json!(true));
    visit.says(".file", "第48周工作周报.docx").await;
    visit.says(".file", &size).await;
    let link = "(() => { const link = [...document.querySelectorAll('a.file')].at(-1); return link.download === '第48周工作周报.docx' && fetch(link.href).then((answer) => answer.arrayBuffer()).then((content) => content.byteLength); })()";
    assert_eq!(visit.browser.wait(link).await, json!(bytes.len()));

    // A person sends a photo of their own.
    visit
        .browser
        .click("//*[@aria-label='发送照片或文件']")
        .await;
    visit
        .browser
        .click("//*[@id='popup']//button[. = '照片']")
        .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("现场.png");
    std::fs::write(&path, bytes).unwrap();
    visit
        .browser
        .write(
            "//*[@id='composer']//input[@type='file']",
            path.to_str().unwrap(),
        )
        .await;
    let own = "document.querySelector('.message.out .photo img')?.naturalWidth === 1280";
    visit.browser.wait(own).await;
}

async fn a_question_opens_the_field_of_whom_it_names(visit: &Visit) {
    visit.become_person("殷宗震").await;
    visit.open_group().await;
    visit
        .browser
        .click("//*[@class='keyboard']//button[. = '我要填报']")
        .await;
    visit.sees("现在是否完成").await;

    // It is not for somebody else, and an alert says so.
    visit.become_person("高伟").await;
    visit.sees("现在是否完成").await;
    visit.tap("尚未完成").await;
    visit.says("#notice[open]", "这个按钮是发给殷宗震的").await;
    visit.browser.click("//*[@id='notice']//button").await;
    visit
        .browser
        .wait("!document.querySelector('#notice[open]')")
        .await;

    visit.become_person("殷宗震").await;
    visit.tap("尚未完成").await;
    visit.says(".purpose", "回复 督办").await;
    let placeholder = "document.querySelector('.writing textarea').placeholder.includes('例如')";
    visit.browser.wait(placeholder).await;
    visit.become_person("高伟").await;
    visit.sees("请回复本条").await;
    visit
        .browser
        .wait("document.querySelector('.purpose').hidden")
        .await;
    visit.become_person("殷宗震").await;
    visit.says(".purpose", "请回复本条").await;
    visit.say("60所").await;
    visit.says(".out .replied", "请回复本条").await;
    let card = visit.sees("没有按期完成的原因").await;
    assert!(
        card.contains("已编辑"),
        "the card was edited in place: {card}"
    );
}

async fn a_word_is_edited_and_the_bot_stopped_and_let_back(visit: &Visit) {
    visit.become_person("李俊卿").await;
    visit.open_private().await;
    visit.say("写错").await;
    visit.sees("没有看懂").await;
    visit.browser.write(FIELD, ARROW_UP).await;
    visit.says(".purpose", "编辑消息").await;
    visit.say("了").await;
    visit.says(".out .text", "写错了").await;
    visit.says(".out .marks", "已编辑").await;

    visit.sheet("faults").await;
    visit.work("此人停用机器人").await;
    visit.says(".gate", "重新启用机器人").await;
    visit.browser.click("//*[@class='gate']/button").await;
    visit
        .browser
        .wait("document.querySelector('.gate').hidden")
        .await;
}

async fn a_second_tab_and_a_reload_lose_nothing(visit: &Visit) {
    let browser = &visit.browser;
    browser.write(FIELD, "写到一半").await;
    let (first, second) = browser.second_tab().await;
    browser.open(&visit.room.url).await;
    visit.settled().await;
    visit.become_person("蒋德强").await;
    visit.open_group().await;
    visit.say("两边都看得到").await;
    browser.close_tab().await;
    browser.switch(&first).await;
    assert_ne!(first, second);
    visit.says("#chats", "蒋德强：两边都看得到").await;
    browser.reload().await;
    visit.settled().await;
    let same = "document.querySelector('#me b').textContent === '李俊卿' && document.querySelector('.writing textarea').value === '写到一半'";
    browser.wait(same).await;
    visit.sees("写错了").await;
    browser.rewrite(FIELD, BACKSPACE).await;
}

async fn strangers_see_nothing_until_they_join(visit: &Visit) {
    visit.browser.click("//*[@id='me']").await;
    visit
        .browser
        .write("//*[@aria-label='陌生人的名字']", "路过的人")
        .await;
    visit.browser.click("//*[@class='stranger']/button").await;
    visit.says(".gate", "开始").await;
    visit.browser.click("//*[@class='gate']/button").await;
    visit.sees("我只在").await;
    visit.open_group().await;
    visit.says(".empty", "进群以后才看得到").await;
    visit.browser.click("//*[@class='gate']/button").await;
    visit.sees("两边都看得到").await;
    visit.sheet("cast").await;
    visit.work("在群里").await;
    visit.says(".gate", "加入群组").await;
}

async fn a_limit_holds_until_its_time(visit: &Visit) {
    visit.become_person("李俊卿").await;
    visit.open_private().await;
    visit.sheet("faults").await;
    visit.work("限流 30 秒").await;
    visit.says("#strip", "Telegram 限流到").await;
    visit.say("/help").await;
    visit.sheet("delivery").await;
    visit
        .says("#sheet-delivery .log", "被 Telegram 限流（429）")
        .await;
    visit
        .says("#sheet-delivery .log", "429 Too Many Requests: retry after")
        .await;
    visit.jump("2026-11-23 09:10").await;
    visit.sees("可用命令").await;
    visit.says("#sheet-delivery .log", "最终送达").await;
    visit.says_no_more("#strip", "限流").await;
}

async fn what_was_due_while_telegram_was_down_comes_later(visit: &Visit) {
    visit.sheet("faults").await;
    visit.work("Telegram 断线").await;
    visit.says("#strip", "Telegram 断线中").await;
    visit.jump("2026-11-26 09:01").await;
    visit.sheet("delivery").await;
    visit.says("#sheet-delivery .log", "等待发送").await;
    visit.says("#sheet-delivery .log", "试了").await;
    visit.sheet("faults").await;
    visit.work("Telegram 断线").await;
    visit.says_no_more("#strip", "断线").await;
    visit.jump("2026-11-26 10:00").await;
    visit.sees("本期最后一次提醒").await;
    visit.sheet("delivery").await;
    visit.says("#sheet-delivery .log", "最终送达").await;
    visit.says_no_more("#sheet-delivery .log", "等待发送").await;

    // Killed in the middle of it, the bot goes on over its database.
    visit.sheet("faults").await;
    visit.work("回应变慢").await;
    visit.browser.write(FIELD, &format!("/status{ENTER}")).await;
    visit.work("结束并重启机器人").await;
    visit.work("回应变慢").await;
    visit.sees("29项目标").await;
}

async fn the_clock_goes_its_pace(visit: &Visit) {
    let pace = async |name: &str| {
        let path = format!("//*[@class='speeds']/button[. = '{name}']");
        visit.browser.click(&path).await;
        let pressed = format!(
            "document.evaluate(\"{path}\", document, null, 9).singleNodeValue.ariaPressed === 'true'"
        );
        visit.browser.wait(&pressed).await;
    };
    let until = async |time: &str| {
        let past = format!(
            "fetch('/api/room').then((answer) => answer.json()).then((room) => room.now > '{time}')"
        );
        visit.browser.wait(&past).await;
    };
    assert!(visit.now().await.as_str() < "2026-11-26T10:00:30");
    pace("1×").await;
    until("2026-11-26T10:00:01").await;
    pace("60×").await;
    until("2026-11-26T10:01:30").await;
    pace("3600×").await;
    until("2026-11-26T12:00").await;
    pace("最快").await;
    until("2026-11-27T16:00").await;
    pace("暂停").await;
    visit.settled().await;
    let at = visit.now().await;
    visit.says("#tab-plan", "计划").await;
    assert_eq!(visit.now().await, at, "it stands still");
    visit.sheet("plan").await;
    let rows = "document.querySelectorAll('.plan li').length";
    assert_eq!(visit.browser.wait(rows).await, json!(10));
    visit.open_group().await;
    visit.sees("第1期").await;
    // What was due when it was paused is over in an hour.
    visit
        .browser
        .click("//*[@class='landmarks']/button[. = '一小时后']")
        .await;
    until(&at).await;
    visit.settled().await;
    let before = visit.room.state().await;
    visit
        .browser
        .click("//*[@id='clock']/button[starts-with(., '跳到下一次发送')]")
        .await;
    until(before["now"].as_str().unwrap()).await;
    visit.settled().await;
    assert!(visit.now().await.as_str() <= before["planned"][0]["at"].as_str().unwrap());
}

async fn a_kept_room_is_opened_again(visit: &Visit) {
    let before = visit.now().await;
    visit.sheet("keeping").await;
    visit
        .browser
        .write("//*[@aria-label='保存的名字']", "留着")
        .await;
    visit
        .browser
        .click("//form[.//*[@aria-label='保存的名字']]/button")
        .await;
    visit.says("#toasts", "已保存").await;
    visit.jump("2027-01-15 09:00").await;
    visit.browser.click("//*[@aria-label='打开 留着']").await;
    visit
        .browser
        .click("//*[@id='notice']//button[. = '打开']")
        .await;
    visit.says("#toasts", "已打开").await;
    assert_eq!(visit.now().await, before);
    visit.sees("第1期").await;
    let transcript =
        "fetch(document.querySelector('a.deed[download]').href).then((answer) => answer.text())";
    let transcript = visit.browser.wait(transcript).await;
    let transcript = transcript.as_str().unwrap();
    assert!(transcript.contains("殷宗震：\n    60所"), "{transcript}");
}

async fn a_script_is_played_and_followed(visit: &Visit) {
    let script = "孙婧> /start\n孙婧# /status\n";
    visit.browser.write("//*[@aria-label='剧本']", script).await;
    visit
        .browser
        .click("//*[@class='pair']/button[. = '播放']")
        .await;
    visit.says(".progress", "第 2/2 行，已播完").await;
    visit.become_person("孙婧").await;
    visit.open_private().await;
    visit.sees("孙婧同志").await;
}

async fn the_group_becomes_a_supergroup(visit: &Visit) {
    visit.become_person("栾频").await;
    visit.open_group().await;
    visit.says("#chat-title", "群组 · 25 人").await;
    visit.sheet("cast").await;
    visit.work("升级为超级群").await;
    visit
        .browser
        .click("//*[@id='notice']//button[. = '升级']")
        .await;
    visit.says("#chat-title", "超级群 · 25 人").await;
    visit.says("#chats", "升级前的群").await;
    visit.says(".service", "群组已升级为超级群").await;
    visit.say("/status").await;
    visit.sees("总体进度").await;
    // The pinned status is made anew there.
    visit
        .browser
        .click("//*[@class='landmarks']/button[. = '一小时后']")
        .await;
    visit.settled().await;
    visit.says("#pinned", "29项目标").await;
}

async fn a_violation_stands_in_red(visit: &mut Visit) {
    let li = visit.room.account("李俊卿").await;
    let wrong = json!({"chat_id": li, "text": "x", "silent": true});
    visit.room.call("sendMessage", wrong).await;
    visit.says("#strip", "unknown parameter silent").await;
    visit
        .browser
        .click("//*[@class='strip-line'][@data-colour='red']//button[. = '查看']")
        .await;
    visit
        .says("#sheet-delivery .violations", "sendMessage")
        .await;
    visit
        .says("#sheet-delivery .violations", "unknown parameter silent")
        .await;
    let colour = "return getComputedStyle(document.querySelector('.violations p')).color.match(/\\d+/g).map(Number)";
    let colour = visit.browser.run(colour).await;
    let [red, green, blue] = [0, 1, 2].map(|part| colour[part].as_i64().unwrap());
    assert!(red > 2 * green && red > 2 * blue, "{colour}");
    visit
        .room
        .complains("sendMessage: unknown parameter silent");
}

/// A page of another origin posts as a form could: without asking the room first.
async fn a_page_from_elsewhere_changes_nothing(visit: &Visit) {
    let before = visit.room.state().await;
    let li = visit.room.account("李俊卿").await;
    // The stand-in's port is another origin on this machine.
    let elsewhere = before["stand_in"]["url"].as_str().unwrap();
    visit.browser.open(elsewhere).await;
    let body = json!({"user": li, "chat": li, "act": {"say": "冒充"}}).to_string();
    let post = format!(
        "fetch('{}/api/act', {{method: 'POST', mode: 'no-cors', body: {}}}).then(() => 'heard', () => 'kept off')",
        visit.room.url,
        json!(body)
    );
    assert_eq!(visit.browser.wait(&post).await, json!("kept off"));
    assert_eq!(visit.room.state().await["chats"], before["chats"]);
    let read = format!(
        "fetch('{}/api/room').then(() => 'read', () => 'kept off')",
        visit.room.url
    );
    assert_eq!(visit.browser.wait(&read).await, json!("kept off"));
    let complaints = visit.browser.complaints().await;
    assert!(
        !complaints.is_empty(),
        "the browser tells of what it refused"
    );
}

/// A room in which nobody is known, on a phone; the first violation ends it. Its port is in use by the room before.
pub async fn first_start(monday: Visit) {
    let Visit { browser, room, .. } = monday;
    let port = room.port();
    let unbound = Room::open(None, &["--unbound", "--strict", "--port", &port]);
    assert_ne!(unbound.port(), port);
    assert!(
        unbound.said.contains(&format!("端口 {port} 已被占用")),
        "{}",
        unbound.said
    );
    drop(room);
    browser.resize((390, 844), 1).await;
    let mut visit = Visit::go_on(browser, unbound, (390, 844)).await;
    visit.become_person("栾频").await;
    visit.browser.click("//*[@id='list-tools']").await;
    visit.sheet("cast").await;
    visit.work("由栾频打开首次启动链接").await;
    visit.sees("栾频同志，登记完成").await;
    visit.nothing_sticks_out().await;
    visit.browser.click("//*[@id='chat-tools']").await;
    visit.work("把机器人加入群").await;
    visit.open_group().await;
    visit.sees("已把本群设为").await;
    visit.nothing_sticks_out().await;
    assert_eq!(visit.room.state().await["violations"], json!([]));

    let chief = visit.room.account("栾频").await;
    let wrong = json!({"chat_id": chief, "text": "<b>甲<b>乙</b></b>", "parse_mode": "HTML"});
    visit.room.call("sendMessage", wrong).await;
    assert_eq!(visit.room.exit_code(), Some(1));
    visit.room.complains("bold may not lie in bold");
    visit.says("#strip", "与预演室的连接断开").await;
}
