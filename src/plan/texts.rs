//! The texts of a plan file, character by character.

use std::collections::BTreeMap;

use serde::Serialize;
use toml::Spanned;
use toml::de::DeValue;

use super::document::{Findings, parse};

/// A character of a plan file's texts, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CharacterAt {
    /// The character.
    pub character: char,
    /// The lines of the file, from 1, without repetition; of a text that writes it as an escape the line where that begins.
    pub lines: Vec<usize>,
}

/// The characters that are wanted of a plan file's texts, comments and keys left out, in the order of the file; none of a file that is
/// no TOML.
pub fn characters(source: &str, wanted: impl Fn(char) -> bool) -> Vec<CharacterAt> {
    let mut findings = Findings::new(source, "");
    let Some(document) = parse(source, &mut findings) else {
        return Vec::new();
    };
    let mut places: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    let mut note = |value: &Spanned<DeValue<'_>>, text: &str| {
        let span = value.span();
        let written = source.get(span.clone()).unwrap_or_default();
        for character in text.chars().filter(|c| wanted(*c)) {
            let places = places.entry(character).or_default();
            let found = written.match_indices(character);
            places.extend(found.map(|(at, _)| span.start + at));
            if !written.contains(character) {
                places.push(span.start);
            }
        }
    };
    document
        .values()
        .for_each(|value| each_text(value, &mut note));
    let line = |at: usize| findings.line(at);
    let mut found: Vec<(usize, CharacterAt)> = Vec::new();
    for (character, mut at) in places {
        at.sort_unstable();
        let mut lines: Vec<usize> = at.iter().map(|at| line(*at)).collect();
        lines.dedup();
        let first = at.first().copied().unwrap_or(0);
        found.push((first, CharacterAt { character, lines }));
    }
    found.sort_by_key(|(first, _)| *first);
    found.into_iter().map(|(_, found)| found).collect()
}

fn each_text(value: &Spanned<DeValue<'_>>, note: &mut impl FnMut(&Spanned<DeValue<'_>>, &str)) {
    match value.get_ref() {
        DeValue::String(text) => note(value, text),
        DeValue::Array(values) => values.iter().for_each(|value| each_text(value, note)),
        DeValue::Table(table) => table.values().for_each(|value| each_text(value, note)),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found_with_their_lines_in_texts_alone() {
        let source = "# ☃ in a comment\n[task_force]\nname = \"一☃二☃\"\n[[unit]]\naliases = [\"三\", \"☄☃\"]\nnote = \"\"\"\n四\n☃\"\"\"\nx = \"\\u2603\"\n";
        let found = characters(source, |c| !('一'..='龥').contains(&c) && !c.is_ascii());
        assert_eq!(
            found,
            [
                CharacterAt {
                    character: '☃',
                    lines: vec![3, 5, 8, 9],
                },
                CharacterAt {
                    character: '☄',
                    lines: vec![5],
                },
            ]
        );
        assert_eq!(characters("no = toml = ☃", |c| !c.is_ascii()), []);
    }
}
