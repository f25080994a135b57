//! 从备份恢复: a database put back as it was at an earlier moment, and what the office decided on the time that is missing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{Act, LedgerEntry};
use super::standing::Standing;

/// The time of which a restored database knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Last sign of life in the backup.
    pub from_at: DateTime<Utc>,
    /// First start after it was put back.
    pub to_at: DateTime<Utc>,
}

/// What becomes of what would have been sent in the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterRestore {
    /// 接续: it counts as sent.
    Continue,
    /// 补发: what is still true is given out.
    MakeUp,
}

/// The office's act on a restored database: sending goes on. Its own seq is the one behind `confirmed_seq`; this entry alone
/// may leave numbers out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The gap.
    #[serde(flatten)]
    pub gap: Gap,
    /// What becomes of its sends.
    pub how: AfterRestore,
    /// Seq of the last entry in the backup.
    pub last_seq: u64,
    /// The highest seq anybody saw, as the office confirmed; `last_seq` where nothing was lost.
    pub confirmed_seq: u64,
    /// The highest number of a digest anybody saw; 0 where there was none.
    pub confirmed_digest: u32,
}

impl Act {
    /// The seq of an entry with this act behind one with `last`: the next, but for a restored database's first.
    pub fn seq_after(&self, last: u64) -> u64 {
        let confirmed = match self.restored() {
            Some(restored) => restored.confirmed_seq,
            None => last,
        };
        confirmed.max(last) + 1
    }

    fn restored(&self) -> Option<&Restored> {
        if let Self::Restored(restored) = self {
            Some(restored)
        } else {
            None
        }
    }
}

impl LedgerEntry {
    /// Whether it may stand behind the entry with the seq `last`.
    pub fn follows(&self, last: u64) -> bool {
        let restored = self.act.restored();
        let in_place = restored.is_none_or(|restored| restored.last_seq == last);
        in_place && self.seq == self.act.seq_after(last)
    }
}

impl Standing {
    pub(super) fn restore(&mut self, entry: &LedgerEntry, restored: &Restored) {
        let Gap { from_at, to_at } = restored.gap;
        self.downtimes.push((entry.seq, from_at, to_at));
        self.restorations.insert(entry.seq, restored.clone());
    }

    /// The number of the next digest: behind the last one, and behind what the office confirmed after a restoration.
    pub fn next_digest(&self) -> u32 {
        let posted = self.digests.last().map_or(0, |last| last.number);
        let confirmed = self.restorations.values();
        let confirmed = confirmed.map(|restored| restored.confirmed_digest).max();
        posted.max(confirmed.unwrap_or(0)) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, rushan};

    fn restored(last_seq: u64, confirmed_seq: u64) -> Act {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        Act::Restored(Restored {
            gap: Gap {
                from_at: at(1_795_400_000),
                to_at: at(1_795_500_000),
            },
            how: AfterRestore::Continue,
            last_seq,
            confirmed_seq,
            confirmed_digest: 16,
        })
    }

    fn entry(seq: u64, act: Act) -> LedgerEntry {
        let mut story = Story::live(rushan());
        story.by("luan-pin", act);
        let mut entry = story.entries.pop().unwrap();
        entry.seq = seq;
        entry
    }

    #[test]
    fn numbers_continue_behind_the_highest_that_was_confirmed() {
        assert!(entry(53, restored(37, 52)).follows(37));
        assert!(entry(38, restored(37, 37)).follows(37));
        assert!(
            entry(38, restored(37, 12)).follows(37),
            "never backwards: lower numbers are known already"
        );
        assert!(!entry(54, restored(37, 52)).follows(37), "one left out");
        assert!(!entry(53, restored(36, 52)).follows(37), "of another end");
        assert!(!entry(39, Act::Resumed).follows(37), "no other act jumps");
    }

    #[test]
    fn a_digest_is_numbered_behind_what_was_confirmed_and_behind_its_own_kind() {
        let mut standing = Standing::default();
        assert_eq!(standing.next_digest(), 1);
        standing.apply(&entry(53, restored(37, 52)));
        assert_eq!(standing.next_digest(), 17);
        assert_eq!(standing.downtimes.len(), 1);
    }
}
