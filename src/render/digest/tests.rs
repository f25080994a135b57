//! Golden samples of digests: an ordinary week, nobody answering, the worst week, strange names, ten thousand targets.

use super::super::html::plain;
use super::*;
use crate::digest::weekly;
use crate::ledger::testing::{self, Story, at, not_reached, reached, rushan, rushan_with};
use crate::ledger::{Act, Head, Judgement, Value};

const GOLDEN: &str = include_str!("../../../tests/golden/digests.txt");

fn head_at(seq: u64) -> Head {
    Head {
        seq,
        hash: [0x3f; 32],
    }
}

/// The digest at a moment; `before`: the moment of the last one.
fn digest(story: &Story<'_>, number: u32, when: &str, before: Option<&str>) -> Digest {
    let standing = story.standing_at(when);
    let last = before.map(|before| (story.standing_at(before), at(before)));
    let previous = last
        .as_ref()
        .map(|(standing, at)| (story.frame, standing, *at));
    let head = head_at(standing.seq);
    weekly(
        story.frame,
        &standing,
        previous,
        number,
        at(when),
        &head,
        false,
    )
}

/// Four weeks of an ordinary task force.
fn ordinary() -> Story<'static> {
    use Judgement::{Blocked, Difficult, Normal};
    let mut story = Story::live(rushan());
    story.now("2026-11-24 09:00");
    story.settle_all_but(&["g-8"]);
    story.baseline("6-1", "8", not_reached("管网未通", Some("2027-03-31")));
    story.baseline("6-3", "15.2", reached("2024-12-20"));
    story.answer("9-1", "1", Normal);
    story.answer("2-3", "22", Normal);
    story.answer("4-2", "97.2", Normal);
    story.now("2026-11-26 15:00");
    story.ask_help("3-2", "4", "fgj", "国债申报口径");
    story.answer("m11", "-", Normal);
    story.answer("g-9", "20", Blocked);
    story.now("2026-11-30 10:00");
    let due = testing::day("2026-12-10");
    story.by(
        "luan-pin",
        Act::DueSet {
            task: "6-1".into(),
            due,
        },
    );
    story.now("2026-12-02 10:00");
    let mut report = testing::report("6-1", Value::Number(9.into()), Difficult);
    report.done = Some(testing::text(
        "南片区换热站已并网试运行，\n完成验收资料整理，剩余一座等待接电后联调",
    ));
    report.issues = Some(testing::text("接电手续未办完"));
    report.support_needed = Some(crate::ledger::SupportNeed {
        unit: Some("gdgs".into()),
        what: testing::text("接电"),
    });
    story.file(report);
    story.answer("9-1", "2", Normal);
    let mut late = testing::report("g-9", Value::Number(21.into()), Normal);
    late.period = "2026-11".to_owned();
    late.late = true;
    story.file(late);
    story.now("2026-12-03 10:00");
    let mut correction = testing::report("2-3", Value::Number(23.into()), Normal);
    correction.corrects = Some(
        story
            .entries
            .iter()
            .find(
                |entry| matches!(&entry.act, Act::Answered(report) if report.task == "2-3".into()),
            )
            .unwrap()
            .seq,
    );
    correction.period = "2026-11".to_owned();
    story.file(correction);
    story.by("luan-pin", Act::Closed { task: "6-3".into() });
    story
}

fn sample(title: &str, message: &Message) -> String {
    format!("## {title}\n{}\n\n", message.blocks.join("\n~\n"))
}

fn head_of(title: &str, message: &Message) -> String {
    sample(title, &Message::text(message.blocks[0].clone()))
}

/// Limits every digest keeps.
fn assert_within_limits(message: &Message) {
    let head = plain(&message.blocks[0]);
    assert!(head.lines().count() <= 10, "{head}");
    assert!(
        head.chars().count() <= 600,
        "{} {head}",
        head.chars().count()
    );
    for block in &message.blocks {
        let shown = plain(block);
        assert!(shown.encode_utf16().count() <= 1_500, "{shown}");
        assert_eq!(
            block.matches("<blockquote expandable>").count(),
            block.matches("</blockquote>").count()
        );
        assert_eq!(block.matches("<b>").count(), block.matches("</b>").count());
        assert!(block.matches("<b>").count() + block.matches("<blockquote").count() <= 4);
    }
}

