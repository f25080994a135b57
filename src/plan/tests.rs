//! The Rushan plan as shipped, held against the published text by hand.

use super::*;

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

/// Measure, lead units, responsible units without the towns, which answer for every measure.
const UNITS: [(u16, &str, &str); 26] = [
    (1, "gxj", ""),
    (2, "gxj", ""),
    (3, "gxj fgj", "yjj scj sthj"),
    (4, "nyj", "czj"),
    (5, "gaj jtj sthj", "zjj hyj"),
    (6, "zjj", "scj"),
    (7, "jyj wlj", ""),
    (8, "wjj", ""),
    (9, "swj", "gxj gaj czj zjj jtj jgsw sthj"),
    (10, "swj", "fgj"),
    (11, "swj", "fgj zjj"),
    (12, "fgj swj", "czj zjj sthj"),
    (13, "fgj", "gxj"),
    (14, "fgj swj", "gaj scj"),
    (15, "fgj", "gxj swj sthj"),
    (16, "gxj", "fgj"),
    (17, "gxj", "fgj kjj"),
    (18, "kjj", "fgj gxj"),
    (19, "gxj scj", ""),
    (20, "scj", "fgj gxj sthj"),
    (21, "scj", "gxj swj"),
    (22, "fgj", "ygbm"),
    (23, "czj", "fgj gxj jtj swj scj"),
    (24, "swuj", ""),
    (25, "jrj", "fgj czj"),
    (26, "fgj zrzyj zjj", ""),
];

/// Target as people read it, its deadline, the unit that files it.
const TARGETS: [(&str, &str, &str, &str); 29] = [
    ("g-1", ">= 0.4万辆", "2025-12-31", ""),
    ("g-2", "milestone", "2025-12-31", ""),
    ("g-3", ">= 1.5万辆", "2025-12-31", ""),
    ("g-4", ">= 0.8:1", "2025-12-31", ""),
    ("g-5", ">= 15%/2023", "2025-12-31", ""),
    ("g-6", ">= 28%/2023", "2027-12-31", ""),
    ("g-7", "> 92%", "2027-12-31", ""),
    ("g-8", "~ 1倍/2023", "2027-12-31", ""),
    ("g-9", ">= 45%/2023", "2027-12-31", ""),
    ("g-10", ">= 30%/2023", "2027-12-31", ""),
    ("2-1", ">= 22个", "2025-12-31", "gxj"),
    ("2-2", ">= 2个", "2027-12-31", "gxj"),
    ("2-3", ">= 28个", "2027-12-31", "gxj"),
    ("3-1", ">= 4家", "2025-12-31", "gxj"),
    ("3-2", ">= 6家", "2027-12-31", "gxj"),
    ("4-1", ">= 97%", "2025-12-31", "nyj"),
    ("4-2", ">= 97.5%", "2027-12-31", "nyj"),
    ("5-1", "milestone", "2025-12-31", "jtj"),
    ("6-1", ">= 10座", "2024-12-31", "zjj"),
    ("6-2", ">= 2.8公里", "2024-12-31", "zjj"),
    ("6-3", ">= 15万㎡", "2024-12-31", "zjj"),
    ("6-4", ">= 2.3公里", "2024-12-31", "zjj"),
    ("6-5", "<= 7.9%", "", "zjj"),
    ("7-1", ">= 2处", "2027-12-31", "jyj"),
    ("8-1", ">= 67所", "2025-12-31", "wjj"),
    ("8-2", "milestone", "2027-12-31", "wjj"),
    ("9-1", ">= 2场", "2024-12-31", "swj"),
    ("12-1", ">= 1.5万辆", "2025-12-31", "swj"),
    ("15-1", "milestone", "2024-12-31", "fgj"),
];

fn rushan() -> Plan {
    read(RUSHAN, "rushan.toml").unwrap()
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}

