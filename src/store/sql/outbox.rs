//! The outbox: claims by the database's clock, and what comes of them.

use chrono::{DateTime, TimeDelta, Utc};

use super::codec::{
    Columns, day, instant, listed, micros, outbox_columns, outbox_row, outbox_row_of,
};
use super::hands::Hand;
use super::settle::still_leased;
use super::statement::{Statement, query};
use super::{Backend, Sql, postgres_clock, sqlite_clock};
use crate::plan::{PersonId, TaskForceId};
use crate::store::{
    Changes, CommitError, FOREVER, LEASE_RAN_OUT, Lease, OutboxRow, OutboxState, Settled,
    StoreError,
};

pub(super) const MICROS_A_SECOND: i64 = 1_000_000;

/// Whether nobody knows if a part before this row of the same message arrived. The end of the slot is [`PARTS`].
///
/// [`PARTS`]: crate::store::PARTS
macro_rules! held_back {
    ($row:literal) => {
        concat!(
            "(",
            $row,
            ".slot LIKE '%/parts' AND EXISTS (
                SELECT 1 FROM outbox u WHERE u.state = 'unknown'
                  AND u.chat = ",
            $row,
            ".chat AND u.id < ",
            $row,
            ".id AND ",
            $row,
            ".slot IN (u.slot, u.slot || '/parts')))"
        )
    };
}

/// The id of the row to be sent next: $1 now, $2 chats to skip, $3 the highest priority number.
macro_rules! claimable {
    () => {
        concat!(
            "SELECT r.id FROM outbox r
             WHERE r.state = 'waiting' AND r.ready = 1 AND r.priority <= $3
               AND $2 NOT LIKE '%,' || r.chat || ',%'
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.chat = 0 AND h.until_at > $1)
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.chat = r.chat AND h.until_at > $1)
               AND NOT EXISTS (SELECT 1 FROM outbox q WHERE q.chat = r.chat AND q.state = 'leased')
               AND NOT EXISTS (SELECT 1 FROM outbox q
                               WHERE q.chat = r.chat AND q.state = 'waiting' AND q.id < r.id
                                 AND (q.attempts > 0 OR (q.ready = 1 AND q.priority <= r.priority))
                                 AND NOT ",
            held_back!("q"),
            ")
               AND NOT ",
            held_back!("r"),
            "
             ORDER BY r.priority, r.id LIMIT 1"
        )
    };
}

/// What may be sent at once, and else when something may: a wait, a hold, somebody's lease ends. $4 is for ever; the last
/// column is the database's clock, by which leases run.
macro_rules! look {
    ($clock:expr) => {
        concat!(
            "SELECT (",
            claimable!(),
            "),
             (SELECT MIN(not_before) FROM outbox WHERE state = 'waiting' AND ready = 0),
             (SELECT MIN(h.until_at) FROM holds h
              WHERE h.until_at > $1 AND h.until_at < $4
                AND EXISTS (SELECT 1 FROM outbox r
                            WHERE r.state = 'waiting' AND (r.chat = h.chat OR h.chat = 0))),
             (SELECT MIN(lease_until) FROM outbox WHERE state = 'leased'),
             (",
            $clock,
            ")"
        )
    };
}

/// When what waits may next be put right: a wait ends, a lease ends; and the database's clock.
macro_rules! to_be_put_right {
    ($clock:expr) => {
        concat!(
            "SELECT (SELECT MIN(not_before) FROM outbox WHERE state = 'waiting' AND ready = 0),
             (SELECT MIN(lease_until) FROM outbox WHERE state = 'leased'),
             (",
            $clock,
            ")"
        )
    };
}

impl Backend {
    fn to_be_put_right(self) -> &'static str {
        match self {
            Self::Sqlite => to_be_put_right!(sqlite_clock!()),
            Self::Postgres => to_be_put_right!(postgres_clock!()),
        }
    }

    fn look(self) -> &'static str {
        match self {
            Self::Sqlite => look!(sqlite_clock!()),
            Self::Postgres => look!(postgres_clock!()),
        }
    }
}

const CLAIM: &str = concat!(
    "UPDATE outbox SET state = 'leased', attempts = attempts + 1, lease = lease + 1, lease_until = $4
     WHERE state = 'waiting' AND id = (",
    claimable!(),
    ") RETURNING ",
    outbox_columns!(),
    ", CAST(CASE WHEN EXISTS (SELECT 1 FROM notice_keys k WHERE k.outbox_id = outbox.id)
                   OR EXISTS (SELECT 1 FROM pings p WHERE p.outbox_id = outbox.id)
            THEN 1 ELSE 0 END AS BIGINT) AS has_more"
);

