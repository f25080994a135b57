//! The rehearsal page in a real browser, on a phone's screen and on a desk's: a member answers a reminder, the chief asks and jumps to
//! Friday; what can be broken is broken. Left out where Chromium and ChromeDriver are not installed, unless `CI=true`.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod webdriver;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use webdriver::{Browser, ENTER, Programs};

/// Monday morning, everything set up, the first cards just sent.
const SETTING: &str = "\
@ 2026-11-23 08:30
栾频> /start
蒋德强> /start
李俊卿> /start
! add-bot 栾频
! promote-bot 栾频
栾频> /golive
栾频> [正式启用]
栾频> [确认启用]
@ 2026-11-23 09:00
";

/// A desk's screen: width and height in CSS pixels, dots each.
const DESK: (u32, u32, u32) = (1280, 860, 1);

/// Names the folder that gets the pictures of the READMEs.
const PICTURES: &str = "DUBAN_SCREENSHOTS";

/// How a room is opened.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// Set up; the first violation ends it.
    Strict,
    /// Set up; violations are shown.
    Lenient,
    /// Nobody is bound.
    Unbound,
}

/// `duban rehearse` with its page. Dropping it ends it.
struct Room {
    child: Child,
    url: String,
    /// The stand-in's address.
    api: String,
    /// Where it runs; a room that is saved is saved here.
    _folder: tempfile::TempDir,
}

impl Room {
    fn open(how: How) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("setting.txt");
        std::fs::write(&script, SETTING).unwrap();
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        command.args(["rehearse", "--port", "0"]);
        match how {
            How::Strict => command.arg("--strict").arg("--script").arg(&script),
            How::Lenient => command.arg("--script").arg(&script),
            How::Unbound => command.args(["--strict", "--unbound"]),
        };
        let mut child = command
            .arg("--config")
            .arg(config)
            .current_dir(folder.path())
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut addresses = lines.by_ref().map_while(Result::ok).filter_map(|line| {
            let from = line.find("http://")?;
            Some(line[from..].split([' ', '，', '。']).next()?.to_owned())
        });
        let (url, api) = (addresses.next().unwrap(), addresses.next().unwrap());
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            url,
            api,
            _folder: folder,
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Chromium's whereabouts; says so and gives nothing where a test is left out.
fn programs() -> Option<Programs> {
    let found = Programs::find();
    if found.is_none() {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!in_ci, "chromium and chromedriver are needed here");
        // Past the test runner, which shows what a test prints only if it fails.
        let _ = writeln!(
            std::io::stderr(),
            "left out: the browser test needs chromium and chromedriver"
        );
    }
    found
}

/// A browser at the page, with what a person does there.
struct Visit {
    browser: Browser,
    room: Room,
    is_narrow: bool,
}

impl Visit {
    async fn begin(programs: &Programs, how: How, (width, height, scale): (u32, u32, u32)) -> Self {
        let room = Room::open(how);
        let browser = Browser::start(programs, width, height, scale).await;
        browser.open(&room.url).await;
        let visit = Self {
            browser,
            room,
            is_narrow: width < 720,
        };
        if how != How::Unbound {
            visit.settled().await;
        }
        visit.browser.wait("document.querySelector('#me b')").await;
        visit
    }

    /// The script is over and the page knows it.
    async fn settled(&self) {
        let idle = "fetch('/api/room').then((answer) => answer.json()).then((room) => !room.busy && room.planned.length > 0)";
        self.browser.wait(idle).await;
    }

    /// On a phone, back to the list of chats.
    async fn to_list(&self) {
        if self.is_narrow {
            let pane = self
                .browser
                .run("return document.getElementById('panes').dataset.pane");
            match pane.await.as_str().unwrap() {
                "tools" => {
                    self.browser.click("//*[@id='tools-back']").await;
                    self.browser.click("//*[@id='chat-back']").await;
                }
                "chat" => self.browser.click("//*[@id='chat-back']").await,
                _ => {}
            }
        }
    }

