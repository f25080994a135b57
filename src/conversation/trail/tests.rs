//! Which item is meant, and buttons that come back as they were.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::Stage;

const MEMBER: i64 = 5;

#[test]
fn buttons_come_back_as_they_were_and_forged_ones_do_not() {
    let long = "a".repeat(25);
    let all = [
        Press::Show {
            task: "6-1".into(),
            page: None,
        },
        Press::Show {
            task: long.as_str().into(),
            page: Some(4321),
        },
        Press::FinishAsk,
        Press::FinishDecline(7),
        Press::Finish(u64::MAX, false),
        Press::Finish(8, true),
        Press::Leave,
    ];
    for press in all {
        let data = Payload::Trail(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Trail(press)));
    }
    for forged in ["f:", "f:t", "f:t:1", "f:t:x:6-1", "f:t:1:六", "f:q:1:6-1"] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}

#[test]
fn a_trail_needs_an_item_and_asks_which_of_several() {
    let mut stage = Stage::live();
    stage.bind("li-junqing", MEMBER);
    for (typed, expected) in [
        ("/ledger", "请写明哪一项"),
        ("/ledger 天宫", "没有找到“天宫”"),
        ("/ledger 6", "可能指以下几项"),
    ] {
        let said = stage.types(MEMBER, typed);
        assert!(said.contains(expected), "{typed}: {said}");
    }
}
