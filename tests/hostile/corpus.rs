//! The start corpus: one update of every kind of the Bot API 10.1, and every field an update can hold.

use serde_json::Value;

/// One update a line.
pub const UPDATES: &str = include_str!("../../fuzz/updates.jsonl");

/// What each line is.
pub const FIELDS: &str = include_str!("../../fuzz/fields.txt");

/// The updates, parsed.
pub fn updates() -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).expect("the corpus is JSON");
    UPDATES.lines().map(parse).collect()
}
