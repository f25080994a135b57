//! The plan file as written: every field with its place, nothing resolved yet.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::document::At;
use super::fields::Fields;
use super::mistake::{FieldMistake, Place};
use super::{Comparator, IndicatorKind, Recurrence, Rhythm, Role};

/// Ids travel in button data of 64 bytes together with the command and the period.
pub(super) const MOST_ID: usize = 24;
/// Names of units and the task force, in characters; two phone lines.
const MOST_NAME: usize = 36;
/// A person's name, in characters.
const MOST_PERSON: usize = 20;
/// A target's name, in characters; with its number it fills one phone line.
const MOST_TARGET_NAME: usize = 16;
/// A title or a post, in characters.
const MOST_TITLE: usize = 60;
/// A sentence of ours, in characters; ten phone lines.
const MOST_SENTENCE: usize = 200;
/// A unit of measure, in characters.
const MOST_UNIT: usize = 8;
/// Values lie within a trillion shown units, far from where decimals end.
pub(super) const MOST_VALUE: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Years a relative target may refer to.
const BASE_YEARS: std::ops::Range<u16> = 1949..2101;

pub(super) const RHYTHMS: [(&str, Rhythm); 4] = [
    ("weekly", Rhythm::Weekly),
    ("two_weekly", Rhythm::TwoWeekly),
    ("monthly", Rhythm::Monthly),
    ("quarterly", Rhythm::Quarterly),
];
pub(super) const ROLES: [(&str, Role); 4] = [
    ("leader", Role::Leader),
    ("deputy_leader", Role::DeputyLeader),
    ("member", Role::Member),
    ("liaison", Role::Liaison),
];
pub(super) const KINDS: [(&str, IndicatorKind); 4] = [
    ("stock", IndicatorKind::Stock),
    ("flow", IndicatorKind::Flow),
    ("level", IndicatorKind::Level),
    ("milestone", IndicatorKind::Milestone),
];
pub(super) const COMPARATORS: [(&str, Comparator); 5] = [
    (">", Comparator::Above),
    (">=", Comparator::AtLeast),
    ("<=", Comparator::AtMost),
    ("=", Comparator::Exactly),
    ("~", Comparator::About),
];
pub(super) const RECURRENCES: [(&str, Recurrence); 2] =
    [("once", Recurrence::Once), ("yearly", Recurrence::Yearly)];

/// Where an element stands, for mistakes found later.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    pub at: usize,
    pub place: Option<Place>,
}

#[derive(Debug, Default)]
pub(super) struct WrittenPlan {
    pub task_force: WrittenTaskForce,
    pub units: Vec<WrittenUnit>,
    pub members: Vec<WrittenMember>,
    pub sections: Vec<WrittenSection>,
    pub measures: Vec<WrittenMeasure>,
    pub indicators: Vec<WrittenIndicator>,
    pub doubts: Vec<WrittenDoubt>,
}

#[derive(Debug, Default)]
pub(super) struct WrittenTaskForce {
    pub spot: Spot,
    pub id: At<String>,
    pub name: At<String>,
    pub short_name: Option<At<String>>,
    pub starts: At<NaiveDate>,
    pub ends: At<NaiveDate>,
    pub office_chief: At<String>,
    pub office_staff: Vec<At<String>>,
    pub office_chief_inferred: Option<At<String>>,
}

#[derive(Debug)]
pub(super) struct WrittenUnit {
    pub spot: Spot,
    pub id: At<String>,
    pub name: At<String>,
    pub short_name: Option<At<String>>,
    pub aliases: Vec<At<String>>,
    pub collective: bool,
    pub filer: Option<At<String>>,
}

#[derive(Debug)]
pub(super) struct WrittenMember {
    pub spot: Spot,
    pub id: At<String>,
    pub name: At<String>,
    pub post: At<String>,
    pub units: Vec<At<String>>,
    pub role: Role,
}

#[derive(Debug)]
pub(super) struct WrittenSection {
    pub spot: Spot,
    pub id: At<String>,
    pub number: At<String>,
    pub title: At<String>,
}

#[derive(Debug)]
pub(super) struct WrittenMeasure {
    pub spot: Spot,
    pub id: At<String>,
    pub number: At<u16>,
    pub section: At<String>,
    pub title: At<String>,
    pub summary: At<String>,
    pub leads: Vec<At<String>>,
    pub responsible: Vec<At<String>>,
    pub rhythm: Rhythm,
}

