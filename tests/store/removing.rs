//! Words that are removed: blanked for good in one transaction with everything else that held them, and only as they were seen.

use duban::ledger::{Head, verify};
use duban::store::{
    Changes, CommitError, DigestRow, OutboxRow, OutboxState, Removal, Rewrite, RewrittenDigest,
    Settled, Store,
};

use crate::home::Home;
use crate::rows::{
    GROUP, PRIVATE, answer, at, changes, claimed, commit, digest, pause, report, rushan, send,
    text, update, with_entry,
};

const SECRET: &str = "联系人张三电话一二三四五六";
const MARK: &str = "〔已按规定删除〕";

/// Two entries with the words under one digest, one without; returns the head.
async fn told(store: &Store) -> Head {
    let mut head = Head::default();
    for act in [
        report(Some(text("8 座")), Some(text(SECRET))),
        pause("管材到货晚"),
        report(None, Some(text(SECRET))),
    ] {
        let (changes, next) = with_entry(head, act);
        commit(store, changes).await;
        head = next;
    }
    head
}

async fn words(store: &Store) -> Vec<Option<String>> {
    let entries = store.entries_after(&rushan(), 0).await.unwrap();
    let texts = entries.iter().flat_map(|entry| entry.act.texts());
    texts.map(|text| text.body().map(str::to_owned)).collect()
}

/// Removes the words with an entry that says so.
fn removal(head: Head, removal: Removal) -> Changes {
    let (changes, _) = with_entry(head, pause("含有个人信息"));
    Changes { removal, ..changes }
}

fn texts() -> Vec<String> {
    vec![text(SECRET).sha256().to_owned()]
}

fn rewrite(row: &OutboxRow) -> Rewrite {
    Rewrite {
        lease: row.lease,
        state: row.state,
        body: row.message.body.replace(SECRET, MARK),
    }
}

async fn refused(store: &Store, changes: Changes) -> CommitError {
    let result = store.commit(vec![changes]).await.unwrap().remove(0);
    result.expect_err("it does not fit what is stored")
}

pub async fn removed_words_are_blank_wherever_they_stood_and_the_chain_verifies(home: Home) {
    let store = home.open().await;
    let head = told(&store).await;
    let all = Removal {
        texts: texts(),
        ..Removal::default()
    };
    // Somebody wrote meanwhile: nothing is removed.
    let (other, newer) = with_entry(head, pause("另一件事"));
    commit(&store, other).await;
    let error = refused(&store, removal(head, all.clone())).await;
    assert!(matches!(error, CommitError::HeadMoved), "{error}");
    commit(&store, removal(newer, all.clone())).await;

    let store = home.open().await;
    let eight = Some("8 座".to_owned());
    let left = words(&store).await;
    assert_eq!(
        left[..4],
        [eight, None, Some("管材到货晚".to_owned()), None]
    );
    let stored = store.stored_entries(&rushan()).await.unwrap();
    let chain = stored.iter().map(|it| (it.seq, it.body.as_str(), it.hash));
    let head = verify(chain, &[]).unwrap();
    assert_eq!(head, store.head(&rushan()).await.unwrap());

    // The very same text, from somebody who still had it, does not bring them back; nor are they removed twice.
    let (again, head) = with_entry(head, report(None, Some(text(SECRET))));
    commit(&store, again).await;
    assert_eq!(words(&store).await.last(), Some(&None));
    let error = refused(&store, removal(head, all)).await;
    assert!(matches!(error, CommitError::HeadMoved), "{error}");
}

