//! Sheets: blocks laid below each other, as many sheets as they take, each with its head, its number and the stamp of its moment.

use super::canvas::{Canvas, INK, MUTED, Style};
use super::{LEAST_TEXT, MOST_HEIGHT, WIDTH, font};
use crate::digest::Pack;

/// Left and right of everything.
pub const MARGIN: i32 = 40;
/// Where everything ends on the right.
pub const RIGHT: i32 = WIDTH - MARGIN;
/// Size of ordinary text.
pub const BODY: i32 = LEAST_TEXT + 2;
/// Height of the footer.
pub const FOOTER: i32 = 74;
/// Height of the head of every sheet but the first.
const LATER_HEAD: i32 = 104;

/// A piece of a sheet that is not torn apart.
pub struct Block<'b> {
    /// How high it is.
    pub height: i32,
    /// Draws it from this height down.
    pub draw: Draw<'b>,
}

/// Draws something from a height down.
pub type Draw<'b> = Box<dyn Fn(&mut Canvas, i32) + 'b>;

/// Which sheet of how many; none where there is one alone.
pub type Number = Option<(usize, usize)>;

/// The head of a first sheet.
pub struct Head<'h> {
    /// How high it is.
    pub height: i32,
    /// Draws it.
    pub draw: DrawHead<'h>,
}

/// Draws a head with the number of its sheet.
pub type DrawHead<'h> = Box<dyn Fn(&mut Canvas, Number) + 'h>;

/// How many sheets there are beside these.
pub struct Room<'r> {
    /// Most of these.
    pub most: usize,
    /// Sheets of another kind that follow and are counted too.
    pub follow: usize,
    /// What is said where there are more blocks than sheets for them.
    pub rest: &'r str,
}

/// Lays blocks out on sheets.
pub fn sheets(
    pack: &Pack<'_>,
    head: &Head<'_>,
    blocks: &[Block<'_>],
    room: &Room<'_>,
) -> Vec<String> {
    let mut pages: Vec<(Vec<&Block<'_>>, i32)> = vec![(Vec::new(), head.height)];
    for block in blocks {
        let (page, used) = pages.last_mut().expect("it begins with one");
        if *used + block.height + FOOTER > MOST_HEIGHT && !page.is_empty() {
            pages.push((vec![block], LATER_HEAD + block.height));
        } else {
            page.push(block);
            *used += block.height;
        }
    }
    let all = pages.len();
    pages.truncate(room.most);
    let own = pages.len();
    let count = own + room.follow;
    let sheets = pages.iter().enumerate().map(|(index, (page, used))| {
        let mut canvas = Canvas::default();
        let number = (count > 1).then_some((index + 1, count));
        let mut y = match index {
            0 => {
                (head.draw)(&mut canvas, number);
                head.height
            }
            _ => {
                later_head(&mut canvas, pack, number);
                LATER_HEAD
            }
        };
        for block in page {
            (block.draw)(&mut canvas, y);
            y += block.height;
        }
        let cut = all > own && index + 1 == own;
        footer(&mut canvas, pack, *used, cut.then_some(room.rest));
        canvas.finish(used + FOOTER)
    });
    sheets.collect()
}

/// The task force and what is shown of it, over the moment and the number of the sheet.
pub fn title(canvas: &mut Canvas, pack: &Pack<'_>, what: &str, number: Number) {
    let style = Style::bold(44, INK);
    let name = &pack.frame.plan.task_force.short_name;
    let room = RIGHT - MARGIN - font::width(what, style.size);
    let name = font::fit(name, style.size, room);
    canvas.text(MARGIN, 88, style, &format!("{name}{what}"), RIGHT - MARGIN);
    let start = page_number(canvas, 136, number);
    let room = start - MARGIN - 20;
    canvas.text(MARGIN, 136, Style::plain(30, MUTED), &moment(pack), room);
}

/// The stamp of the moment at the foot of a sheet, behind what else is to be said.
pub fn footer(canvas: &mut Canvas, pack: &Pack<'_>, y: i32, said: Option<&str>) {
    let stamp = pack.stamp;
    let mut text = format!("台账序号{} · {}", stamp.seq, stamp.head);
    if let Some(said) = said {
        text = format!("{said} · {text}");
    }
    let style = Style::plain(LEAST_TEXT, MUTED);
    canvas.text(MARGIN, y + 46, style, &text, RIGHT - MARGIN);
}

/// 第3期 · 截至2026年12月11日 16:00.
fn moment(pack: &Pack<'_>) -> String {
    let stamp = pack.stamp;
    let unposted = if stamp.posted { "" } else { "（未发）" };
    let at = crate::calendar::local(stamp.cut_off_at).format("%Y年%-m月%-d日 %H:%M");
    format!("第{}期{unposted} · 截至{at}", stamp.number)
}

fn later_head(canvas: &mut Canvas, pack: &Pack<'_>, number: Number) {
    let start = page_number(canvas, 70, number);
    let room = start - MARGIN - 20;
    canvas.text(MARGIN, 70, Style::plain(BODY, MUTED), &moment(pack), room);
}

/// Which sheet it is, on the right; where it begins.
fn page_number(canvas: &mut Canvas, y: i32, number: Number) -> i32 {
    let Some((at, of)) = number else {
        return RIGHT;
    };
    let text = format!("第{at}张，共{of}张");
    canvas.text_to(RIGHT, y, Style::plain(BODY, MUTED), &text, 300)
}
