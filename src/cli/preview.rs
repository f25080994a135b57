//! `duban preview`: every planned send between two days, through the same scheduling code.
