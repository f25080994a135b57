//! The draft itself: units, sections, measures and the frame, each within what a plan file takes.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::{Builder, MOST_NAME, MOST_NUMBER, MOST_SUMMARY, MOST_TITLE, MOST_WORDS};
use crate::import::draft::ids::Ids;
use crate::import::draft::vocabulary::{FORCE, NO_TITLE, ONLY_SECTION};
use crate::import::draft::{Draft, DraftMeasure, DraftSection, DraftUnit, Remark, RemarkKind, Why};
use crate::import::head;
use crate::import::outline::MeasureText;
use crate::import::vocabulary::{COMMA, ENDS, as_numeral};
use crate::plan::Rhythm;

impl Builder<'_> {
    pub(super) fn finish(mut self) -> Draft {
        let office = self
            .office
            .map(|unit| (unit, self.units.all[unit].name.clone()));
        let named = head::chief_words(&self.parsed.text);
        let rostered = !self.people.all.is_empty();
        let (chief, basis) = self.people.office_chief(office, named.as_deref());
        let units = self.named_units();
        let members = self.people.members(&mut Ids::default(), &self.unit_ids);
        let sections = self.sections();
        let measures = self.written_measures(&sections);
        self.written_indicators();
        let ends = self.ends();
        self.gathered.close(ends);
        let head = &self.parsed.head;
        let (name, inferred) = self.force_name();
        self.frame_doubts(
            inferred,
            members.get(chief).map_or("", |it| &it.name),
            basis.as_ref(),
        );
        if rostered {
            self.unit_doubts();
        }
        self.like_units();
        self.document_remarks();
        let cut = |text: &str| text.chars().take(MOST_NAME).collect::<String>();
        let mut doubts = std::mem::take(&mut self.doubts);
        doubts.append(&mut self.gathered.doubts);
        self.remarks.append(&mut self.gathered.remarks);
        let used: HashSet<String> = measures.iter().map(|it| it.section.clone()).collect();
        Draft {
            id: Ids::default().place(&head.place),
            short_name: cut(&head::short_force(&name)),
            name: cut(&name),
            title: head.title.clone(),
            body: head.body.clone(),
            number: head.number.clone(),
            starts: self.starts(),
            ends,
            office_chief: members
                .get(chief)
                .map_or_else(String::new, |it| it.id.clone()),
            office_chief_inferred: basis,
            office_staff: self
                .people
                .staff
                .iter()
                .filter(|at| **at != chief)
                .map(|at| members[*at].id.clone())
                .collect(),
            units,
            members,
            sections: sections
                .into_iter()
                .filter(|section| used.contains(&section.id))
                .collect(),
            measures,
            indicators: self.gathered.indicators,
            doubts,
            remarks: self.remarks,
            duties: self.duties,
            unread: self.unread,
        }
    }

    /// Units with ids and short names; no name stands for two of them.
    pub(super) fn named_units(&mut self) -> Vec<DraftUnit> {
        let (mut ids, mut taken) = (Ids::default(), HashSet::new());
        for unit in &self.units.all {
            taken.insert(unit.name.to_lowercase());
        }
        let mut written = Vec::new();
        for unit in &self.units.all {
            let mut free = |name: &String| taken.insert(name.to_lowercase());
            let short_name = self.units.short(&unit.name).filter(&mut free);
            let aliases: Vec<String> = unit
                .aliases
                .iter()
                .filter(|alias| short_name.as_ref() == Some(alias) || free(alias))
                .filter(|alias| short_name.as_ref() != Some(alias))
                .cloned()
                .collect();
            let id = ids.unit(short_name.as_deref().unwrap_or(&unit.name));
            self.unit_ids.push(id.clone());
            written.push(DraftUnit {
                id,
                name: unit.name.clone(),
                short_name,
                aliases,
                collective: unit.collective,
                filer: None,
            });
        }
        written
    }

    /// The sections of the text, and one for measures that stand in none.
    pub(super) fn sections(&mut self) -> Vec<DraftSection> {
        let outline = &self.parsed.outline;
        let mut sections: Vec<DraftSection> = Vec::new();
        let mut numbers = HashSet::new();
        let mut ids = HashSet::new();
        for (at, section) in outline.sections.iter().enumerate() {
            let mut number: String = section.number.chars().take(MOST_NUMBER - 6).collect();
            if !numbers.insert(number.clone()) {
                number = format!("{number}-{}", at + 1);
                numbers.insert(number.clone());
            }
            let id = format!("s{}", section.value);
            let id = if ids.insert(id.clone()) {
                id
            } else {
                format!("s{}-{}", section.value, at + 1)
            };
            let title: String = section.title.chars().take(MOST_TITLE).collect();
            let title = if title.is_empty() {
                number.clone()
            } else {
                title
            };
            sections.push(DraftSection { id, number, title });
        }
        if sections.is_empty()
            || outline
                .measures
                .iter()
                .any(|measure| measure.section.is_none())
        {
            let number = if numbers.contains(ONLY_SECTION) {
                as_numeral(u32::try_from(sections.len()).unwrap_or(0) + 100)
            } else {
                ONLY_SECTION.to_owned()
            };
            let title: String = self.title().chars().take(MOST_TITLE).collect();
            sections.push(DraftSection {
                id: "s0".to_owned(),
                number,
                title,
            });
            self.remarks.push(Remark {
                what: RemarkKind::NoSections,
                anchor: None,
            });
        }
        sections
    }

    pub(super) fn title(&self) -> &str {
        if self.parsed.head.title.is_empty() {
            NO_TITLE
        } else {
            &self.parsed.head.title
        }
    }

    pub(super) fn written_measures(&mut self, sections: &[DraftSection]) -> Vec<DraftMeasure> {
        let mut written = Vec::new();
        let mut remarks = Vec::new();
        for (at, (measure, led)) in self
            .parsed
            .outline
            .measures
            .iter()
            .zip(&self.led)
            .enumerate()
        {
            let number = self.number(at);
            let ids = |units: &[usize]| {
                units
                    .iter()
                    .map(|unit| self.unit_ids[*unit].clone())
                    .collect()
            };
            let anchor = || {
                Some(self.anchor(
                    Some(at),
                    measure.range.start..measure.range.end.min(measure.range.start + MOST_WORDS),
                ))
            };
            if measure.title_cut || measure.title.chars().count() > MOST_TITLE {
                remarks.push(Remark {
                    what: RemarkKind::TitleCut,
                    anchor: anchor(),
                });
            }
            if measure.skipped > 0 && !self.parsed.outline.restarts {
                remarks.push(Remark {
                    what: RemarkKind::Skipped {
                        count: measure.skipped,
                    },
                    anchor: anchor(),
                });
            }
            let title: String = measure.title.chars().take(MOST_TITLE).collect();
            let title = if title.is_empty() {
                number.to_string()
            } else {
                title
            };
            written.push(DraftMeasure {
                id: number.to_string(),
                number,
                section: measure
                    .section
                    .map_or("s0".to_owned(), |section| sections[section].id.clone()),
                summary: self.summary(measure).unwrap_or_else(|| title.clone()),
                title,
                leads: ids(&led.leads),
                responsible: ids(&led.responsible),
                rhythm: Rhythm::Monthly,
            });
        }
        self.remarks.append(&mut remarks);
        written
    }

    /// The first sentence behind the title.
    pub(super) fn summary(&self, measure: &MeasureText) -> Option<String> {
        let clause = self
            .clauses(measure)
            .iter()
            .map(|clause| clause.range.start)
            .find(|at| *at >= measure.body.start);
        let end = clause.unwrap_or(measure.body.end).min(measure.body.end);
        let range = measure.body.start..end.max(measure.body.start);
        let sentence = range
            .clone()
            .find(|at| ENDS.contains(&self.parsed.text.chars[*at]))
            .map_or(range.end, |at| at + 1);
        let most = range.start + MOST_SUMMARY;
        let comma = (range.start..most.min(sentence))
            .rev()
            .find(|at| self.parsed.text.chars[*at] == COMMA);
        let end = if sentence > most {
            comma.unwrap_or(most)
        } else {
            sentence
        };
        let text = self.parsed.text.slice(range.start..end);
        let text = text.trim_end_matches(ENDS).to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// The last deadline; the year's end where none is written.
    pub(super) fn ends(&mut self) -> NaiveDate {
        let last = self
            .gathered
            .indicators
            .iter()
            .filter_map(|it| it.due)
            .max();
        if last.is_none() {
            self.doubt_force("ends", Why::NoEnd);
        }
        last.or_else(|| NaiveDate::from_ymd_opt(self.issued.year(), 12, 31))
            .unwrap_or(self.issued)
            .max(self.starts())
    }

    pub(super) fn force_name(&self) -> (String, bool) {
        let head = &self.parsed.head;
        match head::task_force(&self.parsed.text, &head.place) {
            Some(name) => (name, false),
            None => (
                head::subject(self.title(), &head.place)
                    .chars()
                    .take(MOST_NAME - 4)
                    .collect::<String>()
                    + FORCE,
                true,
            ),
        }
    }
}
