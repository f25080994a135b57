//! Routes and wakeups: caches of what the ledgers say, written with what changes them.

use std::collections::BTreeSet;

use duban::store::{Changes, Route, RouteKind, Settled, Store, Wakeup};

use crate::home::Home;
use crate::rows::{GROUP, PRIVATE, at, changes, claimed, commit, keyed, rushan, send};

fn routes(names: &[(RouteKind, &str)]) -> BTreeSet<Route> {
    let named = names.iter();
    named.map(|(kind, name)| Route::new(*kind, name)).collect()
}

async fn leads(store: &Store, task_force: &str, names: &[(RouteKind, &str)]) {
    let changes = Changes {
        task_force: Some(task_force.into()),
        routes: Some(routes(names)),
        ..changes()
    };
    commit(store, changes).await;
}

async fn wakeup(store: &Store) -> Wakeup {
    store.wakeup(&rushan()).await.unwrap().unwrap()
}

pub async fn what_leads_to_a_task_force_is_replaced_as_a_whole(home: Home) {
    let store = home.open().await;
    let (group, somebody) = (GROUP.to_string(), PRIVATE.to_string());
    leads(
        &store,
        "rushan",
        &[
            (RouteKind::Group, group.as_str()),
            (RouteKind::Account, somebody.as_str()),
        ],
    )
    .await;
    leads(
        &store,
        "drainage",
        &[
            (RouteKind::Account, somebody.as_str()),
            (RouteKind::Title, "排水"),
        ],
    )
    .await;
    let account = Route::new(RouteKind::Account, PRIVATE);
    let both = ["drainage".into(), rushan()];
    assert_eq!(store.led_to(&account).await.unwrap(), both);
    let title = store.routes_of_kind(RouteKind::Title).await.unwrap();
    assert_eq!(title, [("drainage".into(), "排水".to_owned())]);

    leads(
        &store,
        "rushan",
        &[
            (RouteKind::Group, group.as_str()),
            (RouteKind::Name, "孙洪斌"),
        ],
    )
    .await;
    assert_eq!(store.led_to(&account).await.unwrap(), both[..1].to_vec());
    let led_to = store.led_to(&Route::new(RouteKind::Group, GROUP)).await;
    assert_eq!(led_to.unwrap(), [rushan()]);
    let all = store.routes_to(&rushan()).await.unwrap();
    let expected = routes(&[
        (RouteKind::Group, group.as_str()),
        (RouteKind::Name, "孙洪斌"),
    ]);
    assert_eq!(all, expected.into_iter().collect::<Vec<_>>());
    store.close().await;
    let store = home.open().await;
    assert_eq!(store.routes_to(&rushan()).await.unwrap(), all);
}

pub async fn a_wakeup_is_brought_forward_by_what_is_committed_and_put_off_only_as_it_was(
    home: Home,
) {
    let store = home.open().await;
    assert_eq!(store.wakeup(&rushan()).await.unwrap(), None);
    leads(&store, "rushan", &[(RouteKind::Title, "乳山")]).await;
    let first = wakeup(&store).await;
    assert_eq!(first.at, at(0));
    assert_eq!(
        store.wakeups(at(0), None, 9).await.unwrap(),
        std::slice::from_ref(&first)
    );
    assert_eq!(store.next_wakeup(at(0)).await.unwrap(), None);

    let later = Wakeup {
        at: at(600),
        ..first.clone()
    };
    store.put_off(std::slice::from_ref(&later)).await.unwrap();
    assert_eq!(wakeup(&store).await, later);
    assert_eq!(store.wakeups(at(599), None, 9).await.unwrap(), []);
    assert_eq!(store.next_wakeup(at(0)).await.unwrap(), Some(at(600)));

    // A row with a key changes what is due; one without does not.
    send(&store, [keyed(GROUP, "slot/1")]).await;
    let woken = wakeup(&store).await;
    assert_eq!(woken.at, at(0));
    assert!(woken.version > later.version);
    store
        .put_off(&[Wakeup {
            at: at(900),
            ..first
        }])
        .await
        .unwrap();
    assert_eq!(wakeup(&store).await, woken, "its version moved since");

    // Keys that are given back do so too, though their row is settled without a task force being named.
    store
        .put_off(&[Wakeup {
            at: at(900),
            ..woken
        }])
        .await
        .unwrap();
    let row = claimed(&store, at(0)).await;
    let reason = "no longer true".to_owned();
    let withdrawn = Settled::Withdrawn { reason };
    store.settle(row.lease, &withdrawn, at(5)).await.unwrap();
    assert_eq!(wakeup(&store).await.at, at(5));

    let again = wakeup(&store).await;
    store
        .put_off(&[Wakeup {
            at: at(900),
            ..again
        }])
        .await
        .unwrap();
    let all = Changes {
        wake_all: true,
        now: at(7),
        ..Changes::default()
    };
    commit(&store, all).await;
    assert_eq!(wakeup(&store).await.at, at(7));
}

pub async fn wakeups_come_a_page_at_a_time_soonest_first(home: Home) {
    let store = home.open().await;
    for (number, id) in ["e", "d", "c", "b", "a"].into_iter().enumerate() {
        let changes = Changes {
            task_force: Some(id.into()),
            routes: Some(routes(&[(RouteKind::Title, id)])),
            now: at(i64::try_from(number / 2).unwrap()),
            ..Changes::default()
        };
        commit(&store, changes).await;
    }
    let mut seen = Vec::new();
    let mut behind = None;
    loop {
        let page = store.wakeups(at(60), behind.as_ref(), 2).await.unwrap();
        seen.extend(page.iter().map(|wakeup| wakeup.task_force.to_string()));
        match page.into_iter().nth(1) {
            Some(last) => behind = Some(last),
            None => break,
        }
    }
    assert_eq!(seen, ["d", "e", "b", "c", "a"]);
}
