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
    if parsed.outline.measures.is_empty() && !parsed.text.tables.is_empty() {
        let rows = table::as_text(&parsed.text.tables);
        let mut again = Parsed::of(Text::read(&format!("{source}\n{rows}"), table::is_heading));
        again.rows.clear();
        parsed = again;
    }
    let draft = draft::build(&parsed, given)
        .filter(|draft| parsed.is_plan() || !draft.indicators.is_empty());
    Reading {
        pieces: sheet::pieces(&parsed, draft.as_ref()),
        draft,
    }
}

/// All that the readers found.
struct Parsed {
    text: Text,
    head: Head,
    clauses: Vec<Clause>,
    rules: Vec<Clause>,
    roster: Roster,
    outline: Outline,
    rows: Vec<TaskRow>,
    unread_rows: Vec<String>,
    /// Clauses and rosters, ascending: no targets are looked for there.
    apart: Vec<Range<usize>>,
    /// Text behind the plan that belongs to nothing known.
    behind: Vec<Range<usize>>,
}

impl Parsed {
    fn of(text: Text) -> Self {
        let clauses = clause::clauses(&text);
        let rules = clause::rules(&text, &clauses);
        let whole = head::head(&text, 0..text.chars.len(), &[]);
        let roster = roster::roster(&text, &whole.place);
        let marks = outline::marks(&text, &clauses, &roster.ranges);
        let outline = outline::outline(&text, &marks, &clauses);
        let head = head::head(&text, outline.preface.clone(), &outline.rest);
        let (mut rows, mut unread_rows) = (Vec::new(), Vec::new());
        for table in &text.tables {
            let (found, unread) = table::rows(table);
            rows.extend(found);
            unread_rows.extend(unread);
        }
        let mut apart: Vec<_> = clauses
            .iter()
            .map(|clause| clause.range.clone())
            .chain(roster.ranges.iter().cloned())
            .collect();
        apart.sort_by_key(|range| range.start);
        let mut parsed = Self {
            text,
            head,
            clauses,
            rules,
            roster,
            outline,
            rows,
            unread_rows,
            apart,
            behind: Vec::new(),
        };
        parsed.behind = sheet::behind(&parsed);
        parsed
    }

    /// Whether anything says that somebody is to do something.
    fn is_plan(&self) -> bool {
        self.clauses
            .iter()
            .any(|clause| !clause.leads.is_empty() || !clause.responsible.is_empty())
            || !self.rows.is_empty()
    }
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
