//! The door: tells apart commands, presses, words for an open talk, and everything else.

use super::command::{self, Command};
use super::group::{self, GroupSay};
use super::payload::Payload;
use super::{
    ChatKind, Context, Conversation, Effect, Event, Happening, Sender, Turn, assign, document,
    matter, meeting, office, people, query, report, request, restore, roster, slip, trail,
};
use crate::ledger::Salts;
use crate::plan::Access;

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
    let answer = |effect: &Effect| matches!(effect, Effect::AnswerPress { .. });
    if matches!(event.happening, Happening::Pressed { .. }) && !effects.iter().any(answer) {
        effects.push(Effect::AnswerPress {
            say: None,
            alert: false,
            url: None,
        });
    }
    (state, effects)
}

fn take(turn: &mut Turn<'_, '_>, event: &Event) {
    if let Some(undecided) = turn.context.undecided {
        return restore::on_event(turn, event, &undecided);
    }
    if group::concerns(&event.happening) {
        return group::on_event(turn, event);
    }
    if !matches!(event.sender, Sender::Account(_)) {
        return group::on_foreign_sender(turn, event);
    }
    if event.place.kind == ChatKind::Channel {
        return;
    }
    if event.place.kind == ChatKind::Private {
        people::note_reachable(turn);
    }
    let finished = turn.context.standing.finished.is_some() && turn.context.person.is_some();
    if finished && !office::decides_on_a_send(&event.happening) {
        return trail::after_the_end(turn, event);
    }
    if let Happening::Pressed { data, .. } = &event.happening {
        return press(turn, event, data);
    }
    if command::meant_for_another(turn.context.bot, &event.happening) {
        return;
    }
    if let Some((command, argument)) = command::of(turn.context.bot, &event.happening) {
        return run(turn, event, command, &argument);
    }
    if turn.context.person.is_none() {
        return stranger(turn, event);
    }
    if event.place.kind == ChatKind::Group && !(turn.context.in_group && addressed(turn, event)) {
        return;
    }
    words(turn, event);
}

/// In a group where the bot sees everything it reads only replies to it; an album's later files and edits may belong to a talk.
fn addressed(turn: &Turn<'_, '_>, event: &Event) -> bool {
    let talking = turn.state.sitting.is_some();
    match &event.happening {
        Happening::Edited { .. } => talking,
        Happening::Media {
            media_group_id: Some(_),
            ..
        } => talking || group::replies_to_bot(&event.happening),
        _ => group::replies_to_bot(&event.happening),
    }
}

fn words(turn: &mut Turn<'_, '_>, event: &Event) {
    if people::on_words(turn, event)
        || office::on_words(turn, event)
        || report::on_words(turn, event)
        || event.place.kind != ChatKind::Private
    {
        return;
    }
    match &event.happening {
        Happening::Text { text, .. } => match command::in_words(text) {
            Some((command, argument)) => run(turn, event, command, &argument),
            None => query::on_words(turn, event),
        },
        // An edit of words nothing waits for any more asks nothing new.
        Happening::Edited { .. } => {}
        _ => query::on_words(turn, event),
    }
}

/// A stranger may say 我是 张三 as well as `/iam 张三`.
fn stranger(turn: &mut Turn<'_, '_>, event: &Event) {
    if let Happening::Text { text, .. } = &event.happening
        && event.place.kind == ChatKind::Private
        && let Some((command, argument)) = command::in_words(text)
    {
        return run(turn, event, command, &argument);
    }
    people::on_stranger(turn, event);
}

fn press(turn: &mut Turn<'_, '_>, event: &Event, data: &str) {
    let Some(payload) = Payload::decode(data) else {
        return group::on_unknown_press(turn);
    };
    if turn.context.person.is_none() {
        return people::on_stranger_press(turn);
    }
    if event.place.kind == ChatKind::Group && !turn.context.in_group {
        return match payload {
            Payload::Office(press) if group::works_in_foreign_group(&press) => {
                office::on_press(turn, event, press)
            }
            _ => group::in_foreign_group(turn, event),
        };
    }
    match payload {
        Payload::Report(press) => {
            // The question shown last is the one that words answer.
            turn.state.waiting = None;
            report::on_press(turn, event, press);
        }
        Payload::People(press) => people::on_press(turn, event, press),
        Payload::Office(press) => office::on_press(turn, event, press),
        Payload::Query(press) => query::on_press(turn, event, press),
        Payload::Matter(press) => matter::on_press(turn, event, press),
        Payload::Slip(press) => slip::on_press(turn, event, press),
        Payload::Request(press) => request::on_press(turn, event, press),
        Payload::Trail(press) => trail::on_press(turn, event, press),
        Payload::Roster(press) => roster::on_press(turn, event, press),
        Payload::Assign(press) => assign::on_press(turn, event, press),
        Payload::Meeting(press) => meeting::on_press(turn, event, press),
        Payload::Restore(_) => restore::on_late_press(turn, event),
    }
}