fn as_read(indicator: &Indicator) -> String {
    let Some(value) = indicator.target else {
        return "milestone".to_owned();
    };
    let sign = match indicator.comparator {
        Comparator::Above => ">",
        Comparator::AtLeast => ">=",
        Comparator::AtMost => "<=",
        Comparator::Exactly => "=",
        Comparator::About => "~",
    };
    let year = indicator
        .base_year
        .map(|year| format!("/{year}"))
        .unwrap_or_default();
    format!(
        "{sign} {}{year}",
        Amount {
            value,
            unit: &indicator.unit_of_measure
        }
    )
}

#[test]
fn the_rushan_plan_has_all_that_was_published() {
    let plan = rushan();
    let of_kind = |kind| {
        plan.indicators
            .iter()
            .filter(|indicator| indicator.kind == kind)
            .count()
    };
    assert_eq!(
        (plan.sections.len(), plan.measures.len(), plan.members.len()),
        (7, 26, 25)
    );
    assert_eq!(plan.indicators.len(), 29);
    assert_eq!(
        plan.indicators
            .iter()
            .filter(|indicator| indicator.measure.is_none())
            .count(),
        10
    );
    assert_eq!(
        (of_kind(IndicatorKind::Stock), of_kind(IndicatorKind::Flow)),
        (12, 3)
    );
    assert_eq!(
        (
            of_kind(IndicatorKind::Level),
            of_kind(IndicatorKind::Milestone)
        ),
        (10, 4)
    );
    assert_eq!(plan.tasks.len(), 29 + 26);
}

#[test]
fn every_measure_has_the_units_of_the_text() {
    let plan = rushan();
    for (measure, (number, leads, responsible)) in plan.measures.iter().zip(UNITS) {
        let responsible = format!("{responsible} zqjd");
        assert_eq!(measure.number, number);
        assert_eq!(measure.id.as_str(), number.to_string());
        assert_eq!(
            joined(&measure.lead_units),
            leads,
            "leads of measure {number}"
        );
        assert_eq!(
            joined(&measure.responsible_units),
            responsible.trim(),
            "responsible units of measure {number}"
        );
    }
}

#[test]
fn every_target_has_the_value_the_date_and_the_filer_of_the_text() {
    let plan = rushan();
    for (indicator, (id, target, due, lead)) in plan.indicators.iter().zip(TARGETS) {
        assert_eq!(indicator.id.as_str(), id);
        assert_eq!(as_read(indicator), target, "target of {id}");
        assert_eq!(
            indicator.due.map(|due| due.to_string()).unwrap_or_default(),
            due,
            "deadline of {id}"
        );
        assert_eq!(
            indicator.filing_lead.as_ref().map_or("", UnitId::as_str),
            lead,
            "filing lead of {id}"
        );
    }
}

#[test]
fn measures_stand_in_the_sections_of_the_text() {
    let plan = rushan();
    let sections: Vec<_> = (plan.measures.iter())
        .map(|it| plan.section_of(&it.id).unwrap().number.as_str())
        .collect();
    assert_eq!(
        sections.join(""),
        "二二二三三三三三四四四五五五五六六六六七七八八八八八"
    );
}

#[test]
fn targets_of_one_fact_share_one_answer() {
    let plan = rushan();
    let fact = |id: &str| plan.indicator(&id.into()).unwrap().fact.clone();
    for (one, other) in [
        ("2-1", "2-3"),
        ("3-1", "3-2"),
        ("4-1", "4-2"),
        ("g-3", "12-1"),
        ("g-5", "g-10"),
    ] {
        assert_eq!(fact(one), fact(other));
    }
    let facts: std::collections::HashSet<_> = plan.indicators.iter().map(|it| &it.fact).collect();
    assert_eq!(facts.len(), 29 - 5);
}

