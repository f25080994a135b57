//! Documents of our own in the forms that counties use, each with the plan that must come of it.
//!
//! `DUBAN_BLESS=1 cargo test --test import documents` writes down what is read now; hold the difference against the
//! document before you keep it.

use std::fs;
use std::path::{Path, PathBuf};

use duban::import::{Draft, Piece};
use duban::plan::{
    Doubt, DoubtSubject, Indicator, Measure, Member, Plan, Recurrence, Unit, UnitId,
};
use duban::render;

use crate::{checked, read};

pub fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/documents");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut documents: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    documents.sort();
    documents
}

/// A plan in short lines.
fn told(plan: &Plan, draft: &Draft) -> String {
    let mut lines = frame(plan, draft);
    lines.extend(plan.units.iter().map(unit));
    lines.extend(plan.members.iter().map(|it| person(plan, it)));
    lines.extend(plan.measures.iter().map(|it| measure(plan, it)));
    lines.extend(plan.indicators.iter().map(target));
    lines.extend(plan.doubts.iter().map(doubt));
    let summary = render::import::summary(draft).into_iter();
    lines.extend(summary.skip_while(|line| !line.starts_with("推定")));
    lines.join("\n") + "\n"
}

fn frame(plan: &Plan, draft: &Draft) -> Vec<String> {
    let force = &plan.task_force;
    let chief = &plan.member(&force.office_chief).unwrap().name;
    let inferred = if force.office_chief_inferred.is_some() {
        " ?"
    } else {
        ""
    };
    vec![
        format!(
            "{} | {} | {} {}",
            draft.title, draft.body, draft.number, force.id
        ),
        format!(
            "{} | {} to {} | {chief}{inferred}",
            force.name, force.starts, force.ends
        ),
    ]
}

fn unit(it: &Unit) -> String {
    let many = if it.collective { " (many)" } else { "" };
    let others = it.aliases.iter().map(|alias| format!(" = {alias}"));
    let others: String = others.collect();
    format!("unit {} {} {}{many}{others}", it.id, it.name, it.short_name)
}

fn names(plan: &Plan, ids: &[UnitId]) -> String {
    let names = ids.iter().map(|id| plan.unit(id).unwrap().name.as_str());
    names.collect::<Vec<_>>().join(" ")
}

fn person(plan: &Plan, it: &Member) -> String {
    let units = names(plan, &it.units);
    format!(
        "person {} {} {} {:?} {units}",
        it.id, it.name, it.post, it.role
    )
}

fn measure(plan: &Plan, it: &Measure) -> String {
    let section = plan.section_of(&it.id).unwrap();
    let (leads, others) = (
        names(plan, &it.lead_units),
        names(plan, &it.responsible_units),
    );
    format!(
        "measure {} [{} {}] {} | {leads} | {others}",
        it.id, section.number, section.title, it.title
    )
}

fn target(it: &Indicator) -> String {
    let unit = &it.unit_of_measure;
    let value = it.target.map(|value| {
        format!(
            " {:?} {}{}",
            it.comparator,
            unit.to_shown(value),
            unit.shown
        )
    });
    let base = it.base_year.map(|year| format!(" /{year}"));
    let due = it.due.map_or("-".to_owned(), |due| due.to_string());
    let yearly = if it.recurrence == Recurrence::Yearly {
        " yearly"
    } else {
        ""
    };
    let shared = (it.fact.as_str() != it.id.as_str()).then(|| format!(" = {}", it.fact));
    let [value, base, shared] = [value, base, shared].map(Option::unwrap_or_default);
    let written = it.due_as_written.as_deref().unwrap_or("-");
    format!(
        "target {} {} {:?}{value}{base} {due}{yearly} ({written}){shared}",
        it.id, it.name, it.kind
    )
}

fn doubt(it: &Doubt) -> String {
    let about = match &it.about {
        DoubtSubject::Indicator(id) => format!("target {id}"),
        DoubtSubject::Measure(id) => format!("measure {id}"),
        DoubtSubject::Unit(id) => format!("unit {id}"),
        DoubtSubject::TaskForce => "task force".to_owned(),
    };
    format!(
        "doubt {} about {about}: {} {}",
        it.id, it.question, it.proposal
    )
}

#[test]
fn every_document_gives_its_plan() {
    let documents = documents();
    assert!(documents.len() >= 12);
    let mut wrong = Vec::new();
    for document in documents {
        let source = fs::read_to_string(&document).unwrap();
        let draft = read(&source).draft.unwrap();
        let found = told(&checked(&draft), &draft);
        let expected = document.with_extension("plan");
        if std::env::var_os("DUBAN_BLESS").is_some() {
            fs::write(&expected, &found).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", document.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_sign_of_a_document_is_left_out_of_the_side_by_side() {
    for document in documents() {
        let source = fs::read_to_string(&document).unwrap();
        let reading = read(&source);
        let pieces: String = reading
            .pieces
            .iter()
            .map(|piece: &Piece| piece.text.as_str())
            .collect();
        let signs = |text: &str| {
            text.chars()
                .filter(|c| ('\u{4e00}'..'\u{a000}').contains(c))
                .count()
        };
        let lost = signs(&source).saturating_sub(signs(&pieces));
        assert_eq!(lost, 0, "{}", document.display());
        let report = render::import::report(&reading.pieces, reading.draft.as_ref()).join("\n");
        assert!(
            report.contains("存疑") && report.contains("没有读懂"),
            "{report}"
        );
    }
}

#[test]
fn duties_and_what_was_not_read_stand_in_the_draft_as_comments() {
    let document = include_str!("documents/told-in-sentences.txt");
    let file = render::import::plan_file(&read(document).draft.unwrap());
    let comments: Vec<&str> = file.lines().filter(|line| line.starts_with("# ")).collect();
    for words in [
        "职责：专班负责统筹推进、定期调度",
        "职责：专班办公室承担日常工作，负责汇总进展",
        "没有读懂：名单里这一段读不出姓名和职务（全文第",
    ] {
        assert!(comments.iter().any(|line| line.contains(words)), "{file}");
    }
}
