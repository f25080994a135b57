//! What documents cost by the length of the ledger: time a row and memory beside the ledger itself, each document in a process
//! of its own. Run with `cargo bench --bench documents`; Linux only, it reads `/proc`. It fails where the promise is broken: the cost
//! of a row is flat, and memory bounded.
#![expect(
    clippy::disallowed_methods,
    reason = "how long it takes is the outside world's time"
)]

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use duban::digest::{self, Digest, Pack, Scope, Stamp};
use duban::ledger::{
    Act, Actor, ENTRY_VERSION, Frame, Head, Judgement, LedgerEntry, ProgressReport, Standing, Text,
    Value,
};
use duban::plan::{AdoptionText, Settings, Task, TaskKind};
use duban::render::document::machine::{self, Form};
use duban::render::document::{bulletin, workbook};
use rust_decimal::Decimal;

/// Answers in the ledger.
const LENGTHS: [usize; 3] = [1_000, 10_000, 100_000];

/// Times each document is made; the best counts, as other work on the machine only adds.
const ROUNDS: usize = 3;

/// A row of 100,000 costs at most so many times what a row of 10,000 does.
const MOST_GROWTH: f64 = 1.5;

/// Memory a document of 100,000 answers may take beside the ledger, in kB. The workbook's own bytes are part of it.
const MOST_MEMORY_KB: u64 = 96 * 1024;

/// What the parent calls a child with.
const ONE: &str = "one";

const DOCUMENTS: [&str; 4] = ["workbook", "csv", "json", "report"];

/// One document, made.
#[derive(Debug, Clone, Copy)]
struct Measured {
    took: Duration,
    /// Peak beside what the ledger held before.
    memory_kb: u64,
    /// Of the file.
    bytes: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, document, length] = arguments.as_slice()
        && first == ONE
    {
        let measured = made(document, length.parse()?)?;
        println!(
            "{} {} {}",
            measured.took.as_nanos(),
            measured.memory_kb,
            measured.bytes
        );
        return Ok(());
    }
    for document in DOCUMENTS {
        let all = LENGTHS.map(|length| best_of(document, length));
        let [_, middle, long] = all;
        let (middle, long) = (middle?, long?);
        let each = |measured: Measured, length: usize| measured.took.as_secs_f64() / length as f64;
        let growth = each(long, LENGTHS[2]) / each(middle, LENGTHS[1]);
        println!("{document}: a row of 100,000 costs {growth:.2} times one of 10,000");
        ensure!(growth <= MOST_GROWTH, "the cost of a row grows");
        ensure!(
            long.memory_kb <= MOST_MEMORY_KB,
            "it takes {} kB beside the ledger",
            long.memory_kb
        );
    }
    Ok(())
}

fn best_of(document: &str, length: usize) -> anyhow::Result<Measured> {
    let rounds = (0..ROUNDS).map(|_| in_a_child(document, length));
    let rounds: Vec<Measured> = rounds.collect::<anyhow::Result<_>>()?;
    let best = rounds.iter().min_by_key(|round| round.took);
    let best = *best.context("there are rounds")?;
    println!(
        "{document:>8} of {length:>6} answers: {:>8.1} ms, {:>6.2} µs an answer, {:>6} kB beside the ledger, {:>8} bytes",
        best.took.as_secs_f64() * 1e3,
        best.took.as_secs_f64() * 1e6 / length as f64,
        best.memory_kb,
        best.bytes
    );
    Ok(best)
}

fn in_a_child(document: &str, length: usize) -> anyhow::Result<Measured> {
    let child = Command::new(std::env::current_exe()?)
        .args([ONE, document, &length.to_string()])
        .output()?;
    ensure!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stderr)
    );
    let said = String::from_utf8(child.stdout)?;
    let numbers: Vec<u64> = said
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [nanos, memory_kb, bytes] = numbers[..] else {
        bail!("a child said {said:?}");
    };
    Ok(Measured {
        took: Duration::from_nanos(nanos),
        memory_kb,
        bytes,
    })
}

