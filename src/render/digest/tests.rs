//! Golden samples of digests.
