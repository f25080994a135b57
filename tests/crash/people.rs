//! People who answer in guided conversations, each in their own words, and the office chief who says what arrived.

use chrono::{DateTime, TimeDelta, Utc};
use duban::rehearsal::{GROUP, MessageView, Pressed, World};

/// The office chief.
pub const CHIEF: i64 = 100_001;

/// A person's name, id and item.
pub const PEOPLE: [(&str, &str, &str); 6] = [
    ("高伟", "gao-wei", "18"),
    ("于晓蓉", "yu-xiaorong", "23"),
    ("宋校政", "song-xiaozheng", "16"),
    ("李松涛", "li-songtao", "24"),
    ("宫云山", "gong-yunshan", "25"),
    // This one answers in the group.
    ("宫洪波", "gong-hongbo", "20"),
];

/// The account of the chief, at 0, and of the others behind.
pub fn account_of(place: usize) -> i64 {
    CHIEF + i64::try_from(place).unwrap()
}

/// Everybody's id, account and name, the chief first.
pub fn everybody() -> Vec<(&'static str, i64, &'static str)> {
    let people = [("栾频", "luan-pin", "")].into_iter().chain(PEOPLE);
    let known = people.enumerate();
    known
        .map(|(place, (name, person, _))| (person, account_of(place), name))
        .collect()
}

/// Everybody comes into the group; the chief aside they will answer.
pub fn arrive(world: &World) -> Vec<Talker> {
    for (_, account, name) in everybody() {
        world.add_user(account, name, "");
        world.join(GROUP, account);
    }
    let talkers = PEOPLE.iter().enumerate().map(|(place, (name, _, item))| {
        let account = account_of(place + 1);
        let in_group = place + 1 == PEOPLE.len();
        Talker::new(
            account,
            (name, item),
            if in_group { GROUP } else { account },
        )
    });
    talkers.collect()
}

/// Whoever got no answer for so long does it once more: a press that was not fetched in 150 seconds is never delivered.
const PATIENCE: TimeDelta = TimeDelta::seconds(155);

/// Where a guided conversation stands, as its newest message shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// To go on with what was begun.
    GoOn,
    /// For a judgement.
    Judgement,
    /// For words.
    Words,
    /// For more; there is none.
    More,
    /// To submit.
    Submit,
    /// Nothing: it is recorded.
    Recorded,
}

fn asked(message: &MessageView) -> Option<Asked> {
    let has = |label: &str| {
        message
            .buttons()
            .any(|button| button.text.starts_with(label))
    };
    let says = |words: &str| message.text.contains(words);
    if message.text.starts_with("✅ 已记录") {
        return Some(Asked::Recorded);
    }
    if has("接着填") {
        return Some(Asked::GoOn);
    }
    if message.buttons().any(|button| button.text == "提交") && message.text.starts_with("请核对")
    {
        return Some(Asked::Submit);
    }
    if says("您对进度的判断") {
        return Some(Asked::Judgement);
    }
    if says("做了哪些工作") {
        return Some(Asked::Words);
    }
    has("其余").then_some(Asked::More)
}

/// Id of a message, when it was last changed, its words, and when it was acted on.
type Acted = (i64, Option<DateTime<Utc>>, String, DateTime<Utc>);

/// A person who reports on one item again and again.
pub struct Talker {
    pub account: i64,
    pub name: &'static str,
    item: &'static str,
    chat: i64,
    /// Submitted so far, by their words.
    pub submitted: Vec<String>,
    serial: usize,
    /// Messages of the conversation are behind this one.
    after: i64,
    card: i64,
    is_talking: bool,
    /// The message acted on last, its last change, and when.
    acted: Option<Acted>,
}

impl Talker {
    fn new(account: i64, (name, item): (&'static str, &'static str), chat: i64) -> Self {
        Self {
            account,
            name,
            item,
            chat,
            submitted: Vec::new(),
            serial: 0,
            after: 0,
            card: 0,
            is_talking: false,
            acted: None,
        }
    }

    /// Whether no conversation is open.
    pub fn rests(&self) -> bool {
        !self.is_talking
    }

