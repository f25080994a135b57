//! What people do on the stage.

use chrono::TimeDelta;
use fastrand::Rng;

use super::{Stage, Stop, account_of};
use crate::simulation::deed::What;
use crate::simulation::dialog;
use crate::simulation::people::{self, Act};
use crate::simulation::setting::{below, one_of, percent};
use crate::simulation::vocabulary as words;

/// Acts of one look at the phone.
const MOST_ACTS: usize = 14;

/// Acts of somebody who wants to get something done.
const MOST_STEPS: usize = 22;

/// Accounts of people who come later count up from here.
const FIRST_NEWCOMER: i64 = 200_001;

impl Stage {
    /// Somebody does something.
    pub(super) async fn act(&mut self, rng: &mut Rng, who: usize, what: What) -> Result<(), Stop> {
        let user = account_of(who);
        let chat = if percent(rng, 15) { self.group } else { user };
        match what {
            What::Answer | What::Decide => self.look(rng, user, user).await?,
            What::AnswerInGroup => self.look(rng, user, self.group).await?,
            What::DecideTogether => self.decide_together(rng, who),
            What::Leave => self.leave(rng, who).await?,
            What::Undertake => self.undertake(rng, who).await?,
            What::TalkNonsense => {
                self.laws.acted(user, chat, self.now());
                self.world.say(user, chat, one_of(rng, &words::NONSENSE));
            }
            What::TapTwice => self.tap_twice(rng, user, chat),
            What::TapOthers => self.tap_others(rng, user),
            What::Edit => self.edit_own(rng, user, chat),
            What::SendFile => {
                self.laws.acted(user, chat, self.now());
                people::send_file(rng, &self.world, user, chat);
            }
            What::Command => {
                let text = people::command(rng, &self.setting);
                self.laws.gave(&text);
                self.laws.acted(user, chat, self.now());
                self.world.say(user, chat, &text);
            }
            What::Block => self.world.block(user),
            What::Unblock => self.world.unblock(user),
            What::LeaveGroup if percent(rng, 50) => self.world.leave(self.group, user),
            What::LeaveGroup => self.world.join(self.group, user),
            What::PauseOrResume => {
                let pause = format!("/pause {}", words::PAUSE);
                let text = if percent(rng, 40) { &pause } else { "/resume" };
                self.laws.gave(text);
                self.say(who, user, text);
            }
            // What befalls the bot.
            What::Stranger
            | What::Claim
            | What::Join
            | What::NewcomerActs
            | What::Fault
            | What::SlowCalls
            | What::Outage
            | What::DisturbUpdates
            | What::DatabaseFails
            | What::Die
            | What::ClockJumps
            | What::ClockGoesBack
            | What::PlanChanges
            | What::Migrate
            | What::LoseGroup => {}
        }
        Ok(())
    }

    /// A person looks at the phone and goes on as long as something is asked.
    pub(super) async fn look(&mut self, rng: &mut Rng, user: i64, chat: i64) -> Result<(), Stop> {
        for _ in 0..1 + below(rng, MOST_ACTS) {
            let messages = self.world.messages(chat);
            self.said += 1;
            let Some(act) = people::next_act(rng, &messages, self.said) else {
                return Ok(());
            };
            self.carry_on(user, chat, act).await?;
            self.pass(TimeDelta::seconds(2 + rng.i64(0..40))).await?;
        }
        Ok(())
    }

    async fn carry_on(&mut self, user: i64, chat: i64, act: Act) -> Result<(), Stop> {
        self.laws.acted(user, chat, self.now());
        match act {
            Act::Say(text) if chat == self.group => {
                let messages = self.world.messages(chat);
                let newest = messages.iter().rev().find(|message| message.is_ours);
                if let Some(newest) = newest {
                    self.world.reply(user, chat, newest.id, &text);
                }
            }
            Act::Say(text) => drop(self.world.say(user, chat, &text)),
            Act::Press(message, button) => {
                let pressed = self.laws.pressed(self.bot.memory(), user, &button);
                people::press(&self.world, user, chat, message, &button);
                if pressed && self.bot.is_running() && !self.bot.is_doomed() {
                    self.settle().await?;
                    self.laws
                        .answered(&self.world, self.bot.memory(), user)
                        .map_err(Stop::Law)?;
                }
            }
        }
        Ok(())
    }

