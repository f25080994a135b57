//! Where a talk is held, and who sits down to it.

use chrono::TimeDelta;

use super::draft::{
    Answers, Doing, Draft, Home, Promised, Purpose, SITTING_VERSION, Sitting, Step,
};
use super::say::ReportSay;
use super::{ask, behalf, flow, items, submit, talk};

use crate::conversation::{ChatKind, Context, Effect, Event, Happening, Manner, Say, Turn, Whom};
use crate::ledger::TaskView;
use crate::plan::TaskId;

/// A sitting goes on if the next item is begun within this time of the last record.
const SITTING_LASTS: TimeDelta = TimeDelta::minutes(30);

/// Talks at a time in one group.
const MOST_GROUP_TALKS: usize = 2;

/// Sits the person down with a draft: the sitting that is open goes on, or a new one begins.
pub(super) fn seat(turn: &mut Turn<'_, '_>, event: &Event, home: Home, draft: Draft) {
    let context = turn.context;
    let task = draft.task.clone();
    let before = turn.state.sitting.take();
    let same_card = before.as_ref().is_some_and(|sitting| {
        let pressed = matches!(event.happening, Happening::Pressed { message_id, .. } if message_id.is_some() && message_id == sitting.card);
        sitting.home == home && home == Home::Group && pressed
    });
    let lasts = before
        .as_ref()
        .is_some_and(|sitting| lasts(context, sitting));
    let went_on = before
        .as_ref()
        .is_some_and(|sitting| lasts && sitting.ahead.contains(&task));
    let mut ahead: Vec<TaskId> = match (&before, draft.purpose) {
        (Some(sitting), _) if went_on => sitting.ahead.clone(),
        (_, Purpose::Report) => items::pending(context)
            .iter()
            .map(|view| view.task.id.clone())
            .collect(),
        (_, Purpose::Correction(_) | Purpose::Hint) => Vec::new(),
    };
    ahead.retain(|other| *other != task);
    ahead.retain(|other| {
        let view = items::view(context, other);
        view.is_some_and(|view| items::waits(context.frame, context.standing, &view, context.now))
    });
    // Stamps begin at the second of the day of the sitting, so that an old card never fits a new talk.
    let first_stamp = (context.now.timestamp() & i64::from(u32::MAX)) as u32;
    let sent_as = before.as_ref().and_then(|sitting| sitting.sent_as);
    let (number, card, stamp, filed) = match before {
        Some(sitting) => (
            sitting.number.saturating_add(u16::from(went_on)),
            sitting.card.filter(|_| same_card),
            sitting.stamp.max(first_stamp),
            if lasts { sitting.filed } else { Vec::new() },
        ),
        None => (1, None, first_stamp, Vec::new()),
    };
    turn.state.sitting = Some(Sitting {
        version: SITTING_VERSION,
        home,
        stamp,
        card,
        sent_as: sent_as.filter(|_| card.is_some()),
        number: if went_on { number } else { 1 },
        ahead,
        filed,
        sends: 0,
        doing: Doing::Item(Box::new(draft)),
    });
}

/// Whether what begins now belongs to the sitting: nothing was filed in it yet, or not long ago.
fn lasts(context: &Context<'_>, sitting: &Sitting) -> bool {
    sitting.filed.last().is_none_or(|seq| {
        let filed = submit::find(context.standing, *seq);
        filed.is_some_and(|filed| context.now - filed.at <= SITTING_LASTS)
    })
}

