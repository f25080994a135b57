//! What was promised and by whom: the checked plan, its people, units, measures and targets, and who may do what.
//!
//! A [`Plan`] is only ever made by [`file::read`] (or by a test through it), so everything it refers to exists.

mod access;
mod additions;
mod adoption;
mod amount;
mod check;
mod diff;
mod document;
mod fields;
mod file;
#[cfg(test)]
mod file_tests;
mod id;
mod lookup;
mod mistake;
mod resolve;
mod roster;
mod sets;
mod settings;
mod settings_file;
#[cfg(test)]
mod settings_tests;
mod targets;
#[cfg(test)]
mod tests;
mod texts;
mod vocabulary;
mod written;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use access::{Access, Right, Why, may};
pub use additions::Additions;
pub use adoption::{AdoptionText, Hash, NotAHash};
pub use amount::{Amount, RATIO, UnitOfMeasure, holds};
pub use check::{FilingBasis, FilingLine, GapReport, gaps};
pub use diff::{Change, FieldChange, PlanDiff, SettingChange, diff, settings_diff};
pub use file::read;
pub use id::{DoubtId, FactId, MeasureId, PersonId, SectionId, TaskForceId, TaskId, UnitId};
pub use lookup::narrative_of;
pub use mistake::{
    FieldMistake, Form, Mistake, MistakeKind, Place, ReferenceMistake, SettingMistake,
    TargetMistake, Thing,
};
pub use roster::{Former, Newcomer, RosterEdit};
pub use sets::{Fact, Sets};
pub use settings::{Ladder, MentionSound, Rhythm, RhythmDates, Settings, Thresholds};
pub use texts::{CharacterAt, characters};
pub use vocabulary::{assigned_label, project_label};

/// A published plan (工作方案), checked: every id resolves, every date is in range.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The task force (工作专班) that carries the plan out.
    pub task_force: TaskForce,
    /// Units (单位) in the order of the file.
    pub units: Vec<Unit>,
    /// The roster (名单), leader first.
    pub members: Vec<Member>,
    /// Sections (部分) in the order of the text.
    pub sections: Vec<Section>,
    /// Measures (举措) in the order of the text.
    pub measures: Vec<Measure>,
    /// Targets (目标指标) in the order of the text.
    pub indicators: Vec<Indicator>,
    /// Open questions about the terms (口径), each with a proposed settlement.
    pub doubts: Vec<Doubt>,
    /// Every task the plan gives rise to: one a target, then one narrative a measure. Derived from the rest.
    pub tasks: Vec<Task>,
    /// Who and what is no longer there; empty for a plan as published.
    pub former: Former,
    index: lookup::Index,
}

/// The task force (工作专班) and the frame of its plan.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskForce {
    /// Never reused, lower-case ASCII, part of every stored row.
    pub id: TaskForceId,
    /// Full name, as in 推动设备更新和以旧换新工作专班.
    pub name: String,
    /// Short name for headlines, as in 推动设备更新和以旧换新.
    pub short_name: String,
    /// The day the plan was published; no date of the plan lies before it.
    pub starts: NaiveDate,
    /// The last day of the plan's last target; the rhythm stops after it.
    pub ends: NaiveDate,
    /// The person who heads the office (专班办公室主任).
    pub office_chief: PersonId,
    /// Further people of the office.
    pub office_staff: Vec<PersonId>,
    /// Why the chief is an inference of ours and not the document's word, if it is.
    pub office_chief_inferred: Option<String>,
}

/// A unit (单位): a bureau, a company, a group of towns.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Stable id.
    pub id: UnitId,
    /// Full name as in the published text, as in 市住房和城乡建设局.
    pub name: String,
    /// Short name for messages, as in 市住建局.
    pub short_name: String,
    /// Other names people type or documents use.
    pub aliases: Vec<String>,
    /// True for a unit that by nature has no member on the roster (各镇区街道, 有关部门): no gap is reported for it.
    pub collective: bool,
    /// The one person who is asked for the unit (default filer), if it has any.
    pub filer: Option<PersonId>,
}

/// A role (角色) on the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 组长: reads, is never asked.
    Leader,
    /// 副组长: may do every office act, is never asked.
    DeputyLeader,
    /// 成员: files for their unit.
    Member,
    /// 联络员: files for the unit on a member's behalf.
    Liaison,
}

/// A person on the roster (人员).
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Stable id.
    pub id: PersonId,
    /// Name without inner spaces.
    pub name: String,
    /// Post as published.
    pub post: String,
    /// Units the person files for; empty for leader and deputy leader.
    pub units: Vec<UnitId>,
    /// Role on the roster. Office membership is the task force's, not a role.
    pub role: Role,
}

/// A section (部分) of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Stable id.
    pub id: SectionId,
    /// As printed, as in 二.
    pub number: String,
    /// Title.
    pub title: String,
}

/// A measure (举措).
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Stable id.
    pub id: MeasureId,
    /// Printed number, 1 to 26 for Rushan.
    pub number: u16,
    /// Section it stands in.
    pub section: SectionId,
    /// Title without the full stop.
    pub title: String,
    /// One sentence in our own words.
    pub summary: String,
    /// 牵头单位, in the order of the text, never empty. The first files the narrative.
    pub lead_units: Vec<UnitId>,
    /// 责任单位, in the order of the text.
    pub responsible_units: Vec<UnitId>,
    /// How often its narrative is asked.
    pub rhythm: Rhythm,
}

