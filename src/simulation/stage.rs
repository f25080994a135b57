//! The stage: people, group, bot and laws together, and how a deed is carried out on it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::bot::{Bot, Parts};
use super::deed::{Deed, What};
use super::laws::{Broken, Laws};
use super::people::{self, Act};
use super::setting::{Setting, TASK_FORCE, below, one_of, percent};
use super::vocabulary as words;
use super::wire::Wire;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::ledger::Account;
use crate::plan::TaskForceId;
use crate::rehearsal::{ANY_METHOD, BOT_ID, BOT_USERNAME, Fault, GROUP, Standing, World};
use crate::service::KnownAccount;
use crate::store::Memory;
use crate::telegram::Clients;

/// Accounts of the roster count up from here.
const FIRST_ACCOUNT: i64 = 100_001;

/// Strangers' accounts count up from here.
const FIRST_STRANGER: i64 = 900_001;

/// Supergroups count down from here.
const SUPERGROUP: i64 = -1_002_000_000_001;

/// While Telegram cannot be reached, time goes on in steps of this.
const OUTAGE_STEP: TimeDelta = TimeDelta::seconds(40);

/// Acts of one look at the phone.
const MOST_ACTS: usize = 14;

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
    pub bot: Bot,
    /// The laws.
    pub laws: Laws,
    setting: Setting,
    group: i64,
    supergroups: i64,
    up_at: Option<DateTime<Utc>>,
    /// Things that were said so far, so that no two are alike.
    said: u64,
}

impl Stage {
    /// A stage with everybody's account known and the bot in the group, live since the first morning.
    pub async fn open(setting: Setting, seed: u64) -> Result<Self, Stop> {
        let clock = Clock::manual(setting.starts_at);
        let world = Arc::new(World::new(clock.clone()));
        world.add_group(GROUP, words::TASK_FORCE);
        for (place, person) in setting.roster.iter().enumerate() {
            world.add_user(account_of(place), &person.name, "");
            world.join(GROUP, account_of(place));
        }
        let memory = Memory::new();
        memory.give_way();
        let wire = Arc::new(Wire::new(world.clone(), memory.clone()));
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
        let bot = Bot::new(Parts {
            memory,
            clock: clock.clone(),
            dice: Dice::seeded(seed),
            account: BotAccount {
                id: BOT_ID,
                username: BOT_USERNAME.to_owned(),
            },
            clients: Clients::direct(wire.clone()),
            adoptions: setting.adoptions(),
            people: people.collect(),
        });
        let laws = Laws::new(&setting);
        let mut stage = Self {
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
        };
        stage.go_live(seed).await?;
        Ok(stage)
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
        let sent = self.wire.take_sent();
        self.laws
            .hold(&self.world, &self.bot, &sent, self.now())
            .await
            .map_err(Stop::Law)
    }

    /// Lets time pass, everything in its time.
    async fn pass(&mut self, time: TimeDelta) -> Result<(), Stop> {
        let until = self.now() + time;
        self.run_to(until).await
    }

    /// Moves the clock on, doing everything on the way in its time.
    pub async fn run_to(&mut self, until: DateTime<Utc>) -> Result<(), Stop> {
        self.settle().await?;
        loop {
            let next = self.bot.next_at().await;
            let next = next.map_err(|error| Stop::Bot(format!("{error:#}")))?;
            // A sign of life every minute would make a day of 1,440 steps: one right before the next step does.
            // While Telegram cannot be reached, tries every two seconds would make an hour of thousands of steps.
            let rare = |at: DateTime<Utc>| match self.up_at {
                Some(_) => at.max(self.now() + OUTAGE_STEP),
                None => at,
            };
            let next = next.map(rare).into_iter().chain(self.up_at).min();
            let next = next.filter(|next| *next < until).unwrap_or(until);
            if next <= self.now() {
                return Ok(());
            }
            let before = next - TimeDelta::seconds(1);
            if before - self.now() > TimeDelta::minutes(1) && self.bot.is_running() {
                self.clock.set(before);
                self.settle().await?;
            }
            self.clock.set(next);
            if self.up_at.is_some_and(|at| at <= next) {
                self.up_at = None;
                self.wire.set_down(false);
            }
            self.settle().await?;
        }
    }