#[test]
fn digests_read_as_the_golden_samples() {
    let story = ordinary();
    let first = post(story.frame, &digest(&story, 1, "2026-11-27", None));
    let second = digest(&story, 2, "2026-12-04", Some("2026-11-27"));
    let posted = post(story.frame, &second);
    let silent = Story::live(rushan());
    let nobody = digest(&silent, 1, "2026-11-27", None);
    let again = digest(&silent, 2, "2026-12-04", Some("2026-11-27"));
    let mut late = digest(&silent, 3, "2026-12-25", Some("2026-12-04"));
    late.late = true;
    let golden = [
        sample("first", &first),
        sample("second", &posted),
        head_of("for the asker", &for_asker(story.frame, &second)),
        head_of(
            "correction",
            &correction(story.frame, &second, "换热站<多计>1座 & 重报"),
        ),
        sample("nobody answered", &post(silent.frame, &nobody)),
        head_of("nobody answered again", &post(silent.frame, &again)),
        head_of("late, over three weeks", &post(silent.frame, &late)),
    ]
    .concat();
    for message in [&first, &posted] {
        assert_within_limits(message);
    }
    assert!(golden == GOLDEN, "{golden}");
}

/// Names as long as a plan file may have them, with signs that HTML knows.
fn long_names() -> crate::ledger::Frame {
    let unit = "市<某某>&某某某某某某某某某某某某某某某某某某某某某某某某某";
    let (first, second) = (format!("{unit}甲"), format!("{unit}乙"));
    let (first, second) = (
        format!("short_name = \"{first}\""),
        format!("short_name = \"{second}\""),
    );
    rushan_with(&[
        (
            "short_name = \"推动设备更新和以旧换新\"",
            "short_name = \"推动<大规模>设备更新和消费品以旧换新工作&专班推动大规模设备更\"",
        ),
        ("short_name = \"市发改局\"", &first),
        ("short_name = \"市工信局\"", &second),
        (
            "name = \"改造换热站\"",
            "name = \"改造<换热站>&改造换热站改\"",
        ),
        (
            "name = \"新能源汽车保有量\"",
            "name = \"新能源<汽车>&保有量新能源汽\"",
        ),
    ])
}

#[test]
fn the_worst_week_keeps_the_head_within_ten_lines_and_600_characters() {
    let frame = long_names();
    let mut story = Story::live(&frame);
    story.settle_all_but(&[]);
    story.now("2026-11-24 09:00");
    for target in &frame.plan.indicators {
        let value = match target.target {
            Some(_) => Value::Number(rust_decimal::Decimal::ZERO),
            None => Value::Stage(crate::ledger::MilestoneStage::NotStarted),
        };
        let mut report = testing::report(target.id.as_str(), value, Judgement::Blocked);
        report.issues = Some(testing::text(&"<难>&".repeat(300)));
        report.done = Some(testing::text(&"做".repeat(1000)));
        report.support_needed = Some(crate::ledger::SupportNeed {
            unit: Some("zjj".into()),
            what: testing::text(&"急需<协调>&".repeat(100)),
        });
        story.file(report);
        let due = testing::day("2026-12-11");
        story.by(
            "luan-pin",
            Act::DueSet {
                task: target.id.clone(),
                due,
            },
        );
    }
    let story_end = "2027-01-29 16:00";
    let digest = digest(&story, 123, story_end, Some("2026-11-23 16:00"));
    assert_eq!(digest.targets.now.red, 29);
    assert_eq!(digest.new_red.len(), 29 + 16);
    assert!(digest.participation.missing().count() >= 10);
    let everything: Vec<_> = frame
        .plan
        .tasks
        .iter()
        .map(|task| task.id.clone())
        .collect();
    let due = testing::day("2028-12-31");
    let mut worst = digest.clone();
    worst.recovered = everything.clone();
    worst.newly_done = everything.clone();
    worst.deadlines = everything
        .into_iter()
        .map(|task| crate::digest::Deadline { task, due })
        .collect();
    worst.answers = 0;
    (worst.number, worst.weeks_before, worst.late) = (9_999, 99, true);
    for change in [&mut worst.targets, &mut worst.measures] {
        let some = |count| crate::digest::Counts {
            green: count,
            yellow: count,
            red: count,
            grey: count,
            done: count,
            frozen: count,
        };
        (change.now, change.before) = (some(29), Some(some(10)));
    }
    assert_within_limits(&post(&frame, &worst));
    assert_within_limits(&correction(&frame, &worst, &"更正<原因>&".repeat(99)));
    let message = post(&frame, &digest);
    assert_within_limits(&message);
    let text = message.html();
    assert!(text.contains("市&lt;某某&gt;&amp;某某"), "{text}");
    assert!(!text.contains("<某某>") && !text.contains("<难>"), "{text}");
    assert_within_limits(&correction(&frame, &digest, &"更正<原因>&".repeat(99)));
    assert_within_limits(&for_asker(&frame, &digest));
}

