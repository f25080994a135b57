//! What tests of the ledger and of everything above it share: the Rushan plan as a frame, and a ledger told line by line.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;

use super::{
    Act, Actor, Attachment, BaselineAnswer, ENTRY_VERSION, FileId, Frame, Judgement, LedgerEntry,
    Liaison, MilestoneStage, ProgressReport, Settlement, Standing, SupportNeed, Text, Value,
};
use crate::calendar;
use crate::plan::{AdoptionText, DoubtSubject, Settings, TaskKind};

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");
const HOLIDAYS: [(i32, &str); 3] = [
    (2024, include_str!("../../config/holidays/2024.toml")),
    (2025, include_str!("../../config/holidays/2025.toml")),
    (2026, include_str!("../../config/holidays/2026.toml")),
];

static FRAME: LazyLock<Frame> = LazyLock::new(|| frame_of(RUSHAN));

/// The Rushan plan with default settings and the tables of 2024 to 2026.
pub(crate) fn rushan() -> &'static Frame {
    &FRAME
}

/// A plan file as an adopted frame with default settings and the tables of 2024 to 2026.
pub(crate) fn frame_of(plan: &str) -> Frame {
    let holidays = HOLIDAYS.map(|(year, table)| (year, table.to_owned()));
    let text = AdoptionText::new(plan.to_owned(), &Settings::default(), holidays.into());
    Frame::read(&text).expect("the test's texts have no mistakes")
}

/// The Rushan plan with words of its file replaced.
pub(crate) fn rushan_with(replacements: &[(&str, &str)]) -> Frame {
    let mut source = RUSHAN.to_owned();
    for (old, new) in replacements {
        assert!(source.contains(old), "the plan file has no {old}");
        source = source.replacen(old, new, 1);
    }
    frame_of(&source)
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test writes dates as 2026-11-23")
}

/// A local time, as in `2026-11-23 09:00`; a date alone is 16:00, the digest's time.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    let (date, time) = text.split_once(' ').unwrap_or((text, "16:00"));
    let time = NaiveTime::parse_from_str(time, "%H:%M").expect("a test writes times as 09:00");
    calendar::instant(day(date), time)
}

pub(crate) fn text(words: &str) -> Text {
    Text::new(words, [7; 16])
}

/// A report with a value and a judgement; everything else empty.
pub(crate) fn report(task: &str, value: Value, judgement: Judgement) -> ProgressReport {
    ProgressReport::new(task.into(), String::new(), value, judgement)
}

/// A file as a member sends it: without a name a photo.
pub(crate) fn attached(name: Option<&str>) -> Attachment {
    let mime = match name {
        Some(_) => "application/pdf",
        None => "image/jpeg",
    };
    Attachment {
        file_id: FileId::new("file", [7; 16]),
        file_unique_id: FileId::new("unique", [7; 16]),
        name: name.map(text),
        mime: mime.to_owned(),
        size: Some(1024),
    }
}

/// A ledger told in order.
pub(crate) struct Story<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) entries: Vec<LedgerEntry>,
    now: DateTime<Utc>,
}

impl<'a> Story<'a> {
    /// A story that adopts the frame and goes live on 2026-11-23 at 10:00.
    pub(crate) fn live(frame: &'a Frame) -> Self {
        let mut story = Self::new(frame);
        story.now("2026-11-23 10:00");
        story.act(Act::GroupBound {
            chat: -100,
            thread: None,
        });
        story.by("luan-pin", Act::WentLive);
        story
    }

    pub(crate) fn new(frame: &'a Frame) -> Self {
        let mut story = Self {
            frame,
            entries: Vec::new(),
            now: at("2026-11-20 09:00"),
        };
        story.act(Act::Adopted {
            adoption: frame.adoption,
        });
        story
    }

    pub(crate) fn now(&mut self, when: &str) {
        self.now = at(when);
    }

    pub(crate) fn act(&mut self, act: Act) -> u64 {
        self.append(Actor::Bot, act)
    }

    pub(crate) fn by(&mut self, person: &str, act: Act) -> u64 {
        self.append(Actor::Person(person.into()), act)
    }

    fn append(&mut self, by: Actor, act: Act) -> u64 {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(LedgerEntry {
            seq,
            at: self.now,
            version: ENTRY_VERSION,
            by,
            act,
        });
        seq
    }

    /// Settles every doubt but those about the tasks in `open` as proposed.
    pub(crate) fn settle_all_but(&mut self, open: &[&str]) {
        for doubt in &self.frame.plan.doubts {
            let task = match &doubt.about {
                DoubtSubject::Indicator(task) => Some(task.clone()),
                DoubtSubject::Measure(_) | DoubtSubject::Unit(_) | DoubtSubject::TaskForce => None,
            };
            if task
                .as_ref()
                .is_some_and(|task| open.contains(&task.as_str()))
            {
                continue;
            }
            let settled = Act::TermsSettled {
                doubt: Some(doubt.id.clone()),
                task,
                how: Settlement::AsProposed(doubt.sets.clone()),
                basis: None,
            };
            self.by("luan-pin", settled);
        }
    }

