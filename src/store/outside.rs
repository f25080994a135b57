//! Databases taken from outside: looked at, or moved as a whole, by their URLs.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::sql::{examine as examining, transfer as transferring};
use super::{CarriedTable, Examined, StoreError, TransferError};

/// Carries everything from one database into another that is empty; both are named by their URLs. The source is not changed, and
/// nobody else may be connected to it. `each` hears of every table.
///
/// # Errors
/// Nothing is left in the target then.
pub async fn transfer(
    from: &str,
    to: &str,
    each: impl FnMut(CarriedTable),
) -> Result<Vec<CarriedTable>, TransferError> {
    transferring::transfer(from, to, each).await
}

/// Looks at a database from outside and changes nothing; none: there is no such SQLite file yet. `now` is our clock.
///
/// # Errors
/// It cannot be opened or read.
pub async fn examine(
    url: &str,
    now: impl Fn() -> DateTime<Utc>,
) -> Result<Option<Examined>, StoreError> {
    examining::examine(url, now).await
}

/// The file of a SQLite database.
///
/// # Errors
/// The URL names no database.
pub fn file_of(url: &str) -> Result<Option<PathBuf>, StoreError> {
    examining::file_of(url)
}

/// Waits a little until nobody else is connected to a database.
///
/// # Errors
/// Somebody stays, or there is no such database.
pub async fn wait_alone(url: &str) -> Result<(), TransferError> {
    transferring::wait_alone(url).await
}
