//! Rosters: labels, names and posts, whatever white space has become of them.
//!
//! Names are told by a surname before and a post behind (or the other way round), not by spaces: those fall inside names
//! as often as between them. Only a list of bare names is parted at its spaces.

mod names;
mod prose;
#[cfg(test)]
mod tests;
pub(super) mod vocabulary;

use std::ops::Range;

use names::is_surname;
use vocabulary::{GROUP, LABELS, MANY, NO_GROUP, TITLES, UNIT_MEMBERS};

use super::clause::brackets;
use super::outline::begins_part;
use super::outline::vocabulary::{OFFICE_AT, TASK_FORCES};
use super::text::{Gap, Text};
use super::vocabulary::{COLON, STOP};
use super::{ends_with, starts_with};

/// Longest text behind one label, in signs: a thousand people.
const MOST_BLOCK: usize = 30_000;
/// Longest post, in signs; a plan file takes no longer one.
const MOST_POST: usize = 60;
/// Text between two labels of one roster, in signs.
const MOST_BETWEEN: usize = 200;

/// Where somebody stands on the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// 组长.
    Leader,
    /// 副组长.
    Deputy,
    /// 成员.
    Member,
    /// 办公室主任.
    Chief,
    /// 办公室副主任, 办公室成员.
    Staff,
    /// 主任: the leader where nobody is called 组长, else the chief of the office.
    Director,
    /// 副主任: likewise.
    DeputyDirector,
    /// 联络员.
    Liaison,
}

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// Without inner spaces.
    pub name: String,
    /// As written; empty where there is none.
    pub post: String,
    /// Under which label.
    pub seat: Seat,
}

/// The roster of a text.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// In order.
    pub people: Vec<Person>,
    /// Where it stands; more than one where text stands between.
    pub ranges: Vec<Range<usize>>,
    /// What stands on it and could not be read.
    pub unread: Vec<Range<usize>>,
    /// What is said of groups below the task force, for which a plan has no place.
    pub groups: Vec<Range<usize>>,
}

impl Roster {
    /// A seat that stands here: whoever heads a group below the task force is but a member of that.
    fn seat(&mut self, text: &Text, at: usize, seat: Seat) -> Seat {
        let led = self.people.iter().any(|person| person.seat == Seat::Leader);
        let last = self.ranges.last().map_or(0, |last| last.end);
        let from = last.max(at.saturating_sub(MOST_BETWEEN));
        let from = from + usize::from(from < at && text.chars[from] == STOP);
        let between = from..at;
        let begins = led && between.start < at && names_group(&text.chars[between.clone()]);
        if begins {
            self.groups.push(between);
        }
        let heads = matches!(seat, Seat::Leader | Seat::Deputy | Seat::Member);
        if heads && (begins || !self.groups.is_empty()) {
            Seat::Member
        } else {
            seat
        }
    }

    /// Takes people told in a sentence, and says where it goes on.
    fn take(&mut self, mut told: prose::Told) -> usize {
        let end = told.range.end;
        if told.people.is_empty() {
            self.unread.push(told.range.clone());
        }
        self.people.append(&mut told.people);
        match self.ranges.last_mut() {
            Some(last) if told.range.start <= last.end + 1 => last.end = end,
            Some(_) | None => self.ranges.push(told.range),
        }
        end
    }

    /// A label behind which nobody can be read, and where it goes on. Alone it is no roster: it may be said of anything.
    fn miss(&mut self, range: Range<usize>) -> usize {
        let end = range.end;
        if let Some(last) = self.ranges.last_mut()
            && range.start - last.end <= MOST_BETWEEN
            && range.len() <= MOST_BETWEEN
        {
            last.end = end;
        }
        self.unread.push(range);
        end
    }
}

