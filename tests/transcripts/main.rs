//! Transcripts: a script of people, times and taps against the real service and the real client, compared with what left the outbox.
//!
//! Plays are strict: a call against the rules of the Bot API fails the test. Every file beside this one is played twice: as it stands, and with the bot stopped and started anew before every line. Both must say the same.
//! `-- backup` keeps a copy of all that is stored; at `-- restore` the bot is killed, the copy put back and the bot started on it.
//! `DUBAN_BLESS=1 cargo test --test transcripts` writes down what is said now; read the difference before you keep it.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod remake;
mod year;

use std::fs;
use std::path::{Path, PathBuf};

use duban::cli::{ConfigFiles, Stage, read_config};
use duban::rehearsal::script::{self, Line};
use duban::store::{COPY_OF, Memory, Store};

#[derive(Clone, Copy, PartialEq)]
enum Restarts {
    Never,
    BeforeEveryLine,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `-- key: value` in a transcript's first lines.
fn header<'a>(source: &'a str, key: &str) -> Option<&'a str> {
    let lines = source.lines().take_while(|line| line.starts_with("--"));
    lines
        .filter_map(|line| line.trim_start_matches('-').trim().split_once(':'))
        .find(|(k, _)| *k == key)
        .map(|(_, value)| value.trim())
}

fn config(source: &str) -> ConfigFiles {
    let dir = match header(source, "config") {
        Some(name) => root().join("tests/transcripts/config").join(name),
        None => root().join("config"),
    };
    match read_config(&dir) {
        (_, Ok(config)) => config,
        (_, Err(mistakes)) => panic!("{}:\n{}", dir.display(), mistakes.lines().join("\n")),
    }
}

/// The transcript as it comes out: remarks and lines as written, what the bot said under each.
async fn played(source: &str, restarts: Restarts, store: Store) -> String {
    let config = config(source);
    let lines = script::parse(source).unwrap();
    let Some((_, Line::Clock(start))) = lines.first() else {
        panic!("a transcript begins with `@ TIME`")
    };
    let bound = header(source, "bound") != Some("none");
    let mut stage = Stage::open(&config, store, *start, bound).await.unwrap();
    let mut out = String::new();
    let mut lines = lines.iter();
    let mut copy = None;
    for text in source.lines() {
        match (text, stage.store()) {
            ("-- backup", Store::Memory(memory)) => copy = Some(memory.copied()),
            ("-- restore", Store::Memory(memory)) => {
                memory.clone().put_back(copy.as_ref().unwrap());
                let marked = stage.store().set_fact(COPY_OF, Some("copied")).await;
                marked.unwrap();
                stage.restart().await;
            }
            _ => {}
        }
        if text.starts_with("--") || text.is_empty() {
            out.push_str(text);
            out.push('\n');
            continue;
        }
        if text.starts_with([' ', '\t']) {
            continue;
        }
        let (_, line) = lines.next().unwrap();
        if restarts == Restarts::BeforeEveryLine {
            stage.restart().await;
        }
        out.push_str(text.trim_end());
        out.push('\n');
        let heard = stage.play(line).await;
        let heard = heard.unwrap_or_else(|error| panic!("{text}: {error}\nso far:\n{out}"));
        out.push_str(&heard);
    }
    let violations = stage.violations();
    assert!(
        violations.is_empty(),
        "against the platform's rules: {violations:#?}"
    );
    stage.close().await;
    out.lines().map(without_head).collect()
}

/// The head of the chain hangs on the second of every entry, and a bot just started need not wait for Telegram's pace: it is left out.
fn without_head(line: &str) -> String {
    let is_hex = |rest: &str| rest.len() == 12 && rest.bytes().all(|b| b.is_ascii_hexdigit());
    match line.rsplit_once(" · ") {
        Some((before, head)) if before.contains("序号") && is_hex(head) => {
            format!("{before} · …\n")
        }
        _ => format!("{line}\n"),
    }
}