impl Sql {
    pub(in crate::store) async fn claim(
        &self,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        // Undone, the claim of what is sent again would lead to what an unknown outcome leads to: it is sent again.
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin_lightly(&mut writer).await?;
        let row = self.claim_row(&mut transaction, now, lease_seconds, skip, most_priority);
        let row = row.await?;
        transaction.commit().await?;
        drop(writer);
        self.claim_kept(row.as_ref()).await?;
        Ok(row)
    }

    /// The next row, leased for so long from now by the database's clock.
    pub(super) async fn claim_row(
        &self,
        connection: &mut Hand,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let look = query(self.backend.to_be_put_right());
        let (start, lease_end, clock): (Option<i64>, Option<i64>, i64) =
            look.fetch_one(&mut *connection).await?;
        let ended = lease_end.is_some_and(|end| end <= clock);
        if ended {
            end_leases(connection, clock, now).await?;
        }
        // What an ended lease gives back waits again too.
        if ended || start.is_some_and(|start| start <= micros(now)) {
            let ready = query(
                "UPDATE outbox SET ready = 1 WHERE state = 'waiting' AND ready = 0 AND not_before <= $1",
            );
            ready.bind(micros(now)).execute(&mut *connection).await?;
        }
        let claim = query(CLAIM)
            .bind(micros(now))
            .bind(listed(skip))
            .bind(most_priority)
            .bind(clock + lease_seconds * MICROS_A_SECOND);
        match claim.fetch_optional(&mut *connection).await? {
            Some(row) => {
                let mut columns = Columns::of(row);
                let found = outbox_row_of(&mut columns)?;
                let has_more: i64 = columns.take()?;
                Ok(Some(match has_more {
                    0 => found,
                    _ => with_keys_and_pings(connection, found).await?,
                }))
            }
            None => Ok(None),
        }
    }

    /// A claim of what waits for the office must outlive the machine.
    pub(super) async fn claim_kept(&self, row: Option<&OutboxRow>) -> Result<(), StoreError> {
        match row {
            Some(row) if !row.message.kind.is_sent_again() => self.reach_the_disk().await,
            Some(_) | None => Ok(()),
        }
    }

    pub(in crate::store) async fn end_all_leases(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        end_leases(&mut transaction, i64::MAX, now).await?;
        transaction.commit().await
    }

    /// Whatever was committed before is on the disk when this returns.
    async fn reach_the_disk(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        // A transaction that changes nothing would not wait for the disk.
        query("UPDATE facts SET value = value WHERE name = 'alive_at'")
            .execute(&mut transaction)
            .await?;
        transaction.commit().await
    }

    pub(in crate::store) async fn renew(
        &self,
        lease: Lease,
        lease_seconds: i64,
        _now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let clock = self.clock(&mut transaction).await?;
        let renew = query(
            "UPDATE outbox SET lease_until = $3 WHERE id = $1 AND lease = $2 AND state = 'leased'",
        );
        let renew = renew.bind(lease.row).bind(lease.number);
        let renew = renew.bind(clock + lease_seconds * MICROS_A_SECOND);
        let renewed = renew.execute(&mut transaction).await?;
        transaction.commit().await?;
        still_leased(renewed)
    }

    pub(in crate::store) async fn next_send_at(
        &self,
        now: DateTime<Utc>,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let look = query(self.backend.look())
            .bind(micros(now))
            .bind(listed(skip))
            .bind(most_priority)
            .bind(micros(FOREVER));
        let found = look.fetch_one(&mut self.reading().await?).await?;
        let mut columns = Columns::of(found);
        let at_once: Option<i64> = columns.take()?;
        if at_once.is_some() {
            return Ok(Some(now));
        }
        let start: Option<i64> = columns.take()?;
        let hold_end: Option<i64> = columns.take()?;
        let lease_end: Option<i64> = columns.take()?;
        let clock: i64 = columns.take()?;
        let lease_end = lease_end.map(|end| now + TimeDelta::microseconds(end - clock));
        let ends = [start, hold_end].into_iter().flatten().map(instant);
        let ends = ends.collect::<Result<Vec<_>, _>>()?;
        Ok(ends.into_iter().chain(lease_end).min())
    }

    pub(in crate::store) async fn settle(
        &self,
        lease: Lease,
        settled: &Settled,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let changes = Changes {
            settled: vec![(lease, settled.clone())],
            now,
            ..Changes::default()
        };
        self.commit(vec![changes]).await?.remove(0)
    }

