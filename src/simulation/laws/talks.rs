//! The laws of talks: what is submitted stands in the ledger once, and whoever leaves is out of everything.

use std::collections::BTreeMap;

use super::{Held, Laws, must};
use crate::conversation::Conversation;
use crate::conversation::office;
use crate::conversation::payload::Payload;
use crate::conversation::report::{Doing, Press, Purpose, Tap};
use crate::ledger::{Act, Actor, LedgerEntry, Phase};
use crate::plan::TaskId;
use crate::rehearsal::{Button, World};
use crate::simulation::team::Team;
use crate::store::Memory;

/// Answers given and entered.
#[derive(Default)]
pub(super) struct Answers {
    /// What each account submitted just now, with the seq of its talk: the task, and how many reports it had.
    submitted: BTreeMap<i64, (TaskId, usize)>,
    /// Reports by task.
    entered: BTreeMap<TaskId, usize>,
}

impl Answers {
    pub fn entered(&mut self, entry: &LedgerEntry) {
        if let (Act::Answered(report), Actor::Person(_)) = (&entry.act, &entry.by) {
            *self.entered.entry(report.task.clone()).or_default() += 1;
        }
    }

    fn of(&self, task: &TaskId) -> usize {
        self.entered.get(task).copied().unwrap_or(0)
    }
}

impl Laws {
    fn talk(&self, memory: &Memory, user: i64) -> Conversation {
        let row = memory.talk_seen(&self.id, user);
        let state = row.and_then(|row| row.state);
        let state = state.and_then(|state| serde_json::from_str(&state).ok());
        state.unwrap_or_default()
    }

    /// The task whose report a talk is about to submit.
    fn report_of(&self, memory: &Memory, user: i64) -> Option<(TaskId, u32)> {
        let sitting = self.talk(memory, user).sitting?;
        let Doing::Item(draft) = sitting.doing else {
            return None;
        };
        let is_report = draft.purpose != Purpose::Hint;
        is_report.then_some((draft.task, sitting.stamp))
    }

    /// Remembers a press of 提交 on the question that is open; whether it was one.
    pub fn pressed(&mut self, memory: &Memory, user: i64, button: &Button) -> bool {
        let payload = button.data.as_deref().and_then(Payload::decode);
        if let Some(Payload::Office(office::Press::Unknown(row, false))) = payload {
            self.wants_again(row);
        }
        let Some(Payload::Report(press)) = payload else {
            return false;
        };
        let Press::Talk {
            stamp,
            tap: Tap::Submit(_),
            ..
        } = press
        else {
            return false;
        };
        let Some((task, _)) = self
            .report_of(memory, user)
            .filter(|(_, open)| *open == stamp)
        else {
            return false;
        };
        let before = self.answers.of(&task);
        self.answers.submitted.insert(user, (task, before));
        true
    }

    /// After it was worked off: the report is entered once, or the question is still open.
    pub fn answered(&mut self, world: &World, memory: &Memory, user: i64) -> Held {
        let Some((task, before)) = self.answers.submitted.remove(&user) else {
            return Ok(());
        };
        let open = self
            .report_of(memory, user)
            .is_some_and(|(open, _)| open == task);
        let entered = self.answers.of(&task) - before;
        let (waiting, _) = memory.unfinished_updates();
        let under_way = !waiting.is_empty() || !memory.knows_updates(&world.pending_updates());
        // Closed by somebody else meanwhile, which is what they are told.
        let today = crate::calendar::date_of(world.clock().now());
        let takes_answers = self.frame().is_none_or(|frame| {
            let view = frame.task_view(&self.standing, &task, today);
            view.is_some_and(|view| matches!(view.phase, Phase::Open | Phase::Baseline(_)))
        });
        let fits = match entered {
            0 => open || under_way || !takes_answers,
            1 => !open,
            _ => false,
        };
        must(fits, "each answered question is in the ledger once", || {
            format!("{task} by {user}: entered {entered} times, still open: {open}")
        })
    }

    /// Whoever said that they leave is in the middle of nothing, once that was worked off.
    pub fn left(&self, world: &World, bot: &Team, user: i64) -> Held {
        let memory = bot.memory();
        let (waiting, _) = memory.unfinished_updates();
        let is_known = self.standing.person_of(user).is_some();
        let under_way = !waiting.is_empty() || !memory.knows_updates(&world.pending_updates());
        if !bot.is_running() || under_way || !is_known {
            return Ok(());
        }
        let talk = self.talk(memory, user);
        let sits = talk.sitting.as_ref();
        let sits = sits.is_some_and(|sitting| !matches!(sitting.doing, Doing::Between));
        must(
            !sits && talk.waiting.is_none(),
            "a conversation can always be left",
            || format!("{user}: {talk:?}"),
        )
    }
}
