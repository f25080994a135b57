//! The room: the task force's people and group in a stand-in, a script played in it, and the chat as text.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::script::{Act, Incident, Line};
use super::{ANY_METHOD, BOT_ID, Fault, Post, Pressed, Standing, Topic, World};

/// The group of a new room: a basic group, so that it can still become a supergroup.
pub const GROUP: i64 = -4_001;
/// What it becomes.
pub(super) const SUPERGROUP: i64 = -1_002_000_004_001;
/// Other groups count down from here.
const OTHER_GROUP: i64 = -4_002;
/// A channel for people who write as one.
const CHANNEL: i64 = -1_002_000_009_001;
/// Accounts of the plan's people count up from here.
const FIRST_ACCOUNT: i64 = 100_001;
/// Strangers' accounts count up from here.
pub(super) const FIRST_STRANGER: i64 = FIRST_ACCOUNT + 10_000;

/// The bot as the room drives it.
pub trait Player {
    /// Takes in what waits and sends what may leave at the clock's present time.
    fn settle(&mut self) -> impl Future<Output = ()>;
    /// Moves the clock on to `at`, doing everything on the way in its time.
    fn run_until(&mut self, at: DateTime<Utc>) -> impl Future<Output = ()>;
    /// Stops it, as a kill would.
    fn stop(&mut self) -> impl Future<Output = ()>;
    /// The first-start code it printed, if it printed one.
    fn first_code(&self) -> Option<String>;
    /// Starts it over the same store.
    fn start(&mut self) -> impl Future<Output = ()>;
}

/// People, group and what was shown of them so far.
pub struct Room {
    pub(super) world: Arc<World>,
    pub(super) accounts: BTreeMap<String, i64>,
    pub(super) groups: BTreeMap<String, i64>,
    pub(super) group: i64,
    pub(super) topic: Option<i64>,
    pub(super) seen: usize,
    pub(super) answered: usize,
    pub(super) shown_at: Option<DateTime<Utc>>,
    pub(super) own_messages: BTreeMap<(i64, i64), i64>,
    first_code: Option<String>,
    pub(super) newest_link: Option<String>,
}

impl Room {
    /// A room with a group of this title and the people of these names in it; nobody has opened the bot in private, the bot is not in the group.
    pub fn new(world: Arc<World>, title: &str, people: &[String]) -> Self {
        let mut accounts = BTreeMap::new();
        world.add_group(GROUP, title);
        world.add_channel(CHANNEL, "channel");
        for (index, name) in people.iter().enumerate() {
            let id = FIRST_ACCOUNT + i64::try_from(index).unwrap_or(0);
            world.add_user(id, name, "");
            world.join(GROUP, id);
            accounts.insert(name.clone(), id);
        }
        Self {
            world,
            accounts,
            groups: BTreeMap::from([(title.to_owned(), GROUP)]),
            group: GROUP,
            topic: None,
            seen: 0,
            answered: 0,
            shown_at: None,
            own_messages: BTreeMap::new(),
            first_code: None,
            newest_link: None,
        }
    }

    /// The stand-in's world.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// The account of a person or stranger.
    pub fn account(&self, name: &str) -> Option<i64> {
        let known = self.accounts.get(name).copied();
        known.or_else(|| self.world.person_called(name))
    }

    /// Plays one line and gives what the bot answered, as indented text.
    ///
    /// # Errors
    /// The line names somebody or something that is not there.
    pub async fn play(&mut self, line: &Line, bot: &mut impl Player) -> Result<String, String> {
        self.group = self.world.newest_form(self.group);
        match line {
            Line::Clock(at) => bot.run_until(*at).await,
            Line::Act { who, in_group, act } => {
                self.first_code = bot.first_code();
                self.act(who, *in_group, act)?;
                bot.settle().await;
                let chat = if *in_group {
                    Some(self.group)
                } else {
                    self.account(who)
                };
                return Ok(self.heard_from(chat));
            }
            Line::Incident(incident) => self.happen(incident, bot).await?,
        }
        Ok(self.heard())
    }

