//! Three processes behind a balancer, their people, and how one of them is killed now and then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use duban::clock::Clock;
use duban::rehearsal::{Call, GROUP, Server, World};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, query_as, query_scalar, raw_sql};

use crate::balancer;
use crate::people::{CHIEF, PEOPLE, Talker, account_of, arrive, everybody};
use crate::program::{self, Program};

/// Processes at the same time.
const MEMBERS: usize = 3;

/// Time between two kills.
const BETWEEN_KILLS: Duration = Duration::from_millis(2_500);

/// A killed process is started again after this long.
const DOWN_FOR: Duration = Duration::from_millis(700);

/// Of so many kills one hits whoever sends, and then another time to take over is left.
const SENDER_EVERY: usize = 4;

/// Nobody waits longer for anything.
const PATIENCE: Duration = Duration::from_secs(180);

/// People look at their phones this often.
const GLANCE: Duration = Duration::from_millis(25);

/// Questions asked in one breath, whose answers must come in this order.
const IN_ONE_BREATH: [u32; 4] = [3, 1, 4, 2];

/// Everything there is.
pub struct Team {
    pub world: Arc<World>,
    pub database: String,
    pub talkers: Vec<Talker>,
    /// Calls made when a process was killed.
    pub kills: Vec<usize>,
    server: Server,
    connection: AnyConnection,
    schema: String,
    clock: Clock,
    configs: Vec<PathBuf>,
    members: Vec<Option<Program>>,
    /// What the dead said.
    said: Vec<String>,
    /// From the death of a sender to the first message of the next.
    takeovers: Vec<Duration>,
    breaths: usize,
    _folder: tempfile::TempDir,
}

/// Waits until it holds.
pub async fn wait(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "it does not come: {what}");
        tokio::time::sleep(GLANCE).await;
    }
}

impl Team {
    /// A database of its own, everybody known, the processes started at the same time.
    pub async fn open(server_url: &str) -> Self {
        sqlx::any::install_default_drivers();
        let schema = format!("duban_team_{}", std::process::id());
        let join = if server_url.contains('?') { '&' } else { '?' };
        let database = format!("{server_url}{join}options[search_path]={schema}");
        let options: AnyConnectOptions = database.parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        raw_sql(AssertSqlSafe(fresh))
            .execute(&mut connection)
            .await
            .unwrap();
        let clock = Clock::starting_at("2026-11-23T01:30:00Z".parse().unwrap());
        let server = Server::start(clock.clone(), ([127, 0, 0, 1], 0).into());
        let server = server.await.unwrap();
        let world = server.world();
        world.add_group(GROUP, "工作群");
        let talkers = arrive(&world);
        let known = everybody();
        let folder = tempfile::tempdir().unwrap();
        let ports: Vec<u16> = (0..MEMBERS).map(|_| balancer::free_port()).collect();
        let public = balancer::start(ports.clone()).await;
        let configs = ports.iter().enumerate().map(|(place, port)| {
            let config = folder.path().join(place.to_string());
            configure(&config, public, *port, &known);
            config
        });
        let mut team = Self {
            talkers,
            kills: Vec::new(),
            world,
            database,
            connection,
            schema,
            clock,
            configs: configs.collect(),
            server,
            members: (0..MEMBERS).map(|_| None).collect(),
            said: Vec::new(),
            takeovers: Vec::new(),
            breaths: 0,
            _folder: folder,
        };
        (0..MEMBERS).for_each(|place| team.start(place));
        team
    }

    fn start(&mut self, place: usize) {
        let now = self.clock.now();
        let (config, url) = (&self.configs[place], self.server.url());
        self.members[place] = Some(Program::start(config, &url, &self.database, now));
    }

    /// The bot is put into the group and starts its work.
    pub async fn go_live(&mut self) {
        self.world.start(CHIEF, "");
        self.wait_for(CHIEF, "同志").await;
        // Who never opened a private chat is asked in the group.
        for place in 1..PEOPLE.len() {
            self.world.start(account_of(place), "");
        }
        self.world.add_bot(GROUP, CHIEF);
        self.wait_for(GROUP, "工作群").await;
        self.world.promote_bot(GROUP, CHIEF, true);
        self.world.say(CHIEF, CHIEF, "/golive");
        for label in ["正式启用", "确认启用"] {
            let has = |world: &World| {
                let messages = world.messages(CHIEF);
                let card = messages.iter().rev().find(|message| {
                    let mut buttons = message.buttons();
                    buttons.any(|button| button.text == label)
                });
                card.map(|message| message.id)
            };
            wait(label, || has(&self.world).is_some()).await;
            let card = has(&self.world).unwrap();
            self.world.press(CHIEF, CHIEF, card, label);
        }
        self.wait_for(CHIEF, "此后按计划发送").await;
    }

