//! The drill: the real program is copied while it runs, goes on sending, is killed, and starts on the copy. Nothing it sent is
//! sent again, the office is asked once, and the next slot goes out as ever. On SQLite, and on PostgreSQL where
//! `DUBAN_TEST_POSTGRES_URL` names a server and its `pg_dump` and `pg_restore` are there.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

#[path = "../crash/disk.rs"]
mod disk;
mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use duban::clock::Clock;
use duban::rehearsal::{Call, MessageView, STAND_IN_TOKEN, Server, World};

const CHIEF: i64 = 100_001;
const MEMBER: i64 = 100_002;
const GROUP: i64 = -100_500;

/// Waiting for the outside world is bounded; nothing is timed.
const PATIENCE: Duration = Duration::from_secs(120);

const PEOPLE: &str = "
[drainage.wu-yi]
user_id = 100001
name = \"吴乙\"

[drainage.zhou-ming]
user_id = 100002
name = \"周明\"
";

/// A folder with everything the program needs.
struct Place {
    dir: tempfile::TempDir,
    database: String,
}

impl Place {
    fn new(database: impl FnOnce(&Path) -> String) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/config/pair");
        for folder in ["plans", "holidays"] {
            let to = dir.path().join("config").join(folder);
            fs::create_dir_all(&to).unwrap();
            for file in fs::read_dir(source.join(folder)).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
        fs::write(dir.path().join("config/people.toml"), PEOPLE).unwrap();
        let database = database(dir.path());
        Self { dir, database }
    }

