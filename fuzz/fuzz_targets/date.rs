//! Any text at one door: see `tests/hostile/doors.rs`.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/hostile/doors.rs"]
mod doors;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        doors::date(text);
    }
});
