//! A plan whose people and units changed after it was published: who joined, left and came after whom; renamed, merged and split
//! units. Items pass over with them, old names stay known.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{MeasureId, Member, PersonId, Plan, Role, TaskId, Unit, UnitId};

/// Somebody who joins the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
}

/// One change of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterEdit {
    /// A liaison of a member.
    Join {
        /// Who.
        newcomer: Newcomer,
        /// Of whom.
        of: PersonId,
        /// Whether the units' cards go to them.
        asked: bool,
    },
    /// Somebody leaves; what they were asked goes back.
    Leave {
        /// Who.
        person: PersonId,
        /// To whom, where they are of the unit still; else to the first of it.
        to: Option<PersonId>,
    },
    /// Somebody takes another's place.
    Succeed {
        /// Who leaves.
        person: PersonId,
        /// Who comes after.
        successor: PersonId,
        /// As they join, where they are new.
        newcomer: Option<Newcomer>,
    },
    /// A unit's new name; the old ones stay aliases.
    Rename {
        /// Which.
        unit: UnitId,
        /// New name.
        name: String,
    },
    /// A unit becomes part of another.
    Merge {
        /// Which.
        unit: UnitId,
        /// Into which.
        into: UnitId,
    },
    /// A new unit takes over items and people of another.
    Split {
        /// From which.
        unit: UnitId,
        /// Id of the new one.
        new: UnitId,
        /// Its name.
        name: String,
        /// Items that pass over.
        tasks: Vec<TaskId>,
        /// People who pass over.
        people: Vec<PersonId>,
    },
    /// One more name of a unit.
    Alias {
        /// Which.
        unit: UnitId,
        /// The name.
        alias: String,
    },
    /// Somebody who took another's place until that was taken back: named still where they acted.
    Stepped {
        /// Who.
        newcomer: Newcomer,
        /// In whose place.
        of: PersonId,
    },
    /// A unit that was split off until that was taken back: what was put to it meanwhile is the old one's.
    Reunited {
        /// Id.
        unit: UnitId,
        /// Name.
        name: String,
        /// Which it is part of again.
        into: UnitId,
    },
}

/// Who and what is no longer on the roster, with who came after; what was published and is changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Former {
    /// People and their successors, in the order in which they left.
    pub members: Vec<(Member, Option<PersonId>)>,
    /// Units and what they became part of.
    pub units: Vec<(Unit, UnitId)>,
    /// Values of targets as published, in base units, where the office changed them.
    pub targets: BTreeMap<TaskId, Decimal>,
    /// Items that went to a unit split off, in that order.
    pub tasks: Vec<(TaskId, UnitId)>,
}

impl Plan {
    /// The plan after these changes, in their order. A change of what is no longer there changes nothing.
    pub fn edited(&self, edits: impl Iterator<Item = RosterEdit>) -> Self {
        let mut plan = self.clone();
        for edit in edits {
            plan.edit(edit);
        }
        plan.indexed()
    }

    /// The person on the roster now for one who was named once: the person themselves, or who came after them.
    pub fn current_person<'a>(&'a self, id: &'a PersonId) -> &'a PersonId {
        let after = self.former.members.iter().find(|(it, _)| it.id == *id);
        match after {
            Some((_, Some(successor))) if !self.is_on_roster(id) => self.current_person(successor),
            Some(_) | None => id,
        }
    }

    /// The unit that is now what this one was.
    pub fn current_unit<'a>(&'a self, id: &'a UnitId) -> &'a UnitId {
        let became = self.former.units.iter().find(|(it, _)| it.id == *id);
        became.map_or(id, |(_, into)| self.current_unit(into))
    }

    /// Somebody who is or was on the roster.
    pub fn anyone(&self, id: &PersonId) -> Option<&Member> {
        let former = self.former.members.iter().rev();
        let former = former.map(|(member, _)| member);
        self.member(id)
            .or_else(|| former.into_iter().find(|member| member.id == *id))
    }

