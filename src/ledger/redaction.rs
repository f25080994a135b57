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
    /// Seqs of the entries that have removed words, after this seq, from entries up to it, in order.
    pub fn removed_since(&self, seq: u64) -> Vec<u64> {
        let seen = self.redacted.range(..=seq).map(|(_, by)| by.seq);
        let later: BTreeSet<u64> = seen.filter(|by| *by > seq).collect();
        later.into_iter().collect()
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, attached, report, rushan};
    use crate::ledger::{Fetched, Judgement, ProgressReport, Value};
    use crate::plan::Hash;

    const SECRET: &str = "管材到货晚，联系人张三";

    fn salted(words: &str, salt: u8) -> Text {
        Text::new(words, [salt; 16])
    }

    fn answer(change: impl FnOnce(&mut ProgressReport)) -> Act {
        let mut report = report("6-1", Value::None, Judgement::Normal);
        change(&mut report);
        Act::Answered(report.into())
    }

    fn survey(story: &Story<'_>, seq: u64) -> Survey {
        let mut entries = story.entries.iter();
        let entry = entries.find(|entry| entry.seq == seq).unwrap();
        let mut survey = Survey::new(entry.clone());
        story.entries.iter().for_each(|entry| survey.take(entry));
        survey
    }

    #[test]
    fn the_same_words_are_found_as_kept_texts_and_under_other_salts() {
        let mut story = Story::live(rushan());
        let first = story.by(
            "li-junqing",
            answer(|report| {
                report.issues = Some(salted(SECRET, 1));
                report.done = Some(salted("无", 2));
            }),
        );
        let kept = story.by(
            "li-junqing",
            answer(|report| {
                report.issues = Some(salted(SECRET, 1));
                report.done = Some(salted("8 座已完工", 3));
            }),
        );
        let typed_again = story.by(
            "sun-jing",
            Act::Hinted {
                task: "6-1".into(),
                value: Value::None,
                words: Some(salted("管材到货晚，联系人张三 ", 4)),
            },
        );
        // Three characters, and words that only begin alike.
        story.by(
            "li-junqing",
            answer(|report| report.done = Some(salted("无", 5))),
        );
        let longer = format!("{SECRET}丰");
        story.by(
            "li-junqing",
            answer(|report| report.done = Some(salted(&longer, 6))),
        );
        let survey = survey(&story, first);
        assert_eq!(survey.seqs(), [first, kept, typed_again]);
        let mut expected = [
            salted(SECRET, 1),
            salted("无", 2),
            salted("管材到货晚，联系人张三 ", 4),
        ]
        .map(|text| text.sha256().to_owned());
        expected.sort();
        assert_eq!(survey.texts(), expected);
        assert!(survey.has_short_words() && !survey.has_ids_in_chain());
    }

    #[test]
    fn the_same_file_goes_with_all_its_ids_and_its_name_and_no_other_file_does() {
        let mut story = Story::live(rushan());
        let file = |id: &str, unique: &str, salt: u8| Attachment {
            file_id: FileId::new(id, [salt; 16]),
            file_unique_id: FileId::new(unique, [salt; 16]),
            name: Some(salted("验收单.pdf", salt)),
            ..attached(None)
        };
        let mine = file("one", "same", 1);
        let first = story.by("li-junqing", answer(|report| report.evidence = vec![mine]));
        let (other, again) = (file("two", "other", 2), file("three", "same", 3));
        let second = story.by(
            "li-junqing",
            answer(|report| report.evidence = vec![other, again]),
        );
        let kept = |content: &str| Fetched::Kept {
            sha256: Hash::of(content.as_bytes()),
            size: 1,
        };
        let of = |seq, index| FileRef { seq, index };
        for (file, content) in [
            (of(first, 0), "a"),
            (of(second, 0), "b"),
            (of(second, 1), "a"),
        ] {
            story.act(file.act(kept(content)));
        }
        let survey = survey(&story, first);
        // The name is the same words, and goes everywhere.
        assert_eq!(survey.texts().len(), 3 + 1 + 3);
        story.by("luan-pin", survey.act(salted("误传", 9)));
        let standing = story.standing();
        assert_eq!(standing.evidence.kept(of(first, 0)), None);
        assert_eq!(standing.evidence.kept(of(second, 0)), Some(Hash::of(b"b")));
        assert_eq!(standing.evidence.kept(of(second, 1)), None);
        let forgotten: Vec<Hash> = standing.evidence.forgotten().collect();
        assert_eq!(forgotten, [Hash::of(b"a")]);
    }

    #[test]
    fn a_removal_is_remembered_for_every_entry_and_by_the_moments_before_it() {
        let mut story = Story::live(rushan());
        let words = |salt| answer(|report| report.issues = Some(salted(SECRET, salt)));
        let first = story.by("li-junqing", words(1));
        let second = story.by("li-junqing", words(2));
        let act = survey(&story, second).act(salted("含个人信息", 3));
        let removal = story.by("luan-pin", act);
        let standing = story.standing();
        let by = |seq| standing.redacted.get(&seq).map(|it: &Redaction| it.seq);
        assert_eq!([first, second].map(by), [Some(removal); 2]);
        assert_eq!(standing.removed_since(first), [removal]);
        assert_eq!(standing.removed_since(removal), [0; 0]);
        assert_eq!(standing.removed_since(first - 1), [0; 0]);
    }

    #[test]
    fn a_removal_reads_back_from_json_and_holds_no_words() {
        let mut story = Story::live(rushan());
        let words = answer(|report| report.issues = Some(salted(SECRET, 1)));
        let seq = story.by("li-junqing", words);
        let mut act = survey(&story, seq).act(salted("含个人信息", 3));
        let json = serde_json::to_string(&act).unwrap();
        insta::assert_snapshot!(
            json,
            @r#"{"act":"redacted","seq":4,"texts":["98325fb20d66ed897b38627f07964d28525d80790d784ddeacde7df492d015c7"],"reason":{"sha256":"eede5166d30be6f23a6d385943fa8d3c2fb99746273cb1bb1721b2c0cced049c"}}"#
        );
        for text in act.texts_mut() {
            let blank = serde_json::to_string(text).unwrap();
            *text = serde_json::from_str(&blank).unwrap();
        }
        assert_eq!(serde_json::from_str::<Act>(&json).unwrap(), act);
    }
}
