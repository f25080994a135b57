//! The webhook's door: who may post, what may be posted, and what comes of the same body posted again.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use chrono::TimeDelta;
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::service::{Incoming, Service};
use duban::store::{Memory, OutboxState, Store};
use duban::telegram::{read, serve_webhook};
use secrecy::SecretString;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

const SECRET: &str = "a-secret-of-thirty-two-letters__";

struct Entrance {
    memory: Memory,
    clock: Clock,
    service: Arc<Service>,
    address: SocketAddr,
}

impl Entrance {
    async fn open() -> Self {
        let memory = Memory::new();
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().unwrap());
        let bot = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let store = Store::Memory(memory.clone());
        let service = Arc::new(Service::new(store, clock.clone(), Dice::seeded(1), bot));
        service.load(super::siege::adoptions()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = service.clone();
        tokio::spawn(async move {
            let secret = SecretString::from(SECRET);
            serve_webhook(listener, served, &secret, Arc::new(Notify::new())).await
        });
        Self {
            memory,
            clock,
            service,
            address,
        }
    }

    /// The status of the answer to a request with this secret, these bytes and a body said to be so long.
    async fn request(&self, head: &str, secret: Option<&str>, length: usize, body: &[u8]) -> u16 {
        let secret = secret.map(|secret| format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"));
        let mut bytes = format!(
            "{head} HTTP/1.1\r\nHost: duban\r\n{}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            secret.unwrap_or_default()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        let address = self.address;
        let answer = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            // Whoever is refused early may be cut off while still writing.
            let _ = stream.write_all(&bytes);
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        answer.await.unwrap()["HTTP/1.1 ".len()..].parse().unwrap()
    }

    async fn post(&self, secret: Option<&str>, body: &[u8]) -> u16 {
        self.request("POST /webhook", secret, body.len(), body)
            .await
    }

    fn waiting(&self) -> Vec<i64> {
        self.memory.unfinished_updates().0
    }

    /// Works off what waits; how many messages wait to be sent after it.
    async fn work_off(&self) -> usize {
        let store = self.service.store();
        for row in store.take_updates(64, &[]).await.unwrap() {
            let event = read(&row.body, self.service.bot()).unwrap();
            let update_id = row.update_id;
            let done = self
                .service
                .on_updates(vec![Incoming { update_id, event }])
                .await;
            assert!(done.unwrap().failed.is_empty());
        }
        let rows = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
        rows.iter().filter(|row| row.message.chat == 9001).count()
    }
}

fn update(update_id: i64) -> Vec<u8> {
    let message = json!({"message_id": 1, "from": {"id": 9001}, "chat": {"id": 9001, "type": "private"}, "text": "你好"});
    json!({"update_id": update_id, "message": message})
        .to_string()
        .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_secret_nothing_is_kept_and_no_body_is_waited_for() {
    let entrance = Entrance::open().await;
    let longer = format!("{SECRET}x");
    let wrong = SECRET.replace("thirty", "Thirty");
    for secret in [
        None,
        Some(""),
        Some(&SECRET[1..]),
        Some(&longer),
        Some(&wrong),
        Some("\u{7f}"),
    ] {
        assert_eq!(
            entrance.post(secret, &update(7)).await,
            if secret == Some("\u{7f}") { 400 } else { 401 }
        );
        // It says that megabytes follow; none is read.
        if secret != Some("\u{7f}") {
            assert_eq!(
                entrance
                    .request("POST /webhook", secret, 900 << 20, b"{")
                    .await,
                401
            );
        }
    }
    assert_eq!(entrance.waiting(), [0; 0]);
    assert_eq!(entrance.post(Some(SECRET), &update(7)).await, 200);
    assert_eq!(entrance.waiting(), [7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_posted_again_within_the_week_is_worked_off_once() {
    let entrance = Entrance::open().await;
    for _ in 0..3 {
        assert_eq!(entrance.post(Some(SECRET), &update(7)).await, 200);
    }
    assert_eq!(entrance.waiting(), [7]);
    assert_eq!(entrance.work_off().await, 1);
    for days in [0, 1, 5] {
        let later = entrance.clock.now() + TimeDelta::days(days);
        entrance.clock.set(later);
        entrance.service.store().expire(later).await.unwrap();
        assert_eq!(entrance.post(Some(SECRET), &update(7)).await, 200);
        assert_eq!(entrance.waiting(), [0; 0]);
        assert_eq!(entrance.work_off().await, 1);
    }
    // Another is answered: the lines above do not hold because nothing is.
    assert_eq!(entrance.post(Some(SECRET), &update(8)).await, 200);
    assert_eq!(entrance.work_off().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_too_slow_or_no_update_is_refused() {
    let entrance = Entrance::open().await;
    let secret = Some(SECRET);
    let large = [
        b"{\"update_id\": 7, \"x\": \"".as_slice(),
        &vec![b'x'; 1 << 20],
        b"\"}",
    ]
    .concat();
    assert_eq!(entrance.post(secret, &large).await, 413);
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    for body in [
        b"".as_slice(),
        b"{",
        b"[]",
        b"null",
        b"{\"update_id\": \"7\"}",
        b"{\"update_id\": 1e99}",
        b"\xff\xfe",
        &deep,
    ] {
        assert_eq!(
            entrance.post(secret, body).await,
            400,
            "{:?}",
            &body[..body.len().min(20)]
        );
    }
    assert_eq!(entrance.request("GET /webhook", secret, 0, b"").await, 405);
    assert_eq!(entrance.request("POST /", secret, 2, b"{}").await, 404);
    // The rest of the body never comes.
    assert_eq!(
        entrance.request("POST /webhook", secret, 100, b"{").await,
        408
    );
    assert_eq!(entrance.waiting(), [0; 0]);
}
