//! The report (简报, docx): the digest in the layout of Chinese official documents (GB/T 9704—2012), ready to be edited by the office.
//!
//! `words` says what stands in it, `layout` how it looks, `package` makes the file.

mod layout;
mod package;
#[cfg(test)]
mod tests;
mod words;

use super::Unmade;
use crate::digest::Pack;

/// A picture in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// PNG.
    pub png: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// One piece of the text.
#[derive(Debug, Clone, PartialEq)]
enum Block {
    /// 一、总体进度.
    Heading(String),
    /// （一）总体目标.
    Subheading(String),
    /// A paragraph.
    Text(String),
    /// A table.
    Grid(Grid),
    /// The place of the board picture.
    Board,
}

/// A table: its columns with their share of the width, and rows of words.
#[derive(Debug, Clone, PartialEq)]
struct Grid {
    columns: Vec<(&'static str, u16)>,
    rows: Vec<Vec<Entry>>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
enum Entry {
    /// Words, from the left.
    Words(String),
    /// A few characters in the middle.
    Mark(String),
    /// A light's word on its colour.
    Light(crate::ledger::Light),
}

/// The whole report; `board` is the picture of the same moment, where there is one.
///
/// # Errors
/// The package cannot be written.
pub fn bulletin(pack: &Pack<'_>, board: Option<&Picture>) -> Result<Vec<u8>, Unmade> {
    let front = words::front(pack);
    let document = layout::document(&front, &words::body(pack), board);
    package::pack(document)
}
