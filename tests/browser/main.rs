//! The rehearsal page in a real browser, on a phone's screen and on a desk's: a member answers a reminder, the chief asks and jumps to
//! Friday; then whatever else happens in Telegram. Left out where Chromium and ChromeDriver are not installed, unless `CI=true`.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod corners;
mod room;
mod visit;
mod webdriver;

use std::io::Write;

use room::Room;
use visit::Visit;
use webdriver::Programs;

/// Monday morning, everything set up, the first cards just sent.
const SETTING: &str = "\
@ 2026-11-23 08:30
栾频> /start
蒋德强> /start
李俊卿> /start
! add-bot 栾频
! promote-bot 栾频
栾频> /golive
栾频> [正式启用]
栾频> [确认启用]
@ 2026-11-23 09:00
";

/// A room on that Monday.
fn monday(strict: bool) -> Room {
    let strict = if strict { &["--strict"][..] } else { &[] };
    Room::open(Some(SETTING), &[&["--port", "0"], strict].concat())
}

/// Chromium's whereabouts; says so and gives nothing where a test is left out.
fn programs() -> Option<Programs> {
    let found = Programs::find();
    if found.is_none() {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!in_ci, "chromium and chromedriver are needed here");
        // Past the test runner, which shows what a test prints only if it fails.
        let _ = writeln!(
            std::io::stderr(),
            "left out: the browser test needs chromium and chromedriver"
        );
    }
    found
}

/// Answers the first card from its first button to the last tap.
async fn answer_the_reminder(visit: &Visit) {
    visit.sees("待反馈").await;
    visit.tap("填 4-2").await;
    visit.sees("直接回复").await;
    visit.say("97.1%").await;
    visit.sees("您对进度的判断").await;
    visit.tap("🟢").await;
    visit.sees("做了哪些工作").await;
    visit.say("秋收作业结束，新增烘干机械入库").await;
    visit.sees("存在什么问题").await;
    visit.tap("其余没有").await;
    visit.sees("请核对").await;
}

/// The story of the page, and the picture to take on the way or at its end.
async fn story(visit: &Visit, picture: &str) {
    visit.become_person("蒋德强").await;
    visit.open_private().await;
    answer_the_reminder(visit).await;
    visit.nothing_sticks_out().await;
    if visit.is_narrow {
        visit.picture(picture).await;
    }
    visit.tap("提交").await;
    visit.sees("已记录").await;
    visit.open_group().await;
    let line = visit.sees("反馈 4-2").await;
    assert!(line.contains("市农业农村局"), "{line}");

    visit.become_person("栾频").await;
    visit.open_private().await;
    visit.say("/status").await;
    visit.sees("29项目标").await;
    visit.jump_to_friday().await;
    visit.nothing_sticks_out().await;
    visit.open_group().await;
    let digest = visit.sees("工作周报").await;
    assert!(digest.contains("第1期"), "{digest}");
    visit.nothing_sticks_out().await;
    if !visit.is_narrow {
        let head = "[...document.querySelectorAll('.message')].at(-1).scrollIntoView()";
        visit.browser.run(head).await;
        visit.picture(picture).await;
    }
}

#[tokio::test]
async fn on_a_phone_a_reminder_is_answered_and_the_digest_comes() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, monday(true), (390, 844), 2).await;
    story(&visit, "rehearsal-390.png").await;
    visit.ends_well().await;
}

#[tokio::test]
async fn on_a_desk_a_reminder_is_answered_and_the_digest_comes() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, monday(true), (1280, 860), 1).await;
    story(&visit, "rehearsal-1280.png").await;
    visit.ends_well().await;
}

#[tokio::test]
async fn whatever_else_happens_in_telegram_is_seen_and_can_be_made_to_happen() {
    let Some(programs) = programs() else { return };
    let visit = Visit::begin(&programs, monday(false), (1280, 860), 1).await;
    let monday = corners::play(visit).await;
    corners::first_start(monday).await;
}
