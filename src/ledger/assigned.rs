//! What the task force takes on after its plan: assigned items (交办), meetings (会议) and projects (项目库), as entered.

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::plan::{MeasureId, PersonId, Rhythm, UnitId};

/// Whom something is put to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// A unit: its filer is asked.
    Unit(UnitId),
    /// A person, who files for their first unit.
    Person(PersonId),
}

/// Where an item comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A meeting of the task force (会议议定).
    Meeting {
        /// Its day.
        on: NaiveDate,
        /// Seq of its call, where it was called here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meeting: Option<u64>,
    },
    /// A leader's instruction (领导批示).
    Instruction,
    /// In other words.
    Other(Text),
}

/// An assigned item (交办事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// What is to be done.
    pub what: Text,
    /// Who leads and files.
    pub lead: Assignee,
    /// Who supports.
    pub supporting: Vec<Assignee>,
    /// By when; none: until further notice (长期).
    pub due: Option<NaiveDate>,
    /// How often it is asked.
    pub rhythm: Rhythm,
    /// Where it comes from.
    pub origin: Origin,
}

/// A meeting that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Day.
    pub on: NaiveDate,
    /// Time of day, where one was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<NaiveTime>,
    /// Place, where one was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Text>,
    /// Topic.
    pub topic: Text,
    /// Who is called; empty: everybody on the roster.
    pub called: Vec<Assignee>,
}

/// Stage of a project (项目阶段), in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStage {
    /// 谋划.
    Planned,
    /// 立项.
    Approved,
    /// 开工.
    Begun,
    /// 在建.
    Building,
    /// 竣工.
    Finished,
}

impl ProjectStage {
    /// All, in order.
    pub const ALL: [Self; 5] = [
        Self::Planned,
        Self::Approved,
        Self::Begun,
        Self::Building,
        Self::Finished,
    ];

    /// The stage after this one.
    pub fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|stage| *stage == self)?;
        Self::ALL.get(at + 1).copied()
    }
}

/// A project (项目) as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectEntry {
    /// Name.
    pub name: Text,
    /// Unit that files it.
    pub unit: UnitId,
    /// Measure it belongs to, if one.
    pub measure: Option<MeasureId>,
    /// Total investment (总投资) in yuan.
    pub investment: Decimal,
    /// Funding asked for (申请资金) in yuan.
    pub funding: Decimal,
    /// Stage it is in.
    pub stage: ProjectStage,
    /// Date of the next stage.
    pub next: Option<NaiveDate>,
}
