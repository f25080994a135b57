//! `duban backup`: a checked copy of a SQLite database as of one moment, while the bot runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use super::draft::{draft_in, folder_of, sync_folder, unfinished};
use super::ledger::{shown, verified};
use super::print::print_line;
use crate::clock::Clock;
use crate::ledger::{Act, Standing};
use crate::plan::{Hash, TaskForceId};
use crate::render;
use crate::store::{self, Shelf, Store};

/// Read at a time from a file of evidence, in bytes.
const PIECE: usize = 64 * 1024;

/// What `duban backup` is to do.
#[derive(Debug, clap::Args)]
pub struct Order {
    #[command(flatten)]
    database: super::Database,
    #[command(flatten)]
    shelf: super::Evidence,
    /// The new file; one that is there is never overwritten.
    file: PathBuf,
    /// Copies the files of evidence too, into FILE.evidence.
    #[arg(long)]
    evidence: bool,
}

/// `duban backup FILE`.
pub async fn run(order: Order) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::new(order.shelf.evidence_dir);
    let shelf = order.evidence.then_some(&shelf);
    let database_url = order.database.url()?;
    back_up(database_url.expose_secret(), &order.file, shelf).await
}

async fn back_up(
    database_url: &str,
    file: &Path,
    evidence: Option<&Shelf>,
) -> anyhow::Result<ExitCode> {
    let Some(source) = sqlite_file(database_url) else {
        bail!(
            "{} is no SQLite file; copy it with: pg_dump --format=custom --file={} \"$DATABASE_URL\" (docs/backup.md)",
            shown(database_url),
            file.display()
        );
    };
    if !source.is_file() {
        bail!("there is no database at {}", source.display());
    }
    let beside = evidence_beside(file);
    for taken in [Some(file), evidence.map(|_| beside.as_path())] {
        if let Some(taken) = taken.filter(|taken| taken.symlink_metadata().is_ok()) {
            bail!(
                "{} is there already; a backup overwrites nothing",
                taken.display()
            );
        }
    }
    let draft = draft_in(folder_of(file))?;
    let made_at = Clock::System.now();
    let filled = fill(draft.path(), &source, &made_at.to_rfc3339()).await;
    let checked = filled.map_err(|error| unfinished(error, draft.path(), &source))?;
    let copied = match evidence {
        Some(shelf) => Some(copy_evidence(shelf, &Shelf::new(&beside), &checked.files)?),
        None => None,
    };
    draft.as_file().sync_all().context("writing the copy out")?;
    draft
        .persist_noclobber(file)
        .map_err(|error| error.error)
        .with_context(|| format!("naming the copy {}", file.display()))?;
    sync_folder(folder_of(file))?;
    for line in &checked.lines {
        print_line(line);
    }
    print_line(render::clerk::backed_up(&file.display().to_string()));
    print_line(match copied {
        Some(Copied { copied, missing }) => {
            render::clerk::evidence_copied(&beside.display().to_string(), copied, missing)
        }
        None => render::clerk::evidence_left(checked.files.len()),
    });
    Ok(ExitCode::SUCCESS)
}

/// Copies the database into the draft, walks its chains and seals it.
async fn fill(draft: &Path, source: &Path, made_at: &str) -> anyhow::Result<Checked> {
    store::copy(source, draft)
        .await
        .with_context(|| format!("copying {}", source.display()))?;
    let checked = checked(draft).await?;
    store::seal(draft, made_at)
        .await
        .context("checking the copy")?;
    Ok(checked)
}

/// The file of a SQLite URL; none for another database.
pub(super) fn sqlite_file(database_url: &str) -> Option<PathBuf> {
    let rest = database_url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    Some(PathBuf::from(path))
}

/// Where the evidence of a backup lies.
pub(super) fn evidence_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".evidence");
    PathBuf::from(name)
}

/// What a copy holds.
pub(super) struct Checked {
    /// A line a task force, with its head.
    pub lines: Vec<String>,
    /// Evidence its ledgers refer to.
    pub files: Vec<(TaskForceId, Hash)>,
}

