//! An update: which task force it belongs to, and what the core makes of it.

use super::batch::{Held, Incoming};
use super::calls::calls_of;
use super::choice::chosen_fact;
use super::directory::Route;
use super::effects::{Gathering, Occasion};
use super::force::Force;
use super::{PressAnswer, Service, ServiceError};
use crate::calendar;
use crate::conversation::payload::Payload;
use crate::conversation::report::Home;
use crate::conversation::restore::Undecided;
use crate::conversation::{
    self, ChatKind, Context, Conversation, Event, Happening, Manner, PlannedSend, Sender, office,
};
use crate::ledger::{Account, Actor, Salts};
use crate::plan::{PersonId, TaskForceId};
use crate::store::{Changes, CommitError, ConversationRow, InboxRow, OutboxState, StoreError};

/// Strangers who get a line on one day.
const STRANGERS_A_DAY: usize = 20;

/// Times an account that nobody knows is told on one day that a name or a link does not help.
const REFUSALS_A_DAY: usize = 5;

impl Service {
    pub(super) async fn on_update(
        &self,
        update: &Incoming,
        held: &mut Held,
    ) -> Result<(Changes, Vec<PressAnswer>), ServiceError> {
        let done = Changes {
            update_id: Some(update.update_id),
            now: self.now(),
            ..Changes::default()
        };
        let Some(mut event) = update.event.clone() else {
            return Ok((done, Vec::new()));
        };
        let mut chosen = None;
        let (route, in_several) = self.route(&event).await?;
        let task_force = match route {
            Route::To(id) => id,
            Route::ToChosen(id) => {
                chosen = Some((chosen_fact(event.place.chat), Some(id.to_string())));
                id
            }
            Route::Nowhere => return Ok((done, Vec::new())),
            Route::Taken(mut changes, presses) => {
                changes.update_id = done.update_id;
                return Ok((*changes, presses));
            }
        };
        self.look_up_reply(&mut event).await?;
        if !held.contains_key(&task_force) {
            let Some(force) = self.fresh_force(&task_force).await? else {
                return Ok((done, Vec::new()));
            };
            held.insert(task_force.clone(), force);
        }
        let force = held
            .get_mut(&task_force)
            .expect("held since the line above");
        let account = account_of(&event).cloned();
        let person = account
            .as_ref()
            .and_then(|account| force.standing.person_of(account.user_id))
            .cloned();
        let seen = self.talk_of(&task_force, account.as_ref()).await?;
        let state = seen.as_deref().map(read_state).unwrap_or_default();
        let mut surroundings = self
            .surroundings(force, &event, account.as_ref(), in_several)
            .await?;
        surroundings.talk_card = self.talk_card(force, person.as_ref(), &state).await?;
        let id = update.update_id;
        surroundings.removal = self
            .removable(force, person.as_ref(), &state, &event, id)
            .await?;
        let (after, effects) =
            self.step(force, person.as_ref(), &surroundings, state.clone(), &event);
        let mut gathering = Gathering::new(self, force, occasion(&event, person, account.as_ref()));
        gathering.changes.update_id = Some(update.update_id);
        gathering.changes.facts.extend(chosen);
        gathering.removal = surroundings.removal;
        if let Some(account) = account.filter(|_| after != state) {
            gathering.saw_talk(account.user_id, seen);
            gathering.keep_talk(account.user_id, &after);
        }
        gathering.take(effects).await?;
        if matches!(
            event.happening,
            Happening::BotMembership { present: true, .. }
        ) {
            gathering.rights_may_be_back(event.place.chat).await?;
        }
        gathering.cards_for_those_back();
        Ok(gathering.finish())
    }

    /// What the account is in the middle of, as stored.
    async fn talk_of(
        &self,
        id: &TaskForceId,
        account: Option<&Account>,
    ) -> Result<Option<String>, StoreError> {
        let Some(account) = account else {
            return Ok(None);
        };
        let row = self.store.conversation(id, account.user_id).await?;
        Ok(row.and_then(|row| row.state))
    }

