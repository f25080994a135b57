//! Transactions, and parts of them. What is dropped before it is committed is undone.

use std::ops::{Deref, DerefMut};

use sqlx::raw_sql;

use super::hands::Hand;
use super::lent::File;
use super::{Backend, Safety};
use crate::store::StoreError;
use crate::store::error::DatabaseError;

const PART: &str = "SAVEPOINT part";
const PART_KEPT: &str = "RELEASE SAVEPOINT part";
const PART_UNDONE: &str = "ROLLBACK TO SAVEPOINT part";

pub(super) struct Transaction<'h> {
    hand: &'h mut Hand,
    /// Whether it is a part of another.
    is_part: bool,
    is_open: bool,
}

impl Hand {
    /// Begins a transaction that writes, once other writers are through.
    pub(super) async fn begin(&mut self, safety: Safety) -> Result<Transaction<'_>, StoreError> {
        match self {
            Self::File(file) => file.patiently(|open| open.begin(safety)).await?,
            Self::Server(_) => {
                // Should it be dropped halfway, the server may have begun.
                let begun = self.transaction(false);
                begun.hand.run(Backend::Postgres.begin(safety)).await?;
                return Ok(begun);
            }
        }
        Ok(self.transaction(false))
    }

    /// Begins a part of a transaction that can be undone by itself.
    pub(super) async fn begin_part(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.run(PART).await?;
        Ok(self.transaction(true))
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        if let Self::File(file) = self
            && file.waits_for_the_disk()
        {
            return file.apart(|open| open.run("COMMIT")).await;
        }
        self.run("COMMIT").await
    }

    fn transaction(&mut self, is_part: bool) -> Transaction<'_> {
        Transaction {
            hand: self,
            is_part,
            is_open: true,
        }
    }

    /// Words without values or results.
    async fn run(&mut self, words: &'static str) -> Result<(), DatabaseError> {
        match self {
            Self::File(file) => run(file, words),
            Self::Server(connection) => {
                tracing::trace!(statement = words, "put");
                raw_sql(words).execute(&mut **connection).await?;
                Ok(())
            }
        }
    }
}

impl Transaction<'_> {
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if self.is_part {
            self.hand.run(PART_KEPT).await?;
        } else {
            self.hand.commit().await?;
        }
        self.is_open = false;
        Ok(())
    }

    pub(super) async fn rollback(mut self) -> Result<(), StoreError> {
        if self.is_part {
            self.hand.run(PART_UNDONE).await?;
            self.hand.run(PART_KEPT).await?;
        } else {
            self.hand.run("ROLLBACK").await?;
        }
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        match &mut *self.hand {
            // Where a part cannot be undone, the whole is when the connection goes back.
            Hand::File(file) if self.is_part => {
                _ = run(file, PART_UNDONE).and_then(|()| run(file, PART_KEPT));
            }
            Hand::File(file) => _ = file.open().map(|open| open.roll_back()),
            // Nothing can be said to a server here; it undoes what was begun when the connection is gone.
            Hand::Server(connection) => connection.close_on_drop(),
        }
    }
}

fn run(file: &mut File, words: &'static str) -> Result<(), DatabaseError> {
    Ok(file.open().ok_or(DatabaseError::Gone)?.run(words)?)
}

impl Deref for Transaction<'_> {
    type Target = Hand;

    fn deref(&self) -> &Hand {
        self.hand
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut Hand {
        self.hand
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sql;
    use super::super::statement::query;
    use super::*;

    async fn write(hand: &mut Hand, name: &'static str) -> Result<u64, StoreError> {
        let write = query("INSERT INTO facts (name, value) VALUES ($1, $2)");
        write.bind(name).bind("1").execute(hand).await
    }

    async fn names(store: &Sql) -> Vec<String> {
        let facts = store.facts("").await.unwrap();
        facts.into_iter().map(|(name, _)| name).collect()
    }

    async fn opened() -> (tempfile::TempDir, Sql) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("duban.db");
        let store = Sql::open(&format!("sqlite:{}", file.display())).await;
        (folder, store.unwrap())
    }

    #[tokio::test]
    async fn what_is_dropped_halfway_is_undone() {
        let (_folder, store) = opened().await;
        let halfway = async {
            let mut writer = store.writer.take().await.unwrap();
            let mut transaction = store.begin(&mut writer).await.unwrap();
            write(&mut transaction, "halfway").await.unwrap();
            std::future::pending::<()>().await;
        };
        let cut = tokio::time::timeout(std::time::Duration::from_millis(50), halfway);
        assert!(cut.await.is_err());

        let mut writer = store.writer.take().await.unwrap();
        let mut transaction = store.begin(&mut writer).await.unwrap();
        write(&mut transaction, "before").await.unwrap();
        let mut part = transaction.begin_part().await.unwrap();
        write(&mut part, "part").await.unwrap();
        drop(part);
        write(&mut transaction, "after").await.unwrap();
        transaction.commit().await.unwrap();
        drop(writer);
        assert_eq!(names(&store).await, ["after", "before"]);
    }

    #[tokio::test]
    async fn a_commit_nobody_waits_for_is_done_and_gives_its_connection_back() {
        let (_folder, store) = opened().await;
        let mut writer = store.writer.take().await.unwrap();
        let mut transaction = store.begin(&mut writer).await.unwrap();
        write(&mut transaction, "committed").await.unwrap();
        {
            let mut commit = std::pin::pin!(transaction.commit());
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(commit.as_mut().poll(context).is_pending())
            });
            assert!(polled.await, "it waits for the disk");
        }
        let error = write(&mut writer, "without").await.unwrap_err();
        assert!(matches!(error, StoreError::Sql(DatabaseError::Gone)));
        drop(writer);
        let mut writer = store.writer.take().await.unwrap();
        write(&mut writer, "then").await.unwrap();
        assert_eq!(names(&store).await, ["committed", "then"]);
    }

    #[tokio::test]
    async fn a_full_disk_is_named_and_what_did_not_fit_is_undone() {
        let (_folder, store) = opened().await;
        let mut writer = store.writer.take().await.unwrap();
        let pages: i64 = query("PRAGMA page_count")
            .fetch_one(&mut writer)
            .await
            .unwrap();
        // No more pages than there are.
        let most: i64 = query("PRAGMA max_page_count = 1")
            .fetch_one(&mut writer)
            .await
            .unwrap();
        assert_eq!(most, pages);
        let mut transaction = store.begin(&mut writer).await.unwrap();
        let long = "long ".repeat(10_000);
        let write_long = query("INSERT INTO facts (name, value) VALUES ('long', $1)");
        let error = write_long.bind(&long).execute(&mut transaction).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains("disk is full"), "{error}");
        drop(transaction);
        let mut transaction = store.begin(&mut writer).await.unwrap();
        write(&mut transaction, "short").await.unwrap();
        transaction.commit().await.unwrap();
        drop(writer);
        assert_eq!(names(&store).await, ["short"]);
    }
}
