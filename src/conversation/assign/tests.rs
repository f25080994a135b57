//! Buttons of this slice, and names as people type them.

use super::item::called;
use super::{AssignSay, Press, ProjectTap, Talk, Tap, vocabulary};
use crate::conversation::payload::{DATA_LIMIT, Payload};
use crate::conversation::testing;
use crate::ledger::{Assignee, ProjectStage};
use crate::plan::Rhythm;

#[test]
fn every_button_reads_back_and_fits() {
    let id = "a234567890123456789012345";
    let who = [Assignee::Unit(id.into()), Assignee::Person(id.into())].map(Tap::Who);
    let rhythms = [
        Rhythm::Weekly,
        Rhythm::TwoWeekly,
        Rhythm::Monthly,
        Rhythm::Quarterly,
    ];
    let taps = [
        Tap::Page(9),
        Tap::Done,
        Tap::OpenEnded,
        Tap::Meeting,
        Tap::Instruction,
        Tap::Today,
    ];
    let taps = who
        .into_iter()
        .chain(rhythms.map(Tap::Rhythm))
        .chain(taps)
        .map(Press::Tap);
    let presses = [
        Press::Back,
        Press::Submit,
        Press::Leave,
        Press::Receive(id.into()),
        Press::Revoke(id.into()),
        Press::RevokeSure(id.into()),
        Press::Project(ProjectTap::List(9)),
        Press::Project(ProjectTap::Add),
        Press::Project(ProjectTap::Show(id.into())),
        Press::Project(ProjectTap::NoMeasure),
        Press::Project(ProjectTap::Right),
        Press::Project(ProjectTap::Stage(ProjectStage::Finished)),
        Press::Project(ProjectTap::NoDate),
        Press::Project(ProjectTap::Move(id.into(), ProjectStage::Building)),
        Press::Project(ProjectTap::Date(id.into())),
        Press::Project(ProjectTap::Drop(id.into(), false)),
        Press::Project(ProjectTap::Drop(id.into(), true)),
        Press::Project(ProjectTap::PutBack(id.into())),
        Press::List(7),
        Press::Again,
    ];
    for press in taps.chain(presses) {
        let payload = Payload::Assign(press);
        let data = payload.encode();
        assert!(data.len() <= DATA_LIMIT, "{data}");
        assert_eq!(Payload::decode(&data), Some(payload), "{data}");
    }
    for forged in ["a:", "a:r:x", "a:R:", "a:b:1", "a:L:x", "a:u:A B"] {
        assert_eq!(Payload::decode(forged), None, "{forged}");
    }
}

#[test]
fn units_and_people_are_called_by_the_names_people_use() {
    let plan = testing::frame().plan;
    assert_eq!(called(&plan, "住建局"), Ok(Assignee::Unit("zjj".into())));
    assert_eq!(
        called(&plan, "李俊卿"),
        Ok(Assignee::Person("li-junqing".into()))
    );
    assert_eq!(
        called(&plan, "某局"),
        Err(AssignSay::UnknownName("某局".to_owned()))
    );
    assert_eq!(
        vocabulary::names("住建局、 商务局，高伟；"),
        ["住建局", "商务局", "高伟"]
    );
    assert_eq!(vocabulary::rhythm("每两周。"), Some(Rhythm::TwoWeekly));
}

#[test]
fn a_talk_is_kept_as_json() {
    let talk = Talk::Revoke {
        task: "a-1".into(),
        reason: Some("并入".to_owned()),
    };
    let json = serde_json::to_string(&talk).unwrap();
    assert_eq!(serde_json::from_str::<Talk>(&json).unwrap(), talk);
}
