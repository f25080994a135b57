//! How much waits, for monitoring.

use chrono::{DateTime, Utc};

use super::{Memory, State};
use crate::store::{FOREVER, OutboxState, Queue, Queues, StoreError, stored_at};

impl Memory {
    pub(in crate::store) async fn queues(&self, now: DateTime<Utc>) -> Result<Queues, StoreError> {
        self.run(|state| {
            let updates = state.inbox.values().filter(|update| update.waits);
            let rows = state.open.iter().map(|id| &state.outbox[id]);
            let rows = rows.filter(|row| row.state == OutboxState::Waiting);
            let due = rows.filter(|row| row.message.not_before <= now);
            let due = due.filter(|row| {
                let hold = state.holds.get(&row.message.chat);
                hold.is_none_or(|until| *until < stored_at(FOREVER))
            });
            Queues {
                inbox: queue(updates.map(|update| update.row.received_at)),
                outbox: queue(due.map(|row| row.message.not_before)),
                unknown: state.rows_in(OutboxState::Unknown),
                dead: state.rows_in(OutboxState::Dead),
            }
        })
    }
}

impl State {
    fn rows_in(&self, wanted: OutboxState) -> i64 {
        let rows = self.outbox.values().filter(|row| row.state == wanted);
        i64::try_from(rows.count()).unwrap_or(i64::MAX)
    }
}

fn queue(since: impl Iterator<Item = DateTime<Utc>>) -> Queue {
    since.fold(Queue::default(), |queue, at| Queue {
        depth: queue.depth + 1,
        oldest: queue.oldest.into_iter().chain([at]).min(),
    })
}
