//! Units by their many names: what is one unit under two names, what stands for many, and what a roster's post belongs to.

pub(super) mod vocabulary;

use std::collections::{HashMap, HashSet};

use vocabulary::{
    BRANCH, BUREAU, FINANCE, KINDS, KNOWN, LEVELS, MANY, MANY_FIRST, NO_LEVELS, PLACE_ENDS,
    STANDS_FOR,
};

use super::clause::vocabulary::UNIT_ENDS;
use super::clause::{is_unit, without_brackets};
use super::outline::vocabulary::{DEPUTY, PLACES};
use super::roster::vocabulary::{POST_STARTS, TITLES};

/// Fewest signs of a field by which two units are thought to belong together.
const LEAST_FIELD: usize = 3;
/// A short name has at least this share of the long one's signs.
const LEAST_SHARE: (usize, usize) = (3, 5);

/// A unit as the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedUnit {
    /// As first written.
    pub name: String,
    /// Other names of it in the text.
    pub aliases: Vec<String>,
    /// Whether it stands for many.
    pub collective: bool,
}

/// All units of a text.
#[derive(Debug, Default)]
pub(super) struct Units {
    /// In order of appearance.
    pub all: Vec<NamedUnit>,
    place: String,
    by_key: HashMap<String, usize>,
    called: HashSet<(usize, String)>,
}

impl Units {
    /// Units of a place, as in 乳山市.
    pub(super) fn of(place: &str) -> Self {
        Self {
            place: place.to_owned(),
            ..Self::default()
        }
    }

    /// The unit of this name; a new one if the text has not named it yet.
    pub(super) fn named(&mut self, name: &str) -> usize {
        let key = self.key(name);
        let at = *self.by_key.entry(key).or_insert(self.all.len());
        match self.all.get_mut(at) {
            None => self.all.push(NamedUnit {
                name: name.to_owned(),
                aliases: Vec::new(),
                collective: is_collective(name),
            }),
            Some(_) => self.also(at, name),
        }
        at
    }

    /// The unit of this name, if the text has named it.
    pub(super) fn known(&self, name: &str) -> Option<usize> {
        self.by_key.get(&self.key(name)).copied()
    }

    /// Makes another name one of a unit's.
    pub(super) fn call(&mut self, unit: usize, name: &str) {
        let key = self.key(name);
        self.by_key.insert(key, unit);
        self.also(unit, name);
    }

    fn also(&mut self, at: usize, name: &str) {
        let unit = &mut self.all[at];
        if unit.name != name && self.called.insert((at, name.to_owned())) {
            unit.aliases.push(name.to_owned());
        }
    }

    /// A name without its place, in the one form that all its spellings share.
    fn key(&self, name: &str) -> String {
        let chars: Vec<char> = name.chars().collect();
        if is_collective(name) {
            return name.to_owned();
        }
        let bare: String = without_brackets(&chars).into_iter().collect();
        let bare = self.without_place(&bare);
        canonical(&bare).map_or(bare.clone(), |known| known.0.to_owned())
    }

