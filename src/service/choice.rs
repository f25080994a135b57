//! Accounts that belong to several task forces: asked once which is meant, and again on `/switch`.

use super::calls::body_of;
use super::{ANSWER_PRIORITY, Call, PressAnswer, Service, ServiceError};
use crate::conversation::command::{self, Command};
use crate::conversation::{BotAccount, ChatKind, Event, Happening};
use crate::plan::TaskForceId;
use crate::render;
use crate::store::{Changes, NewOutgoing, OutgoingKind, StoreError};

/// The fact that says which of several task forces an account's words are meant for.
pub(super) fn chosen_fact(chat: i64) -> String {
    format!("chosen:{chat}")
}

/// Letter of the buttons that choose; no slice of the conversation uses it.
const CHOICE: &str = "t:";

/// What the choice came to.
pub(super) enum Choice {
    /// The event belongs to this task force.
    Meant(TaskForceId),
    /// The event was about choosing, or must wait for it: these changes are all.
    Taken(Box<Changes>, Vec<PressAnswer>),
}

impl Service {
    /// Which of several task forces an account's private event is meant for.
    pub(super) async fn choose(
        &self,
        event: &Event,
        of_account: &[TaskForceId],
    ) -> Result<Choice, ServiceError> {
        let chat = event.place.chat;
        let fact = chosen_fact(chat);
        if let Some((query_id, id)) = pressed(event) {
            let mut changes = Changes {
                now: self.now(),
                ..Changes::default()
            };
            let known = of_account.iter().find(|known| known.as_str() == id);
            let name = match known {
                Some(id) => self.short_name(id).await?,
                None => None,
            };
            if name.is_some() {
                changes.facts.push((fact, Some(id.to_owned())));
            }
            let text = Some(render::delivery::chosen(name.as_deref()));
            let press = PressAnswer {
                query_id: query_id.to_owned(),
                text,
                alert: true,
                url: None,
            };
            return Ok(Choice::Taken(Box::new(changes), vec![press]));
        }
        let chosen = self.store.fact(&fact).await?;
        let chosen = of_account
            .iter()
            .find(|id| Some(id.as_str()) == chosen.as_deref());
        match chosen.filter(|_| !wants_to_switch(&self.bot, event)) {
            Some(id) => Ok(Choice::Meant(id.clone())),
            None => Ok(Choice::Taken(
                Box::new(self.ask_which(chat, of_account).await?),
                Vec::new(),
            )),
        }
    }

    async fn ask_which(
        &self,
        chat: i64,
        of_account: &[TaskForceId],
    ) -> Result<Changes, StoreError> {
        let mut choices = Vec::new();
        for id in of_account {
            if let Some(name) = self.short_name(id).await? {
                choices.push((format!("{CHOICE}{id}"), name));
            }
        }
        let message = render::delivery::choose_task_force(&choices);
        let call = Call::Send {
            message,
            silent: false,
            reply_to: None,
            force_reply: false,
        };
        let now = self.now();
        let row = NewOutgoing {
            chat,
            thread: None,
            kind: OutgoingKind::Answer,
            priority: ANSWER_PRIORITY,
            body: body_of(&call),
            about: String::new(),
            slot: None,
            notice: None,
            not_before: now,
            not_after: None,
            keys: Vec::new(),
            pings: Vec::new(),
        };
        Ok(Changes {
            outgoing: vec![row],
            now,
            ..Changes::default()
        })
    }
}

/// The choice a press makes: (query, task force).
fn pressed(event: &Event) -> Option<(&str, &str)> {
    match &event.happening {
        Happening::Pressed { query_id, data, .. } => {
            data.strip_prefix(CHOICE).map(|id| (query_id.as_str(), id))
        }
        Happening::Text { .. }
        | Happening::Media { .. }
        | Happening::Edited { .. }
        | Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => None,
    }
}

fn wants_to_switch(bot: &BotAccount, event: &Event) -> bool {
    let Happening::Text { text, .. } = &event.happening else {
        return false;
    };
    let called = command::of(bot, &event.happening).or_else(|| command::in_words(text));
    event.place.kind == ChatKind::Private && matches!(called, Some((Command::Switch, _)))
}
