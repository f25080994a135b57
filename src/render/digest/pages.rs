//! Old digests in the chat: paged in place, listed by month.

use chrono::{DateTime, Utc};

use crate::calendar;
use crate::conversation::payload::Payload;
use crate::conversation::query::Press;
use crate::render::{Button, Message, Scene};

/// Characters with markup on one page; Telegram takes 4096 without it.
const MOST_ON_PAGE: usize = 3_500;

/// Buttons of months in one row.
const IN_ROW: usize = 2;

/// One page of a digest as it was sent, with buttons to the others; a page past the end is the last.
pub fn page(number: u32, message: Message, page: usize) -> Message {
    let pages = pages(message.blocks);
    let count = pages.len();
    let page = page.min(count.saturating_sub(1));
    let mut blocks = pages.into_iter().nth(page).unwrap_or_default();
    if count > 1 {
        blocks.push(format!("第{}/{count}页", page + 1));
    }
    let message = Message {
        blocks,
        ..Message::default()
    };
    message.row(turns(page, count, |page| Press::Digest { number, page }))
}

/// Buttons to the page before and the page after.
pub(in crate::render) fn turns(
    page: usize,
    count: usize,
    press: impl Fn(usize) -> Press,
) -> Vec<Button> {
    let button = |text: &str, page| Button::press(text, Payload::Query(press(page)).encode());
    let mut row = Vec::new();
    if page > 0 {
        row.push(button("‹ 上一页", page - 1));
    }
    if page + 1 < count {
        row.push(button("下一页 ›", page + 1));
    }
    row
}

fn pages(blocks: Vec<String>) -> Vec<Vec<String>> {
    let mut pages: Vec<(usize, Vec<String>)> = Vec::new();
    for block in blocks {
        let length = block.chars().count() + 1;
        match pages.last_mut() {
            Some((so_far, page)) if *so_far + length <= MOST_ON_PAGE => {
                *so_far += length;
                page.push(block);
            }
            Some(_) | None => pages.push((length, vec![block])),
        }
    }
    pages.into_iter().map(|(_, page)| page).collect()
}

/// There is no digest of this number.
pub fn unknown_number(scene: &Scene<'_>, number: u32) -> Message {
    let digests = &scene.standing.digests;
    match (digests.first(), digests.last()) {
        (Some(first), Some(last)) if first.number == last.number => Message::text(format!(
            "没有第{number}期周报。目前只有第{}期。",
            last.number
        )),
        (Some(first), Some(last)) => Message::text(format!(
            "没有第{number}期周报。现有第{}至{}期。",
            first.number, last.number
        )),
        (None, _) | (_, None) => Message::text("还没有发布过周报。发 /digest 可以看即时周报。"),
    }
}

/// The digests of a month, a button each.
pub fn list(year: i32, month: u32, numbers: &[(u32, DateTime<Utc>)]) -> Message {
    if numbers.is_empty() {
        return Message::text(format!("{year}年{month}月没有发布周报。"));
    }
    let mut message = Message::text(format!("{year}年{month}月的周报，请选择："));
    let button = |(number, at): &(u32, DateTime<Utc>)| {
        let day = calendar::local(*at).format("%-m月%-d日");
        let press = Press::Digest {
            number: *number,
            page: 0,
        };
        Button::press(
            format!("第{number}期（{day}）"),
            Payload::Query(press).encode(),
        )
    };
    for row in numbers.chunks(IN_ROW) {
        message = message.row(row.iter().map(button).collect());
    }
    message
}
