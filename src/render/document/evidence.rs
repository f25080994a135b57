//! Evidence (佐证材料): the table that says of each file what it is and what became of it, and what the files of a pack are called.

use super::machine;
use super::table::{Cell, Column, Table, column};
use super::tables::{label, name};
use crate::digest::{FileRow, FileWith, Pack};
use crate::ledger::{Attachment, Fetched, Frame, NotKept};
use crate::render::{REDACTED, naming};

/// The index in the pack.
pub const INDEX: &str = "index.csv";

/// Bytes of a name in the pack: with its folder it must fit into what file systems take.
const MOST_NAME: usize = 120;

/// What Telegram makes of every photo.
const PHOTO: &str = "image/jpeg";

/// Letters of an ending that is kept when a name is cut.
const MOST_ENDING: usize = 10;

const COLUMNS: [Column; 15] = [
    column("seq", "记录号", 7),
    column("file", "第几件", 6),
    column("filed_at", "报送时间", 16),
    column("kind", "类别", 6),
    column("label", "编号", 7),
    column("task_name", "事项", 20),
    column("filed_by", "报送人", 9),
    column("name", "文件名", 20),
    column("type", "类型", 14),
    column("size", "字节数", 10),
    column("sha256", "SHA-256", 35),
    column("fetched_at", "留存时间", 16),
    column("path", "包内路径", 24),
    column("state", "状态", 8),
    column("why", "未留存原因", 10),
];

/// How a file stands: by the ledger alone, or held against the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is there and has the hash of the ledger.
    Kept,
    /// It was kept and is not there.
    Missing,
    /// It is there with another content.
    Damaged,
    /// It is there and the disk does not give it out.
    Unreadable,
    /// Nothing became of it yet.
    Waiting,
    /// It was not kept.
    NotKept(NotKept),
    /// It was redacted.
    Redacted,
}

/// A row of the index.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The file.
    pub row: FileRow<'a>,
    /// How it stands.
    pub state: State,
}

impl State {
    /// As the ledger tells it; `fetched`: what became of the file, none while it waits.
    pub fn told(is_redacted: bool, fetched: Option<Fetched>) -> Self {
        match fetched {
            _ if is_redacted => Self::Redacted,
            None => Self::Waiting,
            Some(Fetched::Kept { .. }) => Self::Kept,
            Some(Fetched::Not(why)) => Self::NotKept(why),
        }
    }

    /// For programs.
    pub fn key(self) -> &'static str {
        self.code().0
    }

    /// For people: 已留存, or 未留存（超过大小上限）.
    pub fn words(self) -> String {
        match self {
            Self::NotKept(why) => format!("{}（{}）", self.code().1, not_kept(why).1),
            Self::Kept
            | Self::Missing
            | Self::Damaged
            | Self::Unreadable
            | Self::Waiting
            | Self::Redacted => self.code().1.to_owned(),
        }
    }

    /// Whether what the ledger says is kept is not.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Missing | Self::Damaged | Self::Unreadable)
    }

    fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Kept => ("kept", "已留存"),
            Self::Missing => ("missing", "丢失"),
            Self::Damaged => ("damaged", "损坏"),
            Self::Unreadable => ("unreadable", "读不出"),
            Self::Waiting => ("waiting", "待下载"),
            Self::NotKept(_) => ("not_kept", "未留存"),
            Self::Redacted => ("redacted", "已删除"),
        }
    }
}

/// All files as the ledger tells of them.
pub(super) fn table<'a>(pack: &Pack<'a>) -> Table<'a> {
    let line = |row: FileRow<'a>| Line {
        row,
        state: State::told(row.is_redacted(), row.fetched.map(|(_, fetched)| fetched)),
    };
    table_of(pack.frame, pack.files().into_iter().map(line).collect())
}

/// The index as the ledger alone tells it, as CSV.
pub(super) fn told_index(pack: &Pack<'_>) -> String {
    let mut text = String::new();
    let put = &mut |piece: &str| text.push_str(piece);
    machine::csv(pack.stamp, table(pack), put, &mut || ());
    text
}

/// Writes the index of a pack as CSV, piece by piece, to `put`: the same table with what was found on the disk.
pub fn index(pack: &Pack<'_>, lines: &[Line<'_>], put: &mut dyn FnMut(&str)) {
    let table = table_of(pack.frame, lines.to_vec());
    machine::csv(pack.stamp, table, put, &mut || ());
}

fn table_of<'a>(frame: &'a Frame, lines: Vec<Line<'a>>) -> Table<'a> {
    let cells = move |line: &Line<'a>| cells(frame, line);
    Table::of("evidence", "佐证材料", &COLUMNS, lines, cells)
}

