//! The text of a Word file: paragraphs as lines, tables as lines of cells, numbers that Word sets by itself written out.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::numbering::Numbering;
use crate::render::import::Unreadable;

/// The part of a Word file that holds its text.
const DOCUMENT: &str = "word/document.xml";
/// Largest part of a Word file, unpacked, in bytes.
const MOST_BYTES: u64 = 128_000_000;
/// Most elements of a part; a page of text has a few hundred.
const MOST_NODES: u32 = 20_000_000;
/// Deepest nesting of elements; Word writes about ten.
const MOST_DEPTH: usize = 200;

/// Most columns of a row that are there only because cells take several.
const MOST_SPAN: usize = 200;

/// The text of a Word file.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotWord)?;
    let size = archive.by_name(DOCUMENT).map_or(0, |file| file.size());
    if size > MOST_BYTES {
        return Err(Unreadable::TooLarge {
            size,
            limit: MOST_BYTES,
        });
    }
    let document = part(&mut archive, DOCUMENT).ok_or(Unreadable::NotWord)?;
    let numbering = part(&mut archive, "word/numbering.xml").unwrap_or_default();
    let styles = part(&mut archive, "word/styles.xml").unwrap_or_default();
    let xml = parsed(&document).ok_or(Unreadable::NotWord)?;
    let mut reader = Reader {
        text: String::new(),
        numbering: Numbering::read(&numbering, &styles),
        counters: HashMap::new(),
    };
    reader
        .blocks(xml.root_element(), 0)
        .ok_or(Unreadable::NotWord)?;
    Ok(reader.text)
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = String::new();
    let file = archive.by_name(name).ok()?;
    file.take(MOST_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// An XML document without entities of its own, within the limits.
pub(super) fn parsed(xml: &str) -> Option<Document<'_>> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(xml, options).ok()
}

struct Reader {
    text: String,
    numbering: Numbering,
    /// How far each list has counted, by list and level.
    counters: HashMap<(String, usize), u32>,
}

impl Reader {
    /// Paragraphs and tables below an element; none when they are nested too deep.
    fn blocks(&mut self, parent: Node<'_, '_>, depth: usize) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => {
                    let number = self.numbering.of(node, &mut self.counters);
                    let text = inline(node, depth)?;
                    if !text.trim().is_empty() {
                        self.text.push_str(&number);
                    }
                    self.text.push_str(&text);
                    self.text.push('\n');
                }
                "tr" => {
                    let row = cells_of(node, depth)?;
                    // A row of one cell is no row but a place on the page.
                    if let [cell] = row[..]
                        && columns(cell) == 1
                    {
                        self.blocks(cell, depth + 1)?;
                        continue;
                    }
                    let (mut cells, mut spanned) = (Vec::new(), 0);
                    for cell in row {
                        cells.push(self.cell(cell, depth)?);
                        // The words stand in the first of the columns that a cell takes.
                        let more = (columns(cell) - 1).min(MOST_SPAN - spanned);
                        spanned += more;
                        cells.extend(vec![String::new(); more]);
                    }
                    self.text.push_str(&cells.join("\t"));
                    self.text.push('\n');
                }
                "Fallback" | "sectPr" | "del" => {}
                _ => self.blocks(node, depth + 1)?,
            }
        }
        Some(())
    }

    /// The text of a cell in one line.
    fn cell(&mut self, cell: Node<'_, '_>, depth: usize) -> Option<String> {
        let mut inner = Reader {
            text: String::new(),
            numbering: Numbering::default(),
            counters: HashMap::new(),
        };
        inner.blocks(cell, depth + 1)?;
        Some(inner.text.replace(['\t', '\n'], " ").trim().to_owned())
    }
}

/// The cells of a row, also inside what Word puts around some; those of a table inside a cell are that table's. None when
/// they are nested too deep.
fn cells_of<'a, 'i>(parent: Node<'a, 'i>, depth: usize) -> Option<Vec<Node<'a, 'i>>> {
    if depth > MOST_DEPTH {
        return None;
    }
    let mut cells = Vec::new();
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "tc" => cells.push(node),
            "tbl" | "tr" => {}
            _ => cells.extend(cells_of(node, depth + 1)?),
        }
    }
    Some(cells)
}

/// How many columns a cell takes.
fn columns(cell: Node<'_, '_>) -> usize {
    let properties = cell.children().find(|it| it.tag_name().name() == "tcPr");
    let span =
        properties.and_then(|it| it.children().find(|it| it.tag_name().name() == "gridSpan"));
    let value = span.and_then(|it| it.attributes().find(|it| it.name() == "val"));
    let columns = value.and_then(|it| it.value().parse().ok());
    columns.unwrap_or(1).clamp(1, MOST_SPAN)
}

/// The text of a paragraph.
fn inline(parent: Node<'_, '_>, depth: usize) -> Option<String> {
    if depth > MOST_DEPTH {
        return None;
    }
    let mut text = String::new();
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "t" => text.push_str(node.text().unwrap_or_default()),
            "tab" => text.push(' '),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            "del" | "Fallback" | "pPr" | "rPr" | "instrText" => {}
            _ => text.push_str(&inline(node, depth + 1)?),
        }
    }
    Some(text)
}
