//! What an import costs by the length of the document: time grows with it and no faster. Run with `cargo bench`.

use std::sync::LazyLock;

use chrono::NaiveDate;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use duban::import::{self, Given};

/// The longest document, in bytes.
const LONG: usize = 10_000_000;

static LONG_TEXT: LazyLock<String> = LazyLock::new(|| {
    let measure = |number: usize| {
        format!(
            "{number}.推进第{number}项工作。聚焦重点领域，加快设备更新。到2027年，建成站点{number}座、管网3公里。（牵头单位：市财政局；责任单位：市商务局）\n"
        )
    };
    let mut text = "一、重点任务\n".to_owned();
    for number in (1..1_000).cycle() {
        if text.len() > LONG {
            break;
        }
        text.push_str(&measure(number));
    }
    text
});

fn main() {
    divan::main();
}

#[divan::bench(args = [100_000, 1_000_000, LONG], sample_count = 3)]
fn read(bencher: Bencher<'_, '_>, bytes: usize) {
    let end = (0..=bytes)
        .rev()
        .find(|at| LONG_TEXT.is_char_boundary(*at))
        .unwrap_or(0);
    let text = &LONG_TEXT[..end];
    let given = Given {
        today: NaiveDate::default(),
        since: None,
    };
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| import::read(black_box(text), &given));
}
