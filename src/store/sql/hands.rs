//! Connections at hand. sqlx's own pool asks a connection whether it still lives before and after every use; with PostgreSQL that finds
//! out what a restart of the server has cut. A file cannot be cut off, and there the two questions would cost more than most of what is
//! asked between them: its connections are simply kept.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Error, raw_sql};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    options: AnyConnectOptions,
    /// Statements that a new connection begins with.
    settings: &'static str,
    most: u32,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<AnyConnection>>,
}

/// A connection, until it is dropped.
pub(super) enum Hand {
    Kept {
        /// There until the end.
        connection: Option<AnyConnection>,
        home: Arc<Kept>,
        _permit: OwnedSemaphorePermit,
    },
    Pooled(PoolConnection<Any>),
}

impl Hands {
    /// At most so many to a file, each opened when it is first needed.
    pub(super) fn kept(options: &AnyConnectOptions, most: u32, settings: &'static str) -> Self {
        Self::Kept(Arc::new(Kept {
            options: options.clone(),
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
    pub(super) async fn take(&self) -> Result<Hand, Error> {
        let home = match self {
            Self::Kept(home) => home,
            Self::Pooled(pool) => return Ok(Hand::Pooled(pool.acquire().await?)),
        };
        let permit = tokio::time::timeout(PATIENCE, home.free.clone().acquire_owned());
        let permit = permit.await.map_err(|_| Error::PoolTimedOut)?;
        let permit = permit.map_err(|_| Error::PoolClosed)?;
        let idle = home.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => home.opened().await?,
        };
        Ok(Hand::Kept {
            connection: Some(connection),
            home: home.clone(),
            _permit: permit,
        })
    }

    /// Closes all of them, once nobody uses them any more.
    pub(super) async fn close(&self) -> Result<(), Error> {
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
        for connection in idle {
            connection.close().await?;
        }
        Ok(())
    }
}

impl Kept {
    async fn opened(&self) -> Result<AnyConnection, Error> {
        let mut connection = self.options.connect().await?;
        raw_sql(self.settings).execute(&mut connection).await?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<AnyConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Hand {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match self {
            Self::Kept { connection, .. } => connection.as_ref().expect("there until the end"),
            Self::Pooled(connection) => connection,
        }
    }
}

impl DerefMut for Hand {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match self {
            Self::Kept { connection, .. } => connection.as_mut().expect("there until the end"),
            Self::Pooled(connection) => connection,
        }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // A transaction that was dropped in between is undone by what stands first in the connection's queue.
        if let Self::Kept {
            connection, home, ..
        } = self
            && let Some(connection) = connection.take()
        {
            home.idle().push(connection);
        }
    }
}