    /// Files a report in the period of the day, in the name of the unit's person or, without one, of the office.
    pub(crate) fn file(&mut self, mut report: ProgressReport) -> u64 {
        let today = calendar::date_of(self.now);
        let view = self.frame.task_view(&self.standing(), &report.task, today);
        let view = view.expect("a test files tasks of the plan");
        if report.period.is_empty() {
            report.period = self.frame.period(&view, today).id;
        }
        let filer = view.filer(self.frame).cloned();
        let by = filer.unwrap_or_else(|| self.frame.plan.task_force.office_chief.clone());
        self.append(Actor::Person(by), Act::Answered(report.into()))
    }

    /// `6-1 9 正常`-like: task, value in the shown unit (or a stage, or `-`), judgement.
    pub(crate) fn answer(&mut self, task: &str, value: &str, judgement: Judgement) -> u64 {
        let value = self.value(task, value);
        self.file(report(task, value, judgement))
    }

    /// A baseline answer: reached on a day (or not said), or not reached with a date wanted.
    pub(crate) fn baseline(&mut self, task: &str, value: &str, answer: BaselineAnswer) -> u64 {
        let judgement = match answer {
            BaselineAnswer::Reached { .. } => Judgement::Done,
            BaselineAnswer::NotReached { .. } => Judgement::Difficult,
        };
        let value = self.value(task, value);
        self.file(ProgressReport {
            baseline: Some(answer),
            ..report(task, value, judgement)
        })
    }

    pub(crate) fn ask_help(&mut self, task: &str, value: &str, unit: &str, what: &str) -> u64 {
        let value = self.value(task, value);
        self.file(ProgressReport {
            support_needed: Some(SupportNeed {
                unit: Some(unit.into()),
                what: text(what),
            }),
            ..report(task, value, Judgement::Difficult)
        })
    }

    fn value(&self, task: &str, value: &str) -> Value {
        match value {
            "-" => Value::None,
            "not-started" => Value::Stage(MilestoneStage::NotStarted),
            "underway" => Value::Stage(MilestoneStage::Underway),
            "completed" => Value::Stage(MilestoneStage::Completed),
            number => {
                let number: Decimal = number.parse().expect("a number, a stage or -");
                let indicator = self.frame.plan.indicator(&task.into());
                let unit = &indicator
                    .expect("only targets have numbers")
                    .unit_of_measure;
                Value::Number(unit.to_base(number).expect("a small number"))
            }
        }
    }

    pub(crate) fn standing(&self) -> Standing {
        Standing::fold(&self.entries)
    }

    /// The standing as it was at that moment.
    pub(crate) fn standing_at(&self, when: &str) -> Standing {
        let until = at(when);
        Standing::fold(self.entries.iter().take_while(|entry| entry.at <= until))
    }
}

pub(crate) fn reached(on: &str) -> BaselineAnswer {
    BaselineAnswer::Reached { on: Some(day(on)) }
}

pub(crate) fn not_reached(why: &str, wanted: Option<&str>) -> BaselineAnswer {
    BaselineAnswer::NotReached {
        reason: text(why),
        wanted: wanted.map(day),
    }
}

/// A plan of so many targets in measures of ten, all with one unit; for tests of size.
pub(crate) fn huge(targets: usize) -> String {
    use std::fmt::Write as _;
    let mut plan = String::from(
        "[task_force]\nid = \"huge\"\nname = \"大专班\"\nshort_name = \"大\"\nstarts = 2026-01-01\nends = 2027-12-31\noffice_chief = \"p\"\n\
         [[unit]]\nid = \"u\"\nname = \"某局\"\n[[member]]\nid = \"p\"\nname = \"某人\"\npost = \"局长\"\nunits = [\"u\"]\n\
         [[section]]\nid = \"s\"\nnumber = \"一\"\ntitle = \"全部\"\n",
    );
    for measure in 0..targets.div_ceil(10) {
        let number = measure + 1;
        let _ = write!(
            plan,
            "[[measure]]\nid = \"{number}\"\nnumber = {number}\nsection = \"s\"\ntitle = \"举措{number}\"\nsummary = \"做事。\"\nleads = [\"u\"]\n"
        );
    }
    for target in 0..targets {
        let measure = target / 10 + 1;
        let _ = write!(
            plan,
            "[[indicator]]\nid = \"{measure}-{}\"\nmeasure = \"{measure}\"\nname = \"目标{target}\"\nkind = \"stock\"\ncomparator = \">=\"\ntarget = 100\nunit = \"个\"\ndue_as_written = \"到2027年\"\ndue = 2027-12-31\n",
            target % 10 + 1
        );
    }
    plan
}

/// Whether a task is a target.
pub(crate) fn is_target(kind: &TaskKind) -> bool {
    match kind {
        TaskKind::Indicator(_) => true,
        TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => false,
    }
}

/// A liaison for this member: 王芳，科长.
pub fn liaison(member: &str) -> Act {
    Act::LiaisonNamed(Arc::new(Liaison {
        member: member.into(),
        name: text("王芳"),
        post: text("科长"),
        asked: true,
    }))
}
