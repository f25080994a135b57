//! The roster in the terms of the plan: roles, units, and the head of the office.

use std::collections::{HashMap, HashSet};

use super::ids::Ids;
use super::vocabulary::{UNKNOWN_PERSON, UNKNOWN_POST, UNKNOWN_UNIT};
use super::{ChiefBasis, DraftMember, Why};
use crate::import::roster::{Person, Seat};
use crate::import::unit::{Candidate, PostUnit, Units};
use crate::plan::Role;

/// Longest post, in characters; a plan file takes no longer one.
const MOST_POST: usize = 60;

/// People of one name that are told apart by their posts.
const MOST_NAMESAKES: usize = 20;
/// Units without people among which one is looked for by likeness.
const MOST_LIKELY: usize = 500;

/// Members with the units they file for, by number.
#[derive(Debug, Default)]
pub(super) struct People {
    /// In the order of the roster.
    pub all: Vec<Placed>,
    /// Doubts about units, by the unit's number.
    pub doubts: Vec<(usize, Why)>,
    /// Names of people whose unit is not said, and the unit that stands for it.
    pub unplaced: Option<(usize, Vec<String>)>,
    /// Posts that had to be cut, in full.
    pub cut: Vec<String>,
    /// Who heads the office, if the text says so.
    pub chief: Option<usize>,
    /// Its further people.
    pub staff: Vec<usize>,
    by_name: HashMap<String, Vec<usize>>,
}

/// A person with role and units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub name: String,
    pub post: String,
    pub role: Role,
    pub units: Vec<usize>,
}

impl People {
    /// Places the people of a roster. `concerned` are the units that stand under a measure.
    pub(super) fn place(roster: &[Person], units: &mut Units, concerned: &[usize]) -> Self {
        let mut people = Self::default();
        for person in roster {
            people.add(person);
        }
        people.find_units(units, concerned);
        people
    }

    /// One person may stand under two labels: the first says the role.
    fn add(&mut self, person: &Person) {
        let role = match person.seat {
            Seat::Leader | Seat::Director => Role::Leader,
            Seat::Deputy | Seat::DeputyDirector => Role::DeputyLeader,
            Seat::Member | Seat::Chief | Seat::Staff => Role::Member,
            Seat::Liaison => Role::Liaison,
        };
        let named = self
            .by_name
            .get(&person.name)
            .map_or(&[][..], Vec::as_slice);
        let same = |at: &usize| {
            let post = &self.all[*at].post;
            *post == person.post
                || post.is_empty()
                || person.post.is_empty()
                || person.seat != Seat::Member
        };
        let at = named
            .iter()
            .take(MOST_NAMESAKES)
            .copied()
            .find(same)
            .unwrap_or(self.all.len());
        if at == self.all.len() {
            let mut post = person.post.clone();
            if post.chars().count() > MOST_POST {
                self.cut.push(post.clone());
                post = post.chars().take(MOST_POST).collect();
            }
            self.by_name
                .entry(person.name.clone())
                .or_default()
                .push(at);
            self.all.push(Placed {
                name: person.name.clone(),
                post,
                role,
                units: Vec::new(),
            });
        } else if self.all[at].post.is_empty() {
            self.all[at].post.clone_from(&person.post);
        }
        match person.seat {
            Seat::Chief => self.chief = self.chief.or(Some(at)),
            Seat::Staff => self.staff.push(at),
            Seat::Leader
            | Seat::Deputy
            | Seat::Member
            | Seat::Director
            | Seat::DeputyDirector
            | Seat::Liaison => {}
        }
    }

    fn find_units(&mut self, units: &mut Units, concerned: &[usize]) {
        let files = |role| matches!(role, Role::Member | Role::Liaison);
        let mut others: Vec<(usize, String)> = Vec::new();
        for at in 0..self.all.len() {
            if !files(self.all[at].role) {
                continue;
            }
            match units.of_post(&self.all[at].post) {
                Some(PostUnit::Known(unit, written)) => {
                    units.call(unit, &written);
                    self.all[at].units.push(unit);
                }
                Some(PostUnit::New(name)) => others.push((at, name)),
                None => {
                    let unit = units.named(UNKNOWN_UNIT);
                    self.all[at].units.push(unit);
                    let name = self.all[at].name.clone();
                    self.unplaced
                        .get_or_insert_with(|| (unit, Vec::new()))
                        .1
                        .push(name);
                }
            }
        }
        let manned: HashSet<usize> = self
            .all
            .iter()
            .flat_map(|person| person.units.iter().copied())
            .collect();
        let vacant = |unit: &usize| !units.all[*unit].collective && !manned.contains(unit);
        let vacant = concerned.iter().copied().filter(vacant).take(MOST_LIKELY);
        let mut free = units.candidates(vacant);
        for (at, name) in others {
            let unit = self.likely(at, &name, units, &free);
            free.retain(|vacant| vacant.unit != unit);
            self.all[at].units.push(unit);
        }
    }

    /// The unit of a name that the measures do not know: nearly the same one, one that has nobody and the same field, or a new one.
    fn likely(&mut self, at: usize, name: &str, units: &mut Units, free: &[Candidate]) -> usize {
        if let Some(unit) = units.known(name) {
            return unit;
        }
        let person = self.all[at].name.clone();
        if let Some(unit) = units.spelled(name, free) {
            self.doubts.push((
                unit,
                Why::SpelledOtherwise {
                    name: name.to_owned(),
                    person,
                },
            ));
            units.call(unit, name);
            return unit;
        }
        if let Some(unit) = units.belongs_to(name, free) {
            self.doubts.push((
                unit,
                Why::StandsFor {
                    name: name.to_owned(),
                    person,
                },
            ));
            units.call(unit, name);
            return unit;
        }
        units.named(name)
    }

    /// Who heads the office, and on what that rests where the text does not say; a seat is made where nobody is there.
    pub(super) fn office_chief(
        &mut self,
        office: Option<(usize, String)>,
        named: Option<&str>,
    ) -> (usize, Option<ChiefBasis>) {
        if let Some(at) = named
            .and_then(|words| {
                self.all
                    .iter()
                    .position(|person| words.contains(&person.name))
            })
            .or(self.chief)
        {
            return (at, None);
        }
        if let Some((unit, name)) = office
            && let Some(at) = self
                .all
                .iter()
                .position(|person| person.role == Role::Member && person.units.contains(&unit))
        {
            return (at, Some(ChiefBasis::OfficeUnit(name)));
        }
        for role in [
            Role::DeputyLeader,
            Role::Member,
            Role::Liaison,
            Role::Leader,
        ] {
            if let Some(at) = self.all.iter().position(|person| person.role == role) {
                return (at, Some(ChiefBasis::First));
            }
        }
        let (name, post) = (UNKNOWN_PERSON.to_owned(), UNKNOWN_POST.to_owned());
        self.all.push(Placed {
            name,
            post,
            role: Role::DeputyLeader,
            units: Vec::new(),
        });
        (self.all.len() - 1, Some(ChiefBasis::Nobody))
    }

    /// The members of a draft.
    pub(super) fn members(&self, ids: &mut Ids, units: &[String]) -> Vec<DraftMember> {
        let member = |person: &Placed| DraftMember {
            id: ids.person(&person.name),
            name: person.name.clone(),
            post: person.post.clone(),
            units: person
                .units
                .iter()
                .map(|unit| units[*unit].clone())
                .collect(),
            role: person.role,
        };
        self.all.iter().map(member).collect()
    }
}
