//! Buttons of this slice.

use super::redact::Press as RedactPress;
use crate::conversation::payload::{id_of, split_two};
use crate::ledger::Subject;

/// Buttons of this slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A page of a trail, in place; the last where none is named.
    Show {
        /// Of which.
        subject: Subject,
        /// Page from 0.
        page: Option<usize>,
    },
    /// 申请结束.
    FinishAsk,
    /// 不结束, 撤回申请: of the request with this seq.
    FinishDecline(u64),
    /// 确认结束 of that request; true: the second tap.
    Finish(u64, bool),
    /// 退出.
    Leave,
    /// Of the dialogue that removes words.
    Redact(RedactPress),
}

/// Stands for the last page.
const LAST: &str = "z";

/// Stand where an item's id stands; ids are of small letters.
const PEOPLE: &str = "P";
const MEETINGS: &str = "M";

impl Press {
    /// As button data, without the slice's letter.
    pub fn encode(&self) -> String {
        match self {
            Self::Show { subject, page } => {
                let page = page.map_or_else(|| LAST.to_owned(), |page| page.to_string());
                match subject {
                    Subject::Item(task) => format!("t:{page}:{task}"),
                    Subject::People => format!("t:{page}:{PEOPLE}"),
                    Subject::Meetings => format!("t:{page}:{MEETINGS}"),
                }
            }
            Self::FinishAsk => "a".to_owned(),
            Self::FinishDecline(seq) => format!("d:{seq}"),
            Self::Finish(seq, false) => format!("e:{seq}"),
            Self::Finish(seq, true) => format!("E:{seq}"),
            Self::Leave => "x".to_owned(),
            Self::Redact(press) => press.encode(),
        }
    }

    /// From button data; none for what this slice never wrote.
    pub fn decode(data: &str) -> Option<Self> {
        match data {
            "a" => return Some(Self::FinishAsk),
            "x" => return Some(Self::Leave),
            _ => {}
        }
        let (letter, rest) = split_two(data)?;
        Some(match letter {
            "d" => Self::FinishDecline(rest.parse().ok()?),
            "e" => Self::Finish(rest.parse().ok()?, false),
            "E" => Self::Finish(rest.parse().ok()?, true),
            "t" => {
                let (page, subject) = split_two(rest)?;
                let page = match page {
                    LAST => None,
                    page => Some(page.parse().ok()?),
                };
                Self::Show {
                    subject: match subject {
                        PEOPLE => Subject::People,
                        MEETINGS => Subject::Meetings,
                        task => Subject::Item(id_of(task)?.into()),
                    },
                    page,
                }
            }
            _ => Self::Redact(RedactPress::decode(letter, rest)?),
        })
    }
}
