//! In by webhook: the raw body is committed to the inbox, then HTTP 200.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use teloxide::payloads::{SetWebhook, SetWebhookSetters};
use teloxide::types::AllowedUpdate;

use super::client::Clients;
use super::intake::{Intake, Received};
use super::receive::{count, keep};
use crate::service::{Failure, Service};

/// Telegram sends the secret in this header.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Bytes an update may have: what Telegram sends is far below a tenth of it.
const MOST_BODY: usize = 1 << 20;

/// Time a body may take: a connection that trickles is not kept.
const BODY_TIME: Duration = Duration::from_secs(5);

struct Door {
    service: Arc<Service>,
    secret_sha256: [u8; 32],
    intake: Mutex<Intake>,
    worker_rings: Arc<Notify>,
}

/// Serves Telegram's posts on `listener` under `/webhook` until dropped.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    secret: &SecretString,
    worker_rings: Arc<Notify>,
) -> std::io::Result<()> {
    let secret_sha256 = Sha256::digest(secret.expose_secret()).into();
    let door = Arc::new(Door {
        intake: Mutex::new(Intake::new(service.bot().clone())),
        service,
        secret_sha256,
        worker_rings,
    });
    let router = Router::new()
        .route("/webhook", post(receive))
        .with_state(door);
    axum::serve(listener, router).await
}

/// What a body posted to us holds; `note` is given the update, if it is one.
pub fn take(
    intake: &mut Intake,
    body: &[u8],
    now: DateTime<Utc>,
    note: impl FnOnce(&serde_json::Value),
) -> Received {
    let Ok(update) = serde_json::from_slice(body) else {
        return Received::NoUpdate;
    };
    let received = intake.receive(&update, now);
    if received != Received::NoUpdate {
        note(&update);
    }
    received
}

/// 401 without the secret, before a byte of the body is read; 408 and 413 for what takes too long or is too large, 400 for
/// what is no update, 503 while the database is down (Telegram tries again), else 200.
async fn receive(State(door): State<Arc<Door>>, headers: HeaderMap, body: Body) -> StatusCode {
    let given = headers
        .get(SECRET_HEADER)
        .map_or(&[][..], |value| value.as_bytes());
    // Comparing digests takes the same time wherever they differ, as far as the secret goes.
    let given: [u8; 32] = Sha256::digest(given).into();
    if given != door.secret_sha256 {
        return StatusCode::UNAUTHORIZED;
    }
    let body = match tokio::time::timeout(BODY_TIME, to_bytes(body, MOST_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let received = {
        let mut intake = door.intake.lock().unwrap_or_else(PoisonError::into_inner);
        take(&mut intake, &body, door.service.now(), |update| {
            count(&door.service, update);
        })
    };
    if received == Received::NoUpdate {
        return StatusCode::BAD_REQUEST;
    }
    match keep(&door.service, vec![received]).await {
        Ok(0) => StatusCode::OK,
        Ok(_) => {
            door.worker_rings.notify_one();
            StatusCode::OK
        }
        Err(error) => {
            door.service.metrics().failed(Failure::Database);
            tracing::error!(%error, "an update could not be kept; telegram will send it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Why the webhook could not be set.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Too short, too long or with other characters.
    #[error("DUBAN_WEBHOOK_SECRET must have 16 to 256 characters of A-Z a-z 0-9 _ -")]
    Secret,
    /// Not a URL.
    #[error("telegram.webhook_url is not a URL")]
    Url,
    /// Telegram refused.
    #[error("Telegram refuses the webhook: {0}")]
    Refused(String),
}

/// Tells Telegram where to post, with the secret it must show; nothing that waits is dropped.
pub async fn set_webhook(
    clients: &Clients,
    url: &str,
    secret: &SecretString,
) -> Result<(), WebhookError> {
    let given = secret.expose_secret();
    let fits = given
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !fits || !(16..=256).contains(&given.len()) {
        return Err(WebhookError::Secret);
    }
    let url = reqwest::Url::parse(url).map_err(|_| WebhookError::Url)?;
    let allowed = [
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ];
    let request = SetWebhook::new(url)
        .secret_token(given)
        .allowed_updates(allowed);
    clients
        .send
        .ask(request)
        .await
        .map(|_| ())
        .map_err(|error| WebhookError::Refused(error.to_string()))
}
