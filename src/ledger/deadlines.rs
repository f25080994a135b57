//! Deadlines ahead and missed, as a calendar holds them.

use chrono::NaiveDate;

use super::frame::Frame;
use super::standing::Standing;
use super::view::{Phase, TaskView};
use crate::plan::PersonId;

impl Frame {
    /// Open tasks with a deadline, the nearest first: those a person is asked for, or all. What was past at go-live has none
    /// until the office sets one.
    pub fn deadlines<'a>(
        &'a self,
        standing: &Standing,
        person: Option<&PersonId>,
        today: NaiveDate,
    ) -> Vec<TaskView<'a>> {
        let views = self.task_views(standing, today).into_iter();
        let theirs = |view: &TaskView<'_>| {
            let asked = person.is_none() || view.filer(self) == person;
            view.phase == Phase::Open && view.due.is_some() && asked
        };
        let mut dated: Vec<TaskView<'a>> = views.filter(theirs).collect();
        dated.sort_by_key(|view| view.due);
        dated
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::testing::{Story, day, rushan};

    #[test]
    fn deadlines_of_a_person_are_those_they_are_asked_for_and_past_ones_at_the_start_are_none() {
        let story = Story::live(rushan());
        let today = day("2026-11-23");
        let ids = |person: Option<&str>| -> Vec<String> {
            let person = person.map(Into::into);
            let views = story
                .frame
                .deadlines(&story.standing(), person.as_ref(), today);
            views.iter().map(|view| view.task.id.to_string()).collect()
        };
        assert!(ids(Some("song-xiaozheng")).contains(&"2-2".to_owned()));
        assert!(!ids(None).contains(&"6-1".to_owned()));
        assert!(ids(Some("liu-peigen")).is_empty());
        let all = story.frame.deadlines(&story.standing(), None, today);
        assert!(all.is_sorted_by_key(|view| view.due));
    }
}
