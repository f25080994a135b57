//! The outlook: the next sends as the schedule plans them, for whoever watches a rehearsal.

use chrono::{DateTime, Utc};

use super::{Service, ServiceError};
use crate::render::office;

impl Service {
    /// The next `most` sends of all task forces if nobody answers, soonest first, each in words.
    pub async fn outlook(&self, most: usize) -> Result<Vec<(DateTime<Utc>, String)>, ServiceError> {
        let ids = self.task_forces().await?;
        let mut sends = Vec::new();
        for id in &ids {
            let Some(force) = self.fresh_force(id).await? else {
                continue;
            };
            let short_name = &force.frame.plan.task_force.short_name;
            for send in force.planned_sends(self.now(), most) {
                let words = if ids.len() > 1 {
                    office::planned_among_many(short_name, &send)
                } else {
                    office::planned_what(&send)
                };
                sends.push((send.at, words));
            }
        }
        sends.sort();
        sends.truncate(most);
        Ok(sends)
    }
}
