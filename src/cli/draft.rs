//! A database on its way to its name: a draft beside it, and why it was not finished.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::store::free_bytes;

/// What a draft's name begins with: it is gone when the command ends, however it ends but by a kill.
const DRAFT: &str = ".duban-draft-";

/// What SQLite puts beside a file while it is in use.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

const MEGABYTE: f64 = (1 << 20) as f64;

/// A file of ours alone beside where it will be named.
pub(super) fn draft_in(folder: &Path) -> anyhow::Result<NamedTempFile> {
    let draft = tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder);
    draft.with_context(|| format!("writing into {}", folder.display()))
}

/// Why a draft that should hold all of `source` was not finished. Where there was no room for it, this says so: SQLite calls that
/// by several names, some of which blame the disk. What SQLite left beside the draft goes.
pub(super) fn unfinished(error: anyhow::Error, draft: &Path, source: &Path) -> anyhow::Error {
    let folder = folder_of(draft);
    let room = free_bytes(folder).map(|free| free.saturating_add(size(draft)));
    let wanted = size(source);
    let error = match room.filter(|room| *room < wanted) {
        Some(room) => error.context(format!(
            "there is no room in {}: the copy needs up to {:.1} MB, and {:.1} MB are free; make room, or write to another disk",
            folder.display(),
            megabytes(wanted),
            megabytes(room),
        )),
        None => error,
    };
    match remove_beside(draft) {
        Ok(()) => error,
        Err(left) => error.context(format!(
            "something was left beside {}: {left}",
            draft.display()
        )),
    }
}

/// Bytes of a database with what is not in its one file yet.
fn size(database: &Path) -> u64 {
    let length = |file: &Path| fs::metadata(file).map_or(0, |about| about.len());
    length(database) + length(&with_end(database, "-wal"))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MEGABYTE
}

fn remove_beside(draft: &Path) -> io::Result<()> {
    for end in BESIDE {
        match fs::remove_file(with_end(draft, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// The folder a file lies in.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

/// A new name is safe once its folder is written too.
pub(super) fn sync_folder(folder: &Path) -> anyhow::Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("writing out {}", folder.display()))
}

/// The name with something behind it.
pub(super) fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
