//! The plan as the ledger amends it: what came after the adoption appears to everybody as ordinary tasks, units and people.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::assigned::{Assignee, Assignment, ProjectEntry, ProjectStage};
use super::entry::{Actor, LedgerEntry, TaskEnd};
use super::frame::Frame;
use super::standing::Standing;
use super::text::Text;
use super::vocabulary::SENTENCE_ENDS;
use crate::plan::{
    Additions, PersonId, Plan, Recurrence, Rhythm, Task, TaskId, TaskKind, UnitId, assigned_label,
    project_label,
};

/// Characters of an item's text that serve as its name.
const NAME_CHARACTERS: usize = 24;

/// An assigned item with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignedItem {
    /// Seq of the entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who assigned it.
    pub by: Actor,
    /// What, to whom, by when.
    pub assignment: Arc<Assignment>,
    /// Who has received it (签收) and when, in that order.
    pub received: Vec<(PersonId, DateTime<Utc>)>,
    /// When it was taken back, by whom and why.
    pub revoked: Option<(DateTime<Utc>, Actor, Text)>,
}

/// A project with the stage it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Seq of the entry.
    pub seq: u64,
    /// Who entered it.
    pub by: Actor,
    /// As entered.
    pub entry: Arc<ProjectEntry>,
    /// Stage it is in.
    pub stage: ProjectStage,
    /// Date of the next stage.
    pub next: Option<NaiveDate>,
    /// Seq and time since which it is in that stage.
    pub since: (u64, DateTime<Utc>),
    /// Whether it was taken off the list.
    pub dropped: bool,
}

/// What the ledger adds to the adopted plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Amendments {
    /// Seq of the last entry that changed the plan; 0: none did.
    pub seq: u64,
    /// Assigned items, oldest first.
    pub assigned: Vec<AssignedItem>,
    /// Projects, oldest first.
    pub projects: Vec<Project>,
}

impl AssignedItem {
    /// The id of its task.
    pub fn task(&self) -> TaskId {
        TaskId::new(format!("a-{}", self.seq))
    }

    /// Lead first, then who supports.
    pub fn assignees(&self) -> impl Iterator<Item = &Assignee> {
        std::iter::once(&self.assignment.lead).chain(&self.assignment.supporting)
    }
}

impl Project {
    /// The id of its task.
    pub fn task(&self) -> TaskId {
        TaskId::new(format!("p-{}", self.seq))
    }
}

impl Amendments {
    /// The assigned item with this task.
    pub fn item(&self, task: &TaskId) -> Option<&AssignedItem> {
        let seq = task.as_str().strip_prefix("a-")?.parse().ok()?;
        let at = self.assigned.binary_search_by_key(&seq, |item| item.seq);
        at.ok().map(|at| &self.assigned[at])
    }

    /// The project with this task.
    pub fn project(&self, task: &TaskId) -> Option<&Project> {
        let seq = task.as_str().strip_prefix("p-")?.parse().ok()?;
        let at = self.projects.binary_search_by_key(&seq, |one| one.seq);
        at.ok().map(|at| &self.projects[at])
    }

    /// Since when a task is what it is now: (seq, time); none for what the plan holds.
    pub(super) fn since(&self, kind: &TaskKind) -> Option<(u64, DateTime<Utc>)> {
        match kind {
            TaskKind::Indicator(_) | TaskKind::Narrative(_) => None,
            TaskKind::Assigned(at) => self.assigned.get(*at).map(|item| (item.seq, item.at)),
            TaskKind::Stage(at) => self.projects.get(*at).map(|project| project.since),
        }
    }

    fn additions(&self, plan: &Plan) -> Additions {
        let assigned = self.assigned.iter().enumerate();
        let assigned = assigned.map(|(at, item)| assigned_task(plan, at, item));
        let projects = self.projects.iter().enumerate();
        let projects = projects.map(|(at, project)| stage_task(at, project));
        Additions {
            tasks: assigned.chain(projects).collect(),
            ..Additions::default()
        }
    }
}

