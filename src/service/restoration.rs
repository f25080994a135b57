//! A restored database starts paused: nothing is sent unasked and nothing entered until the office, or the host, says how it
//! goes on. What people send meanwhile is kept and taken up afterwards.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::effects::{Gathering, Occasion};
use super::force::TaskForceError;
use super::kept::ForceGuard;
use super::lifecycle::last_alive;
use super::{Force, Service, ServiceError};
use crate::conversation::restore::{Missed, RestoreSay, Seen};
use crate::conversation::{Manner, Say};
use crate::ledger::{Account, Act, Actor, AfterRestore, Gap, Restored};
use crate::plan::TaskForceId;
use crate::render;
use crate::schedule::{self, Given, Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::store::{COPY_OF, OutboxState, Store, StoreError};

/// Before the id of a task force: the fact that it waits for a decision.
const BEGUN: &str = "restored:";

/// The fact that names which PostgreSQL database this is.
const DATABASE: &str = "database";

/// Pings of so many days before the gap count in it.
const PINGS_DAYS: i64 = 14;

/// What is stored of a restoration nobody decided on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Begun {
    #[serde(flatten)]
    gap: Gap,
    /// Whether the office was asked.
    asked: bool,
}

/// What the conversation needs to know of it.
pub(super) struct Waiting {
    pub gap: Gap,
    /// Whether the account was told that what it sends waits.
    pub told: bool,
    given: Given,
}

/// The gap of a task force whose restored database nobody decided on. A copy on which the bot itself never started counts too.
pub(super) async fn undecided_gap(
    store: &Store,
    id: &TaskForceId,
    now: DateTime<Utc>,
) -> Result<Option<Gap>, StoreError> {
    if let Some(begun) = begun(store, id).await? {
        return Ok(Some(begun.gap));
    }
    if store.fact(COPY_OF).await?.is_none() {
        return Ok(None);
    }
    let from_at = last_alive(store).await?.unwrap_or(now);
    Ok(Some(Gap {
        from_at,
        to_at: now,
    }))
}

fn begun_fact(id: &TaskForceId) -> String {
    format!("{BEGUN}{id}")
}

fn kept_facts(id: &TaskForceId) -> String {
    format!("kept:{id}:")
}

fn told_facts(id: &TaskForceId) -> String {
    format!("kept_told:{id}:")
}

async fn begun(store: &Store, id: &TaskForceId) -> Result<Option<Begun>, StoreError> {
    let Some(fact) = store.fact(&begun_fact(id)).await? else {
        return Ok(None);
    };
    let begun = serde_json::from_str(&fact);
    begun.map(Some).map_err(|error| StoreError::Unreadable {
        what: format!("fact {}", begun_fact(id)),
        why: error.to_string(),
    })
}

impl Begun {
    fn fact(&self) -> String {
        serde_json::to_string(self).expect("two moments and a word are JSON")
    }
}

/// After everything was carried from one database into another on purpose: what the source knew as itself, the target knows as
/// itself, so that its first start is no paused one. A source that was put back itself stays one that was.
pub async fn moved_on_purpose(from: &Store, to: &Store) -> Result<(), StoreError> {
    let known = to.fact(DATABASE).await?;
    if known.is_some() && known == from.identity().await? {
        let own = to.identity().await?;
        to.set_fact(DATABASE, own.as_deref()).await?;
    }
    Ok(())
}

impl Service {
    /// Whether this database was put back from a copy; a PostgreSQL database says so by its tables.
    pub(super) async fn look_for_restoration(&self) -> Result<(), ServiceError> {
        let Some(identity) = self.store.identity().await? else {
            // One that was moved here from PostgreSQL is another when it is moved back.
            if self.store.fact(DATABASE).await?.is_some() {
                self.store.set_fact(DATABASE, None).await?;
            }
            return Ok(());
        };
        let known = self.store.fact(DATABASE).await?;
        if known.as_ref() == Some(&identity) {
            return Ok(());
        }
        if known.is_some() {
            let now = self.now().to_rfc3339();
            self.store.set_fact(COPY_OF, Some(&now)).await?;
        }
        Ok(self.store.set_fact(DATABASE, Some(&identity)).await?)
    }

