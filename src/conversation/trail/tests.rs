//! Which item is meant, and buttons that come back as they were.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing::{Stage, private};

const MEMBER: i64 = 5;

#[test]
fn buttons_come_back_as_they_were_and_forged_ones_do_not() {
    let long = "a".repeat(25);
    let all = [
        Press::Show {
            subject: Subject::Item("6-1".into()),
            page: None,
        },
        Press::Show {
            subject: Subject::Item(long.as_str().into()),
            page: Some(4321),
        },
        Press::Show {
            subject: Subject::People,
            page: Some(2),
        },
        Press::Show {
            subject: Subject::Meetings,
            page: None,
        },
        Press::FinishAsk,
        Press::FinishDecline(7),
        Press::Finish(u64::MAX, false),
        Press::Finish(8, true),
        Press::Redact(RedactPress::Go(7)),
        Press::Redact(RedactPress::Sure(u64::MAX)),
        Press::Redact(RedactPress::Back(7)),
        Press::Redact(RedactPress::Leave(7)),
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

#[test]
fn only_the_deputy_leader_confirms_the_end_and_only_once() {
    let (chief, deputy, staff) = (3, 7, 8);
    let mut stage = Stage::live();
    stage.bind("zhang-xinlong", deputy);
    stage.bind("gao-wei", staff);
    stage.append(
        crate::ledger::Actor::Host,
        crate::ledger::Act::OfficeGranted {
            person: "gao-wei".into(),
        },
    );
    stage.bind("li-junqing", MEMBER);
    let refused = stage.types(MEMBER, "/finish");
    assert!(refused.contains("由专班办公室或副组长办理"), "{refused}");
    stage.types(chief, "/finish");
    stage.taps(chief, "申请结束");
    let seq = stage.standing.seq;
    let button = |press: Press| Payload::Trail(press).encode();
    let data = button(Press::Finish(seq, true));
    for other in [chief, staff] {
        let said = stage.presses(&private(other), other, None, &data);
        assert!(said.contains("结束由副组长确认"), "{said}");
    }
    stage.presses(&private(deputy), deputy, None, &data);
    assert!(stage.standing.finished.is_some());
    let again = stage.presses(&private(deputy), deputy, None, &data);
    assert!(again.contains("结束，不再填报和查询"), "{again}");
    // The last documents may be on their way still: what became of one is decided after the end too.
    let lost = Payload::Office(crate::conversation::office::Press::Unknown(42, false)).encode();
    let said = stage.presses(&private(chief), chief, Some(1), &lost);
    assert!(
        said.contains("DecideUnknown { row: 42, seen: false }"),
        "{said}"
    );
}
