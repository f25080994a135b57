//! Promises: next steps with a date, counted per task and never per person.

use chrono::NaiveDate;

use super::frame::Frame;
use super::progress::{Judgement, ProgressReport, Value};
use super::view::{Phase, TaskView};
use crate::calendar;

/// What became of a task's dated next steps (下一步).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Promises {
    /// Answered by that day with progress, or said to be done.
    pub kept: u32,
    /// Given a later date.
    pub moved: u32,
}

/// A dated next step that nothing was heard of yet.
struct Open {
    on: NaiveDate,
    value: Value,
}

impl Frame {
    /// The promises of a task so far. A day off stands for the next working day.
    pub fn promises(&self, view: &TaskView<'_>) -> Promises {
        let mut reports: Vec<_> = view.other_years.iter().chain(&view.reports).collect();
        reports.sort_by_key(|filed| filed.report.corrects.unwrap_or(filed.seq));
        let mut promises = Promises::default();
        let mut open: Option<Open> = None;
        for filed in reports {
            let (report, day) = (&filed.report, calendar::date_of(filed.at));
            let later = |on: NaiveDate| report.next_date.is_some_and(|next| next > on);
            open = match open {
                None => None,
                // The same step for the same day still stands, however far it is by then.
                Some(promise)
                    if day < promise.on
                        && report.next_date == Some(promise.on)
                        && report.judgement != Judgement::Done =>
                {
                    Some(promise)
                }
                Some(promise) if day <= self.calendar.on_or_after(promise.on) => {
                    if moved_on(report, promise.value) {
                        promises.kept += 1;
                        None
                    } else if later(promise.on) {
                        promises.moved += 1;
                        None
                    } else {
                        Some(promise)
                    }
                }
                Some(promise) => {
                    promises.moved += u32::from(later(promise.on));
                    None
                }
            };
            let new = report.next_date.filter(|next| *next > day);
            open = open.or(new.map(|on| Open {
                on,
                value: report.value,
            }));
        }
        promises
    }

    /// The day on which an open task's newest dated next step comes, as a working day; none when it lay behind its own
    /// answer, or the unit has said that all is done.
    pub fn promised_on(&self, view: &TaskView<'_>) -> Option<NaiveDate> {
        let filed = view.last_report()?;
        let on = filed.report.next_date?;
        let promised = view.phase == Phase::Open
            && !view.said_done()
            && on > calendar::date_of(filed.at)
            && filed.report.task == view.task.id;
        promised.then(|| self.calendar.on_or_after(on))
    }
}

/// Whether a report tells of progress since `before`: another value, done, or for a narrative new words.
fn moved_on(report: &ProgressReport, before: Value) -> bool {
    let told = match report.value {
        Value::None => report.done.is_some() && !report.unchanged,
        Value::Number(_) | Value::Stage(_) => report.value != before,
    };
    told || report.judgement == Judgement::Done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, day, report, rushan};

    fn say(story: &mut Story<'_>, when: &str, value: i64, next: Option<&str>) {
        story.now(when);
        let mut said = report("7-1", Value::Number(value.into()), Judgement::Normal);
        said.next_date = next.map(day);
        story.file(said);
    }

    fn promises(story: &Story<'_>) -> (u32, u32) {
        let standing = story.standing();
        let view = story
            .frame
            .task_view(&standing, &"7-1".into(), day("2026-12-31"));
        let promises = story.frame.promises(&view.unwrap());
        (promises.kept, promises.moved)
    }

    #[test]
    fn a_promise_is_kept_by_progress_until_its_day_and_moved_by_a_later_date() {
        let mut story = Story::live(rushan());
        say(&mut story, "2026-11-24 10:00", 0, Some("2026-12-04"));
        assert_eq!(promises(&story), (0, 0));
        say(&mut story, "2026-12-04 15:00", 1, Some("2026-12-11"));
        assert_eq!(promises(&story), (1, 0));
        // The same value again changes nothing, a later date moves it.
        say(&mut story, "2026-12-08 10:00", 1, None);
        say(&mut story, "2026-12-09 10:00", 1, Some("2026-12-18"));
        assert_eq!(promises(&story), (1, 1));
        // Heard of after its day without a new date: neither.
        say(&mut story, "2026-12-21 10:00", 2, None);
        assert_eq!(promises(&story), (1, 1));
    }

    #[test]
    fn a_promise_repeated_before_its_day_is_one_promise() {
        let mut story = Story::live(rushan());
        say(&mut story, "2026-11-24 10:00", 0, Some("2026-12-04"));
        say(&mut story, "2026-11-25 10:00", 1, Some("2026-12-04"));
        assert_eq!(promises(&story), (0, 0));
        say(&mut story, "2026-12-04 10:00", 2, Some("2026-12-11"));
        assert_eq!(promises(&story), (1, 0));
    }

    #[test]
    fn a_promise_for_a_day_off_is_kept_on_the_next_working_day() {
        let mut story = Story::live(rushan());
        say(&mut story, "2026-11-24 10:00", 0, Some("2026-12-05"));
        say(&mut story, "2026-12-07 10:00", 1, None);
        assert_eq!(promises(&story), (1, 0));
    }
}
