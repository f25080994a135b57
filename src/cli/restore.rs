//! `duban restore`: a backup takes the database's place, which is kept beside it; the next start is paused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use super::backup::{Checked, Copied, checked, copy_evidence, evidence_beside, sqlite_file};
use super::draft::{draft_in, folder_of, sync_folder, unfinished, with_end};
use super::ledger::{chosen, offline, shown};
use super::print::print_line;
use crate::calendar;
use crate::clock::Clock;
use crate::ledger::AfterRestore;
use crate::render;
use crate::store::{self, COPY_OF, CopyError, Shelf, Store};

/// What lies beside a SQLite file while it is in use, or after a kill.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// What `duban restore` is to do.
#[derive(Debug, clap::Args)]
pub struct Order {
    #[command(flatten)]
    database: super::Database,
    #[command(flatten)]
    evidence: super::Evidence,
    /// The backup to put in the database's place.
    #[arg(required_unless_present_any = ["mark_only", "decide"])]
    file: Option<PathBuf>,
    /// Marks a database that was put back by other means (pg_restore), so that the next start is paused.
    #[arg(long, conflicts_with_all = ["file", "decide"])]
    mark_only: bool,
    /// Decides on the host how a restored database goes on, where nobody of the office can.
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "file")]
    decide: Option<How>,
    /// Id of the task force; may be left out when there is one.
    #[arg(long, requires = "decide")]
    task_force: Option<String>,
    /// The highest number of a digest seen in the group, where it is higher than the backup's.
    #[arg(long, requires = "decide", value_name = "NUMBER")]
    last_digest: Option<u32>,
    /// The same of an entry (第…号).
    #[arg(long, requires = "decide", value_name = "NUMBER")]
    last_entry: Option<u64>,
}

/// How a restored database goes on.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum How {
    /// 接续: what would have been sent in the gap counts as sent.
    Continue,
    /// 补发: what of it is still true is given out.
    MakeUp,
}

/// `duban restore`.
pub async fn run(order: Order) -> anyhow::Result<ExitCode> {
    let database_url = order.database.url()?;
    let database_url = database_url.expose_secret();
    match (&order.file, order.decide) {
        (_, Some(how)) => decide(database_url, how, order).await,
        (Some(file), None) => {
            let shelf = Shelf::new(&order.evidence.evidence_dir);
            put_back(database_url, &shelf, file).await
        }
        (None, None) => mark(database_url).await,
    }
}

async fn put_back(database_url: &str, shelf: &Shelf, file: &Path) -> anyhow::Result<ExitCode> {
    let Some(target) = sqlite_file(database_url) else {
        bail!(
            "{} is no SQLite file; put a dump back with pg_restore, then run `duban restore --mark-only` (docs/backup.md)",
            shown(database_url)
        );
    };
    let nothing_changed = || format!("{}; nothing was changed", file.display());
    check_source(file).await.with_context(nothing_changed)?;
    let in_use = || {
        format!(
            "{} is in use: stop the bot first (systemctl stop duban); nothing was changed",
            target.display()
        )
    };
    let folder = folder_of(&target);
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let _alone = Store::hold_alone(database_url).with_context(in_use)?;
    let draft = draft_in(folder)?;
    let filled = fill(draft.path(), file).await;
    let filled = filled.map_err(|error| unfinished(error, draft.path(), file));
    let checked = filled.with_context(nothing_changed)?;
    draft.as_file().sync_all().context("writing the copy out")?;
    give_to_owner(draft.path(), &target)?;
    let kept = put_aside(&target).await?;
    draft
        .persist(&target)
        .map_err(|error| error.error)
        .with_context(|| format!("putting the backup in the place of {}", target.display()))?;
    sync_folder(folder)?;
    let beside = evidence_beside(file);
    let copied = copy_evidence(&Shelf::new(beside), shelf, &checked.files)?;
    for line in &checked.lines {
        print_line(line);
    }
    let kept = kept.map(|kept| kept.display().to_string());
    print_line(render::clerk::put_back(
        &target.display().to_string(),
        kept.as_deref(),
    ));
    let Copied { copied, missing } = copied;
    print_line(render::clerk::evidence_put_back(copied, missing));
    Ok(ExitCode::SUCCESS)
}

