//! One event: all of it or nothing.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use duban::ledger::{Act, Head, verify};
use duban::plan::{Hash, PersonId, TaskForceId};
use duban::store::{
    Changes, CommitError, ConversationRow, DigestRow, Lease, NewOutgoing, OutboxState, Settled,
    Store,
};

use crate::home::Home;
use crate::rows::{
    GROUP, LONG_AGO, PRIVATE, answer, at, changes, claim, claimed, commit, digest, entry, ids,
    keyed, monday, pause, report, rushan, send, text, update, with_entry,
};

/// An event that changes everything there is to change.
fn full_event(head: Head) -> (Changes, Head) {
    let mut changes = Changes {
        update_id: Some(1),
        ..changes()
    };
    let next = changes.push_entry(head, entry(1, pause("管材到货晚")));
    let next = changes.push_entry(next, entry(2, Act::Resumed));
    changes.adoptions = vec![(Hash::of(b"plan"), r#"{"plan":"…"}"#.to_owned())];
    changes.conversations = vec![ConversationRow {
        user_id: 9,
        chat: Some(PRIVATE),
        state: Some(r#"{"step":"value"}"#.to_owned()),
        updated_at: at(1),
    }];
    changes.outgoing = vec![
        answer(PRIVATE, "已记录"),
        NewOutgoing {
            thread: Some(77),
            about: "i-6-1,i-6-3".to_owned(),
            notice: Some("{}".to_owned()),
            not_after: Some(at(60)),
            keys: vec!["b".to_owned(), "a".to_owned()],
            ..keyed(GROUP, "b")
        },
    ];
    changes.spent_keys = vec!["spent".to_owned()];
    changes.digests = vec![DigestRow {
        number: 16,
        cut_off_at: at(2),
        body: "第 16 期".to_owned(),
    }];
    changes.facts = vec![("alive_at".to_owned(), Some("now".to_owned()))];
    (changes, next)
}

pub async fn everything_of_an_event_is_there_when_the_program_starts_again(home: Home) {
    let store = home.open().await;
    store.receive(&[update(1, PRIVATE)]).await.unwrap();
    let (event, head) = full_event(Head::default());
    let entries: Vec<_> = event
        .entries
        .iter()
        .map(|(entry, _)| entry.clone())
        .collect();
    let stored: Vec<_> = event
        .entries
        .iter()
        .map(|(_, stored)| stored.clone())
        .collect();
    commit(&store, event.clone()).await;
    drop(store);

    let store = home.open().await;
    let rushan = &rushan();
    assert_eq!(store.take_updates(10, &[]).await.unwrap(), []);
    assert_eq!(
        store.heads().await.unwrap(),
        BTreeMap::from([(rushan.clone(), head)])
    );
    assert_eq!(store.entries_after(rushan, 0).await.unwrap(), entries);
    assert_eq!(store.entries_after(rushan, 1).await.unwrap(), entries[1..]);
    assert_eq!(store.entries_after(rushan, 2).await.unwrap(), []);
    assert_eq!(store.stored_entries(rushan).await.unwrap(), stored);
    assert_eq!(
        store.adoption(Hash::of(b"plan")).await.unwrap().as_deref(),
        Some(r#"{"plan":"…"}"#)
    );
    assert_eq!(store.adoption(Hash::of(b"other")).await.unwrap(), None);
    assert_eq!(
        store.conversation(rushan, 9).await.unwrap().as_ref(),
        Some(&event.conversations[0])
    );
    assert_eq!(store.conversation(rushan, 8).await.unwrap(), None);
    assert_eq!(
        store.keys(rushan, LONG_AGO).await.unwrap(),
        ["a", "b", "spent"]
    );
    let pings = store.pings(rushan, monday()).await.unwrap();
    assert_eq!(pings, [(PersonId::from("lijunqing"), monday())]);
    assert_eq!(
        store
            .pings(rushan, monday().succ_opt().unwrap())
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        store.digest(rushan, 16).await.unwrap().as_ref(),
        Some(&event.digests[0])
    );
    assert_eq!(
        store.fact("alive_at").await.unwrap().as_deref(),
        Some("now")
    );

    let waiting = store.outgoing_in_state(OutboxState::Waiting).await.unwrap();
    assert_eq!(waiting.len(), 2);
    let (first, second) = (&waiting[0], &waiting[1]);
    assert!(first.id < second.id);
    assert_eq!(first.message, event.outgoing[0]);
    assert_eq!(first.task_force.as_ref(), Some(rushan));
    assert_eq!(
        (first.attempts, first.maybe_sent, first.created_at),
        (0, false, at(0))
    );
    let mut expected = event.outgoing[1].clone();
    expected.keys.sort();
    assert_eq!(second.message, expected);
    assert_eq!(
        store.outgoing(second.id).await.unwrap().as_ref(),
        Some(second)
    );
    assert_eq!(store.outgoing(second.id + 1).await.unwrap(), None);
}

/// What an event could have left behind, in one value.
async fn everything(store: &Store) -> String {
    let rushan = &rushan();
    format!(
        "{:?}",
        (
            store.heads().await.unwrap(),
            store.entries_after(rushan, 0).await.unwrap(),
            store.adoption(Hash::of(b"plan")).await.unwrap(),
            store.conversations(rushan).await.unwrap(),
            store.keys(rushan, LONG_AGO).await.unwrap(),
            store.pings(rushan, monday()).await.unwrap(),
            store.digest_versions(rushan, 16).await.unwrap(),
            store.facts("").await.unwrap(),
            store.outgoing_in_state(OutboxState::Waiting).await.unwrap(),
        )
    )
}

pub async fn one_bad_event_in_a_group_leaves_the_others_alone(home: Home) {
    let store = home.open().await;
    store
        .receive(&[update(1, PRIVATE), update(2, 5)])
        .await
        .unwrap();
    send(&store, [keyed(GROUP, "taken"), digest(5, "no outcome")]).await;
    let digest_row = claimed_digest(&store).await;
    let before = everything(&store).await;

    let (mut head_moved, _) = full_event(Head {
        seq: 7,
        hash: [0; 32],
    });
    head_moved.entries.truncate(1);
    let (mut no_expectation, _) = full_event(Head::default());
    no_expectation.expected = None;
    let (mut gap, _) = full_event(Head::default());
    gap.entries.remove(0);
    let (mut key_taken, _) = full_event(Head::default());
    key_taken.outgoing.push(keyed(GROUP, "taken"));
    let (mut key_twice, _) = full_event(Head::default());
    key_twice.outgoing.push(keyed(GROUP, "spent"));
    let (mut update_done, _) = full_event(Head::default());
    update_done.update_id = Some(99);
    let (mut lease_lost, _) = full_event(Head::default());
    lease_lost.settled = vec![(
        Lease {
            row: digest_row,
            number: 9,
        },
        Settled::Sent { message_id: None },
    )];
    let (mut decided, _) = full_event(Head::default());
    decided.decide_unknown = vec![(digest_row, true)];
    let (mut nobody, _) = full_event(Head::default());
    nobody.task_force = None;

    let bad = vec![
        head_moved,
        no_expectation,
        gap,
        key_taken,
        key_twice,
        update_done,
        lease_lost,
        decided,
        nobody,
    ];
    let results = store.commit(bad.clone()).await.unwrap();
    let said: Vec<String> = results
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .collect();
    let expected = [
        "another writer moved the ledger's head".to_owned(),
        "another writer moved the ledger's head".to_owned(),
        "another writer moved the ledger's head".to_owned(),
        "the notice key taken is taken".to_owned(),
        "the notice key spent is taken".to_owned(),
        "the update was done already".to_owned(),
        "the outbox row's lease was lost".to_owned(),
        format!("outbox row {digest_row} waits for no decision"),
        "changes to a task force's rows name no task force".to_owned(),
    ];
    assert_eq!(said, expected);
    assert_eq!(
        everything(&store).await,
        before,
        "nothing of the bad events is there"
    );

    let (good, _) = full_event(Head::default());
    let mut group = bad;
    group.insert(4, good);
    group.push(Changes {
        update_id: Some(2),
        ..changes()
    });
    let results = store.commit(group).await.unwrap();
    let done: Vec<usize> = (0..results.len())
        .filter(|index| results[*index].is_ok())
        .collect();
    assert_eq!(done, [4, 10]);
    assert_eq!(store.entries_after(&rushan(), 0).await.unwrap().len(), 2);
    assert_eq!(store.take_updates(10, &[]).await.unwrap(), []);
}

/// Claims the digest and leaves it with its sender.
async fn claimed_digest(store: &Store) -> i64 {
    let skip = store
        .claim(at(0), crate::rows::LONG, &[GROUP], crate::rows::ANY)
        .await
        .unwrap();
    skip.unwrap().id
}

pub async fn writers_at_once_leave_no_gap_in_the_chain(home: Home) {
    const EACH: usize = 10;
    let store = home.open().await;
    let write = |words: &'static str| {
        let store = store.clone();
        async move {
            let mut written = 0;
            let mut moved = 0;
            while written < EACH {
                let head = store
                    .heads()
                    .await
                    .unwrap()
                    .get(&rushan())
                    .copied()
                    .unwrap_or_default();
                let (changes, _) = with_entry(head, pause(words));
                match store.commit(vec![changes]).await.unwrap().remove(0) {
                    Ok(()) => written += 1,
                    Err(CommitError::HeadMoved) => moved += 1,
                    Err(other) => panic!("{other}"),
                }
                tokio::task::yield_now().await;
            }
            moved
        }
    };
    let one = tokio::spawn(write("one"));
    let two = tokio::spawn(write("two"));
    let three = tokio::spawn(write("three"));
    let moved: usize = one.await.unwrap() + two.await.unwrap() + three.await.unwrap();

    let stored = store.stored_entries(&rushan()).await.unwrap();
    assert_eq!(stored.len(), 3 * EACH, "{moved} times the head had moved");
    let chain = stored
        .iter()
        .map(|entry| (entry.seq, entry.body.as_str(), entry.hash));
    assert_eq!(
        verify(chain, &[]).unwrap(),
        store.heads().await.unwrap()[&rushan()]
    );
}

/// Two processes may make different entries for the same place: whoever built on the one that was not committed must not go on.
pub async fn an_entry_on_another_head_with_the_same_number_is_refused(home: Home) {
    let store = home.open().await;
    let (first, head) = with_entry(Head::default(), pause("ours"));
    commit(&store, first).await;
    let (_, theirs) = with_entry(Head::default(), pause("theirs"));
    assert_eq!((head.seq, theirs.seq), (1, 1));
    let (next, _) = with_entry(theirs, pause("next"));
    let only_seen = Changes {
        expected: Some(theirs),
        ..changes()
    };
    for wrong in [next, only_seen] {
        let result = store.commit(vec![wrong]).await.unwrap().remove(0);
        assert!(matches!(result, Err(CommitError::HeadMoved)), "{result:?}");
    }
    let (next, _) = with_entry(head, pause("next"));
    commit(&store, next).await;
}

/// Drives a future for at most so many steps, and drops it where it stands then.
async fn cut<T>(steps: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = steps;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

pub async fn a_commit_cut_off_anywhere_is_there_whole_or_not_at_all(home: Home) {
    let mut head = Head::default();
    let mut cuts = 0;
    for steps in 0.. {
        // As a program that was killed here and started again.
        let store = home.open().await;
        let number = i64::try_from(steps).unwrap();
        store.receive(&[update(number, PRIVATE)]).await.unwrap();
        let (mut event, next) = with_entry(head, pause("停电"));
        event.update_id = Some(number);
        event.outgoing = vec![keyed(GROUP, &format!("key-{steps}"))];
        event.conversations = vec![ConversationRow {
            user_id: number,
            chat: None,
            state: Some("{}".to_owned()),
            updated_at: at(0),
        }];
        let whole = cut(steps, store.commit(vec![event])).await;
        // What the database was told before the cut it may still be doing.
        store.close().await;

        let store = home.open().await;
        let now = store
            .heads()
            .await
            .unwrap()
            .get(&rushan())
            .copied()
            .unwrap_or_default();
        let there = now == next;
        assert!(there || now == head, "cut after {steps} steps");
        let seen = (
            ids(&store.take_updates(10, &[]).await.unwrap()).is_empty(),
            store
                .keys(&rushan(), LONG_AGO)
                .await
                .unwrap()
                .contains(&format!("key-{steps}")),
            store
                .conversation(&rushan(), number)
                .await
                .unwrap()
                .is_some(),
            store
                .entries_after(&rushan(), head.seq)
                .await
                .unwrap()
                .len()
                == 1,
        );
        assert_eq!(
            seen,
            (there, there, there, there),
            "cut after {steps} steps"
        );
        head = now;
        match whole {
            Some(results) => {
                assert!(there && results.unwrap()[0].is_ok());
                break;
            }
            None => cuts += 1,
        }
        if !there {
            store.set_aside(number, "cut off").await.unwrap();
        }
    }
    // A server is waited for at every statement, a file where it is opened and where the disk is.
    let expected = match home {
        Home::Memory(_) => cuts == 0,
        Home::Sqlite(_) => cuts > 0,
        Home::Postgres { .. } => cuts > 3,
    };
    assert!(expected, "{cuts} cuts");
}

pub async fn texts_kept_from_older_entries_are_put_back(home: Home) {
    let store = home.open().await;
    let (first, head) = with_entry(Head::default(), report(Some(text("并网试运行")), None));
    commit(&store, first).await;
    // The next answer keeps what was done, and adds a problem.
    let kept = report(Some(text("并网试运行")), Some(text("接电")));
    let (second, _) = with_entry(head, kept.clone());
    commit(&store, second).await;

    for after in [0, 1] {
        let entries = store.entries_after(&rushan(), after).await.unwrap();
        assert_eq!(entries.last().unwrap().act, kept);
        let words: Vec<_> = entries
            .last()
            .unwrap()
            .act
            .texts()
            .iter()
            .map(|text| text.body())
            .collect();
        assert_eq!(words, [Some("并网试运行"), Some("接电")]);
    }
}

pub async fn words_of_every_kind_come_back_in_their_places(home: Home) {
    let store = home.open().await;
    let words: Vec<String> = (0..300)
        .map(|number| match number % 5 {
            0 => format!("第{number}句\n下一行\r\n{number}\n"),
            1 => format!("\"{number}\", 'x', \\, \\n, $1, {{}}, ]"),
            2 => format!("{number}\u{1}\u{1f}\u{7f}\t\u{85}\u{2028}"),
            3 => format!("🟢{number}👩‍🌾 \u{10FFFF}"),
            _ => format!(" {number} "),
        })
        .collect();
    let mut head = Head::default();
    for said in &words {
        let (event, next) = with_entry(head, report(Some(text(said)), None));
        commit(&store, event).await;
        head = next;
    }
    let entries = store.entries_after(&rushan(), 7).await.unwrap();
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (8..=300).collect::<Vec<_>>());
    let read = entries.iter().flat_map(|entry| entry.act.texts());
    let read: Vec<_> = read.map(|text| text.body()).collect();
    let said: Vec<_> = words[7..].iter().map(|said| Some(said.as_str())).collect();
    assert_eq!(read, said);
}

pub async fn a_text_that_does_not_fit_its_digest_stays_blank(home: Home) {
    let store = home.open().await;
    let (mut forged, head) = with_entry(
        Head::default(),
        report(Some(text("8 座")), Some(text("接电"))),
    );
    forged.texts[0].body = "10 座".to_owned();
    commit(&store, forged).await;
    // And one that is not stored at all, as after redaction.
    let (mut blank, _) = with_entry(head, pause("管材到货晚"));
    blank.texts.clear();
    commit(&store, blank).await;

    let entries = store.entries_after(&rushan(), 0).await.unwrap();
    let words: Vec<_> = entries
        .iter()
        .flat_map(|entry| entry.act.texts())
        .map(|text| text.body())
        .collect();
    assert_eq!(words, [None, Some("接电"), None]);
}

pub async fn task_forces_never_see_each_other(home: Home) {
    let store = home.open().await;
    let (rushan_event, _) = full_event(Head::default());
    store.receive(&[update(1, PRIVATE)]).await.unwrap();
    commit(&store, rushan_event.clone()).await;
    let (mut other_event, _) = full_event(Head::default());
    other_event.update_id = None;
    other_event.task_force = Some(TaskForceId::from("weihai"));
    commit(&store, other_event).await;

    assert_eq!(store.heads().await.unwrap().len(), 2);
    let other = TaskForceId::from("nobody");
    assert_eq!(store.entries_after(&other, 0).await.unwrap(), []);
    assert_eq!(store.stored_entries(&other).await.unwrap(), []);
    assert_eq!(store.conversations(&other).await.unwrap(), []);
    assert_eq!(store.keys(&other, LONG_AGO).await.unwrap(), [""; 0]);
    assert_eq!(store.pings(&other, monday()).await.unwrap(), []);
    assert_eq!(store.digest(&other, 16).await.unwrap(), None);
    assert_eq!(store.keys(&rushan(), LONG_AGO).await.unwrap().len(), 3);
    assert_eq!(store.pings(&rushan(), monday()).await.unwrap().len(), 1);
    assert_eq!(
        store.conversations(&rushan()).await.unwrap(),
        rushan_event.conversations
    );
}

pub async fn keys_are_given_out_once_and_given_back(home: Home) {
    let store = home.open().await;
    send(&store, [keyed(PRIVATE, "2027-12-31/7")]).await;
    let row = store
        .outgoing_in_state(OutboxState::Waiting)
        .await
        .unwrap()
        .remove(0);

    let second = Changes {
        outgoing: vec![keyed(PRIVATE, "2027-12-31/7")],
        ..changes()
    };
    let result = store.commit(vec![second.clone()]).await.unwrap().remove(0);
    assert!(matches!(result, Err(CommitError::KeyTaken(key)) if key == "2027-12-31/7"));

    // One event may withdraw a row and give its keys to a merged one.
    commit(
        &store,
        Changes {
            withdraw: vec![row.id],
            ..second
        },
    )
    .await;
    assert_eq!(
        store.keys(&rushan(), LONG_AGO).await.unwrap(),
        ["2027-12-31/7"]
    );
    assert_eq!(store.pings(&rushan(), monday()).await.unwrap().len(), 1);
    let old = store.outgoing(row.id).await.unwrap().unwrap();
    assert_eq!(
        (old.state, old.message.keys.len(), old.message.pings.len()),
        (OutboxState::Withdrawn, 0, 0)
    );

    let new = claimed(&store, at(0)).await;
    commit(
        &store,
        Changes {
            withdraw: vec![new.id],
            ..changes()
        },
    )
    .await;
    assert_eq!(
        store.keys(&rushan(), LONG_AGO).await.unwrap(),
        ["2027-12-31/7"],
        "a leased row keeps its keys"
    );
    let moot = Settled::Withdrawn {
        reason: "answered meanwhile".to_owned(),
    };
    store.settle(new.lease, &moot, at(0)).await.unwrap();
    assert_eq!(store.keys(&rushan(), LONG_AGO).await.unwrap(), [""; 0]);
    assert_eq!(store.pings(&rushan(), monday()).await.unwrap(), []);
    assert_eq!(claim(&store, at(0)).await, None);

    commit(
        &store,
        Changes {
            spent_keys: vec!["2027-12-31/7".to_owned()],
            ..changes()
        },
    )
    .await;
    let spent = Changes {
        outgoing: vec![keyed(PRIVATE, "2027-12-31/7")],
        ..changes()
    };
    let result = store.commit(vec![spent]).await.unwrap().remove(0);
    assert!(matches!(result, Err(CommitError::KeyTaken(_))));
}
