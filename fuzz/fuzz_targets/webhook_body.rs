//! Any bytes posted to the webhook: see `tests/hostile/doors.rs`.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/hostile/doors.rs"]
mod doors;

libfuzzer_sys::fuzz_target!(|body: &[u8]| doors::webhook_body(body));
