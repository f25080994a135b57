//! What is loaded: ledgers with their texts, adoptions, conversations, keys, pings, digests, facts.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::codec::{
    Columns, bytes, conversation_row, day, digest_row, micros, outcome, signed, stored_entry,
    unreadable, unsigned,
};
use super::statement::query;
use super::{Backend, Sql};
use crate::ledger::{Head, LedgerEntry};
use crate::plan::{Hash, PersonId, TaskForceId};
use crate::store::{ConversationRow, DigestRow, Outcome, StoreError, StoredEntry, put_texts_back};

/// Texts of a ledger by their digest; none was redacted.
type Texts = HashMap<String, Option<([u8; 16], String)>>;

/// Texts as one JSON value, for the same reason as [`Sql::page_between`].
macro_rules! texts {
    ($list:literal) => {
        concat!(
            "SELECT ",
            $list,
            " FROM texts WHERE task_force = $1 AND seq > $2 AND seq <= $3"
        )
    };
}

impl Backend {
    fn texts(self) -> &'static str {
        match self {
            Self::Sqlite => texts!("json_group_array(json_array(sha256, hex(salt), body))"),
            Self::Postgres => {
                texts!(
                    "CAST(json_agg(json_build_array(sha256, encode(salt, 'hex'), body)) AS TEXT)"
                )
            }
        }
    }
}

/// The entries on these lines, so many, in their order: an aggregate promises none.
fn entries_of(
    bodies: Option<&str>,
    count: usize,
    seq: u64,
    until: u64,
) -> Option<Vec<LedgerEntry>> {
    let lines = bodies.unwrap_or_default().lines();
    let entries = lines.map(|body| serde_json::from_str(body).ok());
    let mut entries = entries.collect::<Option<Vec<LedgerEntry>>>()?;
    entries.sort_by_key(|entry| entry.seq);
    let differ = entries.windows(2).all(|two| two[0].seq < two[1].seq);
    let within = entries.first().is_none_or(|first| seq < first.seq)
        && entries.last().is_none_or(|last| last.seq <= until);
    (differ && within && entries.len() == count).then_some(entries)
}

impl Sql {
    // The end of the slot is [`crate::store::PARTS`].
    pub(in crate::store) async fn outcomes(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let counted = query(
            "SELECT kind, state, error, COUNT(*) FROM outbox
             WHERE task_force = $1 AND created_at >= $2 AND (slot IS NULL OR slot NOT LIKE '%/parts')
             GROUP BY kind, state, error ORDER BY MIN(id)",
        );
        let counted = counted.bind(task_force.as_str()).bind(micros(since));
        let rows = counted.fetch_all(&mut self.reading().await?).await?;
        rows.into_iter().map(outcome).collect()
    }

    pub(in crate::store) async fn heads(&self) -> Result<BTreeMap<TaskForceId, Head>, StoreError> {
        let rows = query("SELECT task_force, seq, hash FROM heads")
            .fetch_all(&mut self.reading().await?)
            .await?;
        let heads = rows.into_iter().map(|row| {
            let mut columns = Columns::of(row);
            let task_force = TaskForceId::new(columns.take::<String>()?);
            let seq = unsigned("seq of a head", columns.take()?)?;
            let hash = bytes("hash of a head", &columns.take::<Vec<u8>>()?)?;
            Ok((task_force, Head { seq, hash }))
        });
        heads.collect()
    }

