//! 从备份恢复: as long as the office has not said how a restored database goes on, nothing is entered, and what people send is
//! kept for afterwards. Old numbers would otherwise be given to new things that old buttons still name.

mod press;
mod vocabulary;

use chrono::{DateTime, Utc};

use super::payload::Payload;
use super::{ChatKind, Effect, Event, Happening, Say, Sender, Turn, command, group, people};
use crate::ledger::{Act, Actor, AfterRestore, Decided, Decision, Gap, Restored};
use crate::plan::{Access, PersonId, Right};

pub use press::{Press, Step};

/// A confirmed seq may be so far ahead of what is known: more is a slip of the finger, and cannot be taken back.
pub const MOST_LOST_ENTRIES: u64 = 100_000;

/// The same of digests: twenty years of them.
pub const MOST_LOST_DIGESTS: u32 = 1_000;

/// The last numbers somebody saw in the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Of a digest; 0 where there was none.
    pub digest: u32,
    /// Of an entry.
    pub seq: u64,
}

/// What would have been sent in the gap, had nobody answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missed {
    /// Digests, by their cut-offs.
    pub digests: Vec<DateTime<Utc>>,
    /// Posts in the group that remind.
    pub posts: usize,
    /// People who would have got cards, each once.
    pub people: Vec<PersonId>,
    /// Lists, reports and other notices to the office and to single people.
    pub others: usize,
}

/// A restored database on which the office has not decided.
#[derive(Clone, Copy)]
pub struct Undecided<'a> {
    /// The gap.
    pub gap: Gap,
    /// Whether the sender was told that what they send waits.
    pub told: bool,
    /// What would have been sent; computed by the service on demand.
    pub missed: &'a dyn Fn() -> Missed,
}

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum RestoreSay {
    /// To the office: the gap, and the two ways on.
    Card {
        /// The gap.
        gap: Gap,
        /// What would have been sent in it.
        missed: Missed,
        /// The numbers behind which numbering goes on.
        seen: Seen,
        /// Something else was sent, which waits.
        kept: bool,
    },
    /// The first tap was given.
    Sure {
        /// The gap.
        gap: Gap,
        /// Which way.
        how: AfterRestore,
        /// The numbers.
        seen: Seen,
    },
    /// The numbers are too far from what is known.
    TooFar {
        /// What is known.
        known: Seen,
    },
    /// To everybody else: what they sent waits.
    Kept,
    /// It was decided.
    Decided {
        /// By whom.
        by: Actor,
        /// How.
        restored: Restored,
    },
    /// Somebody decided before.
    DecidedBefore(Option<Decided>),
}

impl From<RestoreSay> for Say {
    fn from(say: RestoreSay) -> Self {
        Self::Restore(say)
    }
}

/// Tells the restorations of one database apart.
pub fn stamp_of(gap: &Gap) -> i64 {
    gap.to_at.timestamp()
}

/// Any event while nothing is decided.
pub(super) fn on_event(turn: &mut Turn<'_, '_>, event: &Event, undecided: &Undecided<'_>) {
    let Sender::Account(account) = &event.sender else {
        return keep(turn, None);
    };
    if group::concerns(&event.happening) || event.place.kind == ChatKind::Channel {
        return keep(turn, None);
    }
    if let Happening::Pressed { data, .. } = &event.happening {
        if let Some(Payload::Restore(press)) = Payload::decode(data) {
            return on_press(turn, event, undecided, press);
        }
        turn.push(Effect::alert(RestoreSay::Kept.into()));
        return keep(turn, None);
    }
    let private = event.place.kind == ChatKind::Private;
    if private && turn.context.may(&Right::Restore) == Access::Allowed {
        return of_office(turn, event, undecided);
    }
    let called = command::of(turn.context.bot, &event.happening).is_some();
    let addressed = private || called || group::replies_to_bot(&event.happening);
    let edited = matches!(event.happening, Happening::Edited { .. });
    let stranger = turn.context.person.is_none();
    let silent = undecided.told
        || !addressed
        || edited
        || (stranger && !(private && turn.context.stranger_line_free));
    if silent {
        return keep(turn, None);
    }
    turn.reply(RestoreSay::Kept.into());
    if stranger {
        turn.push(Effect::CountStranger(account.user_id));
    }
    keep(turn, Some(account.user_id));
}

fn keep(turn: &mut Turn<'_, '_>, told: Option<i64>) {
    turn.push(Effect::Keep { told });
}

