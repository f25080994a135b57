//! `duban export`, `bulletin`, `board`, `chart` and `calendar`: documents from the database, without Telegram and without a token.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use clap::ValueEnum;
use secrecy::ExposeSecret;

use super::evidence;
use super::ledger::{chosen, offline};
use super::print::print_line;
use super::progress::Progress;
use crate::calendar;
use crate::conversation::document::Document;
use crate::digest::{LookBack, Scope};
use crate::ledger::Frame;
use crate::plan::{MeasureId, PersonId, TaskForceId};
use crate::render;
use crate::render::document::machine::{self, Form};
use crate::service::{Moment, Service, Sheet, Snapshot};
use crate::store::Shelf;

/// Which moment of which ledger, and where it goes.
#[derive(Debug, clap::Args)]
pub(super) struct Source {
    #[command(flatten)]
    database: super::secrets::Database,
    /// Id of the task force; may be left out when there is one.
    #[arg(long)]
    task_force: Option<String>,
    /// As of then, as in 2026-11-27, 2026-11-27T16:00 or 2026-11-27T16:00:00+08:00; by default now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<DateTime<Utc>>,
    /// Where it goes; - is the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Pictures of a moment.
#[derive(Debug, clap::Args)]
pub(super) struct Pictures {
    #[command(flatten)]
    source: Source,
    /// Where they go, instead of a name of their own; a PNG, of several FILE-1, FILE-2 and so on.
    #[arg(value_name = "FILE", conflicts_with = "out")]
    file: Option<PathBuf>,
    /// Of a posted digest instead of a time.
    #[arg(long, conflicts_with = "at")]
    number: Option<u32>,
}

impl Pictures {
    fn place(self) -> Option<PathBuf> {
        self.file.or(self.source.out)
    }
}

/// What `duban export` takes out.
#[derive(Debug, clap::Args)]
pub(super) struct Order {
    /// Form of the file; csv, json and jsonl go to the standard output unless --out names a file.
    #[arg(long, value_enum, default_value_t = Format::Xlsx)]
    format: Format,
    /// One table alone: targets (what csv holds by default), works, answers, requests, slips, matters or projects.
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,
    /// One measure alone, by its number.
    #[arg(long, value_name = "NUMBER")]
    measure: Option<u16>,
    /// First day of what was filed, asked and sent.
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Last day.
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Packs the files people sent as evidence into this zip, with an index; never over a file that is there.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "table", "out"])]
    evidence: Option<PathBuf>,
    #[command(flatten)]
    shelf: super::Evidence,
}

/// A form of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The workbook with all tables.
    Xlsx,
    /// One table for spreadsheets and programs.
    Csv,
    /// All tables as one object.
    Json,
    /// All tables, an object a line.
    Jsonl,
}

/// `duban export`.
pub(super) async fn export(source: Source, order: Order) -> anyhow::Result<ExitCode> {
    if let (Some(from), Some(to)) = (order.from, order.to)
        && to < from
    {
        bail!("--from {from} lies after --to {to}");
    }
    let taken = Taken::of(&source).await?;
    let scope = Scope {
        measure: order
            .measure
            .map(|number| measure(&taken.snapshot.frame, number))
            .transpose()?,
        from: order.from,
        to: order.to,
    };
    if let Some(file) = &order.evidence {
        let shelf = Shelf::new(order.shelf.evidence_dir);
        return evidence::pack(&taken.snapshot.pack(&scope), &taken.id, &shelf, file);
    }
    let form = match order.format {
        Format::Xlsx => return taken.workbook(&scope, source.out.as_deref()),
        Format::Csv => Form::Csv,
        Format::Json => Form::Json,
        Format::Jsonl => Form::JsonLines,
    };
    taken.tables(&scope, form, order.table.as_deref(), source.out.as_deref())
}

/// `duban bulletin`; `number`: of that digest.
pub(super) async fn bulletin(source: Source, number: Option<u32>) -> anyhow::Result<ExitCode> {
    let opened = Opened::of(&source, number).await?;
    let taken = opened.read(&LookBack::Lights).await?;
    taken.document(&Document::Bulletin, source.out.as_deref())
}

/// `duban board`; `trend`: the trend alone.
pub(super) async fn board(order: Pictures, trend: bool) -> anyhow::Result<ExitCode> {
    let opened = Opened::of(&order.source, order.number).await?;
    let taken = opened.read(&LookBack::Lights).await?;
    let sheets = match trend {
        true => vec![taken.snapshot.trend()?],
        false => taken.pictures(&Document::Board)?,
    };
    taken.draw(&sheets, order.place())
}

/// `duban chart`; `number`: of a measure, else the general targets.
pub(super) async fn chart(order: Pictures, number: Option<u16>) -> anyhow::Result<ExitCode> {
    let opened = Opened::of(&order.source, order.number).await?;
    let plain = opened.read(&LookBack::Nothing).await?;
    let named = number.map(|number| measure(&plain.snapshot.frame, number));
    let measure = named.transpose()?;
    let taken = opened.read(&LookBack::Tasks(measure.clone())).await?;
    let sheets = taken.pictures(&Document::Chart { measure })?;
    taken.draw(&sheets, order.place())
}

