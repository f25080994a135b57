//! Values ↔ columns: instants as microseconds, days as text, states and kinds by name.

use chrono::{DateTime, NaiveDate, Utc};

use super::statement::{Cell, Row, Stored};
use crate::plan::TaskForceId;
use crate::store::{
    ConversationRow, DigestRow, InboxRow, Lease, NewOutgoing, OutboxRow, OutboxState, Outcome,
    OutgoingKind, StoreError, StoredEntry,
};

/// Columns of an [`InboxRow`].
macro_rules! inbox_columns {
    () => {
        "update_id, lane, received_at, body, attempts"
    };
}

/// Columns of an [`OutboxRow`], without keys and pings.
macro_rules! outbox_columns {
    () => {
        "id, task_force, chat, thread, kind, priority, body, about, slot, notice, not_before, not_after, \
         state, lease, attempts, maybe_sent, message_id, created_at, sent_at, error"
    };
}

pub(super) use {inbox_columns, outbox_columns};

pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(super) fn instant(micros: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| unreadable("instant", format!("{micros} µs is out of range")))
}

pub(super) fn day(text: &str) -> Result<NaiveDate, StoreError> {
    text.parse()
        .map_err(|error| unreadable("day", format!("{text}: {error}")))
}

pub(super) fn unreadable(what: &str, why: String) -> StoreError {
    StoreError::Unreadable {
        what: what.to_owned(),
        why,
    }
}

/// Numbers that are never negative in the program.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned<T: TryFrom<i64>>(what: &str, number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| unreadable(what, format!("{number} is out of range")))
}

pub(super) fn bytes<const N: usize>(what: &str, bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes
        .try_into()
        .map_err(|_| unreadable(what, format!("{} bytes instead of {N}", bytes.len())))
}

/// `,1,2,` for `$1 NOT LIKE '%,' || chat || ',%'`: neither database takes a list as one parameter in the other's words.
pub(super) fn listed(ids: &[i64]) -> String {
    ids.iter()
        .fold(",".to_owned(), |list, id| format!("{list}{id},"))
}

fn kind_named(name: &str) -> Result<OutgoingKind, StoreError> {
    match name {
        "answer" => Ok(OutgoingKind::Answer),
        "reminder" => Ok(OutgoingKind::Reminder),
        "digest" => Ok(OutgoingKind::Digest),
        "slip" => Ok(OutgoingKind::Slip),
        "document" => Ok(OutgoingKind::Document),
        "status" => Ok(OutgoingKind::Status),
        "line" => Ok(OutgoingKind::Line),
        other => Err(unreadable("kind of an outbox row", other.to_owned())),
    }
}

fn state_named(name: &str) -> Result<OutboxState, StoreError> {
    match name {
        "waiting" => Ok(OutboxState::Waiting),
        "leased" => Ok(OutboxState::Leased),
        "sent" => Ok(OutboxState::Sent),
        "unknown" => Ok(OutboxState::Unknown),
        "withdrawn" => Ok(OutboxState::Withdrawn),
        "dead" => Ok(OutboxState::Dead),
        other => Err(unreadable("state of an outbox row", other.to_owned())),
    }
}

/// Takes a row's columns one after the other.
pub(super) struct Columns(std::vec::IntoIter<Cell>);

impl Columns {
    pub(super) fn of(row: Row) -> Self {
        Self(row.0.into_iter())
    }

    pub(super) fn take<T: Stored>(&mut self) -> Result<T, StoreError> {
        let cell = self.0.next();
        let cell = cell.ok_or_else(|| unreadable("row", "it has too few columns".to_owned()))?;
        T::stored(cell).ok_or_else(|| unreadable("column", format!("it is no {}", T::KIND)))
    }

    pub(super) fn instant(&mut self) -> Result<DateTime<Utc>, StoreError> {
        instant(self.take()?)
    }

    fn instant_if_any(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.take::<Option<i64>>()?.map(instant).transpose()
    }

    fn small_if_any(&mut self, what: &str) -> Result<Option<i32>, StoreError> {
        self.take::<Option<i64>>()?
            .map(|number| unsigned(what, number))
            .transpose()
    }
}

pub(super) fn inbox_row(columns: &mut Columns) -> Result<InboxRow, StoreError> {
    Ok(InboxRow {
        update_id: columns.take()?,
        lane: columns.take()?,
        received_at: columns.instant()?,
        body: columns.take()?,
        attempts: columns.take()?,
    })
}

/// Columns seq, body, hash.
pub(super) fn stored_entry(row: Row) -> Result<StoredEntry, StoreError> {
    let mut columns = Columns::of(row);
    Ok(StoredEntry {
        seq: unsigned("seq of an entry", columns.take()?)?,
        body: columns.take()?,
        hash: bytes("hash of an entry", &columns.take::<Vec<u8>>()?)?,
    })
}

/// Columns user_id, chat, state, updated_at.
pub(super) fn conversation_row(row: Row) -> Result<ConversationRow, StoreError> {
    let mut columns = Columns::of(row);
    Ok(ConversationRow {
        user_id: columns.take()?,
        chat: columns.take()?,
        state: columns.take()?,
        updated_at: columns.instant()?,
    })
}

/// Columns number, cut_off_at, body.
pub(super) fn digest_row(row: Row) -> Result<DigestRow, StoreError> {
    let mut columns = Columns::of(row);
    Ok(DigestRow {
        number: unsigned("number of a digest", columns.take()?)?,
        cut_off_at: columns.instant()?,
        body: columns.take()?,
    })
}

pub(super) fn outbox_row(row: Row) -> Result<OutboxRow, StoreError> {
    outbox_row_of(&mut Columns::of(row))
}

/// The columns of [`outbox_columns`]; keys and pings are still to come.
pub(super) fn outbox_row_of(columns: &mut Columns) -> Result<OutboxRow, StoreError> {
    let id = columns.take()?;
    let task_force: Option<String> = columns.take()?;
    let message = NewOutgoing {
        chat: columns.take()?,
        thread: columns.small_if_any("topic of an outbox row")?,
        kind: kind_named(&columns.take::<String>()?)?,
        priority: columns.take()?,
        body: columns.take()?,
        about: columns.take()?,
        slot: columns.take()?,
        notice: columns.take()?,
        not_before: columns.instant()?,
        not_after: columns.instant_if_any()?,
        keys: Vec::new(),
        pings: Vec::new(),
    };
    Ok(OutboxRow {
        id,
        task_force: task_force.map(TaskForceId::new),
        message,
        state: state_named(&columns.take::<String>()?)?,
        lease: Lease {
            row: id,
            number: columns.take()?,
        },
        attempts: columns.take()?,
        maybe_sent: columns.take::<i64>()? != 0,
        message_id: columns.small_if_any("message id of an outbox row")?,
        created_at: columns.instant()?,
        sent_at: columns.instant_if_any()?,
        error: columns.take()?,
    })
}

/// Kind, state, error and count.
pub(super) fn outcome(row: Row) -> Result<Outcome, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Outcome {
        kind: kind_named(&columns.take::<String>()?)?,
        state: state_named(&columns.take::<String>()?)?,
        error: columns.take()?,
        rows: unsigned("count of outbox rows", columns.take()?)?,
    })
}
