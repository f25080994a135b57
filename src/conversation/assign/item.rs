//! `/assign`: what, who, by when, how often, where from; then the whole once more before it is submitted.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AssignSay, MOST_TEXT, Talk, go_on, today, vocabulary};
use crate::conversation::date::{self, Toward};
use crate::conversation::meeting;
use crate::conversation::office::Waiting;
use crate::conversation::{ChatKind, Effect, Event, Happening, Manner, Turn, Whom};
use crate::ledger::{Act, Assignee, Assignment, Origin, Text, people_of};
use crate::plan::{PersonId, Plan, Rhythm, Role, TaskId};

/// The question that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStep {
    /// What is to be done.
    #[default]
    What,
    /// Who leads.
    Lead,
    /// Who supports.
    Supporting,
    /// By when.
    Due,
    /// How often it is asked.
    Rhythm,
    /// Where it comes from.
    Origin,
    /// The day of the meeting it comes from.
    MeetingDay,
    /// Everything, to be submitted.
    Preview,
}

/// Where it comes from, as said so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginDraft {
    /// 会议议定.
    Meeting {
        /// Its day.
        on: NaiveDate,
        /// Seq of its call, where it was called here.
        meeting: Option<u64>,
    },
    /// 领导批示.
    Instruction,
    /// In words.
    Other(String),
}

/// An item with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemDraft {
    /// The question that is open.
    pub step: ItemStep,
    /// What is to be done.
    pub what: String,
    /// Who leads.
    pub lead: Option<Assignee>,
    /// Who supports.
    pub supporting: Vec<Assignee>,
    /// By when; none: 长期.
    pub due: Option<NaiveDate>,
    /// How often; the default is by the month.
    pub rhythm: Option<Rhythm>,
    /// Where it comes from.
    pub origin: Option<OriginDraft>,
    /// Page of the units that are offered.
    pub page: usize,
}

impl ItemDraft {
    /// The meeting whose decisions are taken one after another: the origin is given.
    pub fn meeting(&self) -> Option<u64> {
        match self.origin {
            Some(OriginDraft::Meeting { meeting, .. }) => meeting,
            Some(OriginDraft::Instruction | OriginDraft::Other(_)) | None => None,
        }
    }

    fn has_preset_origin(&self) -> bool {
        self.meeting().is_some()
    }

    fn at(mut self, step: ItemStep) -> Self {
        self.step = step;
        self.page = 0;
        self
    }

    fn before(&self) -> ItemStep {
        match self.step {
            ItemStep::What | ItemStep::Lead => ItemStep::What,
            ItemStep::Supporting => ItemStep::Lead,
            ItemStep::Due => ItemStep::Supporting,
            ItemStep::Rhythm => ItemStep::Due,
            ItemStep::Origin => ItemStep::Rhythm,
            ItemStep::MeetingDay => ItemStep::Origin,
            ItemStep::Preview if self.has_preset_origin() => ItemStep::Rhythm,
            ItemStep::Preview => ItemStep::Origin,
        }
    }
}

/// `/assign`, with the item's text behind it or as a reply to a message that holds it.
pub fn assign(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let text = replied(event).unwrap_or(argument).trim();
    let length = text.chars().count();
    if length > MOST_TEXT {
        return turn.reply(AssignSay::TooLong(length).into());
    }
    let draft = ItemDraft {
        what: text.to_owned(),
        step: if text.is_empty() {
            ItemStep::What
        } else {
            ItemStep::Lead
        },
        ..ItemDraft::default()
    };
    if event.place.kind == ChatKind::Private {
        return go_on(turn, None, Talk::Item(draft));
    }
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    let talk = Box::new(Talk::Item(draft));
    turn.state.waiting = Some(Waiting::Assign { talk: talk.clone() });
    turn.push(Effect::Tell {
        to: Whom::Person(own),
        say: AssignSay::Ask(talk).into(),
        manner: Manner::default(),
    });
    turn.reply(AssignSay::InPrivate.into());
}

