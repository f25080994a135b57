//! Other processes on the same database: what they wrote is taken in before a task force is used again.

use super::Service;
use crate::plan::TaskForceId;

impl Service {
    /// Others wrote to these task forces; without a list perhaps to any. Entries are found by the chain's head; this is for what
    /// comes without one: keys given out or back, talks left open.
    pub async fn others_wrote(&self, ids: Option<&[TaskForceId]>) {
        for (id, force) in self.all_forces().await {
            if ids.is_none_or(|ids| ids.contains(&id)) {
                let mut force = force.lock().await;
                force.given_stale = true;
                force.asleep = None;
            }
        }
        self.tick_rings.notify_one();
    }
}
