//! Bytes as text: Unicode and GB 18030 are read, anything else says so.

use encoding_rs::{Encoding, GB18030};

use crate::render::import::Unreadable;

/// Of so many signs of two bytes in a text of GB 18030 at most one lies outside the old GB 2312: rare names and no more. Text in
/// another encoding that happens to decode has far more of them.
const RARE: usize = 10;
/// How far a page may name its encoding, in bytes.
const HEAD: usize = 2_048;

/// The text of a plain file.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let text = unicode(bytes)
        .or_else(|| gb18030(bytes))
        .ok_or(Unreadable::Encoding)?;
    // Text has no zero bytes; programs and pictures have.
    if text.contains('\0') {
        Err(Unreadable::Encoding)
    } else {
        Ok(text)
    }
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