/// `duban calendar`; without a person the deadlines of all.
pub(super) async fn calendar(source: Source, wanted: Option<&str>) -> anyhow::Result<ExitCode> {
    let taken = Taken::of(&source).await?;
    let plan = &taken.snapshot.frame.plan;
    let person = match wanted {
        None => None,
        Some(name) => {
            let member = plan
                .member(&PersonId::from(name))
                .or_else(|| plan.find_member(name));
            match member {
                Some(member) => Some(member.id.clone()),
                None => bail!("{name} is on no roster; `duban check` lists the people"),
            }
        }
    };
    let snapshot = &taken.snapshot;
    let today = calendar::date_of(snapshot.stamp.cut_off_at);
    let deadlines = snapshot
        .frame
        .deadlines(&snapshot.standing, person.as_ref(), today);
    // The format knows no calendar without an event.
    if deadlines.is_empty() {
        let whose = wanted.unwrap_or(taken.id.as_str());
        bail!("{whose} has no open item with a deadline");
    }
    taken.document(&Document::Calendar { person }, source.out.as_deref())
}

fn measure(frame: &Frame, number: u16) -> anyhow::Result<MeasureId> {
    let measures = &frame.plan.measures;
    match measures.iter().find(|measure| measure.number == number) {
        Some(measure) => Ok(measure.id.clone()),
        None => {
            let last = measures.iter().map(|measure| measure.number).max();
            bail!(
                "there is no measure {number}; the last is {}",
                last.unwrap_or_default()
            )
        }
    }
}

/// A moment of a ledger, and where it can be read.
struct Opened {
    service: Arc<Service>,
    id: TaskForceId,
    moment: Moment,
    /// Whether it was said that words were removed since.
    told: Cell<bool>,
}

impl Opened {
    /// The moment the source names; `number`: that of a digest.
    async fn of(source: &Source, number: Option<u32>) -> anyhow::Result<Self> {
        let (service, id) = opened(source).await?;
        let moment = match number {
            None => Self::moment_of(source, &service, &id).await?,
            Some(number) => match service.moment_of_digest(&id, number).await? {
                Some(moment) => moment,
                None => bail!("{id} has no digest number {number}"),
            },
        };
        Ok(Self {
            service,
            id,
            moment,
            told: Cell::new(false),
        })
    }

    async fn moment_of(
        source: &Source,
        service: &Service,
        id: &TaskForceId,
    ) -> anyhow::Result<Moment> {
        let latest = service.latest_moment(id).await?;
        let at = source.at.unwrap_or(latest);
        if at > latest {
            bail!("--at {} lies ahead", calendar::local(at).to_rfc3339());
        }
        let moment = service.moment_at(id, at).await?;
        if moment.seq == 0 {
            let at = calendar::local(at).to_rfc3339();
            bail!("the ledger of {id} begins after {at}");
        }
        Ok(moment)
    }

    async fn read(&self, look: &LookBack) -> anyhow::Result<Taken> {
        let Self {
            service,
            id,
            moment,
            told,
        } = self;
        let mut progress = Progress::new(render::clerk::reading_ledger(), moment.seq);
        let snapshot = service
            .snapshot(id, *moment, look, |seq| progress.reach(seq))
            .await?;
        progress.end();
        let snapshot = snapshot.context("the task force was just found")?;
        if let Some(removed) = render::clerk::removed_since(&snapshot.stamp.removed_by)
            && !told.replace(true)
        {
            eprintln!("{removed}");
        }
        let id = id.clone();
        Ok(Taken { id, snapshot })
    }
}

/// A moment of a ledger, read.
struct Taken {
    id: TaskForceId,
    snapshot: Snapshot,
}

impl Taken {
    async fn of(source: &Source) -> anyhow::Result<Self> {
        let opened = Opened::of(source, None).await?;
        opened.read(&LookBack::Nothing).await
    }

    fn pictures(&self, document: &Document) -> anyhow::Result<Vec<Sheet>> {
        let sheets = self.snapshot.pictures(document)?;
        sheets.context("it is no picture")
    }

