//! Words that are read in talks on meetings.

use crate::conversation::vocabulary::half_width;

/// The half of the day a time lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Up to noon.
    Morning,
    /// Around noon.
    Noon,
    /// After it.
    Afternoon,
}

/// Before a time; longer words before their beginnings.
pub(super) const HALVES: [(&str, Half); 11] = [
    ("上午", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("清晨", Half::Morning),
    ("早", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Afternoon),
    ("晚间", Half::Afternoon),
    ("晚", Half::Afternoon),
];

/// Behind an hour.
pub(super) const HOUR: [&str; 3] = ["点钟", "点", "时"];
/// The first characters of those.
pub(super) const HOUR_SIGNS: [char; 2] = ['点', '时'];
/// Behind an hour and its sign: minutes in words.
pub(super) const MINUTES: [(&str, u32); 4] = [("整", 0), ("半", 30), ("一刻", 15), ("三刻", 45)];
/// Behind minutes.
pub(super) const MINUTE: &str = "分";
/// Between hours and minutes in figures.
pub(super) const COLON: char = ':';

/// Between day, time and place, and around a place.
pub(super) const AROUND: [&str; 12] = [
    "，",
    ",",
    "。",
    "；",
    ";",
    "、",
    "地点：",
    "地点:",
    "地点在",
    "地点",
    "在",
    "于",
];

/// Behind a place.
pub(super) const TAILS: [char; 4] = ['。', '，', ',', '.'];

/// Everybody on the roster.
pub(super) const EVERYBODY: [&str; 8] = [
    "全体",
    "全体人员",
    "全体成员",
    "专班全体",
    "全体参会",
    "所有人",
    "所有人员",
    "全部",
];

/// That there are no (more) decisions.
const OVER: [&str; 9] = [
    "完",
    "完了",
    "没有了",
    "没了",
    "没有",
    "结束",
    "完毕",
    "交办完毕",
    "无",
];

pub(in crate::conversation) fn is_over(text: &str) -> bool {
    OVER.contains(&text.trim().trim_end_matches(['。', '.']))
}

/// Figures and colons half-width, everything else as it is.
pub(super) fn plain(text: &str) -> String {
    let half = |c: char| match half_width(c) {
        plain if plain.is_ascii_digit() || plain == COLON => plain,
        _ => c,
    };
    text.chars().map(half).collect()
}
