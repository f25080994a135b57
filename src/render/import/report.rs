//! Text and result side by side, for a person to hold one against the other.

use super::{at, doubt, doubts, remarks, unread};
use crate::import::{About, Draft, DraftDoubt, DraftIndicator, DraftMeasure, Piece, PieceKind};
use crate::plan::{Comparator, Recurrence};

/// Columns of the text; a Chinese sign takes two.
const TEXT: usize = 64;
/// Columns of the result.
const RESULT: usize = 56;

/// The whole document on the left, what it was taken for on the right.
pub fn report(pieces: &[Piece], draft: Option<&Draft>) -> Vec<String> {
    let mut lines = vec![beside("原文", "读出")];
    for piece in pieces {
        lines.push(format!(
            "{}┼{}",
            "─".repeat(TEXT + 1),
            "─".repeat(RESULT + 1)
        ));
        let result: Vec<String> = result(piece, draft)
            .iter()
            .flat_map(|line| wrapped(line, RESULT))
            .collect();
        let text = wrapped(&piece.text, TEXT);
        for at in 0..text.len().max(result.len()) {
            let (left, right) = (
                text.get(at).map_or("", String::as_str),
                result.get(at).map_or("", String::as_str),
            );
            lines.push(beside(left, right));
        }
    }
    if let Some(draft) = draft {
        for (heading, items) in [
            ("存疑", doubts(draft)),
            ("推定", remarks(draft)),
            ("没有读懂", unread(draft)),
        ] {
            lines.push(format!("\n{heading} {} 处", items.len()));
            lines.extend(items.iter().map(|item| format!("  {item}")));
        }
    }
    lines
}

fn beside(left: &str, right: &str) -> String {
    format!(
        "{left}{} │ {right}",
        " ".repeat(TEXT.saturating_sub(width(left)))
    )
    .trim_end()
    .to_owned()
}

fn result(piece: &Piece, draft: Option<&Draft>) -> Vec<String> {
    let Some(draft) = draft else {
        return vec!["（没有读到举措）".to_owned()];
    };
    match &piece.kind {
        PieceKind::Preface => vec![
            format!("标题：{}", draft.title),
            format!("印发：{} {} {}", draft.body, draft.number, draft.starts),
            format!("专班：{}", draft.name),
        ],
        PieceKind::General => {
            let section = draft
                .sections
                .iter()
                .find(|it| !it.title.is_empty() && piece.text.contains(&it.title));
            let mut lines: Vec<String> = section
                .map(|it| format!("部分 {} {}", it.number, it.title))
                .into_iter()
                .collect();
            let here = draft
                .indicators
                .iter()
                .filter(|it| it.measure.is_none() && piece.text.contains(it.anchor.words.as_str()));
            lines.extend(here.flat_map(|it| target(draft, it)));
            if lines.is_empty() {
                lines.push("（叙述）".to_owned());
            }
            lines
        }
        PieceKind::Measure(at) => draft
            .measures
            .get(*at)
            .map_or_else(Vec::new, |it| measure(draft, it)),
        PieceKind::Roster => people(draft),
        PieceKind::Duties => vec!["职责（不进方案文件）".to_owned()],
        PieceKind::Table => vec!["表格".to_owned()],
        PieceKind::Courtesy => vec!["（叙述）".to_owned()],
        PieceKind::Behind => vec!["没有读懂".to_owned()],
    }
}

fn measure(draft: &Draft, it: &DraftMeasure) -> Vec<String> {
    let names = |ids: &[String]| {
        let named = ids.iter().map(|id| {
            draft
                .units
                .iter()
                .find(|unit| unit.id == *id)
                .map_or(id.as_str(), |unit| &unit.name)
        });
        named.collect::<Vec<_>>().join("、")
    };
    let mut lines = vec![
        format!("举措 {} {}", it.number, it.title),
        format!("牵头：{}", names(&it.leads)),
    ];
    if !it.responsible.is_empty() {
        lines.push(format!("责任：{}", names(&it.responsible)));
    }
    lines.extend(about(draft, &About::Measure(it.id.clone())));
    let targets = draft
        .indicators
        .iter()
        .filter(|target| target.measure.as_ref() == Some(&it.id));
    lines.extend(targets.flat_map(|it| target(draft, it)));
    lines
}

fn target(draft: &Draft, it: &DraftIndicator) -> Vec<String> {
    let sign = match it.comparator {
        Comparator::Above => "＞",
        Comparator::AtLeast => "≥",
        Comparator::AtMost => "≤",
        Comparator::Exactly => "＝",
        Comparator::About => "约",
    };
    let value = it.target.map_or("节点".to_owned(), |value| {
        format!("{sign}{value}{}", it.unit)
    });
    let base = it
        .base_year
        .map_or(String::new(), |year| format!("（较{year}年）"));
    let due = it.due.map_or("时限未写".to_owned(), |due| due.to_string());
    let yearly = if it.recurrence == Recurrence::Yearly {
        " 每年"
    } else {
        ""
    };
    let mut lines = vec![format!(
        "目标 {} {} {value}{base} {due}{yearly}",
        it.id, it.name
    )];
    lines.push(format!(
        "  {}",
        at(Some(&it.anchor)).trim_matches(['（', '）'])
    ));
    lines.extend(about(draft, &About::Indicator(it.id.clone())));
    lines
}

fn about(draft: &Draft, subject: &About) -> Vec<String> {
    let of = |it: &&DraftDoubt| it.about == *subject;
    let said = |it: &DraftDoubt| {
        format!(
            "  ？{}{}",
            doubt::question(&it.why),
            doubt::proposal(&it.why)
        )
    };
    draft.doubts.iter().filter(of).map(said).collect()
}

fn people(draft: &Draft) -> Vec<String> {
    let unit = |ids: &[String]| {
        let named = ids
            .iter()
            .filter_map(|id| draft.units.iter().find(|unit| unit.id == *id));
        named
            .map(|unit| unit.name.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    let person = |it: &crate::import::DraftMember| {
        let units = if it.units.is_empty() {
            String::new()
        } else {
            format!(" → {}", unit(&it.units))
        };
        format!("{}：{}{units}", it.name, it.post)
    };
    draft.members.iter().map(person).collect()
}

/// A text in lines of at most so many columns.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for c in text.chars() {
        let wide = width(c.encode_utf8(&mut [0; 4]));
        if used + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push(c);
        used += wide;
    }
    lines.push(line);
    lines
}

/// Columns on a terminal: two for a sign beyond the Latin ones.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if c > '\u{2e7f}' || matches!(c, '“' | '”' | '—') {
                2
            } else {
                1
            }
        })
        .sum()
}