/// Reads the roster of a text. `place` is the county's name, which may begin a post.
pub(super) fn roster(text: &Text, place: &str) -> Roster {
    let mut roster = Roster::default();
    let pairs = brackets(&text.chars);
    let reader = Reader {
        text,
        pairs: &pairs,
        place,
    };
    let mut at = 0;
    while at < text.chars.len() {
        let Some((seat, length)) = label(text, at) else {
            let least = roster.ranges.last().map_or(0, |last| last.end);
            at = match reader.told(at, least) {
                Some(mut told) => {
                    for person in &mut told.people {
                        person.seat = roster.seat(text, told.range.start, person.seat);
                    }
                    roster.take(told)
                }
                None => at + 1,
            };
            continue;
        };
        let seat = roster.seat(text, at, seat);
        let from = at + length;
        let to = reader.block_end(from);
        let mut block = reader.block(from..to, seat);
        if block.people.is_empty() {
            let least = roster.ranges.last().map_or(0, |last| last.end);
            let told = (from..to).any(|at| reader.told(at, least).is_some());
            at = if told { from } else { roster.miss(at..to) };
            continue;
        }
        match roster.ranges.last_mut() {
            Some(last) if at - last.end <= MOST_BETWEEN && !tells(text, last.end..at) => {
                last.end = to;
            }
            Some(_) | None => roster.ranges.push(at..to),
        }
        roster.people.append(&mut block.people);
        roster.unread.append(&mut block.unread);
        at = to.max(from);
    }
    settle_directors(&mut roster.people);
    roster
}

/// Whether what stands between two labels is a sentence of its own.
fn tells(text: &Text, between: Range<usize>) -> bool {
    let run = &text.chars[between];
    run.split(|c| *c == STOP)
        .filter(|part| part.len() > 1)
        .count()
        > 1
}

/// Whether text speaks of a group below the task force: （一）综合协调组.
fn names_group(run: &[char]) -> bool {
    (1..run.len()).any(|at| {
        run[at] == GROUP
            && !NO_GROUP
                .1
                .contains(&run.get(at + 1).copied().unwrap_or(STOP))
            && !NO_GROUP.0.iter().any(|word| ends_with(&run[..=at], word))
    })
}

/// A label with its sign: a colon, or the edge of a cell.
fn label(text: &Text, at: usize) -> Option<(Seat, usize)> {
    let run = &text.chars[at..];
    let (word, seat) = LABELS.iter().find(|(word, _)| starts_with(run, word))?;
    let length = word.chars().count();
    let next = *run.get(length)?;
    if next == COLON {
        return Some((*seat, length + 1));
    }
    let celled = text.gaps[at] >= Gap::Line && text.gaps[at + length] == Gap::Cell;
    (celled && !starts_with(&run[length..], UNIT_MEMBERS)).then_some((*seat, length))
}

/// 主任 and 副主任 are the office's where the leader is called otherwise.
fn settle_directors(people: &mut [Person]) {
    let led = people.iter().any(|person| person.seat == Seat::Leader);
    for person in people {
        person.seat = match (person.seat, led) {
            (Seat::Director, true) => Seat::Chief,
            (Seat::Director, false) => Seat::Leader,
            (Seat::DeputyDirector, true) => Seat::Staff,
            (Seat::DeputyDirector, false) => Seat::Deputy,
            (seat, _) => seat,
        };
    }
}

/// One label's people.
#[derive(Default)]
struct Block {
    people: Vec<Person>,
    unread: Vec<Range<usize>>,
}

struct Reader<'t> {
    text: &'t Text,
    pairs: &'t [Option<usize>],
    place: &'t str,
}

