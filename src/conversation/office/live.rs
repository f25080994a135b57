//! 正式启用, 暂停, 恢复: when unasked sending starts, stops and goes on.

use super::wording::reason_and_day;
use super::{Event, OfficeSay, Turn, Waiting, open_doubts, own, tell_others};
use crate::calendar;
use crate::conversation::{ChatKind, Effect};
use crate::ledger::{Act, Decision, Text};
use crate::plan::PersonId;

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

fn not_ready(turn: &Turn<'_, '_>) -> Option<OfficeSay> {
    let standing = turn.context.standing;
    if standing.live_since.is_some() {
        let decided = standing.decided.get(&Decision::Live).cloned();
        return Some(OfficeSay::LiveAlready(decided));
    }
    let usable = standing.group.as_ref().is_some_and(|group| group.usable);
    (!usable).then_some(OfficeSay::NoGroup)
}

fn overview(turn: &Turn<'_, '_>) -> OfficeSay {
    let (frame, standing) = (turn.context.frame, turn.context.standing);
    let members = frame.plan.members.iter();
    let unbound: Vec<PersonId> = members
        .filter(|member| !standing.bindings.contains_key(&member.id))
        .map(|member| member.id.clone())
        .collect();
    OfficeSay::GoliveOverview {
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
        return turn.show(event, OfficeSay::GoliveSure.into());
    }
    turn.push(Effect::Append(Act::WentLive));
    turn.show(event, OfficeSay::WentLive(own.clone()).into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::WentLive(own.clone()));
}

/// `/pause 原因 [至日期]`: stops all unasked sending at once; without a reason asks for one.
pub fn pause(turn: &mut Turn<'_, '_>, event: &Event, argument: &str) {
    let standing = turn.context.standing;
    if standing.live_since.is_none() {
        return turn.reply(OfficeSay::NotLive.into());
    }
    if standing.pause.is_some() {
        let decided = standing.decided.get(&Decision::Pause).cloned();
        return turn.reply(OfficeSay::PausedAlready(decided).into());
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
        return turn.reply(OfficeSay::PausedAlready(decided).into());
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
        turn.reply(OfficeSay::DayPast(day).into());
        return want_reason(turn, event);
    }
    let act = Act::Paused {
        reason: Text::new(reason.clone(), turn.salts.salt()),
        until,
    };
    turn.push(Effect::Append(act));
    let by = own.clone();
    let say = OfficeSay::Paused { by, reason, until };
    turn.reply(say.clone().into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, say);
}

/// In a group the reason comes with the command: a later message would not be heard there.
fn want_reason(turn: &mut Turn<'_, '_>, event: &Event) {
    let waits = event.place.kind == ChatKind::Private;
    if waits {
        turn.state.waiting = Some(Waiting::PauseReason);
    }
    turn.reply(OfficeSay::ReasonWanted { waits }.into());
}

/// `/resume`.
pub fn resume(turn: &mut Turn<'_, '_>, _event: &Event) {
    let Some(own) = own(turn) else { return };
    let standing = turn.context.standing;
    if standing.pause.is_none() {
        let decided = standing.decided.get(&Decision::Pause).cloned();
        return turn.reply(OfficeSay::NotPaused(decided).into());
    }
    turn.push(Effect::Append(Act::Resumed));
    turn.reply(OfficeSay::Resumed(own.clone()).into());
    turn.push(Effect::RefreshStatus);
    tell_others(turn, &own, OfficeSay::Resumed(own.clone()));
}
