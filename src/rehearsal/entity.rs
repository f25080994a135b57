//! Formatting of a text: entities as the server finds, sorts, limits and shows them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::html;
use super::link::link_to;

/// Formatted pieces a message keeps; the rest lose their formatting, mentions too, without an error.
const MAX_ENTITIES: usize = 100;

/// One formatted piece; `offset` and `length` in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entity {
    pub kind: EntityKind,
    pub offset: usize,
    pub length: usize,
}

/// What a formatted piece is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EntityKind {
    Blockquote,
    ExpandableBlockquote,
    Code { language: String },
    Pre { language: String },
    Mention,
    BotCommand,
    Url,
    Link { url: String },
    Person { id: i64 },
    CustomEmoji { id: String },
    DateTime { unix: i64, format: String },
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
}

impl EntityKind {
    /// The name in `MessageEntity.type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Blockquote => "blockquote",
            Self::ExpandableBlockquote => "expandable_blockquote",
            Self::Code { .. } => "code",
            Self::Pre { .. } => "pre",
            Self::Mention => "mention",
            Self::BotCommand => "bot_command",
            Self::Url => "url",
            Self::Link { .. } => "text_link",
            Self::Person { .. } => "text_mention",
            Self::CustomEmoji { .. } => "custom_emoji",
            Self::DateTime { .. } => "date_time",
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strikethrough => "strikethrough",
            Self::Spoiler => "spoiler",
        }
    }

    /// Which of two entities around the same text stands first.
    fn rank(&self) -> u8 {
        match self {
            Self::Blockquote | Self::ExpandableBlockquote => 0,
            Self::Pre { .. } => 11,
            Self::Code { .. } => 20,
            Self::Link { .. }
            | Self::Person { .. }
            | Self::Mention
            | Self::BotCommand
            | Self::Url => 50,
            Self::CustomEmoji { .. } | Self::DateTime { .. } => 99,
            Self::Bold => 90,
            Self::Italic => 91,
            Self::Underline => 92,
            Self::Strikethrough => 93,
            Self::Spoiler => 94,
        }
    }

    fn is_code(&self) -> bool {
        matches!(self, Self::Code { .. } | Self::Pre { .. })
    }

    fn is_quote(&self) -> bool {
        matches!(self, Self::Blockquote | Self::ExpandableBlockquote)
    }

    /// Bold, italic and their like may lie in each other and in anything but code.
    fn is_style(&self) -> bool {
        matches!(
            self,
            Self::Bold | Self::Italic | Self::Underline | Self::Strikethrough | Self::Spoiler
        )
    }
}

/// A text as it is stored and shown: clean, trimmed, with its entities in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Formatted {
    pub text: String,
    pub entities: Vec<Entity>,
}

impl Formatted {
    /// Reads HTML markup; an error is what stands after `can't parse entities: `.
    pub fn html(markup: &str) -> Result<Self, String> {
        let (text, entities) = html::parse(markup)?;
        Ok(Self::tidy(&text, entities))
    }

    /// What of this markup's formatting the server silently drops: pieces that may not lie in each other, and those past the hundredth.
    pub fn losses(markup: &str) -> Vec<String> {
        let Ok((_, mut entities)) = html::parse(markup) else {
            return Vec::new();
        };
        let mut losses = Vec::new();
        if entities.len() > MAX_ENTITIES {
            losses.push(format!(
                "{} formatted pieces, at most {MAX_ENTITIES} are kept",
                entities.len()
            ));
        }
        entities.retain(|entity| entity.length > 0);
        entities.sort_by_key(|e| (e.offset, usize::MAX - e.length, e.kind.rank()));
        for (at, inner) in entities.iter().enumerate() {
            let before = entities[..at].iter();
            let mut holders = before.filter(|outer| {
                !may_hold(outer, inner)
                    || (inner.kind.is_code() && overlap(outer, inner) && !outer.kind.is_quote())
            });
            if let Some(outer) = holders.next() {
                losses.push(format!(
                    "{} may not lie in {}",
                    inner.kind.name(),
                    outer.kind.name()
                ));
            }
        }
        losses
    }

    /// Plain text, as typed.
    pub fn plain(text: &str) -> Self {
        Self::tidy(text, Vec::new())
    }

    /// The entities as the API shows them; `person` gives the user object of a mention, or `None` to drop it.
    pub fn entities_json(&self, person: impl Fn(i64) -> Option<Value>) -> Vec<Value> {
        self.entities
            .iter()
            .filter_map(|entity| entity_json(entity, &person))
            .collect()
    }

    fn tidy(text: &str, entities: Vec<Entity>) -> Self {
        let (text, mut entities) = clean(text, entities);
        for found in automatic(&text) {
            if !entities.iter().any(|other| {
                overlap(other, &found) && !other.kind.is_style() && !other.kind.is_quote()
            }) {
                entities.push(found);
            }
        }
        entities = around_code(entities);
        entities.sort_by_key(|e| (e.offset, usize::MAX - e.length, e.kind.rank()));
        let mut kept: Vec<Entity> = Vec::new();
        for entity in entities {
            if kept.iter().all(|outer| may_hold(outer, &entity)) {
                kept.push(entity);
            }
        }
        kept.truncate(MAX_ENTITIES);
        Self {
            text,
            entities: kept,
        }
    }
}

