//! A world and a room as they are kept: JSON with a version, so that a later program knows what it reads.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::room::Room;
use super::state::State;
use super::view::Call;
use super::world::World;

/// The form this program writes, and the newest it reads.
const VERSION: u32 = 1;
/// Calls that are kept; what they made stands in the chats all the same.
const MOST_CALLS: usize = 2_000;

/// Why a kept room cannot be taken up.
#[derive(Debug, thiserror::Error)]
pub enum NotASavedRoom {
    /// It is no JSON of ours.
    #[error("it cannot be read: {0}")]
    Broken(#[from] serde_json::Error),
    /// A later program kept it.
    #[error("it was saved in form {0} by a newer program; this one reads up to form {VERSION}")]
    Newer(u32),
}

/// A room as it was kept, read and in order.
#[derive(Debug)]
pub struct SavedRoom {
    state: State,
    script: ScriptMemory,
}

/// What scripts need to go on.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ScriptMemory {
    accounts: BTreeMap<String, i64>,
    groups: BTreeMap<String, i64>,
    group: i64,
    topic: Option<i64>,
    own_messages: Vec<((i64, i64), i64)>,
    newest_link: Option<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    state: &'a State,
    script: ScriptMemory,
}

#[derive(Deserialize)]
struct Read {
    state: State,
    script: ScriptMemory,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl SavedRoom {
    /// Reads what [`Room::saved`] wrote.
    ///
    /// # Errors
    /// It is broken, or a newer program wrote it.
    pub fn read(json: &str) -> Result<Self, NotASavedRoom> {
        let Version { version } = serde_json::from_str(json)?;
        if version > VERSION {
            return Err(NotASavedRoom::Newer(version));
        }
        let Read { state, script } = serde_json::from_str(json)?;
        Ok(Self { state, script })
    }

    /// What the clock showed.
    pub fn at(&self) -> DateTime<Utc> {
        self.state.now
    }
}

impl Room {
    /// Everything but the bot: people, chats, clock.
    ///
    /// # Errors
    /// It does not fit JSON: a mistake of ours.
    pub fn saved(&self) -> Result<String, NotASavedRoom> {
        let script = self.script_memory();
        let written = Written {
            version: VERSION,
            state: &self.world.locked(),
            script,
        };
        Ok(serde_json::to_string(&written)?)
    }

    fn script_memory(&self) -> ScriptMemory {
        ScriptMemory {
            accounts: self.accounts.clone(),
            groups: self.groups.clone(),
            group: self.group,
            topic: self.topic,
            own_messages: self.own_messages.iter().map(|(k, v)| (*k, *v)).collect(),
            newest_link: self.newest_link.clone(),
        }
    }

    /// Becomes the kept room and gives back what it was; the clock shows the kept room's time.
    pub fn become_saved(&mut self, saved: SavedRoom) -> SavedRoom {
        let script = self.script_memory();
        let state = self.world.replace(saved.state);
        let ScriptMemory {
            accounts,
            groups,
            group,
            topic,
            own_messages,
            newest_link,
        } = saved.script;
        (self.accounts, self.groups, self.group) = (accounts, groups, group);
        (self.topic, self.newest_link) = (topic, newest_link);
        self.own_messages = own_messages.into_iter().collect();
        self.seen = self.world.calls_made();
        self.answered = self.world.answers().len();
        self.shown_at = None;
        SavedRoom { state, script }
    }
}

impl World {
    fn replace(&self, state: State) -> State {
        let at = state.now;
        let before = std::mem::replace(&mut *self.locked(), state);
        self.clock().set(at);
        self.mark_changed();
        before
    }
}

/// Only the newest calls; how many there were is lost with the others, and nobody counts over a room's end.
pub(super) fn newest<S: Serializer>(
    journal: &VecDeque<Call>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let skipped = journal.len().saturating_sub(MOST_CALLS);
    serializer.collect_seq(journal.iter().skip(skipped))
}

/// Maps whose keys are no texts, as lists of pairs.
pub(super) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let pairs = Vec::<(K, V)>::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}
