//! What a country costs: the same request with one task force and with many, the start, memory, a tick, and a Friday at
//! Telegram's own pace. Run with `cargo bench --bench country`; how large it is, is said by the environment:
//!
//! - `DUBAN_COUNTRY` how many task forces (200), `DUBAN_COUNTRY_YEARS` years of answers (3), `DUBAN_COUNTRY_FRIDAY` how many of
//!   them have their Friday measured by the real clock (100; 2,800 take minutes, a message has its thirtieth of a second);
//! - `DUBAN_COUNTRY_ONLY_FRIDAY`, whatever it says, leaves out all but that Friday;
//! - `DUBAN_COUNTRY_DATABASE` a database that `duban country` made with the same figures, instead of one made here. It is
//!   written to. Linux only, it reads `/proc`.
//!
//! It fails where the promise is broken.
#![expect(
    clippy::disallowed_methods,
    reason = "how long it takes is the outside world's time"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use duban::clock::{Clock, Dice};
use duban::conversation::BotAccount;
use duban::rehearsal::{Server, World};
use duban::render::{Button, Message};
use duban::service::{
    ANSWER_PRIORITY, BOARD_PRIORITY, Call, DIGEST_PRIORITY, Incoming, Service,
    TASK_FORCES_IN_MEMORY,
};
use duban::simulation::country::{Country, account_of, group_of, id_of, target};
use duban::store::{
    Changes, FOREVER, InboxRow, NewOutgoing, OutboxRow, OutboxState, OutgoingKind, Store, Wakeup,
};
use duban::telegram::{ALL_A_SECOND, ClientSettings, Clients, Sender, read};
use secrecy::SecretString;
use tokio::sync::watch;

const CHIEF: usize = 2;

/// Task forces held in memory while memory is measured.
const HELD: usize = 20;

/// Requests of each kind.
const ROUNDS: usize = 15;

const LONGEST_START: Duration = Duration::from_secs(10);
const MOST_TIMES: f64 = 1.5;

/// Texts may take so much longer than messages divided by the limit.
const FRIDAY_SLACK: f64 = 1.05;
const ANSWER_WITHIN: TimeDelta = TimeDelta::seconds(1);

fn number(name: &str, otherwise: usize) -> anyhow::Result<usize> {
    match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} is a number")),
        Err(_) => Ok(otherwise),
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let country = Country {
        task_forces: number("DUBAN_COUNTRY", 200)?,
        years: u64::try_from(number("DUBAN_COUNTRY_YEARS", 3)?)?,
        seed: 1,
        ends: NaiveDate::from_ymd_opt(2026, 11, 27).context("a day")?,
    };
    let many = match std::env::var("DUBAN_COUNTRY_DATABASE") {
        Ok(url) => Store::open(&url).await?,
        Err(_) => {
            written(
                &country,
                &format!("sqlite:{}", folder.path().join("many.db").display()),
            )
            .await?
        }
    };
    let count = many.task_forces().await?.len();
    ensure!(count == country.task_forces, "the database holds {count}");
    let mut entries = 0;
    for head in many.heads().await?.values() {
        entries += head.seq;
    }
    println!("{count} task forces, {entries} entries");

    if std::env::var_os("DUBAN_COUNTRY_ONLY_FRIDAY").is_none() {
        start(&country, &many).await?;
        compared(&country, &many, folder.path()).await?;
        ticks(&many).await?;
        memory(&many, count).await?;
    }
    friday(&many, number("DUBAN_COUNTRY_FRIDAY", 100)?.min(count)).await
}

/// The same requests with one task force and with all of them.
async fn compared(country: &Country, many: &Store, folder: &Path) -> anyhow::Result<()> {
    let one = Country {
        task_forces: 1,
        ..*country
    };
    let alone = format!("sqlite:{}", folder.join("one.db").display());
    let alone = written(&one, &alone).await?;
    let count = country.task_forces;
    let few = requests(&alone, 0).await?;
    let all = requests(many, count / 2).await?;
    for ((what, few), (_, all)) in few.iter().zip(&all) {
        let times = all.as_secs_f64() / few.as_secs_f64();
        println!(
            "{what}: {:.2} ms with one, {:.2} ms with {count}: {times:.2} times",
            millis(*few),
            millis(*all)
        );
        ensure!(times <= MOST_TIMES, "{what} costs {times:.2} times as much");
    }
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

async fn written(country: &Country, url: &str) -> anyhow::Result<Store> {
    let store = Store::open(url).await?;
    let begun = Instant::now();
    for number in 0..country.task_forces {
        country.write(&store, number).await?;
    }
    println!(
        "{} written in {:.1} s",
        country.task_forces,
        begun.elapsed().as_secs_f64()
    );
    Ok(store)
}

/// Saturday morning, when nothing is due.
fn saturday() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_831_200, 0).expect("it is a time")
}

