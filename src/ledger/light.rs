//! Lights (红黄绿灯) and pace (序时进度): computed, never stored.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::frame::Frame;
use super::standing::Standing;
use super::view::TaskView;

/// A light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// 🔴 滞后.
    Red,
    /// 🟡 预警.
    Yellow,
    /// 🟢 正常.
    Green,
    /// ⚪ 待定.
    Grey,
    /// ✅ 办结.
    Done,
    /// ⏸ 挂账.
    Frozen,
}

/// Why a light is what it is: the strongest reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LightReason {
    /// Open terms.
    TermsOpen,
    /// No baseline value yet, so no completion.
    NoStart,
    /// No answer yet.
    Unanswered,
    /// Past at go-live and not answered.
    BaselineUnanswered,
    /// Past at go-live and not reached (建账前到期).
    BaselineNotReached,
    /// Past at go-live and reached, waits for the office.
    BaselineReached,
    /// Behind the pace by so many points of percent.
    BehindPace(Decimal),
    /// Overdue by so many calendar days.
    Overdue(i64),
    /// The unit says 有困难.
    Difficult,
    /// The unit says 受阻.
    Blocked,
    /// Nothing answered for two periods.
    SilentTwoPeriods,
    /// A level that does not hold yet.
    NotMet,
    /// Target met.
    Met,
    /// On pace.
    OnPace,
    /// Closed.
    Closed,
}

/// Completion against pace, both in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// (actual − start) ÷ (target − start), in percent.
    pub completion: Decimal,
    /// Expected by the curve today, in percent; none when the task has no deadline.
    pub expected: Option<Decimal>,
    /// Expected value in base units.
    pub expected_value: Option<Decimal>,
}

/// Completion and pace of a stock or flow target with a start and a value; none otherwise.
pub fn pace_of(frame: &Frame, view: &TaskView<'_>, at: DateTime<Utc>) -> Option<Pace> {
    let _ = (frame, view, at);
    unimplemented!()
}

/// The light of a task at an instant, by the rules of section 5.
pub fn light_of(
    frame: &Frame,
    standing: &Standing,
    view: &TaskView<'_>,
    at: DateTime<Utc>,
) -> (Light, LightReason) {
    let _ = (frame, standing, view, at);
    unimplemented!()
}
