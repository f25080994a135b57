//! duban (督办): a Telegram bot that keeps a government task force's promises.
//!
//! A published plan goes in. The bot reminds the responsible members before each deadline, collects their progress in short
//! guided talks, answers "where do we stand?" at any moment, and posts a weekly digest. This page is the map of the house.
//!
//! ```text
//!        Telegram                             the clock         the clerk
//!        updates  │ ▲  messages               time │            orders │
//! ┌───────────────▼─┴──────────────────────────────▼───────────────────▼─────────────────┐
//! │ shell   telegram    receive, send             service    one event, one transaction  │
//! │ async   rehearsal   a stand-in for Telegram   store      memory, SQLite, PostgreSQL  │
//! │         cli, config, clock                    simulation  both of these from a seed  │
//! ├──────────────────────────────────────────────────────────────────────────────────────┤
//! │ edge    render      values → words and buttons: all Chinese text of the program      │
//! │ pure                                                                                 │
//! ├──────────────────────────────────────────────────────────────────────────────────────┤
//! │ core    schedule          conversation             digest                            │
//! │ pure    what is due now   what follows when        where things stand,               │
//! │         and to whom       somebody says or taps    as data                           │
//! │         ──────────────────────────────────────────────────────────────────────────   │
//! │         ledger            what was done, folded into the standing of every task      │
//! │         import            from a published document to a draft of a plan file        │
//! │         plan, calendar    what was promised and by whom; working days and hours      │
//! └──────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Imports go downwards only; `schedule`, `conversation`, `digest` and `import` do not know each other. The exact table stands in
//! `tests/tidy/rules.rs`, a test that reads this folder and fails on any path that breaks it.
//!
//! # How one event becomes a message
//!
//! ```text
//! Telegram ── getUpdates or webhook ──▶ inbox (committed) ──▶ acknowledged ──▶ service ─┐ one transaction:
//!                                                                                       │ ledger, talk, outbox,
//! clock ─────── next wakeup ──────────────────────────────────────────────────▶ service ─┘ "seen"
//! outbox ──▶ sender: order, rate limits, leases ──▶ Telegram ──▶ settled, or what to do about the error
//! ```
//!
//! The service loads the standing, asks the core, lets `render` find the words and commits everything together. The core
//! returns effects and never calls back.
//!
//! # What always holds
//!
//! - **The core is deterministic.** Time and randomness come in as arguments; `clock` alone reads them (`clippy.toml`, `tests/tidy.rs`).
//! - **The core does not fail.** Bad input is a value: a reply that asks again, a list of mistakes with their mend. `Result`
//!   starts where something is read or written.
//! - **One event, all or nothing.** Ledger entries, state of the talk, outgoing messages and "update seen" commit together or not at all.
//!   Nothing is acknowledged or sent before that.
//! - **The ledger only grows**, each entry hashed with the one before it. Standing is always a fold of it, so a past digest
//!   can be made again byte for byte, and the change since last week is two folds.
//! - **A notice leaves once.** Its key is unique in the database; any number of instances may tick.
//! - **It costs by what happens, not by how many it serves.** A task force is folded when somebody asks for it or its wakeup has
//!   come, and a bounded number stays in memory. Two tables, routes and wakeups, lead to it without folding; both are caches of the
//!   ledger, written in the transaction that changes them, and made anew where they are missing (`docs/country.md`).
//! - **No state of a task changes without a person.** The bot never closes anything and never takes silence for consent.
//!
//! # Reading order
//!
//! 1. [`plan`]: the words of the trade as types. Then [`calendar`].
//! 2. [`ledger`]: `entry` is all that can ever happen; `fold` and `view` make a standing of it; `light` colours it.
//! 3. [`conversation`]: `step` is the one door for whatever people do; `command` is the one table of commands.
//! 4. [`schedule`]: `due` is the one door for time. [`digest`] is where things stand, as data.
//! 5. [`import`]: how a plan file comes to be: the document as text → its parts → a draft with its doubts.
//! 6. [`render`]: one named function a message.
//! 7. [`store`]: what is kept, and [`store::Changes`], all that one event may change. Then `service`, where it all meets: `kept` is what is in
//!    memory, `directory` who is meant, `wakeups` who is asked when.
//! 8. `telegram` and [`rehearsal`]: the two ends of the same wire. [`simulation`] joins them in one thread and breaks what can break.
//! 9. `cli` puts everything together.

pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod digest;
pub mod import;
pub mod ledger;
pub mod plan;
pub mod rehearsal;
pub mod render;
pub mod schedule;
pub mod service;
pub mod simulation;
pub mod store;
pub mod telegram;
