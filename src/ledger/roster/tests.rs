//! Who is asked for what after people and units changed, and after a change was taken back.

use super::*;
use crate::ledger::testing::{Story, day, frame_of, report, rushan, text};
use crate::ledger::{
    Account, Act, Assignee, Assignment, Frame, Judgement, Origin, Settlement, SupportNeed, Value,
};
use crate::plan::{DoubtSubject, Rhythm, Role, Sets};

const DRAINAGE: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

fn amended(story: &Story<'_>) -> (Arc<Frame>, Standing) {
    let standing = story.standing();
    (Arc::new(story.frame.clone()).amended(&standing), standing)
}

/// Who is asked for a task.
fn asked(story: &Story<'_>, task: &str) -> String {
    let (frame, standing) = amended(story);
    let view = frame.task_view(&standing, &task.into(), day("2026-11-24"));
    let view = view.expect("the task is one of the plan");
    view.filer(&frame)
        .map_or_else(|| "-".to_owned(), |person| person.to_string())
}

fn filing(story: &Story<'_>, task: &str) -> String {
    let (frame, standing) = amended(story);
    let view = frame.task_view(&standing, &task.into(), day("2026-11-24"));
    view.and_then(|view| view.filing_unit)
        .map_or_else(|| "-".to_owned(), |unit| unit.to_string())
}

fn liaison(story: &mut Story<'_>, member: &str, asked: bool) -> PersonId {
    let named = Liaison {
        member: member.into(),
        name: text("王芳"),
        post: text("科长"),
        asked,
    };
    let liaison = story.by(member, Act::LiaisonNamed(Arc::new(named)));
    let accepted = true;
    story.by("luan-pin", Act::LiaisonDecided { liaison, accepted });
    Liaison::id(liaison)
}

fn bind(story: &mut Story<'_>, person: &PersonId, user_id: i64) {
    story.act(Act::Bound {
        person: person.clone(),
        account: Account {
            user_id,
            name: "某人".to_owned(),
            username: None,
        },
        way: BindingWay::Link,
    });
}

fn replaced(story: &mut Story<'_>, person: &str, successor: Option<&str>) -> u64 {
    let successor = match successor {
        Some(known) => Successor::Known(known.into()),
        None => Successor::New {
            name: text("刘洋"),
            post: text("副局长"),
        },
    };
    let person = person.into();
    story.by("luan-pin", Act::Replaced { person, successor })
}

fn unit(story: &mut Story<'_>, change: UnitChange) -> u64 {
    let changed = UnitsChanged {
        change,
        from: day("2026-11-23"),
        basis: text("乳编〔2026〕12号"),
    };
    story.by("luan-pin", Act::UnitChanged(Arc::new(changed)))
}

fn split(tasks: &[&str], people: &[&str]) -> UnitChange {
    UnitChange::Split {
        unit: "zjj".into(),
        name: "市城管局".to_owned(),
        tasks: tasks.iter().map(|id| TaskId::from(*id)).collect(),
        people: people.iter().map(|id| PersonId::from(*id)).collect(),
    }
}

fn undone(story: &mut Story<'_>, change: u64) {
    story.by("luan-pin", Act::RosterUndone { change });
}

/// Every task has a filer who is on the roster and is no leader, or nobody: then the office lists it.
fn assert_filed(story: &Story<'_>) {
    let (frame, standing) = amended(story);
    for view in frame.task_views(&standing, day("2026-11-24")) {
        let unit = view.filing_unit.as_ref();
        let known = unit.is_none_or(|unit| frame.plan.unit(unit).is_some());
        assert!(known, "{}: {unit:?} is no unit", view.task.id);
        let Some(filer) = view.filer(&frame) else {
            continue;
        };
        let member = frame.plan.member(filer);
        let asks = |role| matches!(role, Role::Member | Role::Liaison);
        let is_asked = member.is_some_and(|member| asks(member.role));
        assert!(is_asked, "{} is asked of {filer}", view.task.id);
    }
}

