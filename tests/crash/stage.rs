//! The stage: the stand-in with its people and group, the program over its database, and how its lives go.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use duban::rehearsal::{Fault, GROUP, Server, World};
use fastrand::Rng;

use super::account::{self, message_of, rows, sends, unknown_to};
use super::hours::Hours;
use super::people::{CHIEF, PEOPLE, Talker, account_of, arrive, everybody};
use super::program::{Program, configure};

/// Whoever waits for the program waits no longer than this.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// People look at their phones this often.
const GLANCE: Duration = Duration::from_millis(15);

/// When a life ends.
#[derive(Debug, Clone, Copy)]
pub enum Moment {
    /// So long after the start.
    After(Duration),
    /// So long after the `count`th call of this method in this life was carried out.
    OnCall(&'static str, usize, Duration),
}

/// Everything there is.
pub struct Stage {
    pub folder: tempfile::TempDir,
    pub hours: Hours,
    pub server: Server,
    pub world: Arc<World>,
    pub database: String,
    pub rng: Rng,
    pub talkers: Vec<Talker>,
    /// Calls made when each life began.
    pub lives: Vec<usize>,
    /// Messages the chief saw though the program did not know.
    pub seen: BTreeSet<(i64, i64)>,
    /// Rows the chief has decided on, and which of their sends.
    decided: BTreeSet<(i64, i64)>,
    /// From start to the first poll.
    pub start_takes: Duration,
    pub program: Option<Program>,
}

impl Stage {
    /// Everybody known, the group bound, nobody live yet.
    pub async fn open(seed: u64, database: impl FnOnce(&Path) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hours = Hours::from("2026-11-23T01:30:00Z".parse().unwrap());
        let server = Server::start(hours.clock(), ([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let world = server.world();
        configure(folder.path(), &everybody());
        let database = database(folder.path());
        world.add_group(GROUP, "工作群");
        let talkers = arrive(&world);
        Self {
            folder,
            hours,
            server,
            world,
            database,
            rng: Rng::with_seed(seed),
            talkers,
            lives: Vec::new(),
            seen: BTreeSet::new(),
            decided: BTreeSet::new(),
            start_takes: Duration::ZERO,
            program: None,
        }
    }

    /// Starts the program.
    pub fn start(&mut self) {
        self.lives.push(self.world.calls_made());
        let program = Program::start(
            self.folder.path(),
            &self.server.url(),
            &self.database,
            self.hours.now(),
        );
        self.program = Some(program);
    }

    /// Goes live, undisturbed.
    pub async fn go_live(&mut self) {
        let begun = Instant::now();
        self.world.start(CHIEF, "");
        self.start();
        self.wait_for(CHIEF, "同志").await;
        self.start_takes = begun.elapsed();
        // Who never opened a private chat is asked in the group.
        for place in 1..PEOPLE.len() {
            self.world.start(account_of(place), "");
        }
        self.world.add_bot(GROUP, CHIEF);
        self.wait_for(GROUP, "工作群").await;
        self.world.promote_bot(GROUP, CHIEF, true);
        self.world.say(CHIEF, CHIEF, "/golive");
        for label in ["正式启用", "确认启用"] {
            let card = self.wait_for_button(CHIEF, label).await;
            self.world.press(CHIEF, CHIEF, card, label);
        }
        self.wait_for(CHIEF, "此后按计划发送").await;
    }

    /// Waits until the bot has said these words there.
    pub async fn wait_for(&self, chat: i64, words: &str) {
        self.wait_for_behind(chat, 0, words).await;
    }

    /// Waits until the bot has said these words there behind a message.
    pub async fn wait_for_behind(&self, chat: i64, behind: i64, words: &str) {
        self.wait(|world| {
            world.messages(chat).iter().any(|message| {
                message.id > behind && message.is_ours && message.text.contains(words)
            })
        })
        .await;
    }

    async fn wait_for_button(&self, chat: i64, label: &str) -> i64 {
        let find = |world: &World| {
            let messages = world.messages(chat);
            let mut newest_first = messages.iter().rev();
            let found =
                newest_first.find(|message| message.buttons().any(|button| button.text == label));
            found.map(|message| message.id)
        };
        self.wait(|world| find(world).is_some()).await;
        find(&self.world).unwrap()
    }

    async fn wait(&self, holds: impl Fn(&World) -> bool) {
        let begun = Instant::now();
        while !holds(&self.world) {
            let said = || self.program.as_ref().map(Program::said);
            assert!(begun.elapsed() < PATIENCE, "nothing came: {:#?}", said());
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Everybody looks at their phones once.
    pub async fn glance(&mut self, begins: bool) {
        let now = self.hours.now();
        for talker in &mut self.talkers {
            talker.look(&self.world, now, begins);
        }
        self.decide().await;
    }

    /// The chief says what arrived and what did not.
    async fn decide(&mut self) {
        let messages = self.world.messages(CHIEF);
        for message in messages
            .iter()
            .filter(|message| message.text.starts_with("发送结果不明"))
        {
            let Some(button) = message.buttons().find(|button| button.text == "已见到") else {
                continue;
            };
            let data = button.data.clone().unwrap();
            let id: i64 = data.rsplit(':').next().unwrap().parse().unwrap();
            let rows = rows(&self.database).await;
            let row = rows.iter().find(|row| row.id == id).unwrap();
            if row.state != "unknown" || !self.decided.insert((id, row.lease)) {
                continue;
            }
            let unknown = unknown_to(&rows, sends(&self.world));
            let unknown: Vec<_> = unknown
                .into_iter()
                .filter(|sent| !self.seen.contains(&(sent.chat, sent.id)))
                .collect();
            let label = match message_of(row, &unknown) {
                Some(sent) => {
                    self.seen.insert((sent.chat, sent.id));
                    "已见到"
                }
                None => "重发",
            };
            self.world.press(CHIEF, CHIEF, message.id, label).unwrap();
        }
    }

    /// Lets the program live until its moment, people at their phones, and says whether it still lives.
    pub async fn live(&mut self, moment: Moment, begins: bool) -> bool {
        let begun = Instant::now();
        let first = *self.lives.last().unwrap();
        let longest = match moment {
            Moment::After(time) => time,
            // A life in which the call never comes ends all the same.
            Moment::OnCall(..) => self.start_takes + Duration::from_secs(2),
        };
        while begun.elapsed() < longest {
            if self.program.as_mut().unwrap().ended().is_some() {
                return false;
            }
            if let Moment::OnCall(method, count, then) = moment {
                let (_, calls) = self.world.journal_from(first);
                if calls.iter().filter(|call| call.method == method).count() >= count {
                    tokio::time::sleep(then).await;
                    return true;
                }
            }
            self.glance(begins).await;
            let left = longest.saturating_sub(begun.elapsed());
            tokio::time::sleep(GLANCE.min(left)).await;
        }
        true
    }

    /// A moment drawn at random, and what goes slowly so that it falls in the middle of something.
    pub fn moment(&mut self) -> Moment {
        let ms = |rng: &mut Rng, most| Duration::from_millis(rng.u64(0..most));
        let start = u64::try_from(self.start_takes.as_millis()).unwrap().max(30);
        match self.rng.u32(0..10) {
            // During the start itself.
            0 => Moment::After(ms(&mut self.rng, start)),
            1..=3 => Moment::After(self.start_takes + ms(&mut self.rng, 900)),
            // Carried out, but the answer is not read yet.
            4 | 5 => {
                let method = if self.rng.u32(0..4) > 0 {
                    "sendMessage"
                } else {
                    "editMessageText"
                };
                let pause = Duration::from_millis(40);
                self.world
                    .fault(method, 2, Fault::SlowDrip { bytes: 8, pause });
                Moment::OnCall(method, 1 + self.rng.usize(0..2), ms(&mut self.rng, 120))
            }
            // On its way.
            6 => {
                self.world
                    .fault("sendMessage", 3, Fault::Delay(Duration::from_millis(300)));
                Moment::After(self.start_takes + ms(&mut self.rng, 600))
            }
            // Between the commit and the acknowledgement, and between the two commits of an update.
            7 | 8 => Moment::OnCall(
                "getUpdates",
                1 + self.rng.usize(0..4),
                ms(&mut self.rng, 12),
            ),
            // Carried out and cut.
            _ => {
                self.world.fault("sendMessage", 1, Fault::ProcessThenClose);
                Moment::OnCall(
                    "sendMessage",
                    1 + self.rng.usize(0..2),
                    ms(&mut self.rng, 40),
                )
            }
        }
    }

    /// The program is down: so long in the world, no time at all here.
    pub async fn pass_down(&mut self, time: TimeDelta) {
        self.world.clear_faults();
        self.hours.pass(time);
        account::let_leases_pass(&self.database, time).await;
    }

    /// Whether nobody waits for anything the program has not taken in.
    pub fn rests(&self) -> bool {
        self.talkers.iter().all(Talker::rests) && self.world.pending_updates().is_empty()
    }

    /// Who still waits, for a failure's message.
    pub fn shown(&self) -> String {
        let talkers = self.talkers.iter().filter(|talker| !talker.rests());
        let talkers: Vec<String> = talkers.map(|talker| talker.shown(&self.world)).collect();
        format!(
            "{talkers:#?} {:#?}",
            self.program.as_ref().map(Program::said)
        )
    }

    /// Runs undisturbed until everything is done; then ends it in order.
    pub async fn come_to_rest(&mut self) {
        self.world.clear_faults();
        let mut begun = Instant::now();
        let mut fewest = usize::MAX;
        loop {
            for _ in 0..20 {
                self.glance(false).await;
                tokio::time::sleep(GLANCE).await;
            }
            if self.program.as_mut().unwrap().ended().is_some() {
                panic!("it ended: {:#?}", self.program.as_ref().unwrap().said());
            }
            let now = self.hours.now().timestamp_micros();
            let rows = rows(&self.database).await;
            let waits = |state: &str, not_before: i64| match state {
                "leased" | "unknown" => true,
                "waiting" => not_before <= now,
                _ => false,
            };
            let waiting: Vec<_> = rows
                .iter()
                .filter(|row| waits(&row.state, row.not_before))
                .collect();
            if waiting.is_empty() && self.rests() {
                break;
            }
            // A group takes no more than some twenty a minute: what wears off is not stuck.
            if waiting.len() < fewest {
                (begun, fewest) = (Instant::now(), waiting.len());
            }
            let shown = || format!("{waiting:#?} {}", self.shown());
            assert!(
                begun.elapsed() < PATIENCE,
                "it does not come to rest: {}",
                shown()
            );
        }
        self.program.take().unwrap().terminate();
    }

    /// When the next slot or digest is, after the time it is now.
    pub fn next_slot(&self) -> DateTime<Utc> {
        let now = self.hours.now();
        let mut day = now.date_naive();
        loop {
            let hour = match chrono::Datelike::weekday(&day) {
                chrono::Weekday::Mon | chrono::Weekday::Wed | chrono::Weekday::Thu => Some(1),
                chrono::Weekday::Fri => Some(8),
                chrono::Weekday::Tue | chrono::Weekday::Sat | chrono::Weekday::Sun => None,
            };
            let at = hour.map(|hour| day.and_hms_opt(hour, 0, 0).unwrap().and_utc());
            match at {
                Some(at) if at > now => return at,
                _ => day = day.succ_opt().unwrap(),
            }
        }
    }
}
