//! Long messages: split between self-contained blocks into numbered parts.

use super::Message;

/// Most UTF-16 units of visible text in a part: Telegram's 4096 less room for the part's number.
const MOST_UNITS: usize = 4_000;
/// Most bytes of a part with its markup: Telegram's 32,768 less room for the part's number.
const MOST_BYTES: usize = 32_000;
/// Most formatted pieces in a part; Telegram drops the formatting of the rest without a word.
const MOST_PIECES: usize = 100;

/// The parts of a message, each within Telegram's limits; the keyboard stands under the last. Blocks are never cut, but one that is too long by
/// itself loses its formatting and is cut between characters.
pub fn split(message: Message) -> Vec<Message> {
    let mut parts: Vec<Vec<String>> = Vec::new();
    let mut weight = Weight::default();
    for block in message.blocks.into_iter().flat_map(fitting) {
        let with = weight.and(&block);
        match parts.last_mut() {
            Some(part) if with.fits() => {
                part.push(block);
                weight = with;
            }
            Some(_) | None => {
                weight = Weight::default().and(&block);
                parts.push(vec![block]);
            }
        }
    }
    number(parts, message.keyboard, message.placeholder)
}

fn number(
    parts: Vec<Vec<String>>,
    keyboard: Vec<Vec<super::Button>>,
    placeholder: Option<String>,
) -> Vec<Message> {
    let count = parts.len();
    let numbered = parts.into_iter().enumerate().map(|(index, mut blocks)| {
        if count > 1 {
            blocks.push(format!("（{}/{count}）", index + 1));
        }
        Message {
            blocks,
            ..Message::default()
        }
    });
    let mut parts: Vec<Message> = numbered.collect();
    if let Some(last) = parts.last_mut() {
        last.keyboard = keyboard;
        last.placeholder = placeholder;
    }
    parts
}

#[derive(Default, Clone, Copy)]
struct Weight {
    units: usize,
    bytes: usize,
    pieces: usize,
}

impl Weight {
    fn and(self, block: &str) -> Self {
        Self {
            units: self.units + without_tags(block).encode_utf16().count() + 1,
            bytes: self.bytes + block.len() + 1,
            pieces: self.pieces + block.matches('<').count() - block.matches("</").count(),
        }
    }

    fn fits(self) -> bool {
        self.units <= MOST_UNITS && self.bytes <= MOST_BYTES && self.pieces <= MOST_PIECES
    }
}

/// The block itself, or its plain text in pieces that fit.
fn fitting(block: String) -> Vec<String> {
    if Weight::default().and(&block).fits() {
        return vec![block];
    }
    let plain: Vec<char> = without_tags(&block).chars().collect();
    // A character is at most two units and, escaped, six bytes: an eighth of the limits always fits.
    plain
        .chunks(MOST_UNITS / 2)
        .map(|piece| super::escape(&piece.iter().collect::<String>()))
        .collect()
}

/// Visible text of HTML that we made: tags dropped, the four entities read back.
pub fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::super::Button;
    use super::*;

    #[test]
    fn a_short_message_stays_whole_and_unnumbered() {
        let message = Message::text("<b>好</b>").row(vec![Button::press("是", "r:x")]);
        assert_eq!(split(message.clone()), vec![message]);
    }

    #[test]
    fn a_long_message_is_cut_between_blocks_and_numbered() {
        let blocks: Vec<String> = (0..120)
            .map(|n| format!("<b>{n}</b> {}", "长".repeat(60)))
            .collect();
        let whole = blocks.join("");
        let parts = split(Message {
            blocks,
            keyboard: vec![vec![Button::press("是", "r:x")]],
            placeholder: None,
        });
        assert_eq!(parts.len(), 2);
        for part in &parts {
            assert!(without_tags(&part.html()).encode_utf16().count() <= 4096);
            assert_eq!(
                part.html().matches("<b>").count(),
                part.html().matches("</b>").count()
            );
        }
        assert!(parts[0].keyboard.is_empty() && !parts[1].keyboard.is_empty());
        assert!(parts[0].html().ends_with("（1/2）") && parts[1].html().ends_with("（2/2）"));
        let again: String = parts
            .iter()
            .flat_map(|part| part.blocks.iter().filter(|block| !block.starts_with('（')))
            .cloned()
            .collect();
        assert_eq!(again, whole);
    }

    #[test]
    fn one_block_over_the_limit_loses_its_formatting_and_nothing_else() {
        let text = "<&>".repeat(3_000);
        let parts = split(Message::text(format!(
            "<b>{}</b>",
            super::super::escape(&text)
        )));
        let blocks = parts.iter().flat_map(|part| &part.blocks);
        let words = blocks.filter(|block| !block.starts_with('（'));
        let again: String = words.map(|block| without_tags(block)).collect();
        assert_eq!(again, text);
        assert!(parts.iter().all(|part| part.html().len() <= 32_768));
    }

    #[test]
    fn more_than_a_hundred_pieces_go_into_a_second_part() {
        let blocks = (0..150).map(|n| format!("<b>{n}</b>")).collect();
        let parts = split(Message {
            blocks,
            ..Message::default()
        });
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].html().matches("<b>").count(), 100);
    }
}
