//! Documents of a small story.

use super::machine::{self, Form};
use super::*;
use crate::digest::testing::Taken;
use crate::ledger::testing::{Story, rushan, text};
use crate::ledger::{Act, Judgement, ProjectEntry, ProjectStage};

/// What docs/export.md says of the tables.
const DOCUMENTED: &str = include_str!("../../../docs/export.md");

/// Two answers and a project.
fn story() -> Story<'static> {
    let mut story = Story::live(rushan());
    story.answer("2-2", "1", Judgement::Normal);
    story.ask_help("2-3", "23", "fgj", "=1+1，“引号\"与逗号,”");
    let project = ProjectEntry {
        name: text("热网改造"),
        unit: "zjj".into(),
        measure: Some("6".into()),
        investment: 123_400_000.into(),
        funding: 5_000_000.into(),
        stage: ProjectStage::Begun,
        next: None,
    };
    story.by("luan-pin", Act::ProjectAdded(project.into()));
    story
}

fn written(form: Form, tables: &[&str]) -> String {
    let story = story();
    let taken = Taken::of(&story);
    let (mut text, mut rows) = (String::new(), 0);
    machine::write(
        &taken.pack(),
        form,
        tables,
        &mut |piece| text.push_str(piece),
        &mut || rows += 1,
    );
    text
}

#[test]
fn every_column_is_documented_with_its_header() {
    let story = story();
    let taken = Taken::of(&story);
    let all = tables::tables(&taken.pack());
    let tables = all.iter().map(|table| (table.key, table.columns));
    for (key, columns) in tables.chain([("stamp", &machine::STAMP[..])]) {
        let mut parts = DOCUMENTED.split("\n## ");
        let part = parts.find(|part| part.starts_with(&format!("`{key}`\n")));
        let part = part.unwrap_or_else(|| panic!("docs/export.md has no part on {key}"));
        for column in columns {
            let line = format!("| `{}` | {} |", column.key, column.title);
            assert!(part.contains(&line), "{key}: {line}");
        }
        let documented = part.matches("\n| `").count();
        assert_eq!(
            documented,
            columns.len(),
            "{key}: columns that are not there"
        );
    }
}

#[test]
fn every_row_has_a_cell_a_column() {
    let story = story();
    let taken = Taken::of(&story);
    for table in tables::tables(&taken.pack()) {
        let (key, columns, count) = (table.key, table.columns.len(), table.count);
        let rows: Vec<_> = table.rows.collect();
        assert_eq!(rows.len(), count, "{key}");
        assert!(rows.iter().all(|row| row.len() == columns), "{key}");
    }
}