    /// Chooses whom one is, by searching the name.
    async fn become_person(&self, name: &str) {
        self.to_list().await;
        self.browser.click("//*[@id='me']").await;
        self.browser
            .write("//*[@id='people']//input[@type='search']", name)
            .await;
        self.browser
            .write("//*[@id='people']//input[@type='search']", ENTER)
            .await;
        let is_them = format!("document.querySelector('#me b').textContent === '{name}'");
        self.browser.wait(&is_them).await;
    }

    async fn open_private(&self) {
        self.to_list().await;
        self.browser
            .click("//*[@aria-label='我的会话']/li[last()]/button")
            .await;
    }

    async fn open_group(&self) {
        self.to_list().await;
        self.browser
            .click("//*[@aria-label='我的会话']/li[1]/button")
            .await;
    }

    async fn say(&self, words: &str) {
        self.browser
            .write("//textarea[@aria-label='写消息']", words)
            .await;
        self.browser
            .write("//textarea[@aria-label='写消息']", ENTER)
            .await;
        self.sees_of("out", words).await;
    }

    /// Taps the newest button whose words begin so, once it is the newest message's.
    async fn tap(&self, words: &str) {
        let path = format!(
            "(//*[@class='keyboard'])[last()]//button[starts-with(normalize-space(.), '{words}')]"
        );
        self.browser.click(&path).await;
    }

    /// Waits until a message of the chat holds the words; gives the newest such.
    async fn sees(&self, words: &str) -> String {
        self.sees_of("message", words).await
    }

    async fn sees_of(&self, class: &str, words: &str) -> String {
        let found = format!(
            "[...document.querySelectorAll('.message.{class}, .{class} .text')].map((one) => one.innerText).findLast((text) => text.includes('{words}'))"
        );
        self.browser.wait(&found).await.as_str().unwrap().to_owned()
    }

    async fn nothing_sticks_out(&self) {
        let widths = self.browser.run("return [document.documentElement.scrollWidth, window.innerWidth, ...[...document.querySelectorAll('.scroll, .messages')].map((one) => one.scrollWidth - one.clientWidth)]").await;
        let widths: Vec<i64> = widths
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_i64)
            .collect();
        assert_eq!(widths[0], widths[1], "the page is wider than the screen");
        assert!(widths[2..].iter().all(|excess| *excess <= 0), "{widths:?}");
    }

    /// Keeps the picture if somebody asked for it.
    async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES).map(PathBuf::from) else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), self.browser.picture().await).unwrap();
    }

    /// Answers the first card from its first button to the last tap.
    async fn answer_the_reminder(&self) {
        self.sees("待反馈").await;
        self.tap("填 4-2").await;
        self.sees("直接回复").await;
        self.say("97.1%").await;
        self.sees("您对进度的判断").await;
        self.tap("🟢").await;
        self.sees("做了哪些工作").await;
        self.say("秋收作业结束，新增烘干机械入库").await;
        self.sees("存在什么问题").await;
        self.tap("其余没有").await;
        self.sees("请核对").await;
    }

    async fn jump_to_friday(&self) {
        if self.is_narrow {
            self.browser.click("//*[@id='chat-tools']").await;
        }
        self.browser
            .click("//*[@class='landmarks']/button[starts-with(., '周五')]")
            .await;
        self.browser
            .wait("document.querySelector('.face').innerText.includes('11月27日')")
            .await;
        self.settled().await;
    }

    /// Opens a sheet of the side panel.
    async fn sheet(&self, name: &str) {
        self.browser.click(&format!("//*[@id='tab-{name}']")).await;
    }

    /// Presses what stands under these words in the open sheet.
    async fn does(&self, words: &str) {
        let path =
            format!("//section[@role='tabpanel' and not(@hidden)]//button[.//b[.='{words}']]");
        self.browser.click(&path).await;
    }

    /// Waits until the words stand in what the selector finds.
    async fn reads(&self, selector: &str, words: &str) {
        let found = format!(
            "[...document.querySelectorAll(\"{selector}\")].some((one) => one.innerText.includes('{words}'))"
        );
        self.browser.wait(&found).await;
    }

    /// Reads and closes the box that a bot or the page opened.
    async fn answers_box(&self, words: &str, choice: &str) {
        self.reads("#notice[open]", words).await;
        let path = format!("//*[@id='notice']//button[.='{choice}']");
        self.browser.click(&path).await;
        self.browser
            .wait("!document.querySelector('#notice').open")
            .await;
    }

    /// A call that the bot would not make, straight to the stand-in.
    async fn calls(&self, method: &str, body: Value) {
        let token = duban::rehearsal::STAND_IN_TOKEN;
        let url = format!("{}/bot{token}/{method}", self.room.api);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.post(url).json(&body).send().await.unwrap();
    }

    /// The account whose private chat is open.
    async fn own_id(&self) -> i64 {
        let script = "return fetch('/api/room').then((answer) => answer.json()).then((room) => room.people.find((one) => one.name === document.querySelector('#me b').textContent).id)";
        self.browser.run(script).await.as_i64().unwrap()
    }

    async fn speed(&self, words: &str) {
        let path = format!("//*[@class='speeds']/button[.='{words}']");
        self.browser.click(&path).await;
    }

    async fn violations(&self) -> Vec<Value> {
        let script = "return fetch('/api/room').then((answer) => answer.json()).then((room) => room.violations)";
        let violations = self.browser.run(script).await;
        violations.as_array().unwrap().clone()
    }

    async fn ends_well(self) {
        self.nothing_sticks_out().await;
        assert_eq!(self.violations().await, Vec::<Value>::new());
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        drop(self.room);
    }
}

