//! No number is dropped: each one in the text of a measure, in a title or in the general text is a target's, the name of
//! something, or listed as unread with the place where it stands. Judged here by rules of our own, not by the importer's.

use std::fs;
use std::ops::Range;

use duban::import::{Draft, DraftIndicator, PieceKind, WhyUnread};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::documents::documents;
use crate::{checked, read};

/// Numbers of a document for which nothing accounts, each with the words around it.
fn dropped(source: &str) -> Vec<String> {
    let reading = read(source);
    let Some(draft) = &reading.draft else {
        return Vec::new();
    };
    let mut dropped = Vec::new();
    for piece in &reading.pieces {
        let signs: Vec<char> = piece.text.chars().collect();
        let (measure, from) = match &piece.kind {
            PieceKind::Measure(at) => {
                let measure = &draft.measures[*at];
                (Some(measure.number), find(&signs, &measure.title).unwrap())
            }
            PieceKind::General => (None, 0),
            PieceKind::Preface
            | PieceKind::Roster
            | PieceKind::Duties
            | PieceKind::Table
            | PieceKind::Running
            | PieceKind::Courtesy
            | PieceKind::Behind => continue,
        };
        // Anchors of a measure count from its title, all others from the document's first sign.
        let shift = measure.map_or(piece.signs.start, |_| 0);
        let mut accounted = vec![false; signs.len()];
        accounted[..from].fill(true);
        account(
            draft,
            measure,
            &signs,
            &|sign| (sign + from).checked_sub(shift + 1),
            &mut accounted,
        );
        let told = |run: &Range<usize>| accounted[run.clone()].iter().all(|it| *it);
        let title = measure.map_or(0, |number| {
            let titled = draft.measures.iter().find(|it| it.number == number);
            from + titled.unwrap().title.chars().count()
        });
        for run in numbers(&signs) {
            // A title may be said again in full below it.
            let again = run.end <= title
                && numbers(&signs).iter().any(|it| {
                    it.start >= title && signs[it.clone()] == signs[run.clone()] && told(it)
                });
            if !told(&run) && !again {
                let around = run.start.saturating_sub(12)..signs.len().min(run.end + 12);
                let words: String = signs[around].iter().collect();
                let number: String = signs[run].iter().collect();
                dropped.push(format!("{number} in {words}"));
            }
        }
    }
    dropped
}

fn find(signs: &[char], words: &str) -> Option<usize> {
    let words: Vec<char> = words.chars().collect();
    signs.windows(words.len()).position(|it| it == words)
}

/// Runs of digits, and numerals above one before what is counted.
fn numbers(signs: &[char]) -> Vec<Range<usize>> {
    const NUMERALS: &str = "一二两三四五六七八九十百千";
    const COUNTED: &str = "家座所处台辆套亩吨艘栋幢";
    let (mut found, mut at) = (Vec::new(), 0);
    while at < signs.len() {
        let run = |belongs: &dyn Fn(char) -> bool| {
            at + signs[at..].iter().take_while(|c| belongs(**c)).count()
        };
        let digits = run(&|c| c.is_ascii_digit() || c == '.');
        let words = run(&|c| NUMERALS.contains(c));
        if signs[at].is_ascii_digit() {
            let dots = signs[at..digits].iter().rev().take_while(|c| **c == '.');
            found.push(at..digits - dots.count());
            at = digits;
        } else if words > at {
            let counted = signs.get(words).is_some_and(|c| COUNTED.contains(*c));
            let many = words > at + 1 || !['一', '二'].contains(&signs[at]);
            if counted && many {
                found.push(at..words);
            }
            at = words;
        } else {
            at += 1;
        }
    }
    found
}

