//! Words that are read in dates.

use crate::conversation::vocabulary::half_width;

/// A day named by a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// So many days from today.
    Days(i64),
    /// The last day of the month so many months from now.
    MonthEnd(i32),
    /// The last day of the quarter.
    QuarterEnd,
    /// The last day of the year so many years from now.
    YearEnd(i32),
}

/// Words for days; longer ones before their endings.
pub(super) const NAMED: [(&str, Named); 27] = [
    ("大后天", Named::Days(3)),
    ("后天", Named::Days(2)),
    ("明天", Named::Days(1)),
    ("明日", Named::Days(1)),
    ("今天", Named::Days(0)),
    ("今日", Named::Days(0)),
    ("当天", Named::Days(0)),
    ("昨天", Named::Days(-1)),
    ("昨日", Named::Days(-1)),
    ("前天", Named::Days(-2)),
    ("下个月底", Named::MonthEnd(1)),
    ("下月底", Named::MonthEnd(1)),
    ("下月末", Named::MonthEnd(1)),
    ("上个月底", Named::MonthEnd(-1)),
    ("上月底", Named::MonthEnd(-1)),
    ("这个月底", Named::MonthEnd(0)),
    ("本月底", Named::MonthEnd(0)),
    ("本月末", Named::MonthEnd(0)),
    ("季度末", Named::QuarterEnd),
    ("季末", Named::QuarterEnd),
    ("本季度内", Named::QuarterEnd),
    ("明年底", Named::YearEnd(1)),
    ("去年底", Named::YearEnd(-1)),
    ("年底", Named::YearEnd(0)),
    ("年末", Named::YearEnd(0)),
    ("月底", Named::MonthEnd(0)),
    ("月末", Named::MonthEnd(0)),
];

/// Words for a week; none before it means the coming day of that name.
pub(super) const WEEKS: [(&str, i64); 6] = [
    ("下下", 2),
    ("下", 1),
    ("本", 0),
    ("这", 0),
    ("上上", -2),
    ("上", -1),
];
/// Words for the week itself.
pub(super) const WEEK: [&str; 5] = ["个星期", "个礼拜", "星期", "礼拜", "周"];
/// Days of the week from Monday.
pub(super) const WEEKDAYS: [(char, i64); 14] = [
    ('一', 0),
    ('二', 1),
    ('三', 2),
    ('四', 3),
    ('五', 4),
    ('六', 5),
    ('日', 6),
    ('天', 6),
    ('末', 6),
    ('1', 0),
    ('2', 1),
    ('3', 2),
    ('4', 3),
    ('5', 4),
];

/// Words for a year from now.
pub(super) const YEARS: [(&str, i32); 7] = [
    ("今年", 0),
    ("本年", 0),
    ("明年", 1),
    ("次年", 1),
    ("来年", 1),
    ("后年", 2),
    ("去年", -1),
];
/// Behind a year.
pub(super) const YEAR: char = '年';
/// Behind a month.
pub(super) const MONTH: char = '月';
/// A month, more loosely.
pub(super) const MONTHLY: &str = "月份";
/// Behind a day.
pub(super) const DAY: [char; 2] = ['日', '号'];
/// Between the numbers of a date in figures.
pub(super) const BETWEEN: [char; 3] = ['-', '/', '.'];

/// Parts of a month and the day they end on; 31 is its last.
pub(super) const PARTS: [(&str, u32); 5] = [
    ("上旬", 10),
    ("中旬", 20),
    ("下旬", 31),
    ("底", 31),
    ("末", 31),
];

/// Spans and how many days they hold.
pub(super) const SPANS: [(&str, i64); 6] = [
    ("个工作日", 1),
    ("个月", 30),
    ("个星期", 7),
    ("周", 7),
    ("天", 1),
    ("日", 1),
];
/// Behind a span: from now.
pub(super) const FROM_NOW: [&str; 6] = ["之后", "以后", "之内", "以内", "后", "内"];
/// Before or behind a date that stands alone.
pub(super) const AROUND: [&str; 14] = [
    "到", "至", "于", "在", "推迟", "延期", "之前", "以前", "前", "完成", "吧", "。", ".", "达到",
];

/// Half-width, no spaces.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .map(half_width)
        .map(|c| match c {
            '\u{2013}' | '\u{2014}' | '\u{2212}' => '-',
            '。' => '.',
            c => c,
        })
        .filter(|c| !c.is_whitespace())
        .collect()
}
