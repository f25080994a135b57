//! A connection to a file, lent out: whoever has it speaks to SQLite on his own thread, but for what waits for the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;

use super::Safety;
use super::hands::Kept;
use crate::store::error::DatabaseError;

/// So long other programs get to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it is waited before the file is asked again, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(1);
const LONGEST_WAIT: Duration = Duration::from_millis(50);

/// More than there are statements.
const STATEMENTS_KEPT: usize = 256;

/// How SQLite is told where a file is and what may be done with it.
#[derive(Debug, Clone)]
pub(super) struct FileName(pub(super) String);

/// An open connection.
#[derive(Debug)]
pub(super) struct Open {
    connection: Connection,
    /// What a transaction outlives that is committed on it.
    safety: Option<Safety>,
}

/// It goes back when it is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    open: Option<Open>,
    home: Arc<Kept>,
    _permit: OwnedSemaphorePermit,
}

/// Where a lent connection is, but while it is with a thread of its own. Whoever does not wait for that thread finds it gone; the
/// thread gives it back.
#[derive(Debug)]
pub(super) struct File(Option<Lent>);

impl FileName {
    pub(super) fn new(file: &str, settings: &str) -> Self {
        let escaped = file.replace('%', "%25").replace('?', "%3f");
        let escaped = escaped.replace('#', "%23");
        // Between two slashes and a third there would be the name of a machine.
        let no_machine = if file.starts_with('/') { "//" } else { "" };
        Self(format!("file:{no_machine}{escaped}?{settings}"))
    }
}

impl Open {
    /// Opens a file and tells SQLite how it is to be used. The file's lock is waited for here.
    pub(super) fn at(name: &FileName, settings: &str) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(PathBuf::from(&name.0), flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        connection.execute_batch(settings)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self {
            connection,
            safety: None,
        })
    }

    pub(super) fn close(self) -> Result<(), rusqlite::Error> {
        self.connection.close().map_err(|(_, error)| error)
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Without a result, and no place in it for a value.
    pub(super) fn run(&self, words: &'static str) -> Result<(), rusqlite::Error> {
        tracing::trace!(statement = words, "put");
        self.connection.prepare_cached(words)?.raw_execute()?;
        Ok(())
    }

    /// Begins a transaction that writes.
    pub(super) fn begin(&mut self, safety: Safety) -> Result<(), rusqlite::Error> {
        if self.safety != Some(safety) {
            // What does not wait for the disk does not bring the log into the file either.
            self.connection.execute_batch(match safety {
                Safety::Disk => "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000",
                Safety::Process => "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0",
            })?;
            self.safety = Some(safety);
        }
        self.run("BEGIN IMMEDIATE")
    }

    /// Undoes what was begun, where SQLite has not done so itself.
    pub(super) fn roll_back(&self) -> Result<(), rusqlite::Error> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.run("ROLLBACK")
    }
}

impl Lent {
    pub(super) fn new(open: Open, home: Arc<Kept>, permit: OwnedSemaphorePermit) -> Self {
        Self {
            open: Some(open),
            home,
            _permit: permit,
        }
    }

    fn open(&mut self) -> &mut Open {
        self.open.as_mut().expect("there until the end")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // What somebody began and did not end is undone; a connection that cannot do even that is closed.
        if let Some(open) = self.open.take()
            && open.roll_back().is_ok()
        {
            self.home.give_back(open);
        }
    }
}

impl File {
    pub(super) fn new(lent: Lent) -> Self {
        Self(Some(lent))
    }

    pub(super) fn open(&mut self) -> Option<&mut Open> {
        self.0.as_mut().map(Lent::open)
    }

    /// Whether a commit now does.
    pub(super) fn waits_for_the_disk(&mut self) -> bool {
        self.open()
            .is_none_or(|open| open.safety != Some(Safety::Process))
    }

    /// Does something on this thread, again and again while another program holds the file.
    pub(super) async fn patiently<T>(
        &mut self,
        mut work: impl FnMut(&mut Open) -> Result<T, rusqlite::Error>,
    ) -> Result<T, DatabaseError> {
        let (mut wait, mut waited) = (FIRST_WAIT, Duration::ZERO);
        loop {
            let open = self.open().ok_or(DatabaseError::Gone)?;
            match work(open) {
                // Within a transaction it would be held while we wait, perhaps by whom we wait for.
                Err(error)
                    if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                        && open.connection.is_autocommit()
                        && waited < PATIENCE => {}
                done => return Ok(done?),
            }
            tokio::time::sleep(wait).await;
            waited += wait;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Does something on a thread where it holds nobody up, and which itself waits for other programs.
    pub(super) async fn apart<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Open) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let mut lent = self.0.take().ok_or(DatabaseError::Gone)?;
        let there = spawn_blocking(move || {
            let open = lent.open();
            let done = open.connection.busy_timeout(PATIENCE);
            let done = done.and_then(|()| work(open));
            let waits_no_more = open.connection.busy_timeout(Duration::ZERO);
            (lent, done.and_then(|done| waits_no_more.map(|()| done)))
        });
        let (lent, done) = there.await.map_err(|_| DatabaseError::Gone)?;
        self.0 = Some(lent);
        Ok(done?)
    }
}
