//! Numbers that Word sets by itself and does not write into the text: 一、, （一）, 1.

mod vocabulary;

use std::collections::HashMap;

use roxmltree::Node;

use super::docx::parsed;
use vocabulary::numeral;

/// Levels of a list.
const LEVELS: usize = 9;

/// How a level is numbered.
#[derive(Debug, Clone, Default)]
struct Level {
    /// As Word writes it, as in `%1.`
    text: String,
    /// As Word names it, as in `decimal` or `chineseCounting`.
    form: String,
    start: u32,
}

/// The lists of a Word file.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<String, Vec<Level>>,
    /// List and level of a paragraph's style.
    styles: HashMap<String, (String, usize)>,
}

impl Numbering {
    /// Reads the parts of a Word file that number; empty where they are not there.
    pub(super) fn read(numbering: &str, styles: &str) -> Self {
        let mut read = Self::default();
        if let Some(xml) = parsed(numbering) {
            let root = xml.root_element();
            let bodies: HashMap<&str, Vec<Level>> = children(root, "abstractNum")
                .filter_map(|body| Some((value(body, "abstractNumId")?, levels(body))))
                .collect();
            for list in children(root, "num") {
                let body = children(list, "abstractNumId")
                    .next()
                    .and_then(|body| value(body, "val"));
                if let (Some(id), Some(levels)) =
                    (value(list, "numId"), body.and_then(|body| bodies.get(body)))
                {
                    read.lists.insert(id.to_owned(), levels.clone());
                }
            }
        }
        if let Some(xml) = parsed(styles) {
            for style in children(xml.root_element(), "style") {
                if let (Some(id), Some(place)) = (value(style, "styleId"), place(style)) {
                    read.styles.insert(id.to_owned(), place);
                }
            }
        }
        read
    }

    /// The number of a paragraph in words, counted on; empty where it has none.
    pub(super) fn of(
        &self,
        paragraph: Node<'_, '_>,
        counters: &mut HashMap<(String, usize), u32>,
    ) -> String {
        let style = || {
            let properties = children(paragraph, "pPr").next()?;
            let style = children(properties, "pStyle").next()?;
            self.styles.get(value(style, "val")?).cloned()
        };
        let Some((list, level)) = place(paragraph).or_else(style) else {
            return String::new();
        };
        let Some(levels) = self.lists.get(&list) else {
            return String::new();
        };
        let Some(own) = levels.get(level) else {
            return String::new();
        };
        let count = counters
            .entry((list.clone(), level))
            .or_insert(own.start.saturating_sub(1));
        *count += 1;
        for deeper in level + 1..LEVELS {
            counters.remove(&(list.clone(), deeper));
        }
        let mut text = own.text.clone();
        for (at, level) in levels.iter().enumerate().take(LEVELS) {
            let count = counters
                .get(&(list.clone(), at))
                .copied()
                .unwrap_or(level.start);
            text = text.replace(&format!("%{}", at + 1), &numeral(count, &level.form));
        }
        text
    }
}

/// The list and level that a paragraph or a style names.
fn place(node: Node<'_, '_>) -> Option<(String, usize)> {
    let properties = children(node, "pPr").next()?;
    let numbered = children(properties, "numPr").next()?;
    let list = value(children(numbered, "numId").next()?, "val")?;
    let level = children(numbered, "ilvl")
        .next()
        .and_then(|level| value(level, "val")?.parse().ok())
        .unwrap_or(0);
    Some((list.to_owned(), level))
}

fn levels(body: Node<'_, '_>) -> Vec<Level> {
    let said = |level: Node<'_, '_>, name| {
        children(level, name)
            .next()
            .and_then(|it| value(it, "val"))
            .unwrap_or_default()
            .to_owned()
    };
    let level = |level| Level {
        text: said(level, "lvlText"),
        form: said(level, "numFmt"),
        start: said(level, "start").parse().unwrap_or(1),
    };
    children(body, "lvl").map(level).take(LEVELS).collect()
}

fn children<'n, 'x: 'n>(
    node: Node<'n, 'x>,
    name: &'static str,
) -> impl Iterator<Item = Node<'n, 'x>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

/// An attribute whatever its name space.
fn value<'n>(node: Node<'n, '_>, name: &str) -> Option<&'n str> {
    node.attributes()
        .find(|attribute| attribute.name() == name)
        .map(|attribute| attribute.value())
}
