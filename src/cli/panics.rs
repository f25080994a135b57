//! What is said of a mistake of ours: where it happened, and never the values it happened with, which may be people's words.

use std::any::Any;
use std::panic;

/// Says so from here on, in one line on stderr.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        let place = place.unwrap_or_else(|| "an unknown place".to_owned());
        eprintln!("duban: {}", line(&place, info.payload()));
    }));
}

/// A literal is ours; a text put together at run time may hold what was being read, as that of an index within a character does.
fn line(place: &str, payload: &dyn Any) -> String {
    let why = payload.downcast_ref::<&'static str>();
    let why = why.map_or("with values that are not shown", |why| *why);
    format!("a mistake in the program at {place}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(work: impl FnOnce() + panic::UnwindSafe) -> String {
        let payload = panic::catch_unwind(work).expect_err("it panics");
        line("src/x.rs:1:1", payload.as_ref())
    }

    #[test]
    fn a_panic_names_its_place_and_no_words() {
        let words = "机要词句";
        let cut = said(move || assert!(words[..words.len() - 1].is_empty()));
        assert_eq!(
            cut,
            "a mistake in the program at src/x.rs:1:1: with values that are not shown"
        );
        let told = said(|| panic!("there is one since the line above"));
        assert!(
            told.ends_with(": there is one since the line above"),
            "{told}"
        );
    }
}
