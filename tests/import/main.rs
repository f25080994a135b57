//! From documents to plans: the Rushan plan against the one written by hand, documents in many forms, and random ones.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod bad_input;
mod documents;
mod hour;
mod numbers;
mod random;
mod seeds;
mod twin;

use chrono::NaiveDate;
use duban::import::{self, Draft, Given, Reading};
use duban::plan::{self, Plan};
use duban::render::import::plan_file;

const GIVEN: Given = Given {
    today: NaiveDate::from_ymd_opt(2026, 11, 26).unwrap(),
    since: None,
};

fn read(source: &str) -> Reading {
    import::read(source, &GIVEN)
}

fn draft(source: &str) -> Draft {
    read(source).draft.unwrap()
}

/// The plan of a draft; every draft must pass the check.
#[track_caller]
fn checked(draft: &Draft) -> Plan {
    let file = plan_file(draft);
    plan::read(&file, "draft.toml").unwrap_or_else(|mistakes| {
        let told = duban::render::check::mistakes(&mistakes);
        panic!("{}\n{file}", told.join("\n"))
    })
}