    /// Where the conversation stands, for a failure's message.
    pub fn shown(&self, world: &World) -> String {
        let messages = world.messages(self.chat);
        let last = messages.iter().rev().take(12).rev();
        let last: Vec<String> = last
            .map(|message| {
                let buttons: Vec<&str> = message
                    .buttons()
                    .map(|button| button.text.as_str())
                    .collect();
                let MessageView {
                    id,
                    from_name,
                    edited_at,
                    text,
                    reply_to,
                    ..
                } = message;
                format!(
                    "{id} {from_name} to {reply_to:?}, edited {edited_at:?}: {text} {buttons:?}"
                )
            })
            .collect();
        let (name, submitted) = (self.name, self.submitted.len());
        format!(
            "{name}: {submitted} submitted, acted {:?}, {last:#?}",
            self.acted
        )
    }

    fn words(&self) -> String {
        format!("{}第{}次走访", self.name, self.serial)
    }

    /// In the group a message of its own opens the field for words.
    fn is_field(&self, message: &MessageView) -> bool {
        message.text.starts_with(self.name) && message.text.contains("请回复本条")
    }

    fn newest(&self, world: &World) -> Option<MessageView> {
        let in_group = self.chat != self.account;
        let mut messages = world.messages(self.chat).into_iter().rev();
        messages.find(|message| {
            message.is_ours
                && message.id > self.after
                && asked(message).is_some()
                && (!in_group || message.id == self.card || message.text.contains(self.name))
                && !self.is_field(message)
        })
    }

    /// Looks at the phone and does what is asked; begins anew only where `begins`.
    pub fn look(&mut self, world: &World, now: DateTime<Utc>, begins: bool) {
        if !self.is_talking {
            if begins {
                self.begin(world, now);
            }
            return;
        }
        let Some(message) = self.newest(world) else {
            if self.has_waited_since(now) {
                self.say_what(world, now);
            }
            return;
        };
        self.card = message.id;
        let acted = self.acted.as_ref().is_some_and(|(id, edited_at, text, _)| {
            (*id, *edited_at, text.as_str())
                == (message.id, message.edited_at, message.text.as_str())
        });
        if acted && !self.has_waited_since(now) {
            return;
        }
        self.act(world, &message);
        self.acted = Some((message.id, message.edited_at, message.text, now));
    }

    fn has_waited_since(&self, now: DateTime<Utc>) -> bool {
        self.acted
            .as_ref()
            .is_none_or(|(_, _, _, at)| now - *at > PATIENCE)
    }

    fn begin(&mut self, world: &World, now: DateTime<Utc>) {
        self.serial += 1;
        self.is_talking = true;
        self.card = 0;
        self.after = world
            .messages(self.chat)
            .last()
            .map_or(0, |message| message.id);
        self.say_what(world, now);
    }

    fn say_what(&mut self, world: &World, now: DateTime<Utc>) {
        world.say(self.account, self.chat, &format!("/report {}", self.item));
        self.acted = Some((0, None, String::new(), now));
    }

    fn act(&mut self, world: &World, message: &MessageView) {
        let press = |label: &str| {
            let button = message
                .buttons()
                .find(|button| button.text.starts_with(label));
            let button = button.unwrap_or_else(|| panic!("no button {label}: {}", message.text));
            let pressed = world.press(self.account, self.chat, message.id, &button.text);
            assert!(matches!(pressed, Some(Pressed::Query(_))), "{pressed:?}");
        };
        match asked(message) {
            Some(Asked::GoOn) => press("接着填"),
            Some(Asked::Judgement) => press("🟡"),
            Some(Asked::Words) => {
                let messages = world.messages(self.chat);
                let mut below = messages
                    .iter()
                    .rev()
                    .take_while(|field| field.id > message.id);
                let field = below.find(|field| self.is_field(field));
                let to = field.map_or(message.id, |field| field.id);
                world.reply(self.account, self.chat, to, &self.words());
            }
            Some(Asked::More) => press("其余"),
            Some(Asked::Submit) => {
                let words = self.words();
                assert!(
                    message.text.contains(&words),
                    "{words} is not in {}",
                    message.text
                );
                if self.submitted.last() != Some(&words) {
                    self.submitted.push(words);
                }
                press("提交");
            }
            Some(Asked::Recorded) => {
                assert_eq!(
                    self.submitted.last(),
                    Some(&self.words()),
                    "{}",
                    message.text
                );
                self.is_talking = false;
            }
            None => {}
        }
    }
}
