//! The days of a year run through [`due`]: what will be sent, when and to whom, if everybody is silent or punctual.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::{Given, Notice, NoticeKind, NoticeTo, due, next_wakeup, slip_acts};
use crate::calendar;
use crate::ledger::{
    Account, Act, Actor, BaselineAnswer, Binding, ENTRY_VERSION, Frame, Group, Judgement,
    LedgerEntry, MilestoneStage, Phase, ProgressReport, Standing, TaskView, Value,
};
use crate::plan::{Hash, IndicatorKind, PersonId};

/// How far ahead the next sends are looked for.
const HORIZON: TimeDelta = TimeDelta::days(120);

/// A punctual person answers so long after the card.
const PUNCTUAL: TimeDelta = TimeDelta::minutes(1);

/// What people are assumed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assume {
    /// Nobody ever answers.
    Silent,
    /// Everybody answers every card at once, and the office every list.
    Punctual,
}

/// Everything that will be sent in a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// In the order of sending.
    pub notices: Vec<Notice>,
    /// Pings by person and week (its Monday).
    pub pings: BTreeMap<PersonId, BTreeMap<NaiveDate, usize>>,
    /// Years without a holiday table (暂定), ascending.
    pub provisional: Vec<i32>,
}

/// One send to come: a slot's cards with their post, a digest, or lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Upcoming {
    /// When it leaves.
    pub at: DateTime<Utc>,
    /// Its notices: all of a slot's cards and the post, or one digest, or lists to the office.
    pub notices: Vec<Notice>,
}

/// What will be sent from the beginning of `from` to the end of `to`, through the same code as in earnest. Who is not
/// bound is taken as bound and reachable, a force that is not live as live from the beginning, a pause as over.
pub fn preview(
    frame: &Frame,
    standing: &Standing,
    from: NaiveDate,
    to: NaiveDate,
    assume: Assume,
) -> Preview {
    let mut standing = standing.clone();
    everybody_bound(frame, &mut standing);
    let begins_at = calendar::instant(from, NaiveTime::MIN);
    let ends_at = to.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, |day| {
        calendar::instant(day, NaiveTime::MIN)
    });
    let mut run = Run::new(frame, standing, Given::default(), begins_at);
    let mut notices = Vec::new();
    while run.now < ends_at {
        notices.extend(run.step(assume));
        if !run.advance() {
            break;
        }
    }
    let mut pings: BTreeMap<PersonId, BTreeMap<NaiveDate, usize>> = BTreeMap::new();
    for (person, days) in run.given.pings {
        for day in days {
            let weeks = pings.entry(person.clone()).or_default();
            *weeks.entry(calendar::monday_of(day)).or_default() += 1;
        }
    }
    let years = from.year()..=to.year();
    let provisional = years
        .filter(|year| frame.calendar.is_provisional(*year))
        .collect();
    Preview {
        notices,
        pings,
        provisional,
    }
}

/// The next `most` sends after `now` if nobody answers, soonest first; as if live from now on when it is not yet.
pub fn upcoming(
    frame: &Frame,
    standing: &Standing,
    given: &Given,
    now: DateTime<Utc>,
    most: usize,
) -> Vec<Upcoming> {
    let mut run = Run::new(frame, standing.clone(), given.clone(), now);
    let mut sends: Vec<Upcoming> = Vec::new();
    while sends.len() < most && run.now < now + HORIZON && run.advance() {
        sends.extend(by_kind(run.step(Assume::Silent), run.now));
    }
    sends.truncate(most);
    sends
}

/// Every notice after `now` and before `end_at` if nobody answers.
pub(super) fn until(
    frame: &Frame,
    standing: &Standing,
    given: &Given,
    now: DateTime<Utc>,
    end_at: DateTime<Utc>,
) -> Vec<Notice> {
    let mut run = Run::new(frame, standing.clone(), given.clone(), now);
    let mut notices = Vec::new();
    while run.advance() && run.now < end_at {
        notices.extend(run.step(Assume::Silent));
    }
    notices
}

/// Cards and post, digest and lists apart.
fn by_kind(notices: Vec<Notice>, at: DateTime<Utc>) -> Vec<Upcoming> {
    let kind = |notice: &Notice| match notice.kind {
        NoticeKind::GroupPost | NoticeKind::Card => 0,
        NoticeKind::Digest { .. } => 1,
        NoticeKind::BaselineMissing
        | NoticeKind::WasDown { .. }
        | NoticeKind::Unaskable
        | NoticeKind::Matters(_)
        | NoticeKind::CoSign(_)
        | NoticeKind::SlipDrafts(_)
        | NoticeKind::Slip(_)
        | NoticeKind::SlipsUnanswered(_)
        | NoticeKind::SlipTold(_)
        | NoticeKind::RequestsWait { .. }
        | NoticeKind::Unreceived
        | NoticeKind::MeetingsHeld(_)
        | NoticeKind::FinishOffer { .. } => 2,
        NoticeKind::OfficeReport { .. } => 3,
    };
    let mut kinds: BTreeMap<u8, Vec<Notice>> = BTreeMap::new();
    // The report to the office comes every week; what it reports on is what one wants to see.
    let report = |notice: &Notice| matches!(notice.kind, NoticeKind::OfficeReport { .. });
    for notice in notices.into_iter().filter(|notice| !report(notice)) {
        kinds.entry(kind(&notice)).or_default().push(notice);
    }
    kinds
        .into_values()
        .map(|notices| Upcoming { at, notices })
        .collect()
}

