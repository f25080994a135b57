//! Commands on the ledger: bind on the host, print and remake digests, verify chains.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};

use super::files::read_config;
use super::print::print_line;
use crate::clock::{Clock, Dice};
use crate::conversation::BotAccount;
use crate::ledger::{Account, Act, Broken, Head, LedgerEntry, verify as verify_chain};
use crate::plan::{PersonId, TaskForceId};
use crate::render;
use crate::service::{Call, KnownAccount, OFFLINE, Service, correction_slot};
use crate::store::{Store, StoredEntry};

/// Whom `duban bind` ties to an account.
#[derive(Debug, clap::Args)]
pub struct Who {
    /// Id of the task force; may be left out when there is one.
    #[arg(long)]
    pub task_force: Option<String>,
    /// Id or name of the person.
    #[arg(long)]
    pub person: String,
    /// Numeric Telegram id of the account.
    #[arg(long)]
    pub user_id: i64,
    /// Gives the office's rights, to recover a lost office account.
    #[arg(long)]
    pub office: bool,
}

/// A service over the database without Telegram.
pub(super) async fn offline(database_url: &str) -> anyhow::Result<Arc<Service>> {
    let store = Store::open(database_url)
        .await
        .with_context(|| format!("opening {}", shown(database_url)))?;
    let nobody = BotAccount {
        id: OFFLINE,
        username: String::new(),
    };
    let service = Service::new(store, Clock::System, Dice::System, nobody);
    Ok(Arc::new(service))
}

/// A URL without what may be secret in it.
pub fn shown(database_url: &str) -> &str {
    let place = database_url
        .rsplit_once('@')
        .map_or(database_url, |(_, rest)| rest);
    // A password may stand behind the question mark too.
    place.split_once('?').map_or(place, |(place, _)| place)
}

pub(super) async fn chosen(
    service: &Service,
    task_force: Option<String>,
) -> anyhow::Result<TaskForceId> {
    let known = service.task_forces().await?;
    match (task_force, known.as_slice()) {
        (Some(id), _) => match known.iter().find(|known| known.as_str() == id) {
            Some(id) => Ok(id.clone()),
            None => bail!("there is no task force {id}; there are: {}", list(&known)),
        },
        (None, [only]) => Ok(only.clone()),
        (None, []) => bail!("the database holds no task force yet; start `duban run` once"),
        (None, several) => bail!("say which with --task-force: {}", list(several)),
    }
}