    fn without_place(&self, name: &str) -> String {
        if let Some(branch) = branch(name) {
            return branch;
        }
        let (heads, end, one) = FINANCE;
        if heads.iter().any(|head| name.starts_with(head)) && name.ends_with(end) {
            return one.to_owned();
        }
        let town = self.place.trim_end_matches(PLACES);
        let prefixes = [self.place.as_str(), town]
            .into_iter()
            .filter(|prefix| prefix.chars().count() > 1);
        let mut rest = name;
        for prefix in prefixes {
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        strip_level(if rest.is_empty() { name } else { rest }).to_owned()
    }

    /// The usual short name, with the level it was written with; none where the table has none.
    pub(super) fn short(&self, name: &str) -> Option<String> {
        if is_collective(name) {
            let chars: Vec<char> = name.chars().collect();
            let plain: String = chars
                .into_iter()
                .filter(|c| {
                    !super::vocabulary::BRACKETS
                        .iter()
                        .any(|(o, s)| o == c || s == c)
                })
                .collect();
            return (plain != name).then_some(plain);
        }
        let bare = self.without_place(name);
        let (_, short, _) =
            canonical(&bare).filter(|(_, short, _)| short.chars().last() == bare.chars().last())?;
        let level = LEVELS.iter().find(|level| {
            name.starts_with(*level) && !NO_LEVELS.iter().any(|no| name.starts_with(no))
        });
        let short = format!("{}{short}", level.copied().unwrap_or_default());
        (short != name).then_some(short)
    }

    /// The unit whose post this is: the longest name at its start that the text knows, else the shortest that can be one.
    pub(super) fn of_post(&self, post: &str) -> Option<PostUnit> {
        let heads = heads(post);
        let known = heads
            .iter()
            .rev()
            .find_map(|head| self.known(head).map(|unit| (unit, head)));
        if let Some((unit, head)) = known {
            return Some(PostUnit::Known(unit, head.clone()));
        }
        let usual = heads
            .iter()
            .rev()
            .find(|head| canonical(&self.without_place(head)).is_some());
        let before_post = |head: &&String| {
            let rest: Vec<char> = post[head.len()..].chars().collect();
            rest.first() == Some(&DEPUTY)
                || TITLES
                    .iter()
                    .chain(&POST_STARTS)
                    .any(|word| super::starts_with(&rest, word))
        };
        let named = usual
            .or_else(|| heads.iter().find(before_post))
            .or_else(|| heads.iter().find(|head| !head.ends_with(PLACE_ENDS)))
            .or(heads.first());
        named.cloned().map(PostUnit::New)
    }

    /// Units to look a name up among.
    pub(super) fn candidates(&self, units: impl IntoIterator<Item = usize>) -> Vec<Candidate> {
        let candidate = |unit: usize| {
            let key = self.key(&self.all[unit].name);
            let field = KINDS
                .iter()
                .find_map(|kind| key.strip_suffix(kind))
                .unwrap_or(&key)
                .to_owned();
            Candidate {
                unit,
                signs: key.chars().collect(),
                key,
                field,
            }
        };
        units.into_iter().map(candidate).collect()
    }

    /// The unit among `candidates` that a name abbreviates or spells out: 机关事务中心 and 机关事务服务中心.
    pub(super) fn spelled(&self, name: &str, candidates: &[Candidate]) -> Option<usize> {
        let ours: Vec<char> = self.key(name).chars().collect();
        let found = candidates.iter().find(|candidate| {
            let theirs = &candidate.signs;
            let (short, long) = if ours.len() <= theirs.len() {
                (&ours, theirs)
            } else {
                (theirs, &ours)
            };
            short.len() >= LEAST_FIELD
                && short.len() * LEAST_SHARE.1 >= long.len() * LEAST_SHARE.0
                && short.first() == long.first()
                && short.last() == long.last()
                && is_subsequence(short, long)
        });
        found.map(|candidate| candidate.unit)
    }

    /// The unit among `candidates` that a unit of this name belongs to by its field: 生态环境事务服务中心 to 生态环境分局.
    pub(super) fn belongs_to(&self, name: &str, candidates: &[Candidate]) -> Option<usize> {
        let ours = self.key(name);
        let table = STANDS_FOR
            .iter()
            .find(|(part, _)| *part == ours)
            .map(|(_, whole)| *whole);
        let found = candidates.iter().find(|candidate| {
            table == Some(candidate.key.as_str())
                || (candidate.field.chars().count() >= LEAST_FIELD
                    && ours.starts_with(&candidate.field))
        });
        found.map(|candidate| candidate.unit)
    }
}

/// A unit that another name may belong to.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its number.
    pub unit: usize,
    key: String,
    signs: Vec<char>,
    field: String,
}

/// Whose post it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PostUnit {
    /// A unit the text knows, and how the post writes it.
    Known(usize, String),
    /// Another one.
    New(String),
}

/// The beginnings of a post that can name a unit, shortest first.
fn heads(post: &str) -> Vec<String> {
    let chars: Vec<char> = post.chars().collect();
    let first = chars
        .iter()
        .position(|c| *c == super::vocabulary::LIST)
        .unwrap_or(chars.len())
        .min(super::clause::MOST_NAME);
    let ends = |at: &usize| {
        UNIT_ENDS
            .iter()
            .any(|end| super::ends_with(&chars[..*at], end))
    };
    (3..=first)
        .filter(ends)
        .filter(|at| is_unit(&chars[..*at]))
        .map(|at| chars[..at].iter().collect())
        .collect()
}