/// Numbers are taken; whatever else the office sends waits like everybody's, and is answered with what waits for it.
fn of_office(turn: &mut Turn<'_, '_>, event: &Event, undecided: &Undecided<'_>) {
    let typed = match &event.happening {
        Happening::Text { text, .. } => numbers_in(text),
        Happening::Media { .. }
        | Happening::Edited { .. }
        | Happening::Pressed { .. }
        | Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => None,
    };
    let Some(seen) = typed else {
        keep(turn, None);
        if !matches!(event.happening, Happening::Edited { .. }) {
            let say = card(undecided, known(turn), true);
            turn.tell_here(say.into());
        }
        return;
    };
    let known = known(turn);
    let far = seen.seq > known.seq.saturating_add(MOST_LOST_ENTRIES)
        || seen.digest > known.digest.saturating_add(MOST_LOST_DIGESTS);
    let say = match far {
        true => RestoreSay::TooFar { known },
        false => card(undecided, highest(seen, known), false),
    };
    turn.tell_here(say.into());
}

fn card(undecided: &Undecided<'_>, seen: Seen, kept: bool) -> RestoreSay {
    RestoreSay::Card {
        gap: undecided.gap,
        missed: (undecided.missed)(),
        seen,
        kept,
    }
}

/// The last numbers in the database.
fn known(turn: &Turn<'_, '_>) -> Seen {
    let standing = turn.context.standing;
    Seen {
        digest: standing.next_digest() - 1,
        seq: standing.seq,
    }
}

fn highest(seen: Seen, known: Seen) -> Seen {
    Seen {
        digest: seen.digest.max(known.digest),
        seq: seen.seq.max(known.seq),
    }
}

fn on_press(turn: &mut Turn<'_, '_>, event: &Event, undecided: &Undecided<'_>, press: Press) {
    let Some(own) = may_decide(turn, event) else {
        return;
    };
    let gap = undecided.gap;
    let seen = highest(press.seen, known(turn));
    if press.stamp != stamp_of(&gap) {
        return turn.show(event, card(undecided, known(turn), false).into());
    }
    match press.step {
        Step::Back => turn.show(event, card(undecided, seen, false).into()),
        Step::Choose(how) => turn.show(event, RestoreSay::Sure { gap, how, seen }.into()),
        Step::Sure(how) => {
            let restored = Restored {
                gap,
                how,
                last_seq: turn.context.standing.seq,
                confirmed_seq: seen.seq,
                confirmed_digest: seen.digest,
            };
            turn.push(Effect::Append(Act::Restored(restored.clone())));
            turn.push(Effect::GoOn(how));
            let by = Actor::Person(own.clone());
            let say = RestoreSay::Decided { by, restored };
            turn.show(event, say.clone().into());
            turn.push(Effect::RefreshStatus);
            people::tell_office_but(turn, &own, say.into());
        }
    }
}

/// A button of this slice when nothing waits for a decision any more.
pub(super) fn on_late_press(turn: &mut Turn<'_, '_>, event: &Event) {
    if may_decide(turn, event).is_none() {
        return;
    }
    let decided = turn.context.standing.decided.get(&Decision::Restoration);
    let say = RestoreSay::DecidedBefore(decided.cloned());
    turn.push(Effect::alert(say.clone().into()));
    turn.show(event, say.into());
}

/// The presser, if the decision is theirs and this their private chat.
fn may_decide(turn: &mut Turn<'_, '_>, event: &Event) -> Option<PersonId> {
    if let Access::Refused(why) = turn.context.may(&Right::Restore) {
        group::refuse(turn, event, why);
        return None;
    }
    if event.place.kind != ChatKind::Private {
        group::on_unknown_press(turn);
        return None;
    }
    turn.context.person.cloned()
}

/// The last digest and the last entry somebody saw, where a text holds these two numbers and nothing else.
fn numbers_in(text: &str) -> Option<Seen> {
    let mut numbers: Vec<(u64, Option<char>)> = Vec::new();
    let mut digits = String::new();
    for letter in text.chars().chain([' ']) {
        let wide = vocabulary::WIDE_DIGITS;
        let digit = match wide.contains(&letter) {
            true => char::from_digit(u32::from(letter) - u32::from(*wide.start()), 10),
            false => Some(letter).filter(char::is_ascii_digit),
        };
        if let Some(digit) = digit {
            digits.push(digit);
            continue;
        }
        if !letter.is_whitespace() && !vocabulary::BETWEEN.contains(letter) {
            return None;
        }
        if !digits.is_empty() {
            numbers.push((digits.parse().ok()?, Some(letter)));
            digits.clear();
        }
    }
    let ((digest, _), (seq, _)) = match numbers.as_slice() {
        [
            entry @ (_, Some(vocabulary::ENTRY)),
            digest @ (_, Some(vocabulary::DIGEST)),
        ] => (digest, entry),
        [digest, entry] => (digest, entry),
        _ => return None,
    };
    Some(Seen {
        digest: u32::try_from(*digest).unwrap_or(u32::MAX),
        seq: *seq,
    })
}

#[cfg(test)]
mod tests;
