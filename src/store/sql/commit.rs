//! One transaction, one savepoint an event: every statement says what it expects, and the first that is wrong undoes
//! its event.

use chrono::{DateTime, Utc};

use super::codec::{micros, signed};
use super::hands::Hand;
use super::statement::query;
use super::{Sql, cache, holds, removal, settle};
use crate::plan::TaskForceId;
use crate::store::{
    Changes, CommitError, ConversationRow, DigestRow, NewOutgoing, StoreError, StoredEntry,
    StoredText,
};

impl Sql {
    /// In one transaction.
    pub(super) async fn commit_group(
        &self,
        group: Vec<Changes>,
    ) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        let results = match group.as_slice() {
            // One that is alone needs no savepoint: with it everything is undone.
            [alone] => match apply(&mut transaction, alone).await {
                Ok(()) => vec![Ok(())],
                Err(error) => {
                    transaction.rollback().await?;
                    return Ok(vec![Err(error)]);
                }
            },
            several => one_after_the_other(&mut transaction, several).await?,
        };
        let concerned: Vec<&Changes> = group
            .iter()
            .zip(&results)
            .filter(|(changes, result)| result.is_ok() && changes.concern_others())
            .map(|(changes, _)| changes)
            .collect();
        if !concerned.is_empty() {
            self.ring_changed(&mut transaction, &concerned).await?;
        }
        if group.iter().any(|it| !it.taken_up_again.is_empty()) {
            self.ring_inbox(&mut transaction).await?;
        }
        transaction.commit().await?;
        drop(writer);
        if group
            .iter()
            .any(|changes| !changes.removal.texts.is_empty())
        {
            self.forget_old_pages().await;
        }
        Ok(results)
    }

    pub(in crate::store) async fn set_fact(
        &self,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.take().await?;
        let mut transaction = self.begin(&mut writer).await?;
        set_fact(&mut transaction, name, value).await?;
        transaction.commit().await
    }
}

/// A savepoint each.
async fn one_after_the_other(
    connection: &mut Hand,
    group: &[Changes],
) -> Result<Vec<Result<(), CommitError>>, StoreError> {
    let mut results = Vec::with_capacity(group.len());
    for changes in group {
        let mut event = connection.begin_part().await?;
        let result = apply(&mut event, changes).await;
        match result {
            Ok(()) => event.commit().await?,
            // Where the database has given up the whole transaction there is no savepoint left, and this fails.
            Err(_) => event.rollback().await?,
        }
        results.push(result);
    }
    Ok(results)
}

