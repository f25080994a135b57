//! Documents: one snapshot of the ledger as files. The same snapshot gives the same bytes: no time of making, no random id.

pub mod bulletin;
mod calendar;
pub mod evidence;
pub mod machine;
pub mod table;
pub mod tables;
#[cfg(test)]
mod tests;
pub mod workbook;

use chrono::{DateTime, Utc};

use super::command::slash;
use super::{Html, Message, item};
use crate::calendar as days;
use crate::conversation::command::Command;
use crate::conversation::document::{Document, DocumentSay};
use crate::digest::{LookBack, Pack, Scope, Stamp};
use crate::ledger::{Frame, Light};

/// Telegram percent-decodes file names, and the others no file system takes.
const NOT_IN_NAMES: [char; 11] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|', '%', '\n'];

/// Numbers of entries in a row before the rest is counted, in characters.
const MOST_NUMBERS: usize = 30;

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Unmade {
    /// More rows than a sheet takes.
    #[error("{0} rows are more than a sheet takes")]
    TooManyRows(usize),
    /// The report.
    #[error("the report could not be packed: {0}")]
    Bulletin(String),
    /// The workbook.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A picture.
    #[error("the picture could not be drawn: {0}")]
    Picture(String),
}

/// Every message of this slice.
pub fn say(say: &DocumentSay) -> Message {
    match say {
        DocumentSay::UnknownMeasure(typed) => plain(format!(
            "没有“{typed}”这项举措。导出全部请发 /export，只导一项请写举措号，例如 /export 6"
        )),
        DocumentSay::WhichMeasure => plain(format!(
            "请写举措号，例如 {chart} 6；总体目标请写其中一项，例如 {chart} 总1",
            chart = slash(Command::Chart)
        )),
        DocumentSay::NoSuchMeasure(typed) => plain(format!(
            "没有“{typed}”这项举措。请写举措号，例如 {} 6",
            slash(Command::Chart)
        )),
        DocumentSay::SeveralMeasures(typed) => plain(format!(
            "“{typed}”涉及几项举措。请写举措号，例如 {} 6",
            slash(Command::Chart)
        )),
        DocumentSay::WhichDigest { command, typed } => plain(format!(
            "“{typed}”不是期号。截至现在的请不写期号，某一期的请写期号，例如 {} 16{}",
            slash(*command),
            of_a_measure(*command)
        )),
        DocumentSay::NoSuchDigest {
            command,
            number,
            newest,
        } => {
            let newest = match newest {
                Some(newest) => format!("最新一期是第{newest}期"),
                None => "还没有发过周报".to_owned(),
            };
            let rest = of_a_measure(*command);
            let end = if rest.is_empty() { "。" } else { &rest };
            plain(format!("没有第{number}期周报，{newest}{end}"))
        }
        DocumentSay::NoDeadlines { all } => {
            let rest = match all {
                true => "查看全部事项的时限请发 /calendar 全部",
                false => "各项进度请用 /status 查看。",
            };
            plain(format!("您名下没有带时限的在办事项。{rest}"))
        }
    }
}

/// What may be meant by a number behind `/board`.
fn of_a_measure(command: Command) -> String {
    if command != Command::Board {
        return String::new();
    }
    format!("。一项举措的进度曲线请发 {} 6", slash(Command::Chart))
}

/// What part of the ledger a document takes.
pub fn scope_of(document: &Document) -> Scope {
    match document {
        Document::Workbook { measure } => Scope {
            measure: measure.clone(),
            ..Scope::default()
        },
        Document::Bulletin
        | Document::Board
        | Document::Chart { .. }
        | Document::Calendar { .. }
        | Document::Tables
        | Document::EvidenceIndex => Scope::default(),
    }
}

/// What a document shows of the weeks before its moment.
pub fn looks_back(document: &Document) -> LookBack {
    match document {
        Document::Board | Document::Bulletin => LookBack::Lights,
        Document::Chart { measure } => LookBack::Tasks(measure.clone()),
        Document::Workbook { .. }
        | Document::Calendar { .. }
        | Document::Tables
        | Document::EvidenceIndex => LookBack::Nothing,
    }
}