/// Makes one document of so many answers.
fn made(document: &str, length: usize) -> anyhow::Result<Measured> {
    let frame = rushan()?;
    let standing = Standing::fold(&ledger(&frame, length));
    let cut_off_at: DateTime<Utc> = "2026-12-18T08:00:00Z".parse()?;
    let head = Head {
        seq: standing.seq,
        hash: [7; 32],
    };
    let digest: Digest = digest::weekly(&frame, &standing, None, 1, cut_off_at, &head, false);
    let stamp = Stamp {
        number: 1,
        posted: false,
        cut_off_at,
        seq: head.seq,
        head: head.printed(),
        removed_by: Vec::new(),
    };
    let scope = Scope::default();
    let pack = Pack {
        frame: &frame,
        standing: &standing,
        stamp: &stamp,
        digest: &digest,
        scope: &scope,
    };
    ensure!(pack.answer_count() == length, "every answer is a row");
    // The kernel forgets the peak so far.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = kilobytes("VmRSS:")?;
    let begun = Instant::now();
    let bytes = written(document, &pack)?;
    let took = begun.elapsed();
    Ok(Measured {
        took,
        memory_kb: kilobytes("VmHWM:")?.saturating_sub(before),
        bytes,
    })
}

/// Bytes of the document; tables go out piece by piece and are not kept.
fn written(document: &str, pack: &Pack<'_>) -> anyhow::Result<u64> {
    let mut bytes = 0;
    let mut put = |piece: &str| bytes += piece.len() as u64;
    match document {
        "workbook" => return Ok(workbook::workbook(pack, &mut || ())?.len() as u64),
        "report" => return Ok(bulletin::bulletin(pack, None)?.len() as u64),
        "csv" => machine::write(pack, Form::Csv, &["answers"], &mut put, &mut || ()),
        "json" => machine::write(pack, Form::Json, &machine::keys(pack), &mut put, &mut || ()),
        other => bail!("there is no {other}"),
    }
    Ok(bytes)
}

fn kilobytes(name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("the kernel tells it")?.parse()?)
}

fn rushan() -> anyhow::Result<Frame> {
    let plan = include_str!("../config/plans/rushan.toml").to_owned();
    let text = AdoptionText::new(plan, &Settings::default(), Default::default());
    Frame::read(&text).map_err(|error| anyhow::anyhow!("the Rushan plan has mistakes: {error:?}"))
}

/// Adoption and start, then every task answered in turn over three weeks.
fn ledger(frame: &Frame, answers: usize) -> Vec<LedgerEntry> {
    let adopted = Act::Adopted {
        adoption: frame.adoption,
    };
    let tasks = frame.plan.tasks.iter().cycle();
    let answered = tasks
        .zip(0..answers)
        .map(|(task, round)| Act::Answered(report(task, round).into()));
    let acts = [adopted, Act::WentLive].into_iter().chain(answered);
    let start: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::days(20_780);
    let office = &frame.plan.task_force.office_chief;
    acts.zip(1_u64..)
        .map(|(act, seq)| LedgerEntry {
            seq,
            at: start + TimeDelta::seconds(i64::try_from(seq).unwrap_or_default() * 15),
            version: ENTRY_VERSION,
            by: Actor::Person(office.clone()),
            act,
        })
        .collect()
}

/// An answer with words of the usual length, every one another.
fn report(task: &Task, round: usize) -> ProgressReport {
    let words = |words: String| Some(Text::new(words, [7; 16]));
    ProgressReport {
        done: words(format!(
            "南片区第{round}座换热站已并网试运行，沿线管网完成打压试验"
        )),
        issues: round
            .is_multiple_of(4)
            .then(|| Text::new(format!("第{round}批管材到货晚"), [7; 16])),
        next_steps: words(format!("下月完成第{}座", round + 1)),
        ..ProgressReport::new(
            task.id.clone(),
            "2026-11".to_owned(),
            match task.kind {
                TaskKind::Indicator(_) => Value::Number(Decimal::from(round % 1_000)),
                TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => Value::None,
            },
            Judgement::Normal,
        )
    }
}
