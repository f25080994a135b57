//! Bytes as text: Unicode and GB 18030 are read, anything else says so.

mod vocabulary;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::render::import::Unreadable;
use vocabulary::{ENDS, HAN, SIGNS};

/// Of so many signs of two bytes in a text of GB 18030 at most one lies outside the old GB 2312: rare names and no more. Text in
/// another encoding that happens to decode has far more of them.
const RARE: usize = 10;
/// How far a page may name its encoding, in bytes.
const HEAD: usize = 2_048;

/// Of so many signs of a damaged text at most one cannot be read.
const DAMAGED: usize = 50;
/// Of so many signs of a text in UTF-16 without its mark at most one is none that plans use.
const FOREIGN: usize = 20;

/// The text of a plain file.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = unicode(bytes)
        .or_else(|| unmarked(bytes))
        .or_else(|| gb18030(bytes))
        .ok_or_else(|| damaged(bytes).unwrap_or(Unreadable::Encoding))?;
    // Text has no zero bytes; programs and pictures have.
    if text.contains('\0') {
        Err(Unreadable::Encoding)
    } else {
        Ok(text)
    }
}

/// UTF-16 without the mark that tells it.
fn unmarked(bytes: &[u8]) -> Option<String> {
    [UTF_16LE, UTF_16BE].into_iter().find_map(|encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let (mut chinese, mut all, mut foreign) = (0_usize, 0_usize, 0_usize);
        for c in text.chars() {
            let han = HAN.contains(&c);
            let sign = SIGNS.iter().any(|signs| signs.contains(&c)) || c.is_whitespace();
            all += 1;
            chinese += usize::from(han);
            foreign += usize::from(!han && !sign);
        }
        // Chinese text in UTF-8 or GB 18030 makes Han signs in UTF-16 by chance, but no line breaks and full stops.
        let ends = text.contains(ENDS);
        (ends && chinese > 0 && foreign * FOREIGN <= all).then(|| text.into_owned())
    })
}

/// The line where a text of a known encoding holds bytes that are none of it.
fn damaged(bytes: &[u8]) -> Option<Unreadable> {
    [UTF_8, GB18030].into_iter().find_map(|encoding| {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes);
        let bad = text.chars().filter(|c| *c == '\u{fffd}').count();
        let chinese = text.chars().filter(|c| HAN.contains(c)).count();
        if !wrong || bad * DAMAGED > chinese || text.contains('\0') {
            return None;
        }
        let good = &text[..text.find('\u{fffd}')?];
        let line = good.matches('\n').count() + 1;
        // A text in another encoding decodes to signs that plans do not use.
        let usual = encoding == UTF_8 || gb18030(GB18030.encode(good).0.as_ref()).is_some();
        usual.then_some(Unreadable::Damaged { line })
    })
}

/// The text of a page, which may name its encoding.
pub(super) fn page(bytes: &[u8]) -> Result<String, Unreadable> {
    let named = named(bytes)
        .and_then(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    text(bytes).or_else(|wrong| named.map(|text| text.into_owned()).ok_or(wrong))
}

fn unicode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text.map(|text| text.into_owned());
    }
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn gb18030(bytes: &[u8]) -> Option<String> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (mut wide, mut rare) = (0_usize, 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        let second = bytes.get(at + 1).copied().unwrap_or_default();
        // A digit in the second place begins the rarest signs, of four bytes.
        let four = second.is_ascii_digit();
        wide += 1;
        rare += usize::from(four || !(0xa1..=0xf7).contains(&bytes[at]) || second < 0xa1);
        at += if four { 4 } else { 2 };
    }
    (rare * RARE <= wide).then(|| text.into_owned())
}

/// The encoding that a page names in its first lines.
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(rest.len());
    Encoding::for_label(&rest.as_bytes()[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "一、总体要求\n1.加快更新。（责任单位：市教育局、市财政局）";

    #[test]
    fn unicode_and_gb_18030_are_read() {
        assert_eq!(text(SAID.as_bytes()).unwrap(), SAID);
        assert_eq!(text(&GB18030.encode(SAID).0).unwrap(), SAID);
        let wide: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(SAID.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        assert_eq!(text(&wide).unwrap(), SAID);
    }

    #[test]
    fn unicode_in_two_bytes_is_read_with_and_without_its_mark() {
        let little: Vec<u8> = SAID.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = SAID.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little).unwrap(), SAID);
        assert_eq!(text(&big).unwrap(), SAID);
    }

    #[test]
    fn a_damaged_text_tells_its_line() {
        let long = SAID.repeat(9) + "\n" + &SAID.repeat(9);
        let at = long.len() / 2;
        let broken = [&long.as_bytes()[..at], b"\xff", &long.as_bytes()[at..]].concat();
        assert!(matches!(
            text(&broken),
            Err(Unreadable::Damaged { line: 10..12 })
        ));
        let cut = &long.as_bytes()[..long.len() - 1];
        assert_eq!(text(cut), Err(Unreadable::Damaged { line: 20 }));
        let mut tail = GB18030.encode(&long).0.into_owned();
        tail.push(0x81);
        assert_eq!(text(&tail), Err(Unreadable::Damaged { line: 20 }));
    }

    #[test]
    fn other_encodings_and_programs_say_so() {
        let big5 = encoding_rs::BIG5
            .encode("各單位應於期限內完成設備更新，並將辦理情形送會")
            .0
            .into_owned();
        assert_eq!(text(&big5), Err(Unreadable::Encoding));
        assert_eq!(text(b"\x7fELF\0\0\x01"), Err(Unreadable::Encoding));
        assert_eq!(text(&[0x80, 0x20, 0xff, 0xfd]), Err(Unreadable::Encoding));
        let mut named = b"<meta charset=\"big5\">".to_vec();
        named.extend(&big5);
        assert!(page(&named).unwrap().contains("設備更新"));
    }
}
