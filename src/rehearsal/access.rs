//! Access: whether the bot may do something in a chat, and how the real server says that it may not.

use super::flood::Act;
use super::refusal::Refusal;
use super::request::Parameters;
use super::state::{BOT_ID, ChatKind, Contact, Standing, State, Topic};

impl State {
    /// The chat of a call that reads: known, and the bot has not been put out of it.
    pub fn readable_chat(&self, parameters: &Parameters) -> Result<i64, Refusal> {
        let chat = self.known_chat(parameters.values.get("chat_id"))?;
        if chat < 0
            && self
                .chats
                .get(&chat)
                .is_some_and(|known| known.migrated_to.is_none())
        {
            self.check_membership(chat)?;
        }
        Ok(chat)
    }

    /// The chat of a call that writes.
    pub fn writable_chat(&self, parameters: &Parameters) -> Result<i64, Refusal> {
        let chat = self.known_chat(parameters.values.get("chat_id"))?;
        self.check_migration(chat)?;
        if chat > 0 {
            self.check_person(chat)?
        } else {
            self.check_membership(chat)?
        }
        Ok(chat)
    }

    /// Refuses with the new id if the group became a supergroup.
    pub fn check_migration(&self, chat: i64) -> Result<(), Refusal> {
        match self.chats.get(&chat).and_then(|known| known.migrated_to) {
            Some(to) => Err(Refusal::upgraded(to)),
            None => Ok(()),
        }
    }

    fn check_person(&self, user: i64) -> Result<(), Refusal> {
        let Some(person) = self.people.get(&user) else {
            return Err(Refusal::bad_request("chat not found"));
        };
        if person.is_bot {
            return Err(Refusal::forbidden("the bot can't send messages to the bot"));
        }
        match person.contact {
            Contact::Open => Ok(()),
            Contact::Blocked => Err(Refusal::forbidden("bot was blocked by the user")),
            Contact::Deactivated => Err(Refusal::forbidden("user is deactivated")),
            Contact::Never if self.has_met(user) => Err(Refusal::forbidden(
                "bot can't initiate conversation with a user",
            )),
            Contact::Never => Err(Refusal::bad_request("chat not found")),
        }
    }

    /// Whether the bot can know the person: they are in a group together.
    fn has_met(&self, user: i64) -> bool {
        let in_it = |chat, who| self.standing(chat, who).is_some_and(Standing::is_present);
        self.chats
            .keys()
            .any(|chat| *chat < 0 && in_it(*chat, user) && in_it(*chat, BOT_ID))
    }

    fn check_membership(&self, chat: i64) -> Result<(), Refusal> {
        let Some(known) = self.chats.get(&chat) else {
            return Err(Refusal::bad_request("chat not found"));
        };
        let kind = known.kind.name();
        if known.is_deleted {
            return Err(Refusal::forbidden("the group chat was deleted"));
        }
        match known.members.get(&BOT_ID) {
            Some(Standing::Creator | Standing::Administrator { .. }) => Ok(()),
            Some(Standing::Member | Standing::Muted) if known.kind == ChatKind::Channel => Err(
                Refusal::bad_request("need administrator rights in the channel chat"),
            ),
            Some(Standing::Member | Standing::Muted) => Ok(()),
            Some(Standing::Left) => Err(Refusal::forbidden(&format!(
                "bot is not a member of the {kind} chat"
            ))),
            Some(Standing::Kicked) => Err(Refusal::forbidden(&format!(
                "bot was kicked from the {kind} chat"
            ))),
            None => Err(Refusal::bad_request("chat not found")),
        }
    }

    /// Refuses content of `kind` (`text messages`, `photos` …) to a bot that was muted.
    pub fn check_voice(&self, chat: i64, kind: &str) -> Result<(), Refusal> {
        if self.standing(chat, BOT_ID) == Some(Standing::Muted) {
            return Err(Refusal::bad_request(format!(
                "not enough rights to send {kind} to the chat"
            )));
        }
        Ok(())
    }

    /// The topic a message goes to; in a chat that is no forum the parameter is ignored.
    pub fn topic(&self, chat: i64, wanted: Option<i64>) -> Result<Option<i64>, Refusal> {
        let (Some(known), Some(wanted)) = (
            self.chats.get(&chat).filter(|known| known.is_forum),
            wanted.filter(|topic| *topic != 0),
        ) else {
            return Ok(None);
        };
        let is_administrator = known
            .members
            .get(&BOT_ID)
            .is_some_and(|standing| standing.is_administrator());
        // Thread 1 is the General topic, and the server does not find it under that number.
        match known.topics.get(&wanted).filter(|_| wanted != 1) {
            Some(Topic::Open) => Ok(Some(wanted)),
            Some(Topic::Closed) if is_administrator => Ok(Some(wanted)),
            Some(Topic::Closed) => Err(Refusal::bad_request("TOPIC_CLOSED")),
            Some(Topic::Deleted) | None => Err(Refusal::bad_request("message thread not found")),
        }
    }

    /// Takes `act` from the chat's budget or refuses with 429; a call before an earlier `retry_after` has passed is a violation.
    pub fn spend(&mut self, method: &str, chat: i64, act: Act) -> Result<(), Refusal> {
        self.flood.spend(chat, act, self.now).map_err(|wait| {
            if wait.early_by > 0 {
                self.violation(
                    method,
                    format!(
                        "came to chat {chat} {} s before its retry_after had passed",
                        wait.early_by
                    ),
                );
            }
            Refusal::too_many_requests(wait.seconds)
        })
    }
}