impl Frame {
    /// The frame as this standing amends it; the very same one where nothing does.
    #[must_use]
    pub fn amended(self: &Arc<Self>, standing: &Standing) -> Arc<Self> {
        if standing.amendments.seq == 0 {
            return self.clone();
        }
        let bound = |person: &PersonId| standing.bindings.contains_key(person);
        let plan = standing.people.lay_over(&self.plan, bound);
        let additions = Additions {
            targets: standing.settled_targets(),
            ..standing.amendments.additions(&plan)
        };
        Arc::new(Self {
            plan: plan.with(additions).passed_over(),
            settings: self.settings.clone(),
            calendar: self.calendar.clone(),
            ..**self
        })
    }
}

/// The unit for which somebody is asked, and the person named for it.
pub fn filing_of(plan: &Plan, assignee: &Assignee) -> (Option<UnitId>, Option<PersonId>) {
    match assignee {
        Assignee::Unit(unit) => (Some(plan.current_unit(unit).clone()), None),
        Assignee::Person(person) => {
            let person = plan.current_person(person);
            let unit = plan.member(person).and_then(|member| member.units.first());
            (unit.cloned(), Some(person.clone()))
        }
    }
}

fn assigned_task(plan: &Plan, at: usize, item: &AssignedItem) -> Task {
    let (filing_lead, filer) = filing_of(plan, &item.assignment.lead);
    let label = assigned_label(at + 1);
    let mut supporting = Vec::new();
    for assignee in &item.assignment.supporting {
        let unit = filing_of(plan, assignee).0;
        supporting.extend(unit.filter(|unit| !supporting.contains(unit)));
    }
    Task {
        id: item.task(),
        kind: TaskKind::Assigned(at),
        measure: None,
        name: name(&item.assignment.what, &label),
        label,
        filing_lead,
        filer,
        supporting,
        due: item.assignment.due,
        recurrence: Recurrence::Once,
        rhythm: item.assignment.rhythm,
    }
}

fn stage_task(at: usize, project: &Project) -> Task {
    let label = project_label(at + 1);
    Task {
        id: project.task(),
        kind: TaskKind::Stage(at),
        measure: None,
        name: name(&project.entry.name, &label),
        label,
        filing_lead: Some(project.entry.unit.clone()),
        filer: None,
        supporting: Vec::new(),
        due: project.next,
        recurrence: Recurrence::Once,
        rhythm: Rhythm::Monthly,
    }
}

/// The beginning of a text's first line; the label where the text was removed.
fn name(text: &Text, label: &str) -> String {
    let Some(line) = text.body().and_then(|body| body.trim().lines().next()) else {
        return label.to_owned();
    };
    let line = line.trim_end_matches(SENTENCE_ENDS);
    let mut name: String = line.chars().take(NAME_CHARACTERS).collect();
    if line.chars().count() > NAME_CHARACTERS {
        name.push('…');
    }
    name
}

impl Standing {
    pub(super) fn assign(&mut self, entry: &LedgerEntry, assignment: &Arc<Assignment>) {
        self.amendments.seq = entry.seq;
        self.amendments.assigned.push(AssignedItem {
            seq: entry.seq,
            at: entry.at,
            by: entry.by.clone(),
            assignment: assignment.clone(),
            received: Vec::new(),
            revoked: None,
        });
    }

    pub(super) fn acknowledge(&mut self, entry: &LedgerEntry, task: &TaskId) {
        let Actor::Person(person) = &entry.by else {
            return;
        };
        if let Some(item) = self.item_mut(task)
            && !item.received.iter().any(|(known, _)| known == person)
        {
            item.received.push((person.clone(), entry.at));
        }
    }

    pub(super) fn revoke(&mut self, entry: &LedgerEntry, task: &TaskId, reason: &Text) {
        let Some(item) = self.item_mut(task) else {
            return;
        };
        item.revoked = Some((entry.at, entry.by.clone(), reason.clone()));
        self.task_mut(task).ended = Some(TaskEnd::Cancelled);
    }

