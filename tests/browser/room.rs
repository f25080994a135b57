//! The program with its page, as a process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A line that does not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// `duban rehearse` with its page. Dropping it ends it.
pub struct Room {
    child: Child,
    pub url: String,
    /// What it printed until the address of the page was known.
    pub said: String,
    stderr: Receiver<String>,
    /// What was read of it.
    complaints: String,
    client: Client,
    /// Where it runs; a room that is saved is saved here.
    _folder: tempfile::TempDir,
}

impl Room {
    /// Opens a room on this script, if any, with these further arguments.
    pub fn open(script: Option<&str>, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        command
            .arg("rehearse")
            .args(arguments)
            .arg("--config")
            .arg(config);
        if let Some(script) = script {
            let path = folder.path().join("setting.txt");
            std::fs::write(&path, script).unwrap();
            command.arg("--script").arg(path);
        }
        let mut child = command
            .current_dir(folder.path())
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = lines_of(child.stderr.take().unwrap());
        let (said, url) = greeting(&lines_of(child.stdout.take().unwrap()));
        Self {
            child,
            url,
            said,
            stderr,
            complaints: String::new(),
            client: Client::builder().no_proxy().build().unwrap(),
            _folder: folder,
        }
    }

    /// The port of the page.
    pub fn port(&self) -> String {
        self.url.rsplit(':').next().unwrap().to_owned()
    }

    /// Waits until it wrote this to stderr.
    pub fn complains(&mut self, words: &str) {
        while !self.complaints.contains(words) {
            let line = self.stderr.recv_timeout(PATIENCE);
            self.complaints += &line.unwrap_or_else(|_| panic!("no {words}: {}", self.complaints));
            self.complaints.push('\n');
        }
    }

    /// Waits for its end and gives the exit code.
    pub fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    pub async fn state(&self) -> Value {
        let answer = self.client.get(format!("{}/api/room", self.url)).send();
        answer.await.unwrap().json().await.unwrap()
    }

    /// Calls the stand-in as a bot does, beside the one that runs.
    pub async fn call(&self, method: &str, parameters: Value) -> Value {
        let request = self.client.post(self.method(method).await);
        let answer = request.json(&parameters).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Uploads a file as a bot does.
    pub async fn upload(
        &self,
        method: &str,
        chat: i64,
        field: &'static str,
        file: Upload,
    ) -> Value {
        let part = Part::bytes(file.bytes).file_name(file.name);
        let form = Form::new()
            .text("chat_id", chat.to_string())
            .text("caption", file.caption)
            .part(field, part);
        let request = self.client.post(self.method(method).await);
        let answer = request.multipart(form).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn method(&self, name: &str) -> String {
        let stand_in = &self.state().await["stand_in"];
        let [url, token] = ["url", "token"].map(|part| stand_in[part].as_str().unwrap());
        format!("{url}/bot{token}/{name}")
    }

    /// The account of somebody on the page.
    pub async fn account(&self, name: &str) -> i64 {
        let state = self.state().await;
        let mut people = state["people"].as_array().unwrap().iter();
        let person = people.find(|person| person["name"] == json!(name));
        person.unwrap()["id"].as_i64().unwrap()
    }
}

/// A file for the bot to send.
pub struct Upload {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub caption: &'static str,
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lines as they come; what nobody asks for is dropped.
fn lines_of(output: impl Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more: the pipe is emptied all the same.
            let _ = send.send(line);
        }
    });
    lines
}

/// All that is said up to the address of the page, and the address.
fn greeting(lines: &Receiver<String>) -> (String, String) {
    let mut said = String::new();
    loop {
        let line = lines
            .recv_timeout(PATIENCE)
            .expect("it says where the page is");
        said.push_str(&line);
        said.push('\n');
        if let Some(from) = line.find("http://") {
            let address = line[from..]
                .split([' ', '，', '。'])
                .next()
                .unwrap_or_default();
            return (said, address.to_owned());
        }
    }
}