fn program(store: &Store, now: DateTime<Utc>, held: usize) -> Arc<Service> {
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".into(),
    };
    let service = Service::new(store.clone(), Clock::manual(now), Dice::System, bot);
    Arc::new(service.with_memory_for(held))
}

/// The start with every plan file in the configuration folder, all of them adopted before.
async fn start(country: &Country, store: &Store) -> anyhow::Result<()> {
    let read = Instant::now();
    let adoptions: Vec<_> = (0..country.task_forces)
        .map(|number| (id_of(number), country.adoption(number)))
        .collect();
    println!("plans as texts: {:.2} s", read.elapsed().as_secs_f64());
    let service = program(store, saturday(), HELD);
    let begun = Instant::now();
    service.load(adoptions).await?;
    service.first_codes().await?;
    let took = begun.elapsed();
    println!(
        "start: {:.2} s, {} ledgers folded",
        took.as_secs_f64(),
        service.folds()
    );
    ensure!(took < LONGEST_START, "the start took {took:?}");
    ensure!(service.folds() == 0, "the start folded ledgers");
    let begun = Instant::now();
    service.tick().await?;
    println!(
        "first tick with nothing due: {:.1} ms, {} folded",
        millis(begun.elapsed()),
        service.folds()
    );
    ensure!(
        service.folds() == 0,
        "a tick folded ledgers with nothing due"
    );
    Ok(())
}

/// Somebody who talks to a service.
struct Desk {
    service: Arc<Service>,
    next_update: i64,
}

