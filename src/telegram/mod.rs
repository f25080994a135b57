//! Telegram: updates in (update → inbox → event), messages out (outbox → Bot API), through teloxide's client.

mod client;
mod courier;
mod examine;
mod fetch;
mod intake;
mod limits;
mod line;
mod problem;
mod receive;
mod send;
mod update;
mod upload;
mod webhook;

pub use client::{ClientSettings, Clients, ConnectError, connect};
pub use examine::{Examiner, Introduced, Membership, Unanswered, Webhook};
pub use fetch::{Fetcher, Looked};
pub use line::{Answered, Direct, Enclosure, Line};
pub use receive::{ALLOWED_UPDATES, Drained, PollEnd, Poller, Worker};
pub use send::{Look, Sender};
pub use update::{Unreadable, lane_of, read};
pub use webhook::{WebhookError, serve as serve_webhook, set_webhook};
