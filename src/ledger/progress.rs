//! A progress report (进展填报): what a member's answer holds.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::plan::{PersonId, TaskId};

/// The unit's own judgement (自评).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// 正常.
    Normal,
    /// 有困难.
    Difficult,
    /// 受阻.
    Blocked,
    /// 已完成.
    Done,
}

/// Stage of a milestone (节点).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneStage {
    /// 未开始.
    NotStarted,
    /// 进行中.
    Underway,
    /// 已完成.
    Completed,
}

/// The value of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// In base units.
    Number(Decimal),
    /// Of a milestone.
    Stage(MilestoneStage),
    /// A narrative has none.
    None,
}

/// One of Telegram's ids of a file. Who holds it can fetch the file, so it stands beside the chain like words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FileId {
    /// Beside the chain, where it can be blanked. From version 3 on.
    Apart(Text),
    /// In the chain, for ever: up to version 2.
    Within(String),
}

impl FileId {
    /// A new id with a random salt.
    pub fn new(id: impl Into<String>, salt: [u8; 16]) -> Self {
        Self::Apart(Text::new(id, salt))
    }

    /// The id; none when it was redacted.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Apart(text) => text.body(),
            Self::Within(id) => Some(id),
        }
    }
}

/// A photo or file kept by Telegram's file id (佐证材料).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Telegram's id of the file.
    pub file_id: FileId,
    /// Telegram's id that stays the same across bots.
    pub file_unique_id: FileId,
    /// File name; photos have none.
    pub name: Option<Text>,
    /// MIME type, `image/jpeg` for photos.
    pub mime: String,
    /// Bytes, if known.
    pub size: Option<u64>,
}

/// Whose help is needed (需协调).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportNeed {
    /// The unit asked, where one of the plan is meant.
    pub unit: Option<crate::plan::UnitId>,
    /// What is needed.
    pub what: Text,
}

/// First answer for a target that was past at go-live (初始台账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineAnswer {
    /// Reached, on that day if known.
    Reached {
        /// Day it was reached.
        on: Option<NaiveDate>,
    },
    /// Not reached.
    NotReached {
        /// Why.
        reason: Text,
        /// New date wanted, if any.
        wanted: Option<NaiveDate>,
    },
}

/// A progress report (进展填报) on one task. Shared facts are spread by the fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgressReport {
    /// The task it was given for.
    pub task: TaskId,
    /// Reporting period it counts for, as in `2026-11`, `2026-W48`, `2026-Q4`.
    pub period: String,
    /// Current value.
    pub value: Value,
    /// The unit's own judgement.
    pub judgement: Judgement,
    /// What was done.
    pub done: Option<Text>,
    /// Problems (存在问题).
    pub issues: Option<Text>,
    /// Next step (下一步).
    pub next_steps: Option<Text>,
    /// Date of the next step.
    pub next_date: Option<NaiveDate>,
    /// Whose help is needed.
    pub support_needed: Option<SupportNeed>,
    /// Evidence, at most 10.
    pub evidence: Vec<Attachment>,
    /// Baseline part, for a target past at go-live.
    pub baseline: Option<BaselineAnswer>,
    /// True when every last answer was kept (都无变化).
    pub unchanged: bool,
    /// True when given after the cut-off of its period (迟报).
    pub late: bool,
    /// The entry this one corrects (更正).
    pub corrects: Option<u64>,
    /// The person a hint came from, when the filer or office took one (转交).
    pub hinted_by: Option<PersonId>,
    /// The person in whose place it was filed, by a liaison (代报) or the office (代填). From version 3 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

impl ProgressReport {
    /// A value and a judgement, in time and of the unit's own; everything else is empty.
    pub fn new(task: TaskId, period: String, value: Value, judgement: Judgement) -> Self {
        Self {
            task,
            period,
            value,
            judgement,
            done: None,
            issues: None,
            next_steps: None,
            next_date: None,
            support_needed: None,
            evidence: Vec::new(),
            baseline: None,
            unchanged: false,
            late: false,
            corrects: None,
            hinted_by: None,
            on_behalf_of: None,
        }
    }
}
