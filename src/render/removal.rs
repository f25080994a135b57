//! Words taken out of finished messages: the mark stands where they stood, tags and buttons stay.

use super::{Button, Message, REDACTED};
use crate::ledger::Words;

/// A character that is seen, and the bytes of the HTML it comes from.
struct Seen {
    character: char,
    from: usize,
    to: usize,
}

/// The message without these words; none where they do not stand in it.
pub fn without(message: &Message, words: &Words) -> Option<Message> {
    let mut changed = false;
    let mut taken = |before: &str, after: Option<String>| {
        changed |= after.is_some();
        after.unwrap_or_else(|| before.to_owned())
    };
    let mut without = message.clone();
    for block in &mut without.blocks {
        *block = taken(block, from_html(block, words));
    }
    for button in without.keyboard.iter_mut().flatten() {
        match button {
            Button::Press { text, .. } | Button::Link { text, .. } => {
                *text = taken(text, from_text(text, words));
            }
        }
    }
    if let Some(placeholder) = &mut without.placeholder {
        *placeholder = taken(placeholder, from_text(placeholder, words));
    }
    changed.then_some(without)
}

/// Finished HTML without these words; none where they do not stand in it.
pub fn from_html(html: &str, words: &Words) -> Option<String> {
    cut_out(html, &seen_of_html(html), words)
}

/// Plain text without these words; none where they do not stand in it.
pub fn from_text(text: &str, words: &Words) -> Option<String> {
    let seen: Vec<Seen> = text
        .char_indices()
        .map(|(from, character)| Seen {
            character,
            from,
            to: from + character.len_utf8(),
        })
        .collect();
    cut_out(text, &seen, words)
}

fn cut_out(source: &str, seen: &[Seen], words: &Words) -> Option<String> {
    let dense: Vec<&Seen> = seen
        .iter()
        .filter(|one| !one.character.is_whitespace())
        .collect();
    let characters: Vec<char> = dense.iter().map(|one| one.character).collect();
    let found = words.found(&characters);
    if found.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(source.len());
    let mut done = 0;
    for range in found {
        let (from, to) = (dense[range.start].from, dense[range.end - 1].to);
        let between = &source[done..from];
        // Lines of one text that stood behind each other have one mark together.
        if !(between.trim().is_empty() && out.ends_with(REDACTED)) {
            out.push_str(between);
            out.push_str(REDACTED);
        }
        tags_in(&source[from..to]).for_each(|tag| out.push_str(tag));
        done = to;
    }
    out.push_str(&source[done..]);
    Some(out)
}

/// The tags inside a cut: what they open or close stays opened or closed.
fn tags_in(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let from = rest.find('<')?;
        let to = from + rest[from..].find('>')? + 1;
        let tag = &rest[from..to];
        rest = &rest[to..];
        Some(tag)
    })
}

/// What is seen of HTML that [`super::Html`] wrote: no tags, entities as their characters.
fn seen_of_html(html: &str) -> Vec<Seen> {
    const ENTITIES: [(&str, char); 4] = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&amp;", '&'),
    ];
    let mut seen = Vec::with_capacity(html.len());
    let mut at = 0;
    while let Some(character) = html[at..].chars().next() {
        let rest = &html[at..];
        if character == '<' {
            at += rest.find('>').map_or(rest.len(), |end| end + 1);
            continue;
        }
        let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (character, length) = match entity {
            Some((entity, character)) => (*character, entity.len()),
            None => (character, character.len_utf8()),
        };
        seen.push(Seen {
            character,
            from: at,
            to: at + length,
        });
        at += length;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{at, text};
    use crate::ledger::{Act, Actor, ENTRY_VERSION, LedgerEntry, Survey};

    fn words(of: &str) -> Words {
        let entry = LedgerEntry {
            seq: 1,
            at: at("2026-11-23"),
            version: ENTRY_VERSION,
            by: Actor::Bot,
            act: Act::Paused {
                reason: text(of),
                until: None,
            },
        };
        Survey::new(entry).words
    }

    fn html(html: &str, of: &str) -> String {
        from_html(html, &words(of)).unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn the_mark_takes_the_place_of_words_whole_or_cut_and_nothing_else_changes() {
        let said = "管材 <进口> 到货晚，联系人张三";
        for (before, after) in [
            (
                "问题：管材 &lt;进口&gt; 到货晚，联系人张三\n下一步：无",
                "问题：〔已按规定删除〕\n下一步：无",
            ),
            (
                "<b>管材&lt;进口&gt;到货…</b>，共2项",
                "<b>〔已按规定删除〕</b>，共2项",
            ),
            (
                "管材 &lt;进口&gt; 到<b>货晚，联系人</b>张三。",
                "〔已按规定删除〕<b></b>。",
            ),
            ("管材 &lt;进口&gt; 到货正常", "-"),
            ("管材…", "-"),
        ] {
            assert_eq!(html(before, said), after, "{before}");
        }
    }

    #[test]
    fn lines_of_one_text_are_found_alone_and_have_one_mark_together() {
        let said = "完成主体工程。\n\n联系人张三";
        assert_eq!(
            html("a-12 完成主体工程 · 市住建局", said),
            "a-12 〔已按规定删除〕 · 市住建局"
        );
        assert_eq!(
            html("进展：完成主体工程。 联系人张三！", said),
            "进展：〔已按规定删除〕！"
        );
        assert_eq!(
            html("完成主体工程，联系人张三", said),
            "〔已按规定删除〕，〔已按规定删除〕"
        );
    }

    #[test]
    fn words_of_three_characters_are_not_looked_for() {
        assert!(words("无困难").is_empty());
        assert_eq!(html("问题：无困难", "无困难"), "-");
    }

    #[test]
    fn buttons_and_placeholders_lose_them_too() {
        let message = Message {
            placeholder: Some("原文：联系人张三".to_owned()),
            ..Message::text("请选择")
        }
        .row(vec![Button::press("仍是：联系人张三", "r:x")]);
        let without = without(&message, &words("联系人张三")).unwrap();
        assert_eq!(
            without.keyboard[0][0],
            Button::press("仍是：〔已按规定删除〕", "r:x")
        );
        assert_eq!(
            without.placeholder.as_deref(),
            Some("原文：〔已按规定删除〕")
        );
        assert_eq!(without.blocks, message.blocks);
    }
}
