//! Shrinking: the same law broken by fewer deeds. Each deed carries its own seed, so those that stay are told as before.

use super::deed::Deed;
use super::setting::Setting;
use super::{Failure, Order, Stopped, tell};

/// Stories told in search of the shortest.
const MOST_TRIES: usize = 150;

/// The search ends when its stories took so many polls together.
const MOST_POLLS: u64 = 1_500_000;

/// The shortest story found that ends with the same law.
pub fn shortest(order: Order, setting: &Setting, deeds: Vec<Deed>, stopped: Stopped) -> Failure {
    let mut last = stopped;
    let mut polls = 0;
    let shortest = shorter(deeds, MOST_TRIES, |some| {
        if polls > MOST_POLLS {
            return false;
        }
        match tell(order, setting, some, None) {
            Ok(told) => {
                polls += told.polls;
                false
            }
            Err(stopped) => {
                polls += stopped.polls;
                let same = stopped.law == last.law;
                if same {
                    last = stopped;
                }
                same
            }
        }
    });
    Failure {
        order,
        law: last.law,
        what: last.what,
        story: shortest.iter().map(ToString::to_string).collect(),
        transcript: last.transcript,
    }
}

/// Leaves out the end, then people one by one, then ever smaller pieces, as long as `fails` says that it still fails.
fn shorter(deeds: Vec<Deed>, most: usize, mut fails: impl FnMut(&[Deed]) -> bool) -> Vec<Deed> {
    let mut best = deeds;
    let mut tries = 0;
    let mut attempt = |some: Vec<Deed>, best: &mut Vec<Deed>| {
        if some.len() == best.len() || tries == most {
            return false;
        }
        tries += 1;
        let failed = fails(&some);
        if failed {
            *best = some;
        }
        failed
    };
    // Fewer days: the first half as long as it fails, then a tenth less.
    for share in [2, 2, 2, 2, 10, 10, 10, 10] {
        let keep = best.len() - best.len() / share;
        let keep = if share == 2 { best.len() / 2 } else { keep };
        attempt(best[..keep].to_vec(), &mut best);
    }
    // Fewer people.
    let mut people: Vec<Option<usize>> = best.iter().map(|deed| deed.who).collect();
    people.sort_unstable();
    people.dedup();
    for who in people {
        let others = best.iter().filter(|deed| deed.who != who);
        let others: Vec<Deed> = others.cloned().collect();
        attempt(others, &mut best);
    }
    // Fewer deeds.
    let mut piece = best.len().div_ceil(2);
    while piece > 0 {
        let mut from = 0;
        while from < best.len() {
            let end = (from + piece).min(best.len());
            let mut some = best[..from].to_vec();
            some.extend_from_slice(&best[end..]);
            if !attempt(some, &mut best) {
                from = end;
            }
        }
        piece /= 2;
    }
    best
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::simulation::deed::What;

    #[test]
    fn what_has_no_part_in_a_failure_is_left_out() {
        let deed = |seed| Deed {
            at: DateTime::UNIX_EPOCH,
            seed,
            who: Some((seed % 5) as usize),
            what: What::Answer,
        };
        let guilty = |some: &[Deed]| {
            let there = |seed| some.iter().any(|deed| deed.seed == seed);
            there(31) && there(52)
        };
        let found = shorter((0..100).map(deed).collect(), 500, guilty);
        let seeds: Vec<u64> = found.iter().map(|deed| deed.seed).collect();
        assert_eq!(seeds, [31, 52]);
    }
}
