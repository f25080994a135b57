//! What befalls the bot: Telegram, the database, the clock, strangers, and a configuration that changes.

use chrono::TimeDelta;
use fastrand::Rng;

use super::{Stage, Stop, account_of};
use crate::rehearsal::{ANY_METHOD, BOT_ID, Fault, GROUP, Standing};
use crate::simulation::changes;
use crate::simulation::deed::What;
use crate::simulation::people;
use crate::simulation::setting::{below, one_of, percent};
use crate::simulation::vocabulary as words;
use crate::simulation::wire::Slow;

/// Strangers' accounts count up from here.
const FIRST_STRANGER: i64 = 900_001;

/// Supergroups count down from here.
const SUPERGROUP: i64 = -1_002_000_000_001;

impl Stage {
    /// Fate does something.
    pub(super) async fn befall(&mut self, rng: &mut Rng, what: What) -> Result<(), Stop> {
        match what {
            What::Stranger => {
                let text = people::command(rng, &self.setting);
                self.stranger_says(rng, &text);
            }
            What::Claim => {
                let person = &self.setting.roster[below(rng, self.setting.roster.len())];
                let text = format!("/iam {}", person.name);
                self.laws.gave(&text);
                self.stranger_says(rng, &text);
            }
            What::Join => self.join(rng).await?,
            What::NewcomerActs => self.newcomer_acts(rng).await?,
            What::Fault => self.fault(rng),
            What::SlowCalls => self.wire.slow_down(Slow {
                calls: 1 + rng.u32(..4),
                time: TimeDelta::seconds(one_of(rng, &[1, 4, 9, 11, 30, 100, 900])),
                acts_first: percent(rng, 50),
            }),
            What::Outage => {
                self.wire.set_down(true);
                let up_at = self.now() + TimeDelta::minutes(1 + rng.i64(0..90));
                self.up_at = Some(up_at);
                self.laws.disturbed(up_at);
            }
            What::DisturbUpdates if percent(rng, 50) => self.wire.repeat(1 + rng.u32(..3)),
            What::DisturbUpdates => self.wire.hold_back(1 + rng.u32(..4)),
            What::DatabaseFails if percent(rng, 50) => {
                self.bot.memory().fail_next(1 + below(rng, 3))
            }
            What::DatabaseFails => self.bot.memory().lose_next(1 + below(rng, 2)),
            What::Die => self.die(rng),
            What::ClockJumps => {
                let by = TimeDelta::minutes(1 + rng.i64(0..600));
                self.laws.disturbed(self.now() + by);
                self.set_clock(by);
            }
            What::ClockGoesBack => {
                let minutes = one_of(rng, &[1, 2, 15, 60, 200]);
                self.laws.disturbed(self.now());
                self.set_clock(-TimeDelta::minutes(minutes));
            }
            What::PlanChanges => self.change_plan(rng),
            What::Migrate => self.migrate(),
            What::LoseGroup => self.lose_group(rng).await?,
            // What people do.
            What::Answer
            | What::AnswerInGroup
            | What::TalkNonsense
            | What::TapTwice
            | What::TapOthers
            | What::Edit
            | What::SendFile
            | What::Command
            | What::Undertake
            | What::Leave
            | What::LeaveGroup
            | What::Block
            | What::Unblock
            | What::Decide
            | What::DecideTogether
            | What::PauseOrResume => {}
        }
        Ok(())
    }

    /// The program's clock goes astray; the database's, where it has one of its own, does not.
    fn set_clock(&self, by: TimeDelta) {
        self.clock.set(self.now() + by);
        self.bot.clock_strayed(by);
    }

    fn die(&mut self, rng: &mut Rng) {
        let dead_for = one_of(rng, &[0, 1, 5, 30, 300, 3_600, 40_000]);
        let dead_for = TimeDelta::seconds(dead_for);
        // It dies some time later: when, its polls decide.
        let polls = 1 + rng.u32(..400);
        let another_goes_on = self.bot.die(rng, polls, dead_for);
        if dead_for > TimeDelta::minutes(1) && !another_goes_on {
            self.laws
                .disturbed(self.now() + dead_for + TimeDelta::days(1));
        }
    }

    fn stranger_says(&mut self, rng: &mut Rng, text: &str) {
        let stranger = FIRST_STRANGER + rng.i64(0..30);
        let name = one_of(rng, &words::FAMILY);
        self.world.add_user(stranger, name, "");
        self.laws.acted(stranger, stranger, self.now());
        self.world.say(stranger, stranger, text);
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
        self.world.fault(method, times, fault);
    }

    /// The configuration folder holds another plan, other settings or another calendar; the program is started anew.
    fn change_plan(&mut self, rng: &mut Rng) {
        self.setting = changes::changed(rng, &self.setting);
        self.laws.learn(&self.setting);
        self.bot.configure(&self.setting.adoptions());
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

    async fn lose_group(&mut self, rng: &mut Rng) -> Result<(), Stop> {
        let chief = account_of(2);
        self.laws.disturbed(self.now());
        self.world.kick_bot(self.group, chief);
        self.pass(TimeDelta::minutes(rng.i64(0..300))).await?;
        self.world
            .set_standing(self.group, BOT_ID, Standing::Member, chief);
        Ok(())
    }
}