#[test]
fn csv_quotes_what_must_be_and_takes_the_sting_out_of_formulas() {
    let csv = written(Form::Csv, &["matters"]);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    insta::assert_snapshot!(lines[1], @r#"5,2026-11-23,2-3,智能工厂和数字化车间,宋校政,市发改局,"'=1+1，“引号""与逗号,”",open,4,,,1,2026-11-27 16:00:00,6,3f3f3f3f3f3f"#);
    assert_eq!(lines[2], "", "one row");
}

#[test]
fn a_project_is_in_yuan() {
    let lines = written(Form::JsonLines, &["projects"]);
    insta::assert_snapshot!(lines, @r#"
    {"table":"stamp","digest_number":1,"cut_off_at":"2026-11-27T16:00:00+08:00","ledger_seq":6,"input_hash":"3f3f3f3f3f3f"}
    {"table":"projects","label":"p-6","project_name":"热网改造","unit":"市住建局","measure":"6．加速建筑领域设备更新","investment_yuan":123400000,"funding_yuan":5000000,"stage":"begun","stage_since":"2026-11-23","next_stage_on":null}
    "#);
}

#[test]
fn a_file_name_holds_no_sign_that_a_system_refuses() {
    let frame =
        crate::conversation::testing::changed(&[("推动设备更新和以旧换新工作专班", "a/b:c%d")]);
    let story = story();
    let taken = Taken::of(&story);
    let name = file_name(&frame, taken.pack().stamp, &Document::Bulletin);
    assert_eq!(name, "a_b_c_d简报（截至2026-11-27）.docx");
}

#[test]
fn sizes_are_told_in_megabytes() {
    assert_eq!(megabytes(50 * 1024 * 1024), "50 MB");
    assert_eq!(megabytes(66_270_000), "63.2 MB");
    let said = too_large(
        &Document::Workbook { measure: None },
        66_270_000,
        50 * 1024 * 1024,
    );
    insta::assert_snapshot!(said.html(), @"台账有 63.2 MB，超过 Telegram 单个文件 50 MB 的上限，没有发送。请按举措分开导出（/export 6），或在主机上用 duban export 导出。");
}

/// Words as nobody should type them, and what a cell of the workbook reads.
fn awkward() -> Vec<(String, String)> {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    vec![
        same("=cmd|' /C calc'!A0"),
        same("+86 631"),
        same("-1"),
        same("@SUM(A1)"),
        same("<b>&amp;</b> ]]> \"'"),
        same("换热站🟢👨‍👩‍👧改造"),
        same("第一行\n第二行"),
        same("_x0041_ 不是 A"),
        (
            "第一行\r\n第二行\r第三行".to_owned(),
            "第一行\n第二行\n第三行".to_owned(),
        ),
        (
            "\tA\u{0}\u{8}\u{b}\u{1f}\u{7f}\u{9f}\u{fffe}\u{ffff}B".to_owned(),
            "\tAB".to_owned(),
        ),
        same(&"长".repeat(1_000)),
        ("多".repeat(40_000), "多".repeat(workbook_limit())),
        ("🟢".repeat(20_000), "🟢".repeat(workbook_limit() / 2)),
    ]
}

/// UTF-16 units Excel takes in a cell.
fn workbook_limit() -> usize {
    32_767
}

/// An answer with each of them, and plain ones behind.
fn awkward_story(more: usize) -> Story<'static> {
    let mut story = Story::live(rushan());
    let plain = std::iter::repeat_n(("好".to_owned(), "好".to_owned()), more);
    for (typed, _) in awkward().into_iter().chain(plain) {
        let mut report =
            crate::ledger::testing::report("2-3", crate::ledger::Value::None, Judgement::Normal);
        report.done = Some(text(&typed));
        report.issues = Some(text(&typed));
        story.by("song-xiaozheng", Act::Answered(report.into()));
    }
    story
}

#[test]
fn awkward_words_stay_words_in_every_sheet() {
    awkward_words_stay_words(0);
}

#[test]
fn awkward_words_stay_words_in_a_sheet_that_is_written_row_by_row() {
    awkward_words_stay_words(workbook::LARGE);
}

fn awkward_words_stay_words(more: usize) {
    use calamine::Reader;
    let story = awkward_story(more);
    let taken = Taken::of(&story);
    let bytes = workbook::workbook(&taken.pack(), &mut || ()).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("填报记录").unwrap();
    assert_eq!(range.rows().count(), 3 + awkward().len() + more);
    let cells = range.rows().skip(3).map(|row| row[10].to_string());
    for (cell, (typed, read)) in cells.zip(awkward()) {
        let (typed, cell_start): (String, String) = (
            typed.chars().take(20).collect(),
            cell.chars().take(20).collect(),
        );
        assert!(
            cell == read,
            "{typed:?} reads {cell_start:?}, {} characters",
            cell.len()
        );
    }
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        let any = formulas.used_cells().any(|(.., cell)| !cell.is_empty());
        assert!(!any, "{name}");
    }
}

#[test]
fn awkward_words_break_no_xml_of_the_report_and_no_table_for_programs() {
    let story = awkward_story(0);
    for until in 0..awkward().len() {
        let mut part = Story::live(rushan());
        part.entries = story.entries[..story.entries.len() - until].to_vec();
        let taken = Taken::of(&part);
        let bytes = bulletin::bulletin(&taken.pack(), None).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let part = archive.by_name("word/document.xml").unwrap();
        let xml = std::io::read_to_string(part).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        assert!(document.descendants().count() > 1_000);
    }
    let taken = Taken::of(&story);
    let mut text = String::new();
    machine::write(
        &taken.pack(),
        Form::Csv,
        &["answers"],
        &mut |it| text.push_str(it),
        &mut || (),
    );
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), awkward().len());
    let lines = {
        let mut text = String::new();
        let put = &mut |it: &str| text.push_str(it);
        machine::write(
            &taken.pack(),
            Form::JsonLines,
            &["answers"],
            put,
            &mut || (),
        );
        text
    };
    let json = lines
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    for ((row, json), (typed, _)) in rows.iter().zip(json).zip(awkward()) {
        assert_eq!(
            json["done"].as_str(),
            Some(typed.as_str()),
            "JSON keeps every sign"
        );
        let guarded = is_like_a_formula(&typed);
        let cell = row[10].strip_prefix('\'').filter(|_| guarded);
        assert_eq!(cell.unwrap_or(&row[10]), typed);
        assert_eq!(cell.is_some(), guarded);
    }
}