fn canonical(bare: &str) -> Option<&'static vocabulary::Known> {
    KNOWN
        .iter()
        .find(|(full, short, others)| *full == bare || *short == bare || others.contains(&bare))
}

/// 威海市生态环境局乳山分局 is the place's 生态环境分局.
fn branch(name: &str) -> Option<String> {
    let body = name.strip_suffix(BRANCH)?;
    let bureau = body.find(BUREAU)?;
    let field = &body[..bureau];
    let place = field
        .char_indices()
        .rev()
        .find(|(_, c)| PLACES.contains(c))
        .map(|(at, c)| at + c.len_utf8());
    let field = place.map_or(field, |at| &field[at..]);
    Some(format!("{field}{BRANCH}"))
}

fn strip_level(name: &str) -> &str {
    if canonical(name).is_some() || NO_LEVELS[..8].iter().any(|no| name.starts_with(no)) {
        return name;
    }
    let level = LEVELS.iter().find_map(|level| name.strip_prefix(level));
    level
        .filter(|rest| rest.chars().count() > 1)
        .unwrap_or(name)
}

fn is_subsequence(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|c| rest.any(|other| other == c))
}

/// Whether a run begins with the full or the short name of a unit that every county has.
pub(super) fn begins_known(run: &[char]) -> bool {
    KNOWN
        .iter()
        .any(|(full, short, _)| super::starts_with(run, full) || super::starts_with(run, short))
}

/// Whether a name stands for many units.
pub(super) fn is_collective(name: &str) -> bool {
    MANY_FIRST.iter().any(|word| name.starts_with(word))
        || MANY.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let mut units = Units::of("青禾市");
        units.named(a) == units.named(b)
    }

    #[test]
    fn long_and_short_names_of_one_unit_are_one() {
        for (a, b) in [
            ("市发展和改革局", "发改局"),
            ("青禾市工业和信息化局", "市工信局"),
            ("市住房和城乡建设局", "市住建局"),
            ("市市场监管局", "市市场监督管理局"),
            ("市市场监管局", "市监局"),
            ("东州市生态环境局青禾分局", "市生态环境分局"),
            (
                "国家金融监督管理总局青禾监管支局",
                "国家金融监管总局青禾监管支局",
            ),
            ("市委宣传部", "宣传部"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        assert!(!same("市教育局", "市教育和体育局"));
        assert!(!same("省发改委", "市发改局"));
    }

    #[test]
    fn short_names_keep_the_level_they_were_written_with() {
        let units = Units::of("青禾市");
        assert_eq!(units.short("市工业和信息化局").unwrap(), "市工信局");
        assert_eq!(units.short("各镇区（街道）").unwrap(), "各镇区街道");
        assert_eq!(units.short("市财政局"), None);
        assert_eq!(
            units.short("东州市生态环境局青禾分局").unwrap(),
            "生态环境分局"
        );
    }

    #[test]
    fn a_post_names_its_unit() {
        let mut units = Units::of("青禾市");
        let finance = units.named("市财政局");
        let found = units.of_post("市财政局党组成员、财政评价中心主任");
        assert_eq!(found, Some(PostUnit::Known(finance, "市财政局".to_owned())));
        assert_eq!(
            units.of_post("市供销社监事会副主任"),
            Some(PostUnit::New("市供销社".to_owned()))
        );
        for (post, unit) in [
            ("市政府办公室副主任", "市政府办公室"),
            ("青禾经济开发区管委会副主任", "青禾经济开发区管委会"),
            ("市委宣传部副部长", "市委宣传部"),
        ] {
            let found = units.of_post(post);
            assert_eq!(found, Some(PostUnit::New(unit.to_owned())));
        }
        assert_eq!(units.of_post("主任"), None);
    }

    #[test]
    fn names_that_are_nearly_one_and_fields_that_are_one_are_found() {
        let mut units = Units::of("青禾市");
        let all = [
            units.named("市园林绿化服务中心"),
            units.named("东州市生态环境局青禾分局"),
            units.named("市卫健局"),
        ];
        let all = units.candidates(all);
        assert_eq!(units.spelled("市园林绿化中心", &all), Some(0));
        assert_eq!(units.belongs_to("市生态环境事务服务中心", &all), Some(1));
        assert_eq!(units.belongs_to("市计划生育协会", &all), Some(2));
        assert_eq!(units.belongs_to("市科技馆", &all), None);
    }
}
