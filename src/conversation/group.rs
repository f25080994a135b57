//! The group: binding, moving and losing it, foreign groups, and those who write under no name of their own.

use super::command::{self, Command};
use super::office::{self, Press};
use super::{ChatKind, Effect, Event, Happening, Manner, Place, Say, Sender, Turn, Whom, people};
use crate::ledger::{Act, Actor, Decided, Decision, Group};
use crate::plan::{Access, PersonId, Right, Why};

/// What this slice says.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupSay {
    /// The task force works here from now on; binding starts nothing.
    Bound {
        /// In a topic.
        topic: bool,
    },
    /// It works here already.
    BoundAlready,
    /// It works in another group: move here?
    MoveAsked,
    /// The same once more, before it moves.
    MoveSure,
    /// It stays where it is.
    Stays,
    /// The alert: somebody else decided since the question was asked.
    DecidedBefore(Option<Decided>),
    /// To the office: it works in another group or topic now.
    MovedBy(PersonId),
    /// To a group nobody of the office has confirmed.
    Foreign,
    /// To a bound person in a group the task force does not work in.
    NotTheGroup {
        /// Whether they may make it the group.
        may_bind: bool,
    },
    /// To an anonymous administrator or a channel.
    UseOwnAccount,
    /// To the office: the bot was removed from the group or may not write there.
    Lost,
    /// To the office: the topic is closed or deleted.
    TopicLost,
    /// The alert: the button is old or not one of ours.
    OldButton,
    /// The right is missing.
    Refused(Why),
    /// The command works only in the other kind of chat.
    Elsewhere(Command),
}

impl From<GroupSay> for Say {
    fn from(say: GroupSay) -> Self {
        Self::Group(say)
    }
}

/// Whether a happening is a group or membership matter.
pub fn concerns(happening: &Happening) -> bool {
    match happening {
        Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => true,
        Happening::Text { .. }
        | Happening::Media { .. }
        | Happening::Edited { .. }
        | Happening::Pressed { .. } => false,
    }
}

/// Membership, migration, topics.
pub fn on_event(turn: &mut Turn<'_, '_>, event: &Event) {
    let chat = event.place.chat;
    match (&event.happening, event.place.kind) {
        (Happening::BotMembership { present, .. }, ChatKind::Private) => match present {
            true => people::note_reachable(turn),
            false => people::note_unreachable(turn),
        },
        (Happening::BotMembership { present: true, .. }, ChatKind::Group) => added(turn, event),
        (Happening::BotMembership { present: false, .. }, ChatKind::Group) => lost(turn, chat),
        (Happening::MigratedTo(to), _) => migrated(turn, chat, *to),
        (Happening::MigratedFrom(from), _) => migrated(turn, *from, chat),
        (Happening::TopicClosed, _) => topic_lost(turn, &event.place),
        (Happening::BotMembership { .. }, ChatKind::Channel)
        | (Happening::MembersChanged | Happening::Nothing, _)
        | (
            Happening::Text { .. }
            | Happening::Media { .. }
            | Happening::Edited { .. }
            | Happening::Pressed { .. },
            _,
        ) => {}
    }
}

/// Anonymous administrators and channels get one line when they address the bot, never a right.
pub fn on_foreign_sender(turn: &mut Turn<'_, '_>, event: &Event) {
    if event.place.kind != ChatKind::Group {
        return;
    }
    let called = command::of(turn.context.bot, &event.happening);
    let addressed = called.is_some() || replies_to_bot(&event.happening);
    let pressed = matches!(event.happening, Happening::Pressed { .. });
    if turn.context.in_group {
        if addressed || pressed {
            turn.refuse(event, GroupSay::UseOwnAccount.into());
        }
    } else if pressed {
        turn.refuse(event, GroupSay::UseOwnAccount.into());
    } else if called.is_some_and(|(command, _)| command == Command::Here)
        && turn.context.stranger_line_free
    {
        turn.reply(GroupSay::UseOwnAccount.into());
        turn.push(Effect::CountStranger(event.place.chat));
    }
}

/// Whether a message replies to one of the bot's.
pub(super) fn replies_to_bot(happening: &Happening) -> bool {
    match happening {
        Happening::Text { reply_to, .. } | Happening::Media { reply_to, .. } => {
            reply_to.as_ref().is_some_and(|reply| reply.from_bot)
        }
        Happening::Edited { .. }
        | Happening::Pressed { .. }
        | Happening::BotMembership { .. }
        | Happening::MigratedTo(_)
        | Happening::MigratedFrom(_)
        | Happening::TopicClosed
        | Happening::MembersChanged
        | Happening::Nothing => false,
    }
}

/// Foreign, old, cut or forged button data: an alert, nothing changes.
pub fn on_unknown_press(turn: &mut Turn<'_, '_>) {
    turn.push(Effect::alert(GroupSay::OldButton.into()));
}

/// Says that a right is missing.
pub(super) fn refuse(turn: &mut Turn<'_, '_>, event: &Event, why: Why) {
    turn.refuse(event, GroupSay::Refused(why).into());
}

/// Something addressed to the bot by a bound person in a group that is not the task force's.
pub(super) fn in_foreign_group(turn: &mut Turn<'_, '_>, event: &Event) {
    let may_bind = turn.context.may(&Right::BindGroup) == Access::Allowed;
    turn.refuse(event, GroupSay::NotTheGroup { may_bind }.into());
}

