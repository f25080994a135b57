//! Who is sent to next.

use std::collections::BTreeSet;

use duban::store::{Changes, FOREVER, NewOutgoing, OutboxState, PARTS, Settled};

use crate::home::Home;
use crate::rows::{
    ANY, GROUP, LONG, NO_TIME, answer, at, changes, claim, claimable, claimed, commit, digest,
    reminder, send,
};

const SENT: Settled = Settled::Sent {
    message_id: Some(1),
};

pub async fn a_chat_is_served_in_order_and_chats_by_priority(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [
            digest(GROUP, "digest"),
            reminder(1, "first to 1"),
            reminder(1, "second to 1"),
            reminder(2, "to 2"),
            answer(3, "to 3"),
            answer(1, "third to 1"),
        ],
    )
    .await;
    // The answer in chat 1 has a lower number than the reminders before it, which nobody has started on.
    let mut order = Vec::new();
    while let Some(row) = claim(&store, at(0)).await {
        assert_eq!((row.state, row.attempts), (OutboxState::Leased, 1));
        store.settle(row.lease, &SENT, at(1)).await.unwrap();
        order.push(row.message.body);
    }
    assert_eq!(
        order,
        [
            "to 3",
            "third to 1",
            "first to 1",
            "second to 1",
            "to 2",
            "digest"
        ]
    );
}

pub async fn an_answer_passes_a_digest_nobody_has_started_on(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [
            digest(GROUP, "part 1"),
            digest(GROUP, "part 2"),
            answer(GROUP, "answer"),
        ],
    )
    .await;
    let first = claimed(&store, at(0)).await;
    assert_eq!(first.message.body, "answer");
    assert_eq!(
        claim(&store, at(0)).await,
        None,
        "one send at a time in a chat"
    );
    store.settle(first.lease, &SENT, at(0)).await.unwrap();

    let part = claimed(&store, at(0)).await;
    assert_eq!(part.message.body, "part 1");
    let refused = Settled::Again {
        not_before: at(30),
        error: "connection refused".to_owned(),
    };
    store.settle(part.lease, &refused, at(0)).await.unwrap();
    send(&store, [answer(GROUP, "late answer")]).await;
    assert_eq!(
        claim(&store, at(10)).await,
        None,
        "this digest was started on"
    );
    assert_eq!(claimed(&store, at(30)).await.message.body, "part 1");
}

pub async fn a_row_whose_time_has_not_come_holds_nobody_up(home: Home) {
    let store = home.open().await;
    let morning = NewOutgoing {
        not_before: at(3600),
        ..answer(GROUP, "line for the morning")
    };
    send(
        &store,
        [morning, answer(GROUP, "answer"), reminder(2, "reminder")],
    )
    .await;
    assert_eq!(claimable(&store, at(10)).await, ["answer", "reminder"]);
    let row = &store.outgoing_in_state(OutboxState::Leased).await.unwrap()[0];
    store.settle(row.lease, &SENT, at(10)).await.unwrap();
    send(&store, [answer(GROUP, "another")]).await;
    assert_eq!(
        claimable(&store, at(3600)).await,
        ["line for the morning"],
        "now it is first again"
    );
}

/// As a line to the group that was cut off and whose working hours are over by the time it is tried again.
pub async fn a_row_put_off_after_an_unknown_outcome_holds_nobody_up(home: Home) {
    let store = home.open().await;
    send(&store, [answer(1, "line"), answer(1, "answer")]).await;
    let line = claimed(&store, at(0)).await;
    let cut = Settled::Unknown {
        not_before: at(1),
        error: "cut".to_owned(),
    };
    store.settle(line.lease, &cut, at(0)).await.unwrap();
    let line = claimed(&store, at(1)).await;
    let tomorrow = NewOutgoing {
        not_before: at(3600),
        ..line.message.clone()
    };
    let put_off = Settled::Replaced {
        with: Box::new(tomorrow),
    };
    store.settle(line.lease, &put_off, at(1)).await.unwrap();
    assert_eq!(claimable(&store, at(2)).await, ["answer"]);
}

