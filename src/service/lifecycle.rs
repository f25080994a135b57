//! Start: task forces are loaded or adopted for the first time, changed plans offered, accounts pre-filled, downtime noted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::effects::{Gathering, Occasion};
use super::force::{TaskForceError, read_frame};
use super::{Call, EVERYBODY, OFFLINE, Service, ServiceError, Silence};
use crate::conversation::{Manner, command};
use crate::ledger::{
    Account, Act, Actor, BindingWay, ENTRY_VERSION, Head, LedgerEntry, Salts, Standing, code_sha256,
};
use crate::plan::{AdoptionText, PersonId, TaskForceId};
use crate::render;
use crate::store::{COPY_OF, Changes, GROUP_COMMIT, Route, RouteKind, Store, StoreError};

/// A silence longer than this is downtime worth a line.
const DOWNTIME_MINUTES: i64 = 15;

/// The last sign of life, in seconds since 1970.
pub(super) const ALIVE_AT: &str = "alive_at";

/// Begins the name of a silence, which goes on with the seconds of its beginning; its value is its end.
const DOWNTIME: &str = "downtime:";

/// Every task force has entered a silence long before.
const DOWNTIME_KEPT_DAYS: i64 = 30;

/// Begins the name of the fact that somebody was bound from `people.toml`.
const PRE_FILLED: &str = "pre_filled:";

/// Remembers the menu of everybody as it was sent last.
const DEFAULT_MENU: &str = "default_menu";

/// The first-start code lives this long.
const FIRST_CODE_HOURS: i64 = 1;

/// The one-time code that makes the first office chief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstCode {
    /// Hex SHA-256 of the code.
    pub sha256: String,
    /// End of its life.
    pub expires_at: DateTime<Utc>,
}

impl FirstCode {
    /// From the stored fact.
    pub fn read(fact: &str) -> Option<Self> {
        let (sha256, expires_at) = fact.split_once(' ')?;
        let expires_at = DateTime::parse_from_rfc3339(expires_at)
            .ok()?
            .with_timezone(&Utc);
        Some(Self {
            sha256: sha256.to_owned(),
            expires_at,
        })
    }

    fn fact(&self) -> String {
        format!("{} {}", self.sha256, self.expires_at.to_rfc3339())
    }
}

/// An account known beforehand, from `people.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAccount {
    /// Task force.
    pub task_force: TaskForceId,
    /// Person.
    pub person: PersonId,
    /// Account.
    pub account: Account,
}

impl Service {
    /// Adopts new task forces, offers changed plans to their offices, and notes a silence. No ledger is folded that needs not be.
    pub async fn load(
        &self,
        adoptions: Vec<(TaskForceId, AdoptionText)>,
    ) -> Result<(), ServiceError> {
        match self.bot.id {
            OFFLINE => self.look_for_restoration().await?,
            _ => self.begin_restoration().await?,
        }
        self.adopt_new(&adoptions).await?;
        self.mend_unrouted().await?;
        let known = self.store.routes_of_kind(RouteKind::Plan).await?;
        let known: BTreeSet<(TaskForceId, String)> = known.into_iter().collect();
        for (id, text) in &adoptions {
            if !known.contains(&(id.clone(), text.hash().to_string())) {
                self.offer(id, text).await?;
            }
        }
        if self.bot.id != OFFLINE {
            self.ask_about_gaps().await?;
        }
        self.default_menu().await?;
        self.note_downtime(self.now()).await
    }

    /// The command menu of everybody who has none of their own: what strangers may use. Sent again only when it changes.
    async fn default_menu(&self) -> Result<(), ServiceError> {
        let call = Call::Menu(super::upkeep::menu(command::strangers_menu().into_iter()));
        let body = super::calls::body_of(&call);
        if self.store.fact(DEFAULT_MENU).await?.as_deref() == Some(&body) {
            return Ok(());
        }
        self.push_alone(EVERYBODY, &call).await?;
        self.store.set_fact(DEFAULT_MENU, Some(&body)).await?;
        Ok(())
    }

    /// Adopts what has no ledger yet, many in one commit.
    async fn adopt_new(
        &self,
        adoptions: &[(TaskForceId, AdoptionText)],
    ) -> Result<(), ServiceError> {
        let known: BTreeSet<TaskForceId> = self.store.task_forces().await?.into_iter().collect();
        let new: Vec<_> = adoptions
            .iter()
            .filter(|(id, _)| !known.contains(id))
            .collect();
        for group in new.chunks(GROUP_COMMIT) {
            let changes = group.iter().map(|(id, text)| self.first_adoption(id, text));
            let changes = changes.collect::<Result<Vec<_>, _>>()?;
            for result in self.store.commit(changes).await? {
                result?;
            }
        }
        Ok(())
    }