    pub(in crate::store) async fn head(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Head, StoreError> {
        let head = query("SELECT seq, hash FROM heads WHERE task_force = $1");
        let head: Option<(i64, Vec<u8>)> = head
            .bind(task_force.as_str())
            .fetch_optional(&mut self.reading().await?)
            .await?;
        head.map_or(Ok(Head::default()), |(seq, hash)| {
            Ok(Head {
                seq: unsigned("seq of a head", seq)?,
                hash: bytes("hash of a head", &hash)?,
            })
        })
    }

    pub(in crate::store) async fn hash_at(
        &self,
        task_force: &TaskForceId,
        seq: u64,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let hash = query("SELECT hash FROM entries WHERE task_force = $1 AND seq = $2");
        let hash = hash.bind(task_force.as_str()).bind(signed(seq));
        let hash: Option<Vec<u8>> = hash.fetch_optional(&mut self.reading().await?).await?;
        hash.map(|hash| bytes("hash of an entry", &hash))
            .transpose()
    }

    pub(in crate::store) async fn entries_between(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let mut entries = match self.page_between(task_force, seq, until).await? {
            Some(entries) => entries,
            // Row by row what does not read has a name.
            None => {
                let stored = self.stored_between(task_force, seq, until).await?;
                let entries = stored.iter().map(|stored| stored.read(task_force));
                entries.collect::<Result<Vec<_>, _>>()?
            }
        };
        if entries.is_empty() {
            return Ok(entries);
        }
        let mut texts = self.texts_between(task_force, seq, until).await?;
        self.load_older_texts(task_force, &entries, &mut texts)
            .await?;
        for entry in &mut entries {
            put_texts_back(entry, |sha256| texts.get(sha256).cloned().flatten());
        }
        Ok(entries)
    }

    pub(in crate::store) async fn stored_entries(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.stored_between(task_force, 0, u64::MAX).await
    }

    async fn stored_between(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let between = query(
            "SELECT seq, body, hash FROM entries
             WHERE task_force = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
        );
        let between = between.bind(task_force.as_str()).bind(signed(seq));
        let rows = between
            .bind(signed(until))
            .fetch_all(&mut self.reading().await?)
            .await?;
        rows.into_iter().map(stored_entry).collect()
    }

    /// The bodies between as one value, a line each: a row's way from the database costs many times what reading its entry does.
    /// None where not all of them read.
    async fn page_between(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
    ) -> Result<Option<Vec<LedgerEntry>>, StoreError> {
        let page = query(
            "SELECT COUNT(*), string_agg(body, '\n') FROM entries
             WHERE task_force = $1 AND seq > $2 AND seq <= $3",
        );
        let page = page.bind(task_force.as_str()).bind(signed(seq));
        let (count, bodies): (i64, Option<String>) = page
            .bind(signed(until))
            .takes_long()
            .fetch_one(&mut self.reading().await?)
            .await?;
        let count: usize = unsigned("count of entries", count)?;
        Ok(entries_of(bodies.as_deref(), count, seq, until))
    }

    async fn texts_between(
        &self,
        task_force: &TaskForceId,
        seq: u64,
        until: u64,
    ) -> Result<Texts, StoreError> {
        let between = query(self.backend.texts());
        let between = between.bind(task_force.as_str()).bind(signed(seq));
        let texts: Option<String> = between
            .bind(signed(until))
            .takes_long()
            .fetch_one(&mut self.reading().await?)
            .await?;
        let unread = |error: serde_json::Error| unreadable("texts of a ledger", error.to_string());
        let texts: Vec<(String, String, Option<String>)> = match &texts {
            Some(texts) => serde_json::from_str(texts).map_err(unread)?,
            None => Vec::new(),
        };
        let texts = texts.into_iter().map(|(sha256, salt, body)| {
            let Some(body) = body else {
                return Ok((sha256, None));
            };
            let salt = hex::decode(salt)
                .map_err(|error| unreadable("salt of a text", error.to_string()))?;
            Ok((sha256, Some((bytes("salt of a text", &salt)?, body))))
        });
        texts.collect()
    }

    /// An answer that keeps the last one has the texts of an older entry.
    async fn load_older_texts(
        &self,
        task_force: &TaskForceId,
        entries: &[LedgerEntry],
        texts: &mut Texts,
    ) -> Result<(), StoreError> {
        for text in entries.iter().flat_map(|entry| entry.act.texts()) {
            if texts.contains_key(text.sha256()) {
                continue;
            }
            let older = query("SELECT salt, body FROM texts WHERE task_force = $1 AND sha256 = $2");
            let older = older.bind(task_force.as_str()).bind(text.sha256());
            let older: Option<(Vec<u8>, Option<String>)> =
                older.fetch_optional(&mut self.reading().await?).await?;
            let body = match older {
                Some((salt, Some(body))) => Some((bytes("salt of a text", &salt)?, body)),
                Some((_, None)) | None => None,
            };
            texts.insert(text.sha256().to_owned(), body);
        }
        Ok(())
    }

    pub(in crate::store) async fn adoption(
        &self,
        hash: Hash,
    ) -> Result<Option<String>, StoreError> {
        let adoption = query("SELECT body FROM adoptions WHERE hash = $1");
        adoption
            .bind(&hash.0[..])
            .fetch_optional(&mut self.reading().await?)
            .await
    }

    pub(in crate::store) async fn conversation(
        &self,
        task_force: &TaskForceId,
        user_id: i64,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let talk = query(
            "SELECT user_id, chat, state, updated_at FROM conversations
             WHERE task_force = $1 AND user_id = $2",
        );
        let talk = talk.bind(task_force.as_str()).bind(user_id);
        let row = talk.fetch_optional(&mut self.reading().await?).await?;
        row.map(conversation_row).transpose()
    }

    pub(in crate::store) async fn conversations(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let talks = query(
            "SELECT user_id, chat, state, updated_at FROM conversations
             WHERE task_force = $1 ORDER BY user_id",
        );
        let rows = talks
            .bind(task_force.as_str())
            .fetch_all(&mut self.reading().await?)
            .await?;
        rows.into_iter().map(conversation_row).collect()
    }

    pub(in crate::store) async fn keys(
        &self,
        task_force: &TaskForceId,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        let keys = query(
            "SELECT name FROM notice_keys WHERE task_force = $1 AND given_at >= $2 ORDER BY name",
        );
        let keys = keys.bind(task_force.as_str()).bind(micros(since));
        keys.fetch_all(&mut self.reading().await?).await
    }

    pub(in crate::store) async fn pings(
        &self,
        task_force: &TaskForceId,
        since: NaiveDate,
    ) -> Result<Vec<(PersonId, NaiveDate)>, StoreError> {
        let pings = query(
            "SELECT person, day FROM pings WHERE task_force = $1 AND day >= $2
             ORDER BY day, person, outbox_id",
        );
        let pings = pings.bind(task_force.as_str()).bind(since.to_string());
        let rows: Vec<(String, String)> = pings.fetch_all(&mut self.reading().await?).await?;
        let read = |(person, on): (String, String)| Ok((PersonId::new(person), day(&on)?));
        rows.into_iter().map(read).collect()
    }

    pub(in crate::store) async fn digest_versions(
        &self,
        task_force: &TaskForceId,
        number: u32,
    ) -> Result<Vec<DigestRow>, StoreError> {
        let digests = query(
            "SELECT number, cut_off_at, body FROM digests
             WHERE task_force = $1 AND number = $2 ORDER BY version",
        );
        let digests = digests.bind(task_force.as_str()).bind(i64::from(number));
        let rows = digests.fetch_all(&mut self.reading().await?).await?;
        rows.into_iter().map(digest_row).collect()
    }

    pub(in crate::store) async fn digests(
        &self,
        task_force: &TaskForceId,
    ) -> Result<Vec<DigestRow>, StoreError> {
        let digests = query(
            "SELECT number, cut_off_at, body FROM digests
             WHERE task_force = $1 ORDER BY number, version",
        );
        let digests = digests.bind(task_force.as_str());
        let rows = digests.fetch_all(&mut self.reading().await?).await?;
        rows.into_iter().map(digest_row).collect()
    }

    pub(in crate::store) async fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let fact = query("SELECT value FROM facts WHERE name = $1");
        fact.bind(name)
            .fetch_optional(&mut self.reading().await?)
            .await
    }

