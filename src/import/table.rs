//! Tables of tasks: which column says what, and rows as measures or as a measure's responsibility.

mod vocabulary;

use vocabulary::{DUES, LIST_SIGN, NUMBERS, TASKS};

use super::clause::units;
use super::clause::vocabulary::{LEAD_LABELS, RESPONSIBLE_LABELS};
use super::text::Table;
use super::vocabulary::{BRACKETS, COLON, COMMA, ENDS, SEMICOLON, STOP, numeral};

/// Longest title of a row, in signs.
const MOST_TITLE: usize = 40;

/// Columns of a table of tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Columns {
    number: Option<usize>,
    task: Option<usize>,
    leads: Option<usize>,
    responsible: Option<usize>,
    due: Option<usize>,
}

impl Columns {
    fn of(cells: &[String]) -> Self {
        let mut columns = Self::default();
        for (at, cell) in cells.iter().enumerate() {
            let says = |words: &[&str]| words.iter().any(|word| cell.contains(word));
            if says(&LEAD_LABELS) {
                columns.leads = columns.leads.or(Some(at));
            } else if says(&RESPONSIBLE_LABELS) {
                columns.responsible = columns.responsible.or(Some(at));
            } else if says(&DUES) {
                columns.due = columns.due.or(Some(at));
            } else if says(&NUMBERS) {
                columns.number = columns.number.or(Some(at));
            } else if says(&TASKS) {
                columns.task = columns.task.or(Some(at));
            }
        }
        columns
    }
}

/// Whether a row of cells heads a table of tasks.
pub(super) fn is_heading(cells: &[String]) -> bool {
    let columns = Columns::of(cells);
    columns.task.is_some() && (columns.leads.is_some() || columns.responsible.is_some())
}

/// A row of a table of tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TaskRow {
    /// Its number, if it has one.
    pub number: Option<u32>,
    /// What is to be done.
    pub task: String,
    /// Who leads.
    pub leads: Vec<String>,
    /// Who takes part.
    pub responsible: Vec<String>,
    /// By when, in its words.
    pub due: String,
}

/// The rows of a table with something to be done, and those without.
pub(super) fn rows(table: &Table) -> (Vec<TaskRow>, Vec<String>) {
    let Some((heading, body)) = table.rows.split_first() else {
        return (Vec::new(), Vec::new());
    };
    let columns = Columns::of(heading);
    let (mut rows, mut unread) = (Vec::new(), Vec::new());
    for cells in body {
        let cell = |column: Option<usize>| {
            column
                .and_then(|at| cells.get(at))
                .map_or("", String::as_str)
        };
        let list = |column| units(&cell(column).chars().collect::<Vec<_>>()).0;
        let number: Vec<char> = cell(columns.number).chars().collect();
        let digits = cell(columns.number).trim_end_matches('.').parse().ok();
        let row = TaskRow {
            number: digits.or_else(|| numeral(&number).map(|(number, _)| number)),
            task: cell(columns.task).to_owned(),
            leads: list(columns.leads),
            responsible: list(columns.responsible),
            due: cell(columns.due).to_owned(),
        };
        if row.task.is_empty() {
            let text = cells.concat();
            unread.extend((!text.is_empty()).then_some(text));
        } else {
            rows.push(row);
        }
    }
    (rows, unread)
}

/// Rows as the text of a plan, numbered through, for a document whose measures all stand in tables.
pub(super) fn as_text(tables: &[Table]) -> String {
    let mut text = String::new();
    let rows = tables.iter().flat_map(|table| rows(table).0);
    for (number, row) in (1..).zip(rows) {
        let end = row
            .task
            .find(|c| ENDS.contains(&c) || c == COMMA || c == COLON)
            .unwrap_or(row.task.len());
        let title: String = row.task[..end].chars().take(MOST_TITLE).collect();
        let due = if row.due.is_empty() {
            String::new()
        } else {
            format!("{}{COMMA}", row.due)
        };
        let task = row.task.trim_end_matches(STOP);
        let (open, close) = BRACKETS[0];
        let lead = format!("{}{COLON}{}", LEAD_LABELS[5], row.leads.join(LIST_SIGN));
        let responsible = format!(
            "{}{COLON}{}",
            RESPONSIBLE_LABELS[3],
            row.responsible.join(LIST_SIGN)
        );
        text.push_str(&format!(
            "{number}.{title}{STOP}{due}{task}{STOP}{open}{lead}{SEMICOLON}{responsible}{close}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let rows = rows
            .iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect();
        Table { rows, at: 0 }
    }

    #[test]
    fn columns_are_known_by_their_heading() {
        let table = table(&[
            &["序号", "重点任务", "牵头单位", "责任单位", "完成时限"],
            &[
                "1",
                "建成充电站10座",
                "县发改局",
                "县住建局、县交通局",
                "2025年底",
            ],
            &["", "", "合计", "", ""],
        ]);
        assert!(is_heading(&table.rows[0]) && !is_heading(&table.rows[1]));
        let (found, unread) = rows(&table);
        assert_eq!(
            (
                found[0].number,
                found[0].leads.len(),
                found[0].responsible.len()
            ),
            (Some(1), 1, 2)
        );
        assert_eq!(unread, ["合计"]);
        assert_eq!(
            as_text(&[table]),
            "1.建成充电站10座。2025年底，建成充电站10座。（牵头单位：县发改局；责任单位：县住建局、县交通局）\n"
        );
    }
}
