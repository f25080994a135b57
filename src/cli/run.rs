//! `duban run`: the bot for real. Everything is checked before the first message leaves.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, FixedOffset, Utc};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::files::{ConfigFiles, read_config};
use super::ledger::shown;
use super::secrets::{secret, variable};
use super::team::{self, Outward};
use super::{logging, operations};
use crate::clock::{Clock, Dice};
use crate::config::Intake;
use crate::rehearsal::STAND_IN_TOKEN;
use crate::render;
use crate::service::{Service, TASK_FORCES_IN_MEMORY};
use crate::store::{Shelf, Store};
use crate::telegram::{
    ALL_A_SECOND, ClientSettings, Clients, Worker, connect, serve_webhook, set_webhook,
};

/// What is in hand at the end has this long to finish.
const FAREWELL: Duration = Duration::from_millis(4_500);

/// Runs until SIGTERM or Ctrl-C (exit code 0) or until it cannot go on.
pub async fn run(
    dir: &Path,
    database_url: &str,
    shelf: Shelf,
    clock: Option<DateTime<FixedOffset>>,
) -> anyhow::Result<ExitCode> {
    logging::start(logging::form_in(dir));
    let config = match read_config(dir) {
        (_, Ok(config)) => config,
        (_, Err(mistakes)) => {
            for line in mistakes.lines() {
                logging::complain(&line);
            }
            bail!(
                "the configuration in {} has mistakes; nothing was started",
                dir.display()
            );
        }
    };
    // From here on a signal ends the program in order, however early it comes.
    let stop_asked = tokio::spawn(asked_to_stop());
    let settings = client_settings()?;
    let way = way_in(&config.deployment.intake)?;
    let clock = clock_of(clock, &settings)?;
    // Held to the end of the program, however it ends.
    let _sole = Store::hold_alone(database_url)?;
    let store = Store::open(database_url)
        .await
        .with_context(|| format!("opening {}", shown(database_url)))?;
    let (clients, account) = connect(&settings).await?;
    tracing::info!(
        bot = account.username,
        database = shown(database_url),
        "duban starts"
    );
    let held = config.deployment.task_forces_in_memory;
    let service = Service::new(store, clock, Dice::System, account)
        .with_memory_for(held.unwrap_or(TASK_FORCES_IN_MEMORY));
    let service = Arc::new(service);
    team::start(&service, async || prepare(&service, &config).await).await?;
    if !service.store().is_shared() {
        // Whoever was sending is dead: the file is ours alone.
        service.store().end_all_leases(service.now()).await?;
    }
    service.metrics().heard(service.now());
    let polls = matches!(way, Way::Polling);
    let operations = operations::open(config.deployment.operations, &service, polls).await?;
    let outward = Outward {
        service,
        clients,
        settings,
        shelf,
        most_evidence: config.deployment.evidence.most_bytes(),
        pace: config.deployment.messages_a_second.unwrap_or(ALL_A_SECOND),
        polls,
        rings: Arc::new(Notify::new()),
    };
    // What is wrong with the settings shows now, and not when the lease is ours.
    outward.fetcher()?;
    let end = serve(outward, way, stop_asked).await;
    if let Some(operations) = operations {
        operations.abort();
    }
    end
}

fn client_settings() -> anyhow::Result<ClientSettings> {
    let Some(settings) = client_settings_if_set()? else {
        bail!(
            "TELOXIDE_TOKEN is not set: get a token from @BotFather and put it into the environment, or into a file that TELOXIDE_TOKEN_FILE names"
        );
    };
    Ok(settings)
}

/// How to reach Telegram; none without a token.
pub(super) fn client_settings_if_set() -> anyhow::Result<Option<ClientSettings>> {
    let token = secret("TELOXIDE_TOKEN")?;
    Ok(token.map(|token| ClientSettings {
        token,
        api_url: variable("TELOXIDE_API_URL"),
        proxy: variable("TELOXIDE_PROXY"),
    }))
}

/// How updates come in, with what that needs.
enum Way<'a> {
    Polling,
    Webhook {
        url: &'a str,
        listen: &'a SocketAddr,
        secret: SecretString,
    },
}