    pub(in crate::store) async fn facts(
        &self,
        prefix: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        // No name goes on with a character behind the last one of Unicode.
        let facts =
            query("SELECT name, value FROM facts WHERE name >= $1 AND name < $2 ORDER BY name");
        let facts = facts.bind(prefix).bind(format!("{prefix}\u{10FFFF}"));
        facts.fetch_all(&mut self.reading().await?).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Act, Actor, ENTRY_VERSION};

    fn line(seq: u64) -> String {
        let entry = LedgerEntry {
            seq,
            at: DateTime::UNIX_EPOCH,
            version: ENTRY_VERSION,
            by: Actor::Bot,
            act: Act::Resumed,
        };
        serde_json::to_string(&entry).unwrap()
    }

    fn read(lines: &[String], count: usize) -> Option<Vec<u64>> {
        let bodies = (!lines.is_empty()).then(|| lines.join("\n"));
        let entries = entries_of(bodies.as_deref(), count, 4, 9)?;
        Some(entries.iter().map(|entry| entry.seq).collect())
    }

    #[test]
    fn a_page_reads_as_a_whole_and_in_its_order_or_not_at_all() {
        assert_eq!(read(&[], 0), Some(vec![]));
        assert_eq!(read(&[5, 6, 9].map(line), 3), Some(vec![5, 6, 9]));
        assert_eq!(read(&[5, 6].map(line), 3), None, "one is missing");
        assert_eq!(read(&[9, 5, 6].map(line), 3), Some(vec![5, 6, 9]));
        assert_eq!(read(&[5, 5].map(line), 2), None, "twice");
        assert_eq!(read(&[4, 5].map(line), 2), None, "of the page before");
        assert_eq!(read(&[9, 10].map(line), 2), None, "of the page behind");
        let broken = [line(5), "{\"seq\":6".to_owned(), line(7)];
        assert_eq!(read(&broken, 3), None);
    }
}
