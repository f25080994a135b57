//! Responsibility clauses: who leads a measure and who takes part, in the many ways of writing it.

mod closing;
mod everywhere;
mod label;
mod names;
pub(super) mod vocabulary;

use std::ops::Range;

pub(super) use closing::in_charge;
pub(super) use everywhere::{first_leads_at, rules};
pub(super) use names::{is_unit, without_brackets};

use super::outline::{begins_part, is_strong};
use super::text::{Gap, Text};
use super::vocabulary::{BRACKETS, COLON, COMMA, ENDS, LIST, SEMICOLON, STOP};
use super::{ends_with, starts_with};
use closing::is_certain;
use everywhere::{everywhere, first_leads, says_not_again};
use label::{Label, by_label, label, labels, loose_label};
use names::names;
use vocabulary::{AND_OTHERS, DUE_ENDS, LEAD_VERBS, NOT_AGAIN, OPENINGS, UNIT_ENDS, VERBS};

/// Longest clause, in signs.
const MOST_CLAUSE: usize = 800;
/// Longest deadline behind its label that a line break does not end, in signs.
const MOST_DUE: usize = 12;
/// Longest name of a unit, in signs; a plan file takes no longer one.
pub(super) const MOST_NAME: usize = 36;

/// A responsibility clause, or several side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Clause {
    /// With its brackets.
    pub range: Range<usize>,
    /// Who leads, as written.
    pub leads: Vec<String>,
    /// Who takes part, as written.
    pub responsible: Vec<String>,
    /// Whether 等部门 leaves others open.
    pub and_others: bool,
    /// Who takes part in every measure, and whether only from here on.
    pub everywhere: Vec<String>,
    /// Whether that counts only for what follows.
    pub from_here: bool,
    /// What stands in such a rule where a unit should and does not look like one.
    pub everywhere_odd: Vec<String>,
    /// What stands where a unit should and does not look like one.
    pub odd: Vec<String>,
    /// The words behind 完成时限.
    pub dues: Vec<String>,
    /// The words behind 责任领导 and the like.
    pub people: Vec<String>,
    /// Whether it says that the first of its list leads.
    pub first_leads: bool,
    /// Whether it has neither label nor bracket.
    pub bare: bool,
}

impl Clause {
    fn is_empty(&self) -> bool {
        self.leads.is_empty()
            && self.responsible.is_empty()
            && self.everywhere.is_empty()
            && self.everywhere_odd.is_empty()
            && self.dues.is_empty()
    }

    /// Whether it says who leads or takes part.
    pub(super) fn names_units(&self) -> bool {
        self.units().next().is_some()
    }

    /// Who leads and who takes part.
    fn units(&self) -> impl Iterator<Item = &String> {
        self.leads.iter().chain(&self.responsible)
    }

    fn absorb(&mut self, other: Self) {
        self.range.end = other.range.end;
        self.leads.extend(other.leads);
        self.responsible.extend(other.responsible);
        self.everywhere.extend(other.everywhere);
        self.everywhere_odd.extend(other.everywhere_odd);
        self.dues.extend(other.dues);
        self.people.extend(other.people);
        self.first_leads |= other.first_leads;
        self.odd.extend(other.odd);
        self.and_others |= other.and_others;
        self.from_here |= other.from_here;
        self.bare |= other.bare;
    }
}

/// All clauses of a text, in order.
pub(super) fn clauses(text: &Text) -> Vec<Clause> {
    let pairs = brackets(&text.chars);
    let mut found: Vec<Clause> = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        let clause = bracketed(text, at, &pairs)
            .or_else(|| labelled(text, at, &pairs))
            .or_else(|| closing::closing(text, at, &pairs));
        let Some(clause) = clause else {
            at += 1;
            continue;
        };
        at = clause.range.end.max(at + 1);
        if clause.is_empty() {
            continue;
        }
        match found.last_mut() {
            Some(last) if adjoins(text, last.range.end, clause.range.start) => last.absorb(clause),
            Some(_) | None => found.push(clause),
        }
    }
    found
}

fn adjoins(text: &Text, end: usize, start: usize) -> bool {
    let between = &text.chars[end..start];
    between.len() <= 1 && between.iter().all(|c| [STOP, SEMICOLON, COMMA].contains(c))
}

/// The closing bracket of every opening one that has one, by position.
pub(super) fn brackets(chars: &[char]) -> Vec<Option<usize>> {
    let mut closing = vec![None; chars.len()];
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if let Some((_, close)) = BRACKETS.iter().find(|(open, _)| open == c) {
            open.push((at, *close));
        } else if BRACKETS.iter().any(|(_, close)| close == c)
            && let Some(&(opened, wanted)) = open.last()
            && wanted == *c
        {
            closing[opened] = Some(at);
            open.pop();
        } else if *c == STOP
            && open
                .last()
                .is_some_and(|(opened, _)| at - opened > MOST_CLAUSE)
        {
            open.clear();
        }
    }
    closing
}

