//! Changes of the configuration within a story: another plan, other settings, another calendar.

use chrono::{Days, NaiveDate};
use fastrand::Rng;

use super::setting::{Setting, below, holidays, one_of, percent, settings};
use super::vocabulary as words;
use crate::ledger::Frame;

/// A change that makes a mistake in the plan file is drawn anew so often.
const MOST_TRIES: usize = 20;

/// The same task force with something changed that reads without a mistake.
pub fn changed(rng: &mut Rng, setting: &Setting) -> Setting {
    for _ in 0..MOST_TRIES {
        let mut next = setting.clone();
        for _ in 0..1 + below(rng, 3) {
            change(rng, &mut next);
        }
        let reads = |setting: &Setting| {
            let mut adoptions = setting.adoptions().into_iter();
            adoptions.all(|(_, text)| Frame::read(&text).is_ok())
        };
        if reads(&next) {
            return next;
        }
    }
    setting.clone()
}

fn change(rng: &mut Rng, setting: &mut Setting) {
    match below(rng, 8) {
        0 => setting.settings = settings(rng),
        1 => {
            let monday = crate::calendar::date_of(setting.starts_at);
            setting.holidays = holidays(rng, monday, 90);
        }
        2 => change_line(rng, setting, "due = ", |rng, due| {
            let due: NaiveDate = due.parse().ok()?;
            Some((due + Days::new(rng.u64(..40))).to_string())
        }),
        3 => change_line(rng, setting, "target = ", |rng, _| {
            Some((1 + rng.u32(..500)).to_string())
        }),
        4 => change_line(rng, setting, "rhythm = ", |rng, _| {
            Some(one_of(rng, &["\"weekly\"", "\"monthly\"", "\"two_weekly\""]).to_owned())
        }),
        5 => change_line(rng, setting, "name = ", |rng, name| {
            let more = one_of(rng, &words::GIVEN);
            Some(format!("{}{more}\"", name.strip_suffix('"')?))
        }),
        6 => drop_target(rng, setting),
        _ => move_lead(rng, setting),
    }
}

/// Puts another value behind one of the lines that begin so.
fn change_line(
    rng: &mut Rng,
    setting: &mut Setting,
    key: &str,
    other: impl Fn(&mut Rng, &str) -> Option<String>,
) {
    let mut lines: Vec<String> = setting.plan.lines().map(str::to_owned).collect();
    let places: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with(key))
        .collect();
    let Some(&at) = places.get(below(rng, places.len())) else {
        return;
    };
    if let Some(value) = other(rng, &lines[at][key.len()..]) {
        lines[at] = format!("{key}{value}");
        setting.plan = lines.join("\n") + "\n";
    }
}

/// A target vanishes with the doubts about it.
fn drop_target(rng: &mut Rng, setting: &mut Setting) {
    let targets: Vec<String> = setting
        .items
        .iter()
        .filter(|item| item.contains('-'))
        .cloned()
        .collect();
    if targets.len() < 2 {
        return;
    }
    let gone = &targets[below(rng, targets.len())];
    let of_target = |block: &str| {
        let is_it =
            block.starts_with("[[indicator]]") && block.contains(&format!("id = \"{gone}\""));
        is_it || block.contains(&format!("indicator = \"{gone}\""))
    };
    let plan = setting.plan.replace("\n[[", "\n\u{0}[[");
    let blocks = plan.split('\u{0}').filter(|block| !of_target(block));
    setting.plan = blocks.collect();
}

/// Another unit leads a measure.
fn move_lead(rng: &mut Rng, setting: &mut Setting) {
    let unit = below(rng, setting.units.len());
    let alone = percent(rng, 50);
    change_line(rng, setting, "leads = [", |_, before| {
        let before = before.strip_suffix(']')?;
        let lead = format!("\"u{unit}\"");
        match alone || before.contains(&lead) {
            true => Some(format!("{lead}]")),
            false => Some(format!("{before}, {lead}]")),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_plan_reads_without_a_mistake_and_is_another() {
        let mut others = 0;
        for seed in 0..100 {
            let mut rng = Rng::with_seed(seed);
            let setting = Setting::draw(&mut rng, 12, 60);
            let next = changed(&mut rng, &setting);
            let [(_, text)] = next.adoptions().try_into().unwrap();
            assert!(Frame::read(&text).is_ok(), "{seed}: {}", next.plan);
            let before = &setting.adoptions()[0].1;
            others += usize::from(before.hash() != text.hash());
        }
        assert!(others > 95, "{others} of 100 changed");
    }
}
