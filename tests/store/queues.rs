//! What waits is counted, for monitoring.

use duban::store::{FOREVER, Queue, Queues, Settled};

use crate::home::Home;
use crate::rows::{PRIVATE, answer, at, claimed, digest, send, update};

pub async fn what_waits_is_counted_with_its_age(home: Home) {
    let store = home.open().await;
    assert_eq!(store.queues(at(0)).await.unwrap(), Queues::default());
    let mut updates = [update(1, 5), update(2, 5), update(3, 6)];
    for (row, received) in updates.iter_mut().zip([30, 10, 20]) {
        row.received_at = at(received);
    }
    store.receive(&updates).await.unwrap();
    store.set_aside(2, "no").await.unwrap();
    let inbox = Queue {
        depth: 2,
        oldest: Some(at(20)),
    };
    assert_eq!(store.queues(at(40)).await.unwrap().inbox, inbox);

    let later = duban::store::NewOutgoing {
        not_before: at(500),
        ..answer(PRIVATE, "later")
    };
    send(
        &store,
        vec![
            answer(PRIVATE, "now"),
            answer(77, "held"),
            digest(88, "d"),
            later,
        ],
    )
    .await;
    let due = |store: &duban::store::Store, now: i64| {
        let store = store.clone();
        async move { store.queues(at(now)).await.unwrap().outbox.depth }
    };
    assert_eq!(due(&store, 40).await, 3);
    assert_eq!(due(&store, 500).await, 4);
    // A chat that cannot be reached at all is no backlog; one that waits for Telegram's limit is.
    store.hold(Some(77), FOREVER).await.unwrap();
    store.hold(Some(PRIVATE), at(9_000)).await.unwrap();
    assert_eq!(due(&store, 40).await, 2);
    let row = claimed(&store, at(40)).await;
    assert_eq!(row.message.chat, 88);
    assert_eq!(due(&store, 40).await, 1, "what is under way does not wait");
    let unknown = Settled::Unknown {
        not_before: at(41),
        error: "cut".into(),
    };
    store.settle(row.lease, &unknown, at(41)).await.unwrap();
    let queues = store.queues(at(42)).await.unwrap();
    assert_eq!((queues.unknown, queues.dead), (1, 0));
}
