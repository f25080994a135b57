//! What comes of a send: sent, refused, unknown, withdrawn.

use duban::store::{
    Changes, CommitError, ConversationRow, NewOutgoing, OutboxRow, OutboxState, OutgoingKind,
    Settled, Store,
};

use crate::home::Home;
use crate::rows::{
    ANY, GROUP, LONG, LONG_AGO, NO_TIME, PRIVATE, answer, at, changes, claim, claimable, claimed,
    commit, digest, keyed, monday, reminder, rushan, send,
};

fn sent(message_id: i32) -> Settled {
    Settled::Sent {
        message_id: Some(message_id),
    }
}

fn no_answer(not_before: i64) -> Settled {
    Settled::Unknown {
        not_before: at(not_before),
        error: "timeout".to_owned(),
    }
}

async fn row_at(store: &Store, id: i64) -> OutboxRow {
    store.outgoing(id).await.unwrap().unwrap()
}

pub async fn what_was_sent_is_found_by_message_and_slot(home: Home) {
    let store = home.open().await;
    let status = |body| NewOutgoing {
        kind: OutgoingKind::Status,
        slot: Some("status".to_owned()),
        ..answer(GROUP, body)
    };
    send(
        &store,
        [
            status("old"),
            answer(PRIVATE, "same id elsewhere"),
            status("new"),
            status("to come"),
        ],
    )
    .await;
    for (now, id) in [(5, 41), (6, 41), (7, 42)] {
        let row = claimed(&store, at(now)).await;
        store.settle(row.lease, &sent(id), at(now)).await.unwrap();
    }
    let found = store.outgoing_by_message(GROUP, 41).await.unwrap().unwrap();
    assert_eq!(
        (found.message.body.as_str(), found.sent_at),
        ("old", Some(at(5)))
    );
    assert_eq!(
        (found.state, found.message_id),
        (OutboxState::Sent, Some(41))
    );
    let found = store
        .outgoing_by_message(PRIVATE, 41)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.message.body, "same id elsewhere");
    assert_eq!(store.outgoing_by_message(GROUP, 43).await.unwrap(), None);

    let latest = store
        .latest_in_slot(&rushan(), "status")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(latest.message.body, "new", "the last one is not sent yet");
    assert_eq!(
        store
            .latest_in_slot(&"weihai".into(), "status")
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store.latest_in_slot(&rushan(), "digest-16").await.unwrap(),
        None
    );
}

pub async fn a_lease_that_ran_out_is_an_unknown_outcome(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [
            answer(1, "answer"),
            reminder(2, "reminder"),
            digest(3, "digest"),
        ],
    )
    .await;
    // Each claim ends the leases before it, so the chats already claimed are skipped.
    for (skip, body) in [(&[][..], "answer"), (&[1], "reminder"), (&[1, 2], "digest")] {
        let row = store
            .claim(at(0), NO_TIME, skip, ANY)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.message.body, body);
    }
    // The program is killed and started again.
    drop(store);
    let store = home.open().await;
    let again = claimed(&store, at(20)).await;
    assert_eq!(
        (
            again.message.body.as_str(),
            again.maybe_sent,
            again.attempts
        ),
        ("answer", true, 2)
    );
    assert_eq!(again.error.as_deref(), Some("the lease ran out"));
    let again = claimed(&store, at(20)).await;
    assert_eq!(
        (again.message.body.as_str(), again.maybe_sent),
        ("reminder", true)
    );
    assert_eq!(
        claim(&store, at(20)).await,
        None,
        "the digest waits for the office"
    );
    let unknown = store.outgoing_in_state(OutboxState::Unknown).await.unwrap();
    assert_eq!(unknown.len(), 1);
    assert_eq!(
        (unknown[0].message.body.as_str(), unknown[0].maybe_sent),
        ("digest", false)
    );
}

