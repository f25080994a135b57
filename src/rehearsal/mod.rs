//! A stand-in for Telegram's Bot API server on this machine, with its own clock: for trying, training and testing.
//!
//! ```text
//! the bot ── HTTP ──▶ server ─▶ request ─▶ table ─▶ methods ─▶ sending, editing, profile … ─▶ state
//!    ▲                                                                                          ▲
//!    └── getUpdates, webhook ◀── queue ◀── people ◀───────────────── world ◀── tests, rehearsal ┘
//! ```
//!
//! It answers the unchanged teloxide client as the official server does: same envelopes, error texts, limits, privacy mode, long
//! polling and flood control. What the real server would let pass but a careful bot must not do (unknown parameters, coming back
//! before `retry_after`) is kept in [`World::violations`]. It never reads the system's time; everything waits by its [`Clock`](crate::clock::Clock).
//!
//! Known differences: repeated 409s and fast `timeout=0` polls are not slowed down, Markdown and explicit `entities` are not
//! parsed, an API call in the answer to a webhook is not carried out, and albums hold photos and documents only.

mod access;
mod calls;
mod connection;
pub mod desk;
mod direct;
mod editing;
mod entity;
mod faults;
mod files;
mod flood;
mod heard;
mod html;
mod keyboard;
mod link;
mod methods;
mod page;
mod people;
mod profile;
mod queue;
mod refusal;
mod request;
mod room;
mod saved;
pub mod script;
mod sending;
mod server;
mod shape;
mod state;
mod table;
mod view;
mod webhook;
mod world;

#[cfg(test)]
mod tests;

pub use direct::Cut;
pub use faults::{ANY_METHOD, Fault};
pub use people::Post;
pub use refusal::Refusal;
pub use room::{GROUP, Player, Room};
pub use saved::{NotASavedRoom, SavedRoom};
pub use server::{STAND_IN_TOKEN, Server};
pub use state::{BOT_ID, BOT_USERNAME, Standing, Topic};
pub use view::{Answer, Button, Call, MessageView, Violation};
pub use world::{Pressed, World};
