//! The trail of an item, read from the ledger a page of entries at a time.

use super::effects::Gathering;
use super::force::TaskForceError;
use crate::ledger::Trail;
use crate::plan::TaskId;
use crate::render;

impl Gathering<'_> {
    /// Shows one page of an item's trail in the event's chat.
    pub(super) async fn show_trail(
        &mut self,
        task: TaskId,
        page: usize,
        message_id: Option<i32>,
    ) -> Result<(), TaskForceError> {
        let mut trail = Trail::new(&self.force.frame, &task);
        let (id, until) = (&self.force.id, self.force.head.seq);
        let store = self.service.store();
        store
            .each_entry(id, 0, until, |entry| trail.take(entry))
            .await?;
        let message = render::trail::trail(&self.scene(), &trail, page);
        self.show(message, message_id);
        Ok(())
    }
}
