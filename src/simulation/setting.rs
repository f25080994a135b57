//! A random task force: its plan file, settings and holiday tables, and when its story begins.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use fastrand::Rng;

use super::vocabulary as words;
use crate::calendar;
use crate::plan::{AdoptionText, Settings, TaskForceId};

/// The one task force of a simulation.
pub const TASK_FORCE: &str = "sim";

/// Stories begin on a Monday within so many weeks of this one.
const FIRST_MONDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("it is a date");
const WEEKS_OF_STARTS: u64 = 60;

/// A task force before anything happened.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Everybody on the roster; the first is the leader, the second the deputy leader, the third the office chief.
    pub roster: Vec<Person>,
    /// Ids of the plan's targets and measures, for whoever names one.
    pub items: Vec<String>,
    /// Names of the units.
    pub units: Vec<String>,
    /// The plan file.
    pub plan: String,
    /// Settings.
    pub settings: Settings,
    /// Holiday tables by year.
    pub holidays: BTreeMap<i32, String>,
    /// A Monday before work begins.
    pub starts_at: DateTime<Utc>,
}

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id in the plan file.
    pub id: String,
    /// Name.
    pub name: String,
    /// Place of the unit in the plan file; none for the leaders.
    pub unit: Option<usize>,
}

/// A number drawn below `bound`.
pub fn below(rng: &mut Rng, bound: usize) -> usize {
    rng.usize(..bound.max(1))
}

/// One of several.
pub fn one_of<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    all[below(rng, all.len())]
}

/// True so many times in a hundred.
pub fn percent(rng: &mut Rng, chance: u32) -> bool {
    rng.u32(..100) < chance
}

impl Setting {
    /// Draws a task force of so many people (at least four) whose story goes on for so many days.
    pub fn draw(rng: &mut Rng, people: usize, days: u64) -> Self {
        let monday = FIRST_MONDAY + Days::new(7 * rng.u64(..WEEKS_OF_STARTS));
        let starts_at = calendar::instant(
            monday,
            NaiveTime::from_hms_opt(8, 0, 0).expect("a time of day"),
        );
        let roster = roster(rng, people.max(4));
        let mut draft = Draft {
            rng,
            monday,
            ends: monday + Days::new(days + 400),
            names: Vec::new(),
            units: roster
                .iter()
                .filter_map(|person| person.unit)
                .max()
                .map_or(1, |most| most + 1),
            items: Vec::new(),
            plan: String::new(),
        };
        draft.task_force(&roster);
        draft.measures();
        let (items, plan, units) = (draft.items, draft.plan, draft.names);
        Self {
            settings: settings(rng),
            holidays: holidays(rng, monday, days),
            roster,
            items,
            units,
            plan,
            starts_at,
        }
    }

    /// What the program finds in its configuration folder.
    pub fn adoptions(&self) -> Vec<(TaskForceId, AdoptionText)> {
        let text = AdoptionText::new(self.plan.clone(), &self.settings, self.holidays.clone());
        vec![(TaskForceId::from(TASK_FORCE), text)]
    }
}

fn roster(rng: &mut Rng, people: usize) -> Vec<Person> {
    let mut roster: Vec<Person> = Vec::new();
    let mut units = 0;
    for number in 0..people {
        let mut name = format!(
            "{}{}",
            one_of(rng, &words::FAMILY),
            one_of(rng, &words::GIVEN)
        );
        while roster.iter().any(|person| person.name == name) {
            name.push_str(one_of(rng, &words::GIVEN));
        }
        // Now and then two people stand for one unit.
        let unit = match number {
            0 | 1 => None,
            _ if units > 1 && percent(rng, 20) => Some(below(rng, units)),
            _ => {
                units += 1;
                Some(units - 1)
            }
        };
        roster.push(Person {
            id: format!("p-{number}"),
            name,
            unit,
        });
    }
    roster
}

/// A plan file while it is written.
struct Draft<'a> {
    rng: &'a mut Rng,
    monday: NaiveDate,
    ends: NaiveDate,
    units: usize,
    names: Vec<String>,
    items: Vec<String>,
    plan: String,
}

