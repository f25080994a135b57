//! Words of deadlines.

/// Words before a deadline.
pub(super) const UNTIL: [&str; 3] = ["到", "至", "截至"];
/// The last year of a five-year plan.
pub(super) const FIVE_YEARS: [(&str, i32); 3] =
    [("“十四五”", 2025), ("“十五五”", 2030), ("“十三五”", 2020)];
/// Ends of a deadline in a year, longest first, with month and day; a day past the month's end is its last.
pub(super) const YEAR_ENDS: [(&str, u32); 26] = [
    ("上半年底前", 6),
    ("年底之前", 12),
    ("年底以前", 12),
    ("年底前", 12),
    ("年末前", 12),
    ("年底", 12),
    ("年末", 12),
    ("底之前", 12),
    ("底以前", 12),
    ("底前", 12),
    ("末前", 12),
    ("上半年前", 6),
    ("上半年", 6),
    ("下半年", 12),
    ("一季度", 3),
    ("二季度", 6),
    ("三季度", 9),
    ("四季度", 12),
    ("第一季度", 3),
    ("第二季度", 6),
    ("第三季度", 9),
    ("第四季度", 12),
    ("以前", 12),
    ("之前", 12),
    ("底", 12),
    ("末", 12),
];
/// Ends of a month or a day in a deadline.
pub(super) const MONTH_ENDS: [&str; 7] = ["底以前", "底之前", "底前", "以前", "之前", "底", "前"];
/// Before the year's end.
pub(super) const EARLIER: [&str; 3] = ["前", "以前", "之前"];
/// The year of the plan, in words, longest first.
pub(super) const THIS_YEAR: [&str; 12] = [
    "今年年底前",
    "今年年底",
    "今年底前",
    "今年底",
    "今年内",
    "今年",
    "本年度",
    "年底前",
    "年内",
    "年底",
    "全年",
    "当年",
];
/// The last day of a part of a month, behind it; the last part ends with it.
pub(super) const PART_OF_MONTH: [(&str, u32); 3] = [("上旬", 10), ("中旬", 20), ("下旬", 31)];
/// So many a year on average, where no change follows: 年均新增5家.
pub(super) const YEARLY_MEAN: &str = "年均";
/// Every year, longest first.
pub(super) const EVERY_YEAR: [&str; 3] = ["每年度", "每一年", "每年"];
/// Signs between the parts of a date in digits.
pub(super) const DATE_SIGNS: [char; 3] = ['.', '/', '—'];
/// Behind a month: 10月份.
pub(super) const MONTH_TAIL: char = '份';
/// The year after the plan's, in words.
pub(super) const NEXT_YEAR: [&str; 1] = ["明年"];
/// Words for the plan's year behind which a part of it may stand.
pub(super) const OPEN_YEAR: [&str; 3] = ["今年", "本年度", "当年"];
/// Ends of the names of parts of a year: halves, which are deadlines by themselves, and quarters.
pub(super) const PARTS_OF_YEAR: [&str; 2] = ["半年", "季度"];
/// Before several quarters: 前三季度.
pub(super) const FIRST_PARTS: char = '前';
/// Behind a part of a year, longest first.
pub(super) const PART_ENDS: [&str; 9] = [
    "底以前",
    "末之前",
    "底前",
    "末前",
    "以前",
    "之前",
    "末",
    "底",
    "前",
];