/// A clause in brackets.
fn bracketed(text: &Text, at: usize, pairs: &[Option<usize>]) -> Option<Clause> {
    BRACKETS.iter().find(|(open, _)| *open == text.chars[at])?;
    let inner_at = at + 1;
    let close = match pairs[at].filter(|close| close - at <= MOST_CLAUSE) {
        Some(close) => close,
        // A bracket that nobody closed: the clause ends with its sentence.
        None if label(text.chars.get(inner_at..)?).is_some() => {
            let to = text.chars.len().min(at + MOST_CLAUSE);
            (inner_at..to)
                .find(|at| text.chars[*at] == STOP)
                .unwrap_or(to)
        }
        None => return None,
    };
    let inner = &text.chars[inner_at..close];
    let labelled = labels(inner) || loose_label(inner).is_some();
    let names_only = !labelled && !tail_of_clause(inner);
    if names_only && !stands_apart(text, at, close) {
        return None;
    }
    let mut clause = read(inner);
    if clause.is_empty() || (!labelled && !clause.odd.is_empty()) {
        return None;
    }
    let certain = |name: &String| is_certain(&name.chars().collect::<Vec<_>>());
    if names_only && !clause.units().all(certain) {
        return None;
    }
    clause.range = at..(close + 1).min(text.chars.len());
    Some(clause)
}

/// Whether a bracket stands behind a sentence and ends its paragraph: where only clauses stand.
fn stands_apart(text: &Text, open: usize, close: usize) -> bool {
    let before = open.checked_sub(1).map(|at| text.chars[at]);
    let after = close + 1;
    let begins = text.gaps[open] >= Gap::Line || before.is_none_or(|c| ENDS.contains(&c));
    let ends = after >= text.chars.len()
        || text.chars[after] == STOP
        || text.gaps[after] >= Gap::Line
        || begins_part(text, after);
    begins && ends
}

/// Whether a run ends as clauses without a label end: 负责, 牵头, 不再一一列出.
fn tail_of_clause(inner: &[char]) -> bool {
    let ends = |words: &[&str]| words.iter().any(|word| ends_with(inner, word));
    ends(&VERBS) || ends(&LEAD_VERBS) || ends(&NOT_AGAIN)
}

/// A clause on a line of its own or at the end of a paragraph: it begins with a label and ends with its sentence, with the
/// next heading, or where a line ends with a unit's full name.
fn labelled(text: &Text, at: usize, pairs: &[Option<usize>]) -> Option<Clause> {
    if !is_strong(text, at) {
        return None;
    }
    let loose = label(&text.chars[at..]).is_none();
    if loose {
        loose_label(&text.chars[at..])?;
    }
    let to = text.chars.len().min(at + MOST_CLAUSE);
    let (mut end, mut told) = (at, None);
    while end < to {
        told =
            label(&text.chars[end..to]).map_or(told, |(label, length)| Some((label, end + length)));
        if end > at && (begins_part(text, end) || breaks_off(text, at, end, told)) {
            break;
        }
        if let Some(close) = pairs[end].filter(|close| *close < to) {
            end = close + 1;
            continue;
        }
        let c = text.chars[end];
        let closes = BRACKETS.iter().any(|(_, close)| *close == c);
        if c == STOP || closes {
            break;
        }
        end += 1;
    }
    let mut clause = read(&text.chars[at..end]);
    // 责任单位为… may begin any sentence: it must be a clause and nothing else.
    if loose && !clause.odd.is_empty() {
        return None;
    }
    let stop = usize::from(text.chars.get(end) == Some(&STOP));
    clause.range = at..end + stop;
    Some(clause)
}

/// Whether a line break here ends the clause.
fn breaks_off(text: &Text, from: usize, at: usize, told: Option<(Label, usize)>) -> bool {
    if text.gaps[at] < Gap::Line || label(&text.chars[at..]).is_some() {
        return false;
    }
    if let Some((Label::Due | Label::People, from)) = told.filter(|(_, from)| *from < at) {
        let said = &text.chars[from..at];
        let dated = said.last().is_some_and(char::is_ascii_digit) && begins_part(text, at);
        return dated || said.len() > MOST_DUE || DUE_ENDS.iter().any(|end| ends_with(said, end));
    }
    let separator = |c: char| [LIST, COMMA, SEMICOLON, COLON].contains(&c);
    let before = &text.chars[from..at];
    let full = UNIT_ENDS.iter().any(|end| ends_with(before, end)) || tail_of_clause(before);
    full && !separator(text.chars[at])
        && !VERBS
            .iter()
            .any(|verb| starts_with(&text.chars[at..], verb))
}