#[test]
fn a_liaison_is_asked_as_long_as_they_have_an_account() {
    let mut story = Story::live(rushan());
    let wang = liaison(&mut story, "li-junqing", true);
    assert_eq!(asked(&story, "6-1"), "li-junqing");
    bind(&mut story, &wang, 77);
    assert_eq!(asked(&story, "6-1"), wang.as_str());
    let person = wang.clone();
    let user_id = 77;
    story.act(Act::Unbound { person, user_id });
    assert_eq!(asked(&story, "6-1"), "li-junqing");
    assert_filed(&story);
}

#[test]
fn a_liaison_who_is_not_to_be_asked_only_files() {
    let mut story = Story::live(rushan());
    let wang = liaison(&mut story, "li-junqing", false);
    bind(&mut story, &wang, 77);
    assert_eq!(asked(&story, "6-1"), "li-junqing");
    let (frame, _) = amended(&story);
    let (_, others) = frame.plan.filers(&"zjj".into());
    assert_eq!(others.first().map(|it| &it.id), Some(&wang));
}

#[test]
fn what_a_liaison_was_asked_goes_back_to_the_member_who_named_them() {
    let mut story = Story::live(rushan());
    // 高伟 comes to 市住建局 too and stands before 李俊卿 in the roster.
    unit(
        &mut story,
        UnitChange::Merged {
            unit: "kjj".into(),
            into: "zjj".into(),
        },
    );
    let wang = liaison(&mut story, "li-junqing", true);
    bind(&mut story, &wang, 77);
    assert_eq!(asked(&story, "6-1"), wang.as_str());
    story.by("li-junqing", Act::LiaisonEnded { person: wang });
    assert_eq!(asked(&story, "6-1"), "li-junqing");
}

#[test]
fn who_takes_a_liaisons_place_files_for_the_same_member() {
    let mut story = Story::live(rushan());
    let wang = liaison(&mut story, "li-junqing", true);
    bind(&mut story, &wang, 77);
    let seq = replaced(&mut story, wang.as_str(), None);
    let new = PersonId::new(format!("s-{seq}"));
    let (_, standing) = amended(&story);
    assert_eq!(standing.people.member_of(&new), Some(&"li-junqing".into()));
    assert_eq!(asked(&story, "6-1"), "li-junqing");
    bind(&mut story, &new, 78);
    assert_eq!(asked(&story, "6-1"), new.as_str());
}

#[test]
fn a_replacement_taken_back_leaves_the_name_and_nothing_else() {
    let mut story = Story::live(rushan());
    let person = PersonId::from("li-junqing");
    story.act(Act::OfficeGranted {
        person: person.clone(),
    });
    let seq = replaced(&mut story, "li-junqing", None);
    let new = PersonId::new(format!("s-{seq}"));
    let (frame, standing) = amended(&story);
    assert_eq!(asked(&story, "6-1"), new.as_str());
    assert!(standing.office_granted.contains(&new));
    assert_eq!(standing.people.before(&new), Some(&person));
    assert_eq!(frame.plan.current_person(&person), &new);
    undone(&mut story, seq);
    let (frame, standing) = amended(&story);
    assert_eq!(asked(&story, "6-1"), "li-junqing");
    assert!(!standing.office_granted.contains(&new));
    assert!(standing.office_granted.contains(&person));
    assert_eq!(frame.plan.anyone(&new).unwrap().name, "刘洋");
    assert_eq!(frame.plan.current_person(&new), &person);
    assert!(frame.plan.member(&new).is_none());
    assert_eq!(standing.people.change(seq), None);
    assert_filed(&story);
}

#[test]
fn a_right_that_the_successor_had_already_stays_theirs() {
    let mut story = Story::live(rushan());
    for person in ["li-junqing", "gao-wei"] {
        let person = person.into();
        story.act(Act::OfficeGranted { person });
    }
    let seq = replaced(&mut story, "li-junqing", Some("gao-wei"));
    undone(&mut story, seq);
    let standing = story.standing();
    assert!(standing.office_granted.contains(&PersonId::from("gao-wei")));
}

