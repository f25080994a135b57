//! What is kept, and for how long.

use duban::ledger::Head;
use duban::store::{
    Changes, CommitError, ConversationRow, DigestRow, InboxRow, NewOutgoing, OutboxState, Settled,
};

use crate::home::Home;
use crate::rows::{
    GROUP, LONG_AGO, PRIVATE, answer, at, changes, claimed, commit, days, digest, ids, keyed,
    pause, rushan, send, update, with_entry,
};

pub async fn digests_keep_every_version(home: Home) {
    let store = home.open().await;
    let version = |number, body: &str| DigestRow {
        number,
        cut_off_at: at(0),
        body: body.to_owned(),
    };
    for digest in [
        version(16, "as posted"),
        version(17, "the next"),
        version(16, "〔已更正〕"),
    ] {
        commit(
            &store,
            Changes {
                digests: vec![digest],
                ..changes()
            },
        )
        .await;
    }
    assert_eq!(
        store.digest(&rushan(), 16).await.unwrap(),
        Some(version(16, "〔已更正〕"))
    );
    let versions = store.digest_versions(&rushan(), 16).await.unwrap();
    assert_eq!(
        versions,
        [version(16, "as posted"), version(16, "〔已更正〕")]
    );
    let all = store.digests(&rushan()).await.unwrap();
    assert_eq!(
        all.iter().map(|row| row.body.as_str()).collect::<Vec<_>>(),
        ["as posted", "〔已更正〕", "the next"]
    );
    assert_eq!(store.digest(&rushan(), 18).await.unwrap(), None);
}

pub async fn facts_are_found_by_the_beginning_of_their_names(home: Home) {
    let store = home.open().await;
    let names = [
        "stranger:1",
        "stranger:12",
        "Stranger:3",
        "stranger%",
        "strange",
        "生人:1",
        "生人:2",
    ];
    for name in names {
        store.set_fact(name, Some(name)).await.unwrap();
    }
    store.set_fact("stranger:1", Some("anew")).await.unwrap();
    let found =
        |facts: Vec<(String, String)>| facts.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(
        found(store.facts("stranger:").await.unwrap()),
        ["stranger:1", "stranger:12"]
    );
    assert_eq!(
        found(store.facts("stranger%").await.unwrap()),
        ["stranger%"]
    );
    assert_eq!(
        found(store.facts("生人").await.unwrap()),
        ["生人:1", "生人:2"]
    );
    let mut all = names.to_vec();
    all.sort_unstable();
    assert_eq!(found(store.facts("").await.unwrap()), all);
    assert_eq!(
        store.fact("stranger:1").await.unwrap().as_deref(),
        Some("anew")
    );
    store.set_fact("stranger:1", None).await.unwrap();
    assert_eq!(store.fact("stranger:1").await.unwrap(), None);
}

pub async fn conversations_are_replaced_and_forgotten(home: Home) {
    let store = home.open().await;
    let talk = |state: Option<&str>, chat| ConversationRow {
        user_id: 9,
        chat,
        state: state.map(str::to_owned),
        updated_at: at(0),
    };
    let first = talk(Some("first"), Some(PRIVATE));
    let second = talk(Some("second"), None);
    for row in [&first, &second] {
        commit(
            &store,
            Changes {
                conversations: vec![row.clone()],
                ..changes()
            },
        )
        .await;
        assert_eq!(
            store.conversation(&rushan(), 9).await.unwrap().as_ref(),
            Some(row)
        );
    }
    commit(
        &store,
        Changes {
            conversations: vec![talk(None, None)],
            ..changes()
        },
    )
    .await;
    assert_eq!(store.conversation(&rushan(), 9).await.unwrap(), None);
}

pub async fn keys_are_read_from_a_day_on_and_stay_taken_before_it(home: Home) {
    let store = home.open().await;
    let event = |day, row: &str, spent: &str| Changes {
        outgoing: vec![keyed(PRIVATE, row)],
        spent_keys: vec![spent.to_owned()],
        now: at(days(day)),
        ..changes()
    };
    commit(&store, event(0, "old", "old and spent")).await;
    commit(&store, event(70, "new", "new and spent")).await;
    let task_force = rushan();
    let since = |since| store.keys(&task_force, since);
    assert_eq!(since(at(days(10))).await.unwrap(), ["new", "new and spent"]);
    assert_eq!(since(at(days(70))).await.unwrap().len(), 2);
    assert_eq!(since(at(days(71))).await.unwrap(), [""; 0]);
    assert_eq!(since(LONG_AGO).await.unwrap().len(), 4);
    let again = store
        .commit(vec![event(71, "old", "newest")])
        .await
        .unwrap();
    assert!(matches!(&again[..], [Err(CommitError::KeyTaken(key))] if key == "old"));
}

