//! Words that are removed: every statement expects what was seen, and nothing of them is left in the file.

use super::codec::{Columns, inbox_columns, inbox_row, outbox_columns, outbox_row, signed};
use super::hands::Hand;
use super::statement::query;
use super::{Backend, Sql};
use crate::plan::TaskForceId;
use crate::store::{
    CommitError, InboxRow, NOTHING_LEFT, OutboxRow, OutboxState, Removal, Rewrite, StoreError,
};

/// A new body for a row that is still in this state and has not been claimed since.
macro_rules! rewritten {
    ($state:literal, $and:literal) => {
        concat!(
            "UPDATE outbox SET body = $3",
            $and,
            " WHERE id = $1 AND lease = $2 AND state = '",
            $state,
            "'"
        )
    };
}

impl Sql {
    pub(in crate::store) async fn rows_after(
        &self,
        task_force: &TaskForceId,
        id: i64,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE id > $1 AND task_force = $2 AND body <> '' ORDER BY id LIMIT $3"
        ));
        let rows = rows.bind(id).bind(task_force.as_str());
        let rows = rows.bind(signed(limit as u64));
        let rows = rows.fetch_all(&mut self.reading().await?).await?;
        rows.into_iter().map(outbox_row).collect()
    }

    pub(in crate::store) async fn updates_after(
        &self,
        key: i64,
        own: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, InboxRow)>, StoreError> {
        let rows = query(concat!(
            "SELECT id, ",
            inbox_columns!(),
            " FROM inbox WHERE id > $1 AND (state <> 'waiting' OR (seen = 1 AND update_id = $2))
             ORDER BY id LIMIT $3"
        ));
        let rows = rows.bind(key).bind(own).bind(signed(limit as u64));
        let rows = rows.fetch_all(&mut self.reading().await?).await?;
        let read = rows.into_iter().map(|row| {
            let mut columns = Columns::of(row);
            Ok((columns.take()?, inbox_row(&mut columns)?))
        });
        read.collect()
    }

    async fn cut_log(&self) -> Result<i64, StoreError> {
        let cut = query("PRAGMA wal_checkpoint(TRUNCATE)").takes_long();
        cut.fetch_one(&mut self.writer.take().await?).await
    }

    /// Pages as they were before stand in SQLite's log until it is put into the file and cut; where a reader keeps it from
    /// that, the next daily look does it.
    pub(super) async fn forget_old_pages(&self) {
        match self.backend {
            Backend::Postgres => {}
            Backend::Sqlite => match self.cut_log().await {
                Ok(0) => {}
                Ok(_) => tracing::warn!("a reader kept the write-ahead log from being cut"),
                Err(error) => {
                    tracing::warn!(%error, "the write-ahead log could not be cut");
                }
            },
        }
    }
}

pub(super) async fn remove(
    connection: &mut Hand,
    task_force: &TaskForceId,
    removal: &Removal,
) -> Result<(), CommitError> {
    for sha256 in &removal.texts {
        let blank = query(
            "UPDATE texts SET body = NULL, salt = $3
             WHERE task_force = $1 AND sha256 = $2 AND body IS NOT NULL",
        );
        let blank = blank.bind(task_force.as_str()).bind(sha256).bind(&[][..]);
        if blank.execute(&mut *connection).await? == 0 {
            return Err(CommitError::HeadMoved);
        }
    }
    for rewrite in &removal.rows {
        rewrite_row(connection, rewrite).await?;
    }
    for digest in &removal.digests {
        let rewrite = query(
            "UPDATE digests SET body = $4 WHERE task_force = $1 AND number = $2 AND version = $3",
        );
        let rewrite = rewrite
            .bind(task_force.as_str())
            .bind(i64::from(digest.number))
            .bind(signed(digest.version as u64));
        rewrite.bind(&digest.body).execute(&mut *connection).await?;
    }
    for id in &removal.updates {
        let blank = query("UPDATE inbox SET body = $2 WHERE id = $1");
        let blank = blank.bind(*id).bind(NOTHING_LEFT);
        blank.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn rewrite_row(connection: &mut Hand, rewrite: &Rewrite) -> Result<(), CommitError> {
    let statement = match rewrite.state {
        OutboxState::Waiting => rewritten!("waiting", ""),
        OutboxState::Leased => rewritten!(
            "leased",
            ", state = 'waiting', ready = 0, lease = lease + 1, lease_until = NULL"
        ),
        OutboxState::Sent => rewritten!("sent", ""),
        OutboxState::Unknown => rewritten!("unknown", ""),
        OutboxState::Withdrawn => rewritten!("withdrawn", ""),
        OutboxState::Dead => rewritten!("dead", ""),
    };
    let rewritten = query(statement)
        .bind(rewrite.lease.row)
        .bind(rewrite.lease.number)
        .bind(&rewrite.body);
    match rewritten.execute(connection).await? {
        0 => Err(CommitError::RowMoved(rewrite.lease.row)),
        _ => Ok(()),
    }
}