/// A course of days in the making.
pub(super) struct Run<'a> {
    frame: &'a Frame,
    standing: Standing,
    given: Given,
    now: DateTime<Utc>,
}

impl<'a> Run<'a> {
    fn new(frame: &'a Frame, standing: Standing, given: Given, now: DateTime<Utc>) -> Self {
        let now = standing.live_since.map_or(now, |since| now.max(since));
        let mut run = Self {
            frame,
            standing,
            given,
            now,
        };
        run.standing.pause = None;
        if run.standing.live_since.is_none() {
            run.enter(Actor::Bot, Act::WentLive);
        }
        run
    }

    /// The same of what is live, with a pause where there is one.
    pub(super) fn as_it_is(
        frame: &'a Frame,
        standing: Standing,
        given: Given,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            frame,
            standing,
            given,
            now,
        }
    }

    /// Moves on to the next moment when something may be due, `end` being the last; false when it was reached.
    pub(super) fn advance_until(&mut self, end: DateTime<Utc>) -> bool {
        let before = self.now;
        if !self.advance() || self.now > end {
            self.now = end;
        }
        before < self.now
    }

    /// Gives out what is due now and lets people answer it.
    pub(super) fn step(&mut self, assume: Assume) -> Vec<Notice> {
        for act in slip_acts(self.frame, &self.standing, self.now) {
            self.enter(Actor::Bot, act);
        }
        let notices = due(self.frame, &self.standing, &self.given, self.now);
        for notice in &notices {
            self.give(notice);
        }
        if assume == Assume::Punctual {
            self.now += PUNCTUAL;
            for notice in &notices {
                self.answer(notice);
            }
        }
        notices
    }

    fn advance(&mut self) -> bool {
        let next = next_wakeup(self.frame, &self.standing, &self.given, self.now);
        let Some(next) = next.filter(|next| *next > self.now) else {
            return false;
        };
        self.now = next;
        true
    }

    fn give(&mut self, notice: &Notice) {
        self.given.keys.extend(notice.keys.iter().cloned());
        let today = calendar::date_of(self.now);
        for person in &notice.pings {
            self.given
                .pings
                .entry(person.clone())
                .or_default()
                .push(today);
        }
        if let NoticeKind::Digest {
            number,
            cut_off_at,
            late,
        } = notice.kind
        {
            let posted = Act::DigestPosted {
                number,
                cut_off_at,
                late,
                last_seq: self.standing.seq,
                adoption: self.standing.adoption.unwrap_or(Hash([0; 32])),
                program: String::new(),
                text_sha256: String::new(),
            };
            self.enter(Actor::Bot, posted);
        }
    }

    fn answer(&mut self, notice: &Notice) {
        let by = match &notice.to {
            NoticeTo::Person(person) => person.clone(),
            NoticeTo::Office => self.frame.plan.task_force.office_chief.clone(),
            NoticeTo::Group => return,
        };
        let today = calendar::date_of(self.now);
        for item in &notice.items {
            let Some(view) = self.frame.task_view(&self.standing, &item.task, today) else {
                continue;
            };
            let report = answer_of(self.frame, &view, today);
            self.enter(Actor::Person(by.clone()), Act::Answered(report.into()));
        }
    }

    fn enter(&mut self, by: Actor, act: Act) {
        self.standing.apply(&LedgerEntry {
            seq: self.standing.seq + 1,
            at: self.now,
            version: ENTRY_VERSION,
            by,
            act,
        });
    }
}

/// What a punctual person answers: as before, else that it is reached.
fn answer_of(frame: &Frame, view: &TaskView<'_>, today: NaiveDate) -> ProgressReport {
    let value = match view.indicator {
        None => Value::None,
        Some(indicator) if indicator.kind == IndicatorKind::Milestone => {
            Value::Stage(MilestoneStage::Underway)
        }
        Some(indicator) => {
            Value::Number(view.actual().or(indicator.target).unwrap_or(Decimal::ZERO))
        }
    };
    ProgressReport {
        baseline: matches!(view.phase, Phase::Baseline(_))
            .then_some(BaselineAnswer::Reached { on: view.due }),
        ..ProgressReport::new(
            view.task.id.clone(),
            frame.period(view, today).id,
            value,
            Judgement::Normal,
        )
    }
}

/// Binds everybody on the roster who is not, and the group.
fn everybody_bound(frame: &Frame, standing: &mut Standing) {
    standing.group.get_or_insert(Group {
        chat: 0,
        thread: None,
        usable: true,
    });
    let unbound: BTreeSet<PersonId> = frame
        .plan
        .members
        .iter()
        .map(|member| member.id.clone())
        .collect();
    for (user_id, person) in (1..).zip(unbound) {
        standing.bindings.entry(person).or_insert_with(|| Binding {
            account: Account {
                user_id: -user_id,
                name: String::new(),
                username: None,
            },
            since_at: DateTime::<Utc>::MIN_UTC,
            reachable: true,
        });
    }
}

impl Preview {
    /// The most pings anybody gets in one week, and the most in one day.
    pub fn most_pings(&self) -> (usize, usize) {
        let weeks = self.pings.values().flat_map(BTreeMap::values);
        let mut days: BTreeMap<(&PersonId, NaiveDate), usize> = BTreeMap::new();
        for notice in &self.notices {
            for person in &notice.pings {
                *days
                    .entry((person, calendar::date_of(notice.at)))
                    .or_default() += 1;
            }
        }
        let a_day = days.into_values().max().unwrap_or(0);
        (weeks.copied().max().unwrap_or(0), a_day)
    }
}
