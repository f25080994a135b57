//! Telegram's HTML parse mode: markup in, clean text and entities out, with the real server's error texts.
//!
//! Offsets in errors are bytes of the submitted text; offsets in entities are UTF-16 units.

use super::entity::{Entity, EntityKind};
use super::link::link_to;

/// Reads `html`; an error is what stands after `can't parse entities: `.
pub(super) fn parse(html: &str) -> Result<(String, Vec<Entity>), String> {
    let mut reader = Reader {
        html,
        at: 0,
        text: String::new(),
        units: 0,
        open: Vec::new(),
        found: Vec::new(),
    };
    while let Some(next) = reader.peek() {
        match next {
            '<' if reader.html[reader.at + 1..].starts_with('/') => reader.end_tag()?,
            '<' => reader.start_tag()?,
            '&' => {
                let (decoded, length) = reader.reference()?.unwrap_or(('&', 1));
                reader.at += length;
                reader.push(decoded);
            }
            other => {
                reader.at += other.len_utf8();
                reader.push(other);
            }
        }
    }
    if let Some(tag) = reader.open.last() {
        return Err(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            tag.name
        ));
    }
    Ok((reader.text, reader.found))
}

struct Reader<'a> {
    html: &'a str,
    /// Bytes of `html` already read.
    at: usize,
    text: String,
    /// UTF-16 units in `text`.
    units: usize,
    open: Vec<OpenTag>,
    found: Vec<Entity>,
}

struct OpenTag {
    name: String,
    /// The one attribute that matters for this tag, or empty.
    argument: String,
    /// The format of a `tg-time`.
    format: String,
    /// Where its text begins, in UTF-16 units and in bytes of the clean text.
    units: usize,
    bytes: usize,
}

const TAGS: [&str; 17] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
];

