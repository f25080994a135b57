//! Buttons of this slice. They name tasks and requests, never a right.

use super::{Kind, RequestSay, ask, decide, is_private};
use crate::conversation::payload::{id_of, split_two};
use crate::conversation::{Effect, Event, Turn, group};
use crate::plan::{Access, PersonId, Right, TaskId};

/// The message a decision is made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Its own card.
    Card,
    /// The list, at this page.
    List(u16),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 申请延期, 申请办结 and the office's two, on an item.
    Start(Kind, TaskId),
    /// 同上次.
    KeepProgress,
    /// 上一步.
    Back,
    /// 提交.
    Submit,
    /// 退出.
    Leave,
    /// 撤回 of a request.
    Withdraw(u64),
    /// 同意 or 确认办结.
    Agree(u64, Origin),
    /// 不同意 or 退回.
    Refuse(u64),
    /// 改日期.
    OtherDate(u64),
    /// 解除挂账.
    Unfreeze(TaskId),
    /// A page of the list.
    Todo(u16),
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Start(kind, task) => format!("{}:{task}", letter(*kind)),
            Self::KeepProgress => "p".to_owned(),
            Self::Back => "b".to_owned(),
            Self::Submit => "s".to_owned(),
            Self::Leave => "x".to_owned(),
            Self::Withdraw(seq) => format!("w:{seq}"),
            Self::Agree(seq, Origin::Card) => format!("y:{seq}"),
            Self::Agree(seq, Origin::List(page)) => format!("Y:{seq}:{page}"),
            Self::Refuse(seq) => format!("n:{seq}"),
            Self::OtherDate(seq) => format!("d:{seq}"),
            Self::Unfreeze(task) => format!("u:{task}"),
            Self::Todo(page) => format!("l:{page}"),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let Some((first, rest)) = data.split_once(':') else {
            return match data {
                "p" => Some(Self::KeepProgress),
                "b" => Some(Self::Back),
                "s" => Some(Self::Submit),
                "x" => Some(Self::Leave),
                _ => None,
            };
        };
        let task = || id_of(rest).map(TaskId::new);
        let kinds = [Kind::Extend, Kind::Close, Kind::Reopen, Kind::Freeze];
        if let Some(kind) = kinds.into_iter().find(|kind| letter(*kind) == first) {
            return Some(Self::Start(kind, task()?));
        }
        Some(match first {
            "w" => Self::Withdraw(rest.parse().ok()?),
            "y" => Self::Agree(rest.parse().ok()?, Origin::Card),
            "Y" => {
                let (seq, page) = split_two(rest)?;
                Self::Agree(seq.parse().ok()?, Origin::List(page.parse().ok()?))
            }
            "n" => Self::Refuse(rest.parse().ok()?),
            "d" => Self::OtherDate(rest.parse().ok()?),
            "u" => Self::Unfreeze(task()?),
            "l" => Self::Todo(rest.parse().ok()?),
            _ => return None,
        })
    }
}

fn letter(kind: Kind) -> &'static str {
    match kind {
        Kind::Extend => "e",
        Kind::Close => "c",
        Kind::Reopen => "o",
        Kind::Freeze => "f",
    }
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if !is_private(event) {
        return turn.push(Effect::alert(RequestSay::InPrivate.into()));
    }
    let right = match &press {
        Press::Start(Kind::Reopen | Kind::Freeze, _) | Press::Unfreeze(_) | Press::Todo(_) => {
            Right::Decide
        }
        // Which request is whose to decide is asked with the request, who may file with the item.
        Press::Start(Kind::Extend | Kind::Close, _)
        | Press::KeepProgress
        | Press::Back
        | Press::Submit
        | Press::Leave
        | Press::Withdraw(_)
        | Press::Agree(..)
        | Press::Refuse(_)
        | Press::OtherDate(_) => Right::SeeStatus,
    };
    if let Access::Refused(why) = turn.context.may(&right) {
        return group::refuse(turn, event, why);
    }
    match press {
        Press::Start(kind, task) => ask::begin(turn, kind, task),
        Press::KeepProgress => ask::keep_progress(turn),
        Press::Back => ask::back(turn),
        Press::Submit => ask::submit(turn),
        Press::Leave => {
            turn.state.waiting = None;
            turn.show(event, RequestSay::Left.into());
        }
        Press::Withdraw(seq) => decide::withdraw(turn, event, seq),
        Press::Agree(seq, origin) => decide::agree(turn, event, seq, origin),
        Press::Refuse(seq) => decide::want(turn, event, seq, super::Step::Refuse { request: seq }),
        Press::OtherDate(seq) => {
            decide::want(turn, event, seq, super::Step::OtherDate { request: seq });
        }
        Press::Unfreeze(task) => decide::unfreeze(turn, event, task),
        Press::Todo(page) => show_list(turn, event, page),
    }
}

/// The list in place of the pressed message.
pub(super) fn show_list(turn: &mut Turn<'_, '_>, event: &Event, page: u16) {
    let person: Option<PersonId> = turn.context.person.cloned();
    if let Some(person) = person {
        let page = usize::from(page);
        turn.show(event, RequestSay::Todo { person, page }.into());
    }
}
