//! What is done with a meeting: it is called, moved, called off, and its decisions are taken.

use std::sync::Arc;

use super::draft::{self, Draft};
use super::{MeetingSay, Step};
use crate::conversation::office::Waiting;
use crate::conversation::{Effect, Event, Manner, Say, Turn, Whom, assign, people};
use crate::ledger::{Act, CalledMeeting, Meeting, Text, guests};

/// The meeting, if there is one.
fn known<'a>(turn: &mut Turn<'a, '_>, seq: u64) -> Option<&'a CalledMeeting> {
    let meeting = turn.context.standing.meeting(seq);
    if meeting.is_none() {
        turn.push(Effect::alert(MeetingSay::StepOver.into()));
    }
    meeting
}

/// The meeting while its end is not entered; else the presser sees who did it.
fn open<'a>(turn: &mut Turn<'a, '_>, event: &Event, seq: u64) -> Option<&'a CalledMeeting> {
    let meeting = known(turn, seq)?;
    if meeting.ended.is_some() {
        turn.push(Effect::alert(MeetingSay::AlreadyEnded(seq).into()));
        turn.show(event, MeetingSay::Show(seq).into());
        return None;
    }
    Some(meeting)
}

/// 提交: on record; who was told of the one before hears that it moved.
pub(super) fn submit(turn: &mut Turn<'_, '_>, event: &Event, draft: Draft) {
    let Some(time) = draft.time() else {
        return turn.push(Effect::alert(MeetingSay::StepOver.into()));
    };
    if draft::is_past(turn, time) {
        turn.push(Effect::alert(MeetingSay::TimePast(time).into()));
        let step = Step::When;
        return draft::go_on(turn, Some(event), Draft { step, ..draft });
    }
    let before = match draft.instead_of {
        Some(seq) => match open(turn, event, seq) {
            Some(before) => Some(before),
            None => return turn.state.waiting = None,
        },
        None => None,
    };
    if let Some(before) = before {
        turn.push(Effect::Append(Act::MeetingEnded {
            meeting: before.seq,
            called_off: true,
        }));
    }
    let seq = turn.next_seq();
    let meeting = Meeting {
        on: time.on,
        at: time.at,
        place: draft.place.map(|place| Text::new(place, turn.salts.salt())),
        topic: Text::new(draft.topic, turn.salts.salt()),
        called: draft.called,
    };
    turn.push(Effect::Append(Act::MeetingCalled(Arc::new(meeting))));
    turn.state.waiting = None;
    turn.show(event, MeetingSay::Show(seq).into());
    if let Some(before) = before {
        let moved = MeetingSay::Moved {
            from: before.seq,
            to: seq,
        };
        tell_guests(turn, before, &moved);
    }
    tell_office(turn, seq);
}

/// 改期: the talk begins again with all that is known.
pub(super) fn move_it(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    if let Some(meeting) = open(turn, event, seq) {
        draft::go_on(turn, None, Draft::of(meeting, Some(seq)));
    }
}

/// 重新召集 of one that was called off.
pub(super) fn call_again(turn: &mut Turn<'_, '_>, seq: u64) {
    if let Some(meeting) = known(turn, seq) {
        draft::go_on(turn, None, Draft::of(meeting, None));
    }
}

/// 取消会议: asks once; then those who were told of it hear of it, as long as it is ahead.
pub(super) fn call_off(turn: &mut Turn<'_, '_>, event: &Event, seq: u64, sure: bool) {
    let Some(meeting) = open(turn, event, seq) else {
        return;
    };
    if !sure {
        return turn.show(event, MeetingSay::OffSure(seq).into());
    }
    turn.push(Effect::Append(Act::MeetingEnded {
        meeting: seq,
        called_off: true,
    }));
    turn.show(event, MeetingSay::Show(seq).into());
    tell_guests(turn, meeting, &MeetingSay::Off(seq));
    tell_office(turn, seq);
}

/// 逐项交办: the talk of `/assign`, one item after another.
pub(super) fn take_decisions(turn: &mut Turn<'_, '_>, event: &Event, seq: u64) {
    let Some(meeting) = known(turn, seq) else {
        return;
    };
    if meeting.ended.as_ref().is_some_and(|end| end.called_off) {
        turn.push(Effect::alert(MeetingSay::AlreadyEnded(seq).into()));
        return turn.show(event, MeetingSay::Show(seq).into());
    }
    if meeting.is_ahead(&turn.context.frame.calendar, turn.context.now) {
        return turn.push(Effect::alert(MeetingSay::NotBegun(seq).into()));
    }
    assign::take_decision(turn, meeting.meeting.on, seq);
}

/// 完: the decisions of the meeting are taken. Said again it is not entered again.
pub(super) fn end(turn: &mut Turn<'_, '_>, event: Option<&Event>, seq: u64) {
    let Some(meeting) = known(turn, seq) else {
        return;
    };
    let mut alert = None;
    if meeting.ended.is_some() {
        alert = Some(MeetingSay::AlreadyEnded(seq));
    } else if meeting.is_ahead(&turn.context.frame.calendar, turn.context.now) {
        return turn.push(Effect::alert(MeetingSay::NotBegun(seq).into()));
    } else {
        turn.push(Effect::Append(Act::MeetingEnded {
            meeting: seq,
            called_off: false,
        }));
    }
    if assign::takes_decisions_of(turn) == Some(seq) {
        turn.state.waiting = None;
    }
    let ends = alert.is_none();
    match event {
        Some(event) => {
            if let Some(alert) = alert {
                turn.push(Effect::alert(alert.into()));
            }
            turn.show(event, MeetingSay::Show(seq).into());
        }
        None => turn.tell_here(MeetingSay::Show(seq).into()),
    }
    if ends {
        tell_office(turn, seq);
    }
}

/// Those who were told that it takes place.
fn tell_guests(turn: &mut Turn<'_, '_>, meeting: &CalledMeeting, say: &MeetingSay) {
    let (frame, standing, now) = (turn.context.frame, turn.context.standing, turn.context.now);
    if !meeting.is_ahead(&frame.calendar, now) || !meeting.was_told(frame, now) {
        return;
    }
    let held = &meeting.meeting;
    let mut told: Vec<_> = guests(&frame.plan, &standing.people, held.on, &held.called)
        .into_iter()
        .map(|guest| guest.person)
        .filter(|person| standing.bindings.contains_key(person))
        .collect();
    told.sort();
    told.dedup();
    for person in told {
        // Whoever did it sees it already.
        if turn.context.person != Some(&person) {
            tell(turn, Whom::Person(person), say.clone().into());
        }
    }
}

fn tell_office(turn: &mut Turn<'_, '_>, seq: u64) {
    if let Some(own) = turn.context.person.cloned() {
        people::tell_office_but(turn, &own, MeetingSay::Told(seq).into());
    }
}

fn tell(turn: &mut Turn<'_, '_>, to: Whom, say: Say) {
    let manner = Manner::unasked();
    turn.push(Effect::Tell { to, say, manner });
}

/// Leaves the talk that is open.
pub(super) fn leave(turn: &mut Turn<'_, '_>, event: &Event) {
    if let Some(Waiting::Meeting { .. }) = turn.state.waiting {
        turn.state.waiting = None;
    }
    turn.show(event, MeetingSay::Left.into());
}
