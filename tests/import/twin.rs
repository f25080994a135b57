//! The Rushan document gives the plan that was written by hand. Where the two differ, it is a judgement, listed with its why.
//!
//! `rushan.txt` has every fact of the published document (titles, units, people, numbers, deadlines, in the same layout)
//! in sentences of our own. Where `DUBAN_PUBLISHED_PLAN` names the published text itself, that is held to the same.

use std::collections::{BTreeMap, BTreeSet};

use duban::import::update;
use duban::plan::{self, DoubtSubject, PaceCurve, Plan, UnitId};

use crate::seeds::moved;
use crate::{checked, draft};

const OURS: &str = include_str!("rushan.txt");
const BY_HAND: &str = include_str!("../../config/plans/rushan.toml");

/// Texts moved at random.
const SEEDS: u64 = 200;

fn published() -> Option<String> {
    let path = std::env::var("DUBAN_PUBLISHED_PLAN").ok()?;
    Some(std::fs::read_to_string(path).unwrap())
}

fn by_hand() -> Plan {
    plan::read(BY_HAND, "rushan.toml").unwrap()
}

/// All facts of a plan by what they are about; units and people by name, since ids are a matter of taste.
fn facts(plan: &Plan) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    frame_facts(plan, &mut facts);
    people_facts(plan, &mut facts);
    measure_facts(plan, &mut facts);
    target_facts(plan, &mut facts);
    facts
}

type Facts = BTreeMap<String, String>;

fn names(plan: &Plan, ids: &[UnitId]) -> String {
    let names = ids.iter().map(|id| plan.unit(id).unwrap().name.as_str());
    names.collect::<Vec<_>>().join(" ")
}

fn frame_facts(plan: &Plan, facts: &mut Facts) {
    let force = &plan.task_force;
    let chief = plan.member(&force.office_chief).unwrap();
    let inferred = force.office_chief_inferred.is_some();
    let dates = format!("{} {}", force.starts, force.ends);
    for (about, value) in [
        ("name", force.name.clone()),
        ("short name", force.short_name.clone()),
        ("dates", dates),
        ("chief", format!("{} {inferred}", chief.name)),
    ] {
        facts.insert(format!("task force {about}"), value);
    }
}

fn people_facts(plan: &Plan, facts: &mut Facts) {
    for it in &plan.units {
        facts.insert(format!("unit {}", it.name), it.collective.to_string());
        facts.insert(
            format!("unit {} short name", it.name),
            it.short_name.clone(),
        );
        facts.insert(format!("unit {} aliases", it.name), it.aliases.join(" "));
    }
    for it in &plan.members {
        let value = format!("{} {:?} {}", it.post, it.role, names(plan, &it.units));
        facts.insert(format!("person {}", it.name), value);
    }
}

fn measure_facts(plan: &Plan, facts: &mut Facts) {
    for it in &plan.sections {
        facts.insert(format!("section {}", it.number), it.title.clone());
    }
    for it in &plan.measures {
        let (number, section) = (it.number, plan.section_of(&it.id).unwrap());
        let value = format!("{} {} {}", it.id, section.number, it.title);
        facts.insert(format!("measure {number}"), value);
        facts.insert(
            format!("measure {number} leads"),
            names(plan, &it.lead_units),
        );
        let responsible = names(plan, &it.responsible_units);
        facts.insert(format!("measure {number} responsible"), responsible);
    }
}

fn target_facts(plan: &Plan, facts: &mut Facts) {
    for it in &plan.indicators {
        let shown = &it.unit_of_measure.shown;
        let filing = names(plan, it.filing_lead.as_slice());
        for (about, value) in [
            ("", format!("{:?} {:?}", it.measure, it.kind)),
            (" name", it.name.clone()),
            (
                " value",
                format!("{:?} {:?} {shown}", it.comparator, it.target),
            ),
            (" base", format!("{:?} {:?}", it.base_year, it.baseline)),
            (" written", format!("{:?}", it.due_as_written)),
            (" due", format!("{:?} {:?}", it.due, it.recurrence)),
            (" fact", it.fact.to_string()),
            (" filing", filing),
            (" pace", (it.pace != PaceCurve::Linear).to_string()),
        ] {
            facts.insert(format!("target {}{about}", it.id), value);
        }
    }
}

/// What is said differently, by what it is about.
fn differences(imported: &Plan, by_hand: &Plan) -> BTreeSet<String> {
    let (imported, by_hand) = (facts(imported), facts(by_hand));
    let all: BTreeSet<&String> = imported.keys().chain(by_hand.keys()).collect();
    all.into_iter()
        .filter(|about| imported.get(*about) != by_hand.get(*about))
        .cloned()
        .collect()
}

/// A judgement: what both texts leave to whoever writes the plan file, and why it was decided otherwise by hand.
struct Judgement {
    why: &'static str,
    /// What it decides, in the document in our words and in the published one alike.
    both: &'static [&'static str],
    /// What it decides in the document in our words alone.
    ours: &'static [&'static str],
    /// What it decides in the published document alone.
    published: &'static [&'static str],
}

