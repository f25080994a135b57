//! Talks on a task that an adoption ended.

use super::effects::Gathering;
use super::event::{conversation_row, read_state};
use super::force::TaskForceError;
use crate::conversation::{Manner, Say};
use crate::plan::{PersonId, TaskId};
use crate::render;

impl Gathering<'_> {
    /// Puts away what anybody began on a task, and tells them, but for who was `told` already.
    pub(super) async fn end_talks(
        &mut self,
        task: &TaskId,
        say: &Say,
        told: Option<&PersonId>,
    ) -> Result<(), TaskForceError> {
        let stored = self.service.store().conversations(&self.force.id).await?;
        for row in stored {
            let Some(person) = self.force.standing.person_of(row.user_id).cloned() else {
                continue;
            };
            // What this very event made of it already.
            let mut changed = self.changes.conversations.iter();
            let changed = changed.position(|changed| changed.user_id == row.user_id);
            let newest = changed.map_or(&row, |at| &self.changes.conversations[at]);
            let mut state = newest.state.as_deref().map(read_state).unwrap_or_default();
            if !state.put_away(task) {
                continue;
            }
            self.saw_talk(row.user_id, row.state.clone());
            let group = self.force.standing.group.as_ref().map(|group| group.chat);
            let without = conversation_row(row.user_id, &state, group, self.now);
            match changed {
                Some(at) => self.changes.conversations[at] = without,
                None => self.changes.conversations.push(without),
            }
            if told != Some(&person) {
                let message = render::say(&self.scene(), say);
                self.tell_person(&person, message, Manner::unasked());
            }
        }
        Ok(())
    }
}
