//! Evidence in: files of answers are fetched from Telegram one after the other, beside everything else and in nobody's way.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use teloxide::RequestError;
use teloxide::net::Download;
use teloxide::prelude::*;
use teloxide::types::FileId;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::client::{ClientSettings, ConnectError, downloads};
use super::problem::{FileVerdict, judge_download, judge_file};
use crate::ledger::{Fetched, FileRef, NotKept};
use crate::plan::{Hash, TaskForceId};
use crate::service::{Service, ServiceError, WantedFile};
use crate::store::{Draft, Shelf};

/// Files under way at the same time.
const AT_ONCE: usize = 2;

/// Without a ring the work list is looked at after this long: another instance may have added to it.
const IDLE: TimeDelta = TimeDelta::minutes(1);

/// A file that did not come through is tried again after this long, then after ever longer.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// The longest wait between two tries of a file.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// Where Telegram cannot be reached or refuses everything, all files wait this long, then ever longer.
const FIRST_OUTAGE: TimeDelta = TimeDelta::seconds(5);
/// The longest such wait.
const LONGEST_OUTAGE: TimeDelta = TimeDelta::minutes(5);

/// A file refused so often is gone: a single refusal may be a passing one.
const MOST_REFUSALS: u32 = 5;
/// A file tried so often, four days long, is given up.
const MOST_TRIES: u32 = 100;

/// Pieces of a file that wait for the disk.
const PIECES: usize = 8;

/// What a killed program had begun is cleared after this long: a younger one may be another instance's.
const DRAFTS_KEPT: Duration = Duration::from_secs(24 * 3600);

/// Keeps the evidence of all ledgers.
pub struct Fetcher {
    carrier: Arc<Carrier>,
    tries: BTreeMap<(TaskForceId, FileRef), Tries>,
    outage: Option<Outage>,
    removed: BTreeSet<(TaskForceId, Hash)>,
}

/// What one look at the work list came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Something was tried.
    Tried,
    /// Nothing can be tried before then, or before something rings.
    Nothing(Option<DateTime<Utc>>),
}

/// What brings files; any number may be under way.
struct Carrier {
    service: Arc<Service>,
    bot: Bot,
    shelf: Shelf,
    /// The largest file that is kept, in bytes; none: nothing is fetched.
    most_bytes: Option<u64>,
}

/// What came of one try.
enum End {
    /// All of it is here.
    Whole(Draft),
    /// It will never be.
    Never(NotKept),
    /// Another time.
    Again { refused: bool },
    /// Nothing can be fetched for now.
    Outage(Option<TimeDelta>),
}

/// How often a file was tried.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    all: u32,
    refused: u32,
    not_before: DateTime<Utc>,
    under_way: bool,
}

/// Nothing is tried until then.
#[derive(Debug, Clone, Copy)]
struct Outage {
    until: DateTime<Utc>,
    times: u32,
}

impl Fetcher {
    /// Keeps files of at most `most_bytes` on the shelf; none: fetches nothing, and only removes what was redacted.
    ///
    /// # Errors
    /// No client can be made from these settings.
    pub fn new(
        service: Arc<Service>,
        settings: &ClientSettings,
        shelf: Shelf,
        most_bytes: Option<u64>,
    ) -> Result<Self, ConnectError> {
        Ok(Self {
            carrier: Arc::new(Carrier {
                service,
                bot: downloads(settings)?,
                shelf,
                most_bytes,
            }),
            tries: BTreeMap::new(),
            outage: None,
            removed: BTreeSet::new(),
        })
    }

    fn service(&self) -> &Service {
        &self.carrier.service
    }

    /// Fetches one file, if one may be tried now, and records what came of it.
    ///
    /// # Errors
    /// The database.
    pub async fn look(&mut self) -> Result<Looked, ServiceError> {
        self.sweep().await?;
        let Some(wanted) = self.next(1).await?.pop() else {
            return Ok(Looked::Nothing(self.next_at()));
        };
        let end = self.carrier.fetch(&wanted).await;
        self.settle(wanted, end).await?;
        Ok(Looked::Tried)
    }