    /// Carries a deed out.
    pub async fn carry_out(&mut self, deed: &Deed) -> Result<(), Stop> {
        let mut rng = Rng::with_seed(deed.seed);
        self.bot.reseed(deed.seed);
        self.run_to(deed.at.max(self.now())).await?;
        match (deed.who, deed.what) {
            (Some(who), What::Answer | What::Decide) => {
                self.look(&mut rng, who, account_of(who)).await?
            }
            (Some(who), What::AnswerInGroup) => self.look(&mut rng, who, self.group).await?,
            (Some(who), What::DecideTogether) => self.decide_together(&mut rng, who),
            (Some(who), What::Leave) => self.leave(&mut rng, who).await?,
            (Some(who), what) => self.act(&mut rng, who, what),
            (None, what) => self.befall(&mut rng, what).await?,
        }
        self.settle().await?;
        self.pass(TimeDelta::seconds(5)).await
    }

    fn say(&mut self, who: usize, chat: i64, text: &str) {
        self.laws.acted(account_of(who), self.now());
        self.world.say(account_of(who), chat, text);
    }

    fn tap_labelled(&mut self, who: usize, chat: i64, label: &str) {
        self.laws.acted(account_of(who), self.now());
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

    /// A person looks at the phone and goes on as long as something is asked.
    async fn look(&mut self, rng: &mut Rng, who: usize, chat: i64) -> Result<(), Stop> {
        for _ in 0..1 + below(rng, MOST_ACTS) {
            let messages = self.world.messages(chat);
            self.said += 1;
            let Some(act) = people::next_act(rng, &messages, self.said) else {
                return Ok(());
            };
            self.laws.acted(account_of(who), self.now());
            match act {
                Act::Say(text) if chat == self.group => {
                    let newest = messages.iter().rev().find(|message| message.is_ours);
                    if let Some(newest) = newest {
                        self.world.reply(account_of(who), chat, newest.id, &text);
                    }
                }
                Act::Say(text) => drop(self.world.say(account_of(who), chat, &text)),
                Act::Press(message, button) => {
                    let pressed = self
                        .laws
                        .pressed(self.bot.memory(), account_of(who), &button);
                    people::press(&self.world, account_of(who), chat, message, &button);
                    if pressed && self.bot.is_running() && !self.bot.is_doomed() {
                        self.settle().await?;
                        let memory = self.bot.memory();
                        self.laws
                            .answered(&self.world, memory, account_of(who))
                            .map_err(Stop::Law)?;
                    }
                }
            }
            self.pass(TimeDelta::seconds(2 + rng.i64(0..40))).await?;
        }
        Ok(())
    }

    fn decide_together(&mut self, rng: &mut Rng, who: usize) {
        let messages = self.world.messages(account_of(who));
        let Some((message, button)) = people::any_button(rng, &messages) else {
            return;
        };
        for who in [1, 2] {
            self.laws.acted(account_of(who), self.now());
            let chat = account_of(who);
            if let Some(data) = &button.data {
                self.world.press_data(chat, chat, message, data);
            }
        }
    }

    /// Whoever leaves must be out of everything.
    async fn leave(&mut self, rng: &mut Rng, who: usize) -> Result<(), Stop> {
        let chat = account_of(who);
        self.say(who, chat, words::LEAVE[0]);
        if percent(rng, 30) {
            self.say(who, chat, one_of(rng, &words::LEAVE));
        }
        self.pass(TimeDelta::seconds(3)).await?;
        self.laws
            .left(&self.world, &self.bot, chat)
            .map_err(Stop::Law)
    }

    fn act(&mut self, rng: &mut Rng, who: usize, what: What) {
        let user = account_of(who);
        let chat = if percent(rng, 15) { self.group } else { user };
        self.laws.acted(user, self.now());
        match what {
            What::TalkNonsense => {
                let text = one_of(rng, &words::NONSENSE);
                self.world.say(user, chat, text);
            }
            What::TapTwice => {
                let messages = self.world.messages(chat);
                for _ in 0..2 {
                    if let Some((message, button)) = people::any_button(rng, &messages) {
                        people::press(&self.world, user, chat, message, &button);
                        people::press(&self.world, user, chat, message, &button);
                    }
                }
            }
            What::TapOthers => {
                let other = account_of(below(rng, self.setting.roster.len()));
                let messages = self.world.messages(other);
                if let Some((message, button)) = people::any_button(rng, &messages)
                    && let Some(data) = &button.data
                {
                    self.world.press_data(user, chat, message, data);
                }
            }
            What::Edit => {
                let messages = self.world.messages(chat);
                let own = messages
                    .iter()
                    .rev()
                    .find(|message| message.from == Some(user));
                if let Some(own) = own {
                    let text = people::words(rng, self.said);
                    self.world.edit(user, chat, own.id, &text);
                }
            }
            What::SendFile => people::send_file(rng, &self.world, user, chat),
            What::Command => {
                let text = people::command(rng, &self.setting);
                self.world.say(user, chat, &text);
            }
            What::Block => self.world.block(user),
            What::Unblock => self.world.unblock(user),
            What::PauseOrResume => {
                let pause = format!("/pause {}", words::PAUSE);
                let text = if percent(rng, 40) { &pause } else { "/resume" };
                self.world.say(user, user, text);
            }
            // Carried out before, or what befalls the bot.
            What::Answer
            | What::AnswerInGroup
            | What::Leave
            | What::Decide
            | What::DecideTogether
            | What::Stranger
            | What::Fault
            | What::Outage
            | What::DisturbUpdates
            | What::DatabaseFails
            | What::Die
            | What::ClockJumps
            | What::Migrate
            | What::LoseGroup => {}
        }
    }

    async fn befall(&mut self, rng: &mut Rng, what: What) -> Result<(), Stop> {
        match what {
            What::Stranger => {
                let stranger = FIRST_STRANGER + rng.i64(0..30);
                self.world
                    .add_user(stranger, one_of(rng, &words::FAMILY), "");
                let text = people::command(rng, &self.setting);
                self.world.say(stranger, stranger, &text);
            }
            What::Fault => self.fault(rng),
            What::Outage => {
                self.wire.set_down(true);
                self.up_at = Some(self.now() + TimeDelta::minutes(1 + rng.i64(0..90)));
            }
            What::DisturbUpdates if percent(rng, 50) => self.wire.repeat(1 + rng.u32(..3)),
            What::DisturbUpdates => self.wire.hold_back(1 + rng.u32(..4)),
            What::DatabaseFails if percent(rng, 50) => {
                self.bot.memory().fail_next(1 + below(rng, 3))
            }
            What::DatabaseFails => self.bot.memory().lose_next(1 + below(rng, 2)),
            What::Die => {
                let dead_for = one_of(rng, &[0, 1, 5, 30, 300, 3_600, 40_000]);
                self.laws.faulted();
                self.bot
                    .die(1 + rng.u32(..400), TimeDelta::seconds(dead_for));
            }
            What::ClockJumps => {
                let minutes = 1 + rng.i64(0..600);
                self.clock.set(self.now() + TimeDelta::minutes(minutes));
            }
            What::Migrate => self.migrate(),
            What::LoseGroup => {
                let chief = account_of(2);
                self.world.kick_bot(self.group, chief);
                self.pass(TimeDelta::minutes(rng.i64(0..300))).await?;
                self.world
                    .set_standing(self.group, BOT_ID, Standing::Member, chief);
            }
            // What people do.
            What::Answer
            | What::AnswerInGroup
            | What::TalkNonsense
            | What::TapTwice
            | What::TapOthers
            | What::Edit
            | What::SendFile
            | What::Command
            | What::Leave
            | What::Block
            | What::Unblock
            | What::Decide
            | What::DecideTogether
            | What::PauseOrResume => {}
        }
        Ok(())
    }

    /// A call or several go wrong.
    fn fault(&mut self, rng: &mut Rng) {
        let wait = 1 + rng.u32(..60);
        let fault = one_of(
            rng,
            &[
                Fault::CloseBeforeReading,
                Fault::ProcessThenClose,
                Fault::HalfBody,
                Fault::Status500,
                Fault::Html502,
                Fault::EmptyBody,
                Fault::TooManyRequests(wait),
            ],
        );
        let method = one_of(
            rng,
            &["sendMessage", "editMessageText", "getUpdates", ANY_METHOD],
        );
        let times = 1 + below(rng, 3);
        self.laws.faulted();
        self.world.fault(method, times, fault);
    }

    fn migrate(&mut self) {
        // A group becomes a supergroup once.
        if self.group != GROUP {
            return;
        }
        self.supergroups += 1;
        let new = SUPERGROUP - self.supergroups;
        self.world.migrate(self.group, new, account_of(2));
        self.group = new;
    }

    /// The end: everything is looked at once more, whole.
    pub async fn close(&mut self) -> Result<(), Stop> {
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

/// The account of a place on the roster.
pub fn account_of(place: usize) -> i64 {
    FIRST_ACCOUNT + place as i64
}