    /// A unit that is or was one.
    pub fn any_unit(&self, id: &UnitId) -> Option<&Unit> {
        let mut former = self.former.units.iter().map(|(unit, _)| unit);
        self.unit(id).or_else(|| former.find(|unit| unit.id == *id))
    }

    /// Tasks filed by what is no longer there are filed by what came after.
    #[must_use]
    pub fn passed_over(mut self) -> Self {
        let former = std::mem::take(&mut self.former);
        let plan = Self { former, ..self };
        let tasks = plan.tasks.clone().into_iter().map(|mut task| {
            let mut split = plan.former.tasks.iter().rev();
            let split = split.find(|(id, _)| *id == task.id);
            let lead = split.map(|(_, unit)| unit.clone()).or(task.filing_lead);
            task.filing_lead = lead.map(|unit| plan.current_unit(&unit).clone());
            task.filer = task.filer.map(|it| plan.current_person(&it).clone());
            task
        });
        let tasks = tasks.collect();
        Self { tasks, ..plan }.indexed()
    }

    fn is_on_roster(&self, id: &PersonId) -> bool {
        self.members.iter().any(|member| member.id == *id)
    }

    fn edit(&mut self, edit: RosterEdit) {
        match edit {
            RosterEdit::Join {
                newcomer,
                of,
                asked,
            } => self.join(newcomer, &of, asked),
            RosterEdit::Leave { person, to } => self.leave(&person, to.as_ref()),
            RosterEdit::Succeed {
                person,
                successor,
                newcomer,
            } => self.succeed(&person, successor, newcomer),
            RosterEdit::Rename { unit, name } => self.rename(&unit, name),
            RosterEdit::Merge { unit, into } => self.merge(&unit, &into),
            RosterEdit::Split {
                unit,
                new,
                name,
                tasks,
                people,
            } => self.split(&unit, new, name, (&tasks, &people)),
            RosterEdit::Alias { unit, alias } => {
                if let Some(unit) = self.units.iter_mut().find(|it| it.id == unit) {
                    unit.aliases.push(alias);
                }
            }
            RosterEdit::Stepped { newcomer, of } => self.stepped(newcomer, of),
            RosterEdit::Reunited { unit, name, into } => {
                self.former.units.push((new_unit(unit, name, None), into));
            }
        }
    }

    fn join(&mut self, newcomer: Newcomer, of: &PersonId, asked: bool) {
        let of = self.current_person(of).clone();
        let Some(member) = self.members.iter().find(|it| it.id == of) else {
            return;
        };
        let units = member.units.clone();
        if asked {
            let mine = |unit: &&mut Unit| unit.filer.as_ref() == Some(&of);
            for unit in self.units.iter_mut().filter(mine) {
                unit.filer = Some(newcomer.id.clone());
            }
        }
        self.members.push(member_of(newcomer, units, Role::Liaison));
    }

    fn leave(&mut self, person: &PersonId, to: Option<&PersonId>) {
        let Some(at) = self.members.iter().position(|it| it.id == *person) else {
            return;
        };
        let member = self.members.remove(at);
        let to = to.map(|to| self.current_person(to).clone());
        for unit in self.filed_by(person) {
            let back = |it: &&Member| Some(&it.id) == to.as_ref() && it.units.contains(&unit);
            let back = self.members.iter().find(back).map(|it| it.id.clone());
            self.set_filer(&unit, back.or_else(|| self.first_to_ask(&unit)));
        }
        self.former.members.push((member, None));
    }

