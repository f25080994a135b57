//! Buttons of the office's acts. They name things and what was shown, never a right: the presser's own rights count.

use chrono::NaiveDate;

use super::{Event, OfficeSay, Turn, adoption, baseline, basis, change, live, own, terms};
use crate::conversation::payload::{Payload, id_of, split_two};
use crate::conversation::{ChatKind, Effect, Happening, group};
use crate::plan::{Access, DoubtId, Fact, Hash, Right, TaskId, UnitId};

/// A date in button data.
const DATE: &str = "%Y%m%d";

/// The answer to whether the task force moves to another group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveAnswer {
    /// 迁到本群.
    Yes,
    /// The same once more.
    Sure,
    /// 不迁.
    No,
}

/// Buttons of this slice. Stamps tell the adoption (or the words) that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// 正式启用: the first tap.
    Golive,
    /// The second.
    GoliveSure,
    /// 采纳建议.
    Take(DoubtId, u32),
    /// 写明.
    Write(DoubtId),
    /// 跳过.
    Skip(DoubtId),
    /// 全部采纳.
    TakeAll,
    /// The same once more: how many were open, of which adoption.
    TakeAllSure(u16, u32),
    /// 确认 of words on a doubt.
    Words(u32),
    /// 重写.
    WordsAgain,
    /// 无文号: a settlement without a basis.
    NoBasis,
    /// The basis of the entry with this seq.
    SameBasis(u64),
    /// 上一步 from the basis.
    BasisBack,
    /// The terms of a target.
    Terms(TaskId),
    /// 改目标值 and its like.
    Change(Fact, TaskId),
    /// A unit that is to file.
    Lead(UnitId),
    /// 改回: the value as it was at first.
    Original,
    /// 上一步 from the preview of a change.
    ChangeBack,
    /// 确认 of it.
    ChangeSure(u32),
    /// Back to the offered plan.
    Offer,
    /// 采用.
    Adopt(u32),
    /// The same once more; true keeps what the office settled, false takes the plan's.
    AdoptSure(u32, bool),
    /// 不采用.
    Decline(u32),
    /// The same once more.
    DeclineSure(u32),
    /// 取消 of a vanished task.
    Cancel(TaskId),
    /// 并入: a vanished task into another.
    Merge(TaskId, TaskId),
    /// 办结 of a baseline task.
    Close(TaskId),
    /// Sets this deadline, as its unit wants it.
    Due(TaskId, NaiveDate),
    /// Asks for another one.
    OtherDue(TaskId),
    /// Whether the task force moves to this group.
    Move(MoveAnswer),
    /// 已见到 (true) or 重发 of an outbox row.
    Unknown(i64, bool),
    /// 退出.
    Leave,
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Golive => "g".to_owned(),
            Self::GoliveSure => "G".to_owned(),
            Self::Take(doubt, stamp) => format!("t:{stamp}:{doubt}"),
            Self::Write(doubt) => format!("w:{doubt}"),
            Self::Skip(doubt) => format!("s:{doubt}"),
            Self::TakeAll => "a".to_owned(),
            Self::TakeAllSure(open, stamp) => format!("A:{open}:{stamp}"),
            Self::Words(stamp) => format!("W:{stamp}"),
            Self::WordsAgain => "r".to_owned(),
            Self::NoBasis => "b".to_owned(),
            Self::SameBasis(seq) => format!("b:{seq}"),
            Self::BasisBack => "z".to_owned(),
            Self::Terms(task) => format!("k:{task}"),
            Self::Change(fact, task) => format!("e:{}:{task}", fact_letter(*fact)),
            Self::Lead(unit) => format!("l:{unit}"),
            Self::Original => "O".to_owned(),
            Self::ChangeBack => "Z".to_owned(),
            Self::ChangeSure(stamp) => format!("E:{stamp}"),
            Self::Offer => "o".to_owned(),
            Self::Adopt(stamp) => format!("p:{stamp}"),
            Self::AdoptSure(stamp, true) => format!("P:k:{stamp}"),
            Self::AdoptSure(stamp, false) => format!("P:n:{stamp}"),
            Self::Decline(stamp) => format!("d:{stamp}"),
            Self::DeclineSure(stamp) => format!("D:{stamp}"),
            Self::Cancel(task) => format!("c:{task}"),
            Self::Merge(task, into) => format!("m:{task}:{into}"),
            Self::Close(task) => format!("f:{task}"),
            Self::Due(task, due) => format!("n:{}:{task}", due.format(DATE)),
            Self::OtherDue(task) => format!("N:{task}"),
            Self::Move(MoveAnswer::Yes) => "v:y".to_owned(),
            Self::Move(MoveAnswer::Sure) => "v:s".to_owned(),
            Self::Move(MoveAnswer::No) => "v:n".to_owned(),
            Self::Unknown(row, true) => format!("u:s:{row}"),
            Self::Unknown(row, false) => format!("u:r:{row}"),
            Self::Leave => "x".to_owned(),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        match rest {
            "" => Self::plain(letter),
            _ => Self::naming(letter, rest),
        }
    }

    fn plain(letter: &str) -> Option<Self> {
        Some(match letter {
            "g" => Self::Golive,
            "G" => Self::GoliveSure,
            "a" => Self::TakeAll,
            "r" => Self::WordsAgain,
            "b" => Self::NoBasis,
            "z" => Self::BasisBack,
            "O" => Self::Original,
            "Z" => Self::ChangeBack,
            "o" => Self::Offer,
            "x" => Self::Leave,
            _ => return None,
        })
    }

    fn naming(letter: &str, rest: &str) -> Option<Self> {
        let task = |text| id_of(text).map(TaskId::new);
        let doubt = |text| id_of(text).map(DoubtId::new);
        let two = || split_two(rest);
        Some(match letter {
            "t" => Self::Take(doubt(two()?.1)?, two()?.0.parse().ok()?),
            "w" => Self::Write(doubt(rest)?),
            "s" => Self::Skip(doubt(rest)?),
            "A" => Self::TakeAllSure(two()?.0.parse().ok()?, two()?.1.parse().ok()?),
            "W" => Self::Words(rest.parse().ok()?),
            "b" => Self::SameBasis(rest.parse().ok()?),
            "k" => Self::Terms(task(rest)?),
            "e" => {
                let fact = |fact: &Fact| Some(fact_letter(*fact)) == two().map(|(fact, _)| fact);
                let fact = Fact::ALL.into_iter().find(fact)?;
                Self::Change(fact, task(two()?.1)?)
            }
            "l" => Self::Lead(id_of(rest).map(UnitId::new)?),
            "E" => Self::ChangeSure(rest.parse().ok()?),
            "p" => Self::Adopt(rest.parse().ok()?),
            "P" => match two()? {
                ("k", stamp) => Self::AdoptSure(stamp.parse().ok()?, true),
                ("n", stamp) => Self::AdoptSure(stamp.parse().ok()?, false),
                _ => return None,
            },
            "d" => Self::Decline(rest.parse().ok()?),
            "D" => Self::DeclineSure(rest.parse().ok()?),
            "c" => Self::Cancel(task(rest)?),
            "m" => Self::Merge(task(two()?.0)?, task(two()?.1)?),
            "f" => Self::Close(task(rest)?),
            "n" => {
                let due = NaiveDate::parse_from_str(two()?.0, DATE).ok()?;
                Self::Due(task(two()?.1)?, due)
            }
            "N" => Self::OtherDue(task(rest)?),
            "v" => Self::Move(match rest {
                "y" => MoveAnswer::Yes,
                "s" => MoveAnswer::Sure,
                "n" => MoveAnswer::No,
                _ => return None,
            }),
            "u" => match two()? {
                ("s", row) => Self::Unknown(row.parse().ok()?, true),
                ("r", row) => Self::Unknown(row.parse().ok()?, false),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn right(&self) -> Right {
        match self {
            Self::Golive | Self::GoliveSure => Right::GoLive,
            Self::Take(..)
            | Self::Write(_)
            | Self::Skip(_)
            | Self::TakeAll
            | Self::TakeAllSure(..)
            | Self::Words(_)
            | Self::WordsAgain
            | Self::NoBasis
            | Self::SameBasis(_)
            | Self::BasisBack
            | Self::Terms(_)
            | Self::Change(..)
            | Self::Lead(_)
            | Self::Original
            | Self::ChangeBack
            | Self::ChangeSure(_) => Right::SettleTerms,
            Self::Offer
            | Self::Adopt(_)
            | Self::AdoptSure(..)
            | Self::Decline(_)
            | Self::DeclineSure(_)
            | Self::Cancel(_)
            | Self::Merge(..)
            | Self::Close(_)
            | Self::Due(..)
            | Self::OtherDue(_) => Right::Adopt,
            Self::Move(_) => Right::BindGroup,
            Self::Unknown(..) => Right::FixDigest,
            Self::Leave => Right::Pause,
        }
    }

    /// Whether it goes on with the open dialogue, whatever that is.
    fn continues(&self) -> bool {
        matches!(
            self,
            Self::Words(_)
                | Self::WordsAgain
                | Self::TakeAllSure(..)
                | Self::NoBasis
                | Self::SameBasis(_)
                | Self::BasisBack
                | Self::Lead(_)
                | Self::Original
                | Self::ChangeBack
                | Self::ChangeSure(_)
                | Self::Cancel(_)
                | Self::Merge(..)
                | Self::AdoptSure(..)
        )
    }
}

fn fact_letter(fact: Fact) -> &'static str {
    match fact {
        Fact::Target => "v",
        Fact::Due => "d",
        Fact::Baseline => "b",
        Fact::FilingLead => "l",
    }
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&press.right()) {
        return group::refuse(turn, event, why);
    }
    let private = event.place.kind == ChatKind::Private;
    let anywhere = matches!(
        press,
        Press::Golive | Press::GoliveSure | Press::Move(_) | Press::Leave
    );
    if !private && !anywhere {
        return group::on_unknown_press(turn);
    }
    if private && !press.continues() {
        turn.state.waiting = None;
    }
    match press {
        Press::Golive => live::on_golive(turn, event, false),
        Press::GoliveSure => live::on_golive(turn, event, true),
        Press::Take(doubt, stamp) => terms::take(turn, event, doubt, stamp),
        Press::Write(doubt) => terms::write(turn, event, doubt),
        Press::Skip(doubt) => terms::skip(turn, event, doubt),
        Press::TakeAll => terms::take_all(turn, event),
        Press::TakeAllSure(open, stamp) => terms::confirm_all(turn, event, open, stamp),
        Press::Words(stamp) => terms::confirm_words(turn, event, stamp),
        Press::WordsAgain => terms::words_again(turn, event),
        Press::NoBasis => basis::without(turn, event),
        Press::SameBasis(seq) => basis::same(turn, event, seq),
        Press::BasisBack => basis::back(turn, event),
        Press::Terms(task) => change::show(turn, event, task),
        Press::Change(fact, task) => change::begin(turn, event, fact, task),
        Press::Lead(unit) => change::lead(turn, event, unit),
        Press::Original => change::original(turn, event),
        Press::ChangeBack => change::back(turn, event),
        Press::ChangeSure(stamp) => change::confirm(turn, event, stamp),
        Press::Offer => adoption::show_offer(turn, event),
        Press::Adopt(stamp) => adoption::adopt(turn, event, stamp),
        Press::AdoptSure(stamp, keep) => adoption::adopt_sure(turn, event, stamp, keep),
        Press::Decline(stamp) => adoption::decline(turn, event, stamp, false),
        Press::DeclineSure(stamp) => adoption::decline(turn, event, stamp, true),
        Press::Cancel(task) => adoption::end(turn, event, task, None),
        Press::Merge(task, into) => adoption::end(turn, event, task, Some(into)),
        Press::Close(task) => baseline::close(turn, event, task),
        Press::Due(task, due) => baseline::set_due(turn, event, task, due),
        Press::OtherDue(task) => baseline::want_due(turn, event, task),
        Press::Move(answer) => group::on_move(turn, event, answer),
        Press::Unknown(row, seen) => decide_unknown(turn, event, row, seen),
        Press::Leave => turn.show(event, OfficeSay::Left.into()),
    }
}

/// Whether that is 已见到 or 重发, which the last documents may still need after the end.
pub fn decides_on_a_send(happening: &Happening) -> bool {
    let Happening::Pressed { data, .. } = happening else {
        return false;
    };
    let pressed = Payload::decode(data);
    matches!(pressed, Some(Payload::Office(Press::Unknown(..))))
}

/// 已见到 / 重发, once: whoever comes second is told that it was decided.
fn decide_unknown(turn: &mut Turn<'_, '_>, event: &Event, row: i64, seen: bool) {
    let Some(by) = own(turn) else { return };
    if !turn.context.outcome_open {
        turn.push(Effect::alert(OfficeSay::UnknownDecidedBefore.into()));
        return turn.show(event, OfficeSay::UnknownDecidedBefore.into());
    }
    turn.push(Effect::DecideUnknown { row, seen });
    let at = turn.context.now;
    turn.show(event, OfficeSay::UnknownDecided { seen, by, at }.into());
}

/// The first four bytes of a hash: enough to tell an old button from a current one.
pub fn stamp_of(hash: Hash) -> u32 {
    let [a, b, c, d, ..] = hash.0;
    u32::from_be_bytes([a, b, c, d])
}
