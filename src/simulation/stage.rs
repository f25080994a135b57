//! The stage: people, group, bot and laws together, and how a deed is carried out on it.

mod acts;
mod fate;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::bot::Parts;
use super::deed::Deed;
use super::laws::{Broken, Laws};
use super::people;
use super::setting::{Setting, TASK_FORCE, percent};
use super::team::Team;
use super::vocabulary as words;
use super::wire::{Sabotage, Wire};
use crate::calendar;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::ledger::{Account, Act, Actor, ENTRY_VERSION, LedgerEntry};
use crate::plan::TaskForceId;
use crate::rehearsal::{BOT_ID, BOT_USERNAME, GROUP, World};
use crate::service::KnownAccount;
use crate::store::Memory;
use crate::telegram::Clients;

/// Accounts of the roster count up from here.
const FIRST_ACCOUNT: i64 = 100_001;

/// Messages of a transcript.
const TRANSCRIPT: usize = 60;

/// While Telegram cannot be reached, time goes on in steps of this.
const OUTAGE_STEP: TimeDelta = TimeDelta::seconds(40);

/// So many of a hundred stories have a bot of two processes.
const SHARE_OF_TEAMS: u32 = 40;

/// Why a run ended before its time.
#[derive(Debug)]
pub enum Stop {
    /// A law is broken.
    Law(Broken),
    /// The bot cannot go on.
    Bot(String),
}

/// Everything a story needs.
pub struct Stage {
    clock: Clock,
    world: Arc<World>,
    wire: Arc<Wire>,
    /// The bot.
    pub bot: Team,
    /// The laws.
    pub laws: Laws,
    setting: Setting,
    group: i64,
    supergroups: i64,
    up_at: Option<DateTime<Utc>>,
    /// Things that were said so far, so that no two are alike.
    said: u64,
    /// Accounts of people who came later.
    newcomers: Vec<i64>,
    sabotage: Option<Sabotage>,
}

impl Stage {
    /// A stage with everybody's account known, before anything happened.
    pub fn new(setting: Setting, seed: u64, sabotage: Option<Sabotage>) -> Self {
        let clock = Clock::manual(setting.starts_at);
        let world = Arc::new(World::new(clock.clone()));
        world.add_group(GROUP, words::TASK_FORCE);
        for (place, person) in setting.roster.iter().enumerate() {
            world.add_user(account_of(place), &person.name, "");
            world.join(GROUP, account_of(place));
        }
        let memory = Memory::new();
        memory.give_way();
        let deaths = Arc::new(AtomicU32::new(0));
        let wire = Wire::new(world.clone(), memory.clone(), deaths.clone(), sabotage);
        let wire = Arc::new(wire);
        let people = setting.roster.iter().enumerate();
        let people = people.map(|(place, person)| KnownAccount {
            task_force: TaskForceId::from(TASK_FORCE),
            person: person.id.as_str().into(),
            account: Account {
                user_id: account_of(place),
                name: person.name.clone(),
                username: None,
            },
        });
        let parts = Parts {
            memory,
            is_shared: false,
            clock: clock.clone(),
            dice: Dice::seeded(seed),
            account: BotAccount {
                id: BOT_ID,
                username: BOT_USERNAME.to_owned(),
            },
            clients: Clients::direct(wire.clone()),
            adoptions: setting.adoptions(),
            people: people.collect(),
            deaths,
        };
        let bot = Team::new(parts, processes(seed));
        let laws = Laws::new(&setting, sabotage);
        Self {
            clock,
            world,
            wire,
            bot,
            laws,
            setting,
            group: GROUP,
            supergroups: 0,
            up_at: None,
            said: 0,
            newcomers: Vec::new(),
            sabotage,
        }
    }

    /// Tells a story from the first morning to its end.
    ///
    /// # Errors
    /// A law is broken, or the bot cannot go on.
    pub async fn play(&mut self, deeds: &[Deed], seed: u64) -> Result<(), Stop> {
        self.go_live(seed).await?;
        for deed in deeds {
            self.carry_out(deed).await?;
            self.sabotage();
        }
        self.close().await
    }

    /// What is broken on purpose behind the bot's back.
    fn sabotage(&self) {
        let memory = self.bot.memory();
        match self.sabotage {
            Some(Sabotage::ForgetsKeys) => memory.forget_keys(),
            Some(Sabotage::Rewrites) => memory.rewrite_first_entry(&TASK_FORCE.into()),
            Some(Sabotage::Intrudes) => {
                let entry = LedgerEntry {
                    seq: 0,
                    at: self.now(),
                    version: ENTRY_VERSION,
                    by: Actor::Person("p-3".into()),
                    act: Act::Closed {
                        task: self.setting.items[0].as_str().into(),
                    },
                };
                memory.outrun_next([(TASK_FORCE.into(), entry)]);
            }
            Some(
                Sabotage::Doubles(_)
                | Sabotage::DoublesDigests
                | Sabotage::DropsText
                | Sabotage::Sounds
                | Sabotage::AtNight
                | Sabotage::SaysAgain
                | Sabotage::SwallowsCards
                | Sabotage::SwallowsSlips
                | Sabotage::LosesLeave
                | Sabotage::GarblesLeave
                | Sabotage::FoldsTwice
                | Sabotage::EntersTwice,
            )
            | None => {}
        }
    }

