//! Puts a draft together from what was read.

mod doubts;
mod dues;
mod duties;
mod numbers;
mod responsible;
mod written;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;

use crate::import::clause::Clause;
use crate::import::draft::people::People;
use crate::import::draft::targets::Gathered;
use crate::import::draft::vocabulary::NO_TITLE;
use crate::import::draft::{Anchor, Draft, DraftDoubt, Remark, Unread, WhyUnread};
use crate::import::outline::MeasureText;
use crate::import::target::Target;
use crate::import::unit::Units;
use crate::import::{Given, Parsed};

/// Longest names and titles, in characters; a plan file takes no longer ones.
const MOST_NAME: usize = 36;
const MOST_TITLE: usize = 60;
const MOST_NUMBER: usize = 20;
/// Longest name of a target, in characters, and what a title may take of it.
const MOST_TARGET_NAME: usize = 16;
const MOST_OWN_NAME: usize = 7;
/// Longest summary of a draft, in characters: two phone lines to be put in other words.
const MOST_SUMMARY: usize = 80;
/// Longest words quoted with an anchor, in characters.
const MOST_WORDS: usize = 60;
/// Most measures of a plan: a plan file numbers them up to 9,999.
const MOST_MEASURES: usize = 9_999;
/// Most units that take part in every measure.
const MOST_EVERYWHERE: usize = 20;
/// Most rows of a table among which a measure without the number of one is looked for by its title.
const MOST_ROWS: usize = 500;
/// A day before all plans, for a first look at the deadlines of a text without a date.
const BEFORE_ALL: NaiveDate = NaiveDate::MIN;

/// The draft of what was read; none where there is no measure.
pub(in crate::import) fn build(parsed: &Parsed, given: &Given) -> Option<Draft> {
    if parsed.outline.measures.is_empty() {
        return None;
    }
    let mut builder = Builder::new(parsed, given);
    builder.measures();
    builder.indicators();
    builder.people();
    builder.duties();
    Some(builder.finish())
}

/// The targets of a measure, or general ones, each with its place.
type Found = (Option<usize>, Vec<(Target, Anchor)>);

/// A measure with its units, by number.
struct Led {
    leads: Vec<usize>,
    responsible: Vec<usize>,
}

struct Builder<'p> {
    parsed: &'p Parsed,
    issued: NaiveDate,
    /// The day an older plan began; the deadlines since then still count.
    since: Option<NaiveDate>,
    dated: bool,
    units: Units,
    led: Vec<Led>,
    /// Rows of tables by their number.
    row_of: HashMap<u32, usize>,
    /// Rows that are a measure's, by the measure.
    row_used: HashMap<usize, usize>,
    office: Option<usize>,
    gathered: Gathered,
    people: People,
    doubts: Vec<DraftDoubt>,
    doubt_ids: HashMap<String, usize>,
    remarks: Vec<Remark>,
    unread: Vec<Unread>,
    duties: Vec<Anchor>,
    /// Ids of the units, made once all are known.
    unit_ids: Vec<String>,
    targets: Vec<Found>,
}

impl<'p> Builder<'p> {
    fn new(parsed: &'p Parsed, given: &Given) -> Self {
        let mut builder = Self {
            parsed,
            issued: given.today,
            since: given.since,
            dated: parsed.head.date.is_some(),
            units: Units::of(&parsed.head.place),
            led: Vec::new(),
            row_of: parsed
                .rows
                .iter()
                .enumerate()
                .rev()
                .filter_map(|(at, row)| Some((row.number?, at)))
                .collect(),
            row_used: HashMap::new(),
            office: None,
            gathered: Gathered::default(),
            people: People::default(),
            doubts: Vec::new(),
            doubt_ids: HashMap::new(),
            remarks: Vec::new(),
            unread: Vec::new(),
            duties: Vec::new(),
            unit_ids: Vec::new(),
            targets: Vec::new(),
        };
        builder.issued = parsed
            .head
            .date
            .unwrap_or_else(|| builder.first_year(given.today));
        builder
    }

