//! `duban export --evidence`: the files people sent, in one zip with an index. They are read piece by piece, once to hold them
//! against the ledger and once to be packed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::print::print_line;
use super::progress::Progress;
use crate::digest::{FileRow, Pack};
use crate::ledger::Fetched;
use crate::plan::{Hash, TaskForceId};
use crate::render::clerk;
use crate::render::document::evidence::{self, INDEX, Line, State};
use crate::store::Shelf;

/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// What a zip without the longer form takes of one file.
const SHORT_FORM: u64 = u32::MAX as u64;

/// Packs all files of that moment and scope. Fails at the end, with the zip written, when a kept file is not whole.
pub(super) fn pack(
    pack: &Pack<'_>,
    id: &TaskForceId,
    shelf: &Shelf,
    path: &Path,
) -> anyhow::Result<ExitCode> {
    if path == Path::new("-") {
        bail!("a zip does not go to the standard output; name a file after --evidence");
    }
    // Said before hours of reading, and held to when the zip gets its name.
    if path.symlink_metadata().is_ok() {
        return Err(there_already(path));
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    let mut draft = tempfile::Builder::new()
        .prefix(".draft-")
        .tempfile_in(folder)
        .with_context(|| format!("writing {}", path.display()))?;

    let rows = pack.files();
    let mut progress = Progress::new(clerk::packing_evidence(), 2 * bytes(&rows));
    let held = Held {
        shelf,
        id,
        progress: &mut progress,
    };
    let lines = held.pack(pack, rows, draft.as_file_mut());
    progress.end();
    let lines = lines?;

    draft.as_file().sync_all().context("writing the zip")?;
    draft
        .persist_noclobber(path)
        .map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => there_already(path),
            _ => anyhow::Error::new(error.error).context(format!("writing {}", path.display())),
        })?;
    let kept = lines.iter().filter(|line| line.state == State::Kept);
    let (packed, all) = (kept.count(), lines.len());
    print_line(clerk::evidence_written(
        &path.display().to_string(),
        packed,
        all,
        pack.stamp,
    ));
    Ok(match lines.iter().any(|line| line.state.is_lost()) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn there_already(path: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{} is there already; name another after --evidence",
        path.display()
    )
}

fn bytes(rows: &[FileRow<'_>]) -> u64 {
    let sizes = rows.iter().map(|row| match row.fetched {
        Some((_, Fetched::Kept { size, .. })) => size,
        Some((_, Fetched::Not(_))) | None => 0,
    });
    sizes.sum()
}

/// The shelf of one task force, while it is read.
struct Held<'a> {
    shelf: &'a Shelf,
    id: &'a TaskForceId,
    progress: &'a mut Progress,
}

impl Held<'_> {
    fn pack<'a>(
        mut self,
        pack: &Pack<'a>,
        rows: Vec<FileRow<'a>>,
        out: impl Write + Seek,
    ) -> anyhow::Result<Vec<Line<'a>>> {
        let mut seen = BTreeMap::new();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let state = self.state(&row, &mut seen);
            lines.push(Line { row, state });
        }
        let mut zip = ZipWriter::new(BufWriter::new(out));
        let options = SimpleFileOptions::default()
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        let deflated = options.compression_method(CompressionMethod::Deflated);
        zip.start_file(INDEX, deflated).context("writing the zip")?;
        let mut failed = None;
        evidence::index(pack, &lines, &mut |text| {
            if failed.is_none() {
                failed = zip.write_all(text.as_bytes()).err();
            }
        });
        if let Some(error) = failed {
            return Err(error).context("writing the index");
        }
        let stored = options.compression_method(CompressionMethod::Stored);
        for line in lines.iter().filter(|line| line.state == State::Kept) {
            let Some((_, Fetched::Kept { sha256, size })) = line.row.fetched else {
                continue;
            };
            let options = stored.large_file(size >= SHORT_FORM);
            zip.start_file(evidence::path(pack.frame, &line.row), options)
                .context("writing the zip")?;
            let read = self.read(sha256, &mut |piece| zip.write_all(piece));
            let path = self.shelf.path(self.id, sha256);
            let read = read.with_context(|| format!("packing {}", path.display()))?;
            if read != sha256 {
                bail!("{} changed while it was packed", path.display());
            }
        }
        let mut written = zip.finish().context("writing the zip")?;
        written.flush().context("writing the zip")?;
        Ok(lines)
    }

    /// How a file stands; what is lost is said at once.
    fn state(&mut self, row: &FileRow<'_>, seen: &mut BTreeMap<Hash, State>) -> State {
        let fetched = row.fetched.map(|(_, fetched)| fetched);
        let told = State::told(row.is_redacted(), fetched);
        let (State::Kept, Some(Fetched::Kept { sha256, .. })) = (told, fetched) else {
            return told;
        };
        let known = seen.get(&sha256).copied();
        let state = known.unwrap_or_else(|| match self.read(sha256, &mut |_| Ok(())) {
            Ok(read) if read == sha256 => State::Kept,
            Ok(_) => State::Damaged,
            Err(error) if error.kind() == ErrorKind::NotFound => State::Missing,
            Err(_) => State::Unreadable,
        });
        seen.insert(sha256, state);
        if state.is_lost() {
            let path = self.shelf.path(self.id, sha256);
            eprintln!(
                "duban: file {} of entry {} is {}: {}",
                evidence::number(row),
                row.file.seq,
                state.key(),
                path.display()
            );
        }
        state
    }

    /// Hands out a kept file piece by piece; gives the hash of what was read.
    fn read(
        &mut self,
        sha256: Hash,
        put: &mut dyn FnMut(&[u8]) -> std::io::Result<()>,
    ) -> std::io::Result<Hash> {
        let mut file: File = self.shelf.open(self.id, sha256)?;
        let mut piece = vec![0; PIECE];
        let mut hash = Sha256::new();
        loop {
            let read = match file.read(&mut piece) {
                Ok(0) => return Ok(Hash(hash.finalize().into())),
                Ok(read) => &piece[..read],
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(read);
            put(read)?;
            self.progress.advance(read.len() as u64);
        }
    }
}
