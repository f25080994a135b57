//! Signs and words that several of the importer's readers know.

/// Ends a sentence.
pub(super) const STOP: char = '。';
/// Parts a sentence.
pub(super) const COMMA: char = '，';
/// Parts a list.
pub(super) const LIST: char = '、';
/// After a label.
pub(super) const COLON: char = '：';
/// Parts two sentences that belong together.
pub(super) const SEMICOLON: char = '；';
/// Signs that end a sentence.
pub(super) const ENDS: [char; 4] = [STOP, '！', '？', SEMICOLON];
/// Opening brackets and the closing one of each, after cleaning.
pub(super) const BRACKETS: [(char, char); 2] = [('（', '）'), ('〔', '〕')];
/// Opening quotation signs and the closing one of each; what stands between them is a name.
pub(super) const QUOTES: [(char, char); 2] = [('“', '”'), ('《', '》')];
/// Between two ends of a range.
pub(super) const DASH: char = '—';
/// The first and the last circled number, as before the items of a list.
pub(super) const CIRCLED: (char, char) = ('①', '⑳');
/// A year, after its digits.
pub(super) const YEAR: char = '年';

/// Numerals that number headings.
const NUMERALS: [(char, u32); 11] = [
    ('〇', 0),
    ('零', 0),
    ('一', 1),
    ('二', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
];
const TEN: char = '十';
const HUNDRED: char = '百';

/// Longest numeral read, in characters: 一百二十三.
const MOST_NUMERAL: usize = 5;

/// Whether a character belongs to a Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    c == TEN || c == HUNDRED || NUMERALS.iter().any(|(numeral, _)| *numeral == c)
}

/// The value of a single numeral below ten.
pub(super) fn digit(c: char) -> Option<u32> {
    let (_, value) = NUMERALS.iter().find(|(numeral, _)| *numeral == c)?;
    Some(*value)
}

/// The Chinese numeral that a run begins with, up to 999, and its length; none for zero and for what is no number.
pub(super) fn numeral(run: &[char]) -> Option<(u32, usize)> {
    let length = run
        .iter()
        .take(MOST_NUMERAL + 1)
        .take_while(|c| is_numeral(**c))
        .count();
    if length == 0 || length > MOST_NUMERAL {
        return None;
    }
    let (mut total, mut digit) = (0, None);
    for c in &run[..length] {
        match *c {
            TEN => (total, digit) = (total + digit.unwrap_or(1) * 10, None),
            HUNDRED => (total, digit) = (total + digit? * 100, None),
            c => {
                let (_, value) = NUMERALS.iter().find(|(numeral, _)| *numeral == c)?;
                if digit.is_some_and(|digit| digit > 0) {
                    return None;
                }
                digit = Some(*value);
            }
        }
    }
    total += digit.unwrap_or(0);
    (total > 0).then_some((total, length))
}

/// The digits of a year written out, as in 二〇二四, with its length.
pub(super) fn written_year(run: &[char]) -> Option<(u32, usize)> {
    let digits: Option<Vec<u32>> = run
        .get(..4)?
        .iter()
        .map(|c| {
            let found = NUMERALS.iter().find(|(numeral, _)| numeral == c)?;
            Some(found.1)
        })
        .collect();
    let year = digits?.iter().fold(0, |year, digit| year * 10 + digit);
    (1900..2200).contains(&year).then_some((year, 4))
}

/// A run as printed numeral, as in 十二.
pub(super) fn as_numeral(number: u32) -> String {
    let digit = |value: u32| NUMERALS[value as usize + 1].0;
    match number {
        1..=9 => digit(number).to_string(),
        10..=99 => {
            let tens = (number >= 20).then(|| digit(number / 10));
            let ones = (!number.is_multiple_of(10)).then(|| digit(number % 10));
            tens.into_iter().chain([TEN]).chain(ones).collect()
        }
        _ => number.to_string(),
    }
}

/// Whether a character is a Chinese one, rare ones included.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}
