//! A database put back as it was: what was on its way then, and which database this is.

use super::codec::micros;
use super::settle::give_back;
use super::statement::query;
use super::{Backend, Sql};
use crate::store::backup::RESTORED;
use crate::store::{FOREVER, StoreError};

/// What is never sent a second time by itself.
const DOUBT: &str = "UPDATE outbox SET state = 'unknown', ready = 0, error = $1
     WHERE state IN ('waiting', 'leased') AND sent_again = 0 AND task_force IS NOT NULL";

/// All else, but for what waits for somebody who cannot be reached.
const ON_THEIR_WAY: &str = "SELECT id FROM outbox
     WHERE state IN ('waiting', 'leased')
       AND NOT (state = 'waiting' AND kind = 'line' AND task_force IS NOT NULL
                AND chat IN (SELECT chat FROM holds WHERE until_at = $1))
     ORDER BY id";

const WITHDRAW: &str = "UPDATE outbox SET state = 'withdrawn', ready = 0, error = $2 WHERE id = $1";

/// A dump that is put back makes its tables anew, under other numbers.
const POSTGRES_IDENTITY: &str =
    "SELECT CAST((SELECT oid FROM pg_database WHERE datname = current_database()) AS TEXT)
         || '/' || CAST(CAST('facts' AS regclass) AS oid)::text";

impl Sql {
    pub(in crate::store) async fn doubt_outbox(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let doubt = query(DOUBT).bind(RESTORED);
        doubt.execute(&mut transaction).await?;
        let ids = query(ON_THEIR_WAY).bind(micros(FOREVER));
        let ids: Vec<i64> = ids.fetch_all(&mut transaction).await?;
        for id in ids {
            let withdraw = query(WITHDRAW).bind(id).bind(RESTORED);
            withdraw.execute(&mut transaction).await?;
            give_back(&mut transaction, id).await?;
        }
        transaction.commit().await
    }

    pub(in crate::store) async fn identity(&self) -> Result<Option<String>, StoreError> {
        match self.backend {
            Backend::Sqlite => Ok(None),
            Backend::Postgres => {
                let identity = query(POSTGRES_IDENTITY);
                Ok(Some(identity.fetch_one(&mut self.reading().await?).await?))
            }
        }
    }
}
