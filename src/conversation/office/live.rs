//! 正式启用, 暂停, 恢复: when unasked sending starts, stops and goes on.

use chrono::NaiveDate;

use super::wording::reason_and_day;
use super::{Event, OfficeSay, Turn, Waiting, open_doubts, own, tell_others};
use crate::calendar;
use crate::conversation::{ChatKind, Effect, PlannedSend, Say};
use crate::ledger::{Act, Decided, Decision, Text};
use crate::plan::PersonId;

/// What is said of go-live and pauses.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveSay {
    /// `/golive`: who is unbound, what is open, what would be sent first.
    GoliveOverview {
        /// On the roster and not bound.
        unbound: Vec<PersonId>,
        /// Open doubts.
        doubts: usize,
        /// The next ten sends.
        sends: Vec<PlannedSend>,
    },
    /// The first tap was given; the second starts it.
    GoliveSure,
    /// It is live now.
    WentLive(PersonId),
    /// It was live already.
    AlreadyLive(Option<Decided>),
    /// Nothing starts without a group.
    NoGroup,
    /// Nothing to pause: it is not live.
    NotLive,
    /// `/pause` wants a reason.
    ReasonWanted {
        /// True where the words may follow on their own (private chat).
        waits: bool,
    },
    /// A day of a pause that is past.
    DayPast(NaiveDate),
    /// Paused.
    Paused {
        /// By whom.
        by: PersonId,
        /// Why.
        reason: String,
        /// Last day.
        until: Option<NaiveDate>,
    },
    /// It is paused already, since and by whom, and why.
    AlreadyPaused(Option<Decided>),
    /// It goes on.
    Resumed(PersonId),
    /// It was not paused.
    NotPaused(Option<Decided>),
}

impl From<LiveSay> for Say {
    fn from(say: LiveSay) -> Self {
        Self::Office(OfficeSay::Live(say))
    }
}

/// Sends that `/golive` shows before anything starts.
const NEXT_SENDS: usize = 10;

/// `/golive`: shows what would happen; nothing starts before the second tap.
pub fn golive(turn: &mut Turn<'_, '_>, _event: &Event) {
    let say = match not_ready(turn) {
        Some(say) => say,
        None => overview(turn),
    };
    turn.reply(say.into());
}

fn not_ready(turn: &Turn<'_, '_>) -> Option<LiveSay> {
    let standing = turn.context.standing;
    if standing.live_since.is_some() {
        let decided = standing.decided.get(&Decision::Live).cloned();
        return Some(LiveSay::AlreadyLive(decided));
    }
    let usable = standing.group.as_ref().is_some_and(|group| group.usable);
    (!usable).then_some(LiveSay::NoGroup)
}

fn overview(turn: &Turn<'_, '_>) -> LiveSay {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let members = frame.plan.members.iter();
    let unbound: Vec<PersonId> = members
        .filter(|member| !standing.bindings.contains_key(&member.id))
        .map(|member| member.id.clone())
        .collect();
    LiveSay::GoliveOverview {
        unbound,
        doubts: open_doubts(frame, standing).len(),
        sends: (turn.context.next_sends)(NEXT_SENDS),
    }
}

/// The first and the second tap.
pub(super) fn on_golive(turn: &mut Turn<'_, '_>, event: &Event, sure: bool) {
    let Some(own) = own(turn) else { return };
    if let Some(say) = not_ready(turn) {
        turn.push(Effect::alert(say.clone().into()));
        return turn.show(event, say.into());
    }
    if !sure {
        return turn.show(event, LiveSay::GoliveSure.into());
    }
    turn.push(Effect::Append(Act::WentLive));
    turn.show(event, LiveSay::WentLive(own.clone()).into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Live(LiveSay::WentLive(own.clone())));
}

/// `/pause 原因 [至日期]`: stops all unasked sending at once; without a reason asks for one.
pub fn pause(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let standing = turn.context.standing;
    if standing.live_since.is_none() {
        return turn.reply(LiveSay::NotLive.into());
    }
    if standing.pause.is_some() {
        let decided = standing.decided.get(&Decision::Pause).cloned();
        return turn.reply(LiveSay::AlreadyPaused(decided).into());
    }
    pause_with(turn, event, argument);
}

/// The reason, with the command or after it.
pub(super) fn pause_with(turn: &mut Turn<'_, '_>, event: &Event, words: &str) {
    let Some(own) = own(turn) else { return };
    turn.state.waiting = None;
    let standing = turn.context.standing;
    if standing.pause.is_some() {
        let decided = standing.decided.get(&Decision::Pause).cloned();
        return turn.reply(LiveSay::AlreadyPaused(decided).into());
    }
    let today = calendar::date_of(turn.context.now);
    let (reason, until) = reason_and_day(words, today);
    if reason.is_empty() {
        return want_reason(turn, event);
    }
    let length = reason.chars().count();
    if length > super::MOST_WORDS {
        return turn.reply(OfficeSay::TooLong(length).into());
    }
    if let Some(day) = until.filter(|day| *day < today) {
        turn.reply(LiveSay::DayPast(day).into());
        return want_reason(turn, event);
    }
    let act = Act::Paused {
        reason: Text::new(reason.clone(), turn.salts.salt()),
        until,
    };
    turn.push(Effect::Append(act));
    let by = own.clone();
    let say = LiveSay::Paused { by, reason, until };
    turn.reply(say.clone().into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Live(say));
}

/// In a group the reason comes with the command: a later message would not be heard there.
fn want_reason(turn: &mut Turn<'_, '_>, event: &Event) {
    let waits = event.place.kind == ChatKind::Private;
    if waits {
        turn.state.waiting = Some(Waiting::PauseReason);
    }
    turn.reply(LiveSay::ReasonWanted { waits }.into());
}

/// `/resume`.
pub fn resume(turn: &mut Turn<'_, '_>, _event: &Event) {
    let Some(own) = own(turn) else { return };
    let standing = turn.context.standing;
    if standing.pause.is_none() {
        let decided = standing.decided.get(&Decision::Pause).cloned();
        return turn.reply(LiveSay::NotPaused(decided).into());
    }
    turn.push(Effect::Append(Act::Resumed));
    turn.reply(LiveSay::Resumed(own.clone()).into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Live(LiveSay::Resumed(own.clone())));
}
