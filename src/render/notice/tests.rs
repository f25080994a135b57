//! Golden samples of notices: ordinary slots, openings, deadlines, catch-up, strange names, huge lists.

use crate::conversation::BotAccount;
use crate::conversation::payload::DATA_LIMIT;
use crate::ledger::testing::{Story, at, frame_of, huge, not_reached, rushan, rushan_with};
use crate::ledger::{Account, Act, BindingWay, Frame, Judgement, Standing};
use crate::render::html::plain;
use crate::render::{Button, Message, Scene};
use crate::schedule::{Given, Notice, NoticeItem, NoticeKind, NoticeTo, Unfinished, Why, due};

use super::{message, unreachable_line};

const GOLDEN: &str = include_str!("../../../tests/golden/notices.txt");

/// A story in which everybody but 赵春晖 is bound and everybody but 李俊卿 can be reached in private.
fn story(frame: &Frame) -> Story<'_> {
    let mut story = Story::live(frame);
    for (user_id, member) in (100..).zip(&frame.plan.members) {
        let person = member.id.clone();
        if person.as_str() == "zhao-chunhui" {
            continue;
        }
        let account = Account {
            user_id,
            name: member.name.clone(),
            username: None,
        };
        let way = BindingWay::Link;
        story.act(Act::Bound {
            person: person.clone(),
            account,
            way,
        });
        if person.as_str() != "li-junqing" {
            story.act(Act::Reachable {
                person: person.clone(),
            });
        }
        if person.as_str() != "sun-jing" {
            story.act(Act::SecrecyShown { person });
        }
    }
    story
}

fn notices(story: &Story<'_>, when: &str, given: &Given) -> Vec<Notice> {
    due(story.frame, &story.standing_at(when), given, at(when))
}

fn to(notices: &[Notice], to: &NoticeTo) -> Notice {
    let found = notices.iter().find(|notice| notice.to == *to);
    found
        .unwrap_or_else(|| panic!("nothing to {to:?} in {notices:?}"))
        .clone()
}

fn card_of(story: &Story<'_>, when: &str, person: &str) -> Message {
    card_given(story, when, person, &Given::default())
}

fn card_given(story: &Story<'_>, when: &str, person: &str, given: &Given) -> Message {
    let notices = notices(story, when, given);
    let card = to(&notices, &NoticeTo::Person(person.into()));
    shown(story, when, &card)
}

fn shown(story: &Story<'_>, when: &str, notice: &Notice) -> Message {
    let standing = story.standing_at(when);
    in_scene(story.frame, &standing, when, |scene| message(scene, notice))
}

