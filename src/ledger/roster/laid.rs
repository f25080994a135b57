//! How the changes of the roster lie over a plan.

use super::{Liaison, RosterChange, RosterEntry, Successor, UnitChange};
use crate::ledger::text::Text;
use crate::plan::{Newcomer, PersonId, Plan, RosterEdit, UnitId};

impl super::People {
    /// The plan after all changes. A liaison is asked from the day they can be: as long as nobody is `bound` as them, the
    /// member is.
    pub(in crate::ledger) fn lay_over(
        &self,
        plan: &Plan,
        bound: impl Fn(&PersonId) -> bool,
    ) -> Plan {
        let edits = self.changes.iter().filter_map(|entry| match &entry.undone {
            None => Some(self.edit(entry, &bound)),
            Some(_) => entry.trace(),
        });
        plan.edited(edits)
    }

    fn edit(&self, entry: &RosterEntry, bound: impl Fn(&PersonId) -> bool) -> RosterEdit {
        match &entry.what {
            RosterChange::Liaison(liaison) => {
                let id = Liaison::id(entry.seq);
                RosterEdit::Join {
                    asked: liaison.asked && bound(&self.holder(&id)),
                    newcomer: newcomer(id, &liaison.name, &liaison.post),
                    of: liaison.member.clone(),
                }
            }
            RosterChange::LiaisonEnded(person) => RosterEdit::Leave {
                person: person.clone(),
                to: self.member_of(person).cloned(),
            },
            RosterChange::Replaced(person, Successor::Known(successor)) => RosterEdit::Succeed {
                person: person.clone(),
                successor: successor.clone(),
                newcomer: None,
            },
            RosterChange::Replaced(person, Successor::New { name, post }) => {
                let id = PersonId::new(format!("s-{}", entry.seq));
                RosterEdit::Succeed {
                    person: person.clone(),
                    successor: id.clone(),
                    newcomer: Some(newcomer(id, name, post)),
                }
            }
            RosterChange::Unit(changed) => unit_edit(entry.new_unit(), &changed.change),
        }
    }
}

impl RosterEntry {
    /// What stays of a change that was taken back: whoever acted and whatever was put to a unit meanwhile is known still.
    fn trace(&self) -> Option<RosterEdit> {
        match &self.what {
            RosterChange::Replaced(person, Successor::New { name, post }) => {
                let id = PersonId::new(format!("s-{}", self.seq));
                Some(RosterEdit::Stepped {
                    newcomer: newcomer(id, name, post),
                    of: person.clone(),
                })
            }
            RosterChange::Unit(changed) => match &changed.change {
                UnitChange::Split { unit, name, .. } => Some(RosterEdit::Reunited {
                    unit: self.new_unit(),
                    name: name.clone(),
                    into: unit.clone(),
                }),
                UnitChange::Renamed { .. }
                | UnitChange::Merged { .. }
                | UnitChange::Alias { .. } => None,
            },
            RosterChange::Replaced(_, Successor::Known(_))
            | RosterChange::Liaison(_)
            | RosterChange::LiaisonEnded(_) => None,
        }
    }
}

fn newcomer(id: PersonId, name: &Text, post: &Text) -> Newcomer {
    let body = |text: &Text| text.body().unwrap_or_default().to_owned();
    Newcomer {
        name: body(name),
        post: body(post),
        id,
    }
}

fn unit_edit(new: UnitId, change: &UnitChange) -> RosterEdit {
    match change.clone() {
        UnitChange::Renamed { unit, name } => RosterEdit::Rename { unit, name },
        UnitChange::Merged { unit, into } => RosterEdit::Merge { unit, into },
        UnitChange::Split {
            unit,
            name,
            tasks,
            people,
        } => RosterEdit::Split {
            unit,
            new,
            name,
            tasks,
            people,
        },
        UnitChange::Alias { unit, alias } => RosterEdit::Alias { unit, alias },
    }
}
