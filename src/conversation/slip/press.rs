//! Buttons on slips. They name a slip by the seq of its draft.

use super::{SlipSay, decide, list, show};
use crate::conversation::matter::{MatterSay, Waits, open_step, plain};
use crate::conversation::payload::split_two;
use crate::conversation::{ChatKind, Effect, Event, Turn, group};
use crate::plan::{Access, Right};

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A page of the list, in place.
    List(usize),
    /// One slip, in place.
    Show(u64),
    /// 发出, and whether it stood as put off beside the button.
    Send(u64, bool),
    /// 修改, likewise.
    Change(u64, bool),
    /// 发出 with the words just read.
    SendChanged(u64),
    /// 暂缓.
    Hold(u64),
    /// 告知副组长 (true) or 暂不告知.
    Tell(u64, bool),
    /// 退出 of 修改.
    Leave(u64),
}

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::List(page) => format!("l:{page}"),
            Self::Show(slip) => format!("v:{slip}"),
            Self::Send(slip, false) => format!("s:{slip}"),
            Self::Send(slip, true) => format!("e:{slip}"),
            Self::Change(slip, false) => format!("c:{slip}"),
            Self::Change(slip, true) => format!("d:{slip}"),
            Self::SendChanged(slip) => format!("S:{slip}"),
            Self::Hold(slip) => format!("h:{slip}"),
            Self::Tell(slip, true) => format!("t:{slip}"),
            Self::Tell(slip, false) => format!("n:{slip}"),
            Self::Leave(slip) => format!("x:{slip}"),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        let (letter, number) = split_two(data)?;
        let slip = plain(number)?;
        Some(match letter {
            "l" => Self::List(usize::try_from(slip).ok()?),
            "v" => Self::Show(slip),
            "s" => Self::Send(slip, false),
            "e" => Self::Send(slip, true),
            "c" => Self::Change(slip, false),
            "d" => Self::Change(slip, true),
            "S" => Self::SendChanged(slip),
            "h" => Self::Hold(slip),
            "t" => Self::Tell(slip, true),
            "n" => Self::Tell(slip, false),
            "x" => Self::Leave(slip),
            _ => return None,
        })
    }
}

/// A press on a button of this slice.
pub fn on_press(turn: &mut Turn<'_, '_>, event: &Event, press: Press) {
    if let Access::Refused(why) = turn.context.may(&Right::SeeStatus) {
        return group::refuse(turn, event, why);
    }
    if event.place.kind != ChatKind::Private {
        return group::on_unknown_press(turn);
    }
    let step = open_step(turn);
    turn.state.waiting = None;
    match press {
        Press::List(page) => {
            let say: SlipSay = list(turn.context, page);
            turn.show(event, say.into());
        }
        Press::Show(slip) => show(turn, event, slip),
        Press::Send(slip, held) => decide::send(turn, event, (slip, held), None),
        Press::Change(slip, held) => decide::change(turn, event, (slip, held)),
        Press::SendChanged(slip) => match step {
            Some(Waits::SlipCheck {
                slip: of,
                held,
                words,
            }) if of == slip => {
                decide::send(turn, event, (slip, held), Some(words));
            }
            Some(_) | None => group::on_unknown_press(turn),
        },
        Press::Hold(slip) => decide::hold(turn, event, slip),
        Press::Tell(slip, tells) => decide::tell(turn, event, slip, tells),
        Press::Leave(slip) => match step {
            Some(Waits::SlipWords { .. } | Waits::SlipCheck { .. }) => show(turn, event, slip),
            Some(_) | None => turn.push(Effect::alert(MatterSay::Left.into())),
        },
    }
}
