//! 项目库: a project is entered step by step; the office moves it from stage to stage, changes its date, takes it off the list.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::item::ahead;
use super::{AssignSay, Talk, go_on, open_talk, today};
use crate::conversation::number::{self, Expected, Reading};
use crate::conversation::people::{self, PeopleSay};
use crate::conversation::vocabulary::{ADD, MONEY, NONE};
use crate::conversation::{Effect, Event, Manner, Turn, Whom};
use crate::ledger::{Act, Decision, Project, ProjectEntry, ProjectStage, Text};
use crate::plan::{MeasureId, Plan, TaskId, UnitId, UnitOfMeasure};

/// Characters of a project's name.
pub const MOST_PROJECT: usize = 60;

/// The question that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStep {
    /// Its name.
    #[default]
    Name,
    /// Who files.
    Unit,
    /// The measure it belongs to.
    Measure,
    /// Total investment.
    Investment,
    /// Funding asked for.
    Funding,
    /// Funding above the investment: is that so?
    FundingOver,
    /// The stage it is in.
    Stage,
    /// When the next one begins.
    Next,
    /// All of it.
    Preview,
}

/// A project with the answers so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProjectDraft {
    /// The question that is open.
    pub step: ProjectStep,
    /// Name.
    pub name: String,
    /// Who files.
    pub unit: Option<UnitId>,
    /// Measure, if one.
    pub measure: Option<MeasureId>,
    /// In yuan.
    pub investment: Option<Decimal>,
    /// In yuan.
    pub funding: Option<Decimal>,
    /// Stage.
    pub stage: Option<ProjectStage>,
    /// Date of the next stage.
    pub next: Option<NaiveDate>,
}

impl ProjectDraft {
    fn at(mut self, step: ProjectStep) -> Self {
        self.step = step;
        self
    }

    fn before(&self) -> ProjectStep {
        match self.step {
            ProjectStep::Name | ProjectStep::Unit => ProjectStep::Name,
            ProjectStep::Measure => ProjectStep::Unit,
            ProjectStep::Investment => ProjectStep::Measure,
            ProjectStep::Funding => ProjectStep::Investment,
            ProjectStep::FundingOver | ProjectStep::Stage => ProjectStep::Funding,
            ProjectStep::Next => ProjectStep::Stage,
            ProjectStep::Preview if self.stage == Some(ProjectStage::Finished) => {
                ProjectStep::Stage
            }
            ProjectStep::Preview => ProjectStep::Next,
        }
    }
}

/// A tap on an answer or on a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectTap {
    /// A page of the list.
    List(usize),
    /// 新增项目.
    Add,
    /// One project.
    Show(TaskId),
    /// No measure.
    NoMeasure,
    /// The funding is right as it is.
    Right,
    /// A stage, of the talk.
    Stage(ProjectStage),
    /// No date yet.
    NoDate,
    /// 转入 a stage.
    Move(TaskId, ProjectStage),
    /// 改日期.
    Date(TaskId),
    /// 移出; the second time for good.
    Drop(TaskId, bool),
    /// 重新列入.
    PutBack(TaskId),
}

/// `/project`, `/project add`.
pub fn project(turn: &mut Turn<'_, '_>, _event: &Event, argument: &str) {
    match argument {
        "" => turn.tell_here(AssignSay::Projects(0).into()),
        word if ADD.contains(&word) => go_on(turn, None, Talk::Project(ProjectDraft::default())),
        name => {
            let draft = ProjectDraft::default();
            on_text(turn, draft, name);
        }
    }
}

/// Words at a step of a new project.
pub(super) fn on_text(turn: &mut Turn<'_, '_>, draft: ProjectDraft, text: &str) {
    let plan = &turn.context.frame.plan;
    let next = match draft.step {
        ProjectStep::Name => named(draft, text),
        ProjectStep::Unit => filed_by(plan, draft, text),
        ProjectStep::Measure => under(plan, draft, text),
        ProjectStep::Investment => money(text).map(|yuan| {
            ProjectDraft {
                investment: Some(yuan),
                ..draft
            }
            .at(ProjectStep::Funding)
        }),
        ProjectStep::Funding | ProjectStep::FundingOver => {
            money(text).map(|yuan| funded(draft, yuan))
        }
        ProjectStep::Next if NONE.contains(&text) => Ok(dated(draft, None)),
        ProjectStep::Next => ahead(today(turn), text).map(|day| dated(draft, Some(day))),
        ProjectStep::Stage | ProjectStep::Preview => Err(AssignSay::ButtonsAlone),
    };
    match next {
        Ok(draft) => go_on(turn, None, Talk::Project(draft)),
        Err(say) => turn.tell_here(say.into()),
    }
}

fn named(draft: ProjectDraft, text: &str) -> Result<ProjectDraft, AssignSay> {
    let length = text.chars().count();
    if length > MOST_PROJECT {
        return Err(AssignSay::NameTooLong(length));
    }
    let name = text.to_owned();
    Ok(ProjectDraft { name, ..draft }.at(ProjectStep::Unit))
}

