//! Telegram: updates in (update → inbox → event), messages out (outbox → Bot API), through teloxide's client.

mod ahead;
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
pub use intake::{Intake, Received};
pub use limits::ALL_A_SECOND;
pub use line::{Answered, Direct, Enclosure, Line};
pub use receive::{ALLOWED_UPDATES, Drained, PollEnd, Poller, Worker, keep as keep_received};
pub use send::{Look, Sender};
pub use update::{Unreadable, lane_of, read};
pub use webhook::{WebhookError, serve as serve_webhook, set_webhook, take as take_posted};
