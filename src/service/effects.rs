//! From what the core decided to what is committed: entries first, then messages rendered with the standing after them.

use chrono::{DateTime, Utc};

use super::calls::{body_of, calls_of};
use super::force::{Force, TaskForceError};
use super::{Call, PressAnswer, Service};
use crate::calendar;
use crate::conversation::{Effect, Manner, Place, Say, Whom};
use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry};
use crate::plan::PersonId;
use crate::render::{self, Message, Scene};
use crate::schedule::NoticeKey;
use crate::store::{Changes, FOREVER, NewOutgoing, OutgoingKind};

/// Before digests and reminders.
pub const ANSWER_PRIORITY: i64 = 0;
/// Reminders and lines.
pub const REMINDER_PRIORITY: i64 = 10;
/// Digests and documents.
pub const DIGEST_PRIORITY: i64 = 20;
/// The board that goes with a digest.
pub const BOARD_PRIORITY: i64 = 25;
/// Status edits and menus: last.
pub const STATUS_PRIORITY: i64 = 30;

/// Where the answers of an event go.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// The event's chat.
    pub place: Option<Place>,
    /// The event's own message, for replies to it.
    pub message_id: Option<i32>,
    /// The press to answer.
    pub query_id: Option<String>,
    /// Who acts.
    pub by: Actor,
}

impl Occasion {
    /// Of what nobody's message or press brought about.
    pub fn without_event(by: Actor) -> Self {
        Self {
            place: None,
            message_id: None,
            query_id: None,
            by,
        }
    }
}

/// Everything one event (or tick) changes, being gathered.
pub struct Gathering<'a> {
    /// The task force, already changed by the entries.
    pub force: &'a mut Force,
    /// What will be committed.
    pub changes: Changes,
    /// Answers to presses, made after the commit.
    pub presses: Vec<PressAnswer>,
    /// Where answers go.
    pub occasion: Occasion,
    /// What `render` and links need to know.
    pub service: &'a Service,
    /// Now.
    pub now: DateTime<Utc>,
    /// What a removal of words would come to, looked up before.
    pub(super) removal: Option<Box<super::removal::Found>>,
}

impl<'a> Gathering<'a> {
    /// Nothing gathered yet.
    pub fn new(service: &'a Service, force: &'a mut Force, occasion: Occasion) -> Self {
        let now = service.now();
        let changes = Changes {
            task_force: Some(force.id.clone()),
            now,
            ..Changes::default()
        };
        Self {
            force,
            changes,
            presses: Vec::new(),
            occasion,
            service,
            now,
            removal: None,
        }
    }

    /// Takes all effects: entries first, so that every message sees the standing after them.
    pub async fn take(&mut self, effects: Vec<Effect>) -> Result<(), TaskForceError> {
        let adopted = self.force.standing.adoption;
        let offered = self.force.standing.offered;
        let mut rest = Vec::new();
        for effect in effects {
            match effect {
                Effect::Append(act) => self.append(self.occasion.by.clone(), act),
                Effect::AppendAs(by, act) => self.append(by, act),
                other => rest.push(other),
            }
        }
        if self.force.standing.adoption != adopted || self.force.standing.offered != offered {
            self.force.refresh_frames(self.service.store()).await?;
        }
        for effect in rest {
            self.take_one(effect).await?;
        }
        Ok(())
    }

    /// Adds an entry and applies it to the fold.
    pub fn append(&mut self, by: Actor, act: Act) {
        let head = self.force.head;
        self.changes.expected.get_or_insert(head);
        self.release_held_chat(&act);
        self.group_menu(&act);
        let entry = LedgerEntry {
            seq: act.seq_after(head.seq),
            at: self.now,
            version: ENTRY_VERSION,
            by,
            act,
        };
        let head = self.changes.push_entry(head, entry.clone());
        self.force.apply(std::slice::from_ref(&entry), head);
    }

    /// What waited for a person's private chat goes out once the chat works.
    fn release_held_chat(&mut self, act: &Act) {
        if let Act::Reachable { person } = act
            && let Some(binding) = self.force.standing.bindings.get(person)
        {
            self.changes.holds.push((binding.account.user_id, None));
        }
    }

