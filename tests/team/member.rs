//! One of several processes: started, listened to, killed.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use duban::rehearsal::STAND_IN_TOKEN;

/// It ends within this after SIGTERM.
const FAREWELL: Duration = Duration::from_secs(10);

/// The program under test: the one named, or the one built beside this test.
pub fn binary() -> PathBuf {
    std::env::var_os("DUBAN_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_duban").into(), PathBuf::from)
}

/// The program, without anything of ours in its environment.
pub fn duban(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
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

/// This repository's configuration in a folder, for a webhook at `public` that is taken in at `port`; with these accounts.
pub fn configure(folder: &Path, public: u16, port: u16, people: &[(&str, i64, &str)]) {
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("config"),
        folder,
    );
    let settings = folder.join("duban.toml");
    let mut text = std::fs::read_to_string(&settings).unwrap();
    write!(
        text,
        "\n[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:{public}/webhook\"\nwebhook_listen = \"127.0.0.1:{port}\"\n"
    )
    .unwrap();
    std::fs::write(settings, text).unwrap();
    let mut accounts = "[rushan]\n".to_owned();
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

/// One life of one process.
pub struct Member {
    child: Child,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Member {
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

    /// Its number among the machine's processes.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and what it had said.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.said()
    }

    /// The exit code, if it ended by itself.
    pub fn ended(&mut self) -> Option<i32> {
        let status = self.child.try_wait().unwrap()?;
        Some(status.code().unwrap_or(-1))
    }

    /// What it said so far.
    pub fn said(&self) -> Vec<String> {
        let heard = self.heard.lock();
        heard.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// SIGTERM; it must end in order.
    pub fn terminate(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(killed.success());
        let begun = Instant::now();
        while self.ended().is_none() {
            let late = begun.elapsed() > FAREWELL;
            assert!(!late, "it does not end: {:#?}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(self.ended(), Some(0), "{:#?}", self.said());
        self.said()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(pipe: impl Read + Send + 'static, heard: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(line);
        }
    });
}
