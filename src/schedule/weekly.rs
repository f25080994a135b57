//! When the weekly digest is due: in its slot, moved back within the week; a missed one once, marked 补发.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::moment::Moment;
use super::{Notice, NoticeKey, NoticeKind, NoticeTo};
use crate::calendar;
use crate::ledger::{Frame, Phase};

/// A missed digest is looked for so many weeks back: over the longest holiday there is always one.
const WEEKS_BACK: u64 = 6;

/// The digest's slot in the week that begins with `monday`; none in a week without a working day by then.
pub(super) fn slot(frame: &Frame, monday: NaiveDate) -> Option<DateTime<Utc>> {
    let before = calendar::instant(monday, NaiveTime::MIN) - TimeDelta::seconds(1);
    let fires = frame
        .settings
        .digest
        .after(&calendar::local(before))
        .next()?;
    let wanted = fires.date_naive();
    if calendar::monday_of(wanted) != monday {
        return None;
    }
    let day = frame.calendar.digest_day(monday, wanted.weekday())?;
    Some(calendar::instant(day, fires.time()))
}

/// The first slot after `now`, if one comes within the weeks that are looked at.
pub(super) fn next_slot(frame: &Frame, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let monday = calendar::monday_of(calendar::date_of(now));
    let weeks = (0..=WEEKS_BACK).filter_map(|weeks| monday.checked_add_days(Days::new(7 * weeks)));
    weeks
        .filter_map(|monday| slot(frame, monday))
        .find(|slot| *slot > now)
}

/// The digest due now.
pub(super) fn digest(moment: &Moment<'_>) -> Option<Notice> {
    if !moment.standing.group.as_ref()?.usable {
        return None;
    }
    let cut_off_at = last_slot(moment)?;
    let day = calendar::date_of(cut_off_at);
    let key = NoticeKey::digest(day);
    let posted = &moment.standing.digests;
    let known = posted.iter().any(|posted| posted.cut_off_at == cut_off_at);
    let late = day != moment.today;
    let waits = late && !moment.is_catch_up_time();
    if known || waits || moment.is_given(&key) || is_over(moment, day) {
        return None;
    }
    let number = moment.standing.next_digest();
    Some(Notice {
        kind: NoticeKind::Digest {
            number,
            cut_off_at,
            late,
        },
        to: NoticeTo::Group,
        at: cut_off_at,
        not_after: moment.frame.calendar.end_of_work(moment.today),
        keys: vec![key],
        items: Vec::new(),
        meetings: Vec::new(),
        pings: Vec::new(),
        // Sounds in the group count against everybody's pings, which are kept for reminders.
        silent: true,
    })
}

/// The latest slot that came since go-live.
fn last_slot(moment: &Moment<'_>) -> Option<DateTime<Utc>> {
    let live = moment.standing.live_since?;
    let monday = calendar::monday_of(moment.today);
    let weeks = (0..=WEEKS_BACK).filter_map(|weeks| monday.checked_sub_days(Days::new(7 * weeks)));
    let slot = weeks
        .filter_map(|monday| slot(moment.frame, monday))
        .find(|slot| *slot <= moment.now)?;
    (live <= slot).then_some(slot)
}

/// After the plan's last week the digest goes on only while something is open.
pub(super) fn is_over(moment: &Moment<'_>, day: NaiveDate) -> bool {
    let ends = moment.frame.plan.task_force.ends;
    if calendar::monday_of(day) <= ends {
        return false;
    }
    let views = moment.frame.task_views(moment.standing, moment.today);
    !views
        .iter()
        .any(|view| matches!(view.phase, Phase::Open | Phase::Baseline(_)))
}
