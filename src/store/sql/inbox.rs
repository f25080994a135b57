//! Raw updates: received once, taken lane by lane.

use chrono::{DateTime, Utc};

use super::codec::{Columns, inbox_columns, inbox_row, listed, micros, signed};
use super::outbox::MICROS_A_SECOND;
use super::statement::{Row, query};
use super::{Backend, Sql};
use crate::store::{InboxRow, LANE_HELD_SECONDS, SEEN_IDS_KEPT, StoreError};

/// Jumps from lane to lane by the index of waiting updates, so that a flood in one lane is not walked through.
/// $1 lanes to leave out, $2 how many, $3 who takes them, $4 for how many microseconds; the oldest of a lane that somebody
/// else has keeps what is behind it away from all.
macro_rules! take {
    ($clock:literal) => {
        concat!(
            "WITH RECURSIVE lanes (lane) AS (
                 SELECT MIN(lane) FROM inbox WHERE state = 'waiting'
                 UNION ALL
                 SELECT (SELECT MIN(i.lane) FROM inbox i WHERE i.state = 'waiting' AND i.lane > lanes.lane)
                 FROM lanes WHERE lanes.lane IS NOT NULL
             ), oldest (update_id) AS (
                 SELECT (SELECT MIN(i.update_id) FROM inbox i WHERE i.state = 'waiting' AND i.lane = lanes.lane)
                 FROM lanes
                 WHERE lanes.lane IS NOT NULL AND $1 NOT LIKE '%,' || lanes.lane || ',%'
             ), free (update_id) AS (
                 SELECT i.update_id FROM oldest JOIN inbox i ON i.seen = 1 AND i.update_id = oldest.update_id
                 WHERE i.held_until IS NULL OR i.held_by = $3 OR i.held_until <= ",
            $clock,
            "    ORDER BY i.update_id LIMIT $2
             )
             UPDATE inbox SET attempts = attempts + 1, held_by = $3, held_until = $4 + ",
            $clock,
            " WHERE seen = 1 AND update_id IN (SELECT update_id FROM free)
             RETURNING ",
            inbox_columns!()
        )
    };
}

const TAKE_FROM_SQLITE: &str = take!("CAST(unixepoch('subsec') * 1000000 AS INTEGER)");

const TAKE_FROM_POSTGRES: &str =
    take!("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)");

impl Sql {
    pub(in crate::store) async fn receive(
        &self,
        updates: &[InboxRow],
    ) -> Result<usize, StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let mut new = 0;
        for row in updates {
            let insert = query(
                "INSERT INTO inbox (update_id, lane, received_at, body) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (update_id) WHERE seen = 1 DO NOTHING",
            );
            let insert = insert.bind(row.update_id).bind(row.lane);
            let insert = insert.bind(micros(row.received_at)).bind(&row.body);
            new += insert.execute(&mut transaction).await?;
        }
        if new > 0 {
            self.ring_inbox(&mut transaction).await?;
        }
        transaction.commit().await?;
        Ok(usize::try_from(new).unwrap_or(usize::MAX))
    }

    pub(in crate::store) async fn take_updates(
        &self,
        limit: usize,
        busy: &[i64],
    ) -> Result<Vec<InboxRow>, StoreError> {
        // To look costs one read, to take a write: after every update that is done it is looked for the next.
        let waiting = query("SELECT MIN(lane) FROM inbox WHERE state = 'waiting'");
        let waiting: Option<i64> = waiting.fetch_one(&mut self.reading().await?).await?;
        if waiting.is_none() {
            return Ok(Vec::new());
        }
        // Attempts are counted against updates that end the program; one that ends the machine may try once more.
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin_lightly(&mut writer).await?;
        let take = match self.backend {
            Backend::Sqlite => query(TAKE_FROM_SQLITE),
            Backend::Postgres => query(TAKE_FROM_POSTGRES),
        };
        let take = take.bind(listed(busy)).bind(signed(limit as u64));
        let take = take
            .bind(self.taker)
            .bind(LANE_HELD_SECONDS * MICROS_A_SECOND);
        let rows: Vec<Row> = take.fetch_all(&mut transaction).await?;
        transaction.commit().await?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            taken.push(inbox_row(&mut Columns::of(row))?);
        }
        taken.sort_by_key(|row| row.update_id);
        Ok(taken)
    }

    pub(in crate::store) async fn set_aside(
        &self,
        update_id: i64,
        reason: &str,
    ) -> Result<(), StoreError> {
        let set = query(
            "UPDATE inbox SET state = 'failed', error = $2
             WHERE update_id = $1 AND seen = 1 AND state = 'waiting'",
        );
        let set = set.bind(update_id).bind(reason);
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        set.execute(&mut transaction).await?;
        transaction.commit().await
    }

    pub(in crate::store) async fn failed_updates(
        &self,
    ) -> Result<Vec<(InboxRow, String)>, StoreError> {
        let failed = query(concat!(
            "SELECT ",
            inbox_columns!(),
            ", error FROM inbox WHERE state = 'failed' ORDER BY received_at, update_id"
        ));
        let rows = failed.fetch_all(&mut self.reading().await?).await?;
        let read = rows.into_iter().map(|row| {
            let mut columns = Columns::of(row);
            let update = inbox_row(&mut columns)?;
            Ok((
                update,
                columns.take::<Option<String>>()?.unwrap_or_default(),
            ))
        });
        read.collect()
    }

    pub(in crate::store) async fn last_update_id(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        let last = query(
            "SELECT update_id FROM inbox WHERE seen = 1 AND received_at > $1
             ORDER BY update_id DESC LIMIT 1",
        );
        let last = last.bind(micros(now - SEEN_IDS_KEPT));
        last.fetch_optional(&mut self.reading().await?).await
    }
}
