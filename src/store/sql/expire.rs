//! What is deleted by age, in portions, so that no writer waits long.

use chrono::{DateTime, Utc};

use super::Sql;
use super::codec::micros;
use super::statement::query;
use crate::store::{ALBUMS_KEPT, RAW_UPDATES_KEPT, SEEN_IDS_KEPT, SETTLED_TEXT_KEPT, StoreError};

/// Deletes or blanks at most so many rows in one transaction.
const PORTION: u64 = 1000;

const SEEN_IDS: &str = "UPDATE inbox SET seen = 0 WHERE id IN
     (SELECT id FROM inbox WHERE state <> 'waiting' AND seen = 1 AND received_at < $1 LIMIT 1000)";

const UPDATES: &str = "DELETE FROM inbox WHERE id IN
     (SELECT id FROM inbox WHERE state <> 'waiting' AND seen = 0 AND received_at < $1 LIMIT 1000)";

const TEXTS: &str = "UPDATE outbox SET body = '', notice = NULL WHERE id IN
     (SELECT id FROM outbox WHERE body <> '' AND kind <> 'digest' AND created_at < $1
         AND state IN ('sent', 'withdrawn', 'dead') LIMIT 1000)";

const ALBUMS: &str = "DELETE FROM albums WHERE name IN
     (SELECT name FROM albums WHERE opened_at < $1 LIMIT 1000)";

const HOLDS: &str = "DELETE FROM holds WHERE until_at <= $1";

impl Sql {
    pub(in crate::store) async fn expire(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for (statement, before) in [
            (SEEN_IDS, now - SEEN_IDS_KEPT),
            (UPDATES, now - RAW_UPDATES_KEPT),
            (TEXTS, now - SETTLED_TEXT_KEPT),
            (ALBUMS, now - ALBUMS_KEPT),
            (HOLDS, now),
        ] {
            let mut expired = PORTION;
            while expired == PORTION {
                let mut writer = self.writer.take().await?;
                let mut transaction = self.begin(&mut writer).await?;
                let expire = query(statement).bind(micros(before)).takes_long();
                expired = expire.execute(&mut transaction).await?;
                transaction.commit().await?;
            }
        }
        self.forget_old_pages().await;
        Ok(())
    }
}
