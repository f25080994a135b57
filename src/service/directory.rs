//! Which task force an update belongs to: by its group, by the account's bindings, by the code of a link.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Choice;
use super::force::Force;
use super::{PressAnswer, Service, ServiceError};
use crate::conversation::{ChatKind, Event, Happening, Sender};
use crate::ledger::code_sha256;
use crate::plan::TaskForceId;
use crate::store::Changes;
use tokio::sync::OwnedMutexGuard;

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

/// Chats, accounts and link codes of every task force.
#[derive(Debug, Default)]
pub struct Directory {
    groups: BTreeMap<i64, TaskForceId>,
    accounts: BTreeMap<i64, BTreeSet<TaskForceId>>,
    codes: BTreeMap<String, TaskForceId>,
    names: BTreeMap<String, BTreeSet<TaskForceId>>,
    titles: BTreeMap<TaskForceId, String>,
}

impl Directory {
    fn forget(&mut self, id: &TaskForceId) {
        self.groups.retain(|_, owner| owner != id);
        self.codes.retain(|_, owner| owner != id);
        for owners in self.accounts.values_mut() {
            owners.remove(id);
        }
        for owners in self.names.values_mut() {
            owners.remove(id);
        }
    }

    /// Takes in where a task force's people and group are now.
    pub fn note(&mut self, force: &Force) {
        let (id, standing) = (&force.id, &force.standing);
        self.forget(id);
        self.titles
            .insert(id.clone(), force.frame.plan.task_force.short_name.clone());
        for member in &force.frame.plan.members {
            self.names
                .entry(member.name.clone())
                .or_default()
                .insert(id.clone());
        }
        if let Some(group) = &standing.group {
            self.groups.insert(group.chat, id.clone());
        }
        for binding in standing.bindings.values() {
            self.accounts
                .entry(binding.account.user_id)
                .or_default()
                .insert(id.clone());
        }
        for invite in standing.invites.values() {
            self.codes.insert(invite.code_sha256.clone(), id.clone());
        }
    }

    /// What a task force is called for short.
    pub fn short_name(&self, id: &TaskForceId) -> Option<String> {
        self.titles.get(id).cloned()
    }

    /// The task forces an account is bound in.
    pub fn of_account(&self, user_id: i64) -> Vec<TaskForceId> {
        self.accounts
            .get(&user_id)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

impl Service {
    pub(super) fn note(&self, force: &Force) {
        self.directory.lock().expect("no holder panics").note(force);
    }

    /// Whether an account is bound in more than one task force.
    pub(super) fn belongs_to_several(&self, user_id: i64) -> bool {
        self.directory
            .lock()
            .expect("no holder panics")
            .of_account(user_id)
            .len()
            > 1
    }

    /// The task force an event belongs to; none while there is no task force at all.
    pub(super) async fn route(&self, event: &Event) -> Result<Route, ServiceError> {
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
        let (by_chat, of_account) = {
            let directory = self.directory.lock().expect("no holder panics");
            let by_chat = directory
                .groups
                .get(&chat)
                .or_else(|| directory.groups.get(&event.place.chat))
                .cloned();
            let of_account = match &event.sender {
                Sender::Account(account) => directory.of_account(account.user_id),
                Sender::AnonymousAdmin | Sender::Channel => Vec::new(),
            };
            (by_chat, of_account)
        };
        if let Some(id) = by_chat {
            return Ok(Route::To(id));
        }
        if let (ChatKind::Private, [_, _, ..]) = (event.place.kind, of_account.as_slice()) {
            if let Some(id) = self.route_code(event).await? {
                return Ok(Route::To(id));
            }
            if let Some(id) = self.route_message(event, &of_account).await? {
                return Ok(Route::ToChosen(id));
            }
            return Ok(match self.choose(event, &of_account).await? {
                Choice::Meant(id) => Route::To(id),
                Choice::Taken(changes, presses) => Route::Taken(changes, presses),
            });
        }
        let id = match of_account.into_iter().next() {
            Some(id) => Some(id),
            None => self.route_stranger(event).await?,
        };
        Ok(id.map_or(Route::Nowhere, Route::To))
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
        let known = self
            .directory
            .lock()
            .expect("no holder panics")
            .codes
            .get(&sha256)
            .cloned();
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
            return Ok(self.first_force().await);
        };
        let words: Vec<&str> = text.split_whitespace().skip(1).collect();
        let name = words.concat();
        let by_name = self
            .directory
            .lock()
            .expect("no holder panics")
            .names
            .get(&name)
            .and_then(BTreeSet::first)
            .cloned();
        match by_name {
            Some(id) => Ok(Some(id)),
            None => Ok(self.first_force().await),
        }
    }

    async fn first_force(&self) -> Option<TaskForceId> {
        self.forces.lock().await.keys().next().cloned()
    }

    /// The task force, locked and brought up to the chain's head.
    pub(super) async fn fresh_force(
        &self,
        id: &TaskForceId,
    ) -> Result<Option<OwnedMutexGuard<Force>>, ServiceError> {
        let Some(force) = self.force(id).await else {
            return Ok(None);
        };
        let mut force = force.lock_owned().await;
        // Another instance may have written since.
        let head = self.store.head(id).await?;
        let written = head.seq > force.head.seq;
        if force.stale || !(written || force.head == head) {
            force.reload(&self.store, self.now()).await?;
            self.note(&force);
        } else if written {
            // A fold that stops halfway must not be used.
            force.stale = true;
            force.catch_up(&self.store, head, self.now()).await?;
            force.stale = false;
            self.note(&force);
        } else if force.given_stale {
            force.reload_given(&self.store, self.now()).await?;
        }
        Ok(Some(force))
    }
}
