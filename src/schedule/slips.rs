//! 督办单: when the ladder says that one is to be drafted, when the office and the receiver hear of it, when the deputy leader does.

use chrono::{DateTime, NaiveDate, Utc};

use super::matters::{is_time, silent};
use super::moment::{LOOK_BACK, Moment};
use super::{Given, Notice, NoticeKey, NoticeKind, NoticeTo, Why, ask, course, may_send};
use crate::calendar;
use crate::ledger::{
    Act, Actor, Frame, LightReason, Phase, SLIP_OFFER_AFTER, Slip, SlipColour, SlipDrafted,
    SlipHeld, SlipTold, Standing, TaskView, light_of, light_since,
};
use crate::plan::{PersonId, Role};

/// A task is behind or in difficulties for so many working days before a yellow slip is drafted.
const YELLOW_AFTER: i64 = 10;

/// After any slip of a task, so many working days pass before a yellow one is drafted for it.
const YELLOW_AGAIN: i64 = 20;

/// After so many more, without any act of the office on it, it is told by itself.
const TELL_AFTER: i64 = 10;

/// What the bot enters by itself now: slips drafted, drafts withdrawn that are no longer true, the deputy leader told.
/// Nothing before go-live, in a pause or outside working hours.
pub fn slip_acts(frame: &Frame, standing: &Standing, now: DateTime<Utc>) -> Vec<Act> {
    if !may_send(standing, now) || !frame.calendar.in_working_hours(now) {
        return Vec::new();
    }
    let given = Given::default();
    let moment = Moment::new(frame, standing, &given, now);
    let mut acts: Vec<Act> = withdrawn(&moment).collect();
    if moment.is_catch_up_time() {
        acts.extend(told(&moment));
        let views = frame.asked_views(standing, moment.today);
        acts.extend(views.iter().filter_map(|view| drafted(&moment, view)));
    }
    acts
}

/// Drafts nobody decided on that are no longer true.
fn withdrawn(moment: &Moment<'_>) -> impl Iterator<Item = Act> {
    let drafts = moment.standing.slips.values();
    let drafts = drafts.filter(|slip| slip.sent.is_none() && slip.withdrawn.is_none());
    drafts.filter_map(|slip| {
        let over = moment.frame.slip_over(moment.standing, slip, moment.today);
        over.map(|_| {
            Act::SlipHeld(SlipHeld {
                slip: slip.seq,
                withdrawn: true,
            })
        })
    })
}

/// Red slips whose offer the office left alone for too long.
fn told(moment: &Moment<'_>) -> impl Iterator<Item = Act> {
    let late = red_unanswered(moment, SLIP_OFFER_AFTER + TELL_AFTER);
    let has_deputy = !deputies(moment).is_empty();
    let tell = late.filter(move |slip| has_deputy && !has_office_act(moment, slip));
    tell.map(|slip| Act::SlipTold(SlipTold { slip: slip.seq }))
}

/// Red slips sent so many working days ago or more, neither answered nor told.
fn red_unanswered<'m>(moment: &'m Moment<'_>, working_days: i64) -> impl Iterator<Item = &'m Slip> {
    let (frame, standing, today) = (moment.frame, moment.standing, moment.today);
    let red = standing.slips.values().filter(move |slip| {
        slip.colour == SlipColour::Red
            && slip.told.is_none()
            && frame
                .days_since_sent(slip, today)
                .is_some_and(|days| days >= working_days)
    });
    red.filter(move |slip| frame.slip_over(standing, slip, today).is_none())
}

/// Whether anybody of the office did something about a slip after it was sent: put the telling off, or urged its task.
fn has_office_act(moment: &Moment<'_>, slip: &Slip) -> bool {
    let Some(sent) = &slip.sent else { return false };
    let state = moment.standing.task_state(&slip.task);
    let urged = state
        .follow_ups
        .iter()
        .any(|(_, at, by)| *at > sent.at && matches!(by, Actor::Person(_)));
    slip.held.is_some() || urged
}