/// The kind of a target (指标类型), which decides completion, pace and what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// 存量/累计.
    Stock,
    /// 当期累计: restarts each year at 0.
    Flow,
    /// 比率/限额: no pace.
    Level,
    /// 节点: no number; 未开始 / 进行中 / 已完成.
    Milestone,
}

/// How the actual value is held against the target value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparator {
    /// `>`
    #[serde(rename = ">")]
    Above,
    /// `>=`
    #[serde(rename = ">=")]
    AtLeast,
    /// `<=`
    #[serde(rename = "<=")]
    AtMost,
    /// `=`
    #[serde(rename = "=")]
    Exactly,
    /// 约, within 5 % of the target.
    #[serde(rename = "~")]
    About,
}

/// Expected share of the way by date (序时进度). Only stock and flow targets have one.
#[derive(Debug, Clone, PartialEq)]
pub enum PaceCurve {
    /// Even progress in working days from start to due date.
    Linear,
    /// Points (date, expected share 0..=1), ascending, linear in working days between them. For yearly targets the year of the points is ignored.
    Points(Vec<(NaiveDate, rust_decimal::Decimal)>),
}

/// Returns of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recurrence {
    /// Once.
    Once,
    /// 每年: due again on the same day of every year to the plan's end.
    Yearly,
}

/// A quantified target or milestone (目标指标).
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Stable id; also the id of its task. General targets are `g-1` to `g-10`, others `measure-n`.
    pub id: TaskId,
    /// The measure it stands under; none for the general targets.
    pub measure: Option<MeasureId>,
    /// Short name, at most 16 characters, as in 改造换热站.
    pub name: String,
    /// Kind.
    pub kind: IndicatorKind,
    /// Comparator; meaningless for a milestone.
    pub comparator: Comparator,
    /// Target value in the base unit; none for a milestone.
    pub target: Option<rust_decimal::Decimal>,
    /// Unit of measure as shown, with its scale to the base unit.
    pub unit_of_measure: UnitOfMeasure,
    /// Year a relative target refers to.
    pub base_year: Option<i32>,
    /// Baseline of the text in the base unit, if it gives one.
    pub baseline: Option<rust_decimal::Decimal>,
    /// Deadline in the words of the text, as in 到2025年.
    pub due_as_written: Option<String>,
    /// Deadline as computed (完成时限); for a yearly target the first one.
    pub due: Option<NaiveDate>,
    /// 每年 or once.
    pub recurrence: Recurrence,
    /// Expected progress.
    pub pace: PaceCurve,
    /// Unit that files it; inferred ones carry a doubt. None: the office is asked.
    pub filing_lead: Option<UnitId>,
    /// Targets with the same fact share one answer; by default the target's own id.
    pub fact: FactId,
    /// How often it is asked.
    pub rhythm: Rhythm,
}

/// What a doubt is about.
#[derive(Debug, Clone, PartialEq)]
pub enum DoubtSubject {
    /// A target; while the doubt is open its light is grey.
    Indicator(TaskId),
    /// A measure.
    Measure(MeasureId),
    /// A unit or who stands for it.
    Unit(UnitId),
    /// The task force as a whole (the office chief).
    TaskForce,
}

/// An open point of the terms (口径未定), with the settlement we propose.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// Stable id, at most 24 ASCII characters.
    pub id: DoubtId,
    /// What it is about.
    pub about: DoubtSubject,
    /// The doubt in words.
    pub question: String,
    /// The proposed settlement in words.
    pub proposal: String,
    /// What the proposal sets, applied when the office takes it; the words alone when empty.
    pub sets: Sets,
}

/// What a task is made from.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskKind {
    /// A target with this index in [`Plan::indicators`].
    Indicator(usize),
    /// The narrative of the measure with this index in [`Plan::measures`].
    Narrative(usize),
    /// An item the task force took on later (交办事项), with this index in the ledger's list of them.
    Assigned(usize),
    /// The stage a project is in (项目阶段), with this index in the ledger's list of projects.
    Stage(usize),
}

/// What is reminded, reported and closed (任务). Targets first, in plan order, then one narrative a measure, then what came
/// later.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The target's id, or `m` and the measure's id; `a-` or `p-` and a seq for what came later.
    pub id: TaskId,
    /// Origin.
    pub kind: TaskKind,
    /// Measure it belongs to; none for general targets.
    pub measure: Option<MeasureId>,
    /// Number shown to people, as in 6-1, 总-3 or 11.
    pub label: String,
    /// Short name.
    pub name: String,
    /// Filing unit as planned (settlements may move it).
    pub filing_lead: Option<UnitId>,
    /// The person of that unit who is asked, where one is named; else the unit's filer.
    pub filer: Option<PersonId>,
    /// Units that support an assigned item (配合) and co-sign what its lead answers; empty for all others.
    pub supporting: Vec<UnitId>,
    /// First deadline as planned.
    pub due: Option<NaiveDate>,
    /// Recurrence.
    pub recurrence: Recurrence,
    /// How often it is asked.
    pub rhythm: Rhythm,
}
