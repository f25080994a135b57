//! The text of a document as one line of signs: no white space, one form of every sign, tables lifted out.
//!
//! White space is kept as a hint beside the sign it stands before, since breaks may fall anywhere, inside words and names too.

mod pages;
mod vocabulary;

use std::collections::HashMap;
use std::ops::Range;

use vocabulary::{
    CELL_SIGNS, DASHES, FULL_STOPS, PLAIN_QUOTES, PUNCTUATION, SQUARE, TRADITIONAL,
    TRADITIONAL_ONLY, WIDE_SPACE, half_width,
};

use super::vocabulary::{BRACKETS, COLON, COMMA, DASH, LIST, QUOTES, STOP, is_han, is_numeral};

/// A document with one traditional character in so many Chinese ones is read as written in traditional characters.
const TRADITIONAL_SHARE: usize = 50;

/// White space before a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Gap {
    /// None.
    #[default]
    None,
    /// Spaces.
    Space,
    /// The edge of a table's cell.
    Cell,
    /// A line break.
    Line,
}

/// A cleaned text.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Its signs.
    pub chars: Vec<char>,
    /// White space before each sign.
    pub gaps: Vec<Gap>,
    /// Tables with a heading row, in order.
    pub tables: Vec<Table>,
    /// Whether traditional characters were turned into simplified ones.
    pub traditional: bool,
    /// Running heads and feet of pages, which are no part of it.
    pub running: Vec<String>,
}

/// A table: rows of cells, the heading row first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Cells by row.
    pub rows: Vec<Vec<String>>,
    /// Lines of the document it takes.
    pub lines: Range<usize>,
}

impl Text {
    /// Cleans a text. `is_heading` tells the heading row of a table by its cells.
    pub(super) fn read(source: &str, is_heading: impl Fn(&[String]) -> bool) -> Self {
        let traditional = is_traditional(source);
        let mut cleaner = Cleaner {
            text: Self {
                traditional,
                ..Self::default()
            },
            simplified: simplified(traditional),
            gap: Gap::Line,
        };
        let mut table: Option<Table> = None;
        let pages = pages::pages(source);
        cleaner.text.running = pages.running;
        for (at, line) in source.lines().enumerate() {
            if pages.aside[at] {
                continue;
            }
            let cells = cells(line);
            if cells.len() > 1 && (table.is_some() || is_heading(&cleaner.cells(&cells))) {
                let table = table.get_or_insert(Table {
                    rows: Vec::new(),
                    lines: at..at,
                });
                table.rows.push(cleaner.cells(&cells));
                table.lines.end = at + 1;
                continue;
            }
            if !line.trim().is_empty() {
                cleaner.text.tables.extend(table.take());
            }
            cleaner.line(line);
        }
        cleaner.text.tables.extend(table);
        cleaner.text.joined()
    }

    /// The signs of a range as text.
    pub(super) fn slice(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }

    /// Settles what depends on both neighbours: ratios, ranges of numbers, thousands.
    fn joined(mut self) -> Self {
        let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        let mut chars: Vec<char> = Vec::with_capacity(self.chars.len());
        let mut gaps: Vec<Gap> = Vec::with_capacity(self.gaps.len());
        let mut quoted = false;
        for (at, c) in self.chars.iter().enumerate() {
            let between = digit(chars.last()) && digit(self.chars.get(at + 1));
            let joined = match *c {
                COLON if between => ':',
                c if between && DASHES.contains(&c) => DASH,
                THOUSANDS if between && three_digits(&self.chars[at + 1..]) => continue,
                THOUSANDS => COMMA,
                POINT => point(&chars, &gaps),
                c if PLAIN_QUOTES.contains(&c) => {
                    quoted = !quoted;
                    if quoted { QUOTES[0].0 } else { QUOTES[0].1 }
                }
                c => c,
            };
            // A quotation that nobody closed ends with its sentence.
            quoted &= joined != STOP;
            chars.push(joined);
            gaps.push(self.gaps[at]);
        }
        (self.chars, self.gaps) = (chars, gaps);
        self
    }
}

/// A comma as typed on a keyboard, before it is known whether it parts thousands.
const THOUSANDS: char = ',';

/// A point as typed on a keyboard, before it is known whether it ends a sentence.
const POINT: char = '.';

/// What a point stands for behind these signs: the full stop of a Chinese sentence, the sign of a heading's numeral at the
/// start of a line (一．), or itself.
fn point(before: &[char], gaps: &[Gap]) -> char {
    let Some(last) = before.last().filter(|c| !c.is_ascii_alphanumeric()) else {
        return POINT;
    };
    let digits = before.iter().rev().take_while(|c| is_numeral(**c)).count();
    let first = before.len() - digits;
    if digits > 0 && digits <= 3 && gaps[first] >= Gap::Line {
        return LIST;
    }
    let ends = is_han(*last) || *last == '%' || BRACKETS.iter().any(|(_, close)| close == last);
    if ends { STOP } else { POINT }
}

fn three_digits(run: &[char]) -> bool {
    let digits = run.iter().take(4).take_while(|c| c.is_ascii_digit());
    digits.count() == 3
}

struct Cleaner {
    text: Text,
    simplified: HashMap<char, char>,
    gap: Gap,
}