#[derive(Debug)]
pub(super) struct WrittenIndicator {
    pub spot: Spot,
    pub id: At<String>,
    pub measure: Option<At<String>>,
    pub name: At<String>,
    pub kind: IndicatorKind,
    pub comparator: Option<At<Comparator>>,
    /// In the shown unit, as all values of the file.
    pub target: Option<At<Decimal>>,
    pub unit: Option<At<String>>,
    pub base_year: Option<At<u16>>,
    pub baseline: Option<At<Decimal>>,
    pub due_as_written: Option<At<String>>,
    pub due: Option<At<NaiveDate>>,
    pub recurrence: Recurrence,
    /// Points of the curve; none for a linear one.
    pub pace: Option<At<Vec<PacePoint>>>,
    pub filing_lead: Option<At<String>>,
    pub fact: Option<At<String>>,
    pub rhythm: Rhythm,
}

#[derive(Debug)]
pub(super) struct PacePoint {
    pub date: At<NaiveDate>,
    pub share: Decimal,
}

#[derive(Debug)]
pub(super) struct WrittenDoubt {
    pub spot: Spot,
    pub id: At<String>,
    pub indicator: Option<At<String>>,
    pub measure: Option<At<String>>,
    pub unit: Option<At<String>>,
    pub task_force: bool,
    pub question: At<String>,
    pub proposal: At<String>,
    pub sets: Option<WrittenSets>,
}

#[derive(Debug)]
pub(super) struct WrittenSets {
    pub at: usize,
    pub filing_lead: Option<At<String>>,
    pub due: Option<At<NaiveDate>>,
    pub baseline: Option<At<Decimal>>,
}

impl WrittenPlan {
    pub(super) fn of(file: &mut Fields) -> Self {
        let task_force = file.table("task_force", "task_force", task_force);
        if task_force.is_none() && file.position("task_force").is_none() {
            file.note(
                0,
                FieldMistake::MissingField {
                    field: "task_force",
                },
            );
        }
        Self {
            task_force: task_force.unwrap_or_default(),
            units: file.tables("unit", unit),
            members: file.tables("member", member),
            sections: file.tables("section", section),
            measures: file.tables("measure", measure),
            indicators: file.tables("indicator", indicator),
            doubts: file.tables("doubt", doubt),
        }
    }
}

fn spot(fields: &Fields) -> Spot {
    Spot {
        at: fields.at,
        place: fields.place.clone(),
    }
}

fn task_force(fields: &mut Fields) -> WrittenTaskForce {
    WrittenTaskForce {
        spot: spot(fields),
        id: own_id(fields),
        name: fields.required_text("name", MOST_NAME),
        short_name: fields.text("short_name", MOST_NAME),
        starts: fields.required_date("starts"),
        ends: fields.required_date("ends"),
        office_chief: fields.required_text("office_chief", MOST_TITLE),
        office_staff: fields.texts("office_staff", MOST_TITLE),
        office_chief_inferred: fields.text("office_chief_inferred", MOST_SENTENCE),
    }
}

fn unit(fields: &mut Fields) -> WrittenUnit {
    WrittenUnit {
        spot: spot(fields),
        id: own_id(fields),
        name: fields.required_text("name", MOST_NAME),
        short_name: fields.text("short_name", MOST_NAME),
        aliases: fields.texts("aliases", MOST_NAME),
        collective: fields.flag("collective").unwrap_or_default(),
        filer: fields.text("filer", MOST_TITLE),
    }
}

fn member(fields: &mut Fields) -> WrittenMember {
    WrittenMember {
        spot: spot(fields),
        id: own_id(fields),
        name: fields.required_text("name", MOST_PERSON),
        post: fields.required_text("post", MOST_TITLE),
        units: fields.texts("units", MOST_TITLE),
        role: fields
            .choice("role", &ROLES)
            .map_or(Role::Member, |role| role.value),
    }
}

fn section(fields: &mut Fields) -> WrittenSection {
    WrittenSection {
        spot: spot(fields),
        id: own_id(fields),
        number: fields.required_text("number", MOST_PERSON),
        title: fields.required_text("title", MOST_TITLE),
    }
}

