//! The server: its life, its two routes, and the faults played on the way.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connection::{Doors, Flow, Line};
use super::faults::Fault;
use super::refusal::Refusal;
use super::request::{self, MAX_BODY, Parameters};
use super::table;
use super::webhook;
use super::world::World;
use crate::clock::Clock;

/// The only token the stand-in takes, and one that no real server can take: the official server refuses every token that begins
/// with `0` at the door (`401 Unauthorized: invalid token specified`), before it asks anybody. So a program that insists on this
/// token for its rehearsals cannot reach real people, whatever address it is given. It has the form (digits, colon, at least 35
/// characters) that teloxide and our log filter recognise and redact.
pub const STAND_IN_TOKEN: &str = "0:STAND-IN-no-real-server-takes-this-token";

/// How late every call is answered while answers are slow. By the real clock: the manual one stands still while a call is under way.
const SLOW: Duration = Duration::from_millis(1_500);

/// The name under which [`World::fault`] knows downloads.
const DOWNLOAD: &str = "file";

/// A running stand-in. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    world: Arc<World>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Starts a server with an empty world. Port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(clock: Clock, address: SocketAddr) -> io::Result<Self> {
        Self::start_with(Arc::new(World::new(clock)), address).await
    }

    /// Starts a server on a world that is there already, as after an outage.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start_with(world: Arc<World>, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let doors = Doors {
            listener,
            clock: world.clock().clone(),
        };
        let desk = Desk {
            world: Arc::clone(&world),
            stopping: stopping.clone(),
        };
        let router = Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(desk);
        let serving = axum::serve(doors, router.into_make_service_with_connect_info::<Line>())
            .with_graceful_shutdown(until(stopping));
        let task = Some(tokio::spawn(async move { serving.await }));
        Ok(Self {
            world,
            address,
            stop,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to give as `TELOXIDE_API_URL`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What to give as `TELOXIDE_TOKEN`.
    pub fn token(&self) -> &'static str {
        STAND_IN_TOKEN
    }

    /// Its chats and people.
    pub fn world(&self) -> Arc<World> {
        Arc::clone(&self.world)
    }

    /// Breaks all open calls and closes the port.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take() {
            // The task ends by itself now; how does not matter any more.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn until(mut stopping: watch::Receiver<bool>) {
    // An error means that the server was dropped: stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

#[derive(Debug, Clone)]
struct Desk {
    world: Arc<World>,
    stopping: watch::Receiver<bool>,
}

/// What a path asks for.
enum Route {
    Method { token: String, name: String },
    Download { token: String, path: String },
    Nothing,
}

fn route(path: &str) -> Route {
    let decode = request::percent_decode;
    if let Some((token, path)) = path
        .strip_prefix("/file/bot")
        .and_then(|rest| rest.split_once('/'))
    {
        return Route::Download {
            token: decode(token),
            path: decode(path),
        };
    }
    match path
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((token, name)) => Route::Method {
            token: decode(token),
            name: decode(name),
        },
        None => Route::Nothing,
    }
}

async fn answer(
    State(desk): State<Desk>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request<Body>,
) -> Response {
    line.set(Flow::Open);
    let is_slow = desk.world.locked().is_slow;
    let stopping = until(desk.stopping.clone());
    let answered = async {
        if is_slow {
            tokio::time::sleep(SLOW).await;
        }
        match route(request.uri().path()) {
            Route::Nothing => refuse(&Refusal::new(404, "Not Found")),
            Route::Download { token, .. } | Route::Method { token, .. }
                if token != STAND_IN_TOKEN =>
            {
                refuse(&wrong_token(&token))
            }
            Route::Download { path, .. } => download(&desk, &line, &path).await,
            Route::Method { name, .. } => match table::method_named(&name) {
                Some(method) => call(&desk, &line, method, request).await,
                None => {
                    desk.world.note_unknown(&name);
                    refuse(&Refusal::new(404, "Not Found: method not found"))
                }
            },
        }
    };
    tokio::select! {
        response = answered => response,
        () = stopping => {
            line.set(Flow::Cut);
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// A malformed token is told apart from a revoked one.
fn wrong_token(token: &str) -> Refusal {
    let is_shaped = !token.starts_with('0')
        && token
            .split_once(':')
            .is_some_and(|(id, _)| id.parse::<u64>().is_ok());
    Refusal::new(
        401,
        if is_shaped {
            "Unauthorized"
        } else {
            "Unauthorized: invalid token specified"
        },
    )
}

async fn call(desk: &Desk, line: &Line, method: &'static str, request: Request<Body>) -> Response {
    let fault = desk.world.take_fault(method);
    if fault == Some(Fault::CloseBeforeReading) {
        desk.world.turn_away(
            method,
            &Parameters::default(),
            Fault::CloseBeforeReading,
            true,
        );
        return cut(line);
    }
    let parameters = match request::read(request).await {
        Ok(parameters) => parameters,
        Err(refusal) => return refuse(&refusal),
    };
    if let Some(Fault::Delay(time)) = fault {
        desk.world.clock().sleep(time).await;
    }
    if let Some(kept_off) = fault.filter(|fault| !fault.is_carried_out()) {
        desk.world.turn_away(method, &parameters, kept_off, true);
        return disturb(fault, line, StatusCode::OK.into_response());
    }
    let outcome = desk.world.call(method, &parameters, fault, true).await;
    if outcome.is_ok() && method == "setWebhook" {
        tokio::spawn(webhook::post_updates(
            Arc::clone(&desk.world),
            desk.stopping.clone(),
        ));
    }
    let response = match outcome {
        Ok(result) => json_response(200, &json!({"ok": true, "result": result})),
        Err(refusal) => refuse(&refusal),
    };
    disturb(fault, line, response)
}

async fn download(desk: &Desk, line: &Line, path: &str) -> Response {
    let fault = desk.world.take_fault(DOWNLOAD);
    if let Some(Fault::Delay(time)) = fault {
        desk.world.clock().sleep(time).await;
    }
    let content = desk.world.locked().files.by_path(path).map(<[u8]>::to_vec);
    let response = match content {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        None => refuse(&Refusal::new(404, "Not Found")),
    };
    disturb(fault, line, response)
}

/// Turns an answer into what arrives when the fault is played.
fn disturb(fault: Option<Fault>, line: &Line, response: Response) -> Response {
    match fault {
        None | Some(Fault::Delay(_)) => response,
        Some(Fault::CloseBeforeReading | Fault::ProcessThenClose) => cut(line),
        Some(Fault::HalfBody) => {
            line.set(Flow::Half);
            response
        }
        Some(Fault::SlowDrip { bytes, pause }) => {
            line.set(Flow::Drip { bytes, pause });
            response
        }
        Some(Fault::EmptyBody) => StatusCode::OK.into_response(),
        Some(Fault::Html502) => {
            let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n";
            (
                StatusCode::BAD_GATEWAY,
                [(header::CONTENT_TYPE, "text/html")],
                page,
            )
                .into_response()
        }
        Some(kept_off) => match kept_off.refusal() {
            Some(refusal) => refuse(&refusal),
            None => response,
        },
    }
}

fn cut(line: &Line) -> Response {
    line.set(Flow::Cut);
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

fn refuse(refusal: &Refusal) -> Response {
    let mut response = json_response(refusal.code, &refusal.envelope());
    if let Some(seconds) = refusal.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn json_response(code: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}