    /// Whoever comes after keeps what they are, unless the place is above theirs.
    fn succeed(&mut self, person: &PersonId, successor: PersonId, newcomer: Option<Newcomer>) {
        let Some(at) = self.members.iter().position(|it| it.id == *person) else {
            return;
        };
        let member = self.members.remove(at);
        match newcomer {
            Some(newcomer) => {
                let joined = member_of(newcomer, member.units.clone(), member.role);
                self.members.insert(at, joined);
            }
            None => {
                let known = self.members.iter_mut().find(|it| it.id == successor);
                let Some(known) = known else {
                    return self.members.insert(at, member);
                };
                // Roles stand in their order, the leader first.
                known.role = known.role.min(member.role);
                for unit in &member.units {
                    if !known.units.contains(unit) {
                        known.units.push(unit.clone());
                    }
                }
            }
        }
        let leads = self
            .members
            .iter()
            .any(|it| it.id == successor && !is_asked(it.role));
        let files = if leads {
            self.filed_by(&successor)
        } else {
            Vec::new()
        };
        for unit in self.filed_by(person).into_iter().chain(files) {
            let filer = match leads {
                true => self.first_to_ask(&unit),
                false => Some(successor.clone()),
            };
            self.set_filer(&unit, filer);
        }
        let office = &mut self.task_force.office_staff;
        let chief = &mut self.task_force.office_chief;
        for one in office.iter_mut().chain([chief]) {
            if one == person {
                *one = successor.clone();
            }
        }
        self.former.members.push((member, Some(successor)));
    }

    fn stepped(&mut self, newcomer: Newcomer, of: PersonId) {
        let Some(member) = self.ever_on_roster(&of) else {
            return;
        };
        let stepped = member_of(newcomer, member.units.clone(), member.role);
        self.former.members.push((stepped, Some(of)));
    }

    /// The units whose cards go to this person.
    fn filed_by(&self, person: &PersonId) -> Vec<UnitId> {
        let units = self.units.iter();
        let mine = units.filter(|unit| unit.filer.as_ref() == Some(person));
        mine.map(|unit| unit.id.clone()).collect()
    }

    fn set_filer(&mut self, unit: &UnitId, filer: Option<PersonId>) {
        if let Some(unit) = self.units.iter_mut().find(|it| it.id == *unit) {
            unit.filer = filer;
        }
    }

    /// The first of a unit who is no leader.
    fn first_to_ask(&self, unit: &UnitId) -> Option<PersonId> {
        let mut members = self.members.iter();
        let first = members.find(|it| it.units.contains(unit) && is_asked(it.role));
        first.map(|it| it.id.clone())
    }

    fn ever_on_roster(&self, id: &PersonId) -> Option<&Member> {
        let former = self.former.members.iter().rev();
        let mut all = self.members.iter().chain(former.map(|(member, _)| member));
        all.find(|member| member.id == *id)
    }

    fn rename(&mut self, unit: &UnitId, name: String) {
        if let Some(unit) = self.units.iter_mut().find(|it| it.id == *unit) {
            let old = std::mem::replace(&mut unit.name, name.clone());
            let old_short = std::mem::replace(&mut unit.short_name, name);
            for old in [old, old_short] {
                if !unit.aliases.contains(&old) {
                    unit.aliases.push(old);
                }
            }
        }
    }

    fn merge(&mut self, unit: &UnitId, into: &UnitId) {
        let there = self.units.iter().any(|it| it.id == *into) && unit != into;
        let at = self.units.iter().position(|it| it.id == *unit);
        let Some(at) = at.filter(|_| there) else {
            return;
        };
        let gone = self.units.remove(at);
        if let Some(into) = self.units.iter_mut().find(|it| it.id == *into) {
            let names = [&gone.name, &gone.short_name];
            let names = names.into_iter().chain(&gone.aliases).cloned();
            into.aliases.extend(names);
            into.filer = into.filer.clone().or_else(|| gone.filer.clone());
        }
        self.put_in_place(unit, into);
        self.former.units.push((gone, into.clone()));
    }

