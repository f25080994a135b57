//! Whole stories from a seed: random people, faults and deaths, and what must hold all the while; and that each law notices
//! when it is broken on purpose.

use duban::simulation::{ACTS, Coverage, NOT_TOLD, Order, Sabotage, Told, run, run_sabotaged};

#[track_caller]
fn told(seed: u64, days: u64, people: usize) -> Told {
    let order = Order { seed, days, people };
    match run(order) {
        Ok(told) => {
            println!("{order:?}: {} deeds, {}", told.deeds, told.hash);
            told
        }
        Err(failure) => panic!(
            "seed {seed}, {days} days, {people} people: {}\n{}\n{}\n\n{}",
            failure.law,
            failure.what,
            failure.story.join("\n"),
            failure.transcript.join("\n")
        ),
    }
}

/// A law notices a sabotage in one of a few short stories; before that another law may notice it too.
#[track_caller]
fn notices(law: &str, sabotage: Sabotage) {
    let mut others = Vec::new();
    for seed in 1..=12 {
        let order = Order {
            seed,
            days: 12,
            people: 6,
        };
        match run_sabotaged(order, sabotage) {
            Ok((broken, _)) if broken == law => return,
            Ok((broken, what)) => others.push(format!("{seed}: {broken}: {what:.300}")),
            Err(told) => others.push(format!("{seed}: all held, {} deeds", told.deeds)),
        }
    }
    panic!("nobody noticed {sabotage:?}:\n{}", others.join("\n"));
}

#[test]
fn one_seed_is_the_same_story_every_time() {
    let first = told(1, 3, 4);
    assert_eq!(told(1, 3, 4).hash, first.hash);
    assert_ne!(told(1, 2, 4).hash, first.hash);
}

#[test]
fn short_stories_of_few_people_hold() {
    for seed in 101..=109 {
        told(seed, 8, 4);
    }
}

#[test]
fn stories_of_some_weeks_hold() {
    // In story 3 wider caps are adopted in the instant in which a card is urged.
    let all = [201, 202, 203, 204, 205, 206, 3].map(|seed| told(seed, 25, 8));
    let teams = all.iter().filter(|told| told.processes == 2);
    let takeovers: Vec<u64> = teams.map(|told| told.takeovers).collect();
    assert!(
        takeovers.iter().any(|times| *times > 0),
        "one process takes over from another in some of them: {takeovers:?}"
    );
}

#[test]
fn a_story_of_many_people_holds() {
    told(301, 14, 25);
}

#[test]
fn a_doubled_message_is_noticed() {
    notices(
        "at most one doubled message per chat and kill or cut",
        Sabotage::Doubles(9),
    );
}

#[test]
fn a_doubled_digest_is_noticed() {
    notices(
        "no doubled message of the kinds that wait for the office",
        Sabotage::DoublesDigests,
    );
}

#[test]
fn a_message_that_is_not_valid_is_noticed() {
    notices("every call is valid for the Bot API", Sabotage::DropsText);
}

#[test]
fn a_ping_too_many_is_noticed() {
    notices("the burden cap holds", Sabotage::Sounds);
}

#[test]
fn a_message_at_night_is_noticed() {
    notices("nothing unasked leaves in quiet hours", Sabotage::AtNight);
}

#[test]
fn a_card_on_what_was_answered_is_noticed() {
    notices(
        "nothing goes to closed, frozen or answered tasks",
        Sabotage::SaysAgain,
    );
}

#[test]
fn an_overdue_task_nobody_hears_of_is_noticed() {
    notices(
        "every overdue task reaches its lead unit",
        Sabotage::SwallowsCards,
    );
}

#[test]
fn an_overdue_task_the_office_does_not_hear_of_is_noticed() {
    notices(
        "every overdue task reaches the office in time",
        Sabotage::SwallowsSlips,
    );
}

#[test]
fn a_key_given_twice_is_noticed() {
    notices("no notice key is given twice", Sabotage::ForgetsKeys);
}

#[test]
fn an_entry_without_the_right_is_noticed() {
    notices("no entry by someone without the right", Sabotage::Intrudes);
}

#[test]
fn a_rewritten_entry_is_noticed() {
    notices("the hash chain verifies", Sabotage::Rewrites);
}

#[test]
fn a_fold_that_takes_an_entry_twice_is_noticed() {
    notices(
        "standing by full fold equals standing by increments",
        Sabotage::FoldsTwice,
    );
}

#[test]
fn an_answer_entered_twice_is_noticed() {
    notices(
        "each answered question is in the ledger once",
        Sabotage::EntersTwice,
    );
}

#[test]
fn a_talk_that_cannot_be_left_is_noticed() {
    notices("a conversation can always be left", Sabotage::GarblesLeave);
}

#[test]
fn a_lost_update_is_noticed() {
    notices("no update is lost", Sabotage::LosesLeave);
}

#[test]
fn nothing_is_counted_that_is_not_listed() {
    let mut all = Coverage::default();
    for seed in 401..=404 {
        all.add(&told(seed, 12, 6).coverage);
    }
    assert!(all.acts.keys().all(|act| ACTS.contains(act)));
    let excused = |act: &&str| NOT_TOLD.iter().any(|(known, _)| known == act);
    assert!(!all.acts.keys().any(excused));
}
