//! The draft of a plan file: what the text says in the terms of the plan, with every doubt and where it comes from.

mod build;
mod ids;
mod matching;
mod people;
mod targets;
mod update;

mod vocabulary;

pub(super) use build::build;
pub use update::update;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::target::WhyPassed;
use crate::plan::{Comparator, IndicatorKind, PaceCurve, Recurrence, Rhythm, Role};

/// Where something stands: signs of a measure's text, or of what stands outside the measures, white space not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The measure; none for the rest of the document.
    pub measure: Option<u16>,
    /// First sign, from 1, counted from the title's first sign, or from the document's.
    pub from: usize,
    /// Last sign.
    pub to: usize,
    /// The words there.
    pub words: String,
}

/// A draft of a plan file.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Id of the task force.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its short name.
    pub short_name: String,
    /// Title of the document.
    pub title: String,
    /// Who issued it; empty where it does not say.
    pub body: String,
    /// Its number; empty where it has none.
    pub number: String,
    /// The day it was published.
    pub starts: NaiveDate,
    /// The last deadline.
    pub ends: NaiveDate,
    /// Id of the office chief.
    pub office_chief: String,
    /// Whether the document does not name one.
    pub office_chief_inferred: Option<ChiefBasis>,
    /// Ids of the office's further people.
    pub office_staff: Vec<String>,
    /// Units in the order of the text.
    pub units: Vec<DraftUnit>,
    /// The roster.
    pub members: Vec<DraftMember>,
    /// Sections.
    pub sections: Vec<DraftSection>,
    /// Measures.
    pub measures: Vec<DraftMeasure>,
    /// Targets: general ones first.
    pub indicators: Vec<DraftIndicator>,
    /// What the office must settle.
    pub doubts: Vec<DraftDoubt>,
    /// What was inferred and needs a look, but no settlement.
    pub remarks: Vec<Remark>,
    /// Duties of the task force and its office in full: a plan file has no place for them but its comments.
    pub duties: Vec<Anchor>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// A unit of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftUnit {
    /// Id.
    pub id: String,
    /// As in the text.
    pub name: String,
    /// Short name, if the table has one.
    pub short_name: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// Whether it stands for many.
    pub collective: bool,
    /// Who is asked, if that is not its first member.
    pub filer: Option<String>,
}

/// A person of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMember {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Post as published; empty where there is none.
    pub post: String,
    /// Ids of the units.
    pub units: Vec<String>,
    /// Role.
    pub role: Role,
}

/// A section of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSection {
    /// Id.
    pub id: String,
    /// As printed.
    pub number: String,
    /// Title; empty where the text has no sections.
    pub title: String,
}

/// A measure of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMeasure {
    /// Id.
    pub id: String,
    /// Number.
    pub number: u16,
    /// Id of its section.
    pub section: String,
    /// Title.
    pub title: String,
    /// Its first sentence, for the clerk to put in other words.
    pub summary: String,
    /// Ids of the leading units.
    pub leads: Vec<String>,
    /// Ids of the units that take part.
    pub responsible: Vec<String>,
    /// How often it is asked.
    pub rhythm: Rhythm,
}

/// A target of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftIndicator {
    /// Id.
    pub id: String,
    /// Id of its measure; none for a general target.
    pub measure: Option<String>,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: IndicatorKind,
    /// Comparator.
    pub comparator: Comparator,
    /// In the shown unit; none for a milestone.
    pub target: Option<Decimal>,
    /// Unit of measure.
    pub unit: String,
    /// Year a change is counted from.
    pub base_year: Option<i32>,
    /// Baseline, in the shown unit: from 由…提高到, or from an older plan.
    pub baseline: Option<Decimal>,
    /// Deadline in the words of the text.
    pub due_as_written: Option<String>,
    /// Deadline.
    pub due: Option<NaiveDate>,
    /// Recurrence.
    pub recurrence: Recurrence,
    /// Expected progress; only from an older plan.
    pub pace: PaceCurve,
    /// Who files it, if that is not the measure's first leading unit; only from an older plan.
    pub filing_lead: Option<String>,
    /// The target whose answer serves this one too.
    pub fact: Option<String>,
    /// How often it is asked.
    pub rhythm: Rhythm,
    /// Where it stands.
    pub anchor: Anchor,
}

/// What a doubt is about, by id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum About {
    /// A target.
    Indicator(String),
    /// A measure.
    Measure(String),
    /// A unit.
    Unit(String),
    /// The task force.
    TaskForce,
}

/// A doubt with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftDoubt {
    /// Id.
    pub id: String,
    /// What it is about.
    pub about: About,
    /// Why.
    pub why: Why,
    /// Where it comes from.
    pub anchor: Option<Anchor>,
    /// The filing unit that the proposal sets.
    pub filing_lead: Option<String>,
    /// The deadline that the proposal sets.
    pub due: Option<NaiveDate>,
    /// The baseline that it sets, in the shown unit; only from an older plan.
    pub baseline: Option<Decimal>,
}

impl DraftDoubt {
    /// A doubt whose proposal sets nothing.
    fn new(id: String, about: About, why: Why, anchor: Option<Anchor>) -> Self {
        Self {
            id,
            about,
            why,
            anchor,
            filing_lead: None,
            due: None,
            baseline: None,
        }
    }
}

