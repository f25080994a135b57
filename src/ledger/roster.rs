//! Changes of people and units (人员、机构变动) after the adoption: who is away, who joined, who came after whom, how units are
//! called and what became of them.

mod laid;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::decided::Decided;
use super::entry::{Actor, LedgerEntry};
use super::standing::Standing;
use super::text::Text;
use crate::plan::{PersonId, TaskId, UnitId};

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

impl Successor {
    /// Their id, where the replacement's entry has this seq.
    pub fn person(&self, seq: u64) -> PersonId {
        match self {
            Self::Known(person) => person.clone(),
            Self::New { .. } => PersonId::new(format!("s-{seq}")),
        }
    }
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
    /// Whether a right of the office that was granted beyond the plan passed over with it.
    pub granted: bool,
    /// Whether whoever came has had an account since: what passes over was told them.
    pub met: bool,
    /// When and by whom it was taken back.
    pub undone: Option<Decided>,
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
    /// Changes in their order, those taken back with them.
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

    /// Changes in force, in their order.
    pub fn in_force(&self) -> impl DoubleEndedIterator<Item = &RosterEntry> {
        self.changes.iter().filter(|entry| entry.undone.is_none())
    }

    /// The change of this seq, if it is in force.
    pub fn change(&self, seq: u64) -> Option<&RosterEntry> {
        self.in_force().find(|entry| entry.seq == seq)
    }

    /// The first later change in force that is about what came with this one: it must be taken back first.
    pub fn built_on(&self, change: &RosterEntry) -> Option<&RosterEntry> {
        let mut later = self.in_force().filter(|entry| entry.seq > change.seq);
        later.find(|entry| entry.is_about(change))
    }

    /// The naming by which somebody is a liaison, whoever takes that liaison's place included.
    fn naming(&self, liaison: &PersonId) -> Option<(&PersonId, &Arc<Liaison>)> {
        let came = self.in_force();
        let mut came = came.filter(|entry| entry.newcomer().as_ref() == Some(liaison));
        came.find_map(|entry| match &entry.what {
            RosterChange::Liaison(named) => Some((&named.member, named)),
            RosterChange::Replaced(person, Successor::New { .. }) => self.naming(person),
            RosterChange::Replaced(_, Successor::Known(_))
            | RosterChange::LiaisonEnded(_)
            | RosterChange::Unit(_) => None,
        })
    }

    /// The member a liaison files for.
    pub fn member_of(&self, liaison: &PersonId) -> Option<&PersonId> {
        self.naming(liaison).map(|(member, _)| member)
    }

    /// Whose place a person took who has had no account since.
    pub fn before(&self, successor: &PersonId) -> Option<&PersonId> {
        let came = self.in_force().rev();
        let mut came = came.filter(|entry| entry.newcomer().as_ref() == Some(successor));
        came.find_map(|entry| match &entry.what {
            RosterChange::Replaced(person, _) => (!entry.met).then_some(person),
            RosterChange::Liaison(_) | RosterChange::LiaisonEnded(_) | RosterChange::Unit(_) => {
                None
            }
        })
    }

    /// Who has the place that this person had, after everybody who came and went.
    fn holder<'a>(&'a self, person: &'a PersonId) -> Cow<'a, PersonId> {
        let mut holder = Cow::Borrowed(person);
        for entry in self.in_force() {
            if let RosterChange::Replaced(left, _) = &entry.what
                && *left == *holder
                && let Some(newcomer) = entry.newcomer()
            {
                holder = Cow::Owned(newcomer);
            }
        }
        holder
    }

    /// What a unit has become by mergers.
    pub fn became<'a>(&'a self, unit: &'a UnitId) -> &'a UnitId {
        let mut became = unit;
        for entry in self.in_force() {
            if let RosterChange::Unit(changed) = &entry.what
                && let UnitChange::Merged { unit, into } = &changed.change
                && unit == became
            {
                became = into;
            }
        }
        became
    }

    /// The unit to which an item went when its unit was split: (seq, unit).
    fn split_off(&self, task: &TaskId) -> Option<(u64, UnitId)> {
        self.in_force().rev().find_map(|entry| match &entry.what {
            RosterChange::Unit(changed) => match &changed.change {
                UnitChange::Split { tasks, .. } if tasks.contains(task) => {
                    Some((entry.seq, entry.new_unit()))
                }
                UnitChange::Split { .. }
                | UnitChange::Renamed { .. }
                | UnitChange::Merged { .. }
                | UnitChange::Alias { .. } => None,
            },
            RosterChange::Liaison(_)
            | RosterChange::LiaisonEnded(_)
            | RosterChange::Replaced(..) => None,
        })
    }
}

