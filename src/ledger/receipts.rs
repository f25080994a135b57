//! 签收: whom an assigned item concerns in person, and who has not received it yet.

use super::amended::AssignedItem;
use super::assigned::Assignee;
use crate::plan::{Member, PersonId, Plan, Role};

/// The people something is put to: a unit's own, the one who is asked first; or the person, or who came after them.
pub fn people_of<'a>(plan: &'a Plan, assignee: &Assignee) -> Vec<&'a Member> {
    match assignee {
        Assignee::Unit(unit) => {
            let (asked, others) = plan.filers(unit);
            let people = asked.into_iter().chain(others);
            people.filter(|member| is_asked(member)).collect()
        }
        Assignee::Person(person) => plan
            .member(plan.current_person(person))
            .into_iter()
            .collect(),
    }
}

fn is_asked(member: &Member) -> bool {
    match member.role {
        Role::Member | Role::Liaison => true,
        Role::Leader | Role::DeputyLeader => false,
    }
}

impl AssignedItem {
    /// Everybody it concerns, each once, the lead's people first.
    pub fn people(&self, plan: &Plan) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = Vec::new();
        for assignee in self.assignees() {
            for member in people_of(plan, assignee) {
                if !people.contains(&member.id) {
                    people.push(member.id.clone());
                }
            }
        }
        people
    }

    /// Units and people that have not received it: nobody of theirs did.
    pub fn unreceived(&self, plan: &Plan) -> Vec<&Assignee> {
        let received = |member: &&Member| self.has_received(&member.id);
        let waits = |assignee: &&Assignee| !people_of(plan, assignee).iter().any(received);
        self.assignees().filter(waits).collect()
    }

    /// Whether this person has received it.
    pub fn has_received(&self, person: &PersonId) -> bool {
        self.received.iter().any(|(known, _)| known == person)
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::testing::{Story, rushan, text};
    use crate::ledger::{Act, Assignee, Assignment, Origin};
    use crate::plan::Rhythm;

    #[test]
    fn a_unit_has_received_when_one_of_its_people_has() {
        let mut story = Story::live(rushan());
        let seq = story.by(
            "luan-pin",
            Act::Assigned(std::sync::Arc::new(Assignment {
                what: text("报送清单"),
                lead: Assignee::Unit("zjj".into()),
                supporting: vec![
                    Assignee::Person("gao-wei".into()),
                    Assignee::Unit("zqjd".into()),
                ],
                due: None,
                rhythm: Rhythm::Monthly,
                origin: Origin::Instruction,
            })),
        );
        story.by(
            "li-junqing",
            Act::Acknowledged {
                task: format!("a-{seq}").into(),
            },
        );
        let standing = story.standing();
        let item = &standing.amendments.assigned[0];
        let plan = &rushan().plan;
        let people = item.people(plan);
        assert!(people.contains(&"li-junqing".into()) && people.contains(&"gao-wei".into()));
        let waiting = [
            Assignee::Person("gao-wei".into()),
            Assignee::Unit("zqjd".into()),
        ];
        assert_eq!(item.unreceived(plan), waiting.iter().collect::<Vec<_>>());
    }
}
