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

/// Prefixes read of one unit of measure, as in 万亿元: with more the scale would leave what a decimal holds.
const MOST_PREFIXES: usize = 2;

/// Splits a unit of measure into its factor and its base: 万辆 into 10000 and 辆.
pub(super) fn split_prefix(shown: &str) -> (Decimal, &str) {
    let (mut factor, mut base) = (Decimal::ONE, shown);
    for _ in 0..MOST_PREFIXES {
        let Some((by, rest)) = prefix(base) else {
            break;
        };
        (factor, base) = (factor * by, rest);
    }
    (factor, base)
}

fn prefix(unit: &str) -> Option<(Decimal, &str)> {
    let (_, by) = PREFIXES
        .iter()
        .find(|(prefix, _)| unit.starts_with(*prefix))?;
    let rest = unit.char_indices().nth(1).map(|(at, _)| &unit[at..])?;
    (!WHOLE.contains(&unit)).then(|| (Decimal::from(*by), rest))
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

/// How general targets are numbered for people: `g-3` is 总-3.
pub(super) fn label(id: &str) -> String {
    match id.strip_prefix("g-") {
        Some(rest) => format!("总-{rest}"),
        None => id.to_owned(),
    }
}

/// How assigned items are numbered for people.
pub fn assigned_label(number: usize) -> String {
    format!("交-{number}")
}

/// How projects are numbered for people.
pub fn project_label(number: usize) -> String {
    format!("项-{number}")
}

/// The candidate most like a word that was mistyped, if one is near: at most a third of it differs. Short words are all
/// alike and get none.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let word: Vec<char> = word.chars().take(MOST_COMPARED).collect();
    let scored = candidates.map(|candidate| (distance(&word, candidate), candidate));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (word.len() > 3 && distance * 3 <= word.len()).then(|| best.to_owned())
}

/// Characters compared when looking for a likely word; ids and keys are shorter.
const MOST_COMPARED: usize = 32;

/// Levenshtein's edit distance.
fn distance(word: &[char], candidate: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (i, theirs) in candidate.chars().take(MOST_COMPARED).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, ours) in word.iter().enumerate() {
            let replaced = diagonal + usize::from(*ours != theirs);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[word.len()]
}