pub async fn a_row_to_be_tried_again_holds_its_chat_up(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [
            answer(1, "first"),
            answer(1, "second"),
            answer(2, "elsewhere"),
        ],
    )
    .await;
    let first = claimed(&store, at(0)).await;
    let again = Settled::Again {
        not_before: at(60),
        error: "too many requests".to_owned(),
    };
    store.settle(first.lease, &again, at(0)).await.unwrap();
    assert_eq!(claimable(&store, at(59)).await, ["elsewhere"]);
    let first = claimed(&store, at(60)).await;
    assert_eq!((first.message.body.as_str(), first.attempts), ("first", 2));
    assert_eq!(
        (first.maybe_sent, first.error.as_deref()),
        (false, Some("too many requests"))
    );
    store.settle(first.lease, &SENT, at(60)).await.unwrap();
    assert_eq!(claimable(&store, at(60)).await, ["second"]);
}

pub async fn senders_at_once_never_have_the_same_chat(home: Home) {
    const CHATS: i64 = 5;
    let store = home.open().await;
    // An answer that may pass a digest: the two must not be sent side by side either.
    let messages = (1..=CHATS).flat_map(|chat| [digest(chat, "digest"), answer(chat, "answer")]);
    send(&store, messages).await;
    let mut sent = 0;
    while sent < 2 * CHATS {
        let senders: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { claim(&store, at(0)).await })
            })
            .collect();
        let mut chats = BTreeSet::new();
        for sender in senders {
            let Some(row) = sender.await.unwrap() else {
                continue;
            };
            assert!(
                chats.insert(row.message.chat),
                "chat {} twice",
                row.message.chat
            );
            sent += 1;
        }
        assert_eq!(chats.len(), 5);
        for row in store.outgoing_in_state(OutboxState::Leased).await.unwrap() {
            store.settle(row.lease, &SENT, at(0)).await.unwrap();
        }
    }
    assert_eq!(
        store
            .outgoing_in_state(OutboxState::Sent)
            .await
            .unwrap()
            .len(),
        10
    );
}

pub async fn chats_to_skip_and_low_priorities_are_left_for_later(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [
            answer(-1001, "to -1001"),
            answer(11, "to 11"),
            reminder(12, "to 12"),
        ],
    )
    .await;
    let row = store
        .claim(at(0), LONG, &[-1001, 1, 100], ANY)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.message.body, "to 11");
    assert_eq!(store.claim(at(0), LONG, &[-1001], 9).await.unwrap(), None);
    let row = store
        .claim(at(0), LONG, &[-1001], 10)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.message.body, "to 12");
}

pub async fn held_chats_wait_and_so_do_all_when_all_are_held(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [answer(1, "to 1"), answer(2, "to 2"), answer(3, "to 3")],
    )
    .await;
    store.hold(Some(1), at(60)).await.unwrap();
    store.hold(Some(1), at(30)).await.unwrap();
    let unreachable = vec![(2, Some(FOREVER))];
    commit(
        &store,
        Changes {
            holds: unreachable,
            ..changes()
        },
    )
    .await;
    assert_eq!(claimable(&store, at(59)).await, ["to 3"]);

    store.hold(None, at(90)).await.unwrap();
    assert_eq!(claim(&store, at(60)).await, None);
    assert_eq!(claimable(&store, at(90)).await, ["to 1"]);

    assert_eq!(claim(&store, at(99)).await, None);
    commit(
        &store,
        Changes {
            holds: vec![(2, None)],
            ..changes()
        },
    )
    .await;
    assert_eq!(claimable(&store, at(90)).await, ["to 2"]);
}

