//! Rust source as tokens: enough of the language that no comment or string is ever taken for code, nor code for text.

/// One token with the line it begins on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// From 1.
    pub line: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword; `r#type` comes without its `r#`.
    Word(String),
    /// One character of punctuation, except `::`.
    Mark(char),
    /// `::`.
    PathSeparator,
    /// A string or character literal, its escapes resolved.
    Text(String),
    /// A number as written.
    Number(String),
    /// `'a`.
    Lifetime,
    /// A comment of any kind as written.
    Comment(String),
}

/// All tokens of `source`. What is not Rust gives some tokens, never a panic.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        rest: source,
        line: 1,
        found: Vec::new(),
    };
    while lexer.step() {}
    lexer.found
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    found: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) -> bool {
        let blank = self.rest.len() - self.rest.trim_start().len();
        self.take(blank);
        let line = self.line;
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        let kind = match first {
            '/' if self.rest.starts_with("//") => self.line_comment(),
            '/' if self.rest.starts_with("/*") => self.block_comment(),
            '"' => self.quoted(1),
            '\'' => self.quote(),
            ':' if self.rest.starts_with("::") => {
                self.take(2);
                Kind::PathSeparator
            }
            '0'..='9' => self.number(),
            _ if is_word_start(first) => self.word_or_prefixed(),
            _ => {
                self.take(first.len_utf8());
                Kind::Mark(first)
            }
        };
        self.found.push(Token { kind, line });
        true
    }

    /// Takes `bytes` off the front and counts the lines in them.
    fn take(&mut self, bytes: usize) -> String {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken.to_owned()
    }

    fn line_comment(&mut self) -> Kind {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        Kind::Comment(self.take(end))
    }

    /// Block comments nest.
    fn block_comment(&mut self) -> Kind {
        let mut depth = 0_usize;
        let mut at = 0;
        while at < self.rest.len() {
            let ahead = &self.rest[at..];
            if ahead.starts_with("/*") {
                depth += 1;
                at += 2;
            } else if ahead.starts_with("*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            } else {
                at += ahead.chars().next().map_or(1, char::len_utf8);
            }
        }
        Kind::Comment(self.take(at))
    }

    /// A string that begins `prefix` bytes on, the last of them its opening quotation mark.
    fn quoted(&mut self, prefix: usize) -> Kind {
        self.take(prefix);
        Kind::Text(self.escaped_until('"'))
    }

    fn escaped_until(&mut self, end: char) -> String {
        let mut text = String::new();
        loop {
            match self.pop() {
                None => return text,
                Some(found) if found == end => return text,
                Some('\\') => text.extend(self.escape()),
                Some(other) => text.push(other),
            }
        }
    }

    fn pop(&mut self) -> Option<char> {
        let found = self.rest.chars().next()?;
        self.take(found.len_utf8());
        Some(found)
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Option<char> {
        match self.pop()? {
            'u' => {
                let end = self.rest.find('}')? + 1;
                let digits = self.take(end);
                let digits = digits.trim_matches(['{', '}']).replace('_', "");
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
            }
            'x' => {
                let digits = self.rest.get(..2)?.to_owned();
                self.take(2);
                u8::from_str_radix(&digits, 16).ok().map(char::from)
            }
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            '0' => Some('\0'),
            '\n' => {
                let blank = self.rest.len() - self.rest.trim_start().len();
                self.take(blank);
                None
            }
            other => Some(other),
        }
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) -> Kind {
        let mut ahead = self.rest.chars().skip(1);
        let (first, second) = (ahead.next(), ahead.next());
        let is_lifetime = first.is_some_and(is_word_start) && second != Some('\'');
        self.take(1);
        if is_lifetime {
            self.word();
            Kind::Lifetime
        } else {
            Kind::Text(self.escaped_until('\''))
        }
    }

    fn number(&mut self) -> Kind {
        let mut end = 0;
        let bytes = self.rest.as_bytes();
        let is_tuple_index = self.follows_single_dot();
        while let Some(byte) = bytes.get(end) {
            let fraction = *byte == b'.'
                && !is_tuple_index
                && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            if fraction || byte.is_ascii_alphanumeric() || *byte == b'_' {
                end += 1;
            } else {
                break;
            }
        }
        Kind::Number(self.take(end))
    }

    fn follows_single_dot(&self) -> bool {
        let mut before = self.found.iter().rev().map(|token| &token.kind);
        before.next() == Some(&Kind::Mark('.')) && before.next() != Some(&Kind::Mark('.'))
    }

    fn word(&mut self) -> String {
        let end = self
            .rest
            .find(|found: char| !is_word(found))
            .unwrap_or(self.rest.len());
        self.take(end)
    }

    /// A word, or a literal that begins with letters: `r"…"`, `br#"…"#`, `b'…'`, `c"…"`, `r#word`.
    fn word_or_prefixed(&mut self) -> Kind {
        for prefix in ["b\"", "c\""] {
            if self.rest.starts_with(prefix) {
                return self.quoted(prefix.len());
            }
        }
        if self.rest.starts_with("b'") {
            self.take(2);
            return Kind::Text(self.escaped_until('\''));
        }
        for prefix in ["r", "br", "cr"] {
            let Some(after) = self.rest.strip_prefix(prefix) else {
                continue;
            };
            let fences = after.bytes().take_while(|byte| *byte == b'#').count();
            if after[fences..].starts_with('"') {
                return self.raw(prefix.len() + fences + 1, fences);
            }
        }
        if self.rest.starts_with("r#") {
            self.take(2);
        }
        Kind::Word(self.word())
    }

    fn raw(&mut self, prefix: usize, fences: usize) -> Kind {
        self.take(prefix);
        let fence = format!("\"{}", "#".repeat(fences));
        let end = self.rest.find(&fence).unwrap_or(self.rest.len());
        let text = self.take(end);
        self.take(fence.len().min(self.rest.len()));
        Kind::Text(text)
    }
}