#[test]
fn a_plan_of_thousands_of_targets_still_makes_blocks_that_fit() {
    let frame = testing::frame_of(&testing::huge(2_000));
    let mut story = Story::live(&frame);
    story.now("2026-11-24 09:00");
    story.answer("1-1", "50", Judgement::Normal);
    let message = post(&frame, &digest(&story, 1, "2027-02-26", None));
    assert_within_limits(&message);
    let pages = (0..).map(|at| page(1, message.clone(), at));
    let full = pages
        .take(30)
        .all(|page| page.html().chars().count() <= 3_600);
    assert!(full);
}

#[test]
fn a_plan_without_anything_to_tell_makes_a_digest_all_the_same() {
    let frame = testing::frame_of(&testing::huge(0));
    let story = Story::live(&frame);
    let message = post(&frame, &digest(&story, 1, "2026-11-27", None));
    insta::assert_snapshot!(message.html(), @r"
    <b>大 · 第48周工作周报</b>
    截至 2026年11月27日 16:00 · 第1期
    本周：新转红0，好转0，新办结0
    需协调：无
    本周未收到反馈，尚无填报数据。
    下两周到期：无
    序号 3 · 3f3f3f3f3f3f
    ");
}

#[test]
fn the_same_ledger_makes_the_same_bytes() {
    let (one, other) = (ordinary(), ordinary());
    let bytes = |story: &Story<'_>| {
        post(
            story.frame,
            &digest(story, 2, "2026-12-04", Some("2026-11-27")),
        )
        .html()
    };
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn what_happens_after_the_cut_off_does_not_change_a_digest() {
    let mut story = ordinary();
    let before = post(
        story.frame,
        &digest(&story, 2, "2026-12-04", Some("2026-11-27")),
    )
    .html();
    story.now("2026-12-07 09:00");
    story.answer("2-3", "28", Judgement::Done);
    story.settle_all_but(&[]);
    let after = post(
        story.frame,
        &digest(&story, 2, "2026-12-04", Some("2026-11-27")),
    )
    .html();
    assert_eq!(before, after);
}

#[test]
fn a_posted_digest_is_marked_once_when_it_is_corrected() {
    let message = Message::text("<b>周报</b>");
    let marked = marked_corrected(marked_corrected(message));
    assert_eq!(marked.html(), "〔已更正〕<b>周报</b>");
}

#[test]
fn old_digests_turn_their_pages_in_place() {
    let block = "行".repeat(2_000);
    let message = Message {
        blocks: vec![block.clone(), block.clone(), block],
        ..Message::default()
    };
    let labels = |message: &Message| -> Vec<String> {
        let buttons = message.keyboard.iter().flatten();
        buttons.map(|button| format!("{button:?}")).collect()
    };
    let first = page(16, message.clone(), 0);
    assert!(first.html().ends_with("第1/3页"));
    assert_eq!(labels(&first).len(), 1);
    assert!(labels(&first)[0].contains("下一页") && labels(&first)[0].contains("q:g:16:1"));
    let last = page(16, message.clone(), 99);
    assert!(last.html().ends_with("第3/3页") && labels(&last)[0].contains("q:g:16:1"));
    assert_eq!(labels(&page(16, message, 1)).len(), 2);
    assert!(page(16, Message::text("短"), 0).keyboard.is_empty());
}

#[test]
fn digests_of_a_month_have_a_button_each_and_an_unknown_number_says_what_there_is() {
    let message = list(
        2026,
        10,
        &[
            (11, at("2026-10-09")),
            (12, at("2026-10-16")),
            (13, at("2026-10-23")),
        ],
    );
    assert_eq!(message.html(), "2026年10月的周报，请选择：");
    assert_eq!((message.keyboard.len(), message.keyboard[0].len()), (2, 2));
    assert_eq!(list(2026, 9, &[]).html(), "2026年9月没有发布周报。");
}