    /// Fetches whatever is wanted until `stop` is true; what is under way then is fetched again at the next start.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        self.clear_drafts().await;
        let mut flights = JoinSet::new();
        while !*stop.borrow() {
            if let Err(error) = self.start(&mut flights).await {
                tracing::error!(%error, "evidence waits for the database");
            }
            let now = self.service().now();
            let until = self.next_at().unwrap_or(now + IDLE).min(now + IDLE);
            tokio::select! {
                Some(landed) = flights.join_next() => match landed {
                    Ok((wanted, end)) => {
                        if let Err(error) = self.settle(wanted, end).await {
                            tracing::error!(%error, "what came of a file waits for the database");
                        }
                    }
                    Err(error) => tracing::error!(%error, "fetching a file ended before its time"),
                },
                () = self.carrier.service.evidence_rings.notified() => {}
                () = self.carrier.service.clock().sleep_until(until) => {}
                changed = stop.changed() => {
                    if changed.is_err() {
                        break;
                    }
                }
            }
        }
    }

    async fn start(
        &mut self,
        flights: &mut JoinSet<(WantedFile, End)>,
    ) -> Result<(), ServiceError> {
        self.sweep().await?;
        for wanted in self.next(AT_ONCE.saturating_sub(flights.len())).await? {
            let carrier = self.carrier.clone();
            flights.spawn(async move {
                let end = carrier.fetch(&wanted).await;
                (wanted, end)
            });
        }
        Ok(())
    }

    /// The next files to try, marked as under way.
    async fn next(&mut self, most: usize) -> Result<Vec<WantedFile>, ServiceError> {
        let now = self.service().now();
        let closed = self.outage.is_some_and(|outage| now < outage.until);
        if most == 0 || closed || self.carrier.most_bytes.is_none() {
            return Ok(Vec::new());
        }
        let may_wait = |id: &TaskForceId, file: FileRef| {
            let tries = self.tries.get(&(id.clone(), file));
            tries.is_some_and(|tries| tries.under_way || now < tries.not_before)
        };
        let wanted = self.service().wanted_files(most, may_wait).await?;
        for file in &wanted {
            self.tries_of(file).under_way = true;
        }
        Ok(wanted)
    }

    fn tries_of(&mut self, wanted: &WantedFile) -> &mut Tries {
        let key = (wanted.task_force.clone(), wanted.file);
        self.tries.entry(key).or_default()
    }

    /// When something may be tried again that must wait now.
    fn next_at(&self) -> Option<DateTime<Utc>> {
        let now = self.service().now();
        let waiting = self.tries.values().filter(|tries| !tries.under_way);
        let next = waiting.map(|tries| tries.not_before).min()?;
        let opens = self.outage.map_or(next, |outage| outage.until);
        Some(next.max(opens)).filter(|next| *next > now)
    }

    /// One after the other, as is the removal of what was redacted: nothing is removed that has just come again.
    async fn settle(&mut self, wanted: WantedFile, end: End) -> Result<(), ServiceError> {
        let now = self.service().now();
        let key = (wanted.task_force.clone(), wanted.file);
        let tries = self.tries_of(&wanted);
        tries.under_way = false;
        // Whatever fails below is tried again, but not at once.
        tries.not_before = now + FIRST_WAIT;
        let fetched = match end {
            End::Outage(wait) => {
                tries.not_before = now;
                self.close(wait, now);
                return Ok(());
            }
            End::Again { refused } => {
                tries.all += 1;
                tries.refused += u32::from(refused);
                tries.not_before = now + doubled(FIRST_WAIT, tries.all - 1, LONGEST_WAIT);
                match (tries.all, tries.refused) {
                    (_, MOST_REFUSALS..) => Fetched::Not(NotKept::Gone),
                    (MOST_TRIES.., _) => Fetched::Not(NotKept::Unreachable),
                    _ => return Ok(()),
                }
            }
            End::Never(why) => Fetched::Not(why),
            End::Whole(draft) => match kept(draft).await {
                Ok((sha256, size)) => Fetched::Kept { sha256, size },
                Err(error) => {
                    tracing::error!(%error, "evidence cannot be written");
                    self.close(None, now);
                    return Ok(());
                }
            },
        };
        self.outage = None;
        let used = self
            .service()
            .note_file(&wanted.task_force, wanted.file, fetched)
            .await?;
        self.tries.remove(&key);
        let seq = wanted.file.seq;
        match fetched {
            Fetched::Kept { sha256, size } if used => {
                tracing::info!(task_force = %wanted.task_force, seq, size, "a file of evidence is kept");
                self.removed.remove(&(wanted.task_force, sha256));
            }
            Fetched::Kept { sha256, .. } => self.remove(&wanted.task_force, sha256),
            Fetched::Not(why) => {
                tracing::warn!(task_force = %wanted.task_force, seq, ?why, "a file of evidence is not kept");
            }
        }
        Ok(())
    }

    fn close(&mut self, wait: Option<TimeDelta>, now: DateTime<Utc>) {
        let times = self.outage.map_or(0, |outage| outage.times);
        let wait = wait.unwrap_or_else(|| doubled(FIRST_OUTAGE, times, LONGEST_OUTAGE));
        self.outage = Some(Outage {
            until: now + wait,
            times: times + 1,
        });
    }

    /// Removes what was kept of redacted files, once each; what fails is tried at the next look.
    async fn sweep(&mut self) -> Result<(), ServiceError> {
        for (id, sha256) in self.service().forgotten_files().await? {
            if !self.removed.contains(&(id.clone(), sha256)) {
                self.remove(&id, sha256);
            }
        }
        Ok(())
    }

    fn remove(&mut self, id: &TaskForceId, sha256: Hash) {
        match self.carrier.shelf.remove(id, sha256) {
            Ok(_) => drop(self.removed.insert((id.clone(), sha256))),
            Err(error) => {
                tracing::error!(task_force = %id, %error, "redacted evidence cannot be removed");
            }
        }
    }

    async fn clear_drafts(&self) {
        let before = SystemTime::from(self.service().now()) - DRAFTS_KEPT;
        let all = match self.service().task_forces().await {
            Ok(all) => all,
            Err(error) => {
                tracing::warn!(%error, "unfinished evidence cannot be cleared");
                return;
            }
        };
        for id in all {
            if let Err(error) = self.carrier.shelf.clear_drafts(&id, before) {
                tracing::warn!(task_force = %id, %error, "unfinished evidence cannot be cleared");
            }
        }
    }
}

