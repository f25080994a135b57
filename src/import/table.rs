//! Tables of tasks: which column says what, rows as a measure's responsibility, and a table as the text of a plan.

mod as_text;
mod vocabulary;

use vocabulary::{CONTENTS, DUES, NUMBERS, PEOPLE, SUMS, TASKS};

use super::clause::read;
use super::clause::vocabulary::{LEAD_LABELS, RESPONSIBLE_LABELS};
use super::text::Table;
use super::vocabulary::{BRACKETS, COLON, COMMA, LIST, SEMICOLON, numeral};

pub(super) use as_text::as_text;

/// Columns of a table of tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Columns {
    number: Option<usize>,
    task: Option<usize>,
    /// What says more about the task.
    contents: Vec<usize>,
    leads: Option<usize>,
    responsible: Option<usize>,
    due: Option<usize>,
}

impl Columns {
    fn of(cells: &[String]) -> Self {
        let mut columns = Self::default();
        for (at, cell) in cells.iter().enumerate() {
            let says = |words: &[&str]| words.iter().any(|word| cell.contains(word));
            if says(&PEOPLE) {
                continue;
            } else if says(&LEAD_LABELS) {
                columns.leads = columns.leads.or(Some(at));
            } else if says(&RESPONSIBLE_LABELS) {
                columns.responsible = columns.responsible.or(Some(at));
            } else if says(&DUES) {
                columns.due = columns.due.or(Some(at));
            } else if says(&NUMBERS) {
                columns.number = columns.number.or(Some(at));
            } else if columns.task.is_none() && says(&TASKS) {
                columns.task = Some(at);
            } else if says(&TASKS) || says(&CONTENTS) {
                columns.contents.push(at);
            }
        }
        if columns.task.is_none() && !columns.contents.is_empty() {
            columns.task = Some(columns.contents.remove(0));
        }
        columns
    }

    fn heads(&self) -> bool {
        self.task.is_some() && (self.leads.is_some() || self.responsible.is_some())
    }

    /// Whether a plan has a place for what stands in a column.
    fn has(&self, at: usize) -> bool {
        let one = [
            self.number,
            self.task,
            self.leads,
            self.responsible,
            self.due,
        ];
        one.contains(&Some(at)) || self.contents.contains(&at)
    }
}

/// Whether a row of cells heads a table of tasks.
pub(super) fn is_heading(cells: &[String]) -> bool {
    Columns::of(cells).heads()
}

/// A row of a table of tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TaskRow {
    /// Its number, if it has one.
    pub number: Option<u32>,
    /// What is to be done.
    pub task: String,
    /// What more is said of it.
    pub contents: Vec<String>,
    /// The cell of those who lead.
    lead_cell: String,
    /// The cell of those who take part.
    responsible_cell: String,
    /// By when, in its words.
    pub due: String,
}

/// The units of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RowUnits {
    /// Who leads.
    pub leads: Vec<String>,
    /// Who takes part.
    pub responsible: Vec<String>,
    /// What stands where a unit should and does not look like one.
    pub odd: Vec<String>,
}

impl TaskRow {
    /// Its units. A cell may hold a whole clause: A牵头，B配合.
    pub(super) fn units(&self) -> RowUnits {
        let mut units = RowUnits::default();
        for (label, cell) in [
            (LEAD_LABELS[5], &self.lead_cell),
            (RESPONSIBLE_LABELS[3], &self.responsible_cell),
        ] {
            let clause = read(&format!("{label}{COLON}{cell}").chars().collect::<Vec<_>>());
            units.leads.extend(clause.leads);
            units.responsible.extend(clause.responsible);
            units.odd.extend(clause.odd);
        }
        units
    }

    /// All it says, in one line.
    pub(super) fn said(&self) -> String {
        let cells = [&self.lead_cell, &self.responsible_cell, &self.due];
        let all = std::iter::once(&self.task)
            .chain(&self.contents)
            .chain(cells);
        let filled: Vec<&str> = all
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
            .collect();
        filled.join(" ")
    }

    /// A row that goes on with the one above, whose first cells it shares.
    fn absorb(&mut self, more: Self) {
        for content in more.contents {
            let due = if more.due.is_empty() || self.due.is_empty() {
                String::new()
            } else {
                format!("{}{}", more.due, COMMA)
            };
            self.contents.push(due + &content);
        }
        if self.due.is_empty() {
            self.due = more.due;
        }
        for (cell, more) in [
            (&mut self.lead_cell, more.lead_cell),
            (&mut self.responsible_cell, more.responsible_cell),
        ] {
            if !cell.is_empty() && !more.is_empty() {
                cell.push(SEMICOLON);
            }
            cell.push_str(&more);
        }
    }
}

/// What a table says.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    /// Rows with something to be done, each with the heading of its section's row above it, if there is one.
    pub rows: Vec<(Option<String>, TaskRow)>,
    /// Rows without, and cells for which a plan has no place.
    pub unread: Vec<String>,
}