const LONE_SURROGATE: &str = "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units";

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\0' | '\u{b}')
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.html[self.at..].chars().next()
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    /// Reads while `wanted` holds and gives what was read.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let rest = &self.html[self.at..];
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// The character behind a reference at the place in hand, and its bytes; half a surrogate pair spoils the whole text.
    fn reference(&self) -> Result<Option<(char, usize)>, String> {
        match decode_reference(&self.html[self.at..]) {
            Some((0xd800..=0xdfff, _)) => Err(LONE_SURROGATE.to_owned()),
            Some((code, length)) => Ok(char::from_u32(code).map(|c| (c, length))),
            None => Ok(None),
        }
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        self.at += 1;
        let name = self
            .take_while(|c| !is_space(c) && c != '>')
            .to_ascii_lowercase();
        if self.peek().is_none() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        if !TAGS.contains(&name.as_str()) {
            return Err(format!(
                "Unsupported start tag \"{name}\" at byte offset {begin}"
            ));
        }
        let mut tag = OpenTag {
            name,
            argument: String::new(),
            format: String::new(),
            units: self.units,
            bytes: self.text.len(),
        };
        while let Some((attribute, value)) = self.attribute(&tag.name, begin)? {
            keep_attribute(&mut tag, &attribute, value);
        }
        self.at += 1;
        if tag.name == "span" && tag.argument != "tg-spoiler" {
            return Err(format!(
                "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
            ));
        }
        self.open.push(tag);
        Ok(())
    }

    /// The next attribute with its value, or `None` in front of the closing `>`.
    fn attribute(&mut self, tag: &str, begin: usize) -> Result<Option<(String, String)>, String> {
        let unclosed = || format!("Unclosed start tag \"{tag}\" at byte offset {begin}");
        self.take_while(is_space);
        match self.peek() {
            Some('>') => return Ok(None),
            None => return Err(unclosed()),
            Some(_) => {}
        }
        let name = self
            .take_while(|c| !is_space(c) && c != '=' && c != '>')
            .to_ascii_lowercase();
        if name.is_empty() {
            return Err(format!(
                "Empty attribute name in the tag \"{tag}\" at byte offset {begin}"
            ));
        }
        self.take_while(is_space);
        match self.peek() {
            None => return Err(unclosed()),
            Some('=') => self.at += 1,
            Some(_) => return Ok(Some((name, String::new()))),
        }
        self.take_while(is_space);
        let value = match self.peek() {
            None => return Err(unclosed()),
            Some(quote @ ('"' | '\'')) => self.quoted(quote, begin)?,
            Some(_) => self.name_token()?,
        };
        Ok(Some((name, value)))
    }

    fn name_token(&mut self) -> Result<String, String> {
        let begin = self.at;
        let token = self
            .take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
            .to_ascii_lowercase();
        match self.peek() {
            Some(next) if is_space(next) || next == '>' => Ok(token),
            Some(_) | None => Err(format!(
                "Unexpected end of name token at byte offset {begin}"
            )),
        }
    }

    fn quoted(&mut self, quote: char, begin: usize) -> Result<String, String> {
        self.at += 1;
        let mut value = String::new();
        while let Some(next) = self.peek() {
            if next == quote {
                self.at += 1;
                return Ok(value);
            }
            let (decoded, length) = self.reference()?.unwrap_or((next, next.len_utf8()));
            value.push(decoded);
            self.at += length;
        }
        Err(format!("Unclosed start tag at byte offset {begin}"))
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        self.at += 2;
        let Some(tag) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        let name = self
            .take_while(|c| !is_space(c) && c != '>')
            .to_ascii_lowercase();
        self.take_while(is_space);
        if self.peek() != Some('>') {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !name.is_empty() && name != tag.name {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
                tag.name
            ));
        }
        let length = self.units - tag.units;
        if length > 0
            && let Some(kind) = self.kind_of(&tag)
        {
            self.found.push(Entity {
                kind,
                offset: tag.units,
                length,
            });
        }
        Ok(())
    }

    fn kind_of(&mut self, tag: &OpenTag) -> Option<EntityKind> {
        let kind = match tag.name.as_str() {
            "b" | "strong" => EntityKind::Bold,
            "i" | "em" => EntityKind::Italic,
            "u" | "ins" => EntityKind::Underline,
            "s" | "strike" | "del" => EntityKind::Strikethrough,
            "tg-spoiler" | "span" => EntityKind::Spoiler,
            "blockquote" if tag.argument == "expandable" => EntityKind::ExpandableBlockquote,
            "blockquote" => EntityKind::Blockquote,
            "tg-emoji" => EntityKind::CustomEmoji {
                id: tag.argument.clone(),
            },
            "tg-time" => EntityKind::DateTime {
                unix: tag.argument.parse().ok()?,
                format: tag.format.clone(),
            },
            "a" => link_to(if tag.argument.is_empty() {
                &self.text[tag.bytes..]
            } else {
                &tag.argument
            })?,
            _ => return self.code_or_pre(tag),
        };
        Some(kind)
    }

    /// `pre` and `code` with a language around the same text are one entity, whichever is outside.
    fn code_or_pre(&mut self, tag: &OpenTag) -> Option<EntityKind> {
        let inner = self
            .found
            .last()
            .filter(|inner| inner.offset == tag.units && inner.length == self.units - tag.units);
        match (tag.name.as_str(), inner.map(|inner| inner.kind.clone())) {
            ("pre", Some(EntityKind::Code { language })) if !language.is_empty() => {
                self.found.pop();
                Some(EntityKind::Pre { language })
            }
            ("code", Some(EntityKind::Pre { language }))
                if language.is_empty() && !tag.argument.is_empty() =>
            {
                self.found.pop();
                Some(EntityKind::Pre {
                    language: tag.argument.clone(),
                })
            }
            ("pre", _) => Some(EntityKind::Pre {
                language: String::new(),
            }),
            _ => Some(EntityKind::Code {
                language: tag.argument.clone(),
            }),
        }
    }
}

fn keep_attribute(tag: &mut OpenTag, attribute: &str, value: String) {
    match (tag.name.as_str(), attribute) {
        ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix") | ("span", "class") => {
            tag.argument = value
        }
        ("tg-time", "format") => tag.format = value,
        ("blockquote", "expandable") => tag.argument = "expandable".to_owned(),
        ("code", "class") => {
            if let Some(language) = value.strip_prefix("language-") {
                tag.argument = language.to_owned();
            }
        }
        _ => {}
    }
}

