//! The memory store: deterministic, for simulation and transcripts.
