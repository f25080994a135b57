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
                reader.opens(&String::from_utf8_lossy(&tag.name), tag.self_closing)
            }
            Token::EndTag(tag) => reader.closes(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.says(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.text
}

#[derive(Default)]
struct Reader {
    text: String,
    /// The hidden element that is open.
    hidden: Option<String>,
    /// Whether a cell of the row stands already.
    row: Option<bool>,
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
            "tr" => {
                self.line();
                self.row = Some(false);
            }
            "td" | "th" => {
                if self.row == Some(true) {
                    self.text.push('\t');
                }
                self.row = Some(true);
            }
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
                self.row = None;
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
        self.text.push(if self.row.is_some() { ' ' } else { '\n' });
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
    fn numbers_of_ordered_lists_are_written_out() {
        let page = "<ol><li>甲</li><li>乙<ul><li>丙</li></ul></li></ol>";
        assert_eq!(lines(page), ["1.甲", "2.乙", "丙"]);
    }
}