/// The next decision of a meeting that was called here.
pub(in crate::conversation) fn take_decision(turn: &mut Turn<'_, '_>, on: NaiveDate, seq: u64) {
    let draft = ItemDraft {
        origin: Some(OriginDraft::Meeting {
            on,
            meeting: Some(seq),
        }),
        ..ItemDraft::default()
    };
    go_on(turn, None, Talk::Item(draft));
}

fn replied(event: &Event) -> Option<&str> {
    match &event.happening {
        Happening::Text { reply_to, .. } => reply_to.as_ref()?.text.as_deref(),
        _ => None,
    }
}

/// Words at a step.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, draft: ItemDraft, text: &str) {
    if vocabulary::is_back(text) {
        return back(turn, None, draft);
    }
    if let (ItemStep::What, Some(seq)) = (draft.step, draft.meeting())
        && meeting::is_over(text)
    {
        return meeting::end(turn, None, seq);
    }
    let next = match draft.step {
        ItemStep::What => {
            let next = if draft.lead.is_some() {
                ItemStep::Preview
            } else {
                ItemStep::Lead
            };
            Ok(ItemDraft {
                what: text.to_owned(),
                ..draft
            }
            .at(next))
        }
        ItemStep::Lead => lead_typed(&turn.context.frame.plan, draft, text),
        ItemStep::Supporting if vocabulary::is_nobody(text) => Ok(draft.at(ItemStep::Due)),
        ItemStep::Supporting => {
            supporting_named(&turn.context.frame.plan, draft, &vocabulary::names(text))
        }
        ItemStep::Due if vocabulary::is_open_ended(text) => {
            Ok(ItemDraft { due: None, ..draft }.at(ItemStep::Rhythm))
        }
        ItemStep::Due => due_typed(today(turn), draft, text),
        ItemStep::Rhythm => match vocabulary::rhythm(text) {
            Some(rhythm) => Ok(with_rhythm(draft, rhythm)),
            None => Err(AssignSay::RhythmUnclear),
        },
        ItemStep::Origin => {
            let origin = Some(OriginDraft::Other(text.to_owned()));
            Ok(ItemDraft { origin, ..draft }.at(ItemStep::Preview))
        }
        ItemStep::MeetingDay => meeting_day(today(turn), draft, text),
        ItemStep::Preview => Err(AssignSay::ButtonsAlone),
    };
    match next {
        Ok(draft) => go_on(turn, None, Talk::Item(draft)),
        Err(say) => turn.tell_here(say.into()),
    }
}

/// The unit or person that somebody calls so.
pub(super) fn called(plan: &Plan, name: &str) -> Result<Assignee, AssignSay> {
    find(plan, name).ok_or_else(|| AssignSay::UnknownName(name.to_owned()))
}

/// The same, if there is one.
pub(in crate::conversation) fn find(plan: &Plan, name: &str) -> Option<Assignee> {
    match plan.find_unit(name) {
        Some(unit) => Some(Assignee::Unit(unit.id.clone())),
        None => Some(Assignee::Person(plan.find_member(name)?.id.clone())),
    }
}

/// Whoever leads is asked for a unit: leaders and people without one are not.
fn as_lead(plan: &Plan, assignee: Assignee) -> Result<Assignee, AssignSay> {
    let Assignee::Person(person) = &assignee else {
        return Ok(assignee);
    };
    let files = plan.member(person).is_some_and(|member| match member.role {
        Role::Member | Role::Liaison => !member.units.is_empty(),
        Role::Leader | Role::DeputyLeader => false,
    });
    match files {
        true => Ok(assignee),
        false => Err(AssignSay::CannotLead(person.clone())),
    }
}

