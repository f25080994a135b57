//! Dialogs: what somebody does who began something with a command and means to see it through.

use chrono::{Days, NaiveDate};
use fastrand::Rng;

use super::people::Act;
use super::setting::{Setting, below, one_of, percent};
use super::vocabulary as words;
use crate::rehearsal::{Button, MessageView};

/// What a person knows who acts.
pub struct Scene<'a> {
    /// The task force.
    pub setting: &'a Setting,
    /// The day it is.
    pub today: NaiveDate,
    /// Entries in the ledger so far.
    pub entries: usize,
}

impl Scene<'_> {
    fn person<'s>(&'s self, rng: &mut Rng) -> &'s str {
        let roster = &self.setting.roster;
        &roster[below(rng, roster.len())].name
    }

    fn item<'s>(&'s self, rng: &mut Rng) -> &'s str {
        let items = &self.setting.items;
        &items[below(rng, items.len())]
    }

    fn unit<'s>(&'s self, rng: &mut Rng) -> &'s str {
        let units = &self.setting.units;
        &units[below(rng, units.len())]
    }

    fn day(&self, rng: &mut Rng, within: u64) -> NaiveDate {
        self.today + Days::new(rng.u64(..within))
    }
}

/// The command with which something begins, with an argument that makes sense.
pub fn opening(rng: &mut Rng, scene: &Scene<'_>, of_office: bool) -> String {
    let all: &[&str] = match of_office && percent(rng, 75) {
        true => &words::OFFICE_OPENINGS,
        false => &words::OPENINGS,
    };
    let mut form = one_of(rng, all);
    // The work ends rarely before its time.
    if form.starts_with(words::FINISH) && percent(rng, 85) {
        form = words::OPENINGS[0];
    }
    let day = scene.day(rng, 20);
    let seq = 1 + below(rng, scene.entries);
    form.replace("{item}", scene.item(rng))
        .replace("{person}", scene.person(rng))
        .replace("{unit}", scene.unit(rng))
        .replace("{day}", &words::day(day))
        .replace("{seq}", &seq.to_string())
}

/// What the newest message of the bot moves somebody to who wants to get something done.
pub fn next_act(
    rng: &mut Rng,
    scene: &Scene<'_>,
    messages: &[MessageView],
    said: u64,
) -> Option<Act> {
    let newest = messages.iter().rev().find(|message| message.is_ours)?;
    let starts = |button: &&Button, labels: &[&str]| {
        labels.iter().any(|label| button.text.starts_with(label))
    };
    let all: Vec<&Button> = newest.buttons().collect();
    let onward: Vec<&Button> = all
        .iter()
        .copied()
        .filter(|button| !starts(button, &words::WAYS_OUT))
        .collect();
    let forward: Vec<&Button> = onward
        .iter()
        .copied()
        .filter(|button| starts(button, &words::FORWARD))
        .collect();
    if !forward.is_empty() && percent(rng, 65) {
        return Some(press(newest, forward[below(rng, forward.len())]));
    }
    let asks = words::ASKS.iter().any(|ask| newest.text.contains(ask));
    if asks && (onward.is_empty() || percent(rng, 60)) {
        return Some(Act::Say(typed(rng, scene, &newest.text, said)));
    }
    let any = if onward.is_empty() { &all } else { &onward };
    if any.is_empty() {
        return None;
    }
    Some(press(newest, any[below(rng, any.len())]))
}

fn press(message: &MessageView, button: &Button) -> Act {
    Act::Press(message.id, button.clone())
}

/// What is typed as an answer to a question: of the kind it asks for, mostly.
fn typed(rng: &mut Rng, scene: &Scene<'_>, question: &str, said: u64) -> String {
    let kinds: Vec<words::Kind> = words::KINDS
        .iter()
        .filter(|(ask, _)| question.contains(ask))
        .map(|(_, kind)| *kind)
        .collect();
    let kind = match kinds.is_empty() || percent(rng, 15) {
        true => one_of(rng, &words::KINDS).1,
        false => kinds[below(rng, kinds.len())],
    };
    match kind {
        words::Kind::Day => words::day(scene.day(rng, 90)),
        words::Kind::Days => {
            let from = scene.day(rng, 12);
            let to = from + Days::new(rng.u64(..9));
            words::days(from, to)
        }
        words::Kind::Meeting => words::meeting(scene.day(rng, 14)),
        words::Kind::Money => one_of(rng, &words::MONEY).to_owned(),
        words::Kind::Measure => {
            let item = scene.item(rng);
            item.split('-').next().unwrap_or(item).to_owned()
        }
        words::Kind::Unit => scene.unit(rng).to_owned(),
        words::Kind::Person => scene.person(rng).to_owned(),
        words::Kind::Somebody => {
            let (family, given) = (one_of(rng, &words::FAMILY), one_of(rng, &words::GIVEN));
            format!("{family}{given} {}", words::POST)
        }
        words::Kind::Name => words::centre(said),
        words::Kind::Number => one_of(rng, &words::NUMBERS).to_owned(),
        words::Kind::Sentence => super::people::words(rng, said),
    }
}