const JUDGEMENTS: [Judgement; 6] = [
    Judgement {
        why: "the text names several leading units; by hand the one whose field it is files, the importer takes the first and doubts it",
        both: &["target 12-1 filing", "target 5-1 filing"],
        ours: &[],
        published: &[],
    },
    Judgement {
        why: "two events a year: by hand one in each half, which no text says",
        both: &["target 9-1 pace"],
        ours: &[],
        published: &[],
    },
    Judgement {
        why: "by hand a name is what one says aloud; the importer keeps to the words of the text",
        both: &[
            "target 5-1 name",
            "target 8-1 name",
            "target 8-2 name",
            "target g-2 name",
            "target g-4 name",
            "target g-6 name",
            "target g-7 name",
        ],
        ours: &[],
        published: &[
            "target 12-1 name",
            "target 15-1 name",
            "target 2-1 name",
            "target 2-3 name",
            "target 4-1 name",
            "target 4-2 name",
            "target 6-2 name",
            "target 6-3 name",
            "target 6-4 name",
            "target 6-5 name",
            "target g-3 name",
        ],
    },
    Judgement {
        why: "the name of the task force was made shorter than the published one",
        both: &[],
        ours: &[],
        published: &["task force name", "task force short name"],
    },
    Judgement {
        why: "short names people use there and no table has",
        both: &[
            "unit 乳山供电公司 short name",
            "unit 市有关部门、单位 short name",
        ],
        ours: &[],
        published: &[],
    },
    Judgement {
        why: "by hand also the names that stand in no document but are typed in chat",
        both: &[
            "unit 乳山供电公司 aliases",
            "unit 各镇区（街道） aliases",
            "unit 国家金融监督管理总局乳山监管支局 aliases",
            "unit 威海市生态环境局乳山分局 aliases",
            "unit 市住房和城乡建设局 aliases",
            "unit 市供销社 aliases",
            "unit 市农业农村局 aliases",
            "unit 市卫生健康局 aliases",
            "unit 市发展和改革局 aliases",
            "unit 市大数据中心 aliases",
            "unit 市市场监管局 aliases",
            "unit 市教育和体育局 aliases",
            "unit 市有关部门、单位 aliases",
            "unit 市科技局 aliases",
            "unit 市自然资源局 aliases",
        ],
        ours: &[],
        published: &[],
    },
];

fn judged(own: impl Fn(&Judgement) -> &'static [&'static str]) -> BTreeMap<String, &'static str> {
    let about = JUDGEMENTS.iter().flat_map(|it| {
        it.both
            .iter()
            .chain(own(it))
            .map(|about| ((*about).to_owned(), it.why))
    });
    about.collect()
}

#[track_caller]
fn assert_judged(source: &str, judged: &BTreeMap<String, &'static str>) {
    let differences = differences(&checked(&draft(source)), &by_hand());
    let listed: BTreeSet<String> = judged.keys().cloned().collect();
    let unlisted: Vec<_> = differences.difference(&listed).collect();
    let idle: Vec<_> = listed
        .difference(&differences)
        .map(|about| (about, judged[about]))
        .collect();
    assert!(
        unlisted.is_empty() && idle.is_empty(),
        "not listed: {unlisted:#?}\nno difference: {idle:#?}"
    );
}

/// Doubts by what they are about; the importer may raise more than people thought worth asking.
fn doubted(plan: &Plan) -> BTreeSet<String> {
    let about = plan.doubts.iter().map(|doubt| match &doubt.about {
        DoubtSubject::Indicator(id) => format!("target {id}"),
        DoubtSubject::Measure(id) => format!("measure {id}"),
        DoubtSubject::Unit(id) => format!("unit {}", plan.unit(id).unwrap().name),
        DoubtSubject::TaskForce => "task force".to_owned(),
    });
    about.collect()
}

/// Told by the alias table without a doubt: by hand each was asked.
const KNOWN_UNITS: [&str; 3] = [
    "unit 国家金融监督管理总局乳山监管支局",
    "unit 市市场监管局",
    "unit 市机关事务服务中心",
];

#[track_caller]
fn assert_doubted(source: &str) {
    let (imported, by_hand) = (doubted(&checked(&draft(source))), doubted(&by_hand()));
    let missing: Vec<&String> = by_hand.difference(&imported).collect();
    assert_eq!(missing, KNOWN_UNITS);
}

#[test]
fn the_document_in_our_words_gives_the_plan_written_by_hand() {
    assert_judged(OURS, &judged(|it| it.ours));
    assert_doubted(OURS);
}

#[test]
fn the_published_document_gives_the_plan_written_by_hand() {
    if let Some(published) = published() {
        assert_judged(&published, &judged(|it| it.published));
        assert_doubted(&published);
    }
}

#[test]
fn nothing_of_the_document_is_left_unread() {
    for source in [Some(OURS.to_owned()), published()].into_iter().flatten() {
        assert_eq!(draft(&source).unread, []);
    }
}

#[test]
fn breaks_and_spaces_moved_at_random_change_nothing() {
    for source in [Some(OURS.to_owned()), published()].into_iter().flatten() {
        let still = draft(&source);
        for seed in 0..SEEDS {
            let moved = moved(&source, seed);
            assert_eq!(draft(&moved), still, "seed {seed}\n{moved}");
        }
    }
}

#[test]
fn against_the_plan_it_is_adopted_from_the_document_changes_nothing() {
    for source in [Some(OURS.to_owned()), published()].into_iter().flatten() {
        let by_hand = by_hand();
        let updated = checked(&update(draft(&source), &by_hand));
        let diff = plan::diff(&by_hand, &updated);
        assert!(diff.is_empty(), "{diff:#?}");
    }
}