impl Desk {
    async fn give(&mut self, chat: i64, content: &str) -> anyhow::Result<Duration> {
        let id = self.next_update;
        self.next_update += 1;
        let json = format!(r#"{{"update_id":{id},{content}}}"#);
        let row = InboxRow {
            update_id: id,
            lane: chat,
            received_at: self.service.now(),
            body: json.clone(),
            attempts: 0,
        };
        let begun = Instant::now();
        self.service.store().receive(&[row]).await?;
        let event = read(&json, self.service.bot())?;
        let incoming = Incoming {
            update_id: id,
            event,
        };
        let processed = self.service.on_updates(vec![incoming]).await?;
        let took = begun.elapsed();
        ensure!(processed.failed.is_empty(), "{:?}", processed.failed);
        Ok(took)
    }

    async fn say(&mut self, user: i64, chat: i64, text: &str) -> anyhow::Result<Duration> {
        let kind = match chat > 0 {
            true => "private",
            false => "supergroup",
        };
        let id = self.next_update % 1_000_000_000;
        self.give(chat, &format!(
            r#""message":{{"message_id":{id},"date":1,"from":{{"id":{user},"is_bot":false,"first_name":"p"}},"chat":{{"id":{chat},"type":"{kind}","title":"g"}},"text":"{text}"}}"#
        )).await
    }

    async fn tap(&mut self, user: i64, label: &str) -> anyhow::Result<Duration> {
        let data = self.button(user, label).await?;
        let id = self.next_update;
        self.give(user, &format!(
            r#""callback_query":{{"id":"{id}","from":{{"id":{user},"is_bot":false,"first_name":"p"}},"message":{{"message_id":1,"date":1,"chat":{{"id":{user},"type":"private"}}}},"chat_instance":"1","data":"{data}"}}"#
        )).await
    }

    /// Data of the button that begins so on the newest card.
    async fn button(&self, user: i64, label: &str) -> anyhow::Result<String> {
        let waiting = self
            .service
            .store()
            .outgoing_in_state(OutboxState::Waiting)
            .await?;
        for row in waiting.iter().rev().filter(|row| row.message.chat == user) {
            let (Ok(Call::Send { message, .. }) | Ok(Call::Edit { message, .. })) =
                serde_json::from_str(&row.message.body)
            else {
                continue;
            };
            for button in message.keyboard.iter().flatten() {
                if let Button::Press { text, data } = button
                    && text.starts_with(label)
                {
                    return Ok(data.clone());
                }
            }
        }
        let last = waiting.iter().rfind(|row| row.message.chat == user);
        let last = last.map_or("nothing", |row| &row.message.body);
        anyhow::bail!("no button {label}; last they were told {last}")
    }

    async fn answer(&mut self, force: usize, round: usize) -> anyhow::Result<Duration> {
        let (task, person) = target(round % 30);
        let user = account_of(force, person);
        let mut took = self.say(user, user, &format!("/report {task}")).await?;
        took += self.say(user, user, &(800 + round).to_string()).await?;
        // Whether tens of thousands are meant is asked of some targets only, so it is not timed: they are not.
        if self.button(user, "🟢").await.is_err() {
            self.tap(user, "0.08").await?;
        }
        took += self.tap(user, "🟢").await?;
        took += self.tap(user, "其余").await?;
        took += self.tap(user, "提交").await?;
        Ok(took)
    }
}

/// The median of a status request and of a guided answer, of a task force in memory and of one that is not.
async fn requests(store: &Store, force: usize) -> anyhow::Result<[(&'static str, Duration); 4]> {
    let next_update = store.last_update_id(saturday()).await?.unwrap_or(0) + 1;
    let mut next_update = next_update;
    let (chief, group) = (account_of(force, CHIEF), group_of(force));
    let (mut cold_status, mut cold_answer) = (Vec::new(), Vec::new());
    let (mut status, mut answer) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // A program that has just started holds nothing.
        for is_answer in [false, true] {
            let service = program(store, saturday(), HELD);
            service.load(Vec::new()).await?;
            let mut desk = Desk {
                service,
                next_update,
            };
            if is_answer {
                cold_answer.push(desk.answer(force, 2 * round).await?);
                answer.push(desk.answer(force, 2 * round + 1).await?);
            } else {
                cold_status.push(desk.say(chief, group, "/status").await?);
                status.push(desk.say(chief, group, "/status").await?);
            }
            next_update = desk.next_update;
        }
    }
    Ok([
        ("a status request", median(status)),
        ("a guided answer", median(answer)),
        (
            "a status request that folds the ledger first",
            median(cold_status),
        ),
        (
            "a guided answer that folds the ledger first",
            median(cold_answer),
        ),
    ])
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A tick looks only at those for whom something changed.
async fn ticks(store: &Store) -> anyhow::Result<()> {
    let service = program(store, saturday(), HELD);
    service.load(Vec::new()).await?;
    service.tick().await?;
    let next_update = store.last_update_id(saturday()).await?.unwrap_or(0) + 1;
    let mut desk = Desk {
        service,
        next_update,
    };
    let before = desk.service.folds();
    desk.answer(0, 7).await?;
    let mut slowest = Duration::ZERO;
    for second in 1..=60 {
        desk.service
            .clock()
            .set(saturday() + TimeDelta::seconds(second));
        let begun = Instant::now();
        desk.service.tick().await?;
        slowest = slowest.max(begun.elapsed());
    }
    let folds = desk.service.folds() - before;
    println!(
        "sixty ticks after one answer: {folds} ledger folded, the slowest {:.1} ms",
        millis(slowest)
    );
    ensure!(folds <= 1, "ticks folded {folds} ledgers");
    Ok(())
}

fn resident() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.context("the kernel tells it")?.parse()?)
}

/// As many as are held, then all: memory must not grow with the latter.
async fn memory(store: &Store, count: usize) -> anyhow::Result<()> {
    let service = program(store, saturday(), HELD);
    service.load(Vec::new()).await?;
    let before = resident()?;
    let some = (2 * HELD).min(count);
    for number in 0..some {
        service.frame(&id_of(number)).await?;
    }
    let full = resident()?;
    let begun = Instant::now();
    let more = count.min(some + 500);
    for number in some..more {
        service.frame(&id_of(number)).await?;
    }
    let after = resident()?;
    let fold = begun.elapsed().as_secs_f64() * 1000.0 / (more - some).max(1) as f64;
    println!(
        "memory: {} MB before, {} MB with {HELD} held, {} MB after {} more were asked for ({fold:.1} ms a fold)",
        before / 1024,
        full / 1024,
        after / 1024,
        more - some
    );
    ensure!(service.held() <= HELD, "{} are held", service.held());
    ensure!(
        after <= full + full / 4 + 20 * 1024,
        "memory grows with the task forces asked for"
    );
    Ok(())
}

