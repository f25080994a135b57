//! What pictures cost: the look back over twelve weeks, the drawing, the PNG; of the Rushan plan and of one with 200 measures. Run with
//! `cargo bench --bench pictures`.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use divan::{Bencher, black_box};
use duban::calendar;
use duban::digest::{
    self, COURSE_DAYS, Course, DayLights, Digest, LookBack, Pack, Scope, Stamp, Walk,
};
use duban::ledger::{
    Act, Actor, ENTRY_VERSION, Frame, Head, Judgement, LedgerEntry, ProgressReport, Standing, Value,
};
use duban::plan::{AdoptionText, MeasureId, Settings, TaskKind};
use duban::render::picture;

/// Entries of a long-lived ledger, most of them in the twelve weeks looked back on.
const A_LONG_LIFE: usize = 5_000;
/// Weeks from the first entry to the last.
const WEEKS: i64 = 14;
/// Measures of the Rushan plan, and of a large one.
const MEASURES: [u16; 2] = [26, 200];

static RUSHAN: LazyLock<Frame> = LazyLock::new(|| frame(26));

fn main() {
    divan::main();
}

/// The ledger folded and nothing else: what every document costs.
#[divan::bench(args = [500, A_LONG_LIFE])]
fn fold_alone(bencher: Bencher, length: usize) {
    let entries = ledger(&RUSHAN, length);
    bencher.bench(|| Standing::fold(black_box(&entries)));
}

/// The ledger folded with the lights of each day taken on the way, as it is done.
#[divan::bench(args = [500, A_LONG_LIFE])]
fn course_in_one_pass(bencher: Bencher, length: usize) {
    let entries = ledger(&RUSHAN, length);
    bencher.bench(|| walked(&RUSHAN, black_box(&entries), &LookBack::Lights));
}

/// The same with a standing kept for each day and looked at afterwards, to compare with.
#[divan::bench(args = [500, A_LONG_LIFE])]
fn course_of_kept_standings(bencher: Bencher, length: usize) {
    let entries = ledger(&RUSHAN, length);
    let one_pass = walked(&RUSHAN, &entries, &LookBack::Lights).1;
    assert!(kept(&RUSHAN, &entries) == one_pass, "both see the same");
    bencher.bench(|| kept(&RUSHAN, black_box(&entries)));
}

/// The board and its trend as SVG.
#[divan::bench(args = MEASURES)]
fn board_as_svg(bencher: Bencher, measures: u16) {
    let taken = Taken::of(frame(measures), &LookBack::Lights);
    let pack = taken.pack();
    bencher.bench(|| picture::board(black_box(&pack), &taken.course));
}

/// The board's sheets with the trend as PNG, SVG included.
#[divan::bench(args = MEASURES, sample_count = 20, sample_size = 1)]
fn board_as_png(bencher: Bencher, measures: u16) {
    let taken = Taken::of(frame(measures), &LookBack::Lights);
    let pack = taken.pack();
    bencher.bench(|| drawn(&picture::board(black_box(&pack), &taken.course)));
}

/// The first sheet of the board as PNG: what a sheet costs, and what the weekly report holds.
#[divan::bench(args = MEASURES, sample_count = 20, sample_size = 1)]
fn first_sheet_as_png(bencher: Bencher, measures: u16) {
    let taken = Taken::of(frame(measures), &LookBack::Lights);
    let pack = taken.pack();
    bencher.bench(|| {
        let svg = picture::front(black_box(&pack), &taken.course);
        picture::png(&svg.expect("a board has a sheet")).expect("it draws")
    });
}

/// The trend as PNG.
#[divan::bench(args = MEASURES, sample_count = 20, sample_size = 1)]
fn trend_as_png(bencher: Bencher, measures: u16) {
    let taken = Taken::of(frame(measures), &LookBack::Lights);
    let pack = taken.pack();
    bencher.bench(|| {
        let svg = picture::trend(black_box(&pack), &taken.course);
        picture::png(&svg).expect("it draws")
    });
}

/// The chart of the measure with most targets as PNG.
#[divan::bench(args = MEASURES, sample_count = 20, sample_size = 1)]
fn chart_as_png(bencher: Bencher, measures: u16) {
    let measure = MeasureId::from("6");
    let look = LookBack::Tasks(Some(measure.clone()));
    let taken = Taken::of(frame(measures), &look);
    let pack = taken.pack();
    bencher.bench(|| {
        drawn(&picture::chart(
            black_box(&pack),
            &taken.course,
            Some(&measure),
        ))
    });
}

/// All that a picture is made from.
struct Taken {
    frame: Frame,
    standing: Standing,
    stamp: Stamp,
    digest: Digest,
    scope: Scope,
    course: Course,
}

