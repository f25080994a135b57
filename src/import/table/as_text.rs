//! A table of tasks as the text of a plan, for a document whose measures stand in tables.

use super::{TaskRow, tasks};
use crate::import::clause::vocabulary::{DUE_LABELS, LEAD_LABELS, RESPONSIBLE_LABELS};
use crate::import::text::Table;
use crate::import::vocabulary::{BRACKETS, COLON, COMMA, ENDS, LIST, SEMICOLON, STOP, as_numeral};

/// Longest title of a row, in signs.
const MOST_TITLE: usize = 40;

/// The rows as numbered measures below their sections. Numbers go on from those of the tables before.
pub(in crate::import) fn as_text(table: &Table, sections: &mut u32, rows: &mut u32) -> String {
    let mut text = String::new();
    let mut above = None;
    for (section, row) in tasks(table).rows {
        if section.is_some() && section != above {
            *sections += 1;
            let title = section.as_deref().unwrap_or_default();
            text.push_str(&format!("{}{LIST}{title}\n", as_numeral(*sections)));
            above = section;
        }
        *rows += 1;
        text.push_str(&measure(*rows, &row));
    }
    text
}

fn measure(number: u32, row: &TaskRow) -> String {
    let end = row
        .task
        .find(|c| ENDS.contains(&c) || c == COMMA || c == COLON)
        .unwrap_or(row.task.len());
    let title: String = row.task[..end].chars().take(MOST_TITLE).collect();
    let mut text = format!("{number}.{title}{STOP}");
    for said in std::iter::once(&row.task).chain(&row.contents) {
        text.push_str(said.trim_end_matches(STOP));
        text.push(STOP);
    }
    let labelled: Vec<String> = [
        (LEAD_LABELS[5], &row.lead_cell),
        (RESPONSIBLE_LABELS[3], &row.responsible_cell),
        (DUE_LABELS[3], &row.due),
    ]
    .into_iter()
    .filter(|(_, cell)| !cell.is_empty())
    .map(|(label, cell)| {
        format!(
            "{label}{COLON}{}",
            cell.replace(STOP, &SEMICOLON.to_string())
        )
    })
    .collect();
    if !labelled.is_empty() {
        let (open, close) = BRACKETS[0];
        text.push(open);
        text.push_str(&labelled.join(&SEMICOLON.to_string()));
        text.push(close);
    }
    text.push('\n');
    text
}
