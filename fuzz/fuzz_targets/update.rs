//! Any update all the way to the ledger, with every entry judged: see `tests/hostile/siege.rs`.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/hostile/siege.rs"]
mod siege;

use std::cell::RefCell;

use siege::Siege;
use tokio::runtime::{Builder, Runtime};

/// Updates that one bot gets before another takes its place, so that what it keeps for good is not taken for a leak.
const ROUND: u32 = 2_000;

struct Stage {
    runtime: Runtime,
    siege: Siege,
    updates: u32,
}

impl Stage {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let siege = runtime.block_on(Siege::open(1));
        Self {
            runtime,
            siege,
            updates: 0,
        }
    }
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    STAGE.with_borrow_mut(|stage| {
        if stage.as_ref().is_some_and(|stage| stage.updates >= ROUND) {
            *stage = None;
        }
        let stage = stage.get_or_insert_with(Stage::new);
        stage.updates += 1;
        let came = stage.runtime.block_on(stage.siege.receive(body));
        if let Err(why) = came {
            panic!("{why}");
        }
    });
});
