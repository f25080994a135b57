//! What tests of talks share: the Rushan plan as a frame, and a stage on which people type and tap and the bot's words are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    BotAccount, ChatKind, Context, Conversation, Effect, Event, Happening, Media, Place,
    PlannedSend, ReplyTo, Sender, Whom, report, report::Home, step,
};
use crate::calendar::Calendar;
use crate::ledger::{
    Account, Act, Actor, BaselineAnswer, BindingWay, ENTRY_VERSION, Frame, LedgerEntry,
    ProgressReport, Salts, Standing, Value,
};
use crate::plan::{self, Hash, PersonId, Settings, TaskId};
use crate::render::{self, Button, Message, Scene};

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

/// The group of the stage.
pub(crate) const GROUP: i64 = -1001;

/// The Rushan plan with default settings and a calendar without tables.
pub(crate) fn frame() -> Frame {
    frame_of(RUSHAN)
}

/// A plan file as a frame, adopted under the hash of its text.
pub(crate) fn frame_of(source: &str) -> Frame {
    let settings = Settings::default();
    Frame {
        adoption: Hash::of(source.as_bytes()),
        plan: plan::read(source, "test.toml").expect("the test's plan has no mistakes"),
        calendar: Calendar::new(BTreeMap::new(), settings.hours.clone()),
        settings,
    }
}

/// The Rushan plan with words of its file replaced.
pub(crate) fn changed(replacements: &[(&str, &str)]) -> Frame {
    let mut source = RUSHAN.to_owned();
    for (old, new) in replacements {
        assert!(source.contains(old), "the plan file has no {old}");
        source = source.replace(old, new);
    }
    frame_of(&source)
}

/// An account whose name tells its number.
pub(crate) fn account(user_id: i64) -> Account {
    Account {
        user_id,
        name: format!("账号{user_id}"),
        username: None,
    }
}

/// The private chat with an account.
pub(crate) fn private(user_id: i64) -> Place {
    Place {
        chat: user_id,
        kind: ChatKind::Private,
        thread: None,
    }
}

/// A group.
pub(crate) fn group(chat: i64) -> Place {
    Place {
        chat,
        kind: ChatKind::Group,
        thread: None,
    }
}

/// A stage: a task force on one plan, with everything said kept. Conversations pass through JSON between any two events.
pub(crate) struct Stage {
    pub(crate) frame: Frame,
    pub(crate) offered: Option<Frame>,
    /// As adopted, once the ledger amends it.
    adopted: Option<Frame>,
    pub(crate) standing: Standing,
    pub(crate) now: DateTime<Utc>,
    pub(crate) first_code_sha256: Option<String>,
    pub(crate) sends: Vec<PlannedSend>,
    /// Whether everybody belongs to several task forces.
    pub(crate) in_several: bool,
    /// Whether messages of unknown outcome still wait for a decision.
    pub(crate) outcome_open: bool,
    /// The entry that words may be removed of.
    pub(crate) removable: Option<super::trail::Removable>,
    /// Accounts that had their line today.
    pub(crate) strangers: BTreeSet<i64>,
    bot: BotAccount,
    talks: BTreeMap<i64, String>,
    shown: Vec<(i64, i32, Message)>,
    /// What the messages of talks are about, and their names.
    named: BTreeMap<i32, (Vec<TaskId>, Option<String>)>,
    messages: i32,
    typed: i32,
    events: u8,
    /// Messages and edits in the group so far, lines about sittings included.
    pub(crate) group_sends: usize,
}

impl Stage {
    /// Monday, 23 November 2026, 09:40; nobody bound, no group, not live.
    pub(crate) fn new() -> Self {
        Self::on(frame())
    }

