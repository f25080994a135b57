//! Debian's Chromium through ChromeDriver: as much of the WebDriver protocol as a person's clicks and keys need.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// Waiting for the page is bounded; nothing is timed.
const PATIENCE_MS: u64 = 60_000;
/// The page may put a new element in the place of the one just found, or be about to show it: the next attempt comes so much later.
const PAUSE: Duration = Duration::from_millis(100);
const ATTEMPTS: usize = 600;
/// The key that a keyboard calls Enter.
pub const ENTER: &str = "\u{E007}";
/// The key that deletes what is selected.
pub const BACKSPACE: &str = "\u{E003}";
/// Control held down with an A, then let go.
const SELECT_ALL: &str = "\u{E009}a\u{E000}";
/// How WebDriver names a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
];

/// Where Chromium and ChromeDriver are.
#[derive(Debug)]
pub struct Programs {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Programs {
    /// Those of this machine, if both are there.
    pub fn find() -> Option<Self> {
        Some(Self {
            chromium: on_path("chromium")?,
            driver: on_path("chromedriver")?,
        })
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// One window of a browser of its own. Dropping it closes both.
pub struct Browser {
    client: Client,
    driver: Child,
    port: u16,
    session: String,
    /// The browser's folder, gone with it.
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser with an empty profile and a page of this size in CSS pixels, drawn with `scale` dots each.
    pub async fn start(programs: &Programs, (width, height): (u32, u32), scale: u32) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(&programs.driver)
            .arg("--port=0")
            // The browser's own controls speak the page's language.
            .env("LANGUAGE", "zh_CN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port_of(&mut driver);
        let mut browser = Self {
            client: Client::builder().no_proxy().build().unwrap(),
            driver,
            port,
            session: String::new(),
            _profile: profile,
        };
        let wanted = capabilities(&programs.chromium, browser._profile.path());
        let begun = browser
            .call(Method::POST, "/session", wanted)
            .await
            .unwrap();
        browser.session = begun["sessionId"].as_str().unwrap().to_owned();
        browser.resize((width, height), scale).await;
        browser
    }

    /// Gives the page another size.
    pub async fn resize(&self, (width, height): (u32, u32), scale: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 720});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics});
        self.post("goog/cdp/execute", command).await.unwrap();
    }

    pub async fn open(&self, url: &str) {
        self.post("url", json!({"url": url})).await.unwrap();
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.post("refresh", json!({})).await.unwrap();
    }

    /// Opens a second tab and goes there; gives the tab left behind and the new one.
    pub async fn second_tab(&self) -> (String, String) {
        let path = self.path("window");
        let first = self.call(Method::GET, &path, Value::Null);
        let first = first.await.unwrap().as_str().unwrap().to_owned();
        let opened = self.post("window/new", json!({"type": "tab"}));
        let second = opened.await.unwrap()["handle"].as_str().unwrap().to_owned();
        self.switch(&second).await;
        (first, second)
    }

    /// Goes to another tab.
    pub async fn switch(&self, tab: &str) {
        self.post("window", json!({"handle": tab})).await.unwrap();
    }

    /// Closes this tab; another has to be gone to.
    pub async fn close_tab(&self) {
        let path = self.path("window");
        let closed = self.call(Method::DELETE, &path, Value::Null);
        closed.await.unwrap();
    }

    /// Waits until the expression, or what it promises, is true in the page, and gives its value.
    pub async fn wait(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0];
            const look = async () => {{
              let seen = null;
              try {{ seen = await ({expression}); }} catch {{ /* not there yet */ }}
              if (seen) done(seen); else setTimeout(look, 20);
            }};
            look();"
        );
        let waited = self
            .post("execute/async", json!({"script": script, "args": []}))
            .await;
        match waited {
            Ok(seen) => seen,
            Err(error) => {
                let page = self.run("return document.body.innerText").await;
                panic!("never came: {expression}\n{error}\n{page}")
            }
        }
    }

    /// The value a script returns.
    pub async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", json!({"script": script, "args": []}))
            .await
            .unwrap()
    }

    /// Clicks what the XPath finds last, as a person would: it has to be in sight and uncovered.
    pub async fn click(&self, path: &str) {
        self.with_last(path, "click", json!({})).await;
    }

    /// Puts the mouse down on what the XPath finds, and leaves it there.
    pub async fn press(&self, path: &str) {
        let query = json!({"using": "xpath", "value": path});
        let found = self.post("element", query).await.unwrap();
        let to = json!({"type": "pointerMove", "origin": found, "x": 0, "y": 0, "duration": 0});
        self.mouse(json!([to, {"type": "pointerDown", "button": 0}]))
            .await;
    }

    /// Lets the mouse up where it is.
    pub async fn release(&self) {
        self.mouse(json!([{"type": "pointerUp", "button": 0}]))
            .await;
    }

    async fn mouse(&self, actions: Value) {
        let mouse = json!({"type": "pointer", "id": "mouse", "actions": actions});
        self.post("actions", json!({"actions": [mouse]}))
            .await
            .unwrap();
    }

    /// Types into what the XPath finds last.
    pub async fn write(&self, path: &str, keys: &str) {
        self.with_last(path, "value", json!({"text": keys})).await;
    }

    /// Types in the place of all that stands in the field.
    pub async fn rewrite(&self, path: &str, keys: &str) {
        self.write(path, &format!("{SELECT_ALL}{keys}")).await;
    }

    async fn with_last(&self, path: &str, deed: &str, body: Value) {
        let mut refused = String::new();
        for _ in 0..ATTEMPTS {
            let counted = json!(format!("count({path})"));
            self.wait(&format!(
                "document.evaluate({counted}, document, null, XPathResult.NUMBER_TYPE).numberValue"
            ))
            .await;
            let query = json!({"using": "xpath", "value": format!("({path})[last()]")});
            let done = match self.post("element", query).await {
                Ok(found) => {
                    let element = found[ELEMENT].as_str().unwrap();
                    self.post(&format!("element/{element}/{deed}"), body.clone())
                        .await
                }
                Err(error) => Err(error),
            };
            match done {
                Ok(_) => return,
                Err(error) => refused = error,
            }
            tokio::time::sleep(PAUSE).await;
        }
        let page = self.run("return document.body.innerText").await;
        panic!("{deed} at {path}: {refused}\n{page}");
    }

    /// The page as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let shot = json!({"cmd": "Page.captureScreenshot", "params": {"format": "png"}});
        let shot = self.post("goog/cdp/execute", shot).await.unwrap();
        base64(shot["data"].as_str().unwrap())
    }

    /// What the page wrote to its console, warnings and errors alone.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self
            .post("se/log", json!({"type": "browser"}))
            .await
            .unwrap();
        let entries = log.as_array().unwrap().iter();
        let bad = entries.filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        bad.map(|entry| entry["message"].to_string()).collect()
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.call(Method::POST, &self.path(path), body).await
    }

    fn path(&self, of: &str) -> String {
        format!("/session/{}/{of}", self.session)
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let mut request = self.client.request(method.clone(), url);
        if method == Method::POST {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|error| error.to_string())?;
        let good = response.status().is_success();
        let mut answer: Value = response.json().await.map_err(|error| error.to_string())?;
        let value = answer["value"].take();
        if good {
            Ok(value)
        } else {
            Err(format!("{}: {}", value["error"], value["message"]))
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver closes its browser; without it the browser would outlive the test.
        if let Ok(mut line) = TcpStream::connect(("127.0.0.1", self.port)) {
            let request = format!(
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                self.session
            );
            let _ = line.write_all(request.as_bytes());
            // It answers once the browser is closed, and keeps the line.
            let _ = line.read(&mut [0]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(chromium: &Path, profile: &Path) -> Value {
    let mut flags: Vec<String> = FLAGS.map(str::to_owned).into();
    flags.push(format!("--user-data-dir={}", profile.display()));
    json!({"capabilities": {"alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": chromium, "args": flags},
        "goog:loggingPrefs": {"browser": "ALL"},
        "timeouts": {"script": PATIENCE_MS},
    }}})
}

/// The driver says on its output which port it took; the rest of what it says is read and dropped.
fn port_of(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let said = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        })
        .unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    said
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    bytes
}