/// The first name leads, the others support.
fn lead_typed(plan: &Plan, draft: ItemDraft, text: &str) -> Result<ItemDraft, AssignSay> {
    let names = vocabulary::names(text);
    let (first, others) = names.split_first().ok_or(AssignSay::ButtonsAlone)?;
    let lead = as_lead(plan, called(plan, first)?)?;
    let draft = with_lead(draft, lead);
    match others {
        [] => Ok(draft),
        _ => supporting_named(plan, draft, others),
    }
}

fn with_lead(mut draft: ItemDraft, lead: Assignee) -> ItemDraft {
    draft.supporting.retain(|other| *other != lead);
    draft.lead = Some(lead);
    draft.at(ItemStep::Supporting)
}

fn supporting_named(
    plan: &Plan,
    mut draft: ItemDraft,
    names: &[&str],
) -> Result<ItemDraft, AssignSay> {
    for name in names {
        let assignee = called(plan, name)?;
        if draft.lead.as_ref() != Some(&assignee) && !draft.supporting.contains(&assignee) {
            draft.supporting.push(assignee);
        }
    }
    Ok(draft)
}

fn due_typed(today: NaiveDate, draft: ItemDraft, text: &str) -> Result<ItemDraft, AssignSay> {
    let day = ahead(today, text)?;
    Ok(ItemDraft {
        due: Some(day),
        ..draft
    }
    .at(ItemStep::Rhythm))
}

/// A day from today on.
pub(super) fn ahead(today: NaiveDate, text: &str) -> Result<NaiveDate, AssignSay> {
    let day = date::read(text, today, Toward::Future).ok_or(AssignSay::DateUnclear)?;
    match day < today {
        true => Err(AssignSay::DatePast(day)),
        false => Ok(day),
    }
}

fn meeting_day(today: NaiveDate, draft: ItemDraft, text: &str) -> Result<ItemDraft, AssignSay> {
    let day = date::read(text, today, Toward::Past).ok_or(AssignSay::DateUnclear)?;
    match day > today {
        true => Err(AssignSay::DateAhead(day)),
        false => Ok(with_meeting_on(draft, day)),
    }
}

fn with_meeting_on(draft: ItemDraft, on: NaiveDate) -> ItemDraft {
    let origin = Some(OriginDraft::Meeting { on, meeting: None });
    ItemDraft { origin, ..draft }.at(ItemStep::Preview)
}

fn with_rhythm(mut draft: ItemDraft, rhythm: Rhythm) -> ItemDraft {
    draft.rhythm = Some(rhythm);
    let next = if draft.has_preset_origin() {
        ItemStep::Preview
    } else {
        ItemStep::Origin
    };
    draft.at(next)
}

/// One step back; from the first one nowhere.
pub(super) fn back(turn: &mut Turn<'_, '_>, event: Option<&Event>, draft: ItemDraft) {
    let before = draft.before();
    go_on(turn, event, Talk::Item(draft.at(before)));
}

/// What a button says at a step; none when the step is over.
pub(super) fn tapped(
    plan: &Plan,
    today: NaiveDate,
    draft: ItemDraft,
    tap: &Tap,
) -> Option<Result<ItemDraft, AssignSay>> {
    let next = match (draft.step, tap) {
        (ItemStep::Lead, Tap::Who(assignee)) => {
            as_lead(plan, assignee.clone()).map(|lead| with_lead(draft, lead))
        }
        (ItemStep::Supporting, Tap::Who(assignee)) => Ok(toggled(draft, assignee)),
        (ItemStep::Lead | ItemStep::Supporting, Tap::Page(page)) => Ok(ItemDraft {
            page: *page,
            ..draft
        }),
        (ItemStep::Supporting, Tap::Done) => Ok(draft.at(ItemStep::Due)),
        (ItemStep::Due, Tap::OpenEnded) => {
            Ok(ItemDraft { due: None, ..draft }.at(ItemStep::Rhythm))
        }
        (ItemStep::Rhythm, Tap::Rhythm(rhythm)) => Ok(with_rhythm(draft, *rhythm)),
        (ItemStep::Origin, Tap::Meeting) => Ok(draft.at(ItemStep::MeetingDay)),
        (ItemStep::Origin, Tap::Instruction) => {
            let origin = Some(OriginDraft::Instruction);
            Ok(ItemDraft { origin, ..draft }.at(ItemStep::Preview))
        }
        (ItemStep::MeetingDay, Tap::Today) => Ok(with_meeting_on(draft, today)),
        _ => return None,
    };
    Some(next)
}