    /// Writes sheets to the file named, several beside it under its name with their numbers.
    fn draw(&self, sheets: &[Sheet], file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let of = sheets.len();
        if of > 1 && file.as_deref() == Some(Path::new("-")) {
            bail!("{of} sheets do not go into one stream; name a file");
        }
        for (index, sheet) in sheets.iter().enumerate() {
            let path = match &file {
                None => fresh(&sheet.name)?,
                Some(path) => {
                    let name = path.file_name().map(std::ffi::OsStr::to_string_lossy);
                    let name = name.context("FILE names no file")?;
                    path.with_file_name(render::picture::sheet_name(&name, index, of))
                }
            };
            put(&path, &sheet.content, &self.snapshot)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn workbook(&self, scope: &Scope, out: Option<&Path>) -> anyhow::Result<ExitCode> {
        let pack = self.snapshot.pack(scope);
        let mut progress = Progress::new(render::clerk::writing_rows(), row_count(&pack));
        let bytes = render::document::workbook::workbook(&pack, &mut || progress.step())?;
        progress.end();
        let measure = scope.measure.clone();
        self.write(&Document::Workbook { measure }, &bytes, out)
    }

    fn document(&self, document: &Document, out: Option<&Path>) -> anyhow::Result<ExitCode> {
        let bytes = self.snapshot.content(document)?;
        self.write(document, &bytes, out)
    }

    /// Writes to the file named, or to one of the document's own name that is not there yet.
    fn write(
        &self,
        document: &Document,
        bytes: &[u8],
        out: Option<&Path>,
    ) -> anyhow::Result<ExitCode> {
        let Snapshot { frame, stamp, .. } = &self.snapshot;
        let path = match out {
            Some(path) => path.to_owned(),
            None => fresh(&render::document::file_name(frame, stamp, document))?,
        };
        put(&path, bytes, &self.snapshot)?;
        Ok(ExitCode::SUCCESS)
    }

    fn tables(
        &self,
        scope: &Scope,
        form: Form,
        table: Option<&str>,
        out: Option<&Path>,
    ) -> anyhow::Result<ExitCode> {
        let pack = self.snapshot.pack(scope);
        let keys = machine::keys(&pack);
        let wanted = match table {
            Some(table) if keys.contains(&table) => vec![table],
            Some(table) => bail!("there is no table {table}; there are: {}", keys.join(", ")),
            None if form == Form::Csv => keys[..1].to_vec(),
            None => keys,
        };
        let mut progress = Progress::new(render::clerk::writing_rows(), row_count(&pack));
        let file = out.filter(|path| *path != Path::new("-"));
        let mut sink: Box<dyn Write> = match file {
            Some(path) => {
                let file = std::fs::File::create(path);
                let file = file.with_context(|| format!("writing {}", path.display()))?;
                Box::new(std::io::BufWriter::new(file))
            }
            None => Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        };
        let mut failed = None;
        let mut put = |text: &str| {
            if failed.is_none() {
                failed = sink.write_all(text.as_bytes()).err();
            }
        };
        machine::write(&pack, form, &wanted, &mut put, &mut || progress.step());
        progress.end();
        let failed = failed.or_else(|| sink.flush().err());
        match (failed, file) {
            // Whoever reads through a pipe may have heard enough.
            (Some(error), None) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            (Some(error), _) => return Err(error).context("writing the tables"),
            (None, Some(path)) => print_line(render::clerk::written(
                &path.display().to_string(),
                &self.snapshot.stamp,
            )),
            (None, None) => {}
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A file of this name that is not there yet.
fn fresh(name: &str) -> anyhow::Result<PathBuf> {
    let path = PathBuf::from(name);
    if path.exists() {
        bail!(
            "{} is there already; name another with --out",
            path.display()
        );
    }
    Ok(path)
}

/// Writes a file and says so; `-` is the standard output.
fn put(path: &Path, bytes: &[u8], snapshot: &Snapshot) -> anyhow::Result<()> {
    if path == Path::new("-") {
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() {
            bail!("a terminal shows no such file; name one with --out");
        }
        return stdout.write_all(bytes).context("writing to stdout");
    }
    std::fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))?;
    let shown = path.display().to_string();
    print_line(render::clerk::written(&shown, &snapshot.stamp));
    Ok(())
}

fn row_count(pack: &crate::digest::Pack<'_>) -> u64 {
    let tables = render::document::tables::tables(pack);
    tables.iter().map(|table| table.count as u64).sum()
}

async fn opened(source: &Source) -> anyhow::Result<(Arc<Service>, TaskForceId)> {
    let service = offline(source.database.url()?.expose_secret()).await?;
    service.load(Vec::new()).await?;
    let id = chosen(&service, source.task_force.clone()).await?;
    Ok((service, id))
}

/// A moment as the clerk writes it: with its offset, without one in Shanghai's time, or a day, which counts to its end.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let text = text.trim().replacen(' ', "T", 1);
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    if let Some(at) = local {
        return Ok(calendar::instant(at.date(), at.time()));
    }
    let end = NaiveTime::from_hms_opt(23, 59, 59).expect("the last second of a day");
    match text.parse::<NaiveDate>() {
        Ok(day) => Ok(calendar::instant(day, end)),
        Err(_) => {
            Err("expected a time such as 2026-11-27T16:00 or a day such as 2026-11-27".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_and_without_its_offset_and_a_day_counts_to_its_end() {
        let read = |text| time(text).map(|at| at.to_rfc3339());
        assert_eq!(
            read("2026-11-27T16:00:00+08:00").unwrap(),
            "2026-11-27T08:00:00+00:00"
        );
        assert_eq!(
            read("2026-11-27 16:00").unwrap(),
            "2026-11-27T08:00:00+00:00"
        );
        assert_eq!(read("2026-11-27").unwrap(), "2026-11-27T15:59:59+00:00");
        assert!(read("27.11.2026").unwrap_err().contains("2026-11-27"));
    }
}
