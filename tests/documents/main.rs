//! Documents of a played month, read back with other libraries and held against the ledger.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;

use duban::cli::{Stage, read_config};
use duban::rehearsal::script::{self, Line};
use duban::store::Store;

const STORY: &str = include_str!("story.txt");

async fn played(url: &str) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let config = read_config(&dir).1.unwrap();
    let lines = script::parse(STORY).unwrap();
    let Some((_, Line::Clock(start))) = lines.first() else {
        panic!("a story begins with `@ TIME`")
    };
    let store = Store::open(url).await.unwrap();
    let mut stage = Stage::open(&config, store, *start, true).await.unwrap();
    for (text, line) in &lines {
        let heard = stage.play(line).await;
        let heard = heard.unwrap_or_else(|error| panic!("{text}: {error}"));
        println!("{text}\n{heard}");
    }
    let violations = stage.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    stage.close().await;
}

#[tokio::test]
async fn story() {
    std::fs::create_dir_all("/tmp/story").unwrap();
    let _ = std::fs::remove_file("/tmp/story/duban.db");
    played("sqlite:/tmp/story/duban.db").await;
}