fn cells(frame: &Frame, line: &Line<'_>) -> Vec<Cell> {
    let Line { row, state } = line;
    let (kind, by) = match row.with {
        FileWith::Answer(filed) => (Cell::Code("answer", "填报"), naming::filed_by(frame, filed)),
        FileWith::Closure(request) => (
            Cell::Code("closure", "办结申请"),
            naming::actor(frame, &request.by),
        ),
    };
    let given = row.attachment.name.as_ref();
    let (sha256, size) = match row.fetched {
        Some((_, Fetched::Kept { sha256, size })) => (Some(sha256), Some(size)),
        Some((_, Fetched::Not(_))) | None => (None, row.attachment.size),
    };
    let (state_key, state_words) = state.code();
    let why = match state {
        State::NotKept(why) => {
            let (key, words) = not_kept(*why);
            Cell::Code(key, words)
        }
        State::Kept
        | State::Missing
        | State::Damaged
        | State::Unreadable
        | State::Waiting
        | State::Redacted => Cell::Empty,
    };
    let path = (*state == State::Kept).then(|| path(frame, row));
    vec![
        Cell::Whole(row.file.seq),
        Cell::Whole(number(row)),
        Cell::Moment(row.at()),
        kind,
        label(frame, row.task),
        name(frame, row.task),
        Cell::Text(by),
        Cell::or_empty(given, |name| Cell::text(name.body().unwrap_or(REDACTED))),
        Cell::text(row.attachment.mime.clone()),
        Cell::or_empty(size, Cell::Whole),
        Cell::or_empty(sha256, |hash| Cell::Text(hash.to_string())),
        Cell::or_empty(row.fetched, |(at, _)| Cell::Moment(at)),
        Cell::or_empty(path, Cell::Text),
        Cell::Code(state_key, state_words),
        why,
    ]
}

fn not_kept(why: NotKept) -> (&'static str, &'static str) {
    match why {
        NotKept::TooLarge => ("too_large", "超过大小上限"),
        NotKept::Gone => ("gone", "原件已失效"),
        NotKept::Unreachable => ("unreachable", "多次下载未成"),
    }
}

/// What a file is called for people: its name; a photo has none.
pub fn called(attachment: &Attachment) -> &str {
    match (&attachment.name, attachment.mime.as_str()) {
        (Some(name), _) => name.body().unwrap_or(REDACTED),
        (None, PHOTO) => "照片",
        (None, _) => "文件",
    }
}

/// Which file of its entry, from 1.
pub fn number(row: &FileRow<'_>) -> u64 {
    row.file.index as u64 + 1
}

/// Where a file lies in the pack: 6-1/128-1-验收单.pdf. The numbers make it the only one of its name.
pub fn path(frame: &Frame, row: &FileRow<'_>) -> String {
    let folder = match label(frame, row.task) {
        Cell::Text(label) => safe(&label),
        _ => String::new(),
    };
    let folder = match folder.is_empty() {
        true => "_".to_owned(),
        false => folder,
    };
    let given = row.attachment.name.as_ref().and_then(|name| name.body());
    let mut called = given.map(safe).unwrap_or_default();
    if called.is_empty() {
        called = match row.attachment.mime.as_str() {
            PHOTO => "照片.jpg".to_owned(),
            _ => "文件".to_owned(),
        };
    }
    format!("{folder}/{}-{}-{called}", row.file.seq, number(row))
}

/// A name that every file system takes, that leads nowhere, and that reads as it is: without signs that turn the direction of writing.
fn safe(name: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let fits = name.chars().filter(|c| !c.is_control() && !turns(*c));
    let clean: String = fits
        .map(|c| {
            if super::NOT_IN_NAMES.contains(&c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    shortened(clean)
}

/// The beginning of a long name, with its ending.
fn shortened(name: &str) -> String {
    if name.len() <= MOST_NAME {
        return name.to_owned();
    }
    let ending = match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= MOST_ENDING => format!(".{ending}"),
        Some(_) | None => String::new(),
    };
    let most = MOST_NAME - ending.len();
    let fits = name
        .char_indices()
        .take_while(|(at, c)| at + c.len_utf8() <= most);
    let mut short: String = fits.map(|(_, c)| c).collect();
    short.push_str(&ending);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_pack_leads_nowhere_and_reads_as_it_is() {
        for (given, name) in [
            ("验收单.pdf", "验收单.pdf"),
            ("../../x", "_.._x"),
            ("..", ""),
            ("C:\\Windows\\a.exe", "C__Windows_a.exe"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("行\r\n二.txt ", "行二.txt"),
        ] {
            assert_eq!(safe(given), name, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_keeps_its_ending() {
        let short = safe(&format!("{}.pdf", "验".repeat(100)));
        assert_eq!(short, format!("{}.pdf", "验".repeat(38)));
        assert!(safe(&"a.".repeat(100)).len() <= MOST_NAME);
    }
}
