//! A person's half-finished items follow them from one account to the next.

use super::effects::Gathering;
use super::event::{conversation_row, read_state};
use super::force::TaskForceError;
use crate::conversation::Conversation;
use crate::store::ConversationRow;

impl Gathering<'_> {
    /// `to` goes on with what `from` was in the middle of, or with nothing; `from` keeps nothing.
    pub(super) async fn hand_over(
        &mut self,
        from: Option<i64>,
        to: i64,
    ) -> Result<(), TaskForceError> {
        let mut state = Conversation::default();
        if let Some(from) = from {
            let row = self
                .service
                .store()
                .conversation(&self.force.id, from)
                .await?;
            let stored = row.as_ref().and_then(|row| row.state.as_deref());
            self.saw_talk(from, row.as_ref().and_then(|row| row.state.clone()));
            state = stored.map(read_state).unwrap_or_default().handed_over();
            self.changes.conversations.push(ConversationRow {
                user_id: from,
                chat: None,
                state: None,
                updated_at: self.now,
            });
        }
        let row = conversation_row(to, &state, None, self.now);
        self.changes.conversations.push(row);
        Ok(())
    }
}
