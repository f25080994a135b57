//! The laws of what is sent unasked: nothing in quiet hours, to nobody too often, and of nothing that is done with.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Held, Laws, must};
use crate::calendar;
use crate::ledger::{Frame, Phase};
use crate::schedule::{Notice, NoticeKind, Why};
use crate::simulation::wire::Sent;
use crate::store::{OutboxRow, OutgoingKind};

/// A message within this time after the person's own act is an answer, not a ping.
const ASKED_FOR: TimeDelta = TimeDelta::minutes(10);

/// What was sent so far.
#[derive(Default)]
pub(super) struct Sends {
    /// When each account acted, newest last.
    acted: BTreeMap<i64, Vec<Acted>>,
    /// Whether somebody did something that was not worked off when we looked last.
    pub(super) is_behind: bool,
    /// Rows that were a ping, by account and local day.
    pings: BTreeMap<(i64, NaiveDate), Vec<i64>>,
}

/// Somebody did something.
struct Acted {
    at: DateTime<Utc>,
    /// In the group, of which a story has one, whatever its number; else in private.
    in_group: bool,
    /// When the program had worked it off.
    heard_at: Option<DateTime<Utc>>,
}

impl Laws {
    /// Somebody did something in a chat with the bot.
    pub fn acted(&mut self, user: i64, chat: i64, at: DateTime<Utc>) {
        let acted = Acted {
            at,
            in_group: chat < 0,
            heard_at: None,
        };
        self.sends.is_behind = true;
        self.sends.acted.entry(user).or_default().push(acted);
    }

    /// Everything people did by now was worked off.
    pub(super) fn heard_everything(&mut self, now: DateTime<Utc>) {
        self.sends.is_behind = false;
        for acted in self.sends.acted.values_mut().flatten() {
            acted.heard_at.get_or_insert(now);
        }
    }

    pub(super) fn hold_send(&mut self, sent: &Sent) -> Held {
        let (Some(row), Some(frame)) = (&sent.row, self.frame()) else {
            return Ok(());
        };
        // A document is asked for in the chat it comes to; one that nobody there asked for is held like everything else.
        let is_asked = match row.message.kind {
            OutgoingKind::Answer => true,
            OutgoingKind::Document => {
                let made = (row.message.kind, row.created_at);
                self.sends.asked_for(sent.chat, made)
            }
            OutgoingKind::Reminder
            | OutgoingKind::Digest
            | OutgoingKind::Slip
            | OutgoingKind::Status
            | OutgoingKind::Line => false,
        };
        // What nobody knew the outcome of is sent again by the office's tap.
        let is_sent_again = row.maybe_sent && !row.message.kind.is_sent_again();
        if !is_asked && !is_sent_again {
            must(
                frame.calendar.in_working_hours(sent.at),
                "nothing unasked leaves in quiet hours",
                || format!("{} row {row:?}", calendar::local(sent.at)),
            )?;
        }
        self.hold_notice(sent, row, &frame)?;
        self.hold_burden(sent, row, &frame)
    }

    /// A card or a post speaks of nothing that is closed, frozen or answered.
    fn hold_notice(&self, sent: &Sent, row: &OutboxRow, frame: &Frame) -> Held {
        let notice = row.message.notice.as_deref();
        let notice: Option<Notice> = notice.and_then(|notice| serde_json::from_str(notice).ok());
        let kinds = |kind: &NoticeKind| matches!(kind, NoticeKind::Card | NoticeKind::GroupPost);
        let Some(notice) = notice.filter(|notice| kinds(&notice.kind)) else {
            return Ok(());
        };
        let law = "nothing goes to closed, frozen or answered tasks";
        for item in &notice.items {
            let today = calendar::date_of(sent.at);
            let Some(view) = frame.task_view(&self.standing, &item.task, today) else {
                return must(false, law, || {
                    format!("{} is no task: {notice:?}", item.task)
                });
            };
            let asked = matches!(view.phase, Phase::Open | Phase::Baseline(_));
            must(asked, law, || {
                format!("{} is {:?}: {notice:?}", item.task, view.phase)
            })?;
            let ladder = matches!(
                item.why,
                Why::Rung { .. }
                    | Why::Overdue { .. }
                    | Why::Opens(_)
                    | Why::Ping(_)
                    | Why::LastPing(_)
                    | Why::Baseline(_)
            );
            let report = view.last_report();
            let answered = report.is_some_and(|filed| filed.at > row.created_at);
            must(!ladder || !answered, law, || {
                let at = report.map(|filed| filed.at);
                format!(
                    "{} was answered at {at:?}, queued at {}: {notice:?}",
                    item.task, row.created_at
                )
            })?;
        }
        Ok(())
    }

