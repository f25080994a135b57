//! What the pure core costs: the fold by length, the notices of one day, a digest. Run with `cargo bench`.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use duban::calendar;
use duban::digest;
use duban::ledger::{
    Act, Actor, ENTRY_VERSION, Frame, Head, Judgement, LedgerEntry, ProgressReport, Standing, Text,
    Value, canonical,
};
use duban::plan::{self, AdoptionText, PersonId, Settings, Task, TaskForceId, TaskId, TaskKind};
use duban::schedule::{self, Assume, Given};
use duban::store::{Changes, Store, StoredEntry};
use rust_decimal::Decimal;
use tokio::runtime::Runtime;

/// Entries of the years a task force works, at the pace of the Rushan plan a few thousand.
const A_LONG_LIFE: usize = 5_000;

/// Far more than any task force will write.
const MOST_ENTRIES: usize = 100_000;

static RUSHAN: LazyLock<Frame> = LazyLock::new(|| {
    let holidays = [
        (2024, include_str!("../config/holidays/2024.toml")),
        (2025, include_str!("../config/holidays/2025.toml")),
        (2026, include_str!("../config/holidays/2026.toml")),
    ];
    let text = AdoptionText::new(
        include_str!("../config/plans/rushan.toml").to_owned(),
        &Settings::default(),
        holidays
            .map(|(year, table)| (year, table.to_owned()))
            .into(),
    );
    Frame::read(&text).expect("the Rushan plan has no mistakes")
});

fn main() {
    divan::main();
}

/// A ledger as the program reads it at its start: each entry from the JSON it is stored as, held against the chain, taken
/// into the standing. What an entry costs must not grow with the chain.
#[divan::bench(args = [1_000, 10_000, MOST_ENTRIES], min_time = 2)]
fn fold(bencher: Bencher, length: usize) {
    let stored = stored(&ledger(&RUSHAN, length));
    bencher
        .counter(ItemsCount::new(length))
        .bench(|| from_stored(black_box(&stored)));
}

/// The same from a SQLite file, as the store hands the entries out, a page at a time.
#[divan::bench(args = [1_000, 10_000, MOST_ENTRIES], sample_count = 10, sample_size = 1)]
fn fold_from_sqlite(bencher: Bencher, length: usize) {
    let runtime = Runtime::new().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("a folder is made");
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let store = runtime.block_on(kept(&url, ledger(&RUSHAN, length)));
    let rushan = TaskForceId::from("rushan");
    bencher.counter(ItemsCount::new(length)).bench(|| {
        let mut standing = Standing::default();
        let read = store.each_entry(&rushan, 0, u64::MAX, |entry| standing.apply(&entry));
        runtime.block_on(read).expect("the ledger reads");
        standing
    });
}

/// The same without reading: entries that lie in memory already. A short chain stays in the processor's cache and a long one
/// does not, so these differ by the machine's memory too.
#[divan::bench(args = [1_000, 10_000, MOST_ENTRIES], min_time = 2)]
fn fold_in_memory(bencher: Bencher, length: usize) {
    let entries = ledger(&RUSHAN, length);
    bencher
        .counter(ItemsCount::new(length))
        .bench(|| Standing::fold(black_box(&entries)));
}

/// A chain of the usual length, as at the start of the program.
#[divan::bench]
fn fold_a_long_life(bencher: Bencher) {
    let entries = ledger(&RUSHAN, A_LONG_LIFE);
    bencher
        .counter(ItemsCount::new(A_LONG_LIFE))
        .bench(|| Standing::fold(black_box(&entries)));
}

/// The slot of a day on which every open task is pinged.
#[divan::bench(args = [3, A_LONG_LIFE])]
fn due_for_one_day(bencher: Bencher, length: usize) {
    let standing = Standing::fold(&ledger(&RUSHAN, length));
    let given = Given::default();
    let now = at("2026-12-22", 9);
    let notices = schedule::due(&RUSHAN, &standing, &given, now);
    assert!(!notices.is_empty(), "a ping is due on that day");
    bencher.bench(|| schedule::due(&RUSHAN, black_box(&standing), &given, now));
}

/// When to wake up next, asked after every event.
#[divan::bench(args = [3, A_LONG_LIFE])]
fn next_wakeup(bencher: Bencher, length: usize) {
    let standing = Standing::fold(&ledger(&RUSHAN, length));
    let given = Given::default();
    let now = at("2026-12-22", 10);
    bencher.bench(|| schedule::next_wakeup(&RUSHAN, black_box(&standing), &given, now));
}

/// A weekly digest with its comparison to the week before, both standings folded already.
#[divan::bench(args = [3, A_LONG_LIFE])]
fn weekly_digest(bencher: Bencher, length: usize) {
    let entries = ledger(&RUSHAN, length);
    let standing = Standing::fold(&entries);
    let (last, now) = (at("2026-12-11", 16), at("2026-12-18", 16));
    let before = Standing::fold(entries.iter().take_while(|entry| entry.at <= last));
    let head = entries
        .iter()
        .fold(Head::default(), |head, entry| head.next(&canonical(entry)));
    bencher.bench(|| {
        let previous = Some((&*RUSHAN, &before, last));
        digest::weekly(
            &RUSHAN,
            black_box(&standing),
            previous,
            5,
            now,
            &head,
            false,
        )
    });
}

