//! Commits that come while another is under way wait for its end and then go together: one transaction, one wait for the disk.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, oneshot};

use super::Sql;
use crate::store::error::DatabaseError;
use crate::store::{Changes, CommitError, GROUP_COMMIT, StoreError};

/// One result an event.
type Results = Vec<Result<(), CommitError>>;

/// Who waits with what.
#[derive(Debug)]
struct Waiting {
    number: u64,
    group: Vec<Changes>,
    tell: oneshot::Sender<Result<Results, StoreError>>,
}

/// Commits that have not begun, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Together {
    queue: Arc<Mutex<Queue>>,
    turn: Arc<Turn<()>>,
}

#[derive(Debug, Default)]
struct Queue {
    last: u64,
    waiting: Vec<Waiting>,
}

/// One's place in the queue: whoever goes away before his turn leaves nothing behind.
struct Place<'t> {
    together: &'t Together,
    number: u64,
}

impl Together {
    fn queue(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn join(
        &self,
        group: Vec<Changes>,
        tell: oneshot::Sender<Result<Results, StoreError>>,
    ) -> Place<'_> {
        let mut queue = self.queue();
        queue.last += 1;
        let number = queue.last;
        queue.waiting.push(Waiting {
            number,
            group,
            tell,
        });
        Place {
            together: self,
            number,
        }
    }

    /// As many of the first as one transaction may carry, at least one.
    fn first(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let mut events = 0;
        let fits = queue.waiting.iter().take_while(|waiting| {
            events += waiting.group.len();
            events <= GROUP_COMMIT
        });
        let many = fits.count().max(1).min(queue.waiting.len());
        queue.waiting.drain(..many).collect()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut queue = self.together.queue();
        queue
            .waiting
            .retain(|waiting| waiting.number != self.number);
    }
}

impl Sql {
    pub(in crate::store) async fn commit(
        &self,
        group: Vec<Changes>,
    ) -> Result<Results, StoreError> {
        let (tell, mut told) = oneshot::channel();
        let place = self.together.join(group, tell);
        loop {
            let turn = tokio::select! {
                biased;
                // Whoever had the turn before took ours along.
                results = &mut told => return results.unwrap_or_else(|_| Err(DatabaseError::Gone.into())),
                turn = self.together.turn.clone().lock_owned() => turn,
            };
            let first = self.together.first();
            if let [only] = first.as_slice()
                && only.number == place.number
            {
                let group = first.into_iter().flat_map(|waiting| waiting.group);
                return self.commit_group(group.collect()).await;
            }
            // Others must not suffer where we go away.
            let store = self.clone();
            let committed = tokio::spawn(async move {
                store.commit_all(first).await;
                drop(turn);
            });
            committed.await.map_err(|_| DatabaseError::Gone)?;
        }
    }

    async fn commit_all(&self, waiting: Vec<Waiting>) {
        let sizes: Vec<usize> = waiting.iter().map(|waiting| waiting.group.len()).collect();
        let (groups, tells): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .map(|waiting| (waiting.group, waiting.tell))
            .unzip();
        let committed = self.commit_group(groups.into_iter().flatten().collect());
        match committed.await {
            Ok(results) => {
                let mut results = results.into_iter();
                for (tell, size) in tells.into_iter().zip(sizes) {
                    let own = results.by_ref().take(size).collect();
                    // Who does not wait any more does not hear it.
                    _ = tell.send(Ok(own));
                }
            }
            Err(error) => {
                for tell in tells {
                    _ = tell.send(Err(error.told_again()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn fact(name: &str) -> Changes {
        Changes {
            facts: vec![(name.to_owned(), Some(String::new()))],
            ..Changes::default()
        }
    }

    #[tokio::test]
    async fn those_who_wait_go_together_fail_alone_and_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("duban.db");
        let store = Sql::open(&format!("sqlite:{}", file.display())).await;
        let store = store.unwrap();
        let turn = store.together.turn.clone().lock_owned().await;
        let commit = |group: Vec<Changes>| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(group).await })
        };
        // Nobody received that update.
        let done_already = Changes {
            update_id: Some(7),
            ..fact("late")
        };
        let two = commit(vec![fact("a"), fact("b")]);
        let late = commit(vec![done_already]);
        let gone = commit(vec![fact("gone")]);
        let one = commit(vec![fact("c")]);
        while store.together.queue().waiting.len() < 4 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gone.abort();
        assert!(gone.await.is_err());

        let first = store.together.first();
        assert_eq!(first.len(), 3, "all but who went away");
        store.commit_all(first).await;
        // Nobody needs a turn any more.
        let two = two.await.unwrap().unwrap();
        assert!(matches!(two.as_slice(), [Ok(()), Ok(())]), "{two:?}");
        let late = late.await.unwrap().unwrap();
        assert!(matches!(late.as_slice(), [Err(CommitError::UpdateDone)]));
        assert_eq!(one.await.unwrap().unwrap().len(), 1);
        drop(turn);
        let facts = store.facts("").await.unwrap();
        let names: Vec<&str> = facts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}
