//! Somebody can be reached in private again, or for the first time: what is pending now reaches them.

use super::effects::Gathering;
use crate::ledger::Act;
use crate::plan::PersonId;
use crate::{render, schedule};

impl Gathering<'_> {
    /// One card without sound for everybody whose private chat this event opened: what was given before reached nobody.
    pub(super) fn cards_for_those_back(&mut self) {
        let entries = self.changes.entries.iter();
        let back = entries.filter_map(|(entry, _)| match &entry.act {
            Act::Reachable { person } => Some(person.clone()),
            _ => None,
        });
        let back: Vec<PersonId> = back.collect();
        for person in back {
            self.card_for(&person);
        }
    }

    fn card_for(&mut self, person: &PersonId) {
        let force = &self.force;
        let Some(binding) = force.standing.bindings.get(person) else {
            return;
        };
        let chat = binding.account.user_id;
        let at = force.frame.calendar.next_working_instant(self.now);
        let card = schedule::card_of(&force.frame, &force.standing, &force.given, person, at);
        if let Some(card) = card {
            let message = render::notice::message(&self.scene(), &card);
            self.push_notice(chat, None, &card, message);
        }
    }
}