/// Friday, just before the digests.
fn before_the_slot() -> DateTime<Utc> {
    saturday() + TimeDelta::days(6) + TimeDelta::hours(6) - TimeDelta::seconds(2)
}

/// The digests of the next Friday, by the real clock against the stand-in, with a question now and then.
async fn friday(store: &Store, groups: usize) -> anyhow::Result<()> {
    quiet_until_friday(store, groups).await?;
    let clock = Clock::starting_at(before_the_slot());
    let server = Server::start(clock.clone(), ([127, 0, 0, 1], 0).into()).await?;
    let world = server.world();
    world.add_user(1, "p", "");
    world.start(1, "");
    for number in 0..groups {
        world.add_group(group_of(number), "g");
        world.add_bot(group_of(number), 1);
        let chief = account_of(number, CHIEF);
        world.add_user(chief, "p", "");
        world.start(chief, "");
    }
    let clients = Clients::new(&ClientSettings {
        token: SecretString::from(server.token().to_owned()),
        api_url: Some(server.url()),
        proxy: None,
    })?;
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".into(),
    };
    let service = Service::new(store.clone(), clock.clone(), Dice::System, bot);
    let service = Arc::new(service.with_memory_for(TASK_FORCES_IN_MEMORY));
    service.load(Vec::new()).await?;
    let (stop, stopping) = watch::channel(false);
    let sender = tokio::spawn(Sender::new(service.clone(), &clients).run(stopping));
    let asked = tokio::spawn(questions(service.clone(), stop.subscribe()));
    let slot = before_the_slot() + TimeDelta::seconds(2);
    clock.sleep_until(slot).await;
    let begun = Instant::now();
    service.tick().await?;
    println!(
        "{groups} digests made in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    while some_wait(store).await? {
        clock.sleep(Duration::from_millis(200)).await;
    }
    stop.send_replace(true);
    asked.await??;
    sender.await?;
    println!("{} ledgers folded", service.folds());
    let pace = at_telegrams_pace(store, slot, groups).await;
    ensure_no_breach(&world)?;
    pace
}

/// Whether a text waits or is on its way. As long as one does this costs next to nothing: the machine is the sender's.
async fn some_wait(store: &Store) -> anyhow::Result<bool> {
    let next = store.waiting_behind(DIGEST_PRIORITY, 0).await?;
    if next.is_some()
        || !store
            .outgoing_in_state(OutboxState::Leased)
            .await?
            .is_empty()
    {
        return Ok(true);
    }
    // One that Telegram refused for now waits for its time.
    let waiting = store.outgoing_in_state(OutboxState::Waiting).await?;
    let is_text = |row: &OutboxRow| row.message.kind == OutgoingKind::Digest;
    Ok(waiting.iter().any(is_text))
}

/// A 429 is no breach for the stand-in as long as it is heeded; here there must be none.
fn ensure_no_breach(world: &World) -> anyhow::Result<()> {
    let breaches = world.violations();
    ensure!(breaches.is_empty(), "{:?}", breaches.first());
    let is_429 = |call: &duban::rehearsal::Call| matches!(&call.outcome, Some(Err(refusal)) if refusal.code == 429);
    let refused = world.journal().iter().filter(|call| is_429(call)).count();
    println!("{refused} times Telegram asked to slow down (429)");
    ensure!(refused == 0, "{refused} messages were too many");
    Ok(())
}