    fn step(
        &self,
        force: &Force,
        person: Option<&PersonId>,
        surroundings: &Surroundings,
        state: Conversation,
        event: &Event,
    ) -> (Conversation, Vec<conversation::Effect>) {
        let moved_sends = || force.moved_sends(self.now());
        let waiting = surroundings.waiting.as_ref();
        let missed = || {
            waiting
                .map(|waiting| waiting.missed(force))
                .unwrap_or_default()
        };
        let next_sends =
            |most: usize| -> Vec<PlannedSend> { force.planned_sends(self.now(), most) };
        let context = Context {
            frame: &force.frame,
            standing: &force.standing,
            now: self.now(),
            bot: &self.bot,
            person,
            in_group: force
                .standing
                .group
                .as_ref()
                .is_some_and(|group| group.chat == event.place.chat),
            talks_in_group: surroundings.talks_in_group,
            talk_card: surroundings.talk_card,
            first_code_sha256: surroundings.first_code.as_deref(),
            stranger_line_free: surroundings.stranger_line_free,
            refusal_free: surroundings.refusal_free,
            outcome_open: surroundings.outcome_open,
            removable: surroundings.removal.as_ref().map(|found| &found.removable),
            offered: force.offered.as_deref(),
            next_sends: &next_sends,
            moved_sends: &moved_sends,
            in_several: surroundings.in_several,
            undecided: surroundings.waiting.as_ref().map(|waiting| Undecided {
                gap: waiting.gap,
                told: waiting.told,
                missed: &missed,
            }),
        };
        let mut salts = Salts::new(self.dice.throw().0);
        conversation::step(&context, &mut salts, state, event)
    }

    async fn surroundings(
        &self,
        force: &Force,
        event: &Event,
        account: Option<&Account>,
        in_several: Option<bool>,
    ) -> Result<Surroundings, StoreError> {
        let now = self.now();
        let first_code = match self.store.fact(&format!("first_code:{}", force.id)).await? {
            Some(fact) => super::lifecycle::FirstCode::read(&fact)
                .filter(|code| code.expires_at > now)
                .map(|code| code.sha256),
            None => None,
        };
        let mut stranger_line_free = true;
        // Who writes under no name of their own is counted by the chat.
        let who = account.map_or(event.place.chat, |account| account.user_id);
        if force.standing.person_of(who).is_none() {
            let today = format!("stranger:{}:", calendar::date_of(now));
            let told = self.store.facts(&today).await?;
            let mine = format!("{today}{who}");
            stranger_line_free =
                told.len() < STRANGERS_A_DAY && !told.iter().any(|(name, _)| *name == mine);
        }
        let group = force.standing.group.as_ref().map(|group| group.chat);
        let talks_in_group = if group == Some(event.place.chat) {
            let talks = self.store.conversations(&force.id).await?;
            let others = talks.iter().filter(|talk| {
                talk.chat == group && Some(talk.user_id) != account.map(|account| account.user_id)
            });
            others.count()
        } else {
            0
        };
        let in_several = match (in_several, account) {
            (Some(in_several), _) => in_several,
            (None, Some(account)) => self.belongs_to_several(account.user_id).await?,
            (None, None) => false,
        };
        let refused = format!("refused:{}:{who}:", calendar::date_of(now));
        let refused = self.store.facts(&refused).await?.len();
        Ok(Surroundings {
            first_code,
            stranger_line_free,
            refusal_free: refused < REFUSALS_A_DAY,
            outcome_open: self.outcome_open(&force.id, event).await?,
            talks_in_group,
            in_several,
            talk_card: None,
            removal: None,
            waiting: self.waiting_for(force, account).await?,
        })
    }

    /// The message on which a talk in the group stands, once it was sent there.
    async fn talk_card(
        &self,
        force: &Force,
        person: Option<&PersonId>,
        state: &Conversation,
    ) -> Result<Option<i32>, StoreError> {
        let sitting = state.sitting.as_ref();
        let name = person.and_then(|person| sitting?.card_name(person));
        let Some(name) = name else {
            return Ok(None);
        };
        let row = self.store.latest_in_slot(&force.id, &name).await?;
        let group = force.standing.group.as_ref().map(|group| group.chat);
        let here = row.filter(|row| Some(row.message.chat) == group);
        Ok(here.and_then(|row| row.message_id))
    }

    /// Whether the row that a press of the office decides on still waits for that.
    async fn outcome_open(&self, id: &TaskForceId, event: &Event) -> Result<bool, StoreError> {
        let Happening::Pressed { data, .. } = &event.happening else {
            return Ok(false);
        };
        let Some(Payload::Office(office::Press::Unknown(row, _))) = Payload::decode(data) else {
            return Ok(false);
        };
        let row = self.store.outgoing(row).await?;
        Ok(row.is_some_and(|row| {
            row.state == OutboxState::Unknown && row.task_force.as_ref() == Some(id)
        }))
    }

    async fn look_up_reply(&self, event: &mut Event) -> Result<(), StoreError> {
        let chat = event.place.chat;
        let reply_to = match &mut event.happening {
            Happening::Text { reply_to, .. } | Happening::Media { reply_to, .. } => {
                reply_to.as_mut()
            }
            Happening::Edited { .. }
            | Happening::Pressed { .. }
            | Happening::BotMembership { .. }
            | Happening::MigratedTo(_)
            | Happening::MigratedFrom(_)
            | Happening::TopicClosed
            | Happening::MembersChanged
            | Happening::Nothing => None,
        };
        if let Some(reply) = reply_to.filter(|reply| reply.from_bot)
            && let Some(row) = self
                .store
                .outgoing_by_message(chat, reply.message_id)
                .await?
        {
            reply.about = row
                .message
                .about
                .split(',')
                .filter(|id| !id.is_empty())
                .map(Into::into)
                .collect();
            let name = row.message.slot.as_deref();
            reply.talk = name.and_then(conversation::report::TalkMessage::named);
        }
        Ok(())
    }

