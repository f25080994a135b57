//! A stage: room, stand-in server and hand-cranked bot together, for the rehearsal and the transcripts.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::bail;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::files::ConfigFiles;
use super::hand::{Hand, HandSettings};
use crate::clock::{Clock, Dice};
use crate::ledger::Account;
use crate::rehearsal::script::Line;
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
    server: Server,
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
        Ok(Self { room, bot, server })
    }

    /// Plays one line and gives what the bot answered, as indented text.
    ///
    /// # Errors
    /// The line names somebody or something that is not there.
    pub async fn play(&mut self, line: &Line) -> anyhow::Result<String> {
        self.room
            .play(line, &mut self.bot)
            .await
            .map_err(anyhow::Error::msg)
    }

    /// Stops and starts the bot over the same store.
    pub async fn restart(&mut self) {
        self.bot.stop().await;
        self.bot.start().await;
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
        self.server.url()
    }

    /// What the bot did against the platform's rules.
    pub fn violations(&self) -> Vec<Violation> {
        self.server.world().violations()
    }

    /// Stops the bot, then the server.
    pub async fn close(mut self) {
        self.bot.stop().await;
        self.server.stop().await;
    }
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
