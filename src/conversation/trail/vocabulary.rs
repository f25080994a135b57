//! Words that are read behind `/ledger`.

use crate::ledger::Subject;

/// What stands for a trail that is of no item.
pub(super) static BESIDE_ITEMS: [(&str, Subject); 8] = [
    ("人员", Subject::People),
    ("人员变动", Subject::People),
    ("名单", Subject::People),
    ("机构", Subject::People),
    ("机构变动", Subject::People),
    ("单位变动", Subject::People),
    ("会议", Subject::Meetings),
    ("会议记录", Subject::Meetings),
];
