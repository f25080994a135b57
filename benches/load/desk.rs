//! A Bot API of its own for the load: it answers every call after a fixed time, and writes down when what came and went.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A call is answered after so long, as Telegram does on a good line.
pub const ANSWERED_IN: Duration = Duration::from_millis(50);

/// A poll waits no longer than this.
const POLL: Duration = Duration::from_secs(20);

/// Updates in one answer to a poll.
const UPDATES_A_POLL: usize = 100;

/// What somebody sees at last of the bot.
#[derive(Debug, Clone, Default)]
pub struct Card {
    pub message_id: i64,
    pub text: String,
    /// Label and data of each button.
    pub buttons: Vec<(String, String)>,
}

/// The times of one update.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// Handed to the bot.
    pub handed: Instant,
    /// The first call about it arrived: it was committed before that.
    pub called: Option<Instant>,
    /// The message that answers it was there, and said so to the bot.
    pub sent: Option<Instant>,
}

/// All of it, under one lock.
#[derive(Default)]
pub struct Books {
    waiting: VecDeque<(i64, i64, Value)>,
    next_update: i64,
    next_message: i64,
    /// By chat: what the bot wrote or changed last.
    pub cards: HashMap<i64, Card>,
    /// By chat: the update under way.
    pub open: HashMap<i64, Times>,
    /// Updates that are answered.
    pub done: Vec<Times>,
    /// Calls but polls.
    pub calls: usize,
    pub first_poll: Option<Instant>,
    /// Whom a press belongs to.
    presses: HashMap<String, i64>,
    /// People whose update has not been handed out.
    waiting_for: HashSet<i64>,
}

impl Books {
    /// Whether everything is answered.
    pub fn rests(&self) -> bool {
        self.open.is_empty() && self.waiting_for.is_empty()
    }
}

/// The desk that answers.
#[derive(Clone, Default)]
pub struct Desk {
    books: Arc<Mutex<Books>>,
    queued: Arc<Notify>,
}

impl Desk {
    /// Opens it and gives its address.
    pub async fn open(&self) -> anyhow::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/{token}/{method}", axum::routing::any(answer))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(format!("http://{address}"))
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person writes in private.
    pub fn say(&self, user: i64, text: &str) {
        let message = json!({
            "message_id": self.message_id(), "date": 1, "text": text,
            "from": person(user), "chat": {"id": user, "type": "private", "first_name": "某人"},
        });
        self.queue(user, "message", message);
    }

    /// A person taps a button of the newest card.
    pub fn tap(&self, user: i64, data: &str) {
        let card = self.books().cards.get(&user).cloned().unwrap_or_default();
        let query = self.message_id().to_string();
        self.books().presses.insert(query.clone(), user);
        let press = json!({
            "id": query, "from": person(user), "chat_instance": "1", "data": data,
            "message": {"message_id": card.message_id, "date": 1, "chat": {"id": user, "type": "private", "first_name": "某人"}, "text": card.text},
        });
        self.queue(user, "callback_query", press);
    }

    /// An update about the bot in a group.
    pub fn join_group(&self, group: i64, user: i64) {
        let bot = json!({"id": 1, "is_bot": true, "first_name": "duban", "username": "duban_bot"});
        let change = json!({
            "chat": {"id": group, "type": "supergroup", "title": "工作群"}, "from": person(user), "date": 1,
            "old_chat_member": {"status": "left", "user": bot}, "new_chat_member": {"status": "member", "user": bot},
        });
        self.queue(user, "my_chat_member", change);
    }

    /// Whether an update of this person has not been handed out.
    pub fn is_asked(&self, user: i64) -> bool {
        self.books().waiting_for.contains(&user)
    }

    fn message_id(&self) -> i64 {
        let mut books = self.books();
        books.next_message += 1;
        books.next_message
    }

    fn queue(&self, user: i64, kind: &str, content: Value) {
        let mut books = self.books();
        books.next_update += 1;
        let id = books.next_update;
        books.waiting_for.insert(user);
        books
            .waiting
            .push_back((id, user, json!({"update_id": id, kind: content})));
        drop(books);
        self.queued.notify_one();
    }

    async fn poll(&self, parameters: &Value) -> Value {
        let offset = parameters["offset"].as_i64().unwrap_or(0);
        {
            let mut books = self.books();
            books.first_poll.get_or_insert_with(now);
            books.waiting.retain(|(id, ..)| *id >= offset);
        }
        let until = now() + POLL;
        loop {
            if let Some(found) = self.hand_out() {
                return found;
            }
            let wait = until.saturating_duration_since(now());
            if tokio::time::timeout(wait, self.queued.notified())
                .await
                .is_err()
            {
                return json!([]);
            }
        }
    }

