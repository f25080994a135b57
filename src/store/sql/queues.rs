//! How much waits, for monitoring: read past the writers, and by the partial indexes alone.

use chrono::{DateTime, Utc};

use super::Sql;
use super::codec::{Columns, instant, micros};
use super::statement::{Row, query};
use crate::store::{FOREVER, Queue, Queues, StoreError};

impl Sql {
    pub(in crate::store) async fn queues(&self, now: DateTime<Utc>) -> Result<Queues, StoreError> {
        let mut reader = self.reading().await?;
        let inbox = query("SELECT COUNT(*), MIN(received_at) FROM inbox WHERE state = 'waiting'");
        let inbox = queue(inbox.fetch_one(&mut reader).await?)?;
        let outbox = query(
            "SELECT COUNT(*), MIN(r.not_before) FROM outbox r
             WHERE r.state = 'waiting' AND r.not_before <= $1
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.chat = r.chat AND h.until_at >= $2)",
        );
        let outbox = outbox.bind(micros(now)).bind(micros(FOREVER));
        let outbox = queue(outbox.fetch_one(&mut reader).await?)?;
        let unknown = query("SELECT COUNT(*) FROM outbox WHERE state = 'unknown'");
        let dead = query("SELECT COUNT(*) FROM outbox WHERE state = 'dead'");
        Ok(Queues {
            inbox,
            outbox,
            unknown: unknown.fetch_one(&mut reader).await?,
            dead: dead.fetch_one(&mut reader).await?,
        })
    }
}

fn queue(row: Row) -> Result<Queue, StoreError> {
    let mut columns = Columns::of(row);
    let depth = columns.take()?;
    let oldest: Option<i64> = columns.take()?;
    Ok(Queue {
        depth,
        oldest: oldest.map(instant).transpose()?,
    })
}