    fn sqlite() -> Self {
        Self::new(|dir| format!("sqlite:{}", dir.join("duban.db").display()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn duban(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        for name in ["TELOXIDE_PROXY", "DUBAN_WEBHOOK_SECRET", "RUST_LOG"] {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env("DATABASE_URL", &self.database)
            .env("DUBAN_EVIDENCE", self.path("evidence"))
            .stdin(Stdio::null());
        command
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.duban(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
        text(&output)
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.duban(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        text(&output)
    }

    /// The bot, its clock beginning there.
    fn bot(&self, server: &Server, clock: &str) -> Bot {
        let mut command = self.duban(&["run", "--clock", clock]);
        let log = fs::File::create(self.path("bot.log")).unwrap();
        command
            .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
            .env("TELOXIDE_API_URL", server.url())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        Bot(command.spawn().unwrap())
    }
}

/// Killed at the latest when it is dropped.
struct Bot(Child);

impl Bot {
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Waits until a message of the bot in this chat holds `part`.
async fn heard(world: &World, chat: i64, part: &str) -> MessageView {
    let mut changes = world.subscribe();
    let wait = async {
        loop {
            let messages = world.messages(chat).into_iter().rev();
            let mut fits = messages.filter(|it| it.is_ours && it.text.contains(part));
            if let Some(message) = fits.next() {
                return message;
            }
            changes.changed().await.unwrap();
        }
    };
    match tokio::time::timeout(PATIENCE, wait).await {
        Ok(message) => message,
        Err(_) => panic!("no {part} in {:#?}", world.messages(chat)),
    }
}

/// Presses a button on the newest message of the bot that holds `part`.
async fn press(world: &World, chat: i64, part: &str, button: &str) {
    let message = heard(world, chat, part).await;
    let pressed = world.press(chat, chat, message.id, button);
    assert!(pressed.is_some(), "no {button} on {message:#?}");
}

/// What was sent, and to whom, as the stand-in wrote it down.
fn sent(calls: &[Call]) -> Vec<(i64, String)> {
    let sends = calls.iter().filter(|call| call.method == "sendMessage");
    let words = |call: &Call| {
        let words = call.parameters.get("text")?.as_str()?.to_owned();
        Some((call.chat?, words))
    };
    sends.filter_map(words).collect()
}

async fn stand_in() -> Server {
    let start = "2026-11-16T00:40:00Z".parse().unwrap();
    let server = Server::start(Clock::starting_at(start), ([127, 0, 0, 1], 0).into());
    let server = server.await.unwrap();
    let world = server.world();
    world.add_user(CHIEF, "吴乙", "");
    world.add_user(MEMBER, "周明", "");
    world.add_group(GROUP, "排水防涝");
    for user in [CHIEF, MEMBER] {
        world.join(GROUP, user);
    }
    server
}

/// Everybody is known, the group bound, sending has started; nothing was due yet.
async fn set_up(world: &World) {
    world.start(CHIEF, "");
    heard(world, CHIEF, "常用命令").await;
    world.start(MEMBER, "");
    heard(world, MEMBER, "常用命令").await;
    world.add_bot(GROUP, CHIEF);
    heard(world, GROUP, "已把本群设为").await;
    world.promote_bot(GROUP, CHIEF, true);
    world.say(CHIEF, CHIEF, "/golive");
    press(world, CHIEF, "正式启用前请核对", "正式启用").await;
    press(world, CHIEF, "再点一次即正式启用", "确认启用").await;
    heard(world, CHIEF, "已由吴乙正式启用").await;
}

/// From the kill on: paused, decided, and the next slot.
async fn restored(place: &Place, server: &Server, before: Vec<(i64, String)>) {
    let world = server.world();
    let known = world.calls_made();
    let bot = place.bot(server, "2026-11-16T09:30:00+08:00");
    let card = heard(&world, CHIEF, "数据已从备份恢复").await;
    assert!(card.text.contains("提醒卡片1人：周明"), "{}", card.text);
    world.say(MEMBER, MEMBER, "/status");
    heard(&world, MEMBER, "您发的内容已留存").await;
    world.say(CHIEF, CHIEF, "第0期 第30号");
    let card = heard(&world, CHIEF, "已知最后：记录第30号").await;
    assert!(world.press(CHIEF, CHIEF, card.id, "接续").is_some());
    press(&world, CHIEF, "请确认接续", "确认接续").await;
    heard(&world, CHIEF, "已由吴乙决定接续").await;
    heard(&world, MEMBER, "总体进度").await;
    bot.kill();
    let bot = place.bot(server, "2026-11-20T15:59:55+08:00");
    let digest = heard(&world, GROUP, "工作周报").await;
    assert!(digest.text.contains("第1期"), "{}", digest.text);
    bot.kill();
    let (_, calls) = world.journal_from(known);
    let after = sent(&calls);
    let again: Vec<_> = after.iter().filter(|send| before.contains(send)).collect();
    assert!(again.is_empty(), "sent again: {again:#?}");
    let reminders = after
        .iter()
        .filter(|(_, words)| words.contains("本月填报开始"));
    assert_eq!(reminders.count(), 0, "{after:#?}");
    let cards = after
        .iter()
        .filter(|(chat, words)| *chat == CHIEF && words.contains("数据已从备份恢复"));
    assert_eq!(
        cards.count(),
        2,
        "one unasked, one for the numbers: {after:#?}"
    );
    assert_eq!(world.violations(), []);
    let verified = place.done(&["verify"]);
    assert!(verified.contains("up to number"), "{verified}");
}

/// After the copy was made: the slot goes out, and then the program is killed. What was sent.
async fn goes_on_sending(place: &Place, server: &Server) -> Vec<(i64, String)> {
    let world = server.world();
    let known = world.calls_made();
    let bot = place.bot(server, "2026-11-16T08:59:55+08:00");
    heard(&world, MEMBER, "本月填报开始").await;
    heard(&world, GROUP, "1个单位有1项待反馈").await;
    bot.kill();
    let (_, calls) = world.journal_from(known);
    let before = sent(&calls);
    assert!(before.len() >= 2, "{before:#?}");
    before
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_sqlite_database_sends_nothing_again_and_goes_on_when_the_office_says_so() {
    let place = Place::sqlite();
    let server = stand_in().await;
    let world = server.world();
    let bot = place.bot(&server, "2026-11-16T08:40:00+08:00");
    set_up(&world).await;
    let copy = place.path("copy.db");
    let copy = copy.to_str().unwrap();
    let said = place.done(&["backup", copy]);
    assert!(
        said.contains("drainage: ") && said.contains("已备份到"),
        "{said}"
    );
    let refused = place.refused(&["restore", copy]);
    assert!(refused.contains("is in use"), "{refused}");
    bot.kill();
    let before = goes_on_sending(&place, &server).await;
    let said = place.done(&["restore", copy]);
    assert!(said.contains("原数据库保留为"), "{said}");
    let kept = fs::read_dir(place.dir.path()).unwrap();
    let names = kept.map(|file| file.unwrap().file_name().into_string().unwrap());
    let kept = names.filter(|name| name.contains(".before-restore-"));
    assert_eq!(kept.count(), 1, "nothing is lost");
    restored(&place, &server, before).await;
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_database_put_back_from_its_dump_starts_paused_too() {
    let Ok(server_url) = std::env::var("DUBAN_TEST_POSTGRES_URL") else {
        return;
    };
    let name = format!("duban_drill_{}", std::process::id());
    let (address, _) = server_url.rsplit_once('/').unwrap();
    let url = format!("{address}/{name}");
    let order = |sql: &str| run("psql", &["--quiet", "--command", sql, &server_url]);
    order(&format!("CREATE DATABASE {name}"));
    let place = Place::new(|_| url.clone());
    let refused = place.refused(&["backup", "copy.db"]);
    assert!(refused.contains("pg_dump"), "{refused}");
    let server = stand_in().await;
    let world = server.world();
    let bot = place.bot(&server, "2026-11-16T08:40:00+08:00");
    set_up(&world).await;
    let dump = place.path("duban.dump");
    let dump = dump.to_str().unwrap();
    run("pg_dump", &["--format=custom", "--file", dump, &url]);
    bot.kill();
    let before = goes_on_sending(&place, &server).await;
    order(&format!("DROP DATABASE {name} WITH (FORCE)"));
    order(&format!("CREATE DATABASE {name}"));
    run("pg_restore", &["--dbname", &url, dump]);
    restored(&place, &server, before).await;
    order(&format!("DROP DATABASE {name} WITH (FORCE)"));
}