    fn first_adoption(
        &self,
        id: &TaskForceId,
        text: &AdoptionText,
    ) -> Result<Changes, TaskForceError> {
        let hash = text.hash();
        let json = String::from_utf8(text.bytes()).expect("JSON is UTF-8");
        let frame = read_frame(id, hash, &json)?;
        let act = Act::Adopted { adoption: hash };
        let entry = LedgerEntry {
            seq: 1,
            at: self.now(),
            version: ENTRY_VERSION,
            by: Actor::Host,
            act,
        };
        let mut standing = Standing::default();
        standing.apply(&entry);
        let mut changes = Changes {
            task_force: Some(id.clone()),
            expected: Some(Head::default()),
            adoptions: vec![(hash, json)],
            routes: Some(super::directory::routes(&frame, &standing)),
            now: self.now(),
            ..Changes::default()
        };
        changes.push_entry(Head::default(), entry);
        Ok(changes)
    }

    /// Shows the office a plan that differs from the adopted one, once.
    async fn offer(&self, id: &TaskForceId, text: &AdoptionText) -> Result<(), ServiceError> {
        let Some(mut force) = self.working_force(id).await? else {
            return Ok(());
        };
        let hash = text.hash();
        let standing = &force.standing;
        let known = standing.adoption == Some(hash)
            || standing.offered == Some(hash)
            || standing.declined.contains(&hash);
        if known {
            return Ok(());
        }
        let json = String::from_utf8(text.bytes()).expect("JSON is UTF-8");
        let offered = read_frame(id, hash, &json)?;
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Host));
        // The text must be in the store before the offer's frame is looked up there.
        let keep = Changes {
            adoptions: vec![(hash, json)],
            now: gathering.now,
            ..Changes::default()
        };
        self.commit_one(keep).await?;
        gathering.append(Actor::Host, Act::AdoptionOffered { adoption: hash });
        let moved = gathering.force.moved_by(&offered, gathering.now);
        let message = render::office::offered(&gathering.scene(), &offered, moved);
        for person in gathering.office() {
            gathering.tell_person(&person, message.clone(), Manner::unasked());
        }
        let (changes, _) = gathering.finish();
        self.commit_one(changes).await?;
        force.refresh_frames(&self.store).await?;
        Ok(())
    }

    /// A gap since the last sign of life is an entry of every task force that was live; the schedule tells people about it. It is
    /// noted once, all are woken with the note, and each enters it when it is next worked with.
    async fn note_downtime(&self, now: DateTime<Utc>) -> Result<(), ServiceError> {
        // The last sign of life in a copy is where its gap begins.
        if self.store.fact(COPY_OF).await?.is_some() {
            return Ok(());
        }
        let alive = last_alive(&self.store).await?;
        let mut changes = Changes {
            facts: vec![(ALIVE_AT.to_owned(), Some(now.timestamp().to_string()))],
            // What a clock that ran ahead has put off is not waited for.
            wake_all: alive.is_some_and(|alive| alive > now),
            now,
            ..Changes::default()
        };
        let gap = alive.filter(|alive| now - *alive > Duration::minutes(DOWNTIME_MINUTES));
        if let Some(from_at) = gap {
            let name = format!("{DOWNTIME}{:020}", from_at.timestamp());
            changes.facts.push((name, Some(now.to_rfc3339())));
            changes.wake_all = true;
        }
        self.commit_one(changes).await?;
        let mut downtimes = Vec::new();
        for (name, to_at) in self.store.facts(DOWNTIME).await? {
            let from_at = name.strip_prefix(DOWNTIME).and_then(moment);
            let to_at = DateTime::parse_from_rfc3339(&to_at).ok();
            let silence = from_at.zip(to_at.map(|at| at.with_timezone(&Utc)));
            match silence.filter(|(_, to_at)| now - *to_at <= Duration::days(DOWNTIME_KEPT_DAYS)) {
                Some(silence) => downtimes.push(silence),
                None => self.store.set_fact(&name, None).await?,
            }
        }
        *self.downtimes.lock().expect("no holder panics") = Arc::new(downtimes);
        Ok(())
    }

    /// What the last starts found of silences.
    pub(super) fn downtimes(&self) -> Arc<Vec<Silence>> {
        self.downtimes.lock().expect("no holder panics").clone()
    }

    /// Leaves a sign of life at the end, so that the next start knows how long nobody was here.
    pub async fn say_alive(&self) -> Result<(), ServiceError> {
        Ok(self
            .store
            .set_fact(ALIVE_AT, Some(&self.now().timestamp().to_string()))
            .await?)
    }

    /// A fresh first-start code for every task force whose office has nobody with an account: (task force, person it makes, code).
    pub async fn first_codes(&self) -> Result<Vec<(TaskForceId, PersonId, String)>, ServiceError> {
        let mut codes = Vec::new();
        for (id, chief) in self.store.routes_of_kind(RouteKind::Vacant).await? {
            let name = format!("first_code:{id}");
            // One that another process printed a while ago must go on to work.
            let known = self.store.fact(&name).await?;
            let known = known.as_deref().and_then(FirstCode::read);
            if self.store.is_shared() && known.is_some_and(|code| code.expires_at > self.now()) {
                tracing::info!(task_force = %id, "the first-start code that another process printed within the hour still works");
                continue;
            }
            let code = Salts::new(self.dice.throw().0).code();
            let first = FirstCode {
                sha256: code_sha256(&code),
                expires_at: self.now() + Duration::hours(FIRST_CODE_HOURS),
            };
            self.store.set_fact(&name, Some(&first.fact())).await?;
            codes.push((id, PersonId::new(chief), code));
        }
        Ok(codes)
    }

    /// Binds accounts of `people.toml` whose person never had one from there. Returns those of unknown task forces or people.
    pub async fn pre_fill(
        &self,
        accounts: &[KnownAccount],
    ) -> Result<Vec<KnownAccount>, ServiceError> {
        let mut unknown = Vec::new();
        let filled = match accounts {
            [] => Vec::new(),
            [_, ..] => self.store.facts(PRE_FILLED).await?,
        };
        let filled: BTreeSet<String> = filled.into_iter().map(|(name, _)| name).collect();
        let mut by_force: BTreeMap<&TaskForceId, Vec<&KnownAccount>> = BTreeMap::new();
        for known in accounts {
            if !filled.contains(&pre_filled(known)) {
                by_force.entry(&known.task_force).or_default().push(known);
            }
        }
        for (id, accounts) in by_force {
            let routes = self.store.routes_to(id).await?;
            let bound = |known: &&KnownAccount| {
                routes
                    .binary_search(&Route::new(RouteKind::Bound, &known.person))
                    .is_ok()
            };
            if accounts.iter().all(bound) {
                continue;
            }
            let Some(mut force) = self.fresh_force(id).await? else {
                unknown.extend(accounts.into_iter().cloned());
                continue;
            };
            if force.restoring.is_some() {
                continue;
            }
            let mut gathering =
                Gathering::new(self, &mut force, Occasion::without_event(Actor::Host));
            for known in accounts {
                let standing = &gathering.force.standing;
                if gathering.force.frame.plan.member(&known.person).is_none() {
                    unknown.push(known.clone());
                } else if !standing.bindings.contains_key(&known.person) {
                    let fact = (pre_filled(known), Some(String::new()));
                    gathering.changes.facts.push(fact);
                    gathering.bind(known, BindingWay::File);
                }
            }
            let (changes, _) = gathering.finish();
            self.commit_or_stale(&mut force, changes).await?;
        }
        Ok(unknown)
    }

    /// `duban bind`: ties an account to a person on the host, with the office's rights on request.
    pub async fn bind_on_host(
        &self,
        known: &KnownAccount,
        office: bool,
    ) -> Result<bool, ServiceError> {
        let Some(mut force) = self.working_force(&known.task_force).await? else {
            return Ok(false);
        };
        if force.frame.plan.member(&known.person).is_none() {
            return Ok(false);
        }
        let mut gathering = Gathering::new(self, &mut force, Occasion::without_event(Actor::Host));
        gathering.bind(known, BindingWay::Host);
        if office {
            gathering.append(
                Actor::Host,
                Act::OfficeGranted {
                    person: known.person.clone(),
                },
            );
        }
        gathering.refresh_menu(&known.person).await?;
        let (changes, _) = gathering.finish();
        self.commit_or_stale(&mut force, changes).await?;
        Ok(true)
    }
}

/// The fact that a person's account was bound from `people.toml`.
fn pre_filled(known: &KnownAccount) -> String {
    let (id, person) = (&known.task_force, &known.person);
    format!("{PRE_FILLED}{id}:{person}:{}", known.account.user_id)
}

/// The last sign of life that is stored.
pub(super) async fn last_alive(store: &Store) -> Result<Option<DateTime<Utc>>, StoreError> {
    let alive = store.fact(ALIVE_AT).await?;
    Ok(alive.and_then(|fact| moment(&fact)))
}

/// From seconds since 1970.
fn moment(seconds: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds.parse().ok()?, 0)
}

impl Gathering<'_> {
    fn bind(&mut self, known: &KnownAccount, way: BindingWay) {
        let act = Act::Bound {
            person: known.person.clone(),
            account: known.account.clone(),
            way,
        };
        self.append(Actor::Host, act);
    }

    /// Salts for texts of this gathering's own.
    pub(super) fn salts(&self) -> Salts {
        Salts::new(self.service.dice.throw().0)
    }
}
