//! 晚些提醒: two hours, tomorrow or an own date, never past a deadline.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::draft::{Doing, Home, SITTING_VERSION, Sitting};
use super::press::Delay;
use super::say::{OwnDate, ReportSay};
use super::{items, leave, vocabulary};
use crate::calendar;
use crate::conversation::date::{self, Toward};
use crate::conversation::{ChatKind, Context, Effect, Event, Happening, Say, Turn};
use crate::ledger::Act;
use crate::plan::TaskId;

use super::press::Tap;

/// The first delay.
const SOON: TimeDelta = TimeDelta::hours(2);

/// The furthest own date; by then the next period asks anyway.
const MOST_DAYS: u64 = 31;

/// The choices.
pub(super) fn choices(turn: &mut Turn<'_, '_>, event: &Event) {
    let say = Say::Report(ReportSay::LaterChoices);
    match event.place.kind {
        ChatKind::Private => turn.tell_here(say),
        ChatKind::Group | ChatKind::Channel => turn.refuse(event, say),
    }
}

/// One of them.
pub(super) fn choose(turn: &mut Turn<'_, '_>, event: &Event, delay: Delay) {
    let context = turn.context;
    let calendar = &context.frame.calendar;
    let slot = context.frame.settings.slot;
    match delay {
        Delay::TwoHours => {
            let until = calendar.next_working_instant(context.now + SOON);
            snooze(turn, event, until);
        }
        Delay::Tomorrow => {
            let tomorrow = items::today(context) + Days::new(1);
            let until = calendar::instant(calendar.on_or_after(tomorrow), slot);
            snooze(turn, event, until);
        }
        Delay::OwnDate if event.place.kind == ChatKind::Private => ask(turn, event, OwnDate::First),
        Delay::OwnDate => turn.refuse(event, Say::Report(ReportSay::GoPrivate(None))),
    }
}

/// Asks for the date; the open talk, if there is one, is put aside.
fn ask(turn: &mut Turn<'_, '_>, event: &Event, question: OwnDate) {
    let asked = matches!(
        turn.state.sitting.as_ref().map(|sitting| &sitting.doing),
        Some(Doing::OwnDate)
    );
    if !asked {
        leave::put_aside(turn);
        turn.state.sitting = Some(Sitting {
            version: SITTING_VERSION,
            home: Home::Private,
            stamp: 0,
            card: None,
            sent_as: None,
            number: 1,
            ahead: Vec::new(),
            filed: Vec::new(),
            sends: 0,
            doing: Doing::OwnDate,
        });
    }
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    let say = Say::Report(ReportSay::AskOwnDate(person, question));
    match event.happening {
        Happening::Pressed { .. } => turn.show(event, say),
        _ => turn.tell_here(say),
    }
}

/// The date in words.
pub(super) fn own_date(turn: &mut Turn<'_, '_>, event: &Event, text: &str) {
    if vocabulary::control(text) == Some(Tap::Quit) {
        return leave::quit(turn, event);
    }
    let context = turn.context;
    let today = items::today(context);
    let Some(day) = date::read(text, today, Toward::Future) else {
        return ask(turn, event, OwnDate::NotADate);
    };
    if day <= today {
        return ask(turn, event, OwnDate::NotAhead);
    }
    if day > today + Days::new(MOST_DAYS) {
        return ask(turn, event, OwnDate::TooFar);
    }
    let settings = &context.frame.settings;
    let until = calendar::instant(context.frame.calendar.on_or_after(day), settings.slot);
    if let Some((due, task)) = passed_deadline(context, until) {
        return ask(turn, event, OwnDate::PastDue(due, task));
    }
    turn.state.sitting = None;
    wait_until(turn, event, until);
}

fn snooze(turn: &mut Turn<'_, '_>, event: &Event, until: DateTime<Utc>) {
    if let Some((due, task)) = passed_deadline(turn.context, until) {
        let say = Say::Report(ReportSay::NotSoLate { due, task });
        return match event.place.kind {
            ChatKind::Private => turn.show(event, say),
            ChatKind::Group | ChatKind::Channel => turn.refuse(event, say),
        };
    }
    wait_until(turn, event, until);
}

/// The first deadline of what waits that the person would sleep through.
fn passed_deadline(context: &Context<'_>, until: DateTime<Utc>) -> Option<(NaiveDate, TaskId)> {
    let today = items::today(context);
    let waiting = items::pending(context).into_iter();
    let dues = waiting.filter_map(|view| Some((view.due?, view.task.id.clone())));
    let ahead = dues.filter(|(due, _)| *due >= today);
    let first = ahead.min_by_key(|(due, _)| *due)?;
    // On the day of the deadline itself a card must still find the person at work.
    let last = context.frame.calendar.on_or_before(first.0);
    (until >= context.frame.calendar.end_of_work(last.max(today))).then_some(first)
}

fn wait_until(turn: &mut Turn<'_, '_>, event: &Event, until_at: DateTime<Utc>) {
    let Some(person) = turn.context.person.cloned() else {
        return;
    };
    turn.push(Effect::Append(Act::Snoozed { person, until_at }));
    let say = Say::Report(ReportSay::Snoozed(until_at));
    match event.place.kind {
        ChatKind::Private => turn.show(event, say),
        ChatKind::Group | ChatKind::Channel => turn.refuse(event, say),
    }
}
