//! The director's desk: the server of the rehearsal page. It shows the world, acts in it as people do, and hands all else to whoever
//! conducts.

mod acting;
mod backstage;
mod chat;
mod directing;
mod guard;
mod reading;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::page::{self, words};
use super::world::World;
use acting::Outcome;
use chat::Window;

pub use backstage::{
    Backstage, Cast, Inbox, Order, Orders, Pending, Planned, ScriptView, Speed, Wish, line,
};

/// Ports tried after the one asked for.
const PORTS_TRIED: u16 = 100;
/// A file somebody sends.
const MAX_UPLOAD: usize = 20 * 1024 * 1024;
/// Any other body.
const MAX_BODY: usize = 1024 * 1024;
/// Changes within this time are one event, so that a fast clock does not drown the page.
const COALESCED: Duration = Duration::from_millis(100);
/// Nothing from elsewhere, no script in the page itself.
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page's server. Dropping it stops it.
#[derive(Debug)]
pub struct Desk {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<io::Result<()>>>,
}

/// What every request needs.
#[derive(Debug, Clone)]
struct Shared {
    world: Arc<World>,
    backstage: watch::Receiver<Backstage>,
    orders: Orders,
    loopback_only: bool,
}

impl Desk {
    /// Serves the page at `wanted`, or at the next free port after it; port 0 takes any.
    ///
    /// # Errors
    /// No address can be bound.
    pub async fn open(
        wanted: SocketAddr,
        world: Arc<World>,
        backstage: watch::Receiver<Backstage>,
        orders: Orders,
    ) -> io::Result<Self> {
        let listener = free_port(wanted).await?;
        let address = listener.local_addr()?;
        let shared = Shared {
            world,
            backstage,
            orders,
            loopback_only: address.ip().is_loopback(),
        };
        let (stop, mut stopping) = watch::channel(false);
        let serving = axum::serve(listener, router(shared));
        let task = tokio::spawn(async move {
            tokio::select! {
                ended = serving => ended,
                // Streams of events never end by themselves: they are broken off.
                _ = stopping.wait_for(|stop| *stop) => Ok(()),
            }
        });
        Ok(Self {
            address,
            stop,
            task: Some(task),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a browser.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks all connections and closes the port.
    pub async fn close(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            // It ends by itself now; how does not matter any more.
            let _ = task.await;
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn free_port(wanted: SocketAddr) -> io::Result<TcpListener> {
    let mut address = wanted;
    for _ in 0..PORTS_TRIED {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                let Some(next) = address.port().checked_add(1) else {
                    return Err(error);
                };
                address.set_port(next);
            }
            bound => return bound,
        }
    }
    TcpListener::bind(address).await
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/", get(|| async { file("index.html") }))
        .route(
            "/page/{name}",
            get(|Path(name): Path<String>| async move { file(&name) }),
        )
        .route("/events", get(events))
        .route("/api/room", get(room))
        .route("/api/chat", get(chat))
        .route("/api/alerts", get(alerts))
        .route("/api/file", get(download))
        .route("/api/transcript", get(transcript))
        .route("/api/act", post(act))
        .route(
            "/api/upload",
            post(upload).layer(DefaultBodyLimit::max(MAX_UPLOAD)),
        )
        .route("/api/member", post(member))
        .route("/api/stranger", post(stranger))
        .route("/api/group", post(group))
        .route("/api/clock", post(clock))
        .route("/api/break", post(faults))
        .route("/api/save", post(save))
        .route("/api/open", post(open))
        .route("/api/script", post(script))
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, words::NO_SUCH_PAGE) })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(shared.clone(), guarded))
        .with_state(shared)
}

