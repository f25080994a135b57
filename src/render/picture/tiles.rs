//! Many measures: a tile each, three in a row.

use super::board::{age, name_of};
use super::canvas::{Canvas, GROUND, INK, MUTED, Style};
use super::sheet::{Block, MARGIN, RIGHT};
use super::{LEAST_TEXT, mark};
use crate::digest::{Board, BoardRow, Pack};

/// Tiles in a row.
const IN_ROW: usize = 3;
/// Between two tiles.
const GAP: i32 = 16;
/// A tile.
const WIDE: i32 = (RIGHT - MARGIN - 2 * GAP) / 3;
const HIGH: i32 = 104;

/// The board in rows of tiles.
pub fn blocks<'b>(pack: &Pack<'b>, board: &'b Board<'b>) -> Vec<Block<'b>> {
    let today = pack.today();
    let rows = board.rows.chunks(IN_ROW).map(|rows| Block {
        height: HIGH + GAP,
        draw: Box::new(move |canvas: &mut Canvas, y: i32| {
            for (row, at) in rows.iter().zip(0..) {
                tile(
                    canvas,
                    row,
                    &age(row, today),
                    (MARGIN + at * (WIDE + GAP), y),
                );
            }
        }),
    });
    rows.collect()
}

fn tile(canvas: &mut Canvas, row: &BoardRow<'_>, age: &str, (x, y): (i32, i32)) {
    canvas.bar((x, y), (WIDE, HIGH), GROUND, 10);
    let name = Style::bold(LEAST_TEXT, INK);
    canvas.text(x + 16, y + 42, name, &name_of(row), WIDE - 32);
    mark::draw(canvas, row.light, (x + 29, y + 74), 12);
    let style = Style::plain(LEAST_TEXT, MUTED);
    canvas.text(x + 54, y + 84, style, age, WIDE - 70);
}
