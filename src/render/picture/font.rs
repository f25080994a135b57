//! The font of the pictures: Noto Sans SC Medium, cut down to the characters in use (`font/make.py`), under the SIL Open Font Licence.

use std::collections::HashMap;
use std::sync::LazyLock;

use flate2::{Decompress, FlushDecompress};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

/// Name of the font.
pub const FAMILY: &str = "Noto Sans SC";

/// Stands for a character the font does not have.
const BOX: char = '□';
/// Ends what was cut.
const CUT: char = '…';

/// Bytes before the packed ones, in a gzip file without a name.
const HEADER: usize = 10;

static PACKED: &[u8] = include_bytes!("font/NotoSansSC-Medium.ttf.gz");
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_, size) = PACKED.split_last_chunk().expect("gzip ends with the size");
    let size = u32::from_le_bytes(*size);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    Decompress::new(false)
        .decompress_vec(&PACKED[HEADER..], &mut bytes, FlushDecompress::Finish)
        .expect("the font was packed whole");
    bytes
});
/// How wide each character is, in thousandths of its size.
static ADVANCES: LazyLock<HashMap<char, f32>> = LazyLock::new(|| {
    let font = FontRef::new(bytes()).expect("the font is one");
    let units = font.metrics(Size::unscaled(), LocationRef::default());
    let widths = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let advance = |(code, glyph)| {
        let width = widths.advance_width(glyph)?;
        Some((char::from_u32(code)?, width / f32::from(units.units_per_em)))
    };
    font.charmap().mappings().filter_map(advance).collect()
});

/// The font as a TrueType file.
pub fn bytes() -> &'static [u8] {
    &BYTES
}

/// Whether the font has a character.
pub fn has(c: char) -> bool {
    ADVANCES.contains_key(&c)
}

/// Whether a character is drawn as a box: the font does not have it, and it is neither a space nor without shape.
pub fn lacks(c: char) -> bool {
    !c.is_whitespace() && !is_shapeless(c) && !has(c)
}

fn is_shapeless(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// A text as it is drawn: on one line, with a box for what the font does not have and nothing for what has no shape.
pub fn drawn(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_shapeless(*c));
    let shown = shown.map(|c| match c {
        c if lacks(c) => BOX,
        c if c.is_whitespace() => ' ',
        c => c,
    });
    shown.collect()
}

/// Width of a drawn text of this size, in pixels, rounded up.
pub fn width(text: &str, size: i32) -> i32 {
    let ems: f32 = text.chars().map(|c| ADVANCES.get(&c).unwrap_or(&1.0)).sum();
    // Texts are clipped to the picture before, so that this stays far below what either type holds.
    (ems * size as f32).ceil() as i32
}

/// A text as it is drawn, cut so that it is not wider than this.
pub fn fit(text: &str, size: i32, most: i32) -> String {
    let mut text = drawn(text);
    if width(&text, size) <= most {
        return text;
    }
    let room = most - width(&CUT.to_string(), size);
    let mut used = 0.0;
    let fits = text.char_indices().take_while(|(_, c)| {
        used += ADVANCES.get(c).unwrap_or(&1.0) * size as f32;
        used <= room as f32
    });
    let end = fits.last().map_or(0, |(at, c)| at + c.len_utf8());
    text.truncate(end);
    text.push(CUT);
    text
}
