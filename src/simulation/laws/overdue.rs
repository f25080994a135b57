//! The law of overdue tasks: each reaches its lead unit on the day its ladder says, and in time the office.
//!
//! In the slot of every working day we say for ourselves which overdue tasks must be told today, and to whom; at the end of work
//! we look whether they were. A day counts only when the bot was up and Telegram could be reached all the while: what such a day
//! misses must be made up for on the next, so nothing is forgiven for good.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Held, Laws, must};
use crate::calendar;
use crate::ledger::{
    Act, Frame, LedgerEntry, Light, Phase, ReportingPeriod, SlipColour, TaskView, light_of,
};
use crate::plan::{PersonId, Role, TaskId};
use crate::schedule::{Notice, NoticeKind};
use crate::simulation::wire::Arrived;

const UNIT: &str = "every overdue task reaches its lead unit";
const OFFICE: &str = "every overdue task reaches the office in time";

/// An overdue task answered with a dated next step is asked again at the latest after so many working days.
const NEXT_STEP_LIMIT: i64 = 10;

/// What was missed longer ago than this is not made up for.
const LOOK_BACK: TimeDelta = TimeDelta::days(38);

/// Somebody was told of a task.
struct Told {
    chat: i64,
    queued_at: DateTime<Utc>,
    keys: Vec<String>,
}

/// What must be told today.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Duty {
    task: TaskId,
    person: PersonId,
    /// Where it must arrive: in private, or in the group when the person cannot be reached there.
    chat: i64,
    /// The slot from which on it counts.
    since: DateTime<Utc>,
    /// Ends the key of a notice that served this occasion ahead of time.
    occasion: String,
    due: NaiveDate,
    /// Red tasks of the person may keep what pings the week has left: it may wait for a card that sounds, which has everything
    /// inside.
    waits: bool,
}

/// What is known of overdue tasks.
#[derive(Default)]
pub(super) struct Overdue {
    told: BTreeMap<TaskId, Vec<Told>>,
    /// When the last card that sounds was made for each private chat.
    sounded: BTreeMap<i64, DateTime<Utc>>,
    /// Lists of slips the office got, by person's chat.
    drafts: BTreeMap<i64, BTreeSet<u64>>,
    /// When the terms of a task were settled or changed last.
    settled: BTreeMap<TaskId, DateTime<Utc>>,
    /// The morning's duties: the day, and what must be told on it.
    today: Option<(NaiveDate, Vec<Duty>)>,
    /// Slips the office must have heard of by the end of the day.
    slips: Vec<(u64, i64)>,
    disturbed_until: Option<DateTime<Utc>>,
    /// The last day whose end was looked at.
    closed: Option<NaiveDate>,
    /// Duties that were held, for whoever doubts that there are any.
    pub held: u64,
}

impl Laws {
    /// The bot was down, or Telegram was, or the clock went astray: until then nothing is expected of it.
    pub fn disturbed(&mut self, until: DateTime<Utc>) {
        let known = self.overdue.disturbed_until;
        self.overdue.disturbed_until = known.max(Some(until));
        self.overdue.today = None;
        self.overdue.slips.clear();
    }

    pub(super) fn note_terms(&mut self, entry: &LedgerEntry) {
        if let Act::TermsSettled { task, doubt, .. } = &entry.act {
            let of_doubt = doubt.iter().filter_map(|doubt| {
                let frame = self.frame()?;
                let tasks = frame.plan.tasks.iter();
                let about =
                    |task: &TaskId| frame.plan.doubts_about(task).any(|one| one.id == *doubt);
                let found: Vec<TaskId> = tasks.map(|task| task.id.clone()).filter(about).collect();
                Some(found)
            });
            let tasks: Vec<TaskId> = of_doubt.flatten().chain(task.clone()).collect();
            for task in tasks {
                self.overdue.settled.insert(task, entry.at);
            }
        }
    }