    /// Everything that names one unit names another.
    fn put_in_place(&mut self, unit: &UnitId, into: &UnitId) {
        let filing = self.tasks.iter_mut().map(|task| &mut task.filing_lead);
        let targets = self.indicators.iter_mut().map(|it| &mut it.filing_lead);
        for lead in filing.chain(targets) {
            if lead.as_ref() == Some(unit) {
                *lead = Some(into.clone());
            }
        }
        let measures = self.measures.iter_mut();
        let lists = measures.flat_map(|it| [&mut it.lead_units, &mut it.responsible_units]);
        let of_people = self.members.iter_mut().map(|it| &mut it.units);
        for list in lists.chain(of_people) {
            if let Some(at) = list.iter().position(|it| it == unit) {
                list[at] = into.clone();
                let mut seen = Vec::new();
                list.retain(|it| {
                    !seen.contains(it) && {
                        seen.push(it.clone());
                        true
                    }
                });
            }
        }
    }

    fn split(
        &mut self,
        unit: &UnitId,
        new: UnitId,
        name: String,
        (tasks, people): (&[TaskId], &[PersonId]),
    ) {
        if !self.units.iter().any(|it| it.id == *unit) {
            return;
        }
        let passes = |member: &Member| people.contains(&member.id) && member.units.contains(unit);
        for member in self.members.iter_mut().filter(|member| passes(member)) {
            member.units.retain(|it| it != unit);
            member.units.push(new.clone());
        }
        let filer = self.units.iter().find(|it| it.id == *unit);
        let filer = filer.and_then(|it| it.filer.clone());
        if filer.as_ref().is_some_and(|it| people.contains(it)) {
            self.set_filer(unit, self.first_to_ask(unit));
        }
        let asked = filer.filter(|it| people.contains(it));
        let asked = asked.or_else(|| self.first_to_ask(&new));
        self.units.push(new_unit(new.clone(), name, asked));
        for task in self.tasks.iter_mut().filter(|it| tasks.contains(&it.id)) {
            task.filing_lead = Some(new.clone());
        }
        for target in self.indicators.iter_mut() {
            if tasks.contains(&target.id) {
                target.filing_lead = Some(new.clone());
            }
        }
        let moved = tasks.iter().map(|task| (task.clone(), new.clone()));
        self.former.tasks.extend(moved);
        self.lead_with(unit, &new, tasks);
    }

    /// A unit that files an item of a measure leads it: beside the unit it came from, or in its place where that files none of
    /// its items any more.
    fn lead_with(&mut self, unit: &UnitId, new: &UnitId, tasks: &[TaskId]) {
        let mut passed: Vec<(MeasureId, bool)> = Vec::new();
        for measure in &self.measures {
            let items = self.tasks.iter();
            let mut items = items.filter(|task| task.measure.as_ref() == Some(&measure.id));
            let stays = items
                .clone()
                .any(|task| task.filing_lead.as_ref() == Some(unit));
            if items.any(|task| tasks.contains(&task.id)) {
                passed.push((measure.id.clone(), stays));
            }
        }
        for measure in &mut self.measures {
            let Some((_, stays)) = passed.iter().find(|(id, _)| *id == measure.id) else {
                continue;
            };
            let leads = &mut measure.lead_units;
            let at = leads.iter().position(|it| it == unit);
            match at {
                Some(at) if !stays => leads[at] = new.clone(),
                Some(at) => leads.insert(at + 1, new.clone()),
                None => leads.push(new.clone()),
            }
        }
    }
}

/// Leader and deputy leader read and are never asked.
fn is_asked(role: Role) -> bool {
    match role {
        Role::Leader | Role::DeputyLeader => false,
        Role::Member | Role::Liaison => true,
    }
}

fn new_unit(id: UnitId, name: String, filer: Option<PersonId>) -> Unit {
    Unit {
        id,
        short_name: name.clone(),
        name,
        aliases: Vec::new(),
        collective: false,
        filer,
    }
}

