//! Files of an entry (佐证材料): a line each, with what became of it.

use std::collections::BTreeMap;

use crate::ledger::{Attachment, Fetched, FileRef, LedgerEntry};
use crate::plan::Hash;
use crate::render::Scene;
use crate::render::document::evidence::{State, called};
use crate::render::document::size;
use crate::render::item::clip;

/// Files told one by one before the rest is counted.
const MOST_FILES: usize = 5;
/// Characters of a file's name.
const MOST_NAME: usize = 60;
/// Hex digits of a hash that are enough to find the file by.
const DIGITS: usize = 12;

/// 佐证材料2件, then 验收单.pdf · 1.2 MB · 已留存 3f9a1c07d2be, a line each.
pub(super) fn files(scene: &Scene<'_>, entry: &LedgerEntry) -> Vec<String> {
    let attached = entry.act.attachments();
    if attached.is_empty() {
        return Vec::new();
    }
    let told: Vec<Told<'_>> = attached
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let seq = entry.seq;
            Told::of(scene, FileRef { seq, index }, file)
        })
        .collect();
    let mut lines = vec![format!("佐证材料{}件", attached.len())];
    lines.extend(told.iter().take(MOST_FILES).map(Told::line));
    lines.extend(counted(told.get(MOST_FILES..).unwrap_or_default()));
    lines
}

/// A file with what is known of it.
struct Told<'a> {
    name: &'a str,
    size: Option<u64>,
    state: State,
    hash: Option<Hash>,
}

impl<'a> Told<'a> {
    fn of(scene: &Scene<'_>, of: FileRef, file: &'a Attachment) -> Self {
        let fetched = scene.standing.evidence.of(of).map(|(_, fetched)| *fetched);
        let state = State::told(file.file_id.id().is_none(), fetched);
        let (size, hash) = match (state, fetched) {
            (State::Kept, Some(Fetched::Kept { sha256, size })) => (Some(size), Some(sha256)),
            _ => (file.size, None),
        };
        let name = called(file);
        Self {
            name,
            size,
            state,
            hash,
        }
    }

