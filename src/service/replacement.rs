//! Rows that take another row's place: a notice that shrank, an edit whose message is gone, a group that moved.

use super::Call;
use chrono::{DateTime, Utc};

use super::calls::{body_of, calls_of};
use crate::calendar::{self, Calendar};
use crate::conversation::Manner;
use crate::ledger::Group;
use crate::render::Message;
use crate::schedule::{Notice, NoticeKind, NoticeTo};
use crate::store::{NewOutgoing, OutboxRow, OutgoingKind, PARTS};

/// The row with what is left of its notice.
pub(super) fn replaced(row: &OutboxRow, notice: &Notice, message: Message) -> NewOutgoing {
    let manner = Manner {
        silent: notice.silent,
        ..Manner::default()
    };
    let call = calls_of(message, manner, None)
        .into_iter()
        .next()
        .expect("a message has at least one part");
    let private = matches!(notice.to, NoticeTo::Person(_)) || notice.kind == NoticeKind::Card;
    let pings = row
        .message
        .pings
        .iter()
        .filter(|(person, _)| private || notice.pings.contains(person))
        .cloned();
    NewOutgoing {
        body: body_of(&call),
        about: notice
            .items
            .iter()
            .map(|item| item.task.as_str())
            .collect::<Vec<_>>()
            .join(","),
        notice: Some(json_of(notice)),
        keys: notice.keys.iter().map(|key| key.0.clone()).collect(),
        pings: pings.collect(),
        ..row.message.clone()
    }
}

/// A notice as a row carries it.
pub(super) fn json_of(notice: &Notice) -> String {
    serde_json::to_string(notice).expect("a notice holds only texts and dates")
}

/// The slot of the parts behind the first of what is named so.
pub(super) fn parts_of(slot: &str) -> String {
    format!("{slot}{PARTS}")
}

/// The same row, for the next working instant.
pub(super) fn waiting_on(row: &OutboxRow, calendar: &Calendar, now: DateTime<Utc>) -> NewOutgoing {
    let not_before = calendar.next_working_instant(now);
    NewOutgoing {
        not_before,
        not_after: Some(calendar.end_of_work(calendar::date_of(not_before))),
        ..row.message.clone()
    }
}

/// What was to be an edit, as a new message.
pub(super) fn sent_anew(row: &OutboxRow, message: Message) -> NewOutgoing {
    let call = Call::Send {
        message,
        silent: true,
        reply_to: None,
        force_reply: false,
    };
    NewOutgoing {
        body: body_of(&call),
        ..row.message.clone()
    }
}

/// What was meant for the task force's group goes where the group is now; answers stay where they were asked.
pub(super) fn after_move(row: &OutboxRow, group: Option<&Group>) -> Option<NewOutgoing> {
    let group = group.filter(|group| group.usable)?;
    let message = &row.message;
    let of_group = match message.kind {
        OutgoingKind::Answer | OutgoingKind::Document => false,
        OutgoingKind::Reminder
        | OutgoingKind::Line
        | OutgoingKind::Digest
        | OutgoingKind::Status => message.chat < 0,
    };
    (of_group && message.chat != group.chat).then(|| NewOutgoing {
        chat: group.chat,
        thread: group.thread,
        ..message.clone()
    })
}