fn overlap(a: &Entity, b: &Entity) -> bool {
    a.offset < b.offset + b.length && b.offset < a.offset + a.length
}

/// Cuts the styles where code begins and ends: code holds nothing else.
fn around_code(entities: Vec<Entity>) -> Vec<Entity> {
    let (code, others): (Vec<Entity>, Vec<Entity>) = entities
        .into_iter()
        .partition(|entity| entity.kind.is_code());
    let mut kept = Vec::new();
    for entity in others {
        let is_style = entity.kind.is_style();
        let mut pieces = vec![entity];
        for hole in code.iter().filter(|_| is_style) {
            pieces = pieces
                .into_iter()
                .flat_map(|piece| without(piece, hole))
                .collect();
        }
        kept.extend(pieces);
    }
    kept.extend(code);
    kept
}

/// What is left of `piece` on both sides of `hole`.
fn without(piece: Entity, hole: &Entity) -> Vec<Entity> {
    if !overlap(&piece, hole) {
        return vec![piece];
    }
    let (end, hole_end) = (piece.offset + piece.length, hole.offset + hole.length);
    let left = Entity {
        length: hole.offset.saturating_sub(piece.offset),
        ..piece.clone()
    };
    let right = Entity {
        offset: hole_end,
        length: end.saturating_sub(hole_end),
        ..piece
    };
    [left, right]
        .into_iter()
        .filter(|part| part.length > 0)
        .collect()
}

/// Whether `inner`, which begins not before `outer`, may stand beside or in it.
fn may_hold(outer: &Entity, inner: &Entity) -> bool {
    if !overlap(outer, inner) {
        return true;
    }
    if outer.kind.is_code() || outer.kind == inner.kind {
        return false;
    }
    if inner.kind.is_code() {
        return outer.kind.is_quote();
    }
    if outer.kind.is_quote() {
        return !inner.kind.is_quote();
    }
    outer.kind.is_style() || inner.kind.is_style()
}

/// Drops `\r`, turns other control characters into blanks and trims both ends; entities move along and empty ones vanish.
fn clean(text: &str, entities: Vec<Entity>) -> (String, Vec<Entity>) {
    let mut cleaned = String::with_capacity(text.len());
    // The new offset for each old one.
    let mut moved = vec![0];
    let mut units = 0;
    let ends = text.trim_end_matches(is_blank).len();
    for (at, c) in text.char_indices() {
        let dropped = c == '\r' || at >= ends || (cleaned.is_empty() && is_blank(c));
        if !dropped {
            cleaned.push(if c < ' ' && c != '\n' { ' ' } else { c });
            units += c.len_utf16();
        }
        moved.extend(std::iter::repeat_n(units, c.len_utf16()));
    }
    let place = |offset: usize| moved.get(offset).copied().unwrap_or(units);
    let entities = entities.into_iter().filter_map(|entity| {
        let offset = place(entity.offset);
        let length = place(entity.offset + entity.length) - offset;
        (length > 0).then_some(Entity {
            offset,
            length,
            ..entity
        })
    });
    (cleaned, entities.collect())
}

fn is_blank(c: char) -> bool {
    c <= ' ' || matches!(c, '\u{a0}' | '\u{2800}' | '\u{3164}')
}

/// What the server marks by itself: `@names`, `/commands` and addresses.
fn automatic(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut units = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let free = !before.is_alphanumeric() && before != '_';
        let match_ = match c {
            '@' if free => name_length(&rest[1..])
                .filter(|n| (4..=32).contains(n))
                .map(|n| (EntityKind::Mention, n + 1)),
            '/' if free && before != '/' && before != '<' => {
                command_length(rest).map(|n| (EntityKind::BotCommand, n))
            }
            'h' if free && (rest.starts_with("http://") || rest.starts_with("https://")) => {
                let length = rest
                    .find(|c: char| !c.is_ascii_graphic())
                    .unwrap_or(rest.len());
                link_to(&rest[..length]).map(|_| (EntityKind::Url, length))
            }
            _ => None,
        };
        if let Some((kind, length)) = match_ {
            // All that matches here is ASCII, so bytes are units.
            let inside = found
                .last()
                .is_some_and(|last: &Entity| units < last.offset + last.length);
            if !inside {
                found.push(Entity {
                    kind,
                    offset: units,
                    length,
                });
            }
        }
        units += c.len_utf16();
        before = c;
    }
    found
}

fn name_length(text: &str) -> Option<usize> {
    let length = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    (length > 0).then_some(length)
}

