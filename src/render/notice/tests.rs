//! Golden samples of notices: ordinary slots, openings, deadlines, catch-up, strange names, huge lists.
#![expect(
    clippy::too_many_lines,
    reason = "a transcript or a row of samples reads best in one piece"
)]

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
    let notices = notices(story, when, &Given::default());
    shown(story, when, &to(&notices, &NoticeTo::Person(person.into())))
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

fn special() -> Vec<(&'static str, Message)> {
    let mut told = story(rushan());
    told.now("2026-12-31 08:00");
    let deadline = card_of(&told, "2026-12-31 09:00", "sun-jing");
    let mut urged = story(rushan());
    urged.now("2026-12-02 10:00");
    urged.by("luan-pin", Act::FollowUp { task: "2-2".into() });
    let urged = card_of(&urged, "2026-12-02 10:00", "song-xiaozheng");
    let left = story(rushan());
    let unfinished = Given {
        unfinished: vec![Unfinished {
            person: "gao-wei".into(),
            task: "m18".into(),
            since_at: at("2026-12-02 10:00"),
        }],
        ..Given::default()
    };
    let half = notices(&left, "2026-12-03 09:00", &unfinished);
    let half = shown(
        &left,
        "2026-12-03 09:00",
        &to(&half, &NoticeTo::Person("gao-wei".into())),
    );
    let mut down = story(rushan());
    down.now("2026-12-17 08:00");
    down.act(Act::WasDown {
        from_at: at("2026-12-14 18:00"),
        to_at: at("2026-12-17 08:00"),
    });
    let all = notices(&down, "2026-12-17 09:00", &Given::default());
    let was_down = all
        .iter()
        .find(|it| matches!(it.kind, NoticeKind::WasDown { .. }))
        .unwrap();
    let mut put_off = story(rushan());
    put_off.now("2026-11-26 09:05");
    let given = notices(&put_off, "2026-11-26 09:00", &Given::default());
    let given = Given {
        keys: given.into_iter().flat_map(|it| it.keys).collect(),
        ..Given::default()
    };
    put_off.by(
        "gong-hongbo",
        Act::Snoozed {
            person: "gong-hongbo".into(),
            until_at: at("2026-11-26 11:05"),
        },
    );
    let back = notices(&put_off, "2026-11-26 11:05", &given);
    let back = shown(
        &put_off,
        "2026-11-26 11:05",
        &to(&back, &NoticeTo::Person("gong-hongbo".into())),
    );
    let missing = story(rushan());
    let missing_when = "2026-12-31 14:00";
    let lists = notices(&missing, missing_when, &Given::default());
    let list = lists
        .iter()
        .find(|it| it.kind == NoticeKind::BaselineMissing)
        .unwrap();
    vec![
        ("the deadline's day", deadline),
        ("followed up", urged),
        ("half finished", half),
        (
            "after an outage",
            shown(
                &down,
                "2026-12-17 09:00",
                &to(&all, &NoticeTo::Person("jiang-deqiang".into())),
            ),
        ),
        (
            "after an outage, to the office",
            shown(&down, "2026-12-17 09:00", was_down),
        ),
        ("put off", back),
        ("baselines never given", shown(&missing, missing_when, list)),
        (
            "cannot be reached",
            in_scene(
                missing.frame,
                &missing.standing_at(missing_when),
                missing_when,
                |scene| unreachable_line(scene, &"li-junqing".into()),
            ),
        ),
        (
            "cannot be reached, not bound",
            in_scene(
                missing.frame,
                &missing.standing_at(missing_when),
                missing_when,
                |scene| unreachable_line(scene, &"zhao-chunhui".into()),
            ),
        ),
    ]
}

/// Names as long as a plan file may have them, with signs that HTML knows.
fn strange() -> Frame {
    rushan_with(&[
        (
            "short_name = \"市商务局\"",
            "short_name = \"市<某某>&某某某某某某某某某某某某某某某某某\"",
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
    for (title, message) in ordinary().into_iter().chain(special()) {
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
    insta::assert_snapshot!(sample("card", &card), @"");
    let post = shown(&story, when, &to(&all, &NoticeTo::Group));
    insta::assert_snapshot!(sample("post", &post), @"");
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
