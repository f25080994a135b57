//! A store put back as it was: what was on its way then is not sent again; and copies to put back in rehearsals of that.

use super::{Memory, State};
use crate::store::backup::RESTORED;
use crate::store::{FOREVER, OutboxState, OutgoingKind, StoreError, stored_at};

impl Memory {
    /// A store of its own with all that is stored now.
    pub fn copied(&self) -> Self {
        let state = self.lock().clone();
        Self {
            state: std::sync::Arc::new(std::sync::Mutex::new(state)),
            taker: self.taker,
        }
    }

    /// Everything is again as it was in `copy`, for all clones.
    pub fn replace_with(&self, copy: &Self) {
        let state = copy.lock().clone();
        *self.lock() = state;
    }

    pub(in crate::store) async fn doubt_outbox(&self) -> Result<(), StoreError> {
        self.run(State::doubt_outbox)
    }
}

impl State {
    fn doubt_outbox(&mut self) {
        for id in self.open.clone() {
            let row = &self.outbox[&id];
            let of_task_force = row.task_force.is_some();
            let held = self.holds.get(&row.message.chat) == Some(&stored_at(FOREVER));
            let waits = row.state == OutboxState::Waiting;
            if of_task_force && !row.message.kind.is_sent_again() {
                self.close(id, OutboxState::Unknown, Some(RESTORED.to_owned()));
            } else if !(of_task_force && held && waits && row.message.kind == OutgoingKind::Line) {
                self.close(id, OutboxState::Withdrawn, Some(RESTORED.to_owned()));
                self.give_back_keys_and_pings(id);
            }
        }
    }
}