    /// The same on another plan.
    pub(crate) fn on(frame: Frame) -> Self {
        let now = "2026-11-23T09:40:00+08:00".parse().expect("a moment");
        let mut stage = Self {
            frame,
            offered: None,
            adopted: None,
            standing: Standing::default(),
            now,
            first_code_sha256: None,
            sends: Vec::new(),
            in_several: false,
            outcome_open: true,
            removable: None,
            strangers: BTreeSet::new(),
            bot: BotAccount {
                id: 1,
                username: "DubanBot".to_owned(),
            },
            talks: BTreeMap::new(),
            shown: Vec::new(),
            named: BTreeMap::new(),
            messages: 0,
            typed: 0,
            events: 0,
            group_sends: 0,
        };
        let adoption = stage.frame.adoption;
        stage.append(Actor::Host, Act::Adopted { adoption });
        stage
    }

    /// The same, the office chief (account 3) bound, the group bound and live.
    pub(crate) fn live() -> Self {
        let mut stage = Self::new();
        stage.bind("luan-pin", 3);
        let chat = GROUP;
        stage.append(Actor::Host, Act::GroupBound { chat, thread: None });
        stage.append(Actor::Host, Act::WentLive);
        stage
    }

    /// Adds an entry by hand.
    pub(crate) fn append(&mut self, by: Actor, act: Act) {
        let entry = LedgerEntry {
            seq: self.standing.seq + 1,
            at: self.now,
            version: ENTRY_VERSION,
            by,
            act,
        };
        let amended = self.standing.amendments.seq;
        self.standing.apply(&entry);
        if self.standing.amendments.seq != amended {
            let adopted = self.adopted.get_or_insert_with(|| self.frame.clone());
            let adopted = std::sync::Arc::new(adopted.clone());
            self.frame = adopted.amended(&self.standing).as_ref().clone();
        }
    }

    /// Binds an account by hand; its private chat works.
    pub(crate) fn bind(&mut self, person: &str, user_id: i64) {
        let bound = Act::Bound {
            person: person.into(),
            account: account(user_id),
            way: BindingWay::File,
        };
        self.append(Actor::Host, bound);
        let person = person.into();
        self.append(Actor::Host, Act::Reachable { person });
    }

    /// A person's private chat no longer works, or never did.
    pub(crate) fn unreach(&mut self, person: &str) {
        let person = person.into();
        self.append(Actor::Bot, Act::Unreachable { person });
    }

    /// Puts a changed plan before the office.
    pub(crate) fn offer(&mut self, frame: Frame) {
        let adoption = frame.adoption;
        self.offered = Some(frame);
        self.append(Actor::Host, Act::AdoptionOffered { adoption });
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, time: TimeDelta) {
        self.now += time;
    }

    /// Somebody types in private.
    pub(crate) fn types(&mut self, user_id: i64, text: &str) -> String {
        self.types_in(&private(user_id), user_id, text)
    }

    /// Somebody types somewhere.
    pub(crate) fn types_in(&mut self, place: &Place, user_id: i64, text: &str) -> String {
        let sender = Sender::Account(account(user_id));
        let happening = self.text(text, None);
        self.happens(sender, place.clone(), happening)
    }

    /// Somebody replies to the newest message of the bot there.
    pub(crate) fn replies_in(&mut self, place: &Place, user_id: i64, text: &str) -> String {
        let newest = self.newest_id(place.chat);
        self.replies_to(place, user_id, text, newest)
    }

    /// The newest message in a chat.
    pub(crate) fn newest_id(&self, chat: i64) -> i32 {
        let there = self.shown.iter().filter(|(there, ..)| *there == chat);
        there.map(|(_, id, _)| *id).max().unwrap_or(0)
    }

    /// Somebody replies to this message of the bot.
    pub(crate) fn replies_to(
        &mut self,
        place: &Place,
        user_id: i64,
        text: &str,
        message_id: i32,
    ) -> String {
        let reply = self.reply_to(message_id);
        let happening = self.text(text, Some(reply));
        self.happens(Sender::Account(account(user_id)), place.clone(), happening)
    }

    fn reply_to(&self, message_id: i32) -> ReplyTo {
        let (about, name) = self.named.get(&message_id).cloned().unwrap_or_default();
        ReplyTo {
            message_id,
            from_bot: true,
            text: None,
            about,
            talk: name.as_deref().and_then(report::TalkMessage::named),
        }
    }

