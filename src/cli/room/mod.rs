//! The rehearsal room: stage, conductor and page together.

mod backstage;
mod conductor;
mod queue;

use std::net::SocketAddr;

use anyhow::Context;
use tokio::sync::watch;

use super::files::ConfigFiles;
use super::stage::Stage;
use crate::rehearsal::desk::{self, Desk};

pub use conductor::{Conductor, Ending};

/// How the room is opened.
#[derive(Debug, Clone)]
pub struct RoomSettings {
    /// Where the page is served; the next free port is taken when this one is not.
    pub listen: SocketAddr,
    /// The first violation ends the room.
    pub strict: bool,
}

/// A page and whoever conducts for it.
pub struct OpenRoom {
    /// The page's server.
    pub desk: Desk,
    /// Plays scripts, moves the clock, drives the bot.
    pub conductor: Conductor,
}

/// Opens a room over a stage that is set.
///
/// # Errors
/// No address can be bound.
pub async fn open(
    config: ConfigFiles,
    stage: Stage,
    settings: &RoomSettings,
) -> anyhow::Result<OpenRoom> {
    let (orders, inbox) = desk::line();
    let begun = backstage::begun(&config, &stage, settings.strict);
    let (shown, showing) = watch::channel(begun);
    let world = stage.room().world().clone();
    let desk = Desk::open(settings.listen, world, showing, orders.clone())
        .await
        .with_context(|| format!("listening on {}", settings.listen))?;
    let conductor = Conductor::new(config, stage, (orders, inbox), shown);
    Ok(OpenRoom { desk, conductor })
}
