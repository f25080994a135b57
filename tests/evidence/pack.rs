//! The program packs the files of a ledger, reads them back against it, and says of each what became of it.

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::{Command, Output};

use duban::ledger::{Act, FileId, Text};
use duban::plan::Hash;
use duban::rehearsal::Post;
use duban::store::Store;
use zip::ZipArchive;

use crate::desk::{Desk, rushan};

struct Packing {
    desk: Desk,
    folder: tempfile::TempDir,
    url: String,
}

/// A file of a zip: its name and content.
type Packed = (String, Vec<u8>);

impl Packing {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("duban.db").display());
        let desk = Desk::over(Store::open(&url).await.unwrap()).await;
        Self { desk, folder, url }
    }

    fn export(&self, name: &str, more: &[&str]) -> Output {
        let any = self.desk.shelf.path(&rushan(), Hash::of(b""));
        let shelf = any.parent().unwrap().parent().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        command.args(["export", "--database-url", &self.url]);
        command.arg("--evidence-dir").arg(shelf);
        command.arg("--evidence").arg(self.folder.path().join(name));
        command.args(more).output().unwrap()
    }

    fn zip(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    fn place(&self, content: &[u8]) -> std::path::PathBuf {
        self.desk.shelf.path(&rushan(), Hash::of(content))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn packed(zip: Vec<u8>) -> Vec<Packed> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let all = (0..archive.len()).map(|at| {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let safe = file.enclosed_name().unwrap();
        assert_eq!(safe, Path::new(&name), "it leads nowhere");
        assert_eq!(file.last_modified(), Some(zip::DateTime::DEFAULT));
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        (name, content)
    });
    all.collect()
}

fn names(files: &[Packed]) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

/// The rows of the index with these columns, joined.
fn index(files: &[Packed], columns: &[&str]) -> Vec<String> {
    let (name, content) = &files[0];
    assert_eq!(name, "index.csv");
    let text = std::str::from_utf8(content).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.ends_with("\r\n"));
    let mut rows = text.trim_end().split("\r\n");
    let header: Vec<&str> = rows.next().unwrap().split(',').collect();
    let at = |key: &&str| header.iter().position(|column| column == key).unwrap();
    let wanted: Vec<usize> = columns.iter().map(at).collect();
    let row = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells.len(), header.len(), "{row}");
        let cells: Vec<&str> = wanted.iter().map(|at| cells[*at]).collect();
        cells.join(" ")
    };
    rows.map(row).collect()
}