/// `/here`: this group or topic is where the task force works. The right was checked.
pub fn here(turn: &mut Turn<'_, '_>, event: &Event) {
    let place = &event.place;
    match turn.context.standing.group.clone() {
        Some(group) if group.usable && is_there(&group, place) => {
            turn.reply(GroupSay::BoundAlready.into());
        }
        Some(group) if group.usable && group.chat != place.chat => {
            turn.reply(GroupSay::MoveAsked.into());
        }
        Some(_) | None => bind(turn, event),
    }
}

fn is_there(group: &Group, place: &Place) -> bool {
    group.chat == place.chat && group.thread == place.thread
}

fn bind(turn: &mut Turn<'_, '_>, event: &Event) {
    let Some(own) = turn.context.person.cloned() else {
        return;
    };
    let (chat, thread) = (event.place.chat, event.place.thread);
    let before = turn.context.standing.group.as_ref();
    let moved = before.is_some_and(|group| group.chat != chat || group.thread != thread);
    turn.push(Effect::Append(Act::GroupBound { chat, thread }));
    turn.show(
        event,
        GroupSay::Bound {
            topic: thread.is_some(),
        }
        .into(),
    );
    turn.push(Effect::RefreshStatus);
    if moved {
        people::tell_office_but(turn, &own, GroupSay::MovedBy(own.clone()).into());
    }
}

/// The bot was added to a group, or its rights there changed.
fn added(turn: &mut Turn<'_, '_>, event: &Event) {
    let chat = event.place.chat;
    let group = turn.context.standing.group.clone();
    let ours = group.as_ref().filter(|group| group.chat == chat);
    match ours {
        // Rights changed in our own group: nothing to say.
        Some(group) if group.usable => return,
        // Back in our own group, whoever let it in.
        Some(group) => {
            let thread = group.thread;
            let act = Act::GroupBound { chat, thread };
            turn.push(Effect::AppendAs(Actor::Bot, act));
            let topic = thread.is_some();
            turn.push(Effect::Tell {
                to: Whom::Group,
                say: GroupSay::Bound { topic }.into(),
                manner: Manner::unasked(),
            });
            return turn.push(Effect::RefreshStatus);
        }
        None => {}
    }
    if turn.context.may(&Right::BindGroup) == Access::Allowed {
        match group.filter(|group| group.usable) {
            None => return bind(turn, event),
            Some(_) => {
                turn.tell_here(GroupSay::MoveAsked.into());
                return turn.push(Effect::NoteForeignGroup(chat));
            }
        }
    }
    foreign(turn, event);
}

/// A group nobody of the office has confirmed: one polite line; the shell leaves it after 24 hours.
fn foreign(turn: &mut Turn<'_, '_>, event: &Event) {
    turn.push(Effect::NoteForeignGroup(event.place.chat));
    if turn.context.stranger_line_free {
        turn.tell_here(GroupSay::Foreign.into());
        if let Sender::Account(account) = &event.sender {
            turn.push(Effect::CountStranger(account.user_id));
        }
    }
}

fn lost(turn: &mut Turn<'_, '_>, chat: i64) {
    let group = turn.context.standing.group.as_ref();
    let finished = turn.context.standing.finished.is_some();
    if !finished && group.is_some_and(|group| group.chat == chat && group.usable) {
        let act = Act::GroupLost { chat };
        turn.push(Effect::AppendAs(Actor::Bot, act));
        tell_office(turn, GroupSay::Lost);
    }
}

/// Both chats report a migration, in any order: the second finds nothing left to do.
fn migrated(turn: &mut Turn<'_, '_>, from: i64, to: i64) {
    let group = turn.context.standing.group.as_ref();
    if group.is_some_and(|group| group.chat == from) && from != to {
        let act = Act::GroupMigrated { from, to };
        turn.push(Effect::AppendAs(Actor::Bot, act));
        turn.push(Effect::RefreshStatus);
    }
}

fn topic_lost(turn: &mut Turn<'_, '_>, place: &Place) {
    let group = turn.context.standing.group.as_ref();
    let ours = group.is_some_and(|group| group.thread.is_some() && is_there(group, place));
    if ours {
        let act = Act::TopicLost { chat: place.chat };
        turn.push(Effect::AppendAs(Actor::Bot, act));
        tell_office(turn, GroupSay::TopicLost);
        turn.push(Effect::RefreshStatus);
    }
}

fn tell_office(turn: &mut Turn<'_, '_>, say: GroupSay) {
    turn.push(Effect::Tell {
        to: Whom::Office,
        say: say.into(),
        manner: Manner::unasked(),
    });
}

/// 迁到本群, its confirmation, and 不迁. The right was checked.
pub(super) fn on_move(turn: &mut Turn<'_, '_>, event: &Event, answer: office::MoveAnswer) {
    if event.place.kind != ChatKind::Group {
        return on_unknown_press(turn);
    }
    let standing = turn.context.standing;
    let group = standing.group.clone();
    if group.is_some_and(|group| group.usable && group.chat == event.place.chat) {
        let decided = standing.decided.get(&Decision::Group).cloned();
        return turn.push(Effect::alert(GroupSay::DecidedBefore(decided).into()));
    }
    match answer {
        office::MoveAnswer::Yes => turn.show(event, GroupSay::MoveSure.into()),
        office::MoveAnswer::Sure => bind(turn, event),
        office::MoveAnswer::No => turn.show(event, GroupSay::Stays.into()),
    }
}

/// Whether a press belongs to a group that is not (yet) the task force's.
pub(super) fn works_in_foreign_group(press: &Press) -> bool {
    matches!(press, Press::Move(_))
}

#[cfg(test)]
mod tests;