/// Copies the backup into the draft, walks its chains and seals it.
async fn fill(draft: &Path, file: &Path) -> anyhow::Result<Checked> {
    fs::copy(file, draft)?;
    let checked = checked(draft).await?;
    if checked.lines.is_empty() {
        bail!("it holds no task force");
    }
    let now = Clock::System.now();
    store::seal(draft, &now.to_rfc3339()).await?;
    Ok(checked)
}

/// A backup is one whole file of ours.
async fn check_source(file: &Path) -> anyhow::Result<()> {
    if !file.is_file() {
        bail!("there is no such file");
    }
    for end in BESIDE {
        let beside = with_end(file, end);
        if fs::metadata(&beside).is_ok_and(|about| about.len() > 0) {
            bail!(
                "{} lies beside it: it is a database in use, or was copied without `duban backup`",
                beside.display()
            );
        }
    }
    match store::is_ours(file).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(CopyError::Foreign.into()),
        Err(error) => Err(error.into()),
    }
}

/// The database as it is keeps lying beside its place, under a dated name; none where there is none.
async fn put_aside(target: &Path) -> anyhow::Result<Option<PathBuf>> {
    if target.symlink_metadata().is_err() {
        return Ok(None);
    }
    match store::close_up(target).await {
        Ok(()) => {}
        Err(CopyError::InUse) => bail!(
            "{} is in use: stop the bot first (systemctl stop duban); nothing was changed",
            target.display()
        ),
        // It is put aside as it is, with all that lies beside it: perhaps it is damaged, which is why it is replaced.
        Err(error) => eprintln!("duban: {} is kept as it is: {error}", target.display()),
    }
    let kept = free_name(target);
    for end in BESIDE {
        match fs::rename(with_end(target, end), with_end(&kept, end)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context("putting the old database aside"),
        }
    }
    // With a second name for it there is no moment without a database.
    let named = fs::hard_link(target, &kept).or_else(|_| fs::rename(target, &kept));
    named.with_context(|| format!("keeping the old database as {}", kept.display()))?;
    Ok(Some(kept))
}

fn free_name(target: &Path) -> PathBuf {
    let now = calendar::local(Clock::System.now());
    let dated = format!(".before-restore-{}", now.format("%Y%m%d-%H%M%S"));
    let numbered = (1..).map(|number| match number {
        1 => with_end(target, &dated),
        number => with_end(target, &format!("{dated}-{number}")),
    });
    let mut free = numbered.filter(|name| name.symlink_metadata().is_err());
    free.next().expect("names do not run out")
}

/// The bot often runs under an account of its own: what it had before, or its folder has, belongs to it.
fn give_to_owner(draft: &Path, target: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let owner = fs::metadata(target).or_else(|_| fs::metadata(folder_of(target)))?;
    let own = fs::metadata(draft)?;
    if (own.uid(), own.gid()) == (owner.uid(), owner.gid()) {
        return Ok(());
    }
    chown(draft, Some(owner.uid()), Some(owner.gid())).with_context(|| {
        format!(
            "giving the database to the owner of {} (run this as that account or as root)",
            target.display()
        )
    })
}

async fn mark(database_url: &str) -> anyhow::Result<ExitCode> {
    let store = Store::open(database_url)
        .await
        .with_context(|| format!("opening {}", shown(database_url)))?;
    if store.heads().await?.is_empty() {
        bail!("the database holds no task force; nothing was marked");
    }
    let now = Clock::System.now().to_rfc3339();
    store.set_fact(COPY_OF, Some(&now)).await?;
    store.close().await;
    print_line(render::clerk::marked_restored());
    Ok(ExitCode::SUCCESS)
}

async fn decide(database_url: &str, how: How, order: Order) -> anyhow::Result<ExitCode> {
    let service = offline(database_url).await?;
    service.begin_restoration().await?;
    service.load(Vec::new()).await?;
    let id = chosen(&service, order.task_force).await?;
    let how = match how {
        How::Continue => AfterRestore::Continue,
        How::MakeUp => AfterRestore::MakeUp,
    };
    let decided = service
        .decide_on_host(&id, how, order.last_digest, order.last_entry)
        .await?;
    let Some(restored) = decided else {
        bail!("{id} waits for no decision: it was not restored, or somebody decided before");
    };
    print_line(render::restore::decided(&restored));
    service.store().close().await;
    Ok(ExitCode::SUCCESS)
}
