//! Workbook and report, opened by LibreOffice and printed to PDF: nothing had to be repaired and nothing is missing. Left out where
//! `soffice` and `pdftotext` are not installed, unless `CI=true`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use crate::bulletin::{paragraphs, parts};
use crate::{month, stderr, written};

/// Whether both programs are there.
fn is_installed() -> bool {
    let answers = |program: &str, argument: &str| Command::new(program).arg(argument).output();
    let found = answers("soffice", "--version").is_ok() && answers("pdftotext", "-v").is_ok();
    if !found {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!in_ci, "soffice and pdftotext are needed here");
        // Past the test runner, which shows what a test prints only if it fails.
        let _ = writeln!(
            std::io::stderr(),
            "left out: printing to PDF needs soffice and pdftotext"
        );
    }
    found
}

/// Prints a document beside itself, with a LibreOffice profile of its own.
fn convert(document: &Path) -> Output {
    let folder = document.parent().unwrap();
    Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(document)
        .output()
        .unwrap()
}

/// What stands on the pages of this document, without spaces and line ends.
///
/// # Errors
/// What LibreOffice said, when it could not read the document.
fn printed(name: &str, bytes: &[u8]) -> Result<String, String> {
    Ok(pages(name, bytes)?.concat())
}

/// The same page by page.
fn pages(name: &str, bytes: &[u8]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join(name);
    fs::write(&document, bytes).unwrap();
    let converted = convert(&document);
    let said = stderr(&converted);
    // It ends with success even when it could not read the file.
    if !converted.status.success() || said.contains("Error") || said.contains("repair") {
        return Err(said);
    }
    let pages = document.with_extension("pdf");
    let text = Command::new("pdftotext")
        .arg(&pages)
        .arg("-")
        .output()
        .unwrap();
    assert!(text.status.success(), "{}", stderr(&text));
    let text = String::from_utf8(text.stdout).unwrap();
    let pages = text.split_terminator('\u{c}').map(without_spaces);
    Ok(pages.collect())
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).collect()
}

#[test]
fn the_workbook_prints_every_sheet_to_its_last_target() {
    if !is_installed() {
        return;
    }
    let text = printed("duban.xlsx", &written("duban.xlsx", &["export"])).unwrap();
    for sheet in [
        "目标台账",
        "举措和交办",
        "填报记录",
        "申请",
        "督办单",
        "协调事项",
        "项目库",
        "佐证材料",
    ] {
        let title = format!("推动设备更新和以旧换新工作专班{sheet}");
        assert!(text.contains(&title), "{title} is not in {text}");
    }
    for indicator in &month().plan.indicators {
        let name = without_spaces(&indicator.name);
        assert!(text.contains(&name), "{name} is not in {text}");
    }
    for filed in month().answers() {
        let Some(done) = filed.report.done.as_ref().and_then(|text| text.body()) else {
            continue;
        };
        let done = without_spaces(done);
        assert!(text.contains(&done), "{done} is not in {text}");
    }
}

#[test]
fn the_report_prints_every_paragraph() {
    if !is_installed() {
        return;
    }
    let bytes = written("bulletin.docx", &["bulletin", "--number", "3"]);
    let pages = pages("bulletin.docx", &bytes).unwrap();
    let last = pages.last().unwrap();
    let (before, imprint) = last.split_once("报：组长、副组长。").unwrap();
    assert!(
        before.contains("八、交办事项"),
        "the imprint stands alone: {last}"
    );
    assert!(imprint.contains("印发"), "the imprint is whole: {last}");
    let text = pages.concat();
    let paragraphs = paragraphs(&parts()["word/document.xml"]);
    assert!(paragraphs.len() > 50, "{paragraphs:?}");
    for paragraph in &paragraphs {
        // A longer paragraph or cell may go on over the page's end, with the footer and the next cell between.
        let start: String = without_spaces(paragraph).chars().take(4).collect();
        assert!(text.contains(&start), "{start} is not in {text}");
    }
    let on_pages = counted(&text);
    for (char, count) in counted(&without_spaces(&paragraphs.concat())) {
        let printed = on_pages.get(&char).copied().unwrap_or(0);
        assert!(printed >= count, "{char}: {printed} of {count}");
    }
}

/// How often each character stands in a text.
fn counted(text: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for char in text.chars() {
        *counts.entry(char).or_default() += 1;
    }
    counts
}

#[test]
fn a_damaged_report_is_not_taken_for_a_whole_one() {
    if !is_installed() {
        return;
    }
    let bytes = written("bulletin.docx", &["bulletin", "--number", "3"]);
    let half = &bytes[..bytes.len() / 2];
    let said = printed("bulletin.docx", half).unwrap_err();
    assert!(said.contains("could not be loaded"), "{said}");
}
