//! Buttons of this slice. They name things, never a right: the presser's own rights count.

use super::item::{self, Tap};
use super::project::{self, ProjectStep, ProjectTap};
use super::{AssignSay, Event, Talk, Turn, go_on, left, open_talk, receipt, today};
use crate::conversation::payload::{id_of, split_two};
use crate::conversation::{ChatKind, Effect, group};
use crate::ledger::{Assignee, ProjectStage};
use crate::plan::{Access, Rhythm, Right, TaskId, UnitId};

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// An answer to the open question.
    Tap(Tap),
    /// 上一步.
    Back,
    /// 提交.
    Submit,
    /// 退出.
    Leave,
    /// 签收.
    Receive(TaskId),
    /// 撤销 of an assigned item.
    Revoke(TaskId),
    /// The same once more.
    RevokeSure(TaskId),
    /// Open assigned items.
    List(usize),
    /// 再交办一项.
    Again,
    /// A tap on projects.
    Project(ProjectTap),
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Tap(tap) => encoded(tap),
            Self::Back => "b".to_owned(),
            Self::Submit => "s".to_owned(),
            Self::Leave => "x".to_owned(),
            Self::Receive(task) => format!("R:{task}"),
            Self::Revoke(task) => format!("v:{task}"),
            Self::RevokeSure(task) => format!("V:{task}"),
            Self::List(page) => format!("L:{page}"),
            Self::Again => "n".to_owned(),
            Self::Project(tap) => of_project(tap),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        let task = || id_of(rest).map(TaskId::new);
        Some(match (letter, rest) {
            ("b", "") => Self::Back,
            ("s", "") => Self::Submit,
            ("x", "") => Self::Leave,
            ("n", "") => Self::Again,
            ("R", _) => Self::Receive(task()?),
            ("v", _) => Self::Revoke(task()?),
            ("V", _) => Self::RevokeSure(task()?),
            ("L", _) => Self::List(rest.parse().ok()?),
            (letter, rest) => match to_project(letter, rest) {
                Some(tap) => Self::Project(tap),
                None => Self::Tap(decoded(letter, rest)?),
            },
        })
    }

    /// The right it needs; whoever an item was assigned to is asked for in its place.
    fn right(&self) -> Right {
        match self {
            Self::Receive(_) => Right::SeeStatus,
            Self::Tap(_)
            | Self::Back
            | Self::Submit
            | Self::Leave
            | Self::Revoke(_)
            | Self::RevokeSure(_)
            | Self::List(_)
            | Self::Again
            | Self::Project(_) => Right::Assign,
        }
    }
}

fn of_project(tap: &ProjectTap) -> String {
    match tap {
        ProjectTap::List(page) => format!("pl:{page}"),
        ProjectTap::Add => "pa".to_owned(),
        ProjectTap::Show(task) => format!("pt:{task}"),
        ProjectTap::NoMeasure => "pn".to_owned(),
        ProjectTap::Right => "pr".to_owned(),
        ProjectTap::Stage(stage) => format!("ps:{}", digit(*stage)),
        ProjectTap::NoDate => "p0".to_owned(),
        ProjectTap::Move(task, stage) => format!("pm:{}:{task}", digit(*stage)),
        ProjectTap::Date(task) => format!("pd:{task}"),
        ProjectTap::Drop(task, false) => format!("px:{task}"),
        ProjectTap::Drop(task, true) => format!("pX:{task}"),
        ProjectTap::PutBack(task) => format!("pb:{task}"),
    }
}

fn to_project(letter: &str, rest: &str) -> Option<ProjectTap> {
    let task = || id_of(rest).map(TaskId::new);
    Some(match (letter, rest) {
        ("pl", _) => ProjectTap::List(rest.parse().ok()?),
        ("pa", "") => ProjectTap::Add,
        ("pt", _) => ProjectTap::Show(task()?),
        ("pn", "") => ProjectTap::NoMeasure,
        ("pr", "") => ProjectTap::Right,
        ("ps", _) => ProjectTap::Stage(stage(rest)?),
        ("p0", "") => ProjectTap::NoDate,
        ("pm", _) => {
            let (to, task) = split_two(rest)?;
            ProjectTap::Move(TaskId::new(id_of(task)?), stage(to)?)
        }
        ("pd", _) => ProjectTap::Date(task()?),
        ("px", _) => ProjectTap::Drop(task()?, false),
        ("pX", _) => ProjectTap::Drop(task()?, true),
        ("pb", _) => ProjectTap::PutBack(task()?),
        _ => return None,
    })
}

