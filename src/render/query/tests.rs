//! Golden samples of answers beyond the transcripts: every kind of event, redacted words, long names, thousands of items.

use super::*;
use crate::conversation::BotAccount;
use crate::ledger::testing::{self, Story, at, reached, rushan, rushan_with};
use crate::ledger::{Act, Frame, Judgement, Light, Standing, TaskEnd, Text, Value};

fn shown(story: &Story<'_>, when: &str, question: Question, page: usize) -> Message {
    of_standing(story.frame, &story.standing_at(when), when, question, page)
}

fn of_standing(
    frame: &Frame,
    standing: &Standing,
    when: &str,
    question: Question,
    page: usize,
) -> Message {
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    let scene = Scene {
        frame,
        standing,
        now: at(when),
        bot: &bot,
    };
    let urges = true;
    say(
        &scene,
        &QuerySay::Answer {
            question,
            page,
            urges,
            supplements: Vec::new(),
            signs: None,
        },
    )
}

/// Every kind of thing that can happen to an item.
fn eventful() -> Story<'static> {
    let mut story = Story::live(rushan());
    story.settle_all_but(&[]);
    story.now("2026-11-24 09:00");
    let first = story.answer("2-1", "20", Judgement::Normal);
    story.by("luan-pin", Act::FollowUp { task: "2-3".into() });
    story.now("2026-12-01 09:00");
    let mut correction = testing::report("2-3", Value::Number(21.into()), Judgement::Difficult);
    correction.corrects = Some(first);
    correction.late = true;
    correction.hinted_by = Some("hou-shijun".into());
    correction.period = "2026-11".to_owned();
    correction.done = Some(testing::text(&"新认定1家<智能工厂>，".repeat(20)));
    story.file(correction);
    story.now("2026-12-17 09:00");
    let mut kept = testing::report("2-3", Value::Number(21.into()), Judgement::Difficult);
    kept.unchanged = true;
    story.file(kept);
    let due = testing::day("2028-06-30");
    story.by(
        "luan-pin",
        Act::DueSet {
            task: "2-3".into(),
            due,
        },
    );
    story.now("2027-01-05 09:00");
    story.by("luan-pin", Act::Closed { task: "2-3".into() });
    story.baseline("5-1", "completed", reached("2025-12-30"));
    let merged = TaskEnd::MergedInto("2-3".into());
    story.by(
        "luan-pin",
        Act::Ended {
            task: "2-2".into(),
            how: merged,
        },
    );
    story
}