/// Bytes of a command at the start of `text`, its `@name` included.
pub(super) fn command_length(text: &str) -> Option<usize> {
    let name = name_length(text.strip_prefix('/')?).filter(|n| *n <= 64)?;
    let rest = &text[1 + name..];
    let at = rest
        .strip_prefix('@')
        .and_then(name_length)
        .map_or(0, |n| n + 1);
    let ends = rest[at..]
        .chars()
        .next()
        .is_none_or(|c| c != '/' && c != '@');
    ends.then_some(1 + name + at)
}

fn entity_json(entity: &Entity, person: &impl Fn(i64) -> Option<Value>) -> Option<Value> {
    let mut shown =
        json!({"type": entity.kind.name(), "offset": entity.offset, "length": entity.length});
    match &entity.kind {
        EntityKind::Pre { language } if !language.is_empty() => shown["language"] = json!(language),
        EntityKind::Link { url } => shown["url"] = json!(url),
        EntityKind::Person { id } => shown["user"] = person(*id)?,
        EntityKind::CustomEmoji { id } => shown["custom_emoji_id"] = json!(id),
        EntityKind::DateTime { unix, format } => {
            shown["unix_time"] = json!(unix);
            shown["date_time_format"] = json!(format);
        }
        _ => {}
    }
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(formatted: &Formatted) -> String {
        let entities: Vec<String> = formatted
            .entities
            .iter()
            .map(|e| format!("{}:{}+{}", e.kind.name(), e.offset, e.length))
            .collect();
        format!("{:?} {}", formatted.text, entities.join(" "))
    }

    #[test]
    fn both_ends_are_trimmed_and_entities_move_along() {
        let formatted = Formatted::html(" \n<b> 甲\r乙 </b>\t\n").unwrap();
        assert_eq!(shown(&formatted), "\"甲乙\" bold:0+2");
        assert_eq!(shown(&Formatted::html(" <i> \n</i> ").unwrap()), "\"\" ");
    }

    #[test]
    fn code_holds_nothing_else_and_quotes_do_not_nest() {
        let split = Formatted::html("<b>甲<code>乙</code>丙</b>").unwrap();
        assert_eq!(shown(&split), "\"甲乙丙\" bold:0+1 code:1+1 bold:2+1");
        let formatted = Formatted::html(
            "<b><code>甲</code></b><i><b>乙</b></i><blockquote>丙<b>丁</b></blockquote>",
        )
        .unwrap();
        assert_eq!(
            shown(&formatted),
            "\"甲乙丙丁\" code:0+1 bold:1+1 italic:1+1 blockquote:2+2 bold:3+1"
        );
    }

    #[test]
    fn what_the_server_drops_is_named() {
        for (markup, losses) in [
            (
                "<b>甲<i>乙</i></b> <blockquote>丙<code>丁</code></blockquote>",
                "",
            ),
            ("<b>甲<code>乙</code></b>", "code may not lie in bold"),
            ("<code>甲<b>乙</b></code>", "bold may not lie in code"),
            ("<b>甲<b>乙</b></b>", "bold may not lie in bold"),
            (
                "<a href=\"https://a.b\">甲<a href=\"https://c.d\">乙</a></a>",
                "text_link may not lie in text_link",
            ),
        ] {
            assert_eq!(Formatted::losses(markup).join(", "), losses, "{markup}");
        }
        let many = "<b>甲</b> ".repeat(101);
        assert_eq!(
            Formatted::losses(&many),
            ["101 formatted pieces, at most 100 are kept"]
        );
    }

    #[test]
    fn commands_names_and_addresses_are_marked_without_markup() {
        let formatted = Formatted::plain("/report@duban_bot 🏟 @zhang_san https://t.me/x?y 1/2");
        assert_eq!(
            shown(&formatted),
            "\"/report@duban_bot 🏟 @zhang_san https://t.me/x?y 1/2\" bot_command:0+17 mention:21+10 url:32+16"
        );
    }

    #[test]
    fn the_hundred_and_first_piece_loses_its_formatting() {
        let formatted = Formatted::html(&"<b>甲</b> ".repeat(101)).unwrap();
        assert_eq!(formatted.entities.len(), 100);
        assert_eq!(formatted.entities[99].offset, 198);
    }

    proptest::proptest! {
        #[test]
        fn any_markup_is_read_or_refused_and_entities_lie_inside_the_text(markup in "(<b>|</b>|<i>|</>|<a href=\"|\">|<pre>|<code>|</code>|<blockquote expandable>|&lt;|&#|x|@name|/cmd|https://a.b|[ \n\r<>&;督🏟\"']){0,40}") {
            if let Ok(formatted) = Formatted::html(&markup) {
                let units = formatted.text.encode_utf16().count();
                proptest::prop_assert_eq!(formatted.text.trim(), &formatted.text);
                for entity in formatted.entities {
                    proptest::prop_assert!(entity.length > 0 && entity.offset + entity.length <= units, "{:?}", entity);
                }
            }
        }
    }
}
