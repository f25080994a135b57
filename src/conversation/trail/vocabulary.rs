//! Words that are read behind `/ledger`.

use crate::ledger::Subject;

/// Around the number of an entry, as in 第37号, #37.
pub(super) const ENTRY_NUMBER: [char; 3] = ['第', '号', '#'];

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
