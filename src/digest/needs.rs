//! What other units are asked for (需协调) and what the office presses for (督办单), as a digest counts them.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar;
use crate::ledger::{Frame, MATTER_OLD, Matter, MatterEnd, Phase, SlipColour, Standing, TaskView};
use crate::plan::{TaskId, UnitId};

/// A matter of coordination (需协调).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The task it hampers.
    pub task: TaskId,
    /// Who asks; none: the office.
    pub from: Option<UnitId>,
    /// Who is asked, where a unit was named.
    pub to: Option<UnitId>,
    /// What is needed; none when the words were redacted.
    pub what: Option<String>,
    /// Calendar days since it was first asked for.
    pub days: i64,
    /// What the unit asked answered: 已协助 (true) or 需上级协调.
    pub answer: Option<bool>,
    /// Open for more than ten working days, and no help given: it stands on top.
    pub old: bool,
}

/// Supervision slips, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SlipCounts {
    /// Sent since the last digest.
    pub sent: usize,
    /// Red ones without an answer.
    pub red_unanswered: usize,
}

/// Help that is asked for now, once a report, the oldest first.
pub(super) fn needs(frame: &Frame, standing: &Standing, today: NaiveDate) -> Vec<Need> {
    let mut reports: BTreeSet<u64> = BTreeSet::new();
    let views = frame.task_views(standing, today);
    let open = views.iter().filter(|view| match view.phase {
        Phase::Open | Phase::Baseline(_) => true,
        Phase::Resting | Phase::Closed | Phase::Frozen | Phase::Ended => false,
    });
    let named = open.filter_map(|view| {
        let seq = view.last_report()?.seq;
        let need = need(frame, standing, view, today)?;
        reports.insert(seq).then_some(need)
    });
    let mut needs: Vec<Need> = named.collect();
    needs.sort_by_key(|need| (!need.old, std::cmp::Reverse(need.days)));
    needs
}

/// The help a task's newest report asks for, unless the matter was settled since.
fn need(frame: &Frame, standing: &Standing, view: &TaskView<'_>, today: NaiveDate) -> Option<Need> {
    let (need, since_at) = view.support_needed()?;
    let task = view.last_report()?.report.task.clone();
    let matter = standing.task_state(&task).matters.last();
    let matter = matter.and_then(|seq| standing.matters.get(seq));
    let asked = need.unit.as_ref().map(|unit| frame.plan.current_unit(unit));
    let matter = matter.filter(|matter| asked == Some(frame.plan.current_unit(&matter.unit)));
    let settled = |matter: &&Matter| matches!(matter.over, Some((_, _, MatterEnd::Settled)));
    if matter.as_ref().is_some_and(settled) {
        return None;
    }
    let since = calendar::date_of(matter.map_or(since_at, |matter| matter.since_at));
    let answer = matter.and_then(|matter| Some(matter.answer.as_ref()?.helped));
    let working_days = frame.calendar.working_days_between(since, today);
    Some(Need {
        task,
        from: view.filing_unit.clone(),
        to: asked.cloned(),
        what: need.what.body().map(str::to_owned),
        days: (today - since).num_days(),
        answer,
        old: working_days > MATTER_OLD && answer != Some(true),
    })
}

/// Slips sent after the last seq a digest saw, and red ones without an answer.
pub(super) fn slips(
    frame: &Frame,
    standing: &Standing,
    seen: Option<u64>,
    today: NaiveDate,
) -> SlipCounts {
    let sent = standing
        .slips
        .values()
        .filter_map(|slip| slip.sent.as_ref());
    let unanswered = frame.unanswered_slips(standing, today).into_iter();
    SlipCounts {
        sent: sent.filter(|sent| sent.seq > seen.unwrap_or(0)).count(),
        red_unanswered: unanswered
            .filter(|slip| slip.colour == SlipColour::Red)
            .count(),
    }
}
