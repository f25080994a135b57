//! Evidence (佐证材料) that is kept: which files of the ledger were fetched, under which hash, which were not and why, and which
//! still are to be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{Act, LedgerEntry};
use super::progress::Attachment;
use crate::plan::Hash;

/// A file of the ledger: which of an entry's attachments it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileRef {
    /// Seq of the entry.
    pub seq: u64,
    /// From 0, in the entry's order.
    pub index: usize,
}

/// A file was fetched and is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceKept {
    /// Seq of the entry it is attached to.
    pub seq: u64,
    /// Which of its attachments, from 0.
    pub index: usize,
    /// Of its content: the name it is kept under.
    pub sha256: Hash,
    /// Bytes.
    pub size: u64,
}

/// A file will not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceNotKept {
    /// Seq of the entry it is attached to.
    pub seq: u64,
    /// Which of its attachments, from 0.
    pub index: usize,
    /// Why not.
    pub why: NotKept,
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotKept {
    /// It is larger than Telegram hands out, or than the setting takes.
    TooLarge,
    /// Telegram no longer has it.
    Gone,
    /// It was tried for days and never came through.
    Unreachable,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// It is kept.
    Kept {
        /// Of its content.
        sha256: Hash,
        /// Bytes.
        size: u64,
    },
    /// It is not.
    Not(NotKept),
}

/// What is known of all files of a ledger.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    waiting: BTreeSet<FileRef>,
    fetched: BTreeMap<FileRef, (DateTime<Utc>, Fetched)>,
    users: BTreeMap<Hash, BTreeSet<FileRef>>,
    forgotten: BTreeSet<Hash>,
}

impl FileRef {
    /// The file as an act that says what became of it.
    pub fn act(self, fetched: Fetched) -> Act {
        let Self { seq, index } = self;
        match fetched {
            Fetched::Kept { sha256, size } => Act::EvidenceKept(EvidenceKept {
                seq,
                index,
                sha256,
                size,
            }),
            Fetched::Not(why) => Act::EvidenceNotKept(EvidenceNotKept { seq, index, why }),
        }
    }
}

impl Act {
    /// The files it brings.
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Answered(report) => &report.evidence,
            Self::ClosureProposed { evidence, .. } => evidence,
            _ => &[],
        }
    }
}

