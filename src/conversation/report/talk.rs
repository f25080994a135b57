//! An open talk: words, files, edits and taps come in, and the talk goes where they lead.

use super::answer::{self, Facts, Outcome};
use super::draft::{Doing, Draft, Flow, Home, Purpose, SITTING_VERSION, Sitting, Step};
use super::press::Tap;
use super::say::{Gone, Note, ReportSay};
use super::{ask, begin, behalf, flow, items, leave, seat, submit, vocabulary};
use crate::conversation::{ChatKind, Effect, Event, Happening, Media, ReplyTo, Say, Turn};
use crate::ledger::{Phase, TaskView};
use crate::plan::PersonId;

/// A sitting in a form of another program version cannot be gone on with.
pub(super) fn forget_other_versions(turn: &mut Turn<'_, '_>) {
    let known = |sitting: &Sitting| sitting.version == SITTING_VERSION;
    if !turn.state.sitting.as_ref().is_none_or(known) {
        turn.state.sitting = None;
    }
}

/// Whether the event happens where the sitting is held.
pub(super) fn at_home(turn: &Turn<'_, '_>, event: &Event) -> bool {
    let home = turn.state.sitting.as_ref().map(|sitting| sitting.home);
    match home {
        Some(Home::Private) => event.place.kind == ChatKind::Private,
        Some(Home::Group) => turn.context.in_group,
        None => false,
    }
}

/// Words, files and edits for an open talk, or a reply to a reminder. False when they are for somebody else.
pub(super) fn on_words(turn: &mut Turn<'_, '_>, event: &Event) -> bool {
    find_card(turn);
    match &event.happening {
        Happening::Text {
            message_id,
            text,
            reply_to,
        } => on_text(turn, event, *message_id, text, reply_to.as_ref()),
        Happening::Media {
            media,
            media_group_id,
            reply_to,
            ..
        } => on_media(
            turn,
            event,
            media,
            media_group_id.as_deref(),
            reply_to.as_ref(),
        ),
        Happening::Edited { message_id, text } => on_edit(turn, event, *message_id, text),
        Happening::Pressed { .. }
        | Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => false,
    }
}

/// In the group the talk's card was sent without anybody waiting for its id: whoever answers by a reply alone goes on on it.
fn find_card(turn: &mut Turn<'_, '_>) {
    let (in_group, card) = (turn.context.in_group, turn.context.talk_card);
    if let Some(sitting) = turn.state.sitting.as_mut()
        && in_group
        && sitting.home == Home::Group
        && sitting.card.is_none()
    {
        sitting.card = card;
    }
}

/// What a reply to a message of a talk in the group is for.
enum Replied {
    /// The open question.
    Question,
    /// The item that the reply field belongs to.
    Item,
    /// A talk that is over, or held elsewhere now.
    Over(ReportSay),
    /// Nobody: it is somebody else's talk, or the group's messages for the item are used up.
    Nobody,
}

fn replied(turn: &Turn<'_, '_>, event: &Event, reply: &ReplyTo) -> Option<Replied> {
    let message = reply.talk.as_ref().filter(|_| turn.context.in_group)?;
    if turn.context.person != Some(&message.person) {
        return Some(Replied::Nobody);
    }
    let sitting = turn.state.sitting.as_ref();
    let open = sitting.and_then(Sitting::draft);
    let about_open = open.is_some_and(|draft| reply.about.contains(&draft.task));
    Some(match sitting.map(|sitting| &sitting.doing) {
        Some(Doing::Spent(_)) => Replied::Nobody,
        Some(Doing::Item(_)) if !at_home(turn, event) => Replied::Over(ReportSay::Elsewhere),
        Some(Doing::Item(_)) if message.is_card || about_open => Replied::Question,
        Some(Doing::Item(_)) => Replied::Item,
        Some(Doing::Between | Doing::OwnDate) | None => Replied::Over(ReportSay::Over),
    })
}

fn on_text(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    message_id: i32,
    text: &str,
    reply_to: Option<&ReplyTo>,
) -> bool {
    let to_bot = reply_to.filter(|reply| reply.from_bot);
    let replied = to_bot.and_then(|reply| replied(turn, event, reply));
    match replied {
        Some(Replied::Nobody) => return true,
        Some(Replied::Over(_)) if vocabulary::is_only_read(text) => return true,
        Some(Replied::Over(say)) => {
            ask::tell(turn, event, Say::Report(say));
            return true;
        }
        Some(Replied::Question) => {
            item_words(turn, event, message_id, text);
            return true;
        }
        Some(Replied::Item) | None => {}
    }
    let open = turn.state.sitting.as_ref().and_then(Sitting::draft);
    if let Some(reply) = to_bot.filter(|reply| !reply.about.is_empty()) {
        let about_open = open.is_some_and(|draft| reply.about.contains(&draft.task));
        if !(about_open && at_home(turn, event)) {
            return begin::reply(turn, event, text, &reply.about);
        }
    }
    if !at_home(turn, event) || (turn.context.in_group && to_bot.is_none()) {
        return false;
    }
    match turn.state.sitting.as_ref().map(|sitting| &sitting.doing) {
        Some(Doing::OwnDate) => super::later::own_date(turn, event, text),
        Some(Doing::Item(_)) => item_words(turn, event, message_id, text),
        Some(Doing::Between | Doing::Spent(_)) | None => return false,
    }
    true
}

