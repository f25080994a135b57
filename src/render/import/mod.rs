//! What the importer says: the draft as a plan file, its doubts, and text and result side by side.

mod doubt;
mod file;
mod report;

use crate::import::{Anchor, Draft, RemarkKind, WhyPassed, WhyUnread};

pub use file::plan_file;
pub use report::report;

/// Most lines of one kind that are told; the report has all of them.
const MOST_LINES: usize = 40;

/// What the clerk reads after an import: what was found, what is doubtful, what could not be read.
pub fn summary(draft: &Draft) -> Vec<String> {
    let mut lines = vec![format!(
        "读到：{} 个部分、{} 项举措、{} 项目标、{} 个单位、{} 人。",
        draft.sections.len(),
        draft.measures.len(),
        draft.indicators.len(),
        draft.units.len(),
        draft.members.len()
    )];
    lines.extend(listed(
        "存疑",
        &doubts(draft),
        "已写入草案的 [[doubt]]，请逐条核定",
    ));
    lines.extend(listed("推定", &remarks(draft), "请对照原文看一遍"));
    lines.extend(listed("没有读懂", &unread(draft), "请在草案中自行补上"));
    if !draft.duties.is_empty() {
        lines.extend(listed(
            "职责",
            &duties(draft),
            "方案文件没有这一栏，全文记在草案开头的注释里",
        ));
    }
    lines
}

fn listed(heading: &str, items: &[String], mend: &str) -> Vec<String> {
    if items.is_empty() {
        return vec![format!("{heading}：无。")];
    }
    let shown = items
        .iter()
        .take(MOST_LINES)
        .map(|item| format!("  {item}"));
    let more = items.len().saturating_sub(MOST_LINES);
    let more = (more > 0).then(|| format!("  还有 {more} 条，用 --report 看全部。"));
    std::iter::once(format!("{heading} {} 处（{mend}）：", items.len()))
        .chain(shown)
        .chain(more)
        .collect()
}

fn doubts(draft: &Draft) -> Vec<String> {
    draft
        .doubts
        .iter()
        .map(|it| {
            format!(
                "{} {}{}",
                it.id,
                doubt::question(&it.why),
                at(it.anchor.as_ref())
            )
        })
        .collect()
}

fn remarks(draft: &Draft) -> Vec<String> {
    draft
        .remarks
        .iter()
        .map(|it| format!("{}{}", remark(&it.what), at(it.anchor.as_ref())))
        .collect()
}

fn unread(draft: &Draft) -> Vec<String> {
    draft
        .unread
        .iter()
        .map(|it| format!("{}{}", unread_because(it.why), at(Some(&it.anchor))))
        .collect()
}

/// Duties in full.
fn duties(draft: &Draft) -> Vec<String> {
    draft.duties.iter().map(duty).collect()
}

fn duty(it: &Anchor) -> String {
    format!("{}{}", it.words, place(it))
}

/// Where something stands, without its words.
fn place(anchor: &Anchor) -> String {
    let measure = anchor
        .measure
        .map_or("全文".to_owned(), |measure| format!("第{measure}项"));
    format!("（{measure}第{}—{}字）", anchor.from, anchor.to)
}

/// Where something stands, with its words.
fn at(anchor: Option<&Anchor>) -> String {
    let Some(anchor) = anchor else {
        return String::new();
    };
    let words = anchor.words.replace(['\n', '"'], "");
    match anchor.measure {
        _ if anchor.to == 0 => format!("（“{words}”）"),
        Some(measure) => format!(
            "（第{measure}项第{}—{}字：“{words}”）",
            anchor.from, anchor.to
        ),
        None => format!("（全文第{}—{}字：“{words}”）", anchor.from, anchor.to),
    }
}

fn remark(what: &RemarkKind) -> String {
    match what {
        RemarkKind::Traditional => "原文是繁体字，已按简体读写".to_owned(),
        RemarkKind::Renumbered => "各部分的编号重新从一开始，已按全文顺序连续编号".to_owned(),
        RemarkKind::Skipped { count } => format!("编号前面缺 {count} 个，请看原文是否漏排"),
        RemarkKind::NoSections => "原文没有分部分，草案列为一个部分".to_owned(),
        RemarkKind::TitleCut => "标题是从句子里截取的，请改短".to_owned(),
        RemarkKind::NameCut { id } => format!("{id} 的名称是截取的，请改成一读就懂的短名"),
        RemarkKind::Milestone { id } => format!("{id} 没有数值，按节点管理"),
        RemarkKind::Everywhere { unit } => format!("{unit}按原文的总的规定列入各项责任单位"),
        RemarkKind::Alias { unit, alias } => format!("“{alias}”视为{unit}"),
        RemarkKind::Unlabelled { measure } => {
            format!("第{measure}项的单位取自一句没有“责任单位”字样的话")
        }
        RemarkKind::Running { lines } => format!("页眉页脚 {lines} 行没有列入正文"),
        RemarkKind::FirstLeads => "原文写明排在首位的责任单位牵头，已照此列出".to_owned(),
        RemarkKind::FromTable { measure } => format!("第{measure}项的单位取自表格"),
    }
}