    pub(super) fn add_project(&mut self, entry: &LedgerEntry, project: &Arc<ProjectEntry>) {
        self.amendments.seq = entry.seq;
        self.amendments.projects.push(Project {
            seq: entry.seq,
            by: entry.by.clone(),
            stage: project.stage,
            next: project.next,
            entry: project.clone(),
            since: (entry.seq, entry.at),
            dropped: false,
        });
    }

    /// The last stage closes the project's task, an earlier one opens it again.
    pub(super) fn move_project(
        &mut self,
        entry: &LedgerEntry,
        task: &TaskId,
        to: Option<ProjectStage>,
        next: Option<NaiveDate>,
    ) {
        let projects = &mut self.amendments.projects;
        let Some(project) = projects.iter_mut().find(|project| project.task() == *task) else {
            return;
        };
        project.dropped = to.is_none();
        if let Some(stage) = to {
            project.stage = stage;
            project.next = next;
            project.since = (entry.seq, entry.at);
        }
        self.amendments.seq = entry.seq;
        let state = self.task_mut(task);
        state.ended = to.is_none().then_some(TaskEnd::Cancelled);
        let finished = to == Some(ProjectStage::Finished);
        state.closed = finished.then(|| (entry.seq, entry.at, entry.by.clone()));
    }