impl Reader<'_> {
    /// Where a label's people end: at the next label, the next heading or a full stop.
    fn block_end(&self, from: usize) -> usize {
        let most = self.text.chars.len().min(from + MOST_BLOCK);
        let mut at = from;
        while at < most {
            if let Some(close) = self.pairs[at].filter(|close| *close < most) {
                if begins_part(self.text, at) {
                    return at;
                }
                at = close + 1;
                continue;
            }
            let office = OFFICE_AT
                .iter()
                .any(|word| starts_with(&self.text.chars[at..], word));
            if office {
                // 专班办公室设在…: whose office it is says nothing about people.
                let force = TASK_FORCES
                    .iter()
                    .find(|word| ends_with(&self.text.chars[from..at], word));
                return at - force.map_or(0, |word| word.chars().count());
            }
            if self.text.chars[at] == STOP
                || label(self.text, at).is_some()
                || begins_part(self.text, at)
            {
                return at;
            }
            at += 1;
        }
        most
    }

    fn block(&self, range: Range<usize>, seat: Seat) -> Block {
        let mut block = Block::default();
        if range.is_empty() {
            return block;
        }
        let has_posts = range.clone().any(|at| {
            TITLES
                .iter()
                .any(|title| starts_with(&self.text.chars[at..range.end], title))
        });
        if !has_posts {
            self.names_only(range, seat, &mut block);
        } else if self.name_at(range.start, range.end).is_none()
            && self.begins_post(range.start, range.end)
        {
            self.posts_first(range, seat, &mut block);
        } else {
            self.names_first(range, seat, &mut block);
        }
        block
    }

    /// 张三 市教育局局长, 张三（市教育局局长）.
    fn names_first(&self, range: Range<usize>, seat: Seat, block: &mut Block) {
        let mut at = range.start;
        while at < range.end {
            if self.is_separator(at) {
                at += 1;
                continue;
            }
            let Some(length) = self
                .name_at(at, range.end)
                .or_else(|| self.spaced_name(at, range.end))
            else {
                let next = (at + 1..range.end)
                    .find(|at| self.begins_person(*at, range.end))
                    .unwrap_or(range.end);
                block.unread.push(at..next);
                at = next;
                continue;
            };
            let post_at = at + length;
            let (post, next) = self.post(post_at, range.end);
            block.people.push(Person {
                name: self.text.slice(at..post_at),
                post: self.text.slice(post),
                seat,
            });
            at = next;
        }
    }

    /// 市教育局局长张三.
    fn posts_first(&self, range: Range<usize>, seat: Seat, block: &mut Block) {
        let mut at = range.start;
        while at < range.end {
            if self.is_separator(at) {
                at += 1;
                continue;
            }
            let most = range.end.min(at + MOST_POST);
            let found = (at + 2..most).find_map(|end| {
                let titled =
                    self.ends_title(at, end) && is_surname(&self.text.chars[end..range.end]);
                titled.then(|| self.closed_name(end, range.end).map(|length| (end, length)))?
            });
            let Some((end, length)) = found else {
                block.unread.push(at..range.end);
                return;
            };
            let post = self.text.slice(at..end);
            block.people.push(Person {
                name: self.text.slice(end..end + length),
                post,
                seat,
            });
            at = end + length;
        }
    }

    /// Names and nothing else, parted by list signs and spaces; a sign alone is half a name.
    fn names_only(&self, range: Range<usize>, seat: Seat, block: &mut Block) {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for at in range {
            if self.is_separator(at) {
                continue;
            }
            let joins = parts.last().is_some_and(|last| {
                let adjacent = last.end == at;
                let half = last.len() == 1 && adjacent;
                adjacent && (self.text.gaps[at] == Gap::None || half)
            });
            match parts.last_mut() {
                Some(last) if joins => last.end = at + 1,
                Some(_) | None => parts.push(at..at + 1),
            }
        }
        for part in parts {
            if self.is_name(part.clone()) && is_surname(&self.text.chars[part.clone()]) {
                block.people.push(Person {
                    name: self.text.slice(part),
                    post: String::new(),
                    seat,
                });
            } else {
                block.unread.push(part);
            }
        }
    }

    /// A post and where the next person begins.
    fn post(&self, at: usize, to: usize) -> (Range<usize>, usize) {
        if let Some(close) = self
            .pairs
            .get(at)
            .copied()
            .flatten()
            .filter(|close| *close < to)
        {
            return (at + 1..close, close + 1);
        }
        let most = to.min(at + MOST_POST);
        for end in at + 1..=most {
            if !self.ends_title(at, end) {
                continue;
            }
            // 各镇镇长 are many and no part of anybody's post.
            let many = self.text.chars.get(end) == Some(&MANY);
            if end == to || many || self.begins_person(end, to) {
                return (at..end, end);
            }
            if self.is_separator(end) && (end + 1 == to || self.begins_person(end + 1, to)) {
                return (at..end, end + 1);
            }
        }
        // No post's title: the line is all there is to go by.
        let line = (at + 1..most).find(|at| self.text.gaps[*at] >= Gap::Line);
        let end = line.unwrap_or(most);
        (at..end, end)
    }
}