fn run(turn: &mut Turn<'_, '_>, event: &Event, command: Command, argument: &str) {
    if turn.context.person.is_none() && !command.open_to_strangers() {
        return people::on_stranger(turn, event);
    }
    if event.place.kind == ChatKind::Group && !allowed_in_group(turn, event, command) {
        return;
    }
    if let Some(right) = command.entry().and_then(|entry| entry.right)
        && let Access::Refused(why) = turn.context.may(&right)
    {
        return group::refuse(turn, event, why);
    }
    if !command.works_in(event.place.kind) {
        return turn.reply(GroupSay::Elsewhere(command).into());
    }
    if opens_dialogue(command) {
        turn.state.waiting = None;
    }
    match command {
        Command::Start => people::start(turn, event, argument),
        Command::Iam => people::iam(turn, event, argument),
        Command::Invite => people::invite(turn, event, argument),
        Command::Rebind => people::rebind(turn, event, argument),
        Command::Away => roster::away(turn, event, argument),
        Command::Back => roster::back(turn, event, argument),
        Command::Liaison => roster::liaison(turn, event, argument),
        Command::Replace => roster::replace(turn, event, argument),
        Command::Unit => roster::unit(turn, event, argument),
        Command::Here => group::here(turn, event),
        Command::Golive => office::golive(turn, event),
        Command::Pause => office::pause(turn, event, argument),
        Command::Resume => office::resume(turn, event),
        Command::Terms => office::terms(turn, event, argument),
        Command::Plan => office::plan(turn, event),
        Command::Finish => trail::finish(turn, event),
        Command::Redact => trail::redact(turn, argument),
        Command::Report => report::start(turn, event, argument),
        Command::Cancel => report::cancel(turn, event),
        Command::Status => query::status(turn, event, argument),
        Command::Overdue => query::overdue(turn, event),
        Command::Missing => query::missing(turn, event),
        Command::History => query::history(turn, event, argument),
        Command::Ledger => trail::ledger(turn, event, argument),
        Command::Digest => query::digest(turn, event, argument),
        Command::Matters => matter::matters(turn, event),
        Command::Slips => slip::slips(turn, event),
        Command::Export => document::export(turn, argument),
        Command::Bulletin => document::bulletin(turn, argument),
        Command::Board => document::board(turn, argument),
        Command::Chart => document::chart(turn, argument),
        Command::Calendar => document::calendar(turn, argument),
        Command::Pack => document::pack(turn, argument),
        Command::Assign => assign::assign(turn, event, argument),
        Command::Project => assign::project(turn, event, argument),
        Command::Meeting => meeting::meeting(turn, argument),
        Command::Switch => query::switch(turn),
        Command::Help => query::help(turn, event),
        Command::Extend => request::start(turn, request::Kind::Extend, argument),
        Command::Close => request::start(turn, request::Kind::Close, argument),
        Command::Reopen => request::start(turn, request::Kind::Reopen, argument),
        Command::Freeze => request::start(turn, request::Kind::Freeze, argument),
        Command::Todo => request::todo(turn),
        Command::Unknown => {
            query::unknown_command(turn, event);
            match turn.state.waiting {
                Some(_) if event.place.kind == ChatKind::Private => office::ask_again(turn),
                Some(_) | None => report::ask_again(turn, event),
            }
        }
    }
}

/// In groups: nothing for strangers; in a group that is not the task force's, `/here` alone.
fn allowed_in_group(turn: &mut Turn<'_, '_>, event: &Event, command: Command) -> bool {
    if turn.context.person.is_none() {
        return false;
    }
    if !turn.context.in_group && command != Command::Here {
        // Commands nobody knows are most likely another bot's.
        if command != Command::Unknown {
            group::in_foreign_group(turn, event);
        }
        return false;
    }
    if command == Command::Start {
        turn.reply(GroupSay::Elsewhere(command).into());
        return false;
    }
    true
}

/// Whether a command begins something of its own, so that an older dialogue no longer waits for words.
fn opens_dialogue(command: Command) -> bool {
    match command {
        Command::Report
        | Command::Away
        | Command::Back
        | Command::Liaison
        | Command::Replace
        | Command::Unit
        | Command::Invite
        | Command::Rebind
        | Command::Golive
        | Command::Pause
        | Command::Resume
        | Command::Terms
        | Command::Plan
        | Command::Extend
        | Command::Close
        | Command::Reopen
        | Command::Freeze
        | Command::Todo
        | Command::Finish
        | Command::Redact
        | Command::Assign
        | Command::Project
        | Command::Meeting => true,
        Command::Start
        | Command::Iam
        | Command::Here
        | Command::Cancel
        | Command::Status
        | Command::Overdue
        | Command::Missing
        | Command::History
        | Command::Ledger
        | Command::Digest
        | Command::Board
        | Command::Chart
        | Command::Matters
        | Command::Slips
        | Command::Export
        | Command::Bulletin
        | Command::Calendar
        | Command::Pack
        | Command::Switch
        | Command::Help
        | Command::Unknown => false,
    }
}