    /// Somebody replies to a message of the bot that is about these tasks.
    pub(crate) fn replies_about(
        &mut self,
        place: &Place,
        user_id: i64,
        text: &str,
        about: &[&str],
    ) -> String {
        let reply = ReplyTo {
            message_id: 1,
            from_bot: true,
            text: None,
            about: about.iter().map(|task| (*task).into()).collect(),
            talk: None,
        };
        let happening = self.text(text, Some(reply));
        self.happens(Sender::Account(account(user_id)), place.clone(), happening)
    }

    /// A text message.
    pub(crate) fn text(&mut self, text: &str, reply_to: Option<ReplyTo>) -> Happening {
        self.messages += 1;
        self.typed = self.messages;
        Happening::Text {
            message_id: self.messages,
            text: text.to_owned(),
            reply_to,
        }
    }

    /// Somebody edits their last text message in private.
    pub(crate) fn edits_last(&mut self, user_id: i64, text: &str) -> String {
        let message_id = self.typed;
        let text = text.to_owned();
        let happening = Happening::Edited { message_id, text };
        self.happens(
            Sender::Account(account(user_id)),
            private(user_id),
            happening,
        )
    }

    /// Somebody sends something that is no text, as a reply to the bot.
    pub(crate) fn sends_media(
        &mut self,
        place: &Place,
        user_id: i64,
        media: Media,
        album: Option<&str>,
    ) -> String {
        self.messages += 1;
        let happening = Happening::Media {
            message_id: self.messages,
            media,
            caption: None,
            media_group_id: album.map(str::to_owned),
            reply_to: Some(ReplyTo {
                message_id: 1,
                from_bot: true,
                text: None,
                about: Vec::new(),
                talk: None,
            }),
        };
        self.happens(Sender::Account(account(user_id)), place.clone(), happening)
    }

    /// Somebody taps, in private, the newest button whose label begins so.
    pub(crate) fn taps(&mut self, user_id: i64, label: &str) -> String {
        self.taps_in(&private(user_id), user_id, label)
    }

    /// Somebody taps the newest such button in a chat.
    pub(crate) fn taps_in(&mut self, place: &Place, user_id: i64, label: &str) -> String {
        let (message_id, data) = self.button(place.chat, label);
        self.presses(place, user_id, Some(message_id), &data)
    }

    /// The newest button in a chat whose label begins so: its message and data.
    pub(crate) fn button(&self, chat: i64, label: &str) -> (i32, String) {
        let in_chat = self.shown.iter().rev().filter(|(there, ..)| *there == chat);
        let buttons = in_chat.flat_map(|(_, id, message)| {
            let buttons = message.keyboard.iter().flatten();
            buttons.map(|button| (*id, button))
        });
        let mut found = buttons.filter_map(|(id, button)| match button {
            Button::Press { text, data } if text.starts_with(label) => Some((id, data.clone())),
            Button::Press { .. } | Button::Link { .. } => None,
        });
        found.next().unwrap_or_else(|| panic!("no button {label}"))
    }

    /// One of the buttons of the newest message with buttons in a chat, counted from its first.
    pub(crate) fn any_button(&self, chat: i64, at: usize) -> Option<(i32, String)> {
        let in_chat = self.shown.iter().rev().filter(|(there, ..)| *there == chat);
        let (_, id, message) = in_chat
            .into_iter()
            .find(|(.., it)| !it.keyboard.is_empty())?;
        let presses: Vec<&String> = message
            .keyboard
            .iter()
            .flatten()
            .filter_map(|button| match button {
                Button::Press { data, .. } => Some(data),
                Button::Link { .. } => None,
            })
            .collect();
        let data = presses.get(at % presses.len().max(1))?;
        Some((*id, (*data).clone()))
    }

    /// The newest message in a chat.
    pub(crate) fn newest(&self, chat: i64) -> String {
        let mut in_chat = self.shown.iter().rev().filter(|(there, ..)| *there == chat);
        in_chat
            .next()
            .map(|(.., message)| words(message))
            .unwrap_or_default()
    }