fn is_word_start(found: char) -> bool {
    found.is_alphabetic() || found == '_'
}

fn is_word(found: char) -> bool {
    found.is_alphanumeric() || found == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<Kind> {
        tokens(source).into_iter().map(|token| token.kind).collect()
    }

    fn text(text: &str) -> Kind {
        Kind::Text(text.to_owned())
    }

    fn word(word: &str) -> Kind {
        Kind::Word(word.to_owned())
    }

    #[test]
    fn a_string_is_no_comment_and_a_comment_is_no_string() {
        let found = kinds("\"// no\" // \"no\"\n/* \" /* nested */ ' */ a");
        assert_eq!(
            found,
            [
                text("// no"),
                Kind::Comment("// \"no\"".to_owned()),
                Kind::Comment("/* \" /* nested */ ' */".to_owned()),
                word("a"),
            ]
        );
    }

    #[test]
    fn raw_strings_end_at_their_own_fence() {
        let found = kinds(r####"r#"a "quoted" \n"# br"\" c"x" r##"a"#b"## r#type"####);
        assert_eq!(
            found,
            [
                text(r#"a "quoted" \n"#),
                text("\\"),
                text("x"),
                text("a\"#b"),
                word("type"),
            ]
        );
    }

    #[test]
    fn escapes_are_resolved() {
        let found = kinds("\"\\u{4e2d}\\\"\\\\\" '\\'' '\\u{6587}' b'\\'' \"a\\\n   b\"");
        assert_eq!(
            found,
            [text("中\"\\"), text("'"), text("文"), text("'"), text("ab")]
        );
    }

    #[test]
    fn a_lifetime_is_no_character() {
        let found = kinds("&'a str 'b' '_' <'_> 'static");
        let lifetimes = found.iter().filter(|kind| **kind == Kind::Lifetime);
        assert_eq!(lifetimes.count(), 3);
        assert!(found.contains(&text("b")) && found.contains(&text("_")));
    }

    #[test]
    fn numbers_keep_fractions_and_leave_ranges_and_methods() {
        let numbers: Vec<_> = kinds("1_000u64 1.5 0..=2 t.0.1 0..7.5 3.max(4)")
            .into_iter()
            .filter_map(|kind| match kind {
                Kind::Number(number) => Some(number),
                _ => None,
            })
            .collect();
        assert_eq!(
            numbers,
            ["1_000u64", "1.5", "0", "2", "0", "1", "0", "7.5", "3", "4"]
        );
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let found = tokens("/* 1\n2 */ \"3\n\" a\n\nb");
        let lines: Vec<usize> = found.iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3, 5]);
    }

    #[test]
    fn what_is_cut_off_gives_no_panic() {
        for source in [
            "\"", "'", "r#\"", "/*", "\"\\u{", "'\\", "\"\\x4", "b'", "\\", "中",
        ] {
            assert!(tokens(source).len() <= 2, "{source}");
        }
    }
}