/// Place of a stage in their order.
fn digit(stage: ProjectStage) -> usize {
    let mut all = ProjectStage::ALL.into_iter();
    all.position(|one| one == stage)
        .expect("every stage is in the list of all")
}

fn stage(digit: &str) -> Option<ProjectStage> {
    ProjectStage::ALL.get(digit.parse::<usize>().ok()?).copied()
}

fn encoded(tap: &Tap) -> String {
    match tap {
        Tap::Who(Assignee::Unit(unit)) => format!("u:{unit}"),
        Tap::Who(Assignee::Person(person)) => format!("h:{person}"),
        Tap::Page(page) => format!("U:{page}"),
        Tap::Done => "k".to_owned(),
        Tap::OpenEnded => "l".to_owned(),
        Tap::Rhythm(Rhythm::Weekly) => "r:w".to_owned(),
        Tap::Rhythm(Rhythm::TwoWeekly) => "r:t".to_owned(),
        Tap::Rhythm(Rhythm::Monthly) => "r:m".to_owned(),
        Tap::Rhythm(Rhythm::Quarterly) => "r:q".to_owned(),
        Tap::Meeting => "o:m".to_owned(),
        Tap::Instruction => "o:i".to_owned(),
        Tap::Today => "t".to_owned(),
    }
}

fn decoded(letter: &str, rest: &str) -> Option<Tap> {
    Some(match (letter, rest) {
        ("u", _) => Tap::Who(Assignee::Unit(UnitId::new(id_of(rest)?))),
        ("h", _) => Tap::Who(Assignee::Person(id_of(rest)?.into())),
        ("U", _) => Tap::Page(rest.parse().ok()?),
        ("k", "") => Tap::Done,
        ("l", "") => Tap::OpenEnded,
        ("r", "w") => Tap::Rhythm(Rhythm::Weekly),
        ("r", "t") => Tap::Rhythm(Rhythm::TwoWeekly),
        ("r", "m") => Tap::Rhythm(Rhythm::Monthly),
        ("r", "q") => Tap::Rhythm(Rhythm::Quarterly),
        ("o", "m") => Tap::Meeting,
        ("o", "i") => Tap::Instruction,
        ("t", "") => Tap::Today,
        _ => return None,
    })
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&press.right()) {
        return group::refuse(turn, event, why);
    }
    if event.place.kind != ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    match press {
        Press::Receive(task) => receipt::receive(turn, event, task),
        Press::Revoke(task) => receipt::revoke(turn, event, task),
        Press::Again => go_on(turn, None, Talk::Item(item::ItemDraft::default())),
        Press::List(page) => turn.show(event, AssignSay::List(page).into()),
        Press::Leave => {
            let say = left(turn);
            turn.show(event, say.into());
        }
        Press::Project(tap) => project::on_tap(turn, event, tap),
        Press::Tap(_) | Press::Back | Press::Submit | Press::RevokeSure(_) => {
            in_talk(turn, event, &press);
        }
    }
}

/// A press that goes on with the open talk.
fn in_talk(turn: &mut Turn<'_, '_>, event: &Event, press: &Press) {
    match (open_talk(turn), press) {
        (Some(Talk::Item(draft)), Press::Tap(tap)) => {
            let plan = &turn.context.frame.plan;
            match item::tapped(plan, today(turn), draft, tap) {
                Some(Ok(draft)) => go_on(turn, Some(event), Talk::Item(draft)),
                Some(Err(say)) => turn.push(Effect::alert(say.into())),
                None => turn.push(Effect::alert(AssignSay::StepOver.into())),
            }
        }
        (Some(Talk::Project(draft)), Press::Back) => project::back(turn, Some(event), draft),
        (Some(Talk::Project(draft)), Press::Submit) if draft.step == ProjectStep::Preview => {
            project::submit(turn, event, draft);
        }
        (Some(Talk::Item(draft)), Press::Back) => item::back(turn, Some(event), draft),
        (Some(Talk::Item(draft)), Press::Submit) if draft.step == item::ItemStep::Preview => {
            item::submit(turn, event, draft);
        }
        (
            Some(Talk::Revoke {
                task,
                reason: Some(reason),
            }),
            Press::RevokeSure(named),
        ) if task == *named => receipt::revoke_sure(turn, event, task, reason),
        _ => turn.push(Effect::alert(AssignSay::StepOver.into())),
    }
}