    async fn take_one(&mut self, effect: Effect) -> Result<(), TaskForceError> {
        match effect {
            Effect::Append(_) | Effect::AppendAs(..) => {}
            Effect::Tell { to, say, manner } => self.tell(&to, &say, manner),
            Effect::GroupLine { sitting, say } => self.group_line(sitting, &say).await?,
            Effect::Edit { message_id, say } => self.edit(message_id, &say),
            Effect::AnswerPress { say, alert, url } => {
                let text = say.map(|say| render::alert(&self.scene(), &say));
                self.answer_press(text, alert, url);
            }
            Effect::RefreshMenu(person) => self.refresh_menu(&person).await?,
            Effect::RefreshStatus => self.refresh_status(),
            Effect::ShowDigest {
                number,
                page,
                message_id,
            } => self.show_digest(number, page, message_id).await?,
            Effect::SendDocuments { documents, number } => self.send_documents(documents, number),
            Effect::ShowTrail(page) => self.show_trail(page).await?,
            Effect::ShowDigestsOf { year, month } => self.show_digests_of(year, month).await?,
            Effect::Remove => self.remove(),
            Effect::CloseDown => self.close_down().await?,
            Effect::Keep { told } => self.keep_event(told),
            Effect::GoOn(how) => self.go_on(how).await?,
            Effect::CorrectDigest { number, reason } => self.correct_digest(number, reason).await?,
            Effect::DecideUnknown { row, seen } => self.changes.decide_unknown.push((row, seen)),
            Effect::HandOver { from, to } => self.hand_over(from, to).await?,
            Effect::EndTalks { task, say, told } => {
                self.end_talks(&task, &say, told.as_ref()).await?;
            }
            Effect::SpendFirstCode => self
                .changes
                .facts
                .push((format!("first_code:{}", self.force.id), None)),
            Effect::CountStranger(user) => {
                let day = calendar::date_of(self.now);
                self.changes
                    .facts
                    .push((format!("stranger:{day}:{user}"), Some(String::new())));
            }
            Effect::CountRefusal(user) => {
                let (day, update) = (calendar::date_of(self.now), self.changes.update_id);
                let name = format!("refused:{day}:{user}:{}", update.unwrap_or_default());
                self.changes.facts.push((name, Some(String::new())));
            }
            Effect::NoteForeignGroup(chat) => self.note_foreign_group(chat).await?,
            Effect::LeaveChat(chat) => self.push_call(
                chat,
                None,
                OutgoingKind::Line,
                STATUS_PRIORITY,
                &Call::Leave,
            ),
        }
        Ok(())
    }