pub async fn a_lost_lease_settles_nothing(home: Home) {
    let store = home.open().await;
    send(&store, [answer(PRIVATE, "answer")]).await;
    let slow = store
        .claim(at(0), NO_TIME, &[], ANY)
        .await
        .unwrap()
        .unwrap();
    let quick = claimed(&store, at(1)).await;
    assert_eq!((quick.id, quick.lease.row), (slow.id, slow.lease.row));
    assert_ne!(quick.lease, slow.lease);
    for outcome in [
        sent(1),
        no_answer(2),
        Settled::Dead {
            error: "403".to_owned(),
        },
    ] {
        let result = store.settle(slow.lease, &outcome, at(2)).await;
        assert!(matches!(result, Err(CommitError::LeaseLost)), "{result:?}");
    }
    let result = store.renew(slow.lease, LONG, at(2)).await;
    assert!(matches!(result, Err(CommitError::LeaseLost)));
    store.renew(quick.lease, LONG, at(2)).await.unwrap();
    store.settle(quick.lease, &sent(7), at(3)).await.unwrap();
    assert!(
        store.settle(quick.lease, &sent(8), at(3)).await.is_err(),
        "settled once"
    );
    assert_eq!(row_at(&store, quick.id).await.message_id, Some(7));

    // A renewed lease outlives its first end.
    send(&store, [answer(PRIVATE, "upload")]).await;
    let upload = store.claim(at(4), 5, &[], ANY).await.unwrap().unwrap();
    store.renew(upload.lease, LONG, at(4)).await.unwrap();
    assert_eq!(claim(&store, at(60)).await, None);
    store.settle(upload.lease, &sent(9), at(60)).await.unwrap();
}

pub async fn unknown_outcomes_are_sent_again_or_wait_for_the_office(home: Home) {
    let store = home.open().await;
    let kinds = [
        (OutgoingKind::Answer, true),
        (OutgoingKind::Reminder, true),
        (OutgoingKind::Digest, false),
        (OutgoingKind::Slip, false),
        (OutgoingKind::Document, false),
        (OutgoingKind::Status, true),
        (OutgoingKind::Line, true),
    ];
    let of_kind = |(chat, (kind, _))| NewOutgoing {
        kind,
        ..answer(chat, "words")
    };
    send(&store, (1..).zip(kinds).map(of_kind)).await;
    for (_, sent_again) in kinds {
        let claimed = claimed(&store, at(0)).await;
        store
            .settle(claimed.lease, &no_answer(9), at(1))
            .await
            .unwrap();
        let row = row_at(&store, claimed.id).await;
        let expected = if sent_again {
            OutboxState::Waiting
        } else {
            OutboxState::Unknown
        };
        assert_eq!(
            (row.state, row.maybe_sent),
            (expected, sent_again),
            "{:?}",
            row.message.kind
        );
        assert_eq!(row.message.not_before, at(if sent_again { 9 } else { 0 }));
        assert_eq!(row.error.as_deref(), Some("timeout"));
    }
    assert_eq!(claim(&store, at(8)).await, None);
    assert_eq!(claimable(&store, at(9)).await.len(), 4);
}

pub async fn the_office_decides_once_about_an_unknown_outcome(home: Home) {
    let store = home.open().await;
    send(&store, [digest(1, "seen"), digest(2, "again")]).await;
    let mut rows = Vec::new();
    for _ in 0..2 {
        let row = claimed(&store, at(0)).await;
        store.settle(row.lease, &no_answer(0), at(1)).await.unwrap();
        rows.push(row.id);
    }
    let decide = |row, seen| Changes {
        decide_unknown: vec![(row, seen)],
        now: at(50),
        ..changes()
    };
    let taps = vec![
        decide(rows[0], true),
        decide(rows[0], false),
        decide(rows[1], false),
    ];
    let results = store.commit(taps).await.unwrap();
    assert!(
        matches!(
            results[..],
            [Ok(()), Err(CommitError::NotUnknown(_)), Ok(())]
        ),
        "{results:?}"
    );

    let seen = row_at(&store, rows[0]).await;
    assert_eq!(
        (seen.state, seen.sent_at, seen.message_id),
        (OutboxState::Sent, Some(at(50)), None)
    );
    let again = claimed(&store, at(50)).await;
    assert_eq!(
        (again.id, again.maybe_sent, again.attempts),
        (rows[1], true, 2)
    );
    assert_eq!(
        store.outgoing_in_state(OutboxState::Unknown).await.unwrap(),
        []
    );
}

