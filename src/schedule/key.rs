//! Keys of notices: unique per task force in the database, so any number of instances may ask what is due.

use chrono::{DateTime, NaiveDate, Utc};

use super::NoticeKey;
use crate::calendar;
use crate::plan::{PersonId, TaskId};

/// Stands before the office's keys where a person's id stands in a card's.
const OFFICE: &str = "office";

/// Before the keys of reminders of meetings.
const MEETING: &str = "meeting";

/// Stands between a key and one of several people; no id holds it.
const ONE_OF: char = '@';

/// To whom a task's keys belong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Recipient<'a> {
    Person(&'a PersonId),
    Office,
}

impl NoticeKey {
    /// One occasion of one task for one recipient. Ids hold no colon, occasions may.
    pub(super) fn of_task(to: Recipient<'_>, task: &TaskId, occasion: &str) -> Self {
        Self(match to {
            Recipient::Person(person) => format!("card:{person}:{task}:{occasion}"),
            Recipient::Office => format!("{OFFICE}:-:{task}:{occasion}"),
        })
    }

    /// The group post of a slot.
    pub(super) fn post(slot_at: DateTime<Utc>) -> Self {
        Self(format!(
            "post:{}",
            calendar::local(slot_at).format("%FT%H:%M")
        ))
    }

    /// The digest of a slot's day.
    pub(super) fn digest(day: NaiveDate) -> Self {
        Self(format!("digest:{day}"))
    }

    /// The offer to finish, before or after the last deadline.
    pub(super) fn finish_offer(last: NaiveDate, after: bool) -> Self {
        let when = if after { "after" } else { "before" };
        Self(format!("finish-offer:{last}:{when}"))
    }

    /// The report to the office of a week.
    pub(super) fn office_report(monday: NaiveDate) -> Self {
        Self(format!("office-report:{monday}"))
    }

    /// A card that comes back after it was put off.
    pub(super) fn put_off(person: &PersonId, until_at: DateTime<Utc>) -> Self {
        Self(format!("put-off:{person}:{}", until_at.timestamp()))
    }

    /// A meeting, to somebody called or to who stands in for them.
    pub(super) fn meeting(seq: u64, called: &PersonId, to: &PersonId) -> Self {
        Self(format!("{MEETING}:{seq}:{called}:{to}"))
    }

    /// A request that waits, to the deputy leader.
    pub(super) fn request(seq: u64, person: &PersonId) -> Self {
        Self(format!("request:{seq}:{person}"))
    }

    /// The news of an outage, by the seq of its entry.
    pub(super) fn outage(seq: u64, to: &str) -> Self {
        Self(format!("outage:{seq}:{to}"))
    }

    /// The news of an outage to the office.
    pub(super) fn outage_to_office(seq: u64) -> Self {
        Self::outage(seq, OFFICE)
    }

    /// The same for one of several people who get what it stands for.
    pub fn for_one(&self, person: &PersonId) -> Self {
        Self(format!("{}{ONE_OF}{person}", self.0))
    }

    /// Whether it is that key, or one of those made of it for each of several people.
    pub fn stands_for(&self, key: &Self) -> bool {
        let rest = self.0.strip_prefix(&key.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(ONE_OF))
    }

    /// The task a card's or a list's key speaks of.
    pub(super) fn task(&self) -> Option<&str> {
        let mut parts = self.0.splitn(4, ':');
        match parts.next() {
            Some("card" | OFFICE) => parts.nth(1),
            Some(_) | None => None,
        }
    }

    /// Whether it is that of something whose day the calendar decides.
    pub(super) fn is_of_a_day(&self) -> bool {
        let kind = self.0.split(':').next();
        self.task().is_some() || kind == Some(MEETING)
    }

    /// The seq of the outage entry it speaks of.
    pub fn outage_seq(&self) -> Option<u64> {
        self.0
            .strip_prefix("outage:")?
            .split(':')
            .next()?
            .parse()
            .ok()
    }
}
