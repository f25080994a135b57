//! Several processes on one database: what one of them does for all, and how the others hear of a commit. SQLite is for one
//! process alone.

use std::fs::{File, TryLockError};

use chrono::{DateTime, TimeDelta, Utc};

use super::{CommitError, Heard, OutboxRow, Sql, Store, StoreError, memory, sql};

/// A lease that we have: who takes it after us has a higher number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What is leased.
    pub name: String,
    /// Which of its terms this is, from 1.
    pub number: i64,
    /// How long nobody had it before; none: nobody ever had it.
    pub free_for: Option<TimeDelta>,
}

/// Holds a SQLite file for one process, until it is dropped or the process dies.
#[derive(Debug)]
pub struct Sole {
    _locked: File,
}

/// Hears what other processes commit.
#[derive(Debug)]
pub struct Bell(Rope);

#[derive(Debug)]
enum Rope {
    Memory(memory::Bell),
    Sql(sql::Bell),
}

impl Bell {
    /// The next word of another process. A connection is made anew when it breaks.
    ///
    /// # Errors
    /// It cannot be made anew now.
    pub async fn heard(&mut self) -> Result<Heard, StoreError> {
        match &mut self.0 {
            Rope::Memory(bell) => Ok(bell.heard().await),
            Rope::Sql(bell) => bell.heard().await,
        }
    }
}

impl Store {
    /// Makes sure that no other process runs on a SQLite file, by a lock of the operating system on a file beside it; none for
    /// databases that several may use.
    ///
    /// # Errors
    /// Another process runs on it.
    pub fn hold_alone(url: &str) -> Result<Option<Sole>, StoreError> {
        let Some(database) = Sql::file_of(url)? else {
            return Ok(None);
        };
        let mut file = database.clone().into_os_string();
        file.push(".lock");
        let locked = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file);
        let cannot = |error| StoreError::Lock {
            file: file.clone().into(),
            error,
        };
        let locked = locked.map_err(cannot)?;
        match locked.try_lock() {
            Ok(()) => Ok(Some(Sole { _locked: locked })),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { file: database }),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }

    /// Whether other processes may use the same database now.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Memory(store) => store.is_shared(),
            Self::Sql(store) => store.is_shared(),
        }
    }

    /// What others commit is heard here; none where there are no others.
    pub async fn bell(&self) -> Result<Option<Bell>, StoreError> {
        match self {
            Self::Memory(store) => Ok(store.bell().map(|bell| Bell(Rope::Memory(bell)))),
            Self::Sql(store) => {
                let bell = store.bell().await?;
                Ok(bell.map(|bell| Bell(Rope::Sql(bell))))
            }
        }
    }

    /// Takes a lease that nobody has, for so many seconds of the database's clock (the memory store's `now`); none while
    /// somebody has it. `holder` says who, for the log.
    pub async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<Term>, StoreError> {
        let taken = each!(self, store => store.acquire_lease(name, holder, seconds, now).await)?;
        Ok(taken.map(|(number, free_for)| Term {
            name: name.to_owned(),
            number,
            free_for,
        }))
    }

    /// Lets a lease run for so many seconds from now.
    ///
    /// # Errors
    /// [`CommitError::TermOver`]: it ran out, whether or not somebody else has it now.
    pub async fn renew_lease(
        &self,
        term: &Term,
        seconds: i64,
        now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        each!(self, store => store.renew_lease(term, seconds, now).await)
    }

    /// Gives a lease back, so that another may have it at once; nothing happens if it is lost already.
    pub async fn release_lease(&self, term: &Term, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.release_lease(term, now).await)
    }

    /// As [`Store::claim`], by the holder of a lease: who lost it claims nothing any more.
    ///
    /// # Errors
    /// [`CommitError::TermOver`]: the lease ran out.
    pub async fn claim_within(
        &self,
        term: &Term,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, CommitError> {
        each!(self, store => store.claim_within(term, now, lease_seconds, skip, most_priority).await)
    }

    /// Ends the leases of all rows: for a start at which nobody else can be sending.
    pub async fn end_all_leases(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.end_all_leases(now).await)
    }

    /// Gives updates their last attempt back, which failed for the database's sake, and their lanes to whoever comes.
    pub async fn put_back(&self, updates: &[i64]) -> Result<(), StoreError> {
        each!(self, store => store.put_back(updates).await)
    }

    /// Remembers an album of which a file was meant for the bot.
    pub async fn open_album(&self, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        each!(self, store => store.open_album(name, now).await)
    }

    /// Whether a file of this album was meant for the bot, within the last day.
    pub async fn knows_album(&self, name: &str) -> Result<bool, StoreError> {
        each!(self, store => store.knows_album(name).await)
    }
}
