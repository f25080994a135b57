//! What is asked of an item, and in which order.

use super::draft::{Answers, Draft, Flow, Home, Purpose, Step, Words};
use crate::ledger::{BaselineAnswer, Filed, Phase, TaskView, Text, Value};
use crate::plan::IndicatorKind;

/// What is asked of a task as it stands.
pub(super) fn flow_of(view: &TaskView<'_>) -> Flow {
    let baseline = matches!(view.phase, Phase::Baseline(_));
    match view.indicator.map(|indicator| indicator.kind) {
        None => Flow::Narrative,
        Some(IndicatorKind::Milestone) if baseline => Flow::BaselineMilestone,
        Some(IndicatorKind::Milestone) => Flow::Milestone,
        Some(_) if baseline => Flow::BaselineNumber,
        Some(IndicatorKind::Stock | IndicatorKind::Flow | IndicatorKind::Level) => Flow::Number,
    }
}

/// The questions of an item in their order, as far as the answers so far decide it.
pub(super) fn steps(draft: &Draft, home: Home) -> Vec<Step> {
    let mut steps = match (draft.purpose, draft.flow) {
        (Purpose::Hint, Flow::Number | Flow::BaselineNumber) => vec![Step::Value, Step::Done],
        (Purpose::Hint, Flow::Milestone | Flow::BaselineMilestone) => vec![Step::Stage, Step::Done],
        (Purpose::Hint, Flow::Narrative) => vec![Step::Done],
        (_, Flow::Number) => vec![Step::Value],
        (_, Flow::Milestone) => vec![Step::Stage],
        (_, Flow::Narrative) => Vec::new(),
        (_, Flow::BaselineNumber | Flow::BaselineMilestone) => baseline_steps(draft),
    };
    let told = matches!(draft.flow, Flow::Number | Flow::Milestone | Flow::Narrative);
    if told && draft.purpose != Purpose::Hint {
        steps.extend([
            Step::Judgement,
            Step::Done,
            Step::Issues,
            Step::Next,
            Step::Support,
        ]);
        let unit_alone = draft.answers.support_unit.is_some() && draft.answers.support.is_none();
        if unit_alone || draft.step == Step::SupportWhat {
            steps.push(Step::SupportWhat);
        }
        if home == Home::Private {
            // In the group evidence is added from the preview, for the sake of the group's budget.
            steps.push(Step::Evidence);
        }
    }
    steps.push(Step::Preview);
    steps
}

fn baseline_steps(draft: &Draft) -> Vec<Step> {
    let value = match draft.flow {
        Flow::BaselineNumber => Step::Value,
        Flow::BaselineMilestone | Flow::Number | Flow::Milestone | Flow::Narrative => Step::Stage,
    };
    match (draft.answers.reached, value) {
        (Some(true), Step::Value) => vec![Step::Reached, Step::ReachedOn, Step::Value],
        (Some(true), _) => vec![Step::Reached, Step::ReachedOn],
        (Some(false) | None, value) => vec![
            Step::Reached,
            value,
            Step::Reason,
            Step::Wanted,
            Step::Judgement,
        ],
    }
}

/// The first question of an item.
pub(super) fn first(draft: &Draft, home: Home) -> Step {
    steps(draft, home).first().copied().unwrap_or(Step::Preview)
}

/// The question after the open one.
pub(super) fn after(draft: &Draft, home: Home) -> Step {
    if let Some(step) = draft.return_to {
        return step;
    }
    let steps = steps(draft, home);
    let at = steps.iter().position(|step| *step == draft.step);
    let mut ahead = steps.iter().skip(at.map_or(0, |at| at + 1));
    // A past target's number that came as a reply to the reminder is not asked again.
    let known = |step: &Step| {
        draft.flow == Flow::BaselineNumber && *step == Step::Value && draft.answers.value.is_some()
    };
    ahead
        .find(|step| !known(step))
        .copied()
        .unwrap_or(Step::Preview)
}

/// The question before the open one; none at the first.
pub(super) fn before(draft: &Draft, home: Home) -> Option<Step> {
    if draft.step == Step::Lines {
        return Some(Step::Preview);
    }
    if draft.return_to.is_some() {
        return draft.return_to;
    }
    let steps = steps(draft, home);
    let at = steps.iter().position(|step| *step == draft.step)?;
    at.checked_sub(1).and_then(|at| steps.get(at)).copied()
}

/// Questions from the one after the open one to the preview, this included: what the group's budget must still hold. A
/// unit that is picked is asked about once more.
pub(super) fn left(draft: &Draft, home: Home) -> usize {
    let about_unit = |ahead: &[Step]| usize::from(ahead.contains(&Step::Support));
    if draft.return_to.is_some() {
        return 1 + about_unit(&[draft.step]);
    }
    let steps = steps(draft, home);
    let at = steps.iter().position(|step| *step == draft.step);
    at.map_or(1, |at| steps.len() - at - 1 + about_unit(&steps[at..]))
}

/// Whether a question is answered in words (or a file), not by a tap.
pub(super) fn is_typed(step: Step) -> bool {
    match step {
        Step::ReachedOn
        | Step::Value
        | Step::Reason
        | Step::Wanted
        | Step::Done
        | Step::Issues
        | Step::Next
        | Step::Support
        | Step::SupportWhat
        | Step::Evidence => true,
        Step::Reached | Step::Stage | Step::Judgement | Step::Preview | Step::Lines => false,
    }
}

/// The answers of an earlier report, as they are kept or corrected.
pub(super) fn answers_of(filed: &Filed) -> Answers {
    let report = &filed.report;
    let words = |text: &Option<Text>| text.as_ref().and_then(|text| kept(text, filed.seq));
    let (value, stage) = match report.value {
        Value::Number(value) => (Some(value), None),
        Value::Stage(stage) => (None, Some(stage)),
        Value::None => (None, None),
    };
    let mut answers = Answers {
        value,
        stage,
        judgement: Some(report.judgement),
        done: words(&report.done),
        issues: words(&report.issues),
        next: words(&report.next_steps),
        next_date: report.next_date,
        ..Answers::default()
    };
    if let Some(need) = &report.support_needed {
        answers.support_unit = need.unit.clone();
        answers.support = kept(&need.what, filed.seq);
    }
    match &report.baseline {
        Some(BaselineAnswer::Reached { on }) => {
            answers.reached = Some(true);
            answers.reached_on = *on;
        }
        Some(BaselineAnswer::NotReached { reason, wanted }) => {
            answers.reached = Some(false);
            answers.reason = kept(reason, filed.seq);
            answers.wanted = *wanted;
        }
        None => {}
    }
    answers
}

fn kept(text: &Text, seq: u64) -> Option<Words> {
    let text = text.body()?.to_owned();
    Some(Words {
        text,
        kept_from: Some(seq),
    })
}

/// The last answers to an item, which one tap keeps: of a correction what stands, else the newest report with the newest number.
pub fn last_answers(draft: &Draft, view: &TaskView<'_>) -> Option<(u64, Answers)> {
    if let Purpose::Correction(of) = draft.purpose {
        let filed = view.reports.iter().find(|filed| filed.seq == of)?;
        return Some((filed.seq, answers_of(filed)));
    }
    let filed = view.last_report()?;
    let mut answers = answers_of(filed);
    answers.value = view.actual();
    Some((filed.seq, answers))
}
