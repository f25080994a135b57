//! What a slice works on while it answers an event.

use super::{Context, Conversation, Effect, Event, Happening, Manner, Say, Whom};
use crate::ledger::Salts;

/// A slice's answer to an event.
pub struct Turn<'a, 'b> {
    /// What it may look at.
    pub context: &'b Context<'a>,
    /// Salts and codes.
    pub salts: &'b mut Salts,
    /// State, changed in place.
    pub state: &'b mut Conversation,
    /// What follows, in order.
    pub effects: Vec<Effect>,
}

impl Turn<'_, '_> {
    /// Adds an effect.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Says something in the event's own chat.
    pub fn tell_here(&mut self, say: Say) {
        self.push(Effect::tell_here(say));
    }

    /// Says something as a reply to the event's message: in a group one sees who is meant.
    pub fn reply(&mut self, say: Say) {
        self.push(Effect::Tell {
            to: Whom::Here,
            say,
            manner: Manner {
                as_reply: true,
                ..Manner::default()
            },
        });
    }

    /// Answers a press with an alert that must be closed; for a message, a reply.
    pub fn refuse(&mut self, event: &Event, say: Say) {
        match event.happening {
            Happening::Pressed { .. } => self.push(Effect::alert(say)),
            _ => self.reply(say),
        }
    }

    /// Seq of the next entry that this turn adds.
    pub fn next_seq(&self) -> u64 {
        let adds = |effect: &&Effect| matches!(effect, Effect::Append(_) | Effect::AppendAs(..));
        self.context.standing.seq + self.effects.iter().filter(adds).count() as u64 + 1
    }

    /// Puts new words under the pressed button; a new message where there is none to edit.
    pub fn show(&mut self, event: &Event, say: Say) {
        match event.happening {
            Happening::Pressed {
                message_id: Some(message_id),
                ..
            } => self.push(Effect::Edit { message_id, say }),
            _ => self.tell_here(say),
        }
    }
}
