//! Settings of the deployment: how to reach Telegram and the database, how to log. They change nothing that is decided.

use std::num::NonZeroU32;

use serde::Deserialize;

/// How updates arrive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Intake {
    /// Long polling (default): no open port needed.
    #[default]
    Polling,
    /// Telegram posts to us.
    Webhook {
        /// What Telegram is told, ending in `/webhook`.
        url: String,
        /// Where we listen, as in `127.0.0.1:8443`, behind the machine's HTTPS front.
        listen: std::net::SocketAddr,
    },
}

/// How the log is written to stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is fetched of the evidence (佐证材料) people send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// Whether files are fetched. Default true.
    pub fetch: bool,
    /// The largest file, in bytes. Default 20 MB: Telegram's own server hands out no larger one.
    pub most_bytes: u64,
}

/// The most Telegram sends a second, for a bot that pays for its broadcasts.
const MOST_A_SECOND: u32 = 1000;

/// A megabyte as Telegram counts them.
const MEGABYTE: u64 = 1024 * 1024;

/// What Telegram's own server hands out, in megabytes.
const TELEGRAMS_MEGABYTES: u64 = 20;

/// What a self-hosted server takes, in megabytes.
const MOST_MEGABYTES: u64 = 2000;

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self {
            fetch: true,
            most_bytes: TELEGRAMS_MEGABYTES * MEGABYTE,
        }
    }
}

impl EvidenceSettings {
    /// The largest file to fetch; none: fetch nothing.
    pub fn most_bytes(&self) -> Option<u64> {
        self.fetch.then_some(self.most_bytes)
    }
}

/// The deployment's part of `duban.toml`: `[telegram]`, `[evidence]`, `[memory]`, `[log]` and `[operations]`.
#[derive(Debug, Clone, Default)]
pub struct Deployment {
    /// How updates arrive.
    pub intake: Intake,
    /// Messages a second over all chats, where it is not Telegram's thirty.
    pub messages_a_second: Option<NonZeroU32>,
    /// What is fetched.
    pub evidence: EvidenceSettings,
    /// How many task forces are held in memory, where it is said; others are folded when somebody asks for them.
    pub task_forces_in_memory: Option<usize>,
    /// How the log is written.
    pub log: LogForm,
    /// Where health and metrics are served; none: nowhere.
    pub operations: Option<std::net::SocketAddr>,
}

