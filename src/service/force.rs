//! One task force in memory: the fold and what was given out, both caches of the store that may be dropped at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::restoration::undecided_gap;
use crate::calendar;
use crate::conversation::{MovedSend, PlannedKind, PlannedSend};
use crate::ledger::{Act, Frame, Gap, Head, LedgerEntry, Standing};
use crate::plan::{AdoptionText, Hash, PersonId, TaskForceId, TaskId};
use crate::schedule::{self, Given, NoticeKey, NoticeKind, NoticeTo, Upcoming};
use crate::store::{Route, Store, StoreError};

/// Days of pings the schedule looks back on: this week and the last.
const PING_MEMORY_DAYS: i64 = 14;

/// Days of keys the schedule looks back on: it makes up for nothing older.
const KEY_MEMORY_DAYS: i64 = 60;

/// How old the last digest is, in days, when the next one is near.
const LAST_DIGEST_DAYS: std::ops::RangeInclusive<i64> = 6..=8;

/// A task force cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum TaskForceError {
    /// Its ledger names an adoption whose text is missing.
    #[error("task force {0}: the text of adoption {1} is missing in the database")]
    AdoptionMissing(TaskForceId, Hash),
    /// An adopted text no longer reads.
    #[error("task force {0}: the text of adoption {1} does not read: {2}")]
    AdoptionUnreadable(TaskForceId, Hash, String),
    /// Nothing was adopted.
    #[error("task force {0}: its ledger holds no adoption")]
    NothingAdopted(TaskForceId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One task force, folded up to `head`.
#[derive(Debug)]
pub struct Force {
    /// Its id.
    pub id: TaskForceId,
    /// Plan, settings and calendar in force, as the ledger amends them.
    pub frame: Arc<Frame>,
    /// What was offered to the office and not decided, amended in the same way.
    pub offered: Option<Arc<Frame>>,
    /// The fold.
    pub standing: Standing,
    /// Head of its chain.
    pub head: Head,
    /// Keys and pings given out.
    pub given: Given,
    /// The gap of a restored database on which nobody decided.
    pub restoring: Option<Gap>,
    /// All that leads to it, as the database knows it; none while that is not known.
    pub routes: Option<BTreeSet<Route>>,
    /// The standing that the last digest saw, where the next one is near: found on the way of the fold.
    pub before: Option<Standing>,
    /// How many of the silences that the starts found were looked at.
    pub downtimes_seen: usize,
    /// True when what was folded ahead did not commit: folded anew before it is used again.
    pub stale: bool,
    /// True when another process may have given out keys or taken them back: they are read anew before it is used again.
    pub given_stale: bool,
    /// Frames as adopted.
    frames: BTreeMap<Hash, Arc<Frame>>,
    /// Adoption, offer and amendments that `frame` and `offered` were made for; none after a fold from the start.
    made_for: Option<MadeFor>,
}

/// Adoption in force, adoption offered, seq of the last amendment.
type MadeFor = (Option<Hash>, Option<Hash>, u64);

impl Force {
    /// Folds a task force from the store.
    pub async fn load(
        store: &Store,
        id: &TaskForceId,
        head: Head,
        now: DateTime<Utc>,
    ) -> Result<Self, TaskForceError> {
        let (standing, before) = folded(store, id, head.seq, now).await?;
        let adopted = standing
            .adoption
            .ok_or_else(|| TaskForceError::NothingAdopted(id.clone()))?;
        let mut frames = BTreeMap::new();
        let frame = frame_of(store, id, adopted, &mut frames).await?;
        let mut force = Self {
            id: id.clone(),
            frame,
            offered: None,
            standing,
            head,
            given: Given::default(),
            restoring: None,
            routes: None,
            before,
            downtimes_seen: 0,
            stale: false,
            given_stale: false,
            frames,
            made_for: None,
        };
        force.refresh_frames(store).await?;
        force.reload_given(store, now).await?;
        Ok(force)
    }

    /// Folds it anew, frames kept.
    pub async fn reload(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<(), TaskForceError> {
        self.head = store.head(&self.id).await?;
        self.routes = None;
        (self.standing, self.before) = folded(store, &self.id, self.head.seq, now).await?;
        self.made_for = None;
        self.refresh_frames(store).await?;
        self.reload_given(store, now).await?;
        self.stale = false;
        Ok(())
    }

    /// Takes in what another instance has written since, up to `head`.
    pub async fn catch_up(
        &mut self,
        store: &Store,
        head: Head,
        now: DateTime<Utc>,
    ) -> Result<(), TaskForceError> {
        let (id, standing) = (&self.id, &mut self.standing);
        let known = self.head.seq;
        let mut removed = false;
        store
            .each_entry(id, known, head.seq, |entry| {
                removed |= removes_words(&entry);
                standing.apply(&entry);
            })
            .await?;
        if removed {
            return self.reload(store, now).await;
        }
        self.head = head;
        self.routes = None;
        self.refresh_frames(store).await?;
        self.reload_given(store, now).await?;
        Ok(())
    }

    /// The next sends as the schedule plans them if nobody answers, soonest first.
    pub fn planned_sends(&self, now: DateTime<Utc>, most: usize) -> Vec<PlannedSend> {
        let upcoming = schedule::upcoming(&self.frame, &self.standing, &self.given, now, most);
        upcoming.iter().map(planned_send).collect()
    }

    /// The sends that the offered calendar moves, soonest first.
    pub fn moved_sends(&self, now: DateTime<Utc>) -> Vec<MovedSend> {
        let Some(offered) = &self.offered else {
            return Vec::new();
        };
        self.moved_by(offered, now)
    }

    /// The sends that this frame's calendar moves, soonest first.
    pub fn moved_by(&self, offered: &Frame, now: DateTime<Utc>) -> Vec<MovedSend> {
        let calendar = &offered.calendar;
        let moved = schedule::moved(&self.frame, calendar, &self.standing, &self.given, now);
        moved.iter().map(moved_send).collect()
    }

    /// Brings frame and offer in line with the standing after an adoption, an offer or a refusal.
    pub async fn refresh_frames(&mut self, store: &Store) -> Result<(), TaskForceError> {
        let named = [self.standing.adoption, self.standing.offered];
        for hash in named.into_iter().flatten() {
            frame_of(store, &self.id, hash, &mut self.frames).await?;
        }
        self.amend();
        Ok(())
    }

    /// Lays what the ledger adds over the adopted and the offered plan, where anything changed since it was done.
    fn amend(&mut self) {
        let standing = &self.standing;
        let wanted = (standing.adoption, standing.offered, standing.amendments.seq);
        if self.made_for == Some(wanted) {
            return;
        }
        let known = |hash: Hash| self.frames.get(&hash).map(|frame| frame.amended(standing));
        if let Some(frame) = standing.adoption.and_then(known) {
            self.frame = frame;
        }
        self.offered = standing.offered.and_then(known);
        // What was not read yet is laid over once it is.
        let named = [standing.adoption, standing.offered];
        let mut named = named.iter().flatten();
        let read = named.all(|hash| self.frames.contains_key(hash));
        self.made_for = read.then_some(wanted);
    }

    /// The frame of an adoption of this task force, as a standing amends it.
    pub async fn frame_of(
        &mut self,
        store: &Store,
        hash: Hash,
        standing: &Standing,
    ) -> Result<Arc<Frame>, TaskForceError> {
        Ok(self.adopted_frame(store, hash).await?.amended(standing))
    }

    /// The frame of an adoption of this task force as it was adopted.
    pub(super) async fn adopted_frame(
        &mut self,
        store: &Store,
        hash: Hash,
    ) -> Result<Arc<Frame>, TaskForceError> {
        frame_of(store, &self.id, hash, &mut self.frames).await
    }

    /// Reads keys and pings anew, and whether a restored database waits for a decision.
    pub async fn reload_given(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let since = calendar::date_of(now) - Duration::days(PING_MEMORY_DAYS);
        let keys_since = now - Duration::days(KEY_MEMORY_DAYS);
        let keys = store.keys(&self.id, keys_since).await?;
        let mut given = Given {
            keys: keys.into_iter().map(NoticeKey).collect(),
            ..Given::default()
        };
        for (person, day) in store.pings(&self.id, since).await? {
            given.pings.entry(person).or_default().push(day);
        }
        self.given = given;
        self.restoring = undecided_gap(store, &self.id, now).await?;
        self.given_stale = false;
        Ok(())
    }

    /// Takes in entries that are about to be committed.
    pub fn apply(&mut self, entries: &[LedgerEntry], head: Head) {
        for entry in entries {
            self.standing.apply(entry);
            // What was folded before holds the words still.
            self.stale |= removes_words(entry);
        }
        self.amend();
        self.head = head;
    }
}

fn removes_words(entry: &LedgerEntry) -> bool {
    matches!(entry.act, Act::Redacted(_))
}

/// The standing after the entry with this seq, and that which the last digest saw where it is some days old: the next one looks
/// back on it, and need not fold the ledger once more.
async fn folded(
    store: &Store,
    id: &TaskForceId,
    seq: u64,
    now: DateTime<Utc>,
) -> Result<(Standing, Option<Standing>), StoreError> {
    let mut standing = Standing::default();
    let mut before = None;
    let take = |entry: LedgerEntry| {
        if let Act::DigestPosted { last_seq, .. } = &entry.act {
            let age = (now - entry.at).num_days();
            let is_next = *last_seq == standing.seq && LAST_DIGEST_DAYS.contains(&age);
            before = is_next.then(|| standing.clone());
        }
        standing.apply(&entry);
    };
    store.each_entry(id, 0, seq, take).await?;
    Ok((standing, before))
}

/// The standing after the entry with this seq.
pub(super) async fn standing_at(
    store: &Store,
    id: &TaskForceId,
    seq: u64,
) -> Result<Standing, StoreError> {
    let mut standing = Standing::default();
    store
        .each_entry(id, 0, seq, |entry| standing.apply(&entry))
        .await?;
    Ok(standing)
}

/// A moved send as people are told of it.
pub fn moved_send(moved: &schedule::Moved) -> MovedSend {
    MovedSend {
        from: moved.from,
        to: moved.to,
        what: match moved.digest {
            true => PlannedKind::Digest,
            false => PlannedKind::Reminder,
        },
    }
}

fn planned_send(upcoming: &Upcoming) -> PlannedSend {
    let kinds = |wanted: fn(&NoticeKind) -> bool| {
        upcoming.notices.iter().any(|notice| wanted(&notice.kind))
    };
    let speaks_of_tasks = upcoming
        .notices
        .iter()
        .any(|notice| !notice.items.is_empty());
    let speaks_of_meetings = upcoming
        .notices
        .iter()
        .any(|notice| !notice.meetings.is_empty());
    let what = if kinds(|kind| matches!(kind, NoticeKind::Digest { .. })) {
        PlannedKind::Digest
    } else if speaks_of_meetings && !speaks_of_tasks {
        PlannedKind::Meeting
    } else if kinds(|kind| matches!(kind, NoticeKind::Card | NoticeKind::GroupPost)) {
        PlannedKind::Reminder
    } else {
        PlannedKind::Other
    };
    let people: BTreeSet<&PersonId> = upcoming
        .notices
        .iter()
        .filter_map(|notice| match &notice.to {
            NoticeTo::Person(person) => Some(person),
            NoticeTo::Group | NoticeTo::Office => None,
        })
        .collect();
    let tasks: BTreeSet<&TaskId> = upcoming
        .notices
        .iter()
        .flat_map(|notice| &notice.items)
        .map(|item| &item.task)
        .collect();
    PlannedSend {
        at: upcoming.at,
        what,
        people: people.into_iter().cloned().collect(),
        tasks: tasks.len(),
    }
}

/// Parses what an adoption fixes.
pub fn read_frame(id: &TaskForceId, hash: Hash, json: &str) -> Result<Frame, TaskForceError> {
    let unreadable = |why: String| TaskForceError::AdoptionUnreadable(id.clone(), hash, why);
    let text: AdoptionText =
        serde_json::from_str(json).map_err(|error| unreadable(error.to_string()))?;
    Frame::read(&text).map_err(|error| unreadable(error.to_string()))
}

async fn frame_of(
    store: &Store,
    id: &TaskForceId,
    hash: Hash,
    known: &mut BTreeMap<Hash, Arc<Frame>>,
) -> Result<Arc<Frame>, TaskForceError> {
    if let Some(frame) = known.get(&hash) {
        return Ok(frame.clone());
    }
    let json = store
        .adoption(hash)
        .await?
        .ok_or_else(|| TaskForceError::AdoptionMissing(id.clone(), hash))?;
    let frame = Arc::new(read_frame(id, hash, &json)?);
    known.insert(hash, frame.clone());
    Ok(frame)
}