impl Evidence {
    /// Files nothing became of yet, the oldest first: the work list.
    pub fn waiting(&self) -> impl Iterator<Item = FileRef> + '_ {
        self.waiting.iter().copied()
    }

    /// Whether nobody sent any file, or all were redacted.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.fetched.is_empty()
    }

    /// Whether it is still to be fetched.
    pub fn awaits(&self, file: FileRef) -> bool {
        self.waiting.contains(&file)
    }

    /// What became of a file, and when; none while it waits.
    pub fn of(&self, file: FileRef) -> Option<&(DateTime<Utc>, Fetched)> {
        self.fetched.get(&file)
    }

    /// The hash under which a file is kept.
    pub fn kept(&self, file: FileRef) -> Option<Hash> {
        match self.fetched.get(&file)?.1 {
            Fetched::Kept { sha256, .. } => Some(sha256),
            Fetched::Not(_) => None,
        }
    }

    /// Everything that became of files, in the order of the files.
    pub fn outcomes(&self) -> impl Iterator<Item = (FileRef, DateTime<Utc>, Fetched)> + '_ {
        let fetched = self.fetched.iter();
        fetched.map(|(file, (at, what))| (*file, *at, *what))
    }

    /// Hashes that no entry refers to any more: what was kept under them goes.
    pub fn forgotten(&self) -> impl Iterator<Item = Hash> + '_ {
        self.forgotten.iter().copied()
    }

    /// Whether a file is kept under that hash.
    pub fn uses(&self, sha256: Hash) -> bool {
        self.users.contains_key(&sha256)
    }

    /// The files of an entry were redacted: they are fetched no more, and what was kept of them goes, unless another entry
    /// refers to the same content.
    pub fn redact(&mut self, seq: u64) {
        let all = FileRef { seq, index: 0 }..=FileRef {
            seq,
            index: usize::MAX,
        };
        self.waiting.retain(|file| file.seq != seq);
        let fetched = self.fetched.range(all);
        let fetched: Vec<FileRef> = fetched.map(|(file, _)| *file).collect();
        for file in fetched {
            if let Some((_, Fetched::Kept { sha256, .. })) = self.fetched.remove(&file) {
                self.leave(sha256, file);
            }
        }
    }

    fn leave(&mut self, sha256: Hash, file: FileRef) {
        let Some(users) = self.users.get_mut(&sha256) else {
            return;
        };
        users.remove(&file);
        if users.is_empty() {
            self.users.remove(&sha256);
            self.forgotten.insert(sha256);
        }
    }

    /// The files of an entry are to be fetched.
    pub(super) fn enlist(&mut self, entry: &LedgerEntry) {
        let files = entry.act.attachments().iter().enumerate();
        let seq = entry.seq;
        self.waiting
            .extend(files.map(|(index, _)| FileRef { seq, index }));
    }

    /// The first word on a file counts: two instances may have fetched it at the same time.
    pub(super) fn note(&mut self, entry: &LedgerEntry, file: FileRef, fetched: Fetched) {
        if !self.waiting.remove(&file) {
            return;
        }
        if let Fetched::Kept { sha256, .. } = fetched {
            self.users.entry(sha256).or_default().insert(file);
            self.forgotten.remove(&sha256);
        }
        self.fetched.insert(file, (entry.at, fetched));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, attached, report, rushan};
    use crate::ledger::{Judgement, Standing, Value};

    fn file(seq: u64, index: usize) -> FileRef {
        FileRef { seq, index }
    }

    fn kept(content: &str) -> Fetched {
        Fetched::Kept {
            sha256: Hash::of(content.as_bytes()),
            size: content.len() as u64,
        }
    }

    fn answered(files: usize) -> Act {
        let mut report = report("6-1", Value::None, Judgement::Normal);
        report.evidence = (0..files).map(|_| attached(None)).collect();
        Act::Answered(report.into())
    }

    fn waiting(standing: &Standing) -> Vec<FileRef> {
        standing.evidence.waiting().collect()
    }

    #[test]
    fn files_of_answers_and_closure_requests_wait_until_something_became_of_them() {
        let mut story = Story::live(rushan());
        let answer = story.by("li-junqing", answered(2));
        let closure = story.by(
            "li-junqing",
            Act::ClosureProposed {
                task: "6-1".into(),
                words: None,
                evidence: vec![attached(Some("验收单.pdf"))],
            },
        );
        let all = [file(answer, 0), file(answer, 1), file(closure, 0)];
        assert_eq!(waiting(&story.standing()), all);
        story.act(all[1].act(kept("a")));
        story.act(all[2].act(Fetched::Not(NotKept::TooLarge)));
        let standing = story.standing();
        assert_eq!(waiting(&standing), [all[0]]);
        assert_eq!(standing.evidence.kept(all[1]), Some(Hash::of(b"a")));
        assert_eq!(standing.evidence.kept(all[2]), None);
        let outcomes: Vec<_> = standing.evidence.outcomes().map(|(of, ..)| of).collect();
        assert_eq!(outcomes, all[1..]);
    }

    #[test]
    fn the_first_word_on_a_file_counts_and_one_on_no_file_is_nothing() {
        let mut story = Story::live(rushan());
        let answer = story.by("li-junqing", answered(1));
        story.act(file(answer, 0).act(kept("a")));
        let once = story.standing();
        story.act(file(answer, 0).act(kept("b")));
        story.act(file(answer, 0).act(Fetched::Not(NotKept::Gone)));
        story.act(file(answer, 1).act(kept("c")));
        story.act(file(1, 0).act(kept("d")));
        assert_eq!(story.standing().evidence, once.evidence);
    }

    #[test]
    fn what_was_kept_goes_when_the_last_entry_with_it_is_redacted() {
        let mut story = Story::live(rushan());
        let first = story.by("li-junqing", answered(2));
        let second = story.by("li-junqing", answered(1));
        story.act(file(first, 0).act(kept("same")));
        story.act(file(second, 0).act(kept("same")));
        let mut evidence = story.standing().evidence;
        evidence.redact(first);
        assert_eq!(evidence.forgotten().count(), 0);
        assert_eq!(evidence.waiting().count(), 0, "it is fetched no more");
        assert_eq!(evidence.kept(file(first, 0)), None);
        assert_eq!(evidence.kept(file(second, 0)), Some(Hash::of(b"same")));
        evidence.redact(second);
        let forgotten: Vec<Hash> = evidence.forgotten().collect();
        assert_eq!(forgotten, [Hash::of(b"same")]);
    }

    #[test]
    fn content_that_comes_again_after_it_was_redacted_is_kept_again() {
        let mut story = Story::live(rushan());
        let first = story.by("li-junqing", answered(1));
        story.act(file(first, 0).act(kept("same")));
        let mut standing = story.standing();
        standing.evidence.redact(first);
        let second = story.by("li-junqing", answered(1));
        story.act(file(second, 0).act(kept("same")));
        let later = story.entries.iter().skip_while(|entry| entry.seq < second);
        later.for_each(|entry| standing.apply(entry));
        assert_eq!(standing.evidence.forgotten().count(), 0);
    }

    #[test]
    fn what_became_of_a_file_reads_back_from_json() {
        let of = file(12, 0);
        let acts = [kept("a"), Fetched::Not(NotKept::Unreachable)].map(|fetched| of.act(fetched));
        for act in &acts {
            let json = serde_json::to_string(act).unwrap();
            assert_eq!(&serde_json::from_str::<Act>(&json).unwrap(), act);
        }
        insta::assert_snapshot!(
            serde_json::to_string(&acts[1]).unwrap(),
            @r#"{"act":"evidence_not_kept","seq":12,"index":0,"why":"unreachable"}"#
        );
    }
}