    fn act(&mut self, who: &str, in_group: bool, act: &Act) -> Result<(), String> {
        let user = self
            .account(who)
            .ok_or_else(|| format!("nobody is called {who}"))?;
        let chat = if in_group { self.group } else { user };
        match act {
            Act::Say(text) => self.post(user, chat, Post::text(&self.filled(text))),
            Act::Reply(text) => {
                let newest = self
                    .newest(chat)
                    .ok_or("the bot has written nothing there")?;
                self.post(user, chat, Post::text(text).reply_to(newest));
            }
            Act::Edit(text) => {
                let own = self
                    .own_messages
                    .get(&(user, chat))
                    .ok_or("they have written nothing there")?;
                self.world.edit(user, chat, *own, text);
            }
            Act::Tap(label) => self.tap(user, chat, label)?,
            Act::Send(kind, argument) => self.send(user, chat, kind, argument)?,
        }
        Ok(())
    }

    /// `{first-code}` and `{link}` stand for the code the bot printed at its first start and the payload of the newest start link it showed.
    fn filled(&self, text: &str) -> String {
        let text = text.replace("{first-code}", self.first_code.as_deref().unwrap_or("none"));
        text.replace("{link}", self.newest_link.as_deref().unwrap_or("none"))
    }

    fn post(&mut self, user: i64, chat: i64, post: Post) {
        let post = match self.topic.filter(|_| chat == self.group) {
            Some(topic) => post.in_topic(topic),
            None => post,
        };
        let id = self.world.post(user, chat, post);
        self.own_messages.insert((user, chat), id);
    }

    fn newest(&self, chat: i64) -> Option<i64> {
        self.world
            .messages(chat)
            .iter()
            .rev()
            .find(|message| message.is_ours)
            .map(|message| message.id)
    }

    fn tap(&mut self, user: i64, chat: i64, label: &str) -> Result<(), String> {
        for message in self
            .world
            .messages(chat)
            .iter()
            .rev()
            .filter(|message| message.is_ours)
        {
            let button = message
                .buttons()
                .find(|button| button.text.starts_with(label));
            let Some(button) = button else { continue };
            match self.world.press(user, chat, message.id, &button.text) {
                Some(Pressed::Query(_)) => return Ok(()),
                Some(Pressed::Link(url)) => return self.follow(user, &url),
                None => {}
            }
        }
        Err(format!("there is no button [{label}]"))
    }

    fn follow(&mut self, user: i64, url: &str) -> Result<(), String> {
        self.world
            .follow(user, url)
            .map(|_| ())
            .ok_or_else(|| format!("{url} is no start link of the bot"))
    }

    fn send(&mut self, user: i64, chat: i64, kind: &str, argument: &str) -> Result<(), String> {
        match kind {
            "photo" => self.post(user, chat, Post::photo(b"photo".to_vec()).caption(argument)),
            "file" => self.post(user, chat, Post::document(argument, b"file".to_vec())),
            "sticker" => self.post(user, chat, Post::sticker()),
            "voice" => self.post(user, chat, Post::voice()),
            "location" => self.post(user, chat, Post::location()),
            "album" => {
                for n in 0..argument
                    .parse::<usize>()
                    .map_err(|_| "expected `+ album COUNT`")?
                {
                    self.post(
                        user,
                        chat,
                        Post::photo(vec![u8::try_from(n % 250).unwrap_or(0)]).in_album("album"),
                    );
                }
            }
            _ => {
                return Err(format!(
                    "expected photo, file, album, sticker, voice or location, not {kind}"
                ));
            }
        }
        Ok(())
    }

    async fn happen(&mut self, incident: &Incident, bot: &mut impl Player) -> Result<(), String> {
        match incident {
            Incident::Restart => {
                bot.stop().await;
                bot.start().await;
            }
            Incident::Stop => bot.stop().await,
            Incident::Start => bot.start().await,
            other => self.change(other)?,
        }
        if *incident != Incident::Stop {
            bot.settle().await;
        }
        Ok(())
    }

    fn change(&mut self, incident: &Incident) -> Result<(), String> {
        let account = |name: &String| {
            self.account(name)
                .ok_or_else(|| format!("nobody is called {name}"))
        };
        let world = self.world.clone();
        match incident {
            Incident::Restart | Incident::Stop | Incident::Start => {}
            Incident::Stranger(name) => {
                let id = FIRST_STRANGER + i64::try_from(self.accounts.len()).unwrap_or(0);
                world.add_user(id, name, "");
                self.accounts.insert(name.clone(), id);
            }
            Incident::Block(name) => world.block(account(name)?),
            Incident::Unblock(name) => world.unblock(account(name)?),
            Incident::Join(name) => world.join(self.group, account(name)?),
            Incident::Leave(name) => world.leave(self.group, account(name)?),
            Incident::AddBot(name) => world.add_bot(self.group, account(name)?),
            Incident::AddBotTo(name, title) => {
                let actor = account(name)?;
                let group = self.group_called(title);
                world.join(group, actor);
                world.add_bot(group, actor);
            }
            other => self.change_group(other)?,
        }
        Ok(())
    }