/// Reads the inside of a clause.
pub(super) fn read(inner: &[char]) -> Clause {
    let mut clause = Clause::default();
    let mut told = None;
    for sentence in inner.split(|c| *c == STOP || *c == SEMICOLON) {
        if says_not_again(sentence) {
            everywhere(sentence, &mut clause);
            continue;
        }
        // A deadline and people end with their sentence; who leads does not.
        told = told.filter(|label| matches!(label, Label::Leads | Label::TakesPart));
        for (run, label) in by_label(sentence) {
            told = label.or(told);
            labelled_run(run, told, &mut clause);
        }
    }
    clause
        .responsible
        .retain(|unit| !clause.leads.contains(unit));
    clause
}

/// What follows one label.
fn labelled_run(run: &[char], told: Option<Label>, clause: &mut Clause) {
    let words = || -> String {
        run.iter()
            .collect::<String>()
            .trim_matches(COMMA)
            .to_owned()
    };
    match told {
        Some(Label::Due) => clause.dues.push(words()),
        Some(Label::People) => clause.people.push(words()),
        Some(Label::Leads | Label::TakesPart) | None => {
            for part in by_comma(run) {
                if first_leads(part) {
                    clause.first_leads = true;
                } else {
                    segment(part, told == Some(Label::Leads), clause);
                }
            }
        }
    }
}

/// Splits at commas outside brackets.
fn by_comma(run: &[char]) -> Vec<&[char]> {
    split_outside(run, |c| c == COMMA)
}

fn split_outside(run: &[char], at_sign: impl Fn(char) -> bool) -> Vec<&[char]> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in run.iter().enumerate() {
        if BRACKETS.iter().any(|(open, _)| open == c) {
            depth += 1;
        } else if BRACKETS.iter().any(|(_, close)| close == c) {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && at_sign(*c) {
            parts.push(&run[from..at]);
            from = at + 1;
        }
    }
    parts.push(&run[from..]);
    parts
}

/// One list of units with what they do.
fn segment(run: &[char], labelled_lead: bool, clause: &mut Clause) {
    let mut run = run;
    for opening in OPENINGS {
        run = strip(run, opening);
    }
    if let Some(at) = LEAD_VERBS
        .iter()
        .find_map(|verb| Some((find_outside(run, verb)?, verb.chars().count())))
    {
        let (units, rest) = (&run[..at.0], &run[at.0 + at.1..]);
        units_into(units, true, clause);
        if !rest.is_empty() {
            segment(rest, false, clause);
        }
        return;
    }
    for verb in VERBS {
        if ends_with(run, verb) {
            run = &run[..run.len() - verb.chars().count()];
        }
    }
    units_into(run, labelled_lead, clause);
}

fn units_into(run: &[char], leads: bool, clause: &mut Clause) {
    let mut run = run;
    if let Some(tail) = AND_OTHERS.iter().find(|tail| ends_with(run, tail)) {
        clause.and_others = true;
        run = &run[..run.len() - tail.chars().count()];
    }
    let found = names(run);
    let add = |list: &mut Vec<String>, units: Vec<String>| {
        for unit in units {
            if !list.contains(&unit) {
                list.push(unit);
            }
        }
    };
    add(&mut clause.leads, found.leads);
    let list = if leads {
        &mut clause.leads
    } else {
        &mut clause.responsible
    };
    add(list, found.units);
    clause.odd.extend(found.odd);
}