/// The story of the page, and the picture to take on the way or at its end.
async fn story(visit: &Visit, picture: &str) {
    visit.become_person("蒋德强").await;
    visit.open_private().await;
    visit.answer_the_reminder().await;
    visit.nothing_sticks_out().await;
    if visit.is_narrow {
        visit.picture(picture).await;
    }
    visit.tap("提交").await;
    visit.sees("已记录").await;
    visit.open_group().await;
    let line = visit.sees("反馈 4-2").await;
    assert!(line.contains("市农业农村局"), "{line}");

    visit.become_person("栾频").await;
    visit.open_private().await;
    visit.say("/status").await;
    visit.sees("29项目标").await;
    visit.jump_to_friday().await;
    visit.nothing_sticks_out().await;
    visit.open_group().await;
    let digest = visit.sees("工作周报").await;
    assert!(digest.contains("第1期"), "{digest}");
    visit.nothing_sticks_out().await;
    if !visit.is_narrow {
        let head = "[...document.querySelectorAll('.message')].at(-1).scrollIntoView()";
        visit.browser.run(head).await;
        visit.picture(picture).await;
    }
}

#[tokio::test]
async fn on_a_phone_a_reminder_is_answered_and_the_digest_comes() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, How::Strict, (390, 844, 2)).await;
    story(&visit, "rehearsal-390.png").await;
    visit.ends_well().await;
}

#[tokio::test]
async fn on_a_desk_a_reminder_is_answered_and_the_digest_comes() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, How::Strict, DESK).await;
    story(&visit, "rehearsal-1280.png").await;
    visit.ends_well().await;
}

#[tokio::test]
async fn on_a_desk_what_is_broken_is_seen_and_mended() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, How::Lenient, DESK).await;
    an_old_button_opens_a_box(&visit).await;
    the_bot_types_and_breaks_a_rule(&visit).await;
    telegram_is_down_and_limits(&visit).await;
    a_person_leaves_and_comes_back(&visit).await;
    files_are_sent_and_seen(&visit).await;
    the_group_is_upgraded_and_asks_for_a_reply(&visit).await;
    visit.nothing_sticks_out().await;
    assert_eq!(visit.violations().await.len(), 1, "the one made on purpose");
}

async fn an_old_button_opens_a_box(visit: &Visit) {
    visit.become_person("蒋德强").await;
    visit.open_private().await;
    visit.sees("待反馈").await;
    visit.tap("填 4-2").await;
    visit.sees("直接回复").await;
    visit.say("97.1%").await;
    visit.sees("您对进度的判断").await;
    let before =
        "(//*[@class='keyboard'])[last()-1]//button[starts-with(normalize-space(.), '跳过')]";
    visit.browser.click(before).await;
    visit.answers_box("请看最新一条", "确定").await;
    visit.say("/cancel").await;
}

