//! What is kept up beside the messages: the pinned status and the command menus.

use chrono::Duration;

use super::Call;
use super::effects::{Gathering, STATUS_PRIORITY};
use crate::conversation::command;
use crate::plan::PersonId;
use crate::render;
use crate::schedule::NoticeKey;
use crate::store::OutgoingKind;

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
        if self.force.standing.live_since.is_none() {
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

    /// The command menu of a bound person's private chat.
    pub fn refresh_menu(&mut self, person: &PersonId) {
        let Some(binding) = self.force.standing.bindings.get(person) else {
            return;
        };
        let chat = binding.account.user_id;
        let commands = command::menu_for(&self.force.frame, &self.force.standing, Some(person));
        let menu = commands.into_iter().map(|command| {
            (
                command.name().to_owned(),
                render::command::description(command).to_owned(),
            )
        });
        let mut menu: Vec<(String, String)> = menu.collect();
        if self.service.belongs_to_several(chat) {
            menu.push(("switch".to_owned(), render::delivery::SWITCH.to_owned()));
        }
        let call = Call::Menu(menu);
        self.push_call(chat, None, OutgoingKind::Line, STATUS_PRIORITY, &call);
    }
}
