//! Liaisons and replacements step by step.

use super::*;
use crate::conversation::payload::{DATA_LIMIT, Payload};

#[test]
fn every_button_reads_back_and_fits() {
    let person = PersonId::from("a23456789012345678901234");
    let all = [
        Press::LiaisonAsked(true),
        Press::LiaisonAsked(false),
        Press::LiaisonDecide(u64::MAX, true),
        Press::LiaisonDecide(7, false),
        Press::LiaisonWithdraw(7),
        Press::LiaisonEnd(person.clone(), false),
        Press::LiaisonEnd(person, true),
        Press::ReplaceSure,
        Press::Undo(u64::MAX),
        Press::Unit(UnitTap::Kind(Kind::Split)),
        Press::Unit(UnitTap::Task("a23456789012345678901234".into())),
        Press::Unit(UnitTap::Person("a23456789012345678901234".into())),
        Press::Unit(UnitTap::Next),
        Press::Unit(UnitTap::Today),
        Press::Unit(UnitTap::NoBasis),
        Press::Unit(UnitTap::Back),
        Press::Unit(UnitTap::Sure),
        Press::Leave,
    ];
    for press in all {
        let data = Payload::Roster(press.clone()).encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(Payload::Roster(press)));
    }
    for forged in [
        "c:", "c:a", "c:a:z", "c:y:-1", "c:E:../x", "c:r:1", "c:q", "c:m:z", "c:T:../x", "c:k:1",
    ] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}