pub async fn what_is_old_expires_and_digests_do_not(home: Home) {
    let store = home.open().await;
    store
        .receive(&[update(1, 1), update(2, 2), update(3, 3)])
        .await
        .unwrap();
    commit(
        &store,
        Changes {
            update_id: Some(1),
            ..changes()
        },
    )
    .await;
    store.set_aside(2, "cannot be read").await.unwrap();
    let carried = NewOutgoing {
        notice: Some("{}".to_owned()),
        ..answer(PRIVATE, "answer")
    };
    send(
        &store,
        [carried, digest(GROUP, "digest"), answer(3, "waiting")],
    )
    .await;
    for _ in 0..2 {
        let row = store
            .claim(at(0), 3600, &[3], i64::MAX)
            .await
            .unwrap()
            .unwrap();
        store
            .settle(
                row.lease,
                &Settled::Sent {
                    message_id: Some(1),
                },
                at(0),
            )
            .await
            .unwrap();
    }
    store.hold(Some(3), at(60)).await.unwrap();

    store.expire(at(days(29))).await.unwrap();
    assert_eq!(store.failed_updates().await.unwrap().len(), 1);
    let answered = &store.outgoing_in_state(OutboxState::Sent).await.unwrap()[0];
    assert_eq!(
        (
            answered.message.body.as_str(),
            answered.message.notice.as_deref()
        ),
        ("answer", Some("{}"))
    );

    store.expire(at(days(401))).await.unwrap();
    assert_eq!(store.failed_updates().await.unwrap(), []);
    let sent = store.outgoing_in_state(OutboxState::Sent).await.unwrap();
    let bodies: Vec<_> = sent.iter().map(|row| row.message.body.as_str()).collect();
    assert_eq!(bodies, ["", "digest"]);
    assert_eq!(
        (sent[0].message.notice.as_deref(), sent[0].message_id),
        (None, Some(1))
    );
    assert_eq!(claimed(&store, at(days(401))).await.message.body, "waiting");
    assert_eq!(
        ids(&store.take_updates(10, &[]).await.unwrap()),
        [3],
        "what waits does not expire"
    );
    assert_eq!(
        store.receive(&[update(3, 3), update(1, 1)]).await.unwrap(),
        1
    );
}

/// Whatever people, Telegram and files say is a value to the database, in every place a text can stand.
pub async fn words_that_look_like_sql_stay_words(home: Home) {
    let store = home.open().await;
    let hostile = [
        "'; DROP TABLE entries; --",
        "\"; DELETE FROM outbox; --",
        "x' OR '1'='1",
        "$1 ? :a @a \\' %_",
        "*/ ; UPDATE facts SET value = NULL; /*",
    ];
    store.set_fact("kept", Some("kept")).await.unwrap();
    let mut head = Head::default();
    for (at_update, words) in (1_i64..).zip(hostile) {
        let received = InboxRow {
            body: words.to_owned(),
            ..update(at_update, at_update)
        };
        assert_eq!(store.receive(&[received]).await.unwrap(), 1);
        store.set_aside(at_update, words).await.unwrap();
        let (mut all, next) = with_entry(head, pause(words));
        head = next;
        all.conversations = vec![ConversationRow {
            user_id: at_update,
            chat: None,
            state: Some(words.to_owned()),
            updated_at: at(0),
        }];
        all.outgoing = vec![NewOutgoing {
            about: words.to_owned(),
            slot: Some(words.to_owned()),
            notice: Some(words.to_owned()),
            ..keyed(at_update, words)
        }];
        all.facts = vec![(words.to_owned(), Some(words.to_owned()))];
        commit(&store, all).await;
    }
    for (at_update, words) in (1_i64..).zip(hostile) {
        let talk = store.conversation(&rushan(), at_update).await.unwrap();
        assert_eq!(talk.unwrap().state.as_deref(), Some(words));
        assert_eq!(store.facts(words).await.unwrap().len(), 1);
        let rows = store.waiting_in_slot(&rushan(), words).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].message.about, words);
        let none = store.head(&words.into()).await.unwrap();
        assert_eq!(none, Head::default());
    }
    let failed = store.failed_updates().await.unwrap().into_iter();
    let failed: Vec<String> = failed
        .map(|(row, reason)| format!("{}{reason}", row.body))
        .collect();
    assert_eq!(failed, hostile.map(|words| format!("{words}{words}")));
    let entries = store.entries_after(&rushan(), 0).await.unwrap();
    assert_eq!(entries.len(), hostile.len());
    assert_eq!(store.head(&rushan()).await.unwrap(), head);
    assert_eq!(store.fact("kept").await.unwrap().as_deref(), Some("kept"));
}