#[test]
fn the_history_of_an_item_tells_every_event_the_newest_first() {
    let story = eventful();
    let history = shown(
        &story,
        "2027-01-06 09:00",
        Question::History("2-3".into()),
        0,
    );
    insta::assert_snapshot!(history.html(), @r"
    <b>2-3 智能工厂和数字化车间</b> · 记录6条
    第41号 1月5日 09:00 栾频：确认办结
    第40号 2026年12月17日 09:00 栾频：完成时限改为2028年6月30日
    第39号 2026年12月17日 09:00 宋校政：21个，有困难，无变化
    第38号 2026年12月1日 09:00 宋校政：21个，有困难，迟报，更正第36号，转交。新认定1家&lt;智能工厂&gt;，新认定1家&lt;智能工厂&gt;，新认定1家&lt;智能工厂&gt;，新认定1家&lt;智能工厂&gt;，新认定1家&lt;智能工厂&gt;…
    第37号 2026年11月24日 09:00 栾频：催办
    第36号 2026年11月24日 09:00 宋校政：20个，正常（随2-1填报）
    ");
    let merged = shown(
        &story,
        "2027-01-06 09:00",
        Question::History("2-2".into()),
        0,
    );
    insta::assert_snapshot!(merged.html(), @r"
    <b>2-2 省级5G示范应用场景</b> · 记录1条
    已并入 2-3 智能工厂和数字化车间
    ");
    let empty = shown(
        &story,
        "2027-01-06 09:00",
        Question::History("m11".into()),
        9,
    );
    insta::assert_snapshot!(empty.html(), @r"
    <b>11 开展家装消费品换新</b>
    还没有任何记录。
    ");
}

#[test]
fn an_item_shows_pace_deadlines_and_marks() {
    let story = eventful();
    let open = shown(&story, "2026-12-18 09:00", Question::Task("2-3".into()), 0);
    insta::assert_snapshot!(open.html(), @r"
    <b>2-3 智能工厂和数字化车间</b>
    🟡 预警：有困难17天 · 自评有困难
    目标≥28个，现21个（上次21个），完成0%，序时应3%
    完成时限：2028年6月30日（原定2027年12月31日）
    填报：市工信局（宋校政）
    最近催办：11月24日 09:00 栾频
    最近填报：12月17日 09:00 宋校政（第39号）
    ");
    let milestone = shown(&story, "2027-01-06 09:00", Question::Task("5-1".into()), 0);
    insta::assert_snapshot!(milestone.html(), @r"
    <b>5-1 公交动力电池更换</b>
    🟢 正常：已达标，待办结 · 自评已完成
    节点：已完成
    完成时限：2025年12月31日
    填报：市交通局（赵春晖）
    最近填报：1月5日 09:00 赵春晖（第42号）
    初始情况：2025年12月30日已达到
    会签：市公安局 待会签，生态环境分局 待会签
    ");
    let resting = shown(&story, "2026-12-18 09:00", Question::Task("m6".into()), 0);
    insta::assert_snapshot!(resting.html(), @r"
    <b>6 加速建筑领域设备更新</b>
    随本项指标一并反映，指标办结后再单独填报
    填报：市住建局（李俊卿）
    ");
}

#[test]
fn redacted_words_leave_a_mark_and_nothing_else() {
    let mut story = Story::live(rushan());
    story.now("2026-11-24 09:00");
    let mut report = testing::report("m11", Value::None, Judgement::Normal);
    report.done = Some(testing::text("涉密内容"));
    story.file(report);
    let json = serde_json::to_string(story.entries.last().unwrap()).unwrap();
    // As the store reads it: the digest is there, the words are gone.
    *story.entries.last_mut().unwrap() = serde_json::from_str(&json).unwrap();
    for question in [
        Question::Task("m11".into()),
        Question::History("m11".into()),
    ] {
        let html = shown(&story, "2026-11-24", question, 0).html();
        assert!(
            html.contains("〔已按规定删除〕") && !html.contains("涉密"),
            "{html}"
        );
    }
    assert_eq!(Text::new("a", [0; 16]).body(), Some("a"));
}

#[test]
fn before_golive_nobody_is_missing_and_nothing_is_overdue() {
    let story = Story::new(rushan());
    let when = "2026-11-21 09:00";
    insta::assert_snapshot!(shown(&story, when, Question::Missing, 0).html(), @"<b>本期未反馈</b> · 目前没有应反馈的单位");
    insta::assert_snapshot!(shown(&story, when, Question::Overdue, 0).html(), @"
    <b>逾期</b>
    目前没有逾期项目。
    ");
    let overview = shown(&story, when, Question::Overview, 0).html();
    assert!(overview.contains("尚未正式启用，暂不提醒。"), "{overview}");
}

/// Every answer about a plan, page by page, is within Telegram's limits.
fn assert_all_fit(frame: &Frame, standing: &Standing, when: &str) {
    let plan = &frame.plan;
    let mut questions = vec![
        Question::Overview,
        Question::Measures,
        Question::Units,
        Question::Overdue,
        Question::Missing,
    ];
    questions
        .extend([Light::Red, Light::Yellow, Light::Green, Light::Grey].map(Question::WithLight));
    questions.extend(
        plan.measures
            .iter()
            .take(30)
            .map(|measure| Question::Measure(measure.id.clone())),
    );
    questions.extend(
        plan.units
            .iter()
            .map(|unit| Question::Unit(unit.id.clone())),
    );
    questions.extend(
        plan.members
            .iter()
            .map(|member| Question::Person(member.id.clone())),
    );
    for task in plan.tasks.iter().take(9) {
        questions.push(Question::Task(task.id.clone()));
        questions.push(Question::History(task.id.clone()));
    }
    for question in questions {
        for page in [0, usize::MAX] {
            let message = of_standing(frame, standing, when, question.clone(), page);
            let html = message.html();
            assert!(html.encode_utf16().count() <= 4_000, "{question:?} {html}");
            assert!(html.matches("<b>").count() + html.matches("<blockquote").count() <= 100);
            assert!(
                message
                    .keyboard
                    .iter()
                    .all(|row| (1..=8).contains(&row.len())),
                "{question:?}"
            );
            assert!(message.keyboard.iter().flatten().count() <= 100);
            for button in message.keyboard.iter().flatten() {
                let Button::Press { text, data } = button else {
                    continue;
                };
                assert!(!text.is_empty() && data.len() <= 64, "{button:?}");
            }
        }
    }
}

#[test]
fn every_answer_fits_whatever_the_names_and_the_words() {
    let long = format!("name = \"{}\"", "<换>&".repeat(4));
    let title = format!("title = \"{}\"", "<题>&".repeat(15));
    let frame = rushan_with(&[
        ("name = \"改造换热站\"", &long),
        ("title = \"加速建筑领域设备更新\"", &title),
    ]);
    let mut story = Story::live(&frame);
    story.settle_all_but(&["6-5"]);
    story.now("2026-11-24 09:00");
    for target in &frame.plan.indicators {
        let value = match target.target {
            Some(_) => Value::Number(rust_decimal::Decimal::ZERO),
            None => Value::None,
        };
        let words = || Some(testing::text(&"<做>&\n".repeat(300)));
        let mut report = testing::report(target.id.as_str(), value, Judgement::Blocked);
        (report.done, report.issues, report.next_steps) = (words(), words(), words());
        for _ in 0..8 {
            story.file(report.clone());
        }
        story.by(
            "luan-pin",
            Act::FollowUp {
                task: target.id.clone(),
            },
        );
    }
    assert_all_fit(&frame, &story.standing(), "2027-03-05");
}

#[test]
fn every_answer_fits_with_hundreds_of_items() {
    let frame = testing::frame_of(&testing::huge(600));
    let story = Story::live(&frame);
    assert_all_fit(&frame, &story.standing(), "2027-03-05");
}
