//! Buttons on matters and co-signatures.

use super::{MatterSay, Waits, cosign, is_private, need, open_step};
use crate::conversation::payload::{id_of, split_two};
use crate::conversation::{ChatKind, Effect, Event, Turn, group};
use crate::plan::{Access, Right, TaskId};

/// Buttons of this slice. They name matters and reports by their seq.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A page of the list, in place.
    List(usize),
    /// One matter, in place.
    Show(u64),
    /// 已协助 (true) or 需上级协调.
    Answer(u64, bool),
    /// 直接提交: the answer tapped, without a sentence.
    Submit,
    /// 已解决 (true) or 仍未解决.
    Settle(u64, bool),
    /// 会签 of one answer.
    Signing(TaskId, u64),
    /// 同意.
    Agree(TaskId, u64),
    /// 补充.
    Supplement(TaskId, u64),
    /// 异议.
    Object(TaskId, u64),
    /// 退出.
    Leave,
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::List(page) => format!("l:{page}"),
            Self::Show(matter) => format!("v:{matter}"),
            Self::Answer(matter, true) => format!("y:{matter}"),
            Self::Answer(matter, false) => format!("n:{matter}"),
            Self::Submit => "p".to_owned(),
            Self::Settle(matter, true) => format!("d:{matter}"),
            Self::Settle(matter, false) => format!("r:{matter}"),
            Self::Signing(task, report) => format!("c:{report}:{task}"),
            Self::Agree(task, report) => format!("a:{report}:{task}"),
            Self::Supplement(task, report) => format!("s:{report}:{task}"),
            Self::Object(task, report) => format!("o:{report}:{task}"),
            Self::Leave => "x".to_owned(),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        match data {
            "p" => return Some(Self::Submit),
            "x" => return Some(Self::Leave),
            _ => {}
        }
        let (letter, rest) = split_two(data)?;
        let signed = || {
            let (report, task) = split_two(rest)?;
            Some((TaskId::new(id_of(task)?), plain(report)?))
        };
        Some(match letter {
            "l" => Self::List(usize::try_from(plain(rest)?).ok()?),
            "v" => Self::Show(plain(rest)?),
            "y" => Self::Answer(plain(rest)?, true),
            "n" => Self::Answer(plain(rest)?, false),
            "d" => Self::Settle(plain(rest)?, true),
            "r" => Self::Settle(plain(rest)?, false),
            "c" => signed().map(|(task, report)| Self::Signing(task, report))?,
            "a" => signed().map(|(task, report)| Self::Agree(task, report))?,
            "s" => signed().map(|(task, report)| Self::Supplement(task, report))?,
            "o" => signed().map(|(task, report)| Self::Object(task, report))?,
            _ => return None,
        })
    }
}

/// A number as it is written: no sign, no leading zero, so that one button has one form.
pub fn plain(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&Right::SeeStatus) {
        return group::refuse(turn, event, why);
    }
    if let Press::List(page) = press {
        let say = need::list(turn, event, page);
        return turn.show(event, say.into());
    }
    if !is_private(turn, event) {
        return;
    }
    let step = open_step(turn);
    if event.place.kind == ChatKind::Private {
        turn.state.waiting = None;
    }
    match press {
        Press::List(_) => {}
        Press::Show(matter) => need::show(turn, event, matter),
        Press::Answer(matter, helped) => need::want_sentence(turn, event, matter, helped),
        Press::Submit => match step {
            Some(Waits::Sentence { matter, helped }) => {
                need::answer(turn, event, matter, helped, None);
            }
            Some(_) | None => group::on_unknown_press(turn),
        },
        Press::Settle(matter, settled) => need::settle(turn, event, matter, settled),
        Press::Signing(task, report) => cosign::show(turn, &task, report),
        Press::Agree(task, report) => cosign::agree(turn, event, &task, report),
        Press::Supplement(task, report) => cosign::want_words(turn, &task, report, false),
        Press::Object(task, report) => cosign::want_words(turn, &task, report, true),
        Press::Leave => match step {
            Some(Waits::Sentence { matter, .. }) => need::show(turn, event, matter),
            Some(_) => turn.show(event, MatterSay::Left.into()),
            None => turn.push(Effect::alert(MatterSay::Left.into())),
        },
    }
}