fn filed_by(plan: &Plan, draft: ProjectDraft, text: &str) -> Result<ProjectDraft, AssignSay> {
    let unit = plan.find_unit(text);
    let unit = unit.ok_or_else(|| AssignSay::UnknownName(text.to_owned()))?;
    let unit = Some(unit.id.clone());
    Ok(ProjectDraft { unit, ..draft }.at(ProjectStep::Measure))
}

fn under(plan: &Plan, draft: ProjectDraft, text: &str) -> Result<ProjectDraft, AssignSay> {
    if NONE.contains(&text) {
        return Ok(draft.at(ProjectStep::Investment));
    }
    let number = number::small(text).map(|(number, _)| number);
    let measures = plan.measures.iter();
    let found = number.and_then(|number| {
        let mut same = measures.filter(|measure| u32::from(measure.number) == number);
        same.next()
    });
    let measure = found.ok_or_else(|| AssignSay::NoMeasure(text.to_owned()))?;
    let measure = Some(measure.id.clone());
    Ok(ProjectDraft { measure, ..draft }.at(ProjectStep::Investment))
}

/// An amount in yuan; a bare number is in 万元.
fn money(text: &str) -> Result<Decimal, AssignSay> {
    let unit = UnitOfMeasure::parse(MONEY);
    let expected = Expected {
        unit: &unit,
        target: None,
        last: None,
        negative: false,
    };
    match number::read(text, &expected) {
        Reading::Accepted(yuan) => Ok(yuan),
        Reading::Ambiguous(_) | Reading::Refused(_) => {
            Err(AssignSay::MoneyUnclear(text.to_owned()))
        }
    }
}

/// Funding above the investment is questioned once.
fn funded(draft: ProjectDraft, yuan: Decimal) -> ProjectDraft {
    let above = draft.investment.is_some_and(|investment| yuan > investment);
    let again = draft.step == ProjectStep::FundingOver && draft.funding == Some(yuan);
    let step = match above && !again {
        true => ProjectStep::FundingOver,
        false => ProjectStep::Stage,
    };
    ProjectDraft {
        funding: Some(yuan),
        ..draft
    }
    .at(step)
}

fn dated(draft: ProjectDraft, next: Option<NaiveDate>) -> ProjectDraft {
    ProjectDraft { next, ..draft }.at(ProjectStep::Preview)
}

/// One step back; from the first one nowhere.
pub(super) fn back(turn: &mut Turn<'_, '_>, event: Option<&Event>, draft: ProjectDraft) {
    let before = draft.before();
    go_on(turn, event, Talk::Project(draft.at(before)));
}

/// A tap of this part; the right was asked before.
pub(super) fn on_tap(turn: &mut Turn<'_, '_>, event: &Event, tap: ProjectTap) {
    match tap {
        ProjectTap::List(page) => turn.show(event, AssignSay::Projects(page).into()),
        ProjectTap::Add => go_on(turn, Some(event), Talk::Project(ProjectDraft::default())),
        ProjectTap::Show(task) => turn.show(event, AssignSay::Project(task).into()),
        ProjectTap::NoMeasure | ProjectTap::Right | ProjectTap::Stage(_) | ProjectTap::NoDate => {
            answer(turn, event, &tap)
        }
        ProjectTap::Move(task, to) => on_move(turn, event, task, to),
        ProjectTap::Date(task) => {
            if let Some(project) = known(turn, event, &task) {
                let to = project.stage;
                go_on(turn, Some(event), Talk::Move { task, to });
            }
        }
        ProjectTap::Drop(task, false) => turn.show(event, AssignSay::DropSure(task).into()),
        ProjectTap::Drop(task, true) => put(turn, event, task, None, None),
        ProjectTap::PutBack(task) => {
            if let Some(project) = known(turn, event, &task) {
                let (stage, next) = (project.stage, project.next);
                put(turn, event, task, Some(stage), next);
            }
        }
    }
}

/// A tap that answers the open question.
fn answer(turn: &mut Turn<'_, '_>, event: &Event, tap: &ProjectTap) {
    match (open_talk(turn), tap) {
        (Some(Talk::Move { task, to }), ProjectTap::NoDate) => {
            put(turn, event, task, Some(to), None);
        }
        (Some(Talk::Project(draft)), tap) => {
            let next = match (draft.step, tap) {
                (ProjectStep::Measure, ProjectTap::NoMeasure) => {
                    Some(draft.at(ProjectStep::Investment))
                }
                (ProjectStep::FundingOver, ProjectTap::Right) => Some(draft.at(ProjectStep::Stage)),
                (ProjectStep::Stage, ProjectTap::Stage(stage)) => Some(staged(draft, *stage)),
                (ProjectStep::Next, ProjectTap::NoDate) => Some(dated(draft, None)),
                _ => None,
            };
            match next {
                Some(draft) => go_on(turn, Some(event), Talk::Project(draft)),
                None => turn.push(Effect::alert(AssignSay::StepOver.into())),
            }
        }
        _ => turn.push(Effect::alert(AssignSay::StepOver.into())),
    }
}