    pub(in crate::store) async fn outgoing(
        &self,
        id: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let row = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE id = $1"
        ));
        self.one(row.bind(id)).await
    }

    pub(in crate::store) async fn outgoing_by_message(
        &self,
        chat: i64,
        message_id: i32,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let row = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE chat = $1 AND message_id = $2 ORDER BY id DESC LIMIT 1"
        ));
        self.one(row.bind(chat).bind(i64::from(message_id))).await
    }

    pub(in crate::store) async fn waiting_behind(
        &self,
        priority: i64,
        id: i64,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let row = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE state = 'waiting' AND ready = 1 AND priority = $1 AND id > $2
              ORDER BY id LIMIT 1"
        ));
        self.one(row.bind(priority).bind(id)).await
    }

    pub(in crate::store) async fn latest_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let row = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE task_force = $1 AND slot = $2 AND state = 'sent' ORDER BY id DESC LIMIT 1"
        ));
        self.one(row.bind(task_force.as_str()).bind(slot)).await
    }

    pub(in crate::store) async fn waiting_in_slot(
        &self,
        task_force: &TaskForceId,
        slot: &str,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = query(concat!(
            "SELECT ",
            outbox_columns!(),
            " FROM outbox WHERE task_force = $1 AND slot = $2 AND state = 'waiting' ORDER BY id"
        ));
        self.many(rows.bind(task_force.as_str()).bind(slot)).await
    }

    pub(in crate::store) async fn outgoing_in_state(
        &self,
        state: OutboxState,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        /// With the state written out: a parameter would not find the partial indexes, and an order by id not prefer
        /// them.
        macro_rules! in_state {
            ($state:literal) => {
                concat!(
                    "SELECT ",
                    outbox_columns!(),
                    " FROM outbox WHERE state = '",
                    $state,
                    "'"
                )
            };
        }
        let rows = query(match state {
            OutboxState::Waiting => in_state!("waiting"),
            OutboxState::Leased => in_state!("leased"),
            OutboxState::Sent => in_state!("sent"),
            OutboxState::Unknown => in_state!("unknown"),
            OutboxState::Withdrawn => in_state!("withdrawn"),
            OutboxState::Dead => in_state!("dead"),
        });
        self.many(rows).await
    }

    async fn many(&self, rows: Statement<'_>) -> Result<Vec<OutboxRow>, StoreError> {
        let mut reader = self.reading().await?;
        let mut found = Vec::new();
        for row in rows.fetch_all(&mut reader).await? {
            found.push(with_keys_and_pings(&mut reader, outbox_row(row)?).await?);
        }
        found.sort_by_key(|row| row.id);
        Ok(found)
    }

    async fn one(&self, row: Statement<'_>) -> Result<Option<OutboxRow>, StoreError> {
        let mut reader = self.reading().await?;
        match row.fetch_optional(&mut reader).await? {
            Some(row) => Ok(Some(
                with_keys_and_pings(&mut reader, outbox_row(row)?).await?,
            )),
            None => Ok(None),
        }
    }
}

/// A sender died or was cut off: nobody knows whether its message arrived.
async fn end_leases(
    connection: &mut Hand,
    clock: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let end = query(
        "UPDATE outbox SET
             state = CASE WHEN sent_again = 1 THEN 'waiting' ELSE 'unknown' END,
             maybe_sent = CASE WHEN sent_again = 1 THEN 1 ELSE maybe_sent END,
             not_before = CASE WHEN sent_again = 1 THEN $2 ELSE not_before END,
             ready = 0, error = $3
         WHERE state = 'leased' AND lease_until <= $1",
    );
    end.bind(clock)
        .bind(micros(now))
        .bind(LEASE_RAN_OUT)
        .execute(connection)
        .await?;
    Ok(())
}

async fn with_keys_and_pings(
    connection: &mut Hand,
    mut row: OutboxRow,
) -> Result<OutboxRow, StoreError> {
    if row.task_force.is_none() {
        return Ok(row);
    }
    let keys = query("SELECT name FROM notice_keys WHERE outbox_id = $1 ORDER BY name");
    row.message.keys = keys.bind(row.id).fetch_all(&mut *connection).await?;
    let pings = query("SELECT person, day FROM pings WHERE outbox_id = $1 ORDER BY day, person");
    for ping in pings.bind(row.id).fetch_all(&mut *connection).await? {
        let mut columns = Columns::of(ping);
        let person = PersonId::new(columns.take::<String>()?);
        row.message
            .pings
            .push((person, day(&columns.take::<String>()?)?));
    }
    Ok(row)
}
