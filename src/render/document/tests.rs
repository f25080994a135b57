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