fn way_in(intake: &Intake) -> anyhow::Result<Way<'_>> {
    let Intake::Webhook { url, listen } = intake else {
        return Ok(Way::Polling);
    };
    let Some(secret) = secret("DUBAN_WEBHOOK_SECRET")? else {
        bail!(
            "DUBAN_WEBHOOK_SECRET is not set, nor DUBAN_WEBHOOK_SECRET_FILE: webhook mode needs a secret of 16 to 256 characters A-Z a-z 0-9 _ -"
        );
    };
    Ok(Way::Webhook {
        url,
        listen,
        secret,
    })
}

/// A shifted clock would send tomorrow's reminders to real phones, so it goes with the stand-in's token alone.
fn clock_of(at: Option<DateTime<FixedOffset>>, settings: &ClientSettings) -> anyhow::Result<Clock> {
    match at {
        None => Ok(Clock::System),
        Some(at) if settings.token.expose_secret() == STAND_IN_TOKEN => {
            Ok(Clock::starting_at(at.with_timezone(&Utc)))
        }
        Some(_) => bail!(
            "--clock works only with the stand-in's own token ({STAND_IN_TOKEN}), never with a real bot"
        ),
    }
}

async fn prepare(service: &Service, config: &ConfigFiles) -> anyhow::Result<()> {
    service.load(config.adoptions()).await?;
    for unknown in service.pre_fill(&config.people).await? {
        tracing::warn!(task_force = %unknown.task_force, person = %unknown.person, "people.toml names somebody who is not on the adopted roster");
    }
    for (task_force, person, code) in service.first_codes().await? {
        let name = service
            .frame(&task_force)
            .await?
            .and_then(|frame| frame.plan.member(&person).map(|member| member.name.clone()));
        let name = name.unwrap_or_else(|| person.to_string());
        println!("{}", render::clerk::first_code(service.bot(), &name, &code));
    }
    Ok(())
}

async fn serve(
    outward: Outward,
    way: Way<'_>,
    stop_asked: JoinHandle<()>,
) -> anyhow::Result<ExitCode> {
    let (stop, stopping) = watch::channel(false);
    let (service, clients) = (outward.service.clone(), outward.clients.clone());
    let rings = outward.rings.clone();
    let worker = Worker::new(service.clone(), clients.clone());
    let worker = tokio::spawn(worker.run(rings.clone(), stopping.clone()));
    let hearing = team::hear(service.clone(), rings.clone(), stopping.clone());
    let hearing = tokio::spawn(hearing);
    let mut outward = tokio::spawn(outward.run(stopping));
    let mut still_outward = true;
    let end = tokio::select! {
        end = take_in(service.clone(), clients, way, rings) => end,
        end = &mut outward => {
            still_outward = false;
            end.context("working for the bot").flatten()
        }
        asked = stop_asked => asked.context("waiting for a signal"),
    };
    stop.send_replace(true);
    let all = async {
        // A task that panicked has been logged by its runtime; the others still finish.
        let _ = tokio::join!(worker, hearing);
        if still_outward {
            outward.await.context("working for the bot").flatten()
        } else {
            Ok(())
        }
    };
    let end = match tokio::time::timeout(FAREWELL, all).await {
        Ok(outward) => end.and(outward),
        Err(_) => {
            tracing::warn!("something was still under way; it is taken up again at the next start");
            end
        }
    };
    service.say_alive().await?;
    tracing::info!("duban stops");
    end.map(|()| ExitCode::SUCCESS)
}

/// Takes posts of a webhook; ends only when it cannot go on. Polling is outward work.
async fn take_in(
    service: Arc<Service>,
    clients: Clients,
    way: Way<'_>,
    rings: Arc<Notify>,
) -> anyhow::Result<()> {
    match way {
        Way::Polling => std::future::pending().await,
        Way::Webhook {
            url,
            listen,
            secret,
        } => {
            let listener = tokio::net::TcpListener::bind(listen)
                .await
                .with_context(|| format!("listening on {listen}"))?;
            set_webhook(&clients, url, &secret).await?;
            serve_webhook(listener, service, &secret, rings)
                .await
                .context("serving the webhook")
        }
    }
}

/// Returns when SIGTERM or Ctrl-C came.
pub(super) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be caught; Ctrl-C still ends the program well");
            // Without the handler only Ctrl-C is waited for; an error there too would end the program at once.
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