    fn starts(&self) -> NaiveDate {
        self.since
            .map_or(self.issued, |since| since.min(self.issued))
    }

    fn anchor(&self, measure: Option<usize>, range: Range<usize>) -> Anchor {
        let (start, number) = match measure {
            Some(at) => (
                self.parsed.outline.measures[at].range.start,
                u16::try_from(at + 1).ok(),
            ),
            None => (0, None),
        };
        let words = self
            .parsed
            .text
            .slice(range.start..range.end.min(range.start + MOST_WORDS));
        Anchor {
            measure: number.map(|_| self.number(measure.unwrap_or_default())),
            from: range.start + 1 - start,
            to: range.end - start,
            words,
        }
    }

    /// The number of a measure: as printed, or running where numbers begin again.
    fn number(&self, at: usize) -> u16 {
        let printed = self.parsed.outline.measures[at].printed;
        let number = if self.parsed.outline.restarts {
            u32::try_from(at + 1).unwrap_or(u32::MAX)
        } else {
            printed
        };
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    fn clauses(&self, measure: &MeasureText) -> &'p [Clause] {
        let clauses = &self.parsed.clauses;
        let from = clauses.partition_point(|clause| clause.range.start < measure.range.start);
        let to = clauses.partition_point(|clause| clause.range.start < measure.range.end);
        &clauses[from..to.max(from)]
    }

    /// A target that no words name goes by its measure's title and its place, like no other one.
    fn named(&self, measure: Option<usize>, target: Target) -> Target {
        if !target.name.is_empty() {
            return target;
        }
        let title = measure.map_or(NO_TITLE, |at| {
            self.parsed.outline.measures[at].title.as_str()
        });
        let title: String = title.chars().take(MOST_OWN_NAME).collect();
        let name = format!("{title}-{}", target.range.start);
        let name = name.chars().take(MOST_TARGET_NAME).collect();
        Target {
            name,
            name_cut: true,
            ..target
        }
    }

    fn people(&mut self) {
        let mut known = HashSet::new();
        let all = self
            .led
            .iter()
            .flat_map(|led| led.leads.iter().chain(&led.responsible).copied());
        let concerned: Vec<usize> = all.filter(|unit| known.insert(*unit)).collect();
        self.people = People::place(&self.parsed.roster.people, &mut self.units, &concerned);
        for range in &self.parsed.roster.unread {
            self.unread.push(Unread {
                why: WhyUnread::Person,
                anchor: self.anchor(None, range.clone()),
            });
        }
        for range in &self.parsed.roster.groups {
            self.unread.push(Unread {
                why: WhyUnread::Group,
                anchor: self.anchor(None, range.clone()),
            });
        }
        for post in std::mem::take(&mut self.people.cut) {
            self.unread_words(WhyUnread::Post, post);
        }
        for text in &self.parsed.unread_cells {
            self.unread_words(WhyUnread::TableCell, text.clone());
        }
        for range in &self.parsed.behind {
            self.unread.push(Unread {
                why: WhyUnread::Behind,
                anchor: self.anchor(None, range.clone()),
            });
        }
    }

    /// Lists words that have no place among the signs of the text.
    fn unread_words(&mut self, why: WhyUnread, words: String) {
        let anchor = Anchor {
            measure: None,
            from: 0,
            to: 0,
            words,
        };
        self.unread.push(Unread { why, anchor });
    }

    fn written_indicators(&mut self) {
        for (measure, found) in std::mem::take(&mut self.targets) {
            let id = measure.map(|at| self.number(at).to_string());
            let leads: Vec<(String, String)> = measure.map_or_else(Vec::new, |at| {
                let leads = self.led[at].leads.iter();
                leads
                    .map(|unit| {
                        (
                            self.units.all[*unit].name.clone(),
                            self.unit_ids[*unit].clone(),
                        )
                    })
                    .collect()
            });
            self.gathered.add(id.as_deref(), found, &leads);
        }
        self.general_leads();
    }
}

fn push_all(list: &mut Vec<usize>, more: Vec<usize>) {
    for unit in more {
        if !list.contains(&unit) {
            list.push(unit);
        }
    }
}
