//! Many updates in one commit: what fails does not touch the others, and what another writer outran is handled anew.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::event::account_of;
use super::force::TaskForceError;
use super::kept::ForceGuard;
use super::{COMMIT_ATTEMPTS, PressAnswer, Service, ServiceError};
use crate::conversation::Event;
use crate::ledger::Act;
use crate::plan::TaskForceId;
use crate::store::{Changes, CommitError, OutgoingKind};

/// An update as read from the inbox.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Telegram's id of the update.
    pub update_id: i64,
    /// What it means; none when it concerns nobody.
    pub event: Option<Event>,
}

/// What came of a group of updates.
#[derive(Debug, Default)]
pub struct Processed {
    /// Answers to presses, to be made now.
    pub presses: Vec<PressAnswer>,
    /// Updates that did not commit and stay in the inbox.
    pub failed: Vec<Failed>,
    /// Updates whose changes are committed.
    pub done: Vec<Done>,
}

/// An update whose changes are committed.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    /// Telegram's id of the update.
    pub update_id: i64,
    /// Chats that an answer is on its way to.
    pub answered: Vec<i64>,
}

/// An update that did not commit.
#[derive(Debug, PartialEq, Eq)]
pub struct Failed {
    /// Telegram's id of the update.
    pub update_id: i64,
    /// What happened.
    pub reason: String,
    /// Nothing is wrong with the update: the database failed, or another writer was faster.
    pub may_repeat: bool,
}

impl Failed {
    fn new(update_id: i64, error: &ServiceError) -> Self {
        let may_repeat = match error {
            ServiceError::Store(_)
            | ServiceError::Commit(_)
            | ServiceError::TaskForce(TaskForceError::Store(_)) => true,
            ServiceError::Panicked
            | ServiceError::TaskForce(
                TaskForceError::AdoptionMissing(..)
                | TaskForceError::AdoptionUnreadable(..)
                | TaskForceError::NothingAdopted(_),
            ) => false,
        };
        Self {
            update_id,
            reason: error.to_string(),
            may_repeat,
        }
    }
}

/// Task forces folded ahead by updates that are not committed yet.
pub(super) type Held = BTreeMap<TaskForceId, ForceGuard>;

/// Updates handled and not committed yet, with what they change and answer.
type Group = Vec<(Incoming, Changes, Vec<PressAnswer>)>;

/// Updates still to be handled, and how often each was outrun by another writer.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Incoming>,
    outrun: BTreeMap<i64, usize>,
}

impl Queue {
    /// Takes an update back that another writer outran; false when that happened too often.
    fn take_back(&mut self, update: Incoming) -> bool {
        let times = self.outrun.entry(update.update_id).or_default();
        *times += 1;
        let again = *times < COMMIT_ATTEMPTS;
        if again {
            self.waiting.push_front(update);
        }
        again
    }
}

impl Service {
    /// Handles updates in order and commits as many together as may be. What fails stays in the inbox and does not touch the others.
    pub async fn on_updates(&self, incoming: Vec<Incoming>) -> Result<Processed, ServiceError> {
        let mut queue = Queue {
            waiting: VecDeque::from(incoming),
            ..Queue::default()
        };
        let mut processed = Processed::default();
        while !queue.waiting.is_empty() {
            self.on_group(&mut queue, &mut processed).await?;
        }
        Ok(processed)
    }

    /// Handles and commits updates up to one that fails, or to one whose sender, or whoever else's talk it changes, has
    /// another in the group already: it must find the talk as that one left it.
    async fn on_group(
        &self,
        queue: &mut Queue,
        processed: &mut Processed,
    ) -> Result<(), ServiceError> {
        let mut held = Held::new();
        let mut senders = BTreeSet::new();
        let mut group = Vec::new();
        while let Some(update) = queue.waiting.pop_front() {
            let sender = update.event.as_ref().and_then(account_of);
            if sender.is_some_and(|sender| !senders.insert(sender.user_id)) {
                queue.waiting.push_front(update);
                break;
            }
            match unless_it_panics(self.on_update(&update, &mut held)).await {
                Ok((changes, presses)) => {
                    let counted = !changes.facts.is_empty() || removes_words(&changes);
                    let own = sender.map(|sender| sender.user_id);
                    let talks = changes.conversations.iter().map(|row| row.user_id);
                    let others = talks.filter(|user_id| Some(*user_id) != own);
                    let others: Vec<i64> = others.collect();
                    let unseen = !group.is_empty() && looks_into_talks(&changes);
                    if unseen || others.iter().any(|user_id| senders.contains(user_id)) {
                        held.values_mut().for_each(|force| force.stale = true);
                        queue.waiting.push_front(update);
                        break;
                    }
                    senders.extend(others);
                    group.push((update, changes, presses));
                    // What is counted by the day must be stored before the next is counted; what still holds removed words in
                    // memory must not be used again.
                    if counted {
                        break;
                    }
                }
                Err(error) => {
                    held.values_mut().for_each(|force| force.stale = true);
                    processed.failed.push(Failed::new(update.update_id, &error));
                    break;
                }
            }
        }
        self.commit_group(group, &mut held, queue, processed).await
    }

