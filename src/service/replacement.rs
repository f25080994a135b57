//! Rows that take another row's place: a notice that shrank, an edit whose message is gone, a group that moved.

use super::Call;
use chrono::{DateTime, Duration, Utc};

use super::calls::{body_of, calls_of};
use crate::calendar::{self, Calendar};
use crate::conversation::Manner;
use crate::ledger::Group;
use crate::render::Message;
use crate::schedule::{Notice, NoticeKind, NoticeTo};
use crate::store::{NewOutgoing, OutboxRow, OutgoingKind, PARTS};

/// The row with what is left of its notice `before`. Keys it carries for what was not delivered stay with it.
pub(super) fn replaced(
    row: &OutboxRow,
    before: &Notice,
    notice: &Notice,
    message: Message,
) -> NewOutgoing {
    let carried = row.message.keys.iter();
    let carried = carried.filter(|key| !before.keys.iter().any(|own| own.0 == **key));
    let own = notice.keys.iter().map(|key| &key.0);
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
        keys: own.chain(carried).cloned().collect(),
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

/// Just after the end of work the next working instant is the next morning.
const A_MOMENT: Duration = Duration::seconds(1);

/// The same row, for the next working morning.
pub(super) fn waiting_on(row: &OutboxRow, calendar: &Calendar, now: DateTime<Utc>) -> NewOutgoing {
    let end_of_work = calendar.end_of_work(calendar::date_of(now));
    let begun = calendar.next_working_instant(now) > now;
    let from = if begun {
        now
    } else {
        end_of_work.max(now) + A_MOMENT
    };
    let not_before = calendar.next_working_instant(from);
    NewOutgoing {
        not_before,
        not_after: Some(calendar.end_of_work(calendar::date_of(not_before))),
        ..row.message.clone()
    }
}

/// A list to the office that may not leave now, for the next working morning: who has it already does not get it again.
pub(super) fn list_waiting(
    row: &OutboxRow,
    notice: &Notice,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> NewOutgoing {
    let waiting = waiting_on(row, calendar, now);
    let later = Notice {
        not_after: waiting.not_after.unwrap_or(notice.not_after),
        ..notice.clone()
    };
    NewOutgoing {
        notice: Some(json_of(&later)),
        ..waiting
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
        OutgoingKind::Answer | OutgoingKind::Slip | OutgoingKind::Document => false,
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