/// The slip the ladder asks for on a task, unless it has one of this colour for the occasion.
fn drafted(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<Act> {
    let person = course::filer(moment, view)?;
    let bound = moment.standing.bindings.contains_key(person);
    let open = view.phase == Phase::Open && view.open_doubts.is_empty() && !view.said_done();
    if !bound || !open {
        return None;
    }
    let (colour, occasion) = by_ladder(moment, view).or_else(|| by_light(moment, view))?;
    let slips = moment.standing.task_state(&view.task.id).slips.iter();
    let slips: Vec<&Slip> = slips
        .filter_map(|seq| moment.standing.slips.get(seq))
        .collect();
    let calendar = &moment.frame.calendar;
    let known = |slip: &&Slip| {
        let recent = calendar.working_days_between(calendar::date_of(slip.at), moment.today);
        let same = slip.colour == colour && slip.occasion == occasion;
        same || (colour == SlipColour::Yellow && recent < YELLOW_AGAIN)
    };
    if slips.iter().any(known) {
        return None;
    }
    Some(Act::SlipDrafted(SlipDrafted {
        task: view.task.id.clone(),
        colour,
        due: view.due,
        occasion,
    }))
}

/// Red from the first overdue rung on, blue from the last rung before the day: where nobody answered.
fn by_ladder(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<(SlipColour, NaiveDate)> {
    let due = view.due?;
    let overdue = due < moment.today;
    let last = moment.frame.settings.ladder.days_before.iter();
    let last = last.filter(|days| **days > 0).min().copied();
    let wanted = |why: &Why| match why {
        Why::Overdue { .. } => overdue,
        Why::Rung { days, .. } => !overdue && Some(*days) == last,
        Why::Opens(_)
        | Why::Ping(_)
        | Why::LastPing(_)
        | Why::Baseline(_)
        | Why::FollowUp(_)
        | Why::NextStep(_)
        | Why::Snoozed
        | Why::Unreceived
        | Why::Unfinished => false,
    };
    let asks = ask::asks(moment, view, super::key::Recipient::Office);
    let reached = asks
        .iter()
        .filter(|ask| ask.at <= moment.now)
        .flat_map(|ask| &ask.parts)
        .any(|part| !part.silenced && wanted(&part.why));
    let colour = match overdue {
        true => SlipColour::Red,
        false => SlipColour::Blue,
    };
    reached.then_some((colour, due))
}

/// Yellow: behind, in difficulties or silent for long, and not overdue.
fn by_light(moment: &Moment<'_>, view: &TaskView<'_>) -> Option<(SlipColour, NaiveDate)> {
    let (frame, standing, now) = (moment.frame, moment.standing, moment.now);
    let (_, reason) = light_of(frame, standing, view, now);
    match reason {
        LightReason::BehindPace(_)
        | LightReason::Difficult
        | LightReason::Blocked
        | LightReason::SilentTwoPeriods => {}
        LightReason::Resting
        | LightReason::TermsOpen
        | LightReason::NoStart
        | LightReason::Unanswered
        | LightReason::BaselineUnanswered
        | LightReason::BaselineNotReached
        | LightReason::BaselineReached
        | LightReason::Overdue(_)
        | LightReason::NotMet
        | LightReason::Met
        | LightReason::OnPace
        | LightReason::Frozen
        | LightReason::Closed => return None,
    }
    let since = light_since(frame, standing, view, &reason, now)?;
    let days = frame.calendar.working_days_between(since, moment.today);
    (days >= YELLOW_AFTER).then_some((SlipColour::Yellow, since))
}

/// The notices on slips due now.
pub(super) fn notices(moment: &Moment<'_>) -> Vec<Notice> {
    let mut notices: Vec<Notice> = drafts(moment).into_iter().collect();
    notices.extend(sent(moment));
    notices.extend(unanswered(moment));
    notices.extend(deputies_told(moment));
    notices
}

/// Drafts to the office, in one list.
fn drafts(moment: &Moment<'_>) -> Option<Notice> {
    let fresh = moment.standing.slips.values().filter(|slip| {
        slip.is_undecided()
            && slip.at >= moment.now - LOOK_BACK
            && is_time(moment, slip.at)
            && !moment.is_given(&key("draft", slip.seq))
    });
    let fresh: Vec<u64> = fresh.map(|slip| slip.seq).collect();
    let keys = fresh.iter().map(|seq| key("draft", *seq)).collect();
    let kind = NoticeKind::SlipDrafts(fresh.clone());
    (!fresh.is_empty()).then(|| silent(moment, kind, NoticeTo::Office, keys))
}

/// What the office sent, to its receiver.
fn sent(moment: &Moment<'_>) -> Vec<Notice> {
    let (frame, standing) = (moment.frame, moment.standing);
    let sent = standing.slips.values().filter_map(|slip| {
        let sending = slip.sent.as_ref()?;
        let at = frame.calendar.next_working_instant(sending.at);
        let due = sending.at >= moment.now - LOOK_BACK
            && is_time(moment, at)
            && !moment.is_given(&key("slip", slip.seq))
            && frame.slip_over(standing, slip, moment.today).is_none();
        due.then(|| {
            let to = NoticeTo::Person(sending.to.clone());
            let keys = vec![key("slip", slip.seq)];
            silent(moment, NoticeKind::Slip(slip.seq), to, keys)
        })
    });
    sent.collect()
}

/// Red slips unanswered for five working days, to the office.
fn unanswered(moment: &Moment<'_>) -> Option<Notice> {
    if !moment.is_catch_up_time() {
        return None;
    }
    let late = red_unanswered(moment, SLIP_OFFER_AFTER);
    let fresh: Vec<u64> = late
        .filter(|slip| !moment.is_given(&key("slip-unanswered", slip.seq)))
        .map(|slip| slip.seq)
        .collect();
    let keys = fresh
        .iter()
        .map(|seq| key("slip-unanswered", *seq))
        .collect();
    let kind = NoticeKind::SlipsUnanswered(fresh.clone());
    (!fresh.is_empty()).then(|| silent(moment, kind, NoticeTo::Office, keys))
}

/// The deputy leaders who are told, and the office where the bot told them.
fn deputies_told(moment: &Moment<'_>) -> Vec<Notice> {
    let told = moment.standing.slips.values().filter_map(|slip| {
        let (at, by) = slip.told.as_ref()?;
        let from = moment.frame.calendar.next_working_instant(*at);
        let fresh = *at >= moment.now - LOOK_BACK && is_time(moment, from);
        fresh.then_some((slip.seq, *by == Actor::Bot))
    });
    let mut notices = Vec::new();
    for (seq, by_bot) in told {
        let deputies = deputies(moment).into_iter().map(NoticeTo::Person);
        let office = by_bot.then_some(NoticeTo::Office);
        for to in deputies.chain(office) {
            let name = match &to {
                NoticeTo::Person(person) => person.as_str(),
                NoticeTo::Office | NoticeTo::Group => "office",
            };
            let key = NoticeKey(format!("slip-told:{seq}:{name}"));
            if !moment.is_given(&key) {
                notices.push(silent(moment, NoticeKind::SlipTold(seq), to, vec![key]));
            }
        }
    }
    notices
}

/// The deputy leaders who have an account.
fn deputies(moment: &Moment<'_>) -> Vec<PersonId> {
    let members = moment.frame.plan.members.iter();
    let deputies = members.filter(|member| match member.role {
        Role::DeputyLeader => moment.standing.bindings.contains_key(&member.id),
        Role::Leader | Role::Member | Role::Liaison => false,
    });
    deputies.map(|member| member.id.clone()).collect()
}

fn key(what: &str, seq: u64) -> NoticeKey {
    NoticeKey(format!("{what}:{seq}"))
}

/// What is left of a notice about drafts.
pub(super) fn still_drafts(standing: &Standing, notice: &Notice, seqs: &[u64]) -> Option<Notice> {
    let open = |seq: &&u64| standing.slips.get(seq).is_some_and(Slip::is_undecided);
    let kept: Vec<u64> = seqs.iter().filter(open).copied().collect();
    (!kept.is_empty()).then(|| Notice {
        keys: kept.iter().map(|seq| key("draft", *seq)).collect(),
        kind: NoticeKind::SlipDrafts(kept),
        ..notice.clone()
    })
}

/// Whether every slip of a notice waits still for its answer.
pub(super) fn still_waited_for(
    frame: &Frame,
    standing: &Standing,
    seqs: &[u64],
    now: DateTime<Utc>,
) -> bool {
    let today = calendar::date_of(now);
    seqs.iter().all(|seq| {
        let slip = standing.slips.get(seq);
        slip.is_some_and(|slip| frame.slip_over(standing, slip, today).is_none())
    })
}
