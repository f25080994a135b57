//! The end: the last digest, all documents for the office, a farewell, menus cleared, and the bot leaves the group.

use super::Call;
use super::documents::Recipe;
use super::effects::{DIGEST_PRIORITY, Gathering, STATUS_PRIORITY};
use super::force::TaskForceError;
use crate::conversation::document::Document;
use crate::ledger::Actor;
use crate::render;
use crate::store::OutgoingKind;

impl Gathering<'_> {
    /// What follows from the confirmation; digest, documents and farewell wait for working hours.
    pub(super) async fn close_down(&mut self) -> Result<(), TaskForceError> {
        let before = self.changes.outgoing.len();
        let number = self.force.standing.next_digest();
        self.post_digest(None, number, self.now, false).await?;
        self.send_last_documents(number);
        let group = self.force.standing.group.clone();
        if let Some(group) = group.filter(|group| group.usable) {
            let farewell = Call::Send {
                message: render::trail::farewell(&self.scene()),
                silent: true,
                reply_to: None,
                force_reply: false,
            };
            let (chat, thread) = (group.chat, group.thread);
            self.push_call(chat, thread, OutgoingKind::Line, DIGEST_PRIORITY, &farewell);
            let menu = Call::Menu(Vec::new());
            self.push_call(chat, None, OutgoingKind::Line, DIGEST_PRIORITY, &menu);
            self.push_call(
                chat,
                None,
                OutgoingKind::Line,
                STATUS_PRIORITY,
                &Call::Leave,
            );
        }
        let opens_at = self.force.frame.calendar.next_working_instant(self.now);
        for row in &mut self.changes.outgoing[before..] {
            row.not_before = opens_at;
        }
        self.clear_menus().await?;
        Ok(())
    }

    /// All documents of the last digest, silently, for the office and whoever confirmed the end: nothing can be asked for
    /// after it. Whoever cannot be reached is left out; the host has everything.
    fn send_last_documents(&mut self, number: u32) {
        let moment = self.moment(Some(number));
        let mut people = self.office();
        if let Actor::Person(confirmer) = &self.occasion.by
            && !people.contains(confirmer)
        {
            people.push(confirmer.clone());
        }
        let standing = &self.force.standing;
        let bindings = people.iter().filter_map(|it| standing.bindings.get(it));
        let reachable = bindings.filter(|binding| binding.reachable);
        let chats: Vec<i64> = reachable.map(|binding| binding.account.user_id).collect();
        let documents = Document::all_at_the_end(!standing.evidence.is_empty());
        for chat in chats {
            for document in &documents {
                let call = Call::File(Recipe {
                    document: document.clone(),
                    moment,
                    silent: true,
                    anew: 0,
                });
                self.push_call(chat, None, OutgoingKind::Document, DIGEST_PRIORITY, &call);
            }
        }
    }

    /// Whoever belongs to another task force keeps its menu.
    async fn clear_menus(&mut self) -> Result<(), TaskForceError> {
        let bindings = self.force.standing.bindings.values();
        let accounts: Vec<i64> = bindings.map(|binding| binding.account.user_id).collect();
        for account in accounts {
            if !self.service.belongs_to_several(account).await? {
                let menu = Call::Menu(Vec::new());
                self.push_call(account, None, OutgoingKind::Line, STATUS_PRIORITY, &menu);
            }
        }
        Ok(())
    }
}
