//! Signs by which Chinese text is told from other bytes.

use std::ops::RangeInclusive;

/// The usual Chinese characters.
pub(super) const HAN: RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';
/// Other signs of plans: Latin letters and digits, dashes and quotation signs, Chinese punctuation, signs in full width.
pub(super) const SIGNS: [RangeInclusive<char>; 4] = [
    ' '..='~',
    '\u{2010}'..='\u{2030}',
    '\u{3000}'..='\u{303f}',
    '\u{ff00}'..='\u{ffef}',
];
/// Ends a line or a sentence; one of them stands in every plan.
pub(super) const ENDS: [char; 2] = ['\n', '。'];
