//! The account: what Telegram carried out, held against what the ledger and the outbox say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, Utc};
use duban::ledger::Act;
use duban::plan::TaskForceId;
use duban::rehearsal::{Call as Made, Fault, Violation, World};
use duban::service::Call;
use duban::store::Store;
use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions, Connection, Row as _, query};

use super::people::Talker;

/// The task force of the test.
pub const TASK_FORCE: &str = "rushan";

/// A row of the outbox, as far as it matters here.
#[derive(Debug)]
pub struct Row {
    pub id: i64,
    pub chat: i64,
    #[expect(dead_code, reason = "shown when something is lost")]
    pub kind: String,
    pub state: String,
    /// How often it was claimed.
    pub lease: i64,
    pub message_id: Option<i64>,
    pub not_before: i64,
    pub sent_again: bool,
    #[expect(dead_code, reason = "shown when something is lost")]
    pub error: Option<String>,
    call: Option<Call>,
}

impl Row {
    /// The text of a plain message.
    fn text(&self) -> Option<String> {
        match &self.call {
            Some(Call::Send { message, .. }) => Some(message.blocks.join("\n")),
            _ => None,
        }
    }

    fn is_file(&self) -> bool {
        matches!(self.call, Some(Call::File(_) | Call::Document { .. }))
    }
}

async fn connection(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().unwrap();
    options.connect().await.unwrap()
}

/// All rows of the outbox, oldest first.
pub async fn rows(url: &str) -> Vec<Row> {
    let mut connection = connection(url).await;
    let rows = query(
        "SELECT id, chat, kind, state, message_id, not_before, sent_again, error, body, lease FROM outbox ORDER BY id",
    );
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let read = rows.iter().map(|row| Row {
        id: row.get(0),
        chat: row.get(1),
        kind: row.get(2),
        state: row.get(3),
        message_id: row.get(4),
        not_before: row.get(5),
        sent_again: row.get::<i64, _>(6) != 0,
        error: row.get(7),
        call: serde_json::from_str(row.get(8)).ok(),
        lease: row.get(9),
    });
    read.collect()
}

/// While the program is down, the database's clock runs on with the world's: leases run out by it.
pub async fn let_leases_pass(url: &str, time: chrono::TimeDelta) {
    let mut connection = connection(url).await;
    for pass in [
        "UPDATE outbox SET lease_until = lease_until - $1 WHERE state = 'leased'",
        "UPDATE leases SET until_at = until_at - $1",
        "UPDATE inbox SET held_until = held_until - $1 WHERE held_until IS NOT NULL",
    ] {
        let pass = query(pass).bind(time.num_microseconds().unwrap());
        pass.execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// A new message that Telegram carried out.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Which call of all it was.
    pub call: usize,
    pub chat: i64,
    pub id: i64,
    text: Option<String>,
}

fn sent(call: usize, made: &Made) -> Option<Sent> {
    if !["sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"]
        .contains(&made.method.as_str())
    {
        return None;
    }
    let result = made.outcome.as_ref()?.as_ref().ok()?;
    let first = result.get(0).unwrap_or(result);
    let text = made.parameters.get("text").and_then(|text| text.as_str());
    Some(Sent {
        call,
        chat: made.chat?,
        id: first.get("message_id")?.as_i64()?,
        text: text
            .map(str::to_owned)
            .filter(|_| made.method == "sendMessage"),
    })
}

/// Every new message that Telegram carried out.
pub fn sends(world: &World) -> Vec<Sent> {
    let journal = world.journal();
    let made = journal.iter().enumerate();
    made.filter_map(|(call, made)| sent(call, made)).collect()
}

/// Messages Telegram carried out and no row of the outbox knows of.
pub fn unknown_to(rows: &[Row], sends: Vec<Sent>) -> Vec<Sent> {
    let known: BTreeSet<(i64, i64)> = rows
        .iter()
        .filter_map(|row| Some((row.chat, row.message_id?)))
        .collect();
    sends
        .into_iter()
        .filter(|sent| !known.contains(&(sent.chat, sent.id)))
        .collect()
}

/// The message that carried this row, among those nobody knows of.
pub fn message_of<'a>(row: &Row, unknown: &'a [Sent]) -> Option<&'a Sent> {
    unknown.iter().find(|sent| {
        sent.chat == row.chat
            && match &sent.text {
                Some(text) => row.text().as_ref() == Some(text),
                None => row.is_file(),
            }
    })
}

/// What came out in the end.
#[derive(Debug)]
pub struct Account {
    pub answers: usize,
    pub notices: usize,
    pub doubles: usize,
    /// The most doubled messages of one chat in one life, beside those of connections cut.
    pub most_doubles: usize,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            answers,
            notices,
            doubles,
            most_doubles,
        } = self;
        write!(
            f,
            "{answers} answers, {notices} notices, {doubles} doubles (at most {most_doubles} in a chat and life); lost 0, applied twice 0, notices lost 0"
        )
    }
}