/// A tap on an answer of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// This unit or person.
    Who(Assignee),
    /// Other units are offered.
    Page(usize),
    /// Nobody more.
    Done,
    /// 长期.
    OpenEnded,
    /// How often.
    Rhythm(Rhythm),
    /// From a meeting.
    Meeting,
    /// From a leader's instruction.
    Instruction,
    /// The meeting was today.
    Today,
}

/// A second tap takes a unit off again.
fn toggled(mut draft: ItemDraft, assignee: &Assignee) -> ItemDraft {
    if draft.lead.as_ref() == Some(assignee) {
        return draft;
    }
    match draft.supporting.iter().position(|other| other == assignee) {
        Some(at) => drop(draft.supporting.remove(at)),
        None => draft.supporting.push(assignee.clone()),
    }
    draft
}

/// 提交: on record, a card to everybody it concerns.
pub(super) fn submit(turn: &mut Turn<'_, '_>, event: &Event, draft: ItemDraft) {
    let of_meeting = draft
        .meeting()
        .and_then(|seq| turn.context.standing.meeting(seq));
    if let Some(off) = of_meeting.filter(|one| one.ended.as_ref().is_some_and(|it| it.called_off)) {
        turn.push(Effect::alert(AssignSay::MeetingOff(off.seq).into()));
        let draft = ItemDraft {
            origin: None,
            ..draft
        }
        .at(ItemStep::Origin);
        return go_on(turn, Some(event), Talk::Item(draft));
    }
    let (Some(lead), Some(origin)) = (draft.lead, draft.origin) else {
        return turn.push(Effect::alert(AssignSay::StepOver.into()));
    };
    let what = Text::new(draft.what, turn.salts.salt());
    let origin = match origin {
        OriginDraft::Meeting { on, meeting } => Origin::Meeting { on, meeting },
        OriginDraft::Instruction => Origin::Instruction,
        OriginDraft::Other(words) => Origin::Other(Text::new(words, turn.salts.salt())),
    };
    let assignment = Arc::new(Assignment {
        what,
        lead,
        supporting: draft.supporting,
        due: draft.due,
        rhythm: draft.rhythm.unwrap_or(Rhythm::Monthly),
        origin,
    });
    let task = TaskId::new(format!("a-{}", turn.next_seq()));
    let people = concerned(&turn.context.frame.plan, &assignment);
    turn.push(Effect::Append(Act::Assigned(assignment)));
    turn.state.waiting = None;
    turn.show(event, AssignSay::Assigned(task.clone()).into());
    for person in people {
        let say = AssignSay::Card {
            task: task.clone(),
            person: person.clone(),
        };
        tell_silently(turn, person, say);
    }
    if let Some(meeting) = of_meeting {
        take_decision(turn, meeting.meeting.on, meeting.seq);
    }
}

fn concerned(plan: &Plan, assignment: &Assignment) -> Vec<PersonId> {
    let mut people = Vec::new();
    for assignee in std::iter::once(&assignment.lead).chain(&assignment.supporting) {
        for member in people_of(plan, assignee) {
            if !people.contains(&member.id) {
                people.push(member.id.clone());
            }
        }
    }
    people
}

/// A private message nobody asked for.
pub(super) fn tell_silently(turn: &mut Turn<'_, '_>, person: PersonId, say: AssignSay) {
    turn.push(Effect::Tell {
        to: Whom::Person(person),
        say: say.into(),
        manner: Manner::unasked(),
    });
}
