//! A digest that leaves soon after it was made is not looked at again: as long as its ledger has not moved and work goes on, it is
//! as true and allowed as it was then. Many go out at the same time, and their task forces cannot all be held in memory until then.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};

use super::{Call, Force, Service, ServiceError};
use crate::ledger::Head;
use crate::plan::TaskForceId;
use crate::schedule::{self, Notice, NoticeKind};
use crate::store::{OutboxRow, OutgoingKind};

/// Digests vouched for at the same time; more are looked at before they leave.
const MOST: usize = 10_000;

/// Digests vouched for, by their task forces.
pub(super) type Vouched = BTreeMap<TaskForceId, Digests>;

/// What one commit put into the outbox, and when that holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digests {
    /// When it was made: of other rows nothing is said.
    made_at: DateTime<Utc>,
    /// The head of its ledger since then.
    head: Head,
    /// Before then it may leave.
    until: DateTime<Utc>,
}

impl Service {
    /// A digest was made of this task force as it is now.
    pub(super) fn vouch(&self, force: &Force, digest: &Notice, made_at: DateTime<Utc>) {
        let calendar = &force.frame.calendar;
        let (true, Some(rests_at)) = (
            schedule::may_leave(&force.frame, &force.standing, digest, made_at),
            calendar.rests_at(made_at),
        ) else {
            return;
        };
        let digests = Digests {
            made_at: made_at.trunc_subsecs(6),
            head: force.head,
            until: rests_at.min(digest.not_after),
        };
        let mut vouched = self.vouched();
        if vouched.len() >= MOST {
            vouched.retain(|_, other| made_at < other.until);
        }
        if vouched.len() < MOST {
            vouched.insert(force.id.clone(), digests);
        }
    }

    /// Whether the row is of a digest that nothing can have happened to since it was made.
    pub(super) async fn is_vouched_for(
        &self,
        id: &TaskForceId,
        row: &OutboxRow,
        call: &Call,
    ) -> Result<bool, ServiceError> {
        let is_text = row.message.kind == OutgoingKind::Digest && matches!(call, Call::Send { .. });
        let digests = self.vouched().get(id).copied();
        let Some(digests) = digests.filter(|_| is_text) else {
            return Ok(false);
        };
        let holds = row.created_at == digests.made_at
            && (digests.made_at..digests.until).contains(&self.now());
        Ok(holds && self.store.head(id).await? == digests.head)
    }

    fn vouched(&self) -> std::sync::MutexGuard<'_, Vouched> {
        self.vouched.lock().expect("no holder panics")
    }
}

/// The digest among what is due.
pub(super) fn digest_of(due: &[Notice]) -> Option<Notice> {
    let digest = |notice: &&Notice| matches!(notice.kind, NoticeKind::Digest { .. });
    due.iter().find(digest).cloned()
}
