//! Labels: what stands before the units that lead, before those that take part, before a deadline and before people.

use super::names::begins_name;
use super::vocabulary::{
    DUE_LABELS, IS, LABEL_ENDS, LEAD_LABELS, PEOPLE_LABELS, RESPONSIBLE_LABELS,
};
use crate::import::vocabulary::{COLON, COMMA, SEMICOLON, STOP};
use crate::import::{ends_with, longest};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// 牵头单位.
    Leads,
    /// 责任单位.
    TakesPart,
    /// 完成时限.
    Due,
    /// 责任领导: people, for whom a measure has no place.
    People,
}

/// A label with its colon, and the length of both.
pub(super) fn label(run: &[char]) -> Option<(Label, usize)> {
    let (label, length) = word(run)?;
    (run.get(length) == Some(&COLON)).then_some((label, length + 1))
}

/// A label of units with 为 behind it or nothing: 责任单位为市财政局. It proves nothing where what follows is no name.
pub(super) fn loose_label(run: &[char]) -> Option<(Label, usize)> {
    let (label, length) = word(run)?;
    let units = matches!(label, Label::Leads | Label::TakesPart)
        && LABEL_ENDS.iter().any(|end| ends_with(&run[..length], end));
    let is = run.get(length).is_some_and(|c| IS.contains(c));
    let length = length + usize::from(is);
    (units && begins_name(run.get(length..)?)).then_some((label, length))
}

fn word(run: &[char]) -> Option<(Label, usize)> {
    let of = |words: &[&str], label| longest(run, words).map(|length| (length, label));
    let found = [
        of(&LEAD_LABELS, Label::Leads),
        of(&RESPONSIBLE_LABELS, Label::TakesPart),
        of(&DUE_LABELS, Label::Due),
        of(&PEOPLE_LABELS, Label::People),
    ];
    // 牵头领导 begins with 牵头; the first of two as long is meant.
    let most = found.iter().flatten().map(|(length, _)| *length).max()?;
    let (length, label) = found.into_iter().flatten().find(|it| it.0 == most)?;
    Some((label, length))
}

/// Whether a part of a run begins with a label.
pub(super) fn labels(run: &[char]) -> bool {
    run.split(|c| [STOP, SEMICOLON, COMMA].contains(c))
        .any(|part| label(part).is_some())
}

/// Splits a sentence at its labels: 牵头单位：A责任单位：B.
pub(super) fn by_label(sentence: &[char]) -> Vec<(&[char], Option<Label>)> {
    let mut parts = Vec::new();
    let (mut from, mut current, mut at) = (0, None, 0);
    while at < sentence.len() {
        let found =
            label(&sentence[at..]).or_else(|| (at == 0).then(|| loose_label(sentence)).flatten());
        match found {
            Some((label, length)) => {
                parts.push((&sentence[from..at], current));
                (current, at) = (Some(label), at + length);
                from = at;
            }
            None => at += 1,
        }
    }
    parts.push((&sentence[from..], current));
    parts.retain(|(run, _)| !run.is_empty());
    parts
}
