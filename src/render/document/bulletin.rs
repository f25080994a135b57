//! The report (简报, docx) in the layout of Chinese official documents (GB/T 9704).

use docx_rs::{Docx, Paragraph, Run};

use super::{Unmade, stamp_line, title_of};
use crate::digest::Pack;
use crate::render;

/// The whole report.
///
/// # Errors
/// The package cannot be written.
pub fn bulletin(pack: &Pack<'_>) -> Result<Vec<u8>, Unmade> {
    let message = render::digest::post(pack.frame, pack.digest);
    let text = render::without_tags(&message.html());
    let line = |words: &str| Paragraph::new().add_run(Run::new().add_text(words));
    let mut docx = Docx::new().add_paragraph(line(&title_of(pack.frame, "简报")));
    for words in text.lines() {
        docx = docx.add_paragraph(line(words));
    }
    let docx = docx.add_paragraph(line(&stamp_line(pack.stamp)));
    let mut bytes = std::io::Cursor::new(Vec::new());
    let packed = docx.pack(&mut bytes);
    packed.map_err(|error| Unmade::Bulletin(error.to_string()))?;
    Ok(bytes.into_inner())
}