async fn the_bot_types_and_breaks_a_rule(visit: &Visit) {
    let chat = visit.own_id().await;
    let typing = json!({"chat_id": chat, "action": "typing"});
    visit.calls("sendChatAction", typing).await;
    visit.reads("#chat-title p", "正在输入").await;
    let wrong = json!({"chat_id": chat, "text": "颜色", "colour": "red"});
    visit.calls("sendMessage", wrong).await;
    visit
        .reads("#strip [data-colour=red]", "违反 Bot API 规则 1 处")
        .await;
    visit
        .browser
        .click("//*[@id='strip']//button[.='查看']")
        .await;
    visit.reads(".violations .red", "sendMessage").await;
}

async fn telegram_is_down_and_limits(visit: &Visit) {
    visit.sheet("faults").await;
    visit.does("Telegram 断线").await;
    visit.reads("#strip [data-colour=amber]", "断线中").await;
    visit.say("/status").await;
    visit.does("Telegram 断线").await;
    visit.speed("60×").await;
    visit.sees("29项目标").await;
    visit.speed("暂停").await;

    visit.does("限流 30 秒").await;
    visit.say("/missing").await;
    visit.sheet("delivery").await;
    visit.reads("#sheet-delivery .amber", "429").await;
    visit.speed("60×").await;
    visit.sees("未反馈").await;
    visit.speed("暂停").await;

    visit.sheet("faults").await;
    visit.does("结束并重启机器人").await;
    visit.say("/overdue").await;
    // What the bot had in hand when it died is its own again once its lease is over.
    visit.speed("60×").await;
    visit.sees("逾期").await;
    visit.speed("暂停").await;
}

async fn a_person_leaves_and_comes_back(visit: &Visit) {
    visit.does("此人停用机器人").await;
    visit
        .browser
        .click("//*[@class='gate']//button[.='重新启用机器人']")
        .await;
    visit
        .browser
        .wait("document.querySelector('.gate').hidden")
        .await;
}

async fn files_are_sent_and_seen(visit: &Visit) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let picker = "//*[@class='writing']/input[@type='file']";
    let photo = folder.join("docs/images/rehearsal-390.png");
    let accept = "document.querySelector('.writing input').accept = 'image/png'";
    visit.browser.run(accept).await;
    visit.browser.write(picker, photo.to_str().unwrap()).await;
    let drawn = "[...document.querySelectorAll('.message.out .photo img')].some((one) => one.complete && one.naturalWidth > 0)";
    visit.browser.wait(drawn).await;
    visit
        .browser
        .click("//*[contains(@class, 'out')]//*[@aria-label='放大照片']")
        .await;
    visit
        .browser
        .wait("document.querySelector('#picture').open")
        .await;
    visit.browser.click("//*[@id='picture']//button").await;
    visit
        .browser
        .run("document.querySelector('.writing input').accept = ''")
        .await;
    visit
        .browser
        .write(picker, folder.join("LICENSE").to_str().unwrap())
        .await;
    visit.reads(".message.out .file-name", "LICENSE").await;
}

async fn the_group_is_upgraded_and_asks_for_a_reply(visit: &Visit) {
    visit.become_person("栾频").await;
    visit.sheet("cast").await;
    visit.does("升级为超级群").await;
    visit.answers_box("群号会变", "升级").await;
    visit.open_group().await;
    visit.reads("#chat-title p", "超级群").await;
    visit.say("/status").await;
    visit.sees("29项目标").await;

    // Whoever has no private chat is asked in the group; the reply bar opens by itself.
    visit.become_person("孙婧").await;
    visit.open_group().await;
    visit.say("/report 11").await;
    visit.tap("🟢").await;
    // The field follows a second after the card, by the group's limit.
    visit.speed("1×").await;
    visit.reads(".purpose:not([hidden])", "回复 督办").await;
    visit.say("组织两场家装节").await;
    visit.sees("存在什么问题").await;
}

#[tokio::test]
async fn on_a_desk_the_first_start_is_practised() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, How::Unbound, DESK).await;
    visit.become_person("栾频").await;
    visit.sheet("cast").await;
    visit.does("由栾频打开首次启动链接").await;
    visit.sees("登记完成").await;
    visit.ends_well().await;
}