fn in_scene<T>(
    frame: &Frame,
    standing: &Standing,
    when: &str,
    show: impl FnOnce(&Scene<'_>) -> T,
) -> T {
    let bot = BotAccount {
        id: 1,
        username: "duban_bot".to_owned(),
    };
    show(&Scene {
        frame,
        standing,
        now: at(when),
        bot: &bot,
    })
}

fn sample(title: &str, message: &Message) -> String {
    let rows: Vec<String> = message
        .keyboard
        .iter()
        .map(|row| row.iter().map(label).collect::<Vec<_>>().join(" "))
        .collect();
    format!(
        "## {title}\n{}\n{}\n\n",
        message.blocks.join("\n~\n"),
        rows.join("\n")
    )
}

fn label(button: &Button) -> String {
    match button {
        Button::Press { text, data } => {
            assert!(data.len() <= DATA_LIMIT, "{data}");
            format!("[{text}]")
        }
        Button::Link { text, url } => format!("[{text} {url}]"),
    }
}

/// Limits every part of a message keeps, so that it can be cut between blocks.
fn assert_within_limits(message: &Message) {
    for block in &message.blocks {
        let shown = plain(block);
        assert!(shown.encode_utf16().count() <= 2_000, "{shown}");
        let pieces = ["<b>", "<a ", "<blockquote"].map(|tag| block.matches(tag).count());
        assert!(pieces.iter().sum::<usize>() <= 50, "{block}");
        assert!(
            !shown.contains("  ") && !shown.contains("\n\n\n"),
            "{shown}"
        );
    }
    let first = plain(&message.blocks[0]);
    assert!(
        first.lines().next().is_some_and(|line| !line.is_empty()),
        "{first}"
    );
}

fn ordinary() -> [(&'static str, Message); 6] {
    let story = story(rushan());
    let before = "2026-11-26 09:00";
    let all = notices(&story, before, &Given::default());
    let mut later = self::story(rushan());
    later.now("2026-11-24 09:30");
    later.answer("6-5", "8.2", Judgement::Normal);
    later.baseline("6-1", "8", not_reached("管材到货晚", Some("2026-12-31")));
    later.answer("9-1", "1", Judgement::Normal);
    [
        (
            "the last ping, in the group",
            shown(&story, before, &to(&all, &NoticeTo::Group)),
        ),
        (
            "the last ping, the first card of a person",
            shown(
                &story,
                before,
                &to(&all, &NoticeTo::Person("sun-jing".into())),
            ),
        ),
        (
            "nobody can be asked",
            shown(&story, before, &to(&all, &NoticeTo::Office)),
        ),
        (
            "a period opens, in the group",
            shown(
                &later,
                "2027-01-15 09:00",
                &to(
                    &notices(&later, "2027-01-15 09:00", &Given::default()),
                    &NoticeTo::Group,
                ),
            ),
        ),
        (
            "a period opens, with last answers",
            card_of(&later, "2027-01-15 09:00", "li-junqing"),
        ),
        (
            "the day before the deadline",
            card_of(&later, "2026-12-30 09:00", "sun-jing"),
        ),
    ]
}

/// Cards outside the ordinary slots.
fn special() -> [(&'static str, Message); 4] {
    let told = story(rushan());
    let mut urged = story(rushan());
    urged.now("2026-12-02 10:00");
    let task = "2-2".into();
    urged.by("luan-pin", Act::FollowUp { task });
    let half = Given {
        unfinished: vec![Unfinished {
            person: "gao-wei".into(),
            task: "m18".into(),
            since_at: at("2026-12-02 10:00"),
        }],
        ..Given::default()
    };
    [
        (
            "the deadline's day",
            card_of(&told, "2026-12-31 09:00", "sun-jing"),
        ),
        (
            "followed up",
            card_of(&urged, "2026-12-02 10:00", "song-xiaozheng"),
        ),
        (
            "half finished",
            card_given(&told, "2026-12-03 09:00", "gao-wei", &half),
        ),
        ("put off", put_off()),
    ]
}

fn put_off() -> Message {
    let mut story = story(rushan());
    let before = notices(&story, "2026-11-26 09:00", &Given::default());
    let given = Given {
        keys: before.into_iter().flat_map(|notice| notice.keys).collect(),
        ..Given::default()
    };
    story.now("2026-11-26 09:05");
    let put_off = Act::Snoozed {
        person: "gong-hongbo".into(),
        until_at: at("2026-11-26 11:05"),
    };
    story.by("gong-hongbo", put_off);
    card_given(&story, "2026-11-26 11:05", "gong-hongbo", &given)
}

/// What follows an outage, and what goes to the office or into the group for want of a person.
fn beside() -> [(&'static str, Message); 5] {
    let (back, closed) = ("2026-12-17 09:00", "2026-12-31 14:00");
    let mut down = story(rushan());
    down.now("2026-12-17 08:00");
    down.act(Act::WasDown {
        from_at: at("2026-12-14 18:00"),
        to_at: at("2026-12-17 08:00"),
    });
    let told = story(rushan());
    let of_kind = |story: &Story<'_>, when: &str, wanted: fn(&NoticeKind) -> bool| {
        let notices = notices(story, when, &Given::default());
        let found = notices.iter().find(|notice| wanted(&notice.kind));
        shown(story, when, found.unwrap())
    };
    let neutral = |person: &str| {
        let standing = told.standing_at(closed);
        in_scene(told.frame, &standing, closed, |scene| {
            unreachable_line(scene, &person.into())
        })
    };
    [
        ("after an outage", card_of(&down, back, "jiang-deqiang")),
        (
            "after an outage, to the office",
            of_kind(&down, back, |kind| {
                matches!(kind, NoticeKind::WasDown { .. })
            }),
        ),
        (
            "baselines never given",
            of_kind(&told, closed, |kind| *kind == NoticeKind::BaselineMissing),
        ),
        ("cannot be reached", neutral("li-junqing")),
        ("cannot be reached, not bound", neutral("zhao-chunhui")),
    ]
}

/// Names as long as a plan file may have them, with signs that HTML knows.
fn strange() -> Frame {
    rushan_with(&[
        (
            "name = \"市商务局\"",
            "name = \"市商务局\"\nshort_name = \"市<某某>&某某某某某某某某某某某某某某某某某\"",
        ),
        (
            "name = \"汽车促消费活动\"",
            "name = \"汽车<促>&消费活动汽车促消\"",
        ),
        ("name = \"孙婧\"", "name = \"孙<婧>&婧\""),
    ])
}

#[test]
fn notices_read_as_the_golden_samples() {
    let mut golden = String::new();
    for (title, message) in ordinary().into_iter().chain(special()).chain(beside()) {
        assert_within_limits(&message);
        golden.push_str(&sample(title, &message));
    }
    assert!(golden == GOLDEN, "{golden}");
}

#[test]
fn strange_names_stand_as_they_were_typed_and_break_no_tag() {
    let frame = strange();
    let story = story(&frame);
    let when = "2026-11-26 09:00";
    for notice in notices(&story, when, &Given::default()) {
        let message = shown(&story, when, &notice);
        assert_within_limits(&message);
        let html = message.html();
        assert!(
            !html.contains("<某") && !html.contains("<促") && !html.contains("<婧"),
            "{html}"
        );
    }
    let post = to(&notices(&story, when, &Given::default()), &NoticeTo::Group);
    let post = shown(&story, when, &post).html();
    assert!(post.contains("<b>市&lt;某某&gt;&amp;某某"), "{post}");
    assert!(post.contains(">孙&lt;婧&gt;&amp;婧</a>"), "{post}");
}

#[test]
fn a_huge_plan_makes_a_card_of_eight_lines_and_a_post_of_one_unit() {
    let frame = frame_of(&huge(2_000));
    let mut story = Story::live(&frame);
    let account = Account {
        user_id: 5,
        name: "某人".to_owned(),
        username: None,
    };
    story.act(Act::Bound {
        person: "p".into(),
        account,
        way: BindingWay::Link,
    });
    let when = "2026-11-26 09:00";
    let all = notices(&story, when, &Given::default());
    let card = shown(&story, when, &to(&all, &NoticeTo::Person("p".into())));
    assert_within_limits(&card);
    insta::assert_snapshot!(sample("card", &card), @r"
    ## card
    某人同志，您有2000项待反馈。本期最后一次提醒，11月30日12:00截止。
    
    1. 1-1 目标0：目标≥100个，尚未填报
    2. 1-2 目标1：目标≥100个，尚未填报
    3. 1-3 目标2：目标≥100个，尚未填报
    4. 1-4 目标3：目标≥100个，尚未填报
    5. 1-5 目标4：目标≥100个，尚未填报
    6. 1-6 目标5：目标≥100个，尚未填报
    7. 1-7 目标6：目标≥100个，尚未填报
    8. 1-8 目标7：目标≥100个，尚未填报
    ……共2000项，点[更多]看全部
    
    不得填报涉密、工作秘密和个人敏感信息。在群里请点按钮或回复我的消息，直接发言我收不到。
    [填 1-1] [填 1-2] [填 1-3]
    [填 1-4] [填 1-5] [填 1-6]
    [填 1-7] [填 1-8] [更多]
    [晚些提醒]
    ");
    let post = shown(&story, when, &to(&all, &NoticeTo::Group));
    insta::assert_snapshot!(sample("post", &post), @r#"
    ## post
    <b>进展提醒</b> · 11月26日 周四
    1个单位有2000项待反馈，11月30日12:00截止。
    请点按钮，或直接回复本条。
    ~
    <b>某局</b>（<a href="tg://user?id=5">某人</a>）
     ⚪ 1-1 目标0 · 本月进展
     ⚪ 1-2 目标1 · 本月进展
     ⚪ 1-3 目标2 · 本月进展
     另有1997项
    [我要填报] [只看我的]
    "#);
}

#[test]
fn many_units_are_cut_into_folds_that_fit() {
    let frame = rushan();
    let story = story(frame);
    let items = frame
        .plan
        .units
        .iter()
        .cycle()
        .take(600)
        .enumerate()
        .map(|(at, unit)| NoticeItem {
            task: frame.plan.tasks[at % frame.plan.tasks.len()].id.clone(),
            unit: Some(format!("{}-{at}", unit.id).as_str().into()),
            why: Why::Ping("2026-11".to_owned()),
        });
    let notice = Notice {
        kind: NoticeKind::GroupPost,
        to: NoticeTo::Group,
        at: at("2026-11-26 09:00"),
        not_after: at("2026-11-26 17:30"),
        keys: Vec::new(),
        items: items.collect(),
        meetings: Vec::new(),
        pings: Vec::new(),
        silent: true,
    };
    let post = shown(&story, "2026-11-26 09:00", &notice);
    assert_within_limits(&post);
    assert_eq!(post.blocks.len(), 1 + 600 / 15);
}

#[test]
fn a_notice_without_items_still_reads() {
    let story = story(rushan());
    let when = "2026-11-26 09:00";
    for notice in notices(&story, when, &Given::default()) {
        let empty = Notice {
            items: Vec::new(),
            ..notice
        };
        let message = shown(&story, when, &empty);
        assert!(!message.html().trim().is_empty(), "{empty:?}");
    }
}
