//! Routes and wakeups in the database.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::Sql;
use super::codec::{Columns, micros, signed};
use super::hands::Hand;
use super::statement::{Row, query};
use crate::plan::TaskForceId;
use crate::store::{Route, RouteKind, StoreError, Wakeup};

const WAKE: &str = "INSERT INTO wakeups (task_force, wake_at, version) VALUES ($1, $2, 1)
     ON CONFLICT (task_force) DO UPDATE
     SET wake_at = CASE WHEN wakeups.wake_at < excluded.wake_at THEN wakeups.wake_at ELSE excluded.wake_at END,
         version = wakeups.version + 1";

impl Sql {
    pub(in crate::store) async fn task_forces(&self) -> Result<Vec<TaskForceId>, StoreError> {
        let ids: Vec<String> = query("SELECT task_force FROM heads ORDER BY task_force")
            .fetch_all(&mut self.reading().await?)
            .await?;
        Ok(ids.into_iter().map(TaskForceId::new).collect())
    }

    pub(in crate::store) async fn first_task_force(
        &self,
    ) -> Result<Option<TaskForceId>, StoreError> {
        let first = query("SELECT task_force FROM heads ORDER BY task_force LIMIT 1");
        let first: Option<String> = first.fetch_optional(&mut self.reading().await?).await?;
        Ok(first.map(TaskForceId::new))
    }

    pub(in crate::store) async fn led_to(
        &self,
        route: &Route,
    ) -> Result<Vec<TaskForceId>, StoreError> {
        let led_to = query(
            "SELECT task_force FROM routes WHERE kind = $1 AND name = $2 ORDER BY task_force",
        );
        let led_to = led_to.bind(route.kind.stored()).bind(&route.name);
        let ids: Vec<String> = led_to.fetch_all(&mut self.reading().await?).await?;
        Ok(ids.into_iter().map(TaskForceId::new).collect())
    }

    pub(in crate::store) async fn routes_of_kind(
        &self,
        kind: RouteKind,
    ) -> Result<Vec<(TaskForceId, String)>, StoreError> {
        let routes = query("SELECT task_force, name FROM routes WHERE kind = $1");
        let routes = routes.bind(kind.stored());
        let routes: Vec<(String, String)> = routes.fetch_all(&mut self.reading().await?).await?;
        let routes = routes.into_iter();
        let mut routes: Vec<_> = routes
            .map(|(id, name)| (TaskForceId::new(id), name))
            .collect();
        routes.sort();
        Ok(routes)
    }

