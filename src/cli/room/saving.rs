//! Rooms on disk: a folder with the chat and the clock (`room.json`) and the database (`duban.db`); saved and opened whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::queue::end_leases;
use crate::cli::stage::Stage;
use crate::rehearsal::{Player, SavedRoom};
use crate::render;
use crate::store::Store;

const ROOM_FILE: &str = "room.json";
const DATABASE: &str = "duban.db";
/// Characters of a name.
const MAX_NAME: usize = 40;
/// The form of [`Envelope`] this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// What stands in `room.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Envelope {
    version: u32,
    /// Which room it is, over all its copies.
    room: String,
    /// Throws of the dice so far.
    dice: u64,
    first_codes: Option<Vec<String>>,
    /// People, chats and clock, as the room wrote them.
    world: String,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A room that can be put on the stage.
pub(super) struct Kept {
    envelope: Envelope,
    saved: SavedRoom,
    store: Store,
    work: TempDir,
}

/// The folder a room of this name is kept in, if it is a name and nothing else.
pub(super) fn folder_of(rooms: &Path, name: &str) -> Option<PathBuf> {
    is_name(name).then(|| rooms.join(name))
}

/// Letters, digits and a few marks: nothing that means something in a path.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    !name.is_empty()
        && name.chars().count() <= MAX_NAME
        && name.chars().all(fits)
        && name.trim() == name
}

/// Names of the rooms that can be opened.
pub(super) fn names(rooms: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(rooms) else {
        return Vec::new();
    };
    let folders = entries.flatten().map(|entry| entry.path());
    let kept = folders.filter(|folder| folder.join(ROOM_FILE).is_file());
    let mut names: Vec<String> = kept
        .filter_map(|folder| Some(folder.file_name()?.to_str()?.to_owned()))
        .filter(|name| is_name(name))
        .collect();
    names.sort();
    names
}

/// A new folder with an empty database for a room that begins.
pub(super) async fn new_store() -> anyhow::Result<(Store, TempDir)> {
    let work = tempfile::tempdir().context("making a folder for the room's database")?;
    let store = open_store(work.path()).await?;
    Ok((store, work))
}

async fn open_store(folder: &Path) -> anyhow::Result<Store> {
    let url = format!("sqlite:{}", folder.join(DATABASE).display());
    Ok(Store::open(&url).await?)
}

/// Keeps the room in `folder`; an older one there gives way when all is written.
pub(super) async fn save(stage: &mut Stage, room: &str, folder: &Path) -> anyhow::Result<()> {
    let parent = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
    // In the same folder, so that a rename is all that is left to do.
    let fresh = tempfile::tempdir_in(parent).context("making a folder for the room")?;
    let bot = stage.bot();
    bot.store().copy_to(&fresh.path().join(DATABASE)).await?;
    let envelope = Envelope {
        version: VERSION,
        room: room.to_owned(),
        dice: bot.dice().position().unwrap_or_default(),
        first_codes: bot.first_codes().map(<[String]>::to_vec),
        world: stage.room().saved()?,
    };
    let json = serde_json::to_vec(&envelope)?;
    fs::write(fresh.path().join(ROOM_FILE), json).context("writing the room")?;
    if folder.exists() {
        let old = tempfile::tempdir_in(parent)?;
        fs::rename(folder, old.path().join("old")).context("putting the older room aside")?;
    }
    fs::rename(fresh.keep(), folder).with_context(|| format!("keeping {}", folder.display()))
}

/// Reads a room whole, its database into a folder of its own: the kept one stays as it is.
pub(super) async fn read(folder: &Path) -> anyhow::Result<Kept> {
    let file = folder.join(ROOM_FILE);
    let json = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let Version { version } = serde_json::from_str(&json)?;
    if version > VERSION {
        bail!(render::rehearsal::newer_room());
    }
    let envelope: Envelope = serde_json::from_str(&json)?;
    let saved = SavedRoom::read(&envelope.world)?;
    let work = tempfile::tempdir()?;
    let database = folder.join(DATABASE);
    fs::copy(&database, work.path().join(DATABASE))
        .with_context(|| database.display().to_string())?;
    let store = open_store(work.path()).await?;
    Ok(Kept {
        envelope,
        saved,
        store,
        work,
    })
}

/// Puts a kept room on the stage, the bot running in it, and gives its id and its database's folder. If the bot cannot start in it,
/// the stage is as it was before.
pub(super) async fn put_on(stage: &mut Stage, kept: Kept) -> anyhow::Result<(String, TempDir)> {
    let Kept {
        envelope,
        saved,
        store,
        work,
    } = kept;
    let was_running = stage.bot().is_running();
    stage.come_up().await?;
    stage.bot().stop().await;
    let dice = stage.bot().dice().position().unwrap_or_default();
    end_leases(&store, saved.at()).await?;
    let before = stage.room_mut().become_saved(saved);
    let (old_store, old_codes) = stage.bot().change_store(store, envelope.first_codes);
    stage.bot().dice().go_to(envelope.dice);
    if let Err(error) = stage.bot().try_start().await {
        stage.room_mut().become_saved(before);
        stage.bot().change_store(old_store, old_codes);
        stage.bot().dice().go_to(dice);
        if was_running {
            stage.bot().try_start().await?;
        }
        return Err(error);
    }
    old_store.close().await;
    Ok((envelope.room, work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path() {
        for name in ["周五", "第1次 预演", "a-b_c"] {
            assert!(is_name(name), "{name}");
        }
        let long = "长".repeat(41);
        for name in [
            "",
            ".",
            "..",
            "演练（下午）",
            "../x",
            "a/b",
            "a\\b",
            ".hidden",
            " a",
            "a ",
            "a\n",
            "a\0",
            "C:",
            &long,
        ] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
