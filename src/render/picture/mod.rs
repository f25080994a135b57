//! Pictures: drawn as SVG from one moment of the ledger, then as PNG with the program's own font. The same moment gives the same bytes.

mod axis;
mod board;
mod canvas;
mod chart;
pub mod font;
mod mark;
mod sheet;
#[cfg(test)]
mod tests;
mod tiles;
mod trend;

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::document::Unmade;
use super::document::bulletin::Picture;
use crate::digest::{Course, Pack};
use crate::plan::MeasureId;

/// Width of every picture, in pixels: a phone held upright.
pub const WIDTH: i32 = 1080;
/// Most height of one sheet.
pub const MOST_HEIGHT: i32 = 2160;
/// No text is smaller, in pixels, so that it reads on a phone without zooming.
pub const LEAST_TEXT: i32 = 26;
/// Most sheets of one picture: what one album of Telegram holds.
pub const MOST_SHEETS: usize = 10;

/// What all pictures are drawn with.
static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(font::bytes())));
    usvg::Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    }
});

/// The board: its sheets as SVG, the worst first, and behind them the trend as soon as there are two weeks to compare.
pub fn board(pack: &Pack<'_>, course: &Course) -> Vec<String> {
    let compares = course.weeks().iter().flatten().count() > 1;
    let follow = usize::from(compares);
    let mut sheets = board::sheets(pack, course, MOST_SHEETS - follow, follow);
    if compares {
        let number = sheets.len() + 1;
        sheets.push(trend::sheet(pack, course, Some((number, number))));
    }
    sheets
}

/// The first sheet of the board, to stand alone.
pub fn front(pack: &Pack<'_>, course: &Course) -> Option<String> {
    board::sheets(pack, course, MOST_SHEETS, 0)
        .into_iter()
        .next()
}

/// The trend of the last weeks (走势) as SVG, to stand alone.
pub fn trend(pack: &Pack<'_>, course: &Course) -> String {
    trend::sheet(pack, course, None)
}

/// The targets of a measure over time (进度曲线) as SVG; of none: the general targets.
pub fn chart(pack: &Pack<'_>, course: &Course, measure: Option<&MeasureId>) -> Vec<String> {
    chart::sheets(pack, &pack.chart(measure, course))
}

/// What one of several sheets is called as a file; `index` counts from 0.
pub fn sheet_name(name: &str, index: usize, of: usize) -> String {
    match (name.rsplit_once('.'), of) {
        (Some((name, ending)), 2..) => format!("{name}-{}.{ending}", index + 1),
        (Some(_) | None, _) => name.to_owned(),
    }
}

/// An SVG of ours as PNG.
///
/// # Errors
/// It is no SVG, or too large to draw.
pub fn png(svg: &str) -> Result<Vec<u8>, Unmade> {
    Ok(of(svg)?.png)
}

/// An SVG of ours as PNG, with its size.
///
/// # Errors
/// It is no SVG, or too large to draw.
pub fn of(svg: &str) -> Result<Picture, Unmade> {
    let wrong = |why: String| Unmade::Picture(why);
    let tree = usvg::Tree::from_str(svg, &OPTIONS).map_err(|error| wrong(error.to_string()))?;
    let size = tree.size().to_int_size();
    let pixmap = Pixmap::new(size.width(), size.height());
    let mut pixmap = pixmap.ok_or_else(|| wrong(format!("{size:?} is too large")))?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let png = pixmap.encode_png();
    Ok(Picture {
        png: png.map_err(|error| wrong(error.to_string()))?,
        width: size.width(),
        height: size.height(),
    })
}
