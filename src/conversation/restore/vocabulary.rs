//! How the office writes the last numbers it saw: 第17期 第52号, or 17 52.

/// What may stand between the two numbers.
pub const BETWEEN: &str = "第期号周报序记录台账最后一是和，,、。.；;：:/#";

/// Behind the number of a digest.
pub const DIGEST: char = '期';

/// Behind the number of an entry.
pub const ENTRY: char = '号';

/// Digits as Chinese keyboards may write them, from 0 to 9.
pub const WIDE_DIGITS: std::ops::RangeInclusive<char> = '０'..='９';
