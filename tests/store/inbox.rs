//! Raw updates: nothing lost, nothing twice, nothing out of order.

use duban::store::{Changes, CommitError};

use crate::home::Home;
use crate::rows::{at, changes, commit, days, ids, update};

pub async fn an_update_received_twice_is_kept_once(home: Home) {
    let store = home.open().await;
    assert_eq!(
        store
            .receive(&[update(11, 1), update(12, 2)])
            .await
            .unwrap(),
        2
    );
    let mut again = update(12, 2);
    again.body = "another".to_owned();
    assert_eq!(
        store
            .receive(&[again, update(13, 3), update(13, 3)])
            .await
            .unwrap(),
        1
    );

    let taken = store.take_updates(10, &[]).await.unwrap();
    assert_eq!(ids(&taken), [11, 12, 13]);
    assert_eq!(taken[1].body, update(12, 2).body);
    assert_eq!(taken[1].received_at, at(0));

    commit(
        &store,
        Changes {
            update_id: Some(12),
            ..changes()
        },
    )
    .await;
    assert_eq!(
        store.receive(&[update(12, 2)]).await.unwrap(),
        0,
        "a done update is known, too"
    );
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [11, 13]);
}

pub async fn updates_of_a_chat_come_in_order_and_chats_do_not_wait_for_each_other(home: Home) {
    let store = home.open().await;
    let received = [
        (23, -100),
        (21, -100),
        (22, 7),
        (24, 7),
        (25, -1002),
        (26, 0),
    ];
    store
        .receive(&received.map(|(id, lane)| update(id, lane)))
        .await
        .unwrap();

    assert_eq!(
        ids(&store.take_updates(10, &[]).await.unwrap()),
        [21, 22, 25, 26]
    );
    assert_eq!(ids(&store.take_updates(2, &[]).await.unwrap()), [21, 22]);
    assert_eq!(
        ids(&store.take_updates(2, &[7, -100]).await.unwrap()),
        [25, 26]
    );
    // -10 and 100 are no lanes of ours: lists of lanes are not compared by pieces of their digits.
    assert_eq!(
        ids(&store.take_updates(10, &[-10, 100, 2]).await.unwrap()),
        [21, 22, 25, 26]
    );

    commit(
        &store,
        Changes {
            update_id: Some(21),
            ..changes()
        },
    )
    .await;
    assert_eq!(
        ids(&store.take_updates(10, &[7]).await.unwrap()),
        [23, 25, 26]
    );
}

pub async fn attempts_are_counted_before_the_work_and_outlive_it(home: Home) {
    let store = home.open().await;
    store.receive(&[update(31, 1)]).await.unwrap();
    for attempt in 1..=3 {
        let taken = store.take_updates(10, &[]).await.unwrap();
        assert_eq!(taken[0].attempts, attempt);
    }
    if store.is_shared() {
        // The next process has it when it was held long enough.
        home.run("UPDATE inbox SET held_until = 0").await;
    }
    drop(store);
    let store = home.open().await;
    assert_eq!(store.take_updates(10, &[]).await.unwrap()[0].attempts, 4);
    commit(
        &store,
        Changes {
            update_id: Some(31),
            ..changes()
        },
    )
    .await;
    assert_eq!(store.take_updates(10, &[]).await.unwrap(), []);

    let again = Changes {
        update_id: Some(31),
        ..changes()
    };
    let result = store.commit(vec![again]).await.unwrap().remove(0);
    assert!(matches!(result, Err(CommitError::UpdateDone)), "{result:?}");
}

pub async fn an_update_set_aside_lets_its_chat_go_on(home: Home) {
    let store = home.open().await;
    store
        .receive(&[update(41, 1), update(42, 1), update(43, 1)])
        .await
        .unwrap();
    store.take_updates(10, &[]).await.unwrap();
    store.set_aside(41, "cannot be read").await.unwrap();
    store
        .set_aside(41, "a second reason comes too late")
        .await
        .unwrap();
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [42]);

    // The same with an answer to the person, all or nothing.
    let tired = Some("three attempts".to_owned());
    commit(
        &store,
        Changes {
            update_id: Some(42),
            set_aside: tired,
            ..changes()
        },
    )
    .await;
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [43]);

    let failed = store.failed_updates().await.unwrap();
    let failed: Vec<_> = failed
        .iter()
        .map(|(row, why)| (row.update_id, row.attempts, why.as_str()))
        .collect();
    assert_eq!(
        failed,
        [(41, 1, "cannot be read"), (42, 1, "three attempts")]
    );
}

pub async fn polling_goes_on_behind_the_last_update_of_the_week(home: Home) {
    let store = home.open().await;
    assert_eq!(store.last_update_id(at(0)).await.unwrap(), None);
    store
        .receive(&[update(900, 1), update(901, 2)])
        .await
        .unwrap();
    commit(
        &store,
        Changes {
            update_id: Some(900),
            ..changes()
        },
    )
    .await;
    commit(
        &store,
        Changes {
            update_id: Some(901),
            ..changes()
        },
    )
    .await;
    assert_eq!(store.last_update_id(at(days(6))).await.unwrap(), Some(901));
    assert_eq!(
        store.last_update_id(at(days(8))).await.unwrap(),
        None,
        "ids may start anew"
    );

    // They do, lower, before the old ones have expired.
    let mut first = update(5, 1);
    first.received_at = at(days(8));
    store.receive(&[first]).await.unwrap();
    assert_eq!(store.last_update_id(at(days(8))).await.unwrap(), Some(5));

    // And reach an old id after that has expired: it is another update now.
    store.expire(at(days(8))).await.unwrap();
    let mut same = update(900, 1);
    same.received_at = at(days(8));
    assert_eq!(store.receive(&[same]).await.unwrap(), 1);
    assert_eq!(ids(&store.take_updates(10, &[1]).await.unwrap()), [0; 0]);
    commit(
        &store,
        Changes {
            update_id: Some(5),
            ..changes()
        },
    )
    .await;
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [900]);
    commit(
        &store,
        Changes {
            update_id: Some(900),
            ..changes()
        },
    )
    .await;
    assert_eq!(ids(&store.take_updates(10, &[]).await.unwrap()), [0; 0]);
}
