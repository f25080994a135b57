//! Which task force an update belongs to: by its group, by the account's bindings, by the code of a link.

use std::collections::BTreeSet;

use super::choice::Choice;
use super::force::TaskForceError;
use super::{PressAnswer, Service, ServiceError};
use crate::conversation::{ChatKind, Event, Happening, Sender};
use crate::ledger::{Frame, Standing, code_sha256};
use crate::plan::{PersonId, TaskForceId};
use crate::store::{Changes, Route as Way, RouteKind, StoreError};

/// Where an event goes.
pub(super) enum Route {
    /// To this task force.
    To(TaskForceId),
    /// To this one of several the account belongs to; words that follow are meant for it too.
    ToChosen(TaskForceId),
    /// Nowhere: there is no task force at all.
    Nowhere,
    /// It was about choosing a task force; these changes are all.
    Taken(Box<Changes>, Vec<PressAnswer>),
}

/// Everything that leads to a task force.
pub fn routes(frame: &Frame, standing: &Standing) -> BTreeSet<Way> {
    let plan = &frame.plan;
    let mut routes = BTreeSet::from([Way::new(RouteKind::Title, &plan.task_force.short_name)]);
    let mut add = |kind, name: &dyn ToString| {
        routes.insert(Way::new(kind, name.to_string()));
    };
    for member in &plan.members {
        add(RouteKind::Name, &member.name);
    }
    if let Some(group) = &standing.group {
        add(RouteKind::Group, &group.chat);
    }
    for (person, binding) in &standing.bindings {
        add(RouteKind::Account, &binding.account.user_id);
        add(RouteKind::Bound, person);
    }
    for invite in standing.invites.values() {
        add(RouteKind::Code, &invite.code_sha256);
    }
    let plans = standing.adoption.iter().chain(&standing.offered);
    for hash in plans.chain(&standing.declined) {
        add(RouteKind::Plan, hash);
    }
    let granted: Vec<PersonId> = standing.office_granted.iter().cloned().collect();
    let mut bound = standing.bindings.keys();
    if !bound.any(|person| plan.is_office(person, &granted)) {
        add(RouteKind::Vacant, &plan.task_force.office_chief);
    }
    for file in standing.evidence.waiting() {
        add(RouteKind::File, &format!("{}/{}", file.seq, file.index));
    }
    for hash in standing.evidence.forgotten() {
        add(RouteKind::Forgotten, &hash);
    }
    routes
}

impl Service {
    async fn first_led_to(
        &self,
        kind: RouteKind,
        name: impl ToString,
    ) -> Result<Option<TaskForceId>, StoreError> {
        let led_to = self.store.led_to(&Way::new(kind, name)).await?;
        Ok(led_to.into_iter().next())
    }

    /// The task forces an account is bound in.
    async fn of_account(&self, user_id: i64) -> Result<Vec<TaskForceId>, StoreError> {
        let route = Way::new(RouteKind::Account, user_id);
        self.store.led_to(&route).await
    }

    /// Whether an account is bound in more than one task force.
    pub(super) async fn belongs_to_several(&self, user_id: i64) -> Result<bool, StoreError> {
        Ok(self.of_account(user_id).await?.len() > 1)
    }

    /// Whether a chat is some task force's group now.
    pub(super) async fn is_bound(&self, chat: i64) -> Result<bool, StoreError> {
        let route = Way::new(RouteKind::Group, chat);
        Ok(!self.store.led_to(&route).await?.is_empty())
    }

    /// What a task force is called for short.
    pub(super) async fn short_name(&self, id: &TaskForceId) -> Result<Option<String>, StoreError> {
        let routes = self.store.routes_to(id).await?;
        let title = routes.into_iter().find(|it| it.kind == RouteKind::Title);
        Ok(title.map(|title| title.name))
    }

    /// The task force an event belongs to, none while there is no task force at all; and whether its account is bound in several,
    /// where that was found on the way.
    pub(super) async fn route(&self, event: &Event) -> Result<(Route, Option<bool>), ServiceError> {
        let chat = match event.happening {
            Happening::MigratedFrom(from) => from,
            Happening::Text { .. }
            | Happening::Media { .. }
            | Happening::Edited { .. }
            | Happening::Pressed { .. }
            | Happening::BotMembership { .. }
            | Happening::MigratedTo(_)
            | Happening::TopicClosed
            | Happening::MembersChanged
            | Happening::Nothing => event.place.chat,
        };
        let (by_chat, of_account) = self.ways_of(event, chat).await?;
        if let Some(id) = by_chat {
            return Ok((Route::To(id), None));
        }
        let in_several = Some(of_account.len() > 1);
        if let (ChatKind::Private, [_, _, ..]) = (event.place.kind, of_account.as_slice()) {
            if let Some(id) = self.route_code(event).await? {
                return Ok((Route::To(id), in_several));
            }
            if let Some(id) = self.route_message(event, &of_account).await? {
                return Ok((Route::ToChosen(id), in_several));
            }
            let route = match self.choose(event, &of_account).await? {
                Choice::Meant(id) => Route::To(id),
                Choice::Taken(changes, presses) => Route::Taken(changes, presses),
            };
            return Ok((route, in_several));
        }
        let id = match of_account.into_iter().next() {
            Some(id) => Some(id),
            None => self.route_stranger(event).await?,
        };
        Ok((id.map_or(Route::Nowhere, Route::To), in_several))
    }