/// Walks every chain of a copy; the first broken one is an error.
pub(super) async fn checked(file: &Path) -> anyhow::Result<Checked> {
    let url = format!("sqlite:{}", file.display());
    let store = Store::open(&url).await?;
    let checked = checked_in(&store).await;
    store.close().await;
    checked
}

async fn checked_in(store: &Store) -> anyhow::Result<Checked> {
    let (lines, broken) = verified(store).await?;
    if broken {
        bail!("the ledger in it is broken: {}", lines.join("; "));
    }
    let mut files = Vec::new();
    for id in store.heads().await?.into_keys() {
        let (mut standing, mut kept) = (Standing::default(), Vec::new());
        store
            .each_entry(&id, 0, u64::MAX, |entry| {
                if let Act::EvidenceKept(file) = &entry.act {
                    kept.push(file.sha256);
                }
                standing.apply(&entry);
            })
            .await?;
        kept.sort_unstable();
        kept.dedup();
        kept.retain(|hash| standing.evidence.uses(*hash));
        files.extend(kept.into_iter().map(|hash| (id.clone(), hash)));
    }
    Ok(Checked { lines, files })
}

/// How many files came over.
pub(super) struct Copied {
    pub copied: usize,
    /// Not where they should be, or not what they were.
    pub missing: usize,
}

/// Copies files of evidence that are not there yet, each checked by its hash.
pub(super) fn copy_evidence(
    from: &Shelf,
    to: &Shelf,
    files: &[(TaskForceId, Hash)],
) -> anyhow::Result<Copied> {
    let (mut copied, mut missing) = (0, 0);
    for (id, hash) in files {
        if to.path(id, *hash).is_file() {
            copied += 1;
            continue;
        }
        match copy_one(from, to, id, *hash) {
            Ok(true) => copied += 1,
            Ok(false) => missing += 1,
            Err(error) => return Err(error).context("copying evidence"),
        }
    }
    Ok(Copied { copied, missing })
}

fn copy_one(from: &Shelf, to: &Shelf, id: &TaskForceId, hash: Hash) -> std::io::Result<bool> {
    use std::io::Read;
    let mut source = match from.open(id, hash) {
        Ok(source) => source,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut draft = to.begin(id)?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = source.read(&mut piece)?;
        if read == 0 {
            break;
        }
        draft.write(&piece[..read])?;
    }
    let (kept, _) = draft.keep()?;
    if kept != hash {
        // It lies under another name than anything asks for.
        to.remove(id, kept)?;
    }
    Ok(kept == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_to_its_file_and_no_other_database_has_one() {
        let file = |url| sqlite_file(url).map(|file| file.display().to_string());
        assert_eq!(
            file("sqlite:data/duban.db").as_deref(),
            Some("data/duban.db")
        );
        assert_eq!(
            file("sqlite:///var/d.db?mode=rwc").as_deref(),
            Some("/var/d.db")
        );
        assert_eq!(file("postgres://duban@localhost/duban"), None);
        let beside = evidence_beside(Path::new("/mnt/usb/duban-1127.db"));
        assert_eq!(beside, Path::new("/mnt/usb/duban-1127.db.evidence"));
    }

    #[test]
    fn evidence_is_copied_once_and_what_is_not_what_it_was_counts_as_missing() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = |name| Shelf::new(folder.path().join(name));
        let (from, to, id) = (shelf("from"), shelf("to"), TaskForceId::from("rushan"));
        let put = |bytes: &[u8]| {
            let mut draft = from.begin(&id).unwrap();
            draft.write(bytes).unwrap();
            draft.keep().unwrap().0
        };
        let (good, bad, gone) = (put(b"photo"), put(b"report"), Hash::of(b"gone"));
        std::fs::write(from.path(&id, bad), "altered").unwrap();
        let files: Vec<_> = [good, bad, gone].map(|hash| (id.clone(), hash)).into();
        for _ in 0..2 {
            let Copied { copied, missing } = copy_evidence(&from, &to, &files).unwrap();
            assert_eq!((copied, missing), (1, 2));
        }
        assert_eq!(std::fs::read(to.path(&id, good)).unwrap(), b"photo");
        assert!(!to.path(&id, Hash::of(b"altered")).exists());
    }
}