/// Holds everything against everything; `lives` are the numbers of calls made when each life began, `seen` the messages the
/// chief saw though the program did not know.
pub async fn settle(
    world: &World,
    url: &str,
    talkers: &[Talker],
    lives: &[usize],
    seen: &BTreeSet<(i64, i64)>,
) -> Account {
    let store = Store::open(url).await.unwrap();
    let task_force = TaskForceId::from(TASK_FORCE);
    let entries = store.entries_after(&task_force, 0).await.unwrap();
    let keys = store
        .keys(&task_force, DateTime::<Utc>::UNIX_EPOCH)
        .await
        .unwrap()
        .len();
    let failed = store.failed_updates().await.unwrap();
    store.close().await;
    assert!(failed.is_empty(), "updates were set aside: {failed:?}");
    let mut recorded: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &entries {
        if let Act::Answered(report) = &entry.act {
            let words = report
                .done
                .as_ref()
                .and_then(|done| done.body())
                .unwrap_or_default();
            *recorded.entry(words.to_owned()).or_default() += 1;
        }
    }
    let submitted: BTreeSet<&String> = talkers
        .iter()
        .flat_map(|talker| &talker.submitted)
        .collect();
    let lost: Vec<_> = submitted
        .iter()
        .filter(|words| !recorded.contains_key(**words))
        .collect();
    assert!(
        lost.is_empty(),
        "acknowledged and not in the ledger: {lost:?}"
    );
    let twice: Vec<_> = recorded.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "applied twice: {twice:?}");
    assert_eq!(recorded.len(), submitted.len(), "answers nobody gave");

    let rows = rows(url).await;
    let lost: Vec<_> = rows
        .iter()
        .filter(|row| !is_accounted_for(row, world))
        .collect();
    assert!(lost.is_empty(), "notices or answers lost: {lost:#?}");
    let doubles = doubles(&rows, world, seen);
    let life_of = |call: usize| lives.partition_point(|begun| *begun <= call);
    let mut by_life: BTreeMap<(i64, usize), usize> = BTreeMap::new();
    for double in &doubles {
        *by_life
            .entry((double.chat, life_of(double.call)))
            .or_default() += 1;
    }
    // A connection cut by the stand-in may double a message as a kill may.
    for (call, made) in world.journal().iter().enumerate() {
        let life = made.chat.map(|chat| (chat, life_of(call)));
        if made.fault == Some(Fault::ProcessThenClose)
            && let Some(count) = life.and_then(|life| by_life.get_mut(&life))
        {
            *count = count.saturating_sub(1);
        }
    }
    Account {
        answers: recorded.len(),
        notices: keys,
        doubles: doubles.len(),
        most_doubles: by_life.into_values().max().unwrap_or(0),
    }
}

/// Calls that may be under way when the program is killed: what came of them it does not know in its next life.
const MOST_UNDER_WAY: usize = 16;

/// The breaches of Telegram's rules, but for calls that came too early because the 429 before them was under way when the program
/// was killed.
pub fn breaches(world: &World, lives: &[usize]) -> Vec<Violation> {
    let journal = world.journal();
    let life_of = |call: usize| lives.partition_point(|begun| *begun <= call);
    let unknown = |breach: &Violation| {
        let is_it = |made: &Made| made.at == breach.at && made.method == breach.method;
        let early = journal.iter().position(is_it)?;
        let chat = journal[early].chat;
        let limited = journal[..early].iter().rposition(|made| {
            let refusal = made
                .outcome
                .as_ref()
                .and_then(|outcome| outcome.as_ref().err());
            made.chat == chat && refusal.is_some_and(|refusal| refusal.retry_after.is_some())
        })?;
        let next_life = *lives.get(life_of(limited))?;
        Some(next_life <= early && limited + MOST_UNDER_WAY >= next_life)
    };
    let excused = |breach: &Violation| {
        breach.what.contains("retry_after had passed") && unknown(breach) == Some(true)
    };
    let breaches = world.violations().into_iter();
    breaches.filter(|breach| !excused(breach)).collect()
}

/// Sent and there, or withdrawn on record, or its time has not come; what made no message of its own needs none.
fn is_accounted_for(row: &Row, world: &World) -> bool {
    let now = world.clock().now().timestamp_micros();
    match row.state.as_str() {
        "sent" => row
            .message_id
            .is_none_or(|id| world.message(row.chat, id).is_some()),
        "withdrawn" => true,
        "waiting" => row.not_before > now,
        _ => false,
    }
}

/// Messages sent twice; all must be of a kind that is sent again.
fn doubles(rows: &[Row], world: &World, seen: &BTreeSet<(i64, i64)>) -> Vec<Sent> {
    let all = sends(world);
    let unknown = unknown_to(rows, all.clone());
    let doubles: Vec<Sent> = unknown
        .into_iter()
        .filter(|sent| !seen.contains(&(sent.chat, sent.id)))
        .collect();
    for double in &doubles {
        let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let like = |row: &&Row| match (&double.text, row.text()) {
            (Some(text), Some(other)) => {
                row.chat == double.chat && first_line(text) == first_line(&other)
            }
            (Some(_), None) => false,
            (None, _) => row.is_file() && row.chat == double.chat,
        };
        let mut waits = rows.iter().filter(like).filter(|row| !row.sent_again);
        assert!(
            waits.next().is_none(),
            "sent twice though it waits for the office: {double:?}"
        );
    }
    doubles
}
