//! Changes of people and units (人员、机构变动) after the adoption: who is away, who joined, who came after whom, how units are
//! called and what became of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::entry::{Actor, LedgerEntry};
use super::standing::Standing;
use super::text::Text;
use crate::plan::{Newcomer, PersonId, Plan, RosterEdit, TaskId, UnitId};

/// The way an account came to its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BindingWay {
    /// `people.toml`.
    File,
    /// A one-time link.
    Link,
    /// `/iam`, confirmed by the office.
    Asked,
    /// The first-start code.
    FirstCode,
    /// `duban bind` on the host.
    Host,
}

/// Why somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwayKind {
    /// 出差.
    Trip,
    /// 休假.
    Leave,
}

/// An absence (出差, 休假), first and last day included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub kind: AwayKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// Who is asked meanwhile; none: the office lists it.
    pub stand_in: Option<PersonId>,
}

/// A liaison (联络员) as a member named one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Liaison {
    /// For whom they file.
    pub member: PersonId,
    /// Name.
    pub name: Text,
    /// Post.
    pub post: Text,
    /// Whether the unit's cards go to them.
    pub asked: bool,
}

/// Who comes after somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Successor {
    /// Somebody on the roster.
    Known(PersonId),
    /// Somebody new; their id is `s-` and the entry's seq.
    New {
        /// Name.
        name: Text,
        /// Post.
        post: Text,
    },
}

/// What becomes of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitChange {
    /// 更名; the old names stay aliases.
    Renamed {
        /// Which.
        unit: UnitId,
        /// New name.
        name: String,
    },
    /// 并入.
    Merged {
        /// Which.
        unit: UnitId,
        /// Into which.
        into: UnitId,
    },
    /// 分设: a new unit, whose id is `u-` and the entry's seq, takes over some items and people.
    Split {
        /// From which.
        unit: UnitId,
        /// Name of the new one.
        name: String,
        /// Items that pass over.
        tasks: Vec<TaskId>,
        /// People who pass over.
        people: Vec<PersonId>,
    },
    /// 别名.
    Alias {
        /// Of which.
        unit: UnitId,
        /// The name.
        alias: String,
    },
}

/// A change of units with its day and basis (文号).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitsChanged {
    /// What.
    pub change: UnitChange,
    /// From which day.
    pub from: NaiveDate,
    /// Basis.
    pub basis: Text,
}

/// Something that changed the roster.
#[derive(Debug, Clone, PartialEq)]
pub enum RosterChange {
    /// A liaison joined; the person's id is `l-` and the seq they were named in.
    Liaison(Arc<Liaison>),
    /// A liaison left.
    LiaisonEnded(PersonId),
    /// Somebody took another's place.
    Replaced(PersonId, Successor),
    /// A unit changed.
    Unit(Arc<UnitsChanged>),
}

/// A change with where it stands in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct RosterEntry {
    /// Seq of the entry; of a liaison that of the naming.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Actor,
    /// What.
    pub what: RosterChange,
}

/// A liaison named and not yet confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLiaison {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// Who.
    pub liaison: Arc<Liaison>,
}

/// Everything on record of people and units beside the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// The last absence of each, running, ahead or over.
    pub absences: BTreeMap<PersonId, Absence>,
    /// Liaisons that wait for the office, by seq.
    pub liaisons_named: BTreeMap<u64, NamedLiaison>,
    /// Changes in force, in their order.
    pub changes: Vec<RosterEntry>,
}

impl Liaison {
    /// The id of the person they become.
    pub fn id(seq: u64) -> PersonId {
        PersonId::new(format!("l-{seq}"))
    }
}

impl Absence {
    /// Whether that day is one of it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

impl People {
    /// The absence of a person on that day.
    pub fn away_on(&self, person: &PersonId, day: NaiveDate) -> Option<&Absence> {
        self.absences.get(person).filter(|it| it.holds(day))
    }

    /// The member a liaison files for.
    pub fn member_of(&self, liaison: &PersonId) -> Option<&PersonId> {
        self.changes.iter().find_map(|entry| match &entry.what {
            RosterChange::Liaison(named) if Liaison::id(entry.seq) == *liaison => {
                Some(&named.member)
            }
            _ => None,
        })
    }

    /// Whose place a person took who is new on the roster.
    pub fn before(&self, newcomer: &PersonId) -> Option<&PersonId> {
        self.changes
            .iter()
            .rev()
            .find_map(|entry| match &entry.what {
                RosterChange::Replaced(person, Successor::New { .. })
                    if entry.newcomer().as_ref() == Some(newcomer) =>
                {
                    Some(person)
                }
                _ => None,
            })
    }