fn list(ids: &[TaskForceId]) -> String {
    ids.iter()
        .map(TaskForceId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// `duban bind`.
pub async fn bind(dir: &Path, database_url: &str, who: Who) -> anyhow::Result<ExitCode> {
    let (_, config) = read_config(dir);
    let adoptions = match &config {
        Ok(config) => config.adoptions(),
        Err(_) => bail!("the configuration has mistakes; `duban check` lists them"),
    };
    let service = offline(database_url).await?;
    service.load(adoptions).await?;
    let id = chosen(&service, who.task_force).await?;
    let frame = service
        .frame(&id)
        .await?
        .context("the task force was just found")?;
    let member = frame
        .plan
        .member(&PersonId::from(who.person.as_str()))
        .or_else(|| frame.plan.find_member(&who.person));
    let Some(member) = member else {
        bail!(
            "{} is on no roster of {id}; `duban check` lists the people",
            who.person
        )
    };
    let account = Account {
        user_id: who.user_id,
        name: member.name.clone(),
        username: None,
    };
    let known = KnownAccount {
        task_force: id.clone(),
        person: member.id.clone(),
        account,
    };
    if service.waits_for_decision(&id).await? {
        bail!(
            "{id} was restored from a backup and waits for a decision: `duban restore --decide` first"
        );
    }
    if !service.bind_on_host(&known, who.office).await? {
        bail!("{} could not be bound", member.name);
    }
    print_line(render::clerk::bound(&member.name, who.user_id, who.office));
    Ok(ExitCode::SUCCESS)
}

/// `duban digest`.
pub async fn digest(
    database_url: &str,
    task_force: Option<String>,
    number: u32,
    remake: bool,
) -> anyhow::Result<ExitCode> {
    let service = offline(database_url).await?;
    service.load(Vec::new()).await?;
    let id = chosen(&service, task_force).await?;
    let Some(remade) = service.remake_digest(&id, number).await? else {
        bail!("{id} has no digest number {number}")
    };
    if let Some(removed) = render::clerk::removed_since(&remade.removed_by) {
        eprintln!("{removed}");
    }
    if !remake {
        print_line(render::clerk::message_text(&remade.sent)?);
        return Ok(ExitCode::SUCCESS);
    }
    print_line(render::clerk::message_text(&remade.again)?);
    match remade.first_difference() {
        None => Ok(ExitCode::SUCCESS),
        Some(at) => {
            let around = |text: &str| {
                text.bytes()
                    .skip(at.saturating_sub(40))
                    .take(80)
                    .collect::<Vec<u8>>()
            };
            eprintln!(
                "sent:  …{}…",
                String::from_utf8_lossy(&around(&remade.sent))
            );
            eprintln!(
                "again: …{}…",
                String::from_utf8_lossy(&around(&remade.again))
            );
            eprintln!("duban: digest {number} differs from byte {at} on");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `duban verify`.
pub async fn verify(database_url: &str) -> anyhow::Result<ExitCode> {
    let store = Store::open(database_url)
        .await
        .with_context(|| format!("opening {}", shown(database_url)))?;
    let (lines, broken) = verified(&store).await?;
    for line in lines {
        print_line(line);
    }
    Ok(if broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Every chain walked: a line each with its head or what is broken, and whether any is.
pub(super) async fn verified(store: &Store) -> anyhow::Result<(Vec<String>, bool)> {
    let (mut lines, mut broken) = (Vec::new(), false);
    for (id, chain) in chains(store).await? {
        lines.push(match chain {
            Ok(Chain { head, entries, .. }) if head.seq == entries as u64 => {
                format!("{id}: {entries} entries, head {}", head.printed())
            }
            // Restored from a backup: numbers are missing.
            Ok(Chain { head, entries, .. }) => format!(
                "{id}: {entries} entries up to number {}, head {}",
                head.seq,
                head.printed()
            ),
            Err(fault) => {
                broken = true;
                format!("{id}: broken: {fault}")
            }
        });
    }
    Ok((lines, broken))
}

/// A chain that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    /// Whose.
    pub id: TaskForceId,
    /// Its end.
    pub head: Head,
    /// How many entries it has.
    pub entries: usize,
}

/// Every chain of a database, or what is wrong with it.
pub(super) async fn chains(
    store: &Store,
) -> anyhow::Result<Vec<(TaskForceId, Result<Chain, Broken>)>> {
    let mut chains = Vec::new();
    for (id, head) in store.heads().await? {
        let stored = store.stored_entries(&id).await?;
        let printed = printed_heads(store, &id, head, &stored).await?;
        let entries = stored
            .iter()
            .map(|entry| (entry.seq, entry.body.as_str(), entry.hash));
        let chain = verify_chain(entries, &printed).map(|head| Chain {
            id: id.clone(),
            head,
            entries: stored.len(),
        });
        chains.push((id, chain));
    }
    Ok(chains)
}

/// Heads known from outside the entries: the recorded one, and those that digests and corrections printed in the group. Also
/// those of digests whose entries are gone.
async fn printed_heads(
    store: &Store,
    id: &TaskForceId,
    head: Head,
    stored: &[StoredEntry],
) -> anyhow::Result<Vec<(u64, String)>> {
    let mut printed = vec![(head.seq, head.printed())];
    for digest in store.digests(id).await? {
        printed.extend(render::clerk::printed_head(&digest.body));
        let known = corrections(stored, digest.number);
        for nth in 1.. {
            let slot = correction_slot(digest.number, nth);
            let Some(row) = store.latest_in_slot(id, &slot).await? else {
                // One that was taken back leaves a gap; beyond the last entry one is looked for in case entries are gone.
                if nth > known {
                    break;
                }
                continue;
            };
            if let Ok(Call::Send { message, .. }) = serde_json::from_str(&row.message.body) {
                let body = serde_json::to_string(&message)?;
                printed.extend(render::clerk::printed_head(&body));
            }
        }
    }
    Ok(printed)
}

/// How often a digest was corrected, by the entries.
fn corrections(stored: &[StoredEntry], number: u32) -> usize {
    let entries = stored.iter();
    let entries = entries.filter(|entry| entry.body.contains("digest_corrected"));
    let entries = entries.filter_map(|entry| serde_json::from_str(&entry.body).ok());
    let of_it = |entry: &LedgerEntry| matches!(&entry.act, Act::DigestCorrected { number: other, .. } if *other == number);
    entries.filter(of_it).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_shown_without_its_password() {
        for (url, seen) in [
            ("sqlite:data/duban.db", "sqlite:data/duban.db"),
            ("postgres://duban:ge@heim@host:5/d", "host:5/d"),
            (
                "postgres://host/d?user=a&password=geheim",
                "postgres://host/d",
            ),
            ("postgres://a:geheim@host/d?password=gehe@im", "im"),
        ] {
            assert_eq!(shown(url), seen);
        }
    }
}
