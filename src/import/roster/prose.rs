//! Rosters told in sentences: 由张三任组长, 组长由副市长张三担任, 成员由…组成.
//!
//! A list counts only where every name on it can be read; where one cannot, the whole list is unread and no half of it is lost.

use std::ops::Range;

use super::names::is_surname;
use super::vocabulary::{
    COMRADES, DIRECTOR, HOLDS, IS, LABELS, LIST_JOINS, MADE_OF, NO_OFFICE, TELLERS, UNDER,
};
use super::{Person, Reader, Seat};
use crate::import::vocabulary::{BRACKETS, COLON, COMMA, ENDS, LIST, is_han};
use crate::import::{ends_with, longest, starts_with};

/// Longest list told in a sentence, in signs.
const MOST_LIST: usize = 400;

/// People told in a sentence.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The words about them.
    pub range: Range<usize>,
    /// In order; none where they cannot be read.
    pub people: Vec<Person>,
}

impl Reader<'_> {
    /// The people told around a label that stands here; nothing before `least` belongs to them.
    pub(super) fn told(&self, at: usize, least: usize) -> Option<Told> {
        let chars = &self.text.chars;
        let (word, seat) = LABELS
            .iter()
            .find(|(word, _)| starts_with(&chars[at..], word))?;
        if at > least && NO_OFFICE.contains(&chars[at - 1]) {
            return None;
        }
        let end = at + word.chars().count();
        self.behind(at, end, *seat)
            .or_else(|| self.before(at, end, *seat, least))
    }

    /// 组长由张三担任, 成员为张三、李四.
    fn behind(&self, at: usize, end: usize, seat: Seat) -> Option<Told> {
        let chars = &self.text.chars;
        let by = starts_with(&chars[end..], TELLERS);
        let is = IS.iter().any(|word| starts_with(&chars[end..], word));
        if !by && !is {
            return None;
        }
        let from = end + 1;
        let most = chars.len().min(from + MOST_LIST);
        let stop = (from..most)
            .find(|at| ENDS.contains(&chars[*at]))
            .unwrap_or(most);
        let mut close = None;
        for at in from..stop {
            let word = longest(&chars[at..stop], &HOLDS).or_else(|| {
                let last = at + 1 == stop || chars[at + 1] == COMMA;
                let under = chars[at] == UNDER && !ends_with(&chars[from..=at], DIRECTOR);
                (under && last).then_some(1)
            });
            if let Some(length) = word {
                close = Some((at, at + length));
                break;
            }
            if is && chars[at] == COMMA {
                close = Some((at, at));
                break;
            }
        }
        let (to, close) = match close {
            Some(found) => found,
            None if is => (stop, stop),
            None => return None,
        };
        let made = starts_with(&chars[to..], MADE_OF);
        match self.list(from..to, seat) {
            Some(people) => Some(Told {
                range: at..close,
                people,
            }),
            // Whoever holds a seat is somebody, readable or not; what something else is made of may be anything.
            None if by && (!made || seat == Seat::Member) => Some(Told {
                range: at..close,
                people: Vec::new(),
            }),
            None => None,
        }
    }

    /// 由张三任组长, 李四、王五任副组长, 张三同志兼任办公室主任.
    fn before(&self, at: usize, end: usize, seat: Seat, least: usize) -> Option<Told> {
        let chars = &self.text.chars;
        let run = &chars[least.max(at.saturating_sub(MOST_LIST))..at];
        let told = HOLDS[..2].iter().any(|word| ends_with(run, word));
        let last = *run.last()?;
        let is = ends_with(run, IS[0]);
        if !told && !is && (last != UNDER || ends_with(run, DIRECTOR)) {
            return None;
        }
        let to = at - if told { 2 } else { 1 };
        let bound = |c: &char| ENDS.contains(c) || *c == COMMA || *c == COLON;
        let run = &run[..run.len() - (at - to)];
        let from = to - run.len() + run.iter().rposition(bound).map_or(0, |at| at + 1);
        let opened = from + usize::from(starts_with(&chars[from..], TELLERS));
        if let Some(people) = self.list(opened..to, seat) {
            let range = from..end;
            return Some(Told { range, people });
        }
        let posts = to > opened && !is && self.ends_title(opened, to);
        posts.then(|| Told {
            range: from..end,
            people: Vec::new(),
        })
    }

    /// The people of a list, if every one can be read.
    fn list(&self, range: Range<usize>, seat: Seat) -> Option<Vec<Person>> {
        let chars = &self.text.chars;
        let mut people = Vec::new();
        let (mut from, mut at) = (range.start, range.start);
        while at < range.end {
            if let Some(close) = self.pairs[at].filter(|close| *close < range.end) {
                at = close + 1;
                continue;
            }
            let parts = chars[at] == LIST || chars[at] == COMMA || LIST_JOINS.contains(&chars[at]);
            if parts && let Some(person) = self.person(from..at, seat) {
                people.push(person);
                from = at + 1;
            }
            at += 1;
        }
        people.push(self.person(from..range.end, seat)?);
        Some(people)
    }

    /// 张三, 张三同志, 张三（副市长）, 副市长张三.
    fn person(&self, range: Range<usize>, seat: Seat) -> Option<Person> {
        let chars = &self.text.chars;
        let mut range = range;
        while let Some(word) = COMRADES
            .iter()
            .find(|word| ends_with(&chars[range.clone()], word))
        {
            range.end -= word.chars().count();
        }
        let person = |name: Range<usize>, post: Range<usize>| Person {
            name: self.text.slice(name),
            post: self.text.slice(post),
            seat,
        };
        if chars[range.clone()].last() == Some(&BRACKETS[0].1)
            && let Some(open) = range.clone().find(|at| chars[*at] == BRACKETS[0].0)
            && self.is_called(range.start..open)
        {
            return Some(person(range.start..open, open + 1..range.end - 1));
        }
        if self.is_called(range.clone()) && !self.ends_title(range.start, range.end) {
            return Some(person(range.clone(), range.start..range.start));
        }
        (2..=4).find_map(|length| {
            let name = range
                .end
                .checked_sub(length)
                .filter(|at| *at > range.start)?;
            let found = self.is_called(name..range.end) && self.ends_title(range.start, name);
            found.then(|| person(name..range.end, range.start..name))
        })
    }

    /// Whether a run can be the whole name of somebody.
    fn is_called(&self, range: Range<usize>) -> bool {
        let run = &self.text.chars[range.clone()];
        self.is_name(range) && is_surname(run) && run.iter().all(|c| is_han(*c))
    }
}
