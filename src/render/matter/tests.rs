//! Words of people stand escaped in every message of this slice.

use super::*;
use crate::conversation::BotAccount;
use crate::ledger::testing::{Story, at, frame_of};

const PLAN: &str = include_str!("../../../tests/transcripts/config/matter/plans/drainage.toml");

#[test]
fn hostile_and_long_words_are_escaped_and_cut() {
    let frame = frame_of(PLAN);
    let mut story = Story::live(&frame);
    let words = format!("<b>接电</b> & {}", "很长".repeat(600));
    let seq = story.ask_help("1-1", "5", "gdgs", &words);
    let standing = story.standing();
    let bot = BotAccount {
        id: 1,
        username: "DubanBot".to_owned(),
    };
    let scene = Scene {
        frame: &frame,
        standing: &standing,
        now: at("2026-11-23 11:00"),
        bot: &bot,
    };
    let hand = Hand {
        answers: true,
        settles: true,
    };
    let shown = [
        card(&scene, seq, hand).html(),
        list(&scene, 9, &[seq]).html(),
        notice(&scene, &[seq], true).html(),
    ];
    for html in shown {
        assert!(html.contains("&lt;b&gt;接电&lt;/b&gt; &amp;"), "{html}");
        assert!(html.chars().count() < 500, "{html}");
    }
}
