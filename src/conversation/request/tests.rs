//! Tests of requests and decisions.