impl Draft<'_> {
    fn line(&mut self, line: &str) {
        self.plan.push_str(line);
        self.plan.push('\n');
    }

    fn task_force(&mut self, roster: &[Person]) {
        let starts = self.monday - Days::new(200);
        let (ends, name) = (self.ends, words::TASK_FORCE);
        let staff = if roster.len() > 5 && percent(self.rng, 50) {
            "office_staff = [\"p-4\"]\n"
        } else {
            ""
        };
        self.line(&format!(
            "[task_force]\nid = \"{TASK_FORCE}\"\nname = \"{name}\"\nstarts = {starts}\nends = {ends}\noffice_chief = \"p-2\"\n{staff}"
        ));
        for unit in 0..self.units {
            let field = words::FIELDS[unit % words::FIELDS.len()];
            let number = match unit / words::FIELDS.len() {
                0 => String::new(),
                more => more.to_string(),
            };
            let name = format!("{field}{number}{}", words::BUREAU);
            self.line(&format!("[[unit]]\nid = \"u{unit}\"\nname = \"{name}\"\n"));
            self.names.push(name);
        }
        for (number, person) in roster.iter().enumerate() {
            let (id, name, post) = (&person.id, &person.name, words::POST);
            let place = match (number, person.unit) {
                (0, _) => "role = \"leader\"".to_owned(),
                (1, _) => "role = \"deputy_leader\"".to_owned(),
                (_, unit) => format!("units = [\"u{}\"]", unit.unwrap_or_default()),
            };
            self.line(&format!(
                "[[member]]\nid = \"{id}\"\nname = \"{name}\"\npost = \"{post}\"\n{place}\n"
            ));
        }
        self.line("[[section]]\nid = \"s1\"\nnumber = \"1\"\ntitle = \"1\"\n");
    }

    fn measures(&mut self) {
        let count = 1 + below(self.rng, self.units + 2);
        for measure in 1..=count {
            let lead = below(self.rng, self.units);
            let second = below(self.rng, self.units);
            let leads = match second != lead && percent(self.rng, 25) {
                true => format!("\"u{lead}\", \"u{second}\""),
                false => format!("\"u{lead}\""),
            };
            let other = below(self.rng, self.units);
            let responsible = match other != lead && other != second && percent(self.rng, 40) {
                true => format!("responsible = [\"u{other}\"]\n"),
                false => String::new(),
            };
            let title = one_of(self.rng, &words::SUBJECTS);
            let rhythm = self.rhythm();
            self.line(&format!(
                "[[measure]]\nid = \"{measure}\"\nnumber = {measure}\nsection = \"s1\"\ntitle = \"{title}\"\nsummary = \"{title}\"\nleads = [{leads}]\n{responsible}{rhythm}"
            ));
            self.items.push(measure.to_string());
            for target in 1..=below(self.rng, 4) {
                self.target(measure, target);
            }
        }
    }

    fn rhythm(&mut self) -> &'static str {
        one_of(
            self.rng,
            &[
                "rhythm = \"weekly\"\n",
                "rhythm = \"two_weekly\"\n",
                "rhythm = \"monthly\"\n",
                "",
            ],
        )
    }

    fn target(&mut self, measure: usize, target: usize) {
        let id = format!("{measure}-{target}");
        let name = one_of(self.rng, &words::SUBJECTS);
        let kind = one_of(self.rng, &["stock", "flow", "level", "milestone"]);
        let mut text = format!(
            "[[indicator]]\nid = \"{id}\"\nmeasure = \"{measure}\"\nname = \"{name}\"\nkind = \"{kind}\"\n"
        );
        if kind != "milestone" {
            let comparator = one_of(self.rng, &[">", ">=", "<=", "=", "~"]);
            let (value, unit) = (1 + self.rng.u32(..500), one_of(self.rng, &words::MEASURES));
            let _ = write!(
                text,
                "comparator = \"{comparator}\"\ntarget = {value}\nunit = \"{unit}\"\n"
            );
            if percent(self.rng, 30) {
                let _ = writeln!(text, "baseline = {}", self.rng.u32(..value));
            }
        }
        // Some are past before the beginning, most fall due soon, a few much later.
        if percent(self.rng, 85) {
            let due = self.monday + Days::new(self.rng.u64(..90)) - Days::new(25);
            let _ = writeln!(text, "due = {due}");
            if percent(self.rng, 15) {
                text.push_str("recurrence = \"yearly\"\n");
            }
        }
        text.push_str(self.rhythm());
        self.line(&text);
        if percent(self.rng, 15) {
            let (question, proposal) = words::DOUBT;
            self.line(&format!(
                "[[doubt]]\nid = \"d-{id}\"\nindicator = \"{id}\"\nquestion = \"{question}\"\nproposal = \"{proposal}\"\n"
            ));
        }
        self.items.push(id);
    }
}

/// Settings as an office may like them.
pub fn settings(rng: &mut Rng) -> Settings {
    let mut settings = Settings {
        group_line: percent(rng, 70),
        // Drawing takes time and decides nothing.
        digest_board: false,
        ..Settings::default()
    };
    settings.pings_a_day = 1 + rng.u16(..2);
    settings.pings_a_week = 2 + rng.u16(..2);
    settings.ladder.overdue_every = 2 + rng.u16(..5);
    settings
}

/// Holiday tables of the years the story touches: a stretch of days off here and there, some with make-up days.
pub fn holidays(rng: &mut Rng, monday: NaiveDate, days: u64) -> BTreeMap<i32, String> {
    let mut tables: BTreeMap<i32, String> = BTreeMap::new();
    let mut free = monday + Days::new(2);
    let last = monday + Days::new(days + 60);
    while free < last {
        let from = free + Days::new(rng.u64(..20));
        let to = from + Days::new(rng.u64(..5));
        let saturday = (1..8)
            .map(|after| to + Days::new(after))
            .find(|day| day.weekday() == Weekday::Sat);
        let make_up = saturday.filter(|day| percent(rng, 50) && day.year() == from.year());
        let make_up = make_up.map_or_else(String::new, |day| day.to_string());
        free = to + Days::new(9);
        if to.year() != from.year() || percent(rng, 30) {
            continue;
        }
        let year = from.year();
        let table = tables
            .entry(year)
            .or_insert_with(|| format!("year = {year}\n"));
        let name = words::HOLIDAY;
        let _ = writeln!(
            table,
            "\n[[holiday]]\nname = \"{name}\"\nfrom = {from}\nto = {to}\nmake_up = [{make_up}]"
        );
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Frame;

    #[test]
    fn every_task_force_drawn_reads_without_a_mistake() {
        for seed in 0..300 {
            let mut rng = Rng::with_seed(seed);
            let people = 2 + below(&mut rng, 30);
            let setting = Setting::draw(&mut rng, people, 60);
            let [(_, text)] = setting.adoptions().try_into().unwrap();
            let frame = Frame::read(&text)
                .unwrap_or_else(|error| panic!("{seed}: {error}\n{}", setting.plan));
            assert_eq!(frame.plan.members.len(), people.max(4));
        }
    }
}
