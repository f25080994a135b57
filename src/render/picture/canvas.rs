//! An SVG under construction: shapes and escaped text, in whole pixels from the upper left.

use std::fmt::Write as _;

use super::{WIDTH, font};
use crate::render::escape;

/// Near black, for what is read first.
pub const INK: &str = "#1f2933";
/// Grey that still reads on white, for what is read second.
pub const MUTED: &str = "#5b6770";
/// Hairlines and empty bars.
pub const PALE: &str = "#e3e7ea";
/// The ground of what stands out.
pub const GROUND: &str = "#f5f7f8";
/// A number that is nothing.
pub const FAINT: &str = "#9aa5ad";

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Size in pixels.
    pub size: i32,
    /// Colour.
    pub fill: &'static str,
    /// Whether its strokes are thickened: the font comes in one weight.
    pub bold: bool,
}

impl Style {
    /// Thin text.
    pub fn plain(size: i32, fill: &'static str) -> Self {
        Self {
            size,
            fill,
            bold: false,
        }
    }

    /// Thick text.
    pub fn bold(size: i32, fill: &'static str) -> Self {
        Self {
            bold: true,
            ..Self::plain(size, fill)
        }
    }
}

/// What is drawn so far.
#[derive(Debug, Default)]
pub struct Canvas {
    body: String,
}

impl Canvas {
    /// A text that begins at `x`, on the line `y`, cut where it is wider than `most`; where it ends.
    pub fn text(&mut self, x: i32, y: i32, style: Style, text: &str, most: i32) -> i32 {
        let text = font::fit(text, style.size, most);
        let end = x + font::width(&text, style.size);
        let Style { size, fill, .. } = style;
        let stroke = match style.bold {
            true => format!(
                r#" stroke="{fill}" stroke-width="{}.{}""#,
                size / 40,
                size / 4 % 10
            ),
            false => String::new(),
        };
        let text = escape(&text);
        self.put(&format!(
            r#"<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{stroke}>{text}</text>"#
        ));
        end
    }

    /// A text that ends at `x`; where it begins.
    pub fn text_to(&mut self, x: i32, y: i32, style: Style, text: &str, most: i32) -> i32 {
        let text = font::fit(text, style.size, most);
        let start = x - font::width(&text, style.size);
        self.text(start, y, style, &text, most + 1);
        start
    }

    /// A text with its middle at `x`; where it ends.
    pub fn text_at(&mut self, x: i32, y: i32, style: Style, text: &str, most: i32) -> i32 {
        let text = font::fit(text, style.size, most);
        let start = x - font::width(&text, style.size) / 2;
        self.text(start, y, style, &text, most + 1)
    }

    /// A line with round ends through these points; `dashed`: with gaps.
    pub fn line(&mut self, points: &[(i32, i32)], stroke: &str, width: i32, dashed: bool) {
        let Some(((x, y), rest)) = points.split_first() else {
            return;
        };
        let mut path = format!("M{x} {y}");
        for (x, y) in rest {
            let written = write!(path, "L{x} {y}");
            written.expect("writing to a text does not fail");
        }
        let gaps = match dashed {
            true => format!(r#" stroke-dasharray="{} {}""#, width * 3, width * 3),
            false => String::new(),
        };
        self.put(&format!(
            r#"<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"{gaps}/>"#
        ));
    }

    /// A disc.
    pub fn disc(&mut self, (x, y): (i32, i32), r: i32, fill: &str) {
        self.put(&format!(
            r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>"#
        ));
    }

    /// A rectangle with round corners of this radius.
    pub fn bar(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), fill: &str, round: i32) {
        self.put(&format!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}" fill="{fill}"/>"#
        ));
    }

    /// Any other shape.
    pub fn put(&mut self, shape: &str) {
        self.body.push_str(shape);
        self.body.push('\n');
    }

    /// The whole picture, on white.
    pub fn finish(self, height: i32) -> String {
        let mut svg = String::with_capacity(self.body.len() + 256);
        let family = font::FAMILY;
        let head = writeln!(
            svg,
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="{family}">
<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>"##
        );
        head.expect("writing to a text does not fail");
        svg.push_str(&self.body);
        svg.push_str("</svg>\n");
        svg
    }
}