/// A new draft on a task as it stands.
pub(super) fn new_draft(context: &Context<'_>, view: &TaskView<'_>, purpose: Purpose) -> Draft {
    let unit = view.indicator.map(|indicator| &indicator.unit_of_measure);
    let mut draft = Draft {
        task: view.task.id.clone(),
        purpose,
        flow: flow::flow_of(view),
        period: context.frame.period(view, items::today(context)).id,
        adoption: context.frame.adoption,
        last_seq: context.standing.seq,
        promised: Promised {
            target: view.indicator.and_then(|indicator| indicator.target),
            unit: unit.map(|unit| unit.shown.clone()).unwrap_or_default(),
            base: unit.map(|unit| unit.base.clone()).unwrap_or_default(),
            due: view.due,
        },
        step: Step::Preview,
        return_to: None,
        odd: None,
        shown: None,
        answers: Answers::default(),
        typed: Vec::new(),
        offered: Vec::new(),
        since_at: None,
        on_behalf_of: match purpose {
            Purpose::Report | Purpose::Correction(_) => behalf::of(context, view),
            Purpose::Hint => None,
        },
    };
    draft.step = flow::first(&draft, Home::Private);
    draft
}

/// Where a talk that starts with this event is held; none after the person was told where to go.
pub(super) fn home_for(turn: &mut Turn<'_, '_>, event: &Event, task: &TaskId) -> Option<Home> {
    let context = turn.context;
    if event.place.kind == ChatKind::Private {
        return Some(Home::Private);
    }
    let pressed = matches!(event.happening, Happening::Pressed { .. });
    if !context.in_group {
        say(turn, event, ReportSay::GoPrivate(Some(task.clone())));
        return None;
    }
    let reachable = context
        .person
        .is_some_and(|person| context.standing.reachable(person));
    if reachable && pressed {
        open_link(turn, Some(task));
        return None;
    }
    if reachable {
        ask::tell(turn, event, Say::Report(ReportSay::MovedToPrivate));
        return Some(Home::Private);
    }
    let sits_here = talk::at_home(turn, event);
    if !sits_here && context.talks_in_group >= MOST_GROUP_TALKS {
        say(turn, event, ReportSay::GroupFull);
        return None;
    }
    Some(Home::Group)
}

/// The press opens the private chat, where the open item goes on.
pub(super) fn link_to_private(turn: &mut Turn<'_, '_>, event: &Event) {
    let _ = event;
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    let task = open.map(|draft| draft.task.clone());
    open_link(turn, task.as_ref());
}

pub(super) fn open_link(turn: &mut Turn<'_, '_>, task: Option<&TaskId>) {
    let bot = &turn.context.bot.username;
    let url = Some(start_link(bot, task));
    turn.push(Effect::AnswerPress {
        say: None,
        alert: false,
        url,
    });
}

/// The link that opens the private chat with a talk on this task, or on whatever waits.
pub fn start_link(bot: &str, task: Option<&TaskId>) -> String {
    match task {
        Some(task) => format!("https://t.me/{bot}?start=report_{task}"),
        None => format!("https://t.me/{bot}?start=report"),
    }
}

/// Says something outside a talk: an alert for what is short and pressed in the group, else a message.
pub(super) fn say(turn: &mut Turn<'_, '_>, event: &Event, say: ReportSay) {
    let pressed = matches!(event.happening, Happening::Pressed { .. });
    let in_group = event.place.kind != ChatKind::Private;
    let short = matches!(
        say,
        ReportSay::Gone(..)
            | ReportSay::MayNotFile { .. }
            | ReportSay::NothingToFile
            | ReportSay::GroupFull
            | ReportSay::GoPrivate(_)
    );
    // A press that leads nowhere is answered where it was made; a message would only push the talk up.
    let nowhere = matches!(say, ReportSay::Gone(..) | ReportSay::NothingToFile);
    if pressed && (nowhere || short && in_group) {
        return turn.push(Effect::alert(Say::Report(say)));
    }
    if pressed && matches!(say, ReportSay::Choose(_)) {
        return turn.show(event, Say::Report(say));
    }
    turn.push(Effect::Tell {
        to: Whom::Here,
        say: Say::Report(say),
        manner: Manner {
            silent: in_group,
            as_reply: in_group && !pressed,
            ..Manner::default()
        },
    });
}
