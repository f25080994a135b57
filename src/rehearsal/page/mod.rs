//! The rehearsal page: its files as they are served, and its words that come from the server.

pub(super) mod words;

/// A file of the page.
#[derive(Debug, Clone, Copy)]
struct Asset {
    name: &'static str,
    content: &'static str,
}

macro_rules! assets {
    ($($name:literal)*) => {
        /// Every file of the page, from the binary.
        const ASSETS: &[Asset] = &[$(Asset { name: $name, content: include_str!($name) }),*];
    };
}

assets! {
    "index.html"
    "icon.svg"
    "style.css"
    "chat.css"
    "tools.css"
    "dom.js"
    "time.js"
    "net.js"
    "text.js"
    "app.js"
    "bubble.js"
    "notices.js"
    "people.js"
    "chats.js"
    "chat.js"
    "composer.js"
    "main.js"
    "strip.js"
    "tabs.js"
    "clock.js"
    "stage.js"
    "delivery.js"
    "keeping.js"
}

/// The file of this name with its content type.
pub(super) fn asset(name: &str) -> Option<(&'static str, String)> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some((
        content_type(name),
        in_tree(asset).unwrap_or(asset.content.to_owned()),
    ))
}

/// A debug build shows the file as it stands in the source tree now, so that whoever works on the page sees it at a reload.
fn in_tree(asset: &Asset) -> Option<String> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rehearsal/page");
    std::fs::read_to_string(std::path::Path::new(folder).join(asset.name)).ok()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    }
}
