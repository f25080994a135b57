//! What an import costs by the length of the document: the cost of a byte is the same in a short and in a long one, also where
//! it is held against an older plan as long as itself. Run with `cargo bench --bench import`.

use std::sync::LazyLock;

use chrono::NaiveDate;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use duban::import::{self, Given};
use duban::plan;
use duban::render::check::plan_diff;
use duban::render::import::{plan_file, report};

/// Lengths of documents, in bytes.
const LENGTHS: [usize; 4] = [1_000_000, 2_000_000, 4_000_000, 10_000_000];
const LONGEST: usize = LENGTHS[3];

const HEAD: &str = "青禾县设备更新方案\n2025年3月1日\n一、重点任务\n";

/// A plan of the usual form, without end.
static MEASURES: LazyLock<String> = LazyLock::new(|| {
    filled(HEAD, |at| {
        let number = at % 998 + 1;
        format!(
            "{number}.推进第{at}项工作。聚焦重点领域，加快设备更新。到2027年，建成站点{number}座、管网3公里。（牵头单位：县财政局；责任单位：县商务局）\n"
        )
    })
});
/// One sentence of nothing but targets.
static SENTENCE: LazyLock<String> = LazyLock::new(|| {
    filled(&format!("{HEAD}1.推进工作。"), |at| {
        format!("新建站点{}座、", at % 9_000 + 1)
    })
});
/// One roster.
static ROSTER: LazyLock<String> = LazyLock::new(|| {
    let head = format!("{HEAD}1.推进工作。（牵头单位：县财政局）\n附件\n成员：");
    filled(&head, |at| {
        let sign = |step: usize| char::from_u32(0x4e00 + (at / step % 500) as u32).unwrap_or('甲');
        format!(
            "李{}{} 县{}{}局副局长\n",
            sign(1),
            sign(7),
            sign(1),
            sign(500)
        )
    })
});

fn filled(head: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for at in 0.. {
        if text.len() > LONGEST {
            break;
        }
        text.push_str(&part(at));
    }
    text
}

fn main() {
    divan::main();
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn measures(bencher: Bencher<'_, '_>, bytes: usize) {
    whole(bencher, &MEASURES, bytes);
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn one_sentence(bencher: Bencher<'_, '_>, bytes: usize) {
    whole(bencher, &SENTENCE, bytes);
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn one_roster(bencher: Bencher<'_, '_>, bytes: usize) {
    whole(bencher, &ROSTER, bytes);
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn measures_update(bencher: Bencher<'_, '_>, bytes: usize) {
    newer(bencher, &MEASURES, bytes);
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn one_sentence_update(bencher: Bencher<'_, '_>, bytes: usize) {
    newer(bencher, &SENTENCE, bytes);
}

#[divan::bench(args = LENGTHS, sample_count = 1, sample_size = 1)]
fn one_roster_update(bencher: Bencher<'_, '_>, bytes: usize) {
    newer(bencher, &ROSTER, bytes);
}

const GIVEN: Given = Given {
    today: NaiveDate::MIN,
    since: None,
};

/// The text in its first so many bytes.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// From the text to the draft's file and the report.
fn whole(bencher: Bencher<'_, '_>, text: &str, bytes: usize) {
    let text = cut(text, bytes);
    bencher.counter(BytesCount::of_str(text)).bench(|| {
        let reading = import::read(black_box(text), &GIVEN);
        let file = reading.draft.as_ref().map(plan_file);
        let report = report(&reading.pieces, reading.draft.as_ref());
        (file, report)
    });
}

/// A document in which every number is another, against the plan of the one before: from both texts to the difference.
fn newer(bencher: Bencher<'_, '_>, text: &str, bytes: usize) {
    let text = cut(text, bytes);
    let newer = text.replace('2', "3");
    let draft = |text: &str| import::read(text, &GIVEN).draft.expect("a plan is read");
    let old = plan_file(&draft(text));
    bencher.counter(BytesCount::of_str(text)).bench(|| {
        let old = plan::read(black_box(&old), "old.toml").expect("the old plan passes");
        let file = plan_file(&import::update(draft(black_box(&newer)), &old));
        let new = plan::read(&file, "new.toml").expect("the new plan passes");
        plan_diff(&plan::diff(&old, &new))
    });
}
