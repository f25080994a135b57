//! The sender against the stand-in: chats do not wait for each other, answers find a way, leases are kept, order holds.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::rehearsal::{Fault, Server, World};
use duban::render::Message;
use duban::service::{Call, Service};
use duban::store::{Changes, Memory, NewOutgoing, OutboxState, OutgoingKind, Store};
use duban::telegram::{ClientSettings, Clients, Look, Sender};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Waiting for the outside world is bounded; nothing is timed.
const PATIENCE: Duration = Duration::from_secs(60);

/// More chats than sends may be under way.
const CHATS: i64 = 20;

/// Places among them that are not kept for answers.
const REMINDERS_UNDER_WAY: usize = 12;

struct Post {
    world: Arc<World>,
    clock: Clock,
    service: Arc<Service>,
    clients: Clients,
    _server: Server,
}

struct Running {
    stop: watch::Sender<bool>,
    sender: JoinHandle<()>,
}

impl Running {
    async fn stop(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(PATIENCE, self.sender)
            .await
            .unwrap()
            .unwrap();
    }
}

impl Post {
    async fn open() -> Self {
        let clock = Clock::manual("2026-11-23T01:00:00Z".parse().unwrap());
        let server = Server::start(clock.clone(), ([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let world = server.world();
        for user in 1..=CHATS {
            world.add_user(user, "某人", "");
            world.start(user, "");
        }
        let settings = ClientSettings {
            token: SecretString::from(server.token().to_owned()),
            api_url: Some(server.url()),
            proxy: None,
        };
        let account = BotAccount {
            id: 1,
            username: "duban_bot".to_owned(),
        };
        let store = Store::Memory(Memory::new());
        Self {
            world,
            clock: clock.clone(),
            service: Arc::new(Service::new(store, clock, Dice::seeded(1), account)),
            clients: Clients::new(&settings).unwrap(),
            _server: server,
        }
    }

    async fn put_out(&self, chat: i64, kind: OutgoingKind, text: &str) {
        let call = Call::Send {
            message: Message::text(text),
            silent: true,
            reply_to: None,
            force_reply: false,
        };
        let priority = match kind {
            OutgoingKind::Answer => 0,
            OutgoingKind::Reminder | OutgoingKind::Slip | OutgoingKind::Line => 10,
            OutgoingKind::Digest | OutgoingKind::Document => 20,
            OutgoingKind::Status => 30,
        };
        let now = self.clock.now();
        let row = NewOutgoing {
            chat,
            thread: None,
            kind,
            priority,
            body: serde_json::to_string(&call).unwrap(),
            about: String::new(),
            slot: None,
            notice: None,
            not_before: now,
            not_after: None,
            keys: Vec::new(),
            pings: Vec::new(),
        };
        let changes = Changes {
            outgoing: vec![row],
            now,
            ..Changes::default()
        };
        for result in self.service.store().commit(vec![changes]).await.unwrap() {
            result.unwrap();
        }
        self.service.outbox_rings.notify_one();
    }

    fn run(&self) -> Running {
        let (stop, stopping) = watch::channel(false);
        let sender = Sender::new(self.service.clone(), &self.clients).run(stopping);
        Running {
            stop,
            sender: tokio::spawn(sender),
        }
    }

    fn words(&self, chat: i64) -> Vec<String> {
        let messages = self.world.messages(chat).into_iter();
        messages
            .filter(|message| message.is_ours)
            .map(|message| message.text)
            .collect()
    }

    /// Waits until the chat has had this many messages.
    async fn heard(&self, chat: i64, count: usize) -> Vec<String> {
        let mut changes = self.world.subscribe();
        let wait = async {
            while self.words(chat).len() < count {
                changes.changed().await.unwrap();
            }
            self.words(chat)
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }

    /// Waits until the stand-in has this many calls in hand or behind it.
    async fn leased(&self, count: usize) {
        let wait = async {
            let store = self.service.store();
            while store
                .outgoing_in_state(OutboxState::Leased)
                .await
                .unwrap()
                .len()
                < count
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap();
    }

    async fn next_send_at(&self) -> Option<DateTime<Utc>> {
        let store = self.service.store();
        store
            .next_send_at(self.clock.now(), &[], i64::MAX)
            .await
            .unwrap()
    }

    fn advance(&self, seconds: i64) {
        self.clock
            .set(self.clock.now() + TimeDelta::seconds(seconds));
    }
}

#[tokio::test]
async fn a_chat_that_hangs_holds_up_itself_alone_and_keeps_its_order() {
    let post = Post::open().await;
    let delay = Fault::Delay(Duration::from_secs(8));
    post.world.fault("sendMessage", 1, delay);
    post.put_out(1, OutgoingKind::Reminder, "first").await;
    let running = post.run();
    post.leased(1).await;
    post.put_out(1, OutgoingKind::Answer, "second").await;
    post.put_out(2, OutgoingKind::Answer, "elsewhere").await;
    assert_eq!(post.heard(2, 1).await, ["elsewhere"]);
    assert_eq!(
        post.words(1),
        [""; 0],
        "the first is under way, the second waits behind it"
    );
    post.advance(8);
    assert_eq!(post.heard(1, 2).await, ["first", "second"]);
    running.stop().await;
    assert_eq!(post.world.violations(), []);
}

#[tokio::test]
async fn an_answer_finds_a_place_while_reminders_hang() {
    let post = Post::open().await;
    let delay = Fault::Delay(Duration::from_secs(8));
    post.world.fault("sendMessage", REMINDERS_UNDER_WAY, delay);
    for chat in 2..=CHATS {
        post.put_out(chat, OutgoingKind::Reminder, "reminder").await;
    }
    let running = post.run();
    post.leased(REMINDERS_UNDER_WAY).await;
    post.put_out(1, OutgoingKind::Answer, "answer").await;
    assert_eq!(post.heard(1, 1).await, ["answer"]);
    let reminded = (2..=CHATS).filter(|chat| !post.words(*chat).is_empty());
    assert_eq!(reminded.count(), 0);
    post.advance(8);
    for chat in 2..=CHATS {
        assert_eq!(post.heard(chat, 1).await, ["reminder"]);
    }
    running.stop().await;
    assert_eq!(post.world.violations(), []);
}

#[tokio::test]
async fn a_lease_is_renewed_as_long_as_the_send_is_under_way() {
    let post = Post::open().await;
    let delay = Fault::Delay(Duration::from_secs(50));
    post.world.fault("sendMessage", 1, delay);
    post.put_out(1, OutgoingKind::Reminder, "once").await;
    let running = post.run();
    post.leased(1).await;
    let sent = || !post.words(1).is_empty();
    let begun = post.clock.now();
    while !sent() {
        let ends_at = post.next_send_at().await;
        post.advance(10);
        let renewed = async {
            while post.next_send_at().await <= ends_at && !sent() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, renewed).await.unwrap();
    }
    assert!(post.clock.now() - begun >= TimeDelta::seconds(50));
    assert_eq!(post.heard(1, 1).await, ["once"]);
    running.stop().await;
    assert_eq!(post.words(1), ["once"]);
    assert_eq!(post.world.violations(), []);
}

#[tokio::test]
async fn what_is_under_way_at_the_stop_is_finished_and_recorded() {
    let post = Post::open().await;
    let delay = Fault::Delay(Duration::from_secs(8));
    post.world.fault("sendMessage", 1, delay);
    post.put_out(1, OutgoingKind::Answer, "first").await;
    let running = post.run();
    post.leased(1).await;
    running.stop.send_replace(true);
    post.put_out(2, OutgoingKind::Answer, "later").await;
    // The call may still be on its way to the stand-in, which counts from its arrival.
    while !running.sender.is_finished() {
        post.advance(1);
        tokio::task::yield_now().await;
    }
    running.stop().await;
    assert_eq!(post.words(1), ["first"]);
    assert_eq!(post.words(2), [""; 0], "nothing begins after the stop");
    let store = post.service.store();
    let sent = store.outgoing_in_state(OutboxState::Sent).await.unwrap();
    assert_eq!(sent.len(), 1);
}

/// What left: when, and of which priority.
async fn left(post: &Post) -> Vec<(DateTime<Utc>, i64, i64)> {
    let store = post.service.store();
    let sent = store.outgoing_in_state(OutboxState::Sent).await.unwrap();
    let rows = sent.into_iter();
    let mut rows: Vec<_> = rows
        .map(|row| (row.sent_at.unwrap(), row.message.priority, row.message.chat))
        .collect();
    rows.sort_unstable();
    rows
}

#[tokio::test]
async fn a_friday_of_many_groups_goes_out_at_telegrams_pace_and_answers_pass_it() {
    const GROUPS: i64 = 300;
    const STATUSES: i64 = 40;
    let post = Post::open().await;
    for group in 1..=GROUPS {
        post.world.add_group(-group, "专班群");
        post.world.add_bot(-group, 1);
        post.put_out(-group, OutgoingKind::Digest, "digest").await;
    }
    for group in 1..=STATUSES {
        post.put_out(-group, OutgoingKind::Status, "behind").await;
    }
    let mut sender = Sender::new(post.service.clone(), &post.clients);
    let begun = post.clock.now();
    let mut asked_at = Vec::new();
    loop {
        let due = begun + TimeDelta::seconds(2) * (i32::try_from(asked_at.len()).unwrap() + 1);
        if post.clock.now() >= due && asked_at.len() < 4 {
            let chat = i64::try_from(asked_at.len()).unwrap() + 1;
            post.put_out(chat, OutgoingKind::Answer, "answer").await;
            asked_at.push(post.clock.now());
        }
        match sender.look().await.unwrap() {
            Look::Settled => {}
            Look::Nothing(Some(next)) if next > post.clock.now() => post.clock.set(next),
            Look::Nothing(_) => break,
            Look::TokenRefused => panic!("the stand-in knows the token"),
        }
    }
    let all = left(&post).await;
    assert_eq!(all.len() as i64, GROUPS + STATUSES + 4);
    for (from, ..) in &all {
        let second = *from..*from + TimeDelta::seconds(1);
        assert!(all.iter().filter(|(at, ..)| second.contains(at)).count() <= 30);
    }
    let texts = all.iter().filter(|(_, priority, _)| *priority == 20);
    let last_text = texts.map(|(at, ..)| *at).max().unwrap();
    let pace = TimeDelta::milliseconds((GROUPS + 4) * 1000 / 30);
    assert!(
        last_text - begun <= pace * 105 / 100,
        "{}",
        last_text - begun
    );
    for (chat, asked) in asked_at.iter().enumerate() {
        let chat = i64::try_from(chat).unwrap() + 1;
        let answered = all.iter().find(|(_, _, to)| *to == chat).unwrap().0;
        assert!(
            answered - asked < TimeDelta::milliseconds(300),
            "{}",
            answered - asked
        );
    }
    let mut behind = all.iter().filter(|(_, priority, _)| *priority == 30);
    assert!(behind.all(|(at, ..)| *at >= last_text));
    assert_eq!(post.world.violations(), []);
}