    /// Makes a stored talk one of another program version.
    pub(crate) fn age_talk(&mut self, user_id: i64) {
        let json = self.talks.get_mut(&user_id).expect("a talk is stored");
        *json = json.replace("\"version\":1", "\"version\":0");
    }

    /// Somebody sends button data.
    pub(crate) fn presses(
        &mut self,
        place: &Place,
        user_id: i64,
        message_id: Option<i32>,
        data: &str,
    ) -> String {
        let happening = Happening::Pressed {
            query_id: "q".to_owned(),
            data: data.to_owned(),
            message_id,
        };
        self.happens(Sender::Account(account(user_id)), place.clone(), happening)
    }

    /// Anything happens. Returns what follows, a line or more each.
    pub(crate) fn happens(&mut self, sender: Sender, place: Place, happening: Happening) -> String {
        let event = Event {
            sender,
            place,
            happening,
        };
        let user_id = match &event.sender {
            Sender::Account(account) => Some(account.user_id),
            Sender::AnonymousAdmin | Sender::Channel => None,
        };
        let person = user_id.and_then(|id| self.standing.person_of(id)).cloned();
        let state = user_id.map(|id| self.talk(id)).unwrap_or_default();
        let sends = self.sends.clone();
        let next_sends = move |most: usize| sends.iter().take(most).cloned().collect();
        let context = Context {
            frame: &self.frame,
            standing: &self.standing,
            now: self.now,
            bot: &self.bot,
            person: person.as_ref(),
            in_group: self
                .standing
                .group
                .as_ref()
                .is_some_and(|group| group.chat == event.place.chat),
            talks_in_group: self.talks_in_group(user_id),
            talk_card: self.talk_card(person.as_ref(), &state),
            first_code_sha256: self.first_code_sha256.as_deref(),
            stranger_line_free: user_id.is_none_or(|id| !self.strangers.contains(&id)),
            refusal_free: true,
            outcome_open: self.outcome_open,
            removable: self.removable.as_ref(),
            offered: self.offered.as_ref(),
            next_sends: &next_sends,
            moved_sends: &|| Vec::new(),
            in_several: self.in_several,
            undecided: None,
        };
        self.events = self.events.wrapping_add(1);
        let mut salts = Salts::new([self.events; 32]);
        let (state, effects) = step(&context, &mut salts, state, &event);
        if let Some(user_id) = user_id {
            let json = serde_json::to_string(&state).expect("a talk can be stored");
            self.talks.insert(user_id, json);
        }
        self.take(&event, person, effects)
    }

    fn talks_in_group(&self, but: Option<i64>) -> usize {
        let others = self.talks.keys().filter(|id| Some(**id) != but);
        let homes = others.filter_map(|id| self.talk(*id).talk_home());
        homes.filter(|home| *home == Home::Group).count()
    }

    fn talk_card(&self, person: Option<&PersonId>, state: &Conversation) -> Option<i32> {
        let name = state.sitting.as_ref()?.card_name(person?)?;
        let mut named = self.named.iter();
        let found = named.find(|(_, (_, known))| known.as_ref() == Some(&name));
        found.map(|(id, _)| *id)
    }

    /// What an account is in the middle of.
    pub(crate) fn talk(&self, user_id: i64) -> Conversation {
        let json = self.talks.get(&user_id);
        json.map(|json| serde_json::from_str(json).expect("a stored talk can be read"))
            .unwrap_or_default()
    }

    /// Entries first, then everything that is said; as the service does it.
    fn take(&mut self, event: &Event, person: Option<PersonId>, effects: Vec<Effect>) -> String {
        let mut told = String::new();
        let by = person.map_or(Actor::Bot, Actor::Person);
        for effect in &effects {
            let (by, act) = match effect {
                Effect::Append(act) => (by.clone(), act.clone()),
                Effect::AppendAs(by, act) => (by.clone(), act.clone()),
                _ => continue,
            };
            let _ = writeln!(told, "+ {}", act_line(&act));
            if let Act::Adopted { adoption } = &act
                && let Some(frame) = self.offered.take_if(|frame| frame.adoption == *adoption)
            {
                self.frame = frame;
                self.adopted = None;
            }
            self.append(by, act);
        }
        for effect in effects {
            if let Some(line) = self.take_one(event, effect) {
                let _ = writeln!(told, "{line}");
            }
        }
        told.trim_end().to_owned()
    }

