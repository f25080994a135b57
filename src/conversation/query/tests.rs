//! Tests of questions, on the Rushan plan.
