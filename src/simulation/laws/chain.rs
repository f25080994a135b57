//! The ledger's laws: the chain verifies, and the standing is the same by increments and by a fold of everything.

use chrono::{DateTime, Utc};
use sha2::Digest;

use super::{Held, Laws, must};
use crate::ledger::{Act, LedgerEntry, Standing, verify};
use crate::simulation::team::Team;
use crate::simulation::wire::Sabotage;

const CHAIN: &str = "the hash chain verifies";

impl Laws {
    pub(super) fn take_in_entries(&mut self, bot: &Team, now: DateTime<Utc>) -> Held {
        let stored = bot.memory().entries_seen(&self.id, self.head.seq);
        for stored in stored {
            let next = self.head.at(stored.seq, &stored.body);
            must(next.hash == stored.hash, CHAIN, || {
                format!("entry {}", stored.seq)
            })?;
            let entry: Result<LedgerEntry, _> = serde_json::from_str(&stored.body);
            let follows =
                |entry: &LedgerEntry| entry.seq == stored.seq && entry.follows(self.head.seq);
            let entry = entry.ok().filter(follows);
            let Some(entry) = entry else {
                return must(false, CHAIN, || {
                    format!("entry {} is unreadable", stored.seq)
                });
            };
            must(entry.at <= now, "nothing is entered ahead of time", || {
                format!("entry {} at {}", entry.seq, entry.at)
            })?;
            self.journal.update(stored.hash);
            self.hold_entry(&entry)?;
            self.note_terms(&entry);
            self.coverage.count(&entry.act);
            self.head = next;
            self.standing.apply(&entry);
            if let Act::Answered(_) = &entry.act {
                self.answers.entered(&entry);
                if self.sabotage == Some(Sabotage::FoldsTwice) {
                    self.standing.apply(&entry);
                }
                if self.sabotage == Some(Sabotage::EntersTwice) {
                    self.answers.entered(&entry);
                }
            }
            self.entries.push(entry);
        }
        Ok(())
    }

    /// The whole chain, and the whole fold against that by increments, both of ours and of the bot's.
    pub(super) async fn hold_chain(&self, bot: &Team) -> Held {
        let stored = bot.memory().entries_seen(&self.id, 0);
        let chain = stored
            .iter()
            .map(|entry| (entry.seq, entry.body.as_str(), entry.hash));
        let head = verify(chain, &[]);
        must(head == Ok(self.head), CHAIN, || format!("{head:?}"))?;
        let law = "standing by full fold equals standing by increments";
        let folded = Standing::fold(&self.entries);
        must(folded == self.standing, law, || "ours".to_owned())?;
        for service in bot.services() {
            // The bot's texts have their words, which stand beside the chain.
            let with_words = service.store().entries_after(&self.id, 0).await;
            let theirs = service.standing_now(&self.id).await;
            let (Ok(with_words), Some(theirs)) = (with_words, theirs) else {
                return must(false, law, || "it cannot be read".to_owned());
            };
            let same = theirs == Standing::fold(&with_words);
            must(same, law, || "the bot's".to_owned())?;
        }
        Ok(())
    }
}