/// What left for the slot, and how long it took. What stands behind the texts, pictures and pinned statuses, does not count.
async fn at_telegrams_pace(
    store: &Store,
    slot: DateTime<Utc>,
    groups: usize,
) -> anyhow::Result<()> {
    let all = store.outgoing_in_state(OutboxState::Sent).await?;
    let sent = |row: &OutboxRow| row.sent_at.filter(|_| row.created_at >= slot);
    let is_text = |row: &&OutboxRow| row.message.kind == OutgoingKind::Digest;
    let texts = all.iter().filter(is_text).filter_map(sent);
    let last = texts.clone().max().context("digests were sent")?;
    let of_slot = |row: &&OutboxRow| {
        row.message.priority < BOARD_PRIORITY && sent(row).is_some_and(|at| at <= last)
    };
    let messages = all.iter().filter(of_slot).count();
    let answers = all.iter().filter(|row| row.message.chat == 1);
    let answers = answers.filter_map(|row| Some(sent(row)? - row.created_at));
    let slowest = answers.clone().max().unwrap_or_default();
    let (texts, answers) = (texts.count(), answers.count());
    let pace = messages as f64 / f64::from(ALL_A_SECOND.get());
    let took = (last - slot).as_seconds_f64();
    println!(
        "Friday: {messages} messages, {texts} of them texts to {groups} groups, in {took:.1} s, at Telegram's pace {pace:.1} s: {:.3} times; the slowest of {answers} answers after {} ms",
        took / pace,
        slowest.num_milliseconds(),
    );
    ensure!(texts >= groups, "{texts} texts left");
    for (state, what) in [
        (OutboxState::Dead, "did not arrive"),
        (OutboxState::Unknown, "are unknown"),
    ] {
        let rows = store.outgoing_in_state(state).await?;
        let rows = rows.iter().filter(|row| row.created_at >= slot).count();
        ensure!(rows == 0, "{rows} messages {what}");
    }
    ensure!(slowest < ANSWER_WITHIN, "an answer took {slowest}");
    // The first digests are to be made, and the last to arrive: among few that is worth a second.
    ensure!(
        took <= (pace * FRIDAY_SLACK).max(pace + 1.0),
        "{took:.1} s instead of {pace:.1} s"
    );
    Ok(())
}

/// Everything due before is given out and withdrawn; of the others only so many are awake.
async fn quiet_until_friday(store: &Store, groups: usize) -> anyhow::Result<()> {
    let now = before_the_slot();
    // Nobody was down: every office would be told.
    let alive_at = now.timestamp().to_string();
    store.set_fact("alive_at", Some(&alive_at)).await?;
    let service = program(store, now, HELD);
    let mut resting = Vec::new();
    for id in store.task_forces().await?.into_iter().skip(groups) {
        let wakeup = store.wakeup(&id).await?.context("everybody has a wakeup")?;
        resting.push(Wakeup {
            at: FOREVER,
            ..wakeup
        });
    }
    store.put_off(&resting).await?;
    service.load(Vec::new()).await?;
    store.put_off(&rested(store, resting).await?).await?;
    service.tick().await?;
    let waiting = store.outgoing_in_state(OutboxState::Waiting).await?;
    for rows in waiting.chunks(500) {
        let changes = Changes {
            withdraw: rows.iter().map(|row| row.id).collect(),
            now,
            ..Changes::default()
        };
        for result in store.commit(vec![changes]).await? {
            result?;
        }
    }
    Ok(())
}

/// The same with their versions of now: the start may have noted a silence and woken them.
async fn rested(store: &Store, resting: Vec<Wakeup>) -> anyhow::Result<Vec<Wakeup>> {
    let mut again = Vec::new();
    for rest in resting {
        let wakeup = store.wakeup(&rest.task_force).await?;
        let version = wakeup.context("everybody has a wakeup")?.version;
        again.push(Wakeup { version, ..rest });
    }
    Ok(again)
}

/// Somebody is answered every other second.
async fn questions(service: Arc<Service>, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    while !*stop.borrow_and_update() {
        let now = service.now();
        let call = Call::Send {
            message: Message::text("answer"),
            silent: false,
            reply_to: None,
            force_reply: false,
        };
        let row = NewOutgoing {
            chat: 1,
            thread: None,
            kind: OutgoingKind::Answer,
            priority: ANSWER_PRIORITY,
            body: serde_json::to_string(&call)?,
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
        for result in service.store().commit(vec![changes]).await? {
            result?;
        }
        service.outbox_rings.notify_one();
        tokio::select! {
            () = service.clock().sleep(Duration::from_secs(2)) => {}
            changed = stop.changed() => changed?,
        }
    }
    Ok(())
}
