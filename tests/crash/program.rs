//! The real program: configured, started, listened to, killed.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use duban::rehearsal::STAND_IN_TOKEN;

use crate::account::TASK_FORCE;

/// The program ends within this after SIGTERM.
const FAREWELL: Duration = Duration::from_secs(10);

/// The program under test, the one named or the one built beside this test, without anything of ours in its environment.
fn duban(arguments: &[&str]) -> Command {
    let binary = std::env::var_os("DUBAN_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_duban").into(), PathBuf::from);
    let mut command = Command::new(binary);
    command.args(arguments);
    for name in ["TELOXIDE_PROXY", "RUST_LOG", "DATABASE_URL"] {
        command.env_remove(name);
    }
    command
        .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
        .env("DUBAN_WEBHOOK_SECRET", "a-secret-of-enough-characters")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// This repository's configuration in a folder, with the accounts of these people (id, account, name).
pub fn configure(folder: &Path, people: &[(&str, i64, &str)]) {
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("config"),
        folder,
    );
    let mut accounts = format!("[{TASK_FORCE}]\n");
    for (person, account, name) in people {
        writeln!(
            accounts,
            "{person} = {{ user_id = {account}, name = \"{name}\" }}"
        )
        .unwrap();
    }
    std::fs::write(folder.join("people.toml"), accounts).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// One life of the program.
pub struct Program {
    pub child: Child,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Program {
    /// Starts it with this configuration at this time of the world.
    pub fn start(config: &Path, url: &str, database: &str, now: DateTime<Utc>) -> Self {
        let now = now.to_rfc3339_opts(SecondsFormat::Micros, true);
        let mut child = duban(&["run", "--clock", &now, "--config"])
            .arg(config)
            .current_dir(config)
            .env("TELOXIDE_API_URL", url)
            .env("DATABASE_URL", database)
            .spawn()
            .unwrap();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        listen(child.stdout.take().unwrap(), heard.clone());
        listen(child.stderr.take().unwrap(), heard.clone());
        Self { child, heard }
    }

    /// SIGKILL, and what it had said.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.said()
    }

    /// The exit code, if it ended by itself.
    pub fn ended(&mut self) -> Option<i32> {
        self.child
            .try_wait()
            .unwrap()
            .map(|status| status.code().unwrap_or(-1))
    }

    /// What it said so far.
    pub fn said(&self) -> Vec<String> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// SIGTERM; it must end in order.
    pub fn terminate(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let begun = Instant::now();
        while self.ended().is_none() {
            assert!(
                begun.elapsed() < FAREWELL,
                "it does not end: {:#?}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(self.ended(), Some(0), "{:#?}", self.said());
        self.said()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(pipe: impl Read + Send + 'static, heard: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}

/// `duban verify` holds, and what it printed.
pub fn verify(database: &str) -> String {
    let output = duban(&["verify", "--database-url", database])
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{text}");
    text
}