pub async fn rows_updates_and_digests_lose_removed_words_with_the_act(home: Home) {
    let store = home.open().await;
    let head = told(&store).await;
    store
        .receive(&[update(1, PRIVATE), update(2, PRIVATE), update(3, GROUP)])
        .await
        .unwrap();
    store.set_aside(1, "tried too often").await.unwrap();
    let done = Changes {
        update_id: Some(3),
        digests: vec![DigestRow {
            number: 16,
            cut_off_at: at(0),
            body: SECRET.to_owned(),
        }],
        ..changes()
    };
    commit(&store, done).await;
    send(&store, [answer(PRIVATE, SECRET), digest(GROUP, SECRET)]).await;
    let sent = claimed(&store, at(1)).await;
    let message_id = Some(5);
    let settled = Settled::Sent { message_id };
    store.settle(sent.lease, &settled, at(1)).await.unwrap();

    let rows = store.rows_after(&rushan(), 0, 10).await.unwrap();
    let states: Vec<OutboxState> = rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [OutboxState::Sent, OutboxState::Waiting]);
    assert_eq!(store.rows_after(&rushan(), 1, 1).await.unwrap().len(), 1);
    let updates = store.updates_after(i64::MIN, Some(2), 10).await.unwrap();
    assert_eq!(updates.len(), 3, "those that are over, and the one at hand");
    let keys: Vec<i64> = updates.iter().map(|(key, _)| *key).collect();
    let others = store.updates_after(keys[0], None, 10).await.unwrap();
    assert_eq!(others.len(), 1, "one waits");

    let removed = Removal {
        texts: texts(),
        rows: rows.iter().map(rewrite).collect(),
        digests: vec![RewrittenDigest {
            number: 16,
            version: 1,
            body: MARK.to_owned(),
        }],
        updates: keys,
    };
    commit(&store, removal(head, removed)).await;

    let store = home.open().await;
    for row in store.rows_after(&rushan(), 0, 10).await.unwrap() {
        assert_eq!(row.message.body, MARK);
    }
    let sent = store.outgoing(sent.id).await.unwrap().unwrap();
    assert_eq!((sent.state, sent.message_id), (OutboxState::Sent, Some(5)));
    let kept = store.digest(&rushan(), 16).await.unwrap().unwrap();
    assert_eq!(kept.body, MARK);
    for (_, row) in store.updates_after(i64::MIN, None, 10).await.unwrap() {
        assert_eq!(row.body, "{}", "only that it came is left");
    }
    let failed = store.failed_updates().await.unwrap();
    assert_eq!(failed[0].0.body, "{}");
    assert_eq!(claimed(&store, at(2)).await.message.body, MARK);
}

pub async fn a_row_under_way_goes_out_again_and_its_sender_cannot_settle_it(home: Home) {
    let store = home.open().await;
    let head = told(&store).await;
    send(&store, [answer(PRIVATE, SECRET)]).await;
    let waiting = store.rows_after(&rushan(), 0, 10).await.unwrap().remove(0);
    let under_way = claimed(&store, at(1)).await;
    // It was claimed since it was looked at: it must be looked at again.
    let of = |row: &OutboxRow| Removal {
        texts: texts(),
        rows: vec![rewrite(row)],
        ..Removal::default()
    };
    let error = refused(&store, removal(head, of(&waiting))).await;
    assert!(matches!(error, CommitError::RowMoved(id) if id == waiting.id));
    assert!(words(&store).await.contains(&Some(SECRET.to_owned())));
    commit(&store, removal(head, of(&under_way))).await;

    let back = Settled::Replaced {
        with: Box::new(under_way.message.clone()),
    };
    let sent = Settled::Sent {
        message_id: Some(5),
    };
    for settled in [back, sent] {
        let error = store.settle(under_way.lease, &settled, at(2)).await;
        assert!(matches!(error, Err(CommitError::LeaseLost)), "{error:?}");
    }
    let again = claimed(&store, at(3)).await;
    assert_eq!(again.id, under_way.id);
    assert_eq!(again.message.body, MARK);
    assert!(again.lease.number > under_way.lease.number);
}

/// Everything in the folder, byte for byte.
fn bytes_of(folder: &std::path::Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    let read = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    read.flatten().collect()
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test]
async fn nothing_of_removed_words_is_left_in_the_sqlite_file_or_its_log() {
    let home = Home::sqlite();
    let Home::Sqlite(folder) = &home else {
        panic!("a file")
    };
    let folder = folder.path().join("data");
    let store = home.open().await;
    // Long enough to lie on pages of its own.
    let long = SECRET.repeat(400);
    let (changes, head) = with_entry(Head::default(), report(Some(text(&long)), None));
    commit(&store, changes).await;
    send(&store, [answer(PRIVATE, &long)]).await;
    let words = SECRET.as_bytes();
    let salt = [7; 16];
    let bytes = bytes_of(&folder);
    assert!(holds(&bytes, words) && holds(&bytes, &salt), "as it was");
    let rows = store.rows_after(&rushan(), 0, 10).await.unwrap();
    let rewritten = Rewrite {
        body: MARK.to_owned(),
        ..rewrite(&rows[0])
    };
    let mut last = removal(
        head,
        Removal {
            texts: vec![text(&long).sha256().to_owned()],
            rows: vec![rewritten],
            ..Removal::default()
        },
    );
    // The reason has the test's salt too.
    last.texts.clear();
    commit(&store, last).await;
    let bytes = bytes_of(&folder);
    assert!(!holds(&bytes, words), "the words are left in a file");
    assert!(!holds(&bytes, &salt), "the salt is left in a file");
    assert!(holds(&bytes, MARK.as_bytes()), "and the mark is there");
    store.close().await;
}