    async fn commit_group(
        &self,
        group: Group,
        held: &mut Held,
        queue: &mut Queue,
        processed: &mut Processed,
    ) -> Result<(), ServiceError> {
        let rings = group
            .iter()
            .any(|(_, changes, _)| !changes.outgoing.is_empty() || !changes.holds.is_empty());
        let files = group
            .iter()
            .any(|(_, changes, _)| brings_files(changes) || removes_words(changes));
        let forces: Vec<_> = group
            .iter()
            .map(|(_, changes, _)| changes.task_force.clone())
            .collect();
        let answered: Vec<_> = group
            .iter()
            .map(|(_, changes, _)| answered(changes))
            .collect();
        let (updates, changes, presses) = unzip(group);
        let results = match self.store.commit(changes).await {
            Ok(results) => results,
            Err(error) => {
                held.values_mut().for_each(|force| force.stale = true);
                return Err(error.into());
            }
        };
        let answers = presses.into_iter().zip(answered);
        let outcomes = updates.into_iter().zip(answers).zip(results).zip(forces);
        // Backwards, so that those taken back stand in their order again.
        for (((update, (presses, answered)), result), force) in outcomes.rev() {
            match result {
                Ok(()) => {
                    let update_id = update.update_id;
                    processed.presses.extend(presses);
                    processed.done.push(Done {
                        update_id,
                        answered,
                    });
                }
                Err(
                    error @ (CommitError::HeadMoved
                    | CommitError::KeyTaken(_)
                    | CommitError::TalkMoved(_)
                    | CommitError::RowMoved(_)),
                ) => {
                    mark_stale(held, force.as_ref());
                    let id = update.update_id;
                    if !queue.take_back(update) {
                        processed.failed.push(Failed::new(id, &error.into()));
                    }
                }
                Err(CommitError::UpdateDone) => mark_stale(held, force.as_ref()),
                Err(error) => {
                    mark_stale(held, force.as_ref());
                    let failed = Failed::new(update.update_id, &error.into());
                    processed.failed.push(failed);
                }
            }
        }
        if rings {
            self.outbox_rings.notify_one();
        }
        if files {
            self.evidence_rings.notify_one();
        }
        self.tick_rings.notify_one();
        Ok(())
    }
}

/// Chats that these changes answer.
fn answered(changes: &Changes) -> Vec<i64> {
    let rows = changes.outgoing.iter();
    let answers = rows.filter(|row| row.kind == OutgoingKind::Answer);
    answers.map(|row| row.chat).collect()
}

fn brings_files(changes: &Changes) -> bool {
    let mut acts = changes.entries.iter().map(|(entry, _)| &entry.act);
    acts.any(|act| !act.attachments().is_empty())
}

fn removes_words(changes: &Changes) -> bool {
    let mut acts = changes.entries.iter().map(|(entry, _)| &entry.act);
    acts.any(|act| matches!(act, Act::Redacted(_)))
}

/// Whether it looked for everybody in the middle of something: it must see what those before it left behind.
fn looks_into_talks(changes: &Changes) -> bool {
    let mut acts = changes.entries.iter().map(|(entry, _)| &entry.act);
    acts.any(|act| matches!(act, Act::Ended { .. } | Act::Redacted(_)))
}

/// A mistake of ours in one update must not take the others down: the update is tried again, then set aside.
async fn unless_it_panics<T>(
    work: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    let mut work = pin!(work);
    let guarded = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or(Poll::Ready(Err(ServiceError::Panicked)))
    });
    guarded.await
}

/// What was folded ahead and did not commit must be folded anew.
fn mark_stale(held: &mut Held, id: Option<&TaskForceId>) {
    if let Some(force) = id.and_then(|id| held.get_mut(id)) {
        force.stale = true;
    }
}

type Unzipped = (Vec<Incoming>, Vec<Changes>, Vec<Vec<PressAnswer>>);

fn unzip(group: Group) -> Unzipped {
    let mut updates = Vec::new();
    let mut changes = Vec::new();
    let mut presses = Vec::new();
    for (update, change, press) in group {
        updates.push(update);
        changes.push(change);
        presses.push(press);
    }
    (updates, changes, presses)
}
