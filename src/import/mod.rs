//! From a published plan as text to a draft plan: what the text says, and where it leaves things open.
//!
//! ```text
//! text      one form of every sign, white space as a hint only, tables lifted out
//! clause    responsibility clauses ┐
//! roster    names and posts        ├─▶ outline: sections, measures, general text, annexes ─▶ target: numbers, deadlines
//! head      title, body, date      ┘
//! draft     the same in the terms of the plan: ids, doubts with their anchor, what could not be read
//! ```
//!
//! Nothing here depends on where a line ends or a space stands, unless nothing else tells two things apart. Every reader
//! goes once through the text and looks a bounded way ahead, so time grows with the length of the text. What is read is
//! listed in the files named `vocabulary.rs`.

mod clause;
mod draft;
mod head;
mod outline;
mod roster;
mod sheet;
mod table;
mod target;
mod text;
mod unit;
mod vocabulary;

use std::ops::Range;

use chrono::NaiveDate;

pub use draft::{
    About, Anchor, ChiefBasis, Draft, DraftDoubt, DraftIndicator, DraftMeasure, DraftMember,
    DraftSection, DraftUnit, Remark, RemarkKind, Unread, Why, WhyUnread, update,
};
pub use sheet::{Piece, PieceKind};
pub use target::WhyPassed;

use clause::Clause;
use head::Head;
use outline::Outline;
use roster::Roster;
use table::TaskRow;
use text::Text;

/// What was read of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The document piece by piece, with what each was taken for; nothing of it is left out.
    pub pieces: Vec<Piece>,
    /// The draft; none where no measure was found.
    pub draft: Option<Draft>,
}

/// What the document does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Stands in for a date of issue where neither that nor a deadline is written.
    pub today: NaiveDate,
    /// The day an older plan of the same task force began: deadlines since then are not over.
    pub since: Option<NaiveDate>,
}

/// Reads a document.
pub fn read(source: &str, given: &Given) -> Reading {
    let mut parsed = Parsed::of(Text::read(source, table::is_heading));
    if parsed.stands_in_tables() {
        let text = with_tables_as_text(source, &parsed.text.tables);
        let mut again = Parsed::of(Text::read(&text, |_| false));
        again.text.tables = std::mem::take(&mut parsed.text.tables);
        again.unread_cells = std::mem::take(&mut parsed.unread_cells);
        parsed = again;
    }
    let draft = draft::build(&parsed, given)
        .filter(|draft| parsed.is_plan() || !draft.indicators.is_empty());
    Reading {
        pieces: sheet::pieces(&parsed, draft.as_ref()),
        draft,
    }
}

/// A document with its tables of tasks written out as measures.
fn with_tables_as_text(source: &str, tables: &[text::Table]) -> String {
    let (mut text, mut sections, mut rows) = (String::new(), 0, 0);
    let mut tables = tables.iter().peekable();
    for (at, line) in source.lines().enumerate() {
        let Some(table) = tables.peek().filter(|table| table.lines.start <= at) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        if table.lines.start == at {
            text.push_str(&table::as_text(table, &mut sections, &mut rows));
        }
        if table.lines.end == at + 1 {
            tables.next();
        }
    }
    text
}

/// All that the readers found.
struct Parsed {
    text: Text,
    head: Head,
    clauses: Vec<Clause>,
    rules: Vec<Clause>,
    /// Where the text says that the first of a list leads.
    first_leads: Option<Range<usize>>,
    roster: Roster,
    outline: Outline,
    rows: Vec<TaskRow>,
    /// Rows without a task, and cells for which a plan has no place.
    unread_cells: Vec<String>,
    /// Clauses and rosters, ascending: no targets are looked for there.
    apart: Vec<Range<usize>>,
    /// Text behind the plan that belongs to nothing known.
    behind: Vec<Range<usize>>,
}

