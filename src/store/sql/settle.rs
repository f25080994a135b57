//! What comes of a leased row, and decisions about rows nobody has a lease on.

use chrono::{DateTime, Utc};

use super::cache::wake;
use super::codec::micros;
use super::commit::claim_keys_and_pings;
use super::hands::Hand;
use super::statement::{Statement, query};
use crate::plan::TaskForceId;
use crate::store::{CommitError, Lease, NewOutgoing, Settled, StoreError};

/// Every settlement expects the row to be leased by us.
macro_rules! settled {
    ($set:literal) => {
        concat!(
            "UPDATE outbox SET ",
            $set,
            " WHERE id = $1 AND lease = $2 AND state = 'leased'"
        )
    };
}

const SENT: &str = settled!("state = 'sent', message_id = $3, sent_at = $4, error = NULL");

const AGAIN: &str = settled!("state = 'waiting', ready = 0, not_before = $3, error = $4");

const UNKNOWN: &str = settled!(
    "state = CASE WHEN sent_again = 1 THEN 'waiting' ELSE 'unknown' END,
     maybe_sent = CASE WHEN sent_again = 1 THEN 1 ELSE maybe_sent END,
     not_before = CASE WHEN sent_again = 1 THEN $3 ELSE not_before END,
     ready = 0, error = $4"
);

const DEAD: &str = settled!("state = 'dead', error = $3");

const WITHDRAWN: &str = settled!("state = 'withdrawn', attempts = attempts - 1, error = $3");

const REPLACED: &str = settled!(
    "state = 'waiting', ready = 0, attempts = 0, error = NULL,
     chat = $3, thread = $4, kind = $5, sent_again = $6, priority = $7, body = $8, about = $9,
     slot = $10, notice = $11, not_before = $12, not_after = $13"
);

pub(super) async fn settle(
    connection: &mut Hand,
    lease: Lease,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<(), CommitError> {
    let of_lease = |statement: &'static str| query(statement).bind(lease.row).bind(lease.number);
    let set = match settled {
        Settled::Sent { message_id } => of_lease(SENT)
            .bind(message_id.map(i64::from))
            .bind(micros(now)),
        Settled::Again { not_before, error } => {
            of_lease(AGAIN).bind(micros(*not_before)).bind(error)
        }
        Settled::Unknown { not_before, error } => {
            of_lease(UNKNOWN).bind(micros(*not_before)).bind(error)
        }
        Settled::Dead { error } => of_lease(DEAD).bind(error),
        Settled::Withdrawn { reason } => of_lease(WITHDRAWN).bind(reason),
        Settled::Replaced { with } => bind_message(of_lease(REPLACED), with),
    };
    still_leased(set.execute(&mut *connection).await?)?;
    if settled.wakes()
        && let Some(task_force) = task_force_of(connection, lease.row).await?
    {
        wake(connection, &task_force, now).await?;
    }
    match settled {
        Settled::Withdrawn { .. } => give_back(connection, lease.row).await?,
        Settled::Replaced { with } => {
            give_back(connection, lease.row).await?;
            claim_anew(connection, lease.row, with, now).await?;
        }
        Settled::Sent { .. }
        | Settled::Again { .. }
        | Settled::Unknown { .. }
        | Settled::Dead { .. } => {}
    }
    Ok(())
}

fn bind_message<'q>(set: Statement<'q>, with: &'q NewOutgoing) -> Statement<'q> {
    set.bind(with.chat)
        .bind(with.thread.map(i64::from))
        .bind(with.kind.name())
        .bind(i64::from(with.kind.is_sent_again()))
        .bind(with.priority)
        .bind(&with.body)
        .bind(&with.about)
        .bind(&with.slot)
        .bind(&with.notice)
        .bind(micros(with.not_before))
        .bind(with.not_after.map(micros))
}

pub(super) fn still_leased(rows: u64) -> Result<(), CommitError> {
    if rows == 0 {
        Err(CommitError::LeaseLost)
    } else {
        Ok(())
    }
}

async fn claim_anew(
    connection: &mut Hand,
    row: i64,
    with: &NewOutgoing,
    now: DateTime<Utc>,
) -> Result<(), CommitError> {
    match task_force_of(connection, row).await? {
        Some(task_force) => claim_keys_and_pings(connection, &task_force, row, with, now).await,
        None => Ok(()),
    }
}

async fn task_force_of(connection: &mut Hand, row: i64) -> Result<Option<TaskForceId>, StoreError> {
    let of = query("SELECT task_force FROM outbox WHERE id = $1").bind(row);
    let of: Option<String> = of.fetch_one(&mut *connection).await?;
    Ok(of.map(TaskForceId::new))
}

pub(super) async fn give_back(connection: &mut Hand, id: i64) -> Result<(), StoreError> {
    let keys = query("DELETE FROM notice_keys WHERE outbox_id = $1");
    keys.bind(id).execute(&mut *connection).await?;
    let pings = query("DELETE FROM pings WHERE outbox_id = $1");
    pings.bind(id).execute(&mut *connection).await?;
    Ok(())
}

pub(super) async fn decide_unknown(
    connection: &mut Hand,
    id: i64,
    seen: bool,
    now: DateTime<Utc>,
) -> Result<(), CommitError> {
    let decide = query(if seen {
        "UPDATE outbox SET state = 'sent', sent_at = $2, error = NULL
         WHERE id = $1 AND state = 'unknown'"
    } else {
        "UPDATE outbox SET state = 'waiting', ready = 0, maybe_sent = 1, not_before = $2, error = NULL
         WHERE id = $1 AND state = 'unknown'"
    });
    let decided = decide
        .bind(id)
        .bind(micros(now))
        .execute(connection)
        .await?;
    if decided == 0 {
        Err(CommitError::NotUnknown(id))
    } else {
        Ok(())
    }
}

/// A row that no longer waits is left to the check at claim time, or is too late.
pub(super) async fn withdraw_waiting(connection: &mut Hand, id: i64) -> Result<(), StoreError> {
    let withdraw = query(
        "UPDATE outbox SET state = 'withdrawn', error = NULL WHERE id = $1 AND state = 'waiting'",
    );
    let withdrawn = withdraw.bind(id).execute(&mut *connection).await?;
    if withdrawn == 1 {
        give_back(connection, id).await?;
    }
    Ok(())
}