/// What is wrong with the deployment's part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeploymentMistake {
    /// Not TOML, an unknown key, a value of the wrong form.
    #[error("line {line}: {message}")]
    Form {
        /// From 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// Webhook without its two addresses.
    #[error(
        "telegram.mode = \"webhook\" needs webhook_url (https://…/webhook) and webhook_listen (such as 127.0.0.1:8443)"
    )]
    WebhookIncomplete,
    /// A pace that no server takes.
    #[error(
        "telegram.messages_a_second must be 1 to {MOST_A_SECOND}; without paid broadcasts Telegram takes 30"
    )]
    Pace,
    /// A limit that no server takes.
    #[error(
        "evidence.most_megabytes must be 1 to {MOST_MEGABYTES}; Telegram's own server hands out files up to 20"
    )]
    EvidenceLimit,
    /// Health and metrics where others could read them.
    #[error(
        "operations.listen = \"{0}\" is no loopback address: health and metrics are served without a password, so write 127.0.0.1:9100 or [::1]:9100"
    )]
    OperationsNotLoopback(std::net::SocketAddr),
    /// Nobody could be answered.
    #[error("memory.task_forces must be at least 1")]
    NoMemory,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    telegram: TelegramTable,
    #[serde(default)]
    evidence: EvidenceTable,
    #[serde(default)]
    memory: MemoryTable,
    #[serde(default)]
    log: LogTable,
    #[serde(default)]
    operations: OperationsTable,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct TelegramTable {
    #[serde(default)]
    mode: Mode,
    webhook_url: Option<String>,
    webhook_listen: Option<std::net::SocketAddr>,
    messages_a_second: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Polling,
    Webhook,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct EvidenceTable {
    fetch: Option<bool>,
    most_megabytes: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct MemoryTable {
    task_forces: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct LogTable {
    #[serde(default)]
    form: LogForm,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct OperationsTable {
    listen: Option<std::net::SocketAddr>,
}

impl Deployment {
    /// Reads the deployment's tables of `duban.toml`; the others are not looked at.
    pub fn read(source: &str) -> Result<Self, DeploymentMistake> {
        let file: File = toml::from_str(source).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(source.len()));
            let line = source.as_bytes()[..at]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            DeploymentMistake::Form {
                line,
                message: error.message().to_owned(),
            }
        })?;
        let pace = file.telegram.messages_a_second;
        let pace =
            pace.map(|pace| NonZeroU32::new(pace).filter(|pace| pace.get() <= MOST_A_SECOND));
        let messages_a_second = pace
            .map(|pace| pace.ok_or(DeploymentMistake::Pace))
            .transpose()?;
        let intake = match (
            file.telegram.mode,
            file.telegram.webhook_url,
            file.telegram.webhook_listen,
        ) {
            (Mode::Polling, _, _) => Intake::Polling,
            (Mode::Webhook, Some(url), Some(listen))
                if url.starts_with("https://") || url.starts_with("http://") =>
            {
                Intake::Webhook { url, listen }
            }
            (Mode::Webhook, _, _) => return Err(DeploymentMistake::WebhookIncomplete),
        };
        Ok(Self {
            intake,
            messages_a_second,
            evidence: evidence(&file.evidence)?,
            task_forces_in_memory: task_forces(&file.memory)?,
            log: file.log.form,
            operations: operations(&file.operations)?,
        })
    }
}

fn task_forces(table: &MemoryTable) -> Result<Option<usize>, DeploymentMistake> {
    match table.task_forces {
        Some(0) => Err(DeploymentMistake::NoMemory),
        most => Ok(most),
    }
}

fn evidence(table: &EvidenceTable) -> Result<EvidenceSettings, DeploymentMistake> {
    let megabytes = table.most_megabytes.unwrap_or(TELEGRAMS_MEGABYTES);
    if !(1..=MOST_MEGABYTES).contains(&megabytes) {
        return Err(DeploymentMistake::EvidenceLimit);
    }
    Ok(EvidenceSettings {
        fetch: table.fetch.unwrap_or(true),
        most_bytes: megabytes * MEGABYTE,
    })
}

fn operations(table: &OperationsTable) -> Result<Option<std::net::SocketAddr>, DeploymentMistake> {
    match table.listen {
        Some(open) if !open.ip().is_loopback() => {
            Err(DeploymentMistake::OperationsNotLoopback(open))
        }
        listen => Ok(listen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_telegrams_unless_another_one_that_it_takes_is_named() {
        let pace = |source: &str| Deployment::read(source).map(|read| read.messages_a_second);
        assert_eq!(pace("").unwrap(), None);
        let named = pace("[telegram]\nmessages_a_second = 1000\n").unwrap();
        assert_eq!(named, NonZeroU32::new(1000));
        for wrong in [0, 1001] {
            let refused = pace(&format!("[telegram]\nmessages_a_second = {wrong}\n"));
            assert_eq!(refused.unwrap_err(), DeploymentMistake::Pace);
        }
    }

    #[test]
    fn an_empty_file_means_polling_and_a_text_log() {
        let deployment = Deployment::read("").unwrap();
        assert_eq!(
            (deployment.intake, deployment.log),
            (Intake::Polling, LogForm::Text)
        );
    }

    #[test]
    fn evidence_is_fetched_up_to_telegrams_limit_unless_told_otherwise() {
        let of = |source: &str| Deployment::read(source).map(|it| it.evidence.most_bytes());
        assert_eq!(of(""), Ok(Some(20 * 1024 * 1024)));
        let small = "[evidence]\nmost_megabytes = 5\n";
        assert_eq!(of(small), Ok(Some(5 * 1024 * 1024)));
        assert_eq!(of("[evidence]\nfetch = false\n"), Ok(None));
        for wrong in [0, 2001] {
            let source = format!("[evidence]\nmost_megabytes = {wrong}\n");
            assert_eq!(of(&source), Err(DeploymentMistake::EvidenceLimit));
        }
        let unknown = of("[evidence]\nfolder = \"x\"\n").unwrap_err();
        assert!(matches!(unknown, DeploymentMistake::Form { line: 2, .. }));
    }

    #[test]
    fn health_and_metrics_are_served_on_loopback_or_nowhere() {
        let of = |source: &str| Deployment::read(source).map(|it| it.operations);
        assert_eq!(of(""), Ok(None));
        for loopback in ["127.0.0.1:9100", "127.8.0.1:9100", "[::1]:9100"] {
            let source = format!("[operations]\nlisten = \"{loopback}\"\n");
            assert_eq!(of(&source), Ok(Some(loopback.parse().unwrap())));
        }
        for open in ["0.0.0.0:9100", "[::]:9100", "192.168.1.5:9100"] {
            let source = format!("[operations]\nlisten = \"{open}\"\n");
            let refused = of(&source).unwrap_err();
            let at = open.parse().unwrap();
            assert_eq!(refused, DeploymentMistake::OperationsNotLoopback(at));
            assert!(refused.to_string().contains(open), "{refused}");
        }
        let words = of("[operations]\nlisten = \"localhost\"\n").unwrap_err();
        assert!(matches!(words, DeploymentMistake::Form { line: 2, .. }));
    }

    #[test]
    fn memory_is_for_so_many_task_forces_as_it_says() {
        let of = |source: &str| Deployment::read(source).map(|it| it.task_forces_in_memory);
        assert_eq!(of(""), Ok(None));
        assert_eq!(of("[memory]\ntask_forces = 3\n"), Ok(Some(3)));
        let none = of("[memory]\ntask_forces = 0\n");
        assert_eq!(none, Err(DeploymentMistake::NoMemory));
    }

    #[test]
    fn a_webhook_needs_both_addresses() {
        let half = Deployment::read(
            "[telegram]\nmode = \"webhook\"\nwebhook_url = \"https://x/webhook\"\n",
        );
        assert_eq!(half.unwrap_err(), DeploymentMistake::WebhookIncomplete);
        let whole = "[telegram]\nmode = \"webhook\"\nwebhook_url = \"https://x/webhook\"\nwebhook_listen = \"127.0.0.1:8443\"\n";
        assert!(matches!(
            Deployment::read(whole).unwrap().intake,
            Intake::Webhook { .. }
        ));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = Deployment::read("[log]\nform = \"text\"\ncolour = 1\n").unwrap_err();
        assert!(
            matches!(error, DeploymentMistake::Form { line: 3, .. }),
            "{error}"
        );
    }
}
