//! Golden samples of every message of report talks.
