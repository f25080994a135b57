//! Two of the office decide on one thing at the same moment, each at a program of their own: the first counts, and the
//! second is told whose decision that was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use duban::clock::{Clock, Dice};
use duban::conversation::meeting;
use duban::conversation::payload::Payload;
use duban::conversation::request::{Origin, Press};
use duban::conversation::{BotAccount, ChatKind, Event, Happening, Place, Sender};
use duban::ledger::{Account, Act, Actor, ENTRY_VERSION, LedgerEntry, Meeting, Standing, Text};
use duban::plan::{AdoptionText, Settings, TaskForceId};
use duban::service::{Incoming, KnownAccount, PressAnswer, Service};
use duban::store::{Changes, InboxRow, Store};

use crate::home::Home;

const ROUNDS: i64 = 100;
const CHIEF: i64 = 2;
const STAFF: i64 = 3;

fn force() -> TaskForceId {
    "drainage".into()
}

fn account(user_id: i64) -> Account {
    Account {
        user_id,
        name: user_id.to_string(),
        username: None,
    }
}

async fn program(store: Store) -> Arc<Service> {
    let account = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    let service = Service::new(store, Clock::manual(now), Dice::seeded(1), account);
    let plan = include_str!("../transcripts/config/matter/plans/drainage.toml").to_owned();
    let text = AdoptionText::new(plan, &Settings::default(), BTreeMap::new());
    service.load(vec![(force(), text)]).await.unwrap();
    Arc::new(service)
}

/// An entry written beside both programs.
async fn append(store: &Store, by: &str, act: Act) -> u64 {
    let head = store.head(&force()).await.unwrap();
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    let mut changes = Changes {
        task_force: Some(force()),
        now,
        ..Changes::default()
    };
    let entry = LedgerEntry {
        seq: 0,
        at: now,
        version: ENTRY_VERSION,
        by: Actor::Person(by.into()),
        act,
    };
    changes.push_entry(head, entry);
    store
        .commit(vec![changes])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    head.seq + 1
}

/// Waits its turn, then takes the press in; the answers to it.
async fn presses(
    service: Arc<Service>,
    (update_id, user_id): (i64, i64),
    data: String,
    turns: i64,
) -> Vec<PressAnswer> {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
    let row = InboxRow {
        update_id,
        lane: user_id,
        received_at: service.now(),
        body: "{}".to_owned(),
        attempts: 0,
    };
    service.store().receive(&[row]).await.unwrap();
    let event = Event {
        sender: Sender::Account(account(user_id)),
        place: Place {
            chat: user_id,
            kind: ChatKind::Private,
            thread: None,
        },
        happening: Happening::Pressed {
            query_id: update_id.to_string(),
            data,
            message_id: Some(1),
        },
    };
    let incoming = Incoming {
        update_id,
        event: Some(event),
    };
    let processed = service.on_updates(vec![incoming]).await.unwrap();
    assert!(processed.failed.is_empty(), "{:?}", processed.failed);
    processed.presses
}

/// Two programs on one store, with the chief and one of the staff known to both.
async fn two_programs(home: &Home) -> (Store, Arc<Service>, Arc<Service>) {
    let store = home.open().await;
    let one = program(store.clone()).await;
    let two = program(store.clone()).await;
    let known = [(CHIEF, "wu-yi"), (STAFF, "he-jing")].map(|(user_id, person)| KnownAccount {
        task_force: force(),
        person: person.into(),
        account: account(user_id),
    });
    assert!(one.pre_fill(&known).await.unwrap().is_empty());
    (store, one, two)
}

/// In one of a hundred orders the chief and the staff press at once, each at a program of their own. Of the entries after `seq`
/// exactly one decides, and the other of the two is told in an alert whose it was. Who that is.
async fn press_at_once(
    (store, one, two): &(Store, Arc<Service>, Arc<Service>),
    round: i64,
    seq: u64,
    [of_chief, of_staff]: [Payload; 2],
    decides: impl Fn(&Act) -> bool,
) -> String {
    let (early, late) = (round % 10, round / 10);
    let (first, second) = tokio::join!(
        presses(
            one.clone(),
            (2 * round + 1, CHIEF),
            of_chief.encode(),
            early
        ),
        presses(two.clone(), (2 * round + 2, STAFF), of_staff.encode(), late),
    );
    let entries = store.entries_after(&force(), seq).await.unwrap();
    let decided: Vec<&Actor> = entries
        .iter()
        .filter(|entry| decides(&entry.act))
        .map(|entry| &entry.by)
        .collect();
    let [Actor::Person(winner)] = decided.as_slice() else {
        panic!("round {round}: decided {decided:?}")
    };
    let (name, loser) = match winner.as_str() {
        "wu-yi" => ("吴乙", second),
        _ => ("何静", first),
    };
    let told = loser[0].text.as_deref().unwrap_or_default();
    assert!(
        told.contains(name) && loser[0].alert,
        "round {round}: {told}"
    );
    winner.to_string()
}

pub async fn of_two_who_decide_at_once_the_first_counts_and_the_second_sees_whose(home: Home) {
    let programs = two_programs(&home).await;
    let store = &programs.0;
    let mut won = BTreeSet::new();
    for round in 0..ROUNDS {
        let proposed = Act::ClosureProposed {
            task: "1-1".into(),
            words: Some(Text::new("已完成", [0; 16])),
            evidence: Vec::new(),
        };
        let request = append(store, "zhou-ming", proposed).await;
        let agree = || Payload::Request(Press::Agree(request, Origin::Card));
        let closes = |act: &Act| matches!(act, Act::Closed { .. });
        let both = [agree(), agree()];
        won.insert(press_at_once(&programs, round, request, both, closes).await);
        let reason = Text::new("复查", [0; 16]);
        append(
            store,
            "wu-yi",
            Act::Reopened {
                task: "1-1".into(),
                reason,
            },
        )
        .await;
    }
    assert_eq!(won.len(), 2, "both orders were played: {won:?}");
    let all = store.entries_after(&force(), 0).await.unwrap();
    let requests = &Standing::fold(&all)
        .task_state(&"1-1".into())
        .requests
        .len();
    assert_eq!(i64::try_from(*requests).unwrap(), ROUNDS);
}

pub async fn of_two_who_end_a_meeting_at_once_the_first_counts_and_the_second_sees_whose(
    home: Home,
) {
    let programs = two_programs(&home).await;
    let store = &programs.0;
    let mut won = BTreeSet::new();
    for round in 0..ROUNDS {
        let called = Act::MeetingCalled(Arc::new(Meeting {
            on: "2026-11-20".parse().unwrap(),
            at: None,
            place: None,
            topic: Text::new("调度会", [0; 16]),
            called: Vec::new(),
        }));
        let meeting = append(store, "wu-yi", called).await;
        let ended = Payload::Meeting(meeting::Press::End(meeting));
        let off = Payload::Meeting(meeting::Press::Off(meeting, true));
        let ends = |act: &Act| matches!(act, Act::MeetingEnded { .. });
        won.insert(press_at_once(&programs, round, meeting, [ended, off], ends).await);
    }
    assert_eq!(won.len(), 2, "both orders were played: {won:?}");
    let standing = Standing::fold(&store.entries_after(&force(), 0).await.unwrap());
    assert!(standing.meetings.iter().all(|one| one.ended.is_some()));
}
