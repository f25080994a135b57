//! Ids out of Chinese names: by their sounds, never twice.

use std::collections::{HashMap, HashSet};

use pinyin::ToPinyin;

use super::vocabulary::{LEVELS, NO_LEVEL, SURNAME_SOUNDS};
use crate::import::roster::vocabulary::DOUBLE_SURNAMES;

/// Longest id, in bytes; a plan file takes no longer one. Room is left for a number behind it.
const MOST_ID: usize = 20;

/// Ids that are taken.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    /// The last number behind each id that was wished for more than once.
    last: HashMap<String, u32>,
}

impl Ids {
    /// A person's: surname, then the rest of the name.
    pub(super) fn person(&mut self, name: &str) -> String {
        let mut signs = name.chars();
        let two = DOUBLE_SURNAMES
            .iter()
            .any(|surname| name.starts_with(surname));
        let surname: String = signs
            .by_ref()
            .take(if two { 2 } else { 1 })
            .map(surname_sound)
            .collect();
        let given: String = signs.map(sounds).collect();
        let id = if given.is_empty() || surname.is_empty() {
            surname + &given
        } else {
            format!("{surname}-{given}")
        };
        self.free(&id, "p")
    }

    /// A unit's: the first letters of its short name.
    pub(super) fn unit(&mut self, short_name: &str) -> String {
        let level = short_name
            .strip_prefix(LEVELS)
            .filter(|rest| rest.chars().count() > 1 && !short_name.starts_with(NO_LEVEL));
        let bare = level.unwrap_or(short_name);
        let id: String = bare
            .chars()
            .filter_map(|c| sounds(c).chars().next())
            .collect();
        self.free(&id, "u")
    }

    /// A task force's: the sounds of its place.
    pub(super) fn place(&mut self, place: &str) -> String {
        let bare = place.trim_end_matches(LEVELS);
        let id: String = bare.chars().map(sounds).collect();
        self.free(&id, "plan")
    }

    /// The id itself, or with a number behind it; `other` where it is empty.
    fn free(&mut self, id: &str, other: &str) -> String {
        let cut: String = id.chars().take(MOST_ID).collect();
        let base = if cut.is_empty() {
            other.to_owned()
        } else {
            cut
        };
        let number = self.last.entry(base.clone()).or_insert(1);
        let mut id = base.clone();
        while !self.taken.insert(id.clone()) {
            *number += 1;
            id = format!("{base}{number}");
        }
        id
    }
}

fn surname_sound(c: char) -> String {
    let own = SURNAME_SOUNDS.iter().find(|(sign, _)| *sign == c);
    own.map_or_else(|| sounds(c), |(_, sound)| (*sound).to_owned())
}

/// How a sign is said, without tone; digits and Latin letters as they are, anything else not at all.
fn sounds(c: char) -> String {
    if c.is_ascii_alphanumeric() {
        return c.to_ascii_lowercase().to_string();
    }
    let said = c.to_pinyin().map_or("", |sound| sound.plain());
    said.chars().filter(char::is_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_said_as_the_names_are_and_never_twice() {
        let mut ids = Ids::default();
        assert_eq!(ids.person("李明远"), "li-mingyuan");
        assert_eq!(ids.person("李明远"), "li-mingyuan2");
        assert_eq!(ids.person("曾高"), "zeng-gao");
        assert_eq!(ids.person("欧阳明"), "ouyang-ming");
        assert_eq!(ids.unit("市住建局"), "zjj");
        assert_eq!(ids.unit("市场监管局"), "scjgj");
        assert_eq!(ids.unit("各镇区街道"), "gzqjd");
        assert_eq!(ids.place("青禾县"), "qinghe");
        assert_eq!(ids.unit("？"), "u");
        assert!(ids.unit(&"局".repeat(80)).len() <= MOST_ID);
    }
}
