//! duban (督办): a Telegram bot that keeps a government task force's promises.

pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod digest;
pub mod ledger;
pub mod plan;
pub mod rehearsal;
pub mod render;
pub mod schedule;
pub mod service;
pub mod store;
pub mod telegram;
