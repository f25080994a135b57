//! Start: task forces are loaded or adopted for the first time, changed plans offered, accounts pre-filled, downtime noted.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Mutex;

use super::effects::{Gathering, Occasion};
use super::force::{Force, read_frame};
use super::{Call, EVERYBODY, OFFLINE, Service, ServiceError};
use crate::conversation::{Manner, command};
use crate::ledger::{
    Account, Act, Actor, BindingWay, ENTRY_VERSION, Head, LedgerEntry, Salts, code_sha256,
};
use crate::plan::{AdoptionText, PersonId, TaskForceId};
use crate::render;
use crate::store::{COPY_OF, Changes, Expected};

/// A silence longer than this is downtime worth a line.
const DOWNTIME_MINUTES: i64 = 15;

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
    /// Loads every task force of the database, adopts new ones, offers changed plans to their offices.
    pub async fn load(
        &self,
        adoptions: Vec<(TaskForceId, AdoptionText)>,
    ) -> Result<(), ServiceError> {
        match self.bot.id {
            OFFLINE => self.look_for_restoration().await?,
            _ => self.begin_restoration().await?,
        }
        let heads = self.store.heads().await?;
        for (id, text) in &adoptions {
            if !heads.contains_key(id) {
                self.adopt_first(id, text).await?;
            }
        }
        let now = self.now();
        for (id, head) in self.store.heads().await? {
            let force = Force::load(&self.store, &id, head, now).await?;
            self.note(&force);
            self.forces
                .lock()
                .await
                .insert(id, Arc::new(Mutex::new(force)));
        }
        for (id, text) in &adoptions {
            self.offer(id, text).await?;
        }
        self.ask_about_gaps().await?;
        self.default_menu().await?;
        self.note_downtime(now).await
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

    async fn adopt_first(&self, id: &TaskForceId, text: &AdoptionText) -> Result<(), ServiceError> {
        let hash = text.hash();
        let json = String::from_utf8(text.bytes()).expect("JSON is UTF-8");
        read_frame(id, hash, &json)?;
        let act = Act::Adopted { adoption: hash };
        let entry = LedgerEntry {
            seq: 1,
            at: self.now(),
            version: ENTRY_VERSION,
            by: Actor::Host,
            act,
        };
        let mut changes = Changes {
            task_force: Some(id.clone()),
            expected: Some(Expected { seq: 0 }),
            adoptions: vec![(hash, json)],
            now: self.now(),
            ..Changes::default()
        };
        changes.push_entry(Head::default(), entry);
        self.commit_one(changes).await
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

    /// A gap since the last sign of life is an entry of every live task force; the schedule tells people about it.
    async fn note_downtime(&self, now: DateTime<Utc>) -> Result<(), ServiceError> {
        // The last sign of life in a copy is where its gap begins.
        if self.store.fact(COPY_OF).await?.is_some() {
            return Ok(());
        }
        let alive = self.store.fact("alive_at").await?;
        let alive = alive
            .and_then(|fact| fact.parse().ok())
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        self.store
            .set_fact("alive_at", Some(&now.timestamp().to_string()))
            .await?;
        let Some(from_at) =
            alive.filter(|alive| now - *alive > Duration::minutes(DOWNTIME_MINUTES))
        else {
            return Ok(());
        };
        for id in self.task_forces().await {
            let Some(mut force) = self.working_force(&id).await? else {
                continue;
            };
            if force.standing.live_since.is_none() {
                continue;
            }
            let mut gathering =
                Gathering::new(self, &mut force, Occasion::without_event(Actor::Host));
            gathering.append(
                Actor::Bot,
                Act::WasDown {
                    from_at,
                    to_at: now,
                },
            );
            let (changes, _) = gathering.finish();
            self.commit_one(changes).await?;
        }
        Ok(())
    }

    /// Leaves a sign of life at the end, so that the next start knows how long nobody was here.
    pub async fn say_alive(&self) -> Result<(), ServiceError> {
        Ok(self
            .store
            .set_fact("alive_at", Some(&self.now().timestamp().to_string()))
            .await?)
    }

    /// A fresh first-start code for every task force whose office has nobody with an account: (task force, person it makes, code).
    pub async fn first_codes(&self) -> Result<Vec<(TaskForceId, PersonId, String)>, ServiceError> {
        let mut codes = Vec::new();
        for id in self.task_forces().await {
            let Some(mut force) = self.fresh_force(&id).await? else {
                continue;
            };
            let chief = force.frame.plan.task_force.office_chief.clone();
            if !Gathering::new(self, &mut force, Occasion::without_event(Actor::Host))
                .office()
                .is_empty()
            {
                continue;
            }
            let code = Salts::new(self.dice.throw().0).code();
            let first = FirstCode {
                sha256: code_sha256(&code),
                expires_at: self.now() + Duration::hours(FIRST_CODE_HOURS),
            };
            self.store
                .set_fact(&format!("first_code:{id}"), Some(&first.fact()))
                .await?;
            codes.push((id, chief, code));
        }
        Ok(codes)
    }

    /// Binds accounts of `people.toml` whose person never had one from there. Returns those of unknown task forces or people.
    pub async fn pre_fill(
        &self,
        accounts: &[KnownAccount],
    ) -> Result<Vec<KnownAccount>, ServiceError> {
        let mut unknown = Vec::new();
        let mut by_force: BTreeMap<&TaskForceId, Vec<&KnownAccount>> = BTreeMap::new();
        for known in accounts {
            by_force.entry(&known.task_force).or_default().push(known);
        }
        for (id, accounts) in by_force {
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
                let name = format!("pre_filled:{id}:{}:{}", known.person, known.account.user_id);
                if gathering.force.frame.plan.member(&known.person).is_none() {
                    unknown.push(known.clone());
                } else if self.store.fact(&name).await?.is_none()
                    && !gathering
                        .force
                        .standing
                        .bindings
                        .contains_key(&known.person)
                {
                    gathering.changes.facts.push((name, Some(String::new())));
                    gathering.bind(known, BindingWay::File);
                }
            }
            let (changes, _) = gathering.finish();
            self.commit_one(changes).await?;
            self.note(&force);
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
        gathering.refresh_menu(&known.person);
        let (changes, _) = gathering.finish();
        self.commit_one(changes).await?;
        self.note(&force);
        Ok(true)
    }
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