/// The code point a reference such as `&lt;` or `&#20018;` stands for, and the bytes it takes. A missing `;` is forgiven.
fn decode_reference(text: &str) -> Option<(u32, usize)> {
    let rest = text.strip_prefix('&')?;
    let (decoded, length) = if let Some(number) = rest.strip_prefix('#') {
        let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => (hexadecimal, 16, 2),
            None => (number, 10, 1),
        };
        let length = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        let code = u32::from_str_radix(&digits[..length], radix).ok()?;
        (Some(code).filter(|code| *code != 0)?, prefix + length)
    } else {
        let length = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let decoded = match &rest[..length] {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            _ => return None,
        };
        (u32::from(decoded), length)
    };
    let semicolon = usize::from(rest[length..].starts_with(';'));
    Some((decoded, 1 + length + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(html: &str) -> String {
        parse(html).expect_err("this markup is refused")
    }

    fn shown(html: &str) -> String {
        let (text, entities) = parse(html).unwrap();
        let entities: Vec<String> = entities
            .iter()
            .map(|e| format!("{}:{}+{}", e.kind.name(), e.offset, e.length))
            .collect();
        format!("{text:?} {}", entities.join(" "))
    }

    #[test]
    fn broken_markup_is_refused_in_the_servers_words() {
        for (html, expected) in [
            ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
            ("&#xDFDF;", LONE_SURROGATE),
            ("行1<br>", "Unsupported start tag \"br\" at byte offset 4"),
            ("a < b", "Unsupported start tag \"\" at byte offset 2"),
            (
                "🏟 🏟&lt;<i   =aba>",
                "Empty attribute name in the tag \"i\" at byte offset 13",
            ),
            (
                "🏟 🏟&lt;<i    aba>",
                "Can't find end tag corresponding to start tag \"i\"",
            ),
            (
                "🏟 🏟&lt;<i    aba  =  ",
                "Unclosed start tag \"i\" at byte offset 13",
            ),
            (
                "🏟 🏟&lt;<i    aba  =  190azAz-.,",
                "Unexpected end of name token at byte offset 27",
            ),
            (
                "🏟 🏟&lt;<i    aba  =  \"&lt;&gt;&quot;>",
                "Unclosed start tag at byte offset 13",
            ),
            ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
            ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
            ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
            (
                "🏟 🏟&lt;<i>a</em   >",
                "Unmatched end tag at byte offset 17, expected \"</i>\", found \"</em>\"",
            ),
            (
                "<span>x</span>",
                "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0",
            ),
            (
                "<b>粗",
                "Can't find end tag corresponding to start tag \"b\"",
            ),
        ] {
            assert_eq!(error(html), expected, "{html}");
        }
    }

    #[test]
    fn clean_text_and_offsets_in_utf16_units_come_out() {
        for (html, expected) in [
            (
                "&lt;&gt;&amp;&quot;&laquo;&#20018;&nbsp;",
                "\"<>&\\\"&laquo;串&nbsp;\" ",
            ),
            (
                "🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>",
                "\"🏟 🏟🏟 ><🏟\" bold:9+3 italic:5+7",
            ),
            ("🏟<STRONG>进展</>", "\"🏟进展\" bold:2+2"),
            ("<b></b>空", "\"空\" "),
            (
                "<blockquote expandable>长</blockquote>",
                "\"长\" expandable_blockquote:0+1",
            ),
            (
                "<pre><code class=\"language-rust\">fn</code></pre>",
                "\"fn\" pre:0+2",
            ),
            (
                "<code class=\"language-rust\"><pre>fn</pre></code>",
                "\"fn\" pre:0+2",
            ),
            (
                "<a href=\"tg://user?id=42\">张</a><a href='tg://user/?id=7'>李</a>",
                "\"张李\" text_mention:0+1 text_mention:1+1",
            ),
            (
                "<a href=\"http://\">坏</a><a href=\"https://t.me/x?start=a&amp;b\">好</a>",
                "\"坏好\" text_link:1+1",
            ),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }
}
