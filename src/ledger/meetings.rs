//! Meetings (会议): who is called, when they are reminded, when the decisions are asked for.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::assigned::{Assignee, Meeting, Origin};
use super::entry::{Act, Actor, LedgerEntry};
use super::frame::Frame;
use super::receipts::people_of;
use super::roster::People;
use super::standing::Standing;
use crate::calendar::{self, Calendar};
use crate::plan::{PersonId, Plan, TaskId};

/// So long after its beginning a meeting's decisions are asked for.
const LASTS: TimeDelta = TimeDelta::hours(2);

/// A meeting with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CalledMeeting {
    /// Seq of the entry.
    pub seq: u64,
    /// When it was called.
    pub at: DateTime<Utc>,
    /// Who called it.
    pub by: Actor,
    /// What, when and for whom.
    pub meeting: Arc<Meeting>,
    /// How it ended.
    pub ended: Option<MeetingEnd>,
}

/// The end of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// Who said so.
    pub by: Actor,
    /// True where it did not take place; else its decisions are taken.
    pub called_off: bool,
}

/// The day of a meeting, and its time where one was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeetingTime {
    /// Day.
    pub on: NaiveDate,
    /// Time of day.
    pub at: Option<NaiveTime>,
}

/// Somebody who is told of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guest {
    /// Who is told.
    pub person: PersonId,
    /// Whose place they take, where that one is away.
    pub instead_of: Option<PersonId>,
}

impl Meeting {
    /// Its day and time.
    pub fn time(&self) -> MeetingTime {
        MeetingTime {
            on: self.on,
            at: self.at,
        }
    }
}

impl MeetingTime {
    /// When it is too late to remind of it: its beginning, or the end of work on its day where no time was said.
    pub fn begins_at(self, calendar: &Calendar) -> DateTime<Utc> {
        match self.at {
            Some(at) => calendar::instant(self.on, at),
            None => calendar.end_of_work(self.on),
        }
    }

    /// When those called are reminded: in the daily slot of the working day before it, or in the first working moment
    /// after the call where that is later. None: no working moment is left before it begins.
    pub fn reminded_at(self, frame: &Frame, called_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = frame.calendar.on_or_before(self.on.pred_opt()?);
        let slot = calendar::instant(day, frame.settings.slot);
        let at = frame.calendar.next_working_instant(slot.max(called_at));
        (at < self.begins_at(&frame.calendar)).then_some(at)
    }

    /// When its decisions are asked for.
    pub fn decisions_at(self, calendar: &Calendar) -> DateTime<Utc> {
        let begins_at = self.begins_at(calendar);
        calendar.next_working_instant(match self.at {
            Some(_) => begins_at + LASTS,
            None => begins_at,
        })
    }
}

impl CalledMeeting {
    /// Whether it is still to come.
    pub fn is_ahead(&self, calendar: &Calendar, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && now < self.meeting.time().begins_at(calendar)
    }

    /// Whether it has begun and its decisions are not taken.
    pub fn waits_for_decisions(&self, calendar: &Calendar, now: DateTime<Utc>) -> bool {
        self.ended.is_none() && self.meeting.time().begins_at(calendar) <= now
    }

    /// Whether those called were to be reminded by now.
    pub fn was_told(&self, frame: &Frame, now: DateTime<Utc>) -> bool {
        let told_at = self.meeting.time().reminded_at(frame, self.at);
        told_at.is_some_and(|told_at| told_at <= now)
    }

    /// The items that came of it, those taken back left out.
    pub fn items(&self, standing: &Standing) -> Vec<TaskId> {
        let assigned = standing.amendments.assigned.iter();
        let own = assigned.filter(|item| match item.assignment.origin {
            Origin::Meeting { meeting, .. } => meeting == Some(self.seq),
            Origin::Instruction | Origin::Other(_) => false,
        });
        let stands = own.filter(|item| item.revoked.is_none());
        stands.map(super::AssignedItem::task).collect()
    }
}

/// The people on the roster now who are called, each once; nobody named is everybody.
pub fn people_called(plan: &Plan, called: &[Assignee]) -> Vec<PersonId> {
    if called.is_empty() {
        return plan.members.iter().map(|it| it.id.clone()).collect();
    }
    let mut people = Vec::new();
    for member in called.iter().flat_map(|one| people_of(plan, one)) {
        if !people.contains(&member.id) {
            people.push(member.id.clone());
        }
    }
    people
}

/// Who is told of a meeting on that day: those called, and in the place of one who is away their stand-in, if there is one.
pub fn guests(plan: &Plan, people: &People, on: NaiveDate, called: &[Assignee]) -> Vec<Guest> {
    let called = people_called(plan, called).into_iter();
    let guests = called.filter_map(|person| match people.away_on(&person, on) {
        None => Some(Guest {
            person,
            instead_of: None,
        }),
        Some(away) => Some(Guest {
            person: plan.current_person(away.stand_in.as_ref()?).clone(),
            instead_of: Some(person),
        }),
    });
    guests.collect()
}

impl Standing {
    /// The meeting of this seq.
    pub fn meeting(&self, seq: u64) -> Option<&CalledMeeting> {
        let at = self.meetings.binary_search_by_key(&seq, |one| one.seq);
        at.ok().map(|at| &self.meetings[at])
    }

