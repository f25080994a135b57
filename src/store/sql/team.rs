//! Leases and albums: one process does for all what only one may, by the database's clock.

use chrono::{DateTime, TimeDelta, Utc};

use super::Sql;
use super::codec::micros;
use super::outbox::MICROS_A_SECOND;
use super::statement::query;
use crate::store::{CommitError, OutboxRow, StoreError, Term};

impl Sql {
    pub(in crate::store) async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        seconds: i64,
        _now: DateTime<Utc>,
    ) -> Result<Option<(i64, Option<TimeDelta>)>, StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let clock = self.clock(&mut transaction).await?;
        let free_since: Option<i64> = query("SELECT until_at FROM leases WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut transaction)
            .await?;
        let acquire = query(
            "INSERT INTO leases (name, holder, term, until_at) VALUES ($1, $2, 1, $3)
             ON CONFLICT (name) DO UPDATE
             SET holder = excluded.holder, term = leases.term + 1, until_at = excluded.until_at
             WHERE leases.until_at <= $4
             RETURNING term",
        );
        let acquire = acquire.bind(name).bind(holder);
        let acquire = acquire.bind(clock + seconds * MICROS_A_SECOND).bind(clock);
        let number: Option<i64> = acquire.fetch_optional(&mut transaction).await?;
        transaction.commit().await?;
        let free_for = free_since.map(|since| TimeDelta::microseconds(clock - since));
        Ok(number.map(|number| (number, free_for)))
    }

    pub(in crate::store) async fn renew_lease(
        &self,
        term: &Term,
        seconds: i64,
        _now: DateTime<Utc>,
    ) -> Result<(), CommitError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let clock = self.clock(&mut transaction).await?;
        let renew = query(
            "UPDATE leases SET until_at = $3 WHERE name = $1 AND term = $2 AND until_at > $4",
        );
        let renew = renew.bind(&term.name).bind(term.number);
        let renew = renew.bind(clock + seconds * MICROS_A_SECOND).bind(clock);
        let renewed = renew.execute(&mut transaction).await?;
        transaction.commit().await?;
        still_ours(term, renewed == 1)
    }

    pub(in crate::store) async fn release_lease(
        &self,
        term: &Term,
        _now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let clock = self.clock(&mut transaction).await?;
        let release = query(
            "UPDATE leases SET until_at = $3 WHERE name = $1 AND term = $2 AND until_at > $3",
        );
        let release = release.bind(&term.name).bind(term.number).bind(clock);
        release.execute(&mut transaction).await?;
        transaction.commit().await
    }

    pub(in crate::store) async fn claim_within(
        &self,
        term: &Term,
        now: DateTime<Utc>,
        lease_seconds: i64,
        skip: &[i64],
        most_priority: i64,
    ) -> Result<Option<OutboxRow>, CommitError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin_lightly(&mut writer).await?;
        let clock = self.clock(&mut transaction).await?;
        // Nobody can take the lease before this transaction ends: writers wait for each other.
        let ours: Option<i64> =
            query("SELECT term FROM leases WHERE name = $1 AND term = $2 AND until_at > $3")
                .bind(&term.name)
                .bind(term.number)
                .bind(clock)
                .fetch_optional(&mut transaction)
                .await?;
        still_ours(term, ours.is_some())?;
        let row = self.claim_row(&mut transaction, now, lease_seconds, skip, most_priority);
        let row = row.await?;
        transaction.commit().await?;
        drop(writer);
        self.claim_kept(row.as_ref()).await?;
        Ok(row)
    }

    pub(in crate::store) async fn put_back(&self, updates: &[i64]) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        for update_id in updates {
            let put_back = query(
                "UPDATE inbox SET attempts = attempts - 1, held_until = NULL
                 WHERE update_id = $1 AND seen = 1 AND state = 'waiting' AND attempts > 0 AND held_by = $2",
            );
            let put_back = put_back.bind(*update_id).bind(self.taker);
            put_back.execute(&mut transaction).await?;
        }
        transaction.commit().await
    }

    pub(in crate::store) async fn open_album(
        &self,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let open = query(
            "INSERT INTO albums (name, opened_at) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET opened_at = excluded.opened_at",
        );
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let open = open.bind(name).bind(micros(now));
        open.execute(&mut transaction).await?;
        transaction.commit().await
    }

    pub(in crate::store) async fn knows_album(&self, name: &str) -> Result<bool, StoreError> {
        let known = query("SELECT opened_at FROM albums WHERE name = $1").bind(name);
        let known: Option<i64> = known.fetch_optional(&mut self.reading().await?).await?;
        Ok(known.is_some())
    }
}

fn still_ours(term: &Term, ours: bool) -> Result<(), CommitError> {
    if ours {
        Ok(())
    } else {
        Err(CommitError::TermOver(term.name.clone()))
    }
}
