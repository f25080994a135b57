//! `duban import`: a published document → a draft plan file, or what a newer one would change.

mod decode;
mod docx;
mod html;
mod numbering;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use crate::calendar;
use crate::clock::Clock;
use crate::import::{self, Draft, Given};
use crate::plan::{self, Plan};
use crate::render;
use crate::render::import::Unreadable;

/// Largest document read, in bytes; a plan of a thousand pages has about three million.
const MOST_BYTES: u64 = 64_000_000;
/// How a Word file begins (a zip archive), an old one, a PDF.
const ZIP: &[u8] = b"PK\x03\x04";
const OLD_WORD: &[u8] = b"\xd0\xcf\x11\xe0";
const PDF: &[u8] = b"%PDF";
/// How a file in rich text begins.
const RICH: &[u8] = b"{\\rtf";
/// Signs that end a line, beside the usual one.
const LINE_ENDS: [char; 5] = ['\r', '\u{b}', '\u{85}', '\u{2028}', '\u{2029}'];

/// What the clerk asked for.
#[derive(Debug, clap::Args)]
pub struct Order {
    /// The document.
    pub document: PathBuf,
    /// Where the draft goes instead of plans/ID.toml; - prints it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Id of the task force; by default made from the place's name.
    #[arg(long)]
    pub id: Option<String>,
    /// Prints text and result side by side; writes only with --out.
    #[arg(long)]
    pub report: bool,
    /// Shows what the document changes in this plan; writes only with --out.
    #[arg(long, value_name = "FILE")]
    pub update: Option<PathBuf>,
}

/// Exit code 0 with doubts, 1 when no measure was found or a file could not be read.
pub fn run(config: &Path, order: &Order, clock: &Clock) -> anyhow::Result<ExitCode> {
    let name = order.document.display().to_string();
    let text = match read(&order.document) {
        Ok(text) => text,
        Err(why) => return Ok(refuse(&render::import::unreadable(&name, &why))),
    };
    let Some(old) = older(order.update.as_deref())? else {
        return Ok(ExitCode::FAILURE);
    };
    let given = Given {
        today: calendar::local(clock.now()).date_naive(),
        since: old.as_ref().map(|(_, plan)| plan.task_force.starts),
    };
    let reading = import::read(&text, &given);
    let draft = reading
        .draft
        .map(|draft| finished(draft, order, old.as_ref().map(|(_, plan)| plan)));
    // With the draft on the standard output, whatever is said goes beside it.
    let aside = order.out.as_deref() == Some(Path::new("-"));
    let say = |line: &str| {
        if aside {
            eprintln!("{line}")
        } else {
            println!("{line}")
        }
    };
    if order.report {
        render::import::report(&reading.pieces, draft.as_ref())
            .iter()
            .for_each(|line| say(line));
    }
    let Some(draft) = draft else {
        return Ok(refuse(&render::import::no_measure(&name)));
    };
    render::import::summary(&draft)
        .iter()
        .for_each(|line| say(line));
    let file = render::import::plan_file(&draft);
    let new = match plan::read(&file, &name) {
        Ok(new) => new,
        Err(mistakes) => return Ok(refuse(&render::check::mistakes(&mistakes).join("\n"))),
    };
    if let Some((path, old)) = &old {
        say(&render::import::update_heading(path));
        render::check::plan_diff(&plan::diff(old, &new))
            .iter()
            .for_each(|line| say(line));
    }
    write(config, order, &draft, &file)
}

fn finished(draft: Draft, order: &Order, old: Option<&Plan>) -> Draft {
    let mut draft = match old {
        Some(old) => import::update(draft, old),
        None => draft,
    };
    if let Some(id) = &order.id {
        draft.id.clone_from(id);
    }
    draft
}

fn refuse(line: &str) -> ExitCode {
    eprintln!("{line}");
    ExitCode::FAILURE
}

/// The older plan, if one is named; none after its mistakes were told.
fn older(path: Option<&Path>) -> anyhow::Result<Option<Option<(String, Plan)>>> {
    let Some(path) = path else {
        return Ok(Some(None));
    };
    let name = path.display().to_string();
    let source = fs::read_to_string(path).with_context(|| format!("reading {name}"))?;
    match plan::read(&source, &name) {
        Ok(plan) => Ok(Some(Some((name, plan)))),
        Err(mistakes) => {
            render::check::mistakes(&mistakes)
                .iter()
                .for_each(|line| eprintln!("{line}"));
            Ok(None)
        }
    }
}

/// Writes the draft where it was ordered. A look with `--report` or `--update` writes only where `--out` says so.
fn write(config: &Path, order: &Order, draft: &Draft, file: &str) -> anyhow::Result<ExitCode> {
    let path = match &order.out {
        Some(path) if path == Path::new("-") => {
            print!("{file}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(path) => path.clone(),
        None if order.report || order.update.is_some() => return Ok(ExitCode::SUCCESS),
        None => config.join("plans").join(format!("{}.toml", draft.id)),
    };
    let name = path.display().to_string();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making the folder of {name}"))?;
    }
    let mut opened = match fs::File::create_new(&path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Ok(refuse(&render::import::already_there(&name)));
        }
        Err(error) => return Err(error).with_context(|| format!("writing {name}")),
    };
    opened
        .write_all(file.as_bytes())
        .with_context(|| format!("writing {name}"))?;
    println!("{}", render::import::written(&name));
    Ok(ExitCode::SUCCESS)
}

/// The text of a document, whatever its form.
fn read(path: &Path) -> Result<String, Unreadable> {
    let system = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::System {
            detail: error.to_string(),
        },
    };
    let found = fs::metadata(path).map_err(system)?;
    if found.is_dir() {
        return Err(Unreadable::Folder);
    }
    let size = found.len();
    if size > MOST_BYTES {
        return Err(Unreadable::TooLarge {
            size,
            limit: MOST_BYTES,
        });
    }
    let bytes = fs::read(path).map_err(system)?;
    let named = |ends: &[&str]| {
        path.extension()
            .is_some_and(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known)))
    };
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    let text = if bytes.starts_with(PDF) {
        return Err(Unreadable::Pdf);
    } else if bytes.starts_with(RICH) {
        return Err(Unreadable::Rich);
    } else if bytes.starts_with(OLD_WORD) {
        return Err(Unreadable::OldWord);
    } else if bytes.starts_with(ZIP) {
        docx::text(&bytes)?
    } else if named(&["html", "htm"]) {
        html::text(&decode::page(&bytes)?)
    } else if named(&["docx"]) {
        return Err(Unreadable::NotWord);
    } else {
        decode::text(&bytes)?
    };
    if !text.trim().is_empty() {
        // Old systems end a line with one of these.
        Ok(text.replace("\r\n", "\n").replace(LINE_ENDS, "\n"))
    } else if bytes.starts_with(ZIP) || named(&["html", "htm"]) {
        Err(Unreadable::NoText)
    } else {
        Err(Unreadable::Empty)
    }
}
