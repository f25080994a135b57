//! A browser at the page, with what a person does there.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::room::Room;
use super::webdriver::{Browser, ENTER, Programs};

/// Names the folder that gets the pictures of the READMEs.
const PICTURES: &str = "DUBAN_SCREENSHOTS";

/// A click that does nothing is made again, so often.
const CLICKS: usize = 3;
/// So often one looks for what a click did, and so long apart.
const LOOKS: usize = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// A browser at the page, with what a person does there.
pub struct Visit {
    pub browser: Browser,
    pub room: Room,
    pub is_narrow: bool,
}

impl Visit {
    /// Opens the room's page in a browser of its own, with a page of this size in CSS pixels, drawn with `scale` dots each.
    pub async fn begin(programs: &Programs, room: Room, size: (u32, u32), scale: u32) -> Self {
        let browser = Browser::start(programs, size, scale).await;
        Self::go_on(browser, room, size).await
    }

    /// Opens another room's page in a browser that is there.
    pub async fn go_on(browser: Browser, room: Room, size: (u32, u32)) -> Self {
        browser.open(&room.url).await;
        let visit = Self {
            browser,
            room,
            is_narrow: size.0 < 720,
        };
        visit.settled().await;
        visit
    }

    /// The script is over and the page knows it.
    pub async fn settled(&self) {
        let idle = "fetch('/api/room').then((answer) => answer.json()).then((room) => !room.busy && (room.planned.length > 0 || room.bot.start_link))";
        self.browser.wait(idle).await;
        self.browser.wait("document.querySelector('#me b')").await;
    }

    /// On a phone, back to the list of chats.
    pub async fn to_list(&self) {
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
    pub async fn become_person(&self, name: &str) {
        self.to_list().await;
        self.open_choice().await;
        self.browser
            .write("//*[@id='people']//input[@type='search']", name)
            .await;
        self.browser
            .write("//*[@id='people']//input[@type='search']", ENTER)
            .await;
        let is_them = format!("document.querySelector('#me b').textContent === '{name}'");
        self.browser.wait(&is_them).await;
    }

    /// Opens the choice of people. The browser now and then swallows a click while several of them start at once: then a second one.
    async fn open_choice(&self) {
        const OPEN: &str = "document.getElementById('people').open";
        for _ in 0..CLICKS {
            self.browser.click("//*[@id='me']").await;
            for _ in 0..LOOKS {
                if self.browser.run(&format!("return {OPEN}")).await == true {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        panic!("{CLICKS} clicks did not open the choice of people");
    }

    pub async fn open_private(&self) {
        self.to_list().await;
        self.browser
            .click("//*[@aria-label='我的会话']/li[last()]/button")
            .await;
    }

    pub async fn open_group(&self) {
        self.to_list().await;
        self.browser
            .click("//*[@aria-label='我的会话']/li[1]/button")
            .await;
    }

    pub async fn say(&self, words: &str) {
        self.browser
            .write("//textarea[@aria-label='写消息']", words)
            .await;
        self.browser
            .write("//textarea[@aria-label='写消息']", ENTER)
            .await;
        self.sees_of("out", words).await;
    }

    /// Taps the newest button whose words begin so, once it is the newest message's.
    pub async fn tap(&self, words: &str) {
        let path = format!(
            "(//*[@class='keyboard'])[last()]//button[starts-with(normalize-space(.), '{words}')]"
        );
        self.browser.click(&path).await;
    }

    /// Waits until a message of the chat holds the words; gives the newest such.
    pub async fn sees(&self, words: &str) -> String {
        self.sees_of("message", words).await
    }

    pub async fn sees_of(&self, class: &str, words: &str) -> String {
        let found = format!(
            "[...document.querySelectorAll('.message.{class}, .{class} .text')].map((one) => one.innerText).findLast((text) => text.includes('{words}'))"
        );
        self.browser.wait(&found).await.as_str().unwrap().to_owned()
    }

    pub async fn nothing_sticks_out(&self) {
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
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES).map(PathBuf::from) else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), self.browser.picture().await).unwrap();
    }

    pub async fn jump_to_friday(&self) {
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

    pub async fn ends_well(self) {
        self.nothing_sticks_out().await;
        let script = "return fetch('/api/room').then((answer) => answer.json()).then((room) => room.violations)";
        let violations = self.browser.run(script).await;
        assert_eq!(violations, Value::Array(Vec::new()));
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        drop(self.room);
    }
}