/// The tasks of a table.
pub(super) fn tasks(table: &Table) -> Tasks {
    let mut tasks = Tasks::default();
    let Some((heading, body)) = table.rows.split_first() else {
        return tasks;
    };
    let columns = Columns::of(heading);
    let mut section = None;
    for cells in body.iter().filter(|cells| !is_heading(cells)) {
        let first = cells.iter().find(|cell| !cell.is_empty());
        let Some(first) = first else { continue };
        if SUMS
            .iter()
            .any(|word| first == word || first.strip_suffix(COLON) == Some(word))
        {
            tasks.unread.push(cells.concat());
        } else if let Some(title) = section_title(cells, &columns) {
            section = Some(title);
        } else {
            tasks.row(cells, heading, &columns, section.clone());
        }
    }
    tasks
}

impl Tasks {
    fn row(
        &mut self,
        cells: &[String],
        heading: &[String],
        columns: &Columns,
        section: Option<String>,
    ) {
        for (at, cell) in cells.iter().enumerate() {
            if !cell.is_empty() && !columns.has(at) {
                let named = heading.get(at).map_or("", String::as_str);
                self.unread.push(format!("{named}{COLON}{cell}"));
            }
        }
        let cell = |column: Option<usize>| {
            column
                .and_then(|at| cells.get(at))
                .cloned()
                .unwrap_or_default()
        };
        let number = cell(columns.number);
        let signs: Vec<char> = number.chars().collect();
        let digits = number.trim_end_matches('.').parse().ok();
        let contents = columns.contents.iter().map(|at| cell(Some(*at)));
        let mut row = TaskRow {
            number: digits.or_else(|| numeral(&signs).map(|(number, _)| number)),
            task: cell(columns.task),
            contents: contents.filter(|cell| !cell.is_empty()).collect(),
            lead_cell: cell(columns.leads),
            responsible_cell: cell(columns.responsible),
            due: cell(columns.due),
        };
        match self.rows.last_mut() {
            Some((_, last)) if row.task.is_empty() && number.is_empty() => last.absorb(row),
            Some(_) | None if row.task.is_empty() && row.contents.is_empty() => {
                self.unread.push(cells.concat());
            }
            Some(_) | None => {
                if row.task.is_empty() {
                    row.task = row.contents.remove(0);
                }
                self.rows.push((section, row));
            }
        }
    }
}

/// The title in a row that heads others: 一 | 夯实基础, or 一、夯实基础 in its first cell, and nothing else.
fn section_title(cells: &[String], columns: &Columns) -> Option<String> {
    let filled: Vec<(usize, &String)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    let (open, close) = BRACKETS[0];
    match filled[..] {
        [(at, number), (task, title)]
            if columns.number == Some(at) && columns.task == Some(task) =>
        {
            let signs: Vec<char> = number.trim_matches([open, close, LIST]).chars().collect();
            let (_, length) = numeral(&signs)?;
            (length == signs.len()).then(|| title.clone())
        }
        [(_, cell)] => {
            let signs: Vec<char> = cell.chars().collect();
            let opened = usize::from(signs[0] == open);
            let (_, length) = numeral(&signs[opened..])?;
            let sign = if opened == 1 { close } else { LIST };
            let title = signs.get(opened + length + 1..)?;
            let numbered = signs[opened + length] == sign && !title.is_empty();
            numbered.then(|| title.iter().collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let rows = rows
            .iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect();
        Table { rows, lines: 0..0 }
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
        let found = tasks(&table);
        let units = found.rows[0].1.units();
        assert_eq!(
            (
                found.rows[0].1.number,
                units.leads.len(),
                units.responsible.len()
            ),
            (Some(1), 1, 2)
        );
        assert_eq!(found.unread, ["合计"]);
        assert_eq!(
            as_text(&table, &mut 0, &mut 0),
            "1.建成充电站10座。建成充电站10座。（牵头单位：县发改局；责任单位：县住建局、县交通局；完成时限：2025年底）\n"
        );
    }

    #[test]
    fn merged_cells_sections_and_odd_names_are_read() {
        let table = table(&[
            &[
                "序号",
                "任务",
                "目标",
                "责任单位",
                "时限",
                "备注",
                "牵头领导",
            ],
            &["一", "夯实基础", "", "", "", "", ""],
            &[
                "1",
                "改造坡道",
                "改造80处",
                "区民政局牵头，区残联配合",
                "6月底前",
                "民生",
                "李明",
            ],
            &["", "", "改造20处", "各街道、青年之家", "9月底前", "", ""],
            &["2", "", "新增食堂10家", "", "", "", ""],
            &[
                "序号",
                "任务",
                "目标",
                "责任单位",
                "时限",
                "备注",
                "牵头领导",
            ],
            &["（二）提升服务", "", "", "", "", "", ""],
            &["3", "新建驿站", "", "区商务局；区民政局", "", "", ""],
        ]);
        let found = tasks(&table);
        assert_eq!(found.unread, ["备注：民生", "牵头领导：李明"]);
        let units = found.rows[0].1.units();
        assert_eq!(units.leads, ["区民政局"]);
        assert_eq!(units.responsible, ["区残联", "各街道"]);
        assert_eq!(units.odd, ["青年之家"]);
        insta::assert_snapshot!(as_text(&table, &mut 0, &mut 0), @"
        一、夯实基础
        1.改造坡道。改造坡道。改造80处。9月底前，改造20处。（责任单位：区民政局牵头，区残联配合；各街道、青年之家；完成时限：6月底前）
        2.新增食堂10家。新增食堂10家。
        二、提升服务
        3.新建驿站。新建驿站。（责任单位：区商务局；区民政局）
        ");
    }
}
