//! Files come in beside everything else: once each, tried again as long as it makes sense, and what became of them is on record.

use chrono::TimeDelta;
use duban::ledger::{Act, Fetched, FileId, FileRef, NotKept};
use duban::plan::Hash;
use duban::rehearsal::{Fault, Post};

use crate::desk::{Desk, MOST, rushan};

/// The name under which the stand-in knows downloads.
const DOWNLOAD: &str = "file";

fn file(seq: u64, index: usize) -> FileRef {
    FileRef { seq, index }
}

fn kept(content: &[u8]) -> Fetched {
    Fetched::Kept {
        sha256: Hash::of(content),
        size: content.len() as u64,
    }
}

fn pdf(content: &[u8]) -> Post {
    Post::document("验收单.pdf", content)
}

#[tokio::test]
async fn files_of_answers_and_closure_requests_are_kept_under_their_hash() {
    let mut desk = Desk::open().await;
    let large = vec![7; 90_000];
    let files = vec![desk.sent(pdf(b"accepted")), desk.sent(Post::photo(&*large))];
    let answer = desk.answer(files).await;
    let closure = Act::ClosureProposed {
        task: "6-1".into(),
        words: None,
        evidence: vec![desk.sent(pdf(b"accepted"))],
    };
    let closure = desk.append(closure).await;
    assert_eq!(desk.fetch_all().await, None);
    let told = [
        (file(answer, 0), kept(b"accepted")),
        (file(answer, 1), kept(&large)),
        (file(closure, 0), kept(b"accepted")),
    ];
    assert_eq!(desk.told().await, told);
    let mut names = [Hash::of(b"accepted"), Hash::of(&large)].map(|hash| hash.to_string());
    names.sort();
    assert_eq!(desk.on_disk(), names, "the same content is one file");
    let path = desk.shelf.path(&rushan(), Hash::of(&large));
    assert_eq!(std::fs::read(path).unwrap(), large);
    assert_eq!(desk.world.violations(), []);
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_asked_for_and_on_record() {
    let mut desk = Desk::open().await;
    let mut files = vec![desk.sent(pdf(&vec![1; 100_001]))];
    let seq = desk.answer(files.clone()).await;
    desk.fetch_all().await;
    assert_eq!(desk.calls("getFile"), 0, "its size was known");
    // Unknown until Telegram is asked.
    files[0].size = None;
    let unknown = desk.answer(files).await;
    desk.fetch_all().await;
    assert_eq!(desk.calls("getFile"), 1);
    let large = Fetched::Not(NotKept::TooLarge);
    assert_eq!(
        desk.told().await,
        [(file(seq, 0), large), (file(unknown, 0), large)]
    );
    assert_eq!(desk.on_disk(), [""; 0]);
}

#[tokio::test]
async fn what_telegram_hands_out_to_nobody_is_too_large_whatever_the_setting_says() {
    let mut desk = Desk::open().await;
    desk.restart(Some(50 * 1024 * 1024)).await;
    let mut files = vec![desk.sent(pdf(&vec![1; 20 * 1024 * 1024 + 1]))];
    files[0].size = None;
    let seq = desk.answer(files).await;
    desk.fetch_all().await;
    let told = desk.told().await;
    assert_eq!(told, [(file(seq, 0), Fetched::Not(NotKept::TooLarge))]);
}

#[tokio::test]
async fn a_file_that_comes_in_part_is_fetched_again_and_leaves_nothing_half() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(&[5; 50_000]))]).await;
    for (fault, wait) in [
        (Fault::HalfBody, 30),
        (Fault::EmptyBody, 60),
        (Fault::ProcessThenClose, 120),
        (Fault::Html502, 240),
    ] {
        desk.world.fault(DOWNLOAD, 1, fault);
        let next = desk.fetch_all().await.unwrap();
        assert_eq!(
            next - desk.clock.now(),
            TimeDelta::seconds(wait),
            "{fault:?}"
        );
        assert_eq!(desk.on_disk(), [""; 0], "{fault:?}");
        assert_eq!(desk.told().await, [], "{fault:?}");
        desk.clock.set(next);
    }
    desk.fetch_all().await;
    assert_eq!(desk.told().await, [(file(seq, 0), kept(&[5; 50_000]))]);
}

