//! Two caches of what the ledgers say, kept in the database so that a task force is found, and woken, without folding it:
//! routes and wakeups. Either may be emptied at any time; what is missing is made anew from the ledger.

use chrono::{DateTime, Utc};

use super::{Changes, FOREVER, Settled, Store, StoreError, stored_at};
use crate::plan::TaskForceId;

/// What leads to a task force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// Its group, by the chat's id.
    Group,
    /// An account bound in it, by Telegram's id.
    Account,
    /// A person with an account, by the person's id.
    Bound,
    /// A one-time link, by the hex SHA-256 of its code.
    Code,
    /// A name on its roster.
    Name,
    /// What it is called for short; one.
    Title,
    /// A plan in force, offered or declined, by the hash of its text.
    Plan,
    /// Its office chief's id, while nobody of its office has an account.
    Vacant,
    /// A file of evidence still to be fetched, as `seq/index`.
    File,
    /// Content that no entry refers to any more, by its hash.
    Forgotten,
}

/// Something that leads to a task force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// Of what kind.
    pub kind: RouteKind,
    /// By what name.
    pub name: String,
}

/// When a task force's schedule is to be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wakeup {
    /// Whose.
    pub task_force: TaskForceId,
    /// When: perhaps too early, never too late; [`FOREVER`]: only after an event.
    pub at: DateTime<Utc>,
    /// Counts everything committed that may have moved it.
    pub version: i64,
}

impl RouteKind {
    /// As it is stored.
    pub(super) fn stored(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Account => "account",
            Self::Bound => "bound",
            Self::Code => "code",
            Self::Name => "name",
            Self::Title => "title",
            Self::Plan => "plan",
            Self::Vacant => "vacant",
            Self::File => "file",
            Self::Forgotten => "forgotten",
        }
    }

    /// From what is stored; none for a kind of another version, which leads nowhere.
    pub(super) fn read(stored: &str) -> Option<Self> {
        const ALL: [RouteKind; 10] = [
            RouteKind::Group,
            RouteKind::Account,
            RouteKind::Bound,
            RouteKind::Code,
            RouteKind::Name,
            RouteKind::Title,
            RouteKind::Plan,
            RouteKind::Vacant,
            RouteKind::File,
            RouteKind::Forgotten,
        ];
        ALL.into_iter().find(|kind| kind.stored() == stored)
    }
}

impl Route {
    /// A route.
    pub fn new(kind: RouteKind, name: impl ToString) -> Self {
        Self {
            kind,
            name: name.to_string(),
        }
    }
}

impl Changes {
    /// Whether they may bring forward what a schedule says.
    pub(super) fn wake(&self) -> bool {
        !self.entries.is_empty()
            || !self.conversations.is_empty()
            || !self.withdraw.is_empty()
            || !self.spent_keys.is_empty()
            || self.outgoing.iter().any(|row| !row.keys.is_empty())
    }
}

impl Settled {
    /// Whether keys and pings are given back, so that the schedule of the row's task force is to be asked.
    pub(super) fn wakes(&self) -> bool {
        match self {
            Self::Withdrawn { .. } | Self::Replaced { .. } => true,
            Self::Sent { .. } | Self::Again { .. } | Self::Unknown { .. } | Self::Dead { .. } => {
                false
            }
        }
    }
}

impl Store {
    /// The task forces with a ledger, in order of their ids.
    pub async fn task_forces(&self) -> Result<Vec<TaskForceId>, StoreError> {
        each!(self, store => store.task_forces().await)
    }

    /// The first task force in order of the ids.
    pub async fn first_task_force(&self) -> Result<Option<TaskForceId>, StoreError> {
        each!(self, store => store.first_task_force().await)
    }

    /// The task forces a route leads to, in order of their ids.
    pub async fn led_to(&self, route: &Route) -> Result<Vec<TaskForceId>, StoreError> {
        each!(self, store => store.led_to(route).await)
    }

    /// All routes of a kind: task force and name, in order.
    pub async fn routes_of_kind(
        &self,
        kind: RouteKind,
    ) -> Result<Vec<(TaskForceId, String)>, StoreError> {
        each!(self, store => store.routes_of_kind(kind).await)
    }

    /// All routes to a task force, in order.
    pub async fn routes_to(&self, task_force: &TaskForceId) -> Result<Vec<Route>, StoreError> {
        each!(self, store => store.routes_to(task_force).await)
    }

    /// The task forces that have a ledger and no routes, or no wakeup: of a database that knew none, or emptied since.
    pub async fn unrouted(&self) -> Result<Vec<TaskForceId>, StoreError> {
        each!(self, store => store.unrouted().await)
    }

    /// Wakeups up to `now`, soonest first, behind this one, at most `limit`.
    pub async fn wakeups(
        &self,
        now: DateTime<Utc>,
        behind: Option<&Wakeup>,
        limit: usize,
    ) -> Result<Vec<Wakeup>, StoreError> {
        each!(self, store => store.wakeups(now, behind, limit).await)
    }

    /// The wakeup of one task force.
    pub async fn wakeup(&self, task_force: &TaskForceId) -> Result<Option<Wakeup>, StoreError> {
        each!(self, store => store.wakeup(task_force).await)
    }

    /// The first wakeup later than `now`.
    pub async fn next_wakeup(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next = each!(self, store => store.next_wakeup(now).await)?;
        Ok(next.filter(|at| *at < stored_at(FOREVER)))
    }

    /// Puts these wakeups off, all in one transaction; one whose version moved since is left as it is.
    pub async fn put_off(&self, wakeups: &[Wakeup]) -> Result<(), StoreError> {
        each!(self, store => store.put_off(wakeups).await)
    }
}