impl Taken {
    fn of(frame: Frame, look: &LookBack) -> Self {
        let entries = ledger(&frame, A_LONG_LIFE);
        let (standing, course) = walked(&frame, &entries, look);
        let cut_off_at = cut_off();
        let head = Head::default();
        let digest = digest::weekly(&frame, &standing, None, 1, cut_off_at, &head, false);
        let stamp = Stamp {
            number: 1,
            posted: false,
            cut_off_at,
            seq: standing.seq,
            head: head.printed(),
            removed_by: Vec::new(),
        };
        Self {
            frame,
            standing,
            stamp,
            digest,
            scope: Scope::default(),
            course,
        }
    }

    fn pack(&self) -> Pack<'_> {
        Pack {
            frame: &self.frame,
            standing: &self.standing,
            stamp: &self.stamp,
            digest: &self.digest,
            scope: &self.scope,
        }
    }
}

fn drawn(svgs: &[String]) -> Vec<Vec<u8>> {
    let sheets = svgs.iter().map(|svg| picture::png(svg).expect("it draws"));
    sheets.collect()
}

/// One pass along a ledger.
fn walked(frame: &Frame, entries: &[LedgerEntry], look: &LookBack) -> (Standing, Course) {
    let mut walk = Walk::new(look, cut_off());
    let mut standing = Standing::default();
    for entry in entries {
        if walk.is_due(Some(entry.at)) {
            let then = standing.adoption.map(|_| (frame, &standing));
            walk.take(then, Some(entry.at));
        }
        standing.apply(entry);
    }
    walk.take(Some((frame, &standing)), None);
    (standing, walk.end())
}

/// A standing kept for each day, then looked at.
fn kept(frame: &Frame, entries: &[LedgerEntry]) -> Course {
    let back = (0..=COURSE_DAYS).rev();
    let moments = back.map(|days| cut_off() - Days::new(days));
    let mut moments = moments.collect::<Vec<_>>().into_iter().peekable();
    let mut standing = Arc::new(Standing::default());
    let mut days = Vec::new();
    for entry in entries {
        while let Some(at) = moments.next_if(|at| *at < entry.at) {
            days.push((at, standing.clone()));
        }
        Arc::make_mut(&mut standing).apply(entry);
    }
    days.extend(moments.map(|at| (at, standing.clone())));
    let lit = days
        .iter()
        .filter(|(_, standing)| standing.adoption.is_some());
    Course {
        days: lit
            .map(|(at, standing)| DayLights::at(frame, standing, &LookBack::Lights, *at))
            .collect(),
    }
}

/// The Rushan plan, with measures added up to so many.
fn frame(measures: u16) -> Frame {
    let more = (27..=measures).map(|number| {
        format!(
            "\n[[measure]]\nid = \"{number}\"\nnumber = {number}\nsection = \"s3\"\ntitle = \"加速领域设备更新\"\nsummary = \"更新设备。\"\nleads = [\"zjj\"]\n"
        )
    });
    let plan = include_str!("../config/plans/rushan.toml").to_owned() + &more.collect::<String>();
    let holidays = [
        (2024, include_str!("../config/holidays/2024.toml")),
        (2025, include_str!("../config/holidays/2025.toml")),
        (2026, include_str!("../config/holidays/2026.toml")),
    ];
    let holidays = holidays.map(|(year, table)| (year, table.to_owned()));
    let text = AdoptionText::new(plan, &Settings::default(), holidays.into());
    Frame::read(&text).expect("the plan has no mistakes")
}

fn at(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().expect("a date");
    calendar::instant(day, NaiveTime::from_hms_opt(16, 0, 0).expect("a time"))
}

fn cut_off() -> DateTime<Utc> {
    at("2026-12-18")
}

/// A chain in which every task is answered in turn, evenly over the weeks up to the cut-off.
fn ledger(frame: &Frame, length: usize) -> Vec<LedgerEntry> {
    let office = &frame.plan.task_force.office_chief;
    let adopted = Act::Adopted {
        adoption: frame.adoption,
    };
    let tasks = &frame.plan.tasks;
    let answered = (0..).map(|round| {
        let task = &tasks[round % tasks.len()];
        let value = match task.kind {
            TaskKind::Indicator(_) => Value::Number((round / tasks.len()).into()),
            TaskKind::Narrative(_) | TaskKind::Assigned(_) | TaskKind::Stage(_) => Value::None,
        };
        let report = ProgressReport::new(
            task.id.clone(),
            "2026-11".to_owned(),
            value,
            Judgement::Normal,
        );
        Act::Answered(report.into())
    });
    let acts = [adopted, Act::WentLive].into_iter().chain(answered);
    let whole = TimeDelta::weeks(WEEKS);
    let start = cut_off() - whole;
    let entry = |(act, seq): (Act, u64)| LedgerEntry {
        seq,
        at: start
            + whole * i32::try_from(seq).expect("small") / i32::try_from(length).expect("small"),
        version: ENTRY_VERSION,
        by: Actor::Person(office.clone()),
        act,
    };
    acts.zip(1..).take(length).map(entry).collect()
}
