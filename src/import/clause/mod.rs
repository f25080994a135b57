//! Responsibility clauses: who leads a measure and who takes part, in the many ways of writing it.

mod closing;
pub(super) mod vocabulary;

use std::ops::Range;

pub(super) use closing::in_charge;

use super::outline::{begins_part, is_strong};
use super::text::{Gap, Text};
use super::vocabulary::{BRACKETS, COLON, COMMA, LIST, SEMICOLON, STOP};
use super::{ends_with, longest, starts_with};
use vocabulary::{
    AND_OTHERS, AROUND_EVERYWHERE, FROM_HERE, HALF_NAME, HALF_OF, JOINS, LEAD_LABELS, LEAD_VERBS,
    NOT_AGAIN, NOT_IN_NAMES, OPENINGS, RESPONSIBLE_LABELS, UNIT_ENDS, VERBS,
};

/// Longest clause, in signs.
const MOST_CLAUSE: usize = 800;
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
    /// What stands where a unit should and does not look like one.
    pub odd: Vec<String>,
    /// Whether it has neither label nor bracket.
    pub bare: bool,
}

impl Clause {
    fn is_empty(&self) -> bool {
        self.leads.is_empty() && self.responsible.is_empty() && self.everywhere.is_empty()
    }

    fn absorb(&mut self, other: Self) {
        self.range.end = other.range.end;
        self.leads.extend(other.leads);
        self.responsible.extend(other.responsible);
        self.everywhere.extend(other.everywhere);
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
        None if label(&text.chars[inner_at..]).is_some() => {
            let to = text.chars.len().min(at + MOST_CLAUSE);
            (inner_at..to)
                .find(|at| text.chars[*at] == STOP)
                .unwrap_or(to)
        }
        None => return None,
    };
    let inner = &text.chars[inner_at..close];
    let labelled = label(inner).is_some();
    if !labelled && !tail_of_clause(inner) {
        return None;
    }
    let mut clause = read(inner);
    if clause.is_empty() || (!labelled && !clause.odd.is_empty()) {
        return None;
    }
    clause.range = at..(close + 1).min(text.chars.len());
    Some(clause)
}

/// Whether a run ends as clauses without a label end: 负责, 牵头, 不再一一列出.
fn tail_of_clause(inner: &[char]) -> bool {
    let ends = |words: &[&str]| words.iter().any(|word| ends_with(inner, word));
    ends(&VERBS) || ends(&LEAD_VERBS) || ends(&NOT_AGAIN)
}

/// A label with its colon: whether it is the leading units', and the length of both.
fn label(run: &[char]) -> Option<(bool, usize)> {
    let of = |words: &[&str], leads| {
        let length = longest(run, words)?;
        (run.get(length) == Some(&COLON)).then_some((leads, length + 1))
    };
    of(&LEAD_LABELS, true).or_else(|| of(&RESPONSIBLE_LABELS, false))
}