    async fn wait_for(&self, chat: i64, words: &str) {
        let begun = Instant::now();
        let came = |world: &World| {
            let messages = world.messages(chat);
            messages
                .iter()
                .any(|message| message.is_ours && message.text.contains(words))
        };
        while !came(&self.world) {
            let said: Vec<_> = self.members.iter().flatten().map(Program::said).collect();
            assert!(begun.elapsed() < PATIENCE, "no {words}: {said:#?}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Everybody looks at their phones once; the chief asks several things in one breath when all were answered.
    fn glance(&mut self, begins: bool) {
        let now = self.clock.now();
        for talker in &mut self.talkers {
            talker.look(&self.world, now, begins);
        }
        if begins && self.measures_told().len() >= self.breaths * IN_ONE_BREATH.len() {
            self.breaths += 1;
            for measure in IN_ONE_BREATH {
                self.world.say(CHIEF, CHIEF, &format!("/status {measure}"));
            }
        }
    }

    /// The measures the chief was told about, in order; a doubled message counts once.
    fn measures_told(&self) -> Vec<u32> {
        let messages = self.world.messages(CHIEF);
        let told = messages.iter().filter(|message| message.is_ours);
        let mut told: Vec<u32> = told
            .filter_map(|message| {
                let (number, _) = message.text.strip_prefix("第")?.split_once("项 ")?;
                number.parse().ok()
            })
            .collect();
        told.dedup();
        told
    }

    /// For so long one is killed every few seconds, and started again.
    pub async fn under_fire(&mut self, time: Duration) {
        let begun = Instant::now();
        self.look_for(BETWEEN_KILLS).await;
        let mut place = 0;
        while begun.elapsed() < time {
            place = (place + 1) % MEMBERS;
            let term = self.term().await;
            let sender = term.as_ref().and_then(|(_, holder)| self.place_of(holder));
            let hits_sender = self.kills.len() % SENDER_EVERY == SENDER_EVERY - 1;
            if let Some(sender) = sender.filter(|_| hits_sender) {
                place = sender;
            }
            let member = self.members[place].take().unwrap();
            self.kills.push(self.world.calls_made());
            self.said.extend(member.kill());
            let dead = Instant::now();
            if let Some((number, _)) = term.filter(|_| Some(place) == sender) {
                self.look_for(DOWN_FOR).await;
                self.start(place);
                let taken_over = self.sends_again(number, dead).await;
                self.takeovers.push(taken_over);
            } else {
                self.look_for(DOWN_FOR).await;
                self.start(place);
            }
            self.look_for(BETWEEN_KILLS.saturating_sub(DOWN_FOR)).await;
        }
    }

    async fn look_for(&mut self, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            self.glance(true);
            tokio::time::sleep(GLANCE).await;
        }
        for member in self.members.iter_mut().flatten() {
            assert_eq!(member.ended(), None, "{:#?}", member.said());
        }
    }

    /// How long it took until a process with a later term sent something.
    async fn sends_again(&mut self, number: i64, dead: Instant) -> Duration {
        let mut before = None;
        loop {
            self.glance(true);
            tokio::time::sleep(GLANCE).await;
            let taken = self.term().await.is_some_and(|(later, _)| later > number);
            if taken && before.is_none() {
                before = Some(self.world.calls_made());
            }
            if let Some(before) = before
                && self.world.journal_from(before).1.iter().any(is_send)
            {
                return dead.elapsed();
            }
            assert!(dead.elapsed() < PATIENCE, "nobody takes over");
        }
    }

    /// Number and holder of the sender's lease, if it runs.
    async fn term(&mut self) -> Option<(i64, String)> {
        query_as(
            "SELECT term, holder FROM leases WHERE name LIKE 'outward/%'
             AND until_at > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        )
        .fetch_optional(&mut self.connection)
        .await
        .unwrap()
    }

    fn place_of(&self, holder: &str) -> Option<usize> {
        let id: u32 = holder.split(' ').next()?.parse().ok()?;
        let is_it =
            |member: &Option<Program>| member.as_ref().is_some_and(|it| it.child.id() == id);
        self.members.iter().position(is_it)
    }

    /// Undisturbed until everything is done; then they end in order, the sender first, and another sends meanwhile.
    pub async fn come_to_rest(&mut self) {
        let begun = Instant::now();
        loop {
            self.glance(false);
            tokio::time::sleep(GLANCE * 10).await;
            let now = self.clock.now().timestamp_micros();
            let waiting: i64 = query_scalar(
                "SELECT COUNT(*) FROM outbox WHERE state IN ('leased', 'unknown') OR state = 'waiting' AND not_before <= $1",
            )
            .bind(now)
            .fetch_one(&mut self.connection)
            .await
            .unwrap();
            let rests = self.talkers.iter().all(Talker::rests);
            let asked = self.breaths * IN_ONE_BREATH.len();
            let told = self.measures_told().len();
            if waiting == 0 && rests && told >= asked && self.world.pending_updates().is_empty() {
                break;
            }
            let shown = || {
                let talkers = self.talkers.iter().filter(|talker| !talker.rests());
                let talkers: Vec<String> = talkers.map(|it| it.shown(&self.world)).collect();
                let said: Vec<_> = self.members.iter().flatten().map(Program::said).collect();
                format!("{waiting} rows wait, {told} of {asked} told, {talkers:#?} {said:#?}")
            };
            assert!(begun.elapsed() < PATIENCE, "no rest: {}", shown());
        }
        let in_order: Vec<u32> = (0..self.breaths).flat_map(|_| IN_ONE_BREATH).collect();
        assert_eq!(self.measures_told(), in_order, "answers to one chat");
        self.hand_over().await;
        for member in self.members.iter_mut().filter_map(Option::take) {
            self.said.extend(member.terminate());
        }
    }

    /// A sender that ends in order gives its lease to the next at once.
    async fn hand_over(&mut self) {
        let (number, holder) = self.term().await.expect("somebody sends");
        let sender = self.place_of(&holder).expect("one of them");
        let member = self.members[sender].take().unwrap();
        self.said.extend(member.terminate());
        let ended = Instant::now();
        while self.term().await.is_none_or(|(later, _)| later <= number) {
            assert!(
                ended.elapsed() < Duration::from_secs(3),
                "nobody takes over"
            );
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The most sends in any second, as Telegram counts them; none of them came too fast.
    pub fn pace(&self) -> usize {
        let journal = self.world.journal();
        let refused = journal.iter().filter(|call| {
            let refusal = call.outcome.as_ref().and_then(|it| it.as_ref().err());
            refusal.is_some_and(|refusal| refusal.code == 429)
        });
        assert_eq!(refused.count(), 0, "Telegram was asked for too much");
        let sends: Vec<DateTime<Utc>> = journal
            .iter()
            .filter(|call| is_send(call))
            .map(|call| call.at)
            .collect();
        let within = |from: &DateTime<Utc>| {
            let second = *from..*from + TimeDelta::seconds(1);
            sends.iter().filter(|at| second.contains(*at)).count()
        };
        sends.iter().map(within).max().unwrap_or(0)
    }

    /// How many terms there were, each of one process, and the longest take-over in seconds.
    pub fn terms(&self) -> (usize, f64) {
        let mut terms: BTreeMap<&str, usize> = BTreeMap::new();
        for line in self
            .said
            .iter()
            .filter(|line| line.contains("sends for the bot from now on"))
        {
            let number = line.split("term=").nth(1).unwrap_or_default();
            let number = number.split(' ').next().unwrap_or_default();
            *terms.entry(number).or_default() += 1;
        }
        assert!(terms.values().all(|times| *times == 1), "{terms:?}");
        assert!(!terms.contains_key(""), "{terms:?}");
        let longest = self.takeovers.iter().max().copied().unwrap_or_default();
        assert!(longest < Duration::from_secs(10), "{:?}", self.takeovers);
        assert!(!self.takeovers.is_empty(), "no sender was killed");
        (terms.len(), longest.as_secs_f64())
    }

    pub fn senders_killed(&self) -> usize {
        self.takeovers.len()
    }

    /// Updates that were kept and worked off.
    pub async fn updates(&mut self) -> i64 {
        let updates = query_scalar("SELECT COUNT(*) FROM inbox WHERE state = 'done'");
        updates.fetch_one(&mut self.connection).await.unwrap()
    }

    /// Nothing stays behind.
    pub async fn leave(mut self) {
        let drop = format!("DROP SCHEMA {} CASCADE", self.schema);
        raw_sql(AssertSqlSafe(drop))
            .execute(&mut self.connection)
            .await
            .unwrap();
    }
}

fn is_send(call: &Call) -> bool {
    call.method.starts_with("send") || call.method.starts_with("edit")
}

/// This repository's configuration in a folder, for a webhook at `public` that is taken in at `port`; with these accounts.
pub fn configure(folder: &Path, public: u16, port: u16, people: &[(&str, i64, &str)]) {
    program::configure(folder, people);
    let settings = folder.join("duban.toml");
    let mut text = std::fs::read_to_string(&settings).unwrap();
    text.push_str(&format!(
        "\n[telegram]\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:{public}/webhook\"\nwebhook_listen = \"127.0.0.1:{port}\"\n"
    ));
    std::fs::write(settings, text).unwrap();
}
