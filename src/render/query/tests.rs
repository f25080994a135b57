//! Golden samples of answers.