fn staged(draft: ProjectDraft, stage: ProjectStage) -> ProjectDraft {
    let step = match stage {
        ProjectStage::Finished => ProjectStep::Preview,
        ProjectStage::Planned
        | ProjectStage::Approved
        | ProjectStage::Begun
        | ProjectStage::Building => ProjectStep::Next,
    };
    ProjectDraft {
        stage: Some(stage),
        next: None,
        ..draft
    }
    .at(step)
}

/// 提交 of a new project.
pub(super) fn submit(turn: &mut Turn<'_, '_>, event: &Event, draft: ProjectDraft) {
    let (Some(unit), Some(investment), Some(funding), Some(stage)) =
        (draft.unit, draft.investment, draft.funding, draft.stage)
    else {
        return turn.push(Effect::alert(AssignSay::StepOver.into()));
    };
    let task = TaskId::new(format!("p-{}", turn.next_seq()));
    let name = Text::new(draft.name, turn.salts.salt());
    turn.push(Effect::Append(Act::ProjectAdded(Arc::new(ProjectEntry {
        name,
        unit: unit.clone(),
        measure: draft.measure,
        investment,
        funding,
        stage,
        next: draft.next,
    }))));
    turn.state.waiting = None;
    turn.show(event, AssignSay::Project(task.clone()).into());
    tell(turn, &unit, &task);
}

/// The project, if it is one; otherwise the presser is told that the button is of another time.
fn known<'s>(turn: &mut Turn<'s, '_>, event: &Event, task: &TaskId) -> Option<&'s Project> {
    let project = turn.context.standing.amendments.project(task);
    if project.is_none() {
        turn.refuse(event, AssignSay::StepOver.into());
    }
    project
}

/// 转入 a stage: the date of the one after is asked, except at the last.
fn on_move(turn: &mut Turn<'_, '_>, event: &Event, task: TaskId, to: ProjectStage) {
    let Some(project) = known(turn, event, &task) else {
        return;
    };
    // Somebody else moved it meanwhile: the card shows where it is now.
    if project.stage == to || project.dropped {
        let decided = turn
            .context
            .standing
            .decided
            .get(&Decision::Stage(task.clone()));
        let before = PeopleSay::DecidedBefore(decided.cloned());
        turn.push(Effect::alert(before.into()));
        return turn.show(event, AssignSay::Project(task).into());
    }
    match to.next() {
        None => put(turn, event, task, Some(to), None),
        Some(_) => go_on(turn, Some(event), Talk::Move { task, to }),
    }
}

/// The date of the stage after.
pub(super) fn on_date(turn: &mut Turn<'_, '_>, task: TaskId, to: ProjectStage, text: &str) {
    match ahead(today(turn), text) {
        Ok(day) => moved(turn, None, task, Some(to), Some(day)),
        Err(say) => turn.tell_here(say.into()),
    }
}

fn put(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    task: TaskId,
    to: Option<ProjectStage>,
    next: Option<NaiveDate>,
) {
    if known(turn, event, &task).is_some() {
        moved(turn, Some(event), task, to, next);
    }
}

fn moved(
    turn: &mut Turn<'_, '_>,
    event: Option<&Event>,
    task: TaskId,
    to: Option<ProjectStage>,
    next: Option<NaiveDate>,
) {
    turn.state.waiting = None;
    let Some(project) = turn.context.standing.amendments.project(&task) else {
        return turn.tell_here(AssignSay::StepOver.into());
    };
    let plan = &turn.context.frame.plan;
    let unit = plan.current_unit(&project.entry.unit).clone();
    turn.push(Effect::Append(Act::ProjectMoved {
        task: task.clone(),
        to,
        next,
    }));
    let say = AssignSay::Project(task.clone()).into();
    match event {
        Some(event) => turn.show(event, say),
        None => turn.tell_here(say),
    }
    tell(turn, &unit, &task);
}

/// The filing unit and the rest of the office hear of it, silently.
fn tell(turn: &mut Turn<'_, '_>, unit: &UnitId, task: &TaskId) {
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    let filer = turn.context.frame.plan.filers(unit).0;
    let mut told = people::office(turn.context);
    told.extend(filer.map(|member| member.id.clone()));
    told.sort();
    told.dedup();
    for person in told.into_iter().filter(|person| *person != own) {
        turn.push(Effect::Tell {
            to: Whom::Person(person),
            say: AssignSay::ToldProject(task.clone(), own.clone()).into(),
            manner: Manner::unasked(),
        });
    }
    turn.push(Effect::RefreshStatus);
}
