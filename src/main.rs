//! Entry point: hands over to the command line.

fn main() -> std::process::ExitCode {
    duban::cli::run()
}
