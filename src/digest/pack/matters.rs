//! Rows of supervision slips (督办单) and of matters of coordination (需协调).

use super::Pack;
use crate::ledger::{Matter, Slip, SlipOver};

/// A supervision slip and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct SlipRow<'a> {
    /// The slip.
    pub slip: &'a Slip,
    /// Where it stands.
    pub state: SlipState,
}

/// Where a slip stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipState {
    /// A draft before the office.
    Draft,
    /// 暂缓.
    Held,
    /// Withdrawn, or no longer true before it was sent.
    Withdrawn,
    /// Sent and not answered.
    Waiting,
    /// Sent and answered.
    Answered,
    /// Sent, and over without an answer: the task was closed or its deadline moved.
    Over,
}

/// A matter of coordination and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct MatterRow<'a> {
    /// The matter.
    pub matter: &'a Matter,
    /// Where it stands.
    pub state: MatterState,
    /// Working days it has been open; none once it is over.
    pub days: Option<i64>,
}

/// Where a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterState {
    /// Nobody answered.
    Open,
    /// 已协助, to be confirmed.
    Helped,
    /// 需上级协调.
    Higher,
    /// Over.
    Over,
}

impl<'a> Pack<'a> {
    /// All slips, the oldest first.
    pub fn slips(&self) -> Vec<SlipRow<'a>> {
        let slips = self.standing.slips.values();
        let wanted = |slip: &&Slip| self.holds_task(&slip.task) && self.scope.holds_moment(slip.at);
        let row = |slip| SlipRow {
            slip,
            state: self.slip_state(slip),
        };
        slips.filter(wanted).map(row).collect()
    }

    fn slip_state(&self, slip: &Slip) -> SlipState {
        let over = self.frame.slip_over(self.standing, slip, self.today());
        match (&slip.sent, over) {
            (None, Some(_)) => SlipState::Withdrawn,
            (None, None) if slip.held.is_some() => SlipState::Held,
            (None, None) => SlipState::Draft,
            (Some(_), None) => SlipState::Waiting,
            (Some(_), Some(SlipOver::Answered)) => SlipState::Answered,
            (
                Some(_),
                Some(SlipOver::Closed | SlipOver::Moved | SlipOver::Passed | SlipOver::Withdrawn),
            ) => SlipState::Over,
        }
    }

    /// All matters, the oldest first.
    pub fn matters(&self) -> Vec<MatterRow<'a>> {
        let matters = self.standing.matters.values();
        let wanted = |matter: &&Matter| {
            self.holds_task(&matter.task) && self.scope.holds_moment(matter.since_at)
        };
        let row = |matter| self.matter_row(matter);
        matters.filter(wanted).map(row).collect()
    }

    fn matter_row(&self, matter: &'a Matter) -> MatterRow<'a> {
        let today = self.today();
        let open = self.frame.is_open(self.standing, matter, today);
        let state = match &matter.answer {
            _ if !open => MatterState::Over,
            None => MatterState::Open,
            Some(answer) if answer.helped => MatterState::Helped,
            Some(_) => MatterState::Higher,
        };
        MatterRow {
            matter,
            state,
            days: open.then(|| matter.working_days(self.frame, today)),
        }
    }
}