/// Lets in what comes from our own page, and says what browsers may do with the answer.
async fn guarded(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_read = request.method().is_safe();
    let mut response = if !guard::is_our_host(headers, shared.loopback_only)
        || !(is_read || guard::is_own_origin(headers))
    {
        refuse(StatusCode::FORBIDDEN, words::FOREIGN_PAGE)
    } else {
        next.run(request).await
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn file(name: &str) -> Response {
    match page::asset(name) {
        Some((kind, content)) => ([(header::CONTENT_TYPE, kind)], content).into_response(),
        None => refuse(StatusCode::NOT_FOUND, words::NO_SUCH_PAGE),
    }
}

fn refuse(status: StatusCode, why: &str) -> Response {
    shown(status, &json!({"ok": false, "error": why}))
}

fn shown(status: StatusCode, value: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, value.to_string()).into_response()
}

fn answered(outcome: Outcome) -> Response {
    match outcome {
        Ok(mut facts) => {
            facts["ok"] = json!(true);
            shown(StatusCode::OK, &facts)
        }
        Err(why) => refuse(StatusCode::BAD_REQUEST, why),
    }
}

/// Reading.
impl Shared {
    /// Rises with whatever the page could see.
    fn version(&self) -> u64 {
        *self.world.subscribe().borrow()
    }
}

/// `data: {"version": N}` at once and after every change.
async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let start = (shared.world.subscribe(), true);
    let events = stream::unfold(start, |(mut changed, is_first)| async move {
        if !is_first {
            changed.changed().await.ok()?;
            tokio::time::sleep(COALESCED).await;
        }
        let version = *changed.borrow_and_update();
        let event = Event::default().data(json!({"version": version}).to_string());
        Some((Ok(event), (changed, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn room(State(shared): State<Shared>) -> Response {
    let backstage = shared.backstage.borrow().clone();
    let version = shared.version();
    let room = reading::room(&shared.world.locked(), &backstage, version);
    shown(StatusCode::OK, &room)
}

#[derive(Debug, Deserialize)]
struct ChatQuery {
    chat: i64,
    viewer: i64,
    before: Option<i64>,
    limit: Option<usize>,
}

async fn chat(State(shared): State<Shared>, Query(query): Query<ChatQuery>) -> Response {
    let window = Window {
        viewer: query.viewer,
        before: query.before,
        limit: query.limit,
    };
    let found = chat::chat(&shared.world.locked(), query.chat, window);
    match found {
        Some(found) => shown(StatusCode::OK, &found),
        None => refuse(StatusCode::NOT_FOUND, words::NO_SUCH_CHAT),
    }
}

#[derive(Debug, Deserialize)]
struct AlertsQuery {
    user: i64,
    #[serde(default)]
    since: usize,
}

async fn alerts(State(shared): State<Shared>, Query(query): Query<AlertsQuery>) -> Response {
    let alerts = chat::alerts(&shared.world.locked(), query.user, query.since);
    shown(StatusCode::OK, &alerts)
}

#[derive(Debug, Deserialize)]
struct FileQuery {
    id: String,
}

/// Pictures are shown; all else is only ever saved.
async fn download(State(shared): State<Shared>, Query(query): Query<FileQuery>) -> Response {
    let Some(bytes) = shared.world.file(&query.id) else {
        return refuse(StatusCode::NOT_FOUND, words::NO_SUCH_FILE);
    };
    let picture = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else {
        None
    };
    let kind = picture.unwrap_or("application/octet-stream");
    let place = if picture.is_some() {
        "inline"
    } else {
        "attachment"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, place),
    ];
    (headers, bytes).into_response()
}

async fn transcript(State(shared): State<Shared>) -> Response {
    let heading = shared.backstage.borrow().title.clone();
    let text = chat::transcript(&shared.world.locked(), &heading);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"transcript.txt\"",
        ),
    ];
    (headers, text).into_response()
}

/// The body of a request that says it is JSON.
fn body<T: DeserializeOwned>(headers: &HeaderMap, bytes: &Bytes) -> Result<T, Box<Response>> {
    if !guard::is_of_type(headers, "application/json") {
        let refused = refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, words::NOT_JSON);
        return Err(Box::new(refused));
    }
    serde_json::from_slice(bytes)
        .map_err(|_| Box::new(refuse(StatusCode::BAD_REQUEST, words::NOT_JSON)))
}

/// Carries out what people do, then lets the bot hear of it.
fn acted<T: DeserializeOwned>(
    shared: &Shared,
    headers: &HeaderMap,
    bytes: &Bytes,
    act: impl FnOnce(&World, T) -> Outcome,
) -> Response {
    let request = match body(headers, bytes) {
        Ok(request) => request,
        Err(refused) => return *refused,
    };
    let outcome = act(&shared.world, request);
    shared.orders.hand_in(Wish::Settle);
    answered(outcome)
}

async fn act(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    acted(&shared, &headers, &bytes, acting::act)
}

async fn member(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    acted(&shared, &headers, &bytes, |world, request| {
        acting::member(world, &request)
    })
}

async fn stranger(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    acted(&shared, &headers, &bytes, |world, request| {
        acting::stranger(world, &request)
    })
}

async fn group(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    acted(&shared, &headers, &bytes, |world, request| {
        acting::group(world, &request)
    })
}

async fn clock(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    match body(&headers, &bytes).map(|request| directing::clock(&request)) {
        Ok(Ok(wish)) => conducted(&shared, wish).await,
        Ok(Err(why)) => refuse(StatusCode::BAD_REQUEST, why),
        Err(refused) => *refused,
    }
}

async fn faults(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    match body(&headers, &bytes) {
        Ok(request) => answered(directing::faults(&shared.world, &shared.orders, &request)),
        Err(refused) => *refused,
    }
}

#[derive(Debug, Deserialize)]
struct UploadQuery {
    user: i64,
    chat: i64,
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    caption: String,
}

async fn upload(
    State(shared): State<Shared>,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    // A form of a page elsewhere cannot send this type without asking first.
    if !guard::is_of_type(&headers, "application/octet-stream") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, words::NOT_JSON);
    }
    let upload = acting::Upload {
        user: query.user,
        chat: query.chat,
        is_photo: query.kind == "photo",
        name: query.name,
        caption: query.caption,
        bytes: bytes.to_vec(),
    };
    let outcome = acting::upload(&shared.world, upload);
    shared.orders.hand_in(Wish::Settle);
    answered(outcome)
}

/// Hands in a wish and waits for what comes of it.
async fn conducted(shared: &Shared, wish: Wish) -> Response {
    match shared.orders.hand_in(wish).await {
        Ok(Ok(())) => answered(Ok(json!({}))),
        Ok(Err(why)) => refuse(StatusCode::BAD_REQUEST, &why),
        Err(_) => refuse(StatusCode::SERVICE_UNAVAILABLE, words::CLOSED),
    }
}

async fn save(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    match body::<directing::NameRequest>(&headers, &bytes) {
        Ok(request) => conducted(&shared, Wish::Save(request.name)).await,
        Err(refused) => *refused,
    }
}

async fn open(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    match body::<directing::NameRequest>(&headers, &bytes) {
        Ok(request) => conducted(&shared, Wish::Open(request.name)).await,
        Err(refused) => *refused,
    }
}

async fn script(State(shared): State<Shared>, headers: HeaderMap, bytes: Bytes) -> Response {
    match body(&headers, &bytes).map(directing::script) {
        Ok(Ok(wish)) => conducted(&shared, wish).await,
        Ok(Err(why)) => refuse(StatusCode::BAD_REQUEST, why),
        Err(refused) => *refused,
    }
}