/// On what the office chief rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChiefBasis {
    /// The first of the unit where the office sits, by its name.
    OfficeUnit(String),
    /// The first on the roster who may head it.
    First,
    /// Nobody is on the roster: a seat to be filled.
    Nobody,
    /// As an older plan says, in its words.
    Older(String),
}

/// Why something is doubtful. Units and people by the name that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The document does not name the office chief.
    ChiefUnnamed {
        /// Who is proposed.
        proposed: String,
        /// On what that rests.
        basis: ChiefBasis,
    },
    /// The document has no date of issue.
    NoDate,
    /// The name of the task force was made out of the title.
    ForceNamed,
    /// No deadline is written anywhere, so the end is the year's.
    NoEnd,
    /// A measure has no responsibility clause.
    NoClause {
        /// The unit taken.
        unit: String,
    },
    /// A clause names nobody as leading; the first one was taken.
    LeadInferred {
        /// The unit taken.
        unit: String,
    },
    /// 等部门: others are not named.
    AndOthers,
    /// 有关部门: nobody is named.
    Vague {
        /// As written.
        name: String,
    },
    /// What stands where a unit should does not look like one.
    OddUnit {
        /// As written.
        name: String,
    },
    /// The same in a rule for all measures.
    OddEverywhere {
        /// As written.
        name: String,
    },
    /// A general target names no unit.
    GeneralLead {
        /// The unit proposed.
        unit: String,
    },
    /// Several units lead and none is named for this target.
    SeveralLeads {
        /// The unit proposed.
        unit: String,
        /// How many lead.
        leads: usize,
    },
    /// No deadline is written; the plan's end is proposed.
    NoDue,
    /// A deadline without a year.
    YearInferred,
    /// A change against a year whose value is not given.
    BaseUnknown {
        /// The year.
        year: i32,
    },
    /// A change against the year before.
    BaseInferred {
        /// The year it was taken for.
        year: i32,
    },
    /// 力争.
    Striven,
    /// 低于 was read as at most.
    Below,
    /// Of a range the lower end was taken.
    LowerEnd,
    /// It is not said whether the number is the year's or all years' together.
    FlowOrStock,
    /// About so much, without a range.
    About,
    /// A ratio whose period is not said.
    Ratio,
    /// The same number stands in another place.
    Twice {
        /// The other target's id.
        other: String,
    },
    /// A unit that leads has nobody on the roster.
    NobodyOfUnit,
    /// A unit stands for many and has nobody on the roster.
    CollectiveUnit,
    /// A unit on the roster stands under no measure.
    IdleUnit,
    /// Another unit's name is nearly the same; both stand.
    MaybeSame {
        /// The other unit's name.
        other: String,
    },
    /// The roster writes a unit's name in another way.
    SpelledOtherwise {
        /// As on the roster.
        name: String,
        /// Who files then.
        person: String,
    },
    /// Somebody of another unit stands for one that has nobody.
    StandsFor {
        /// The other unit.
        name: String,
        /// The person.
        person: String,
    },
    /// Whose people these are is not said.
    UnitUnknown {
        /// Their names.
        people: Vec<String>,
    },
    /// A doubt of an older plan, in its words.
    Older {
        /// The question.
        question: String,
        /// The proposal.
        proposal: String,
    },
}

/// What was inferred and needs a look, but no settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub what: RemarkKind,
    /// Where.
    pub anchor: Option<Anchor>,
}

/// A kind of remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemarkKind {
    /// Traditional characters were read as simplified ones.
    Traditional,
    /// Numbers begin again in every section and were made to run through.
    Renumbered,
    /// Numbers are missing in the row before this measure.
    Skipped {
        /// How many.
        count: u32,
    },
    /// The text has no sections.
    NoSections,
    /// A title was cut out of a sentence, or was too long.
    TitleCut,
    /// A target's name was cut or taken from its neighbourhood.
    NameCut {
        /// The target's id.
        id: String,
    },
    /// A milestone, since there is no number.
    Milestone {
        /// The target's id.
        id: String,
    },
    /// A unit takes part in all measures by a rule of the text.
    Everywhere {
        /// Its name.
        unit: String,
    },
    /// Units of one name in several spellings.
    Alias {
        /// The unit's name.
        unit: String,
        /// The other spelling.
        alias: String,
    },
    /// A measure's responsibility was taken from a sentence that has neither label nor bracket.
    Unlabelled {
        /// The measure's number.
        measure: u16,
    },
    /// Running heads and feet that were left out, and how many lines.
    Running {
        /// Lines.
        lines: usize,
    },
    /// The text says that the first of a list leads, and so it was read.
    FirstLeads,
    /// A measure's responsibility was taken from a table.
    FromTable {
        /// The measure's number.
        measure: u16,
    },
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub why: WhyUnread,
    /// Where.
    pub anchor: Anchor,
}

/// Why something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyUnread {
    /// A number that is no target.
    Number(WhyPassed),
    /// Somebody on the roster.
    Person,
    /// A group below the task force, for which a plan file has no place.
    Group,
    /// A name of a unit.
    Unit,
    /// A deadline behind its label that is no day.
    Due,
    /// People named with a measure, for whom a plan file has no place.
    Leaders,
    /// A measure beyond the last that a plan file can number.
    Measure,
    /// Text behind the plan.
    Behind,
    /// A row of a table that is no measure's.
    TableRow,
    /// A row of a table without a task, or a cell for which a plan file has no place.
    TableCell,
    /// A post that does not fit into a plan file and was cut.
    Post,
}