pub async fn a_row_may_be_withdrawn_or_replaced_when_it_is_claimed(home: Home) {
    let store = home.open().await;
    let merged = NewOutgoing {
        keys: vec!["a".to_owned(), "b".to_owned()],
        ..keyed(PRIVATE, "a and b")
    };
    send(
        &store,
        [merged, keyed(GROUP, "c"), reminder(PRIVATE, "behind")],
    )
    .await;
    let row = claimed(&store, at(0)).await;
    let mut fewer = row.message.clone();
    fewer.body = "b alone".to_owned();
    fewer.keys = vec!["b".to_owned()];
    fewer.pings = Vec::new();
    store
        .settle(
            row.lease,
            &Settled::Replaced {
                with: Box::new(fewer.clone()),
            },
            at(0),
        )
        .await
        .unwrap();
    assert_eq!(store.keys(&rushan(), LONG_AGO).await.unwrap(), ["b", "c"]);
    assert_eq!(store.pings(&rushan(), monday()).await.unwrap().len(), 1);

    let again = claimed(&store, at(0)).await;
    assert_eq!(
        (again.id, &again.message, again.attempts),
        (row.id, &fewer, 1),
        "in its old place, nothing tried yet"
    );
    let reason = "answered at 09:12".to_owned();
    store
        .settle(again.lease, &Settled::Withdrawn { reason }, at(0))
        .await
        .unwrap();
    let gone = row_at(&store, again.id).await;
    assert_eq!((gone.state, gone.attempts), (OutboxState::Withdrawn, 0));
    assert_eq!(gone.error.as_deref(), Some("answered at 09:12"));
    assert_eq!(store.keys(&rushan(), LONG_AGO).await.unwrap(), ["c"]);

    // A replacement cannot take what another row has.
    let behind = claimed(&store, at(0)).await;
    assert_eq!(behind.message.body, "c");
    let other = claimed(&store, at(0)).await;
    let with = Box::new(keyed(PRIVATE, "c"));
    let result = store
        .settle(other.lease, &Settled::Replaced { with }, at(0))
        .await;
    assert!(matches!(result, Err(CommitError::KeyTaken(key)) if key == "c"));
    assert_eq!(row_at(&store, other.id).await.state, OutboxState::Leased);
}

pub async fn waiting_rows_are_withdrawn_and_others_are_not(home: Home) {
    let store = home.open().await;
    send(
        &store,
        [keyed(1, "sent"), keyed(2, "leased"), keyed(3, "waiting")],
    )
    .await;
    let first = claimed(&store, at(0)).await;
    store.settle(first.lease, &sent(1), at(0)).await.unwrap();
    let second = claimed(&store, at(0)).await;
    let all = vec![first.id, second.id, second.id + 1, second.id + 99];
    commit(
        &store,
        Changes {
            withdraw: all,
            ..changes()
        },
    )
    .await;
    assert_eq!(
        store.keys(&rushan(), LONG_AGO).await.unwrap(),
        ["leased", "sent"]
    );
    assert_eq!(claim(&store, at(0)).await, None);
    store.settle(second.lease, &sent(2), at(0)).await.unwrap();
}

pub async fn a_refused_row_is_dead_and_keeps_its_keys(home: Home) {
    let store = home.open().await;
    send(&store, [keyed(PRIVATE, "a"), reminder(PRIVATE, "next")]).await;
    let row = claimed(&store, at(0)).await;
    // Together with what follows from it, in one event.
    let refused = Settled::Dead {
        error: "Forbidden: bot was blocked by the user".to_owned(),
    };
    let line = NewOutgoing {
        kind: OutgoingKind::Line,
        ..answer(GROUP, "请先打开私聊")
    };
    commit(
        &store,
        Changes {
            settled: vec![(row.lease, refused)],
            outgoing: vec![line],
            ..changes()
        },
    )
    .await;
    let dead = store.outgoing_in_state(OutboxState::Dead).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(
        dead[0].error.as_deref(),
        Some("Forbidden: bot was blocked by the user")
    );
    assert_eq!(dead[0].message.keys, ["a"]);
    assert_eq!(claimable(&store, at(0)).await, ["请先打开私聊", "next"]);
}

