//! Words that are read in talks on assigned items, meetings and projects.

use crate::plan::Rhythm;

/// Between several names.
const BETWEEN: [char; 6] = ['、', '，', ',', '；', ';', '\n'];

/// No date: until further notice.
const OPEN_ENDED: [&str; 6] = ["长期", "长期坚持", "持续推进", "不定期", "无", "没有"];

/// Nobody (more).
const NOBODY: [&str; 8] = [
    "无",
    "没有",
    "没有了",
    "没了",
    "完了",
    "好了",
    "不用",
    "下一步",
];

/// One step back.
const BACK: [&str; 3] = ["上一步", "返回", "后退"];

const RHYTHMS: [(&str, Rhythm); 14] = [
    ("每周", Rhythm::Weekly),
    ("周", Rhythm::Weekly),
    ("一周", Rhythm::Weekly),
    ("每两周", Rhythm::TwoWeekly),
    ("两周", Rhythm::TwoWeekly),
    ("双周", Rhythm::TwoWeekly),
    ("半月", Rhythm::TwoWeekly),
    ("每月", Rhythm::Monthly),
    ("月", Rhythm::Monthly),
    ("一月", Rhythm::Monthly),
    ("默认", Rhythm::Monthly),
    ("每季度", Rhythm::Quarterly),
    ("季度", Rhythm::Quarterly),
    ("季", Rhythm::Quarterly),
];

fn bare(text: &str) -> &str {
    text.trim().trim_end_matches(['。', '.'])
}

/// The names in a list of them.
pub(in crate::conversation) fn names(text: &str) -> Vec<&str> {
    let names = text.split(BETWEEN).map(str::trim);
    names.filter(|name| !name.is_empty()).collect()
}

pub(super) fn is_open_ended(text: &str) -> bool {
    OPEN_ENDED.contains(&bare(text))
}

pub(super) fn is_nobody(text: &str) -> bool {
    NOBODY.contains(&bare(text))
}

pub(in crate::conversation) fn is_back(text: &str) -> bool {
    BACK.contains(&bare(text))
}

/// How often.
pub(super) fn rhythm(text: &str) -> Option<Rhythm> {
    let text = bare(text);
    let found = RHYTHMS.iter().find(|(word, _)| *word == text);
    found.map(|(_, rhythm)| *rhythm)
}
