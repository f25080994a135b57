//! Evidence: fetched from the stand-in, kept under its hash, and packed by the program itself.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod desk;
mod fetch;
mod pack;
