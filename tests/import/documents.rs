//! Documents of our own in the forms that counties use, each with the plan that must come of it.
//!
//! `DUBAN_BLESS=1 cargo test --test import documents` writes down what is read now; hold the difference against the
//! document before you keep it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use duban::import::{Draft, Piece};
use duban::plan::{DoubtSubject, Plan, Recurrence, UnitId};
use duban::render;

use crate::{checked, read};

fn documents() -> Vec<PathBuf> {
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
    let mut said = String::new();
    let names = |ids: &[UnitId]| {
        ids.iter()
            .map(|id| plan.unit(id).unwrap().name.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let force = &plan.task_force;
    let chief = plan.member(&force.office_chief).unwrap();
    writeln!(
        said,
        "{} | {} | {} {}",
        draft.title, draft.body, draft.number, force.id
    )
    .unwrap();
    writeln!(
        said,
        "{} | {} to {} | {}{}",
        force.name,
        force.starts,
        force.ends,
        chief.name,
        if force.office_chief_inferred.is_some() {
            " ?"
        } else {
            ""
        }
    )
    .unwrap();
    for unit in &plan.units {
        let others: Vec<&str> = unit.aliases.iter().map(String::as_str).collect();
        writeln!(
            said,
            "unit {} {} {}{}{}",
            unit.id,
            unit.name,
            unit.short_name,
            if unit.collective { " (many)" } else { "" },
            if others.is_empty() {
                String::new()
            } else {
                format!(" = {}", others.join(" "))
            }
        )
        .unwrap();
    }
    for member in &plan.members {
        writeln!(
            said,
            "person {} {} {} {:?} {}",
            member.id,
            member.name,
            member.post,
            member.role,
            names(&member.units)
        )
        .unwrap();
    }
    for it in &plan.measures {
        let section = plan.section_of(&it.id).unwrap();
        writeln!(
            said,
            "measure {} [{} {}] {} | {} | {}",
            it.id,
            section.number,
            section.title,
            it.title,
            names(&it.lead_units),
            names(&it.responsible_units)
        )
        .unwrap();
    }
    for it in &plan.indicators {
        let value = it.target.map_or(String::new(), |value| {
            format!(
                " {:?} {}{}",
                it.comparator,
                it.unit_of_measure.to_shown(value),
                it.unit_of_measure.shown
            )
        });
        let base = it
            .base_year
            .map_or(String::new(), |year| format!(" /{year}"));
        let due = it.due.map_or("-".to_owned(), |due| due.to_string());
        let yearly = if it.recurrence == Recurrence::Yearly {
            " yearly"
        } else {
            ""
        };
        let fact = if it.fact.as_str() == it.id.as_str() {
            String::new()
        } else {
            format!(" = {}", it.fact)
        };
        writeln!(
            said,
            "target {} {} {:?}{value}{base} {due}{yearly} ({}){fact}",
            it.id,
            it.name,
            it.kind,
            it.due_as_written.as_deref().unwrap_or("-")
        )
        .unwrap();
    }
    for it in &plan.doubts {
        let about = match &it.about {
            DoubtSubject::Indicator(id) => format!("target {id}"),
            DoubtSubject::Measure(id) => format!("measure {id}"),
            DoubtSubject::Unit(id) => format!("unit {id}"),
            DoubtSubject::TaskForce => "task force".to_owned(),
        };
        writeln!(
            said,
            "doubt {} about {about}: {} {}",
            it.id, it.question, it.proposal
        )
        .unwrap();
    }
    for line in render::import::summary(draft)
        .iter()
        .skip_while(|line| !line.starts_with("推定"))
    {
        writeln!(said, "{line}").unwrap();
    }
    said
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