    /// At most so many pings a person a day and a week, over all kinds together.
    fn hold_burden(&mut self, sent: &Sent, row: &OutboxRow, frame: &Frame) -> Held {
        // What answers somebody in the group sounds for the others too; it is asked for all the same.
        let in_group = sent.chat < 0;
        let is_answer = row.message.kind == OutgoingKind::Answer;
        // A card that comes back when its reader asked for it, with nothing else on it, was asked for.
        let message = &row.message;
        let put_off = message.keys.iter().any(|key| key.starts_with("put-off:"));
        let comes_back = put_off && message.pings.is_empty();
        if !sent.sounds || row.maybe_sent || comes_back || (in_group && is_answer) {
            return Ok(());
        }
        let accounts: Vec<i64> = match in_group {
            false => vec![sent.chat],
            true => {
                let bound = self.standing.bindings.values();
                bound.map(|binding| binding.account.user_id).collect()
            }
        };
        let day = calendar::date_of(sent.at);
        let monday = calendar::monday_of(day);
        for account in accounts {
            if self
                .sends
                .asked_for(account, (row.message.kind, row.created_at))
            {
                continue;
            }
            let rows = self.sends.pings.entry((account, day)).or_default();
            if !rows.contains(&row.id) {
                rows.push(row.id);
            }
            let (on_day, in_week) = self.sends.pinged(account, day);
            let (a_day, a_week) = (frame.settings.pings_a_day, frame.settings.pings_a_week);
            let fits = on_day <= usize::from(a_day) && in_week <= usize::from(a_week);
            must(fits, "the burden cap holds", || {
                let all = self.sends.pings.range((account, monday)..=(account, day));
                let all: Vec<_> = all.collect();
                format!(
                    "{account}: {on_day} on {day} (at most {a_day}), {in_week} in the week (at most {a_week}), rows {all:?}: {row:?}"
                )
            })?;
        }
        Ok(())
    }
}

impl Sends {
    /// Pings a person had on a day, and in the week of that day.
    pub(super) fn pinged(&self, account: i64, day: NaiveDate) -> (usize, usize) {
        let monday = calendar::monday_of(day);
        let week = (account, monday)..(account, monday + TimeDelta::days(7));
        let in_week = self.pings.range(week).map(|(_, rows)| rows.len()).sum();
        let today = self.pings.get(&(account, day)).map_or(0, Vec::len);
        (today, in_week)
    }

    /// Whether the person of a private chat did something anywhere, or anybody in the group, shortly before a row was made; of what
    /// answers, shortly before the program heard of it, which may have been down meanwhile.
    fn asked_for(&self, chat: i64, (kind, made_at): (OutgoingKind, DateTime<Utc>)) -> bool {
        let answers = match kind {
            OutgoingKind::Answer | OutgoingKind::Document => true,
            OutgoingKind::Reminder
            | OutgoingKind::Digest
            | OutgoingKind::Slip
            | OutgoingKind::Status
            | OutgoingKind::Line => false,
        };
        let near = |acted: &Acted| {
            let heard_at = acted.heard_at.unwrap_or(made_at).max(acted.at);
            let from = if answers { heard_at } else { acted.at };
            acted.at <= made_at && made_at - from < ASKED_FOR
        };
        let in_group = chat < 0;
        let all = self.acted.iter();
        let there = all.filter(|(account, _)| in_group || **account == chat);
        let mut there = there.flat_map(|(_, acted)| acted.iter().rev());
        there.any(|acted| (acted.in_group || !in_group) && near(acted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: i64 = 7;
    const GROUP: i64 = -5;

    #[test]
    fn a_document_in_the_group_is_asked_for_in_the_group() {
        let minute = |n| DateTime::UNIX_EPOCH + TimeDelta::minutes(n);
        let acted = |chat: i64| {
            let acted = Acted {
                at: minute(0),
                in_group: chat < 0,
                heard_at: None,
            };
            Sends {
                acted: BTreeMap::from([(SOMEBODY, vec![acted])]),
                ..Sends::default()
            }
        };
        let made = (OutgoingKind::Document, minute(1));
        assert!(acted(GROUP).asked_for(GROUP, made));
        assert!(!acted(SOMEBODY).asked_for(GROUP, made), "asked in private");
        assert!(acted(SOMEBODY).asked_for(SOMEBODY, made));
        // Whoever acts in the group is there, and is not startled by what sounds in private.
        assert!(acted(GROUP).asked_for(SOMEBODY, made));
        assert!(!acted(SOMEBODY).asked_for(SOMEBODY + 1, made));
    }
}