    /// The first start on a copy: what was on its way in it does not leave, and every task force waits for a decision.
    pub async fn begin_restoration(&self) -> Result<(), ServiceError> {
        self.look_for_restoration().await?;
        if self.store.fact(COPY_OF).await?.is_none() {
            return Ok(());
        }
        self.store.doubt_outbox().await?;
        let now = self.now();
        let from_at = last_alive(&self.store).await?.unwrap_or(now).min(now);
        for id in self.store.heads().await?.into_keys() {
            // A copy may have been taken of a database that waited for a decision itself.
            let before = begun(&self.store, &id).await?;
            let from_at = before.map_or(from_at, |before| before.gap.from_at.min(from_at));
            let gap = Gap {
                from_at,
                to_at: now,
            };
            tracing::warn!(task_force = %id, from = %gap.from_at, to = %gap.to_at, "restored from a backup: nothing is sent until the office decides in its private chat, or `duban restore --decide` on the host");
            let fact = Begun { gap, asked: false }.fact();
            self.store.set_fact(&begun_fact(&id), Some(&fact)).await?;
        }
        Ok(self.store.set_fact(COPY_OF, None).await?)
    }

    /// Everybody of the office who can be reached is asked once how it goes on.
    pub(super) async fn ask_about_gaps(&self) -> Result<(), ServiceError> {
        for id in self.undecided().await? {
            let Some(begun) = begun(&self.store, &id).await?.filter(|begun| !begun.asked) else {
                continue;
            };
            let Some(mut force) = self.fresh_force(&id).await? else {
                continue;
            };
            let given = self.all_given(&id, &begun.gap).await?;
            let occasion = Occasion::without_event(Actor::Bot);
            let mut gathering = Gathering::new(self, &mut force, occasion);
            let missed = missed_in(gathering.force, &given, &begun.gap);
            let standing = &gathering.force.standing;
            let seen = Seen {
                digest: standing.next_digest() - 1,
                seq: standing.seq,
            };
            let card = render::restore::card(&gathering.scene(), &begun.gap, &missed, seen, false);
            let office = gathering.office().into_iter();
            let reached: Vec<_> = office
                .filter(|person| gathering.force.standing.reachable(person))
                .collect();
            for person in reached {
                gathering.tell_person(&person, card.clone(), Manner::unasked());
            }
            let asked = Begun {
                asked: true,
                ..begun
            };
            let fact = (begun_fact(&id), Some(asked.fact()));
            gathering.changes.facts.push(fact);
            let (changes, _) = gathering.finish();
            self.commit_or_stale(&mut force, changes).await?;
        }
        Ok(())
    }

    /// The task force as [`Service::fresh_force`] gives it; none while it waits for a decision on its restored database.
    pub(super) async fn working_force(
        &self,
        id: &TaskForceId,
    ) -> Result<Option<ForceGuard>, ServiceError> {
        let force = self.fresh_force(id).await?;
        Ok(force.filter(|force| force.restoring.is_none()))
    }

    /// Whether this task force waits for a decision on its restored database.
    pub async fn waits_for_decision(&self, id: &TaskForceId) -> Result<bool, ServiceError> {
        let force = self.fresh_force(id).await?;
        Ok(force.is_some_and(|force| force.restoring.is_some()))
    }

    /// The task forces that wait for a decision on their restored database.
    pub(super) async fn undecided(&self) -> Result<BTreeSet<TaskForceId>, StoreError> {
        let facts = self.store.facts(BEGUN).await?;
        let ids = facts
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(BEGUN));
        Ok(ids.map(TaskForceId::new).collect())
    }

    /// What is undecided of a task force, for an event of this account.
    pub(super) async fn waiting_for(
        &self,
        force: &Force,
        account: Option<&Account>,
    ) -> Result<Option<Waiting>, StoreError> {
        let Some(gap) = force.restoring else {
            return Ok(None);
        };
        let told = match account {
            Some(account) => {
                let fact = format!("{}{}", told_facts(&force.id), account.user_id);
                self.store.fact(&fact).await?.is_some()
            }
            None => false,
        };
        let given = self.all_given(&force.id, &gap).await?;
        Ok(Some(Waiting { gap, told, given }))
    }

    /// Every key there is, and the pings before the gap.
    async fn all_given(&self, id: &TaskForceId, gap: &Gap) -> Result<Given, StoreError> {
        let keys = self.store.keys(id, DateTime::UNIX_EPOCH).await?;
        let mut given = Given {
            keys: keys.into_iter().map(NoticeKey).collect(),
            ..Given::default()
        };
        let since = crate::calendar::date_of(gap.from_at) - Duration::days(PINGS_DAYS);
        for (person, day) in self.store.pings(id, since).await? {
            given.pings.entry(person).or_default().push(day);
        }
        Ok(given)
    }

    /// The host decides, where the office cannot: what was decided, or none where nothing waits for it. Numbers are the
    /// highest anybody saw, none where the database's own are.
    pub async fn decide_on_host(
        &self,
        id: &TaskForceId,
        how: AfterRestore,
        digest: Option<u32>,
        seq: Option<u64>,
    ) -> Result<Option<Restored>, ServiceError> {
        let Some(mut force) = self.fresh_force(id).await? else {
            return Ok(None);
        };
        let Some(gap) = force.restoring else {
            return Ok(None);
        };
        let standing = &force.standing;
        let restored = Restored {
            gap,
            how,
            last_seq: standing.seq,
            confirmed_seq: seq.unwrap_or(0).max(standing.seq),
            confirmed_digest: digest.unwrap_or(0).max(standing.next_digest() - 1),
        };
        let occasion = Occasion::without_event(Actor::Host);
        let mut gathering = Gathering::new(self, &mut force, occasion);
        gathering.append(Actor::Host, Act::Restored(restored.clone()));
        gathering.go_on(how).await?;
        gathering.refresh_status();
        let say = Say::Restore(RestoreSay::Decided {
            by: Actor::Host,
            restored: restored.clone(),
        });
        let message = render::say(&gathering.scene(), &say);
        for person in gathering.office() {
            gathering.tell_person(&person, message.clone(), Manner::unasked());
        }
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await?;
        Ok(Some(restored))
    }
}