    /// Where the event's chat leads to, and where its account does. Where nothing leads anywhere, the caches may be gone.
    async fn ways_of(
        &self,
        event: &Event,
        chat: i64,
    ) -> Result<(Option<TaskForceId>, Vec<TaskForceId>), ServiceError> {
        let ways = self.known_ways_of(event, chat).await?;
        if ways.0.is_some() || !ways.1.is_empty() || !self.mend_unrouted().await? {
            return Ok(ways);
        }
        Ok(self.known_ways_of(event, chat).await?)
    }

    async fn known_ways_of(
        &self,
        event: &Event,
        chat: i64,
    ) -> Result<(Option<TaskForceId>, Vec<TaskForceId>), StoreError> {
        // A group's id is below zero, so that a private chat is never one.
        for group in BTreeSet::from([chat, event.place.chat]) {
            if group < 0 {
                let known = self.first_led_to(RouteKind::Group, group).await?;
                if known.is_some() {
                    return Ok((known, Vec::new()));
                }
            }
        }
        match &event.sender {
            Sender::Account(account) => Ok((None, self.of_account(account.user_id).await?)),
            Sender::AnonymousAdmin | Sender::Channel => Ok((None, Vec::new())),
        }
    }

    /// Makes anew what leads to task forces of which nothing is stored: of a database of before, or emptied since. Whether there was one.
    pub(super) async fn mend_unrouted(&self) -> Result<bool, ServiceError> {
        let unrouted = self.store.unrouted().await?;
        for id in &unrouted {
            match self.fresh_force(id).await {
                Ok(Some(mut force)) => self.mend_caches(&mut force).await?,
                Ok(None) => {}
                Err(ServiceError::TaskForce(TaskForceError::Store(error))) => {
                    return Err(error.into());
                }
                // One that cannot be read must not keep the others from working.
                Err(ServiceError::TaskForce(error)) => {
                    tracing::error!(%error, "nothing leads to a task force that cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(!unrouted.is_empty())
    }

    /// The task force of the message that a press or a reply in private stands on: buttons name no task force of their own.
    async fn route_message(
        &self,
        event: &Event,
        of_account: &[TaskForceId],
    ) -> Result<Option<TaskForceId>, ServiceError> {
        let message_id = match &event.happening {
            Happening::Pressed { message_id, .. } => *message_id,
            Happening::Text { reply_to, .. } | Happening::Media { reply_to, .. } => {
                let of_bot = reply_to.as_ref().filter(|reply| reply.from_bot);
                of_bot.map(|reply| reply.message_id)
            }
            Happening::Edited { .. }
            | Happening::BotMembership { .. }
            | Happening::MigratedTo(_)
            | Happening::MigratedFrom(_)
            | Happening::TopicClosed
            | Happening::MembersChanged
            | Happening::Nothing => None,
        };
        let Some(message_id) = message_id else {
            return Ok(None);
        };
        let chat = event.place.chat;
        let row = self.store.outgoing_by_message(chat, message_id).await?;
        let of_row = row.and_then(|row| row.task_force);
        Ok(of_row.filter(|id| of_account.contains(id)))
    }

    /// The task force whose link or first-start code the event brings.
    async fn route_code(&self, event: &Event) -> Result<Option<TaskForceId>, ServiceError> {
        let Happening::Text { text, .. } = &event.happening else {
            return Ok(None);
        };
        let Some(code) = text
            .split_whitespace()
            .nth(1)
            .filter(|_| event.place.kind == ChatKind::Private)
        else {
            return Ok(None);
        };
        let sha256 = code_sha256(code);
        let known = self.first_led_to(RouteKind::Code, &sha256).await?;
        if known.is_some() {
            return Ok(known);
        }
        for (name, fact) in self.store.facts("first_code:").await? {
            if super::lifecycle::FirstCode::read(&fact).is_some_and(|first| first.sha256 == sha256)
            {
                return Ok(name.strip_prefix("first_code:").map(TaskForceId::from));
            }
        }
        Ok(None)
    }

    /// Somebody bound nowhere: the task force of the code, the one whose roster has the name, else the first.
    async fn route_stranger(&self, event: &Event) -> Result<Option<TaskForceId>, ServiceError> {
        if let Some(id) = self.route_code(event).await? {
            return Ok(Some(id));
        }
        let Happening::Text { text, .. } = &event.happening else {
            return Ok(self.store.first_task_force().await?);
        };
        let words: Vec<&str> = text.split_whitespace().skip(1).collect();
        let name = words.concat();
        match self.first_led_to(RouteKind::Name, name).await? {
            Some(id) => Ok(Some(id)),
            None => Ok(self.store.first_task_force().await?),
        }
    }
}
