//! Lines on stdout for commands that say something once and end.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};
use std::process::exit;

/// Prints a line. Whoever reads through a pipe may have heard enough: then the program ends without a complaint. Any other
/// failure ends it with one.
pub(super) fn print_line(line: impl Display) {
    let Err(error) = writeln!(stdout().lock(), "{line}") else {
        return;
    };
    if error.kind() == ErrorKind::BrokenPipe {
        exit(0);
    }
    eprintln!("duban: writing to stdout: {error}");
    exit(1);
}
