//! The mark of a light: a shape of its own beside its colour, so that no eye has to tell red from green.

use super::canvas::Canvas;
use crate::ledger::Light;

/// All lights, the worst first.
pub const WORST_FIRST: [Light; 6] = [
    Light::Red,
    Light::Yellow,
    Light::Green,
    Light::Grey,
    Light::Done,
    Light::Frozen,
];

/// Colour of a light's mark and bar; each keeps a contrast of 3 to 1 and more on white.
pub fn colour(light: Light) -> &'static str {
    match light {
        Light::Red => "#c0392b",
        Light::Yellow => "#c98500",
        Light::Green => "#2e8b57",
        Light::Grey => "#7b8794",
        Light::Done => "#2b6cb0",
        Light::Frozen => "#6b5b95",
    }
}

/// Draws it around a middle, `r` from there to its edge: a square for red, a triangle for yellow, a disc for green, a ring for grey, a
/// tick for done, two bars for frozen.
pub fn draw(canvas: &mut Canvas, light: Light, at: (i32, i32), r: i32) {
    draw_in(canvas, light, at, r, colour(light));
}

/// The same in another colour, to stand on its own.
pub fn draw_in(canvas: &mut Canvas, light: Light, (x, y): (i32, i32), r: i32, fill: &str) {
    let stroke = (r / 3).max(3);
    canvas.put(&match light {
        Light::Red => {
            let (left, top, side) = (x - r + 1, y - r + 1, 2 * r - 2);
            format!(r#"<rect x="{left}" y="{top}" width="{side}" height="{side}" rx="2" fill="{fill}"/>"#)
        }
        Light::Yellow => {
            let (top, base, left, right) = (y - r, y + r - 2, x - r - 1, x + r + 1);
            format!(r#"<path d="M{x} {top}L{right} {base}H{left}Z" fill="{fill}"/>"#)
        }
        Light::Green => format!(r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>"#),
        Light::Grey => {
            let r = r - stroke / 2;
            format!(
                r#"<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{fill}" stroke-width="{stroke}"/>"#
            )
        }
        Light::Done => {
            let (left, right, low, high) = (x - r, x + r, y + r - 3, y - r + 3);
            let knee = x - r / 4;
            format!(
                r#"<path d="M{left} {y}L{knee} {low}L{right} {high}" fill="none" stroke="{fill}" stroke-width="{}"/>"#,
                stroke + 1
            )
        }
        Light::Frozen => {
            let (left, right, top, base) = (x - r / 2, x + r / 2, y - r, y + r);
            format!(
                r#"<path d="M{left} {top}V{base}M{right} {top}V{base}" stroke="{fill}" stroke-width="{}"/>"#,
                stroke + 2
            )
        }
    });
}