/// Where a word stands outside brackets.
fn find_outside(run: &[char], word: &str) -> Option<usize> {
    let mut depth = 0_usize;
    (0..run.len()).find(|at| {
        if BRACKETS.iter().any(|(open, _)| *open == run[*at]) {
            depth += 1;
        } else if BRACKETS.iter().any(|(_, close)| *close == run[*at]) {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && starts_with(&run[*at..], word)
    })
}

fn contains(run: &[char], word: &str) -> bool {
    super::find_word(run, word).is_some()
}

fn strip<'r>(run: &'r [char], word: &str) -> &'r [char] {
    if starts_with(run, word) && run.len() > word.chars().count() + 2 {
        &run[word.chars().count()..]
    } else {
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> String {
        let text = Text::read(source, |_| false);
        let shown = clauses(&text).into_iter().map(|clause| {
            let mut said = format!(
                "{} | {}",
                clause.leads.join(" "),
                clause.responsible.join(" ")
            );
            if clause.and_others {
                said.push_str(" …");
            }
            if !clause.everywhere.is_empty() {
                said.push_str(&format!(" * {}", clause.everywhere.join(" ")));
            }
            if !clause.odd.is_empty() {
                said.push_str(&format!(" ? {}", clause.odd.join(" ")));
            }
            said
        });
        shown.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn clauses_in_every_kind_of_bracket_are_read() {
        assert_eq!(
            read("甲。（牵头单位：市教育和体育局；责任单位：市财政局、各镇（街道））"),
            "市教育和体育局 | 市财政局 各镇（街道）"
        );
        assert_eq!(
            read("甲。〔牵头部门：市教育局 配合单位：市财政局〕"),
            "市教育局 | 市财政局"
        );
        assert_eq!(
            read("甲。[责任单位:市教育局、市财政局,各镇街按职责分工负责]"),
            " | 市教育局 市财政局 各镇街"
        );
        assert_eq!(
            read("甲。（市教育局牵头，市财政局、市商务局等部门按职责分工负责）"),
            "市教育局 | 市财政局 市商务局 …"
        );
        assert_eq!(
            read("甲。（市教育局、市财政局负责）"),
            " | 市教育局 市财政局"
        );
        assert_eq!(
            read("甲。（市教育局牵头）乙。（含幼儿园）。"),
            "市教育局 | "
        );
    }

    #[test]
    fn clauses_without_brackets_end_with_their_sentence_line_or_heading() {
        assert_eq!(
            read("甲。牵头单位：市教育局；责任单位：市财政局。乙。"),
            "市教育局 | 市财政局"
        );
        assert_eq!(
            read("甲。\n牵头单位：市教\n育局\n配合单位：市财政\n局、市商务局\n又说，很好。"),
            "市教育局 | 市财政局 市商务局"
        );
        assert_eq!(read("各责任单位：要落实好。"), "");
    }

    #[test]
    fn clauses_with_neither_label_nor_bracket_end_a_paragraph() {
        let both = "市教育局 | 市财政局 市商务局";
        for source in [
            "甲。由市教育局牵头，市财政局、市商务局配合。\n乙。",
            "甲，由市教育局牵头，市财政局、市商务局配合。\n乙。",
            "甲。\n市教育局牵头，市财政局、市商务局配合\n乙。",
            "甲。市教育局牵头负责，市财政\n局、市商务局参与。2.乙。",
            "甲。由市教育局牵头；市财政局、市商务局按职责分工负责。",
            "甲。以市教育局为主，市财政局、市商务局参与。",
        ] {
            assert_eq!(read(source), both, "{source}");
        }
        assert_eq!(read("甲。由市教育局负责。\n乙"), " | 市教育局");
        assert_eq!(
            read("甲。\n由市教育局、各镇（街道）负责\n乙"),
            " | 市教育局 各镇（街道）"
        );
        assert_eq!(
            read("甲。由市教育局牵头，龙江供电公司等单位参与。"),
            "市教育局 | 龙江供电公司 …"
        );
    }

    #[test]
    fn prose_about_units_is_no_clause() {
        for source in [
            "由市教育局牵头制定方案，市财政局配合。",
            "由龙头企业牵头，高校、科研院所参与。",
            "由县级医院牵头，乡镇卫生院参与。",
            "由区域医疗中心牵头，市医院配合。",
            "所需经费，由市财政局负责。",
            "所需经费由市财政局负责。",
            "市教育局牵头建设平台，市财政局负责资金，市商务局负责落实。",
            "由市教育局牵头，市财政局配合。之后再评估一次。",
            "市教育局牵头摸底、市财政局牵头评审。",
            "由专业机构负责。",
            "以龙头企业为主，高校、科研院所参与。",
            "建成后由企业负责。",
            "各部门负责。",
            "市教育局负责人参加，市财政局负责。",
            "市教育局牵头，县区落实资金配合。",
        ] {
            assert_eq!(read(source), "", "{source}");
        }
    }

    #[test]
    fn units_are_parted_where_a_name_ends_and_not_inside_it() {
        assert_eq!(
            read("（牵头单位：市教育和体育局和市财政局；责任单位：市有关部门、单位）"),
            "市教育和体育局 市财政局 | 市有关部门、单位"
        );
        assert_eq!(
            read("（责任单位：市教育局、推进落实此项工作）"),
            " | 市教育局 ? 推进落实此项工作"
        );
    }

    #[test]
    fn a_unit_that_takes_part_everywhere_is_told() {
        assert_eq!(
            read(
                "〔牵头单位：市教育局；责任单位：各镇区（街道）。以下任务均需各镇区（街道）落实，不再一一列举〕"
            ),
            "市教育局 | 各镇区（街道） * 各镇区（街道）"
        );
        let text = Text::read("以下各项工作均需各镇街落实，不再一一列举。1.甲", |_| false);
        assert_eq!(rules(&text, &[])[0].everywhere, ["各镇街"]);
    }
}
