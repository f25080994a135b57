//! The talk: when, on what, who is called; then the whole once more.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::when::{self, When};
use super::{MOST_TOPIC, MeetingSay, vocabulary};
use crate::calendar;
use crate::conversation::office::Waiting;
use crate::conversation::{Event, Turn, assign};
use crate::ledger::{Assignee, CalledMeeting, MeetingTime};
use crate::plan::Plan;

/// The question that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Day, time, place.
    #[default]
    When,
    /// What it is about.
    Topic,
    /// Who is called.
    Called,
    /// Everything, to be submitted.
    Check,
}

/// A meeting with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The question that is open.
    pub step: Step,
    /// Day.
    pub on: Option<NaiveDate>,
    /// Time of day, where one was said.
    pub at: Option<NaiveTime>,
    /// Place, where one was said.
    pub place: Option<String>,
    /// Topic.
    pub topic: String,
    /// Everybody on the roster is called.
    pub everybody: bool,
    /// Who is called, where it is not everybody.
    pub called: Vec<Assignee>,
    /// Page of the units that are offered.
    pub page: usize,
    /// Everything was answered once: an answer leads back to the check.
    pub checked: bool,
    /// The meeting that it takes the place of.
    pub instead_of: Option<u64>,
}

/// A tap on an answer of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// This unit or person; a second tap takes it off again.
    Who(Assignee),
    /// Everybody.
    Everybody,
    /// Other units are offered.
    Page(usize),
    /// Nobody more.
    Done,
    /// Another answer to this step.
    Change(Step),
}

impl Draft {
    /// The same meeting again, to be held at another time; `instead_of`: in the place of the first.
    pub(super) fn of(meeting: &CalledMeeting, instead_of: Option<u64>) -> Self {
        let body = |text: &crate::ledger::Text| text.body().unwrap_or_default().to_owned();
        let held = &meeting.meeting;
        Self {
            step: Step::When,
            on: Some(held.on),
            at: held.at,
            place: held.place.as_ref().map(body),
            topic: body(&held.topic),
            everybody: held.called.is_empty(),
            called: held.called.clone(),
            page: 0,
            checked: true,
            instead_of,
        }
    }

    /// Its day and time, once a day was said.
    pub fn time(&self) -> Option<MeetingTime> {
        self.on.map(|on| MeetingTime { on, at: self.at })
    }

    fn at(mut self, step: Step) -> Self {
        self.step = step;
        self.page = 0;
        self
    }

    /// On to the step, or back to the check where everything was answered.
    fn on_to(mut self, step: Step) -> Self {
        self.checked |= step == Step::Check;
        let step = if self.checked && !self.topic.is_empty() {
            Step::Check
        } else {
            step
        };
        self.at(step)
    }

    fn back(self) -> Self {
        let before = match self.step {
            Step::When | Step::Topic => Step::When,
            Step::Called => Step::Topic,
            Step::Check => Step::Called,
        };
        self.at(before)
    }
}

/// Keeps the talk and asks its question, in place of the one pressed on.
pub(super) fn go_on(turn: &mut Turn<'_, '_>, event: Option<&Event>, draft: Draft) {
    let draft = Box::new(draft);
    turn.state.waiting = Some(Waiting::Meeting {
        draft: draft.clone(),
    });
    let say = MeetingSay::Ask(draft).into();
    match event {
        Some(event) => turn.show(event, say),
        None => turn.tell_here(say),
    }
}

/// One step back; from the first one nowhere.
pub(super) fn back(turn: &mut Turn<'_, '_>, event: Option<&Event>, draft: Draft) {
    go_on(turn, event, draft.back());
}

/// Words at a step.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, draft: Draft, text: &str) {
    if assign::is_back(text) {
        return back(turn, None, draft);
    }
    let next = match draft.step {
        Step::When => when_said(turn, draft.clone(), text),
        Step::Topic => topic_said(draft.clone(), text),
        Step::Called => called_said(&turn.context.frame.plan, draft.clone(), text),
        Step::Check => Err(MeetingSay::ButtonsAlone),
    };
    match next {
        Ok(draft) => go_on(turn, None, draft),
        Err(say) => {
            // A question that was opened with its answer behind the command waits for a better one.
            turn.state.waiting = Some(Waiting::Meeting {
                draft: Box::new(draft),
            });
            turn.tell_here(say.into());
        }
    }
}

fn when_said(turn: &Turn<'_, '_>, draft: Draft, text: &str) -> Result<Draft, MeetingSay> {
    let known = draft.on.map(|on| When {
        on,
        at: draft.at,
        place: draft.place.clone(),
    });
    let today = calendar::date_of(turn.context.now);
    let When { on, at, place } = when::read(text, today, known)?;
    let time = MeetingTime { on, at };
    if is_past(turn, time) {
        return Err(MeetingSay::TimePast(time));
    }
    let draft = Draft {
        on: Some(on),
        at,
        place,
        ..draft
    };
    Ok(draft.on_to(Step::Topic))
}

/// Whether a meeting at that time could not be called any more.
pub(super) fn is_past(turn: &Turn<'_, '_>, time: MeetingTime) -> bool {
    let today = calendar::date_of(turn.context.now);
    let begins_at = time.at.map(|at| calendar::instant(time.on, at));
    time.on < today || begins_at.is_some_and(|at| at <= turn.context.now)
}

fn topic_said(mut draft: Draft, text: &str) -> Result<Draft, MeetingSay> {
    let length = text.chars().count();
    if length > MOST_TOPIC {
        return Err(MeetingSay::TooLong(length));
    }
    text.clone_into(&mut draft.topic);
    Ok(draft.on_to(Step::Called))
}

fn called_said(plan: &Plan, mut draft: Draft, text: &str) -> Result<Draft, MeetingSay> {
    if vocabulary::EVERYBODY.contains(&text) {
        return Ok(everybody(draft));
    }
    for name in assign::names(text) {
        let found = assign::find(plan, name);
        let one = found.ok_or_else(|| MeetingSay::UnknownName(name.to_owned()))?;
        if !draft.called.contains(&one) {
            draft.called.push(one);
        }
    }
    draft.everybody = false;
    Ok(draft)
}

fn everybody(mut draft: Draft) -> Draft {
    draft.everybody = true;
    draft.called.clear();
    draft.on_to(Step::Check)
}

/// What a button says at a step; none when the step is over.
pub(super) fn tapped(mut draft: Draft, tap: &Tap) -> Option<Result<Draft, MeetingSay>> {
    let next = match (draft.step, tap) {
        (Step::Called, Tap::Who(one)) => {
            draft.everybody = false;
            match draft.called.iter().position(|known| known == one) {
                Some(at) => drop(draft.called.remove(at)),
                None => draft.called.push(one.clone()),
            }
            draft
        }
        (Step::Called, Tap::Everybody) => everybody(draft),
        (Step::Called, Tap::Page(page)) => Draft {
            page: *page,
            ..draft
        },
        (Step::Called, Tap::Done) if draft.called.is_empty() && !draft.everybody => {
            return Some(Err(MeetingSay::NobodyCalled));
        }
        (Step::Called, Tap::Done) => draft.on_to(Step::Check),
        (Step::Check, Tap::Change(step)) => draft.at(*step),
        (Step::When | Step::Topic, Tap::Change(Step::Check)) if draft.checked => {
            draft.at(Step::Check)
        }
        _ => return None,
    };
    Some(Ok(next))
}
