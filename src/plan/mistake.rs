//! A mistake in a file the clerk writes, as facts; `render` says it in words, with the mend.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

/// One mistake in a plan, settings or holiday file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// The element it stands in; none at the top of the file.
    pub place: Option<Place>,
    /// What is wrong.
    #[serde(flatten)]
    pub what: MistakeKind,
}

/// An element of a file: `[[indicator]]` with id `6-1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The table as written, as in `indicator` or `rhythm.weekly`.
    pub table: String,
    /// Its id as written, if it has one.
    pub id: Option<String>,
}

/// Something a plan file names by id or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// 单位.
    Unit,
    /// 人员.
    Person,
    /// 部分.
    Section,
    /// 举措.
    Measure,
    /// 目标指标.
    Indicator,
    /// 口径.
    Doubt,
}

/// The form a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A decimal number.
    Number,
    /// A date, as in 2025-12-31.
    Date,
    /// A time of day, as in "09:00".
    Time,
    /// A list.
    List,
    /// A table.
    Table,
    /// A list of tables, written `[[…]]`.
    Tables,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum MistakeKind {
    /// A field that is not as it must be.
    Field(FieldMistake),
    /// Units, people and measures that do not fit each other.
    Reference(ReferenceMistake),
    /// A date, target or doubt that makes no sense.
    Target(TargetMistake),
    /// A setting that makes no sense.
    Setting(SettingMistake),
}

/// A field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mistake", rename_all = "snake_case")]
pub enum FieldMistake {
    /// Not TOML; `detail` is the parser's own word.
    Syntax {
        /// In the parser's English.
        detail: String,
    },
    /// A key that nothing reads.
    UnknownField {
        /// As written.
        field: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A key that must be there.
    MissingField {
        /// The key.
        field: &'static str,
    },
    /// A value of another type.
    WrongType {
        /// The key.
        field: String,
        /// What it must be.
        expected: Form,
    },
    /// An empty text or list.
    Empty {
        /// The key.
        field: &'static str,
    },
    /// A text that would not fit.
    TooLong {
        /// The key.
        field: &'static str,
        /// Characters, or bytes of an id.
        length: usize,
        /// At most.
        limit: usize,
    },
    /// A line break or another control character in a text.
    ControlCharacter {
        /// The key.
        field: &'static str,
    },
    /// An id that is not of lower-case ASCII letters, digits and `-`.
    BadId {
        /// As written.
        text: String,
    },
    /// A word outside a fixed choice.
    NotOneOf {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
        /// What may stand there.
        choices: Vec<&'static str>,
    },
    /// A number outside its range.
    OutOfRange {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
        /// From.
        least: Decimal,
        /// To.
        most: Decimal,
    },
}

/// Units, people and measures that do not fit each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mistake", rename_all = "snake_case")]
pub enum ReferenceMistake {
    /// An id or a number that stands twice.
    Duplicate {
        /// Of what.
        thing: Thing,
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
        /// Line where it stands first.
        first_line: usize,
    },
    /// The same entry twice in one list, or a unit both leading and responsible.
    Repeated {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
    },
    /// An id that nothing has.
    Unknown {
        /// Of what.
        thing: Thing,
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
        /// The id that looks most like it.
        nearest: Option<String>,
    },
    /// A measure without 牵头单位.
    NoLead,
    /// Text that two units go by, so that neither is found by it.
    AmbiguousName {
        /// As written.
        text: String,
        /// Id of the other unit.
        other: String,
    },
    /// A person who files for no unit.
    FilesForNobody,
    /// A leader or deputy leader with units; they are never asked.
    LeaderFiles,
    /// A filer who does not stand for the unit.
    FilerOfOther {
        /// The person.
        person: String,
    },
}

/// A date, target or doubt that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mistake", rename_all = "snake_case")]
pub enum TargetMistake {
    /// A date before the plan's start.
    BeforeStart {
        /// The key.
        field: &'static str,
        /// As written.
        date: NaiveDate,
        /// The plan's start.
        starts: NaiveDate,
    },
    /// A date after the plan's end.
    AfterEnd {
        /// The key.
        field: &'static str,
        /// As written.
        date: NaiveDate,
        /// The plan's end.
        ends: NaiveDate,
    },
    /// A number, comparator, unit of measure, baseline or pace on a milestone.
    OnMilestone {
        /// The key.
        field: &'static str,
    },
    /// Two targets share a fact and differ in what it is.
    FactDiffers {
        /// The fact.
        fact: String,
        /// The target that had it first.
        other: String,
        /// `kind` or `unit`.
        field: &'static str,
    },
    /// A pace on a target that has none: only 存量 and 当期累计 do.
    PaceWithoutWay,
    /// A yearly target without a date, or a pace without one.
    NeedsDue {
        /// The key that needs it.
        field: &'static str,
    },
    /// Pace points whose dates do not ascend.
    PaceDates {
        /// The first date out of order.
        date: NaiveDate,
    },
    /// Pace points whose shares fall.
    PaceFalls {
        /// Date of the first lower share.
        date: NaiveDate,
    },
    /// A doubt that names no subject or more than one.
    DoubtSubject,
    /// A proposal that sets facts of something that is not a target.
    SetsNothing,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mistake", rename_all = "snake_case")]
pub enum SettingMistake {
    /// A cron line that does not parse; `detail` is the parser's own word.
    Cron {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
    },
    /// A cron line that fires on no date.
    CronNeverFires {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
    },
    /// A cron line that lets some period of its rhythm pass.
    CronMissesPeriod {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
        /// A first day of such a period.
        period: NaiveDate,
    },
    /// A cron line that fires more than once on one date.
    CronTwiceADay {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
    },
    /// A time outside working hours.
    OutsideHours {
        /// The key.
        field: &'static str,
        /// As written.
        text: String,
    },
    /// A ping on a date before its period opens.
    PingBeforeOpening {
        /// As written.
        text: String,
    },
    /// Thresholds that do not ascend.
    ThresholdsNotAscending,
    /// Working hours that overlap, do not ascend or end before they begin.
    HoursOverlap,
    /// Rungs that do not descend.
    RungsNotDescending,
}

macro_rules! kinds {
    ($($group:ident($mistake:ident);)*) => {$(
        impl From<$mistake> for MistakeKind {
            fn from(mistake: $mistake) -> Self {
                Self::$group(mistake)
            }
        }
    )*};
}

kinds! {
    Field(FieldMistake);
    Reference(ReferenceMistake);
    Target(TargetMistake);
    Setting(SettingMistake);
}
