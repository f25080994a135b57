//! The text of a page: blocks as lines, tables as lines of cells, numbers of ordered lists written out.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Elements that begin and end a line.
const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "hr",
    "body",
];
/// Most rows that a cell is thought to take.
const MOST_SPAN: usize = 200;
/// Columns of a row among which a cell may take several, or reach into rows below.
const MOST_COLUMNS: usize = 60;
/// Elements whose content nobody reads.
const HIDDEN: [&str; 9] = [
    "script", "style", "title", "noscript", "template", "select", "svg", "textarea", "button",
];

/// The text of a page.
pub(super) fn text(page: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut reader = Reader::default();
    for token in Tokenizer::new_with_emitter(page, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                let span = |name: &[u8]| {
                    let value = tag.attributes.get(name).map(|value| &**value);
                    let written = value.and_then(|value| std::str::from_utf8(value).ok());
                    let span = written.and_then(|it| it.trim().parse().ok());
                    span.unwrap_or(1).clamp(1, MOST_SPAN)
                };
                reader.spans = (span(b"rowspan"), span(b"colspan"));
                reader.opens(&String::from_utf8_lossy(&tag.name), tag.self_closing)
            }
            Token::EndTag(tag) => reader.closes(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.says(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.lone_cell();
    reader.text
}

#[derive(Default)]
struct Reader {
    text: String,
    /// The hidden element that is open.
    hidden: Option<String>,
    /// How many columns of the row stand already.
    row: Option<usize>,
    /// Where lines end inside the row.
    breaks: Vec<usize>,
    /// Rows and columns that the cell now opening takes.
    spans: (usize, usize),
    /// For how many rows more each column is taken by a cell above.
    taken: Vec<usize>,
    /// Columns behind the last cell's first one that it takes and that are not written yet.
    owed: usize,
    /// How far each open list has counted; none for one without numbers.
    lists: Vec<Option<u32>>,
}

impl Reader {
    fn opens(&mut self, name: &str, closed: bool) {
        if self.hidden.is_some() {
            return;
        }
        if HIDDEN.contains(&name) && !closed {
            self.hidden = Some(name.to_owned());
            return;
        }
        match name {
            "table" => {
                self.taken.clear();
                self.line();
            }
            "tr" => {
                self.lone_cell();
                self.line();
                self.row = Some(0);
            }
            "td" | "th" => self.cell(),
            _ if BLOCKS.contains(&name) => self.line(),
            _ => {}
        }
        match name {
            "ol" => self.lists.push(Some(0)),
            "ul" => self.lists.push(None),
            "li" => {
                if let Some(Some(count)) = self.lists.last_mut() {
                    *count += 1;
                    self.text.push_str(&format!("{count}."));
                }
            }
            _ => {}
        }
    }

    fn closes(&mut self, name: &str) {
        if let Some(hidden) = &self.hidden {
            if hidden == name {
                self.hidden = None;
            }
            return;
        }
        match name {
            "tr" => {
                self.row_ends();
                self.line();
            }
            "ol" | "ul" => {
                self.lists.pop();
                self.line();
            }
            _ if BLOCKS.contains(&name) => self.line(),
            _ => {}
        }
    }

    /// Rows that cells above reach into, behind the last cell of this one.
    fn row_ends(&mut self) {
        self.lone_cell();
        for column in self.row.take().unwrap_or(0)..self.taken.len() {
            self.taken[column] = self.taken[column].saturating_sub(1);
        }
        self.text.extend(std::iter::repeat_n('\t', self.owed));
        self.owed = 0;
    }

    /// A row of one cell is no row but a place on the page: its lines end as they would outside of a table.
    fn lone_cell(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        if self.row == Some(1) {
            for at in breaks {
                self.text.replace_range(at..=at, "\n");
            }
        }
    }

    /// Begins a cell behind the columns that cells of the rows above take, which are empty here.
    fn cell(&mut self) {
        let Some(mut column) = self.row else { return };
        while self.taken.get(column).is_some_and(|rows| *rows > 0) {
            self.taken[column] -= 1;
            self.column(column);
            column += 1;
        }
        let (rows, mut columns) = self.spans;
        if column + columns > MOST_COLUMNS {
            columns = 1;
        }
        if self.taken.len() < column + columns {
            self.taken.resize(column + columns, 0);
        }
        // The words stand in the first of the columns that a cell takes.
        self.column(column);
        let below = if column < MOST_COLUMNS { rows - 1 } else { 0 };
        self.taken[column..column + columns].fill(below);
        self.row = Some(column + columns);
        self.owed = columns - 1;
    }

    fn column(&mut self, column: usize) {
        if column > 0 {
            self.text.extend(std::iter::repeat_n('\t', 1 + self.owed));
        }
        self.owed = 0;
    }

    fn says(&mut self, text: &str) {
        if self.hidden.is_none() {
            self.text.extend(
                text.chars()
                    .map(|c| if c.is_whitespace() { ' ' } else { c }),
            );
        }
    }

    /// Ends the line, except inside a table's row, where a cell's paragraphs stay together.
    fn line(&mut self) {
        if self.row.is_some() {
            self.breaks.push(self.text.len());
            self.text.push(' ');
        } else {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that hold something, spaces at cells' edges taken away.
    fn lines(page: &str) -> Vec<String> {
        let text = text(page).replace(" \t", "\t").replace("\t ", "\t");
        let lines = text.lines().map(|line| line.trim_matches(' '));
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn blocks_are_lines_and_tables_lines_of_cells() {
        let page = "<html><head><title>t</title><style>p{}</style></head><body><h1>甲&nbsp;乙</h1><p>丙<b>丁</b><br>戊</p>\
                    <table><tr><th>任务</th><th>责任单位</th></tr><tr><td><p>一</p></td><td>二&lt;三</td></tr></table>\
                    <script>x<y</script></body>";
        let expected = ["甲 乙", "丙丁", "戊", "任务\t责任单位", "一\t二<三"];
        assert_eq!(lines(page), expected);
    }

    #[test]
    fn cells_that_take_several_rows_or_columns_leave_the_others_empty() {
        let page = "<table><tr><th>任务</th><th>内容</th><th>责任单位</th></tr>\
                    <tr><td rowspan=2>一</td><td>甲</td><td rowspan='2'>丙</td></tr><tr><td>乙</td></tr>\
                    <tr><td colspan=3>二、丁</td></tr><tr><td>三</td><td colspan=2>戊</td></tr></table>";
        let text = text(page);
        let rows: Vec<Vec<&str>> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.split('\t').map(str::trim).collect())
            .collect();
        assert_eq!(
            rows,
            [
                vec!["任务", "内容", "责任单位"],
                vec!["一", "甲", "丙"],
                vec!["", "乙"],
                vec!["二、丁", "", ""],
                vec!["三", "戊", ""],
            ]
        );
    }

    #[test]
    fn numbers_of_ordered_lists_are_written_out() {
        let page = "<ol><li>甲</li><li>乙<ul><li>丙</li></ul></li></ol>";
        assert_eq!(lines(page), ["1.甲", "2.乙", "丙"]);
    }
}
