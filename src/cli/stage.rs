//! A stage: room, stand-in server and hand-cranked bot together, for the rehearsal and the transcripts.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::bail;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use secrecy::SecretString;

use super::files::ConfigFiles;
use super::hand::{Hand, HandSettings};
use crate::clock::{Clock, Dice};
use crate::ledger::Account;
use crate::plan::{AdoptionText, Settings, TaskForceId};
use crate::rehearsal::script::{Incident, Line};
use crate::rehearsal::{Player, Room, Server, Violation};
use crate::service::KnownAccount;
use crate::store::Store;
use crate::telegram::{ClientSettings, connect};

/// Codes and salts on a stage are the same each time.
const SEED: u64 = 20_261_123;

/// Everything a script needs to be played.
pub struct Stage {
    room: Room,
    bot: Hand,
    server: Option<Server>,
    address: SocketAddr,
    plans: Vec<(TaskForceId, String)>,
    settings: Settings,
    holidays: BTreeMap<i32, String>,
}

impl Stage {
    /// Sets the stage with the people of all plans; when `bound`, their accounts are known beforehand as from `people.toml`. The bot is started.
    ///
    /// # Errors
    /// The server cannot listen, or the bot cannot start.
    pub async fn open(
        config: &ConfigFiles,
        store: Store,
        start: DateTime<Utc>,
        bound: bool,
    ) -> anyhow::Result<Self> {
        let Some(first) = config.plans.first() else {
            bail!("there is no plan to rehearse")
        };
        let clock = Clock::manual(start);
        let server =
            Server::start(clock.clone(), SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let mut names: Vec<String> = Vec::new();
        for member in config.plans.iter().flat_map(|file| &file.plan.members) {
            if !names.contains(&member.name) {
                names.push(member.name.clone());
            }
        }
        let room = Room::new(server.world(), &first.plan.task_force.name, &names);
        let people = if bound {
            known_accounts(config, &room)
        } else {
            Vec::new()
        };
        let settings = ClientSettings {
            token: SecretString::from(server.token().to_owned()),
            api_url: Some(server.url()),
            proxy: None,
        };
        let (clients, account) = connect(&settings).await?;
        let mut bot = Hand::new(HandSettings {
            store,
            clock,
            dice: Dice::seeded(SEED),
            account,
            clients,
            adoptions: config.adoptions(),
            people,
        });
        bot.start().await;
        let plans = config.plans.iter();
        let plans = plans.map(|file| (file.plan.task_force.id.clone(), file.source.clone()));
        Ok(Self {
            room,
            bot,
            address: server.address(),
            server: Some(server),
            plans: plans.collect(),
            settings: config.settings.clone(),
            holidays: config.holidays.clone(),
        })
    }

    /// Plays one line and gives what the bot answered, as indented text.
    ///
    /// # Errors
    /// The line names somebody or something that is not there.
    pub async fn play(&mut self, line: &Line) -> anyhow::Result<String> {
        match line {
            Line::Incident(Incident::Plan { old, new }) => {
                return self.change_plan(|source| replaced(source, old, new));
            }
            Line::Incident(Incident::PlanWithout(id)) => {
                return self.change_plan(|source| without(source, id));
            }
            Line::Incident(Incident::Holidays(each)) => {
                for holiday in each {
                    self.add_holiday(holiday)?;
                }
                self.offer_files();
                return Ok(String::new());
            }
            Line::Clock(_) | Line::Act { .. } | Line::Incident(_) => {}
        }
        self.room
            .play(line, &mut self.bot)
            .await
            .map_err(anyhow::Error::msg)
    }

    /// The first plan's file as an editor leaves it; nothing happens before the bot's next start.
    fn change_plan(&mut self, edit: impl Fn(&str) -> Option<String>) -> anyhow::Result<String> {
        let Some((_, source)) = self.plans.first_mut() else {
            bail!("there is no plan")
        };
        let Some(edited) = edit(source) else {
            bail!("the plan file does not hold that")
        };
        *source = edited;
        self.offer_files();
        Ok(String::new())
    }

    /// One holiday more in the table of its year: name, first day, last day, make-up days.
    fn add_holiday(&mut self, holiday: &str) -> anyhow::Result<()> {
        let words: Vec<&str> = holiday.split_whitespace().collect();
        let [name, from, to, make_up @ ..] = words.as_slice() else {
            bail!("expected `! holidays NAME FROM TO [MAKE-UP …]; …`")
        };
        let year = from.parse::<NaiveDate>()?.year();
        let table = self.holidays.entry(year);
        let table = table.or_insert_with(|| format!("year = {year}\n"));
        let make_up = make_up.join(", ");
        table.push_str(&format!(
            "\n[[holiday]]\nname = \"{name}\"\nfrom = {from}\nto = {to}\nmake_up = [{make_up}]\n"
        ));
        Ok(())
    }

    /// The bot finds the files so at its next start.
    fn offer_files(&mut self) {
        let texts = self.plans.iter().map(|(id, source)| {
            let text = AdoptionText::new(source.clone(), &self.settings, self.holidays.clone());
            (id.clone(), text)
        });
        self.bot.set_adoptions(texts.collect());
    }

    /// The room, to put another in its place.
    pub fn room_mut(&mut self) -> &mut Room {
        &mut self.room
    }

    /// What was said since the last time, as indented text.
    pub fn heard(&mut self) -> String {
        self.room.heard()
    }

    /// Telegram is down: connections are refused.
    pub async fn go_down(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
        self.bot.set_reachable(false);
    }

    /// Telegram is there again, at the same address and with all it knew.
    ///
    /// # Errors
    /// Somebody else took the address meanwhile.
    pub async fn come_up(&mut self) -> anyhow::Result<()> {
        if self.server.is_none() {
            let world = self.room.world().clone();
            self.server = Some(Server::start_with(world, self.address).await?);
        }
        self.bot.set_reachable(true);
        Ok(())
    }

    /// Whether Telegram is down.
    pub fn is_down(&self) -> bool {
        self.server.is_none()
    }

    /// Stops and starts the bot over the same store; one that was stopped stays so.
    pub async fn restart(&mut self) {
        if !self.bot.is_running() {
            return;
        }
        self.bot.stop().await;
        self.bot.start().await;
    }

    /// The bot's store.
    pub fn store(&self) -> &Store {
        self.bot.store()
    }

    /// The bot.
    pub fn bot(&mut self) -> &mut Hand {
        &mut self.bot
    }

    /// The room.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Address of the stand-in.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the bot did against the platform's rules.
    pub fn violations(&self) -> Vec<Violation> {
        self.room.world().violations()
    }

    /// Stops the bot, then the server.
    pub async fn close(mut self) {
        self.bot.stop().await;
        self.go_down().await;
    }
}

fn replaced(source: &str, old: &str, new: &str) -> Option<String> {
    source.contains(old).then(|| source.replacen(old, new, 1))
}

/// The file without the table whose `id` this is.
fn without(source: &str, id: &str) -> Option<String> {
    let at = source.find(&format!("\nid = \"{id}\"\n"))?;
    let start = source[..at].rfind("\n[[")?;
    let end = source[at..]
        .find("\n[[")
        .map_or(source.len(), |end| at + end);
    Some(format!("{}{}", &source[..start], &source[end..]))
}

fn known_accounts(config: &ConfigFiles, room: &Room) -> Vec<KnownAccount> {
    let mut known = Vec::new();
    for plan in config.plans.iter().map(|file| &file.plan) {
        for member in &plan.members {
            let Some(user_id) = room.account(&member.name) else {
                continue;
            };
            let account = Account {
                user_id,
                name: member.name.clone(),
                username: None,
            };
            known.push(KnownAccount {
                task_force: plan.task_force.id.clone(),
                person: member.id.clone(),
                account,
            });
        }
    }
    known
}
