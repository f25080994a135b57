//! Rows as the store takes and gives them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Route, stored_at};
use crate::ledger::{Head, LedgerEntry, canonical};
use crate::plan::{Hash, PersonId, TaskForceId};

/// A raw update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// Telegram's id of the update.
    pub update_id: i64,
    /// Chat it belongs to (its lane); 0 for updates without one.
    pub lane: i64,
    /// When we got it.
    pub received_at: DateTime<Utc>,
    /// JSON as it came.
    pub body: String,
    /// Times it was taken; 0 when new.
    pub attempts: i64,
}

/// An entry as stored: its canonical JSON and the chain's hash after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Seq.
    pub seq: u64,
    /// Canonical JSON.
    pub body: String,
    /// The chain's hash after it.
    pub hash: [u8; 32],
}

/// A text beside the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredText {
    /// Hex SHA-256 over salt and body.
    pub sha256: String,
    /// Salt.
    pub salt: [u8; 16],
    /// The words.
    pub body: String,
}

/// The state of a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Account.
    pub user_id: i64,
    /// Chat its open talk lives in, if one is open.
    pub chat: Option<i64>,
    /// JSON; none forgets it.
    pub state: Option<String>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
}

/// A digest as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    /// Number.
    pub number: u32,
    /// Cut-off.
    pub cut_off_at: DateTime<Utc>,
    /// JSON of the message as sent.
    pub body: String,
}

/// What kind of message a row is: decides what an unknown outcome means (rules, section 9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutgoingKind {
    /// An answer to somebody; sent again.
    Answer,
    /// A reminder; sent again.
    Reminder,
    /// A digest, or a supervision slip to its receiver; waits for the office.
    Digest,
    /// A supervision slip (督办单); waits for the office.
    Slip,
    /// A file, whatever it answers or reminds of; waits for the office.
    Document,
    /// The pinned status; made again.
    Status,
    /// A line of no weight (group line, list to the office); sent again.
    Line,
}

impl OutgoingKind {
    /// Its name, as stored and as counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Reminder => "reminder",
            Self::Digest => "digest",
            Self::Slip => "slip",
            Self::Document => "document",
            Self::Status => "status",
            Self::Line => "line",
        }
    }

    /// Whether a message of this kind is sent again by itself when nobody knows if it arrived; what is not waits for
    /// the office.
    pub fn is_sent_again(self) -> bool {
        match self {
            Self::Answer | Self::Reminder | Self::Status | Self::Line => true,
            Self::Digest | Self::Slip | Self::Document => false,
        }
    }
}

/// Ends the slot of the parts behind the first of a message: they wait while nobody knows whether a part before them arrived.
pub const PARTS: &str = "/parts";

/// A message to be sent, edited or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutgoing {
    /// Chat.
    pub chat: i64,
    /// Topic.
    pub thread: Option<i32>,
    /// Kind.
    pub kind: OutgoingKind,
    /// Lower goes first between chats: answers 0, reminders 10, digests 20.
    pub priority: i64,
    /// JSON of what to call; the store does not look inside.
    pub body: String,
    /// Tasks it is about, comma-separated ids, for replies to it.
    pub about: String,
    /// A name under which its message is found again (`status`, `digest-16`); later parts add [`PARTS`] to the first's.
    pub slot: Option<String>,
    /// JSON of the notice it carries, for the check at claim time; none for answers.
    pub notice: Option<String>,
    /// Earliest.
    pub not_before: DateTime<Utc>,
    /// Latest; none for answers.
    pub not_after: Option<DateTime<Utc>>,
    /// Notice keys it claims, each once.
    pub keys: Vec<String>,
    /// People it pings, and on which local day.
    pub pings: Vec<(PersonId, NaiveDate)>,
}

impl NewOutgoing {
    /// As it is stored: times in whole microseconds, keys and pings in order.
    pub(super) fn as_stored(&self) -> Self {
        let mut stored = Self {
            not_before: stored_at(self.not_before),
            not_after: self.not_after.map(stored_at),
            ..self.clone()
        };
        stored.keys.sort();
        stored
            .pings
            .sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
        stored.pings.dedup();
        stored
    }
}

/// The life of an outbox row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// Waits to be sent.
    Waiting,
    /// A sender has it.
    Leased,
    /// Sent.
    Sent,
    /// Nobody knows whether it arrived; waits for the office.
    Unknown,
    /// Withdrawn before it was sent; its keys and pings were given back.
    Withdrawn,
    /// Refused for good.
    Dead,
}