/// The bytes of a document; `board`: the picture of the same moment, for the report.
///
/// # Errors
/// It is larger than its form takes, or cannot be written.
pub fn content(
    pack: &Pack<'_>,
    document: &Document,
    board: Option<&bulletin::Picture>,
) -> Result<Vec<u8>, Unmade> {
    match document {
        Document::Workbook { .. } => workbook::workbook(pack, &mut || ()),
        Document::Bulletin => bulletin::bulletin(pack, board),
        // They may have several sheets and need the weeks before: `picture` draws them.
        Document::Board | Document::Chart { .. } => {
            Err(Unmade::Picture("pictures are no single file".to_owned()))
        }
        Document::Calendar { person } => Ok(calendar::calendar(pack, person.as_ref()).into_bytes()),
        Document::Tables => Ok(machine::all_lines(pack).into_bytes()),
        Document::EvidenceIndex => Ok(evidence::told_index(pack).into_bytes()),
    }
}

/// What a document is called under its file name in the chat.
pub fn caption(frame: &Frame, stamp: &Stamp, document: &Document) -> String {
    let of = match document {
        Document::Chart { .. } => part(frame, document),
        Document::Workbook { .. }
        | Document::Bulletin
        | Document::Board
        | Document::Calendar { .. }
        | Document::Tables
        | Document::EvidenceIndex => String::new(),
    };
    let html = Html::new()
        .text(title_of(frame, name(document)))
        .text(of)
        .line()
        .text(stamp_line(stamp));
    let hint = match document {
        Document::Tables => "供其他系统读取的全部表格。",
        Document::EvidenceIndex => "文件本身在主机上用 duban export --evidence 打包导出。",
        Document::Workbook { .. }
        | Document::Bulletin
        | Document::Board
        | Document::Chart { .. }
        | Document::Calendar { .. } => return html.into(),
    };
    html.line().text(hint).into()
}

/// A document is larger than Telegram takes.
pub fn too_large(document: &Document, bytes: usize, most: usize) -> Message {
    plain(format!(
        "{}有 {}，超过 Telegram 单个文件 {} 的上限，没有发送。请{}。",
        name(document),
        megabytes(bytes),
        megabytes(most),
        otherwise(document),
    ))
}

/// How a document is had that the chat does not take.
fn otherwise(document: &Document) -> String {
    let on_the_host = format!("在主机上用 {} 导出", command(document));
    match document {
        Document::Workbook { measure: None } => {
            format!("按举措分开导出（/export 6），或{on_the_host}")
        }
        Document::Calendar { person: None } => {
            format!("各自导出自己的（/calendar），或{on_the_host}")
        }
        Document::Workbook { measure: Some(_) }
        | Document::Bulletin
        | Document::Board
        | Document::Chart { .. }
        | Document::Calendar { person: Some(_) }
        | Document::Tables
        | Document::EvidenceIndex => on_the_host,
    }
}

/// What makes it on the host.
fn command(document: &Document) -> &'static str {
    match document {
        Document::Workbook { .. } => "duban export",
        Document::Bulletin => "duban bulletin",
        Document::Board => "duban board",
        Document::Chart { .. } => "duban chart",
        Document::Calendar { .. } => "duban calendar",
        Document::Tables => "duban export --format jsonl",
        Document::EvidenceIndex => "duban export --evidence",
    }
}

/// A document could not be made for a mistake of ours.
pub fn broken(document: &Document) -> Message {
    plain(format!(
        "{}没有生成成功，请稍后再试。若仍不行，请在主机上用 {} 导出。",
        name(document),
        command(document)
    ))
}

/// A document could not be made.
pub fn unmade(document: &Document, why: &Unmade) -> Message {
    plain(match why {
        Unmade::TooManyRows(rows) => format!(
            "{}有 {rows} 行，超过 Excel 一张表的上限，没有生成。请按举措分开导出（/export 6），或在主机上用 duban export --format csv 导出。",
            name(document)
        ),
        Unmade::Workbook(_) | Unmade::Bulletin(_) | Unmade::Picture(_) => return broken(document),
    })
}

/// 台账（截至2026-11-27）.xlsx, with the task force before it.
pub fn file_name(frame: &Frame, stamp: &Stamp, document: &Document) -> String {
    let ending = match document {
        Document::Workbook { .. } => "xlsx",
        Document::Bulletin => "docx",
        Document::Board | Document::Chart { .. } => "png",
        Document::Calendar { .. } => "ics",
        Document::Tables => "jsonl",
        Document::EvidenceIndex => "csv",
    };
    let name = format!("{}{}", name(document), part(frame, document));
    file_called(frame, stamp, &name, ending)
}

