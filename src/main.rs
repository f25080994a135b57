//! Entry point: hands over to the command line.

fn main() {}
