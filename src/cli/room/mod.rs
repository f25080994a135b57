//! The rehearsal room: stage, conductor and page together.

mod backstage;
mod conductor;
mod playing;
mod queue;
mod saving;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use chrono::{DateTime, Utc};
use tokio::sync::watch;

use super::files::ConfigFiles;
use super::stage::Stage;
use crate::rehearsal::desk::{self, Desk};
use crate::render;

pub use conductor::{Conductor, Ending};
/// How the room is opened.
#[derive(Debug, Clone)]
pub struct RoomSettings {
    /// Where the page is served; the next free port is taken when this one is not.
    pub listen: SocketAddr,
    /// Where rooms are kept.
    pub rooms: PathBuf,
    /// The first violation ends the room.
    pub strict: bool,
    /// Everybody's account is known beforehand.
    pub bound: bool,
}

/// A page and whoever conducts for it.
pub struct OpenRoom {
    /// The page's server.
    pub desk: Desk,
    /// Plays scripts, moves the clock, drives the bot.
    pub conductor: Conductor,
}

/// Opens a room that begins at `start`; its database lives in a folder that goes with it.
///
/// # Errors
/// No address can be bound, or the bot cannot start.
pub async fn open(
    config: &ConfigFiles,
    start: DateTime<Utc>,
    settings: &RoomSettings,
) -> anyhow::Result<OpenRoom> {
    let (store, work) = saving::new_store().await?;
    let stage = Stage::open(config, store, start, settings.bound).await?;
    let (orders, inbox) = desk::line();
    let begun = backstage::begun(config, &stage, settings);
    let (shown, showing) = watch::channel(begun);
    let world = stage.room().world().clone();
    let desk = Desk::open(settings.listen, world, showing, orders.clone())
        .await
        .with_context(|| format!("listening on {}", settings.listen))?;
    let conductor = Conductor::new(
        stage,
        (settings.rooms.clone(), work),
        (orders, inbox),
        shown,
    );
    Ok(OpenRoom { desk, conductor })
}

impl OpenRoom {
    /// Puts the room kept in `folder` in the place of this one.
    ///
    /// # Errors
    /// It is broken, or of a newer program.
    pub async fn open_kept(&mut self, folder: &Path) -> anyhow::Result<()> {
        let opened = self.conductor.open_kept(folder).await;
        opened.map_err(|error| anyhow!(render::rehearsal::not_opened(&format!("{error:#}"))))
    }
}