    fn hand_out(&self) -> Option<Value> {
        let mut books = self.books();
        let found: Vec<(i64, Value)> = books
            .waiting
            .iter()
            .take(UPDATES_A_POLL)
            .map(|(_, user, json)| (*user, json.clone()))
            .collect();
        let handed = now();
        for (user, _) in &found {
            books.waiting_for.remove(user);
            let times = Times {
                handed,
                called: None,
                sent: None,
            };
            books.open.entry(*user).or_insert(times);
        }
        (!found.is_empty()).then(|| found.into_iter().map(|(_, json)| json).collect())
    }

    /// Writes a call down; gives its result.
    fn take(&self, method: &str, parameters: &Value) -> Value {
        let mut books = self.books();
        books.calls += 1;
        let query = parameters["callback_query_id"].as_str();
        let chat = match query.and_then(|query| books.presses.remove(query)) {
            Some(user) => user,
            None => parameters["chat_id"].as_i64().unwrap_or(0),
        };
        if let Some(times) = books.open.get_mut(&chat) {
            times.called.get_or_insert_with(now);
        }
        match method {
            "getme" => json!({
                "id": 1, "is_bot": true, "first_name": "duban", "username": "duban_bot", "can_join_groups": true,
                "can_read_all_group_messages": false, "supports_inline_queries": false, "has_main_web_app": false,
                "can_connect_to_business": false,
            }),
            "sendmessage" => {
                books.next_message += 1;
                let id = books.next_message;
                shown(chat, id, parameters)
            }
            "editmessagetext" => shown(
                chat,
                parameters["message_id"].as_i64().unwrap_or(0),
                parameters,
            ),
            _ => json!(true),
        }
    }

    /// The call is answered: the people see what it wrote.
    fn show(&self, parameters: &Value, result: &Value) {
        let mut books = self.books();
        let chat = parameters["chat_id"].as_i64().unwrap_or(0);
        let card = Card {
            message_id: result["message_id"].as_i64().unwrap_or(0),
            text: parameters["text"].as_str().unwrap_or_default().to_owned(),
            buttons: buttons(parameters),
        };
        books.cards.insert(chat, card);
        if let Some(mut times) = books.open.remove(&chat) {
            times.sent = Some(now());
            books.done.push(times);
        }
    }
}

async fn answer(
    State(desk): State<Desk>,
    Path((_, method)): Path<(String, String)>,
    body: Bytes,
) -> axum::Json<Value> {
    let parameters: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let method = method.to_lowercase();
    if method == "getupdates" {
        return envelope(desk.poll(&parameters).await);
    }
    let result = desk.take(&method, &parameters);
    tokio::time::sleep(ANSWERED_IN).await;
    if result.get("message_id").is_some() {
        desk.show(&parameters, &result);
    }
    envelope(result)
}

fn envelope(result: Value) -> axum::Json<Value> {
    axum::Json(json!({"ok": true, "result": result}))
}

fn shown(chat: i64, id: i64, parameters: &Value) -> Value {
    let kind = if chat > 0 { "private" } else { "supergroup" };
    json!({
        "message_id": id, "date": 1, "text": parameters["text"],
        "chat": {"id": chat, "type": kind, "first_name": "某人", "title": "工作群"},
    })
}

fn buttons(parameters: &Value) -> Vec<(String, String)> {
    let rows = parameters["reply_markup"]["inline_keyboard"]
        .as_array()
        .into_iter()
        .flatten();
    let buttons = rows.flat_map(|row| row.as_array().into_iter().flatten());
    buttons
        .filter_map(|button| {
            Some((
                button["text"].as_str()?.to_owned(),
                button["callback_data"].as_str()?.to_owned(),
            ))
        })
        .collect()
}

fn person(user: i64) -> Value {
    json!({"id": user, "is_bot": false, "first_name": "某人"})
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long the real program takes is the outside world's time"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits until it holds.
///
/// # Errors
/// It does not hold within a minute.
pub async fn until(
    desk: &Desk,
    what: &str,
    mut holds: impl FnMut(&Books) -> bool,
) -> anyhow::Result<()> {
    let end = now() + Duration::from_secs(60);
    while !holds(&desk.books()) {
        (now() < end)
            .then_some(())
            .with_context(|| format!("waited a minute for {what}"))?;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}