async fn apply(connection: &mut Hand, changes: &Changes) -> Result<(), CommitError> {
    finish_update(connection, changes).await?;
    for update_id in &changes.taken_up_again {
        take_up_again(connection, *update_id).await?;
    }
    for (lease, settled) in &changes.settled {
        settle::settle(connection, *lease, settled, changes.now).await?;
    }
    for (id, seen) in &changes.decide_unknown {
        settle::decide_unknown(connection, *id, *seen, changes.now).await?;
    }
    if let Some((from, to)) = changes.migrated {
        holds::migrate_chat(connection, from, to).await?;
    }
    for id in &changes.withdraw {
        settle::withdraw_waiting(connection, *id).await?;
    }
    for (hash, text) in &changes.adoptions {
        let keep =
            query("INSERT INTO adoptions (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        keep.bind(&hash.0[..])
            .bind(text)
            .execute(&mut *connection)
            .await?;
    }
    for (chat, until) in &changes.holds {
        holds::set_hold(connection, *chat, *until).await?;
    }
    for (name, value) in &changes.facts {
        set_fact(connection, name, value.as_deref()).await?;
    }
    if changes.wake_all {
        cache::wake_all(connection, changes.now).await?;
    }
    match &changes.task_force {
        Some(task_force) => apply_to(connection, task_force, changes).await?,
        None if changes.needs_task_force() => return Err(CommitError::NoTaskForce),
        None => {}
    }
    for message in &changes.outgoing {
        put_out(connection, changes, message).await?;
    }
    Ok(())
}

async fn finish_update(connection: &mut Hand, changes: &Changes) -> Result<(), CommitError> {
    let Some(update_id) = changes.update_id else {
        return Ok(());
    };
    let state = if changes.set_aside.is_some() {
        "failed"
    } else {
        "done"
    };
    let finish = query(
        "UPDATE inbox SET state = $2, error = $3
         WHERE update_id = $1 AND seen = 1 AND state = 'waiting'",
    );
    let finish = finish.bind(update_id).bind(state).bind(&changes.set_aside);
    match finish.execute(connection).await? {
        0 => Err(CommitError::UpdateDone),
        _ => Ok(()),
    }
}

async fn take_up_again(connection: &mut Hand, update_id: i64) -> Result<(), StoreError> {
    let take = query(
        "UPDATE inbox SET state = 'waiting', attempts = 0, held_by = NULL, held_until = NULL
         WHERE update_id = $1 AND seen = 1 AND state = 'done'",
    );
    take.bind(update_id).execute(connection).await?;
    Ok(())
}

async fn apply_to(
    connection: &mut Hand,
    task_force: &TaskForceId,
    changes: &Changes,
) -> Result<(), CommitError> {
    move_head(connection, task_force, changes).await?;
    for (_, stored) in &changes.entries {
        add_entry(connection, task_force, stored).await?;
    }
    let seq = changes.entries.last().map_or(0, |(_, stored)| stored.seq);
    for text in &changes.texts {
        add_text(connection, task_force, seq, text).await?;
    }
    removal::remove(connection, task_force, &changes.removal).await?;
    for (at, row) in changes.conversations.iter().enumerate() {
        match changes.talk_seen(at) {
            None => keep_conversation(connection, task_force, row).await?,
            Some(seen) => change_conversation(connection, task_force, row, seen).await?,
        }
    }
    for digest in &changes.digests {
        add_digest(connection, task_force, digest).await?;
    }
    for key in &changes.spent_keys {
        claim_key(connection, task_force, key, None, changes.now).await?;
    }
    if let Some(routes) = &changes.routes {
        cache::lead_to(connection, task_force, routes).await?;
        cache::wake_if_unknown(connection, task_force, changes.now).await?;
    }
    if changes.wake() {
        cache::wake(connection, task_force, changes.now).await?;
    }
    Ok(())
}

async fn move_head(
    connection: &mut Hand,
    task_force: &TaskForceId,
    changes: &Changes,
) -> Result<(), CommitError> {
    let Some((_, last)) = changes.entries.last() else {
        return head_is_as_expected(connection, task_force, changes).await;
    };
    let expected = changes.expected.as_ref();
    let Some(expected) = expected.filter(|head| changes.follows_on(head)) else {
        return Err(CommitError::HeadMoved);
    };
    // By its hash too: another process may have entered something else at the same place.
    let moved = match expected.seq {
        0 => query(
            "INSERT INTO heads (task_force, seq, hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        ),
        _ => query(
            "UPDATE heads SET seq = $2, hash = $3 WHERE task_force = $1 AND seq = $4 AND hash = $5",
        ),
    };
    let moved = moved
        .bind(task_force.as_str())
        .bind(signed(last.seq))
        .bind(&last.hash[..]);
    let moved = match expected.seq {
        0 => moved,
        seq => moved.bind(signed(seq)).bind(&expected.hash[..]),
    };
    match moved.execute(connection).await? {
        0 => Err(CommitError::HeadMoved),
        _ => Ok(()),
    }
}

/// What adds no entry may still hold only for the head it was made for.
async fn head_is_as_expected(
    connection: &mut Hand,
    task_force: &TaskForceId,
    changes: &Changes,
) -> Result<(), CommitError> {
    let Some(expected) = &changes.expected else {
        return Ok(());
    };
    let head = query("SELECT seq, hash FROM heads WHERE task_force = $1");
    let head: Option<(i64, Vec<u8>)> = head
        .bind(task_force.as_str())
        .fetch_optional(connection)
        .await?;
    let is_there = match &head {
        Some((seq, hash)) => *seq == signed(expected.seq) && hash[..] == expected.hash,
        None => expected.seq == 0,
    };
    match is_there {
        true => Ok(()),
        false => Err(CommitError::HeadMoved),
    }
}

async fn add_entry(
    connection: &mut Hand,
    task_force: &TaskForceId,
    stored: &StoredEntry,
) -> Result<(), StoreError> {
    let add = query("INSERT INTO entries (task_force, seq, body, hash) VALUES ($1, $2, $3, $4)");
    let add = add.bind(task_force.as_str()).bind(signed(stored.seq));
    add.bind(&stored.body)
        .bind(&stored.hash[..])
        .execute(connection)
        .await?;
    Ok(())
}

/// A text that is known already came with an older entry, and stays with it.
async fn add_text(
    connection: &mut Hand,
    task_force: &TaskForceId,
    seq: u64,
    text: &StoredText,
) -> Result<(), StoreError> {
    let add = query(
        "INSERT INTO texts (task_force, seq, sha256, salt, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    );
    let add = add
        .bind(task_force.as_str())
        .bind(signed(seq))
        .bind(&text.sha256);
    add.bind(&text.salt[..])
        .bind(&text.body)
        .execute(connection)
        .await?;
    Ok(())
}

async fn keep_conversation(
    connection: &mut Hand,
    task_force: &TaskForceId,
    row: &ConversationRow,
) -> Result<(), StoreError> {
    let Some(state) = &row.state else {
        let forget = query("DELETE FROM conversations WHERE task_force = $1 AND user_id = $2");
        forget
            .bind(task_force.as_str())
            .bind(row.user_id)
            .execute(connection)
            .await?;
        return Ok(());
    };
    let keep = query(
        "INSERT INTO conversations (task_force, user_id, chat, state, updated_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (task_force, user_id) DO UPDATE
         SET chat = excluded.chat, state = excluded.state, updated_at = excluded.updated_at",
    );
    let keep = keep
        .bind(task_force.as_str())
        .bind(row.user_id)
        .bind(row.chat);
    keep.bind(state)
        .bind(micros(row.updated_at))
        .execute(connection)
        .await?;
    Ok(())
}

/// As [`keep_conversation`], where the talk is still in the state in which it was seen.
async fn change_conversation(
    connection: &mut Hand,
    task_force: &TaskForceId,
    row: &ConversationRow,
    seen: Option<&str>,
) -> Result<(), CommitError> {
    let change = match (&row.state, seen) {
        (None, None) => return Ok(()),
        (None, Some(seen)) => {
            query("DELETE FROM conversations WHERE task_force = $1 AND user_id = $2 AND state = $3")
                .bind(task_force.as_str())
                .bind(row.user_id)
                .bind(seen)
        }
        (Some(state), None) => query(
            "INSERT INTO conversations (task_force, user_id, chat, state, updated_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(task_force.as_str())
        .bind(row.user_id)
        .bind(row.chat)
        .bind(state)
        .bind(micros(row.updated_at)),
        (Some(state), Some(seen)) => query(
            "UPDATE conversations SET chat = $3, state = $4, updated_at = $5
             WHERE task_force = $1 AND user_id = $2 AND state = $6",
        )
        .bind(task_force.as_str())
        .bind(row.user_id)
        .bind(row.chat)
        .bind(state)
        .bind(micros(row.updated_at))
        .bind(seen),
    };
    match change.execute(connection).await? {
        0 => Err(CommitError::TalkMoved(row.user_id)),
        _ => Ok(()),
    }
}

async fn add_digest(
    connection: &mut Hand,
    task_force: &TaskForceId,
    digest: &DigestRow,
) -> Result<(), StoreError> {
    let add = query(
        "INSERT INTO digests (task_force, number, version, cut_off_at, body)
         SELECT $1, $2, COALESCE(MAX(version), 0) + 1, $3, $4
         FROM digests WHERE task_force = $1 AND number = $2",
    );
    let add = add.bind(task_force.as_str()).bind(i64::from(digest.number));
    add.bind(micros(digest.cut_off_at))
        .bind(&digest.body)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_out(
    connection: &mut Hand,
    changes: &Changes,
    message: &NewOutgoing,
) -> Result<(), CommitError> {
    let put = query(
        "INSERT INTO outbox (id, task_force, chat, thread, kind, sent_again, priority, body, about, slot,
                             notice, not_before, not_after, ready, created_at)
         SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         FROM outbox RETURNING id",
    );
    let put = put
        .bind(changes.task_force.as_ref().map(TaskForceId::as_str))
        .bind(message.chat)
        .bind(message.thread.map(i64::from))
        .bind(message.kind.name())
        .bind(i64::from(message.kind.is_sent_again()))
        .bind(message.priority)
        .bind(&message.body)
        .bind(&message.about)
        .bind(&message.slot)
        .bind(&message.notice)
        .bind(micros(message.not_before))
        .bind(message.not_after.map(micros))
        .bind(i64::from(message.not_before <= changes.now))
        .bind(micros(changes.now));
    let id: i64 = put.fetch_one(&mut *connection).await?;
    match &changes.task_force {
        Some(task_force) => {
            claim_keys_and_pings(connection, task_force, id, message, changes.now).await
        }
        None => Ok(()),
    }
}

pub(super) async fn claim_keys_and_pings(
    connection: &mut Hand,
    task_force: &TaskForceId,
    id: i64,
    message: &NewOutgoing,
    now: DateTime<Utc>,
) -> Result<(), CommitError> {
    for key in &message.keys {
        claim_key(connection, task_force, key, Some(id), now).await?;
    }
    for (person, day) in &message.pings {
        let count = query(
            "INSERT INTO pings (task_force, day, person, outbox_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        );
        let count = count.bind(task_force.as_str()).bind(day.to_string());
        count
            .bind(person.as_str())
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn claim_key(
    connection: &mut Hand,
    task_force: &TaskForceId,
    key: &str,
    row: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), CommitError> {
    let claim = query(
        "INSERT INTO notice_keys (task_force, name, outbox_id, given_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    );
    let claim = claim.bind(task_force.as_str()).bind(key).bind(row);
    let claim = claim.bind(micros(now));
    match claim.execute(connection).await? {
        0 => Err(CommitError::KeyTaken(key.to_owned())),
        _ => Ok(()),
    }
}

async fn set_fact(
    connection: &mut Hand,
    name: &str,
    value: Option<&str>,
) -> Result<(), StoreError> {
    let set = match value {
        Some(value) => query(
            "INSERT INTO facts (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value),
        None => query("DELETE FROM facts WHERE name = $1").bind(name),
    };
    set.execute(connection).await?;
    Ok(())
}
