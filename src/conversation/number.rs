//! Report talks and cards (see mod.rs).
