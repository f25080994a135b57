//! The log: stderr, text or JSON, with everything that looks like a token blanked.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::Path;
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Deployment, LogForm};

/// Characters after the colon from which on we take something for a token.
const TOKEN_TAIL: usize = 35;

/// The form the log was started in; none before that.
static FORM: OnceLock<LogForm> = OnceLock::new();

/// The form that the settings in this folder ask for, whatever else is wrong there.
pub fn form_in(dir: &Path) -> LogForm {
    let source = std::fs::read_to_string(dir.join("duban.toml"));
    let deployment = source
        .ok()
        .and_then(|source| Deployment::read(&source).ok());
    deployment.map_or(LogForm::default(), |deployment| deployment.log)
}

/// Says why the program does not go on, in the form of the log if that is for programs.
pub fn complain(line: &str) {
    match FORM.get() {
        Some(LogForm::Json) => tracing::error!("{}", line.trim()),
        Some(LogForm::Text) | None => eprintln!("{line}"),
    }
}

/// A panic is a line of the log as well. Of its words only those that stand in the program: others may hold somebody's.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string);
        let said = panic.payload().downcast_ref::<&str>().copied();
        tracing::error!(
            at = at.unwrap_or_default(),
            said = said.unwrap_or_default(),
            "a part of the program panicked"
        );
    }));
}

/// Starts the log. `RUST_LOG` takes `info` or `duban=debug,teloxide=warn`.
pub fn start(form: LogForm) {
    let targets = std::env::var("RUST_LOG")
        .ok()
        .and_then(|filter| filter.parse::<Targets>().ok());
    // Below info the HTTP stack would log what passes through it.
    let targets = targets
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO))
        .with_target("h2", LevelFilter::WARN)
        .with_target("hyper", LevelFilter::WARN)
        .with_target("hyper_util", LevelFilter::WARN)
        .with_target("reqwest", LevelFilter::WARN)
        .with_target("sqlx", LevelFilter::WARN);
    let registry = tracing_subscriber::registry().with(targets);
    let started = match form {
        LogForm::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    // Colours are for people at a terminal: in a file or a journal they are dirt.
                    .with_ansi(io::stderr().is_terminal())
                    .with_writer(Redacting),
            )
            .try_init(),
        LogForm::Json => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(Redacting),
            )
            .try_init(),
    };
    match started {
        Ok(()) => {
            FORM.get_or_init(|| form);
            log_panics();
        }
        Err(error) => eprintln!("duban: the log was started before: {error}"),
    }
}

/// Writes to stderr, tokens blanked.
#[derive(Debug, Clone, Copy)]
struct Redacting;

impl Write for Redacting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        io::stderr().write_all(redacted(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for Redacting {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

/// Text with every `digits:long tail` replaced, the form of a bot token.
fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let (before, after) = (&rest[..colon], &rest[colon + 1..]);
        let tail = after
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits > 0 && tail >= TOKEN_TAIL {
            out.push_str(&before[..before.len() - digits]);
            out.push_str("token:redacted");
            rest = &after[tail..];
        } else {
            out.push_str(&rest[..=colon]);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_passes() {
        let token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
        let line = format!("url https://api.telegram.org/bot{token}/getMe 12:30:05 ok");
        let shown = redacted(&line);
        assert!(!shown.contains("AAHdq"), "{shown}");
        assert_eq!(
            shown,
            "url https://api.telegram.org/bottoken:redacted/getMe 12:30:05 ok"
        );
    }

    #[test]
    fn other_text_passes_unchanged() {
        let line = "2026-11-23T09:00:00Z INFO duban: 进展：9/10\n";
        assert_eq!(redacted(line), line);
    }
}
