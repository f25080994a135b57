//! HTML of Telegram's parse mode: escaping by type, and splitting long messages between blocks.

use std::fmt;

/// Text escaped for Telegram's HTML, in text and in attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The words of finished HTML without its tags, as an alert shows them.
pub fn plain(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        rest = match rest[at..].find('>') {
            Some(end) => &rest[at + end + 1..],
            None => "",
        };
    }
    words.push_str(rest);
    words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// HTML under construction: plain text goes in escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds plain text.
    #[must_use]
    pub fn text(mut self, text: impl fmt::Display) -> Self {
        self.0.push_str(&escape(&text.to_string()));
        self
    }

    /// Adds bold text.
    #[must_use]
    pub fn bold(mut self, text: impl fmt::Display) -> Self {
        self.0
            .push_str(&format!("<b>{}</b>", escape(&text.to_string())));
        self
    }

    /// Adds a mention by numeric id; the link text never starts with `@`, which Telegram would read as a username.
    #[must_use]
    pub fn mention(mut self, user_id: i64, name: &str) -> Self {
        self.0.push_str(&format!(
            "<a href=\"tg://user?id={user_id}\">{}</a>",
            escape(name.trim_start_matches('@'))
        ));
        self
    }

    /// Adds a line break.
    #[must_use]
    pub fn line(mut self) -> Self {
        self.0.push('\n');
        self
    }

    /// Adds an expandable quote around finished HTML.
    #[must_use]
    pub fn quote(mut self, inner: Html) -> Self {
        self.0
            .push_str(&format!("<blockquote expandable>{}</blockquote>", inner.0));
        self
    }

    /// Adds finished HTML.
    #[must_use]
    pub fn html(mut self, inner: &Html) -> Self {
        self.0.push_str(&inner.0);
        self
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Html> for String {
    fn from(html: Html) -> Self {
        html.0
    }
}