/// Words for the open question.
pub(super) fn item_words(turn: &mut Turn<'_, '_>, event: &Event, message_id: i32, text: &str) {
    below_what_was_typed(turn);
    answer_with(turn, event, |draft, facts| {
        draft.note_message(message_id, draft.step);
        answer::words(draft, facts, text)
    });
}

/// The open question once more. In the group the card still stands, and another send would cost of its budget.
pub(super) fn ask_again(turn: &mut Turn<'_, '_>, event: &Event) {
    if event.place.kind == ChatKind::Private && at_home(turn, event) {
        below_what_was_typed(turn);
        answer_with(turn, event, |_, _| Outcome::Again(Note::UseButtons));
    }
}

/// In private the next question stands below what was typed; in the group it stays on the card.
fn below_what_was_typed(turn: &mut Turn<'_, '_>) {
    if let Some(sitting) = turn.state.sitting.as_mut()
        && sitting.home == Home::Private
    {
        sitting.card = None;
    }
}

fn on_media(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    media: &Media,
    album: Option<&str>,
    reply_to: Option<&ReplyTo>,
) -> bool {
    if !at_home(turn, event) {
        return false;
    }
    let Some(Doing::Item(draft)) = turn.state.sitting.as_ref().map(|sitting| &sitting.doing) else {
        return false;
    };
    let same_album = album.is_some() && draft.answers.album.as_deref() == album;
    let to_bot = reply_to.is_some_and(|reply| reply.from_bot);
    if turn.context.in_group && !to_bot && !same_album {
        return false;
    }
    if !same_album {
        below_what_was_typed(turn);
    }
    answer_with(turn, event, |draft, _| answer::media(draft, media, album));
    true
}

/// An edit of what answered a question of the open item. Of other messages nothing is made: what was submitted is
/// corrected by its button.
fn on_edit(turn: &mut Turn<'_, '_>, event: &Event, message_id: i32, text: &str) -> bool {
    let open = turn.state.sitting.as_ref().map(|sitting| &sitting.doing);
    let Some(Doing::Item(draft)) = open.filter(|_| at_home(turn, event)) else {
        return true;
    };
    let known = draft.typed.iter().find(|(known, _)| *known == message_id);
    let Some((_, step)) = known.copied() else {
        return true;
    };
    below_what_was_typed(turn);
    answer_with(turn, event, |draft, facts| match step == draft.step {
        true => answer::words(draft, facts, text),
        false => answer::edited(draft, facts, step, text),
    });
    true
}

/// A tap on a button of a talk.
pub(super) fn on_tap(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    person: &PersonId,
    stamp: u32,
    tap: Tap,
) {
    if turn.context.person != Some(person) {
        return alert(turn, ReportSay::NotYours(person.clone()));
    }
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return alert(turn, ReportSay::Over);
    };
    let (stale, spent) = (
        sitting.stamp != stamp,
        matches!(sitting.doing, Doing::Spent(_)),
    );
    if spent && turn.context.in_group {
        return seat::link_to_private(turn, event);
    }
    if !at_home(turn, event) {
        return alert(turn, ReportSay::Elsewhere);
    }
    if stale {
        return overtaken(turn, event);
    }
    if let (Happening::Pressed { message_id, .. }, Some(sitting)) =
        (&event.happening, turn.state.sitting.as_mut())
    {
        sitting.card = *message_id;
    }
    match turn.state.sitting.as_ref().map(|sitting| &sitting.doing) {
        Some(Doing::Item(_)) => {
            answer_with(turn, event, |draft, facts| answer::tap(draft, facts, tap));
        }
        Some(Doing::OwnDate) if tap == Tap::Quit => leave::quit(turn, event),
        // The same card a second time: what was asked there is recorded.
        Some(Doing::Between) => alert(turn, ReportSay::Over),
        Some(Doing::OwnDate | Doing::Spent(_)) | None => alert(turn, ReportSay::Stale),
    }
}