fn compare(path: &Path, expected: &str, actual: &str, how: &str) {
    if expected == actual {
        return;
    }
    let differing = expected
        .lines()
        .zip(actual.lines())
        .position(|(e, a)| e != a);
    let at = differing.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
    let around = |text: &str| {
        text.lines()
            .skip(at.saturating_sub(6))
            .take(24)
            .collect::<Vec<_>>()
            .join("\n")
    };
    panic!(
        "{} ({how}) differs from line {}:\n--- written\n{}\n--- played\n{}",
        path.display(),
        at + 1,
        around(expected),
        around(actual)
    );
}

async fn check(name: &str) {
    let path = root().join("tests/transcripts").join(name);
    let source = fs::read_to_string(&path).unwrap();
    let memory = || Store::Memory(Memory::default());
    let plain = played(&source, Restarts::Never, memory()).await;
    if std::env::var_os("DUBAN_BLESS").is_some() {
        fs::write(&path, &plain).unwrap();
    } else {
        compare(&path, &source, &plain, "as it stands");
    }
    let restarted = played(&source, Restarts::BeforeEveryLine, memory()).await;
    compare(&path, &plain, &restarted, "restarted before every line");
}

/// The first start on a database file says what it says in memory.
#[tokio::test]
async fn a_database_says_what_memory_says() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("duban.db").display());
    let path = root().join("tests/transcripts/first_start.txt");
    let source = fs::read_to_string(&path).unwrap();
    let memory = Store::Memory(Memory::default());
    let in_memory = played(&source, Restarts::Never, memory).await;
    let database = Store::open(&url).await.unwrap();
    let on_disk = played(&source, Restarts::BeforeEveryLine, database).await;
    compare(&path, &in_memory, &on_disk, "on SQLite");
}

macro_rules! transcripts {
    ($($name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            check(concat!(stringify!($name), ".txt")).await;
        }
    )*

        /// A transcript nobody plays would prove nothing.
        #[test]
        fn every_transcript_is_played() {
            let played: Vec<&str> = vec![$(stringify!($name)),*];
            let files = fs::read_dir(root().join("tests/transcripts")).unwrap();
            let names = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "txt"));
            for path in names {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                assert!(played.contains(&name.as_str()), "{name}.txt is not in the list");
            }
        }
    };
}

transcripts! {
    absence
    anonymous
    assign
    board
    binding
    blocked
    changed_plan
    closure
    correction
    cosign
    decided_before
    digests
    export
    extension
    ended_talks
    first_code_late
    first_start
    foreign_groups
    group_trouble
    holidays
    finish
    redact
    ledger
    liaison
    links
    outage
    matters
    meeting
    meeting_guests
    on_behalf
    own_date
    pause
    pause_digest
    project
    promises
    refusals
    replace
    report_bad_input
    report_baseline
    report_cards
    report_edit
    report_group
    report_hint
    report_late
    report_milestone
    report_number
    report_number_forms
    report_odd
    report_steps
    requests
    restored
    restored_make_up
    stand_in
    status_deleted
    story
    slip_unknown
    slip_waits
    slips
    strangers
    supergroup
    supplement
    terms
    terms_changed
    topics
    two_people
    two_task_forces
    unit
    unknown_outcome
    urge
}

/// Sections of a transcript between `-- at most N acts` and `-- counted`: N, and the lines a person wrote or tapped.
fn counted(source: &str) -> Vec<(usize, usize)> {
    let mut sections = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("-- at most ") {
            let most = rest.split(' ').next().unwrap().parse().unwrap();
            open = Some((most, 0));
        } else if line == "-- counted" {
            sections.push(open.take().expect("a section is open"));
        } else if let Some((_, acts)) = &mut open
            && !line.starts_with([' ', '-', '@', '!'])
            && line.contains(['>', '#'])
        {
            *acts += 1;
        }
    }
    assert_eq!(open, None, "a section is not closed");
    sections
}

#[test]
fn an_item_takes_at_most_8_acts_and_kept_ones_4() {
    let source = fs::read_to_string(root().join("tests/transcripts/report_number.txt")).unwrap();
    let sections = counted(&source);
    assert_eq!(
        sections.iter().map(|(most, _)| *most).collect::<Vec<_>>(),
        [8, 4]
    );
    for (most, acts) in sections {
        assert!(acts > 0 && acts <= most, "{acts} acts, at most {most}");
    }
}
