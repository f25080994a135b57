//! What tests of talks share: the Rushan plan as a frame.

use std::collections::BTreeMap;

use crate::calendar::Calendar;
use crate::ledger::Frame;
use crate::plan::{self, Hash, Settings};

const RUSHAN: &str = include_str!("../../config/plans/rushan.toml");

/// The Rushan plan with default settings and a calendar without tables.
pub(crate) fn frame() -> Frame {
    frame_of(RUSHAN)
}

/// A plan file as a frame, adopted under the hash of its text.
pub(crate) fn frame_of(source: &str) -> Frame {
    let settings = Settings::default();
    Frame {
        adoption: Hash::of(source.as_bytes()),
        plan: plan::read(source, "test.toml").expect("the test's plan has no mistakes"),
        calendar: Calendar::new(BTreeMap::new(), settings.hours.clone()),
        settings,
    }
}

/// The Rushan plan with words of its file replaced.
pub(crate) fn changed(replacements: &[(&str, &str)]) -> Frame {
    let mut source = RUSHAN.to_owned();
    for (old, new) in replacements {
        assert!(source.contains(old), "the plan file has no {old}");
        source = source.replace(old, new);
    }
    frame_of(&source)
}
