//! Button data, at most 64 bytes: a slice's letter, then what the slice writes. It names things, never a right.

use super::{
    assign, matter, meeting, office, people, query, report, request, restore, roster, slip, trail,
};

/// Telegram's limit for button data, in bytes.
pub const DATA_LIMIT: usize = 64;

/// Longest id in bytes: 24 of a plan file, and the letter before a narrative's.
const MOST_ID: usize = 25;

/// What a button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Report talks and cards.
    Report(report::Press),
    /// Binding.
    People(people::Press),
    /// The office's acts.
    Office(office::Press),
    /// Paging and urging in answers.
    Query(query::Press),
    /// Coordination and co-signing.
    Matter(matter::Press),
    /// Supervision slips.
    Slip(slip::Press),
    /// Extensions, closures, the office's list.
    Request(request::Press),
    /// The trail of an item, and what is taken out of it.
    Trail(trail::Press),
    /// People who come and go.
    Roster(roster::Press),
    /// Assigned items, projects.
    Assign(assign::Press),
    /// Meetings.
    Meeting(meeting::Press),
    /// A restored database.
    Restore(restore::Press),
}

impl Payload {
    /// As button data.
    pub fn encode(&self) -> String {
        let data = match self {
            Self::Report(press) => format!("r:{}", press.encode()),
            Self::People(press) => format!("p:{}", press.encode()),
            Self::Office(press) => format!("o:{}", press.encode()),
            Self::Query(press) => format!("q:{}", press.encode()),
            Self::Matter(press) => format!("m:{}", press.encode()),
            Self::Slip(press) => format!("s:{}", press.encode()),
            Self::Request(press) => format!("d:{}", press.encode()),
            Self::Trail(press) => format!("f:{}", press.encode()),
            Self::Roster(press) => format!("c:{}", press.encode()),
            Self::Assign(press) => format!("a:{}", press.encode()),
            Self::Meeting(press) => format!("h:{}", press.encode()),
            Self::Restore(press) => format!("b:{}", press.encode()),
        };
        debug_assert!(
            data.len() <= DATA_LIMIT,
            "button data over {DATA_LIMIT} bytes: {data}"
        );
        data
    }

    /// From button data; none for anything foreign, old, cut or forged.
    pub fn decode(data: &str) -> Option<Self> {
        if data.len() > DATA_LIMIT {
            return None;
        }
        let (slice, rest) = data.split_once(':')?;
        match slice {
            "r" => report::Press::decode(rest).map(Self::Report),
            "p" => people::Press::decode(rest).map(Self::People),
            "o" => office::Press::decode(rest).map(Self::Office),
            "d" => request::Press::decode(rest).map(Self::Request),
            "q" => query::Press::decode(rest).map(Self::Query),
            "m" => matter::Press::decode(rest).map(Self::Matter),
            "s" => slip::Press::decode(rest).map(Self::Slip),
            "f" => trail::Press::decode(rest).map(Self::Trail),
            "c" => roster::Press::decode(rest).map(Self::Roster),
            "a" => assign::Press::decode(rest).map(Self::Assign),
            "h" => meeting::Press::decode(rest).map(Self::Meeting),
            "b" => restore::Press::decode(rest).map(Self::Restore),
            _ => None,
        }
    }
}

/// An id as a plan file may hold it: lower-case ASCII letters, digits and `-`, at most [`MOST_ID`] of them.
pub(super) fn id_of(text: &str) -> Option<&str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (!text.is_empty() && text.len() <= MOST_ID && text.bytes().all(fits)).then_some(text)
}

/// `a:b`, both there.
pub(super) fn split_two(text: &str) -> Option<(&str, &str)> {
    let (first, second) = text.split_once(':')?;
    (!first.is_empty() && !second.is_empty()).then_some((first, second))
}
