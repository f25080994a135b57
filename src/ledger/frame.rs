//! The frame of a day: one adoption, parsed. Every result follows from a frame and a standing.

use std::collections::BTreeMap;

use super::entry::Actor;
use crate::calendar::{Calendar, HolidayMistake, HolidayTable};
use crate::plan::{self, AdoptionText, Hash, Mistake, PersonId, Plan, Settings};

/// How mistakes name the parts of an adoption's text.
const PLAN: &str = "adopted plan";
const SETTINGS: &str = "adopted settings";

/// What one adoption fixes, parsed: the plan, its settings and the working calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Hash of the adoption's text.
    pub adoption: Hash,
    /// The plan.
    pub plan: Plan,
    /// Settings that change results.
    pub settings: Settings,
    /// Working days and hours.
    pub calendar: Calendar,
}

/// Why an adoption's text cannot be read, although it was when it was adopted: all mistakes of all its parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrameMistakes {
    /// Of the plan and the settings.
    pub texts: Vec<Mistake>,
    /// Of the holiday tables.
    pub holidays: Vec<HolidayMistake>,
}

impl std::fmt::Display for FrameMistakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |mistake: &Mistake| {
            let Mistake {
                file, line, what, ..
            } = mistake;
            format!("{file}:{line}: {what:?}")
        };
        let all: Vec<String> = self
            .texts
            .iter()
            .map(text)
            .chain(self.holidays.iter().map(ToString::to_string))
            .collect();
        f.write_str(&all.join("; "))
    }
}

impl std::error::Error for FrameMistakes {}

impl Frame {
    /// The frame of an adoption.
    ///
    /// # Errors
    ///
    /// All mistakes of its plan, settings and holiday tables.
    pub fn read(text: &AdoptionText) -> Result<Self, FrameMistakes> {
        let mut mistakes = FrameMistakes::default();
        let plan = kept(plan::read(&text.plan, PLAN), &mut mistakes.texts);
        let settings = kept(
            Settings::read(&text.settings, SETTINGS),
            &mut mistakes.texts,
        );
        let mut tables = BTreeMap::new();
        for (year, source) in &text.holidays {
            let table = HolidayTable::parse(source, &format!("adopted holidays of {year}"));
            tables.extend(kept(table, &mut mistakes.holidays).map(|table| (*year, table)));
        }
        match (plan, settings, mistakes) {
            (Some(plan), Some(settings), mistakes) if mistakes == FrameMistakes::default() => {
                Ok(Self {
                    adoption: text.hash(),
                    plan,
                    calendar: Calendar::new(tables, settings.hours.clone()),
                    settings,
                })
            }
            (_, _, mistakes) => Err(mistakes),
        }
    }

    /// Whether what this actor did or asked is now the person's: their own, or of whom they came after.
    pub fn is_of(&self, by: &Actor, person: &PersonId) -> bool {
        match by {
            Actor::Person(by) => self.plan.current_person(by) == person,
            Actor::Bot | Actor::Host | Actor::Stranger(_) => false,
        }
    }
}

fn kept<T, E>(read: Result<T, Vec<E>>, mistakes: &mut Vec<E>) -> Option<T> {
    read.map_err(|found| mistakes.extend(found)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");
    const HOLIDAYS: &str = include_str!("../../config/holidays/2026.toml");

    #[test]
    fn an_adoption_reads_back_as_the_frame_it_fixes() {
        let settings = Settings {
            last_ping_before: 3,
            ..Settings::default()
        };
        let text = AdoptionText::new(
            RUSHAN.to_owned(),
            &settings,
            [(2026, HOLIDAYS.to_owned())].into(),
        );
        let frame = Frame::read(&text).unwrap();
        assert_eq!(frame.adoption, text.hash());
        assert_eq!(frame.plan.indicators.len(), 29);
        assert_eq!(frame.settings, settings);
        assert!(!frame.calendar.is_provisional(2026));
        assert!(frame.calendar.is_provisional(2027));
    }

    #[test]
    fn a_text_that_no_longer_reads_names_every_mistake() {
        let text = AdoptionText {
            plan: "nonsense".to_owned(),
            settings: "slot = 9".to_owned(),
            holidays: [(2026, "year = 2026".to_owned())].into(),
        };
        let mistakes = Frame::read(&text).unwrap_err();
        let files: Vec<&str> = mistakes.texts.iter().map(|m| m.file.as_str()).collect();
        assert!(
            files.contains(&PLAN) && files.contains(&SETTINGS),
            "{mistakes}"
        );
        assert_eq!(mistakes.holidays.len(), 1);
    }
}
