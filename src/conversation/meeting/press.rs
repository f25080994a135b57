//! Buttons of this slice. They name things, never a right: the presser's own rights count.

use super::draft::{self, Draft, Step, Tap};
use super::{MeetingSay, act, open_talk};
use crate::conversation::payload::id_of;
use crate::conversation::{ChatKind, Effect, Event, Turn, group};
use crate::ledger::Assignee;
use crate::plan::{Access, Right};

/// Buttons of this slice. Numbers are the seqs of calls.
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
    /// 召集会议.
    New,
    /// All meetings.
    List,
    /// One of them.
    Show(u64),
    /// 改期.
    Move(u64),
    /// 取消会议; true: the second tap.
    Off(u64, bool),
    /// 重新召集.
    Again(u64),
    /// 逐项交办.
    Take(u64),
    /// 完.
    End(u64),
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Tap(tap) => encoded(tap),
            Self::Back => "b".to_owned(),
            Self::Submit => "s".to_owned(),
            Self::Leave => "x".to_owned(),
            Self::New => "n".to_owned(),
            Self::List => "l".to_owned(),
            Self::Show(seq) => format!("w:{seq}"),
            Self::Move(seq) => format!("m:{seq}"),
            Self::Off(seq, false) => format!("o:{seq}"),
            Self::Off(seq, true) => format!("O:{seq}"),
            Self::Again(seq) => format!("a:{seq}"),
            Self::Take(seq) => format!("t:{seq}"),
            Self::End(seq) => format!("e:{seq}"),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, rest) = data.split_once(':').unwrap_or((data, ""));
        let seq = || rest.parse::<u64>().ok();
        Some(match (letter, rest) {
            ("b", "") => Self::Back,
            ("s", "") => Self::Submit,
            ("x", "") => Self::Leave,
            ("n", "") => Self::New,
            ("l", "") => Self::List,
            ("w", _) => Self::Show(seq()?),
            ("m", _) => Self::Move(seq()?),
            ("o", _) => Self::Off(seq()?, false),
            ("O", _) => Self::Off(seq()?, true),
            ("a", _) => Self::Again(seq()?),
            ("t", _) => Self::Take(seq()?),
            ("e", _) => Self::End(seq()?),
            (letter, rest) => Self::Tap(decoded(letter, rest)?),
        })
    }
}

fn encoded(tap: &Tap) -> String {
    match tap {
        Tap::Who(Assignee::Unit(unit)) => format!("u:{unit}"),
        Tap::Who(Assignee::Person(person)) => format!("h:{person}"),
        Tap::Everybody => "A".to_owned(),
        Tap::Page(page) => format!("U:{page}"),
        Tap::Done => "k".to_owned(),
        Tap::Change(Step::When) => "c:w".to_owned(),
        Tap::Change(Step::Topic) => "c:t".to_owned(),
        Tap::Change(Step::Called) => "c:c".to_owned(),
        Tap::Change(Step::Check) => "c:k".to_owned(),
    }
}

fn decoded(letter: &str, rest: &str) -> Option<Tap> {
    Some(match (letter, rest) {
        ("u", _) => Tap::Who(Assignee::Unit(id_of(rest)?.into())),
        ("h", _) => Tap::Who(Assignee::Person(id_of(rest)?.into())),
        ("A", "") => Tap::Everybody,
        ("U", _) => Tap::Page(rest.parse().ok()?),
        ("k", "") => Tap::Done,
        ("c", "w") => Tap::Change(Step::When),
        ("c", "t") => Tap::Change(Step::Topic),
        ("c", "c") => Tap::Change(Step::Called),
        ("c", "k") => Tap::Change(Step::Check),
        _ => return None,
    })
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&Right::Assign) {
        return group::refuse(turn, event, why);
    }
    if event.place.kind != ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    match press {
        Press::New => draft::go_on(turn, None, Draft::default()),
        Press::List => turn.show(event, MeetingSay::List.into()),
        Press::Show(seq) => turn.show(event, MeetingSay::Show(seq).into()),
        Press::Move(seq) => act::move_it(turn, event, seq),
        Press::Off(seq, sure) => act::call_off(turn, event, seq, sure),
        Press::Again(seq) => act::call_again(turn, seq),
        Press::Take(seq) => act::take_decisions(turn, event, seq),
        Press::End(seq) => act::end(turn, Some(event), seq),
        Press::Leave => act::leave(turn, event),
        Press::Tap(_) | Press::Back | Press::Submit => in_talk(turn, event, press),
    }
}

/// A press that goes on with the open talk.
fn in_talk(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    let Some(draft) = open_talk(turn) else {
        return turn.push(Effect::alert(MeetingSay::StepOver.into()));
    };
    match press {
        Press::Back => draft::back(turn, Some(event), draft),
        Press::Submit if draft.step == Step::Check => act::submit(turn, event, draft),
        Press::Tap(tap) => match draft::tapped(draft, &tap) {
            Some(Ok(draft)) => draft::go_on(turn, Some(event), draft),
            Some(Err(say)) => turn.push(Effect::alert(say.into())),
            None => turn.push(Effect::alert(MeetingSay::StepOver.into())),
        },
        _ => turn.push(Effect::alert(MeetingSay::StepOver.into())),
    }
}
