//! Asking the open question in the right place: one message after the other in private, one card in the group.

use super::draft::{Doing, Draft, Home, Sitting, Step};
use super::say::{Asking, Field, Note, ReplyField, ReportSay};
use super::{flow, items, submit, support};
use crate::conversation::{Effect, Event, Happening, Manner, Say, Sender, Turn, Whom};
use crate::ledger::{Act, ReportingPeriod};
use crate::plan::PersonId;

/// Sends and edits in the group for one item, its line after submission included: twenty a minute are all a group may have.
pub const MOST_GROUP_SENDS: u8 = 12;

/// What a talk in the group may use: all but the line after submission.
const TALK_SENDS: u8 = MOST_GROUP_SENDS - 1;

/// Asks the question at which the open item stands.
pub(super) fn ask(turn: &mut Turn<'_, '_>, event: &Event, note: Note) {
    let Some(person) = turn.context.person else {
        return;
    };
    let Some(counts) = made_ready(turn) else {
        return;
    };
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return;
    };
    if sitting.home == Home::Group && sitting.sends + 1 >= TALK_SENDS {
        return spend(turn, event);
    }
    sitting.stamp = sitting.stamp.wrapping_add(1);
    let secrecy = show_secrecy(turn, person);
    let Some(sitting) = turn.state.sitting.as_ref() else {
        return;
    };
    let Doing::Item(draft) = &sitting.doing else {
        return;
    };
    let asking = Asking {
        person: person.clone(),
        stamp: sitting.stamp,
        number: sitting.number,
        of: sitting.of(),
        home: sitting.home,
        field: field(sitting),
        back: flow::before(draft, sitting.home).is_some(),
        draft: Draft::clone(draft),
        counts,
        note,
        secrecy,
    };
    let field_follows = asking.field == Field::Follows;
    put(turn, event, ReportSay::Ask(Box::new(asking)));
    if field_follows {
        send_field(turn, event);
    }
}

/// The last and the running period, where the person chooses between them.
type Counts = Option<(ReportingPeriod, ReportingPeriod)>;

/// Brings the open question up to date with what happened elsewhere; none when no item is open.
fn made_ready(turn: &mut Turn<'_, '_>) -> Option<Counts> {
    let context = turn.context;
    let Doing::Item(draft) = &mut turn.state.sitting.as_mut()?.doing else {
        return None;
    };
    let view = items::view(context, &draft.task)?;
    match draft.step {
        Step::Support => draft.offered = support::offered(context.frame, &view),
        Step::Preview => {
            draft.shown = submit::answered_meanwhile(draft, &view);
            return Some(submit::periods_to_choose(context, draft, &view));
        }
        _ => {}
    }
    Some(None)
}

/// The first card of a person says that no secrets belong here; that it was shown is on record.
pub(super) fn show_secrecy(turn: &mut Turn<'_, '_>, person: &PersonId) -> bool {
    let shown = turn.context.standing.secrecy_shown.contains(person);
    let shown_now = |effect: &Effect| matches!(effect, Effect::Append(Act::SecrecyShown { person: seen }) if seen == person);
    if shown || turn.effects.iter().any(shown_now) {
        return false;
    }
    turn.push(Effect::Append(Act::SecrecyShown {
        person: person.clone(),
    }));
    true
}

/// How words are given to the open question.
fn field(sitting: &Sitting) -> Field {
    let Doing::Item(draft) = &sitting.doing else {
        return Field::Plain;
    };
    if sitting.home == Home::Private || !flow::is_typed(draft.step) || draft.odd.is_some() {
        return Field::Plain;
    }
    if sitting.card.is_none() {
        return Field::ByButton;
    }
    // This card, its reply field, every question still ahead and the last word.
    let needed = 3 + flow::left(draft, sitting.home);
    match usize::from(TALK_SENDS - sitting.sends) >= needed {
        true => Field::Follows,
        false => Field::ReplyHere,
    }
}

/// Puts a message of the open sitting where it belongs: in place of the card, or as a new one.
pub(super) fn put(turn: &mut Turn<'_, '_>, event: &Event, say: ReportSay) {
    let say = Say::Report(say);
    let home = turn.state.sitting.as_ref().map(|sitting| sitting.home);
    match home {
        Some(Home::Private) if turn.context.in_group => {
            if let Some(person) = turn.context.person.cloned() {
                let (to, manner) = (Whom::Person(person), Manner::default());
                turn.push(Effect::Tell { to, say, manner });
            }
        }
        Some(home) => {
            let card = turn.state.sitting.as_ref().and_then(|sitting| sitting.card);
            if home == Home::Group {
                count_send(turn);
            }
            match card {
                Some(message_id) => turn.push(Effect::Edit { message_id, say }),
                None => {
                    sent_anew(turn, &say);
                    tell(turn, event, say);
                }
            }
        }
        None => tell(turn, event, say),
    }
}

/// A question that goes out as a new message is the sitting's card from now on.
fn sent_anew(turn: &mut Turn<'_, '_>, say: &Say) {
    if let (Some(sitting), Say::Report(ReportSay::Ask(asking))) = (turn.state.sitting.as_mut(), say)
    {
        sitting.sent_as = Some(asking.stamp);
    }
}

/// A new message in the event's chat. In the group it makes no sound and hangs on the message it answers.
pub(super) fn tell(turn: &mut Turn<'_, '_>, event: &Event, say: Say) {
    let group = turn.context.in_group;
    let typed = !matches!(event.happening, Happening::Pressed { .. });
    turn.push(Effect::Tell {
        to: Whom::Here,
        say,
        manner: Manner {
            silent: group,
            as_reply: group && typed,
            ..Manner::default()
        },
    });
}

fn count_send(turn: &mut Turn<'_, '_>) {
    if let Some(sitting) = turn.state.sitting.as_mut() {
        sitting.sends = sitting.sends.saturating_add(1);
    }
}

/// A message of its own with a reply field for the person asked.
pub(super) fn send_field(turn: &mut Turn<'_, '_>, event: &Event) {
    let Sender::Account(account) = &event.sender else {
        return;
    };
    let Some(sitting) = turn.state.sitting.as_ref() else {
        return;
    };
    let Doing::Item(draft) = &sitting.doing else {
        return;
    };
    let Some(person) = turn.context.person else {
        return;
    };
    let field = ReplyField {
        person: person.clone(),
        stamp: sitting.stamp,
        account: account.clone(),
        task: draft.task.clone(),
        step: draft.step,
    };
    let typed = !matches!(event.happening, Happening::Pressed { .. });
    count_send(turn);
    turn.push(Effect::Tell {
        to: Whom::Here,
        say: Say::Report(ReportSay::ReplyField(field)),
        manner: Manner {
            silent: true,
            as_reply: typed,
            force_reply: true,
            ..Manner::default()
        },
    });
}

/// A reply field on request, if the group's budget holds it.
pub(super) fn field_on_request(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(sitting) = turn.state.sitting.as_ref() else {
        return;
    };
    match sitting.sends + 2 >= TALK_SENDS {
        true => spend(turn, event),
        false => send_field(turn, event),
    }
}

/// The group's messages for this item are used up: the last one says so, the talk goes on in private.
fn spend(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(sitting) = turn.state.sitting.as_mut() else {
        return;
    };
    let Doing::Item(draft) = std::mem::replace(&mut sitting.doing, Doing::Between) else {
        return;
    };
    let task = draft.task.clone();
    sitting.doing = Doing::Spent(draft);
    put(turn, event, ReportSay::Spent(task));
}