fn unread_because(why: WhyUnread) -> &'static str {
    match why {
        WhyUnread::Number(WhyPassed::State) => "说的是现状，没有列为目标",
        WhyUnread::Number(WhyPassed::Standard) => "是金额或标准，没有列为目标",
        WhyUnread::Number(WhyPassed::NoUnit) => "数字后面没有计量单位",
        WhyUnread::Number(WhyPassed::Past) => "时限早于方案印发，没有列为目标",
        WhyUnread::Number(WhyPassed::InBrackets) => "括号里的数字没有列为目标",
        WhyUnread::Number(WhyPassed::TooLarge) => "数字太长",
        WhyUnread::Number(WhyPassed::InWords) => "汉字写的数，没有列为目标",
        WhyUnread::Number(WhyPassed::DueOnly) => "写了时间，没有读出要完成什么",
        WhyUnread::Number(WhyPassed::Span) => "说的是时间长短，没有列为目标",
        WhyUnread::Number(WhyPassed::Rank) => "说的是名次，没有列为目标",
        WhyUnread::Number(WhyPassed::Glued) => "数字和字母连在一起，没有列为目标",
        WhyUnread::Person => "名单里这一段读不出姓名和职务",
        WhyUnread::Unit => "责任单位里有不像单位名称的文字",
        WhyUnread::Group => "专班下面的工作组，方案文件没有这一栏",
        WhyUnread::Due => "完成时限读不出日期",
        WhyUnread::Leaders => "举措的责任领导，方案文件没有这一栏",
        WhyUnread::Measure => "举措太多，一个方案文件最多 9999 项，这一项没有列入",
        WhyUnread::Behind => "方案后面的文字",
        WhyUnread::TableRow => "表格里这一行没有对应的举措",
        WhyUnread::TableCell => "表格里的这些内容没有列入",
        WhyUnread::Post => "职务太长，草案里已截短",
    }
}

/// Nothing in the document is a measure.
pub fn no_measure(file: &str) -> String {
    format!(
        "{file}：没有读到举措（带编号、写明责任单位或目标的条目）。请确认这是一份工作方案的正文。"
    )
}

/// Where the draft was written.
pub fn written(file: &str) -> String {
    format!("草案已写入 {file}。接下来：duban check、duban preview、duban rehearse。")
}

/// A draft is there already.
pub fn already_there(file: &str) -> String {
    format!(
        "{file} 已经存在，没有覆盖。请用 --out 另指文件，或用 --update {file} 看新文件改了什么。"
    )
}

/// Heads what a newer document changes.
pub fn update_heading(file: &str) -> String {
    format!("与 {file} 相比：")
}

/// Why a document could not be read as text.
pub fn unreadable(file: &str, why: &Unreadable) -> String {
    let why = match why {
        Unreadable::Empty => "是空文件".to_owned(),
        Unreadable::TooLarge { size, limit } => {
            format!("有 {size} 字节，太大，请控制在 {limit} 字节以内")
        }
        Unreadable::Encoding => "文字编码认不出来，请另存为 UTF-8 或 GB 18030".to_owned(),
        Unreadable::NotWord => "不是 .docx 文件，或已损坏，请用 Word 另存一次".to_owned(),
        Unreadable::OldWord => "是旧的 .doc 文件，或加了密码，请另存为不加密的 .docx".to_owned(),
        Unreadable::Pdf => {
            "是 PDF 文件，请全选、复制其中的文字，存为 .txt 文件再读；扫描件请先做文字识别"
                .to_owned()
        }
        Unreadable::Rich => "是 RTF 文件，请用 Word 另存为 .docx".to_owned(),
        Unreadable::NoText => "里面没有文字，可能是扫描件或图片，请先做文字识别".to_owned(),
        Unreadable::Damaged { line } => {
            format!("第 {line} 行有读不出的字节，文件可能不完整，请重新下载或另存为 UTF-8")
        }
        Unreadable::Folder => "是文件夹，请指定其中的一个文件".to_owned(),
        Unreadable::Missing => "没有这个文件".to_owned(),
        Unreadable::System { detail } => format!("读不了（{detail}）"),
    };
    format!("{file}：{why}。")
}

/// Why a document could not be read as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing in it.
    Empty,
    /// Larger than a document ever is.
    TooLarge {
        /// Bytes.
        size: u64,
        /// At most.
        limit: u64,
    },
    /// Neither Unicode nor GB 18030.
    Encoding,
    /// Not a Word file, or a damaged one.
    NotWord,
    /// A Word file of the old form.
    OldWord,
    /// A PDF file.
    Pdf,
    /// A file in rich text.
    Rich,
    /// A Word file or a page without any text.
    NoText,
    /// Text of a known encoding with bytes that are none of it.
    Damaged {
        /// The first line that has some.
        line: usize,
    },
    /// A folder.
    Folder,
    /// Nothing of that name.
    Missing,
    /// The system refused it, in its words.
    System {
        /// The system's words.
        detail: String,
    },
}