    fn take_one(&mut self, event: &Event, effect: Effect) -> Option<String> {
        Some(match effect {
            Effect::Append(_) | Effect::AppendAs(..) => return None,
            Effect::Tell { to, say, manner } => {
                let message = render::say(&self.scene(), &say);
                let (whom, chats) = self.recipients(event, &to);
                for chat in chats {
                    self.messages += 1;
                    self.shown.push((chat, self.messages, message.clone()));
                    let names = (say.about(), say.talk_name());
                    self.named.insert(self.messages, names);
                }
                if self.is_group(event, &to) {
                    self.group_sends += 1;
                }
                let silent = if manner.silent { "(silent) " } else { "" };
                let field = if manner.force_reply {
                    "(reply field) "
                } else {
                    ""
                };
                format!("{whom} {silent}{field}{}", words(&message))
            }
            Effect::Edit { message_id, say } => {
                let message = render::say(&self.scene(), &say);
                let chat = event.place.chat;
                let same =
                    |(there, id, _): &&mut (i64, i32, Message)| *there == chat && *id == message_id;
                match self.shown.iter_mut().find(same) {
                    Some(shown) => shown.2 = message.clone(),
                    None => self.shown.push((chat, message_id, message.clone())),
                }
                if self.is_group(event, &Whom::Here) {
                    self.group_sends += 1;
                }
                format!("edit: {}", words(&message))
            }
            Effect::GroupLine { say, .. } => {
                self.group_sends += 1;
                let message = render::say(&self.scene(), &say);
                format!("line in the group: {}", words(&message))
            }
            Effect::AnswerPress { url: Some(url), .. } => format!("opens {url}"),
            // What is counted here shows in the answers alone.
            Effect::AnswerPress { say: None, .. } | Effect::CountRefusal(_) => return None,
            Effect::AnswerPress {
                say: Some(say),
                alert,
                ..
            } => {
                assert!(alert, "answers with words are alerts here");
                format!("alert: {}", render::alert(&self.scene(), &say))
            }
            Effect::CountStranger(id) => {
                self.strangers.insert(id);
                format!("counted {id}")
            }
            Effect::HandOver { from, to } => self.hand_over(from, to),
            // Other people's talks are the service's to find.
            Effect::EndTalks { .. } => return None,
            Effect::SpendFirstCode => {
                self.first_code_sha256 = None;
                "first code spent".to_owned()
            }
            Effect::RefreshMenu(person) => format!("menu of {person}"),
            Effect::RefreshStatus => "status".to_owned(),
            Effect::NoteForeignGroup(chat) => format!("foreign group {chat}"),
            other => format!("{other:?}"),
        })
    }

    fn is_group(&self, event: &Event, to: &Whom) -> bool {
        match to {
            Whom::Here => event.place.chat == GROUP,
            Whom::Group => true,
            Whom::Person(_) | Whom::Office | Whom::Account(_) => false,
        }
    }

    fn hand_over(&mut self, from: Option<i64>, to: i64) -> String {
        let talk = from.map(|from| self.talk(from)).unwrap_or_default();
        if let Some(from) = from {
            self.talks.remove(&from);
        }
        let json = serde_json::to_string(&talk.handed_over());
        self.talks.insert(to, json.expect("a talk can be stored"));
        format!("talk of {from:?} goes to {to}")
    }