    fn item_mut(&mut self, task: &TaskId) -> Option<&mut AssignedItem> {
        let items = &mut self.amendments.assigned;
        items.iter_mut().find(|item| item.task() == *task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{Story, at, day, rushan, text};
    use crate::ledger::{Act, Origin, Phase};

    fn assignment(lead: Assignee) -> Act {
        Act::Assigned(Arc::new(Assignment {
            what: text("梳理全市公共机构充电桩底数\n含在建项目"),
            lead,
            supporting: vec![Assignee::Unit("fgj".into())],
            due: Some(day("2026-12-18")),
            rhythm: Rhythm::Weekly,
            origin: Origin::Instruction,
        }))
    }

    fn project() -> Act {
        Act::ProjectAdded(Arc::new(ProjectEntry {
            name: text("污泥处置中心"),
            unit: "zjj".into(),
            measure: Some("6".into()),
            investment: 380_000_000.into(),
            funding: 90_000_000.into(),
            stage: ProjectStage::Planned,
            next: Some(day("2026-12-31")),
        }))
    }

    fn amended(story: &Story<'_>) -> (Arc<Frame>, Standing) {
        let standing = story.standing();
        (Arc::new(story.frame.clone()).amended(&standing), standing)
    }

    #[test]
    fn without_amendments_the_frame_is_the_very_same() {
        let frame = Arc::new(rushan().clone());
        let standing = Story::live(rushan()).standing();
        assert!(Arc::ptr_eq(&frame, &frame.amended(&standing)));
    }

    #[test]
    fn an_assigned_item_is_a_task_of_its_leads_unit_from_then_on() {
        let mut story = Story::live(rushan());
        story.now("2026-11-24 09:00");
        let seq = story.by("luan-pin", assignment(Assignee::Unit("zjj".into())));
        let (frame, standing) = amended(&story);
        let id = TaskId::from(format!("a-{seq}"));
        let view = frame.task_view(&standing, &id, day("2026-11-24")).unwrap();
        assert_eq!(view.task.label, "交-1");
        assert_eq!(view.task.name, "梳理全市公共机构充电桩底数");
        assert_eq!(
            (view.phase.clone(), view.due),
            (Phase::Open, Some(day("2026-12-18")))
        );
        assert_eq!(view.asked_since, Some(at("2026-11-24 09:00")));
        assert_eq!(view.filer(&frame).unwrap().as_str(), "li-junqing");
        assert_eq!(frame.adoption, story.frame.adoption);
    }

    #[test]
    fn a_person_who_leads_is_asked_in_person() {
        let mut story = Story::live(rushan());
        let seq = story.by("luan-pin", assignment(Assignee::Person("gao-wei".into())));
        let (frame, standing) = amended(&story);
        let id = TaskId::from(format!("a-{seq}"));
        let view = frame.task_view(&standing, &id, day("2026-11-24")).unwrap();
        assert_eq!(view.filer(&frame).unwrap().as_str(), "gao-wei");
        let unit = frame.plan.member(&"gao-wei".into()).unwrap().units.first();
        assert_eq!(view.filing_unit.as_ref(), unit);
    }

    #[test]
    fn a_revoked_item_has_ended_and_keeps_its_number() {
        let mut story = Story::live(rushan());
        let first = story.by("luan-pin", assignment(Assignee::Unit("zjj".into())));
        story.by("luan-pin", assignment(Assignee::Unit("fgj".into())));
        let task = TaskId::from(format!("a-{first}"));
        let received = Act::Acknowledged { task: task.clone() };
        story.by("li-junqing", received.clone());
        story.by("li-junqing", received);
        story.by(
            "luan-pin",
            Act::AssignmentRevoked {
                task: task.clone(),
                reason: text("并入他项"),
            },
        );
        let (frame, standing) = amended(&story);
        let today = day("2026-11-24");
        assert_eq!(
            frame.task_view(&standing, &task, today).unwrap().phase,
            Phase::Ended
        );
        assert_eq!(standing.amendments.item(&task).unwrap().received.len(), 1);
        let open = frame.task_views(&standing, today);
        let labels: Vec<&str> = open.iter().map(|view| view.task.label.as_str()).collect();
        assert!(labels.contains(&"交-2") && !labels.contains(&"交-1"));
    }

    #[test]
    fn a_projects_stage_starts_without_the_answers_and_dates_of_the_one_before() {
        let mut story = Story::live(rushan());
        let seq = story.by("luan-pin", project());
        let task = TaskId::from(format!("p-{seq}"));
        story.by(
            "luan-pin",
            Act::DueSet {
                task: task.clone(),
                due: day("2027-01-31"),
            },
        );
        let (frame, standing) = amended(&story);
        let view = frame
            .task_view(&standing, &task, day("2026-11-24"))
            .unwrap();
        assert_eq!(view.due, Some(day("2027-01-31")));
        story.now("2027-01-20 10:00");
        let moved = |to, next: Option<&str>| Act::ProjectMoved {
            task: task.clone(),
            to,
            next: next.map(day),
        };
        story.by(
            "luan-pin",
            moved(Some(ProjectStage::Approved), Some("2027-06-30")),
        );
        let (frame, standing) = amended(&story);
        let view = frame
            .task_view(&standing, &task, day("2027-01-20"))
            .unwrap();
        assert_eq!(view.due, Some(day("2027-06-30")));
        assert_eq!(view.asked_since, Some(at("2027-01-20 10:00")));
        let phase = |story: &Story<'_>| {
            let (frame, standing) = amended(story);
            frame
                .task_view(&standing, &task, day("2027-01-20"))
                .unwrap()
                .phase
        };
        story.by("luan-pin", moved(Some(ProjectStage::Finished), None));
        assert_eq!(phase(&story), Phase::Closed);
        story.by(
            "luan-pin",
            moved(Some(ProjectStage::Building), Some("2027-09-30")),
        );
        assert_eq!(phase(&story), Phase::Open);
        story.by("luan-pin", moved(None, None));
        assert_eq!(phase(&story), Phase::Ended);
    }

    #[test]
    fn an_open_project_does_not_put_its_measures_narrative_to_rest() {
        let mut story = Story::live(rushan());
        let narrative = rushan()
            .plan
            .tasks
            .iter()
            .find(|task| task.id.as_str() == "m11");
        let narrative = narrative.unwrap().id.clone();
        story.by("luan-pin", project());
        let (frame, standing) = amended(&story);
        let today = day("2026-11-24");
        let before = rushan()
            .task_view(&standing, &narrative, today)
            .unwrap()
            .phase;
        let after = frame.task_view(&standing, &narrative, today).unwrap().phase;
        assert_eq!((before, after), (Phase::Open, Phase::Open));
    }
}