pub async fn a_group_that_became_a_supergroup_keeps_its_messages(home: Home) {
    const NEW: i64 = -1_000_000_000_100;
    let store = home.open().await;
    send(
        &store,
        [
            answer(GROUP, "sent"),
            answer(GROUP, "in hand"),
            answer(GROUP, "waiting"),
            digest(GROUP, "unknown"),
        ],
    )
    .await;
    let first = claimed(&store, at(0)).await;
    store.settle(first.lease, &sent(5), at(0)).await.unwrap();
    let in_hand = claimed(&store, at(0)).await;
    let talk = |user_id, chat| ConversationRow {
        user_id,
        chat: Some(chat),
        state: Some("{}".to_owned()),
        updated_at: at(0),
    };
    let talks = vec![talk(1, GROUP), talk(2, PRIVATE)];
    commit(
        &store,
        Changes {
            conversations: talks,
            holds: vec![(GROUP, Some(at(900)))],
            ..changes()
        },
    )
    .await;

    store.migrate_chat(GROUP, NEW).await.unwrap();
    assert_eq!(row_at(&store, in_hand.id).await.message.chat, NEW);
    let again = Settled::Again {
        not_before: at(1),
        error: "group migrated".to_owned(),
    };
    store.settle(in_hand.lease, &again, at(1)).await.unwrap();
    let next = claimed(&store, at(1)).await;
    assert_eq!(
        (next.message.chat, next.message.body.as_str()),
        (NEW, "in hand")
    );
    assert_eq!(
        store.outgoing_by_message(GROUP, 5).await.unwrap(),
        None,
        "ids start anew there"
    );
    assert_eq!(
        row_at(&store, first.id).await.message.chat,
        GROUP,
        "what was said stays where it was said"
    );
    let chats: Vec<_> = store
        .conversations(&rushan())
        .await
        .unwrap()
        .iter()
        .map(|talk| talk.chat)
        .collect();
    assert_eq!(chats, [Some(NEW), Some(PRIVATE)]);

    // The same within an event, and with an outcome nobody knows.
    store.settle(next.lease, &sent(6), at(1)).await.unwrap();
    let waiting = claimed(&store, at(1)).await;
    store.settle(waiting.lease, &sent(7), at(1)).await.unwrap();
    let digest = claimed(&store, at(1)).await;
    store
        .settle(digest.lease, &no_answer(0), at(1))
        .await
        .unwrap();
    commit(
        &store,
        Changes {
            migrated: Some((NEW, GROUP)),
            ..changes()
        },
    )
    .await;
    assert_eq!(row_at(&store, digest.id).await.message.chat, GROUP);
    assert_eq!(store.outgoing_by_message(NEW, 7).await.unwrap(), None);
}

pub async fn what_became_of_rows_is_counted_from_a_day_on(home: Home) {
    let store = home.open().await;
    let rows = [
        reminder(1, "a"),
        reminder(2, "b"),
        reminder(3, "c"),
        answer(4, "d"),
        NewOutgoing {
            slot: Some("a/parts".to_owned()),
            ..reminder(1, "a")
        },
    ];
    send(&store, rows).await;
    let blocked = || Settled::Dead {
        error: "blocked".to_owned(),
    };
    let sent = Settled::Sent {
        message_id: Some(1),
    };
    assert_eq!(claimed(&store, at(0)).await.message.body, "d");
    while let Some(row) = claim(&store, at(0)).await {
        let settled = match row.message.body.as_str() {
            "a" => sent.clone(),
            _ => blocked(),
        };
        store.settle(row.lease, &settled, at(1)).await.unwrap();
    }
    let counted = |outcomes: Vec<duban::store::Outcome>| {
        let mut lines: Vec<String> = outcomes
            .iter()
            .map(|it| format!("{:?} {:?} {:?} {}", it.kind, it.state, it.error, it.rows))
            .collect();
        lines.sort();
        lines
    };
    let home = rushan();
    let all = store.outcomes(&home, at(0)).await.unwrap();
    // The answer was claimed first and is with its sender still.
    assert_eq!(
        counted(all),
        [
            "Answer Leased None 1",
            "Reminder Dead Some(\"blocked\") 2",
            "Reminder Sent None 1",
        ]
    );
    let later = store.outcomes(&home, at(1)).await.unwrap();
    assert_eq!(counted(later), Vec::<String>::new());
    let other = store.outcomes(&"elsewhere".into(), at(0)).await.unwrap();
    assert_eq!(counted(other), Vec::<String>::new());
}