    /// Notes whom a message told of what.
    pub(super) fn note_told(&mut self, arrived: &Arrived) {
        let message = &arrived.row.message;
        let notice = message.notice.as_deref();
        let Some(notice) = notice.and_then(|text| serde_json::from_str::<Notice>(text).ok()) else {
            return;
        };
        if let NoticeKind::SlipDrafts(slips) = &notice.kind {
            let known = self.overdue.drafts.entry(arrived.chat).or_default();
            known.extend(slips.iter().copied());
        }
        if notice.kind == NoticeKind::Card && !notice.pings.is_empty() {
            let made_at = arrived.row.created_at;
            self.overdue.sounded.insert(arrived.chat, made_at);
        }
        for item in &notice.items {
            let told = self.overdue.told.entry(item.task.clone()).or_default();
            told.retain(|old| arrived.at - old.queued_at < LOOK_BACK);
            told.push(Told {
                chat: arrived.chat,
                queued_at: arrived.row.created_at,
                keys: message.keys.clone(),
            });
        }
    }

    /// In the slot says what must be told today, and after work looks whether it was.
    pub(super) fn hold_overdue(&mut self, now: DateTime<Utc>) -> Held {
        let adopted = self
            .standing
            .adoption
            .and_then(|hash| self.frames.get(&hash));
        let Some(adopted) = adopted else {
            return Ok(());
        };
        let today = calendar::date_of(now);
        let slot = calendar::instant(today, adopted.settings.slot);
        let known = self.overdue.today.as_ref().map(|(day, _)| *day);
        if known.is_some_and(|day| day < today || now >= adopted.calendar.end_of_work(day)) {
            return self
                .frame()
                .map_or(Ok(()), |frame| self.close_day(&frame, now));
        }
        let fresh = known != Some(today) && self.overdue.closed != Some(today);
        let in_time = slot - TimeDelta::seconds(2) <= now && now <= slot;
        let calm = self.overdue.disturbed_until.is_none_or(|until| until < now);
        let works = adopted.calendar.is_working_day(today);
        if fresh
            && in_time
            && calm
            && works
            && let Some(frame) = self.frame()
        {
            let duties = self.duties(&frame, slot, false);
            self.overdue.slips = self.slips_due(&frame, slot);
            self.overdue.today = Some((today, duties));
        }
        Ok(())
    }

    fn close_day(&mut self, frame: &Frame, now: DateTime<Utc>) -> Held {
        let Some((day, duties)) = self.overdue.today.take() else {
            return Ok(());
        };
        self.overdue.closed = Some(day);
        let slips = std::mem::take(&mut self.overdue.slips);
        // Somebody looks at the end of that day; what is known only since then excuses nothing.
        if now - frame.calendar.end_of_work(day) > TimeDelta::hours(12)
            || !self.standing.may_send_unasked()
        {
            return Ok(());
        }
        let slot = calendar::instant(day, frame.settings.slot);
        let still = self.duties(frame, slot, true);
        for duty in duties {
            let sounded = self.overdue.sounded.get(&duty.chat);
            let waits = duty.waits && sounded.is_none_or(|at| *at < slot);
            if waits || !still.contains(&duty) {
                continue;
            }
            self.overdue.held += 1;
            must(self.was_told(&duty), UNIT, || {
                format!("nothing on {day}: {duty:?}")
            })?;
        }
        for (slip, chat) in slips {
            let open = self.standing.slips.get(&slip);
            let open = open.is_some_and(crate::ledger::Slip::is_undecided);
            let heard = self.overdue.drafts.get(&chat);
            let heard = heard.is_some_and(|heard| heard.contains(&slip));
            self.overdue.held += 1;
            must(
                !open || heard || !self.is_reachable_chat(chat),
                OFFICE,
                || format!("slip {slip} to {chat} by the end of {day}"),
            )?;
        }
        self.hold_drafted(frame, day)
    }

    /// Whatever stayed overdue and unanswered on a calm day has a red slip, open or decided.
    fn hold_drafted(&self, frame: &Frame, day: NaiveDate) -> Held {
        let slot = calendar::instant(day, frame.settings.slot);
        for view in frame.asked_views(&self.standing, day) {
            let Some((_, occasion)) = self.occasion(frame, &view, slot) else {
                continue;
            };
            let person = view.filer(frame);
            let bound = person.is_some_and(|person| {
                self.standing.bindings.contains_key(person) && is_asked(frame, person)
            });
            if !bound || !view.open_doubts.is_empty() || occasion.starts_with("next/") {
                continue;
            }
            let slips = self.standing.task_state(&view.task.id).slips.iter();
            let mut slips = slips.filter_map(|seq| self.standing.slips.get(seq));
            let drafted = slips.any(|slip| slip.colour == SlipColour::Red && slip.due == view.due);
            must(drafted, OFFICE, || {
                format!("no slip on {} by {day}, due {:?}", view.task.id, view.due)
            })?;
        }
        Ok(())
    }