    pub(in crate::store) async fn routes_to(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<Route>, StoreError> {
        let routes = query("SELECT kind, name FROM routes WHERE task_force = $1");
        let routes = routes.bind(task_force.as_str());
        let routes: Vec<(String, String)> = routes.fetch_all(&mut self.reading().await?).await?;
        let read = |(kind, name): (String, String)| Some(Route::new(RouteKind::read(&kind)?, name));
        let mut routes: Vec<Route> = routes.into_iter().filter_map(read).collect();
        routes.sort();
        Ok(routes)
    }

    pub(in crate::store) async fn unrouted(&self) -> Result<Vec<TaskForceId>, StoreError> {
        let unrouted = query(
            "SELECT task_force FROM heads h
             WHERE NOT EXISTS (SELECT 1 FROM wakeups w WHERE w.task_force = h.task_force)
                OR NOT EXISTS (SELECT 1 FROM routes r WHERE r.task_force = h.task_force)
             ORDER BY task_force",
        );
        let ids: Vec<String> = unrouted.fetch_all(&mut self.reading().await?).await?;
        Ok(ids.into_iter().map(TaskForceId::new).collect())
    }

    pub(in crate::store) async fn wakeups(
        &self,
        now: DateTime<Utc>,
        behind: Option<&Wakeup>,
        limit: usize,
    ) -> Result<Vec<Wakeup>, StoreError> {
        let due = query(
            "SELECT task_force, wake_at, version FROM wakeups
             WHERE wake_at <= $1 AND wake_at >= $2 AND (wake_at > $2 OR task_force > $3)
             ORDER BY wake_at, task_force LIMIT $4",
        );
        let at = behind.map_or(i64::MIN, |behind| micros(behind.at));
        let id = behind.map_or("", |behind| behind.task_force.as_str());
        let due = due.bind(micros(now)).bind(at).bind(id);
        let due = due.bind(signed(limit as u64));
        let rows = due.fetch_all(&mut self.reading().await?).await?;
        rows.into_iter().map(wakeup).collect()
    }

    pub(in crate::store) async fn wakeup(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Option<Wakeup>, StoreError> {
        let one = query("SELECT task_force, wake_at, version FROM wakeups WHERE task_force = $1");
        let one = one.bind(task_force.as_str());
        let row = one.fetch_optional(&mut self.reading().await?).await?;
        row.map(wakeup).transpose()
    }

    pub(in crate::store) async fn next_wakeup(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next = query("SELECT wake_at FROM wakeups WHERE wake_at > $1 ORDER BY wake_at LIMIT 1");
        let row = next
            .bind(micros(now))
            .fetch_optional(&mut self.reading().await?)
            .await?;
        row.map(|row| Columns::of(row).instant()).transpose()
    }

    pub(in crate::store) async fn put_off(&self, wakeups: &[Wakeup]) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        for wakeup in wakeups {
            let put_off =
                query("UPDATE wakeups SET wake_at = $2 WHERE task_force = $1 AND version = $3");
            let put_off = put_off.bind(wakeup.task_force.as_str());
            put_off
                .bind(micros(wakeup.at))
                .bind(wakeup.version)
                .execute(&mut transaction)
                .await?;
        }
        transaction.commit().await
    }
}

/// A task force that can be found has a wakeup.
pub(super) async fn wake_if_unknown(
    connection: &mut Hand,
    task_force: &TaskForceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let wake = query(
        "INSERT INTO wakeups (task_force, wake_at, version) VALUES ($1, $2, 1)
         ON CONFLICT DO NOTHING",
    );
    let wake = wake.bind(task_force.as_str()).bind(micros(now));
    wake.execute(connection).await?;
    Ok(())
}

/// Its schedule is asked now, or earlier if it was to be.
pub(super) async fn wake(
    connection: &mut Hand,
    task_force: &TaskForceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let wake = query(WAKE).bind(task_force.as_str()).bind(micros(now));
    wake.execute(connection).await?;
    Ok(())
}

pub(super) async fn wake_all(connection: &mut Hand, now: DateTime<Utc>) -> Result<(), StoreError> {
    let wake = query(
        "UPDATE wakeups SET version = version + 1,
             wake_at = CASE WHEN wake_at < $1 THEN wake_at ELSE $1 END",
    );
    wake.bind(micros(now)).execute(connection).await?;
    Ok(())
}

/// From now on these lead to it, and nothing else; what led there before is left as it is.
pub(super) async fn lead_to(
    connection: &mut Hand,
    task_force: &TaskForceId,
    routes: &BTreeSet<Route>,
) -> Result<(), StoreError> {
    let known = query("SELECT kind, name FROM routes WHERE task_force = $1");
    let known = known.bind(task_force.as_str());
    let known: Vec<(String, String)> = known.fetch_all(&mut *connection).await?;
    let wanted = |kind: &str, name: &str| {
        let named = RouteKind::read(kind).map(|kind| Route::new(kind, name));
        named.is_some_and(|route| routes.contains(&route))
    };
    for (kind, name) in known.iter().filter(|(kind, name)| !wanted(kind, name)) {
        let remove = query("DELETE FROM routes WHERE task_force = $1 AND kind = $2 AND name = $3");
        let remove = remove.bind(task_force.as_str()).bind(kind).bind(name);
        remove.execute(&mut *connection).await?;
    }
    let known: BTreeSet<(&str, &str)> = known
        .iter()
        .map(|(kind, name)| (kind.as_str(), name.as_str()))
        .collect();
    let new = routes.iter();
    for route in new.filter(|route| !known.contains(&(route.kind.stored(), route.name.as_str()))) {
        let add = query("INSERT INTO routes (task_force, kind, name) VALUES ($1, $2, $3)");
        let add = add.bind(task_force.as_str()).bind(route.kind.stored());
        add.bind(&route.name).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Columns task_force, wake_at, version.
fn wakeup(row: Row) -> Result<Wakeup, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Wakeup {
        task_force: TaskForceId::new(columns.take::<String>()?),
        at: columns.instant()?,
        version: columns.take()?,
    })
}
