//! Any text at one door: see `tests/hostile/doors.rs`.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/hostile/doors.rs"]
mod doors;

libfuzzer_sys::fuzz_target!(|text: &str| doors::payload(text));