#[tokio::test]
async fn a_flood_limit_is_obeyed_for_all_files() {
    let mut desk = Desk::open().await;
    let files = vec![desk.sent(pdf(b"one")), desk.sent(pdf(b"two"))];
    desk.answer(files).await;
    desk.world.fault("getFile", 1, Fault::TooManyRequests(40));
    let next = desk.fetch_all().await.unwrap();
    assert_eq!(next - desk.clock.now(), TimeDelta::seconds(40));
    assert_eq!(desk.calls("getFile"), 1);
    desk.wait(TimeDelta::seconds(39));
    desk.fetch_all().await;
    assert_eq!(desk.calls("getFile"), 1, "not one second early");
    desk.wait(TimeDelta::seconds(1));
    assert_eq!(desk.fetch_all().await, None);
    assert_eq!(desk.told().await.len(), 2);
}

#[tokio::test]
async fn a_file_that_is_gone_is_tried_five_times_and_holds_up_no_other() {
    let mut desk = Desk::open().await;
    let mut gone = desk.sent(pdf(b"gone"));
    gone.file_id = FileId::new("BQACAgUAAxdeleted", [4; 16]);
    let seq = desk.answer(vec![gone, desk.sent(pdf(b"there"))]).await;
    let mut tries = 0;
    while let Some(next) = desk.fetch_all().await {
        assert_eq!(desk.told().await, [(file(seq, 1), kept(b"there"))]);
        tries += 1;
        assert!(tries < 10);
        desk.clock.set(next);
    }
    let gone = (file(seq, 0), Fetched::Not(NotKept::Gone));
    assert_eq!(desk.told().await, [(file(seq, 1), kept(b"there")), gone]);
    assert_eq!(desk.calls("getFile"), 6);
    desk.restart(Some(MOST)).await;
    desk.wait(TimeDelta::days(30));
    assert_eq!(desk.fetch_all().await, None);
    assert_eq!(desk.calls("getFile"), 6, "never again");
}

#[tokio::test]
async fn a_file_that_never_comes_through_is_given_up_after_days() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(b"cut"))]).await;
    let began = desk.clock.now();
    desk.world.fault(DOWNLOAD, 1000, Fault::HalfBody);
    while let Some(next) = desk.fetch_all().await {
        assert!(next - desk.clock.now() <= TimeDelta::hours(1));
        desk.clock.set(next);
    }
    let told = desk.told().await;
    assert_eq!(told, [(file(seq, 0), Fetched::Not(NotKept::Unreachable))]);
    let days = (desk.clock.now() - began).num_days();
    assert!((3..6).contains(&days), "{days}");
}

#[tokio::test]
async fn a_kill_between_file_and_entry_is_repaired_by_fetching_again() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(b"content"))]).await;
    let mut draft = desk.shelf.begin(&rushan()).unwrap();
    draft.write(b"content").unwrap();
    draft.keep().unwrap();
    desk.restart(Some(MOST)).await;
    assert_eq!(desk.fetch_all().await, None);
    assert_eq!(desk.told().await, [(file(seq, 0), kept(b"content"))]);
    assert_eq!(desk.on_disk(), [Hash::of(b"content").to_string()]);
}

#[tokio::test]
async fn two_instances_put_one_entry_and_one_file() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(b"content"))]).await;
    assert_eq!(desk.fetch_all().await, None);
    let (id, other) = (rushan(), desk.service.clone());
    let again = other.note_file(&id, file(seq, 0), kept(b"content")).await;
    assert!(again.unwrap(), "the content is in use");
    assert_eq!(desk.told().await.len(), 1);
}

#[tokio::test]
async fn with_the_setting_off_nothing_is_fetched_and_later_everything() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(b"content"))]).await;
    desk.restart(None).await;
    assert_eq!(desk.fetch_all().await, None);
    assert_eq!((desk.told().await, desk.calls("getFile")), (Vec::new(), 0));
    desk.restart(Some(MOST)).await;
    desk.fetch_all().await;
    assert_eq!(desk.told().await, [(file(seq, 0), kept(b"content"))]);
}

#[tokio::test]
async fn a_disk_that_takes_nothing_loses_nothing() {
    let mut desk = Desk::open().await;
    let seq = desk.answer(vec![desk.sent(pdf(b"content"))]).await;
    // A file stands where the folder should be.
    let path = desk.shelf.path(&rushan(), Hash::of(b""));
    let folder = path.parent().unwrap();
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    std::fs::write(folder, "in the way").unwrap();
    let next = desk.fetch_all().await.unwrap();
    assert_eq!(next - desk.clock.now(), TimeDelta::seconds(5));
    assert_eq!(desk.told().await, []);
    std::fs::remove_file(folder).unwrap();
    desk.clock.set(next);
    assert_eq!(desk.fetch_all().await, None);
    assert_eq!(desk.told().await, [(file(seq, 0), kept(b"content"))]);
}
