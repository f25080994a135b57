//! Golden messages of the office.
