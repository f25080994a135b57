//! The law of doubled messages: at most one a chat and kill or cut, none of the kinds that wait for the office.

use std::collections::{BTreeMap, BTreeSet};

use super::{Held, Laws, must};
use crate::simulation::wire::Arrived;
use crate::store::{OutgoingKind, PARTS};

const ONE: &str = "at most one doubled message per chat and kill or cut";
const NONE: &str = "no doubled message of the kinds that wait for the office";

/// What may double one message in a chat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mishap {
    /// The bot died.
    Death(u32),
    /// A call to the database failed, so that it could not write down what it knew.
    Failure(u64),
}

/// What arrived so far.
#[derive(Default)]
pub(super) struct Doubles {
    arrived: BTreeMap<String, Vec<Arrived>>,
    /// Mishaps that doubled a message in a chat already.
    spent: BTreeSet<(i64, Mishap)>,
    /// Rows the office wants to be sent again.
    wanted: BTreeSet<i64>,
    /// Messages doubled.
    pub count: u64,
}

impl Laws {
    /// The office tapped that a row is to be sent again.
    pub(super) fn wants_again(&mut self, row: i64) {
        self.doubles.wanted.insert(row);
    }

    pub(super) fn hold_arrived(&mut self, arrived: &Arrived) -> Held {
        let message = &arrived.row.message;
        // A digest and a slip are known by their number, whatever row they stand in.
        let slot = message.slot.as_deref().filter(|slot| {
            let numbered = matches!(message.kind, OutgoingKind::Digest | OutgoingKind::Slip);
            numbered && !slot.ends_with(PARTS)
        });
        let name = match slot {
            Some(slot) => format!("{} {slot}", arrived.chat),
            None => arrived.row.id.to_string(),
        };
        let before = self.doubles.arrived.entry(name).or_default();
        let last = before.last().cloned();
        before.push(arrived.clone());
        let Some(last) = last else {
            return Ok(());
        };
        self.doubles.count += 1;
        let what = || format!("{last:?}\nand again {arrived:?}");
        if !message.kind.is_sent_again() {
            let wanted = self.doubles.wanted.remove(&arrived.row.id);
            return must(wanted, NONE, what);
        }
        // A cut of the call itself, before or after.
        if last.untold || arrived.untold {
            return Ok(());
        }
        let deaths = (last.deaths + 1..=arrived.deaths).map(Mishap::Death);
        let failures = (last.failures + 1..=arrived.failures).map(Mishap::Failure);
        let mut mishaps = deaths.chain(failures);
        let spent = &mut self.doubles.spent;
        let excused = mishaps.any(|mishap| spent.insert((arrived.chat, mishap)));
        must(excused, ONE, what)
    }
}