/// A sender's claim on a row. Who lost it (it ran out and the row was claimed again) can no longer settle the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Id of the row.
    pub row: i64,
    /// Which of the row's claims this is, from 1; 0 before the first.
    pub number: i64,
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Id, rising.
    pub id: i64,
    /// Task force; none for lines to strangers.
    pub task_force: Option<TaskForceId>,
    /// As it was put in. A withdrawn row has no keys and pings; a settled one loses its text after 400 days.
    pub message: NewOutgoing,
    /// State.
    pub state: OutboxState,
    /// Its newest claim.
    pub lease: Lease,
    /// Sends tried, the running one included.
    pub attempts: i64,
    /// Whether an earlier try may have arrived (an unknown outcome of a kind that is sent again).
    pub maybe_sent: bool,
    /// Telegram's id of the (first) message.
    pub message_id: Option<i32>,
    /// When it was put in.
    pub created_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Error, without text of ours.
    pub error: Option<String>,
}

/// Rows of a queue that could be worked off now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Queue {
    /// How many.
    pub depth: i64,
    /// Since when the oldest of them could be.
    pub oldest: Option<DateTime<Utc>>,
}

/// What waits in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Queues {
    /// Updates to be handled.
    pub inbox: Queue,
    /// Messages to be sent, those of chats left aside that cannot be reached at all.
    pub outbox: Queue,
    /// Messages whose outcome waits for the office.
    pub unknown: i64,
    /// Messages refused for good.
    pub dead: i64,
}

/// How many messages of one kind stand in a state with an error; one of several parts is counted by its first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Kind.
    pub kind: OutgoingKind,
    /// State.
    pub state: OutboxState,
    /// Error, without text of ours.
    pub error: Option<String>,
    /// How many.
    pub rows: usize,
}

/// What came of a leased row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// `ok: true`.
    Sent {
        /// Id of the first message; none for calls that make none, or when the result could not be read.
        message_id: Option<i32>,
    },
    /// Try again not before then (429, connection refused before anything was sent).
    Again {
        /// Not before.
        not_before: DateTime<Utc>,
        /// Error.
        error: String,
    },
    /// Nobody knows: answers and reminders are sent again, digests wait for the office.
    Unknown {
        /// Not before, for those sent again.
        not_before: DateTime<Utc>,
        /// Error.
        error: String,
    },
    /// Refused for good.
    Dead {
        /// Error.
        error: String,
    },
    /// No longer true or allowed: keys and pings go back.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Re-rendered before sending: new body, fewer keys and pings; back to waiting with the same place in the queue. Nobody has
    /// started on it as it is now, so it holds up no other while its time has not come.
    Replaced {
        /// New row content.
        with: Box<NewOutgoing>,
    },
}

/// New content for a row in which words stood that are removed. It must still be as it was seen; one that was leased waits
/// again, and who has it can no longer settle it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Its newest claim as seen, which names the row.
    pub lease: Lease,
    /// Its state as seen.
    pub state: OutboxState,
    /// New body.
    pub body: String,
}

/// The same of a digest as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RewrittenDigest {
    /// Number.
    pub number: u32,
    /// Which of the texts under this number, from 1.
    pub version: usize,
    /// JSON of the message without the words.
    pub body: String,
}

/// Words that are removed: blanked in the texts, and whatever else holds them changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removal {
    /// Digests of the texts; each must still have its words.
    pub texts: Vec<String>,
    /// Rows of the outbox.
    pub rows: Vec<Rewrite>,
    /// Digests as sent.
    pub digests: Vec<RewrittenDigest>,
    /// Raw updates by their key in [`super::Store::updates_after`]; only that they came is left.
    pub updates: Vec<i64>,
}