    pub(super) fn call_meeting(&mut self, entry: &LedgerEntry, meeting: &Arc<Meeting>) {
        self.meetings.push(CalledMeeting {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            meeting: meeting.clone(),
            ended: None,
        });
    }

    pub(super) fn end_meeting(&mut self, entry: &LedgerEntry) {
        let Act::MeetingEnded {
            meeting,
            called_off,
        } = entry.act
        else {
            return;
        };
        let at = self.meetings.binary_search_by_key(&meeting, |one| one.seq);
        if let Ok(at) = at {
            self.meetings[at].ended = Some(MeetingEnd {
                at: entry.at,
                by: entry.by.clone(),
                called_off,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, at, day, rushan, text};
    use crate::ledger::{Absence, AwayKind};

    fn time(on: &str, hours: Option<u32>) -> MeetingTime {
        MeetingTime {
            on: day(on),
            at: hours.and_then(|hours| NaiveTime::from_hms_opt(hours, 0, 0)),
        }
    }

    fn meeting(called: Vec<Assignee>) -> Act {
        Act::MeetingCalled(Arc::new(Meeting {
            on: day("2026-12-03"),
            at: None,
            place: None,
            topic: text("调度推进会"),
            called,
        }))
    }

    #[test]
    fn the_reminder_is_on_the_working_day_before_or_at_once_when_that_is_past() {
        let of = |time: MeetingTime, called: &str| time.reminded_at(rushan(), at(called));
        let thursday = time("2026-12-03", Some(14));
        let monday = time("2026-12-07", Some(9));
        assert_eq!(
            of(thursday, "2026-11-27 10:00"),
            Some(at("2026-12-02 09:00"))
        );
        assert_eq!(of(monday, "2026-11-27 10:00"), Some(at("2026-12-04 09:00")));
        assert_eq!(
            of(thursday, "2026-12-02 15:00"),
            Some(at("2026-12-02 15:00"))
        );
        assert_eq!(
            of(thursday, "2026-12-02 20:00"),
            Some(at("2026-12-03 08:30"))
        );
        assert_eq!(of(monday, "2026-12-05 10:00"), Some(at("2026-12-07 08:30")));
        let at_once = time("2026-12-07", Some(8));
        assert_eq!(of(at_once, "2026-12-05 10:00"), None);
        assert_eq!(of(time("2026-12-05", None), "2026-12-05 10:00"), None);
    }

    #[test]
    fn decisions_are_asked_for_two_hours_after_the_beginning_in_working_hours() {
        let of = |time: MeetingTime| time.decisions_at(&rushan().calendar);
        assert_eq!(of(time("2026-12-03", Some(14))), at("2026-12-03 16:00"));
        assert_eq!(of(time("2026-12-03", Some(10))), at("2026-12-03 14:00"));
        assert_eq!(of(time("2026-12-04", Some(16))), at("2026-12-07 08:30"));
        assert_eq!(of(time("2026-12-03", None)), at("2026-12-04 08:30"));
    }

    #[test]
    fn a_stand_in_is_told_in_the_place_of_who_is_away_that_day() {
        let mut story = Story::live(rushan());
        let units = vec![
            Assignee::Unit("zjj".into()),
            Assignee::Person("sun-jing".into()),
        ];
        story.by("luan-pin", meeting(units.clone()));
        let away = |until: &str| {
            Act::AwaySet(Absence {
                person: "li-junqing".into(),
                kind: AwayKind::Trip,
                from: day("2026-12-01"),
                until: day(until),
                stand_in: Some("sun-jing".into()),
            })
        };
        let told = |story: &Story<'_>| {
            let standing = story.standing();
            let guests = guests(
                &story.frame.plan,
                &standing.people,
                day("2026-12-03"),
                &units,
            );
            let told = guests.into_iter();
            told.map(|guest| (guest.person.to_string(), guest.instead_of.is_some()))
                .collect::<Vec<_>>()
        };
        let own = |person: &str| (person.to_owned(), false);
        story.by("luan-pin", away("2026-12-02"));
        assert_eq!(told(&story), [own("li-junqing"), own("sun-jing")]);
        story.by("luan-pin", away("2026-12-04"));
        assert_eq!(
            told(&story),
            [("sun-jing".to_owned(), true), own("sun-jing")]
        );
    }

    #[test]
    fn a_meeting_of_the_whole_roster_follows_the_roster() {
        let mut story = Story::live(rushan());
        let seq = story.by("luan-pin", meeting(Vec::new()));
        let all = people_called(&story.frame.plan, &[]);
        assert_eq!(all.len(), story.frame.plan.members.len());
        let off = Act::MeetingEnded {
            meeting: seq,
            called_off: true,
        };
        story.by("zhang-xinlong", off);
        let standing = story.standing();
        let ended = standing
            .meeting(seq)
            .and_then(|meeting| meeting.ended.clone());
        let ended = ended.unwrap();
        assert!(ended.called_off);
        assert_eq!(ended.by, Actor::Person("zhang-xinlong".into()));
    }
}