    /// An update that was tried too often is set aside; its sender is asked to repeat.
    pub async fn give_up(
        &self,
        row: &InboxRow,
        event: Option<&Event>,
        reason: &str,
    ) -> Result<(), ServiceError> {
        // In a channel nobody spoke to us, and what no account did nobody can repeat.
        let asked =
            |event: &&Event| event.place.kind != ChatKind::Channel && account_of(event).is_some();
        let words = |event: &Event| {
            let message = crate::render::delivery::please_repeat();
            let calls = calls_of(message, Manner::default(), None).into_iter();
            calls
                .map(|call| self.alone(event.place.chat, &call))
                .collect()
        };
        let set_aside = Changes {
            update_id: Some(row.update_id),
            set_aside: Some(reason.to_owned()),
            outgoing: event.filter(asked).map(words).unwrap_or_default(),
            now: self.now(),
            ..Changes::default()
        };
        match self.commit_one(set_aside).await {
            // Another instance was through with it.
            Err(ServiceError::Commit(CommitError::UpdateDone)) => return Ok(()),
            other => other?,
        }
        tracing::error!(update_id = row.update_id, reason, "update set aside");
        Ok(())
    }
}

impl Gathering<'_> {
    /// What is made of a talk rests on this state of it, as stored: where another process has changed it since, nothing is
    /// committed. The first look counts.
    pub(super) fn saw_talk(&mut self, user_id: i64, state: Option<String>) {
        let seen = &mut self.changes.talks_seen;
        if seen.iter().all(|(known, _)| *known != user_id) {
            seen.push((user_id, state));
        }
    }

    /// What an account is in the middle of from now on, in place of what was said of it before.
    pub(super) fn keep_talk(&mut self, user_id: i64, after: &Conversation) {
        let group = self.force.standing.group.as_ref().map(|group| group.chat);
        let row = conversation_row(user_id, after, group, self.now);
        let talks = &mut self.changes.conversations;
        talks.retain(|talk| talk.user_id != user_id);
        talks.push(row);
    }
}

struct Surroundings {
    first_code: Option<String>,
    stranger_line_free: bool,
    refusal_free: bool,
    outcome_open: bool,
    talks_in_group: usize,
    in_several: bool,
    talk_card: Option<i32>,
    removal: Option<Box<super::removal::Found>>,
    waiting: Option<super::restoration::Waiting>,
}

pub(super) fn account_of(event: &Event) -> Option<&Account> {
    match &event.sender {
        Sender::Account(account) => Some(account),
        Sender::AnonymousAdmin | Sender::Channel => None,
    }
}

fn occasion(event: &Event, person: Option<PersonId>, account: Option<&Account>) -> Occasion {
    let (message_id, query_id) = match &event.happening {
        Happening::Text { message_id, .. }
        | Happening::Media { message_id, .. }
        | Happening::Edited { message_id, .. } => (Some(*message_id), None),
        Happening::Pressed { query_id, .. } => (None, Some(query_id.clone())),
        Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => (None, None),
    };
    let by = match (person, account) {
        (Some(person), _) => Actor::Person(person),
        (None, Some(account)) => Actor::Stranger(account.user_id),
        (None, None) => Actor::Bot,
    };
    Occasion {
        place: Some(event.place.clone()),
        message_id,
        query_id,
        by,
    }
}

/// A state this program cannot read (of a later version) is put aside rather than guessed at: the talk starts anew.
pub(super) fn read_state(json: &str) -> Conversation {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, "a stored conversation does not read; it starts anew");
        Conversation::default()
    })
}

/// What somebody is in the middle of, as it is stored; nothing where it is nothing.
pub(super) fn conversation_row(
    user_id: i64,
    after: &Conversation,
    group: Option<i64>,
    now: chrono::DateTime<chrono::Utc>,
) -> ConversationRow {
    let empty = *after == Conversation::default();
    let chat = after.talk_home().map(|home| match home {
        Home::Private => user_id,
        Home::Group => group.unwrap_or(user_id),
    });
    ConversationRow {
        user_id,
        chat,
        state: (!empty).then(|| {
            serde_json::to_string(after)
                .expect("a conversation holds only texts, numbers and lists")
        }),
        updated_at: now,
    }
}