#[test]
fn who_comes_after_the_deputy_leader_leads_and_is_not_asked() {
    let mut story = Story::live(rushan());
    replaced(&mut story, "zhang-xinlong", Some("li-junqing"));
    let (frame, _) = amended(&story);
    let role = frame.plan.member(&"li-junqing".into()).unwrap().role;
    assert_eq!(role, Role::DeputyLeader);
    assert_eq!(asked(&story, "6-1"), "-", "the office lists it");
    assert_filed(&story);
    let mut story = Story::live(rushan());
    replaced(&mut story, "li-junqing", Some("zhang-xinlong"));
    assert_eq!(asked(&story, "6-1"), "-");
    assert_filed(&story);
    let mut story = Story::live(rushan());
    let seq = replaced(&mut story, "liu-peigen", None);
    let (frame, _) = amended(&story);
    let new = frame.plan.member(&PersonId::new(format!("s-{seq}")));
    assert_eq!(new.map(|member| member.role), Some(Role::Leader));
    assert_filed(&story);
}

#[test]
fn who_succeeds_as_a_liaison_of_the_same_unit_becomes_its_member() {
    let mut story = Story::live(rushan());
    let wang = liaison(&mut story, "li-junqing", false);
    replaced(&mut story, "li-junqing", Some(wang.as_str()));
    let (frame, _) = amended(&story);
    assert_eq!(frame.plan.member(&wang).unwrap().role, Role::Member);
    assert_eq!(asked(&story, "6-1"), wang.as_str());
}

#[test]
fn a_later_change_built_on_another_is_named() {
    let mut story = Story::live(rushan());
    let first = replaced(&mut story, "li-junqing", None);
    let new = format!("s-{first}");
    let second = replaced(&mut story, &new, Some("gao-wei"));
    let divided = unit(&mut story, split(&["6-1"], &[]));
    let into = unit(
        &mut story,
        UnitChange::Merged {
            unit: "kjj".into(),
            into: UnitId::new(format!("u-{divided}")),
        },
    );
    let alias = unit(
        &mut story,
        UnitChange::Alias {
            unit: "fgj".into(),
            alias: "发展局".to_owned(),
        },
    );
    let built_on = |story: &Story<'_>, seq| {
        let standing = story.standing();
        let change = standing.people.change(seq).expect("it is in force");
        standing.people.built_on(change).map(|later| later.seq)
    };
    assert_eq!(built_on(&story, first), Some(second));
    assert_eq!(built_on(&story, divided), Some(into));
    assert_eq!(built_on(&story, alias), None);
    undone(&mut story, second);
    undone(&mut story, into);
    assert_eq!(built_on(&story, first), None);
    assert_eq!(built_on(&story, divided), None);
}

#[test]
fn a_split_takes_assigned_and_settled_items_along_until_the_terms_say_otherwise() {
    let mut story = Story::live(rushan());
    let doubt = rushan().plan.doubts.iter().find_map(|doubt| {
        let DoubtSubject::Indicator(task) = &doubt.about else {
            return None;
        };
        let lead = doubt.sets.filing_lead.clone()?;
        Some((doubt.id.clone(), task.clone(), lead))
    });
    let (doubt, task, _) = doubt.expect("the plan leaves filers open");
    let settle = |story: &mut Story<'_>, unit: &str| {
        let sets = Sets {
            filing_lead: Some(unit.into()),
            ..Sets::default()
        };
        story.by(
            "luan-pin",
            Act::TermsSettled {
                doubt: Some(doubt.clone()),
                basis: None,
                task: Some(task.clone()),
                how: Settlement::AsProposed(sets),
            },
        );
    };
    settle(&mut story, "zjj");
    let item = story.by(
        "luan-pin",
        Act::Assigned(Arc::new(Assignment {
            what: text("报送清单"),
            lead: Assignee::Unit("zjj".into()),
            supporting: Vec::new(),
            due: None,
            rhythm: Rhythm::Monthly,
            origin: Origin::Instruction,
        })),
    );
    let item = format!("a-{item}");
    let tasks = [item.as_str(), "6-1", task.as_str()];
    let seq = unit(&mut story, split(&tasks, &[]));
    let new = format!("u-{seq}");
    for task in tasks {
        assert_eq!(filing(&story, task), new, "{task}");
        assert_eq!(asked(&story, task), "-", "nobody is of the new unit yet");
    }
    assert_eq!(filing(&story, "6-2"), "zjj");
    assert_filed(&story);
    settle(&mut story, "fgj");
    assert_eq!(filing(&story, task.as_str()), "fgj");
    // What was put to the new unit meanwhile is the old one's after all.
    let late = story.by(
        "luan-pin",
        Act::Assigned(Arc::new(Assignment {
            what: text("补报清单"),
            lead: Assignee::Unit(new.as_str().into()),
            supporting: Vec::new(),
            due: None,
            rhythm: Rhythm::Monthly,
            origin: Origin::Instruction,
        })),
    );
    undone(&mut story, seq);
    assert_eq!(filing(&story, "6-1"), "zjj");
    assert_eq!(filing(&story, &item), "zjj");
    assert_eq!(filing(&story, &format!("a-{late}")), "zjj");
    let (frame, _) = amended(&story);
    let gone = frame.plan.any_unit(&new.as_str().into()).unwrap();
    assert_eq!(gone.name, "市城管局");
    assert_filed(&story);
}