impl Parsed {
    fn of(text: Text) -> Self {
        let clauses = clause::clauses(&text);
        let rules = clause::rules(&text, &clauses);
        let first_leads = clause::first_leads_at(&text);
        let whole = head::head(&text, 0..text.chars.len(), &[], &[]);
        let roster = roster::roster(&text, &whole.place);
        let marks = outline::marks(&text, &clauses, &roster.ranges);
        let outline = outline::outline(&text, &marks, &clauses);
        let head = head::head(
            &text,
            outline.preface.clone(),
            &outline.general,
            &outline.rest,
        );
        let (mut rows, mut unread_cells) = (Vec::new(), Vec::new());
        for table in &text.tables {
            let found = table::tasks(table);
            rows.extend(found.rows.into_iter().map(|(_, row)| row));
            unread_cells.extend(found.unread);
        }
        let mut apart: Vec<_> = clauses
            .iter()
            .map(|clause| clause.range.clone())
            .chain(roster.ranges.iter().cloned())
            .chain(outline.titles.iter().cloned())
            .chain(head.signature.iter().cloned())
            .collect();
        apart.sort_by_key(|range| range.start);
        let mut parsed = Self {
            text,
            head,
            clauses,
            rules,
            first_leads,
            roster,
            outline,
            rows,
            unread_cells,
            apart,
            behind: Vec::new(),
        };
        parsed.behind = sheet::behind(&parsed);
        parsed
    }

    /// Whether the measures stand in tables and nowhere else: the text names nobody for any, and no row is about one.
    fn stands_in_tables(&self) -> bool {
        let measures = &self.outline.measures;
        let told = self.clauses.iter().any(|clause| {
            let at = measures.partition_point(|it| it.range.end <= clause.range.start);
            clause.names_units()
                && measures
                    .get(at)
                    .is_some_and(|it| it.range.start <= clause.range.start)
        });
        let about = |row: &TaskRow| {
            measures
                .iter()
                .take(MOST_COMPARED)
                .any(|it| alike(&row.task, &it.title))
        };
        !self.rows.is_empty() && !told && !self.rows.iter().take(MOST_COMPARED).any(about)
    }

    /// Whether anything says that somebody is to do something.
    fn is_plan(&self) -> bool {
        self.clauses
            .iter()
            .any(|clause| !clause.leads.is_empty() || !clause.responsible.is_empty())
            || !self.rows.is_empty()
    }
}

/// Rows and measures that are held against each other to see whether a table is about the text.
const MOST_COMPARED: usize = 200;

/// Whether a row of a table is a measure's.
fn alike(task: &str, title: &str) -> bool {
    !title.is_empty()
        && (task.contains(title) || (task.chars().count() > 3 && title.contains(task)))
}

/// Where a run begins inside another.
fn find(run: &[char], wanted: &[char]) -> Option<usize> {
    let first = wanted.first()?;
    let last = run.len().checked_sub(wanted.len())?;
    (0..=last).find(|at| run[*at] == *first && run[*at..*at + wanted.len()] == *wanted)
}

/// Where a word begins inside a run.
fn find_word(run: &[char], word: &str) -> Option<usize> {
    let wanted: Vec<char> = word.chars().collect();
    find(run, &wanted)
}

fn starts_with(run: &[char], word: &str) -> bool {
    let mut signs = run.iter();
    word.chars().all(|c| signs.next() == Some(&c))
}

fn ends_with(run: &[char], word: &str) -> bool {
    // Nearly every word differs in its last sign, which saves counting the others.
    if word.chars().next_back() != run.last().copied() {
        return word.is_empty();
    }
    let length = word.chars().count();
    run.len() >= length && starts_with(&run[run.len() - length..], word)
}

/// The length of the longest of the words that a run begins with.
fn longest(run: &[char], words: &[&str]) -> Option<usize> {
    let word = words
        .iter()
        .filter(|word| starts_with(run, word))
        .max_by_key(|word| word.len())?;
    Some(word.chars().count())
}
