//! Words that are read: how unit names are folded and what the prefixes of units of measure mean.

use rust_decimal::Decimal;

/// Prefixes of a unit of measure (万辆) and what they multiply by.
const PREFIXES: [(char, i64); 4] = [
    ('百', 100),
    ('千', 1_000),
    ('万', 10_000),
    ('亿', 100_000_000),
];

/// Units of measure that begin with a prefix and are none: 百分点 are points, not a hundred 分点.
const WHOLE: [&str; 2] = ["百分点", "百分比"];

/// The city's own prefix, which people leave out: 市住建局 is 住建局.
const CITY: char = '市';

/// Splits a unit of measure into its factor and its base: 万辆 into 10000 and 辆.
pub(super) fn split_prefix(shown: &str) -> (Decimal, &str) {
    let none = (Decimal::ONE, shown);
    if WHOLE.contains(&shown) {
        return none;
    }
    let mut characters = shown.chars();
    let Some(first) = characters.next() else {
        return none;
    };
    let rest = characters.as_str();
    match PREFIXES.iter().find(|(prefix, _)| *prefix == first) {
        Some((_, factor)) if !rest.is_empty() => {
            let (inner, base) = split_prefix(rest);
            (Decimal::from(*factor) * inner, base)
        }
        Some(_) | None => none,
    }
}

/// A name for comparing: no spaces, half-width, lower case.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a folded name may stand for in a plan, likeliest first: as it is, 住建局 for 市住建局, 市供电公司 for 供电公司,
/// 某某市住建局 for 市住建局.
pub(super) fn readings(folded: &str) -> Vec<String> {
    let mut readings = vec![folded.to_owned(), format!("{CITY}{folded}")];
    readings.extend(folded.strip_prefix(CITY).map(str::to_owned));
    readings.extend(
        folded
            .find(CITY)
            .filter(|&at| at > 0)
            .map(|at| folded[at..].to_owned()),
    );
    readings
}

/// The half-width form of a full-width letter, digit or sign (U+FF01 to U+FF5E lie 0xFEE0 above ASCII).
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}