/// `duban check` of a plan of so many targets: read, held against itself, its gaps listed.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 10, sample_size = 1)]
fn check(bencher: Bencher, targets: usize) {
    let source = large_plan(targets);
    bencher.counter(ItemsCount::new(targets)).bench(|| {
        let plan = plan::read(black_box(&source), "plan.toml").expect("the plan has no mistakes");
        plan::gaps(&plan)
    });
}

/// `duban preview` of the year 2027 when nobody answers, and when everybody does.
#[divan::bench(args = [Assume::Silent, Assume::Punctual], sample_count = 10, sample_size = 1)]
fn preview_a_year(bencher: Bencher, assume: Assume) {
    let standing = Standing::fold(&ledger(&RUSHAN, 3));
    let day = |day: &str| day.parse::<NaiveDate>().expect("a date");
    let (from, to) = (day("2027-01-01"), day("2027-12-31"));
    let year = schedule::preview(&RUSHAN, &standing, from, to, assume);
    assert!(!year.notices.is_empty(), "a year holds reminders");
    bencher.bench(|| schedule::preview(&RUSHAN, black_box(&standing), from, to, assume));
}

/// The overview behind `/status`.
#[divan::bench(args = [3, A_LONG_LIFE])]
fn status(bencher: Bencher, length: usize) {
    let standing = Standing::fold(&ledger(&RUSHAN, length));
    let now = at("2026-12-25", 16);
    bencher.bench(|| digest::status(&RUSHAN, black_box(&standing), now));
}

fn at(day: &str, hour: u32) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().expect("a date");
    let time = NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
    calendar::instant(day, time)
}

/// A small plan with so many targets more.
fn large_plan(targets: usize) -> String {
    let small = include_str!("../tests/transcripts/config/pair/plans/drainage.toml");
    let target = |number: usize| {
        format!(
            "\n[[indicator]]\nid = \"more-{number}\"\nmeasure = \"1\"\nname = \"整治易涝点{number}\"\nkind = \"stock\"\ncomparator = \">=\"\ntarget = 12\nunit = \"处\"\ndue_as_written = \"2026年底\"\ndue = 2026-12-31\n"
        )
    };
    let more: String = (0..targets).map(target).collect();
    format!("{small}{more}")
}

/// A database that holds these entries, a thousand a commit.
async fn kept(url: &str, entries: Vec<LedgerEntry>) -> Store {
    let store = Store::open(url).await.expect("the database opens");
    let mut head = Head::default();
    for page in entries.chunks(1_000) {
        let mut changes = Changes {
            task_force: Some(TaskForceId::from("rushan")),
            ..Changes::default()
        };
        for entry in page {
            head = changes.push_entry(head, entry.clone());
        }
        let results = store.commit(vec![changes]).await.expect("it commits");
        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }
    store
}

fn stored(entries: &[LedgerEntry]) -> Vec<StoredEntry> {
    let mut head = Head::default();
    let stored = entries.iter().map(|entry| {
        let body = canonical(entry);
        head = head.next(&body);
        StoredEntry {
            seq: head.seq,
            body,
            hash: head.hash,
        }
    });
    stored.collect()
}

fn from_stored(stored: &[StoredEntry]) -> Standing {
    let mut standing = Standing::default();
    let mut head = Head::default();
    for entry in stored {
        head = head.next(&entry.body);
        assert!(head.hash == entry.hash, "the chain holds");
        let entry: LedgerEntry = serde_json::from_str(&entry.body).expect("an entry reads");
        standing.apply(&entry);
    }
    standing
}

/// A chain that begins with adoption, group and start; then its tasks are answered in turn, from the start to
/// 14 December 2026, now and then urged.
fn ledger(frame: &Frame, length: usize) -> Vec<LedgerEntry> {
    let group = Act::GroupBound {
        chat: -100,
        thread: None,
    };
    let adopted = Act::Adopted {
        adoption: frame.adoption,
    };
    let office = &frame.plan.task_force.office_chief;
    let start = at("2026-11-23", 10);
    let whole = TimeDelta::days(21);
    let beginning = [adopted, group, Act::WentLive];
    let working =
        (0..length.saturating_sub(beginning.len())).map(|round| act(frame, round, office));
    let acts = beginning.into_iter().chain(working).take(length);
    acts.zip(1_u64..)
        .map(|(act, seq)| LedgerEntry {
            seq,
            at: start
                + whole * i32::try_from(seq).expect("small")
                    / i32::try_from(length).expect("small"),
            version: ENTRY_VERSION,
            by: Actor::Person(office.clone()),
            act,
        })
        .collect()
}

fn act(frame: &Frame, round: usize, office: &PersonId) -> Act {
    let tasks = &frame.plan.tasks;
    let task = &tasks[round % tasks.len()];
    match round % 10 {
        8 => Act::FollowUp {
            task: task.id.clone(),
        },
        9 => Act::SecrecyShown {
            person: office.clone(),
        },
        _ => Act::Answered(report(task, round / tasks.len()).into()),
    }
}

fn report(task: &Task, round: usize) -> ProgressReport {
    let words = |words: &str| Some(Text::new(words, [7; 16]));
    ProgressReport {
        done: words("南片区换热站已并网试运行"),
        next_steps: words("下月完成最后一座"),
        ..ProgressReport::new(
            TaskId::clone(&task.id),
            "2026-11".to_owned(),
            match task.kind {
                TaskKind::Indicator(_) => Value::Number(Decimal::from(round)),
                TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => Value::None,
            },
            Judgement::Normal,
        )
    }
}