    /// Somebody begins something with a command and means to see it through.
    async fn undertake(&mut self, rng: &mut Rng, who: usize) -> Result<(), Stop> {
        let user = account_of(who);
        let scene = dialog::Scene {
            setting: &self.setting,
            today: crate::calendar::date_of(self.now()),
            entries: self.laws.entries(),
        };
        let opening = dialog::opening(rng, &scene, who < 5);
        self.laws.gave(&opening);
        self.say(who, user, &opening);
        self.pass(TimeDelta::seconds(3)).await?;
        for _ in 0..MOST_STEPS {
            let messages = self.world.messages(user);
            self.said += 1;
            let scene = dialog::Scene {
                setting: &self.setting,
                today: crate::calendar::date_of(self.now()),
                entries: self.laws.entries(),
            };
            let Some(act) = dialog::next_act(rng, &scene, &messages, self.said) else {
                break;
            };
            self.carry_on(user, user, act).await?;
            self.pass(TimeDelta::seconds(2 + rng.i64(0..20))).await?;
        }
        Ok(())
    }

    fn decide_together(&mut self, rng: &mut Rng, who: usize) {
        let messages = self.world.messages(account_of(who));
        let Some((message, button)) = people::any_button(rng, &messages) else {
            return;
        };
        for who in [1, 2] {
            let chat = account_of(who);
            self.laws.acted(chat, chat, self.now());
            if let Some(data) = &button.data {
                self.laws.pressed(self.bot.memory(), chat, &button);
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

    fn tap_twice(&mut self, rng: &mut Rng, user: i64, chat: i64) {
        let messages = self.world.messages(chat);
        self.laws.acted(user, chat, self.now());
        for _ in 0..2 {
            if let Some((message, button)) = people::any_button(rng, &messages) {
                self.laws.pressed(self.bot.memory(), user, &button);
                people::press(&self.world, user, chat, message, &button);
                people::press(&self.world, user, chat, message, &button);
            }
        }
    }

    fn tap_others(&mut self, rng: &mut Rng, user: i64) {
        let other = account_of(below(rng, self.setting.roster.len()));
        let messages = self.world.messages(other);
        self.laws.acted(user, user, self.now());
        if let Some((message, button)) = people::any_button(rng, &messages)
            && let Some(data) = &button.data
        {
            self.laws.pressed(self.bot.memory(), user, &button);
            self.world.press_data(user, user, message, data);
        }
    }

    fn edit_own(&mut self, rng: &mut Rng, user: i64, chat: i64) {
        let messages = self.world.messages(chat);
        self.laws.acted(user, chat, self.now());
        let mut own = messages.iter().rev();
        if let Some(own) = own.find(|message| message.from == Some(user)) {
            let text = people::words(rng, self.said);
            self.world.edit(user, chat, own.id, &text);
        }
    }

    /// Somebody new follows a link that the office was given for them.
    pub(super) async fn join(&mut self, rng: &mut Rng) -> Result<(), Stop> {
        let places = 0..self.setting.roster.len();
        let links: Vec<String> = places
            .flat_map(|place| self.world.messages(account_of(place)))
            .filter(|message| message.is_ours)
            .filter_map(|message| people::link_in(&message))
            .collect();
        let newest = links.len().saturating_sub(3)..links.len();
        let Some(link) = links[newest].get(below(rng, 3)) else {
            return Ok(());
        };
        let user = FIRST_NEWCOMER + self.newcomers.len() as i64;
        self.newcomers.push(user);
        self.world.add_user(user, one_of(rng, &words::FAMILY), "");
        self.world.join(self.group, user);
        self.laws.acted(user, user, self.now());
        self.world.follow(user, link);
        Ok(())
    }

    /// Somebody who came later looks at the phone.
    pub(super) async fn newcomer_acts(&mut self, rng: &mut Rng) -> Result<(), Stop> {
        let Some(user) = self.newcomers.get(below(rng, self.newcomers.len())) else {
            return Ok(());
        };
        let user = *user;
        if percent(rng, 30) {
            self.laws.acted(user, user, self.now());
            self.world.say(user, user, "/report");
            self.pass(TimeDelta::seconds(3)).await?;
        }
        self.look(rng, user, user).await
    }
}