pub async fn the_sender_sleeps_until_something_may_be_sent(home: Home) {
    let store = home.open().await;
    assert_eq!(store.next_send_at(at(0), &[], ANY).await.unwrap(), None);

    send(
        &store,
        [
            answer(1, "at once"),
            NewOutgoing {
                not_before: at(300),
                ..answer(2, "later")
            },
        ],
    )
    .await;
    assert_eq!(
        store.next_send_at(at(0), &[], ANY).await.unwrap(),
        Some(at(0))
    );
    assert_eq!(
        store.next_send_at(at(0), &[1], ANY).await.unwrap(),
        Some(at(300))
    );

    // Behind what may leave now: the caller knows when that changes.
    assert_eq!(
        store.next_send_at(at(0), &[], -1).await.unwrap(),
        Some(at(300))
    );

    store.hold(Some(1), at(120)).await.unwrap();
    store.hold(Some(99), at(60)).await.unwrap();
    assert_eq!(claim(&store, at(0)).await, None);
    assert_eq!(
        store.next_send_at(at(0), &[], ANY).await.unwrap(),
        Some(at(120)),
        "nothing waits in chat 99"
    );
    store.hold(None, at(90)).await.unwrap();
    assert_eq!(
        store.next_send_at(at(0), &[], ANY).await.unwrap(),
        Some(at(90))
    );

    // A sender has one, and nobody knows whether it lives: look again when its lease is over.
    let row = store.claim(at(120), 30, &[], ANY).await.unwrap().unwrap();
    let look = store
        .next_send_at(at(120), &[], ANY)
        .await
        .unwrap()
        .unwrap();
    assert!(at(145) < look && look <= at(150), "{look}");
    store.settle(row.lease, &SENT, at(121)).await.unwrap();
    assert_eq!(
        store.next_send_at(at(121), &[], ANY).await.unwrap(),
        Some(at(300))
    );

    // Who cannot be reached is no reason to wake up.
    commit(
        &store,
        Changes {
            holds: vec![(2, Some(FOREVER))],
            ..changes()
        },
    )
    .await;
    assert_eq!(claim(&store, at(300)).await, None);
    assert_eq!(store.next_send_at(at(300), &[], ANY).await.unwrap(), None);
    assert_eq!(store.claim(at(300), NO_TIME, &[], ANY).await.unwrap(), None);
}

pub async fn parts_behind_an_unknown_outcome_wait_until_the_office_decides(home: Home) {
    let store = home.open().await;
    let lost = Settled::Unknown {
        not_before: at(0),
        error: "timeout".to_owned(),
    };
    let part = |number: u32, name: &str, body| NewOutgoing {
        slot: Some(format!("digest-{number}{name}")),
        ..digest(GROUP, body)
    };
    for number in [1, 2] {
        send(
            &store,
            [
                part(number, "", "one"),
                part(number, PARTS, "two"),
                part(number, PARTS, "three"),
            ],
        )
        .await;
        let one = claimed(&store, at(0)).await;
        store.settle(one.lease, &lost, at(0)).await.unwrap();
        send(&store, [digest(GROUP, "another")]).await;
        let other = claimed(&store, at(1)).await;
        assert_eq!(other.message.body, "another", "nobody else waits for it");
        store.settle(other.lease, &SENT, at(1)).await.unwrap();
        assert_eq!(claim(&store, at(2)).await, None);
        assert_eq!(store.next_send_at(at(2), &[], ANY).await.unwrap(), None);
        let seen = number == 1;
        let decided = Changes {
            decide_unknown: vec![(one.id, seen)],
            now: at(3),
            ..changes()
        };
        commit(&store, decided).await;
        let expected: &[&str] = if seen { &["two"] } else { &["one", "two"] };
        for body in expected {
            let row = claimed(&store, at(4)).await;
            assert_eq!(row.message.body, *body);
            store.settle(row.lease, &SENT, at(4)).await.unwrap();
        }
        let three = claimed(&store, at(5)).await;
        assert_eq!(three.message.body, "three");
        store.settle(three.lease, &SENT, at(5)).await.unwrap();
    }
    // A part in the middle holds those behind it too.
    send(&store, [part(3, PARTS, "two"), part(3, PARTS, "three")]).await;
    let two = claimed(&store, at(6)).await;
    store.settle(two.lease, &lost, at(6)).await.unwrap();
    assert_eq!(claim(&store, at(7)).await, None);
}