/// Marks the signs that something accounts for. `place` turns a sign of an anchor into a place in the piece.
fn account(
    draft: &Draft,
    measure: Option<u16>,
    signs: &[char],
    place: &dyn Fn(usize) -> Option<usize>,
    accounted: &mut [bool],
) {
    let range = |from: usize, to: usize| {
        let from = place(from).unwrap_or(0).min(signs.len());
        from..place(to).map_or(from, |to| (to + 1).clamp(from, signs.len()))
    };
    for it in draft
        .unread
        .iter()
        .filter(|it| it.anchor.measure == measure)
    {
        if it.anchor.to > 0 {
            accounted[range(it.anchor.from, it.anchor.to)].fill(true);
        }
        if it.why == WhyUnread::Due {
            accounted_words(signs, &it.anchor.words, accounted);
        }
    }
    for it in &draft.indicators {
        if let Some(written) = &it.due_as_written {
            accounted_words(signs, written, accounted);
        }
        let here = it.anchor.measure == measure && it.anchor.to > 0;
        let inside = range(it.anchor.from, it.anchor.to);
        for run in numbers(signs).into_iter().filter(|_| here) {
            if inside.contains(&run.start) && is_of_target(signs, &run, it) {
                accounted[run].fill(true);
            }
        }
    }
    for it in &draft.doubts {
        if let Some(anchor) = it.anchor.as_ref().filter(|it| it.measure == measure)
            && ["-odd", "-lead", "-others", "-units"]
                .iter()
                .any(|end| it.id.contains(end))
            && anchor.words.starts_with(['（', '〔'])
        {
            accounted[range(anchor.from, anchor.to)].fill(true);
        }
    }
    for run in numbers(signs) {
        if is_name(signs, &run) {
            accounted[run].fill(true);
        }
    }
}

fn accounted_words(signs: &[char], words: &str, accounted: &mut [bool]) {
    let words: Vec<char> = words.chars().collect();
    for at in 0..signs.len() {
        if !words.is_empty() && signs[at..].starts_with(&words) {
            accounted[at..at + words.len()].fill(true);
        }
    }
}

/// Whether a number in a target's words is its value, its baseline, its base year, the upper end of its range, or says which
/// things are counted.
fn is_of_target(signs: &[char], run: &Range<usize>, it: &DraftIndicator) -> bool {
    let said: String = signs[run.clone()].iter().collect();
    let before: String = signs[..run.start].iter().rev().take(2).collect();
    let behind: String = signs[run.end..].iter().take(9).collect();
    let Ok(value) = said.parse::<Decimal>() else {
        return it.target.is_some();
    };
    let ratio = behind.starts_with(':') || before.starts_with(':');
    let quality = ["以上", "以下", "以内"]
        .iter()
        .any(|word| behind.contains(word));
    [it.target, it.baseline].contains(&Some(value))
        || it
            .base_year
            .is_some_and(|year| Decimal::from(year) == value)
        || before.starts_with(['—', '至', '到']) && Some(value) > it.target
        || (ratio && it.unit == ":1")
        || it.name.contains(&said)
        || (it.baseline.is_some() && behind.starts_with("年的"))
        || (quality && it.target != Some(value))
}

/// Whether a number only names something: in quotation signs, glued to letters, an ordinal, a number of a list or a document.
fn is_name(signs: &[char], run: &Range<usize>) -> bool {
    let before = run.start.checked_sub(1).map(|at| signs[at]);
    let behind = signs.get(run.end).copied();
    let quoted = [('“', '”'), ('《', '》')].iter().any(|(open, close)| {
        let last = |sign: char| signs[..run.start].iter().rposition(|c| *c == sign);
        last(*open).is_some_and(|at| last(*close).is_none_or(|end| end < at))
    });
    let clause = {
        let opens = signs[..run.start]
            .iter()
            .rposition(|c| ['（', '〔'].contains(c));
        let closes = signs[..run.start]
            .iter()
            .rposition(|c| ['）', '〕'].contains(c));
        opens
            .filter(|at| closes.is_none_or(|end| end < *at))
            .is_some_and(|at| {
                let inner: String = signs[at..]
                    .iter()
                    .take_while(|c| !['）', '〕'].contains(c))
                    .collect();
                ["单位：", "部门：", "牵头", "负责"]
                    .iter()
                    .any(|word| inner.contains(word))
                    && !inner.contains("时限")
                    || inner.chars().count() == 5
            })
    };
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let listed = before == Some('（') && behind == Some('）')
        || (behind == Some('）') && before.is_none_or(|c| "，。；：".contains(c)))
        || (matches!(behind, Some('.' | '、')) && before.is_none_or(|c| "。；：".contains(c)));
    quoted
        || clause
        || listed
        || letter(before)
        || letter(behind)
        || before == Some('第')
        || before == Some('+')
        || matches!(behind, Some('号' | '+'))
        || signs[run.end..].starts_with(&['热', '线'])
}