impl RosterEntry {
    /// The id of the person who came with it.
    pub fn newcomer(&self) -> Option<PersonId> {
        match &self.what {
            RosterChange::Liaison(_) => Some(Liaison::id(self.seq)),
            RosterChange::Replaced(_, successor) => Some(successor.person(self.seq)),
            RosterChange::LiaisonEnded(_) | RosterChange::Unit(_) => None,
        }
    }

    /// The id of the unit that came with it, where it is a split.
    fn new_unit(&self) -> UnitId {
        UnitId::new(format!("u-{}", self.seq))
    }

    /// Whether it is about the person or the unit that came with another change.
    fn is_about(&self, other: &Self) -> bool {
        let came = other.newcomer();
        let person = |id: &PersonId| came.as_ref() == Some(id);
        let split = match &other.what {
            RosterChange::Unit(changed) => matches!(changed.change, UnitChange::Split { .. }),
            RosterChange::Liaison(_)
            | RosterChange::LiaisonEnded(_)
            | RosterChange::Replaced(..) => false,
        };
        let new_unit = split.then(|| other.new_unit());
        let unit = |id: &UnitId| new_unit.as_ref() == Some(id);
        match &self.what {
            RosterChange::Liaison(named) => person(&named.member),
            RosterChange::LiaisonEnded(ended) => person(ended),
            RosterChange::Replaced(left, Successor::Known(known)) => person(left) || person(known),
            RosterChange::Replaced(left, Successor::New { .. }) => person(left),
            RosterChange::Unit(changed) => match &changed.change {
                UnitChange::Renamed { unit: of, .. } | UnitChange::Alias { unit: of, .. } => {
                    unit(of)
                }
                UnitChange::Merged { unit: of, into } => unit(of) || unit(into),
                UnitChange::Split {
                    unit: of, people, ..
                } => unit(of) || people.iter().any(person),
            },
        }
    }
}

impl Standing {
    /// The unit to which an item went with a split later than the last settlement of who files it.
    pub(super) fn split_off(&self, task: &TaskId) -> Option<UnitId> {
        let (seq, unit) = self.people.split_off(task)?;
        let mut settled = self.terms_in_force(task);
        let later = settled.all(|one| one.seq < seq || one.how.sets().filing_lead.is_none());
        later.then_some(unit)
    }

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

    /// What the person before was in the middle of follows to the successor's account, and so does the office's right that
    /// was granted to them.
    pub(super) fn replace(
        &mut self,
        entry: &LedgerEntry,
        person: &PersonId,
        successor: &Successor,
    ) {
        let what = RosterChange::Replaced(person.clone(), successor.clone());
        self.change_roster(entry, entry.seq, what);
        let account = self.former_accounts.get(person).copied();
        let granted = self.office_granted.contains(person);
        let Some(change) = self.people.changes.last_mut() else {
            return;
        };
        let Some(successor) = change.newcomer() else {
            return;
        };
        change.met = self.bindings.contains_key(&successor);
        change.granted = granted && self.office_granted.insert(successor.clone());
        if let Some(account) = account {
            self.former_accounts.entry(successor).or_insert(account);
        }
    }

    pub(super) fn change_unit(&mut self, entry: &LedgerEntry, changed: &Arc<UnitsChanged>) {
        self.change_roster(entry, entry.seq, RosterChange::Unit(changed.clone()));
    }

    /// Somebody who came has an account from now on.
    pub(super) fn note_met(&mut self, person: &PersonId) {
        for change in &mut self.people.changes {
            change.met |= change.newcomer().as_ref() == Some(person);
        }
    }

    /// A liaison is asked as long as they are bound.
    pub(super) fn note_binding(&mut self, person: &PersonId) {
        if self.people.member_of(person).is_some() {
            self.amendments.seq = self.seq;
        }
    }

    /// The right that passed over goes back, and what the successor was in the middle of with it.
    pub(super) fn undo_roster_change(&mut self, entry: &LedgerEntry, change: u64) {
        self.amendments.seq = entry.seq;
        let mut changes = self.people.changes.iter_mut();
        let Some(change) = changes.find(|known| known.seq == change && known.undone.is_none())
        else {
            return;
        };
        change.undone = Some((entry.at, entry.by.clone()));
        let RosterChange::Replaced(person, by) = &change.what else {
            return;
        };
        let Some(successor) = change.newcomer() else {
            return;
        };
        if change.granted {
            self.office_granted.remove(&successor);
        }
        if let (Successor::New { .. }, Some(account)) = (by, self.former_accounts.get(&successor)) {
            self.former_accounts.insert(person.clone(), *account);
        }
    }

    fn change_roster(&mut self, entry: &LedgerEntry, seq: u64, what: RosterChange) {
        self.people.changes.push(RosterEntry {
            seq,
            at: entry.at,
            by: entry.by.clone(),
            what,
            granted: false,
            met: false,
            undone: None,
        });
        self.amendments.seq = entry.seq;
    }
}