/// What the trend is called as a file of its own.
pub fn trend_name(frame: &Frame, stamp: &Stamp) -> String {
    file_called(frame, stamp, "十二周走势", "png")
}

fn file_called(frame: &Frame, stamp: &Stamp, name: &str, ending: &str) -> String {
    let day = days::local(stamp.cut_off_at).format("%Y-%m-%d");
    let name = format!("{}（截至{day}）", title_of(frame, name));
    let clean: String = name
        .chars()
        .map(|c| if NOT_IN_NAMES.contains(&c) { '_' } else { c })
        .collect();
    format!("{clean}.{ending}")
}

/// （举措6）: what part of the ledger it shows; empty for all.
fn part(frame: &Frame, document: &Document) -> String {
    match document {
        Document::Workbook {
            measure: Some(measure),
        }
        | Document::Chart {
            measure: Some(measure),
        } => {
            let number = frame.plan.measure(measure).map(|it| it.number.to_string());
            format!("（举措{}）", number.unwrap_or_default())
        }
        Document::Chart { measure: None } => "（总体目标）".to_owned(),
        Document::Workbook { measure: None }
        | Document::Bulletin
        | Document::Board
        | Document::Calendar { .. }
        | Document::Tables
        | Document::EvidenceIndex => String::new(),
    }
}

/// What a document is called.
fn name(document: &Document) -> &'static str {
    match document {
        Document::Workbook { .. } => "台账",
        Document::Bulletin => "简报",
        Document::Board => "进度看板",
        Document::Chart { .. } => "进度曲线",
        Document::Calendar { .. } => "时限日程",
        Document::Tables => "台账数据",
        Document::EvidenceIndex => "佐证材料目录",
    }
}

/// 推动设备更新和以旧换新工作专班台账.
fn title_of(frame: &Frame, name: &str) -> String {
    format!("{}{name}", frame.plan.task_force.name)
}

/// 第17期 · 截至2026年11月27日 16:00 · 台账序号1482 · 3f9a1c07d2be: what stands in every footer.
pub fn stamp_line(stamp: &Stamp) -> String {
    let removed = match removal(&stamp.removed_by) {
        Some(removed) => format!(" · {removed}"),
        None => String::new(),
    };
    format!(
        "第{}期{} · 截至{} · 台账序号{} · {}{removed}",
        stamp.number,
        if stamp.posted { "" } else { "（未发）" },
        moment(stamp.cut_off_at),
        stamp.seq,
        stamp.head
    )
}

/// That words of it were removed later, by entries with these seqs: 此后按第14号删除部分文字.
pub fn removal(removed_by: &[u64]) -> Option<String> {
    let numbers: Vec<String> = removed_by.iter().map(|seq| format!("第{seq}号")).collect();
    let numbers = item::some(&numbers, "、", MOST_NUMBERS, "条");
    (!removed_by.is_empty()).then(|| format!("此后按{numbers}删除部分文字"))
}

/// Whether a program could take a text for a formula.
fn is_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The light ground a light's word stands on, red, green and blue.
fn ground(light: Light) -> u32 {
    match light {
        Light::Red => 0xF8_D3_D0,
        Light::Yellow => 0xFD_EB_B8,
        Light::Green => 0xD5_EB_D8,
        Light::Grey => 0xE7_E6_E6,
        Light::Done => 0xC9_E2_F2,
        Light::Frozen => 0xDF_D9_EC,
    }
}

/// On one line, without what is no character of a text.
fn clean(text: &str) -> String {
    let one_line = text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
    one_line.chars().filter(|c| is_text(*c)).collect()
}

/// Whether a character may stand in XML and shows something.
fn is_text(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn moment(at: DateTime<Utc>) -> String {
    days::local(at).format("%Y年%-m月%-d日 %H:%M").to_string()
}

fn megabytes(bytes: usize) -> String {
    let tenths = (bytes * 10).div_ceil(1024 * 1024);
    match tenths % 10 {
        0 => format!("{} MB", tenths / 10),
        rest => format!("{}.{rest} MB", tenths / 10),
    }
}

/// 85 KB, 1.2 MB: how large a file is.
pub fn size(bytes: u64) -> String {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX / 10);
    match bytes < 1024 * 1024 {
        true => format!("{} KB", bytes.div_ceil(1024)),
        false => megabytes(bytes),
    }
}

fn plain(text: String) -> Message {
    Message::text(Html::new().text(text))
}
