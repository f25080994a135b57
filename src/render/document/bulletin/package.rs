//! From the laid-out document to the bytes of the file.
//!
//! The crate writes the package; three things it has no word for are put into its parts here: other names of fonts, table
//! headings that are repeated on every page, and names of pictures that do not count on from one file to the next.

use std::io::Cursor;

use docx_rs::Docx;

use super::Unmade;

/// Fonts of official documents, and what stands in for them where they are not installed.
const FONTS: [(&str, &str, &str); 6] = [
    (
        "方正小标宋简体",
        "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体",
        "roman",
    ),
    ("仿宋_GB2312", "仿宋,FangSong,华文仿宋,STFangsong", "modern"),
    ("楷体_GB2312", "楷体,KaiTi,华文楷体,STKaiti", "modern"),
    ("黑体", "SimHei,华文黑体,STHeiti", "swiss"),
    ("宋体", "SimSun,华文宋体,STSong", "roman"),
    ("Times New Roman", "Liberation Serif", "roman"),
];

/// The character set of simplified Chinese in a font table.
const CHARSET: &str = "86";

const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// How the crate begins a table.
const TABLE: &str = "<w:tbl>";
/// What every row of ours holds.
const ROW_MARK: &str = "<w:cantSplit />";
/// What makes a row the heading that every page repeats.
const HEADING_MARK: &str = "<w:tblHeader />";

/// The bytes of the file: nothing in them hangs on when or where they were made.
///
/// # Errors
/// The package cannot be written.
pub(super) fn pack(document: Docx) -> Result<Vec<u8>, Unmade> {
    let mut parts = document.build();
    let unmade = |error: &dyn std::fmt::Display| Unmade::Bulletin(error.to_string());
    let text = String::from_utf8(parts.document).map_err(|error| unmade(&error))?;
    parts.document = repeat_headings(&text).into_bytes();
    parts.font_table = font_table().into_bytes();
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(|error| unmade(&error))?;
    Ok(bytes.into_inner())
}

/// The first row of every table is its heading.
fn repeat_headings(document: &str) -> String {
    let mut pieces = document.split(TABLE);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(TABLE);
        text.push_str(&piece.replacen(ROW_MARK, &format!("{ROW_MARK}{HEADING_MARK}"), 1));
    }
    text
}

fn font_table() -> String {
    let fonts = FONTS.map(|(name, others, family)| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{others}\"/><w:charset w:val=\"{CHARSET}\"/>\
             <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:fonts xmlns:w=\"{NAMESPACE}\">{}</w:fonts>",
        fonts.concat()
    )
}
