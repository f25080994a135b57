//! Words that are removed (`/redact`): what of the ledger holds them, and where they stand in a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Text;
use super::entry::{Act, Actor, LedgerEntry};
use super::evidence::FileRef;
use super::progress::{Attachment, FileId};
use super::standing::Standing;
use super::vocabulary::SENTENCE_ENDS;

/// The words of an entry were removed (删除文字), wherever they stood. From version 3 on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// Seq of the entry.
    pub seq: u64,
    /// Seqs of other entries in which the same words stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<u64>,
    /// Their files that are the same as one of the entry's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// Hex SHA-256 of every text that was blanked, sorted.
    pub texts: Vec<String>,
    /// Why.
    pub reason: Text,
}

/// That words of an entry were removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// Seq of the entry that says so.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

/// Words of fewer characters stand in too many other places: they are removed from their entry alone.
pub const LEAST_SOUGHT: usize = 4;

/// Stands where a renderer cut a text.
const CUT: char = '…';

/// Words that are looked for, and ids of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Without white space, longest first; whole texts, and the lines of those that have several.
    sought: Vec<Vec<char>>,
    ids: BTreeSet<String>,
}

impl Words {
    /// Those of an act.
    fn of(act: &Act) -> Self {
        let files = act.attachments();
        let ids: BTreeSet<String> = files.iter().flat_map(ids_of).map(str::to_owned).collect();
        let mut words = Self {
            sought: Vec::new(),
            ids,
        };
        for text in act.texts() {
            let body = text.body().unwrap_or_default();
            if !words.ids.contains(body) {
                words.seek(body);
                body.lines().for_each(|line| words.seek(line));
            }
        }
        words.sought.sort_by_key(|one| std::cmp::Reverse(one.len()));
        words
    }

    fn seek(&mut self, text: &str) {
        let end = |c: char| c.is_whitespace() || SENTENCE_ENDS.contains(&c);
        let dense = dense(text.trim_end_matches(end));
        if dense.len() >= LEAST_SOUGHT && !self.sought.contains(&dense) {
            self.sought.push(dense);
        }
    }

    /// Whether there is nothing that could be looked for.
    pub fn is_empty(&self) -> bool {
        self.sought.is_empty() && self.ids.is_empty()
    }

    /// Whether they stand in a text, whole or cut short; or it is one of the ids.
    pub fn stand_in(&self, text: &str) -> bool {
        self.ids.contains(text) || !self.found(&dense(text)).is_empty()
    }

