//! A new task force in an hour: the commands of that section one after another, through the program itself.

use std::fs;
use std::path::Path;
use std::process::Command;

const PLAN: &str = include_str!("documents/told-in-sentences.txt");

/// Runs the program, which must end well, and gives what it said.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let aside = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {said}\n{aside}"
    );
    said
}

#[test]
fn a_document_is_imported_checked_previewed_rehearsed_and_updated() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("plan.txt"), PLAN).unwrap();
    assert!(run(folder, &["import", "plan.txt"]).contains("草案已写入 config/plans/hewan.toml"));
    assert!(run(folder, &["import", "plan.txt", "--report"]).contains("职责 2 条"));
    assert!(run(folder, &["check"]).contains("检查完毕：没有错误"));
    let preview = ["preview", "--from", "2025-06-01", "--to", "2025-07-31"];
    assert!(run(folder, &preview).contains("钱小东（县住建局）　卡片"));
    assert!(run(folder, &["rehearse", "--once"]).contains("不演示"));

    fs::write(folder.join("newer.txt"), PLAN.replace("120台", "150台")).unwrap();
    let update = [
        "import",
        "newer.txt",
        "--update",
        "config/plans/hewan.toml",
        "--out",
        "newer.toml",
    ];
    assert!(run(folder, &update).contains("目标值：120台 → 150台"));
    fs::rename(
        folder.join("newer.toml"),
        folder.join("config/plans/hewan.toml"),
    )
    .unwrap();
    assert!(run(folder, &["check"]).contains("检查完毕：没有错误"));
}