/// A button of an earlier question. A message whose sending had an unknown outcome comes again, and then stands below the
/// card on which the talk went on meanwhile: the open question moves down to it, where the person looks.
fn overtaken(turn: &mut Turn<'_, '_>, event: &Event) {
    let Happening::Pressed {
        message_id: pressed,
        ..
    } = event.happening
    else {
        return;
    };
    let sitting = turn.state.sitting.as_mut();
    let open = sitting.filter(|sitting| matches!(sitting.doing, Doing::Item(_)));
    match open {
        Some(sitting) if sitting.card.is_some() && pressed > sitting.card => {
            sitting.card = pressed;
            ask::ask(turn, event, Note::None);
        }
        Some(_) | None => alert(turn, ReportSay::Stale),
    }
}

pub(super) fn alert(turn: &mut Turn<'_, '_>, say: ReportSay) {
    turn.push(Effect::alert(Say::Report(say)));
}

/// Lets an answer change the draft and goes where it leads, if the item can still be answered.
pub(super) fn answer_with(
    turn: &mut Turn<'_, '_>,
    event: &Event,
    answer: impl FnOnce(&mut Draft, &Facts<'_>) -> Outcome,
) {
    let context = turn.context;
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return;
    };
    let home = sitting.home;
    let Doing::Item(draft) = &mut sitting.doing else {
        return;
    };
    let view = match still_asked(context, draft) {
        Ok(view) => view,
        Err(gone) => return begin::gone(turn, event, gone),
    };
    let facts = Facts {
        frame: context.frame,
        view: &view,
        today: items::today(context),
        home,
    };
    draft.since_at = Some(context.now);
    let outcome = answer(draft, &facts);
    go(turn, event, outcome);
}

/// The item as it stands, or why it can no longer be answered by this person in this way.
pub(super) fn still_asked<'a>(
    context: &super::Context<'a>,
    draft: &Draft,
) -> Result<TaskView<'a>, Gone> {
    let view = items::view(context, &draft.task).ok_or(Gone::Ended)?;
    match view.phase {
        Phase::Ended => return Err(Gone::Ended),
        Phase::Closed => return Err(Gone::Closed),
        Phase::Open | Phase::Resting | Phase::Frozen | Phase::Baseline(_) => {}
    }
    if draft.purpose != Purpose::Hint && !behalf::may_file(context, &view) {
        return Err(Gone::NoLongerYours);
    }
    let unit = view
        .indicator
        .map(|indicator| &indicator.unit_of_measure.base);
    let unit_before = &draft.promised.base;
    let same_unit = unit.is_none_or(|unit| unit == unit_before);
    match same_kind(flow::flow_of(&view), draft.flow) && same_unit {
        true => Ok(view),
        false => Err(Gone::Changed),
    }
}

/// A number stays a number and a stage a stage, whether or not the deadline has passed meanwhile.
fn same_kind(now: Flow, then: Flow) -> bool {
    let kind = |flow| match flow {
        Flow::Number | Flow::BaselineNumber => 0,
        Flow::Milestone | Flow::BaselineMilestone => 1,
        Flow::Narrative => 2,
    };
    kind(now) == kind(then)
}

/// Goes where an answer leads.
fn go(turn: &mut Turn<'_, '_>, event: &Event, outcome: Outcome) {
    match outcome {
        Outcome::Advance => {
            move_on(turn, None);
            ask::ask(turn, event, Note::None);
        }
        Outcome::To(step) => {
            move_on(turn, Some(step));
            ask::ask(turn, event, Note::None);
        }
        Outcome::Again(note) => ask::ask(turn, event, note),
        Outcome::Quiet => {}
        Outcome::Stale => match event.happening {
            Happening::Pressed { .. } => alert(turn, ReportSay::Stale),
            _ => ask::ask(turn, event, Note::UseButtons),
        },
        Outcome::Field if turn.context.in_group => ask::field_on_request(turn, event),
        Outcome::Field => ask::ask(turn, event, Note::None),
        Outcome::Quit => leave::quit(turn, event),
        Outcome::Next => leave::next(turn, event),
        Outcome::Submit(submission) => submit::submit(turn, event, submission),
        Outcome::Abandon => leave::abandon(turn, event),
    }
}

/// To a question, or to the one that follows.
fn move_on(turn: &mut Turn<'_, '_>, to: Option<Step>) {
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return;
    };
    let home = sitting.home;
    let Doing::Item(draft) = &mut sitting.doing else {
        return;
    };
    let step = to.unwrap_or_else(|| flow::after(draft, home));
    if Some(step) == draft.return_to || step == Step::Preview {
        draft.return_to = None;
    }
    draft.odd = None;
    draft.step = step;
}
