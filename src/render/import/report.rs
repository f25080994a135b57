//! Text and result side by side, for a person to hold one against the other.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use super::{at, doubt, doubts, duties, remarks, unread};
use crate::import::{
    About, Draft, DraftDoubt, DraftIndicator, DraftMeasure, DraftMember, Piece, PieceKind,
};
use crate::plan::{Comparator, Recurrence, Role};

/// Columns of the text; a Chinese sign takes two.
const TEXT: usize = 64;
/// Columns of the result.
const RESULT: usize = 56;
/// Sections among which the next heading's one is looked for.
const MOST_AHEAD: usize = 5;
/// Text that says nothing a plan file has a place for.
const NARRATIVE: &str = "（叙述）";
/// Signs of a name.
const NAMES: RangeInclusive<usize> = 2..=14;

/// The whole document on the left, what it was taken for on the right.
pub fn report(pieces: &[Piece], draft: Option<&Draft>) -> Vec<String> {
    let mut lines = vec![beside("原文", "读出")];
    let mut drafted = draft.map(Drafted::of);
    for piece in pieces {
        lines.push(format!(
            "{}┼{}",
            "─".repeat(TEXT + 1),
            "─".repeat(RESULT + 1)
        ));
        let result = match &mut drafted {
            Some(drafted) => drafted.result(piece),
            None => vec!["（没有读到举措）".to_owned()],
        };
        let result: Vec<String> = result
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
            ("职责", duties(draft)),
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

/// A draft with its parts at hand by what they belong to.
struct Drafted<'d> {
    draft: &'d Draft,
    units: HashMap<&'d str, &'d str>,
    doubts: HashMap<&'d About, Vec<&'d DraftDoubt>>,
    targets: HashMap<&'d str, Vec<&'d DraftIndicator>>,
    /// General targets in the order of the text.
    general: Vec<&'d DraftIndicator>,
    people: HashMap<&'d str, Vec<&'d DraftMember>>,
    /// The section whose heading comes next.
    section: usize,
    /// The duty that comes next.
    duty: usize,
}

impl<'d> Drafted<'d> {
    fn of(draft: &'d Draft) -> Self {
        let mut drafted = Self {
            draft,
            units: HashMap::new(),
            doubts: HashMap::new(),
            targets: HashMap::new(),
            general: Vec::new(),
            people: HashMap::new(),
            section: 0,
            duty: 0,
        };
        let units = draft.units.iter();
        drafted
            .units
            .extend(units.map(|unit| (unit.id.as_str(), unit.name.as_str())));
        for doubt in &draft.doubts {
            drafted.doubts.entry(&doubt.about).or_default().push(doubt);
        }
        for target in &draft.indicators {
            match &target.measure {
                Some(measure) => drafted.targets.entry(measure).or_default().push(target),
                None => drafted.general.push(target),
            }
        }
        drafted.general.sort_by_key(|it| it.anchor.from);
        for member in &draft.members {
            drafted.people.entry(&member.name).or_default().push(member);
        }
        drafted
    }

    fn result(&mut self, piece: &Piece) -> Vec<String> {
        let mut lines = self.taken_for(piece);
        let duties = self.draft.duties[self.duty..]
            .iter()
            .take_while(|duty| piece.text.contains(&duty.words))
            .count();
        self.duty += duties;
        if duties > 0 && piece.kind != PieceKind::Duties {
            lines.retain(|line| line != NARRATIVE);
            lines.push(format!("职责 {duties} 条（记在草案开头的注释里）"));
        }
        lines
    }

    fn taken_for(&mut self, piece: &Piece) -> Vec<String> {
        match &piece.kind {
            PieceKind::Preface => vec![
                format!("标题：{}", self.draft.title),
                format!(
                    "印发：{} {} {}",
                    self.draft.body, self.draft.number, self.draft.starts
                ),
                format!("专班：{}", self.draft.name),
            ],
            PieceKind::General => self.general(piece),
            PieceKind::Measure(at) => self
                .draft
                .measures
                .get(*at)
                .map_or_else(Vec::new, |it| self.measure(it)),
            PieceKind::Roster => self.roster(&piece.text),
            PieceKind::Duties => vec!["职责（记在草案开头的注释里）".to_owned()],
            PieceKind::Table => vec!["表格".to_owned()],
            PieceKind::Running => vec!["页眉页脚".to_owned()],
            PieceKind::Courtesy => vec![NARRATIVE.to_owned()],
            PieceKind::Behind => vec!["没有读懂".to_owned()],
        }
    }

    fn general(&mut self, piece: &Piece) -> Vec<String> {
        let mut lines = Vec::new();
        let sections = self.draft.sections.iter().enumerate();
        let next = sections
            .skip(self.section)
            .take(MOST_AHEAD)
            .find(|(_, it)| !it.title.is_empty() && piece.text.contains(&it.title));
        if let Some((at, it)) = next {
            self.section = at + 1;
            lines.push(format!("部分 {} {}", it.number, it.title));
        }
        // Anchors count from 1.
        let from = self
            .general
            .partition_point(|it| it.anchor.from <= piece.signs.start);
        let here = self.general[from..]
            .iter()
            .take_while(|it| it.anchor.from <= piece.signs.end);
        lines.extend(here.flat_map(|it| self.target(it)));
        if lines.is_empty() {
            lines.push(NARRATIVE.to_owned());
        }
        lines
    }

    fn named(&self, ids: &[String]) -> String {
        let named = ids
            .iter()
            .map(|id| self.units.get(id.as_str()).copied().unwrap_or(id));
        named.collect::<Vec<_>>().join("、")
    }

    fn measure(&self, it: &DraftMeasure) -> Vec<String> {
        let mut lines = vec![
            format!("举措 {} {}", it.number, it.title),
            format!("牵头：{}", self.named(&it.leads)),
        ];
        if !it.responsible.is_empty() {
            lines.push(format!("责任：{}", self.named(&it.responsible)));
        }
        lines.extend(self.about(&About::Measure(it.id.clone())));
        let targets = self.targets.get(it.id.as_str()).into_iter().flatten();
        lines.extend(targets.flat_map(|it| self.target(it)));
        lines
    }

    fn target(&self, it: &DraftIndicator) -> Vec<String> {
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
        lines.extend(self.about(&About::Indicator(it.id.clone())));
        lines
    }

    fn about(&self, subject: &About) -> Vec<String> {
        let said = |it: &&DraftDoubt| {
            format!(
                "  ？{}{}",
                doubt::question(&it.why),
                doubt::proposal(&it.why)
            )
        };
        let doubts = self.doubts.get(subject).into_iter().flatten();
        doubts.map(said).collect()
    }

    /// The people whose names stand in a text, in its order.
    fn roster(&self, text: &str) -> Vec<String> {
        let starts: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let mut seen = HashSet::new();
        let mut lines = Vec::new();
        for from in 0..starts.len() {
            for length in NAMES {
                let Some(to) = starts.get(from + length) else {
                    break;
                };
                let name = &text[starts[from]..*to];
                if let Some(members) = self.people.get(name)
                    && seen.insert(name)
                {
                    lines.extend(members.iter().map(|it| self.person(it)));
                }
            }
        }
        if lines.is_empty() {
            lines.push("名单（没有读出姓名）".to_owned());
        }
        lines
    }

    fn person(&self, it: &DraftMember) -> String {
        let units = if it.units.is_empty() {
            String::new()
        } else {
            format!(" → {}", self.named(&it.units))
        };
        let role = match it.role {
            Role::Leader => "组长 ",
            Role::DeputyLeader => "副组长 ",
            Role::Member => "",
            Role::Liaison => "联络员 ",
        };
        format!("{role}{}：{}{units}", it.name, it.post)
    }
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