    fn line(&self) -> String {
        let hash = self.hash.map(|hash| {
            let digits = hash.to_string();
            format!(" {}", digits.get(..DIGITS).unwrap_or(&digits))
        });
        let state = format!("{}{}", self.state.words(), hash.unwrap_or_default());
        let parts = [
            Some(clip(self.name, MOST_NAME)),
            self.size.map(size),
            Some(state),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!(" {}", parts.join(" · "))
    }
}

/// 另5件：已留存4、待下载1
fn counted(rest: &[Told<'_>]) -> Option<String> {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for file in rest {
        *states.entry(file.state.words()).or_default() += 1;
    }
    let states = states
        .iter()
        .map(|(state, count)| format!("{state}{count}"));
    let states: Vec<String> = states.collect();
    (!rest.is_empty()).then(|| format!(" 另{}件：{}", rest.len(), states.join("、")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::BotAccount;
    use crate::ledger::testing::{Story, at, attached, day, not_reached, report, rushan, text};
    use crate::ledger::{Act, FileId, Judgement, NotKept, Subject, SupportNeed, Trail, Value};

    fn scene_of<T>(story: &Story<'_>, look: impl FnOnce(&Scene<'_>) -> T) -> T {
        let standing = story.standing();
        let bot = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        look(&Scene {
            frame: story.frame,
            standing: &standing,
            now: at("2026-11-27 16:00"),
            bot: &bot,
        })
    }

    fn answered(files: Vec<Attachment>) -> Act {
        let mut report = report("6-1", Value::None, Judgement::Normal);
        report.evidence = files;
        Act::Answered(report.into())
    }

    fn lines(story: &Story<'_>, seq: u64) -> String {
        let entry = story.entries.iter().find(|entry| entry.seq == seq).unwrap();
        scene_of(story, |scene| files(scene, entry)).join("\n")
    }

    #[test]
    fn a_file_has_a_line_with_what_became_of_it() {
        let mut story = Story::live(rushan());
        let mut redacted = attached(Some("名单.xlsx"));
        let gone = serde_json::to_value(text("gone")).unwrap();
        redacted.file_id = FileId::Apart(serde_json::from_value(gone).unwrap());
        let mut waits = attached(Some("照片说明.docx"));
        waits.size = Some(85_000);
        let files = vec![
            attached(Some("验收单.pdf")),
            attached(None),
            waits,
            redacted,
        ];
        let seq = story.by("li-junqing", answered(files));
        let kept = Fetched::Kept {
            sha256: Hash::of(b"accepted"),
            size: 1_234_567,
        };
        for (index, fetched) in [(0, kept), (1, Fetched::Not(NotKept::TooLarge)), (3, kept)] {
            story.act(FileRef { seq, index }.act(fetched));
        }
        insta::assert_snapshot!(lines(&story, seq), @"
        佐证材料4件
         验收单.pdf · 1.2 MB · 已留存 070c160a6299
         照片 · 1 KB · 未留存（超过大小上限）
         照片说明.docx · 84 KB · 待下载
         名单.xlsx · 1 KB · 已删除
        ");
    }

    #[test]
    fn of_ten_files_five_are_named_and_the_rest_is_counted() {
        let mut story = Story::live(rushan());
        let seq = story.by("li-junqing", answered(vec![attached(None); 10]));
        for index in 3..8 {
            let fetched = Fetched::Not(NotKept::Gone);
            story.act(FileRef { seq, index }.act(fetched));
        }
        insta::assert_snapshot!(lines(&story, seq), @"
        佐证材料10件
         照片 · 1 KB · 待下载
         照片 · 1 KB · 待下载
         照片 · 1 KB · 待下载
         照片 · 1 KB · 未留存（原件已失效）
         照片 · 1 KB · 未留存（原件已失效）
         另5件：待下载2、未留存（原件已失效）3
        ");
    }

    #[test]
    fn entries_with_every_word_and_file_they_may_have_fit_one_message() {
        let mut story = Story::live(rushan());
        let long = "很".repeat(1_000);
        for _ in 0..8 {
            let mut report = report("6-1", Value::Number(8.into()), Judgement::Blocked);
            let words = || Some(text(&long));
            (report.done, report.issues) = (words(), words());
            report.next_steps = words();
            report.next_date = Some(day("2027-03-31"));
            report.support_needed = Some(SupportNeed {
                unit: Some("fgj".into()),
                what: text(&long),
            });
            report.baseline = Some(not_reached(&long, Some("2027-03-31")));
            report.evidence = vec![attached(Some(&long)); 10];
            (report.late, report.hinted_by) = (true, Some("sun-jing".into()));
            let seq = story.by("li-junqing", Act::Answered(report.into()));
            for index in 0..10 {
                let kept = Fetched::Kept {
                    sha256: Hash::of(b"long"),
                    size: 19_999_999,
                };
                story.act(FileRef { seq, index }.act(kept));
            }
        }
        let mut trail = Trail::new(story.frame, Subject::Item("6-1".into()));
        story
            .entries
            .iter()
            .for_each(|it| trail.take(story.frame, it.clone()));
        let pages: Vec<String> = scene_of(&story, |scene| {
            let page = |at| super::super::trail(scene, &trail, at).html();
            (0..4)
                .map(|at| crate::render::without_tags(&page(at)))
                .collect()
        });
        for page in &pages {
            let units = page.encode_utf16().count();
            assert!((2_000..=4_096).contains(&units), "{units}");
        }
        let entries = pages.concat().matches("填报：").count();
        assert_eq!(entries, 8, "two on each of four pages");
        assert!(pages[3].contains("第4/4页"), "{}", pages[3]);
    }
}
