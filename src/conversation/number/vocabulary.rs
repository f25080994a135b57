//! Words that are read in numbers: numerals, multipliers, words around a number, and units of measure under other names.

use crate::conversation::vocabulary::half_width;

/// Digits as words, plain and as banks write them.
pub(super) const DIGITS: [(char, i64); 22] = [
    ('零', 0),
    ('〇', 0),
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
    ('壹', 1),
    ('贰', 2),
    ('叁', 3),
    ('肆', 4),
    ('伍', 5),
    ('陆', 6),
    ('柒', 7),
    ('捌', 8),
    ('玖', 9),
    ('俩', 2),
];

/// Multipliers.
pub(super) const SCALES: [(char, i64); 8] = [
    ('十', 10),
    ('拾', 10),
    ('百', 100),
    ('佰', 100),
    ('千', 1_000),
    ('仟', 1_000),
    ('万', 10_000),
    ('亿', 100_000_000),
];

/// The decimal point as a word.
pub(super) const POINT: char = '点';
/// What some keyboards put for the decimal point.
pub(super) const FULL_STOP: char = '。';
/// A half, alone or before a unit.
pub(super) const HALF: char = '半';
/// 百分之九十七 is 97 %.
pub(super) const PER_HUNDRED: &str = "百分之";
/// 百分点 and 百分之 are words of their own, not a hundred of something.
pub(super) const POINTS: &str = "百分";
/// Before a negative number.
pub(super) const MINUS: [&str; 5] = ["-", "负", "零下", "下降", "减少"];
/// Before a growth rate.
pub(super) const PLUS: [&str; 3] = ["+", "同比增长", "增长"];
/// Between the ends of a range.
pub(super) const RANGE: [&str; 4] = ["-", "~", "到", "至"];
/// Between the parts of a sum left to us.
pub(super) const SUM: [&str; 6] = ["+", "加", "*", "×", "x", "="];
/// Between the sides of a ratio.
pub(super) const RATIO_SIGNS: [&str; 2] = [":", "比"];
/// The percent sign after folding.
pub(super) const PERCENT: &str = "%";
/// The word that counts anything countable.
pub(super) const COUNTER: &str = "个";

/// Words before a number that say nothing more.
pub(super) const LEADS: [&str; 20] = [
    "累计",
    "总共",
    "总计",
    "共计",
    "合计",
    "目前",
    "现在",
    "现有",
    "截至目前",
    "截至",
    "已经",
    "已完成",
    "完成",
    "达到",
    "改为",
    "已",
    "共",
    "有",
    "是",
    "为",
];
/// Words before a number that make it rough.
pub(super) const ROUGH_LEADS: [&str; 8] =
    ["大约", "大概", "差不多", "将近", "接近", "约", "近", "大致"];
/// Words after a number, or between it and its unit, that make it rough.
pub(super) const ROUGH_TAILS: [&str; 6] = ["左右吧", "左右", "上下", "多", "余", "吧"];
/// Marks and words at the end that say nothing.
pub(super) const TAILS: [&str; 8] = ["。", ".", "!", ";", ",", "、", "了", "整"];

/// Units of measure that are one and the same.
const SAME: [&[&str]; 9] = [
    &["㎡", "平方米", "平米", "平方", "平", "m2", "m²"],
    &["公里", "千米", "km"],
    &["米", "m"],
    &["吨", "t"],
    &["%", "百分比", "个%"],
    &["千瓦时", "度", "kwh"],
    &["千瓦", "kw"],
    &["户", "户数"],
    &["元", "块", "块钱", "元人民币"],
];

/// Units of things that are counted one by one, for which people also say 个.
const COUNTED: [&str; 20] = [
    "座", "家", "辆", "台", "所", "处", "场", "条", "项", "套", "部", "组", "户", "人", "件", "艘",
    "次", "间", "栋", "批",
];

/// Whether two names mean one unit of measure.
pub(super) fn same_unit(typed: &str, unit: &str) -> bool {
    let unit = folded(unit);
    typed == unit
        || SAME
            .iter()
            .any(|names| names.contains(&typed) && names.contains(&unit.as_str()))
        || (typed == COUNTER && COUNTED.contains(&unit.as_str()))
}

/// Half-width and lower case, one sign for each meaning, no spaces except between digits.
pub(super) fn folded(typed: &str) -> String {
    let signs = typed.chars().map(|c| match half_width(c) {
        '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{fe63}' | '\u{2015}' => '-',
        '\u{301c}' | '\u{223c}' => '~',
        '\u{2236}' | '\u{a789}' => ':',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    });
    let mut folded = String::with_capacity(typed.len());
    for c in signs {
        let doubled = matches!(c, ' ' | '-') && folded.ends_with(c);
        if !doubled {
            folded.push(c);
        }
    }
    folded.trim().to_owned()
}