    fn recipients(&self, event: &Event, to: &Whom) -> (String, Vec<i64>) {
        let chat_of = |person: &PersonId| {
            let binding = self.standing.bindings.get(person);
            binding.map(|binding| binding.account.user_id)
        };
        match to {
            Whom::Here => ("here:".to_owned(), vec![event.place.chat]),
            Whom::Group => {
                let group = self.standing.group.as_ref();
                (
                    "group:".to_owned(),
                    group.map(|it| it.chat).into_iter().collect(),
                )
            }
            Whom::Person(person) => (format!("{person}:"), chat_of(person).into_iter().collect()),
            Whom::Office => {
                let granted: Vec<PersonId> = self.standing.office_granted.iter().cloned().collect();
                let bound = self.standing.bindings.keys();
                let office = bound.filter(|it| self.frame.plan.is_office(it, &granted));
                ("office:".to_owned(), office.filter_map(chat_of).collect())
            }
            Whom::Account(id) => (format!("account {id}:"), vec![*id]),
        }
    }

    /// What the renderer may look at now.
    pub(crate) fn scene(&self) -> Scene<'_> {
        Scene {
            frame: &self.frame,
            standing: &self.standing,
            now: self.now,
            bot: &self.bot,
        }
    }

    /// Whether a talk of this account waits for words of the office.
    pub(crate) fn waits(&self, user_id: i64) -> bool {
        let talk = self.talks.get(&user_id);
        talk.is_some_and(|json| json.contains("\"waiting\""))
    }
}

/// The words of a message, its buttons in brackets.
pub(crate) fn words(message: &Message) -> String {
    let mut words = message.html();
    for row in &message.keyboard {
        words.push('\n');
        let labels: Vec<String> = row
            .iter()
            .map(|button| match button {
                Button::Press { text, data } => {
                    assert!(data.len() <= super::payload::DATA_LIMIT, "{data}");
                    format!("[{text}]")
                }
                Button::Link { text, .. } => format!("[{text}↗]"),
            })
            .collect();
        words.push_str(&labels.join(" "));
    }
    words
}

/// An act by its name and what it is about.
fn act_line(act: &Act) -> String {
    let json = serde_json::to_value(act).expect("an act is JSON");
    let mut line = json["act"].as_str().unwrap_or_default().to_owned();
    for key in [
        "person", "user_id", "chat", "thread", "from", "to", "doubt", "task", "due", "until",
        "how", "basis",
    ] {
        match &json[key] {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => line.push_str(&format!(" {text}")),
            other => line.push_str(&format!(" {other}")),
        }
    }
    if let Act::Answered(report) = act {
        line.push_str(&report_line(report));
    }
    line
}

/// What a report says, in a line.
fn report_line(report: &ProgressReport) -> String {
    let value = match report.value {
        Value::Number(value) => value.to_string(),
        Value::Stage(stage) => format!("{stage:?}"),
        Value::None => "-".to_owned(),
    };
    let mut line = format!(" {} {value} {:?}", report.period, report.judgement);
    let texts = [
        ("done", &report.done),
        ("issues", &report.issues),
        ("next", &report.next_steps),
    ];
    for (name, text) in texts {
        if let Some(text) = text.as_ref().and_then(|text| text.body()) {
            let _ = write!(line, " {name}=“{text}”");
        }
    }
    if let Some(day) = report.next_date {
        let _ = write!(line, " on {day}");
    }
    if let Some(need) = &report.support_needed {
        let unit = need.unit.as_ref().map_or("?", |unit| unit.as_str());
        let _ = write!(line, " support={unit} “{}”", need.what.body().unwrap_or(""));
    }
    match &report.baseline {
        Some(BaselineAnswer::Reached { on }) => {
            let _ = write!(line, " reached {on:?}");
        }
        Some(BaselineAnswer::NotReached { reason, wanted }) => {
            let reason = reason.body().unwrap_or("");
            let _ = write!(line, " not reached “{reason}” {wanted:?}");
        }
        None => {}
    }
    if !report.evidence.is_empty() {
        let _ = write!(line, " files={}", report.evidence.len());
    }
    if let Some(seq) = report.corrects {
        let _ = write!(line, " corrects {seq}");
    }
    if let Some(person) = &report.hinted_by {
        let _ = write!(line, " hinted by {person}");
    }
    let marks = [(report.unchanged, " unchanged"), (report.late, " late")];
    let marks = marks.into_iter().filter(|(holds, _)| *holds);
    line.extend(marks.map(|(_, mark)| mark));
    line
}