    /// What befalls the bot in the group, and the group itself.
    fn change_group(&mut self, incident: &Incident) -> Result<(), String> {
        let account = |name: &String| {
            self.account(name)
                .ok_or_else(|| format!("nobody is called {name}"))
        };
        let world = self.world.clone();
        match incident {
            Incident::PromoteBot(name) => world.promote_bot(self.group, account(name)?, true),
            Incident::MuteBot(name) => {
                world.set_standing(self.group, BOT_ID, Standing::Muted, account(name)?);
            }
            Incident::UnmuteBot(name) => world.add_bot(self.group, account(name)?),
            Incident::Group(title) => {
                self.group = self.group_called(title);
                self.topic = None;
            }
            Incident::KickBot(name) => world.kick_bot(self.group, account(name)?),
            Incident::Migrate(name) => {
                world.migrate(self.group, SUPERGROUP, account(name)?);
                for group in self
                    .groups
                    .values_mut()
                    .filter(|group| **group == self.group)
                {
                    *group = SUPERGROUP;
                }
                self.group = SUPERGROUP;
            }
            Incident::Privacy(on) => world.set_privacy(*on),
            Incident::Topic(name, title) => {
                self.topic = Some(world.create_topic(self.group, account(name)?, title))
            }
            Incident::CloseTopic(name) => self.end_topic(account(name)?, Topic::Closed),
            Incident::DeleteTopic(name) => self.end_topic(account(name)?, Topic::Deleted),
            Incident::DeleteMessage(words) => {
                let messages = world.messages(self.group);
                let mut newest_first = messages.iter().rev();
                let found = newest_first
                    .find(|message| message.is_ours && message.text.contains(words.as_str()))
                    .ok_or_else(|| format!("the bot said nothing of {words}"))?;
                world.delete(self.group, found.id);
            }
            other => self.disturb(other)?,
        }
        Ok(())
    }

    /// What has no right to work, and what goes wrong.
    fn disturb(&mut self, incident: &Incident) -> Result<(), String> {
        let account = |name: &String| {
            self.account(name)
                .ok_or_else(|| format!("nobody is called {name}"))
        };
        let world = self.world.clone();
        match incident {
            Incident::Anonymous(name, words) => {
                world.post(account(name)?, self.group, Post::text(words).anonymously());
            }
            Incident::AsChannel(name, words) => {
                world.post(
                    account(name)?,
                    self.group,
                    Post::text(words).as_channel(CHANNEL),
                );
            }
            Incident::Forge(name, data) => {
                let user = account(name)?;
                let newest = self.newest(user).unwrap_or(1);
                world.press_data(user, user, newest, data);
            }
            Incident::Fault(method, count, kind) => {
                let method = if method == "any" {
                    ANY_METHOD
                } else {
                    method.as_str()
                };
                world.fault(
                    method,
                    *count,
                    Fault::called(kind).ok_or_else(|| format!("unknown fault {kind}"))?,
                );
            }
            Incident::Inject(json) => {
                world.inject(
                    serde_json::from_str(json)
                        .map_err(|error| format!("the update is no JSON: {error}"))?,
                );
            }
            other => return Err(format!("only a stage can do this: {other:?}")),
        }
        Ok(())
    }

    /// The group of this title; a new one if there was none.
    fn group_called(&mut self, title: &str) -> i64 {
        if let Some(group) = self.groups.get(title) {
            return *group;
        }
        let group = OTHER_GROUP - i64::try_from(self.groups.len()).unwrap_or(0);
        self.world.add_group(group, title);
        self.groups.insert(title.to_owned(), group);
        group
    }

    fn end_topic(&mut self, actor: i64, how: Topic) {
        if let Some(topic) = self.topic.take() {
            self.world.set_topic(self.group, actor, topic, how);
        }
    }
}
