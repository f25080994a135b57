//! What `duban backup` and `duban restore` refuse, and that nothing is lost by it.

use std::fs;

use super::disk::{Disk, cannot_run};
use super::*;

/// A database with one task force, made without Telegram.
fn place_with_database() -> Place {
    let place = Place::sqlite();
    place.done(&["bind", "--person", "wu-yi", "--user-id", "100001"]);
    place
}

fn names(place: &Place) -> Vec<String> {
    names_in(place.dir.path())
}

fn names_in(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    let place = place_with_database();
    fs::write(place.path("mine"), "a letter").unwrap();
    let before = names(&place);
    let said = place.refused(&["backup", "mine"]);
    assert!(said.contains("overwrites nothing"), "{said}");
    assert_eq!(fs::read_to_string(place.path("mine")).unwrap(), "a letter");
    let said = place.refused(&["backup", "no/such/folder/copy.db"]);
    assert!(said.contains("no/such/folder"), "{said}");
    let said = place.refused(&["backup", "copy.db", "--database-url", "sqlite:none.db"]);
    assert!(said.contains("there is no database at none.db"), "{said}");
    assert_eq!(names(&place), before);
}

#[test]
fn a_copy_for_which_there_is_no_room_says_so_and_leaves_nothing() {
    let place = place_with_database();
    let disk = match Disk::mount(&place.path("disk"), 4) {
        Ok(disk) => disk,
        Err(why) => return cannot_run(&format!("no tmpfs could be mounted: {why}")),
    };
    for free in [0, 40, 120] {
        disk.fill_but(free);
        let before = names_in(&place.path("disk"));
        let said = place.refused(&["backup", "disk/copy.db"]);
        assert!(said.contains("there is no room in"), "{said}");
        assert!(said.contains("make room"), "{said}");
        assert_eq!(names_in(&place.path("disk")), before);
        disk.free();
    }
    place.done(&["backup", "disk/copy.db"]);
    disk.fill_but(64);
    let before = names_in(&place.path("disk"));
    let url = format!("sqlite:{}", place.path("disk/duban.db").display());
    let said = place.refused(&["restore", "disk/copy.db", "--database-url", &url]);
    assert!(said.contains("there is no room in"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    // The lock of a database is never removed: whoever waits for it would hold another one.
    let left = names_in(&place.path("disk")).into_iter();
    let left: Vec<String> = left.filter(|name| name != "duban.db.lock").collect();
    assert_eq!(left, before);
}

#[test]
fn only_a_whole_database_of_ours_is_put_back_and_the_old_one_is_kept() {
    let place = place_with_database();
    place.done(&["backup", "copy.db"]);
    let before = fs::read(place.path("duban.db")).unwrap();
    fs::write(
        place.path("letter.db"),
        "not a database, only words".repeat(500),
    )
    .unwrap();
    let said = place.refused(&["restore", "letter.db"]);
    assert!(said.contains("nothing was changed"), "{said}");
    assert!(said.contains("not a duban database"), "{said}");
    let said = place.refused(&["restore", "none.db"]);
    assert!(said.contains("there is no such file"), "{said}");
    // One entry altered: the chain gives it away.
    let copy = fs::read(place.path("copy.db")).unwrap();
    let mark = b"\"act\":\"adopted\"";
    let at = copy.windows(mark.len()).position(|it| it == mark).unwrap();
    let mut altered = copy.clone();
    altered[at + 8] = b'b';
    fs::write(place.path("altered.db"), altered).unwrap();
    let said = place.refused(&["restore", "altered.db"]);
    assert!(said.contains("broken"), "{said}");
    assert_eq!(fs::read(place.path("duban.db")).unwrap(), before);
    place.done(&["restore", "copy.db"]);
    let kept = names(&place);
    let kept = kept.iter().find(|name| name.contains(".before-restore-"));
    let kept = format!("sqlite:{}", kept.unwrap());
    let verified = place.done(&["verify", "--database-url", &kept]);
    assert!(verified.contains("drainage: "), "{verified}");
    assert_eq!(
        fs::read(place.path("copy.db")).unwrap(),
        copy,
        "the backup is left alone"
    );
}

#[test]
fn the_host_decides_where_nobody_of_the_office_can_and_only_once() {
    let place = place_with_database();
    let said = place.refused(&["restore", "--decide", "continue"]);
    assert!(said.contains("waits for no decision"), "{said}");
    place.done(&["backup", "copy.db"]);
    place.done(&["restore", "copy.db"]);
    let said = place.refused(&["bind", "--person", "he-jing", "--user-id", "7"]);
    assert!(said.contains("restore --decide"), "{said}");
    let decide = [
        "restore",
        "--decide",
        "continue",
        "--last-digest",
        "3",
        "--last-entry",
        "40",
    ];
    let said = place.done(&decide);
    assert!(said.contains("周报从第4期、记录从第41号起编"), "{said}");
    let said = place.refused(&decide);
    assert!(said.contains("waits for no decision"), "{said}");
    place.done(&["bind", "--person", "he-jing", "--user-id", "7"]);
    let said = place.done(&["verify"]);
    assert!(said.contains("up to number 42"), "{said}");
    // A dump that was put back by other means is marked by hand.
    let said = place.done(&["restore", "--mark-only"]);
    assert!(said.contains("已标记"), "{said}");
    place.done(&["restore", "--decide", "make-up"]);
}