impl Waiting {
    /// What would have been sent.
    pub fn missed(&self, force: &Force) -> Missed {
        missed_in(force, &self.given, &self.gap)
    }
}

fn notices_in(force: &Force, given: &Given, gap: &Gap) -> Vec<Notice> {
    let Gap { from_at, to_at } = *gap;
    schedule::gap(&force.frame, &force.standing, given, from_at, to_at)
}

fn missed_in(force: &Force, given: &Given, gap: &Gap) -> Missed {
    let mut missed = Missed::default();
    let mut people = BTreeSet::new();
    for notice in notices_in(force, given, gap) {
        match (&notice.kind, notice.to) {
            (NoticeKind::Digest { cut_off_at, .. }, _) => missed.digests.push(*cut_off_at),
            (NoticeKind::GroupPost, _) => missed.posts += 1,
            (NoticeKind::Card, NoticeTo::Person(person)) => drop(people.insert(person)),
            (_, NoticeTo::Group | NoticeTo::Office | NoticeTo::Person(_)) => missed.others += 1,
        }
    }
    missed.people = people.into_iter().collect();
    missed
}

impl Gathering<'_> {
    /// The event stays in the inbox until it is decided how a restored database goes on.
    pub(super) fn keep_event(&mut self, told: Option<i64>) {
        let id = &self.force.id;
        let facts = &mut self.changes.facts;
        if let Some(update) = self.changes.update_id {
            facts.push((format!("{}{update}", kept_facts(id)), Some(String::new())));
        }
        if let Some(user_id) = told {
            facts.push((format!("{}{user_id}", told_facts(id)), Some(String::new())));
        }
    }

    /// A restored database goes on: what was kept is taken up, and what is not made up for counts as given. The entry that
    /// says so is the newest.
    pub(super) async fn go_on(&mut self, how: AfterRestore) -> Result<(), TaskForceError> {
        let Some(gap) = self.force.restoring.take() else {
            return Ok(());
        };
        let id = self.force.id.clone();
        let store = self.service.store();
        self.changes.facts.push((begun_fact(&id), None));
        for (name, _) in store.facts(&told_facts(&id)).await? {
            self.changes.facts.push((name, None));
        }
        let prefix = kept_facts(&id);
        for (name, _) in store.facts(&prefix).await? {
            let update = name.strip_prefix(&prefix);
            let update = update.and_then(|id| id.parse::<i64>().ok());
            self.changes.taken_up_again.extend(update);
            self.changes.facts.push((name, None));
        }
        if how == AfterRestore::MakeUp {
            return Ok(());
        }
        let given = self.service.all_given(&id, &gap).await?;
        let news = self.force.standing.seq;
        let mut keys: BTreeSet<NoticeKey> = BTreeSet::new();
        for notice in notices_in(self.force, &given, &gap) {
            if notice.to == NoticeTo::Office {
                for person in self.office() {
                    keys.extend(notice.keys.iter().map(|key| key.for_one(&person)));
                }
            }
            keys.extend(notice.keys);
        }
        // That answers of the gap are gone is still to be said with everybody's next card.
        keys.retain(|key| !given.keys.contains(key) && key.outage_seq() != Some(news));
        let keys: Vec<NoticeKey> = keys.into_iter().collect();
        self.spend_keys(&keys);
        // What waits for somebody who could not be reached may have reached them in the gap.
        let waiting = store.outgoing_in_state(OutboxState::Waiting).await?;
        let of_before = waiting
            .into_iter()
            .filter(|row| row.task_force.as_ref() == Some(&id) && row.created_at < gap.to_at);
        self.changes.withdraw.extend(of_before.map(|row| row.id));
        Ok(())
    }
}