impl Carrier {
    /// Brings one file into a draft. Its path at Telegram's is asked for and used there alone; here it is never a path.
    async fn fetch(&self, wanted: &WantedFile) -> End {
        let most = self.most_bytes.unwrap_or(0);
        if wanted.size.is_some_and(|size| size > most) {
            return End::Never(NotKept::TooLarge);
        }
        let asked = self.bot.get_file(FileId(wanted.file_id.clone())).await;
        let file = match asked {
            Ok(file) => file,
            Err(error) => return self.end_of(judge_file(&error), wanted, &error),
        };
        // A size that was not given reads as the greatest.
        let size = Some(file.size).filter(|size| *size < u32::MAX);
        let size = size.map(u64::from);
        if size.is_some_and(|size| size > most) {
            return End::Never(NotKept::TooLarge);
        }
        let (pieces, received) = mpsc::channel(PIECES);
        let (shelf, id) = (self.shelf.clone(), wanted.task_force.clone());
        let writing = tokio::task::spawn_blocking(move || write_down(&shelf, &id, received));
        let came = self.download(wanted, &file.path, pieces).await;
        // Also after a failure: only then is the draft gone again.
        let draft = match writing.await {
            Ok(Ok(draft)) => draft,
            Ok(Err(error)) => {
                tracing::error!(%error, "evidence cannot be written");
                return End::Outage(None);
            }
            Err(error) => {
                tracing::error!(%error, "writing evidence ended before its time");
                return End::Outage(None);
            }
        };
        match came {
            Err(end) => end,
            Ok(total) if total == 0 || size.is_some_and(|size| size != total) => {
                tracing::info!(task_force = %wanted.task_force, seq = wanted.file.seq, total, "a file came in part");
                End::Again { refused: false }
            }
            Ok(_) => End::Whole(draft),
        }
    }

    /// Hands a file on piece by piece; gives its size.
    async fn download(
        &self,
        wanted: &WantedFile,
        path: &str,
        pieces: mpsc::Sender<Vec<u8>>,
    ) -> Result<u64, End> {
        let most = self.most_bytes.unwrap_or(0);
        let mut stream = self.bot.download_file_stream(path);
        let mut total = 0;
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| {
                let error = error.without_url();
                let verdict = judge_download(&error);
                self.end_of(verdict, wanted, &RequestError::Network(Arc::new(error)))
            })?;
            total += piece.len() as u64;
            if total > most {
                return Err(End::Never(NotKept::TooLarge));
            }
            if pieces.send(piece.to_vec()).await.is_err() {
                break;
            }
        }
        Ok(total)
    }

    fn end_of(&self, verdict: FileVerdict, wanted: &WantedFile, error: &RequestError) -> End {
        let (task_force, seq) = (&wanted.task_force, wanted.file.seq);
        tracing::info!(%task_force, seq, %error, "a file did not come");
        match verdict {
            FileVerdict::TooLarge => End::Never(NotKept::TooLarge),
            FileVerdict::Refused => End::Again { refused: true },
            FileVerdict::Failed => End::Again { refused: false },
            FileVerdict::Outage(wait) => End::Outage(wait),
        }
    }
}

/// Runs where waiting for the disk holds up nobody.
fn write_down(
    shelf: &Shelf,
    id: &TaskForceId,
    mut pieces: mpsc::Receiver<Vec<u8>>,
) -> io::Result<Draft> {
    let mut draft = shelf.begin(id)?;
    while let Some(piece) = pieces.blocking_recv() {
        draft.write(&piece)?;
    }
    Ok(draft)
}

async fn kept(draft: Draft) -> io::Result<(Hash, u64)> {
    tokio::task::spawn_blocking(|| draft.keep())
        .await
        .map_err(io::Error::other)?
}

/// `first`, doubled so many times.
fn doubled(first: TimeDelta, times: u32, longest: TimeDelta) -> TimeDelta {
    (first * (1 << times.min(16))).min(longest)
}