    /// What the renderer may look at now.
    pub fn scene(&self) -> Scene<'_> {
        Scene {
            frame: &self.force.frame,
            standing: &self.force.standing,
            now: self.now,
            bot: self.service.bot(),
        }
    }

    fn answer_press(&mut self, text: Option<String>, alert: bool, url: Option<String>) {
        if let Some(query_id) = self.occasion.query_id.take() {
            self.presses.push(PressAnswer {
                query_id,
                text,
                alert,
                url,
            });
        }
    }

    fn tell(&mut self, to: &Whom, say: &Say, manner: Manner) {
        let message = render::say(&self.scene(), say);
        let before = self.changes.outgoing.len();
        self.tell_message(to, message, manner);
        self.name_rows(before, say);
    }

    /// What a reply to the rows since then is about, and the name under which a talk's message is found again.
    fn name_rows(&mut self, since: usize, say: &Say) {
        let about = say.about();
        let about: Vec<&str> = about.iter().map(|task| task.as_str()).collect();
        let about = about.join(",");
        let rows = self.changes.outgoing[since..].iter_mut();
        // A neutral line tells nothing of what waits; it alone has a key here.
        for row in rows.filter(|row| row.keys.is_empty()) {
            row.about.clone_from(&about);
            row.slot = say.talk_name();
        }
    }

    fn tell_message(&mut self, to: &Whom, message: Message, manner: Manner) {
        match to {
            Whom::Here => {
                if let Some(place) = self.occasion.place.clone() {
                    let reply_to = self
                        .occasion
                        .message_id
                        .filter(|_| manner.as_reply || manner.force_reply);
                    self.send(
                        place.chat,
                        place.thread,
                        OutgoingKind::Answer,
                        message,
                        manner,
                        reply_to,
                    );
                }
            }
            Whom::Group => self.tell_group(message, manner),
            Whom::Person(person) => self.tell_person(&person.clone(), message, manner),
            Whom::Office => {
                for person in self.office() {
                    self.tell_person(&person, message.clone(), manner);
                }
            }
            Whom::Account(user) => {
                self.send(*user, None, OutgoingKind::Answer, message, manner, None)
            }
        }
    }

    /// The group's line about a sitting: the first waits for working hours, a later one takes its place.
    async fn group_line(&mut self, sitting: u64, say: &Say) -> Result<(), TaskForceError> {
        let Some(group) = self
            .force
            .standing
            .group
            .clone()
            .filter(|group| group.usable)
        else {
            return Ok(());
        };
        let message = render::say(&self.scene(), say);
        let slot = format!("sitting-{sitting}");
        let sent = self
            .service
            .store()
            .latest_in_slot(&self.force.id, &slot)
            .await?;
        let sent = sent.filter(|row| row.message.chat == group.chat);
        if let Some(message_id) = sent.and_then(|row| row.message_id) {
            let call = Call::Edit {
                message_id,
                message,
            };
            self.push_call(
                group.chat,
                group.thread,
                OutgoingKind::Line,
                REMINDER_PRIORITY,
                &call,
            );
            return Ok(());
        }
        let waiting = self
            .service
            .store()
            .waiting_in_slot(&self.force.id, &slot)
            .await?;
        self.changes
            .withdraw
            .extend(waiting.iter().map(|row| row.id));
        self.tell_group(
            message,
            Manner {
                silent: true,
                in_working_hours: true,
                ..Manner::default()
            },
        );
        if let Some(row) = self.changes.outgoing.last_mut() {
            row.slot = Some(slot);
        }
        Ok(())
    }

    /// A line in the group; nothing where there is none.
    pub fn tell_group(&mut self, message: Message, manner: Manner) {
        if let Some(group) = self
            .force
            .standing
            .group
            .clone()
            .filter(|group| group.usable)
        {
            self.send(
                group.chat,
                group.thread,
                OutgoingKind::Line,
                message,
                manner,
                None,
            );
        }
    }

    /// A private message. Bound but not reachable: it waits for the private chat, and the group gets one neutral line a day. Unbound: the line alone.
    pub fn tell_person(&mut self, person: &PersonId, message: Message, manner: Manner) {
        let binding = self.force.standing.bindings.get(person).cloned();
        if let Some(binding) = &binding {
            let chat = binding.account.user_id;
            let place = self.occasion.place.as_ref();
            let in_their_chat = place.is_some_and(|place| place.chat == chat);
            // What they asked in the group is answered in private all the same.
            let asked_elsewhere = !manner.in_working_hours
                && place.is_some()
                && self.occasion.by == Actor::Person(person.clone());
            let kind = match in_their_chat || asked_elsewhere {
                true => OutgoingKind::Answer,
                false => OutgoingKind::Line,
            };
            self.send(chat, None, kind, message, manner, None);
            if binding.reachable {
                return;
            }
            self.changes.holds.push((chat, Some(FOREVER)));
        }
        self.neutral_line(person);
    }

    /// One line a day in the group for somebody who cannot be reached in private, without any content.
    pub fn neutral_line(&mut self, person: &PersonId) {
        if !self.force.standing.may_send_unasked() {
            return;
        }
        let key = NoticeKey(format!("neutral/{}/{person}", calendar::date_of(self.now)));
        let Some(group) = self
            .force
            .standing
            .group
            .clone()
            .filter(|group| group.usable)
        else {
            return;
        };
        if !self.force.given.keys.insert(key.clone()) {
            return;
        }
        let message = render::notice::unreachable_line(&self.scene(), person);
        let manner = Manner {
            silent: true,
            in_working_hours: true,
            ..Manner::default()
        };
        self.send(
            group.chat,
            group.thread,
            OutgoingKind::Line,
            message,
            manner,
            None,
        );
        if let Some(row) = self.changes.outgoing.last_mut() {
            row.keys.push(key.0);
        }
    }

    /// The people of the office who have an account.
    pub fn office(&self) -> Vec<PersonId> {
        let standing = &self.force.standing;
        let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
        standing
            .bindings
            .keys()
            .filter(|person| self.force.frame.plan.is_office(person, &granted))
            .cloned()
            .collect()
    }

    fn edit(&mut self, message_id: i32, say: &Say) {
        let Some(place) = self.occasion.place.clone() else {
            return;
        };
        let message = render::say(&self.scene(), say);
        let call = Call::Edit {
            message_id,
            message,
        };
        self.push_call(
            place.chat,
            place.thread,
            OutgoingKind::Answer,
            ANSWER_PRIORITY,
            &call,
        );
        let edit = self.changes.outgoing.len() - 1;
        self.name_rows(edit, say);
        self.changes.outgoing[edit].slot = None;
    }

    fn send(
        &mut self,
        chat: i64,
        thread: Option<i32>,
        kind: OutgoingKind,
        message: Message,
        manner: Manner,
        reply_to: Option<i32>,
    ) {
        let priority = match kind {
            OutgoingKind::Answer => ANSWER_PRIORITY,
            OutgoingKind::Reminder | OutgoingKind::Slip | OutgoingKind::Line => REMINDER_PRIORITY,
            OutgoingKind::Digest | OutgoingKind::Document => DIGEST_PRIORITY,
            OutgoingKind::Status => STATUS_PRIORITY,
        };
        let not_before = if manner.in_working_hours {
            self.force.frame.calendar.next_working_instant(self.now)
        } else {
            self.now
        };
        for call in calls_of(message, manner, reply_to) {
            self.push_call(chat, thread, kind, priority, &call);
            if let Some(row) = self.changes.outgoing.last_mut() {
                row.not_before = not_before;
                row.not_after = manner.in_working_hours.then(|| {
                    let day = calendar::date_of(not_before);
                    self.force.frame.calendar.end_of_work(day)
                });
            }
        }
    }

    /// Puts a call into the outbox.
    pub fn push_call(
        &mut self,
        chat: i64,
        thread: Option<i32>,
        kind: OutgoingKind,
        priority: i64,
        call: &Call,
    ) {
        // A digest is known by its kind, whatever form it takes.
        let kind = match call {
            Call::Document { .. } | Call::File(_) if kind != OutgoingKind::Digest => {
                OutgoingKind::Document
            }
            _ => kind,
        };
        self.changes.outgoing.push(NewOutgoing {
            chat,
            thread,
            kind,
            priority,
            body: body_of(call),
            about: String::new(),
            slot: None,
            notice: None,
            not_before: self.now,
            not_after: None,
            keys: Vec::new(),
            pings: Vec::new(),
        });
    }
}
