//! Word between processes on one PostgreSQL: what one commits wakes the others, by LISTEN and NOTIFY.

use secrecy::ExposeSecret;
use sqlx::postgres::PgListener;

use super::hands::Hand;
use super::statement::query;
use super::{Backend, Sql};
use crate::plan::TaskForceId;
use crate::store::{Changes, StoreError};

/// Every schema is a store of its own.
macro_rules! channel {
    () => {
        "'duban_' || hashtext(current_schema())"
    };
}

const RING: &str = concat!("SELECT pg_notify(", channel!(), ", $1)");

const CHANNEL: &str = concat!("SELECT ", channel!());

/// The longest word; PostgreSQL takes up to 8000 bytes. Beyond it the word is that anything may have changed.
const LONGEST: usize = 4000;

/// Hears what other processes commit.
#[derive(Debug)]
pub struct Bell {
    listener: PgListener,
    /// Our own number: we know what we did.
    taker: i64,
}

/// What another process did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It kept updates.
    Inbox,
    /// It committed changes to these task forces, or rows of the outbox.
    Changed(Vec<TaskForceId>),
    /// Anything may have happened: the connection was gone for a while, or there was too much to say.
    Anything,
}

impl Bell {
    /// The next word of another process. The connection is made anew when it breaks.
    ///
    /// # Errors
    /// It cannot be made anew now.
    pub async fn heard(&mut self) -> Result<Heard, StoreError> {
        loop {
            let Some(word) = self.listener.try_recv().await? else {
                return Ok(Heard::Anything);
            };
            if let Some(heard) = read(word.payload(), self.taker) {
                return Ok(heard);
            }
        }
    }
}

/// None for our own word.
fn read(word: &str, own: i64) -> Option<Heard> {
    let mut parts = word.split(' ');
    if parts.next()?.parse() == Ok(own) {
        return None;
    }
    Some(match parts.next() {
        Some("inbox") => Heard::Inbox,
        Some("changed") => Heard::Changed(parts.map(TaskForceId::from).collect()),
        Some(_) | None => Heard::Anything,
    })
}

impl Sql {
    pub(in crate::store) fn is_shared(&self) -> bool {
        match self.backend {
            Backend::Sqlite => false,
            Backend::Postgres => true,
        }
    }

    pub(in crate::store) async fn bell(&self) -> Result<Option<Bell>, StoreError> {
        let Some(url) = &self.url else {
            return Ok(None);
        };
        let mut listener = PgListener::connect(url.expose_secret()).await?;
        let channel: String = query(CHANNEL).fetch_one(&mut self.reading().await?).await?;
        listener.listen(&channel).await?;
        let taker = self.taker;
        Ok(Some(Bell { listener, taker }))
    }

    pub(super) async fn ring_inbox(&self, connection: &mut Hand) -> Result<(), StoreError> {
        self.ring(connection, "inbox".to_owned()).await
    }

    pub(super) async fn ring_changed(
        &self,
        connection: &mut Hand,
        group: &[&Changes],
    ) -> Result<(), StoreError> {
        if !self.is_shared() {
            return Ok(());
        }
        let mut word = "changed".to_owned();
        let mut forces: Vec<&str> = group
            .iter()
            .filter_map(|changes| changes.task_force.as_ref().map(TaskForceId::as_str))
            .collect();
        forces.sort_unstable();
        forces.dedup();
        for force in forces {
            word.push(' ');
            word.push_str(force);
        }
        if word.len() > LONGEST {
            word = "anything".to_owned();
        }
        self.ring(connection, word).await
    }

    /// Heard when the transaction is committed.
    async fn ring(&self, connection: &mut Hand, word: String) -> Result<(), StoreError> {
        if self.is_shared() {
            let ring = query(RING).bind(format!("{} {word}", self.taker));
            ring.execute(connection).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words_are_not_heard_and_strange_ones_mean_anything() {
        assert_eq!(read("7 inbox", 7), None);
        assert_eq!(read("7 inbox", 8), Some(Heard::Inbox));
        let two = vec!["rushan".into(), "weihai".into()];
        assert_eq!(
            read("7 changed rushan weihai", 8),
            Some(Heard::Changed(two))
        );
        assert_eq!(read("7 changed", 8), Some(Heard::Changed(Vec::new())));
        assert_eq!(read("7 of a later version", 8), Some(Heard::Anything));
        assert_eq!(read("", 8), Some(Heard::Anything));
    }
}