fn member_of(newcomer: Newcomer, units: Vec<UnitId>, role: Role) -> Member {
    Member {
        id: newcomer.id,
        name: newcomer.name,
        post: newcomer.post,
        units,
        role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::read;

    const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

    fn edited(edits: Vec<RosterEdit>) -> Plan {
        let published = read(RUSHAN, "rushan.toml").unwrap();
        published.edited(edits.into_iter())
    }

    fn newcomer(id: &str) -> Newcomer {
        Newcomer {
            id: id.into(),
            name: "王芳".to_owned(),
            post: "科长".to_owned(),
        }
    }

    #[test]
    fn a_liaison_joins_the_members_units_and_is_asked_where_the_member_says_so() {
        let join = |asked| RosterEdit::Join {
            newcomer: newcomer("l-9"),
            of: "li-junqing".into(),
            asked,
        };
        let (first, others) = {
            let plan = edited(vec![join(false)]);
            let (asked, others) = plan.filers(&"zjj".into());
            (asked.unwrap().id.clone(), others.len())
        };
        assert_eq!((first.as_str(), others), ("li-junqing", 1));
        let plan = edited(vec![join(true)]);
        assert_eq!(plan.filers(&"zjj".into()).0.unwrap().id.as_str(), "l-9");
        let plan = edited(vec![
            join(true),
            RosterEdit::Leave {
                person: "l-9".into(),
                to: None,
            },
        ]);
        let (asked, others) = plan.filers(&"zjj".into());
        assert_eq!(
            (asked.unwrap().id.as_str(), others.len()),
            ("li-junqing", 0)
        );
        assert_eq!(plan.anyone(&"l-9".into()).unwrap().name, "王芳");
        assert!(plan.member(&"l-9".into()).is_none());
    }

    #[test]
    fn a_successor_takes_place_units_and_office() {
        let plan = edited(vec![RosterEdit::Succeed {
            person: "luan-pin".into(),
            successor: "s-9".into(),
            newcomer: Some(newcomer("s-9")),
        }]);
        assert_eq!(plan.task_force.office_chief.as_str(), "s-9");
        assert_eq!(plan.filers(&"fgj".into()).0.unwrap().id.as_str(), "s-9");
        assert!(plan.find_member("栾频").is_none());
        assert_eq!(plan.current_person(&"luan-pin".into()).as_str(), "s-9");
    }

    #[test]
    fn a_merged_unit_hands_over_names_items_and_people() {
        let plan = edited(vec![RosterEdit::Merge {
            unit: "zjj".into(),
            into: "fgj".into(),
        }]);
        assert_eq!(plan.find_unit("市住建局").unwrap().id.as_str(), "fgj");
        let task = plan.task(&"6-1".into()).unwrap();
        assert_eq!(task.filing_lead.as_ref().unwrap().as_str(), "fgj");
        let (_, others) = plan.filers(&"fgj".into());
        assert!(others.iter().any(|it| it.id.as_str() == "li-junqing"));
        assert!(plan.unit(&"zjj".into()).is_none());
        assert_eq!(plan.any_unit(&"zjj".into()).unwrap().short_name, "市住建局");
        assert_eq!(plan.current_unit(&"zjj".into()).as_str(), "fgj");
    }

    #[test]
    fn a_renamed_unit_is_found_by_old_and_new_names() {
        let plan = edited(vec![RosterEdit::Rename {
            unit: "zjj".into(),
            name: "市住房城建局".to_owned(),
        }]);
        for name in ["市住建局", "市住房城建局"] {
            assert_eq!(plan.find_unit(name).unwrap().id.as_str(), "zjj");
        }
    }

    #[test]
    fn a_split_gives_items_and_people_to_the_new_unit() {
        let plan = edited(vec![RosterEdit::Split {
            unit: "zjj".into(),
            new: "u-9".into(),
            name: "市城管局".to_owned(),
            tasks: vec!["6-1".into()],
            people: vec!["li-junqing".into()],
        }]);
        let lead = |id: &str| plan.task(&id.into()).unwrap().filing_lead.clone().unwrap();
        assert_eq!((lead("6-1").as_str(), lead("6-3").as_str()), ("u-9", "zjj"));
        assert_eq!(
            plan.filers(&"u-9".into()).0.unwrap().id.as_str(),
            "li-junqing"
        );
        assert!(plan.filers(&"zjj".into()).0.is_none());
    }
}
