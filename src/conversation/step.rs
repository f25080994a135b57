//! The door: tells apart commands, presses, words for an open talk, and everything else.

use super::command::{self, Command};
use super::payload::Payload;
use super::{
    ChatKind, Context, Conversation, Effect, Event, Happening, Sender, Turn, group, office, people,
    query, report,
};
use crate::ledger::Salts;

/// One event in, the new state and what follows out. Never fails: bad input is answered.
pub fn step(
    context: &Context<'_>,
    salts: &mut Salts,
    mut state: Conversation,
    event: &Event,
) -> (Conversation, Vec<Effect>) {
    let mut turn = Turn {
        context,
        salts,
        state: &mut state,
        effects: Vec::new(),
    };
    take(&mut turn, event);
    let mut effects = turn.effects;
    let unanswered = |effect: &Effect| matches!(effect, Effect::AnswerPress { .. });
    if matches!(event.happening, Happening::Pressed { .. }) && !effects.iter().any(unanswered) {
        effects.push(Effect::AnswerPress {
            say: None,
            alert: false,
            url: None,
        });
    }
    (state, effects)
}

fn take(turn: &mut Turn<'_, '_>, event: &Event) {
    if group::concerns(&event.happening) {
        return group::on_event(turn, event);
    }
    if !matches!(event.sender, Sender::Account(_)) {
        return group::on_foreign_sender(turn, event);
    }
    if let Happening::Pressed { data, .. } = &event.happening {
        return press(turn, event, data);
    }
    if let Some((command, argument)) = command::of(turn.context.bot, &event.happening) {
        return run(turn, event, command, &argument);
    }
    if turn.context.person.is_none() {
        return people::on_stranger(turn, event);
    }
    if people::on_words(turn, event)
        || office::on_words(turn, event)
        || report::on_words(turn, event)
    {
        return;
    }
    if event.place.kind == ChatKind::Private {
        query::on_words(turn, event);
    }
}

fn press(turn: &mut Turn<'_, '_>, event: &Event, data: &str) {
    match Payload::decode(data) {
        None => group::on_unknown_press(turn),
        Some(Payload::People(press)) => people::on_press(turn, event, press),
        Some(_) if turn.context.person.is_none() => people::on_stranger_press(turn),
        Some(Payload::Report(press)) => report::on_press(turn, event, press),
        Some(Payload::Office(press)) => office::on_press(turn, event, press),
        Some(Payload::Query(press)) => query::on_press(turn, event, press),
    }
}

fn run(turn: &mut Turn<'_, '_>, event: &Event, command: Command, argument: &str) {
    if turn.context.person.is_none() && !command.open_to_strangers() {
        return people::on_stranger(turn, event);
    }
    match command {
        Command::Start => people::start(turn, event, argument),
        Command::Iam => people::iam(turn, event, argument),
        Command::Invite => people::invite(turn, event, argument),
        Command::Rebind => people::rebind(turn, event, argument),
        Command::Here => group::here(turn, event),
        Command::Golive => office::golive(turn, event),
        Command::Pause => office::pause(turn, event, argument),
        Command::Resume => office::resume(turn, event),
        Command::Terms => office::terms(turn, event),
        Command::Plan => office::plan(turn, event),
        Command::Report => report::start(turn, event, argument),
        Command::Cancel => report::cancel(turn, event),
        Command::Status => query::status(turn, event, argument),
        Command::Overdue => query::overdue(turn, event),
        Command::Missing => query::missing(turn, event),
        Command::History => query::history(turn, event, argument),
        Command::Digest => query::digest(turn, event, argument),
        Command::Help => query::help(turn, event),
        Command::Unknown => query::unknown_command(turn, event),
    }
}
