//! Connections at hand. sqlx's pool asks a connection whether it still lives before and after every use; with PostgreSQL that finds
//! out what a restart of the server has cut. A file cannot be cut off: its connections are simply kept, and are SQLite's own, to be
//! used on the thread of whoever has them (`lent.rs`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::lent::{File, FileName, Lent, Open};
use crate::store::error::DatabaseError;

/// So long somebody waits for a connection that others use.
const PATIENCE: Duration = Duration::from_secs(10);

/// Any number of users share so many connections to one database.
#[derive(Debug, Clone)]
pub(super) enum Hands {
    /// To a file.
    Kept(Arc<Kept>),
    /// To a server.
    Pooled(AnyPool),
}

#[derive(Debug)]
pub(super) struct Kept {
    name: FileName,
    /// Statements that a new connection begins with.
    settings: &'static str,
    most: u32,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<Open>>,
}

/// A connection, until it is dropped.
pub(super) enum Hand {
    File(File),
    Server(PoolConnection<Any>),
}

impl Hands {
    /// At most so many to a file, each opened when it is first needed.
    pub(super) fn kept(name: FileName, most: u32, settings: &'static str) -> Self {
        Self::Kept(Arc::new(Kept {
            name,
            settings,
            most,
            free: Arc::new(Semaphore::new(most as usize)),
            idle: Mutex::default(),
        }))
    }

    /// At most so many to a server.
    pub(super) fn pooled(options: &AnyConnectOptions, most: u32) -> Self {
        let pool = AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE);
        Self::Pooled(pool.connect_lazy_with(options.clone()))
    }

    /// Takes one.
    ///
    /// # Errors
    /// None can be opened, all are in use for too long, or all are closed for good.
    pub(super) async fn take(&self) -> Result<Hand, DatabaseError> {
        let home = match self {
            Self::Kept(home) => home,
            Self::Pooled(pool) => return Ok(Hand::Server(pool.acquire().await?)),
        };
        let permit = match home.free.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                let permit = tokio::time::timeout(PATIENCE, home.free.clone().acquire_owned());
                let permit = permit.await.map_err(|_| DatabaseError::AllInUse)?;
                permit.map_err(|_| DatabaseError::Gone)?
            }
        };
        let idle = home.idle().pop();
        let open = match idle {
            Some(open) => open,
            None => home.opened().await?,
        };
        Ok(Hand::File(File::new(Lent::new(open, home.clone(), permit))))
    }

    /// One to a file that is open and that nobody has.
    pub(super) fn take_idle(&self) -> Option<Hand> {
        let Self::Kept(home) = self else {
            return None;
        };
        let permit = home.free.clone().try_acquire_owned().ok()?;
        let open = home.idle().pop()?;
        Some(Hand::File(File::new(Lent::new(open, home.clone(), permit))))
    }

    /// Closes all of them, once nobody uses them any more.
    pub(super) async fn close(&self) -> Result<(), DatabaseError> {
        let home = match self {
            Self::Kept(home) => home,
            Self::Pooled(pool) => {
                pool.close().await;
                return Ok(());
            }
        };
        // Where that fails they are closed already.
        let Ok(all) = home.free.acquire_many(home.most).await else {
            return Ok(());
        };
        home.free.close();
        drop(all);
        let idle = std::mem::take(&mut *home.idle());
        // The last one brings the log into the file.
        let closed = spawn_blocking(move || idle.into_iter().try_for_each(Open::close));
        Ok(closed.await.map_err(|_| DatabaseError::Gone)??)
    }
}

impl Kept {
    async fn opened(&self) -> Result<Open, DatabaseError> {
        let (name, settings) = (self.name.clone(), self.settings);
        let opened = spawn_blocking(move || Open::at(&name, settings));
        Ok(opened.await.map_err(|_| DatabaseError::Gone)??)
    }

    pub(super) fn give_back(&self, open: Open) {
        self.idle().push(open);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Open>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