    /// Where they stand in characters without white space, in order and without overlaps: whole, or their beginning up to
    /// the sign of a cut, which belongs to them.
    pub fn found(&self, text: &[char]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let longest = self
                .sought
                .iter()
                .filter_map(|one| match_at(one, &text[at..]));
            match longest.max() {
                Some(length) => {
                    found.push(at..at + length);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// How many characters of a text's beginning are these words.
fn match_at(words: &[char], text: &[char]) -> Option<usize> {
    let same = words
        .iter()
        .zip(text)
        .take_while(|(one, other)| one == other);
    let same = same.count();
    if same == words.len() {
        return Some(same);
    }
    let cut = same >= LEAST_SOUGHT && text.get(same) == Some(&CUT);
    cut.then_some(same + 1)
}

fn dense(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn ids_of(file: &Attachment) -> impl Iterator<Item = &str> {
    [&file.file_id, &file.file_unique_id]
        .into_iter()
        .filter_map(FileId::id)
}

/// What a redaction of an entry removes from the ledger: the entry first, then every other is taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The entry.
    pub entry: LedgerEntry,
    /// Its words.
    pub words: Words,
    /// Other entries with the same words, in order.
    pub also: BTreeMap<u64, LedgerEntry>,
    own: BTreeSet<String>,
    texts: BTreeSet<String>,
    files: Vec<FileRef>,
}

impl Survey {
    /// Of an entry with its words.
    pub fn new(entry: LedgerEntry) -> Self {
        let present = entry.act.texts().into_iter();
        let present = present.filter(|text| text.body().is_some());
        let own: BTreeSet<String> = present.map(|text| text.sha256().to_owned()).collect();
        Self {
            words: Words::of(&entry.act),
            also: BTreeMap::new(),
            texts: own.clone(),
            own,
            files: Vec::new(),
            entry,
        }
    }

    /// Whether the entry has neither words nor ids of files that could go (any more).
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && !self.has_ids_in_chain()
    }

    /// Whether nothing could go but what was kept of files, whose ids stay in the chain.
    pub fn has_files_alone(&self) -> bool {
        self.own.is_empty() && self.has_ids_in_chain()
    }

    /// Whether some of its words are too short to be looked for elsewhere.
    pub fn has_short_words(&self) -> bool {
        let texts = self.entry.act.texts();
        let mut bodies = texts.iter().filter_map(|text| text.body());
        bodies.any(|body| dense(body).len() < LEAST_SOUGHT)
    }

    /// Whether ids of its files stand in the chain itself, for ever (up to version 2).
    pub fn has_ids_in_chain(&self) -> bool {
        let mut files = self.entry.act.attachments().iter();
        files.any(|file| matches!(file.file_id, FileId::Within(_)))
    }

    /// The seqs of all entries it touches.
    pub fn seqs(&self) -> Vec<u64> {
        let mut seqs: Vec<u64> = self.also.keys().copied().collect();
        seqs.push(self.entry.seq);
        seqs.sort_unstable();
        seqs
    }

    /// Takes another entry in: the very same text, the same words under another salt, or the same file.
    pub fn take(&mut self, entry: &LedgerEntry) {
        if entry.seq == self.entry.seq {
            return;
        }
        let mut same: BTreeSet<String> = BTreeSet::new();
        for (index, file) in entry.act.attachments().iter().enumerate() {
            if ids_of(file).any(|id| self.words.ids.contains(id)) {
                let (seq, texts) = (entry.seq, file_texts(file));
                same.extend(texts.map(|text| text.sha256().to_owned()));
                self.files.push(FileRef { seq, index });
            }
        }
        for text in entry.act.texts() {
            let Some(body) = text.body() else { continue };
            let kept = self.own.contains(text.sha256());
            if kept || self.are_words(body) {
                same.insert(text.sha256().to_owned());
            }
        }
        if !same.is_empty() || self.files.last().is_some_and(|file| file.seq == entry.seq) {
            self.texts.append(&mut same);
            self.also.insert(entry.seq, entry.clone());
        }
    }

    /// Whether a text says one of the entry's and nothing else.
    fn are_words(&self, body: &str) -> bool {
        let body = dense(body);
        let whole = |own: &Text| own.body().is_some_and(|own| dense(own) == body);
        body.len() >= LEAST_SOUGHT && self.entry.act.texts().into_iter().any(whole)
    }

    /// Digests of all texts it blanks, sorted.
    pub fn texts(&self) -> Vec<String> {
        self.texts.iter().cloned().collect()
    }

    /// The act that removes it all.
    pub fn act(&self, reason: Text) -> Act {
        Act::Redacted(std::sync::Arc::new(Redacted {
            seq: self.entry.seq,
            also: self.also.keys().copied().collect(),
            files: self.files.clone(),
            texts: self.texts(),
            reason,
        }))
    }
}

fn file_texts(file: &Attachment) -> impl Iterator<Item = &Text> {
    let apart = |id: &'_ FileId| matches!(id, FileId::Apart(_));
    debug_assert!(apart(&file.file_id) == apart(&file.file_unique_id));
    let ids = [&file.file_id, &file.file_unique_id].into_iter();
    let ids = ids.filter_map(|id| match id {
        FileId::Apart(text) => Some(text),
        FileId::Within(_) => None,
    });
    let all = ids.chain(&file.name);
    all.filter(|text| text.body().is_some())
}

impl Standing {
    pub(super) fn redact(&mut self, entry: &LedgerEntry, redacted: &Redacted) {
        self.evidence.redact(redacted.seq);
        for file in &redacted.files {
            self.evidence.redact_file(*file);
        }
        let redaction = Redaction {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
        };
        for seq in redacted.also.iter().chain([&redacted.seq]) {
            self.redacted.insert(*seq, redaction.clone());
        }
    }
}
