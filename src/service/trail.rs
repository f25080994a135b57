//! A trail, read from the ledger a page of entries at a time.

use super::effects::Gathering;
use super::force::TaskForceError;
use crate::conversation::trail::Page;
use crate::ledger::Trail;
use crate::render;

impl Gathering<'_> {
    /// Shows one page of a trail in the event's chat.
    pub(super) async fn show_trail(&mut self, page: Page) -> Result<(), TaskForceError> {
        let frame = &self.force.frame;
        let mut trail = Trail::new(frame, page.subject);
        let (id, until) = (&self.force.id, self.force.head.seq);
        let store = self.service.store();
        store
            .each_entry(id, 0, until, |entry| trail.take(frame, entry))
            .await?;
        let message = render::trail::trail(&self.scene(), &trail, page.at);
        self.show(message, page.message_id);
        Ok(())
    }
}
