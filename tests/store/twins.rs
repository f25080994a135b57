//! The same hundreds of random calls to memory and to a database, compared call by call: what a chapter forgets to ask.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use duban::clock::Dice;
use duban::ledger::Head;
use duban::plan::TaskForceId;
use duban::store::{
    Changes, ConversationRow, DigestRow, FOREVER, Lease, NewOutgoing, OutboxState, OutgoingKind,
    Settled, Store,
};

use crate::home::Home;
use crate::rows::{LONG, LONG_AGO, NO_TIME, answer, at, changes, keyed, pause, update, with_entry};

const CALLS: usize = 300;

/// Numbers below a bound, the same for the same seed.
struct Chance(Dice);

impl Chance {
    fn below(&self, bound: i64) -> i64 {
        let bytes = self.0.throw().0;
        i64::from(u32::from_le_bytes(bytes[..4].try_into().unwrap())) % bound
    }

    fn happens(&self, of_ten: i64) -> bool {
        self.below(10) < of_ten
    }

    fn one_of<T: Copy>(&self, some: &[T]) -> Option<T> {
        let index = self.below(i64::try_from(some.len().max(1)).unwrap());
        some.get(usize::try_from(index).unwrap()).copied()
    }
}

/// What the caller of the store knows.
struct World {
    chance: Chance,
    now: i64,
    leases: Vec<Lease>,
    /// As of the last look; sometimes out of date on purpose.
    heads: BTreeMap<TaskForceId, Head>,
    rows: i64,
    updates: i64,
}

impl World {
    fn chat(&self) -> i64 {
        self.chance.below(4) + 1
    }

    fn time(&self) -> DateTime<Utc> {
        at(self.now + self.chance.below(40))
    }

    fn row(&self) -> i64 {
        self.chance.below(self.rows + 2)
    }

    fn message(&self) -> NewOutgoing {
        let kinds = [
            OutgoingKind::Answer,
            OutgoingKind::Reminder,
            OutgoingKind::Digest,
            OutgoingKind::Slip,
            OutgoingKind::Status,
            OutgoingKind::Line,
        ];
        let kind = self.chance.one_of(&kinds).unwrap();
        let message = if self.chance.happens(3) {
            keyed(self.chat(), &format!("key-{}", self.chance.below(12)))
        } else {
            answer(self.chat(), "words")
        };
        NewOutgoing {
            kind,
            priority: self.chance.below(3) * 10,
            slot: self.chance.happens(3).then(|| "status".to_owned()),
            not_before: if self.chance.happens(7) {
                at(self.now)
            } else {
                self.time()
            },
            ..message
        }
    }

    fn settled(&self) -> Settled {
        let error = "an error".to_owned();
        let not_before = self.time();
        match self.chance.below(8) {
            0..3 => Settled::Sent {
                message_id: Some(i32::try_from(self.chance.below(9)).unwrap()),
            },
            3 => Settled::Again { not_before, error },
            4 => Settled::Unknown { not_before, error },
            5 => Settled::Dead { error },
            6 => Settled::Withdrawn { reason: error },
            _ => Settled::Replaced {
                with: Box::new(self.message()),
            },
        }
    }

    fn event(&mut self) -> Changes {
        let task_force =
            TaskForceId::from(["rushan", "weihai"][usize::from(self.chance.happens(3))]);
        let head = self.heads.get(&task_force).copied().unwrap_or_default();
        let mut event = if self.chance.happens(5) {
            let (event, next) =
                with_entry(head, pause(&format!("reason {}", self.chance.below(20))));
            self.heads.insert(task_force.clone(), next);
            event
        } else {
            changes()
        };
        event.task_force = Some(task_force);
        event.now = at(self.now);
        event.update_id = self
            .chance
            .happens(4)
            .then(|| self.chance.below(self.updates + 1));
        event.set_aside = self.chance.happens(1).then(|| "a reason".to_owned());
        event.outgoing = (0..self.chance.below(6)).map(|_| self.message()).collect();
        event.withdraw = (0..self.chance.below(2)).map(|_| self.row()).collect();
        if self.chance.happens(1) {
            event.spent_keys = vec![format!("key-{}", self.chance.below(12))];
            event.digests = vec![DigestRow {
                number: 1,
                cut_off_at: self.time(),
                body: "digest".to_owned(),
            }];
        }
        if self.chance.happens(2) {
            event.conversations = vec![ConversationRow {
                user_id: self.chance.below(3),
                chat: Some(self.chat()),
                state: self.chance.happens(7).then(|| "{}".to_owned()),
                updated_at: self.time(),
            }];
        }
        if self.chance.happens(1) {
            let until = [None, Some(self.time()), Some(FOREVER)];
            event.holds = vec![(self.chat(), self.chance.one_of(&until).unwrap())];
        }
        if self.chance.happens(1) {
            event.decide_unknown = vec![(self.row(), self.chance.happens(5))];
        }
        if let Some(lease) = self
            .chance
            .one_of(&self.leases)
            .filter(|_| self.chance.happens(2))
        {
            event.settled = vec![(lease, self.settled())];
        }
        event
    }

