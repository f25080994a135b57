//! The document piece by piece with what each was taken for, so that a person can hold text and result side by side.

use std::ops::Range;

use super::outline::vocabulary::{ANNEX, COURTESIES, DUTIES, OFFICE_AT};
use super::vocabulary::{BRACKETS, COLON};
use super::{Draft, Parsed, find_word};

/// A piece of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text, white space taken out.
    pub text: String,
    /// What it was taken for.
    pub kind: PieceKind,
    /// Its signs, counted from the first of the document; none in a table and of what stands around the pages.
    pub signs: Range<usize>,
}

/// What a piece was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceKind {
    /// What stands before the first part.
    Preface,
    /// Text of the plan that belongs to no measure.
    General,
    /// A measure, by the place in the draft's list.
    Measure(usize),
    /// A roster.
    Roster,
    /// Duties of the task force, its office or its members.
    Duties,
    /// A table of tasks.
    Table,
    /// A running head or foot of a page.
    Running,
    /// Text behind the plan that says nothing about it: date, sender, courtesies.
    Courtesy,
    /// Text behind the plan that was not read.
    Behind,
}

/// The pieces of a document, in order.
pub(super) fn pieces(parsed: &Parsed, draft: Option<&Draft>) -> Vec<Piece> {
    let mut found: Vec<(Range<usize>, PieceKind)> =
        vec![(parsed.outline.preface.clone(), PieceKind::Preface)];
    found.extend(
        parsed
            .outline
            .general
            .iter()
            .map(|range| (range.clone(), PieceKind::General)),
    );
    let kept = draft.map_or(0, |draft| draft.measures.len());
    for (at, measure) in parsed.outline.measures.iter().enumerate() {
        let kind = if at < kept {
            PieceKind::Measure(at)
        } else {
            PieceKind::Behind
        };
        found.push((measure.range.clone(), kind));
    }
    for range in &parsed.outline.rest {
        found.extend(rest(parsed, range));
    }
    found.sort_by_key(|(range, _)| range.start);
    let found = around_rosters(found, &parsed.roster.ranges);
    let mut pieces = Vec::new();
    let mut end = 0;
    for (range, kind) in found.into_iter().filter(|(range, _)| !range.is_empty()) {
        // Headings' numbers stand between the ranges of what they head.
        let from = end.min(range.start);
        end = range.end.max(end);
        let signs = from..end.max(from);
        pieces.push(Piece {
            text: parsed.text.slice(signs.clone()),
            kind,
            signs,
        });
    }
    if end < parsed.text.chars.len() {
        let signs = end..parsed.text.chars.len();
        pieces.push(Piece {
            text: parsed.text.slice(signs.clone()),
            kind: PieceKind::Behind,
            signs,
        });
    }
    for table in &parsed.text.tables {
        for row in &table.rows {
            pieces.push(Piece {
                text: row.join(" | "),
                kind: PieceKind::Table,
                signs: 0..0,
            });
        }
    }
    pieces.extend(parsed.text.running.iter().map(|line| Piece {
        text: line.clone(),
        kind: PieceKind::Running,
        signs: 0..0,
    }));
    pieces
}

/// A roster told inside the plan is a piece of its own; what follows it in its part tells nothing new.
fn around_rosters(
    found: Vec<(Range<usize>, PieceKind)>,
    rosters: &[Range<usize>],
) -> Vec<(Range<usize>, PieceKind)> {
    let mut pieces = Vec::with_capacity(found.len());
    let mut next = 0;
    for (range, kind) in found {
        while rosters.get(next).is_some_and(|it| it.end <= range.start) {
            next += 1;
        }
        let (mut from, mut kind) = (range.start, kind);
        while kind != PieceKind::Roster
            && let Some(roster) = rosters
                .get(next)
                .filter(|it| it.start >= from && it.end <= range.end)
        {
            pieces.push((from..roster.start, kind));
            pieces.push((roster.clone(), PieceKind::Roster));
            (from, kind) = (roster.end, PieceKind::Courtesy);
            next += 1;
        }
        pieces.push((from..range.end, kind));
    }
    pieces
}

/// Text behind the plan that belongs to nothing known.
pub(super) fn behind(parsed: &Parsed) -> Vec<Range<usize>> {
    let rests = parsed
        .outline
        .rest
        .iter()
        .flat_map(|range| rest(parsed, range));
    rests
        .filter(|(_, kind)| *kind == PieceKind::Behind)
        .map(|(range, _)| range)
        .collect()
}

/// What stands behind the plan: rosters, what stands around them, duties, the rest.
pub(super) fn rest(parsed: &Parsed, range: &Range<usize>) -> Vec<(Range<usize>, PieceKind)> {
    let mut found = Vec::new();
    let mut from = range.start;
    let rosters = &parsed.roster.ranges;
    let inside = rosters.partition_point(|roster| roster.start < range.start)
        ..rosters.partition_point(|roster| roster.start < range.end);
    let inside = &rosters[inside.start..inside.end.max(inside.start)];
    for roster in inside {
        found.push((from..roster.start, PieceKind::Courtesy));
        found.push((roster.clone(), PieceKind::Roster));
        from = roster.end.min(range.end);
    }
    let text = &parsed.text.chars[from..range.end];
    let says = |words: &[&str]| words.iter().any(|word| find_word(text, word).is_some());
    let signed = text.len() < 60
        && (says(&COURTESIES)
            || text
                .first()
                .is_some_and(|c| BRACKETS.iter().any(|(o, _)| o == c))
            || text.last() == Some(&COLON)
            || super::starts_with(text, ANNEX)
            || super::head::is_signature(text));
    let kind = if (says(&[DUTIES]) && !inside.is_empty()) || says(&OFFICE_AT) {
        PieceKind::Duties
    } else if signed {
        PieceKind::Courtesy
    } else {
        PieceKind::Behind
    };
    found.push((from..range.end, kind));
    found.retain(|(range, _)| !range.is_empty());
    for (range, kind) in &mut found {
        // Nothing but signs: the end of a sentence whose words were read.
        if !says_anything(parsed, range) {
            *kind = PieceKind::Courtesy;
        }
    }
    found
}

/// Whether a part holds words beside those of a rule for all measures.
fn says_anything(parsed: &Parsed, range: &Range<usize>) -> bool {
    let mut from = range.start;
    let first = parsed.rules.partition_point(|it| it.range.end <= from);
    let rules = parsed.rules[first..].iter().map(|it| it.range.clone());
    for rule in rules.chain(std::iter::once(range.end..range.end)) {
        let to = rule.start.clamp(from, range.end);
        if parsed.text.chars[from..to]
            .iter()
            .any(|c| c.is_alphanumeric())
        {
            return true;
        }
        if rule.start >= range.end {
            return false;
        }
        from = rule.end.clamp(from, range.end);
    }
    false
}
