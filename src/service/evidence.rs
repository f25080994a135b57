//! Evidence: which files are still to be fetched, and what became of them, as entries of the ledger.

use super::effects::{Gathering, Occasion};
use super::force::Force;
use super::{COMMIT_ATTEMPTS, Service, ServiceError};
use crate::ledger::{Actor, Fetched, FileRef, LedgerEntry};
use crate::plan::{Hash, TaskForceId};
use crate::store::{CommitError, RouteKind};

/// A file that is still to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedFile {
    /// Whose ledger it belongs to.
    pub task_force: TaskForceId,
    /// Which file of it.
    pub file: FileRef,
    /// Telegram's id of it.
    pub file_id: String,
    /// Bytes as Telegram gave them with the message, if it did.
    pub size: Option<u64>,
}

impl Service {
    /// Files to be fetched next, at most `most`, the oldest of each task force first; `may_wait` leaves out those that are
    /// under way or had better wait.
    pub async fn wanted_files(
        &self,
        most: usize,
        may_wait: impl Fn(&TaskForceId, FileRef) -> bool,
    ) -> Result<Vec<WantedFile>, ServiceError> {
        let routes = self.store.routes_of_kind(RouteKind::File).await?;
        let waiting = routes.into_iter().filter_map(|(id, name)| {
            let (seq, index) = name.split_once('/')?;
            let (seq, index) = (seq.parse().ok()?, index.parse().ok()?);
            Some((id, FileRef { seq, index }))
        });
        let mut waiting: Vec<_> = waiting.collect();
        waiting.sort();
        let mut wanted = Vec::new();
        let undecided = self.undecided().await?;
        for (id, file) in waiting {
            if wanted.len() == most {
                break;
            }
            if !undecided.contains(&id) && !may_wait(&id, file) {
                // The route keeps no ids: what was redacted meanwhile must not be fetched.
                wanted.extend(self.wanted_file(&id, file).await?);
            }
        }
        Ok(wanted)
    }

    async fn wanted_file(
        &self,
        id: &TaskForceId,
        file: FileRef,
    ) -> Result<Option<WantedFile>, ServiceError> {
        let mut found = None;
        let take = |entry: LedgerEntry| {
            found = entry.act.attachments().get(file.index).cloned();
        };
        self.store
            .each_entry(id, file.seq - 1, file.seq, take)
            .await?;
        Ok(found.and_then(|attachment| {
            Some(WantedFile {
                task_force: id.clone(),
                file,
                file_id: attachment.file_id.id()?.to_owned(),
                size: attachment.size,
            })
        }))
    }

    /// Puts into the ledger what became of a file, unless something stands there already or the file was redacted meanwhile.
    /// Returns whether anything refers to the content that was fetched.
    pub async fn note_file(
        &self,
        id: &TaskForceId,
        file: FileRef,
        fetched: Fetched,
    ) -> Result<bool, ServiceError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Some(mut force) = self.fresh_force(id).await? else {
                return Ok(false);
            };
            if !force.standing.evidence.awaits(file) {
                return Ok(uses(&force, fetched));
            }
            let occasion = Occasion::without_event(Actor::Bot);
            let mut gathering = Gathering::new(self, &mut force, occasion);
            gathering.append(Actor::Bot, file.act(fetched));
            let (changes, _) = gathering.finish();
            match self.commit_or_stale(&mut force, changes).await {
                Err(ServiceError::Commit(CommitError::HeadMoved)) if attempt < COMMIT_ATTEMPTS => {}
                other => return other.map(|()| uses(&force, fetched)),
            }
        }
    }

    /// Content that no entry refers to any more since its last one was redacted: what is kept of it is to be removed.
    pub async fn forgotten_files(&self) -> Result<Vec<(TaskForceId, Hash)>, ServiceError> {
        let routes = self.store.routes_of_kind(RouteKind::Forgotten).await?;
        let forgotten = routes.into_iter();
        let forgotten = forgotten.filter_map(|(id, hash)| Some((id, hash.parse().ok()?)));
        Ok(forgotten.collect())
    }
}

fn uses(force: &Force, fetched: Fetched) -> bool {
    match fetched {
        Fetched::Kept { sha256, .. } => force.standing.evidence.uses(sha256),
        Fetched::Not(_) => false,
    }
}