    /// One call to both; says what the first answered, after comparing.
    async fn call(&mut self, twins: [&Store; 2]) -> String {
        let now = at(self.now);
        let what = self.chance.below(100);
        let chat = self.chat();
        let count = self.chance.below(4);
        let group: Vec<Changes> = (0..count).map(|_| self.event()).collect();
        let lease = self
            .chance
            .one_of(&self.leases)
            .unwrap_or(Lease { row: 1, number: 1 });
        let settled = self.settled();
        let lasts = if self.chance.happens(2) {
            NO_TIME
        } else {
            LONG
        };
        let until = self.time();
        let first = self.updates;
        let mut said = Vec::new();
        for store in twins {
            let answer = match what {
                0..35 => format!("commit {:?}", store.commit(group.clone()).await),
                35..55 => {
                    let row = store.claim(now, lasts, &[chat], i64::MAX - count).await;
                    format!("claim {row:?}")
                }
                55..75 => format!("settle {:?}", store.settle(lease, &settled, now).await),
                75..82 => {
                    let updates = [first, first + 1, first + 1].map(|id| update(id, id % 3));
                    format!("receive {:?}", store.receive(&updates).await)
                }
                82..88 => format!("take {:?}", store.take_updates(2, &[chat % 3]).await),
                88..90 => format!(
                    "set aside {:?}",
                    store.set_aside(first - count, "why").await
                ),
                90..92 => format!(
                    "hold {:?}",
                    store.hold((chat > 1).then_some(chat), until).await
                ),
                92..94 => format!("renew {:?}", store.renew(lease, lasts, now).await),
                94..96 => format!("migrate {:?}", store.migrate_chat(chat, chat % 4 + 1).await),
                96..97 => format!("expire {:?}", store.expire(now).await),
                _ => format!(
                    "facts {:?}",
                    store
                        .set_fact(&format!("f{chat}"), (count > 0).then_some("v"))
                        .await
                ),
            };
            said.push(answer);
        }
        assert_eq!(said[0], said[1], "at {now}");
        if (75..82).contains(&what) {
            self.updates += 2;
        }
        said.remove(0)
    }

    async fn look(&mut self, store: &Store) -> String {
        let rushan = TaskForceId::from("rushan");
        let weihai = TaskForceId::from("weihai");
        let mut rows = Vec::new();
        for state in [
            OutboxState::Waiting,
            OutboxState::Leased,
            OutboxState::Sent,
            OutboxState::Unknown,
            OutboxState::Withdrawn,
            OutboxState::Dead,
        ] {
            rows.extend(store.outgoing_in_state(state).await.unwrap());
        }
        self.leases = rows
            .iter()
            .map(|row| row.lease)
            .filter(|lease| lease.number > 0)
            .collect();
        self.rows = i64::try_from(rows.len()).unwrap();
        self.heads = store.heads().await.unwrap();
        let seen = format!(
            "{:#?}",
            (
                rows,
                &self.heads,
                store.entries_after(&rushan, 0).await.unwrap(),
                store.entries_after(&weihai, 3).await.unwrap(),
                (
                    store.keys(&rushan, LONG_AGO).await.unwrap(),
                    store.keys(&weihai, LONG_AGO).await.unwrap()
                ),
                store.pings(&rushan, crate::rows::monday()).await.unwrap(),
                store.conversations(&rushan).await.unwrap(),
                store.digest_versions(&rushan, 1).await.unwrap(),
                store.facts("").await.unwrap(),
                store.failed_updates().await.unwrap(),
                store.latest_in_slot(&rushan, "status").await.unwrap(),
                store.outgoing_by_message(2, 4).await.unwrap(),
            )
        );
        seen
    }
}

#[tokio::test]
async fn memory_and_sqlite_answer_alike() {
    crate::tell(Home::sqlite(), memory_and_database_answer_alike).await;
}

#[tokio::test]
async fn memory_and_postgres_answer_alike() {
    if let Some(home) = Home::postgres("memory_and_postgres_answer_alike").await {
        crate::tell(home, memory_and_database_answer_alike).await;
    }
}

async fn memory_and_database_answer_alike(home: Home) {
    for seed in [1, 20_241_123] {
        let memory = Home::memory().open().await;
        let database = home.open().await;
        let chance = Chance(Dice::seeded(seed));
        let mut world = World {
            chance,
            now: 0,
            leases: Vec::new(),
            heads: BTreeMap::new(),
            rows: 0,
            updates: 0,
        };
        let mut last_calls = Vec::new();
        for call in 0..CALLS {
            world.now += world.chance.below(4);
            last_calls.push(world.call([&memory, &database]).await);
            if call % 10 == 9 {
                let (expected, seen) = (world.look(&memory).await, world.look(&database).await);
                similar(&expected, &seen, &last_calls);
                last_calls.clear();
            }
        }
        assert!(world.rows > 60, "only {} rows", world.rows);
        database.close().await;
        home.start_anew().await;
    }
}

/// Names the first line that differs; all of both would be unreadable.
fn similar(expected: &str, seen: &str, calls: &[String]) {
    let different = expected
        .lines()
        .zip(seen.lines())
        .enumerate()
        .find(|(_, (one, other))| one != other);
    if let Some((line, (one, other))) = different {
        let before: Vec<_> = expected.lines().take(line).collect();
        let before = before[line.saturating_sub(30)..].join("\n");
        panic!("memory says {one}, the database {other}, after\n{before}\nand calls {calls:#?}");
    }
    assert_eq!(expected.len(), seen.len());
}