#[test]
fn every_general_target_has_a_proposed_filer_and_every_relative_one_a_proposed_baseline() {
    let plan = rushan();
    for indicator in plan
        .indicators
        .iter()
        .filter(|indicator| indicator.measure.is_none())
    {
        assert!(
            plan.doubts_about(&indicator.id)
                .any(|doubt| doubt.sets.filing_lead.is_some()),
            "{}",
            indicator.id
        );
        if indicator.base_year.is_some() {
            assert!(
                plan.doubts_about(&indicator.id)
                    .any(|doubt| doubt.id.as_str().ends_with("-base"))
            );
        }
    }
}

#[test]
fn what_the_text_leaves_open_is_asked_with_what_it_would_set() {
    let plan = rushan();
    let set = |task: &str| {
        plan.doubts_about(&task.into())
            .map(|doubt| doubt.sets.clone())
            .next()
            .unwrap()
    };
    assert_eq!(set("5-1").filing_lead, Some("jtj".into()));
    assert_eq!(set("12-1").filing_lead, Some("swj".into()));
    assert_eq!(set("6-5").due, NaiveDate::from_ymd_opt(2027, 12, 31));
    assert_eq!(set("15-1").due, NaiveDate::from_ymd_opt(2024, 12, 31));
    assert_eq!(set("m22"), Sets::default());
    assert!(
        plan.doubts
            .iter()
            .any(|doubt| doubt.about == DoubtSubject::TaskForce)
    );
    let units = plan.doubts.iter().filter_map(|doubt| match &doubt.about {
        DoubtSubject::Unit(unit) => Some(unit.clone()),
        DoubtSubject::Indicator(_) | DoubtSubject::Measure(_) | DoubtSubject::TaskForce => None,
    });
    assert_eq!(
        joined(&units.collect::<Vec<_>>()),
        "zqjd wjj sthj jgsw scj jrj gxs gdgs dsj"
    );
}

#[test]
fn units_are_found_by_the_names_people_type() {
    let plan = rushan();
    let names = [
        ("市住建局", "zjj"),
        ("住建局", "zjj"),
        (" 住 建 局 ", "zjj"),
        ("乳山市住房和城乡建设局", "zjj"),
        ("市场监管局", "scj"),
        ("市场监督管理局", "scj"),
        ("供电公司", "gdgs"),
        ("威海市生态环境局乳山分局", "sthj"),
        ("各镇区(街道)", "zqjd"),
    ];
    for (typed, id) in names {
        assert_eq!(
            plan.find_unit(typed).map(|unit| unit.id.as_str()),
            Some(id),
            "{typed}"
        );
    }
    assert_eq!(plan.find_unit("局"), None);
    assert_eq!(plan.find_unit(""), None);
}

#[test]
fn people_are_found_by_name_with_spaces_or_without() {
    let plan = rushan();
    assert_eq!(
        plan.find_member("栾　频").map(|member| member.id.as_str()),
        Some("luan-pin")
    );
    assert_eq!(
        plan.find_member("李俊卿").map(|member| member.id.as_str()),
        Some("li-junqing")
    );
    assert_eq!(plan.find_member("李"), None);
}

#[test]
fn a_unit_is_filed_for_by_its_member() {
    let plan = rushan();
    let (filer, others) = plan.filers(&"zjj".into());
    assert_eq!(filer.map(|member| member.name.as_str()), Some("李俊卿"));
    assert!(others.is_empty());
    assert_eq!(plan.filers(&"zqjd".into()), (None, vec![]));
}

#[test]
fn tasks_are_numbered_as_people_say_them() {
    let plan = rushan();
    let label = |id: &str| plan.task(&id.into()).unwrap().label.clone();
    assert_eq!(
        (label("g-3"), label("6-1"), label("m11")),
        ("总-3".into(), "6-1".into(), "11".into())
    );
    let of_six: Vec<_> = plan
        .tasks_of_measure(&"6".into())
        .map(|task| task.id.clone())
        .collect();
    assert_eq!(joined(&of_six), "6-1 6-2 6-3 6-4 6-5 m6");
    assert!(plan.indicator(&"m6".into()).is_none());
}