#[test]
fn no_number_of_a_document_is_dropped() {
    let mut documents: Vec<String> = documents()
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    documents.push(include_str!("rushan.txt").to_owned());
    for document in documents {
        assert_eq!(dropped(&document), [""; 0], "{document}");
    }
}

/// What plans say in numbers, and what only looks so.
const SAID: [&str; 64] = [
    "更新农机30台",
    "建设周期3年",
    "用3年时间建成",
    "15日内答复",
    "15个工作日内办结",
    "6月底前完成摸底",
    "10月份开展检查",
    "10月全部结束",
    "三季度末完成验收",
    "进入全省前3名",
    "居全省前列",
    "进入前十",
    "排名第5位",
    "占比提高到百分之三十",
    "增长百分之三点五",
    "产值翻一番",
    "规模翻三番",
    "销量增长一倍",
    "产量增加一倍以上",
    "培育企业三十家",
    "新增3—5家",
    "新增三至五家",
    "培育十几家",
    "新增数十家",
    "培育一千二百家",
    "新增一百二十万户",
    "新建一座污水处理厂",
    "举办一次活动",
    "一户一策",
    "落实三个方面",
    "2025年6月启动、2026年底完成主体",
    "2023年完成规划",
    "2019年以来持续推进",
    "较2023年明显下降",
    "较2023年增长12%",
    "建设10kV变电站2座",
    "配置24h值守",
    "PM2.5浓度达到35微克/立方米",
    "建设5G基站",
    "落实“1+3”政策",
    "按照〔2024〕5号文件",
    "拨打12345热线",
    "改造20年以上老旧电梯50部",
    "使用15年以上的住宅",
    "三成以上企业",
    "三分之二企业",
    "（含两座泵站）",
    "由3万辆提高到20%",
    "由70%提高到90%",
    "从3家增加到5家",
    "营业时间8:30—17:30",
    "每月5日前报送",
    "3万5千人",
    "1/3企业",
    "2025.6.30前报送",
    "4月至5月",
    "目前已有20座",
    "给予每辆2万元补贴",
    "每年举办3场以上",
    "A率、B率分别达到90%、95%",
    "2025年、2026年分别更新30公里、50公里",
    "2026年、2027年各改造4座",
    "500万元以上企业达到20家",
    "满意度0.95",
];
const PARTED: [&str; 4] = ["，", "。", "；", "、"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_of_a_random_document_is_dropped(
        measures in prop::collection::vec(prop::collection::vec((0..SAID.len(), 0..PARTED.len()), 1..7), 1..4),
        preface in any::<bool>(),
    ) {
        let mut source = "青禾县设备更新方案\n2025年3月1日\n一、总体目标\n".to_owned();
        for (at, said) in measures.iter().enumerate() {
            if at == 0 && preface {
                source.push_str("二、重点任务\n");
            } else {
                source.push_str(&format!("{}.推进工作。", at + usize::from(!preface)));
            }
            for (said, sign) in said {
                source.push_str(SAID[*said]);
                source.push_str(PARTED[*sign]);
            }
            source.push_str("稳步推进。（牵头单位：县财政局）\n");
        }
        prop_assert_eq!(dropped(&source), Vec::<String>::new(), "{}", source);
        if let Some(draft) = read(&source).draft {
            checked(&draft);
        }
    }
}