    /// The plan after all changes.
    pub(super) fn lay_over(&self, plan: &Plan) -> Plan {
        plan.edited(self.changes.iter().map(RosterEntry::edit))
    }
}

impl RosterEntry {
    /// The id of the person who came with it.
    pub fn newcomer(&self) -> Option<PersonId> {
        match &self.what {
            RosterChange::Liaison(_) => Some(Liaison::id(self.seq)),
            RosterChange::Replaced(_, Successor::Known(person)) => Some(person.clone()),
            RosterChange::Replaced(_, Successor::New { .. }) => {
                Some(PersonId::new(format!("s-{}", self.seq)))
            }
            RosterChange::LiaisonEnded(_) | RosterChange::Unit(_) => None,
        }
    }

    fn edit(&self) -> RosterEdit {
        match &self.what {
            RosterChange::Liaison(liaison) => RosterEdit::Join {
                newcomer: newcomer(Liaison::id(self.seq), &liaison.name, &liaison.post),
                of: liaison.member.clone(),
                asked: liaison.asked,
            },
            RosterChange::LiaisonEnded(person) => RosterEdit::Leave(person.clone()),
            RosterChange::Replaced(person, Successor::Known(successor)) => RosterEdit::Succeed {
                person: person.clone(),
                successor: successor.clone(),
                newcomer: None,
            },
            RosterChange::Replaced(person, Successor::New { name, post }) => {
                let id = PersonId::new(format!("s-{}", self.seq));
                RosterEdit::Succeed {
                    person: person.clone(),
                    successor: id.clone(),
                    newcomer: Some(newcomer(id, name, post)),
                }
            }
            RosterChange::Unit(changed) => unit_edit(self.seq, &changed.change),
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

fn unit_edit(seq: u64, change: &UnitChange) -> RosterEdit {
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
            new: UnitId::new(format!("u-{seq}")),
            name,
            tasks,
            people,
        },
        UnitChange::Alias { unit, alias } => RosterEdit::Alias { unit, alias },
    }
}

impl Standing {
    pub(super) fn set_away(&mut self, absence: &Absence) {
        let person = absence.person.clone();
        self.people.absences.insert(person, absence.clone());
    }

    pub(super) fn name_liaison(&mut self, entry: &LedgerEntry, liaison: &Arc<Liaison>) {
        let named = NamedLiaison {
            at: entry.at,
            by: entry.by.clone(),
            liaison: liaison.clone(),
        };
        self.people.liaisons_named.insert(entry.seq, named);
    }

    pub(super) fn decide_liaison(&mut self, entry: &LedgerEntry, liaison: u64, accepted: bool) {
        let Some(named) = self.people.liaisons_named.remove(&liaison) else {
            return;
        };
        if accepted {
            let what = RosterChange::Liaison(named.liaison);
            self.change_roster(entry, liaison, what);
        }
    }

    pub(super) fn end_liaison(&mut self, entry: &LedgerEntry, person: &PersonId) {
        let what = RosterChange::LiaisonEnded(person.clone());
        self.change_roster(entry, entry.seq, what);
    }

    /// What the person before was in the middle of follows to the successor's account.
    pub(super) fn replace(
        &mut self,
        entry: &LedgerEntry,
        person: &PersonId,
        successor: &Successor,
    ) {
        let what = RosterChange::Replaced(person.clone(), successor.clone());
        self.change_roster(entry, entry.seq, what);
        let newcomer = self.people.changes.last().and_then(RosterEntry::newcomer);
        let account = self.former_accounts.get(person).copied();
        if let (Some(successor), Some(account)) = (newcomer, account) {
            self.former_accounts.entry(successor).or_insert(account);
        }
        if self.office_granted.contains(person)
            && let Some(last) = self.people.changes.last()
            && let Some(successor) = last.newcomer()
        {
            self.office_granted.remove(person);
            self.office_granted.insert(successor);
        }
    }

    pub(super) fn change_unit(&mut self, entry: &LedgerEntry, changed: &Arc<UnitsChanged>) {
        self.change_roster(entry, entry.seq, RosterChange::Unit(changed.clone()));
    }

    pub(super) fn undo_roster_change(&mut self, entry: &LedgerEntry, change: u64) {
        self.people.changes.retain(|known| known.seq != change);
        self.amendments.seq = entry.seq;
    }

    fn change_roster(&mut self, entry: &LedgerEntry, seq: u64, what: RosterChange) {
        self.people.changes.push(RosterEntry {
            seq,
            at: entry.at,
            by: entry.by.clone(),
            what,
        });
        self.amendments.seq = entry.seq;
    }
}
