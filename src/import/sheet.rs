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
    let mut pieces = Vec::new();
    let mut end = 0;
    for (range, kind) in found.into_iter().filter(|(range, _)| !range.is_empty()) {
        // Headings' numbers stand between the ranges of what they head.
        let from = end.min(range.start);
        end = range.end.max(end);
        pieces.push(Piece {
            text: parsed.text.slice(from..end.max(from)),
            kind,
        });
    }
    if end < parsed.text.chars.len() {
        pieces.push(Piece {
            text: parsed.text.slice(end..parsed.text.chars.len()),
            kind: PieceKind::Behind,
        });
    }
    for table in &parsed.text.tables {
        for row in &table.rows {
            pieces.push(Piece {
                text: row.join(" | "),
                kind: PieceKind::Table,
            });
        }
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
fn rest(parsed: &Parsed, range: &Range<usize>) -> Vec<(Range<usize>, PieceKind)> {
    let mut found = Vec::new();
    let mut from = range.start;
    let inside: Vec<_> = parsed
        .roster
        .ranges
        .iter()
        .filter(|roster| roster.start >= range.start && roster.start < range.end)
        .collect();
    for roster in &inside {
        found.push((from..roster.start, PieceKind::Courtesy));
        found.push(((*roster).clone(), PieceKind::Roster));
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
        if !parsed.text.chars[range.clone()]
            .iter()
            .any(|c| c.is_alphanumeric())
        {
            *kind = PieceKind::Courtesy;
        }
    }
    found
}