#[tokio::test]
async fn all_files_are_packed_with_an_index_and_twice_to_the_same_bytes() {
    let mut packing = Packing::open().await;
    let large = vec![7; 90_000];
    let desk = &mut packing.desk;
    let files = vec![
        desk.sent(Post::document("验收单.pdf", b"accepted")),
        desk.sent(Post::photo(&*large)),
    ];
    let answer = desk.answer(files).await;
    let closure = Act::ClosureProposed {
        task: "6-1".into(),
        words: None,
        evidence: vec![desk.sent(Post::document("验收单.pdf", b"accepted"))],
    };
    let closure = desk.append(closure).await;
    desk.fetch_all().await;
    // The index says of which moment it is: the same moment, the same bytes.
    for name in ["a.zip", "b.zip"] {
        let output = packing.export(name, &["--at", "2026-11-24"]);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(said(&output), "");
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(
            stdout.starts_with("佐证材料 3 件，全部在包内\n已写入 "),
            "{stdout}"
        );
    }
    assert!(
        packing.zip("a.zip") == packing.zip("b.zip"),
        "twice not the same"
    );
    let files = packed(packing.zip("a.zip"));
    let paths = [
        format!("6-1/{answer}-1-验收单.pdf"),
        format!("6-1/{answer}-2-照片.jpg"),
        format!("6-1/{closure}-1-验收单.pdf"),
    ];
    assert_eq!(names(&files)[1..], paths);
    assert_eq!(files[1].1, b"accepted");
    assert_eq!(files[2].1, large);
    let hash = Hash::of(b"accepted");
    let rows = index(
        &files,
        &[
            "seq", "file", "kind", "label", "filed_by", "size", "sha256", "path", "state",
        ],
    );
    assert_eq!(
        rows[2],
        format!("{closure} 1 closure 6-1 李俊卿 8 {hash} {} kept", paths[2])
    );
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn names_lead_nowhere_and_equal_ones_stay_apart() {
    let mut packing = Packing::open().await;
    let desk = &mut packing.desk;
    let mut files = vec![
        desk.sent(Post::document("a.pdf", b"one")),
        desk.sent(Post::document("a.pdf", b"two")),
        desk.sent(Post::document("a.pdf", b"three")),
        desk.sent(Post::document("a.pdf", b"four")),
    ];
    for (file, name) in files[2..].iter_mut().zip(["../../x", "=1+1.pdf"]) {
        file.name = Some(Text::new(name, [3; 16]));
    }
    let seq = desk.answer(files).await;
    desk.fetch_all().await;
    assert!(packing.export("a.zip", &[]).status.success());
    let files = packed(packing.zip("a.zip"));
    let paths = ["1-a.pdf", "2-a.pdf", "3-_.._x", "4-=1+1.pdf"];
    assert_eq!(
        names(&files)[1..],
        paths.map(|path| format!("6-1/{seq}-{path}"))
    );
    let given = index(&files, &["name"]);
    assert_eq!(given, ["a.pdf", "a.pdf", "../../x", "\"'=1+1.pdf\""]);
}

#[tokio::test]
async fn a_damaged_and_a_missing_file_are_named_and_the_rest_is_packed() {
    let mut packing = Packing::open().await;
    let desk = &mut packing.desk;
    let contents: [&[u8]; 3] = [b"whole", b"damaged", b"missing"];
    let files = contents.map(|content| desk.sent(Post::document("a.pdf", content)));
    let seq = desk.answer(files.into()).await;
    desk.fetch_all().await;
    std::fs::write(packing.place(b"damaged"), "damagee").unwrap();
    std::fs::remove_file(packing.place(b"missing")).unwrap();
    let output = packing.export("a.zip", &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = [(2, "damaged"), (3, "missing")].map(|(file, state)| {
        let place = packing.place(state.as_bytes());
        let place = place.display();
        format!("duban: file {file} of entry {seq} is {state}: {place}\n")
    });
    assert_eq!(said(&output), lines.concat());
    let files = packed(packing.zip("a.zip"));
    assert_eq!(
        names(&files),
        ["index.csv".to_owned(), format!("6-1/{seq}-1-a.pdf")]
    );
    let states = index(&files, &["file", "path", "state"]);
    assert_eq!(states[0], format!("1 6-1/{seq}-1-a.pdf kept"));
    assert_eq!(states[1..], ["2  damaged", "3  missing"]);
}

#[tokio::test]
async fn what_is_not_kept_waits_or_was_redacted_stands_in_the_index_alone() {
    let mut packing = Packing::open().await;
    let desk = &mut packing.desk;
    let large = vec![desk.sent(Post::document("a.pdf", vec![1; 100_001]))];
    desk.answer(large).await;
    desk.fetch_all().await;
    let waits = vec![desk.sent(Post::document("b.pdf", b"waits"))];
    desk.answer(waits).await;
    // Blank ids are what redaction leaves.
    let mut blank = desk.sent(Post::document("c.pdf", b"redacted"));
    let id = Text::new("gone", [4; 16]);
    let hash = serde_json::to_value(&id).unwrap();
    blank.file_id = FileId::Apart(serde_json::from_value(hash).unwrap());
    desk.answer(vec![blank]).await;
    let output = packing.export("a.zip", &[]);
    assert!(output.status.success(), "{}", said(&output));
    let files = packed(packing.zip("a.zip"));
    assert_eq!(names(&files), ["index.csv"]);
    let rows = index(&files, &["state", "why", "sha256"]);
    assert_eq!(rows, ["not_kept too_large ", "waiting  ", "redacted  "]);
}

#[tokio::test]
async fn one_measure_or_some_days_alone_and_never_over_a_file() {
    let mut packing = Packing::open().await;
    let desk = &mut packing.desk;
    let files = vec![desk.sent(Post::document("a.pdf", b"one"))];
    desk.answer(files).await;
    desk.fetch_all().await;
    for (name, scope, count) in [
        ("a.zip", &["--measure", "6"][..], 2),
        ("b.zip", &["--measure", "7"], 1),
        ("c.zip", &["--to", "2026-11-22"], 1),
        ("d.zip", &["--from", "2026-11-23"], 2),
    ] {
        let output = packing.export(name, scope);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(packed(packing.zip(name)).len(), count, "{scope:?}");
    }
    let before = packing.zip("a.zip");
    let refused = packing.export("a.zip", &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("a.zip is there already; name another"));
    assert!(packing.zip("a.zip") == before, "the file is another");
    let left = std::fs::read_dir(packing.folder.path()).unwrap();
    let drafts = left.filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".draft-")
    });
    assert_eq!(drafts.count(), 0);
    let both = packing.export("e.zip", &["--format", "csv"]);
    assert_eq!(both.status.code(), Some(2), "a zip has no format");
}
