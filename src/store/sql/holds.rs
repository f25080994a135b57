//! Chats that nothing is sent to for now, and groups that became others.

use chrono::{DateTime, Utc};

use super::Sql;
use super::codec::micros;
use super::hands::Hand;
use super::statement::query;
use crate::store::StoreError;

impl Sql {
    pub(in crate::store) async fn hold(
        &self,
        chat: Option<i64>,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let hold = query(
            "INSERT INTO holds (chat, until_at) VALUES ($1, $2)
             ON CONFLICT (chat) DO UPDATE SET until_at = excluded.until_at
             WHERE excluded.until_at > holds.until_at",
        );
        let hold = hold.bind(chat.unwrap_or(0)).bind(micros(until));
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        hold.execute(&mut transaction).await?;
        transaction.commit().await
    }

    pub(in crate::store) async fn migrate_chat(
        &self,
        from: i64,
        to: i64,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        migrate_chat(&mut transaction, from, to).await?;
        transaction.commit().await?;
        Ok(())
    }
}

pub(super) async fn set_hold(
    connection: &mut Hand,
    chat: i64,
    until: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let set = match until {
        Some(until) => query(
            "INSERT INTO holds (chat, until_at) VALUES ($1, $2)
             ON CONFLICT (chat) DO UPDATE SET until_at = excluded.until_at",
        )
        .bind(chat)
        .bind(micros(until)),
        None => query("DELETE FROM holds WHERE chat = $1").bind(chat),
    };
    set.execute(connection).await?;
    Ok(())
}

pub(super) async fn migrate_chat(
    connection: &mut Hand,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    // One statement a state, so that each finds its partial index.
    for moved in [
        "UPDATE outbox SET chat = $2 WHERE state = 'waiting' AND chat = $1",
        "UPDATE outbox SET chat = $2 WHERE state = 'leased' AND chat = $1",
        "UPDATE outbox SET chat = $2 WHERE state = 'unknown' AND chat = $1",
        "UPDATE conversations SET chat = $2 WHERE chat = $1",
    ] {
        query(moved)
            .bind(from)
            .bind(to)
            .execute(&mut *connection)
            .await?;
    }
    let messages =
        query("UPDATE outbox SET message_id = NULL WHERE chat = $1 AND message_id IS NOT NULL");
    messages.bind(from).execute(&mut *connection).await?;
    set_hold(connection, from, None).await
}
