//! The month: a script of people and taps against the real service, over a database the program then reads.

use std::path::Path;
use std::sync::OnceLock;

use chrono::TimeDelta;
use duban::cli::{Stage, read_config};
use duban::ledger::{Act, Actor, ENTRY_VERSION, Filed, Head, LedgerEntry};
use duban::plan::{Plan, TaskForceId};
use duban::rehearsal::script::{self, Line};
use duban::store::{Changes, Store};
use tempfile::TempDir;

const STORY: &str = include_str!("story.txt");

/// The month, over.
pub struct Month {
    _folder: TempDir,
    /// Where its database is.
    pub url: String,
    /// Its ledger.
    pub entries: Vec<LedgerEntry>,
    /// Its plan.
    pub plan: Plan,
    /// Files the bot sent, with their names, in order.
    pub sent: Vec<(String, Vec<u8>)>,
}

impl Month {
    /// Every answer of the ledger.
    pub fn answers(&self) -> Vec<Filed> {
        let answer = |entry: &LedgerEntry| match &entry.act {
            Act::Answered(report) => Some(Filed {
                seq: entry.seq,
                at: entry.at,
                by: entry.by.clone(),
                report: report.clone(),
            }),
            _ => None,
        };
        self.entries.iter().filter_map(answer).collect()
    }

    /// The stamp of the third digest, as footers hold it.
    pub fn third_stamp(&self) -> String {
        let posted = self.entries.iter().find_map(|entry| match &entry.act {
            Act::DigestPosted {
                number: 3,
                last_seq,
                ..
            } => Some(*last_seq),
            _ => None,
        });
        format!(
            "第3期 · 截至2026年12月11日 16:00 · 台账序号{} · ",
            posted.unwrap()
        )
    }
}

/// The month, played once for all tests.
pub fn month() -> &'static Month {
    static MONTH: OnceLock<Month> = OnceLock::new();
    MONTH.get_or_init(|| {
        // A runtime of its own: the caller may have one.
        let played = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(played())
        });
        played.join().unwrap()
    })
}

async fn played() -> Month {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let config = read_config(&dir).1.unwrap();
    let lines = script::parse(STORY).unwrap();
    let Some((_, Line::Clock(start))) = lines.first() else {
        panic!("a story begins with `@ TIME`")
    };
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("duban.db").display());
    let store = Store::open(&url).await.unwrap();
    let mut stage = Stage::open(&config, store, *start, true).await.unwrap();
    for (text, line) in &lines {
        let heard = stage.play(line).await;
        heard.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    let violations = stage.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    let world = stage.room().world().clone();
    let sent = world.journal().into_iter().filter_map(|call| {
        let document = call.outcome?.ok()?.get("document")?.clone();
        let text = |field: &str| document[field].as_str().unwrap_or_default().to_owned();
        Some((text("file_name"), world.file(&text("file_id"))?))
    });
    let sent = sent.collect();
    let task_force = config.plans[0].plan.task_force.id.clone();
    let entries = stage.store().entries_after(&task_force, 0).await.unwrap();
    stage.close().await;
    Month {
        _folder: folder,
        url,
        entries,
        plan: config.plans[0].plan.clone(),
        sent,
    }
}

/// A new database with the month's ledger, and 宋校政 doing this an hour after it.
pub async fn continued(url: &str, acts: Vec<Act>) {
    let (store, known) = (Store::open(url).await.unwrap(), &month().url);
    let known = Store::open(known).await.unwrap();
    let entries = &month().entries;
    let after = entries.last().unwrap().at + TimeDelta::hours(1);
    let more = acts.into_iter().map(|act| LedgerEntry {
        seq: 0,
        at: after,
        version: ENTRY_VERSION,
        by: Actor::Person("song-xiaozheng".into()),
        act,
    });
    let all: Vec<LedgerEntry> = entries.iter().cloned().chain(more).collect();
    let mut head = Head::default();
    for page in all.chunks(1_000) {
        let mut changes = Changes {
            task_force: Some(TaskForceId::from("rushan")),
            ..Changes::default()
        };
        for entry in page {
            if let Act::Adopted { adoption } = &entry.act {
                let text = known.adoption(*adoption).await.unwrap().unwrap();
                changes.adoptions.push((*adoption, text));
            }
            head = changes.push_entry(head, entry.clone());
        }
        for result in store.commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
    }
    store.close().await;
}