    /// Overdue tasks that must be told today, as the ledger stands. When the day is over a ping has been used for what waited.
    fn duties(&self, frame: &Frame, slot: DateTime<Utc>, is_over: bool) -> Vec<Duty> {
        let day = calendar::date_of(slot);
        if !self.standing.may_send_unasked() || self.standing.live_since.is_none_or(|at| at > slot)
        {
            return Vec::new();
        }
        let views = frame.asked_views(&self.standing, day);
        let duty = |view: &TaskView<'_>| {
            let (since, occasion) = self.occasion(frame, view, slot)?;
            let person = view.filer(frame).filter(|person| is_asked(frame, person))?;
            let snoozed = self.standing.snoozed.get(person);
            if snoozed.is_some_and(|until| slot < *until) {
                return None;
            }
            let binding = self.standing.bindings.get(person)?;
            let account = binding.account.user_id;
            let in_private = binding.reachable && self.is_reachable_chat(account);
            let chat = match in_private {
                true => account,
                false => {
                    self.standing
                        .group
                        .as_ref()
                        .filter(|group| group.usable)?
                        .chat
                }
            };
            let own = views.iter();
            let own: Vec<_> = own.filter(|one| one.filer(frame) == Some(person)).collect();
            let red =
                |view: &TaskView<'_>| light_of(frame, &self.standing, view, slot).0 == Light::Red;
            let last = !red(view) && own.iter().any(|one| red(one));
            let room = |last| self.has_room(frame, account, &own, (day, last));
            let waits = !room(last);
            (!waits || is_over || room(false)).then(|| Duty {
                task: view.task.id.clone(),
                person: person.clone(),
                chat,
                since,
                occasion,
                due: view.due.unwrap_or(day),
                waits,
            })
        };
        let duties = views.iter().filter_map(duty);
        duties.filter(|duty| !self.was_told(duty)).collect()
    }

    /// The newest occasion by this slot on which an overdue task must be told: from when on, and how its key ends.
    fn occasion(
        &self,
        frame: &Frame,
        view: &TaskView<'_>,
        slot: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, String)> {
        let (calendar, day) = (&frame.calendar, calendar::date_of(slot));
        let due = view.due.filter(|due| *due < day)?;
        if view.phase != Phase::Open || view.is_quiet() {
            return None;
        }
        let at_slot = |day: NaiveDate| calendar::instant(day, frame.settings.slot);
        let settled = self.overdue.settled.get(&view.task.id).copied();
        let since = view
            .asked_since?
            .max(self.standing.adopted_at.unwrap_or_default());
        let since = since.max(settled.unwrap_or_default()).max(slot - LOOK_BACK);
        if let Some(filed) = view.last_report() {
            let answered = calendar::date_of(filed.at);
            let promised = filed.report.next_date.filter(|_| due < answered);
            if let Some(promised) = promised {
                let next = calendar.on_or_after(promised.max(answered.succ_opt()?));
                let next = next.min(calendar.add_working_days(answered, NEXT_STEP_LIMIT));
                let come = next <= day && since <= at_slot(next);
                return come.then(|| (at_slot(next), format!("next/{}", filed.seq)));
            }
        }
        let every = i64::from(frame.settings.ladder.overdue_every.max(1));
        let times = calendar.working_days_between(due, day) / every;
        let rung = calendar.add_working_days(due, every * times);
        if times < 1 || at_slot(rung) < since {
            return None;
        }
        // Whoever answered since the rung before it, or in the period, was heard.
        let before = match times {
            1 => calendar.on_or_before(due),
            more => calendar.add_working_days(due, every * (more - 1)),
        };
        let period = ReportingPeriod::of(view.task.rhythm, rung, &frame.settings, calendar);
        let heard = view
            .heard_at()
            .is_some_and(|at| at >= at_slot(before) || calendar::date_of(at) >= period.first);
        let heard = heard || view.answered_in(&period.id).is_some();
        (!heard).then(|| (at_slot(rung), format!("{}:{due}/+{times}", view.task.id)))
    }

    fn was_told(&self, duty: &Duty) -> bool {
        let told = self.overdue.told.get(&duty.task).into_iter().flatten();
        let group = self.standing.group.as_ref().map(|group| group.chat);
        told.filter(|told| told.chat == duty.chat || Some(told.chat) == group && duty.chat < 0)
            .any(|told| {
                let ahead = told.keys.iter().any(|key| key.ends_with(&duty.occasion));
                told.queued_at >= duty.since || ahead
            })
    }

    /// Whether a person may be pinged in this slot: the caps, less what days of deadlines later in the week need; for what comes
    /// last, less every later day of it, on which something red may need a ping.
    fn has_room(
        &self,
        frame: &Frame,
        account: i64,
        own: &[&TaskView<'_>],
        (day, comes_last): (NaiveDate, bool),
    ) -> bool {
        let monday = calendar::monday_of(day);
        let sunday = monday + TimeDelta::days(6);
        let dues = own.iter().filter_map(|view| view.due);
        let dues: BTreeSet<NaiveDate> = dues.map(|due| frame.calendar.on_or_before(due)).collect();
        let later = day.iter_days().skip(1).take_while(|later| *later <= sunday);
        let later = later.filter(|later| {
            let works = frame.calendar.is_working_day(*later);
            dues.contains(later) || comes_last && works
        });
        let (today, in_week) = self.sends.pinged(account, day);
        let settings = &frame.settings;
        today < usize::from(settings.pings_a_day)
            && in_week + later.count() < usize::from(settings.pings_a_week)
    }

    /// Red drafts nobody of the office decided on, with the chat of everybody who must hear of them today.
    fn slips_due(&self, frame: &Frame, slot: DateTime<Utc>) -> Vec<(u64, i64)> {
        if !self.standing.may_send_unasked() {
            return Vec::new();
        }
        let granted: Vec<PersonId> = self.standing.office_granted.iter().cloned().collect();
        let bindings = self.standing.bindings.iter();
        let office = bindings.filter(|(person, binding)| {
            binding.reachable && frame.plan.is_office(person, &granted)
        });
        let office: Vec<i64> = office.map(|(_, binding)| binding.account.user_id).collect();
        let slips = self.standing.slips.values();
        let open = slips.filter(|slip| {
            let recent = slip.at < slot && slot - slip.at < LOOK_BACK;
            let over = frame.slip_over(&self.standing, slip, calendar::date_of(slot));
            slip.colour == SlipColour::Red && slip.is_undecided() && recent && over.is_none()
        });
        let pairs = open.flat_map(|slip| office.iter().map(|chat| (slip.seq, *chat)));
        let fresh = pairs.filter(|(slip, chat)| {
            let heard = self.overdue.drafts.get(chat);
            !heard.is_some_and(|heard| heard.contains(slip))
        });
        fresh.collect()
    }

    /// Whether a private chat works, as Telegram knows before the bot does.
    fn is_reachable_chat(&self, chat: i64) -> bool {
        !self.blocked.contains(&chat)
    }
}

fn is_asked(frame: &Frame, person: &PersonId) -> bool {
    let member = frame.plan.member(person);
    member.is_some_and(|member| match member.role {
        Role::Member | Role::Liaison => true,
        Role::Leader | Role::DeputyLeader => false,
    })
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;
    use crate::simulation::setting::Setting;

    #[test]
    fn what_comes_last_leaves_the_week_to_what_is_red() {
        let setting = Setting::draw(&mut Rng::with_seed(1), 8, 60);
        let [(_, text)] = setting.adoptions().try_into().unwrap();
        let mut frame = Frame::read(&text).unwrap();
        (frame.settings.pings_a_day, frame.settings.pings_a_week) = (1, 2);
        let laws = Laws::new(&setting, None);
        let room = |day: &str, comes_last| {
            let day = day.parse().unwrap();
            laws.has_room(&frame, 7, &[], (day, comes_last))
        };
        assert!(room("2027-06-07", false), "a Monday");
        assert!(!room("2027-06-07", true));
        assert!(room("2027-06-10", true), "one day is left");
        assert!(room("2027-06-11", true));
    }
}