fn measure(fields: &mut Fields) -> WrittenMeasure {
    let number = fields.integer("number", 1..10_000);
    if number.is_none() {
        fields.note(fields.at, FieldMistake::MissingField { field: "number" });
    }
    WrittenMeasure {
        spot: spot(fields),
        id: own_id(fields),
        number: number.unwrap_or_default(),
        section: fields.required_text("section", MOST_TITLE),
        title: fields.required_text("title", MOST_TITLE),
        summary: fields.required_text("summary", MOST_SENTENCE),
        leads: fields.texts("leads", MOST_TITLE),
        responsible: fields.texts("responsible", MOST_TITLE),
        rhythm: rhythm(fields),
    }
}

fn indicator(fields: &mut Fields) -> WrittenIndicator {
    let kind = fields.choice("kind", &KINDS);
    if kind.is_none() && fields.position("kind").is_none() {
        fields.note(fields.at, FieldMistake::MissingField { field: "kind" });
    }
    WrittenIndicator {
        spot: spot(fields),
        id: own_id(fields),
        measure: fields.text("measure", MOST_TITLE),
        name: fields.required_text("name", MOST_TARGET_NAME),
        kind: kind.map_or(IndicatorKind::Stock, |kind| kind.value),
        comparator: fields.choice("comparator", &COMPARATORS),
        target: fields.number("target", -MOST_VALUE, MOST_VALUE),
        unit: fields.text("unit", MOST_UNIT),
        base_year: fields.integer("base_year", BASE_YEARS),
        baseline: fields.number("baseline", -MOST_VALUE, MOST_VALUE),
        due_as_written: fields.text("due_as_written", MOST_TITLE),
        due: fields.date("due"),
        recurrence: fields
            .choice("recurrence", &RECURRENCES)
            .map_or(Recurrence::Once, |found| found.value),
        pace: pace(fields),
        filing_lead: fields.text("filing_lead", MOST_TITLE),
        fact: fields.text("fact", MOST_TITLE),
        rhythm: rhythm(fields),
    }
}

fn pace(fields: &mut Fields) -> Option<At<Vec<PacePoint>>> {
    let at = fields.position("pace")?;
    if !fields.is_list("pace") {
        let linear = fields.choice("pace", &[("linear", ())]);
        return linear.and(None);
    }
    let points = fields.tables("pace", |point| PacePoint {
        date: point.required_date("date"),
        share: point
            .number("share", Decimal::ZERO, Decimal::ONE)
            .map_or_else(
                || {
                    point.note(point.at, FieldMistake::MissingField { field: "share" });
                    Decimal::ZERO
                },
                |share| share.value,
            ),
    });
    if points.is_empty() {
        fields.note(at, FieldMistake::Empty { field: "pace" });
    }
    Some(At { value: points, at })
}

fn doubt(fields: &mut Fields) -> WrittenDoubt {
    WrittenDoubt {
        spot: spot(fields),
        id: own_id(fields),
        indicator: fields.text("indicator", MOST_TITLE),
        measure: fields.text("measure", MOST_TITLE),
        unit: fields.text("unit", MOST_TITLE),
        task_force: fields.flag("task_force").unwrap_or_default(),
        question: fields.required_text("question", MOST_SENTENCE),
        proposal: fields.required_text("proposal", MOST_SENTENCE),
        sets: fields.table("sets", "doubt.sets", sets),
    }
}

fn sets(fields: &mut Fields) -> WrittenSets {
    WrittenSets {
        at: fields.at,
        filing_lead: fields.text("filing_lead", MOST_TITLE),
        due: fields.date("due"),
        baseline: fields.number("baseline", -MOST_VALUE, MOST_VALUE),
    }
}

fn rhythm(fields: &mut Fields) -> Rhythm {
    fields
        .choice("rhythm", &RHYTHMS)
        .map_or(Rhythm::Monthly, |rhythm| rhythm.value)
}

/// An id of lower-case ASCII letters, digits and `-`; empty when it is missing.
fn own_id(fields: &mut Fields) -> At<String> {
    let id = fields.required_text("id", MOST_ID);
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !id.value.bytes().all(fits) {
        fields.note(
            id.at,
            FieldMistake::BadId {
                text: id.value.clone(),
            },
        );
    }
    id
}
