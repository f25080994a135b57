//! What is kept up beside the messages: the pinned status and the command menus.

use chrono::Duration;

use super::Call;
use super::effects::{Gathering, STATUS_PRIORITY};
use super::force::TaskForceError;
use crate::conversation::ChatKind;
use crate::conversation::command::{self, Command};
use crate::ledger::Act;
use crate::plan::PersonId;
use crate::render;
use crate::schedule::NoticeKey;
use crate::store::{OutgoingKind, StoreError};

/// Edits of the status message are gathered to one in this many seconds.
const STATUS_EVERY_SECONDS: i64 = 300;

impl Gathering<'_> {
    /// The status message is refreshed with the next five-minute mark.
    pub fn refresh_status(&mut self) {
        let Some(group) = self
            .force
            .standing
            .group
            .clone()
            .filter(|group| group.usable)
        else {
            return;
        };
        let standing = &self.force.standing;
        if standing.live_since.is_none() || standing.finished.is_some() {
            return;
        }
        let mark = self.now.timestamp().div_euclid(STATUS_EVERY_SECONDS) + 1;
        let key = NoticeKey(format!("status/{mark}"));
        if !self.force.given.keys.insert(key.clone()) {
            return;
        }
        self.push_call(
            group.chat,
            group.thread,
            OutgoingKind::Status,
            STATUS_PRIORITY,
            &Call::Status,
        );
        if let Some(row) = self.changes.outgoing.last_mut() {
            row.slot = Some("status".into());
            row.keys.push(key.0);
            row.not_before = self.now
                + Duration::seconds(
                    STATUS_EVERY_SECONDS - self.now.timestamp().rem_euclid(STATUS_EVERY_SECONDS),
                );
        }
    }

    /// A group nobody of the office has confirmed: the 24 hours run from the first note.
    pub(super) async fn note_foreign_group(&mut self, chat: i64) -> Result<(), TaskForceError> {
        let name = format!("foreign:{chat}");
        if self.service.store().fact(&name).await?.is_none() {
            let since = self.now.to_rfc3339();
            self.changes.facts.push((name, Some(since)));
        }
        Ok(())
    }

    /// The command menu of a person's private chat; of the account they had, where they have none now.
    pub async fn refresh_menu(&mut self, person: &PersonId) -> Result<(), StoreError> {
        let standing = &self.force.standing;
        let bound = standing.bindings.get(person);
        let former = standing.former_accounts.get(person).copied();
        let former = former.filter(|user_id| standing.person_of(*user_id).is_none());
        let Some(chat) = bound.map(|binding| binding.account.user_id).or(former) else {
            return Ok(());
        };
        let person = bound.map(|_| person);
        let several = self.service.belongs_to_several(chat).await?;
        let commands = command::menu_for(&self.force.frame, standing, person, several).into_iter();
        let menu = menu(commands.filter(|command| command.works_in(ChatKind::Private)));
        let call = Call::Menu(menu);
        self.push_call(chat, None, OutgoingKind::Line, STATUS_PRIORITY, &call);
        Ok(())
    }

    /// The command menu of the group, where the group is new.
    pub(super) fn group_menu(&mut self, act: &Act) {
        if let Act::GroupBound { chat, .. } | Act::GroupMigrated { to: chat, .. } = act {
            let call = Call::Menu(menu(command::group_menu().into_iter()));
            self.push_call(*chat, None, OutgoingKind::Line, STATUS_PRIORITY, &call);
        }
    }
}

/// Names and descriptions of commands, as Telegram takes them.
pub(super) fn menu(commands: impl Iterator<Item = Command>) -> Vec<(String, String)> {
    let line = |command: Command| {
        let description = render::command::description(command);
        (command.name().to_owned(), description.to_owned())
    };
    commands.map(line).collect()
}