#[test]
fn a_unit_split_off_leads_the_measures_of_its_items() {
    let mut story = Story::live(rushan());
    let seq = unit(&mut story, split(&["6-1"], &["li-junqing"]));
    let (frame, _) = amended(&story);
    let new = UnitId::new(format!("u-{seq}"));
    let leads = &frame.plan.measure(&"6".into()).unwrap().lead_units;
    assert!(leads.contains(&new) && leads.contains(&"zjj".into()));
    let all: Vec<String> = rushan()
        .plan
        .tasks_of_measure(&"6".into())
        .map(|task| task.id.to_string())
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut story = Story::live(rushan());
    let seq = unit(&mut story, split(&all, &["li-junqing"]));
    let (frame, _) = amended(&story);
    let new = UnitId::new(format!("u-{seq}"));
    let leads = &frame.plan.measure(&"6".into()).unwrap().lead_units;
    assert!(leads.contains(&new) && !leads.contains(&"zjj".into()));
    assert_filed(&story);
}

#[test]
fn a_matter_put_to_a_unit_stays_the_same_when_that_becomes_part_of_another() {
    let frame = frame_of(DRAINAGE);
    let mut story = Story::live(&frame);
    let mut needs = report("1-1", Value::Number(5.into()), Judgement::Difficult);
    needs.support_needed = Some(SupportNeed {
        unit: Some("gdgs".into()),
        what: text("接电"),
    });
    let first = story.file(needs.clone());
    unit(
        &mut story,
        UnitChange::Merged {
            unit: "gdgs".into(),
            into: "swj".into(),
        },
    );
    needs.support_needed = Some(SupportNeed {
        unit: Some("swj".into()),
        what: text("接临时用电"),
    });
    story.file(needs);
    let (frame, standing) = amended(&story);
    let open = frame.open_matters(&standing, day("2026-11-24"));
    let open: Vec<u64> = open.iter().map(|matter| matter.seq).collect();
    assert_eq!(open, [first]);
    let asked = &standing.matters[&first].unit;
    let (filer, _) = frame.plan.filers(asked);
    assert_eq!(filer.unwrap().units, ["swj".into()]);
    assert_filed(&story);
}

#[test]
fn what_changed_later_does_not_touch_what_was_seen_before() {
    let mut story = Story::live(rushan());
    story.now("2026-11-27 16:00");
    let seen = story.standing();
    story.now("2026-12-01 09:00");
    unit(
        &mut story,
        UnitChange::Renamed {
            unit: "zjj".into(),
            name: "市住房城乡局".to_owned(),
        },
    );
    replaced(&mut story, "li-junqing", None);
    let again = story.standing_at("2026-11-27 16:00");
    assert_eq!(again, seen);
    let base = Arc::new(rushan().clone());
    let names = |standing: &Standing| {
        let plan = &base.amended(standing).plan;
        let unit = plan.unit(&"zjj".into()).unwrap();
        let filer = plan.filers(&"zjj".into()).0.unwrap();
        (unit.short_name.clone(), filer.name.clone())
    };
    assert_eq!(names(&again), ("市住建局".to_owned(), "李俊卿".to_owned()));
    let now = story.standing();
    assert_eq!(names(&now), ("市住房城乡局".to_owned(), "刘洋".to_owned()));
}
