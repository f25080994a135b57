//! Tests of digests and status, on the Rushan plan.
