//! The notice on secrets stands on each person's first card: it counts as shown once that card was sent, not before.

use super::effects::{Gathering, Occasion};
use super::{COMMIT_ATTEMPTS, Call, Service, ServiceError};
use crate::ledger::{Act, Actor};
use crate::plan::PersonId;
use crate::render;
use crate::schedule::{Notice, NoticeKind, NoticeTo};
use crate::store::{CommitError, OutboxRow, Settled};

/// The person whose card a row is.
fn card_of(row: &OutboxRow) -> Option<PersonId> {
    let notice: Notice = serde_json::from_str(row.message.notice.as_deref()?).ok()?;
    match (notice.kind, notice.to) {
        (NoticeKind::Card, NoticeTo::Person(person)) => Some(person),
        _ => None,
    }
}

/// Whether a call's message has the notice on secrets.
pub(super) fn says_so(call: &Call) -> bool {
    matches!(call, Call::Send { message, .. } if render::notice::is_first_card(message))
}

impl Service {
    /// Records that a card was sent; with it, in one commit, that its person has seen the notice on secrets if it was the
    /// first. A card that is withdrawn before it leaves, or that nobody can be reached with, leaves the notice to the next.
    pub(super) async fn settle_sent(
        &self,
        row: &OutboxRow,
        settled: &Settled,
    ) -> Result<(), ServiceError> {
        let said = serde_json::from_str(&row.message.body).is_ok_and(|call| says_so(&call));
        let (Some(person), Some(id)) = (card_of(row).filter(|_| said), &row.task_force) else {
            return Ok(self.store.settle(row.lease, settled, self.now()).await?);
        };
        for _ in 0..COMMIT_ATTEMPTS {
            let Some(mut force) = self.fresh_force(id).await? else {
                break;
            };
            if force.standing.secrecy_shown.contains(&person) {
                break;
            }
            let occasion = Occasion::without_event(Actor::Bot);
            let mut gathering = Gathering::new(self, &mut force, occasion);
            let person = person.clone();
            gathering.append(Actor::Bot, Act::SecrecyShown { person });
            let mut changes = gathering.finish().0;
            changes.settled.push((row.lease, settled.clone()));
            match self.commit_one(changes).await {
                Err(ServiceError::Commit(CommitError::HeadMoved)) => force.stale = true,
                Err(error) => {
                    force.stale = true;
                    return Err(error);
                }
                Ok(()) => return Ok(()),
            }
        }
        Ok(self.store.settle(row.lease, settled, self.now()).await?)
    }
}