/// A clause on a line of its own or at the end of a paragraph: it begins with a label and ends with its sentence, with the
/// next heading, or where a line ends with a unit's full name.
fn labelled(text: &Text, at: usize, pairs: &[Option<usize>]) -> Option<Clause> {
    if !is_strong(text, at) {
        return None;
    }
    label(&text.chars[at..])?;
    let to = text.chars.len().min(at + MOST_CLAUSE);
    let mut end = at;
    while end < to {
        if end > at && (begins_part(text, end) || breaks_off(text, at, end)) {
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
    let stop = usize::from(text.chars.get(end) == Some(&STOP));
    clause.range = at..end + stop;
    Some(clause)
}

/// Whether a line break here ends the clause.
fn breaks_off(text: &Text, from: usize, at: usize) -> bool {
    if text.gaps[at] < Gap::Line || label(&text.chars[at..]).is_some() {
        return false;
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
    let mut leads = false;
    let mut labelled = false;
    for sentence in inner.split(|c| *c == STOP || *c == SEMICOLON) {
        if NOT_AGAIN.iter().any(|words| contains(sentence, words)) {
            everywhere(sentence, &mut clause);
            continue;
        }
        for (run, new_label) in by_label(sentence) {
            if let Some(is_lead) = new_label {
                (leads, labelled) = (is_lead, true);
            }
            for part in by_comma(run) {
                segment(part, leads && labelled, &mut clause);
            }
        }
    }
    clause
        .responsible
        .retain(|unit| !clause.leads.contains(unit));
    clause
}

/// Splits a sentence at its labels: 牵头单位：A责任单位：B.
fn by_label(sentence: &[char]) -> Vec<(&[char], Option<bool>)> {
    let mut parts = Vec::new();
    let (mut from, mut current, mut at) = (0, None, 0);
    while at < sentence.len() {
        match label(&sentence[at..]) {
            Some((is_lead, length)) => {
                parts.push((&sentence[from..at], current));
                (current, at) = (Some(is_lead), at + length);
                from = at;
            }
            None => at += 1,
        }
    }
    parts.push((&sentence[from..], current));
    parts.retain(|(run, _)| !run.is_empty());
    parts
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
        .find_map(|verb| Some((super::find_word(run, verb)?, verb.chars().count())))
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
    let (units, odd) = units(run);
    let list = if leads {
        &mut clause.leads
    } else {
        &mut clause.responsible
    };
    for unit in units {
        if !list.contains(&unit) {
            list.push(unit);
        }
    }
    clause.odd.extend(odd);
}

/// The units of a list, and what is none.
pub(super) fn units(run: &[char]) -> (Vec<String>, Vec<String>) {
    let (mut units, mut odd): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for part in split_outside(run, |c| c == LIST || c == COMMA)
        .into_iter()
        .flat_map(split_at_joins)
    {
        let name: String = part.iter().collect();
        if name.is_empty() {
            continue;
        }
        let half = name == HALF_NAME
            && units
                .last()
                .is_some_and(|last| HALF_OF.iter().any(|end| last.ends_with(end)));
        if let (true, Some(last)) = (half, units.last_mut()) {
            last.push(LIST);
            last.push_str(&name);
        } else if is_unit(part) {
            units.push(name);
        } else {
            odd.push(name);
        }
    }
    (units, odd)
}

/// Splits 市教育局和市财政局 and not 市教育和体育局: a join counts only behind the end of a name.
fn split_at_joins(run: &[char]) -> Vec<&[char]> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 1);
    while at < run.len() {
        let join = longest(&run[at..], &JOINS).filter(|length| {
            let (before, after) = (&run[from..at], &run[at + length..]);
            before.len() > 2 && is_unit(before) && is_unit(after)
        });
        match join {
            Some(length) => {
                parts.push(&run[from..at]);
                from = at + length;
                at = from + 1;
            }
            None => at += 1,
        }
    }
    parts.push(&run[from..]);
    parts
}

/// Whether a run can be the name of a unit.
pub(super) fn is_unit(run: &[char]) -> bool {
    let bare = without_brackets(run);
    let named = UNIT_ENDS.iter().any(|end| ends_with(&bare, end));
    named
        && bare.len() > 1
        && run.len() <= MOST_NAME
        && !NOT_IN_NAMES.iter().any(|word| contains(run, word))
        && !run.iter().any(|c| [STOP, COLON, SEMICOLON].contains(c))
}

/// A name without what stands in brackets behind it: 各镇（街道） is 各镇.
pub(super) fn without_brackets(run: &[char]) -> Vec<char> {
    let mut depth = 0_usize;
    let mut bare = Vec::with_capacity(run.len());
    for c in run {
        if BRACKETS.iter().any(|(open, _)| open == c) {
            depth += 1;
        } else if BRACKETS.iter().any(|(_, close)| close == c) {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            bare.push(*c);
        }
    }
    bare
}

/// 以下任务均需各镇街落实，不再一一列出.
fn everywhere(sentence: &[char], clause: &mut Clause) {
    let mut said: String = sentence.iter().collect();
    clause.from_here = said.contains(FROM_HERE);
    for words in NOT_AGAIN.iter().chain(&AROUND_EVERYWHERE).chain(&VERBS) {
        said = said.replace(words, "\u{0}");
    }
    for part in said.split(['\u{0}', COMMA]) {
        let (found, _) = units(&part.chars().collect::<Vec<_>>());
        for unit in found {
            if !clause.everywhere.contains(&unit) {
                clause.everywhere.push(unit);
            }
        }
    }
}

/// Rules for all measures that stand in the text by themselves, with where they stand.
pub(super) fn rules(text: &Text, clauses: &[Clause]) -> Vec<Clause> {
    let mut found = Vec::new();
    let mut at = 0;
    let first: Vec<char> = NOT_AGAIN[0].chars().take(2).collect();
    while let Some(next) = super::find(&text.chars[at..], &first) {
        at += next;
        let clause = clauses.partition_point(|clause| clause.range.end <= at);
        let known = clauses
            .get(clause)
            .is_some_and(|clause| clause.range.contains(&at));
        if known || longest(&text.chars[at..], &NOT_AGAIN).is_none() {
            at += first.len();
            continue;
        }
        let least = at.saturating_sub(MOST_NAME * 3);
        let most = text.chars.len().min(at + MOST_NAME);
        let from = (least..at)
            .rev()
            .find(|at| text.chars[*at] == STOP)
            .map_or(least, |at| at + 1);
        let to = (at..most)
            .find(|at| text.chars[*at] == STOP)
            .unwrap_or(most);
        let mut rule = Clause {
            range: from..to,
            ..Clause::default()
        };
        everywhere(&text.chars[from..to], &mut rule);
        if !rule.everywhere.is_empty() {
            found.push(rule);
        }
        at = to;
    }
    found
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
