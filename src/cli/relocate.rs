//! `duban move`: from one database into another that is empty, both chains verified.

use std::process::ExitCode;

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};

use super::ledger::{Chain, chains, shown};
use super::print::print_line;
use super::secrets::{database_url, secret};
use crate::render;
use crate::service::moved_on_purpose;
use crate::store::{Store, TransferError, transfer, wait_alone};

/// From where to where.
#[derive(Debug, clap::Args)]
pub(super) struct Route {
    /// The database to be moved; else DATABASE_URL, or the file that DATABASE_URL_FILE names, or sqlite:data/duban.db.
    #[arg(long, value_name = "URL")]
    from: Option<SecretString>,
    /// The new, empty database; else DUBAN_MOVE_TO, or the file that DUBAN_MOVE_TO_FILE names.
    #[arg(long, value_name = "URL")]
    to: Option<SecretString>,
}

/// Exit code 1 when nothing was moved, with the mend.
pub(super) async fn run(route: &Route) -> anyhow::Result<ExitCode> {
    let from = database_url(route.from.as_ref())?;
    let to = match &route.to {
        Some(to) => to.clone(),
        None => secret("DUBAN_MOVE_TO")?.context(
            "say where to with --to or DUBAN_MOVE_TO, as in postgres://duban@localhost/duban",
        )?,
    };
    let (from, to) = (from.expose_secret(), to.expose_secret());
    if from == to {
        bail!("source and target are the same database");
    }
    match moved(from, to).await {
        Ok(code) => Ok(code),
        Err(error) => {
            let Some(why) = error.downcast_ref::<TransferError>().and_then(mend) else {
                return Err(error);
            };
            eprintln!("{why}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn moved(from: &str, to: &str) -> anyhow::Result<ExitCode> {
    wait_alone(from).await?;
    print_line(render::relocation::from_to(shown(from), shown(to)));
    let before = sound_chains(from).await?;
    let carried = transfer(from, to, |table| {
        print_line(render::relocation::table(table.name, table.rows));
    })
    .await?;
    let after = sound_chains(to)
        .await
        .context("the copy does not verify: do not use it, empty the target and move again")?;
    if before != after {
        bail!("the chains of the copy are others than those of the source: do not use it");
    }
    same_to_itself(from, to).await?;
    for chain in &after {
        print_line(render::relocation::chain(
            chain.id.as_str(),
            chain.head.seq,
            &chain.head.printed(),
        ));
    }
    let rows = carried.iter().map(|table| table.rows).sum();
    print_line(render::relocation::done(rows, shown(to)));
    Ok(ExitCode::SUCCESS)
}

/// Where this is not reached, the next start asks how to go on, as after a restoration.
async fn same_to_itself(from: &str, to: &str) -> anyhow::Result<()> {
    let (source, target) = (Store::open(from).await?, Store::open(to).await?);
    let noted = moved_on_purpose(&source, &target).await;
    target.close().await;
    source.close().await;
    Ok(noted?)
}

/// All chains of a database, each verified against its own head and those that digests printed.
async fn sound_chains(url: &str) -> anyhow::Result<Vec<Chain>> {
    let store = Store::open(url)
        .await
        .with_context(|| format!("opening {}", shown(url)))?;
    let chains = chains(&store).await;
    store.close().await;
    let mut sound = Vec::new();
    for (id, chain) in chains? {
        match chain {
            Ok(chain) => sound.push(chain),
            Err(fault) => bail!("{}: the chain of {id} is broken: {fault}", shown(url)),
        }
    }
    Ok(sound)
}

/// What the clerk reads about a refusal; none for faults of a database, which name themselves.
fn mend(error: &TransferError) -> Option<String> {
    match error {
        TransferError::NoSource(path) => {
            Some(render::relocation::no_source(&path.display().to_string()))
        }
        TransferError::InUse { others } => Some(render::relocation::in_use(*others)),
        TransferError::NotEmpty { table, rows } => {
            Some(render::relocation::not_empty(table, *rows))
        }
        TransferError::OtherTables(_) | TransferError::Differs(_) | TransferError::Store(_) => None,
    }
}