impl Cleaner {
    fn line(&mut self, line: &str) {
        self.gap = Gap::Line;
        for c in line.chars() {
            if c == '\t' || CELL_SIGNS.contains(&c) {
                self.gap = self.gap.max(Gap::Cell);
            } else if is_space(c) {
                self.gap = self.gap.max(Gap::Space);
            } else if !is_invisible(c) {
                let c = self.clean(c);
                self.text.chars.push(c);
                self.text.gaps.push(self.gap);
                self.gap = Gap::None;
            }
        }
    }

    fn clean(&self, c: char) -> char {
        let c = self.simplified.get(&c).copied().unwrap_or(c);
        if FULL_STOPS.contains(&c) {
            return '.';
        }
        if let Some((_, full)) = PUNCTUATION.iter().find(|(half, _)| *half == c) {
            return *full;
        }
        if let Some((_, one)) = SQUARE.iter().find(|(many, _)| *many == c) {
            return *one;
        }
        half_width(c)
    }

    /// The cells of a row, cleaned each by itself.
    fn cells(&self, cells: &[&str]) -> Vec<String> {
        let clean = |cell: &&str| {
            let signs = cell.chars().filter(|c| !is_space(*c) && !is_invisible(*c));
            let chars: Vec<char> = signs.map(|c| self.clean(c)).collect();
            let text = Text {
                gaps: vec![Gap::None; chars.len()],
                chars,
                ..Text::default()
            };
            text.joined().chars.into_iter().collect()
        };
        cells.iter().map(clean).collect()
    }
}

/// The cells of a line: parted by tabs or bars, the outer bars left out.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim_matches([' ', WIDE_SPACE]);
    let line = line.strip_prefix(CELL_SIGNS).unwrap_or(line);
    let line = line.strip_suffix(CELL_SIGNS).unwrap_or(line);
    line.split(|c| c == '\t' || CELL_SIGNS.contains(&c))
        .collect()
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Signs without width that copying from pages and PDF files leaves behind: joiners, directions, marks on other signs.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_traditional(source: &str) -> bool {
    let chinese = source.chars().filter(|c| is_han(*c));
    let (mut all, mut traditional) = (0_usize, 0_usize);
    for c in chinese {
        all += 1;
        traditional += usize::from(TRADITIONAL_ONLY.contains(c));
    }
    traditional > 0 && traditional * TRADITIONAL_SHARE >= all
}

fn simplified(traditional: bool) -> HashMap<char, char> {
    let mut signs = TRADITIONAL.chars();
    let pairs = std::iter::from_fn(|| signs.next().zip(signs.next()));
    pairs.filter(|_| traditional).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(source: &str) -> String {
        let text = Text::read(source, |_| false);
        text.slice(0..text.chars.len())
    }

    #[test]
    fn one_form_of_every_sign_is_kept_and_no_white_space() {
        assert_eq!(
            clean("(牵头 单位:市\u{200b}教\n育局;１,２００ 家)"),
            "（牵头单位：市教育局；1200家）"
        );
        assert_eq!(
            clean("0.8：1，[ 2024 ] 至2024-2027年,共1,20家"),
            "0.8:1，〔2024〕至2024—2027年，共1，20家"
        );
        assert_eq!(clean("１．加快"), "1.加快");
        assert_eq!(
            clean("一．加快达到2.5∶1，\"智改\"率95%.推进｡"),
            "一、加快达到2.5:1，“智改”率95%。推进。"
        );
    }

    #[test]
    fn page_numbers_are_no_text() {
        assert_eq!(
            clean("甲\n— 12 —\n乙\n第3页\n- 4 -\n2025\n丙"),
            "甲乙2025丙"
        );
    }

    #[test]
    fn running_heads_and_feet_are_no_text_and_are_told() {
        let source = "石桥市公报 2025年第4期\n甲方案\n甲\n1\n\u{c}石桥市公报 2025年第4期\n乙丙\n2\n\u{c}石桥市公报 2025年第4期\n丁\n3\n\u{c}";
        let text = Text::read(source, |_| false);
        assert_eq!(text.slice(0..text.chars.len()), "甲方案甲乙丙丁");
        assert_eq!(text.running.len(), 3);
        assert_eq!(clean("甲\n第 1 页 共 3 页\n乙\n2/3\n丙"), "甲乙丙");
        assert_eq!(clean("甲\n7\n乙\n9\n丙"), "甲7乙9丙");
    }

    #[test]
    fn traditional_characters_are_read_as_simplified_ones_in_a_traditional_document() {
        assert_eq!(
            clean("推動設備更新，責任單位：市財政局"),
            "推动设备更新，责任单位：市财政局"
        );
        assert_eq!(
            clean("責任單位：縣親情辦、蕭、楊、譚、聶，減碳認證"),
            "责任单位：县亲情办、萧、杨、谭、聂，减碳认证"
        );
        let simplified = format!("王乾於{}", "设备更新".repeat(20));
        assert_eq!(clean(&simplified), simplified);
    }

    #[test]
    fn tables_are_lifted_out_of_the_text() {
        let is_heading = |cells: &[String]| cells.iter().any(|cell| cell == "责任单位");
        let text = Text::read(
            "一段\n序号\t责任 单位\n1\t市教育局\n\n| 2 | 市财\u{3000}政局 |\n又一段",
            is_heading,
        );
        assert_eq!(text.slice(0..text.chars.len()), "一段又一段");
        assert_eq!(
            text.tables[0].rows,
            [["序号", "责任单位"], ["1", "市教育局"], ["2", "市财政局"]]
        );
        assert_eq!(text.tables[0].lines, 1..5);
    }
}