/// Everything one event changes; committed all or nothing.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Whose chain, conversations, keys and digests; none only for what belongs to no task force.
    pub task_force: Option<TaskForceId>,
    /// The update this event came from; marked done.
    pub update_id: Option<i64>,
    /// The update is set aside as failed for this reason (never its text) instead of done.
    pub set_aside: Option<String>,
    /// Updates that were done and are to be worked on once more, as if they came just now.
    pub taken_up_again: Vec<i64>,
    /// The chain's head the entries follow on, by number and hash; needed when there are entries. Without entries the head must be there still.
    pub expected: Option<Head>,
    /// New entries with canonical JSON and hash.
    pub entries: Vec<(LedgerEntry, StoredEntry)>,
    /// Texts of those entries.
    pub texts: Vec<StoredText>,
    /// Adoption texts to keep.
    pub adoptions: Vec<(Hash, String)>,
    /// Conversations.
    pub conversations: Vec<ConversationRow>,
    /// The state in which those talks were read, by account; none where there was no talk. A talk that changes and stands here
    /// must still be in it: another process may have had an update of the same person.
    pub talks_seen: Vec<(i64, Option<String>)>,
    /// Messages. Their ids rise in this order.
    pub outgoing: Vec<NewOutgoing>,
    /// Rows to withdraw, before `outgoing` claims their keys; those that no longer wait stay as they are.
    pub withdraw: Vec<i64>,
    /// What came of rows leased by us, where it belongs together with the rest (as 403 and the entry about it).
    pub settled: Vec<(Lease, Settled)>,
    /// Chats to hold until then (a private chat that cannot be reached: [`super::FOREVER`]), or to release.
    pub holds: Vec<(i64, Option<DateTime<Utc>>)>,
    /// Rows of unknown outcome the office decided on: seen (counts as sent), or to be sent again.
    pub decide_unknown: Vec<(i64, bool)>,
    /// Notice keys that are spent without a message of their own.
    pub spent_keys: Vec<String>,
    /// A group that became a supergroup, old id and new: see [`super::Store::migrate_chat`].
    pub migrated: Option<(i64, i64)>,
    /// Digests.
    pub digests: Vec<DigestRow>,
    /// Words that are removed.
    pub removal: Removal,
    /// Facts.
    pub facts: Vec<(String, Option<String>)>,
    /// All that leads to the task force from now on; none: what led to it still does.
    pub routes: Option<BTreeSet<Route>>,
    /// Every schedule is to be asked now.
    pub wake_all: bool,
    /// Now, for times the rows carry.
    pub now: DateTime<Utc>,
}

impl Changes {
    /// Adds an entry that follows on `head`: its seq is set, its JSON, hash and texts are made. Returns the head after
    /// it.
    pub fn push_entry(&mut self, head: Head, mut entry: LedgerEntry) -> Head {
        entry.seq = entry.act.seq_after(head.seq);
        self.expected.get_or_insert(head);
        let body = canonical(&entry);
        let next = head.at(entry.seq, &body);
        let stored = StoredEntry {
            seq: next.seq,
            body,
            hash: next.hash,
        };
        for text in entry.act.texts() {
            // A text without body was redacted or not loaded: what is stored of it stays as it is.
            if let Some(body) = text.body() {
                self.texts.push(StoredText {
                    sha256: text.sha256().to_owned(),
                    salt: text.salt(),
                    body: body.to_owned(),
                });
            }
        }
        self.entries.push((entry, stored));
        next
    }

    /// The state in which a talk must still be for its first change here; none where that does not matter.
    pub(super) fn talk_seen(&self, at: usize) -> Option<Option<&str>> {
        let user_id = self.conversations[at].user_id;
        let changed = self.conversations[..at].iter();
        if changed.into_iter().any(|row| row.user_id == user_id) {
            return None;
        }
        let seen = self.talks_seen.iter().find(|(seen, _)| *seen == user_id);
        seen.map(|(_, state)| state.as_deref())
    }

    /// Whether other processes must hear of them: something may be sent now, or stands differently in the fold.
    pub(super) fn concern_others(&self) -> bool {
        self.task_force.is_some()
            || !self.outgoing.is_empty()
            || !self.holds.is_empty()
            || !self.decide_unknown.is_empty()
    }

    /// Whether they hold what belongs to a task force.
    pub(super) fn needs_task_force(&self) -> bool {
        let claims = |message: &NewOutgoing| !message.keys.is_empty() || !message.pings.is_empty();
        !self.entries.is_empty()
            || !self.texts.is_empty()
            || !self.conversations.is_empty()
            || !self.digests.is_empty()
            || self.removal != Removal::default()
            || self.routes.is_some()
            || !self.spent_keys.is_empty()
            || self.outgoing.iter().any(claims)
    }

    /// Whether the entries follow on this head, with no numbers left out but by a restored database.
    pub(super) fn follows_on(&self, head: &Head) -> bool {
        let expected = self.expected.as_ref() == Some(head);
        let mut last = head.seq;
        let follows = |(entry, stored): &(LedgerEntry, StoredEntry)| {
            let follows = stored.seq == entry.seq && entry.follows(last);
            last = stored.seq;
            follows
        };
        expected && self.entries.iter().all(follows)
    }
}