    /// What the chats showed last, in order of time.
    pub fn transcript(&self) -> Vec<String> {
        let mut messages = Vec::new();
        for (chat, name) in self.world.chats() {
            let all = self.world.messages(chat);
            messages.extend(all.into_iter().map(|message| (name.clone(), message)));
        }
        messages.sort_by_key(|(_, message)| (message.at, message.id));
        let first = messages.len().saturating_sub(TRANSCRIPT);
        let lines = messages[first..].iter().map(|(chat, message)| {
            let at = calendar::local(message.at).format("%F %T");
            let from = if message.is_ours {
                "bot"
            } else {
                &message.from_name
            };
            let text = message.text.replace('\n', " / ");
            let labels = message
                .buttons()
                .map(|button| format!(" [{}]", button.text));
            let labels: String = labels.collect();
            format!("{at} {chat} {from}: {text}{labels}")
        });
        lines.collect()
    }

    async fn go_live(&mut self, seed: u64) -> Result<(), Stop> {
        self.bot.reseed(seed);
        self.settle().await?;
        for place in 0..self.setting.roster.len() {
            self.say(place, account_of(place), "/start");
            self.pass(TimeDelta::seconds(5)).await?;
        }
        let chief = account_of(2);
        self.world.add_bot(self.group, chief);
        self.world.promote_bot(self.group, chief, true);
        self.pass(TimeDelta::minutes(35)).await?;
        self.say(2, chief, "/golive");
        for label in words::STARTS {
            self.pass(TimeDelta::seconds(5)).await?;
            self.tap_labelled(2, chief, label);
        }
        self.pass(TimeDelta::seconds(30)).await
    }

    /// The time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn settle(&mut self) -> Result<(), Stop> {
        self.bot.rouse();
        self.bot
            .settle()
            .await
            .map_err(|error| Stop::Bot(format!("{error:#}")))?;
        let (sent, arrived) = (self.wire.take_sent(), self.wire.take_arrived());
        self.laws
            .hold(&self.world, &self.bot, (&sent, &arrived), self.now())
            .await
            .map_err(Stop::Law)
    }

    /// The clock goes on, in order.
    fn go_on_to(&self, at: DateTime<Utc>) {
        self.bot.renew_until(at);
        self.clock.set(at);
    }

    /// Lets time pass, everything in its time.
    async fn pass(&mut self, time: TimeDelta) -> Result<(), Stop> {
        let until = self.now() + time;
        self.run_to(until).await
    }

    /// Moves the clock on, doing everything on the way in its time.
    pub async fn run_to(&mut self, until: DateTime<Utc>) -> Result<(), Stop> {
        self.settle().await?;
        let (mut seen, mut idle) = (self.laws.calls, 0);
        loop {
            // What waits in vain is asked again ever more rarely.
            idle = if seen == self.laws.calls { idle + 1 } else { 0 };
            seen = self.laws.calls;
            let patience = TimeDelta::seconds((1 << idle.clamp(3, 9)) >> 3);
            let next = self.bot.next_at(self.now(), patience).await;
            let next = next.map_err(|error| Stop::Bot(format!("{error:#}")))?;
            // A sign of life every minute would make a day of 1,440 steps: one right before the next step does.
            // While Telegram cannot be reached, tries every two seconds would make an hour of thousands of steps.
            let rare = |at: DateTime<Utc>| match self.up_at {
                Some(_) => at.max(self.now() + OUTAGE_STEP),
                None => at,
            };
            let next = next.map(rare).into_iter().chain(self.up_at);
            let next = next.chain(self.wire.next_at()).min();
            let next = next.filter(|next| *next < until).unwrap_or(until);
            if next <= self.now() {
                return Ok(());
            }
            let before = next - TimeDelta::seconds(1);
            if before - self.now() > TimeDelta::minutes(1) && self.bot.is_running() {
                self.go_on_to(before);
                self.settle().await?;
            }
            self.go_on_to(next);
            if self.up_at.is_some_and(|at| at <= next) {
                self.up_at = None;
                self.wire.set_down(false);
            }
            self.wire.let_stragglers_in().await;
            self.settle().await?;
        }
    }

    /// Carries a deed out.
    async fn carry_out(&mut self, deed: &Deed) -> Result<(), Stop> {
        let mut rng = Rng::with_seed(deed.seed);
        self.bot.reseed(deed.seed);
        self.run_to(deed.at.max(self.now())).await?;
        match deed.who {
            Some(who) => self.act(&mut rng, who, deed.what).await?,
            None => self.befall(&mut rng, deed.what).await?,
        }
        self.settle().await?;
        self.pass(TimeDelta::seconds(5)).await
    }

    fn say(&mut self, who: usize, chat: i64, text: &str) {
        self.laws.acted(account_of(who), chat, self.now());
        self.world.say(account_of(who), chat, text);
    }

    fn tap_labelled(&mut self, who: usize, chat: i64, label: &str) {
        self.laws.acted(account_of(who), chat, self.now());
        let messages = self.world.messages(chat);
        let ours = messages.iter().rev().filter(|message| message.is_ours);
        for message in ours {
            if let Some(button) = message
                .buttons()
                .find(|button| button.text.starts_with(label))
            {
                people::press(&self.world, account_of(who), chat, message.id, button);
                return;
            }
        }
    }

    /// The end: everything is looked at once more, whole.
    async fn close(&mut self) -> Result<(), Stop> {
        self.wire.set_down(false);
        self.up_at = None;
        if let Some(up_at) = self.bot.spare() {
            self.run_to(up_at).await?;
        }
        self.pass(TimeDelta::minutes(2)).await?;
        self.laws
            .hold_in_the_end(&self.world, &self.bot)
            .await
            .map_err(Stop::Law)
    }
}

/// How many processes the bot of a story is: mostly one. Drawn apart from all else, so that nothing else hangs on it.
fn processes(seed: u64) -> usize {
    match percent(&mut Rng::with_seed(!seed), SHARE_OF_TEAMS) {
        true => 2,
        false => 1,
    }
}

/// The account of a place on the roster.
pub fn account_of(place: usize) -> i64 {
    FIRST_ACCOUNT + place as i64
}
